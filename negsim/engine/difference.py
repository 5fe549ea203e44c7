"""Where two runs part, event by event, and how each ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import attrs

from negsim.html import html_table
from negsim.log.event import Ending, LoggedEvent, as_json, compact
from negsim.scenario.apart import differing
from negsim.scenario.model import Scenario


class LoggedRun(Protocol):
    """A run as far as it is compared: its events, its ending, and how they are told."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        ...

    @property
    def id(self) -> str:
        """The hash of the header."""
        ...

    @property
    def events(self) -> Sequence[LoggedEvent]:
        """The events in their order."""
        ...

    @property
    def ending(self) -> Ending:
        """How it ended."""
        ...

    def text(self, seq: int) -> str:
        """An event as a sentence."""
        ...


@attrs.frozen
class Difference:
    """Where two runs part: the first seq at which they differ, both events there, and the runs."""

    seq: int | None
    left_run: LoggedRun = attrs.field(repr=False)
    right_run: LoggedRun = attrs.field(repr=False)

    @property
    def left(self) -> LoggedEvent | None:
        """The event of the one run; nothing where it has no more, or all events are the same."""
        return _event(self.left_run, self.seq)

    @property
    def right(self) -> LoggedEvent | None:
        """The event of the other run."""
        return _event(self.right_run, self.seq)

    @property
    def left_ending(self) -> Ending:
        """How the one run ended."""
        return self.left_run.ending

    @property
    def right_ending(self) -> Ending:
        """How the other run ended."""
        return self.right_run.ending

    @property
    def scenarios(self) -> Mapping[str, tuple[str, ...]]:
        """The sections in which the runs' scenarios differ, with the entries that do."""
        return differing(self.left_run.scenario, self.right_run.scenario)

    def as_json(self) -> dict[str, Any]:
        """The difference with the keys that `negsim diff --json` prints."""
        return {
            "seq": self.seq,
            "left": _side(self.left, self.left_ending),
            "right": _side(self.right, self.right_ending),
        }

    def _repr_html_(self) -> str:
        """Both sides as a table, for a notebook, each in the words of its own scenario."""
        rows = [
            (
                run.id[:12],
                "" if event is None else event.date,
                "no more events" if event is None else run.text(event.seq),
                run.ending.outcome,
            )
            for run, event in ((self.left_run, self.left), (self.right_run, self.right))
        ]
        title = "Only the endings differ" if self.seq is None else f"Event {self.seq} is the first that differs"
        sections = ", ".join(self.scenarios)
        foot = f"The scenarios differ in: {sections}." if sections else ""
        return html_table(title, ("run", "date", "event", "outcome"), rows, foot=foot)


def _event(run: LoggedRun, seq: int | None) -> LoggedEvent | None:
    return run.events[seq] if seq is not None and seq < len(run.events) else None


def _side(event: LoggedEvent | None, ending: Ending) -> dict[str, Any]:
    return {
        "event": None if event is None else as_json(event),
        "outcome": ending.outcome,
        "ended_on": ending.day,
        "measures": dict(ending.measures),
    }


def difference(left: LoggedRun, right: LoggedRun) -> Difference | None:
    """Where two runs part, event by event; nothing where events and endings are the same."""
    for seq in range(max(len(left.events), len(right.events))):
        mine, other = _event(left, seq), _event(right, seq)
        if mine is None or other is None or as_json(mine) != as_json(other):
            return Difference(seq, left, right)
    if compact(attrs.asdict(left.ending)) != compact(attrs.asdict(right.ending)):
        return Difference(None, left, right)
    return None
