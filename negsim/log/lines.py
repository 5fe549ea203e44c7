"""A log as JSON lines: a header, the scenario's texts (in a file of its own), the events, the ending.

Each line carries a running hash of itself and all lines before it, so that a changed, cut or reordered
log is noticed and the place named.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from negsim.clean import plain
from negsim.errors import LogError
from negsim.log.event import (
    LOG_FORMAT,
    Ending,
    Header,
    LoggedEvent,
    RunLog,
    compact,
    digest,
    header_from_json,
    origin_from_json,
    origin_json,
)

LONGEST_LOG = 1 << 30  # bytes: about two million events
# What a line that is JSON, but no line of a log, may raise while it is read.
_WRONG = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
_HASH_KEY = ',"hash":"'
_HASH_WIDTH = len(_HASH_KEY) + 32 + len('"}')


class _Chain:
    """The running hash: of the hash before, and the line without its own."""

    def __init__(self) -> None:
        self._last = ""

    def next(self, bare: str) -> str:
        self._last = digest((self._last + bare).encode())
        return self._last

    def seal(self, bare: str) -> str:
        """The line with its hash as the last key."""
        return f'{bare[:-1]}{_HASH_KEY}{self.next(bare)}"}}'


def write_lines(log: RunLog) -> Iterator[str]:
    """The lines of a log, without line ends."""
    chain = _Chain()
    header = log.header
    yield chain.seal(compact({**header.as_json(), "run": header.run_id}))
    if log.files is not None:
        yield chain.seal(compact({"scenario_files": dict(log.files)}))
    writer = _EventWriter()
    for event in log.events:
        yield chain.seal(writer.write(event))
    ending = log.ending
    end = {
        "outcome": ending.outcome,
        "ended_on": ending.day,
        "measures": dict(ending.measures),
        "events": len(log.events),
    }
    yield chain.seal(compact({"end": end}))


class _EventWriter:
    """Writes events as `compact(as_json(event))` does, with the parts that come again kept."""

    def __init__(self) -> None:
        self._facts: dict[tuple[Any, ...], str] = {}
        self._rules: dict[tuple[Any, ...], str] = {}
        self._origins: dict[int, tuple[Any, str]] = {}
        self._options: dict[tuple[str | None, float | None, float | None], str] = {}

    def write(self, event: LoggedEvent) -> str:
        seq, day, date, name, fields, rule, instance, actor, cause, triggered, origin, option, share, chance = event
        key = (name, *fields.values())
        fact = self._facts.get(key)
        if fact is None:
            fact = self._facts[key] = f'"event":{compact(name)},"fields":{compact(dict(fields))}'
        made_by = (rule, instance, actor)
        who = self._rules.get(made_by)
        if who is None:
            who = f'"rule":{compact(rule)},"instance":{compact(list(instance))},"actor":{compact(actor)}'
            self._rules[made_by] = who
        kept = self._origins.get(id(origin))
        if kept is None or kept[0] is not origin:
            kept = self._origins[id(origin)] = (origin, compact(origin_json(origin))[1:-1])
        drawn = (option, share, chance)
        last = self._options.get(drawn)
        if last is None:
            last = f'"option":{compact(option)},"share":{compact(share)},"chance":{compact(chance)}'
            self._options[drawn] = last
        return (
            f'{{"seq":{seq},"day":{day},"date":"{date}",{fact},{who},"cause":{"null" if cause is None else cause},'
            f'"triggered":{"null" if triggered is None else triggered},{kept[1]},{last}}}'
        )


def read_lines(text: str, name: str) -> RunLog:
    """The log that a text holds, checked line by line.

    `name` says whose text it is, in messages. Kinds of line ends, a byte order mark and empty lines at the end
    are no part of it. Raises `LogError` where it is not a log, of an unknown
    version, changed, cut or reordered.
    """
    lines = plain(text).rstrip("\n").split("\n")
    if not lines[0].startswith('{"negsim_log":'):
        raise LogError(f"{name}: this is no negsim log")
    chain = _Chain()
    header = _header(_opened(lines[0], chain, f"{name}: line 1"), name)
    files: Mapping[str, str] | None = None
    events: list[LoggedEvent] = []
    interned: dict[str, Any] = {}
    ending: Ending | None = None
    for number, line in enumerate(lines[1:], start=2):
        where = f"{name}: line {number}"
        if ending is not None:
            raise LogError(f"{where}: something follows the end of the log")
        found = _opened(line, chain, where)
        try:
            if "seq" in found:
                if found["seq"] != len(events):
                    raise LogError(f"{where}: event {found['seq']} stands where event {len(events)} should")
                events.append(_event(found, interned))
            elif "end" in found:
                ending = _ending(found["end"], len(events))
            else:
                files = _files(found["scenario_files"], number)
        except _WRONG as error:
            raise LogError(f"{where}: this line is no part of a log ({error!r})") from None
    if ending is None:
        last = f" (event {len(events) - 1})" if events else ""
        raise LogError(f"{name}: the log is cut after line {len(lines)}{last}: it has no ending")
    return RunLog(header, events, ending, files)


def _opened(line: str, chain: _Chain, where: str) -> dict[str, Any]:
    """A line's JSON, its hash checked against all before it."""
    bare = line[:-_HASH_WIDTH] + "}"
    if line[-_HASH_WIDTH:] != f'{_HASH_KEY}{chain.next(bare)}"}}':
        raise LogError(
            f"{where}: the line does not fit those before it: the log was changed, cut or put in another order here"
        )
    try:
        found = json.loads(bare, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise LogError(f"{where}: this is no JSON") from None
    if not isinstance(found, dict):
        raise LogError(f"{where}: this is no JSON object")
    return found


def _header(found: dict[str, Any], name: str) -> Header:
    version = found.get("negsim_log")
    if version != LOG_FORMAT:
        is_older = isinstance(version, int) and version < LOG_FORMAT
        way_out = (
            "It was made by an older negsim: use that one, or make the run anew." if is_older else "Use a newer negsim."
        )
        raise LogError(
            f"{name}: the log has format {version}; this version of negsim reads format {LOG_FORMAT}. {way_out}"
        )
    given_id = found.pop("run", None)
    try:
        header = header_from_json(found)
        _word(header.scenario_hash)
        run_id = header.run_id
    except _WRONG as error:
        raise LogError(f"{name}: line 1: the header is not complete ({error!r})") from None
    if run_id != given_id:
        raise LogError(f"{name}: line 1: the run's id is not the hash of its header")
    return header


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _ending(found: dict[str, Any], events: int) -> Ending:
    if found["events"] != events:
        raise ValueError(f"{events} events, not {found['events']}")
    compact(found["measures"])  # a number without bounds is refused
    return Ending(_word(found["outcome"]), _whole(found["ended_on"]), found["measures"])


def _files(found: dict[str, Any], number: int) -> dict[str, str]:
    """The scenario's texts, which stand in the second line of a log or nowhere."""
    if number != 2 or not found:  # noqa: PLR2004 - the line after the header
        raise ValueError("scenario_files")
    return {path: _word(content) for path, content in found.items()}


def _event(found: dict[str, Any], interned: dict[str, Any]) -> LoggedEvent:
    """A line's event; what comes again (fields, origins, dates) is kept once."""

    def once(value: Any, *keys: str) -> Any:
        return interned.setdefault(compact([found[key] for key in keys]), value)

    origin = once(origin_from_json(found), "source", "inferred", "assumption")
    fields = once(found["fields"], "event", "fields")
    fields.keys()
    return LoggedEvent(
        found["seq"], _whole(found["day"]), once(_word(found["date"]), "date"), once(_word(found["event"]), "event"),
        fields, found["rule"] and once(_word(found["rule"]), "rule"), once(tuple(found["instance"]), "instance"),
        found["actor"], found["cause"], found["triggered"], origin, found["option"], found["share"], found["chance"],
    )  # fmt: skip


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    return value


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
