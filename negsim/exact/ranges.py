"""The lowest and the highest probability of an outcome over the ranges of parameters, as a search finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import attrs

from negsim.errors import UsageError, did_you_mean, to_install
from negsim.exact.solution import MOST_STATES, Solution, shown, solve
from negsim.exact.words import certain, decimal
from negsim.html import html_table
from negsim.policy.idle import Idle, in_common
from negsim.policy.situation import Policy
from negsim.scenario.expressions import (
    Arithmetic,
    Comparison,
    Conditional,
    Constant,
    Expression,
    Node,
    OneOf,
    ParameterValue,
)
from negsim.scenario.model import GeometricDelay, Parameter, Rule, Scenario
from negsim.scenario.parts import parts, walk_through
from negsim.scenario.ranges import ranged, value_at
from negsim.scenario.settings import Choices, Settings
from negsim.version import VERSION
from negsim.whole import whole
from negsim.wording import counted

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MOST_POINTS = 200  # at which each end of an outcome's range is looked for
LARGEST_POINTS = 1_000_000  # that can be asked for
FIRST_POINTS = 8  # and as many for each parameter, before it is asked whether more are worth it
MOST_CORNERS = 64  # ends of ranges in all combinations that are looked at first
FINE = 1e-6  # of a range: how far the search goes into it

Watch = Callable[[int], None]  # is told how many points were looked at


@attrs.frozen(eq=False)
class Extreme:
    """A probability, and the parameters with which it is reached; `is_certain` where nothing else can be there."""

    probability: float
    parameters: Mapping[str, float]
    is_certain: bool = False

    @property
    def words(self) -> str:
        """The probability with six decimals."""
        return decimal(self.probability, 6, sure=self.is_certain)

    def as_json(self) -> dict[str, Any]:
        """The extreme with the keys of `negsim solve --over-ranges --json`."""
        return {
            "probability": shown(self.probability),
            "parameters": {name: shown(value) for name, value in self.parameters.items()},
        }


@attrs.frozen(eq=False)
class ProbabilitySpan:
    """The lowest and the highest probability of an outcome that were found, and what it is as given."""

    lowest: Extreme
    highest: Extreme
    given: float
    given_is_certain: bool = False

    @property
    def words(self) -> tuple[str, str, str]:
        """The lowest, as given, the highest, with six decimals."""
        return self.lowest.words, decimal(self.given, 6, sure=self.given_is_certain), self.highest.words

    def as_json(self) -> dict[str, Any]:
        """The span with the keys of `negsim solve --over-ranges --json`."""
        return {"lowest": self.lowest.as_json(), "highest": self.highest.as_json(), "given": shown(self.given)}


@attrs.frozen(eq=False)
class Ranges:
    """How far the outcomes' exact probabilities go over the ranges of some parameters, all else as asked.

    `parameters` are those that are varied, `settings` all as given.
    Each was reached at a point that was solved exactly; that there is none beyond is what a search of `points`
    points found, and no proof. Where `is_continuous`, every probability between is reached, too. `idle` are the
    choices made beforehand that never came to bear at any point.
    """

    scenario: Scenario = attrs.field(repr=False)
    parameters: tuple[Parameter, ...] = attrs.field(repr=False)
    settings: Settings = attrs.field(repr=False)
    outcomes: Mapping[str, ProbabilitySpan]
    points: int
    is_continuous: bool
    idle: tuple[Idle, ...] = attrs.field(repr=False, default=())

    def to_pandas(self) -> pd.DataFrame:
        """A row for each end of each outcome's span, as a data frame of pandas (the extra `tables`)."""
        try:
            import pandas as pd  # noqa: PLC0415 - an extra, loaded where it is used
        except ImportError:
            raise UsageError("tables need the tables extra", to_install("tables")) from None
        rows = [
            {"outcome": name, "end": end, "probability": extreme.probability, **extreme.parameters}
            for name, span in self.outcomes.items()
            for end, extreme in (("lowest", span.lowest), ("highest", span.highest))
        ]
        return pd.DataFrame.from_records(rows)

    def as_json(self) -> dict[str, Any]:
        """The spans with the keys that `negsim solve --over-ranges --json` prints."""
        return {
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            "negsim": VERSION,
            "parameters": dict(self.settings.parameters),
            "readings": dict(self.settings.readings),
            "policies": [each.as_json() for each in self.settings.choices],
            "ranges": {p.name: [p.low, p.high] for p in self.parameters},
            "points": self.points,
            "continuous": self.is_continuous,
            "outcomes": {name: span.as_json() for name, span in self.outcomes.items()},
        }

    def _repr_html_(self) -> str:
        """The spans as a table, for a notebook."""
        rows = [(name, *span.words) for name, span in self.outcomes.items()]
        columns = ("outcome", "lowest found", "as given", "highest found")
        return html_table(f"{self.scenario.title}: over the ranges", columns, rows, foot=about(self))


