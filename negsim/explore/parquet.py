"""Tables as Parquet files, for DuckDB, pandas, R and others. Written a few thousand rows at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from negsim.errors import LogError, UsageError
from negsim.explore.table import columns, table_rows
from negsim.written import replaced

if TYPE_CHECKING:
    from negsim.explore.result import Result
    from negsim.log.table import Column

ROWS_AT_ONCE = 10_000
SUFFIX = ".parquet"


def is_parquet(path: Path) -> bool:
    """Whether a file is called as a Parquet file."""
    return path.suffix.lower() == SUFFIX


def write_parquet(result: Result, path: Path) -> None:
    """Writes a result's table. The file is there whole or not at all; what was asked stands in its metadata."""
    write_table(columns(result), table_rows(result), path, about=result.request.as_json())


def write_table(
    named: Sequence[Column], rows: Iterable[tuple[Any, ...]], path: Path, *, about: Mapping[str, Any]
) -> None:
    """Writes a table, some rows at a time; what it is about stands in the metadata of the file, under `negsim`."""
    pa, pq = _pyarrow()
    schema = _schema(pa, named, about)
    coming = iter(rows)
    try:
        with replaced(path) as file, pq.ParquetWriter(file, schema) as writer:
            while chunk := list(islice(coming, ROWS_AT_ONCE)):
                parts = zip(zip(*chunk, strict=True), schema.types, strict=True)
                writer.write_batch(pa.record_batch([_array(pa, values, kind) for values, kind in parts], schema=schema))
    except pa.ArrowException as error:
        raise LogError(f"{path} cannot be written: {error}") from None


def check_can_write() -> None:
    """Raises `UsageError` where the extra is not installed."""
    _pyarrow()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra, loaded where it is used
        from pyarrow import parquet as pq  # noqa: PLC0415 - as above
    except ImportError:
        raise UsageError("Parquet files need the tables extra", "pip install 'negsim[tables]'") from None
    return pa, pq


def _schema(pa: Any, named: Sequence[Column], about: Mapping[str, Any]) -> Any:
    kinds = {"whole": pa.int64(), "real": pa.float64(), "truth": pa.bool_(), "text": pa.string()}
    metadata = {"negsim": json.dumps(about, ensure_ascii=False)}
    return pa.schema([pa.field(each.name, kinds[each.kind]) for each in named], metadata=metadata)


def _array(pa: Any, values: tuple[Any, ...], kind: Any) -> Any:
    if pa.types.is_boolean(kind):
        return pa.array([None if value is None else bool(value) for value in values], kind)
    if pa.types.is_floating(kind):  # whole numbers of any size among them
        return pa.array([None if value is None else float(value) for value in values], kind)
    return pa.array(values, kind)
