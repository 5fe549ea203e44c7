"""What stands in the nodes of a YAML or JSON file: lists, numbers, tables, and a problem where one is wrong."""

from __future__ import annotations

import math
from collections.abc import Sequence

from negsim.convert.domain import Issue
from negsim.errors import did_you_mean
from negsim.language.nodes import Items, KeyedNode, Node, Scalar
from negsim.language.problems import Problems


class Nodes:
    """Reads the nodes of one file, and notes what is wrong with each."""

    def __init__(self, problems: Problems, warnings: Problems) -> None:
        self.problems = problems
        self.warnings = warnings

    def under(self, node: KeyedNode, key: str) -> Node | None:
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

    def numbers(self, nodes: Sequence[Node | None] | None, otherwise: float | None = None) -> list[float] | None:
        """Finite numbers; nothing, with problems, where one of them is none."""
        found = None if nodes is None else [self.number(node, otherwise) for node in nodes]
        return None if found is None or None in found else [each for each in found if each is not None]

    def words(self, node: KeyedNode, values: Sequence[Node], name: str) -> tuple[str, ...] | None:
        """An issue's values, written out; nothing, with a problem, where they are no words or numbers."""
        texts = tuple(value.text for value in values if isinstance(value, Scalar))
        if texts and len(texts) == len(values) and len(set(texts)) == len(texts):
            return texts
        self.problems.add(node, f"the values of '{name}' must be words or numbers, each once")
        return None

    def by_issue(self, node: Node | None, issues: Sequence[Issue], what: str) -> list[Node] | None:
        """One node an issue, of a list in their order or a mapping by their names; nothing, with problems, else."""
        if isinstance(node, Items):
            if len(node.items) != len(issues):
                self.problems.add(node, f"there are {len(node.items)} {what} for {len(issues)} issues")
                return None
            return list(node.items)
        if not isinstance(node, KeyedNode):
            if node is not None:
                self.problems.add(node, f"`{what}` must be a list")
            return None
        names = [issue.name for issue in issues]
        for entry in node.entries.values():
            if entry.key.text not in names:
                hint = did_you_mean(entry.key.text, names)
                self.problems.add(entry.key, f"the domain has no issue '{entry.key.text}'", hint)
        missing = next((name for name in names if name not in node.entries), None)
        if missing is not None:
            self.problems.add(node, f"`{what}` says nothing on the issue '{missing}'")
            return None
        return [node.entries[name].value for name in names]

    def table(self, mapping: Node | None, node: KeyedNode, issue: Issue) -> list[float] | None:
        """What a mapping gives each option of an issue; nothing, with problems, where it does not."""
        if not isinstance(mapping, KeyedNode):
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
        return self.numbers([mapping.get(option) for option in issue.options], 0.0)


def not_null(node: KeyedNode, key: str) -> Node | None:
    """What stands under a key; nothing where it is missing or null."""
    found = node.get(key)
    return None if isinstance(found, Scalar) and found.value is None else found
