"""Pieces of work done on a Dask cluster that is there already. Dask is an extra; it is loaded here alone.

Batches come out in the order of the pieces, as from one process. A piece is a pure function of what is sent
with it, so the cluster may do it again wherever it likes: where a worker dies, another one does.
"""

from __future__ import annotations

import logging
import pickle
import re
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pkgutil import resolve_name
from time import monotonic
from typing import Any

from negsim.ensemble.run.batch import Job, Piece, run_batch
from negsim.ensemble.run.columns import Batch
from negsim.errors import ScenarioError, UsageError, to_install
from negsim.language import load_files
from negsim.version import VERSION

AHEAD = 4  # pieces a worker that are handed out before the first of them is back
RETRIES = 3  # of a piece that fails for a reason that is not its own; that workers die is the cluster's to count
CONNECT_SECONDS = 10.0
WORKER_SECONDS = 30.0  # how long a cluster may be without a worker
LOOK_SECONDS = 2.0  # between looks at how many workers there are
CLOSE_SECONDS = 5.0
VERSION_AT = "negsim.version:VERSION"  # asked for by this name: whoever is asked may not have it
GO_ON = "what is done is kept; the same command goes on from there"
_ADDRESS = re.compile(r"((tcp|tls)://)?([\w.-]+|\[[0-9A-Fa-f:.%\w]+\]):\d{1,5}", re.ASCII)
LOGGERS = ("distributed", "distributed.client")


def done_by_cluster(
    job: Job, pieces: Iterable[Piece], *, address: str, scenario_hash: str
) -> Generator[tuple[Piece, Batch]]:
    """Each piece with its batch, done by the workers of the cluster whose scheduler is at an address.

    Where it is interrupted, pieces that are back come out before `KeyboardInterrupt`, and the others are
    given up. Raises `UsageError` where there is no cluster, where it is lost, and where it does not fit.
    """
    with _connected(address) as client:
        cluster = _Cluster(client, address, (_packed(job), VERSION, scenario_hash))
        cluster.check()
        yield from cluster.done(iter(pieces))


class _Cluster:
    """A cluster as one ensemble uses it."""

    def __init__(self, client: Any, address: str, common: tuple[bytes, str, str]) -> None:
        self._client = client
        self._address = address
        self._common = common  # what every piece is sent with
        self._workers = 0
        self._looked = self._seen = monotonic()

    def check(self) -> None:
        """Raises `UsageError` where there is no worker, or another version of negsim."""
        with self._connection():
            try:
                self._client.wait_for_workers(1, timeout=WORKER_SECONDS)
            except TimeoutError:
                raise UsageError(
                    f"the cluster at {self._address} has no worker", f"start one: dask worker {self._address}"
                ) from None
            found = self._client.run(resolve_name, VERSION_AT, on_error="return")
        for address, version in sorted(found.items()):
            _check_version(f"the worker at {address}", version)
        with self._connection():
            try:
                version = self._client.run_on_scheduler(resolve_name, VERSION_AT)
            except (ImportError, AttributeError) as error:
                version = error
        _check_version("the scheduler", version)
        self._workers = len(found)

    def done(self, pieces: Iterator[Piece]) -> Iterator[tuple[Piece, Batch]]:
        """Each piece with its batch; so many are under way that no worker waits, and no more."""
        waiting: deque[tuple[Piece, Any]] = deque()
        try:
            while True:
                for piece in islice(pieces, max(0, AHEAD * self._workers - len(waiting))):
                    waiting.append((piece, self._sent(piece)))
                if not waiting:
                    return
                batch = self._batch(waiting[0][1])
                piece, _ = waiting.popleft()
                yield piece, batch
        except KeyboardInterrupt:
            while waiting and waiting[0][1].status == "finished":
                piece, future = waiting.popleft()
                yield piece, self._batch(future)
            raise

    def _sent(self, piece: Piece) -> Any:
        # Not `pure`: its key is its own then, so that nothing of another ensemble is taken for it.
        with self._connection():
            return self._client.submit(_batch, *self._common, piece, pure=False, retries=RETRIES)

    def _batch(self, future: Any) -> Batch:
        """What a piece comes to, waited for as long as there are workers."""
        while True:
            self._look()
            with self._connection(future):
                found = future.result(timeout=LOOK_SECONDS)
                if isinstance(found, str):
                    raise UsageError(found, f"the whole cluster needs the same installation; {GO_ON}")
                batch: Batch = found
                return batch

    def _look(self) -> None:
        """Counts the workers now and then. Raises `UsageError` where there has been none for long."""
        now = monotonic()
        if now - self._looked < LOOK_SECONDS:
            return
        with self._connection():
            self._workers = len(self._client.scheduler_info()["workers"])
        self._looked = now
        if self._workers:
            self._seen = now
        elif now - self._seen > WORKER_SECONDS:
            raise UsageError(f"the cluster at {self._address} has no worker any more", GO_ON)

    @contextmanager
    def _connection(self, future: Any = None) -> Iterator[None]:
        """What goes wrong between here and the cluster, as one clear error; not what a piece itself raises.

        Where a piece is waited for, there is nothing wrong with its not being done yet.
        """
        from distributed import CancelledError  # noqa: PLC0415 - an extra, loaded where it is used
        from distributed.client import ClosedClientError  # noqa: PLC0415 - as above
        from distributed.scheduler import KilledWorker  # noqa: PLC0415 - as above

        try:
            yield
        except KilledWorker:
            hint = f"the workers' logs may say why; {GO_ON}"
            raise UsageError("one worker after the other died over the same runs", hint) from None
        except (OSError, CancelledError, ClosedClientError) as error:
            if future is not None and future.status == "error":
                raise
            if future is None or not isinstance(error, TimeoutError):
                reason = _first_line(error)
                raise UsageError(f"the cluster at {self._address} was lost: {reason}", GO_ON) from None


