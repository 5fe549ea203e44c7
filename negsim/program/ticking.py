"""How long a form stays as it is while nothing happens: time goes on, and what compares clocks changes with it.

A comparison of days knows the day on which it turns over. What counts with days in another way is new every day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from negsim.program.form import Apply, Choose, Form, Junction, Shared, Slot, parts, reads
from negsim.program.formula import MeaninglessError, Reader, State
from negsim.program.operations import COMPARISONS

Ticks = Callable[[State], int | None]  # days until it may be another, 1 or more; nothing where it stays as it is
Line = Callable[[State], tuple[float, float]]  # a number today, and what each day adds to it


class Ticking:
    """Says of forms when they may change by time alone. `time` are the slots that time moves."""

    def __init__(self, time: frozenset[int], reader: Callable[[Form], Reader]) -> None:
        self._time = time
        self._reader = reader

    def of(self, form: Form) -> Ticks | None:
        """When a form may change; nothing where time alone never changes it."""
        if reads(form).isdisjoint(self._time):
            return None
        match form:
            case Shared(item=item) | Apply(sign="not", items=(item,)):
                return self.of(item)
            case Apply(sign=sign, items=(left, right)) if sign in COMPARISONS:
                return self._turning(sign, left, right)
            case Junction():
                return self._joined(form)
            case Choose() if self.of(form.test) is None:
                return self._chosen(form)
            case Slot():
                return _daily
            case _:
                return _soonest([ticks for part in parts(form) if (ticks := self.of(part)) is not None])

    def _joined(self, form: Junction) -> Ticks:
        """`and` and `or` stay as they are while an item that does not hang on time settles them."""
        still, moving = [], []
        for item in form.items:
            ticks = self.of(item)
            if ticks is None:
                still.append(self._reader(item))
            else:
                moving.append(ticks)
        soonest = _soonest(moving)

        def read(state: State) -> int | None:
            return None if _is_settled(still, state, form.settles) else soonest(state)

        return read

    def _chosen(self, form: Choose) -> Ticks:
        asked, then, otherwise = self._reader(form.test), self.of(form.then), self.of(form.otherwise)

        def read(state: State) -> int | None:
            try:
                ticks = then if asked(state) else otherwise
            except (MeaninglessError, OverflowError):
                return 1
            return None if ticks is None else ticks(state)

        return read

    def _turning(self, sign: str, left: Form, right: Form) -> Ticks:
        """A comparison of two numbers that grow evenly turns over on a day that can be told."""
        one, other, compare = self._line(left), self._line(right), COMPARISONS[sign]
        if one is None or other is None:
            return _daily

        def read(state: State) -> int | None:
            try:
                (left_now, left_more), (right_now, right_more) = one(state), other(state)
            except (MeaninglessError, OverflowError):
                return 1
            apart, more = left_now - right_now, left_more - right_more
            if more == 0 or -apart / more < 0:
                return None
            if not (isinstance(apart, int) and isinstance(more, int)):
                return max(1, int(-apart / more))
            today, meeting = compare(apart, 0), -apart // more
            days = (day for day in (meeting, meeting + 1, meeting + 2) if day >= 1)
            return next((day for day in days if compare(apart + day * more, 0) is not today), None)

        return read

    def _line(self, form: Form) -> Line | None:
        """A number that grows by so much every day; nothing where it may grow otherwise."""
        if reads(form).isdisjoint(self._time):
            read = self._reader(form)
            return lambda state: (read(state), 0)
        match form:
            case Slot(at=at):
                return lambda state: (state[at], 1)
            case Shared(item=item):
                return self._line(item)
            case Apply(sign="+" | "-" as sign, items=(left, right)):
                one, other, way = self._line(left), self._line(right), 1 if sign == "+" else -1
                return None if one is None or other is None else _added(one, other, way)
            case Choose(test=test, then=then, otherwise=otherwise) if self.of(test) is None:
                asked, one, other = self._reader(test), self._line(then), self._line(otherwise)
                return None if one is None or other is None else lambda state: (one if asked(state) else other)(state)
            case _:
                return None


def _added(one: Line, other: Line, way: int) -> Line:
    def read(state: State) -> tuple[float, float]:
        (left, left_more), (right, right_more) = one(state), other(state)
        return left + way * right, left_more + way * right_more

    return read


def _is_settled(still: Sequence[Reader], state: State, settles: bool) -> bool:  # noqa: FBT001 - as of `Junction`
    try:
        return any(bool(read(state)) is settles for read in still)
    except (MeaninglessError, OverflowError):
        return False


def _soonest(ticks: Sequence[Ticks]) -> Ticks:
    if len(ticks) == 1:
        return ticks[0]

    def read(state: State) -> int | None:
        return min((days for each in ticks if (days := each(state)) is not None), default=None)

    return read


def _daily(_state: State) -> int | None:
    return 1
