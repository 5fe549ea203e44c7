"""The SQLite file of a store: how it is opened, made, shared, and what is said where it cannot be used."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from weakref import finalize

from negsim.errors import StoreError

STORE_FORMAT = 1
APPLICATION_ID = 0x6E656773  # "negs": marks the file as a store of negsim
OWN_FOLDER = ".negsim"  # the one folder that is made for a store
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
# Made where the first name is given. Whoever knows nothing of names can use the store all the same.
NAMES = """
CREATE TABLE IF NOT EXISTS names (
  name TEXT PRIMARY KEY,
  run TEXT REFERENCES runs(id) ON DELETE CASCADE,
  result TEXT
) WITHOUT ROWID
"""


def closing_when_gone(owner: object, connection: sqlite3.Connection) -> None:
    """Has a connection closed when nobody holds its owner any more, where the owner was not closed before.

    Not at the end of a process: one that was forked has the connections of its parent, and is to leave them alone.
    """
    finalize(owner, connection.close).atexit = False


class Database:
    """The file of a store, opened when it is first needed. Threads take turns.

    Every failure of the file is a `StoreError` with a way out. `busy_seconds` says how long another
    program's lock is waited for.
    """

    def __init__(self, path: Path, *, busy_seconds: float) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._connection: sqlite3.Connection | None = None
        self._turn = RLock()

    def close(self) -> None:
        """Closes the file."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def opened(self, *, writing: bool) -> Iterator[sqlite3.Connection]:
        """The open file, for one thread at a time."""
        with self._turn:
            try:
                if self._connection is None:
                    self._connection = self._connect(writing=writing)
                    closing_when_gone(self, self._connection)
                yield self._connection
            except sqlite3.Error as error:
                raise self._explained(error) from None
            except UnicodeError:  # what sqlite3 makes of a damaged file whose damage it quotes
                raise StoreError(f"the store {self.path} is damaged: keep it aside", elsewhere=True) from None
            except OSError as error:
                why = f"{self.path.parent} is no folder" if isinstance(error, FileExistsError) else error.strerror
                raise StoreError(f"the store {self.path} cannot be made: {why}", elsewhere=True) from None

    @contextmanager
    def changed(self) -> Iterator[sqlite3.Connection]:
        """The open file, for changes that are made all or none, and are on the disk afterwards."""
        with self.opened(writing=True) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    def _connect(self, *, writing: bool) -> sqlite3.Connection:
        if self.path.exists() and not self.path.is_file() and not self.path.is_dir():
            raise StoreError(f"{self.path} is no ordinary file, so it is no store", elsewhere=True)
        if writing:
            self._make_folder()
        elif not self.path.exists():
            raise StoreError(f"there is no store at {self.path} yet: `negsim run` makes one")
        connection = self._open(str(self.path))
        try:
            self._prepare(connection, writing=writing)
        except BaseException as error:
            connection.close()
            if not writing and isinstance(error, sqlite3.OperationalError) and self._is_still:
                return self._connect_still()
            raise
        return connection

    def _make_folder(self) -> None:
        """The folder that the store has unless it is told another place; no other folder is made."""
        folder = self.path.parent
        if folder.name == OWN_FOLDER:
            folder.mkdir(parents=True, exist_ok=True)
        elif not folder.is_dir():
            why = f"{folder} is no folder" if folder.exists() else f"there is no folder {folder}: make it first"
            raise StoreError(f"the store {self.path} cannot be made: {why}", elsewhere=True)

    def _open(self, name: str, *, uri: bool = False) -> sqlite3.Connection:
        return sqlite3.connect(name, uri=uri, timeout=self._busy_seconds, isolation_level=None, check_same_thread=False)

    @property
    def _is_still(self) -> bool:
        """Whether all that the store holds is in the one file: no writer has left a journal beside it."""
        file = self.path.resolve()
        return file.is_file() and not file.with_name(f"{file.name}-wal").exists()

    def _connect_still(self) -> sqlite3.Connection:
        """Opens a store whose folder cannot be written (SQLite keeps files there while it reads)."""
        connection = self._open(f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
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
            raise StoreError(f"{self.path} is empty: no run is kept in it yet")
        if version != STORE_FORMAT:
            raise StoreError(
                f"the store {self.path} has format {version}; this version of negsim reads format {STORE_FORMAT};"
                " use a newer negsim",
                elsewhere=True,
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
        """The store's format; nothing for a file without tables. Raises `StoreError` for another program's.

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
            raise StoreError(f"{self.path} is an SQLite file of another program", elsewhere=True)
        return None

    def _explained(self, error: sqlite3.Error) -> StoreError:
        code = getattr(error, "sqlite_errorname", "") or ""
        store = f"the store {self.path}"
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            waited = f"{self._busy_seconds:g} s"
            return StoreError(f"{store} was locked by another program for {waited}; try again later")
        if code.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
            return StoreError(f"{store} cannot be written ({error})", elsewhere=True)
        if code.startswith("SQLITE_CANTOPEN"):
            return StoreError(f"{store} cannot be opened ({error})", elsewhere=True)
        if code.startswith("SQLITE_FULL"):
            return StoreError(f"the disk is full: nothing was written to {store}; what it held is still there")
        if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
            return StoreError(f"{store} is damaged or no store ({error}): keep it aside", elsewhere=True)
        return StoreError(f"{store} failed: {error}")
