"""Where all runs begin: what there is before day 0, after history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from negsim.exact.state.turns import Snapshot, Turns
from negsim.kernel.moment import Moment
from negsim.kernel.questions import Answer
from negsim.program.monitors import Monitor
from negsim.scenario.rules import HistoryEntry

Starts = Sequence[tuple[float, Snapshot]]


class Beginning(NamedTuple):
    """What there is before day 0, after history: what was counted in it, and the days on which something first came.

    There are several `starts`, each with its chance, where an entry of history starts delays that are drawn. What waits
    is due a day later than counted from day 0.
    """

    starts: Starts
    counted: tuple[int, ...]
    firsts: Mapping[Monitor, int]


def beginning(turns: Turns) -> Beginning:
    """Where all runs begin."""
    program = turns.program
    told = Moment(program)  # what history logs hangs on no chance
    for entry in program.scenario.history:
        turns.day.recall(told, program.emission(entry.emission), entry.day)
    firsts = {each: told.state[each.at] for each in turns.firsts if told.state[each.at] is not None}
    counted = turns.read_off(told)
    ways = [(1.0, Moment(program))]
    for entry in program.scenario.history:
        turns.today = entry.day
        ways = [each for way in ways for each in _after(turns, entry, *way)]
    turns.today = 0
    found: dict[Snapshot, float] = {}
    for chance, moment in ways:
        for table in program.tables:
            if table.first_day is not None:
                moment.convene(table, table.first_day)
        start = _start(turns, moment)
        found[start] = found.get(start, 0.0) + chance
    return Beginning(tuple((chance, start) for start, chance in found.items()), counted, firsts)


def _after(turns: Turns, entry: HistoryEntry, chance: float, moment: Moment) -> Iterator[tuple[float, Moment]]:
    """Every way in which an entry of history can go, with its chance: what it starts is put off so or otherwise."""
    late = entry.late if entry.starts else None
    turns.day.recall(moment, turns.program.emission(entry.emission), entry.day, late)
    waiting: list[tuple[float, Moment, Answer]] = [(chance, moment, None)]
    while waiting:
        chance, moment, answer = waiting.pop()
        stop = turns.go_on(moment, answer)
        if stop.answers is None:
            yield chance, stop.moment
        else:
            waiting += [(chance * share, stop.moment, each) for share, each in reversed(stop.answers.each)]


def _start(turns: Turns, moment: Moment) -> Snapshot:
    """What there is before day 0."""
    moment.late = None
    waiting = turns.pending(moment)
    turns.read_off(moment)
    pending = tuple(each if each.due < 0 else each._replace(due=each.due + 1) for each in waiting)
    return Snapshot(turns.clocks.seen_on(-1, moment.values), pending)
