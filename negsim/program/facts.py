"""What can be told of a form without a state: what it can come to, whether it surely has a value, what it hangs on.

It errs to one side only: what is called sure has a value in every state, and a value is one of those that are named
and lies within the span. So what has one value and is sure is settled.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

import attrs

from negsim.program.form import (
    Among,
    Apply,
    BoundName,
    Called,
    Choose,
    Each,
    Fixed,
    Form,
    Gather,
    Junction,
    Observed,
    OpenSetting,
    Pick,
    Shared,
    Slot,
    Within,
)
from negsim.program.formula import MeaninglessError
from negsim.program.operations import ARITHMETIC, COMPARISONS, OPERATIONS
from negsim.scenario.types import NOBODY, ActorOf, Enumeration, Numbers, Truth, Type, Value, Whole, allowed
from negsim.scenario.words import UNSETTLED

Values = frozenset[Value]

LARGEST = 1e300  # numbers within it cannot overflow where they are put together once more
_NOTHING: frozenset[str] = frozenset()
_TRUE: Values = frozenset((True,))
_FALSE: Values = frozenset((False,))
_EITHER: Values = _TRUE | _FALSE


@attrs.frozen
class Interval:
    """The bounds of a number, both included."""

    low: float = -math.inf
    high: float = math.inf

    @property
    def is_known(self) -> bool:
        """Whether it has two ends that can be calculated with."""
        return -LARGEST <= self.low <= self.high <= LARGEST


ANY = Interval()


@attrs.frozen
class Facts:
    """What a form can come to, where it has a value: one of `values` (nothing: not told), a number within `span`.

    `sure` says that it has a value in every state, `names` which of the settings that are left open it hangs on.
    """

    values: Values | None = None
    span: Interval = ANY
    sure: bool = True
    names: frozenset[str] = _NOTHING

    @property
    def value(self) -> Value | None:
        """The one value that it has in every state; nothing where it is not settled."""
        return self.only if self.sure else None

    @property
    def only(self) -> Value | None:
        """The one value that it has where it has one; nothing where there can be several."""
        return next(iter(self.values)) if self.values is not None and len(self.values) == 1 else None

    @property
    def may_be_nobody(self) -> bool:
        """Whether an actor may be nobody."""
        return self.values is None or NOBODY in self.values


class Known:
    """Facts of forms, each found once. `values` narrow what variables can have, by their places."""

    def __init__(self, values: Mapping[int, Values] | None = None) -> None:
        self._values = values or {}
        self._found: dict[int, tuple[Form, Facts]] = {}  # by identity; the form is kept, so that it stays its own
        self._types: dict[int, tuple[Type, Facts]] = {}

    def of(self, form: Form) -> Facts:
        """What is known of a form."""
        found = self._found.get(id(form))
        if found is None:
            found = self._found[id(form)] = form, self._of(form)
        return found[1]

    def is_sure(self, form: Form) -> bool:
        """Whether a form has a value in every state."""
        return self.of(form).sure

    def _of(self, form: Form) -> Facts:
        match form:
            case Fixed(value=value):
                return settled(value)
            case Slot():
                narrowed = self._values.get(form.at)
                return self._of_type(form.type) if narrowed is None else Facts(narrowed)
            case BoundName():
                return self._of_type(form.type)
            case OpenSetting(low=int() | float() as low, high=int() | float() as high):
                return Facts(None, Interval(low, high), names=frozenset((form.name,)))
            case OpenSetting():
                return attrs.evolve(self._of_type(form.type), names=frozenset((form.name,)))
            case Among():
                return _one_of([settled(value) for value in form.values])
            case Observed():
                return Facts(sure=False, names=_NOTHING if form.counts is None else self.of(form.counts).names)
            case Apply() | Within() | Junction():
                return self._operation(form)
            case Choose() | Pick() | Called() | Shared():
                return self._chosen(form)
            case Gather() | Each():
                return self._group(form)

    def _of_type(self, kind: Type) -> Facts:
        found = self._types.get(id(kind))
        if found is None:
            found = self._types[id(kind)] = kind, _of_type(kind)
        return found[1]

    def _operation(self, form: Apply | Within | Junction) -> Facts:
        match form:
            case Apply(sign="not", items=(item,)):
                return _opposite(self.of(item))
            case Apply(sign="abs" | "min" | "max" as name, items=items):
                return _function(name, [self.of(item) for item in items])
            case Apply(sign=sign, items=(left, right)) if sign in COMPARISONS:
                return _compared(self.of(left), sign, self.of(right))
            case Apply(sign="settled", items=(term, _)):
                found = self.of(term)
                values = None if found.values is None else found.values - {UNSETTLED}
                return _hanging(
                    [found], values, found.span, sure=found.values is not None and UNSETTLED not in found.values
                )
            case Apply(sign=sign, items=items):
                left, right = items
                return _calculated(self.of(left), sign, self.of(right))
            case Within(item=item, values=values):
                return _within(self.of(item), values)
            case Junction(items=items, settles=settles):
                return _joined([self.of(item) for item in items], settles=settles)

    def _chosen(self, form: Choose | Pick | Called | Shared) -> Facts:
        match form:
            case Choose():
                test = self.of(form.test)
                branches = [(True, form.then), (False, form.otherwise)]
                ways = [self.of(branch) for truth, branch in branches if test.values is None or truth in test.values]
                return _behind([test], _one_of(ways))
            case Pick():
                who = self.of(form.subject)
                ways = [self.of(branch) for actor, branch in form.branches if who.values is None or actor in who.values]
                return _behind([_somebody(who)], _one_of(ways))
            case Called():
                return _behind([_somebody(self.of(subject)) for subject in form.subjects], self.of(form.item))
            case Shared():
                return self.of(form.item)

    def _group(self, form: Gather | Each) -> Facts:
        match form:
            case Gather():
                pairs = [(self.of(condition), self.of(element)) for condition, element in form.pairs]
                return _gathered(form.function, pairs)
            case Each(function=("any" | "all") as function):
                some = function == "any"
                element = self.of(form.element) if some else _opposite(self.of(form.element))
                met = _joined([self.of(form.condition), element], settles=False)
                found = _joined([met] if form.members else [settled(value=False)], settles=True)
                return found if some else _opposite(found)
            case Each():
                return _gathered(form.function, [(self.of(form.condition), self.of(form.element))], form.members)


def settled(value: Value) -> Facts:
    """The facts of one value."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Facts(frozenset((value,)), Interval(value, value) if is_number else ANY)  # type: ignore[arg-type]


