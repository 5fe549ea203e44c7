"""Names of values as they are written: a list of names, or a mapping that gives each its words for readers."""

from __future__ import annotations

from collections.abc import Iterable

from negsim.clean import on_one_line
from negsim.language.draft import Draft, scalars
from negsim.language.nodes import KeyedNode, Node, Scalar


def value_names(node: Node) -> tuple[Scalar, ...]:
    """The names, in the order of the file."""
    return tuple(entry.key for entry in node.entries.values()) if isinstance(node, KeyedNode) else scalars(node)


def value_words(draft: Draft, node: Node) -> dict[str, str]:
    """The words of each name, none for a list."""
    entries = node.entries.items() if isinstance(node, KeyedNode) else ()
    return distinct(draft, ((name, entry.value) for name, entry in entries))


def distinct(draft: Draft, pairs: Iterable[tuple[str, Node | None]]) -> dict[str, str]:
    """Names with their words on one line; a problem where two names read alike, since a reader tells them by these."""
    found: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, at in pairs:
        if isinstance(at, Scalar):
            words = on_one_line(at.text)
            other = names.setdefault(words, name)
            if other != name:
                hint = f"readers see the words alone, and could not tell `{name}` from `{other}`"
                draft.problems.add(at, f"'{words}' is said of `{other}` already", hint)
            found[name] = words
    return found
