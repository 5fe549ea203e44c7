"""Forms as Python: for each a function of the state alone. What is quick for a shape is chosen here, by its data."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from negsim.kernel.form import (
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
    column,
)
from negsim.kernel.formula import MeaninglessError, Reader, State
from negsim.kernel.operations import BINARY, OPERATIONS
from negsim.scenario.types import NOBODY, Value


class Closures:
    """Makes readers of forms; what is shared gets one reader, which all that use it ask."""

    def __init__(self) -> None:
        self._shared: dict[Shared, Reader] = {}

    def reader(self, form: Form) -> Reader:
        """What gives a form's value in a state."""
        match form:
            case Fixed(value=value):
                return lambda _state: value
            case Slot() | Observed():
                return itemgetter(form.at)
            case Apply():
                return self._operation(form)
            case Within(item=Slot(at=at), values=values):
                return lambda state: state[at] in values
            case Within(item=item, values=values):
                read = self.reader(item)
                return lambda state: read(state) in values
            case Junction():
                return self._junction(form)
            case Choose():
                asked, yes, no = self.reader(form.test), self.reader(form.then), self.reader(form.otherwise)
                return lambda state: yes(state) if asked(state) else no(state)
            case Pick():
                return self._pick(form)
            case Gather():
                return self._gather(form)
            case Shared():
                if form not in self._shared:
                    self._shared[form] = _once_a_version(self.reader(form.item))
                return self._shared[form]
            case BoundName() | OpenSetting() | Each() | Called() | Among():
                raise TypeError(f"{form} is left open: it has no value in a state alone")

    # Operations.

    def _operation(self, form: Apply) -> Reader:
        match form:
            case Apply(sign="==", items=(Slot(at=at), Fixed(value=value))):
                return lambda state: state[at] == value
            case Apply(sign="!=", items=(Slot(at=at), Fixed(value=value))):
                return lambda state: state[at] != value
            case Apply(sign=sign, items=(item, Fixed(value=value))) if sign in BINARY:
                return _with_constant(sign, self.reader(item), value)
            case Apply(sign="not", items=(item,)):
                read = self.reader(item)
                return lambda state: not read(state)
            case Apply(sign="abs", items=(item,)):
                read = self.reader(item)
                return lambda state: abs(read(state))
            case Apply(sign=sign, items=(left, right)) if sign in BINARY:
                combine = OPERATIONS[sign]
                a, b = self.reader(left), self.reader(right)
                return lambda state: combine(a(state), b(state))
            case Apply(sign=sign, items=items):
                pick, readers = OPERATIONS[sign], self._readers(items)
                return lambda state: pick([read(state) for read in readers])

    def _readers(self, forms: Sequence[Form]) -> tuple[Reader, ...]:
        return tuple(self.reader(form) for form in forms)

    def _junction(self, form: Junction) -> Reader:
        settles = form.settles
        found = column(form.items) if settles else None
        if found is not None:
            first, end, value = found
            return lambda state: value in state[first:end]
        readers = self._readers(form.items)
        if len(readers) == 2:  # noqa: PLR2004 - the common case, worth its own closure
            a, b = readers
            if settles:
                return lambda state: a(state) or b(state)
            return lambda state: a(state) and b(state)

        def read(state: State) -> Any:
            for each in readers:
                if each(state) is settles:
                    return settles
            return not settles

        return read

    def _pick(self, form: Pick) -> Reader:
        readers = {actor: self.reader(branch) for actor, branch in form.branches}
        who, failure = self.reader(form.subject), form.failure

        def read(state: State) -> Any:
            actor = who(state)
            if actor == NOBODY:
                raise MeaninglessError(failure)
            return readers[actor](state)

        return read

    # Groups.

    def _gather(self, form: Gather) -> Reader:
        match form.function:
            case "count":
                return self._count([condition for condition, _ in form.pairs])
            case "sum":
                return self._sum(form)
            case _:
                return self._extreme(form)

    def _count(self, conditions: Sequence[Form]) -> Reader:
        open_items = [item for item in conditions if not isinstance(item, Fixed)]
        sure = sum(1 for item in conditions if isinstance(item, Fixed) and item.value)
        found = column(open_items)
        if found is not None:
            first, end, value = found
            return lambda state: sure + state[first:end].count(value)
        readers = self._readers(open_items)

        def read(state: State) -> int:
            total = sure
            for each in readers:
                if each(state):
                    total += 1
            return total

        return read

    def _sum(self, form: Gather) -> Reader:
        slots = [element.at for _, element in form.pairs if isinstance(element, Slot)]
        all_count = all(isinstance(condition, Fixed) for condition, _ in form.pairs)
        if all_count and len(slots) == len(form.pairs) and slots == list(range(slots[0], slots[0] + len(slots))):
            first, end = slots[0], slots[0] + len(slots)
            return lambda state: sum(state[first:end])
        pairs = tuple((None if isinstance(c, Fixed) else self.reader(c), self.reader(e)) for c, e in form.pairs)

        def read(state: State) -> float:
            total: float = 0
            for condition, element in pairs:
                if condition is None or condition(state):
                    total += element(state)
            return total

        return read

    def _extreme(self, form: Gather) -> Reader:
        function, pick = form.function, OPERATIONS[form.function]
        pairs = tuple((self.reader(condition), self.reader(element)) for condition, element in form.pairs)

        def read(state: State) -> Any:
            values = [element(state) for condition, element in pairs if condition(state)]
            if not values:
                raise MeaninglessError(f"{function}() over a group finds nobody to look at")
            return pick(values)

        return read


def _with_constant(sign: str, read: Reader, value: Value) -> Reader:
    """`read sign value`; the commonest signs have a closure of their own, which is quicker."""
    number: Any = value
    match sign:
        case "==":
            return lambda state: read(state) == number
        case "!=":
            return lambda state: read(state) != number
        case ">=":
            return lambda state: read(state) >= number
        case "*":
            return lambda state: read(state) * number
        case "+":
            return lambda state: read(state) + number
        case _:
            combine = BINARY[sign]
            return lambda state: combine(read(state), number)


def _once_a_version(work_out: Reader) -> Reader:
    """A reader that is worked out once for each version of a state.

    Many rules ask for the same definition in the same state: every member's hazard that hangs on one count.
    """
    seen: Any = None
    value: Any = None

    def read(state: State) -> Any:
        nonlocal seen, value
        version = state[-1]
        if version != seen:
            value = work_out(state)
            seen = version
        return value

    return read
