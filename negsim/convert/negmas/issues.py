"""An outcome space of NegMAS -> its issues: values that are written out, and whole numbers between bounds."""

from __future__ import annotations

from collections.abc import Sequence

from negsim.convert.domain import Issue, too_many, unusable
from negsim.convert.nodes import Nodes
from negsim.language.nodes import KeyedNode, Node, Scalar

_RANGES = ("ContiguousIssue", "CountableInfiniteIssue")
_LISTS = ("CategoricalIssue", "OrdinalIssue", "CardinalIssue", "DiscreteOrdinalIssue", "DiscreteCardinalIssue")
_CONTINUOUS = ("ContinuousIssue", "ContinuousInfiniteIssue")


def type_of(node: Node) -> str:
    """The last part of a mapping's `type`; empty where there is none."""
    kind = node.get("type") if isinstance(node, KeyedNode) else None
    return kind.text.rpartition(".")[2] if isinstance(kind, Scalar) else ""


def is_domain(node: Node) -> bool:
    """Whether a file holds an outcome space."""
    return type_of(node).endswith("OutcomeSpace")


def issues_of(read: Nodes, root: KeyedNode) -> tuple[Issue, ...] | None:
    """The issues of an outcome space; nothing, with problems, where they cannot be used."""
    nodes = read.items(read.under(root, "issues"), "`issues`")
    if nodes is None:
        return None
    if not nodes:
        read.problems.add(root, "there is no issue")
        return None
    found = [_issue(read, node, number) for number, node in enumerate(nodes)]
    issues = tuple(issue for issue in found if issue is not None)
    if len(issues) < len(found):
        return None
    for number, (issue, node) in enumerate(zip(issues, nodes, strict=True)):
        if issue.name in {other.name for other in issues[:number]}:
            read.problems.add(node, f"two issues have the name '{issue.name}'")
            return None
    wrong = unusable(issues)
    if wrong is not None:
        read.problems.add(root, wrong)
        return None
    return issues


def _issue(read: Nodes, node: Node, number: int) -> Issue | None:
    if not isinstance(node, KeyedNode):
        read.problems.add(node, "an issue must be a mapping")
        return None
    name, kind = read.under(node, "name"), type_of(node)
    values = read.items(read.under(node, "values"), "`values`")
    if not isinstance(name, Scalar) or values is None:
        return None
    where = node.get("type") or node
    if kind in _CONTINUOUS:
        hint = "make it discrete in NegMAS first: scenario.discretize()"
        read.problems.add(where, f"the issue '{name.text}' is continuous, which cannot be taken", hint)
        return None
    if kind in _RANGES:
        return _range(read, node, name.text, number=number, values=values)
    if kind not in _LISTS:
        hint = f"it can be: {', '.join((*_RANGES[:1], *_LISTS[:3]))}"
        read.problems.add(where, f"an issue of the type '{kind}' cannot be taken", hint)
        return None
    texts = read.words(node, values, name.text)
    many = None if texts is None else too_many(name.text, len(texts))
    if many is not None:
        read.problems.add(node, many)
    return None if texts is None or many is not None else Issue(name.text, texts, number)


def _range(read: Nodes, node: KeyedNode, name: str, *, number: int, values: Sequence[Node]) -> Issue | None:
    bounds = [value.value for value in values if isinstance(value, Scalar) and type(value.value) is int]
    if len(bounds) != 2 or len(values) != 2 or bounds[0] > bounds[1]:  # noqa: PLR2004 - the ends of a range
        read.problems.add(node, f"the values of '{name}' must be the lowest and the highest whole number")
        return None
    low, high = bounds
    many = too_many(name, high - low + 1)
    if many is not None:
        read.problems.add(node, many, "write fewer values in NegMAS first")
        return None
    return Issue(name, tuple(str(value) for value in range(low, high + 1)), number, low)
