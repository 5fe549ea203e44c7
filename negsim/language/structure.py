"""The check of a node against a shape: what does not fit is a problem with a way out."""

from __future__ import annotations

import re
from difflib import get_close_matches

import attrs

from negsim.errors import did_you_mean
from negsim.language.meant import key_for, number_for
from negsim.language.nodes import Items, KeyedEntry, KeyedNode, Node, Scalar
from negsim.language.problems import Problems
from negsim.language.shape import (
    MOST_DIGITS,
    AnyNumber,
    ByForm,
    Flag,
    FormulaShape,
    Later,
    ListOf,
    MapOf,
    Record,
    Shape,
    Text,
    Value,
    WholeNumber,
    Word,
    wanted,
)
from negsim.language.spoken import spoken
from negsim.language.tongues import looks_spoken

MOST_SIMILAR = 100


def check(node: Node, shape: Shape, label: str, problems: Problems) -> Node | None:
    """The node without the parts that do not fit, each with a problem; nothing where all of it does not."""
    match shape, node:
        case ByForm(), _:
            return _check_form(node, shape, label, problems)
        case ListOf(), Items():
            return _check_items(node, shape, label, problems)
        case MapOf(), KeyedNode():
            return _check_map(node, shape, problems)
        case Record(), KeyedNode():
            return _check_record(node, shape, label, problems)
        case Later(), KeyedNode():
            return node
        case Text(spoken=True), KeyedNode() if looks_spoken(node, problems.tongues.declared):
            return spoken(node, shape, label, problems=problems, check=check)
        case ((Record() | MapOf() | Later()), Scalar(value=None)):
            empty = KeyedNode(node.sheet, node.line, node.column, {})
            return check(empty, shape, label, problems)
        case ((ListOf() | MapOf() | Record() | Later()), _):
            return _wrong(node, shape, label, problems)
        case _, Scalar():
            return _check_scalar(node, shape, label, problems)
        case _:
            return _wrong(node, shape, label, problems)


def _wrong(node: Node, shape: Shape, label: str, problems: Problems, *, hint: str | None = None) -> Node | None:
    given = _given(node)
    if given == "nothing":
        instead = shape.instead if isinstance(shape, Text) else Text().instead
        problems.add(node, f"{label} is empty", hint or f"it must be {wanted(shape)}; {instead}")
        return None
    if isinstance(node, KeyedNode) and node.flow and isinstance(shape, FormulaShape | Text):
        hint = hint or "quote a text that begins with a brace"
    hint = hint or _mapping_meant(node, shape)
    needed = wanted(shape).replace("a day, a date", f"{problems.step.a}, a date")  # where a step is asked for
    problems.add(node, f"{label} must be {needed}, not {given}", hint)
    return None


_MAIN = ("initial", "value", "emit", "when", "quote", "title", "name", "text")


def _mapping_meant(node: Node, shape: Shape) -> str | None:
    """How a single value is written that stands for a mapping."""
    inner = shape.shapes[0] if isinstance(shape, Later) else shape
    if not isinstance(node, Scalar):
        return None
    short = node.text if len(node.text) <= 40 else "…"  # noqa: PLR2004 - as much as a message shows
    if isinstance(inner, Record):
        main = None if "on" in inner.parts else next((key for key in _MAIN if key in inner.parts), None)
        return f"write {{{main}: {short}}}" if main is not None else None
    if isinstance(inner, ListOf) or (isinstance(inner, ByForm) and inner.scalar is None and inner.listed is not None):
        return "a list is written in brackets: [a, b]"
    if isinstance(inner, MapOf) and (found := re.fullmatch(r"([\w.]+) *:?= *([^=].*)", node.text)):
        return f"write {{{found[1]}: {found[2]}}}"
    return None


def _given(node: Node) -> str:
    match node:
        case Items():
            return "a list"
        case KeyedNode():
            return "a mapping"
        case Scalar(value=None):
            return "nothing"
        case Scalar():
            short = node.text if len(node.text) <= 40 else node.text[:39] + "…"  # noqa: PLR2004
            return f"'{' '.join(short.split())}'"


def _check_form(node: Node, shape: ByForm, label: str, problems: Problems) -> Node | None:
    inner = {Scalar: shape.scalar, Items: shape.listed, KeyedNode: shape.keyed}[type(node)]
    if inner is None and isinstance(node, Scalar) and node.value is None and isinstance(shape.keyed, Record):
        inner = shape.keyed
    if inner is None:
        return _wrong(node, shape, label, problems)
    return check(node, inner, label, problems)


def _check_items(node: Items, shape: ListOf, label: str, problems: Problems) -> Node | None:
    if len(node.items) < shape.least:
        problems.add(node, f"{label} must not be empty")
        return None
    kept = [check(item, shape.item, f"an item of {label}", problems) for item in node.items]
    if all(a is b for a, b in zip(kept, node.items, strict=True)):
        return node
    return attrs.evolve(node, items=tuple(item for item in kept if item is not None))


def _check_map(node: KeyedNode, shape: MapOf, problems: Problems) -> Node:
    kept: dict[str, KeyedEntry] = {}
    broken = set(node.broken)
    last: str | None = None
    for name, entry in node.entries.items():
        if "{" in name:
            word = name.split("{")[0].strip()
            problems.add(
                entry.key, f"'{name}' is no name", f"write `{word}: {{…}}`: a colon and a blank before the brace"
            )
            broken |= {name, word}
            continue
        if last is not None and node.flow and _is_empty(entry) and isinstance(shape.item, Text | FormulaShape | ByForm):
            hint = f"the comma before it ends `{last}`: {_instead_of_a_comma(shape.item, name)}"
            problems.add(entry.key, f"nothing stands under '{name}'", hint)
            broken |= {name, last}
            continue
        last = name
        value = check(entry.value, shape.item, f"`{name}`", problems)
        if value is None:
            broken.add(name)
        kept[name] = entry if value is entry.value or value is None else KeyedEntry(entry.key, value)
    return attrs.evolve(node, entries={k: v for k, v in kept.items() if k not in broken}, broken=frozenset(broken))


