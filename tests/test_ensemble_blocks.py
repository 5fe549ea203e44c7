"""Columns and blocks: rows come back as they went in, however they were cut; what is damaged is never believed."""

import json
import math
import re
import sqlite3
import tracemalloc
import zlib
from array import array
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import negsim
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.file.blocks import BLOCK, PART, Block, cuts
from negsim.ensemble.file.opening import made
from negsim.ensemble.result import Result
from negsim.ensemble.run.columns import MISSING, REAL, WHOLE, Row, Shape
from negsim.ensemble.run.request import request_for
from negsim.ensemble.table.parquet import write_parquet
from negsim.ensemble.table.table import table_rows
from negsim.errors import LogError, UsageError

SHAPE = Shape(("war", "peace"), (WHOLE, REAL, WHOLE))

ends = st.sampled_from([2**63 - 1, 2**63, 1 - 2**63, -(2**63)])  # of what 64 bits hold
wholes = st.none() | st.booleans() | st.integers(-5, 5) | st.integers(-(10**30), 10**30) | ends
reals = st.none() | st.integers(-5, 5) | st.floats(-1e300, 1e300)
ended = st.tuples(st.sampled_from(SHAPE.outcomes), st.integers(0, 10**6), st.none(), wholes, reals, wholes)
broken = st.builds(lambda message: (None, None, message, None, None, None), st.text(max_size=5))
some_rows = st.lists(ended | broken, max_size=30)


def kept(row: Row) -> tuple[str | None, int | None, str | None, float | None, float | None, float | None]:
    """A row as it comes back: truths are 1 and 0, whole numbers past 64 bits and reals are doubles."""
    outcome, day, error, one, real, other = row
    one, other = (
        v if v is None else float(v) if abs(v) > 2**63 - 1 else int(v) for v in (one, other)
    )  # fmt: skip
    return (outcome, day, error, one, None if real is None else float(real), other)


def exactly(rows: Iterator[Any]) -> list[tuple[str, ...]]:
    """Rows in which 1 and 1.0, and 0.0 and -0.0, are told apart."""
    return [tuple(map(repr, row)) for row in rows]


@given(some_rows)
def test_rows_come_back_from_columns_and_from_blocks(rows: list[Row]) -> None:
    batch = SHAPE.batch(rows)
    expected = exactly(map(kept, rows))
    assert exactly(SHAPE.rows(batch)) == expected
    assert len(batch) == len(rows)
    if rows:
        block = Block.packed(batch, cell=2, first=7_000)
        again = Block.read(attrs.astuple(block))
        assert (again.cell, again.first, again.count) == (2, 7_000, len(rows))
        assert exactly(SHAPE.rows(again.batch(SHAPE))) == expected
        assert again.ends(SHAPE) == batch.outcomes


@given(some_rows, st.integers(-3, 33), st.integers(0, 33))
def test_batches_are_cut_and_joined_as_lists_are(rows: list[Row], first: int, end: int) -> None:
    batch = SHAPE.batch(rows)
    expected = exactly(map(kept, rows))
    assert exactly(SHAPE.rows(batch.part(first, end))) == expected[max(0, first) : end]
    both = batch.part(0, end) + batch.part(end, len(rows))
    assert exactly(SHAPE.rows(both)) == expected
    if rows:
        assert attrs.astuple(Block.packed(both, cell=0, first=0)) == attrs.astuple(Block.packed(batch, cell=0, first=0))


def test_a_block_is_bytes_that_are_written_down() -> None:
    batch = SHAPE.batch([("war", 3, None, True, 0.5, 10**20), (None, None, "no", None, None, None)])
    block = Block.packed(batch, cell=1, first=0)
    numbers = zlib.decompress(block.numbers)
    columns = bytearray(len(numbers))
    for byte in range(8):
        columns[byte::8] = numbers[byte * 8 : (byte + 1) * 8]
    nothing = b"\0\0\0\0\0\0\0\x80"
    one, three = (n.to_bytes(8, "little") for n in (1, 3))
    half, nan = b"\0\0\0\0\0\0\xe0\x3f", b"\0\0\0\0\0\0\xf8\x7f"
    assert bytes(columns) == three + nothing + one + nothing + half + nan + nothing + nothing
    assert zlib.decompress(block.outcomes) == b"\0\xff" * 1 + b"\0\xff" * 3
    beside = {"errors": {"1": "no"}, "large": {"2": {"0": 1e20}}}
    assert block.beside
    assert json.loads(zlib.decompress(block.beside)) == beside
    assert block.checksum == zlib.crc32(b"1 0 2 " + block.outcomes + block.numbers + block.beside)


