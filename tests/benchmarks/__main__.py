"""`python -m tests.benchmarks`, from the root of the repository: figures and ratios, measured side by side.

Nothing here passes or fails: a figure depends on the machine, so only ratios of what was measured in
one go say something. What is aimed at stands beside them.
"""

from __future__ import annotations

import argparse
import cProfile
import platform
import pstats
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, median

from . import measuring, results
from .agreement import agree
from .contenders import PARIS, PARIS_LIKE, Contenders, Loop, Negsim
from .printing import heading, print_table, say

WALL, CPU = 0, 1


def middle(times: measuring.Times, name: str, clock: int) -> float:
    """The median of the rounds."""
    return median(each[clock] for each in times[name])


def ratio(times: measuring.Times, of: str, to: str, clock: int) -> str:
    """The median of the ratios of each round, with the least and the greatest."""
    found = sorted(a[clock] / b[clock] for a, b in zip(times[of], times[to], strict=True))
    return f"{median(found):.2f} ({found[0]:.2f}-{found[-1]:.2f})"


def print_runs(times: measuring.Times, negsim: str, by_hand: str) -> None:
    rows = [["", "ms a run, wall", "ms a run, CPU", "speed of negsim: wall", "CPU"]]
    rows += [
        [
            name,
            *(f"{middle(times, name, clock) * 1000:.2f}" for clock in (WALL, CPU)),
            *("" if name == negsim else ratio(times, name, negsim, clock) for clock in (WALL, CPU)),
        ]
        for name in times
    ]
    print_table(rows)
    say("  (a speed of 2 means: negsim makes two runs in the time of one;")
    say(f"  aimed at: {by_hand} at least 0.33, polling at least 20)")


def compare_runs(contenders: Contenders, rounds: int, runs: int) -> None:
    events = fmean(len(contenders.made["negsim"](seed).events) for seed in range(100))
    heading(
        f"1. A run of a model like Paris ({events:.0f} events on average), logged; {rounds} rounds of {runs} runs each"
    )
    made: dict[str, Callable[[int], object]] = {**contenders.made, "negsim.run in a loop": Loop(PARIS_LIKE)}
    print_runs(measuring.rounds(made, number=rounds, runs=runs), "negsim", "by hand")
    heading("   The same, each run kept in SQLite (WAL, synchronous FULL, a run a transaction)")
    print_runs(measuring.rounds(contenders.kept, number=rounds, runs=runs), "negsim, kept", "by hand, kept")
    paris = Negsim(PARIS)
    events = fmean(len(paris(seed).events) for seed in range(100))
    times = measuring.rounds({"bound": paris, "loop": Loop(PARIS)}, number=rounds, runs=runs)
    used, looped = (middle(times, name, CPU) * 1000 for name in ("bound", "loop"))
    say(f"  (paris_2025 itself in negsim, {events:.0f} events on average: {used:.2f} ms of CPU a run,")
    say(f"  {looped:.2f} ms where `negsim.run` is called in a loop)")


def compare_starts(rounds: int) -> None:
    heading(f"2. Starting ({rounds} starts each)")
    times = measuring.starts(rounds)
    rows = [["", "ms, wall", "ms, CPU"]]
    rows += [[name, *(f"{middle(times, name, clock) * 1000:.1f}" for clock in (WALL, CPU))] for name in times]
    rows.append(["times as long", *(ratio(times, "negsim --help", "python -c pass", clock) for clock in (WALL, CPU))])
    print_table(rows)
    say("  (aimed at: at most 12)")


def measure_loading(rounds: int) -> None:
    heading(f"3. Loading paris_2025 (median of {rounds})")
    print_table([["", "ms, CPU"], *([name, f"{used * 1000:.1f}"] for name, used in measuring.loading(rounds).items())])
    say("  (aimed at: at most 100)")


def measure_long_log(rounds: int) -> None:
    found = measuring.long_log(rounds)
    heading(f"4. A log of {found.events:,} events")
    speed = found.folded_a_second
    range_of_speed = f"{median(speed):,.0f} ({min(speed):,.0f}-{max(speed):,.0f})"
    print_table([
        ["folded, events a second", range_of_speed, "aimed at: at least 300,000"],
        ["memory as made, bytes an event", f"{found.bytes_made:.0f}", "aimed at: at most 400"],
        ["memory as read back, bytes an event", f"{found.bytes_read:.0f}", "aimed at: at most 400"],
    ])  # fmt: skip


def check_agreement(contenders: Contenders, runs: int) -> None:
    heading(f"0. One model? The means of {runs} runs each, and how many standard errors a peer is off")
    table, greatest = agree(contenders.made, runs)
    print_table(table)
    say(f"  (greatest distance: {greatest:.1f} standard errors)")


def profile(path: Path, runs: int, rows: int) -> None:
    """Prints where the time of runs goes."""
    make: Callable[[int], object] = Negsim(path)
    for seed in range(runs):
        make(seed)
    profiler = cProfile.Profile()
    profiler.enable()
    for seed in range(runs):
        make(seed)
    profiler.disable()
    heading(f"{path.name}: {runs} runs under the profiler")
    pstats.Stats(profiler, stream=sys.stdout).strip_dirs().sort_stats("tottime").print_stats(rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="how often each is measured (default: 9)")
    parser.add_argument("--runs", type=int, default=40, help="runs in each round (default: 40)")
    parser.add_argument("--agree", type=int, default=0, metavar="RUNS", help="first see whether the peers have one law")
    parser.add_argument(
        "--only", type=int, nargs="*", choices=(1, 2, 3, 4, 5), help="measure only these parts (none: no part)"
    )
    parser.add_argument("--profile", type=int, default=0, metavar="RUNS", help="last, profile so many runs of negsim")
    asked = parser.parse_args()
    parts = (1, 2, 3, 4, 5) if asked.only is None else asked.only
    say(f"Python {platform.python_version()}, {platform.machine()}")
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".benchmarks-") as folder:
        contenders = Contenders(Path(folder))
        if asked.agree:
            check_agreement(contenders, asked.agree)
        if 1 in parts:
            compare_runs(contenders, asked.rounds, asked.runs)
        contenders.close()
    if 2 in parts:
        compare_starts(max(asked.rounds, 5))
    if 3 in parts:
        measure_loading(asked.rounds)
    if 4 in parts:
        measure_long_log(asked.rounds)
    if 5 in parts:
        results.compare(200_000)
    if asked.profile:
        profile(PARIS_LIKE, asked.profile, 25)
        profile(PARIS, asked.profile, 25)


if __name__ == "__main__":
    main()
