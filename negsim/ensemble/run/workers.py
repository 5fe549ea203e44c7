"""Pieces of work done one after the other in this process, or by several processes side by side.

Batches always come out in the order of the pieces, so nothing shows how many processes there were.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, SupportsIndex

from negsim.ensemble.run.batch import Job, Piece, Runner
from negsim.ensemble.run.columns import Batch, Row
from negsim.errors import UsageError
from negsim.scenario.model import Scenario
from negsim.whole import whole

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

MOST_WORKERS = 61 if sys.platform == "win32" else 1_024  # what Windows can wait for; what is of any use
AHEAD = 3  # pieces a worker that are handed out before the first of them is back


def worker_count(workers: SupportsIndex) -> int:
    """How many processes there are to be. Raises `UsageError` for none, or for more than can be."""
    found = whole(workers, "workers", least=1)
    if found > MOST_WORKERS:
        raise UsageError(f"there can be {MOST_WORKERS:,} workers at most, not {found:,}")
    return found


def done_here(job: Job, scenario: Scenario, pieces: Iterable[Piece]) -> Generator[tuple[Piece, Batch]]:
    """Each piece with its batch. Where it is interrupted, the runs so far come out before `KeyboardInterrupt`."""
    runner = Runner(job, scenario)
    for piece in pieces:
        rows: list[Row] = []
        try:
            for row in runner.rows(piece):
                rows.append(row)  # noqa: PERF402 - what was made before an interruption is to be there
        except KeyboardInterrupt:
            yield piece, runner.shape.batch(rows)
            raise
        yield piece, runner.shape.batch(rows)


def done_by_workers(job: Job, pieces: Iterable[Piece], *, workers: int) -> Generator[tuple[Piece, Batch]]:
    """The same, by so many processes. Raises `UsageError` where one dies or the job cannot be sent to it."""
    context = get_context("spawn")
    stopping = context.Event()
    pool = ProcessPoolExecutor(workers, context, _begin, (_packed(job), stopping))
    waiting: deque[tuple[Piece, Future[Batch]]] = deque()
    coming = iter(pieces)
    try:
        while True:
            with _undisturbed():
                for piece in coming:
                    waiting.append((piece, pool.submit(_batch, piece)))
                    if len(waiting) >= AHEAD * workers:
                        break
            if not waiting:
                return
            piece, future = waiting[0]
            batch = future.result()
            waiting.popleft()
            yield piece, batch
    except KeyboardInterrupt:
        stopping.set()
        if waiting and not waiting[0][1].cancel():  # what the first in line has done can be kept
            yield waiting[0][0], waiting[0][1].result()
        raise
    except BrokenProcessPool:
        raise UsageError(
            "a worker process ended before its work was done",
            "what was done is kept; in a script, call explore under `if __name__ == '__main__':`; or use one worker",
        ) from None
    finally:
        stopping.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _packed(job: Job) -> bytes:
    try:
        return pickle.dumps(job)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise UsageError(
            f"the policy or strategy cannot be sent to other processes: {error}",
            "define it at the top of a module, or use one worker",
        ) from None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Puts off Ctrl-C, also for processes that start meanwhile: they inherit it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In a worker process.

_work: list[tuple[Runner, Event]] = []


def _begin(packed: bytes, stopping: Event) -> None:
    """Gets a worker ready: deaf to Ctrl-C, which is the first process's affair, and gone when that one is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _work.append((Runner(pickle.loads(packed)), stopping))  # noqa: S301 - comes from the process that started this one


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _batch(piece: Piece) -> Batch:
    """The runs of a piece; those made so far where the work is to stop."""
    runner, stopping = _work[0]
    rows: list[Row] = []
    for row in runner.rows(piece):
        rows.append(row)
        if stopping.is_set():
            break
    return runner.shape.batch(rows)