PAGE = Path(__file__).parent.parent / "docs/reference/results.md"


def test_a_block_is_read_as_the_page_says() -> None:
    (recipe,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    block = Block.packed(
        SHAPE.batch([("war", 3, None, True, 0.5, 7), ("peace", 500, None, None, -4.0, -1)]), cell=0, first=0
    )
    names: dict[str, Any] = {"np": np, "zlib": zlib, "numbers": block.numbers, "count": block.count}
    exec(recipe, names)  # noqa: S102 - what a reader runs
    found = names["columns"].astype("<i8")
    assert found[[0, 1, 3]].tolist() == [[3, 500], [1, MISSING], [7, -1]]
    assert found[2].view("<f8").tolist() == [0.5, -4.0]


def test_the_longest_messages_and_the_largest_numbers_have_room() -> None:
    shape = Shape(("end",), (WHOLE,) * 3)
    errors = [(None, None, "\U0001f600" * 5_000, None, None, None)] * 3
    large = [("end", 3, None, -(10**300) + 1, 10**300 - 1, 123456789 * 10**290)] * (BLOCK - 3)
    batch = shape.batch([*errors, *large])
    found = Block.read(attrs.astuple(Block.packed(batch, cell=0, first=0))).batch(shape)
    assert exactly(shape.rows(found)) == exactly(shape.rows(batch))
    assert found.errors[2] == "\U0001f600" * 3_999 + "…"


# Blocks of others.


def packed(*columns: "array[Any]") -> bytes:
    return zlib.compress(
        b"".join(b"".join(c.tobytes()[k :: c.itemsize] for c in columns) for k in range(columns[0].itemsize))
    )


GOOD = Block.packed(SHAPE.batch([("war", 3, None, 1, 0.5, 2), (None, None, "no", None, None, None)]), cell=0, first=0)
DAYS = array(WHOLE, [3, MISSING])


def beside(**found: Any) -> bytes:
    return zlib.compress(json.dumps(found).encode())


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcomes": packed(array("i", [2, -1]))},
        {"outcomes": packed(array("i", [0, -2]))},
        {"outcomes": packed(array("i", [0]))},
        {"outcomes": packed(array("i", [0, -1, 0]))},
        {"outcomes": GOOD.outcomes + b"more"},
        {"outcomes": GOOD.outcomes[:-1]},
        {"outcomes": b""},
        {"outcomes": zlib.compress(bytes(10**8))},
        {"numbers": zlib.compress(bytes(10**8))},
        {"numbers": packed(DAYS, DAYS, array(REAL, [math.inf, 0]), DAYS)},
        {"numbers": packed(DAYS, DAYS, array(REAL, [0, -1.1e300]), DAYS)},
        {"numbers": packed(DAYS, DAYS, DAYS)},
        {"beside": None},
        {"beside": zlib.compress(bytes(10**8))},
        {"beside": zlib.compress(b"[" * 10**6)},
        {"beside": zlib.compress(b"\xff")},
        {"beside": beside()},
        {"beside": beside(errors={"0": "no"})},
        {"beside": beside(errors={"1": 5})},
        {"beside": beside(errors={"x": "no"})},
        {"beside": beside(errors={"1": "no", "2": "no"})},
        {"beside": beside(errors={"1": "no"}, more=1)},
        {"beside": beside(errors={"1": "no"}, large={"3": {"0": 1e20}})},
        {"beside": beside(errors={"1": "no"}, large={"-1": {"0": 1e20}})},
        {"beside": beside(errors={"1": "no"}, large={"1": {"1": 1e20}})},
        {"beside": beside(errors={"1": "no"}, large={"0": {"0": 1e20}})},
        {"beside": beside(errors={"1": "no"}, large={"0": {"-1": 1e20}})},
        {"beside": beside(errors={"1": "no"}, large={"0": {"2": 1e20}})},
        {"beside": beside(errors={"1": "no"}, large={"0": {"1": 1e301}})},
        {"count": 0},
        {"count": 3},
        {"count": BLOCK + 1},
        {"count": 10**18},
        {"count": 2.0},
        {"cell": "0"},
        {"outcomes": "text"},
        {"numbers": None},
        {"beside": 5},
    ],
)
def test_what_no_run_can_have_made_is_not_believed_though_its_checksum_fits(wrong: dict[str, Any]) -> None:
    block = attrs.evolve(GOOD, **wrong)
    with suppress(TypeError, AttributeError):  # what is of another type has no checksum
        block = attrs.evolve(block, checksum=block.sum())
    with pytest.raises(ValueError, match=r"."):
        Block.read(attrs.astuple(block)).batch(SHAPE)


