"""Tables as Parquet files, for DuckDB, pandas, R and others. Written a few thousand rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from negsim.ensemble.sample.sample import Sample
from negsim.ensemble.table.arrow import Records, pyarrow, schema
from negsim.errors import LogError
from negsim.log.table import Column
from negsim.written import replaced

ROWS_AT_ONCE = 10_000
SUFFIX = ".parquet"


def is_parquet(path: Path) -> bool:
    """Whether a file is called as a Parquet file."""
    return path.suffix.lower() == SUFFIX


def write_parquet(sample: Sample, path: Path) -> None:
    """Writes a result's table. The file is there whole or not at all; what was asked stands in its metadata."""
    pa = pyarrow()
    records = Records(sample)
    with _writing(path, records.schema) as writer:
        waiting: list[Any] = []
        for each in records:
            waiting.append(each)
            if sum(map(len, waiting)) >= ROWS_AT_ONCE:
                writer.write_table(pa.Table.from_batches(waiting))
                waiting.clear()
        writer.write_table(pa.Table.from_batches(waiting, records.schema))


def write_table(
    named: Sequence[Column], rows: Iterable[tuple[Any, ...]], path: Path, *, about: Mapping[str, Any]
) -> None:
    """Writes a table, some rows at a time; what it is about stands in the metadata of the file, under `negsim`."""
    pa = pyarrow()
    found = schema(named, about)
    coming = iter(rows)
    with _writing(path, found) as writer:
        while chunk := list(islice(coming, ROWS_AT_ONCE)):
            parts = zip(zip(*chunk, strict=True), found.types, strict=True)
            writer.write_batch(pa.record_batch([_array(pa, values, kind) for values, kind in parts], schema=found))


def check_can_write() -> None:
    """Raises `UsageError` where the extra is not installed."""
    pyarrow()


@contextmanager
def _writing(path: Path, found: Any) -> Iterator[Any]:
    """A writer of a Parquet file of a schema, which is there whole or not at all."""
    pa = pyarrow()
    from pyarrow import parquet as pq  # noqa: PLC0415 - an extra, loaded where it is used

    try:
        with replaced(path) as file, pq.ParquetWriter(file, found) as writer:
            yield writer
    except pa.ArrowException as error:
        raise LogError(f"{path} cannot be written: {error}") from None


def _array(pa: Any, values: tuple[Any, ...], kind: Any) -> Any:
    if pa.types.is_boolean(kind):
        return pa.array([None if value is None else bool(value) for value in values], kind)
    if pa.types.is_floating(kind):  # whole numbers of any size among them
        return pa.array([None if value is None else float(value) for value in values], kind)
    return pa.array(values, kind)
