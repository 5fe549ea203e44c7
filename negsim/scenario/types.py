"""The types a value can have (language reference, "Values").

Values are plain Python: an enumeration's value and an actor are `str`, a whole number is `int`,
a truth is `bool`, a real number is `float`.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from negsim.scenario.words import UNSETTLED

Value = str | int | bool | float
TermOption = str | int  # what an issue of talks can come to: a name or a number

NOBODY = "nobody"
MANY_NUMBERS = 12  # more are not told one by one


@attrs.frozen
class Enumeration:
    """One of a few named values; `words` says how a value reads where it is not its name that does.

    Words are for readers: two types that differ in nothing else are equal.
    """

    values: tuple[str, ...]
    words: Mapping[str, str] = attrs.field(factory=dict, eq=False, repr=False)

    def __str__(self) -> str:
        return "one of " + ", ".join(self.values)


@attrs.frozen
class Whole:
    """A whole number; bounded (both ends included) where it is kept as state."""

    low: int | None = None
    high: int | None = None

    def __str__(self) -> str:
        return "a whole number" if self.low is None else f"a whole number {self.low}..{self.high}"


@attrs.frozen
class Numbers(Whole):
    """One of a few whole numbers, which talks can settle on; with `unsettled` also the word for none of them.

    `words` are for readers, as those of an enumeration, by the number as it is written.
    """

    values: tuple[int, ...] = ()
    words: Mapping[str, str] = attrs.field(factory=dict, eq=False, repr=False)
    unsettled: bool = False

    def __str__(self) -> str:
        if len(self.values) <= MANY_NUMBERS:
            return "one of " + ", ".join(map(str, self.every))
        found = f"one of {len(self.values):,} whole numbers {self.low}..{self.high}"
        return f"{found}, or {UNSETTLED}" if self.unsettled else found

    @property
    def every(self) -> tuple[str | int, ...]:
        """All that it can be."""
        return (*self.values, UNSETTLED) if self.unsettled else self.values


@attrs.frozen
class Truth:
    """True or false."""

    def __str__(self) -> str:
        return "true or false"


@attrs.frozen
class Real:
    """A real number."""

    def __str__(self) -> str:
        return "a number"


@attrs.frozen
class ActorOf:
    """An actor out of a known few, in roster order; `nobody` too where that is allowed."""

    actors: tuple[str, ...]
    group: str | None = None
    nobody: bool = False

    def __str__(self) -> str:
        return f"a member of {self.group}" if self.group else "an actor"


Type = Enumeration | Whole | Truth | Real | ActorOf

TRUTH = Truth()
WHOLE = Whole()
REAL = Real()


def options_of(kind: Type | None) -> tuple[TermOption, ...]:
    """The options of an issue, by the type of its term or of a package's; none where that is not known."""
    match kind:
        case Enumeration():
            return tuple(word for word in kind.values if word != UNSETTLED)
        case Numbers():
            return kind.values
        case _:
            return ()


def is_number(kind: Type) -> bool:
    """Whether values of this type are numbers."""
    return isinstance(kind, Whole | Real)


def allowed(kind: Type) -> tuple[str, ...]:
    """The words that a value of this type can be, in order; none for numbers."""
    match kind:
        case Enumeration():
            return kind.values
        case ActorOf():
            return (*kind.actors, NOBODY) if kind.nobody else kind.actors
        case Truth():
            return ("true", "false")
        case Numbers(unsettled=True):
            return (UNSETTLED,)
        case Whole() | Real():
            return ()


def fits(value: Value, kind: Type) -> bool:
    """Whether a value belongs to a type, its bounds included."""
    match kind:
        case Numbers():
            if isinstance(value, str):
                return kind.unsettled and value == UNSETTLED
            return not isinstance(value, bool | float) and value in kind.values
        case Whole():
            if not isinstance(value, int) or isinstance(value, bool):
                return False
            return kind.low is None or kind.high is None or kind.low <= value <= kind.high
        case Real():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Truth():
            return isinstance(value, bool)
        case Enumeration() | ActorOf():
            return value in allowed(kind)
