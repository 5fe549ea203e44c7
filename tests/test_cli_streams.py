"""A robust command line: narrow screens, colours, streams that are closed or full, no home, no room."""

import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

import negsim

SMALL = """
negsim: 1
title: Gates
start: 2030-05-01
horizon: 60
parameters:
  chance: {value: 0.1, low: 0.1, high: 0.5, assumption: A guess.}
  many: {value: 2, low: 1, high: 4, unit: days, assumption: A guess.}
state: {gates: {values: [shut, open], initial: shut}}
events: {gates_opened: {set: {gates: open}, text: The gates of the town are opened once and for all times.}}
rules:
  opens: {assumption: A guess., while: gates == shut, chance: chance, emit: gates_opened()}
outcomes: {in_time: {when: gates == open}, too_late: {}}
measures: {days_to_open: first(gates_opened)}
"""
LAST_SEED = 2**63 - 1
T = TypeVar("T")
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="the machine has no full device")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NEGSIM_STORE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    Path("small.yaml").write_text(SMALL, encoding="utf-8")


def negsim_run(*words: str | int, **how: Any) -> tuple[int, str, str]:
    """Exit status, standard output, standard error of a process of its own."""
    environment = {**os.environ, **how.pop("env", {})}
    done = subprocess.run(
        [sys.executable, "-m", "negsim", *map(str, words)], check=False, env=environment,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how},
    )  # fmt: skip
    return done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode()


# Narrow screens.


@cache
def on_a_wide_screen(words: tuple[str, ...]) -> str:
    status, out, _ = negsim_run(*words, env={"COLUMNS": "300"})
    assert status == 0
    return out


@pytest.mark.parametrize("columns", ["0", "1", "20", "40", "99999999999"])
@pytest.mark.parametrize(
    "words",
    [
        ("run", "small.yaml", "--no-keep"),
        ("explore", "small.yaml", "--runs", "20", "--seed", "3", "--json"),
        ("solve", "small.yaml", "--measures"),
        ("sources", "small.yaml"),
        ("scenarios",),
        ("run", "paris_2025", "--no-keep"),
    ],
)
def test_a_narrow_screen_wraps_and_drops_nothing(words: tuple[str, ...], columns: str) -> None:
    """Letters are counted, not words: a line that is too long goes on in the next.

    A table without room becomes a list, which says the heads of its columns again.
    """
    wide = on_a_wide_screen(words)
    status, out, _ = negsim_run(*words, env={"COLUMNS": columns})
    assert status == 0
    if words[0] == "explore":
        wide, out = (re.sub("runs_per_second.*", "", text) for text in (wide, out))
    letters = [Counter(re.sub(r"\s|[─━]", "", text)) for text in (wide, out)]
    assert not letters[0] - letters[1]
    if columns not in ("1", "20"):
        assert letters[0] == letters[1]


def test_numbers_and_dates_are_never_broken() -> None:
    _, out, _ = negsim_run("run", "paris_2025", "--no-keep", env={"COLUMNS": "20"})
    _, wide, _ = negsim_run("run", "paris_2025", "--no-keep", env={"COLUMNS": "200"})
    dates = re.compile(r"^ *\d+  (\d{4}-\d\d-\d\d) +(-?\d+) ", re.MULTILINE)
    assert dates.findall(out) == dates.findall(wide)
    assert len(dates.findall(out)) > 20


# Colours.


def test_colours_in_a_pipe_are_there_where_they_are_asked_for_and_nowhere_else() -> None:
    words = ("run", "small.yaml", "--no-keep")
    plain = negsim_run(*words)
    coloured = negsim_run(*words, env={"FORCE_COLOR": "1", "TERM": "xterm"})
    assert "\x1b" not in plain[1]
    assert "\x1b[1m" in coloured[1]
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured[1]) == plain[1]
    assert negsim_run(*words, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}) == plain
    assert negsim_run(*words, "--no-color", env={"FORCE_COLOR": "1"}) == plain
    assert negsim_run(*words, env={"FORCE_COLOR": ""}) == plain


# Streams.

EVERY_WAY = [
    ("--help",), ("--version",), ("run", "--help"), ("run", "small.yaml", "--no-keep"), ("run", "small.yaml", "-q"),
    ("validate", "small.yaml", "-q"), ("describe", "small.yaml"), ("schema",), ("scenarios",), ("solve", "small.yaml"),
    ("run", "small.yaml", "--json"), ("completion", "bash"), ("export", "small.yaml", "--to", "dot"),
    ("describe", "small.yaml", "-o", "-"),
]  # fmt: skip


