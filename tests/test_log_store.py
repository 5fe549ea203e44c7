"""The store: whole runs or none, whatever happens to the file, the disk, the process or its neighbours."""

import gc
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.errors import LogError, UsageError
from negsim.log.database import closing_when_gone
from negsim.log.store import APPLICATION_ID, KeptRun, Store

SCENARIO = """
negsim: 1
title: A coin a day
start: 2025-03-01
horizon: 12
state: {heads: {range: 0..12, initial: 0}}
events: {fell: {set: {heads: heads + 1}, text: Heads.}}
rules:
  toss: {assumption: A fair coin., every: 1, chance: 0.5, emit: fell()}
outcomes: {many: {when: heads >= 6}, few: {}}
measures: {heads_seen: count(fell)}
"""


def same_luck(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a test is to do the same each time


@pytest.fixture(scope="module")
def scenario() -> negsim.Scenario:
    return negsim.load_text(SCENARIO, name="coin.yaml")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, with the scenario in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEGSIM_STORE", raising=False)
    Path("coin.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


@pytest.fixture
def kept(here: Path, scenario: negsim.Scenario) -> Path:
    """A store with three runs."""
    with Store("runs.db") as store:
        for seed in range(3):
            run = negsim.run(scenario, seed=seed)
            store.keep(run.log, scenario.files)
    return here / "runs.db"


def said(*command: str | int | Path) -> tuple[int, str, str]:
    """What a command does: exit status, standard output, standard error."""
    result = CliRunner().invoke(main, [str(word) for word in command])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in result.output
    assert "a mistake in negsim" not in result.output
    return result.exit_code, result.stdout, result.stderr


ELSEWHERE = "; name another with --store"
OR_NOT = ", or keep nothing with --no-keep"  # of a command that makes a run


def refused(store: str, *, seed: int = 7) -> tuple[str, str, str]:
    """The one message with which reading and keeping refuse a store, as (listing, reading, keeping)."""
    answers = [
        said("runs", "--store", store),
        said("log", "last", "--store", store),
        said("run", "coin.yaml", "--seed", seed, "--quiet", "--store", store),
    ]
    assert [(status, out) for status, out, _ in answers] == [(2, "")] * 3
    assert all(line.startswith("error: ") and line.count("\n") == 1 for _, _, line in answers)
    assert [OR_NOT in line for _, _, line in answers[:2]] == [False, False]
    listing, reading, keeping = (
        line.removeprefix("error: ").rstrip("\n").removesuffix(OR_NOT) for _, _, line in answers
    )
    return listing, reading, keeping


def ids(store: Path | str) -> list[str]:
    with Store(store) as opened:
        return [run.id for run in opened.runs()]


# What is kept.


def test_a_run_is_kept_whole_and_read_back(kept: Path, scenario: negsim.Scenario) -> None:
    runs = [negsim.run(scenario, seed=seed) for seed in range(3)]
    with Store(kept) as store:
        assert store.runs() == [
            KeptRun(run.id, "A coin a day", scenario.hash, seed, None, run.outcome, 12, len(run.events))
            for seed, run in enumerate(runs)
        ]
        for run in runs:
            log = store.read(run.id)
            assert (log.header, list(log.events), log.ending) == (run.header, list(run.events), run.ending)
            assert log.files == {"coin.yaml": SCENARIO}


def test_the_same_run_kept_twice_is_one_run_and_the_last(kept: Path, scenario: negsim.Scenario) -> None:
    before = ids(kept)
    with Store(kept) as store:
        run = negsim.run(scenario, seed=0)
        assert store.keep(run.log, scenario.files) is False
        assert store.find("last") == run.id
        assert store.keep(negsim.run(scenario, seed=9).log, scenario.files) is True
        assert store.find("last") == negsim.run(scenario, seed=9).id
        assert store.read(run.id).header == run.header
    assert ids(kept) == [*before[1:], before[0], negsim.run(scenario, seed=9).id]


def test_several_runs_are_kept_all_or_none(kept: Path, scenario: negsim.Scenario) -> None:
    logs = [(negsim.run(scenario, seed=seed).log, scenario.files) for seed in (1, 20, 21)]
    no_title: Any = None
    broken = attrs.evolve(logs[-1][0], header=attrs.evolve(logs[-1][0].header, title=no_title))
    with Store(kept) as store:
        with pytest.raises(LogError, match="NOT NULL"):
            store.keep_all([*logs, (broken, scenario.files)])
        assert len(store.runs()) == 3
        assert store.keep_all(logs) == 2
        assert len(store.runs()) == 5


def test_the_texts_of_a_scenario_are_kept_once(kept: Path) -> None:
    opened = sqlite3.connect(kept)
    counted = opened.execute("SELECT count(*), count(DISTINCT scenario) FROM scenarios, runs").fetchone()
    opened.close()
    assert counted == (3, 1)


def test_the_file_of_what_nobody_holds_any_more_is_closed() -> None:
    class Owner:
        pass

    owner, connection = Owner(), sqlite3.connect(":memory:")
    closing_when_gone(owner, connection)
    assert connection.execute("SELECT 1").fetchone() == (1,)
    del owner
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        connection.execute("SELECT 1")


def test_a_run_of_a_scenario_with_includes_is_read_back() -> None:
    Path("rules.yaml").write_text(
        "rules:\n  toss: {assumption: Fair., every: 1, chance: 0.5, emit: fell()}\n", encoding="utf-8"
    )
    text = SCENARIO.replace(
        "rules:\n  toss: {assumption: A fair coin., every: 1, chance: 0.5, emit: fell()}\n", "include: [rules.yaml]\n"
    )
    Path("parts.yaml").write_text(text, encoding="utf-8")
    assert said("run", "parts.yaml", "--quiet")[0] == 0
    Path("rules.yaml").unlink()
    Path("parts.yaml").unlink()
    assert said("replay", "last")[0] == 0


# Names of runs.


def test_a_prefix_finds_one_run_or_says_which(scenario: negsim.Scenario) -> None:
    with Store("many.db") as store:
        store.keep_all([(negsim.run(scenario, seed=seed).log, scenario.files) for seed in range(40)])
        known = [run.id for run in store.runs()]
        for run_id in known:
            unique = next(run_id[:n] for n in range(1, 33) if sum(other.startswith(run_id[:n]) for other in known) == 1)
            assert (store.find(unique), store.find(run_id)) == (run_id, run_id)
        shared = next(run_id[0] for run_id in known if sum(other[0] == run_id[0] for other in known) > 1)
        with pytest.raises(UsageError, match=f"^several runs begin with '{shared}': {shared}"):
            store.find(shared)
        absent = next(
            a + b + c
            for a in "0123456789abcdef"
            for b in "0f"
            for c in "0f"
            if not any(k.startswith(a + b + c) for k in known)
        )
        with pytest.raises(UsageError, match=f"^no run in many.db has an id that begins with '{absent}'$"):
            store.find(absent)
        assert store.find("last") == known[-1]


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "%",
        "_",
        "*",
        "?",
        "g",
        "LAST",
        "last ",
        "-1",
        "'; DROP TABLE runs; --",
        '" OR 1=1 --',
        "é",
        "\u0430",
        "\uff41",
        "\u0661",
        "\U0001f701",
        "a\x00b",
        "0" * 5_000 + "x",
    ],
)
def test_an_odd_name_names_no_run(kept: Path, name: str) -> None:
    with Store(kept) as store:
        with pytest.raises(UsageError, match=r"names no run$"):
            store.find(name)
        assert len(store.runs()) == 3


