"""The shapes that a part of a scenario can have.

Files are checked against them (`structure.py`), and the JSON Schema is made from them (`json_schema.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

LONGEST_TEXT = 10_000
MOST_DIGITS = 15


@attrs.frozen
class Text:
    """A text of any words; `pattern` narrows it, `wanted` says how in words, `instead` what to do where it is empty.

    `spoken` is for readers: in its place can stand a mapping of languages to texts.
    """

    wanted: str = "a text"
    pattern: str | None = None
    longest: int = LONGEST_TEXT
    instead: str = "leave the key out if there is none"
    spoken: bool = False


@attrs.frozen
class Word:
    """One of a few fixed words."""

    words: tuple[str, ...]


@attrs.frozen
class WholeNumber:
    """A whole number, bounds included."""

    low: int
    high: int


@attrs.frozen
class AnyNumber:
    """A number."""


@attrs.frozen
class Flag:
    """`true` or `false`."""


@attrs.frozen
class Value:
    """A word, a number or a truth, as the place asks for."""


@attrs.frozen
class FormulaShape:
    """An expression of the language: a text, a number or a truth."""

    wanted: str = "an expression"


@attrs.frozen
class ListOf:
    """A list of like things."""

    item: Shape
    least: int = 0


@attrs.frozen
class MapOf:
    """Names, each with a like thing. `open_keys`: the keys are looked at later, by their meaning."""

    item: Shape
    what: str = "a name"


@attrs.frozen
class PartOf:
    """A key of a record: what stands under it, and what it is for."""

    shape: Shape
    about: str
    required: bool = False


@attrs.frozen
class Record:
    """Fixed keys. `others` is the shape under keys that are known only later, if there are such."""

    parts: Mapping[str, PartOf]
    others: Shape | None = None


@attrs.frozen
class ByForm:
    """One shape for a single value, one for a list, one for a mapping; those that are allowed."""

    wanted: str
    scalar: Shape | None = None
    listed: Shape | None = None
    keyed: Shape | None = None


@attrs.frozen
class Later:
    """A mapping of one shape or another, which only its meaning tells; it is checked there."""

    shapes: tuple[Shape, ...]


Shape = Text | Word | WholeNumber | AnyNumber | Flag | Value | FormulaShape | ListOf | MapOf | Record | ByForm | Later


def wanted(shape: Shape) -> str:
    """What a shape is, in words."""
    match shape:
        case Text() | FormulaShape() | ByForm():
            return shape.wanted
        case Word():
            return " or ".join(shape.words) if len(shape.words) < 3 else "one of " + ", ".join(shape.words)  # noqa: PLR2004
        case WholeNumber():
            return f"a whole number {shape.low}..{shape.high}" if shape.low < shape.high else str(shape.low)
        case AnyNumber():
            return "a number"
        case Flag():
            return "true or false"
        case Value():
            return "a value"
        case ListOf():
            return "a list"
        case MapOf() | Record() | Later():
            return "a mapping (`key: value`)"
