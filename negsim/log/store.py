"""The store: an SQLite file that keeps runs, whole or not at all.

A run is one row: its header, and its log as the very JSON lines that an export writes. A scenario's
texts are kept once, under their hash. Written in WAL mode with full synchronisation: what was
acknowledged is on the disk.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import attrs

from negsim.errors import LogError, UsageError
from negsim.log.event import RunLog, compact
from negsim.log.lines import read_lines, write_lines

STORE_FORMAT = 1
APPLICATION_ID = 0x6E656773  # "negs": marks the file as a store of negsim
BUSY_SECONDS = 10.0
BUSY_PAUSE_SECONDS = 0.01

_TABLES = """
CREATE TABLE scenarios (hash TEXT PRIMARY KEY, title TEXT NOT NULL, files TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (
  kept INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  scenario TEXT NOT NULL REFERENCES scenarios(hash),
  title TEXT NOT NULL,
  seed INTEGER NOT NULL,
  parent TEXT,
  outcome TEXT NOT NULL,
  ended_on INTEGER NOT NULL,
  events INTEGER NOT NULL,
  log TEXT NOT NULL
);
"""


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


class Store:
    """A store of runs. Use it as a context; every failure of the file is a `LogError` with a way out.

    `busy_seconds` says how long another program's lock is waited for.
    """

    def __init__(self, path: str | Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = Path(path)
        self._busy_seconds = busy_seconds
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @property
    def exists(self) -> bool:
        """Whether there is a store at that path already."""
        return self.path.exists()

    @contextmanager
    def _opened(self, *, writing: bool) -> Iterator[sqlite3.Connection]:
        try:
            if self._connection is None:
                self._connection = self._connect(writing=writing)
            yield self._connection
        except sqlite3.Error as error:
            raise self._explained(error) from None
        except UnicodeError:  # what sqlite3 makes of a damaged file whose damage it quotes
            message = f"the store {self.path} is damaged; keep it aside and name another with `store`"
            raise LogError(message, settings=("store",)) from None
        except OSError as error:
            raise LogError(f"the store {self.path} cannot be made: {error.strerror or error}") from None

    def _connect(self, *, writing: bool) -> sqlite3.Connection:
        if writing:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        elif not self.path.exists():
            raise LogError(f"there is no store at {self.path} yet: `negsim run` makes one")
        connection = sqlite3.connect(self.path, timeout=self._busy_seconds, isolation_level=None)
        try:
            self._prepare(connection, writing=writing)
        except BaseException as error:
            connection.close()
            if not writing and isinstance(error, sqlite3.OperationalError) and self._is_still:
                return self._connect_still()
            raise
        return connection

    @property
    def _is_still(self) -> bool:
        """Whether all that the store holds is in the one file: no writer has left a journal beside it."""
        return self.path.is_file() and not self.path.with_name(f"{self.path.name}-wal").exists()

    def _connect_still(self) -> sqlite3.Connection:
        """Opens a store whose folder cannot be written (SQLite keeps files there while it reads)."""
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None
        )
        try:
            self._prepare(connection, writing=False)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection, *, writing: bool) -> None:
        version = self._version(connection)
        if version is None and writing:
            self._log_ahead(connection)
            connection.execute("BEGIN IMMEDIATE")
            if self._version(connection) is None:  # nobody was faster
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {STORE_FORMAT}")
            connection.execute("COMMIT")
            version = self._version(connection)
        if version is None:
            raise LogError(f"{self.path} is empty: no run is kept in it yet")
        if version != STORE_FORMAT:
            raise LogError(
                f"the store {self.path} has format {version}; this version of negsim reads format {STORE_FORMAT}. "
                "Use a newer negsim, or another `store`.",
                settings=("store",),
            )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    def _log_ahead(self, connection: sqlite3.Connection) -> None:
        """Turns on WAL mode. Where others do the same just now, SQLite does not wait for them: this does."""
        deadline = time.monotonic() + self._busy_seconds
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                    raise
                time.sleep(BUSY_PAUSE_SECONDS)
            else:
                return

    def _version(self, connection: sqlite3.Connection) -> int | None:
        """The store's format; nothing for a file without tables. Raises `LogError` for another program's.

        All is read at one moment: another process may be making the store.
        """
        alone = not connection.in_transaction
        if alone:
            connection.execute("BEGIN")
        try:
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        finally:
            if alone:
                connection.rollback()
        if application == APPLICATION_ID:
            return int(version)
        if tables:
            message = f"{self.path} is an SQLite file of another program; name another `store`"
            raise LogError(message, settings=("store",))
        return None

    def _explained(self, error: sqlite3.Error) -> LogError:
        code = getattr(error, "sqlite_errorname", "") or ""
        another = "name another with `store`"
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            waited = f"{self._busy_seconds:g} s"
            return LogError(f"the store {self.path} was locked by another program for {waited}; try again later")
        if code.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
            return LogError(f"the store {self.path} cannot be written ({error}); {another}", settings=("store",))
        if code.startswith("SQLITE_CANTOPEN"):
            return LogError(f"the store {self.path} cannot be opened ({error}); {another}", settings=("store",))
        if code.startswith("SQLITE_FULL"):
            what = "nothing was written to the store"
            return LogError(f"the disk is full: {what} {self.path}; what it held is still there")
        if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            why = f"is damaged or no store ({error}); keep it aside and {another}"
            return LogError(f"the store {self.path} {why}", settings=("store",))
        return LogError(f"the store {self.path} failed: {error}")

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
        with self._opened(writing=True) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
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
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise
            return new

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
        with self._opened(writing=False) as connection:
            rows = connection.execute(
                "SELECT id, title, scenario, seed, parent, outcome, ended_on, events FROM runs ORDER BY kept"
            ).fetchall()
        kinds = (str, str, str, int, str | None, str, int, int)
        for row in rows:
            if not all(isinstance(value, kind) for value, kind in zip(row, kinds, strict=True)):
                raise LogError(f"the store {self.path} is damaged: a run in it has no readable entry")
        return [KeptRun(*row) for row in rows]

    def find(self, name: str) -> str:
        """The id of the run that a prefix, or `last`, names. Raises `UsageError` for none or several."""
        with self._opened(writing=False) as connection:
            if name == "last":
                row = connection.execute("SELECT id FROM runs ORDER BY kept DESC LIMIT 1").fetchone()
                if row is None:
                    raise UsageError("no run is kept yet", "`negsim run SCENARIO` keeps one")
                return str(row[0])
            if not name or set(name) - set("0123456789abcdef"):
                raise UsageError(f"'{name}' names no run", "give a run's id or its beginning, `last`, or a .jsonl file")
            found = connection.execute(
                "SELECT id FROM runs WHERE id >= ? AND id < ? ORDER BY id LIMIT 3", (name, name + "g")
            ).fetchall()
        if not found:
            raise UsageError(f"no run in {self.path} has an id that begins with '{name}'", "`negsim runs` lists them")
        if len(found) > 1:
            raise UsageError(f"several runs begin with '{name}': {', '.join(row[0][:16] for row in found)}, …")
        return str(found[0][0])

    def read(self, run_id: str) -> RunLog:
        """A run's log, verified, with its scenario's texts."""
        with self._opened(writing=False) as connection:
            row = connection.execute(
                "SELECT runs.log, scenarios.files FROM runs"
                " LEFT JOIN scenarios ON scenarios.hash = runs.scenario WHERE id = ?",
                (run_id,),
            ).fetchone()
        if row is None:
            raise UsageError(f"there is no run {run_id} in {self.path}")
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
