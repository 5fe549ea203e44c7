"""The store: an SQLite file that keeps runs, whole or not at all.

A run is one row: its header, and its log as the very JSON lines that an export writes. A scenario's
texts are kept once, under their hash. Written in WAL mode with full synchronisation: what was
acknowledged is on the disk.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from sqlite3 import Connection
from types import TracebackType
from typing import Any, Self

import attrs

from negsim.errors import LogError, StoreError, UsageError
from negsim.log.database import APPLICATION_ID, BUSY_SECONDS, NAMES, STORE_FORMAT, Database
from negsim.log.event import RunLog, compact
from negsim.log.lines import write_lines

__all__ = ["APPLICATION_ID", "STORE_FORMAT", "KeptRun", "Store", "check_name"]

LAST = "last"
LONGEST_NAME = 64
_BEFORE_LAST = re.compile(r"last(?:~([0-9]{0,9}))?")
_HEXADECIMAL = frozenset("0123456789abcdef")


def check_name(name: str) -> str:
    """A name for a run or a result, as it is kept. Raises `UsageError` for what could be taken for something else."""
    found = unicodedata.normalize("NFC", name)
    if not re.fullmatch(r"[^\W\d_][\w-]*", found) or len(found) > LONGEST_NAME:
        raise UsageError(f"'{name}' cannot be a name", "begin with a letter; letters, digits, _ and - may follow")
    if found == LAST:
        raise UsageError("'last' is the run that was kept last", "choose another name")
    if not set(found) - _HEXADECIMAL:
        hint = f"ids have digits and the letters a to f: take a name with another letter, such as run_{found}"
        raise UsageError(f"'{name}' could be the beginning of a run's id", hint)
    return found


@attrs.frozen
class KeptRun:
    """A run in the store, as a listing shows it."""

    id: str
    title: str
    scenario_hash: str
    seed: int
    parent: str | None
    outcome: str
    ended_on: int
    events: int
    names: tuple[str, ...] = ()


class Store:
    """A store of runs. Use it as a context; every failure of the file is a `LogError` with a way out.

    Threads may share it. `busy_seconds` says how long another program's lock is waited for.
    """

    def __init__(self, path: str | Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = Path(path)
        self._file = Database(self.path, busy_seconds=busy_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    @property
    def exists(self) -> bool:
        """Whether there is a store at that path already."""
        return self.path.exists()

    # Writing.

    def keep(self, log: RunLog, files: Mapping[str, str]) -> bool:
        """Keeps a run, on disk when this returns; says whether it was new.

        A run that is kept already stays as it is, and is now the last one.
        """
        return self.keep_all([(log, files)]) == 1

    def keep_all(self, logs: Sequence[tuple[RunLog, Mapping[str, str]]]) -> int:
        """Keeps several runs in one go, all or none; gives how many were new."""
        rows = [
            (self._row(log), (log.header.scenario_hash, log.header.title, compact(dict(files)))) for log, files in logs
        ]
        with self._file.changed() as connection:
            new = 0
            for row, scenario in rows:
                connection.execute("INSERT OR IGNORE INTO scenarios VALUES (?, ?, ?)", scenario)
                new += connection.execute("SELECT 1 FROM runs WHERE id = ?", row[:1]).fetchone() is None
                connection.execute(
                    "INSERT INTO runs (id, scenario, title, seed, parent, outcome, ended_on, events, log)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (id) DO UPDATE SET kept = (SELECT max(kept) + 1 FROM runs)",
                    row,
                )
        return new

    def remove(self, ids: Iterable[str]) -> None:
        """Throws runs away, with their names, and the texts of scenarios that no run needs any more."""
        with self._file.changed() as connection:
            connection.executemany("DELETE FROM runs WHERE id = ?", [(each,) for each in ids])
            connection.execute("DELETE FROM scenarios WHERE hash NOT IN (SELECT scenario FROM runs)")

    def forget_results(self, ids: Iterable[str]) -> None:
        """Forgets the names of results that are gone."""
        if self.results():
            with self._file.changed() as connection:
                connection.executemany("DELETE FROM names WHERE result = ?", [(each,) for each in ids])

    def give_name(self, name: str, *, run: str | None = None, result: str | None = None) -> str | None:
        """Calls a run, or a result, by a name; gives the id of what was called so before, if that is another.

        `run` and `result` are whole ids. Raises `UsageError` for what can be no name.
        """
        name = check_name(name)
        with self._file.changed() as connection:
            connection.execute(NAMES)
            before = connection.execute("SELECT coalesce(run, result) FROM names WHERE name = ?", (name,)).fetchone()
            connection.execute("INSERT OR REPLACE INTO names VALUES (?, ?, ?)", (name, run, result))
        return before[0] if before is not None and before[0] not in (run, result) else None

    @staticmethod
    def _row(log: RunLog) -> tuple[Any, ...]:
        header, ending = log.header, log.ending
        text = "\n".join(write_lines(attrs.evolve(log, files=None))) + "\n"
        return (
            header.run_id, header.scenario_hash, header.title, header.seed, header.parent,
            ending.outcome, ending.day, len(log.events), text,
        )  # fmt: skip

    # Reading.

    def runs(self) -> list[KeptRun]:
        """All runs, oldest first."""
        with self._file.opened(writing=False) as connection:
            rows = connection.execute(
                "SELECT id, title, scenario, seed, parent, outcome, ended_on, events FROM runs ORDER BY kept"
            ).fetchall()
            named = _names(connection)
        kinds = (str, str, str, int, str | None, str, int, int)
        for row in rows:
            if not all(isinstance(value, kind) for value, kind in zip(row, kinds, strict=True)):
                raise StoreError(f"the store {self.path} is damaged: a run in it has no readable entry")
        called: dict[str, list[str]] = {}
        for name, (run, _) in named.items():
            if run is not None:
                called.setdefault(run, []).append(name)
        return [attrs.evolve(KeptRun(*row), names=tuple(called.get(row[0], ()))) for row in rows]

    def find(self, name: str) -> str:
        """The id of the run that a name, the beginning of an id, `last` or `last~N` stands for.

        Raises `UsageError` for none or several.
        """
        with self._file.opened(writing=False) as connection:
            if back := _BEFORE_LAST.fullmatch(name):
                return _before_last(connection, int(back[1] or ("~" in name)))
            run, result = _names(connection).get(unicodedata.normalize("NFC", name), (None, None))
            if run is not None:
                return run
            if result is not None:
                raise UsageError(f"'{name}' is a result, not a run")
            if not name or set(name) - _HEXADECIMAL:
                raise UsageError(
                    f"'{name}' names no run",
                    "give a run's name, its id or the beginning of it, `last`, `last~1`, or a .jsonl file",
                )
            found = connection.execute(
                "SELECT id FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT 3", (name, name + "g")
            ).fetchall()
        if not found:
            raise UsageError(f"no run in {self.path} has an id that begins with '{name}'", "`negsim runs` lists them")
        if len(found) > 1:
            raise UsageError(f"several runs begin with '{name}': {', '.join(row[0][:16] for row in found)}, …")
        return str(found[0][0])

    def results(self) -> dict[str, str]:
        """The ids of results that have a name, by name."""
        with self._file.opened(writing=False) as connection:
            return {name: result for name, (_, result) in _names(connection).items() if result is not None}

    def read(self, run_id: str) -> RunLog:
        """A run's log, verified, with its scenario's texts."""
        with self._file.opened(writing=False) as connection:
            row = connection.execute(
                "SELECT runs.log, scenarios.files FROM runs"
                " LEFT JOIN scenarios ON scenarios.hash = runs.scenario WHERE id = ?",
                (run_id,),
            ).fetchone()
        if row is None:
            raise UsageError(f"there is no run {run_id} in {self.path}")
        from negsim.log.reading import read_lines  # noqa: PLC0415 - only where a log is read

        where = f"run {run_id[:12]}"
        text, files = row
        if not isinstance(text, str):
            raise LogError(f"{where}: the log kept under this id is damaged")
        log = read_lines(text, where)
        if log.header.run_id != run_id:
            raise LogError(f"{where}: the log kept under this id is another run's")
        return attrs.evolve(log, files=_texts(files, where))


def _texts(kept: Any, where: str) -> dict[str, str]:
    """A scenario's texts by path, as they are kept with a run."""
    try:
        files = json.loads(kept)
        if files and all(isinstance(text, str) for text in files.values()):
            return dict(files)
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass
    raise LogError(f"{where}: the scenario kept with it is damaged or gone")


def _names(connection: Connection) -> dict[str, tuple[str | None, str | None]]:
    """Run or result by name, names in order; none where no name was given yet."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'names'").fetchone() is None:
        return {}
    rows = connection.execute("SELECT name, run, result FROM names ORDER BY name").fetchall()
    return {str(name): (run and str(run), result and str(result)) for name, run, result in rows}


def _before_last(connection: Connection, back: int) -> str:
    """The id of the run that was kept last, or so many before it."""
    row = connection.execute("SELECT id FROM runs ORDER BY kept DESC LIMIT 1 OFFSET ?", (back,)).fetchone()
    if row is not None:
        return str(row[0])
    count = connection.execute("SELECT count(*) FROM runs").fetchone()[0]
    if count:
        raise UsageError(f"there is no run {back} before the last", f"{count} are kept; `negsim runs` lists them")
    raise UsageError("no run is kept yet", "`negsim run SCENARIO` keeps one")