def test_no_store_yet() -> None:
    assert said("runs") == (0, "No run is kept in .negsim/runs.db yet. `negsim run SCENARIO` keeps one.\n", "")
    assert json.loads(said("runs", "--json")[1]) == {"runs": []}
    message = "error: there is no store at .negsim/runs.db yet: `negsim run` makes one\n"
    assert said("log", "last") == (2, "", message)
    assert not Path(".negsim").exists()
    assert said("run", "coin.yaml", "--quiet")[0] == 0
    assert said("log", "last")[0] == 0


# Files that cannot be used.


def test_a_store_below_a_file_or_in_place_of_a_folder() -> None:
    Path("file").write_text("text", encoding="utf-8")
    gone = "there is no folder file/sub: make it first"
    assert said("run", "coin.yaml", "--store", "file/sub/runs.db") == (
        2,
        "",
        f"error: the store file/sub/runs.db cannot be made: {gone}{ELSEWHERE}{OR_NOT}\n",
    )
    Path("folder").mkdir()
    assert set(refused("folder")) == {
        "the store folder cannot be opened (unable to open database file); name another with --store"
    }
    assert [path.name for path in Path("folder").iterdir()] == []


def test_a_name_that_is_too_long_for_a_file() -> None:
    long = "x" * 300 + ".db"
    for command in (("runs",), ("log", "last"), ("run", "coin.yaml")):
        status, out, error = said(*command, "--store", long)
        assert (status, out, error.count("\n")) == (2, "", 1)


