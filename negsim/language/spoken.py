"""Texts that are given by languages: the head of a scenario names these, and each text has the first of them."""

from __future__ import annotations

import re
from collections.abc import Callable

import attrs

from negsim.language.nodes import Items, KeyedNode, Node, Scalar
from negsim.language.problems import Problems
from negsim.language.shape import Text
from negsim.language.tongues import TAG, same_tongue, unknown

Check = Callable[[Node, Text, str, Problems], Node | None]


def read_tongues(root: Node, problems: Problems) -> None:
    """Takes the languages from the head of a scenario, before anything else is read."""
    tongues = problems.tongues
    listed = root.get("languages") if isinstance(root, KeyedNode) else None
    for word in listed.items if isinstance(listed, Items) else ():
        if isinstance(word, Scalar) and re.fullmatch(TAG, word.text):
            if same_tongue(word.text, tongues.declared) is not None:
                problems.add(word, f"'{word.text}' is named twice")
            else:
                tongues.declared = (*tongues.declared, word.text)


def spoken(node: KeyedNode, shape: Text, label: str, *, problems: Problems, check: Check) -> Node | None:
    """A text by languages: the one that is read, with the others beside it, once all are fine."""
    declared = problems.tongues.declared
    if not declared:
        _no_head(node, label, problems)
        return None
    texts: dict[str, Scalar] = {}
    fine = True
    for name, entry in node.entries.items():
        found = None
        if name in declared:
            found = check(entry.value, attrs.evolve(shape, spoken=False), f"{label} in '{name}'", problems)
        else:
            problems.add(entry.key, f"'{name}' is no language of this scenario", unknown(name, declared))
        if isinstance(found, Scalar):
            texts[name] = found
        fine &= found is not None
    first = declared[0]
    if fine and first not in texts:
        hint = "the first of `languages` is shown where another is not given"
        problems.add(node, f"{label} is not given in '{first}'", hint)
    return problems.tongues.picked(texts) if fine and first in texts else None


def _no_head(node: KeyedNode, label: str, problems: Problems) -> None:
    """Says, once, that texts are given by languages that the head does not name."""
    if not problems.tongues.is_missed:
        problems.tongues.is_missed = True
        hint = f"name them at the head of the scenario: `languages: [{', '.join(node.entries)}]`"
        problems.add(node, f"{label} is given by languages, and the scenario does not name its languages", hint)
