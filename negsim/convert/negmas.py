"""NegMAS scenarios as YAML or JSON -> a domain, or every problem.

NegMAS writes the outcome space into one file and each utility function into another. Discrete issues are
taken, and utilities that are a sum over issues: `LinearAdditiveUtilityFunction`, `LinearUtilityFunction`,
`AffineUtilityFunction`, also within a discount, which is left out with a warning. What is worth what is
taken as it stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from negsim.addition import added
from negsim.convert.domain import Issue, Profile, too_many, unusable
from negsim.errors import did_you_mean
from negsim.load.nodes import Items, Keyed, Node, Scalar
from negsim.load.problems import Problems

Number = Callable[[float], float]

_LINEAR = ("LinearAdditiveUtilityFunction", "LinearUtilityFunction", "AffineUtilityFunction")
_DISCOUNTED = ("ExpDiscountedUFun", "LinDiscountedUFun", "DiscountedUtilityFunction")
_RANGES = ("ContiguousIssue", "CountableInfiniteIssue")
_LISTS = ("CategoricalIssue", "OrdinalIssue", "CardinalIssue", "DiscreteOrdinalIssue", "DiscreteCardinalIssue")
_CONTINUOUS = ("ContinuousIssue", "ContinuousInfiniteIssue")
_FUNCTIONS = ("TableFun", "IdentityFun", "ConstFun", "LinearFun", "AffineFun", "QuadraticFun", "PolynomialFun")


def type_of(node: Node) -> str:
    """The last part of a mapping's `type`; empty where there is none."""
    kind = node.get("type") if isinstance(node, Keyed) else None
    return kind.text.rpartition(".")[2] if isinstance(kind, Scalar) else ""


def is_domain(node: Node) -> bool:
    """Whether a file holds an outcome space."""
    return type_of(node).endswith("OutcomeSpace")


def is_profile(node: Node) -> bool:
    """Whether a file holds a utility function."""
    return not is_domain(node) and "fun" in type_of(node).lower()


