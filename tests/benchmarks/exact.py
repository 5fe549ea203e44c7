"""`python -m tests.benchmarks.exact`, from the root of the repository: exact solutions, side by side.

Two models of interchangeable members are solved by negsim, by chains over counts written by hand, and by Storm,
which is handed those chains. First it is said how far the answers lie apart. Nothing here passes or fails: a
figure depends on the machine. All run on one thread of NumPy's, so that a busy machine does not decide.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import math
import os
import platform
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import attrs

import negsim

from .contenders import HERE, ROOT, Negsim, shuffled
from .printing import heading, print_table, say

HORIZON = 365
DAYS = (1, 30, 180, HORIZON)
NO_MORE_THAN = 1e-9


@attrs.frozen
class Model:
    """A scenario with its chain by hand, and the seconds in which negsim is to have solved it."""

    path: Path
    chain: Callable[[], Any]
    aimed_at: float


@attrs.frozen
class Peers:
    """What is timed: each is made once a round, and gives seconds of wall and of CPU by name."""

    model: Model
    there: frozenset[str]

    def negsim_fresh(self) -> tuple[float, float]:
        """A new process: start, load, solve, print."""
        return timed_process([sys.executable, "-m", "negsim", "solve", str(self.model.path), "--json"])

    def negsim_warm(self) -> tuple[float, float]:
        """Solving in a process that has solved before, loading left out."""
        scenario = negsim.load(self.model.path)
        return timed(lambda: negsim.solve(scenario).curves)

    def by_hand(self) -> tuple[float, float]:
        """The chain by hand, from its parameters to the curves."""
        return timed(lambda: self.model.chain().curves())

    def storm(self) -> tuple[float, float]:
        """Storm's model of the chain by hand."""
        from .storm_peer import storm_model  # noqa: PLC0415 - it may be missing

        explicit = self.model.chain().explicit()
        return timed(lambda: storm_model(explicit))

    def rounds(self, number: int) -> dict[str, list[tuple[float, float]]]:
        """The times of each, round by round, in turn; a first time of each is not counted."""
        chosen: dict[str, Callable[[], tuple[float, float]]] = {"by hand": self.by_hand}
        if "negsim solve" in self.there:
            chosen["negsim, a fresh process"] = self.negsim_fresh
        chosen["negsim, warm"] = self.negsim_warm
        if "stormpy" in self.there:
            chosen |= {"Storm, building": self.storm, **self.checking()}
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in chosen}
        for turn in range(-1, number):
            for name in shuffled(list(chosen), turn):
                gc.collect()
                used = chosen[name]()
                if turn >= 0:
                    found[name].append(used)
        return found

    def checking(self) -> dict[str, Callable[[], tuple[float, float]]]:
        """Storm's checks of a model that is built: of one outcome, and of all."""
        from .storm_peer import storm_model, storm_outcomes  # noqa: PLC0415 - it may be missing

        explicit = self.model.chain().explicit()
        model = storm_model(explicit)
        return {
            "Storm, checking one outcome": lambda: timed(lambda: storm_outcomes(model, ("guarded",), HORIZON)),
            "Storm, checking all": lambda: timed(lambda: storm_outcomes(model, explicit.labels, HORIZON)),
        }


