"""A log read from its lines: each checked against all before it, and for the form that it must have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import decode

from negsim.clean import plain
from negsim.errors import LogError
from negsim.log.event import LOG_FORMAT, Header, LoggedEvent, RunLog
from negsim.log.forms import EndForm, EventForm, FilesForm, FormatForm, HeaderForm
from negsim.log.lines import HashChain

F = TypeVar("F", bound=Struct)
LONGEST_LOG = 1 << 30  # bytes: about two million events


def read_lines(text: str, name: str) -> RunLog:
    """The log that a text holds, checked line by line.

    `name` says whose text it is, in messages. Kinds of line ends, a byte order mark and empty lines at the end
    are no part of it. Raises `LogError` where it is not a log, of an unknown version, changed, cut or reordered.
    """
    lines = plain(text).rstrip("\n").split("\n")
    if not lines[0].startswith('{"negsim_log":'):
        raise LogError(f"{name}: this is no negsim log")
    reader = _Reader(name)
    header = reader.header(lines[0])
    for line in lines[1:]:
        reader.take(line)
    return reader.log(header)


class _Reader:
    """Takes the lines of one log, in their order."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._chain = HashChain()
        self._number = 0
        self._files: Mapping[str, str] | None = None
        self._events: list[LoggedEvent] = []
        self._end: EndForm | None = None
        self._once: dict[Any, Any] = {}

    def header(self, line: str) -> Header:
        """What the first line says. Raises `LogError` for a format that is not this one."""
        bare = self._opened(line)
        version = self._form(bare, FormatForm).negsim_log
        if version != LOG_FORMAT:
            is_older = version < LOG_FORMAT
            older = "It was made by an older negsim: use that one, or make the run anew."
            way_out = older if is_older else "Use a newer negsim."
            raise LogError(
                f"{self._name}: the log has format {version}; this version of negsim reads format {LOG_FORMAT}."
                f" {way_out}"
            )
        form = self._form(bare, HeaderForm)
        header = form.value
        if header.run_id != form.run:
            raise LogError(f"{self._name}: line 1: the run's id is not the hash of its header")
        return header

    def take(self, line: str) -> None:
        """Takes in a line after the first."""
        if self._end is not None:
            raise LogError(f"{self._name}: line {self._number + 1}: something follows the end of the log")
        bare = self._opened(line)
        if bare.startswith('{"seq":'):
            self._take_event(self._form(bare, EventForm))
        elif bare.startswith('{"end":'):
            self._take_end(self._form(bare, EndForm))
        else:
            files = self._form(bare, FilesForm).scenario_files
            if self._number > 2:  # noqa: PLR2004 - the line after the header
                raise LogError(f"{self._where}: the scenario's texts stand in the second line of a log or nowhere")
            self._files = files

    def log(self, header: Header) -> RunLog:
        """All that was taken in. Raises `LogError` where there was no ending."""
        if self._end is None:
            last = f" (event {len(self._events) - 1})" if self._events else ""
            raise LogError(f"{self._name}: the log is cut after line {self._number}{last}: it has no ending")
        return RunLog(header, self._events, self._end.end.value, self._files)

    @property
    def _where(self) -> str:
        return f"{self._name}: line {self._number}"

    def _opened(self, line: str) -> str:
        """A line without its hash, which was checked against all before it."""
        self._number += 1
        bare = self._chain.opened(line)
        if bare is None:
            raise LogError(
                f"{self._where}: the line does not fit those before it: the log was changed, cut or put in another"
                " order here"
            )
        return bare

    def _form(self, bare: str, form: type[F]) -> F:
        try:
            return decode(bare.encode(), type=form)
        except ValidationError as error:
            raise LogError(f"{self._where}: this line is no part of a log: {error}") from None
        except (DecodeError, RecursionError):
            raise LogError(f"{self._where}: this is no JSON") from None

    def _take_event(self, form: EventForm) -> None:
        if form.seq != len(self._events):
            raise LogError(f"{self._where}: event {form.seq} stands where event {len(self._events)} should")
        once = self._once.setdefault
        facts = (form.event, *form.fields, *((type(value), value) for value in form.fields.values()))
        origin = (form.source, form.inferred, form.assumption)
        kept = self._once.get(origin) or once(origin, form.origin)
        self._events.append(
            LoggedEvent(
                form.seq, form.day, once(form.date, form.date), once(form.event, form.event),
                once(facts, form.fields), form.rule and once(form.rule, form.rule), once(form.instance, form.instance),
                form.actor, form.cause, form.triggered, kept, form.option, form.share, form.chance,
            )
        )  # fmt: skip

    def _take_end(self, form: EndForm) -> None:
        if form.end.events != len(self._events):
            raise LogError(f"{self._where}: the ending counts {form.end.events} events, there are {len(self._events)}")
        self._end = form
