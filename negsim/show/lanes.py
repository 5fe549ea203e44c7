"""The events of a run as a picture of causes: marks on lanes in time, and two kinds of links between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import attrs

from negsim.engine.run import Run
from negsim.log.event import ASSUMED_BY_USER, LoggedEvent
from negsim.log.text import value_words
from negsim.scenario.model import Scenario
from negsim.scenario.record import Origin, Standing
from negsim.scenario.types import ActorOf
from negsim.show.bands import window
from negsim.show.hanging import MOST_EVENTS, hanging
from negsim.wording import in_words

MOST_LANES = 60
MOST_APART = 6  # numbers of a mark that are not in a row
MARK = 18  # how much room a mark takes without its numbers, in pixels
HISTORY, PUT_IN = "history", "put in by this fork"
_Alike = tuple[int, int, str, Origin, int | None]  # lane, day, event, origin, mark of the cause


@attrs.frozen
class Mark:
    """Alike events of one day on one lane: same kind of event, same rule, same cause.

    `kind` is `history`, `rule`, `decision`, `talks` or `put in`; `day` is the first day shown for what is
    older; `row` keeps marks of one lane, with their numbers, apart that would lie on one another. `cause` is
    the mark that triggered it, `looked` are those that set what was looked at for it. `leftward` says that the
    numbers stand to the left of the mark, where there is no room to the right.
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
    looked: tuple[int, ...] = ()
    leftward: bool = False

    @property
    def numbers(self) -> str:
        """The numbers of its events: `17`, `47-72`, `80-82, 85`; of very many apart how many more there are."""
        rows: list[list[int]] = []
        for seq in self.seqs:
            if rows and rows[-1][-1] == seq - 1:
                rows[-1].append(seq)
            else:
                rows.append([seq])
        words = [str(row[0]) if len(row) == 1 else f"{row[0]}-{row[-1]}" for row in rows]
        more = sum(map(len, rows[MOST_APART:]))
        return ", ".join(words[:MOST_APART]) + (f" + {more}" if more else "")


@attrs.frozen
class Lane:
    """The events of one rule, of one party at talks, or of the past. `rows` says how many marks lie over another."""

    words: str
    rows: int


@attrs.frozen
class Swimlanes:
    """The picture: lanes in the order in which something first happens on them, and marks in that of the log.

    A mark's `cause` and `looked` are places of other marks. `left_out` says how many events are not shown, beyond the
    most that are, and those on lanes beyond the most that are shown, the ones with the fewest events.
    """

    first: int
    last: int
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    left_out: int


def lanes(run: Run, *, most: int = MOST_EVENTS, width: float = 720, letter: float = 5.2) -> Swimlanes:
    """The events of a run on their lanes, `most` at most. A mark's row has room for its numbers.

    In a picture of this width, with letters that are so wide, in pixels.
    """
    first, last = window(run)
    shown = hanging(run, most=most)
    keys = {seq: _lane(run.scenario, run.events[seq]) for seq in shown}
    kept = _kept(list(keys.values()))
    places = {key: place for place, key in enumerate(dict.fromkeys(key for key in keys.values() if key in kept))}
    gathered: dict[_Alike, list[LoggedEvent]] = {}
    mark_of: dict[int, int] = {}
    numbers: dict[_Alike, int] = {}
    for seq, key in keys.items():
        if key in kept:
            event = run.events[seq]
            cause = None if event.cause is None else mark_of.get(event.cause)
            alike = _alike(places[key], event, cause)
            mark_of[seq] = numbers.setdefault(alike, len(numbers))
            gathered.setdefault(alike, []).append(event)
    taken: dict[int, list[float]] = {}
    marks = []
    for place, ((lane, day, _, origin, cause), events) in enumerate(gathered.items()):
        linked = (link for event in events for link in shown[event.seq] if link.kind == "looked at")
        looked = dict.fromkeys(mark_of[link.seq] for link in linked if link.seq in mark_of)
        mark = Mark(
            lane, 0, max(day, first), events[0].date, tuple(event.seq for event in events),
            tuple(run.text(event.seq) for event in events), _kind(run.scenario, events[0]),
            origin.standing, cause, tuple(each for each in looked if each not in (cause, place)),
        )  # fmt: skip
        marks.append(_placed(mark, taken.setdefault(lane, []), last=last, pixel=(last - first) / width, letter=letter))
    found = tuple(Lane(_lane_words(run.scenario, key), len(taken[place])) for key, place in places.items())
    return Swimlanes(first, last, found, tuple(marks), len(run.events) - len(mark_of))


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


def _placed(mark: Mark, taken: list[float], *, last: int, pixel: float, letter: float) -> Mark:
    """A mark on the first row with room for it and its numbers; `taken` holds up to where each row is taken."""
    room = (MARK + len(mark.numbers) * letter) * pixel
    leftward = mark.day + room > last
    begin, end = (mark.day - room, mark.day + MARK * pixel) if leftward else (mark.day, mark.day + room)
    row = next((row for row, until in enumerate(taken) if begin >= until), len(taken))
    if row == len(taken):
        taken.append(end)
    taken[row] = end
    return attrs.evolve(mark, row=row, leftward=leftward)


def _kind(scenario: Scenario, event: LoggedEvent) -> str:
    if event.rule is None:
        return "put in" if event.origin == ASSUMED_BY_USER else "history"
    if event.rule in scenario.talks:
        return "talks"
    return "decision" if event.actor is not None else "rule"
