"""A result file in columns beside one with a row a run: `python -m tests.benchmarks.results [RUNS]`.

Runs of a small model with four measures, the same for both. Each contender works in a process of its own, in rounds
that take turns; medians of CPU time and of the greatest memory. Last, what the runs themselves take when negsim makes
them. Prints figures, judges nothing.
"""

from __future__ import annotations

import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import negsim
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.file.opening import made
from negsim.ensemble.result import Result
from negsim.ensemble.run.columns import Row
from negsim.ensemble.run.request import request_for
from negsim.ensemble.sample.summary import summary

from .printing import heading, print_table, say

RUNS, MADE = 1_000_000, 100_000
ROUNDS = 3
KINDS = {"columns": "columns", "batches": "columns", "rows": "rows"}  # how each is read
PIECES = (100, 1_000)  # runs that are added at once: by Python's engine, by a faster one
COINS = """
negsim: 1
title: Coins
start: 2025-03-01
horizon: 12
actors: {ann: {name: Ann}}
state: {seen: {range: 0..12, initial: 0}}
events: {fell: {fields: {side: [heads, tails]}, set: {seen: seen + 1 if side == heads else seen}}}
rules:
  toss:
    assumption: Ann tosses.
    by: ann
    every: 1
    until: 3
    choose: {heads: {emit: fell(heads)}, tails: {emit: fell(tails)}}
outcomes: {many: {when: seen >= 2}, few: {}}
measures: {fallen: seen, first_heads: first(fell if side == heads), half: seen / 2, is_many: seen >= 2}
"""
TABLE = """
CREATE TABLE runs (cell INTEGER NOT NULL, seed INTEGER NOT NULL, outcome TEXT, ended_on INTEGER, error TEXT,
  fallen, first_heads, half, is_many, PRIMARY KEY (cell, seed)) WITHOUT ROWID
"""


def some_runs() -> list[Row]:
    """Runs as an engine gives them; one measure has about as many values as there are runs."""
    luck = random.Random(7)  # noqa: S311 - no secret
    return [
        ("many" if (seen := luck.randint(0, 3)) > 1 else "few", 12, None, seen, luck.choice((None, 1, 2, 3)),
         luck.random(), seen > 1)
        for _ in range(20_000)
    ]  # fmt: skip


def pieces(runs: int, piece: int) -> Iterator[tuple[int, list[Row]]]:
    """The number of the first run and the rows of each piece."""
    coming = cycle(some_runs())
    return ((first, list(islice(coming, min(piece, runs - first)))) for first in range(0, runs, piece))


def write_columns(path: Path, runs: int, piece: int, *, are_batches: bool = False) -> float:
    """CPU seconds of making batches of rows, unless they are there, and of adding them to a result file of negsim."""
    request, _ = request_for(negsim.load_text(COINS), [Cell()])
    file, spent = made(path, request), 0.0
    for first, rows in pieces(runs, piece):
        before = time.process_time()
        batch = file.shape.batch(rows)
        before = time.process_time() if are_batches else before
        file.add(0, batch, first=first)
        spent += time.process_time() - before
    before = time.process_time()
    file.close()
    return spent + time.process_time() - before


def write_batches(path: Path, runs: int, piece: int) -> float:
    """CPU seconds of adding batches, as an engine gives them that makes columns itself."""
    return write_columns(path, runs, piece, are_batches=True)


def write_rows(path: Path, runs: int, piece: int) -> float:
    """CPU seconds of adding rows to a table with a row a run."""
    file, spent = sqlite3.connect(path, isolation_level=None), 0.0
    file.execute(TABLE)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    for first, rows in pieces(runs, piece):
        before = time.process_time()
        file.execute("BEGIN IMMEDIATE")
        kept = ((0, first + place, *row) for place, row in enumerate(rows))
        file.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", kept)
        file.execute("COMMIT")
        spent += time.process_time() - before
    before = time.process_time()
    file.execute("PRAGMA journal_mode = DELETE")
    file.close()
    return spent + time.process_time() - before


