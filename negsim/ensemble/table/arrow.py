"""A result's table in columns of Apache Arrow, for Parquet and pandas: made block by block, a row for each run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from negsim.ensemble.run.columns import MISSING, REAL, Batch, Numbers
from negsim.ensemble.sample.sample import Sample
from negsim.ensemble.table.table import columns
from negsim.errors import UsageError, to_install
from negsim.log.table import Column

if TYPE_CHECKING:
    import pandas as pd


def pyarrow() -> Any:
    """The package. Raises `UsageError` where the extra is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra, loaded where it is used
    except ImportError:
        raise UsageError("tables need the tables extra", to_install("tables")) from None
    return pa


def schema(named: Sequence[Column], about: Mapping[str, Any]) -> Any:
    """The schema of a table; what the table is about stands in its metadata, under `negsim`."""
    pa = pyarrow()
    kinds = {"whole": pa.int64(), "real": pa.float64(), "truth": pa.bool_(), "text": pa.string()}
    metadata = {"negsim": json.dumps(about, ensure_ascii=False)}
    return pa.schema([pa.field(each.name, kinds[each.kind]) for each in named], metadata=metadata)


class Records:
    """The table of a result: its schema, and its rows as record batches, in the order of cells and seeds."""

    def __init__(self, sample: Sample) -> None:
        self.schema = schema(columns(sample), sample.request.as_json())
        self._sample = sample
        self._settings = [tuple(each.settings[name] for name in sample.varied) for each in sample.cells]

    def __iter__(self) -> Iterator[Any]:
        pa = pyarrow()
        for cell, first, batch in self._sample.file.batches(runs=self._sample.runs):
            yield pa.record_batch(list(self._arrays(pa, cell, first, batch)), schema=self.schema)

    def _arrays(self, pa: Any, cell: int, first: int, batch: Batch) -> Iterator[Any]:
        import numpy as np  # noqa: PLC0415 - loaded where it is used

        kinds = iter(self.schema.types)
        yield pa.repeat(pa.scalar(cell, next(kinds)), len(batch))
        yield pa.array(np.arange(len(batch)) + (self._sample.seed + first), next(kinds))
        for value in self._settings[cell]:
            kind = next(kinds)
            yield pa.repeat(pa.scalar(float(value) if kind == pa.float64() else value, kind), len(batch))
        ends = np.asarray(batch.outcomes)
        yield pa.array(list(self._sample.scenario.outcomes), next(kinds)).take(pa.array(ends, mask=ends < 0))
        yield _array(pa, batch.days, next(kinds), {})
        yield pa.array([batch.errors.get(place) for place in range(len(batch))], next(kinds))
        for place, column in enumerate(batch.measures):
            yield _array(pa, column, next(kinds), batch.large.get(place, {}))


def _array(pa: Any, column: Numbers, kind: Any, large: Mapping[int, float]) -> Any:
    """A column as one of Arrow: truths are truths again, and where numbers are large all are reals."""
    import numpy as np  # noqa: PLC0415 - as above

    values = np.asarray(column)
    missing = np.isnan(values) if column.typecode == REAL else values == MISSING
    values = values.astype(kind.to_pandas_dtype())
    for place, value in large.items():
        values[place], missing[place] = value, False
    return pa.array(values, kind, mask=missing)


def to_pandas(sample: Sample) -> pd.DataFrame:
    """The table as a data frame; what a run does not have is missing in it."""
    pa = pyarrow()
    try:
        import pandas as pd  # noqa: PLC0415 - as above
    except ImportError:
        raise UsageError("tables need the tables extra", to_install("tables")) from None
    records = Records(sample)
    kinds = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype(), pa.string(): pd.StringDtype()}
    frame: pd.DataFrame = pa.Table.from_batches(records, records.schema).to_pandas(types_mapper=kinds.get)
    return frame