def _check_record(node: KeyedNode, shape: Record, label: str, problems: Problems) -> Node:
    kept: dict[str, KeyedEntry] = {}
    broken = set(node.broken)
    last: str | None = None
    after_torn = False
    for name, entry in node.entries.items():
        part = shape.parts.get(name)
        inner = part.shape if part is not None else shape.others
        if inner is None:
            broken.add(name)
            torn = last is not None and node.flow and _is_torn_off(entry, shape)
            if torn and last is not None:
                broken.add(last)
            if not (torn and after_torn):
                _unknown_key(entry, shape, (label, last if torn else None), problems)
            after_torn = torn
            continue
        last, after_torn = name, False
        value = check(entry.value, inner, f"`{name}`", problems)
        if value is None:
            broken.add(name)
        else:
            kept[name] = entry if value is entry.value else KeyedEntry(entry.key, value)
    return attrs.evolve(node, entries={k: v for k, v in kept.items() if k not in broken}, broken=frozenset(broken))


def _is_torn_off(entry: KeyedEntry, shape: Record) -> bool:
    """Whether a comma has torn this key off the text before it, as in `{emit: strike(a, b)}`."""
    return _is_empty(entry) and not get_close_matches(entry.key.text, shape.parts)


def _is_empty(entry: KeyedEntry) -> bool:
    return isinstance(entry.value, Scalar) and entry.value.value is None and not entry.value.style


def _unknown_key(entry: KeyedEntry, shape: Record, at: tuple[str, str | None], problems: Problems) -> None:
    """A problem with a key; `at` holds what it is a key of, and the key that it was torn off."""
    name = entry.key.text
    label, torn = at
    if torn is None:
        meant = key_for(name, shape.parts)
        hint = f"it is `{meant}` here" if meant else did_you_mean(name, [key for key in shape.parts if key != "note"])
        problems.add(entry.key, f"'{name}' is no key of {label}", hint)
        return
    part = shape.parts.get(torn)
    hint = f"the comma before it ends `{torn}`: {_instead_of_a_comma(part.shape if part is not None else None, name)}"
    problems.add(entry.key, f"'{name}' is no key of {label}", hint)


def _instead_of_a_comma(shape: Shape | None, rest: str) -> str:
    """How what a comma has torn is written; `rest` is what stands after it."""
    listed = isinstance(shape, ByForm) and shape.listed is not None and not _is_text(shape)
    if listed and rest.count("(") == rest.count(")"):
        return "several are a list in brackets, [a, b]"
    return f"quote {'a text' if _is_text(shape) else 'an expression'} that holds a comma"


def _is_text(shape: Shape | None) -> bool:
    inner = shape.scalar if isinstance(shape, ByForm) else shape
    return isinstance(inner, Text) and inner.wanted.startswith(Text().wanted)


def missing(node: KeyedNode, shape: Record, at: Node, problems: Problems) -> None:
    """A problem for each required key that was not given; `at` is where to point."""
    given = sorted(node.broken)[:MOST_SIMILAR]
    for name, part in shape.parts.items():
        if part.required and not node.has(name) and not get_close_matches(name, given):
            problems.add(at, f"`{name}` is missing", part.about)


def _check_scalar(node: Scalar, shape: Shape, label: str, problems: Problems) -> Node | None:
    value = node.value
    match shape:
        case Text():
            return _check_text(node, shape, label, problems)
        case Word():
            if node.text in shape.words:
                return node
            return _wrong(node, shape, label, problems, hint=did_you_mean(node.text, shape.words) if value else None)
        case WholeNumber():
            if isinstance(value, int) and not isinstance(value, bool) and shape.low <= value <= shape.high:
                return node
        case AnyNumber():
            if isinstance(value, int | float) and not isinstance(value, bool):
                return node
        case Flag():
            if isinstance(value, bool):
                return node
            hint = f"write {'true' if node.text.lower() in ('yes', 'on', 'true') else 'false'}"
            known = node.text.lower() in ("yes", "on", "true", "no", "off", "false")
            return _wrong(node, shape, label, problems, hint=hint if known else None)
        case Value() | FormulaShape():
            if value is not None and node.text.strip():
                return node
            return _wrong(attrs.evolve(node, value=None), shape, label, problems)
        case _:
            pass
    numeric = not node.style and re.match(r"[-+]?\.?([0-9]|nan|inf)", node.text, re.ASCII | re.IGNORECASE)
    bounds = f"a number is finite, and has at most {MOST_DIGITS} digits" if numeric and isinstance(value, str) else None
    meant = number_for(node.text, problems.step) if isinstance(value, str) else None
    if node.style and re.fullmatch(r"[-+]?\d+(\.\d+)?", node.text, re.ASCII):
        meant = "take the quotes away"
    return _wrong(node, shape, label, problems, hint=meant or bounds)


def _check_text(node: Scalar, shape: Text, label: str, problems: Problems) -> Node | None:
    if node.value is None or not node.text.strip():
        return _wrong(attrs.evolve(node, value=None), shape, label, problems)
    if len(node.text) > shape.longest:
        problems.add(node, f"{label} has more than {shape.longest} characters")
        return None
    if shape.pattern is not None and not re.fullmatch(shape.pattern, node.text, re.ASCII):
        return _wrong(node, shape, label, problems)
    return node
