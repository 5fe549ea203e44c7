"""The result file: goes on where it stopped whatever happens to the process, and believes no other's file."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import negsim
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.evaluate import evaluate
from negsim.ensemble.result import Result
from negsim.ensemble.run.columns import Row
from negsim.errors import LogError, UsageError
from negsim.policy.situation import Situation

WALK = """
negsim: 1
title: A walk
start: 2025-03-01
horizon: 20
parameters: {up_chance: {value: 0.5, low: 0, high: 1, assumption: test}}
readings:
  goal:
    question: How high is high?
    options: {low_goal: 3., high_goal: 6.}
    default: low_goal
    assumption: test
actors: {ann: {}}
state: {level: {range: 0..20, initial: 0}}
events: {rises: {set: {level: level + 1}}}
rules:
  climbs: {assumption: test, every: 2, chance: up_chance, emit: rises()}
  rests: {assumption: test, by: ann, at: 3, choose: {goes: {emit: rises()}, stays: {}}}
outcomes: {high: {when: "level >= (3 if goal == low_goal else 6)"}, low: {}}
measures: {seed: level, error: level / 3, first_rise: first(rises)}
"""
WALK = WALK.replace("stays: {}", "stays: {emit: waits()}").replace("events: {rises", "events: {waits: {}, rises")
CELLS = [Cell(), Cell({"up_chance": 0.25}), Cell({}, {"goal": "high_goal"})]


@pytest.fixture(scope="module")
def walk() -> negsim.Scenario:
    return negsim.load_text(WALK, name="walk.yaml")


def rows(path: Path) -> list[Row]:
    with Result.read(path) as result:
        return list(result.file.rows(runs=result.runs))


def test_a_result_is_read_as_it_was_written(walk: negsim.Scenario, tmp_path: Path) -> None:
    path = tmp_path / "walk.sqlite"
    asked: dict[str, Any] = {
        "seed": 3,
        "set": {"up_chance": 0.75},
        "read": {"goal": "high_goal"},
        "choose": ["rests@3=goes"],
    }
    with evaluate(walk, CELLS, runs=230, out=path, **asked) as made:
        expected = made.as_json()
    with Result.read(path) as read:
        assert {**read.as_json(), "runs_per_second": 0} == {**expected, "runs_per_second": 0}
        assert read.request.id == made.request.id
        assert read.scenario == walk
        assert read.cells[1].parameters == {"up_chance": 0.25}
    assert not path.with_name("walk.sqlite-wal").exists()


def test_more_runs_are_added_and_fewer_are_the_first_ones(walk: negsim.Scenario, tmp_path: Path) -> None:
    path, whole = tmp_path / "walk.sqlite", tmp_path / "whole.sqlite"
    evaluate(walk, CELLS, runs=1150, out=whole).close()
    for runs, made in ((130, 390), (130, 0), (1150, 3060), (700, 0)):
        with evaluate(walk, CELLS, runs=runs, out=path) as result:
            assert (result.runs, result.made) == (runs, made)
            assert [each.runs for each in result.cells] == [runs] * 3
            assert all(1 <= row[1] + 1 <= runs for row in result.file.rows(runs=result.runs))
    assert rows(path) == rows(whole)


def test_results_of_other_requests_are_not_mixed(walk: negsim.Scenario, tmp_path: Path) -> None:
    path = tmp_path / "walk.sqlite"
    evaluate(walk, CELLS, runs=10, out=path).close()
    for cells, asked, differing in (
        (CELLS, {"seed": 1}, "seed differs"),
        (CELLS, {"set": {"up_chance": 0.1}}, "parameters differs"),
        (CELLS, {"choose": ["rests=goes"]}, "policies differs"),
        (CELLS[:2], {}, "cells differs"),
        (CELLS, {"seed": 1, "policy": lambda _: "goes"}, "seed, deciders differ"),
    ):
        with pytest.raises(UsageError, match=f"holds the result of another request: {differing}"):
            evaluate(walk, cells, runs=10, out=path, **asked)
    other = negsim.load_text(WALK.replace("A walk", "A climb"), name="walk.yaml")
    with pytest.raises(UsageError, match="scenario differs"):
        evaluate(other, CELLS, runs=10, out=path)
    assert len(rows(path)) == 30


class Named:
    """A policy that can be told from others."""

    def __init__(self, option: str) -> None:
        self.option = option
        self.identity = f"always {option}"

    def __call__(self, situation: Situation) -> str | None:
        return self.option if self.option in situation.options else None


def test_a_function_without_an_identity_makes_a_result_that_is_not_gone_on_with(
    walk: negsim.Scenario, tmp_path: Path
) -> None:
    path, named = tmp_path / "walk.sqlite", tmp_path / "named.sqlite"
    evaluate(walk, runs=10, policy=lambda _: "goes", out=path).close()
    with pytest.raises(UsageError, match="whether it was made with the same function cannot be known"):
        evaluate(walk, runs=20, policy=lambda _: "goes", out=path)
    evaluate(walk, runs=10, policy=Named("goes"), out=named).close()
    assert evaluate(walk, runs=20, policy=Named("goes"), out=named).made == 10
    with pytest.raises(UsageError, match="deciders differ"):
        evaluate(walk, runs=20, policy=Named("stays"), out=named)


SCRIPT = """
import sys, negsim
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.evaluate import evaluate
if __name__ == "__main__":
    walk = negsim.load("walk.yaml")
    cells = [Cell(), Cell({"up_chance": 0.25}), Cell({}, {"goal": "high_goal"})]
    evaluate(walk, cells, runs=100_000, workers=int(sys.argv[1]), out="walk.sqlite")
