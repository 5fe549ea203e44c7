"""The result file: an SQLite file with one row a run.

Rows are added piece by piece, each piece whole or not at all; a process that is killed loses no piece
that was added. A file that is opened is somebody else's: it is believed only where all fits its scenario.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import Any

from negsim.errors import LogError, ScenarioError, UsageError
from negsim.explore.batch import Row
from negsim.explore.cells import Cell
from negsim.explore.request import RESULT_FORMAT, Request
from negsim.load import load_files
from negsim.log.event import compact
from negsim.scenario.choices import FixedChoice, parse_choice
from negsim.scenario.model import Scenario
from negsim.scenario.seeds import seed_number
from negsim.scenario.settings import Settings, defaults, parameter_values, reading_options

APPLICATION_ID = 0x6E656772  # "negr": marks the file as a result of negsim
BUSY_SECONDS = 10.0
MOST_MEASURES = 1_900  # columns that SQLite has room for
LONGEST_TEXT = 1 << 26  # characters of one value of another's file
FIXED_COLUMNS = ("cell", "seed", "outcome", "ended_on", "error")
READ_AT_ONCE = 2_000

_RESULT = "CREATE TABLE result (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
_CELLS = "CREATE TABLE cells (cell INTEGER PRIMARY KEY, parameters TEXT NOT NULL, readings TEXT NOT NULL)"


def free_names(names: Iterable[str], word: str, taken: Iterable[str]) -> tuple[str, ...]:
    """Names of columns that no other column has: with a word before one that is taken, as often as it takes.

    A name that is free keeps to itself, whatever the others become.
    """
    wanted, fixed = list(names), set(taken)
    used = fixed.union(wanted)
    found = []
    for name in wanted:
        free = name
        while name in fixed and free in used:
            free = f"{word}_{free}"
        used.add(free)
        found.append(free)
    return tuple(found)


def measure_columns(scenario: Scenario) -> tuple[str, ...]:
    """The column of each measure: its name, with `measure_` before it where a column of every result is called so."""
    return free_names(scenario.measures, "measure", FIXED_COLUMNS)


def _tables(scenario: Scenario) -> dict[str, str]:
    """The statement that makes each table."""
    columns = "".join(f', "{column}"' for column in measure_columns(scenario))
    runs = (
        "CREATE TABLE runs (cell INTEGER NOT NULL, seed INTEGER NOT NULL, outcome TEXT, ended_on INTEGER, error TEXT"
        f"{columns}, PRIMARY KEY (cell, seed)) WITHOUT ROWID"
    )
    return {"result": _RESULT, "cells": _CELLS, "runs": runs}


class ResultFile:
    """A result on disk, or in a temporary file that is gone when this is closed (`path` is nothing).

    Threads may share it: they take turns at writing, and at each bunch of rows that is read.
    """

    def __init__(self, path: Path | None, connection: sqlite3.Connection, request: Request) -> None:
        self.path = path
        self.request = request
        self._connection = connection
        self._turn = RLock()

    def close(self) -> None:
        """Closes the file; it is then one file, without a journal beside it."""
        with suppress(sqlite3.Error):  # another program looks at it just now, or it cannot be written
            if self.path is not None:
                self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    @property
    def _name(self) -> str:
        return "the temporary result" if self.path is None else str(self.path)

    @contextmanager
    def _explained(self) -> Iterator[sqlite3.Connection]:
        with self._turn, explained(self._name):
            yield self._connection

    # Writing.

    def add(self, cell: int, rows: Sequence[Row]) -> None:
        """Adds rows of a cell, all or none; those that are there already stay as they are."""
        places = ", ".join("?" * (len(FIXED_COLUMNS) + len(self.request.scenario.measures)))
        with self._explained() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                # The one thing put into the text is a number of question marks.
                connection.executemany(
                    f"INSERT OR IGNORE INTO runs VALUES ({places})",  # noqa: S608
                    ((cell, *row) for row in rows),
                )
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    # Reading. The last seed may be the largest number that SQLite has: no query names the one after it.

    def _last(self, runs: int) -> int:
        """The seed of the last of so many runs of a cell."""
        return self.request.seed + runs - 1

    def done(self) -> list[int]:
        """How many runs each cell has. Raises `LogError` where one between others is missing."""
        found = [0] * len(self.request.cells)
        first = self.request.seed
        for cell, count, low, high in self._all(
            "SELECT cell, count(*), min(seed), max(seed) FROM runs GROUP BY cell", ()
        ):
            if not (isinstance(cell, int) and 0 <= cell < len(found) and (low, high) == (first, first + count - 1)):
                raise self._damaged("runs are missing")
            found[cell] = count
        return found

    def outcomes(self, *, runs: int) -> Iterator[tuple[int, str | None, int]]:
        """(cell, outcome or nothing for a model error, how often) among the first runs of each cell."""
        for cell, outcome, count in self._all(
            "SELECT cell, outcome, count(*) FROM runs WHERE seed <= ? GROUP BY cell, outcome ORDER BY cell",
            (self._last(runs),),
        ):
            if outcome is not None and outcome not in self.request.scenario.outcomes:
                raise self._damaged("it names an outcome that the scenario does not have")
            yield cell, outcome, count

    def outcomes_between(self, cell: int, first: int, end: int) -> list[tuple[str | None, int]]:
        """(outcome or nothing, how often) among the runs of a cell with the numbers first … end - 1."""
        seed = self.request.seed
        found = self._all(
            "SELECT outcome, count(*) FROM runs WHERE cell = ? AND seed >= ? AND seed <= ? GROUP BY outcome",
            (cell, seed + first, seed + end - 1),
        )
        return list(found)

    def outcomes_in_order(self, cell: int, *, runs: int) -> Iterator[str | None]:
        """The outcome of each run of a cell, by seed."""
        found = self._all(
            "SELECT outcome FROM runs WHERE cell = ? AND seed <= ? ORDER BY seed", (cell, self._last(runs))
        )
        return (outcome for (outcome,) in found)

    def seeds(self, cell: int, outcome: str | None, *, runs: int, most: int = -1) -> list[int]:
        """The seeds of the runs of a cell that ended so (nothing: with a model error), the first ones."""
        found = self._all(
            "SELECT seed FROM runs WHERE cell = ? AND seed <= ? AND outcome IS ? LIMIT ?",
            (cell, self._last(runs), outcome, most),
        )
        return [seed for (seed,) in found]

    def errors(self, *, runs: int, most: int) -> list[tuple[int, int, str]]:
        """(cell, seed, message) of the first model errors."""
        return [
            (cell, seed, str(message))
            for cell, seed, message in self._all(
                "SELECT cell, seed, error FROM runs WHERE outcome IS NULL AND seed <= ? LIMIT ?",
                (self._last(runs), most),
            )
        ]

    def changes(self, base: int, other: int, *, runs: int) -> list[tuple[str | None, str | None, int]]:
        """(outcome in one cell, outcome in another, how many seeds), of the seeds that both have."""
        found = self._all(
            "SELECT one.outcome, other.outcome, count(*) FROM runs AS one JOIN runs AS other ON other.seed = one.seed"
            " WHERE one.cell = ? AND other.cell = ? AND one.seed <= ? GROUP BY one.outcome, other.outcome",
            (base, other, self._last(runs)),
        )
        return list(found)

    def rows(self, *, runs: int, cell: int | None = None) -> Iterator[tuple[Any, ...]]:
        """Cell and row of each run, in the order of cells and seeds; of one cell alone where it is named."""
        where = "" if cell is None else " AND cell = ?"
        given = (self._last(runs), *(() if cell is None else (cell,)))
        return self._all(f"SELECT * FROM runs WHERE seed <= ?{where} ORDER BY cell, seed", given)  # noqa: S608 - as above

    def counts(self, cell: int, measure: int, *, runs: int) -> Iterator[tuple[Any, int]]:
        """Each value of a measure in a cell with how often it is there, in rising order: SQLite sorts them on disk."""
        column = measure_columns(self.request.scenario)[measure]
        return self._all(
            f'SELECT "{column}", count(*) FROM runs WHERE cell = ? AND seed <= ? AND "{column}" IS NOT NULL'  # noqa: S608 - a name
            f' GROUP BY "{column}" ORDER BY "{column}"',
            (cell, self._last(runs)),
        )

    def large_measures(self) -> frozenset[str]:
        """The columns of whole measures that have a number past 64 bits somewhere, which is kept as a double."""
        asked = ", ".join(f"max(typeof(\"{column}\") = 'real')" for column in measure_columns(self.request.scenario))
        if not asked:
            return frozenset()
        found = next(self._all(f"SELECT {asked} FROM runs", ()))  # noqa: S608 - names
        return frozenset(
            column for column, real in zip(measure_columns(self.request.scenario), found, strict=True) if real
        )

    def _all(self, statement: str, given: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        with self._explained() as connection:
            cursor = connection.execute(statement, given)
            rows = cursor.fetchmany(READ_AT_ONCE)
        while rows:
            yield from rows
            with self._explained():
                rows = cursor.fetchmany(READ_AT_ONCE)

    def _damaged(self, what: str) -> LogError:
        return LogError(f"{self._name} is damaged: {what}; keep it aside and name another file")


@contextmanager
def explained(name: str) -> Iterator[None]:
    """What goes wrong with a file, as one clear error."""
    try:
        yield
    except sqlite3.Error as error:
        raise LogError(_reason(name, error)) from None
    except UnicodeError:  # what sqlite3 makes of a damaged file whose damage it quotes
        raise LogError(f"{name} is damaged; keep it aside and name another file") from None
    except OSError as error:
        raise LogError(f"{name} cannot be made: {error.strerror or error}") from None


def _reason(name: str, error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorname", "") or ""
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"{name} was locked by another program for {BUSY_SECONDS:g} s; try again later"
    if code.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN")):
        return f"{name} cannot be opened or written ({error}); name another file"
    if code.startswith("SQLITE_FULL"):
        return f"the disk is full: {name} holds what was done before"
    if code.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return f"{name} is damaged or no result of negsim ({error}); keep it aside and name another file"
    return f"{name} failed: {error}"


# Making and opening.


def temporary(request: Request) -> ResultFile:
    """A result in a temporary file of SQLite's own, which is gone when it is closed."""
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    with explained("the temporary result"):
        connection.execute("PRAGMA journal_mode = OFF")
        _fill(connection, request)
    return ResultFile(None, connection, request)


