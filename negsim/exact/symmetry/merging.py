"""Which members are counted instead of told apart, in one request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from negsim.exact.symmetry.orbits import orbits
from negsim.exact.symmetry.order import order
from negsim.exact.symmetry.order_notes import tied_by, tying
from negsim.program.program import Program
from negsim.scenario.expressions import MemberVariable
from negsim.scenario.walking import walk


def merging(
    program: Program, *, measures: bool = False, by: Sequence[str] = ()
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Why members are told apart, and the orbits whose members are counted."""
    choices = program.settings.decisions
    named = {actor for choice in choices for actor in choice.actors or ()}
    named |= {choice.option.partition("[")[2].rstrip("]") for choice in choices if "[" in choice.option}
    found = orbits(program, named=sorted(named), by=by)
    verdict = order(program, found, by=by)
    reasons, merged = list(verdict.reasons), list[tuple[str, ...]]()
    for orbit in verdict.merged:
        rule = tying(program, orbit, verdict.rules)
        if rule is None:
            merged.append(orbit)
        else:
            reasons.append(tied_by(rule))
    if merged and measures and any(_looks_at_members(each.condition) for each in program.layout.seen if each.event):
        reasons.append("a measure that counts events looks at members")
        merged = []
    return tuple(dict.fromkeys(reasons)), tuple(merged)


def _looks_at_members(condition: Any) -> bool:
    return condition is not None and any(isinstance(node, MemberVariable) for node in walk(condition))