def read_columns(path: Path, *_: int) -> float:
    """CPU seconds of shares and summaries out of a result file of negsim."""
    before = time.process_time()
    with Result.read(path) as result:
        _shares, _measures = result.outcomes, result.measures
    return time.process_time() - before


def read_rows(path: Path, *_: int) -> float:
    """The same out of a table with a row a run."""
    before = time.process_time()
    file = sqlite3.connect(path)
    total = sum(count for _, count in file.execute("SELECT outcome, count(*) FROM runs GROUP BY outcome"))
    for name in ("fallen", "first_heads", "half", "is_many"):
        counted = f"SELECT {name}, count(*) FROM runs WHERE {name} IS NOT NULL GROUP BY {name} ORDER BY {name}"  # noqa: S608 - names
        missing = file.execute(f"SELECT count(*) FROM runs WHERE {name} IS NULL").fetchone()[0]  # noqa: S608 - as above
        summary(file.execute(counted), total=total - missing, missing=missing)
    file.close()
    return time.process_time() - before


def make(path: Path, runs: int, _: int) -> float:
    """CPU seconds of an ensemble that negsim makes and keeps."""
    scenario = negsim.load_text(COINS)
    before = time.process_time()
    negsim.explore(scenario, runs=runs, out=path).close()
    return time.process_time() - before


WORK = {each.__name__: each for each in (write_columns, write_batches, write_rows, read_columns, read_rows, make)}


def done(name: str, path: Path, runs: int, piece: int = 0) -> tuple[float, float]:
    """CPU seconds and MB of memory of a piece of work, in a process of its own."""
    words = [sys.executable, "-m", "tests.benchmarks.results", "do", name, str(path), str(runs), str(piece)]
    seconds, memory = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return seconds, memory


def compare(runs: int, rounds: int = ROUNDS) -> None:
    """Measures and prints."""
    heading(f"5. A result of {runs:,} runs with four measures, in columns and with a row a run; {rounds} rounds")
    kinds = [(kind, piece) for piece in PIECES for kind in KINDS]
    wrote: dict[tuple[str, int], list[tuple[float, float]]] = {kind: [] for kind in kinds}
    read: dict[tuple[str, int], list[tuple[float, float]]] = {kind: [] for kind in kinds}
    sizes: dict[tuple[str, int], float] = {}
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".benchmarks-") as folder:
        for turn in range(rounds):
            for kind, piece in kinds:
                path = Path(folder, f"{turn}-{kind}-{piece}.sqlite")
                wrote[kind, piece].append(done(f"write_{kind}", path, runs, piece))
                read[kind, piece].append(done(f"read_{KINDS[kind]}", path, runs))
                sizes[kind, piece] = path.stat().st_size / 1e6
                path.unlink()
        seconds, memory = done("make", Path(folder, "made.sqlite"), MADE)
    rows = [["", "pieces of", "written, µs a run", "read, s", "MB", "memory, MB: written", "read"]]
    for kind, piece in kinds:
        (spent, held), (took, had) = (
            [median(column) for column in zip(*each[kind, piece], strict=True)] for each in (wrote, read)
        )
        figures = (f"{1e6 * spent / runs:.2f}", f"{took:.2f}", f"{sizes[kind, piece]:.1f}", f"{held:.0f}", f"{had:.0f}")
        rows.append([kind, f"{piece:,}", *figures])
    print_table(rows)
    say(f"  (an ensemble of {MADE:,} such runs takes {1e6 * seconds / MADE:.0f} µs a run and {memory:.0f} MB)")


def main() -> None:
    """Measures and prints, or does one piece of work for that."""
    if sys.argv[1:2] != ["do"]:
        compare(int(sys.argv[1]) if sys.argv[1:] else RUNS)
        return
    _, _, name, path, runs, piece = sys.argv
    seconds = WORK[name](Path(path), int(runs), int(piece))
    say(json.dumps((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))


if __name__ == "__main__":
    main()
