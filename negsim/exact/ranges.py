"""The lowest and the highest probability of an outcome over the ranges of parameters, as a search finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

from negsim.errors import UsageError, did_you_mean
from negsim.exact.answer.asked import MOST_STATES
from negsim.exact.answer.feeding import feeding, switching
from negsim.exact.answer.range_search import RangeSearch, Watch
from negsim.exact.answer.spans import Ranges
from negsim.policy.idle import in_common
from negsim.policy.situation import Policy
from negsim.scenario.model import Scenario
from negsim.scenario.ranges import ranged
from negsim.scenario.record import Parameter
from negsim.scenario.settings import Choices, kept_choices
from negsim.whole import whole

MOST_POINTS = 200  # at which each end of an outcome's range is looked for
LARGEST_POINTS = 1_000_000  # that can be asked for


def over_ranges(
    scenario: Scenario,
    *,
    outcome: str | None = None,
    over: str | Iterable[str] | None = None,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    policy: Policy | None = None,
    points: int = MOST_POINTS,
    max_states: int = MOST_STATES,
    progress: Watch | None = None,
) -> Ranges:
    """The lowest and the highest probability of each outcome, or of one, over the ranges of parameters.

    `over` names the parameters; else those that feed a chance, a weight or a wait by chance and are not in
    `set`. Each end is looked for at about `points` points at most, solved exactly: all corners where they are few,
    then DIRECT, which divides the box of ranges, then downhill from the best point (L-BFGS-B); and it is given up
    where twice as many points have found nothing better. The search has no luck in it. Raises `UsageError`, also
    where a point cannot be solved exactly.

    D. R. Jones, C. D. Perttunen, B. E. Stuckman (1993): Lipschitzian optimization without the Lipschitz
    constant. Journal of Optimization Theory and Applications 79, 157-181.
    """
    if outcome is not None and outcome not in scenario.outcomes:
        raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome, scenario.outcomes))
    points, max_states = whole(points, "points", least=1), whole(max_states, "max_states", least=1)
    if points > LARGEST_POINTS:
        raise UsageError(f"at most {LARGEST_POINTS:,} points are looked at, not {points:,}")
    parameters = _parameters(scenario, over, fixed=set or {})
    asked: dict[str, Any] = {"read": read, "policy": policy, "max_states": max_states}
    asked["choose"] = kept_choices(choose)
    search = RangeSearch(scenario, parameters, set or {}, asked, progress)
    given = search.solved(set or {})
    names = [outcome] if outcome is not None else list(scenario.outcomes)
    for name, sign in product(names, (1, -1)):
        search.look(name, sign, points)
    spans = {name: search.span(name, given) for name in names}
    continuous = _are_continuous(scenario, parameters)
    return Ranges(scenario, parameters, given.settings, spans, len(search.known), continuous, in_common(search.idle))


def _parameters(
    scenario: Scenario, over: str | Iterable[str] | None, *, fixed: Mapping[str, object]
) -> tuple[Parameter, ...]:
    """The parameters that are named, or those that feed chances."""
    if over is not None:
        return ranged(scenario, over, fixed=fixed)
    those = feeding(scenario).difference(fixed)
    found = tuple(p for p in scenario.parameters.values() if p.name in those and p.low < p.high)
    if not found:
        hint = "name some with `over`"
        raise UsageError("no parameter that feeds a chance has a range", hint, settings=("over",))
    return found


def _are_continuous(scenario: Scenario, parameters: Sequence[Parameter]) -> bool:
    """Whether no probability jumps anywhere between two points."""
    return all(not p.whole for p in parameters) and switching(scenario).isdisjoint(p.name for p in parameters)