@FULL
@pytest.mark.parametrize("words", EVERY_WAY)
def test_a_full_standard_output_is_one_clear_line(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        assert negsim_run(*words, stdout=full) == (2, "", "error: No space left on device\n")


@pytest.mark.posix
@pytest.mark.parametrize("words", EVERY_WAY)
def test_a_closed_standard_output_is_one_clear_line_and_nothing_is_done(words: tuple[str, ...]) -> None:
    closed = negsim_run(*words, preexec_fn=lambda: os.close(1), stdout=None)
    assert closed == (2, "", "error: standard output is closed, so nothing can be said\n")
    assert not Path(".negsim").exists()


@pytest.mark.posix
def test_closed_standard_error_and_input_change_nothing() -> None:
    said = negsim_run("run", "small.yaml", "-q")
    assert negsim_run("run", "small.yaml", "-q", preexec_fn=lambda: os.close(2), stderr=None) == said
    assert negsim_run("run", "small.yaml", "-q", preexec_fn=lambda: os.close(0)) == said
    assert negsim_run("run", "none.yaml", "-q", preexec_fn=lambda: os.close(2), stderr=None) == (2, "", "")
    assert negsim_run("run", "-", preexec_fn=lambda: os.close(0)) == (2, "", "error: standard input is closed\n")


@pytest.mark.posix
def test_no_home_is_needed() -> None:
    bare = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "LANG")}
    done = subprocess.run(
        [sys.executable, "-m", "negsim", "run", "small.yaml", "-q"], env=bare, capture_output=True, check=True
    )
    assert (done.stdout.decode(), done.stderr) == (negsim_run("run", "small.yaml", "-q")[1], b"")


@pytest.mark.posix
def test_a_folder_that_nothing_can_be_kept_in_is_a_line_that_says_how_to_go_on() -> None:
    Path("file").touch()
    way = "name another with --store"
    status, out, error = negsim_run("run", "small.yaml", "--store", "file/runs.db")
    assert (status, out) == (2, "")
    assert error == (
        f"error: the store file/runs.db cannot be made: file is no folder; {way}, or keep nothing with --no-keep\n"
    )
    assert negsim_run("run", "small.yaml", "--no-keep", "-q", "--store", "file/runs.db")[0] == 0


# Threads.