def timed(make: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall and of CPU."""
    wall, used = time.perf_counter(), time.process_time()
    make()
    return time.perf_counter() - wall, time.process_time() - used


def timed_process(command: list[str]) -> tuple[float, float]:
    """Seconds of wall and of CPU of a process."""
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# Whether all say the same.


def apart(left: Mapping[str, Sequence[float]], right: Mapping[str, Sequence[float]]) -> float:
    """The greatest distance of two families of curves, over outcomes and days."""
    return max(abs(a - b) for name in left for a, b in zip(left[name], right[name], strict=True))


def compare_answers(model: Model, there: frozenset[str], runs: int) -> None:
    """The probabilities by hand, and how far all others lie from them."""
    chain = model.chain()
    curves = chain.curves()
    explicit = chain.explicit()
    states, transitions = explicit.matrix.shape[0], explicit.matrix.nnz
    say(f"  {states:,} states (all that have ended as one), {transitions:,} transitions")
    print_table([["by hand, on the last day", *curves], ["", *(f"{curve[-1]:.12f}" for curve in curves.values())]])
    say(f"  greatest distance from it over all outcomes (aimed at: {NO_MORE_THAN:g}):")
    say(f"    the same chain state by state, all days: {apart(curves, explicit.curves(HORIZON)):.1e}")
    if "stormpy" in there:
        say(f"    Storm, days {', '.join(map(str, DAYS))}: {storm_distance(explicit, curves):.1e}")
    solution = negsim.solve(negsim.load(model.path))
    say(f"    negsim, all days: {apart(curves, solution.curves):.1e}")
    last = max(abs(curves[name][-1] - chance) for name, chance in solution.outcomes.items())
    say(f"    negsim, the outcomes: {last:.1e}")
    if "negsim solve" in there:
        say(f"    negsim, the command: {command_distance(model.path, curves):.1e}")
    if runs:
        compare_runs(model, curves, runs)


def storm_distance(explicit: Any, curves: Mapping[str, list[float]]) -> float:
    """How far Storm lies from the curves, on some days."""
    from .storm_peer import storm_model, storm_outcomes  # noqa: PLC0415 - it may be missing

    built = storm_model(explicit)
    found = {day: storm_outcomes(built, curves, day) for day in DAYS}
    return max(abs(curves[name][day] - chance) for day in DAYS for name, chance in found[day].items())


def command_distance(path: Path, curves: Mapping[str, list[float]]) -> float:
    """How far what the command prints lies from the last day of the curves."""
    command = [sys.executable, "-m", "negsim", "solve", str(path), "--json"]
    printed = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)
    outcomes: dict[str, float] = printed["outcomes"]
    return max(abs(curves[name][-1] - chance) for name, chance in outcomes.items())


def compare_runs(model: Model, curves: Mapping[str, list[float]], runs: int) -> None:
    """The shares of runs, with how many standard errors they lie from the probabilities."""
    make = Negsim(model.path)
    ended = Counter((run.outcome, run.ended_on) for run in map(make, range(runs)))
    rows = [["  shares of runs", "by hand", f"{runs:,} runs", "standard errors apart"]]
    shares = {name: (curve[-1], sum(n for (o, _), n in ended.items() if o == name)) for name, curve in curves.items()}
    by_day = {
        f"escalation by day {day}": (
            curves["escalation"][day],
            sum(n for (name, last), n in ended.items() if name == "escalation" and last <= day),
        )
        for day in (150, 200, 250, 300)
    }
    for name, (chance, count) in {**shares, **by_day}.items():
        error = math.sqrt(chance * (1 - chance) / runs)
        rows.append([f"  {name}", f"{chance:.5f}", f"{count / runs:.5f}", f"{(count / runs - chance) / error:+.1f}"])
    print_table(rows)


# Times.


def print_times(model: Model, times: Mapping[str, list[tuple[float, float]]]) -> None:
    """The medians, and for each how it compares with the chain by hand, by the medians of CPU."""
    by_hand = median(used for _, used in times["by hand"])
    rows = [["", "s, wall", "(least-greatest)", "s, CPU", "times as long as by hand, CPU"]]
    for name, found in times.items():
        wall, used = median(wall for wall, _ in found), median(used for _, used in found)
        least, greatest = min(wall for wall, _ in found), max(wall for wall, _ in found)
        rows.append([name, f"{wall:.3f}", f"({least:.3f}-{greatest:.3f})", f"{used:.3f}", f"{used / by_hand:.1f}"])
    print_table(rows)
    say(f"  (aimed at: negsim in a fresh process, {model.aimed_at:g} s or less)")


def models() -> dict[str, Model]:
    """The two models."""
    from .by_hand_chain import ALIKE, TWO_ALIKE, ByHandChain  # noqa: PLC0415 - threads are set first

    return {
        "26 members alike": Model(HERE / "alike.yaml", lambda: ByHandChain(ALIKE), 1),
        "Two groups of 13 alike": Model(HERE / "two_alike.yaml", lambda: ByHandChain(TWO_ALIKE), 5),
    }


def main() -> None:
    """Compares answers, then times."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy starts
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.exact", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (default: 5)")
    parser.add_argument("--agree", type=int, default=0, metavar="RUNS", help="also compare with so many runs")
    asked = parser.parse_args()
    wanted = {"negsim solve": "negsim.cli.solve", "stormpy": "stormpy"}
    there = frozenset(name for name, module in wanted.items() if importlib.util.find_spec(module))
    say(f"Python {platform.python_version()}, {platform.machine()}")
    for name in wanted:
        if name not in there:
            say(f"{name} is not there: left out")
    for title, model in models().items():
        heading(f"{title}, {HORIZON} days")
        compare_answers(model, there, asked.agree)
        if asked.rounds:
            print_times(model, Peers(model, there).rounds(asked.rounds))


if __name__ == "__main__":
    main()
