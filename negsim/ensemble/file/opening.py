"""Result files made and opened: a temporary one, one to go on with, one to be read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import attrs

from negsim.ensemble.file.block_table import BUSY_SECONDS, TEMPORARY, explained
from negsim.ensemble.file.result_file import ResultFile
from negsim.ensemble.file.result_tables import fill, is_result, read_request, reading
from negsim.ensemble.run.request import Request
from negsim.errors import LogError, UsageError
from negsim.language import load_files


def temporary(request: Request) -> ResultFile:
    """A result in a temporary file of SQLite's own, which is gone when it is closed."""
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    with explained(TEMPORARY):
        connection.execute("PRAGMA journal_mode = MEMORY")
        fill(connection, request)
    return ResultFile(None, connection, request)


def made(path: Path, request: Request) -> ResultFile:
    """The result of a request at a path: a new one, or the one that is there, to go on with.

    Raises `UsageError` where the file there is the result of another request.
    """
    _refuse_other(path)
    with explained(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN IMMEDIATE")
            is_new = not is_result(connection, path)
            if is_new:
                fill(connection, request)
            connection.execute("COMMIT")
            if not is_new:
                _same(path, read_request(connection, path), request)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # what is committed outlives the process
        except BaseException:
            connection.close()
            raise
    return ResultFile(path, connection, request)


def opened(path: Path, *, language: str | None = None) -> ResultFile:
    """The result in a file, to be read, its scenario in a language. Raises `LogError` where it is none."""
    _refuse_other(path)
    if not path.is_file():
        raise LogError(f"there is no result at {path}")
    with explained(str(path)):
        connection = reading(path)
        try:
            request = read_request(connection, path) if is_result(connection, path) else None
        except BaseException:
            connection.close()
            raise
    if request is None:
        connection.close()
        raise LogError(f"{path} is empty: no result is in it yet")
    if language is not None:
        try:
            request = attrs.evolve(request, scenario=load_files(request.scenario.files, language=language))
        except BaseException:
            connection.close()
            raise
    return ResultFile(path, connection, request)


def _refuse_other(path: Path) -> None:
    """Raises `LogError` for a pipe or a device: a result is read and written here and there."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise LogError(f"{path} is no ordinary file, so no result can be in it: name another file")


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