def in_a_thread(work: Callable[[], T]) -> T:
    found: list[T] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def test_a_store_and_a_result_are_used_by_several_threads() -> None:
    scenario = negsim.load("small.yaml")
    with negsim.Store("runs.db") as store:
        runs = [negsim.run(scenario, seed=seed) for seed in range(20)]
        store.keep(runs[0].log, scenario.files)
        threads = [threading.Thread(target=store.keep, args=(run.log, scenario.files)) for run in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert in_a_thread(lambda: {run.id for run in store.runs()}) == {run.id for run in runs}
    with negsim.explore(scenario, runs=300, seed=5) as result:
        rows = list(result.file.rows(runs=300))
        assert in_a_thread(lambda: list(result.file.rows(runs=300))) == rows
        assert in_a_thread(lambda: result.outcomes["in_time"].count) == result.outcomes["in_time"].count
    with negsim.explore(scenario, runs=50, out="r.sqlite") as result:
        assert in_a_thread(lambda: result.seeds("in_time")) == result.seeds("in_time")


# Numbers.


@pytest.mark.parametrize(
    "words",
    [
        (), ("--sweep", "chance=0.1:0.5:3"), ("--lhs", "3", "--show", "in_time"), ("--until-width", "0.9"),
        ("--boxes", "in_time"), ("--tornado", "t.json", "--outcome", "in_time"), ("--workers", "2"),
    ],
)  # fmt: skip
def test_the_last_seeds_of_all_are_run(words: tuple[str, ...]) -> None:
    first = LAST_SEED - 7
    status, _, error = negsim_run("explore", "small.yaml", "--seed", first, "--runs", 8, "-q", *words)
    assert (status, "error" in error) == (0, False)
    status, _, error = negsim_run("explore", "small.yaml", "--seed", first, "--runs", 9, "-q", *words)
    assert (status, "error: the last of 9 seeds is past 9223372036854775807" in error) == (2, True)


def test_the_last_seeds_keep_their_order_in_every_table() -> None:
    first = LAST_SEED - 7
    scenario = negsim.load("small.yaml")
    with negsim.explore(scenario, seed=first, runs=8, out="r.sqlite") as result:
        assert sum(share.count for share in result.outcomes.values()) == 8
        assert sorted(result.seeds("in_time") + result.seeds("too_late")) == list(range(first, LAST_SEED + 1))
    seeds = [line.split(",")[1] for line in negsim_run("export", "r.sqlite", "--to", "csv")[1].splitlines()[1:]]
    assert seeds == [str(seed) for seed in range(first, LAST_SEED + 1)]
    pq = pytest.importorskip("pyarrow.parquet")
    assert negsim_run("export", "r.sqlite", "--to", "parquet", "-o", "r.parquet")[0] == 0
    assert pq.read_table("r.parquet")["seed"].to_pylist() == list(range(first, LAST_SEED + 1))


def test_a_setting_past_64_bits_is_a_real_in_a_table() -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    words = ("explore", "small.yaml", "--sweep", "many=1:99999999999999999999:2", "--runs", "2", "-q")
    assert negsim_run(*words, "-o", "r.parquet")[0] == 0
    assert pq.read_table("r.parquet")["many"].to_pylist() == [1.0, 1.0, 1e20, 1e20]


HUGE = "9" * 20


@pytest.mark.parametrize(
    "words",
    [
        ("state", "last", "--day", f"-{HUGE}"), ("state", "last", "--day", HUGE), ("state", "last", "--seq", HUGE),
        ("why", "last", HUGE), ("fork", "last", "--at", HUGE, "--set", "many=3"), ("fork", "last", "--without", HUGE),
        ("explore", "small.yaml", "--workers", HUGE), ("explore", "small.yaml", "--runs", HUGE),
        ("explore", "small.yaml", "--lhs", HUGE), ("solve", "small.yaml", "--over-ranges", "--points", HUGE),
        ("run", "small.yaml", "--seed", HUGE), ("why", "last", "--turning-points", "--runs", HUGE, "--sampled"),
        ("log", f"last~{HUGE}"), ("deal", "paris_2025", "--at", f"last:{HUGE}"),
    ],
)  # fmt: skip
def test_a_number_that_is_too_large_is_one_clear_line(words: tuple[str, ...]) -> None:
    assert negsim_run("run", "small.yaml", "-q")[0] == 0
    status, out, error = negsim_run(*words)
    assert (status, out, error.startswith("error: ")) == (2, "", True)
    assert "mistake in negsim" not in error


@pytest.mark.parametrize("kind", [np.int64, np.int8, np.uint16])
def test_whole_numbers_of_numpy_are_taken_as_numbers_are(kind: Any) -> None:  # of NumPy, not of the types that are said
    scenario = negsim.load("small.yaml")
    wide: Any = np.int64
    run = negsim.run(scenario, seed=3)
    assert negsim.run(scenario, seed=kind(3)).id == run.id
    assert run.state(day=kind(2)) == run.state(day=2)
    assert run.state(seq=kind(0)) == run.state(seq=0)
    assert run.why(kind(0)) == run.why(0)
    assert run.but_for(kind(0)) == run.but_for(0)
    assert run.fork(at=wide(-1), set={"many": kind(3)}).id == run.fork(at=-1, set={"many": 3}).id
    assert run.fork(without=kind(0)).id == run.fork(without=0).id == run.fork(without=np.array([0], dtype=kind)).id
    one = negsim.explore(scenario, runs=kind(5), seed=kind(2), workers=kind(1), lhs=kind(2))
    other = negsim.explore(scenario, runs=5, seed=2, lhs=2)
    with one, other:
        assert list(one.file.rows(runs=5)) == list(other.file.rows(runs=5))
        assert one.seeds("in_time", cell=kind(1), most=kind(2)) == other.seeds("in_time", cell=1, most=2)
        assert one.run_command(kind(3), cell=kind(1)) == other.run_command(3, cell=1)
    assert negsim.solve(scenario, max_states=wide(500)).outcomes == negsim.solve(scenario).outcomes


@pytest.mark.parametrize("wrong", [True, 1.0, "1", np.float64(1), np.bool_(1)])
def test_what_is_no_whole_number_is_refused_with_a_clear_line(wrong: Any) -> None:
    scenario = negsim.load("small.yaml")
    run = negsim.run(scenario, seed=3)
    listed: list[Any] = [wrong]
    for asked in (
        lambda: negsim.run(scenario, seed=wrong),
        lambda: run.state(day=wrong),
        lambda: run.state(seq=wrong),
        lambda: run.why(wrong),
        lambda: run.but_for(wrong),
        lambda: run.fork(at=wrong, set={"many": 3}),
        lambda: run.fork(without=listed if isinstance(wrong, str) else wrong),
        lambda: negsim.explore(scenario, runs=wrong),
        lambda: negsim.explore(scenario, runs=2, lhs=wrong),
        lambda: negsim.explore(scenario, runs=2, workers=wrong),
        lambda: negsim.solve(scenario, max_states=wrong),
    ):
        with pytest.raises(negsim.UsageError, match="whole number"):
            asked()
