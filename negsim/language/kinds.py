"""The type that a variable, an attribute or a field declares, and the values written for it."""

from __future__ import annotations

import re

import attrs

from negsim.errors import did_you_mean
from negsim.language.draft import Draft, value_of
from negsim.language.nodes import Items, KeyedNode, Node, Scalar
from negsim.language.tokens import MOST_DIGITS
from negsim.language.value_words import value_names, value_words
from negsim.scenario.types import REAL, TRUTH, ActorOf, Enumeration, Numbers, Real, Truth, Type, Value, Whole, allowed

MOST_VALUES = 1_000
_RANGE = re.compile(r"\s*(-?[0-9]+)\s*\.\.\s*(-?[0-9]+)\s*", re.ASCII)


def declared_type(draft: Draft, node: KeyedNode, key: Scalar) -> Type | None:
    """The type under `values`, `range` or `number`; true or false where there is none of them."""
    given = [word for word in ("values", "range", "number") if node.has(word)]
    if len(given) > 1:
        draft.problems.add(key, f"`{key.text}` has both `{given[0]}` and `{given[1]}`", "give one of them")
        return None
    values, bounds = node.get("values"), node.get("range")
    if values is not None:
        return values_type(draft, values)
    if isinstance(bounds, Scalar):
        return range_type(draft, bounds)
    if value_of(node, "number") is True:
        return REAL
    return None if given and given != ["number"] else TRUTH


def values_type(draft: Draft, node: Node) -> Type | None:
    """An enumeration (a list or a mapping) or a member of a group, or nobody (the group's name)."""
    if isinstance(node, Items | KeyedNode):
        return enumeration(draft, node)
    assert isinstance(node, Scalar)  # noqa: S101  # the structure has been checked
    world = draft.world
    if node.text not in world.groups:
        if not world.partial:
            hint = did_you_mean(node.text, world.groups)
            hint = hint if hint and hint.startswith("did") else "a list of values is written [a, b, c]"
            draft.problems.add(node, f"`{node.text}` is no group", hint)
        return None
    members = world.groups[node.text]
    return None if members is None else ActorOf(members, node.text, nobody=True)


_RANGED = "whole numbers are given as a range, lo..hi; or take words"


def enumeration(
    draft: Draft, node: Items | KeyedNode, *, instead: str = _RANGED, most: int = MOST_VALUES
) -> Enumeration | None:
    """An enumeration of words that can be names, each once; `instead` is what to write for numbers."""
    names = value_names(node)
    fine = not (isinstance(node, KeyedNode) and node.broken)
    if fine and not names:
        draft.problems.add(node, "no value is named")
        return None
    seen: set[str] = set()
    for word in names:
        fine = fine and _check_value(draft, word, instead)
        if word.text in seen:
            draft.problems.add(word, f"'{word.text}' is named twice")
        seen.add(word.text)
    if len(names) > most:
        draft.problems.add(names[0], f"more than {most} values")
        return None
    words = value_words(draft, node)
    return Enumeration(tuple(dict.fromkeys(word.text for word in names)), words) if fine else None


def _check_value(draft: Draft, word: Scalar, instead: str) -> bool:
    if isinstance(word.value, bool):
        hint = "something true or false has no `values`; or take other words"
        draft.problems.add(word, f"'{word.text}' is no name", hint)
        return False
    if isinstance(word.value, int | float):
        draft.problems.add(word, f"'{word.text}' is no name", instead)
        return False
    return draft.world.check_name(word)


def range_type(draft: Draft, node: Scalar) -> Whole | None:
    """`lo..hi`."""
    match = _RANGE.fullmatch(node.text)
    if match is None:
        draft.problems.add(node, f"'{node.text}' is no range", "write whole numbers with two dots between: 0..9")
        return None
    if max(len(part.lstrip("-")) for part in match.groups()) > MOST_DIGITS:
        draft.problems.add(node, f"a number of more than {MOST_DIGITS} digits")
        return None
    low, high = int(match[1]), int(match[2])
    if low > high:
        draft.problems.add(node, f"nothing is in {low}..{high}", f"write {high}..{low}")
        return None
    return Whole(low, high)


def literal(draft: Draft, node: Scalar, kind: Type, by: str) -> Value | None:
    """A value written as such (no expression), where it fits; nothing, with a problem, where it does not."""
    value = node.value
    match kind:
        case Enumeration() | ActorOf():
            if node.text in allowed(kind):
                return node.text
            draft.problems.add(node, f"'{node.text}' is no value of {by}", did_you_mean(node.text, allowed(kind)))
        case Truth():
            if isinstance(value, bool):
                return value
            word = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(
                node.text.lower(), node.text.lower()
            )
            hint = f"write {word}" if word in ("true", "false") else None
            if isinstance(value, int):
                hint = "a number needs a `range` beside it, as 0..9"
            draft.problems.add(node, f"{by} is true or false, and '{node.text}' is neither", hint)
        case Whole():
            whole = isinstance(value, int) and not isinstance(value, bool)
            if isinstance(value, int) and whole and _inside(value, kind):
                return value
            message = (
                f"{node.text} is outside {kind.low}..{kind.high}" if whole else f"'{node.text}' is no whole number"
            )
            draft.problems.add(node, message, f"{by} is {kind}")
        case Real():
            if isinstance(value, int | float) and not isinstance(value, bool):
                return value
            draft.problems.add(node, f"{by} is a number, and '{node.text}' is none")
    return None


def _inside(value: int, kind: Whole) -> bool:
    return kind.low is None or kind.high is None or kind.low <= value <= kind.high


def field_type(draft: Draft, node: Node) -> Type | None:
    """The type of an event's field: a list or mapping, a group, a variable's values, `actor`, `lo..hi`, `bool`."""
    if isinstance(node, Items | KeyedNode):
        return enumeration(draft, node)
    assert isinstance(node, Scalar)  # noqa: S101  # the structure has been checked
    world, word = draft.world, node.text
    if word == "actor":
        return ActorOf(world.all_actors())
    if word == "bool":
        return TRUTH
    if ".." in word:
        return range_type(draft, node)
    if word in world.groups:
        return world.member_type(word)
    kinds = _variable_types(draft)
    if word in kinds:
        kind = kinds[word]
        if isinstance(kind, Numbers):
            return attrs.evolve(kind, unsettled=False)
        if isinstance(kind, Enumeration | ActorOf | None):
            return kind
        draft.problems.add(node, f"`{word}` is {kinds[word]}, and has no values to take", "write bool, or lo..hi")
    elif word not in world.symbols or world.symbols[word] is not None:
        _no_kind(draft, node, list(kinds))
    return None


def _variable_types(draft: Draft) -> dict[str, Type | None]:
    kinds: dict[str, Type | None] = {}
    for variable in draft.variables.values():
        name = variable.name if variable.group is None else f"{variable.group}.{variable.name}"
        kinds[name] = variable.type
    for talks, terms in draft.world.talks.items():
        kinds |= {f"{talks}.{name}": kind for name, kind in (terms or {}).items()}
    return kinds


def _no_kind(draft: Draft, node: Scalar, variables: list[str]) -> None:
    if draft.world.partial:
        return
    known = [*draft.world.groups, *variables, "actor", "bool"]
    dotted = [name for name in variables if name.endswith(f".{node.text}")]
    hint = f"did you mean '{dotted[0]}'?" if dotted else did_you_mean(node.text, known)
    draft.problems.add(node, f"`{node.text}` is no group and no state variable", hint)