"""


def all_have_ended(group: int) -> bool:
    """Whether no process of a group is left, as soon as that is so."""
    while True:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)


@pytest.mark.posix
@pytest.mark.parametrize("workers", [1, 2])
def test_what_was_added_outlives_a_process_that_is_killed(walk: negsim.Scenario, tmp_path: Path, workers: int) -> None:
    (tmp_path / "walk.yaml").write_text(WALK, encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    path, whole = tmp_path / "walk.sqlite", tmp_path / "whole.sqlite"
    killed = subprocess.Popen(
        [sys.executable, "script.py", str(workers)], cwd=tmp_path, env=os.environ, start_new_session=True
    )
    acknowledged = 0
    try:
        while acknowledged < 700 and killed.poll() is None:
            time.sleep(0.05)
            with sqlite3.connect(path) as looking:
                tables = looking.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                acknowledged = looking.execute("SELECT total(count) FROM blocks").fetchone()[0] if tables else 0
            looking.close()
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert acknowledged >= 700
    assert all_have_ended(killed.pid)  # its workers, too
    found = rows(path)
    assert len(found) >= acknowledged
    evaluate(walk, CELLS, runs=1000, out=whole).close()
    assert {row for row in found if row[1] < 1000} <= {*rows(whole)}
    evaluate(walk, CELLS, runs=1000, out=path).close()
    with Result.read(path) as read:
        assert list(read.file.rows(runs=1000)) == rows(whole)


def blocks(path: Path) -> list[Row]:
    looking = sqlite3.connect(path)
    try:
        return looking.execute("SELECT * FROM blocks ORDER BY cell, first").fetchall()
    finally:
        looking.close()


def test_blocks_are_the_same_bytes_wherever_it_was_interrupted(walk: negsim.Scenario, tmp_path: Path) -> None:
    path, whole = tmp_path / "walk.sqlite", tmp_path / "whole.sqlite"
    evaluate(walk, CELLS, runs=2_350, out=whole).close()
    for runs in (1, 37, 700, 1_001, 1_999, 2_000, 2_350):
        evaluate(walk, CELLS, runs=runs, out=path).close()
    assert blocks(path) == blocks(whole)
    sizes = [1_000, 1_000, 100, 100, 100, 50]
    assert [row[0] for row in blocks(whole)] == [0] * 6 + [1] * 6 + [2] * 6
    assert [row[2] for row in blocks(whole)] == sizes * 3


@pytest.mark.parametrize("ahead", [0, 250])
def test_two_processes_can_make_one_result_at_the_same_time(walk: negsim.Scenario, tmp_path: Path, ahead: int) -> None:
    (tmp_path / "walk.yaml").write_text(WALK, encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT.replace("100_000", "1_500"), encoding="utf-8")
    path, whole = tmp_path / "walk.sqlite", tmp_path / "whole.sqlite"
    if ahead:
        evaluate(walk, CELLS, runs=ahead, out=path).close()
    two = [
        subprocess.Popen([sys.executable, "script.py", "1"], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [(each.communicate()[1], each.returncode) for each in two] == [("", 0)] * 2
    evaluate(walk, CELLS, runs=1_500, out=whole).close()
    assert blocks(path) == blocks(whole)


def test_rows_are_there_once_where_two_make_the_same_result(walk: negsim.Scenario, tmp_path: Path) -> None:
    path = tmp_path / "walk.sqlite"
    one = evaluate(walk, CELLS, runs=100, out=path)
    two = evaluate(walk, CELLS, runs=200, out=path)
    for _, first, batch in two.file.batches(runs=200, cell=0):
        one.file.add(0, batch, first=first)
    assert [each.runs for each in two.cells] == [200] * 3


# Files of others.


@pytest.fixture(scope="module")
def whole(walk: negsim.Scenario, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "walk.sqlite"
    evaluate(walk, CELLS, runs=1_060, choose=["rests=goes"], out=path).close()
    return path.read_bytes()


def test_a_file_that_is_no_result_is_a_clear_error(walk: negsim.Scenario, tmp_path: Path) -> None:
    path = tmp_path / "walk.sqlite"
    with pytest.raises(LogError, match="there is no result at"):
        Result.read(path)
    path.write_text("negsim: 1\n" * 200, encoding="utf-8")
    for use in (Result.read, lambda path: evaluate(walk, runs=1, out=path)):
        with pytest.raises(LogError, match="damaged or no result of negsim"):
            use(path)
    path.unlink()
    with negsim.Store(path) as store:
        run = negsim.run(walk)
        store.keep(run.log, walk.files)
    for use in (Result.read, lambda path: evaluate(walk, runs=1, out=path)):
        with pytest.raises(LogError, match="is an SQLite file, but no result of negsim"):
            use(path)
    path.write_bytes(b"")
    with pytest.raises(LogError, match="is empty"):
        Result.read(path)
    with pytest.raises(LogError, match=r"there is no result at|cannot be opened"):
        Result.read(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LogError, match="cannot be made"):
        evaluate(walk, runs=1, out=tmp_path / "file" / "walk.sqlite")


def changed(path: Path, whole: bytes, statement: str, *given: str) -> None:
    path.write_bytes(whole)
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute(statement, given)
    connection.close()


def request_with(whole: bytes, path: Path, **other: Any) -> str:
    path.write_bytes(whole)
    with sqlite3.connect(path) as connection:
        found = json.loads(connection.execute("SELECT value FROM result WHERE name = 'request'").fetchone()[0])
    connection.close()
    return json.dumps({**found, **other})


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("PRAGMA user_version = 9", "has format 9; this version of negsim reads format 2: use a newer version"),
        ("DROP TABLE cells", "tables are not a result's"),
        ("ALTER TABLE blocks ADD COLUMN more", "tables are not a result's"),
        ("CREATE VIEW more AS SELECT 1", "tables are not a result's"),
        ("CREATE TRIGGER more AFTER INSERT ON blocks BEGIN DELETE FROM blocks; END", "tables are not a result's"),
        ("DELETE FROM cells", "it has no cell"),
        ("DELETE FROM cells WHERE cell = 1", "a cell is missing"),
        ("DELETE FROM cells WHERE cell = 2", "runs are missing"),
        ("DELETE FROM blocks WHERE cell = 1 AND first = 0", "runs are missing"),
        ("UPDATE blocks SET first = 1 WHERE cell = 0 AND first = 0", "runs are missing"),
        ("UPDATE blocks SET first = 2000 WHERE cell = 0 AND first = 1000", "runs are missing"),
        ("UPDATE blocks SET count = count - 1 WHERE first = 0", "runs are missing"),
        ("UPDATE blocks SET count = 1060 WHERE first = 0", "runs are missing"),
        ("UPDATE blocks SET count = 2000 WHERE first = 1000", "runs are missing"),
        ("UPDATE blocks SET first = 'x' WHERE first = 0", "runs are missing"),
        ("UPDATE blocks SET count = -1 WHERE first = 1000", "runs are missing"),
        ("UPDATE blocks SET count = 'many'", "runs are missing"),
        ("UPDATE blocks SET cell = 3 WHERE cell = 2", "runs are missing"),
        ("UPDATE cells SET parameters = '[]' WHERE cell = 1", "damaged"),
        ("""UPDATE cells SET parameters = '{"up_chance": "0.5"}' WHERE cell = 1""", "a parameter is no number"),
        ("""UPDATE cells SET parameters = '{"up_chance": NaN}' WHERE cell = 1""", "is not a finite number"),
        ("""UPDATE cells SET readings = '{"goal": "no_goal"}' WHERE cell = 1""", "'no_goal' is no option"),
        ("DELETE FROM result WHERE name = 'files'", "damaged"),
        ("UPDATE result SET value = '{}' WHERE name = 'files'", "it does not hold its scenario"),
        (
            "UPDATE result SET value = replace(value, 'A walk', 'A hike') WHERE name = 'files'",
            "does not fit its scenario",
        ),
        ("UPDATE result SET value = replace(value, 'horizon', 'horizons') WHERE name = 'files'", "cannot be read"),
        ("UPDATE result SET value = replace(value, 'goes', 'flies') WHERE name = 'request'", "'flies' is no option"),
        ("UPDATE result SET value = replace(value, '{', '[') WHERE name = 'request'", "damaged"),
        ("UPDATE result SET value = x'ff'", "damaged"),
    ],
)
def test_a_result_that_was_changed_is_a_clear_error(whole: bytes, tmp_path: Path, statement: str, message: str) -> None:
    path = tmp_path / "walk.sqlite"
    changed(path, whole, statement)
    with pytest.raises(LogError, match=message):
        Result.read(path)


@pytest.mark.parametrize(
    "other",
    [
        {"seed": -1},
        {"seed": "0"},
        {"parameters": {}},
        {"readings": {"goal": "low_goal", "more": "x"}},
        {"policies": [{"decision": "rests", "option": "goes", "day": "x"}]},
        {"policies": 5},
        {"deciders": []},
        {"more": 1},
        {"scenario": None},
    ],
)
def test_a_request_that_does_not_fit_is_a_clear_error(whole: bytes, tmp_path: Path, other: dict[str, Any]) -> None:
    path = tmp_path / "walk.sqlite"
    changed(path, whole, "UPDATE result SET value = ? WHERE name = 'request'", request_with(whole, path, **other))
    with pytest.raises(LogError, match="damaged"):
        Result.read(path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE blocks SET outcomes = x'00' WHERE cell = 0",
        "UPDATE blocks SET outcomes = 'tails' WHERE cell = 1",
        "UPDATE blocks SET outcomes = numbers",
        "UPDATE blocks SET numbers = (SELECT numbers FROM blocks WHERE cell = 1) WHERE cell = 0 AND first = 0",
        "UPDATE blocks SET beside = x'00' WHERE cell = 2",
        "UPDATE blocks SET beside = 5",
        "UPDATE blocks SET checksum = checksum + 1 WHERE first = 1000",
        "UPDATE blocks SET checksum = 'x'",
    ],
)
def test_blocks_that_were_changed_are_a_clear_error(
    walk: negsim.Scenario, whole: bytes, tmp_path: Path, statement: str
) -> None:
    path = tmp_path / "walk.sqlite"
    changed(path, whole, statement)
    with Result.read(path) as read, pytest.raises(LogError, match="damaged: some of its runs cannot be read"):
        read.as_json()
    with pytest.raises(LogError, match="damaged: some of its runs cannot be read"):
        evaluate(walk, CELLS, runs=1_100, choose=["rests=goes"], out=path).as_json()


def test_seeds_that_no_run_can_have_are_a_clear_error(walk: negsim.Scenario, tmp_path: Path) -> None:
    path = tmp_path / "walk.sqlite"
    evaluate(walk, CELLS, seed=2**63 - 30, runs=30, out=path).close()
    file = path.read_bytes()
    changed(path, file, "UPDATE blocks SET count = 31 WHERE cell = 1")
    with pytest.raises(LogError, match="the last of 31 seeds is past"):
        Result.read(path)


def test_a_result_of_an_older_format_is_a_clear_line(walk: negsim.Scenario, whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "walk.sqlite"
    changed(path, whole, "PRAGMA user_version = 1")
    for use in (Result.read, lambda path: evaluate(walk, runs=1, out=path)):
        with pytest.raises(
            LogError, match=r"has format 1; .* reads format 2: make the result anew, under another name"
        ):
            use(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_a_clear_error_or_a_result(whole: bytes, tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "walk.sqlite"
    place = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(1, 600))
    path.write_bytes(whole[:place] + data.draw(st.binary(max_size=length)) + whole[place + length :])
    with suppress(LogError), Result.read(path) as read:
        assert all(0 <= each.runs <= 1_060 for each in read.cells)
        assert set(read.as_json()["cells"][0]["measures"]) == {"seed", "error", "first_rise"}
