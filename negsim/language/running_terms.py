"""Agreements that run on until there is a notice: for how many days at a time, and which events are one."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from negsim.language.emissions import events_named
from negsim.language.quantities import NamesInScope, QuantityPlace, days_of_term
from negsim.scenario.expressions import Expression
from negsim.scenario.types import Type


def read_term(place: QuantityPlace, issues: Mapping[str, Type | None]) -> tuple[Expression | None, tuple[str, ...]]:
    """`until_notice` and `notice` of talks, which go together."""
    draft, node = place.draft, place.node
    for key, other in (("until_notice", "notice"), ("notice", "until_notice")):
        if key in node.entries and not node.has(other):
            hint = (
                f"an agreement runs for `until_notice` {draft.problems.step.plural} at a time,"
                " until an event of `notice` comes"
            )
            draft.problems.add(node.entries[key].key, f"`{key}` goes with `{other}`", hint)
    names = NamesInScope(issues, {}, {}, partial=not issues)
    return days_of_term(attrs.evolve(place, names=names), "until_notice"), events_named(draft, node.get("notice"))
