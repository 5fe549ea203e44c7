"""A domain of GeniusWeb -> its issues: values that are written out, and ranges of numbers."""

from __future__ import annotations

from negsim.convert.domain import Issue, too_many, unusable
from negsim.convert.geniusweb.numbers import range_in
from negsim.convert.nodes import Nodes
from negsim.language.nodes import KeyedNode, Node

DOMAIN = "issuesValues"


def is_domain(node: KeyedNode) -> bool:
    """Whether a file holds a domain."""
    return node.has(DOMAIN)


def issues_of(read: Nodes, root: KeyedNode) -> tuple[Issue, ...] | None:
    """The issues of a domain, in the order of the file; nothing, with problems, where they cannot be used."""
    given = root.get(DOMAIN)
    if not isinstance(given, KeyedNode) or not given.entries:
        read.problems.add(given or root, f"`{DOMAIN}` must be a mapping with issues")
        return None
    entries = enumerate(given.entries.items())
    found = [_issue(read, name, entry.value, number) for number, (name, entry) in entries]
    issues = tuple(issue for issue in found if issue is not None)
    if len(issues) < len(found):
        return None
    wrong = unusable(issues)
    if wrong is not None:
        read.problems.add(given, wrong)
        return None
    return issues


def _issue(read: Nodes, name: str, node: Node, number: int) -> Issue | None:
    if not isinstance(node, KeyedNode):
        read.problems.add(node, "an issue must be a mapping")
        return None
    if node.has("range"):
        return _range(read, name, node.entries["range"].value, number)
    values = read.items(read.under(node, "values"), "`values`")
    texts = None if values is None else read.words(node, values, name)
    many = None if texts is None else too_many(name, len(texts))
    if many is not None:
        read.problems.add(node, many)
    return None if texts is None or many is not None else Issue(name, texts, number)


def _range(read: Nodes, name: str, node: Node, number: int) -> Issue | None:
    found = range_in(read, node)
    if found is None:
        return None
    wrong = too_many(name, found.size) if found.size else f"the range of '{name}' holds nothing"
    if wrong is not None:
        read.problems.add(node, wrong, "`low` to `high` in steps of `step`; with larger steps there are fewer values")
        return None
    return Issue(name, found.values, number, bounds=(found.low, found.high))
