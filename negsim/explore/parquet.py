"""A result as a Parquet file, for DuckDB, pandas, R and others. Written a few thousand rows at a time."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from negsim.errors import LogError, UsageError
from negsim.explore.table import columns, table_rows

if TYPE_CHECKING:
    from negsim.explore.result import Result

ROWS_AT_ONCE = 10_000
SUFFIX = ".parquet"


def is_parquet(path: Path) -> bool:
    """Whether a file is called as a Parquet file."""
    return path.suffix.lower() == SUFFIX


def write_parquet(result: Result, path: Path) -> None:
    """Writes a result's table. The file is there whole or not at all; what was asked stands in its metadata."""
    pa, pq = _pyarrow()
    schema = _schema(pa, result)
    rows = table_rows(result)
    growing = path.with_name(f".{path.name}.part")
    try:
        with pq.ParquetWriter(growing, schema) as writer:
            while chunk := list(islice(rows, ROWS_AT_ONCE)):
                parts = zip(zip(*chunk, strict=True), schema.types, strict=True)
                writer.write_batch(pa.record_batch([_array(pa, values, kind) for values, kind in parts], schema=schema))
        growing.replace(path)
    except pa.ArrowException as error:
        raise LogError(f"{path} cannot be written: {error}") from None
    finally:
        growing.unlink(missing_ok=True)


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


def _schema(pa: Any, result: Result) -> Any:
    kinds = {"whole": pa.int64(), "real": pa.float64(), "truth": pa.bool_(), "text": pa.string()}
    about = {"negsim": json.dumps(result.request.as_json(), ensure_ascii=False)}
    return pa.schema([pa.field(each.name, kinds[each.kind]) for each in columns(result)], metadata=about)


def _array(pa: Any, values: tuple[Any, ...], kind: Any) -> Any:
    if pa.types.is_boolean(kind):
        return pa.array([None if value is None else bool(value) for value in values], kind)
    return pa.array(values, kind)
