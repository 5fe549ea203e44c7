"""The tables of a result file: made, told from other programs', and read as the request that they hold.

A file that is opened is somebody else's: it is believed only where all fits its scenario.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from negsim.ensemble.design.cells import Cell
from negsim.ensemble.file.block_table import BUSY_SECONDS, TABLE
from negsim.ensemble.run.request import RESULT_FORMAT, Request
from negsim.errors import LogError, ScenarioError, UsageError
from negsim.language import load_files
from negsim.log.event import compact
from negsim.scenario.choices import FixedChoice, parse_choice
from negsim.scenario.model import Scenario
from negsim.scenario.seeds import seed_number
from negsim.scenario.settings import Settings, defaults, parameter_values, reading_options

APPLICATION_ID = 0x6E656772  # "negr": marks the file as a result of negsim
LONGEST_VALUE = 1 << 26  # bytes of one row of another's file

_RESULT = "CREATE TABLE result (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
_CELLS = "CREATE TABLE cells (cell INTEGER PRIMARY KEY, parameters TEXT NOT NULL, readings TEXT NOT NULL)"
TABLES = {"result": _RESULT, "cells": _CELLS, "blocks": TABLE}


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


def fill(connection: sqlite3.Connection, request: Request) -> None:
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


def read_request(connection: sqlite3.Connection, path: Path) -> Request:
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