def about(found: Ranges) -> str:
    """What is to be said beside the spans."""
    between = " Every probability between is reached, too." if found.is_continuous else ""
    return (
        f"The ends were reached, each at a point that was solved exactly. That nothing lies beyond is what a search of"
        f" {found.points:,} points found; it is no proof.{between}{_held_fixed(found.scenario)}"
    )


def _held_fixed(scenario: Scenario) -> str:
    """Which numbers have no range, since they stand in the file as plain ones; nothing where there are none."""
    rules = scenario.rules.values()
    seats = [seat for talks in scenario.talks.values() for seat in talks.positions.values()]
    numbers: dict[str, list[Expression | None]] = {
        "chance": [rule.chance for rule in rules if not _is_sure(rule)],
        "weight": [option.weight for rule in rules for option in rule.options],
        "value": [worth for seat in seats for _, worth in seat.values.items()],  # noqa: PD011 - no data frame
    }
    plain = {
        word: sum(each is not None and isinstance(each.tree, Constant) for each in found)
        for word, found in numbers.items()
    }
    held = [counted(number, word) for word, number in plain.items() if number]
    if not held:
        return ""
    one = sum(plain.values()) == 1
    are = "is a plain number in the file: no parameter" if one else "are plain numbers in the file: no parameters"
    return f" {' and '.join(held)} {are}, and held fixed."


def _is_sure(rule: Rule) -> bool:
    """Whether a rule has no chance but 0 or 1."""
    return rule.chance is None or (isinstance(rule.chance.tree, Constant) and rule.chance.tree.value in (0, 1))


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
    asked["choose"] = list(choose) if choose is not None and not isinstance(choose, Mapping) else choose
    search = _RangeSearch(scenario, parameters, set or {}, asked, progress)
    given = search.solved(set or {})
    names = [outcome] if outcome is not None else list(scenario.outcomes)
    for name in names:
        for sign in (1, -1):
            search.look(name, sign, points)
    spans = {name: search.span(name, given) for name in names}
    continuous = all(not p.whole for p in parameters) and not ({p.name for p in parameters} & _switching(scenario))
    return Ranges(scenario, parameters, given.settings, spans, len(search.known), continuous, in_common(search.idle))


def _parameters(
    scenario: Scenario, over: str | Iterable[str] | None, *, fixed: Mapping[str, object]
) -> tuple[Parameter, ...]:
    """The parameters that are named, or those that feed chances."""
    if over is not None:
        return ranged(scenario, over, fixed=fixed)
    feeding = {name for rule in scenario.rules.values() for tree in _chances(rule) for name in _named(scenario, tree)}
    found = tuple(p for p in scenario.parameters.values() if p.name in feeding and p.low < p.high)
    found = tuple(p for p in found if p.name not in fixed)
    if not found:
        hint = "name some with `over`"
        raise UsageError("no parameter that feeds a chance has a range", hint, settings=("over",))
    return found


def _chances(rule: Rule) -> Iterator[Node]:
    """What a rule's luck hangs on: its chance, the weights of its options, a wait by daily chance."""
    for expression in (rule.chance, *(option.weight for option in rule.options)):
        if expression is not None:
            yield expression.tree
    if isinstance(rule.delay, GeometricDelay):
        yield rule.delay.chance


def _named(scenario: Scenario, tree: Node) -> set[str]:
    """The parameters that a tree reads, also through definitions."""
    return {node.name for node in walk_through(scenario, [tree]) if isinstance(node, ParameterValue)}


def _switching(scenario: Scenario) -> set[str]:
    """The parameters at which a probability may jump: all that are read elsewhere than in a steady part of a chance."""
    steady = [rule.chance.tree for rule in scenario.rules.values() if rule.chance is not None]
    steady += [rule.delay.chance for rule in scenario.rules.values() if isinstance(rule.delay, GeometricDelay)]
    measures = [measure.expression.tree for measure in scenario.measures.values()]
    apart = {id(tree) for tree in (*steady, *measures, *(each.tree for each in scenario.definitions.values()))}
    found = {name for part in parts(scenario) if id(part.tree) not in apart for name in _named(scenario, part.tree)}
    return found.union(*(_jumping(scenario, tree) for tree in steady))


