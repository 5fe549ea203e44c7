"""Forms as Python: for each a function of the state alone. What is quick for a shape is chosen here, by its data."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

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
    column,
)
from negsim.program.formula import MeaninglessError, Reader, State
from negsim.program.keeping import looked_up, once_a_day, once_a_version
from negsim.program.operations import BINARY, FUNCTIONS
from negsim.scenario.types import NOBODY, Value

KEPT_FROM = 3  # definitions that read so many slots are worked out once for each version of a state


class Closures:
    """Makes readers of forms; what is shared gets one reader, which all that use it ask."""

    def __init__(self, time: frozenset[int]) -> None:
        self._time = time
        self._shared: dict[Shared, Reader] = {}

    def reader(self, form: Form) -> Reader:
        """What gives a form's value in a state."""
        match form:
            case Apply():
                return self._operation(form)
            case Shared():
                return self._of_definition(form)
            case Slot() | Observed():
                return itemgetter(form.at)
            case Fixed():
                return _constant(form.value)
            case Junction():
                return self._junction(form)
            case Within():
                return self._within(form)
            case Choose():
                return self._choose(form)
            case Pick():
                return self._pick(form)
            case Gather():
                return self._gather(form)
            case BoundName() | OpenSetting() | Each() | Called() | Among():
                raise TypeError(f"{form} is left open: it has no value in a state alone")

    def _within(self, form: Within) -> Reader:
        values = form.values
        if isinstance(form.item, Slot):
            at = form.item.at
            return lambda state: state[at] in values
        read = self.reader(form.item)
        return lambda state: read(state) in values

    def _choose(self, form: Choose) -> Reader:
        asked = self.reader(form.test)
        if isinstance(form.then, Fixed) and isinstance(form.otherwise, Fixed):
            this, that = form.then.value, form.otherwise.value
            return lambda state: this if asked(state) else that
        yes, no = self.reader(form.then), self.reader(form.otherwise)
        return lambda state: yes(state) if asked(state) else no(state)

    def _of_definition(self, form: Shared) -> Reader:
        found = self._shared.get(form)
        if found is None:
            found = self._shared[form] = self._kept(form)
        return found

    def _kept(self, form: Shared) -> Reader:
        """The reader of a definition, which keeps what it has worked out.

        Members' definitions mostly read one or two slots that hold few values: theirs are looked up.
        """
        work_out, slots = self.reader(form.item), sorted(form.reads)
        if not slots:
            return work_out
        if not self._time.isdisjoint(slots):
            return once_a_day(work_out, sorted(self._time.intersection(slots)))
        return once_a_version(work_out) if len(slots) >= KEPT_FROM else looked_up(work_out, slots)

    # Operations.

    def _operation(self, form: Apply) -> Reader:
        sign, items = form.sign, form.items
        if sign in FUNCTIONS:
            return self._function(sign, items)
        left, right = items
        if isinstance(right, Fixed):
            if isinstance(left, Slot) and sign in ("==", "!="):
                return _slot_compared(sign, left.at, right.value)
            return _with_constant(sign, self.reader(left), right.value)
        return _combined(sign, self.reader(left), self.reader(right))

    def _function(self, name: str, items: tuple[Form, ...]) -> Reader:
        if name in ("min", "max"):
            pick, readers = FUNCTIONS[name], self._readers(items)
            return lambda state: pick([read(state) for read in readers])
        read = self.reader(items[0])
        return (lambda state: not read(state)) if name == "not" else (lambda state: abs(read(state)))

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
        function, pick = form.function, FUNCTIONS[form.function]
        pairs = tuple((self.reader(condition), self.reader(element)) for condition, element in form.pairs)

        def read(state: State) -> Any:
            values = [element(state) for condition, element in pairs if condition(state)]
            if not values:
                raise MeaninglessError(f"{function}() over a group finds nobody to look at")
            return pick(values)

        return read


def _constant(value: Value) -> Reader:
    return lambda _state: value


def _slot_compared(sign: str, at: int, value: Value) -> Reader:
    if sign == "==":
        return lambda state: state[at] == value
    return lambda state: state[at] != value


def _combined(sign: str, a: Reader, b: Reader) -> Reader:
    """`a sign b`; the commonest signs have a closure of their own, which is quicker."""
    match sign:
        case "*":
            return lambda state: a(state) * b(state)
        case "+":
            return lambda state: a(state) + b(state)
        case "-":
            return lambda state: a(state) - b(state)
        case _:
            combine = BINARY[sign]
            return lambda state: combine(a(state), b(state))


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
