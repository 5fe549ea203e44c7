"""The events of a run as a picture of causes: marks on lanes in time, and links between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import attrs

from negsim.engine.run import Run
from negsim.log.event import ASSUMED_BY_USER, LoggedEvent
from negsim.log.text import in_words, value_words
from negsim.report.bands import window
from negsim.scenario.model import Origin, Scenario, Standing
from negsim.scenario.types import ActorOf

MOST_LANES = 60
HISTORY, PUT_IN = "history", "put in by this fork"
_Alike = tuple[int, int, str, Origin, int | None]  # lane, day, event, origin, mark of the cause


@attrs.frozen
class Mark:
    """Alike events of one day on one lane: same kind of event, same rule, same cause.

    `kind` is `history`, `rule`, `decision`, `talks` or `put in`; `day` is the first day shown for what is
    older; `row` keeps marks of one lane apart that would lie on one another.
    """

    lane: int
    row: int
    day: int
    date: str
    seqs: tuple[int, ...]
    texts: tuple[str, ...]
    kind: str
    standing: Standing
    cause: int | None


@attrs.frozen
class Lane:
    """The events of one rule, of one party at talks, or of the past. `rows` says how many marks lie over another."""

    words: str
    rows: int


@attrs.frozen
class Lanes:
    """The picture: lanes in the order in which something first happens on them, and marks in that of the log.

    A mark's `cause` is the place of another mark. `left_out` counts the events on lanes beyond the most that
    are shown, the ones with the fewest events.
    """

    first: int
    last: int
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    left_out: int


def lanes(run: Run, *, apart: float = 1 / 80) -> Lanes:
    """The events of a run on their lanes. Marks nearer than this share of the time stand on different rows."""
    first, last = window(run)
    keys = [_lane(run.scenario, event) for event in run.events]
    kept = _kept(keys)
    places = {key: place for place, key in enumerate(dict.fromkeys(key for key in keys if key in kept))}
    gathered: dict[_Alike, list[LoggedEvent]] = {}
    numbers: dict[_Alike, int] = {}
    mark_of: dict[int, int] = {}
    for event, key in zip(run.events, keys, strict=True):
        if key in kept:
            cause = None if event.cause is None else mark_of.get(event.cause)
            alike = _alike(places[key], event, cause)
            mark_of[event.seq] = numbers.setdefault(alike, len(numbers))
            gathered.setdefault(alike, []).append(event)
    taken: dict[int, list[float]] = {}
    marks = []
    for (lane, day, _, origin, cause), events in gathered.items():
        shown = max(day, first)
        row = _row(taken.setdefault(lane, []), shown, apart * (last - first))
        seqs, texts = tuple(e.seq for e in events), tuple(run.text(e.seq) for e in events)
        kind = _kind(run.scenario, events[0])
        marks.append(Mark(lane, row, shown, events[0].date, seqs, texts, kind, origin.standing, cause))
    found = tuple(Lane(_lane_words(run.scenario, key), len(taken[place])) for key, place in places.items())
    return Lanes(first, last, found, tuple(marks), sum(1 for key in keys if key not in kept))


def _alike(lane: int, event: LoggedEvent, cause: int | None) -> _Alike:
    """What alike events have in common; of what was on record before, the day and the standing."""
    if event.rule is None:
        return lane, event.day, "", Origin(event.origin.standing), cause
    return lane, event.day, event.event, event.origin, cause


def _lane(scenario: Scenario, event: LoggedEvent) -> tuple[str, str]:
    """On which lane an event stands, as (rule, party at talks); without a rule: history, or put in."""
    if event.rule is None:
        return "", PUT_IN if event.origin == ASSUMED_BY_USER else HISTORY
    return event.rule, (event.actor or "") if event.rule in scenario.talks else ""


def _lane_words(scenario: Scenario, lane: tuple[str, str]) -> str:
    rule, party = lane
    if not rule:
        return party
    return f"{in_words(rule)}: {value_words(scenario, party, ActorOf(()))}" if party else in_words(rule)


def _kept(lanes: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """The lanes with the most events, not more than are shown; of equal ones the first."""
    return {lane for lane, _ in Counter(lanes).most_common(MOST_LANES)}


def _row(taken: list[float], day: int, apart: float) -> int:
    """The first row on which there is room on a day; `taken` holds the day of the last mark of each."""
    for row, last in enumerate(taken):
        if day - last > apart:
            taken[row] = day
            return row
    taken.append(day)
    return len(taken) - 1


def _kind(scenario: Scenario, event: LoggedEvent) -> str:
    if event.rule is None:
        return "put in" if event.origin == ASSUMED_BY_USER else "history"
    if event.rule in scenario.talks:
        return "talks"
    return "decision" if event.actor is not None else "rule"