def _jumping(scenario: Scenario, tree: Node) -> set[str]:
    """The parameters in those parts of a tree that choose between values, or round."""
    found: set[str] = set()
    for node in walk_through(scenario, [tree]):
        match node:
            case Comparison() | OneOf():
                found |= _named(scenario, node)
            case Conditional():
                found |= _named(scenario, node.test)
            case Arithmetic() if node.operator in ("//", "%"):
                found |= _named(scenario, node)
            case _:
                pass
    return found


@attrs.frozen(eq=False)
class _RangeSearch:
    """Points, and the probabilities at each that was looked at; a point is a share of each parameter's range."""

    scenario: Scenario
    parameters: tuple[Parameter, ...]
    given: Mapping[str, object]
    asked: Mapping[str, Any]
    progress: Watch | None
    known: dict[tuple[float, ...], tuple[tuple[float, ...], Mapping[str, float]]] = attrs.field(factory=dict)
    idle: list[Sequence[Idle]] = attrs.field(factory=list)

    def solved(self, given: Mapping[str, object]) -> Solution:
        """The solution under some parameters. Raises `UsageError` where there is no exact one."""
        found = solve(self.scenario, set=given, **self.asked)
        if not found.is_exact:
            raise UsageError(
                f"there are more than {self.asked['max_states']:,} states, so the scenario cannot be solved exactly",
                "give more with `max_states`, or shorten the horizon",
                settings=("max_states",),
            )
        self.idle.append(found.idle)
        return found

    def at(self, point: Sequence[float]) -> Mapping[str, float]:
        """The probabilities at a point."""
        shares = [min(1.0, max(0.0, float(share))) for share in point]
        values = tuple(value_at(p, share) for p, share in zip(self.parameters, shares, strict=True))
        if values not in self.known:
            chosen = {p.name: value for p, value in zip(self.parameters, values, strict=True)}
            self.known[values] = (tuple(shares), self.solved({**self.given, **chosen}).outcomes)
            if self.progress is not None:
                self.progress(len(self.known))
        return self.known[values][1]

    def look(self, outcome: str, sign: int, points: int) -> None:
        """Looks for the lowest probability of an outcome (with the sign -1 for the highest).

        Twice as many points are looked at, and so on, as long as the last ones have found something better. Those
        that are known cost nothing: DIRECT goes the same way again.
        """
        from scipy.optimize import Bounds, direct, minimize  # noqa: PLC0415 - loaded where it is used

        def goal(point: np.ndarray) -> float:
            return sign * self.at(point.tolist())[outcome]

        size = len(self.parameters)
        bounds = Bounds([0.0] * size, [1.0] * size)
        if 2**size <= MOST_CORNERS:
            for corner in product((0.0, 1.0), repeat=size):
                self.at(corner)
        budget, before = min(points, FIRST_POINTS * (1 + size)), float("inf")
        while True:
            direct(goal, bounds, maxfun=budget, len_tol=FINE)
            best = self._best(outcome, sign)
            if best[1] >= before - FINE:
                return
            minimize(goal, best[0], method="L-BFGS-B", bounds=bounds, options={"maxfun": points, "ftol": FINE * FINE})
            before = self._best(outcome, sign)[1]
            if budget >= points:
                return
            budget = min(points, 2 * budget)

    def _best(self, outcome: str, sign: int) -> tuple[tuple[float, ...], float]:
        """The best point by now, and the goal there."""
        shares, found = min(self.known.values(), key=lambda each: sign * each[1][outcome])
        return shares, sign * found[outcome]

    def span(self, outcome: str, given: Solution) -> ProbabilitySpan:
        """What was found for an outcome; of equal ends the one that was looked at first."""
        lowest = min(self.known, key=lambda values: self.known[values][1][outcome])
        highest = max(self.known, key=lambda values: self.known[values][1][outcome])
        ends = self._extreme(lowest, outcome), self._extreme(highest, outcome)
        return ProbabilitySpan(*ends, given.outcomes[outcome], outcome in given.certain)

    def _extreme(self, values: tuple[float, ...], outcome: str) -> Extreme:
        chosen = {p.name: value for p, value in zip(self.parameters, values, strict=True)}
        found = self.known[values][1]
        return Extreme(found[outcome], chosen, outcome in certain(found))
