"""What runs came to, in columns: an array for each, with a place for each run, in the order of the seeds."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias, TypeVar

import attrs

from negsim.errors import UsageError, did_you_mean
from negsim.log.table import LARGEST_WHOLE
from negsim.scenario.model import Scenario
from negsim.scenario.types import Real

OUTCOME, WHOLE, REAL = "i", "q", "d"  # of `array`: whole numbers of 32 and of 64 bits, reals of 64 bits
ERROR = -1  # stands for the outcome of a run that stopped with a model error
LONGEST_MESSAGE = 4_000  # characters of a model error that are kept
MISSING = -(2**63)  # stands for nothing among whole numbers; NaN does among reals
NOTHING = float("nan")

T = TypeVar("T")

# What one run came to: outcome, the day of the last dusk, a model error, then a value for each measure. Outcome,
# day and measures are nothing where there is an error.
Row = tuple[Any, ...]
Numbers: TypeAlias = "array[int] | array[float]"
Large = Mapping[int, Mapping[int, float]]


@attrs.frozen(eq=False)
class Batch:
    """What runs of one cell came to, one after the other. All columns have the same length.

    `outcomes` (int32) are places in the scenario's list, -1 for a model error; `days` (int64) the days of the last
    dusk; `measures` has a column for each measure, int64 (truths are 1 and 0) or float64. What is nothing is
    MISSING in a column of whole numbers and NaN in one of reals. What no column has room for stands beside them:
    `errors` has the messages by place, `large` the whole numbers past 64 bits, by measure and place.
    """

    outcomes: array[int]
    days: array[int]
    measures: tuple[Numbers, ...]
    errors: Mapping[int, str] = attrs.field(factory=dict)
    large: Large = attrs.field(factory=dict)

    def __len__(self) -> int:
        return len(self.outcomes)

    def part(self, first: int, end: int) -> Batch:
        """The runs at the places first … end - 1, or as many of them as there are."""
        first, end = max(0, first), max(0, end)
        if not first and end >= len(self):
            return self
        return Batch(
            self.outcomes[first:end],
            self.days[first:end],
            tuple(column[first:end] for column in self.measures),
            _moved(self.errors, first, end),
            {measure: _moved(found, first, end) for measure, found in self.large.items()},
        )

    def __add__(self, other: Batch) -> Batch:
        """The runs of both, the other's last."""
        by, end = -len(self), len(other)
        large = {
            measure: {**self.large.get(measure, {}), **_moved(other.large.get(measure, {}), by, end)}
            for measure in sorted({*self.large, *other.large})
        }
        return Batch(
            self.outcomes + other.outcomes,
            self.days + other.days,
            tuple(map(_joined, self.measures, other.measures)),
            {**self.errors, **_moved(other.errors, by, end)},
            large,
        )


def _joined(one: Any, other: Any) -> Numbers:
    """Two columns of one type as one."""
    both: Numbers = one + other
    return both


def _moved(sparse: Mapping[int, T], first: int, end: int) -> dict[int, T]:
    """What stands at the places first … end - 1, counted from the first of them."""
    return {place - first: found for place, found in sparse.items() if first <= place < end}


@attrs.frozen
class Shape:
    """Which columns the batches of a scenario have: the names of the outcomes, the type of each measure's column."""

    outcomes: tuple[str, ...]
    measures: tuple[str, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> Shape:
        """The shape of a scenario's batches."""
        kinds = (measure.expression.tree.type for measure in scenario.measures.values())
        return cls(tuple(scenario.outcomes), tuple(REAL if isinstance(kind, Real) else WHOLE for kind in kinds))

    def place(self, outcome: str | None) -> int:
        """What stands for an outcome (nothing: a model error). Raises `UsageError` for a name that there is not."""
        if outcome not in self._places:
            raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome or "", self.outcomes))
        return self._places[outcome]

    @cached_property
    def _places(self) -> dict[str | None, int]:
        return {None: ERROR} | {name: place for place, name in enumerate(self.outcomes)}

    def batch(self, rows: Sequence[Row]) -> Batch:
        """What some runs came to, from a row for each."""
        outcomes, days, errors, *measures = zip(*rows, strict=True) if rows else ((),) * (3 + len(self.measures))
        large = {
            place: found
            for place, (column, code) in enumerate(zip(measures, self.measures, strict=True))
            if code == WHOLE and (found := _past_64_bits(column))
        }
        return Batch(
            array(OUTCOME, [self._places[name] for name in outcomes]),
            _whole(days),
            tuple(_whole(c) if code == WHOLE else _real(c) for c, code in zip(measures, self.measures, strict=True)),
            {place: _short(message) for place, message in enumerate(errors) if message is not None},
            large,
        )

    def rows(self, batch: Batch) -> Iterator[Row]:
        """A row for each run of a batch, as `batch` takes them: truths are 1 and 0."""
        names = (*self.outcomes, None)  # that of an error, -1, is the last
        columns = [_values(column, batch.large.get(place, {})) for place, column in enumerate(batch.measures)]
        for place, (outcome, day, *measured) in enumerate(
            zip(batch.outcomes, _values(batch.days, {}), *columns, strict=True)
        ):
            yield (names[outcome], day, batch.errors.get(place), *measured)


def _short(message: str) -> str:
    return message if len(message) <= LONGEST_MESSAGE else f"{message[: LONGEST_MESSAGE - 1]}…"


def _past_64_bits(column: Iterable[Any]) -> dict[int, float]:
    return {
        place: float(value) for place, value in enumerate(column) if value is not None and abs(value) > LARGEST_WHOLE
    }


def _whole(column: Iterable[Any]) -> array[int]:
    return array(WHOLE, [MISSING if value is None or abs(value) > LARGEST_WHOLE else int(value) for value in column])


def _real(column: Iterable[Any]) -> array[float]:
    return array(REAL, [NOTHING if value is None else float(value) for value in column])


def present(column: Numbers) -> list[Any]:
    """The values that are there, in their order."""
    if column.typecode == REAL:
        return [value for value in column if value == value]  # noqa: PLR0124 - NaN alone is not itself
    return [value for value in column if value != MISSING]


def _values(column: Numbers, large: Mapping[int, float]) -> list[Any]:
    """The values of a column, with nothing where there is none."""
    found: list[Any]
    if column.typecode == REAL:
        return [None if value != value else value for value in column]  # noqa: PLR0124 - NaN alone is not itself
    found = [None if value == MISSING else value for value in column]
    for place, value in large.items():
        found[place] = value
    return found