def _of_type(kind: Type) -> Facts:
    match kind:
        case Truth():
            return Facts(_EITHER)
        case Numbers(low=int() as low, high=int() as high):
            return Facts(frozenset(kind.every), Interval(low, high))
        case Whole(low=int() as low, high=int() as high):
            return Facts(span=Interval(low, high))
        case Enumeration() | ActorOf():
            return Facts(frozenset(allowed(kind)))
        case _:
            return Facts()


def _hanging(parts: Iterable[Facts], values: Values | None = None, span: Interval = ANY, *, sure: bool = True) -> Facts:
    """What hangs on its parts, and is sure where they are; what is settled hangs on nothing."""
    parts = list(parts)
    sure = sure and all(part.sure for part in parts)
    is_settled = sure and values is not None and len(values) == 1
    return Facts(values, span, sure, _NOTHING if is_settled else _NOTHING.union(*(part.names for part in parts)))


def _one_of(ways: Sequence[Facts]) -> Facts:
    """One of several, it is not said which."""
    if not ways:
        return Facts(sure=False)
    values: Values | None = frozenset()
    for way in ways:
        values = None if values is None or way.values is None else values | way.values
    return _hanging(ways, values, Interval(min(way.span.low for way in ways), max(way.span.high for way in ways)))


def _behind(first: Sequence[Facts], then: Facts) -> Facts:
    """What is looked at once others have been."""
    return _hanging([*first, then], then.values, then.span)


def _somebody(who: Facts) -> Facts:
    """An actor of whom something is asked; not sure where it may be nobody."""
    return attrs.evolve(who, sure=False) if who.may_be_nobody else who


# Truths.


def _opposite(item: Facts) -> Facts:
    return item if item.values is None else attrs.evolve(item, values=frozenset(not value for value in item.values))


def _joined(items: Sequence[Facts], *, settles: bool) -> Facts:
    """`or` (where true settles it) or `and`; that all are looked at is the specialiser's doing."""
    may = [_EITHER if item.values is None else item.values for item in items]
    found = [settles] if any(settles in values for values in may) else []
    found += [not settles] if all((not settles) in values for values in may) else []
    return _hanging(items, frozenset(found))