class Reader:
    """Reads one node after the other, and notes what is wrong with each."""

    def __init__(self, problems: Problems, warnings: Problems) -> None:
        self.problems = problems
        self.warnings = warnings

    # Nodes.

    def under(self, node: Keyed, key: str) -> Node | None:
        """What stands under a key; nothing, with a problem, where it is missing."""
        found = node.get(key)
        if found is None:
            self.problems.add(node, f"`{key}` is missing")
        return found

    def items(self, node: Node | None, what: str) -> tuple[Node, ...] | None:
        """A list's items; nothing, with a problem, where it is no list."""
        if node is None:
            return None
        if isinstance(node, Items):
            return node.items
        self.problems.add(node, f"{what} must be a list")
        return None

    def number(self, node: Node | None, otherwise: float | None = None) -> float | None:
        """A finite number; nothing, with a problem, where it is none."""
        if node is None:
            return otherwise
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
        shown = f"'{node.text}' is" if isinstance(node, Scalar) else "this is"
        self.problems.add(node, f"{shown} no number")
        return None

    # The domain.

    def issues(self, root: Keyed) -> tuple[Issue, ...] | None:
        """The issues of an outcome space; nothing, with problems, where they cannot be used."""
        nodes = self.items(self.under(root, "issues"), "`issues`")
        if nodes is None:
            return None
        if not nodes:
            self.problems.add(root, "there is no issue")
            return None
        found = [self._issue(node, number) for number, node in enumerate(nodes)]
        issues = tuple(issue for issue in found if issue is not None)
        if len(issues) < len(found):
            return None
        for number, (issue, node) in enumerate(zip(issues, nodes, strict=True)):
            if issue.name in {other.name for other in issues[:number]}:
                self.problems.add(node, f"two issues have the name '{issue.name}'")
                return None
        wrong = unusable(issues)
        if wrong is not None:
            self.problems.add(root, wrong)
            return None
        return issues

    def _issue(self, node: Node, number: int) -> Issue | None:
        if not isinstance(node, Keyed):
            self.problems.add(node, "an issue must be a mapping")
            return None
        name, kind = self.under(node, "name"), type_of(node)
        values = self.items(self.under(node, "values"), "`values`")
        if not isinstance(name, Scalar) or values is None:
            return None
        where = node.get("type") or node
        if kind in _CONTINUOUS:
            hint = "make it discrete in NegMAS first: scenario.discretize()"
            self.problems.add(where, f"the issue '{name.text}' is continuous, which cannot be taken", hint)
            return None
        if kind in _RANGES:
            return self._range(node, name.text, number, values)
        if kind not in _LISTS:
            hint = f"it can be: {', '.join((*_RANGES[:1], *_LISTS[:3]))}"
            self.problems.add(where, f"an issue of the type '{kind}' cannot be taken", hint)
            return None
        texts = [value.text for value in values if isinstance(value, Scalar)]
        if not texts or len(texts) < len(values) or len(set(texts)) < len(texts):
            self.problems.add(node, f"the values of '{name.text}' must be words or numbers, each once")
            return None
        many = too_many(name.text, len(texts))
        if many is not None:
            self.problems.add(node, many)
            return None
        return Issue(name.text, tuple(texts), number)

    def _range(self, node: Keyed, name: str, number: int, values: Sequence[Node]) -> Issue | None:
        bounds = [value.value for value in values if isinstance(value, Scalar) and type(value.value) is int]
        if len(bounds) != 2 or len(values) != 2 or bounds[0] > bounds[1]:  # noqa: PLR2004 - the ends of a range
            self.problems.add(node, f"the values of '{name}' must be the lowest and the highest whole number")
            return None
        low, high = bounds
        many = too_many(name, high - low + 1)
        if many is not None:
            self.problems.add(node, many, "write fewer values in NegMAS first")
            return None
        return Issue(name, tuple(str(value) for value in range(low, high + 1)), number, low)

    # A profile.

    def profile(self, root: Keyed, name: str, issues: Sequence[Issue]) -> Profile | None:
        """A utility function over the issues; nothing, with problems, where it cannot be used."""
        before = len(self.problems.sorted())
        remarks: list[str] = []
        node = self._undiscounted(root, remarks)
        if node is None:
            return None
        kind = type_of(node)
        if kind not in _LINEAR:
            hint = "only a sum over issues is taken: LinearAdditiveUtilityFunction"
            self.problems.add(node.get("type") or node, f"a utility of the type '{kind}' cannot be taken", hint)
            return None
        weights = self._weights(node, issues)
        functions = (
            self._functions(node, issues) if kind == _LINEAR[0] else [[_number(o) for o in i.options] for i in issues]
        )
        constant = self.number(_given(node, "bias"), 0.0)
        reservation = self._reservation(root, node, remarks)
        if weights is None or functions is None or constant is None or len(self.problems.sorted()) > before:
            return None
        worths = []
        for issue, weight, row in zip(issues, weights, functions, strict=True):
            if any(each is None for each in row):
                self.problems.add(
                    node, f"the values of '{issue.name}' are no numbers, so a weight alone gives no worth"
                )
                return None
            worths.append(tuple(weight * each for each in row if each is not None))
        return Profile(name, root.sheet.name, tuple(worths), constant, reservation, tuple(remarks))

    def _undiscounted(self, root: Keyed, remarks: list[str]) -> Keyed | None:
        """The utility function within a discount, or itself."""
        if type_of(root) not in _DISCOUNTED:
            return root
        inner = self.under(root, "ufun")
        if not isinstance(inner, Keyed):
            return None
        self.warnings.add(root.get("type") or root, "the discount is left out: talks do not discount")
        remarks.append("The discount is left out: talks do not discount.")
        return inner

    def _weights(self, node: Keyed, issues: Sequence[Issue]) -> list[float] | None:
        given = _given(node, "weights")
        if given is None:
            return [1.0] * len(issues)
        nodes = self.by_issue(given, issues, "weights")
        found = None if nodes is None else [self.number(each) for each in nodes]
        return None if found is None or None in found else [each for each in found if each is not None]

    def by_issue(self, node: Node | None, issues: Sequence[Issue], what: str) -> list[Node] | None:
        """One node an issue, of a list in their order or a mapping by their names; nothing, with problems, else."""
        if isinstance(node, Items):
            if len(node.items) != len(issues):
                self.problems.add(node, f"there are {len(node.items)} {what} for {len(issues)} issues")
                return None
            return list(node.items)
        if not isinstance(node, Keyed):
            if node is not None:
                self.problems.add(node, f"`{what}` must be a list")
            return None
        names = [issue.name for issue in issues]
        for entry in node.entries.values():
            if entry.key.text not in names:
                self.problems.add(
                    entry.key, f"the domain has no issue '{entry.key.text}'", did_you_mean(entry.key.text, names)
                )
        missing = next((name for name in names if name not in node.entries), None)
        if missing is not None:
            self.problems.add(node, f"`{what}` says nothing on the issue '{missing}'")
            return None
        return [node.entries[name].value for name in names]

    def _functions(self, node: Keyed, issues: Sequence[Issue]) -> list[list[float | None]] | None:
        """What each option of each issue is worth, before the weights."""
        given = self.under(node, "values")
        nodes = None if given is None else self.by_issue(given, issues, "values")
        if nodes is None:
            return None
        found = [self._function(each, issue) for each, issue in zip(nodes, issues, strict=True)]
        return None if None in found else [each for each in found if each is not None]

    def _function(self, node: Node, issue: Issue) -> list[float | None] | None:
        kind = type_of(node)
        if isinstance(node, Keyed) and (kind in ("", "TableFun")):
            return self.table(node.get("mapping") if kind else node, node, issue)
        if not isinstance(node, Keyed) or kind not in _FUNCTIONS:
            where = (node.get("type") or node) if isinstance(node, Keyed) else node
            hint = f"it can be: {', '.join(_FUNCTIONS)}"
            self.problems.add(where, f"what '{issue.name}' is worth is no function that can be taken", hint)
            return None
        function = self._formula(node, kind)
        if function is None:
            return None
        numbers = [_number(option) for option in issue.options]
        if kind == "ConstFun":
            return [function(0.0)] * len(issue.options)
        if None in numbers:
            self.problems.add(node, f"{kind} needs numbers, and the values of '{issue.name}' are words")
            return None
        return [function(number) for number in numbers if number is not None]

    def table(self, mapping: Node | None, node: Keyed, issue: Issue) -> list[float | None] | None:
        """What a mapping gives each option of an issue; nothing, with a problem, where it is none."""
        if not isinstance(mapping, Keyed):
            self.problems.add(mapping or node, f"what '{issue.name}' is worth must be a mapping from value to number")
            return None
        known = {*issue.options}
        for entry in mapping.entries.values():
            if entry.key.text not in known:
                hint = did_you_mean(entry.key.text, issue.options)
                self.problems.add(entry.key, f"'{entry.key.text}' is no value of '{issue.name}' in the domain", hint)
        for option in issue.options if known.issuperset(mapping.entries) else ():
            if option not in mapping.entries:
                self.problems.add(mapping, f"'{option}' of '{issue.name}' is given no worth")
        return [self.number(mapping.get(option), 0.0) for option in issue.options]

    def _formula(self, node: Keyed, kind: str) -> Number | None:
        """A function of a number, of the kinds that NegMAS writes."""
        match kind:
            case "IdentityFun":
                coefficients: list[float | None] = [0.0, 1.0]
            case "PolynomialFun":
                higher = self.items(self.under(node, "coefficients"), "`coefficients`") or ()
                coefficients = [self.number(node.get("bias"), 0.0), *(self.number(each) for each in higher)]
            case "QuadraticFun":
                coefficients = [self.number(node.get(key), 0.0) for key in ("bias", "a1", "a2")]
            case _:
                coefficients = [self.number(node.get(key), 0.0) for key in ("bias", "slope")]
        known = [each for each in coefficients if each is not None]
        if len(known) < len(coefficients):
            return None
        return lambda x: added(each * x**power for power, each in enumerate(known))

    def _reservation(self, outer: Keyed, inner: Keyed, remarks: list[str]) -> float | None:
        """What no deal is worth; nothing where any deal is better."""
        node = _given(outer, "reserved_value") or _given(inner, "reserved_value")
        if node is None or (isinstance(node, Scalar) and node.text.lower() in ("-.inf", "-inf", "-infinity")):
            remarks.append("No worth of no deal is given: any deal is taken to be better.")
            return None
        outcome = _given(outer, "reserved_outcome") or _given(inner, "reserved_outcome")
        if outcome is not None:
            self.problems.add(outcome, "a reserved outcome cannot be taken", "give its worth as `reserved_value`")
        return self.number(node)


def _given(node: Keyed, key: str) -> Node | None:
    """What stands under a key; nothing where it is missing or null."""
    found = node.get(key)
    return None if isinstance(found, Scalar) and found.value is None else found


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
