"""Best play as a policy table: what to choose in each situation that it comes to, and on which days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from negsim.exact.answer.best import Play
from negsim.exact.state.turns import Snapshot
from negsim.exact.step.crowds import Crowds
from negsim.exact.step.today import Decision
from negsim.policy.situation import PutOff, put_off
from negsim.policy.table import Entry, PolicyTable, situation_key
from negsim.program.formula import new_state
from negsim.program.table import Table
from negsim.scenario.settings import Settings
from negsim.scenario.types import Value


def table_of(play: Play, firsts: Mapping[int, float], settings: Settings) -> PolicyTable:
    """Best play as a table of the situations that it comes to, the likeliest first."""
    layout = play.crowds.layout
    found: dict[str, _Kept] = {}
    keys: dict[tuple[int, int], tuple[str, _Kept]] = {}
    for day, fork, option, chance in play.reached(firsts):
        left = play.horizon - day
        near = tuple(each for each in fork.decision.snapshot.pending if each.chance is None and each.due > left)
        known = keys.get((id(fork), len(near)))
        if known is None:
            kept = _kept(play.crowds, fork.decision, left)
            key = situation_key((kept.decision, kept.instance, kept.state, kept.pending), layout.orbits)
            known = keys[id(fork), len(near)] = (key, found.setdefault(key, kept))
        known[1].reached += chance
        known[1].days.setdefault(fork.decision.options[option], set()).add(day)
    entries = tuple(each.entry() for each in sorted(found.values(), key=lambda each: -each.reached))
    return PolicyTable(layout.program.scenario.hash, settings, play.objective.as_json(), layout.orbits, entries)


def _kept(crowds: Crowds, decision: Decision, left: int) -> _Kept:
    state, pending = _seen(crowds, decision.snapshot, left)
    return _Kept(decision.rule, decision.actor, decision.instance, state, pending)


def _seen(crowds: Crowds, snapshot: Snapshot, left: int) -> tuple[Mapping[str, Value], tuple[PutOff, ...]]:
    """What a policy sees: the state by name, and what waits for the days that are left."""
    program = crowds.layout.program
    state = new_state(snapshot.values)
    pending = []
    for each in snapshot.pending:
        closed = isinstance(each.instance, Table) and each.instance.is_closed(state)
        if not closed and (each.chance is not None or each.due <= left):
            pending.append(put_off(each.instance, each.due, each.chance))
    return program.layout.named(snapshot.values), tuple(pending)


@attrs.define
class _Kept:
    """One situation while days are gathered."""

    decision: str
    actor: str
    instance: tuple[str, ...]
    state: Mapping[str, Value]
    pending: tuple[PutOff, ...]
    days: dict[str, set[int]] = attrs.field(factory=dict)
    reached: float = 0.0

    def entry(self) -> Entry:
        """The situation with its days as spans."""
        choices = {option: _spans(sorted(days)) for option, days in self.days.items()}
        return Entry(self.decision, self.actor, self.instance, self.state, self.pending, choices, self.reached)


def _spans(days: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Days as spans, ends included. The days between two of them on which nothing is asked are not bridged."""
    found: list[tuple[int, int]] = []
    for day in days:
        if found and day == found[-1][1] + 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(found)