def _check_version(name: str, version: object) -> None:
    """Raises `UsageError` where a version is another one, or none but what went wrong when it was asked for."""
    if version != VERSION:
        has = f"negsim {version}" if isinstance(version, str) else "no negsim"
        raise UsageError(f"{name} has {has}, and here it is {VERSION}", "install the same version everywhere")


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _packed(job: Job) -> bytes:
    """A job as it is sent. A function that stands in no module goes with it."""
    from distributed.protocol.pickle import dumps  # noqa: PLC0415 - an extra, loaded where it is used

    try:
        packed: bytes = dumps(job)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise UsageError(f"the policy or strategy cannot be sent to the cluster: {_first_line(error)}") from None
    return packed


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A client of the cluster at an address."""
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, loaded where it is used
    except ImportError:
        raise UsageError("a cluster needs the cluster extra", to_install("cluster")) from None
    # A client that cannot even begin does not end well, so what can be known before is looked at before.
    if not _ADDRESS.fullmatch(address):
        raise UsageError(f"'{address}' is no address of a cluster", "write the scheduler's, tcp://HOST:PORT")
    with _hushed():
        try:
            client = Client(address, security=_security(address), timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            reason = _first_line(error)
            raise UsageError(f"no cluster answers at {address}: {reason}", "start one: dask scheduler") from None
        try:
            yield client
        finally:
            client.close(timeout=CLOSE_SECONDS)


def _security(address: str) -> Any:
    """The certificates that Dask's configuration names. Raises `UsageError` where TLS has none that can be read."""
    from distributed.security import Security  # noqa: PLC0415 - an extra, loaded where it is used

    security = Security()
    try:
        is_ready = security.get_connection_args("client")["ssl_context"] is not None
    except OSError as error:  # those of TLS are of this kind
        raise UsageError(f"the certificates of the cluster cannot be read: {_first_line(error)}") from None
    if address.startswith("tls:") and not is_ready:
        raise UsageError(
            "there are no certificates for TLS",
            "name them in DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY",
        )
    return security


@contextmanager
def _hushed() -> Iterator[None]:
    """Keeps Dask from logging what is said as an error here."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


# In a worker.

_one_at_a_time = threading.Lock()  # threads of a worker share its interpreter, so nothing is lost
_jobs: list[tuple[bytes, Job]] = []


def _batch(packed: bytes, version: str, scenario_hash: str, piece: Piece) -> Batch | str:
    """The runs of a piece; or why this worker should not make them, in words: doing it again would not help."""
    if version != VERSION:
        return f"a worker has negsim {VERSION}, and here it is {version}"
    with _one_at_a_time:
        if not _jobs or _jobs[0][0] != packed:
            try:
                job = pickle.loads(packed)  # noqa: S301 - whoever reaches a worker can run anything there anyway
                found = load_files(job.files).hash
            except (ImportError, AttributeError) as error:
                return f"a worker cannot read the policy or strategy: {error}"
            except ScenarioError as error:
                return f"a worker cannot read the scenario: {error.problems[0].message}"
            if found != scenario_hash:
                return f"a worker reads another scenario out of the same texts: {found[:12]}, not {scenario_hash[:12]}"
            _jobs[:] = [(packed, job)]
        return run_batch(_jobs[0][1], piece)
