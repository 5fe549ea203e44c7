"""Runs of an ensemble beside runs that are kept and beside SimPy by hand: `python -m tests.benchmarks.ensembles`.

CPU milliseconds a run, medians over rounds that take turns. Prints ratios, judges nothing.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import negsim
from negsim.engine.calendar import Calendar
from negsim.engine.luck import Keyed
from negsim.engine.plan import Plan
from negsim.log.store import Store
from negsim.program.program import Program
from negsim.scenario.settings import defaults

from .contenders import by_hand

MODEL = Path(__file__).with_name("paris_like.yaml")
ROUNDS = 5


def main() -> None:
    """Measures and prints."""
    scenario = negsim.load(MODEL)
    plan = Plan(Program(scenario, defaults(scenario)))
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "runs.db")) as store:

        def kept(seed: int) -> None:
            store.keep(negsim.run(scenario, seed=seed).log, scenario.files)

        contenders: dict[str, tuple[Callable[[int], object], int]] = {
            "ensemble": (lambda seed: Calendar(plan, luck=Keyed(seed), keep=False).run(), 60),
            "kept": (kept, 20),
            "by hand": (by_hand, 60),
        }
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for number in range(ROUNDS):
            for name, (make, runs) in contenders.items():
                start = time.process_time()
                for run in range(runs):
                    make(number * 100 + run)
                times[name].append(1000 * (time.process_time() - start) / runs)
    ours = median(times["ensemble"])
    for name, found in times.items():
        print(f"{name:<10} {median(found):6.2f} ms a run   {median(found) / ours:5.2f} times an ensemble's")  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
