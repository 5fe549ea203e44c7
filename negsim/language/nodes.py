"""What a YAML text is made of: scalars, lists and mappings, each with its place."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

Plain = str | int | float | bool | None


@attrs.frozen(eq=False, repr=False)
class Sheet:
    """One file: its name as shown, its path relative to the root's folder, its text.

    `order` is its place in the order of reading; the root is 0.
    """

    name: str
    path: str
    text: str
    order: int = 0
    lines: tuple[str, ...] = attrs.field(init=False)

    @lines.default
    def _split(self) -> tuple[str, ...]:
        return tuple(self.text.splitlines())


@attrs.frozen(eq=False)
class Scalar:
    """A single value: its text, and the value that YAML 1.2 gives it.

    `style` is empty for plain text, else the sign that opens it: `'`, `"`, `|` or `>`. `said` is the same text in each
    language that it is given in, the scenario's first before others; nothing for a text without languages.
    """

    sheet: Sheet
    line: int
    column: int
    text: str
    value: Plain
    style: str
    said: Mapping[str, Scalar] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class Items:
    """A list."""

    sheet: Sheet
    line: int
    column: int
    items: tuple[Node, ...]

    @property
    def is_flow(self) -> bool:
        """Whether it stands between brackets."""
        line = self.sheet.lines[self.line - 1] if self.line <= len(self.sheet.lines) else ""
        return line.startswith("[", self.column - 1)


@attrs.frozen(eq=False)
class KeyedEntry:
    """A key with what stands under it."""

    key: Scalar
    value: Node


@attrs.frozen(eq=False)
class KeyedNode:
    """A mapping. `broken` names keys that were given, but with something that cannot be used."""

    sheet: Sheet
    line: int
    column: int
    entries: Mapping[str, KeyedEntry]
    flow: bool = False
    broken: frozenset[str] = frozenset()

    def get(self, key: str) -> Node | None:
        """What stands under a key; nothing where it is missing or broken."""
        entry = self.entries.get(key)
        return None if entry is None else entry.value

    def has(self, key: str) -> bool:
        """Whether the author gave this key, broken or not."""
        return key in self.entries or key in self.broken


Node = Scalar | Items | KeyedNode


def extent(node: Node) -> tuple[int, int, int]:
    """The line, the column and the width to underline for a node."""
    if not isinstance(node, Scalar):
        return node.line, node.column, 1
    if not node.style:
        line, column = spot(node, 0)
        return line, column, max(1, len(node.text))
    return node.line, node.column, len(node.text) + 2 if node.style in "'\"" else 1


def spot(leaf: Scalar, offset: int) -> tuple[int, int]:
    """The line and column in the file of one character of a scalar's text."""
    line = leaf.sheet.lines[leaf.line - 1] if leaf.line <= len(leaf.sheet.lines) else ""
    if not leaf.style and line.startswith(leaf.text, leaf.column - 1):
        return leaf.line, leaf.column + offset
    return _walk(leaf, sum(1 for c in leaf.text[:offset] if not c.isspace()))


def _walk(leaf: Scalar, count: int) -> tuple[int, int]:
    """The place of a scalar's visible character number `count`: folding moves blanks alone."""
    lines = leaf.sheet.lines
    number, column = leaf.line - 1, _past_anchor(leaf) + (leaf.style in ("'", '"'))
    if leaf.style in ("|", ">"):
        number, column = number + 1, 0
    while number < len(lines):
        line = lines[number]
        while column < len(line):
            if not line[column].isspace():
                if count == 0:
                    return number + 1, column + 1
                count -= 1
                escaped = leaf.style == "'" and line.startswith("''", column)
                column += escaped or (leaf.style == '"' and line[column] == "\\")
            column += 1
        number, column = number + 1, 0
    return leaf.line, leaf.column


def _past_anchor(leaf: Scalar) -> int:
    """The column (from 0) where a scalar begins, after an anchor or a tag."""
    line = leaf.sheet.lines[leaf.line - 1] if leaf.line <= len(leaf.sheet.lines) else ""
    column = leaf.column - 1
    while column < len(line) and line[column] in "&!":
        while column < len(line) and not line[column].isspace():
            column += 1
        while column < len(line) and line[column].isspace():
            column += 1
    return column
