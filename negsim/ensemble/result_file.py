"""The result file: an SQLite file with one row a block of runs.

Runs are added piece by piece, each piece whole or not at all; a process that is killed loses no piece
that was added. A file that is opened is somebody else's: it is believed only where all fits its scenario.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from negsim.ensemble.block_table import BUSY_SECONDS, TABLE, TEMPORARY, BlockTable, explained
from negsim.ensemble.cells import Cell
from negsim.ensemble.columns import OUTCOME, Batch, Shape
from negsim.ensemble.request import RESULT_FORMAT, Request
from negsim.errors import LogError, ScenarioError, UsageError
from negsim.language import load_files
from negsim.log.event import compact
from negsim.log.table import LARGEST_WHOLE
from negsim.scenario.choices import FixedChoice, parse_choice
from negsim.scenario.model import Scenario
from negsim.scenario.seeds import check_seeds, seed_number
from negsim.scenario.settings import Settings, defaults, parameter_values, reading_options

APPLICATION_ID = 0x6E656772  # "negr": marks the file as a result of negsim
LONGEST_VALUE = 1 << 26  # bytes of one row of another's file

_RESULT = "CREATE TABLE result (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
_CELLS = "CREATE TABLE cells (cell INTEGER PRIMARY KEY, parameters TEXT NOT NULL, readings TEXT NOT NULL)"
TABLES = {"result": _RESULT, "cells": _CELLS, "blocks": TABLE}


class ResultFile:
    """A result on disk, or in a temporary file that is gone when this is closed (`path` is nothing)."""

    def __init__(self, path: Path | None, connection: sqlite3.Connection, request: Request) -> None:
        self.path = path
        self.request = request
        self.shape = Shape.of(request.scenario)
        name = TEMPORARY if path is None else str(path)
        self._blocks = BlockTable(connection, name, self.shape, cells=len(request.cells))
        self._names = (*self.shape.outcomes, None)  # that of a model error, -1, is the last

    def close(self) -> None:
        """Closes the file; it is then one file, without a journal beside it."""
        self._blocks.close(is_temporary=self.path is None)

    def add(self, cell: int, batch: Batch, *, first: int) -> None:
        """Adds the runs of a cell with the numbers first, first + 1, …, all or none; those that are there stay."""
        self._blocks.add(cell, batch, first=first)

    def done(self) -> list[int]:
        """How many runs each cell has. Raises `LogError` where one between others is missing."""
        found = self._blocks.done()
        try:
            check_seeds(self.request.seed, max(found))
        except UsageError as error:
            raise self._blocks.damaged(str(error)) from None
        return found

    def outcomes(self, *, runs: int) -> list[Counter[str | None]]:
        """For each cell, how often each outcome (nothing for a model error) is there among its first runs."""
        found: list[Counter[str | None]] = [Counter() for _ in self.request.cells]
        for cell, _, ends in self._blocks.ends(runs=runs):
            found[cell].update(self._named(ends))
        return found

    def outcomes_between(self, cell: int, first: int, end: int) -> Counter[str | None]:
        """How often each outcome is there among the runs of a cell with the numbers first … end - 1."""
        found: Counter[str | None] = Counter()
        for _, at, ends in self._blocks.ends(cell=cell, after=first, runs=end):
            found.update(self._named(ends[max(0, first - at) :]))
        return found

    def outcomes_in_order(self, cell: int, *, runs: int) -> array[int]:
        """The outcome of each run of a cell, by seed: places in the scenario's list, -1 for a model error (int32)."""
        found = array(OUTCOME)
        for _, _, ends in self._blocks.ends(cell=cell, runs=runs):
            found += ends
        return found

    def seeds(self, cell: int, outcome: str | None, *, runs: int, most: int | None = None) -> list[int]:
        """The seeds of the runs of a cell that ended so (nothing: with a model error), the first ones."""
        wanted = self.shape.place(outcome)
        blocks = self._blocks.ends(cell=cell, runs=runs)
        found = (first + place for _, first, ends in blocks for place, end in enumerate(ends) if end == wanted)
        return [self.request.seed + number for number in islice(found, most)]

    def errors(self, *, runs: int, most: int) -> list[tuple[int, int, str]]:
        """(cell, seed, message) of the first model errors."""
        found = (
            (cell, self.request.seed + first + place, message)
            for cell, first, batch in self._blocks.batches(runs=runs, only_with_more=True)
            for place, message in sorted(batch.errors.items())
        )
        return list(islice(found, most))

    def changes(self, base: int, other: int, *, runs: int) -> Counter[tuple[str | None, str | None]]:
        """How many seeds have (outcome in one cell, outcome in another), of the seeds that both have."""
        both = (self.outcomes_in_order(cell, runs=runs) for cell in (base, other))
        pairs = Counter(zip(*both, strict=False))
        return Counter({(self._names[one], self._names[two]): count for (one, two), count in pairs.items()})

    def batches(self, *, runs: int, cell: int | None = None) -> Iterator[tuple[int, int, Batch]]:
        """(cell, number of the first run, batch), in the order of cells and runs; of one cell alone where named."""
        return self._blocks.batches(runs=runs, cell=cell)

    def rows(self, *, runs: int, cell: int | None = None) -> Iterator[tuple[Any, ...]]:
        """Cell, seed, outcome, last day, error and measures of each run, in the order of cells and seeds."""
        for number, first, batch in self.batches(runs=runs, cell=cell):
            for seed, row in enumerate(self.shape.rows(batch), self.request.seed + first):
                yield (number, seed, *row)

    def large_measures(self) -> frozenset[int]:
        """Which measures, by their places, have a whole number past 64 bits somewhere, which is kept as a double."""
        batches = self._blocks.batches(runs=LARGEST_WHOLE, only_with_more=True)
        return frozenset(place for _, _, batch in batches for place in batch.large)

    def _named(self, ends: array[int]) -> dict[str | None, int]:
        return {self._names[number]: count for number, count in Counter(ends).items()}


# Making and opening.


def temporary(request: Request) -> ResultFile:
    """A result in a temporary file of SQLite's own, which is gone when it is closed."""
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    with explained(TEMPORARY):
        connection.execute("PRAGMA journal_mode = MEMORY")
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
    for statement in TABLES.values():
        connection.execute(statement)
    connection.executemany(
        "INSERT INTO result VALUES (?, ?)",
        [("request", compact(request.as_json())), ("files", compact(dict(request.scenario.files)))],
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
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise LogError(f"{path} is an SQLite file, but no result of negsim; name another file")
        return False
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != RESULT_FORMAT:
        way = "make the result anew, under another name" if version < RESULT_FORMAT else "use a newer version"
        raise LogError(f"{path} has format {version}; this version of negsim reads format {RESULT_FORMAT}: {way}")
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
        _demand(tables == TABLES, "its tables are not a result's")
        kept = dict(connection.execute("SELECT name, value FROM result").fetchall())
        scenario = _scenario(json.loads(kept["files"]))
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
