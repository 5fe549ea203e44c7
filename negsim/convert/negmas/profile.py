"""A utility function of NegMAS -> what the packages of a domain are worth to one party."""

from __future__ import annotations

from collections.abc import Sequence

from negsim.convert.domain import Issue, Profile
from negsim.convert.negmas.functions import numbers_of, worths_by
from negsim.convert.negmas.issues import is_domain, type_of
from negsim.convert.nodes import Nodes, not_null
from negsim.language.nodes import KeyedNode, Node, Scalar

_LINEAR = ("LinearAdditiveUtilityFunction", "LinearUtilityFunction", "AffineUtilityFunction")
_DISCOUNTED = ("ExpDiscountedUFun", "LinDiscountedUFun", "DiscountedUtilityFunction")


def is_profile(node: Node) -> bool:
    """Whether a file holds a utility function."""
    return not is_domain(node) and "fun" in type_of(node).lower()


def profile_of(read: Nodes, root: KeyedNode, name: str, *, issues: Sequence[Issue]) -> Profile | None:
    """A utility function over the issues; nothing, with problems, where it cannot be used."""
    remarks: list[str] = []
    node = _undiscounted(read, root, remarks)
    if node is None:
        return None
    kind = type_of(node)
    if kind not in _LINEAR:
        hint = "only a sum over issues is taken: LinearAdditiveUtilityFunction"
        read.problems.add(node.get("type") or node, f"a utility of the type '{kind}' cannot be taken", hint)
        return None
    weights = _weights(read, node, issues)
    rows = _functions(read, node, issues) if kind == _LINEAR[0] else _values(read, node, issues)
    constant = read.number(not_null(node, "bias"), 0.0)
    reservation = _reservation(read, root, node, remarks)
    if weights is None or rows is None or constant is None or read.problems:
        return None
    worths = tuple(tuple(weight * each for each in row) for weight, row in zip(weights, rows, strict=True))
    return Profile(name, root.sheet.name, worths, constant, reservation, tuple(remarks))


def _undiscounted(read: Nodes, root: KeyedNode, remarks: list[str]) -> KeyedNode | None:
    """The utility function within a discount, or itself."""
    if type_of(root) not in _DISCOUNTED:
        return root
    inner = read.under(root, "ufun")
    if not isinstance(inner, KeyedNode):
        return None
    read.warnings.add(root.get("type") or root, "the discount is left out: talks do not discount")
    remarks.append("The discount is left out: talks do not discount.")
    return inner


def _weights(read: Nodes, node: KeyedNode, issues: Sequence[Issue]) -> list[float] | None:
    given = not_null(node, "weights")
    return [1.0] * len(issues) if given is None else read.numbers(read.by_issue(given, issues, "weights"))


def _functions(read: Nodes, node: KeyedNode, issues: Sequence[Issue]) -> list[list[float]] | None:
    """What each option of each issue is worth, before the weights."""
    given = read.under(node, "values")
    nodes = None if given is None else read.by_issue(given, issues, "values")
    if nodes is None:
        return None
    found = [worths_by(read, each, issue) for each, issue in zip(nodes, issues, strict=True)]
    return None if None in found else [each for each in found if each is not None]


def _values(read: Nodes, node: KeyedNode, issues: Sequence[Issue]) -> list[list[float]] | None:
    """The options of each issue as numbers, which are then worth themselves."""
    found = []
    for issue in issues:
        numbers = numbers_of(issue)
        if numbers is None:
            message = f"the values of '{issue.name}' are no numbers, so a weight alone gives no worth"
            read.problems.add(node, message)
            return None
        found.append(numbers)
    return found


def _reservation(read: Nodes, outer: KeyedNode, inner: KeyedNode, remarks: list[str]) -> float | None:
    """What no deal is worth; nothing where any deal is better."""
    node = not_null(outer, "reserved_value") or not_null(inner, "reserved_value")
    if node is None or (isinstance(node, Scalar) and node.text.lower() in ("-.inf", "-inf", "-infinity")):
        remarks.append("No worth of no deal is given: any deal is taken to be better.")
        return None
    outcome = not_null(outer, "reserved_outcome") or not_null(inner, "reserved_outcome")
    if outcome is not None:
        read.problems.add(outcome, "a reserved outcome cannot be taken", "give its worth as `reserved_value`")
    return read.number(node)