def test_a_store_that_may_not_be_written(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite is told to open it read-only, as it does itself where the file may not be written."""
    connect = sqlite3.connect

    def read_only(path: str, *, uri: bool, **rest: Any) -> sqlite3.Connection:
        found: sqlite3.Connection = connect(
            path if uri else f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, **rest
        )
        return found

    before = kept.read_bytes()
    monkeypatch.setattr(sqlite3, "connect", read_only)
    assert said("run", "coin.yaml", "--seed", "7", "--quiet", "--store", kept) == (
        2,
        "",
        (f"error: the store {kept} cannot be written (attempt to write a readonly database);"
        " name another with --store, or keep nothing with --no-keep\n"),
    )  # fmt: skip
    assert said("log", "last", "--store", kept)[0] == 0
    monkeypatch.undo()
    assert (kept.read_bytes(), len(ids(kept))) == (before, 3)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 160 KiB, where the machine lets a test mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", place], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_store_on_a_disk_that_may_not_be_written_is_read(kept: Path, small_disk: Path) -> None:
    shutil.copy(kept, small_disk / "runs.db")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    assert ids(small_disk / "runs.db") == ids(kept)
    assert said("replay", "last", "--store", small_disk / "runs.db")[0] == 0
    status, out, error = said("run", "coin.yaml", "--seed", "7", "--store", small_disk / "runs.db")
    assert (status, out) == (2, "")
    assert (
        error == f"error: the store {small_disk}/runs.db cannot be opened (unable to open database file);"
        " name another with --store, or keep nothing with --no-keep\n"
    )
    status, out, error = said("run", "coin.yaml", "--store", small_disk / ".negsim" / "runs.db")
    assert (status, out, error) == (
        2,
        "",
        f"error: the store {small_disk}/.negsim/runs.db cannot be made: Read-only file system{ELSEWHERE}{OR_NOT}\n",
    )


def keep_until_refused(path: Path | str, scenario: negsim.Scenario) -> tuple[list[str], str]:
    """Keeps runs until one is refused: the ids that were acknowledged, and the refusal."""
    done: list[str] = []
    with Store(path) as store:
        for seed in range(2_000):
            run = negsim.run(scenario, seed=seed)
            try:
                store.keep(run.log, scenario.files)
            except LogError as error:
                return done, str(error)
            done.append(run.id)
    raise AssertionError("nothing was refused")


def test_a_full_disk_loses_nothing(small_disk: Path, scenario: negsim.Scenario) -> None:
    path = small_disk / "runs.db"
    done, error = keep_until_refused(path, scenario)
    assert error == f"the disk is full: nothing was written to the store {path}; what it held is still there"
    assert len(done) > 3
    assert ids(path) == done
    with Store(path) as store:
        for run_id in done:
            assert store.read(run_id).header.run_id == run_id


def test_a_store_that_may_not_grow_loses_nothing(scenario: negsim.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same wherever nothing can be mounted: SQLite itself is told that there is no more room."""
    connect = sqlite3.connect

    def narrow(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **kwargs)
        connection.execute("PRAGMA max_page_count = 20")
        return connection

    monkeypatch.setattr(sqlite3, "connect", narrow)
    done, error = keep_until_refused("narrow.db", scenario)
    assert error == "the disk is full: nothing was written to the store narrow.db; what it held is still there"
    assert said("run", "coin.yaml", "--seed", "99999", "--store", "narrow.db") == (2, "", f"error: {error}\n")
    assert len(done) > 3
    assert ids("narrow.db") == done


@pytest.mark.posix
def test_a_limit_on_the_size_of_files_loses_nothing() -> None:
    """A quota shows as a failed write, not as a full disk."""
    script = """
import resource, sys
import negsim
from negsim.log.store import Store
scenario = negsim.load("coin.yaml")
with Store("runs.db") as store:
    for seed in range(300):
        if seed == 5:
            resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        try:
            store.keep(negsim.run(scenario, seed=seed).log, scenario.files)
        except negsim.LogError as error:
            print(error)
            break
        print(negsim.run(scenario, seed=seed).id)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    *acknowledged, error = done.stdout.splitlines()
    assert (error, done.stderr) == ("the store runs.db failed: disk I/O error", "")
    assert len(acknowledged) > 5
    assert ids("runs.db") == acknowledged


# Files that are something else, or damaged.


def test_another_programs_file_is_left_alone() -> None:
    other = sqlite3.connect("other.db")
    other.execute("CREATE TABLE runs (id TEXT)")
    other.commit()
    other.close()
    before = Path("other.db").read_bytes()
    assert set(refused("other.db")) == {"other.db is an SQLite file of another program; name another with --store"}
    assert Path("other.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"hello, this is a note\n", b"negsim: 1\n" * 300, same_luck(5).randbytes(9_000)])
def test_a_file_that_is_no_store_is_left_alone(content: bytes) -> None:
    Path("note.txt").write_bytes(content)
    assert set(refused("note.txt")) == {
        ("the store note.txt is damaged or no store (file is not a database): keep it aside; name another with --store")
    }
    assert Path("note.txt").read_bytes() == content


def test_an_empty_file_becomes_a_store() -> None:
    Path("empty.db").touch()
    assert said("runs", "--store", "empty.db") == (2, "", "error: empty.db is empty: no run is kept in it yet\n")
    assert said("run", "coin.yaml", "--quiet", "--store", "empty.db")[0] == 0
    assert len(ids("empty.db")) == 1


def test_a_newer_store_is_not_touched(kept: Path) -> None:
    opened = sqlite3.connect(kept)
    opened.execute("PRAGMA user_version = 2")
    opened.close()
    before = kept.read_bytes()
    (said_of_it,) = set(refused("runs.db"))
    assert said_of_it == (
        "the store runs.db has format 2; this version of negsim reads format 1; use a newer negsim;"
        " name another with --store"
    )
    assert kept.read_bytes() == before


def test_a_store_without_its_tables() -> None:
    opened = sqlite3.connect("bare.db")
    opened.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    opened.execute("PRAGMA user_version = 1")
    opened.close()
    assert {line.partition(":")[0] for line in refused("bare.db")} == {"the store bare.db failed"}


def test_a_store_cut_short_is_called_damaged(kept: Path) -> None:
    whole = kept.read_bytes()
    for length in (len(whole) - 4096, 4096, 5_000, len(whole) // 2):
        kept.write_bytes(whole[:length])
        message = refused("runs.db")[1]
        assert message.startswith("the store runs.db is damaged or no store")


def test_random_bytes_within_a_store_are_a_clear_line_or_do_not_matter(kept: Path) -> None:
    whole, chance = kept.read_bytes(), same_luck(6)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 8, 200])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        kept.write_bytes(damaged)
        for command in (("runs",), ("log", "last"), ("replay", "last")):
            status, _, error = said(*command, "--store", "runs.db")
            assert status == 0 or (status == 2 and error.startswith("error: "))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("UPDATE runs SET log = CAST(log AS BLOB)", "the log kept under this id is damaged"),
        ("UPDATE runs SET log = ''", "this is no negsim log"),
        ("UPDATE runs SET log = replace(log, 'Heads', 'Tails') || '{}'", "something follows the end of the log"),
        ("UPDATE runs SET log = substr(log, 1, length(log) - 200)", "the line does not fit those before it"),
        (
            "UPDATE runs SET log = (SELECT log FROM runs ORDER BY kept LIMIT 1)",
            "the log kept under this id is another run's",
        ),
        ("UPDATE scenarios SET files = '{}'", "the scenario kept with it is damaged or gone"),
        ("UPDATE scenarios SET files = '[]'", "the scenario kept with it is damaged or gone"),
        ("UPDATE scenarios SET files = '{\"coin.yaml\": 3}'", "the scenario kept with it is damaged or gone"),
        ("UPDATE scenarios SET files = x'00ff'", "the scenario kept with it is damaged or gone"),
        ("DELETE FROM scenarios", "the scenario kept with it is damaged or gone"),
        ("UPDATE scenarios SET files = replace(files, '0.5', '0.6')", "the log is of another scenario"),
    ],
)
def test_a_row_changed_by_hand_is_noticed(kept: Path, change: str, message: str) -> None:
    opened = sqlite3.connect(kept)
    opened.execute(change)
    opened.commit()
    opened.close()
    status, out, error = said("log", "last", "--store", kept)
    assert (status, out) == (2, "")
    assert message in error


@pytest.mark.parametrize(
    "change", ["title = x'ff'", "seed = 'many'", "ended_on = x'00'", "outcome = 7.5 || x'ff'", "events = 1.5"]
)
def test_a_listing_of_rows_changed_by_hand(kept: Path, change: str) -> None:
    opened = sqlite3.connect(kept)
    opened.execute(f"UPDATE runs SET {change} WHERE seed = 1")  # noqa: S608 - the test's own words
    opened.commit()
    opened.close()
    status, out, error = said("runs", "--store", "runs.db")
    assert (status, out) == (2, "")
    assert error.startswith("error: the store runs.db ")


# Neighbours.


LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("ready", flush=True)
sys.stdin.read()  # until it is killed
"""


def locked(path: Path, ready: str) -> subprocess.Popen[str]:
    """Another process that holds the store for itself until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOCKER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.readline() == ready
    return process


def ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    process.stdout.close()


def test_a_store_that_another_process_has_locked(kept: Path, scenario: negsim.Scenario) -> None:
    other = locked(kept, "ready\n")
    try:
        with Store("runs.db", busy_seconds=0.2) as store:
            assert len(store.runs()) == 3  # readers need not wait
            start = time.monotonic()
            with pytest.raises(
                LogError, match=r"^the store runs.db was locked by another program for 0.2 s; try again later$"
            ):
                store.keep(negsim.run(scenario, seed=7).log, scenario.files)
            assert time.monotonic() - start > 0.1
    finally:
        ended(other)
    assert len(ids("runs.db")) == 3


def test_a_lock_that_is_given_up_in_time_is_waited_for(kept: Path, scenario: negsim.Scenario) -> None:
    other = locked(kept, "ready\n")
    later = threading.Timer(0.3, other.kill)
    later.start()
    with Store("runs.db", busy_seconds=600) as store:
        assert store.keep(negsim.run(scenario, seed=7).log, scenario.files) is True
    later.join()
    ended(other)
    assert len(ids("runs.db")) == 4


WRITER = """
import sys
import negsim
from negsim.log.store import Store
scenario = negsim.load("coin.yaml")
first, last = int(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for seed in range(first, last):
    run = negsim.run(scenario, seed=seed)
    with Store("shared.db", busy_seconds=600) as store:
        store.keep(run.log, scenario.files)
    print(run.id, flush=True)
"""


def writer(first: int, last: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(first), str(last)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_processes_that_make_a_store_and_keep_runs_at_the_same_time() -> None:
    """Two of the three keep the same seeds; all begin before the store is there."""
    writers = [writer(0, 25), writer(0, 25), writer(25, 50)]
    for each in writers:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    for each in writers:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    said_by = [each.communicate() for each in writers]
    assert [(each.returncode, error) for each, (_, error) in zip(writers, said_by, strict=True)] == [(0, "")] * 3
    acknowledged = [out.split() for out, _ in said_by]
    assert acknowledged[0] == acknowledged[1]
    assert sorted(ids("shared.db")) == sorted({*acknowledged[0], *acknowledged[2]})
    assert len(ids("shared.db")) == 50


MAKER = """
import sys, time
import negsim
from negsim.log.store import Store
scenario = negsim.load("coin.yaml")
log = negsim.run(scenario, seed=int(sys.argv[1])).log
print("ready", flush=True)
start = float(sys.stdin.readline())
for number in range(12):
    while time.time() < start + number * 0.1:
        pass
    with Store(f"new_{number}.db", busy_seconds=600) as store:
        store.keep(log, scenario.files)
"""


def test_processes_that_make_one_store_at_the_same_moment() -> None:
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKER, str(seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(4)
    ]
    for each in makers:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    start = time.time() + 0.2
    for each in makers:
        assert each.stdin
        each.stdin.write(f"{start}\n")
        each.stdin.flush()
    told = [each.communicate() for each in makers]
    assert [(each.returncode, *words) for each, words in zip(makers, told, strict=True)] == [(0, "", "")] * 4
    assert [len(ids(f"new_{number}.db")) for number in range(12)] == [4] * 12


ENDLESS = """
import os, signal, sys
import negsim
from negsim.log.store import Store
scenario = negsim.load("coin.yaml")
negsim.run(scenario)  # everything is loaded before the first fork
for number in range(int(sys.argv[1]), int(sys.argv[2])):
    seed = number * 100_000
    child = os.fork()
    if child:
        os.write(1, f"pid {child}\\n".encode())
        os.waitpid(child, 0)
        continue
    while True:
        run = negsim.run(scenario, seed=seed)
        with Store(sys.argv[3], busy_seconds=600) as store:
            store.keep(run.log, scenario.files)
        os.write(1, f"id {run.id}\\n".encode())
        seed += 1
"""


def killed_again_and_again(path: Path, first: int, last: int, reported: list[Any]) -> None:
    """Kills one writer after another, a random while after it acknowledged a run or two.

    `reported` gets each id that one acknowledged.
    """
    chance = same_luck(first)
    parent = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(first), str(last), str(path)], stdout=subprocess.PIPE, text=True
    )
    killed = writer = left = 0
    assert parent.stdout
    for line in parent.stdout:
        kind, what = line.split()
        if kind == "pid":
            writer, left = int(what), chance.choice((1, 2, 3))
            continue
        reported.append(what)
        left -= 1
        if left == 0:
            threading.Timer(chance.uniform(0.0, 0.02), os.kill, (writer, signal.SIGKILL)).start()
            killed += 1
    parent.stdout.close()
    assert parent.wait() == 0
    reported.append(killed)


@pytest.mark.posix
def test_what_was_acknowledged_survives_two_hundred_kills(here: Path) -> None:
    """Two chains of writers on one store, each killed with SIGKILL a hundred times while it writes."""
    reports: list[list[Any]] = [[], []]
    path = here / "killed.db"
    chains = [
        threading.Thread(target=killed_again_and_again, args=(path, 100 * number, 100 * number + 100, reports[number]))
        for number in range(2)
    ]
    for chain in chains:
        chain.start()
    for chain in chains:
        chain.join()
    assert [report.pop() for report in reports] == [100, 100]
    acknowledged = [run_id for report in reports for run_id in report]
    assert len(acknowledged) >= 200
    with Store(path) as store:
        there = [run.id for run in store.runs()]
        assert set(acknowledged) <= set(there)
        assert len(there) <= len(acknowledged) + 200  # at most one a kill was kept and not told
        for run_id in there:
            assert store.read(run_id).header.run_id == run_id
    opened = sqlite3.connect(path)
    assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    opened.close()
