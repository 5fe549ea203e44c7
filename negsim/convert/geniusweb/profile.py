"""A profile of GeniusWeb -> what the packages of a domain are worth to one party."""

from __future__ import annotations

from collections.abc import Sequence

from negsim.convert.domain import Issue, Profile
from negsim.convert.geniusweb.numbers import line_in, written, written_alike
from negsim.convert.nodes import Nodes, not_null
from negsim.errors import did_you_mean
from negsim.language.nodes import KeyedNode, Node, Scalar

PROFILE = "LinearAdditiveUtilitySpace"
_OTHERS = ("SumOfGroupsUtilitySpace", "DefaultPartialOrdering")  # profiles that are no sum over issues
# As they are called now, and were before.
_TABLES = ("DiscreteValueSetUtilities", "discreteutils")
_LINES = ("NumberValueSetUtilities", "numberutils")


def is_profile(node: KeyedNode) -> bool:
    """Whether a file holds a profile."""
    return any(node.has(key) for key in (PROFILE, *_OTHERS))


def profile_of(read: Nodes, root: KeyedNode, name: str, *, issues: Sequence[Issue]) -> Profile | None:
    """A profile over the issues; nothing, with problems, where it cannot be used."""
    space = root.get(PROFILE)
    if not isinstance(space, KeyedNode):
        other = next((key for key in _OTHERS if key in root.entries), None)
        where = root.entries[other].key if other is not None else space or root
        read.problems.add(where, "this utility cannot be taken", f"only a sum over issues is taken: {PROFILE}")
        return None
    weights = read.numbers(read.by_issue(read.under(space, "issueWeights"), issues, "issueWeights"))
    nodes = read.by_issue(read.under(space, "issueUtilities"), issues, "issueUtilities")
    rows = None if nodes is None else [_row(read, node, issue) for node, issue in zip(nodes, issues, strict=True)]
    if weights is None or rows is None or read.problems:
        return None
    worths = tuple(tuple(weight * each for each in row or ()) for weight, row in zip(weights, rows, strict=True))
    reservation, remarks = _reservation(read, space, issues, worths)
    return None if read.problems else Profile(name, root.sheet.name, worths, 0.0, reservation, remarks)


def _row(read: Nodes, node: Node, issue: Issue) -> list[float] | None:
    """What each value of an issue is worth, before its weight."""
    table, line = _under_one(node, _TABLES), _under_one(node, _LINES)
    if table is not None:
        return read.table(table.get("valueUtilities"), table, issue)
    if line is not None:
        return _on_a_line(read, line, issue)
    hint = f"it can be: {_TABLES[0]}, {_LINES[0]}"
    read.problems.add(node, f"what '{issue.name}' is worth is no utility that can be taken", hint)
    return None


def _under_one(node: Node, keys: Sequence[str]) -> KeyedNode | None:
    """The mapping under one of these keys."""
    found = [node.get(key) for key in keys] if isinstance(node, KeyedNode) else []
    return next((each for each in found if isinstance(each, KeyedNode)), None)


def _on_a_line(read: Nodes, node: KeyedNode, issue: Issue) -> list[float] | None:
    if issue.bounds is None:
        hint = f"give each value its utility: {_TABLES[0]}"
        read.problems.add(node, f"'{issue.name}' is no range, and only a range has utilities between two ends", hint)
        return None
    line = line_in(read, node)
    if line is None:
        return None
    if (line.low, line.high) != issue.bounds:
        low, high = map(written, issue.bounds)
        read.problems.add(node, f"the utilities of '{issue.name}' must be from {low} to {high}, as in the domain")
        return None
    return [line.at(option) for option in issue.options]


def _reservation(
    read: Nodes, space: KeyedNode, issues: Sequence[Issue], worths: Sequence[Sequence[float]]
) -> tuple[float | None, tuple[str, ...]]:
    """What no deal is worth, and a remark where any deal is better."""
    bid = not_null(space, "reservationBid")
    if bid is None:
        return None, ("There is no reservation bid: any deal is taken to be better than none.",)
    values = read.under(bid, "issuevalues") if isinstance(bid, KeyedNode) else bid
    nodes = read.by_issue(values, issues, "the reservation bid")
    total = 0.0
    for node, issue, row in zip(nodes or (), issues, worths, strict=False):
        given = node.text if isinstance(node, Scalar) else ""
        text = given if issue.bounds is None else written_alike(given)
        if text in issue.options:
            total += row[issue.options.index(text)]
        else:
            read.problems.add(node, f"this is no value of '{issue.name}'", did_you_mean(text, issue.options))
    return total, ()