def _compared(left: Facts, sign: str, right: Facts) -> Facts:
    values = _EITHER
    if left.only is not None and right.only is not None:
        values = frozenset((COMPARISONS[sign](left.only, right.only),))
    elif sign in ("==", "!=") and left.values is not None and right.values is not None:
        values = _EITHER if left.values & right.values else frozenset((sign == "!=",))
    return _hanging((left, right), values)


def _within(item: Facts, values: Values) -> Facts:
    found = _EITHER
    if item.values is not None:
        found = frozenset(value in values for value in item.values)
    return _hanging((item,), found)


# Numbers.


def _calculated(left: Facts, sign: str, right: Facts) -> Facts:
    if sign == "*" and any(one.value == 0 and _is_plain(other) for one, other in ((left, right), (right, left))):
        return settled(0)
    if left.only is not None and right.only is not None:
        try:
            return _hanging((left, right), *_exactly(ARITHMETIC[sign](left.only, right.only)))
        except (MeaninglessError, ArithmeticError):  # the run that comes here stops with an error of its own
            return _hanging((left, right), sure=False)
    span = _spanned(sign, left.span, right.span)
    return _hanging((left, right), None, span, sure=span.is_known)


def _exactly(value: Value) -> tuple[Values | None, Interval]:
    facts = settled(value)
    return facts.values, facts.span


def _is_plain(facts: Facts) -> bool:
    """Whether it always is a number that can be calculated with."""
    return facts.sure and facts.span.is_known


def _spanned(sign: str, left: Interval, right: Interval) -> Interval:
    """Between what `left sign right` lies. Rounding keeps order, so the ends are found at the ends."""
    if not (left.is_known and right.is_known):
        return ANY
    if sign in ("/", "//", "%") and right.low <= 0 <= right.high:
        return ANY
    if sign == "%":
        return Interval(min(0, right.low), max(0, right.high))
    try:
        ends = [ARITHMETIC[sign](one, other) for one, other in product((left.low, left.high), (right.low, right.high))]
    except OverflowError:
        return ANY
    return Interval(min(ends), max(ends))


def _function(name: str, items: Sequence[Facts]) -> Facts:
    """`abs` of one number, `min` or `max` of several."""
    only = [item.only for item in items]
    if None not in only:
        return _hanging(items, *_exactly(OPERATIONS[name](*only)))
    if name == "abs":
        return _hanging(items, None, _distance(items[0].span))
    pick = min if name == "min" else max
    return _hanging(
        items, None, Interval(pick(item.span.low for item in items), pick(item.span.high for item in items))
    )


def _distance(span: Interval) -> Interval:
    """How far numbers of a span are from 0."""
    far = max(abs(span.low), abs(span.high))
    return Interval(0 if span.low <= 0 <= span.high else min(abs(span.low), abs(span.high)), far)


def _gathered(function: str, pairs: Sequence[tuple[Facts, Facts]], times: int = 1) -> Facts:
    """`count sum min max` over members, each pair standing for so many."""
    met = [(condition, element) for condition, element in pairs if condition.only is not False and times]
    looks = [condition for condition, _ in pairs] + [element for _, element in met]
    spans = [_times(element.span, times, always=condition.only is True) for condition, element in met]
    if function in ("count", "sum"):
        known = all(span.is_known for span in spans)
        span = Interval(sum(each.low for each in spans), sum(each.high for each in spans)) if known else ANY
        if span.low == span.high == 0 and all(element.only == 0 for _, element in met):
            return _hanging(looks, *_exactly(0))
        return _hanging(looks, None, span, sure=span.is_known)
    low = min((element.span.low for _, element in met), default=-math.inf)
    high = max((element.span.high for _, element in met), default=math.inf)
    return _hanging(looks, None, Interval(low, high), sure=any(condition.value is True for condition, _ in met))


def _times(span: Interval, times: int, *, always: bool) -> Interval:
    """What so many members add to a sum, each of them or none where that is not always."""
    if not span.is_known:
        return ANY
    low, high = times * span.low, times * span.high
    return Interval(low, high) if always else Interval(min(0, low), max(0, high))
