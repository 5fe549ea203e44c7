"""The deal space of a scenario's talks: after its history, or at a moment of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import attrs

from negsim.deals.space import DealSpace
from negsim.engine.run import Run
from negsim.errors import ModelError, UsageError, did_you_mean
from negsim.kernel.effects import worked_out
from negsim.language.spans import opened
from negsim.log.fold import Fold
from negsim.program.formula import MeaninglessError, State, new_state, set_slots
from negsim.program.program import Program
from negsim.scenario.expressions import Node, Use
from negsim.scenario.held import readings_in, readings_meant
from negsim.scenario.model import Scenario
from negsim.scenario.settings import settings_of
from negsim.scenario.talks import Talks
from negsim.scenario.walking import walk
from negsim.whole import whole


def deal(
    scenario: Scenario,
    *,
    talks: str | None = None,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
) -> DealSpace:
    """The deal space of a scenario's talks, in the state after its history.

    `talks` names them where there are several. Raises `UsageError` for unknown names, `ModelError` where
    a value has no meaning in that state.
    """
    program = Program(scenario, settings_of(scenario, set=set, read=read))
    state = new_state(program.layout.initial)
    for entry in scenario.history:
        set_slots(state, worked_out(program.emission(entry.emission), state, entry.day))
    return _space(program, state, talks_named(scenario, talks), 0)


def deal_at(run: Run, seq: int, *, talks: str | None = None) -> DealSpace:
    """The deal space at a moment of a run: right after an event (-1: before any)."""
    seq = whole(seq, "seq")
    if not -1 <= seq < len(run.events):
        raise UsageError(f"the run has no event {seq}", f"its events are 0 to {len(run.events) - 1}")
    fold = Fold(run.scenario, run.header)
    fold.apply_all(run.events[: seq + 1])
    day = run.events[seq].day if seq >= 0 else 0
    return _space(fold.program, fold.state, talks_named(run.scenario, talks), day)


def talks_named(scenario: Scenario, name: str | None) -> Talks:
    """The talks of a name, or the only ones. Raises `UsageError` where that is not clear."""
    if not scenario.talks:
        raise UsageError("this scenario has no talks", "talks are declared under `talks:`")
    if name is None:
        if len(scenario.talks) > 1:
            message = f"the scenario has several talks: {', '.join(scenario.talks)}"
            raise UsageError(message, "name one with `talks`", settings=("talks",))
        return next(iter(scenario.talks.values()))
    if name not in scenario.talks:
        raise UsageError(f"there are no talks `{name}`", did_you_mean(name, scenario.talks))
    return scenario.talks[name]


def _space(program: Program, state: State, talks: Talks, day: int) -> DealSpace:
    table = next(each for each in program.tables if each.name == talks.name)
    try:
        return DealSpace(table, state)
    except (MeaninglessError, OverflowError) as error:
        step = program.scenario.calendar.name
        raise ModelError(str(error), where=f"talks `{talks.name}`", day=day, step=step) from None


@attrs.frozen
class DealCell:
    """The deal space under one combination of readings."""

    readings: Mapping[str, str]
    space: DealSpace


def readings_of(scenario: Scenario, talks: Talks) -> tuple[str, ...]:
    """The readings that the positions of talks look at, directly or through definitions, in file order."""
    trees: list[Node] = []
    for position in talks.positions.values():
        trees += [number.tree for number in position.numbers]
        for line in position.red_lines.values():
            trees += [line.never.tree, *([] if line.when is None else [line.when.tree])]
    found = {name for tree in trees for node in _opened(tree, scenario) for name in readings_in(node)}
    return tuple(name for name in scenario.readings if name in found)


def _opened(tree: Node, scenario: Scenario) -> Iterator[Node]:
    for node in walk(tree):
        yield node
        if isinstance(node, Use):
            yield from _opened(opened(scenario, node), scenario)


def bearing(scenario: Scenario, names: Iterable[str], *, talks: str | None = None) -> tuple[str, ...]:
    """The readings that some names stand for, each once. Of the holders of a reading those who bear on the talks.

    Where none of them does, all of them. Raises `UsageError` for a name that the scenario does not have.
    """
    known = readings_of(scenario, talks_named(scenario, talks))
    found: dict[str, None] = {}
    for name in names:
        meant = readings_meant(scenario, name)
        found.update(dict.fromkeys([each for each in meant if each in known] or meant))
    return tuple(found)


def by_reading(
    scenario: Scenario,
    names: tuple[str, ...],
    *,
    talks: str | None = None,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
) -> list[DealCell]:
    """The deal space under every combination of the options of these readings, the first reading slowest."""
    names = bearing(scenario, names, talks=talks)
    cells = []
    for options in product(*(scenario.readings[name].options for name in names)):
        chosen = dict(zip(names, options, strict=True))
        cells.append(DealCell(chosen, deal(scenario, talks=talks, set=set, read={**(read or {}), **chosen})))
    return cells