@pytest.mark.parametrize("name", ["outcomes", "numbers", "beside"])
def test_a_block_that_would_swell_takes_little_memory(name: str) -> None:
    swelling: dict[str, Any] = {name: zlib.compress(bytes(10**8))}
    block = attrs.evolve(GOOD, **swelling)
    row = attrs.astuple(attrs.evolve(block, checksum=block.sum()))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="some of its runs cannot be read"):
            Block.read(row).batch(SHAPE)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("wrong", [{"cell": 1}, {"first": 1_000}, {"count": 1}, {"beside": None}, {"checksum": 5}])
def test_a_block_that_stands_elsewhere_does_not_fit_its_checksum(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="some of its runs cannot be read"):
        Block.read(attrs.astuple(attrs.evolve(GOOD, **wrong)))


@given(st.integers(0, 30 * PART), st.integers(0, 3))
def test_cuts_are_whole_blocks_then_parts_then_the_rest(runs: int, blocks: int) -> None:
    found = cuts(runs)
    assert [first for first, _ in found] == [sum(count for _, count in found[:n]) for n in range(len(found))]
    assert sum(count for _, count in found) == runs
    counts = [count for _, count in found]
    assert counts.count(BLOCK) == runs // BLOCK
    assert counts.count(PART) == runs % BLOCK // PART
    assert counts == sorted(counts, reverse=True)
    if runs >= blocks * BLOCK:
        assert cuts(runs, start=blocks * BLOCK) == found[blocks:]


@pytest.mark.parametrize(
    ("runs", "found"),
    [
        (0, []),
        (1, [(0, 1)]),
        (99, [(0, 99)]),
        (100, [(0, 100)]),
        (101, [(0, 100), (100, 1)]),
        (200, [(0, 100), (100, 100)]),
        (999, [*((at, 100) for at in range(0, 900, 100)), (900, 99)]),
        (1_000, [(0, 1_000)]),
        (1_100, [(0, 1_000), (1_000, 100)]),
        (2_000, [(0, 1_000), (1_000, 1_000)]),
        (2_345, [(0, 1_000), (1_000, 1_000), (2_000, 100), (2_100, 100), (2_200, 100), (2_300, 45)]),
    ],
)
def test_cuts_by_hand_where_a_block_is_just_full(runs: int, found: list[tuple[int, int]]) -> None:
    assert cuts(runs) == found


# In a file.

MODEL = """
negsim: 1
title: A model
start: 2030-01-01
horizon: 1
state: {level: {range: 0..1, initial: 0}}
events: {e: {}}
outcomes: {war: {when: level == 1}, peace: {}}
measures: {risen: count(e), half: level / 2, more: count(e)}
"""


@pytest.fixture(scope="module")
def model() -> negsim.Scenario:
    return negsim.load_text(MODEL, name="model.yaml")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 1_300), min_size=1, max_size=6), st.lists(st.integers(0, 400), min_size=6, max_size=6))
