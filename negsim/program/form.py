"""Forms: what an expression comes to under settings, as data.

The specialiser makes them of typed expressions, and everything else reads them: closures turn them into Python,
facts tell what they read and between what they lie, the analyses of the solver and the reports look at them.

Where all settings and bound names are known, a form reads the state alone. Where some are left open (`OpenSetting`,
`BoundName`), members are not told apart (`Each`, `Called`, `Among`): such a form can be asked about, but not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from negsim.scenario.types import Type, Value


@attrs.frozen
class Fixed:
    """One value in every state."""

    value: Value


@attrs.frozen
class Slot:
    """The variable at a place in the state."""

    at: int
    type: Type


@attrs.frozen
class Observed:
    """What a measure has counted, at a place behind those of the world; it may hold nothing.

    Where settings are left open, `counts` is the condition under which it counts.
    """

    at: int
    counts: Form | None = None


@attrs.frozen
class BoundName:
    """A bound name that is left open: a field of an event, an actor."""

    name: str
    type: Type


@attrs.frozen
class OpenSetting:
    """A parameter (`low` and `high` bound it) or a reading (neither does) that is left open."""

    name: str
    type: Type
    low: float | None = None
    high: float | None = None


@attrs.frozen
class Apply:
    """An operation on values: `+ - * / // % == != < <= > >=` on two, `not abs` on one, `min max` on any number.

    `settled` is a term of talks as a number, behind it what it is called; it has none while that is unsettled.

    Of `==` and `!=` a fixed item stands last.
    """

    sign: str
    items: tuple[Form, ...]


@attrs.frozen
class Within:
    """Whether the item is one of some values."""

    item: Form
    values: frozenset[Value]


@attrs.frozen
class Junction:
    """`or` (where true settles it) or `and` (where false does) of truths, looked at left to right as far as needed.

    `looked_at` has said which items there are: all but the last one are open.
    """

    items: tuple[Form, ...]
    settles: bool


@attrs.frozen
class Choose:
    """`then if test else otherwise`."""

    test: Form
    then: Form
    otherwise: Form


@attrs.frozen
class Pick:
    """What stands for the actor that the subject is; nobody has none, as `failure` says."""

    subject: Form
    branches: tuple[tuple[Value, Form], ...]
    failure: str


@attrs.frozen
class Gather:
    """`count sum min max` of the elements whose condition holds, a pair (condition, element) for each member."""

    function: str
    pairs: tuple[tuple[Form, Form], ...]


@attrs.frozen(eq=False)
class Shared:
    """A definition, which several forms may use. It is the same as another only where it is the same object."""

    item: Form
    reads: frozenset[int]


@attrs.frozen
class Each:
    """`any all count sum min max` over a group of so many members, who are not told apart."""

    function: str
    members: int
    condition: Form
    element: Form


@attrs.frozen
class Called:
    """What hangs on actors who are not told apart: an attribute, a variable, a definition. Nobody has none."""

    subjects: tuple[Form, ...]
    item: Form


@attrs.frozen
class Among:
    """One of some values; it is not said which."""

    values: frozenset[Value]


Form = (
    Fixed
    | Slot
    | Observed
    | BoundName
    | OpenSetting
    | Apply
    | Within
    | Junction
    | Choose
    | Pick
    | Gather
    | Shared
    | Each
    | Called
    | Among
)


def parts(form: Form) -> tuple[Form, ...]:
    """The forms that stand directly in a form, in the order in which they are looked at."""
    match form:
        case Apply() | Junction():
            return form.items
        case Fixed() | Slot() | Observed() | BoundName() | OpenSetting() | Among():
            return ()
        case Choose():
            return (form.test, form.then, form.otherwise)
        case Pick():
            return (form.subject, *(branch for _, branch in form.branches))
        case Gather():
            return tuple(part for pair in form.pairs for part in pair)
        case Within() | Shared():
            return (form.item,)
        case Each():
            return (form.condition, form.element)
        case Called():
            return (*form.subjects, form.item)


def reads(form: Form) -> frozenset[int]:
    """The places in the state that can change what a form comes to."""
    found: set[int] = set()
    waiting: list[tuple[Form, ...]] = [(form,)]
    while waiting:
        for each in waiting.pop():
            match each:
                case Fixed():
                    pass
                case Slot() | Observed():
                    found.add(each.at)
                case Apply() | Junction():
                    waiting.append(each.items)
                case Shared():
                    found |= each.reads
                case _:
                    waiting.append(parts(each))
    return frozenset(found)


def equal_to(form: Form) -> tuple[int, Value] | None:
    """(slot, value) of a form that compares one variable with one value."""
    match form:
        case Apply(sign="==", items=(Slot(at=at), Fixed(value=value))):
            return at, value
        case _:
            return None


def column(items: Sequence[Form]) -> tuple[int, int, Value] | None:
    """(first, end, value) where the items compare neighbouring slots with one value, in order."""
    pairs = [equal_to(item) for item in items]
    if len(pairs) < 2 or pairs[0] is None:  # noqa: PLR2004 - one item needs no column
        return None
    first, value = pairs[0]
    for index, pair in enumerate(pairs):
        if pair is None or pair != (first + index, value) or type(pair[1]) is not type(value):
            return None
    return first, first + len(pairs), value


def conjuncts(form: Form) -> Iterator[Form]:
    """The forms that must all hold for one to hold, those within what is shared among them."""
    match form:
        case Junction(settles=False, items=items):
            for item in items:
                yield from conjuncts(item)
        case Shared(item=item):
            yield from conjuncts(item)
        case _:
            yield form


def together(forms: Iterable[Form]) -> frozenset[int]:
    """All places that the forms read."""
    return frozenset[int]().union(*map(reads, forms))
