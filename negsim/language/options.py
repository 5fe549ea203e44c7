"""The options of an issue: names, or whole numbers; a list, a range, or a mapping with words for readers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from negsim.language.draft import Draft
from negsim.language.kinds import enumeration
from negsim.language.nodes import Items, KeyedNode, Node, Scalar
from negsim.language.tokens import MOST_DIGITS
from negsim.language.value_words import value_names, value_words
from negsim.scenario.types import Enumeration, Numbers
from negsim.scenario.words import UNSETTLED

MOST_OPTIONS = 20_000  # of an issue; what bounds talks is their packages, and the bytes of the file
_STEPS = re.compile(r"\s*(-?[0-9]+)\s*\.\.\s*(-?[0-9]+)(?:\s+step\s+([0-9]+))?\s*", re.ASCII)


def read_options(draft: Draft, key: Scalar, node: Node | None) -> Enumeration | Numbers | None:
    """What can be settled on; nothing, with a problem, where that is not told."""
    if isinstance(node, Scalar):
        return _range(draft, key, node)
    if not isinstance(node, Items | KeyedNode):
        return None
    written = value_names(node)
    if len(written) > MOST_OPTIONS:
        draft.problems.add(written[MOST_OPTIONS], f"more than {MOST_OPTIONS:,} options")
        return None
    is_number = [isinstance(word.value, int) and not isinstance(word.value, bool) for word in written]
    numbers = [word for word, fits in zip(written, is_number, strict=True) if fits]
    first = bool(is_number) and is_number[0]  # it says what the others should be
    kind = _numbers(draft, node, numbers) if first else _words(draft, key, node, written)
    if len(written) == 1:
        _only_one(draft, key)
    if isinstance(node, KeyedNode):
        _check_unsettled(draft, node)
    return kind


def _only_one(draft: Draft, key: Scalar) -> None:
    hint = "there is nothing to negotiate; leave the issue out"
    draft.problems.add(key, f"`{key.text}` has one option", hint)


def _words(draft: Draft, key: Scalar, node: Items | KeyedNode, written: Iterable[Scalar]) -> Enumeration | None:
    reserved = next((word for word in written if word.text == UNSETTLED), None)
    if reserved is not None:
        hint = f"`{key.text}` is {UNSETTLED} until there is an agreement; take another name for the option"
        draft.problems.add(reserved, f"'{UNSETTLED}' is no option", hint)
    instead = "the options of an issue are all words that begin with a letter, or all whole numbers"
    kind = enumeration(draft, node, instead=instead, most=MOST_OPTIONS)
    return None if reserved is not None else kind


def _numbers(draft: Draft, node: Items | KeyedNode, numbers: list[Scalar]) -> Numbers | None:
    fine = not (isinstance(node, KeyedNode) and node.broken)
    found: dict[int, None] = {}
    for word in value_names(node):
        value = word.value
        if word not in numbers or not isinstance(value, int):
            hint = "the options of an issue are all whole numbers, or all words"
            draft.problems.add(word, f"'{word.text}' stands beside numbers", hint)
            fine = False
        elif len(str(abs(value))) > MOST_DIGITS:
            draft.problems.add(word, f"a number of more than {MOST_DIGITS} digits")
            fine = False
        elif value in found:
            draft.problems.add(word, f"'{word.text}' is named twice")
        else:
            found[value] = None
    words = {str(word.value): value_words(draft, node).get(word.text) for word in numbers}
    said = {number: text for number, text in words.items() if text is not None}
    return Numbers(min(found), max(found), tuple(found), said) if fine and found else None


def _range(draft: Draft, key: Scalar, node: Scalar) -> Numbers | None:
    """`lo..hi`, or `lo..hi step n`."""
    match = _STEPS.fullmatch(node.text)
    if match is None:
        hint = "write a list, or whole numbers with two dots between: 30..120, or 30..120 step 30"
        draft.problems.add(node, f"'{node.text}' is no list of options, and no range", hint)
        return None
    if max(len(part.lstrip("-")) for part in match.groups(default="1")) > MOST_DIGITS:
        draft.problems.add(node, f"a number of more than {MOST_DIGITS} digits")
        return None
    low, high, step = int(match[1]), int(match[2]), int(match[3] or 1)
    if low > high:
        draft.problems.add(node, f"nothing is in {low}..{high}", f"write {high}..{low}")
    elif step == 0:
        draft.problems.add(node, "a step of 0 leads nowhere", "write a step of 1 or more, or none")
    elif (high - low) // step >= MOST_OPTIONS:
        draft.problems.add(node, f"more than {MOST_OPTIONS:,} options", "take a larger step")
    elif (high - low) % step:
        last = high - (high - low) % step
        draft.problems.add(
            node, f"steps of {step} from {low} do not come to {high}", f"write {low}..{last} step {step}"
        )
    elif low == high:
        _only_one(draft, key)
    else:
        return Numbers(low, high, tuple(range(low, high + 1, step)))
    return None


def _check_unsettled(draft: Draft, node: KeyedNode) -> None:
    for entry in node.entries.values():
        if isinstance(entry.value, Scalar) and entry.value.text.strip() == UNSETTLED:
            draft.problems.add(entry.value, f"'{UNSETTLED}' is what is read before there is an agreement")
