"""What a scenario looks at of time: the day, and how many days ago events came."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.language.draft import Draft
from negsim.scenario.clocks import MOST_CLOCKS, Clock, Kept, clock_of, outside_names, values_of
from negsim.scenario.expressions import Day, DaysSince, Node
from negsim.scenario.model import Scenario
from negsim.scenario.parts import parts
from negsim.scenario.walking import walk


def with_time(scenario: Scenario, draft: Draft) -> tuple[bool, tuple[Kept, ...]]:
    """Whether the scenario looks at the day, and the clocks that it keeps; a problem where these are too many."""
    nodes = [*_nodes(scenario)]
    asked = dict.fromkeys(clock_of(node) for node in nodes if isinstance(node, DaysSince))
    clocks = tuple(_kept(scenario, clock) for clock in asked)
    if sum(kept.size for kept in clocks) > MOST_CLOCKS and draft.sections["rules"].at is not None:
        message = f"`days_since` is asked of more than {MOST_CLOCKS:,} events and members"
        draft.problems.add(draft.sections["rules"].at, message, "ask it of fewer members, or under fewer conditions")
        return False, ()
    return any(isinstance(node, Day) for node in nodes), clocks


def _nodes(scenario: Scenario) -> Iterator[Node]:
    for part in parts(scenario):
        yield from walk(part.tree)


def _kept(scenario: Scenario, clock: Clock) -> Kept:
    """A clock with what it is kept for. What its condition names is a field of the event, before all else."""
    fields = frozenset(field.name for field in scenario.events[clock.event].fields)
    outside = outside_names(clock.condition, fields)
    kinds = tuple(outside.values())
    return Kept(clock, tuple(outside), kinds, tuple(map(values_of, kinds)))