def made(path: Path, request: Request) -> ResultFile:
    """The result of a request at a path: a new one, or the one that is there, to go on with.

    Raises `UsageError` where the file there is the result of another request.
    """
    with explained(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN IMMEDIATE")
            is_new = not is_result(connection, path)
            if is_new:
                _fill(connection, request)
            connection.execute("COMMIT")
            if not is_new:
                _same(path, _read_request(connection, path), request)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # what is committed outlives the process
        except BaseException:
            connection.close()
            raise
    return ResultFile(path, connection, request)


def opened(path: Path) -> ResultFile:
    """The result in a file, to be read. Raises `LogError` where it is none."""
    if not path.is_file():
        raise LogError(f"there is no result at {path}")
    with explained(str(path)):
        connection = reading(path)
        try:
            request = _read_request(connection, path) if is_result(connection, path) else None
        except BaseException:
            connection.close()
            raise
    if request is None:
        connection.close()
        raise LogError(f"{path} is empty: no result is in it yet")
    return ResultFile(path, connection, request)


def reading(path: Path) -> sqlite3.Connection:
    """A connection that reads a file and changes nothing, not even beside it where nobody writes."""
    file = path.resolve()
    still = not file.with_name(f"{file.name}-wal").exists()
    address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _fill(connection: sqlite3.Connection, request: Request) -> None:
    """Makes the tables of a new result."""
    scenario = request.scenario
    if len(scenario.measures) > MOST_MEASURES:
        raise UsageError(f"a result has room for {MOST_MEASURES:,} measures, not for {len(scenario.measures):,}")
    for statement in _tables(scenario).values():
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO result VALUES (?, ?)",
        [("request", compact(request.as_json())), ("files", compact(dict(scenario.files)))],
    )
    connection.executemany(
        "INSERT INTO cells VALUES (?, ?, ?)",
        (
            (number, compact(dict(cell.parameters)), compact(dict(cell.readings)))
            for number, cell in enumerate(request.cells)
        ),
    )
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {RESULT_FORMAT}")


