"""An ensemble on a Dask cluster: a scheduler and workers that are processes of their own."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.evaluate import evaluate
from negsim.ensemble.run import cluster
from negsim.ensemble.run.batch import Piece
from negsim.ensemble.run.columns import Row, Shape
from negsim.ensemble.run.request import request_for

ROOT = Path(__file__).parent.parent
COIN = """
negsim: 1
title: Coins
start: 2025-03-01
horizon: 10
actors: {ann: {name: Ann}}
parameters: {tosses: {value: 9, low: 1, high: 9, assumption: A guess.}}
readings: {counts: {question: What?, options: {heads: Heads., tails: Tails.}, default: heads, assumption: A guess.}}
state: {thrown: {range: 0..9, initial: 0}, won: {range: 0..9, initial: 0}}
events: {lands: {fields: {up: [heads, tails]}, set: {thrown: thrown + 1, won: won + (1 if up == counts else 0)}}}
rules:
  toss:
    assumption: A guess.
    by: ann
    when: thrown < tosses
    every: 1
    choose: {heads: {emit: lands(heads)}, tails: {emit: lands(tails)}}
outcomes: {many: {when: won > 4}, few: {}}
measures: {won: won, first_heads: first(lands if up == heads)}
"""


@pytest.fixture
def coin() -> negsim.Scenario:
    return negsim.load_text(COIN, name="coin.yaml")


@attrs.define
class Cluster:
    """A scheduler, and the workers that were started for it."""

    folder: Path
    scheduler: subprocess.Popen[bytes]
    address: str
    ending: ExitStack
    workers: list[subprocess.Popen[bytes]] = attrs.field(factory=list)

    def add(self, *path: Path) -> None:
        """Starts a worker; `path` stands before all others when it looks for modules."""
        words = ["dask_worker", self.address, "--nthreads", "2", "--no-nanny", "--no-dashboard"]
        self.workers.append(self.ending.enter_context(started(self.folder, words, *path)))


@contextmanager
def started(folder: Path, words: list[str], *path: Path) -> Iterator[subprocess.Popen[bytes]]:
    places = [str(each) for each in (*path, ROOT)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places), "DASK_TEMPORARY_DIRECTORY": str(folder)}
    name = f"{words[0]}-{time.monotonic_ns()}.log"
    with (folder / name).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{words[0]}", *words[1:]],
            cwd=folder, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler that listens, on a port of its own choice; a busy machine is waited for."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    words = ["dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", "here.json"]
    with ExitStack() as ending:
        patience = ending.enter_context(pytest.MonkeyPatch.context())
        patience.setattr(cluster, "CONNECT_SECONDS", 600.0)
        patience.setattr(cluster, "WORKER_SECONDS", 600.0)
        scheduler = ending.enter_context(started(folder, words))
        found = None
        while found is None:
            assert scheduler.poll() is None
            time.sleep(0.05)
            text = (folder / "here.json").read_text() if (folder / "here.json").exists() else ""
            found = re.search(r'"address": "(tcp://127\.0\.0\.1:\d+)"', text)
        yield Cluster(folder, scheduler, found[1], ending)


def rows(path: Path) -> list[Row]:
    with negsim.Result.read(path) as result:
        return list(result.file.rows(runs=result.runs))


@pytest.mark.posix
def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(
    coin: negsim.Scenario, running: Cluster, tmp_path: Path
) -> None:
    running.add()
    running.add()
    killed: list[int] = []

    def told(done: int, _: object) -> None:
        if done >= 600 and not killed:
            running.workers[0].send_signal(signal.SIGKILL)
            killed.append(running.workers[0].wait())

    cells = [Cell(), Cell({"tosses": 4}), Cell({}, {"counts": "tails"})]
    evaluate(coin, cells, runs=1_520, out=tmp_path / "here.sqlite").close()
    evaluate(
        coin, cells, runs=1_520, cluster=running.address, out=tmp_path / "there.sqlite", progress=told
    ).close()  # fmt: skip
    assert killed == [-signal.SIGKILL]
    assert (tmp_path / "there.sqlite").read_bytes() == (tmp_path / "here.sqlite").read_bytes()

    # It stops as early as here; a policy that stands in no module is sent along.
    few = negsim.explore(coin, until_width=0.12, policy=lambda s: "heads" if s.day == 3 else None)
    again = negsim.explore(
        coin, until_width=0.12, policy=lambda s: "heads" if s.day == 3 else None, cluster=running.address
    )
    assert few.runs < 1_000
    assert list(again.file.rows(runs=again.runs)) == list(few.file.rows(runs=few.runs))


@pytest.mark.posix
def test_what_is_done_is_kept_where_it_is_interrupted_and_where_the_cluster_is_lost(
    coin: negsim.Scenario, running: Cluster, tmp_path: Path
) -> None:
    running.add()
    path = tmp_path / "there.sqlite"

    interrupted: list[int] = []

    def interrupts(done: int, _: object) -> None:
        if done >= 300 and not interrupted:
            interrupted.append(done)
            threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        negsim.explore(coin, runs=900_000, cluster=running.address, out=path, progress=interrupts)
    with negsim.Result.read(path) as result:
        some = result.runs
    assert 300 <= some < 900_000

    def ends(done: int, _: object) -> None:
        if done >= some + 200:
            running.scheduler.kill()

    with pytest.raises(negsim.UsageError, match="was lost") as caught:
        negsim.explore(coin, runs=some + 100_000, cluster=running.address, out=path, progress=ends)
    assert caught.value.hint is not None
    assert "the same command goes on" in caught.value.hint
    with negsim.Result.read(path) as result:
        more = result.runs
    assert some + 200 <= more < some + 100_000

    negsim.explore(coin, runs=more + 100, out=path).close()
    negsim.explore(coin, runs=more + 100, out=tmp_path / "here.sqlite").close()
    assert rows(path) == rows(tmp_path / "here.sqlite")


def test_a_worker_with_another_version_is_told_of_before_anything_is_run(
    coin: negsim.Scenario, running: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "WORKER_SECONDS", 0.5)
    with pytest.raises(negsim.UsageError, match="has no worker"):
        negsim.explore(coin, cluster=running.address)
    monkeypatch.undo()
    other = tmp_path / "other" / "negsim"
    other.mkdir(parents=True)
    (other / "__init__.py").touch()
    (other / "version.py").write_text('VERSION = "0.0.9"\n')
    running.add(other.parent)
    told = []
    with pytest.raises(negsim.UsageError, match=r"the worker at tcp://127\.0\.0\.1:\d+ has negsim 0\.0\.9, and here"):
        negsim.explore(coin, cluster=running.address, progress=lambda *each: told.append(each))
    assert told == [(0, 1_000)]


def test_a_worker_says_in_words_why_it_does_not_make_runs(coin: negsim.Scenario) -> None:
    request, job = request_for(coin, [Cell()])
    packed = cluster._packed(job)  # noqa: SLF001 - what a worker is sent
    piece = Piece(0, Cell(), 0, 3)

    def answer(version: str = request.version, scenario_hash: str = coin.hash, packed: bytes = packed) -> Any:
        return cluster._batch(packed, version, scenario_hash, piece)  # noqa: SLF001 - what a worker does

    with negsim.explore(coin, runs=3) as result:
        assert [(0, seed, *row) for seed, row in enumerate(Shape.of(coin).rows(answer()))] == list(
            result.file.rows(runs=3)
        )
    assert answer(version="0.0.9") == "a worker has negsim 0.1.0, and here it is 0.0.9"
    unread = cluster._packed(attrs.evolve(job, files={"coin.yaml": "negsim: 1"}))  # noqa: SLF001 - as above
    assert answer(packed=unread).startswith("a worker cannot read the scenario: ")
    changed = cluster._packed(attrs.evolve(job, seed=1))  # noqa: SLF001 - as above
    assert answer(packed=changed, scenario_hash="0" * 64).startswith("a worker reads another scenario out of the same")
    assert answer(packed=b"cnowhere\nfunction\n.") == (
        "a worker cannot read the policy or strategy: No module named 'nowhere'"
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--cluster", "tcp://127.0.0.1:1"), "no cluster answers at tcp://127.0.0.1:1: Timed out"),
        (("--cluster", "nowhere"), "'nowhere' is no address of a cluster"),
        (("--cluster", ""), "'' is no address of a cluster"),
        (("--cluster", "tls://127.0.0.1:1"), "there are no certificates for TLS"),
        (("--cluster", "tcp://127.0.0.1:1", "--workers", "2"), "workers are processes of this machine"),
    ],
)
def test_an_address_without_a_cluster_is_one_clear_error(
    words: tuple[str, ...], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.3)
    for name in [name for name in os.environ if name.startswith("DASK_")]:
        monkeypatch.delenv(name)
    Path("coin.yaml").write_text(COIN)
    done = CliRunner().invoke(main, ["explore", "coin.yaml", *words], prog_name="negsim")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {reason}")
    assert "\nhint: " in done.stderr
    assert "Traceback" not in done.stderr