def test_blocks_hang_on_the_runs_alone_not_on_how_they_came(
    model: negsim.Scenario, tmp_path_factory: pytest.TempPathFactory, sizes: list[int], overlaps: list[int]
) -> None:
    request, _ = request_for(model, [Cell(), Cell()])
    rows: list[Row] = [("peace", n, None, n, 0.5, 2**63 if n % 300 == 1 else 0) for n in range(sum(sizes))]
    rows[3::97] = [(None, None, "no", None, None, None)] * len(rows[3::97])
    batch = SHAPE.batch(rows)
    folder = tmp_path_factory.mktemp("blocks")
    found = []
    for name in ("whole", "parts"):
        with_rows = made(folder / f"{name}.sqlite", request)
        if name == "whole":
            with_rows.add(1, batch, first=0)
        end = 0
        for size, overlap in zip(sizes, overlaps, strict=False):
            if name == "parts":  # another writer has done some of it before
                start = max(0, end - overlap)
                with_rows.add(1, batch.part(start, end + size), first=start)
            end += size
        with_rows.close()
        with sqlite3.connect(folder / f"{name}.sqlite") as looking:
            found.append(looking.execute("SELECT * FROM blocks ORDER BY cell, first").fetchall())
        looking.close()
    assert found[0] == found[1]
    assert [row[1:3] for row in found[0]] == cuts(len(rows))
    with Result.read(folder / "parts.sqlite") as result:
        assert exactly(row[2:] for row in result.file.rows(runs=len(rows))) == exactly(map(kept, rows))
        assert result.cells[1].errors == sum(row[0] is None for row in rows)


@pytest.mark.parametrize("step", [45, 100, 250, 999])
def test_no_run_is_lost_where_blocks_grow_together(model: negsim.Scenario, tmp_path: Path, step: int) -> None:
    request, _ = request_for(model, [Cell()])
    file = made(tmp_path / "model.sqlite", request)
    rows = [("peace", n, None, n, n / 2, 0) for n in range(1_001)]
    for first in range(0, len(rows), step):
        file.add(0, SHAPE.batch(rows[first : first + step]), first=first)
    assert file.done() == [1_001]
    assert [(first, len(batch)) for _, first, batch in file.batches(runs=1_001)] == [(0, 1_000), (1_000, 1)]
    for runs in (1, 150, 1_000, 1_001):
        assert file.outcomes(runs=runs)[0].total() == runs
        assert len(file.outcomes_in_order(0, runs=runs)) == runs
        assert [day for _, _, batch in file.batches(runs=runs) for day in batch.days] == [*range(runs)]
    file.close()


def test_runs_after_a_gap_are_not_added(model: negsim.Scenario, tmp_path: Path) -> None:
    request, _ = request_for(model, [Cell()])
    file = made(tmp_path / "model.sqlite", request)
    batch = SHAPE.batch([("peace", 0, None, 0, 0.0, 0)] * 5)
    with pytest.raises(LogError, match="runs are missing"):
        file.add(0, batch, first=1)
    file.add(0, batch, first=0)
    with pytest.raises(LogError, match="runs are missing"):
        file.add(0, batch, first=6)
    assert file.done() == [5]


def test_a_table_in_columns_has_what_its_rows_have(model: negsim.Scenario, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    request, _ = request_for(model, [Cell(), Cell()], seed=2**63 - 1_200)
    rows: list[Row] = [("peace", n, None, n, n / 2, 2**63 if n % 300 == 1 else n % 3) for n in range(1_200)]
    rows[3::97] = [(None, None, "no", None, None, None)] * len(rows[3::97])
    file = made(tmp_path / "model.sqlite", request)
    file.add(0, SHAPE.batch(rows), first=0)
    file.add(1, SHAPE.batch(rows[:10]), first=0)
    with Result(file, 1_150) as result:
        write_parquet(result, tmp_path / "model.parquet")
        expected = [tuple(row) for row in table_rows(result)]
        frame = result.to_pandas()
    table = pq.read_table(tmp_path / "model.parquet")
    assert [tuple(row.values()) for row in table.to_pylist()] == expected
    assert len(expected) == len(frame) == 1_160
    assert frame["more"].dtype == "float64"
    assert frame["risen"].dtype == "Int64"
    assert json.loads(table.schema.metadata[b"negsim"]) == request.as_json()


def test_an_outcome_that_there_is_not_is_a_clear_error(model: negsim.Scenario) -> None:
    with negsim.explore(model, runs=2, readings=None) as result, pytest.raises(UsageError, match="no outcome `wars`"):
        result.file.seeds(0, "wars", runs=2)
