"""Names of values as they are written: a list of names, or a mapping that gives each its words for readers."""

from __future__ import annotations

from collections.abc import Iterable

from negsim.clean import on_one_line
from negsim.language.draft import Draft, scalars
from negsim.language.nodes import KeyedNode, Node, Scalar
from negsim.language.tongues import in_each


def value_names(node: Node) -> tuple[Scalar, ...]:
    """The names, in the order of the file."""
    return tuple(entry.key for entry in node.entries.values()) if isinstance(node, KeyedNode) else scalars(node)


def value_words(draft: Draft, node: Node) -> dict[str, str]:
    """The words of each name, none for a list."""
    entries = node.entries.items() if isinstance(node, KeyedNode) else ()
    return distinct(draft, ((name, entry.value) for name, entry in entries))


def distinct(draft: Draft, pairs: Iterable[tuple[str, Node | None]]) -> dict[str, str]:
    """Names with their words on one line; a problem where two names read alike, since a reader tells them by these."""
    at = {name: each for name, each in pairs if isinstance(each, Scalar)}
    for tongue in dict.fromkeys(["", *(tongue for each in at.values() for tongue in each.said)]):
        names: dict[str, str] = {}
        for name, each in at.items():
            read = each.said.get(tongue, in_each(each)[0])
            words = on_one_line(read.text)
            other = names.setdefault(words, name)
            if other != name:
                hint = f"readers see the words alone, and could not tell `{name}` from `{other}`"
                draft.problems.add(read, f"'{words}' is said of `{other}` already", hint)
    return {name: on_one_line(each.text) for name, each in at.items()}
