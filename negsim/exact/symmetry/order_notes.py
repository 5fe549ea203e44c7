"""What is said of the order of turns: why members who are alike are told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from negsim.errors import ModelError
from negsim.exact.symmetry.orbits import orbits
from negsim.exact.symmetry.order import RuleOrder, order
from negsim.program.formula import MeaninglessError
from negsim.program.program import Program
from negsim.scenario.model import Scenario
from negsim.scenario.settings import defaults

MOST_NAMED = 4  # how many members a note names


def order_notes(scenario: Scenario) -> tuple[str, ...]:
    """What a lecturer should know of the order of turns, under the default parameters and readings."""
    try:
        program = Program(scenario, defaults(scenario))
        found = orbits(program)
        verdict = order(program, found)
    except (ModelError, MeaninglessError, OverflowError):  # a run says it, with the day
        return ()
    tied = [f"members who are alike cannot be swapped: {why}" for why in found.reasons]
    unlike: dict[str, list[RuleOrder]] = {}
    for each in verdict.rules.values():
        if each.reason is not None:
            unlike.setdefault(each.reason, []).append(each)
    rules = (tying(program, orbit, verdict.rules) for orbit in verdict.merged)
    apart = [f"an exact solution tells members who are alike apart: {tied_by(rule)}" for rule in rules if rule]
    return (*tied, *(_note(why, found) for why, found in unlike.items()), *dict.fromkeys(apart))


def tying(program: Program, orbit: Sequence[str], rules: Mapping[str, RuleOrder]) -> str | None:
    """A rule, of those that may be about a member, in which a member's turns are not its own affair; or nothing."""
    scenario = program.scenario
    for name, found in rules.items():
        groups = [binder.group for binder in scenario.rules[name].binders]
        concerned = not groups or any(orbit[0] in scenario.groups[group].members for group in groups)
        if concerned and not found.independent:
            return name
    return None


def tied_by(rule: str) -> str:
    """Why members who could be swapped are not counted: what `tying` has found, in words."""
    return f"in rule `{rule}`: what a member does can hang on what another has done before it"


def _note(why: str, found: Sequence[RuleOrder]) -> str:
    """What stands in the way in some rules, and whom an exact solution therefore tells apart."""
    rules = _listed([f"`{each.rule}`" for each in found])
    apart = [actor for orbit in dict.fromkeys(orbit for each in found for orbit in each.apart) for actor in orbit]
    more = [f"{len(apart) - MOST_NAMED} more"] if len(apart) > MOST_NAMED else []
    which = f"rule{'s' if len(found) > 1 else ''} {rules}"
    members = _listed([*apart[:MOST_NAMED], *more])
    return f"the order of members' turns can matter in {which}: {why}; an exact solution tells {members} apart"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
