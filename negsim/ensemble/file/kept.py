"""The results that are kept beside a store: what there is, told without reading their scenarios; thrown away."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path

import attrs

from negsim.ensemble.file.block_table import explained
from negsim.ensemble.file.result_tables import TABLES, is_result, reading
from negsim.errors import LogError
from negsim.written import BESIDE

FOLDER = "results"  # beside the store
_FILE = re.compile(r"[0-9a-f]{32}\.sqlite")


@attrs.frozen(kw_only=True)
class KeptResult:
    """A result that is kept, as a listing shows it; `problem` says why nothing is known of it, where that is so."""

    id: str
    title: str = ""
    scenario_hash: str | None = None
    seed: int | None = None
    cells: int | None = None
    runs: int | None = None
    names: tuple[str, ...] = ()
    problem: str | None = None


def result_path(store: Path, result: str) -> Path:
    """The file of a result, by its id, beside a store."""
    return store.parent / FOLDER / f"{result}.sqlite"


def kept_results(store: Path, named: Mapping[str, str]) -> list[KeptResult]:
    """All results beside a store, the one that was written last at the end; `named` has the ids by name."""
    files = [path for path in (store.parent / FOLDER).glob("*.sqlite") if _FILE.fullmatch(path.name)]
    found = [path.stem for path in sorted(files, key=lambda path: (path.stat().st_mtime_ns, path.stem))]
    gone = sorted({*named.values()} - {*found})
    names = {each: tuple(sorted(name for name, called in named.items() if called == each)) for each in (*gone, *found)}
    return [
        *(KeptResult(id=each, names=names[each], problem="its file is gone") for each in gone),
        *(attrs.evolve(_told(result_path(store, each)), names=names[each]) for each in found),
    ]


def _told(path: Path) -> KeptResult:
    """What a file says of itself. What it says is not checked: whoever uses the result does that."""
    try:
        with explained(str(path)), closing(reading(path)) as connection:
            return _glance(connection, path)
    except (LogError, ValueError, TypeError, KeyError, RecursionError):
        return KeptResult(id=path.stem, problem="it cannot be read")


def _glance(connection: sqlite3.Connection, path: Path) -> KeptResult:
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    if not is_result(connection, path) or found != TABLES:
        raise ValueError("this is no result")
    (request,) = connection.execute("SELECT value FROM result WHERE name = 'request'").fetchone()
    (cells,) = connection.execute("SELECT count(*) FROM cells").fetchone()
    (runs,) = connection.execute("SELECT coalesce(sum(count), 0) FROM blocks").fetchone()
    said = json.loads(request)
    return KeptResult(
        id=path.stem,
        title=str(said["scenario"]["title"]),
        scenario_hash=str(said["scenario"]["hash"]),
        seed=int(said["seed"]),
        cells=cells,
        runs=runs,
    )


def remove_results(store: Path, results: Iterable[str]) -> None:
    """Throws results away, all or none. Raises `LogError` where a program works on one of them."""
    paths = [result_path(store, each) for each in results]
    for path in paths:
        if _is_in_use(path):
            raise LogError(f"{path} is in use just now: nothing was thrown away; try again later")
    for path in paths:
        for end in ("", *BESIDE):
            path.with_name(path.name + end).unlink(missing_ok=True)


def _is_in_use(path: Path) -> bool:
    """Whether another program has a result open to write: only the last one that has may do away with its journal."""
    if not path.exists():
        return False
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            return (getattr(error, "sqlite_errorname", "") or "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return False
