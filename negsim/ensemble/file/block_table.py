"""The table of blocks in an SQLite file: it grows by batches, and is read block by block."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import RLock
from typing import Any, TypeVar

import attrs

from negsim.ensemble.file.blocks import BLOCK, Block, cuts
from negsim.ensemble.run.columns import Batch, Shape
from negsim.errors import LogError
from negsim.log.database import closing_when_gone
from negsim.log.table import LARGEST_WHOLE

BUSY_SECONDS = 10.0
TEMPORARY = "the temporary result"
TABLE = (
    "CREATE TABLE blocks (cell INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,"
    " outcomes BLOB NOT NULL, numbers BLOB NOT NULL, beside BLOB, checksum INTEGER NOT NULL, PRIMARY KEY (cell, first))"
)
_BLOCKS = "SELECT cell, first, count, outcomes, numbers, beside, checksum FROM blocks WHERE"

T = TypeVar("T")


class BlockTable:
    """The blocks of the cells of a result, in an open file that has a name for messages.

    Threads may share it: they take turns at writing, and at each block that is read.
    """

    def __init__(self, connection: sqlite3.Connection, name: str, shape: Shape, *, cells: int) -> None:
        self._connection = connection
        closing_when_gone(self, connection)
        self._name = name
        self._shape = shape
        self._cells = cells
        self._turn = RLock()

    def close(self, *, is_temporary: bool) -> None:
        """Closes the file; it is then one file, without a journal beside it."""
        with suppress(sqlite3.Error):  # another program looks at it just now, or it cannot be written
            if not is_temporary:
                self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    @contextmanager
    def _explained(self) -> Iterator[sqlite3.Connection]:
        with self._turn, explained(self._name):
            yield self._connection

    # Writing.

    def add(self, cell: int, batch: Batch, *, first: int) -> None:
        """Adds the runs of a cell with the numbers first, first + 1, …, all or none; those that are there stay."""
        with self._explained() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._grow(cell, batch, first)
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    def _grow(self, cell: int, batch: Batch, first: int) -> None:
        """Writes the blocks that there are with more runs, in the place of those that there are without them."""
        end = self._end(cell)
        if first > end:
            raise self.damaged("runs are missing")
        more = batch.part(end - first, len(batch))
        start = end // BLOCK * BLOCK
        there, wanted = cuts(end, start=start), cuts(end + len(more), start=start)
        for at, count in reversed(there):
            if (at, count) not in wanted:
                more = self._taken(cell, at) + more
        made = [each for each in wanted if each not in there]
        for at, count in made:
            part = more.part(at - made[0][0], at - made[0][0] + count)
            row = attrs.astuple(Block.packed(part, cell=cell, first=at))
            self._connection.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def _end(self, cell: int) -> int:
        """How many runs of a cell there are."""
        statement = "SELECT first + count FROM blocks WHERE cell = ? ORDER BY first DESC LIMIT 1"
        found = self._connection.execute(statement, (cell,)).fetchone()
        return 0 if found is None else int(found[0])

    def _taken(self, cell: int, first: int) -> Batch:
        """The runs of a block, which is taken out of the table."""
        row = self._connection.execute(f"{_BLOCKS} cell = ? AND first = ?", (cell, first)).fetchone()
        if row is None:
            raise self.damaged("runs are missing")
        self._connection.execute("DELETE FROM blocks WHERE cell = ? AND first = ?", (cell, first))
        block = self._read(partial(Block.read, row))
        return self._read(partial(block.batch, self._shape))

    # Reading.

    def done(self) -> list[int]:
        """How many runs each cell has. Raises `LogError` where blocks are not as they are cut, one after the other."""
        found = [0] * self._cells
        for row in self._all("SELECT cell, first, count FROM blocks ORDER BY cell, first", ()):
            cell, first, count = row
            known = all(isinstance(each, int) for each in row) and 0 <= cell < self._cells and 0 < count <= BLOCK
            if not known or first != found[cell]:
                raise self.damaged("runs are missing")
            found[cell] += count
            if (first, count) not in cuts(found[cell], start=first // BLOCK * BLOCK):
                raise self.damaged("runs are missing")
        return found

    def ends(self, *, runs: int, cell: int | None = None, after: int = 0) -> Iterator[tuple[int, int, array[int]]]:
        """(cell, number of the first run, outcomes) of the blocks of the runs after … runs - 1, and some before them.

        They come in the order of cells and runs; of one cell alone where it is named.
        """
        for block in self._blocks(runs=runs, cell=cell, after=after):
            ends = self._read(partial(block.ends, self._shape))
            yield block.cell, block.first, ends[: runs - block.first]

    def batches(
        self, *, runs: int, cell: int | None = None, only_with_more: bool = False
    ) -> Iterator[tuple[int, int, Batch]]:
        """(cell, number of the first run, batch) likewise; of blocks alone with more than columns hold, if asked."""
        for block in self._blocks(runs=runs, cell=cell):
            if block.beside is not None or not only_with_more:
                batch = self._read(partial(block.batch, self._shape))
                yield block.cell, block.first, batch.part(0, runs - block.first)

    def _blocks(self, *, runs: int, cell: int | None, after: int = 0) -> Iterator[Block]:
        where = " first > ? AND first < ?" if cell is None else " first > ? AND first < ? AND cell = ?"
        given = (after - BLOCK, min(runs, LARGEST_WHOLE), *(() if cell is None else (cell,)))
        for row in self._all(f"{_BLOCKS}{where} ORDER BY cell, first", given):
            yield self._read(partial(Block.read, row))

    def _all(self, statement: str, given: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        with self._explained() as connection:
            cursor = connection.execute(statement, given)
            row = cursor.fetchone()
        while row is not None:
            yield row
            with self._explained():
                row = cursor.fetchone()

    def _read(self, unpacked: Callable[[], T]) -> T:
        """What is unpacked. Raises `LogError` where it is damaged."""
        try:
            return unpacked()
        except ValueError as error:
            raise self.damaged(str(error)) from None

    def damaged(self, what: str) -> LogError:
        """The error for a file in which something is wrong."""
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