def is_result(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether a file is a result; nothing where it is empty. Raises `LogError` for another program's."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_TEXT)
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise LogError(f"{path} is an SQLite file, but no result of negsim; name another file")
        return False
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != RESULT_FORMAT:
        raise LogError(f"{path} has format {version}; this version of negsim reads format {RESULT_FORMAT}")
    return True


def _same(path: Path, there: Request, wanted: Request) -> None:
    """Raises `UsageError` where a file holds the result of another request, or of one that cannot be told apart."""
    found, asked = there.as_json(), wanted.as_json()
    differing = [name for name in asked if found[name] != asked[name]]
    differing += [] if there.cells == wanted.cells else ["cells"]
    if differing:
        raise UsageError(
            f"{path} holds the result of another request: {', '.join(differing)} differ{'s' * (len(differing) == 1)}",
            "name another file",
        )
    if not wanted.is_repeatable:
        raise UsageError(
            f"{path} is there already, and whether it was made with the same function cannot be known",
            "name another file, or give the policy an attribute `identity`",
        )


def _read_request(connection: sqlite3.Connection, path: Path) -> Request:
    """The request that a file holds, checked against the scenario that it holds."""
    try:
        tables = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())
        _demand(tables.get("result") == _RESULT and tables.get("cells") == _CELLS, "its tables are not a result's")
        kept = dict(connection.execute("SELECT name, value FROM result").fetchall())
        scenario = _scenario(json.loads(kept["files"]))
        _demand(tables == _tables(scenario), "its tables do not fit its scenario")
        return _checked(json.loads(kept["request"]), scenario, connection.execute("SELECT * FROM cells ORDER BY cell"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, UsageError) as error:
        raise LogError(f"{path} is damaged, or was changed by another program: {error}") from None


def _demand(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise ValueError(otherwise)


def _scenario(files: Any) -> Scenario:
    whole = isinstance(files, dict) and bool(files) and all(isinstance(text, str) for text in files.values())
    _demand(whole, "it does not hold its scenario")
    try:
        return load_files(files)
    except ScenarioError as error:
        problem = error.problems[0]
        where = f"{problem.place.file}:{problem.place.line}"
        raise ValueError(f"its scenario cannot be read: {where}: {problem.message}") from None


def _checked(found: Any, scenario: Scenario, rows: Iterable[tuple[Any, ...]]) -> Request:
    """The request, each part of it checked as if a user had asked it."""
    choices = [parse_choice(scenario, _choice_text(policy)) for policy in found["policies"]]
    cells = []
    for number, (place, parameters, readings) in enumerate(rows):
        _demand(place == number, "a cell is missing")
        changed = _parameters(scenario, json.loads(parameters))
        cells.append(Cell(changed, reading_options(scenario, json.loads(readings))))
    _demand(bool(cells), "it has no cell")
    request = Request(
        scenario=scenario,
        seed=seed_number(found["seed"]),
        settings=Settings(
            _parameters(scenario, found["parameters"]), reading_options(scenario, found["readings"]), tuple(choices)
        ),
        cells=tuple(cells),
        deciders={str(name): None if each is None else str(each) for name, each in found["deciders"].items()},
        version=str(found["negsim"]),
    )
    _demand(request.as_json() == found, "it does not fit its scenario")
    _demand(list(request.settings.named) == list(defaults(scenario).named), "a setting is missing")
    return request


def _choice_text(found: Mapping[str, Any]) -> str:
    """A fixed choice of a file as a user would have asked it."""
    actors = found.get("actors")
    return FixedChoice(found["decision"], found["option"], found.get("day"), actors and tuple(actors)).text


def _parameters(scenario: Scenario, found: Any) -> dict[str, float]:
    _demand(all(isinstance(value, int | float) for value in found.values()), "a parameter is no number")
    return parameter_values(scenario, found)
