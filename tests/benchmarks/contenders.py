"""What is compared: one model, run by negsim and by three peers, with and without keeping the run."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import negsim
from negsim.engine.plan import Plan
from negsim.engine.run import Run, from_plan, header_for
from negsim.log.store import Store
from negsim.program.program import Program
from negsim.scenario.model import Scenario

from .by_hand import ByHand, Model, RunStore
from .polling import Polling, PollingByMember

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PARIS_LIKE = HERE / "paris_like.yaml"
LONG_LOG = HERE / "long_log.yaml"
PARIS = ROOT / "scenarios" / "paris_2025.yaml"


class Made(Protocol):
    """A run that was made, by whomever."""

    @property
    def events(self) -> Any: ...
    @property
    def measures(self) -> Mapping[str, Any]: ...


class Negsim:
    """A scenario read once and bound once, as for an ensemble; a call is a run."""

    def __init__(self, path: Path) -> None:
        self.scenario: Scenario = negsim.load(path)
        self.header = header_for(self.scenario)
        self.plan = Plan(Program(self.scenario, self.header.settings))

    def __call__(self, seed: int) -> Run:
        return from_plan(self.plan, header_for(self.scenario, seed=seed))


class Loop:
    """A scenario that is read once and run as a user's loop runs it."""

    def __init__(self, path: Path) -> None:
        self.scenario: Scenario = negsim.load(path)

    def __call__(self, seed: int) -> Run:
        return negsim.run(self.scenario, seed=seed)


def by_hand(seed: int) -> ByHand:
    return ByHand(seed).run()


def polling(seed: int) -> Polling:
    return Polling(seed).run()


def polling_by_member(seed: int) -> Polling:
    return PollingByMember(seed).run()


class Contenders:
    """All contenders by name, kept runs in a folder; `run(name)(seed)` makes a run."""

    def __init__(self, folder: Path) -> None:
        paris_like = Negsim(PARIS_LIKE)
        self.made: dict[str, Callable[[int], Made]] = {
            "negsim": paris_like,
            "by hand": by_hand,
            "polling": polling,
            "polling by member": polling_by_member,
        }
        self._store = Store(folder / "negsim.db")
        self._peers = RunStore(folder / "peers.db")

        def keep(run: Run) -> None:
            self._store.keep(run.log, run.scenario.files)

        self.kept: dict[str, Callable[[int], object]] = {"negsim, kept": lambda seed: keep(paris_like(seed))}
        for name in ("by hand", "polling", "polling by member"):
            self.kept[f"{name}, kept"] = self._peer(self.made[name])

    def _peer(self, make: Callable[[int], Any]) -> Callable[[int], object]:
        def made_and_kept(seed: int) -> None:
            run: Model = make(seed)
            self._peers.keep(run)

        return made_and_kept

    def close(self) -> None:
        """Closes the stores."""
        self._store.close()
        self._peers.connection.close()


def shuffled(names: list[str], turn: int) -> list[str]:
    """The names in an order of their own for each round, so that none always follows the same other."""
    order = list(names)
    random.Random(turn).shuffle(order)  # noqa: S311 - no secret
    return order
