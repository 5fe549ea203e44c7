"""The events of runs as one table, a row an event, for spreadsheets and data frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from negsim.log.event import LoggedEvent, as_json

LARGEST_WHOLE = 2**63 - 1  # that a column of whole numbers holds
_PLAIN = {
    "seq": "whole", "day": "whole", "date": "text", "event": "text", "rule": "text", "instance": "text",
    "actor": "text", "cause": "whole", "triggered": "whole", "source": "text", "inferred": "text",
    "assumption": "text", "option": "text", "share": "real", "chance": "real",
}  # fmt: skip


@attrs.frozen
class Column:
    """A column of a table: its name and what it holds, `whole`, `real`, `truth` or `text`."""

    name: str
    kind: str


@attrs.frozen
class LogTable:
    """Columns, and rows with a value or nothing for each."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


def event_table(runs: Mapping[str, Sequence[LoggedEvent]], *, with_run: bool) -> LogTable:
    """The events of runs by their ids; `with_run`: the first column says whose an event is.

    Each field of an event has a column `field_NAME`; it holds numbers where all its values are numbers.
    """
    fields = dict.fromkeys(name for events in runs.values() for event in events for name in event.fields)
    values = {name: [event.fields.get(name) for events in runs.values() for event in events] for name in fields}
    kinds = {name: _kind(found) for name, found in values.items()}
    columns = (
        *([Column("run", "text")] if with_run else []),
        *(Column(name, kind) for name, kind in _PLAIN.items()),
        *(Column(f"field_{name}", kind) for name, kind in kinds.items()),
    )
    rows = (((run,) if with_run else ()) + _row(event, kinds) for run, events in runs.items() for event in events)
    return LogTable(columns, tuple(rows))


def event_lines(runs: Mapping[str, Sequence[LoggedEvent]]) -> Iterator[dict[str, Any]]:
    """Each event with the keys of the log, and before them `run`, whose it is."""
    return ({"run": run, **as_json(event)} for run, events in runs.items() for event in events)


def _row(event: LoggedEvent, kinds: Mapping[str, str]) -> tuple[Any, ...]:
    found = as_json(event)
    plain = (" ".join(map(str, v)) if isinstance(v, list) else v for v in (found[key] for key in _PLAIN))
    return (*plain, *(_fitting(event.fields.get(name), kind) for name, kind in kinds.items()))


def _kind(values: Iterable[Any]) -> str:
    """What a column with these values holds."""
    found = [value for value in values if value is not None]
    if all(isinstance(value, bool) for value in found):
        return "truth"
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in found)
    if numbers and all(isinstance(value, int) and abs(value) <= LARGEST_WHOLE for value in found):
        return "whole"
    return "real" if numbers else "text"


def _fitting(value: Any, kind: str) -> Any:
    """A value as a column of its kind holds it."""
    return str(value) if kind == "text" and value is not None else value
