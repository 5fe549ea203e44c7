"""`python -m tests.benchmarks.talks`, from the root of the repository: talks and deal spaces, measured.

Sessions of two parties over 100 packages and 100 rounds, by negsim (through the engine, without a log) and, where
it is installed, by NegMAS: `SAOMechanism` with two `AspirationNegotiator` on the same domain. A step of NegMAS is an
offer of each, so 100 rounds are 50 steps. Both are run in turn, in rounds, and the medians of the rounds shown.

In the first domain there is nothing to agree on, so that all 100 rounds are held; in the second the parties agree.
A scenario is bound once for many runs, as for an ensemble: the moves of a round in which nobody draws are then worked
out in the first run alone. So a second line shows negsim with the scenario bound anew for each session.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import random
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import attrs

import negsim
from negsim.deals.analysis import deal
from negsim.deals.space import DealSpace
from negsim.engine.calendar import Calendar
from negsim.engine.luck import Keyed
from negsim.engine.plan import Plan
from negsim.engine.run import header_for
from negsim.program.program import Program

from .printing import say

ROUNDS = 100
AIMED_AT = 1_000


@attrs.frozen
class Domain:
    """Talks over issues with so many options each; values by party, issue and option."""

    sizes: tuple[int, ...]
    values: Mapping[str, tuple[tuple[float, ...], ...]]
    fallback: float
    concession: float
    red_lines: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)

    def text(self) -> str:
        """The scenario."""
        names = ", ".join(self.values)
        issues = "".join(f"      i{i}: [{', '.join(f'o{o}' for o in range(n))}]\n" for i, n in enumerate(self.sizes))
        return (
            f"negsim: 1\ntitle: A session\nstart: 2000-01-01\nhorizon: {ROUNDS}\n"
            f"actors: {{{', '.join(f'{name}: {{name: {name}}}' for name in self.values)}}}\n"
            f"talks:\n  t:\n    parties: [{names}]\n    opens: 0\n    every: 1\n    rounds: {ROUNDS}\n"
            f"    issues:\n{issues}    positions:\n{''.join(self._position(name) for name in self.values)}"
            "outcomes: {agreement: {when: t.i0 != unsettled, ends: true}, none: {}}\n"
        )

    def _position(self, name: str) -> str:
        rows = "".join(
            f"          i{i}: {{{', '.join(f'o{o}: {value!r}' for o, value in enumerate(row))}}}\n"
            for i, row in enumerate(self.values[name])
        )
        lines = "".join(
            f"          r{number}: {{never: {never}, assumption: A red line of the benchmark.}}\n"
            for number, never in enumerate(self.red_lines.get(name, ()))
        )
        return (
            f"      {name}:\n        fallback: {self.fallback}\n        concession: {self.concession}\n"
            "        assumption: Drawn for the benchmark.\n"
            + (f"        red_lines:\n{lines}" if lines else "")
            + f"        values:\n{rows}"
        )


def drawn(seed: int, sizes: tuple[int, ...], parties: int, *, whole: bool = False, lines: int = 0) -> Domain:
    """A random domain; its red lines are about two issues each, dealt out to the parties in turn."""
    chance = random.Random(seed)  # noqa: S311 - no secret depends on it
    draw: Callable[[], float] = (lambda: chance.randint(0, 5)) if whole else chance.random
    names = [f"p{number}" for number in range(parties)]
    values = {name: tuple(tuple(draw() for _ in range(size)) for size in sizes) for name in names}
    red_lines: dict[str, list[str]] = {name: [] for name in names}
    for number in range(lines):
        one, other = chance.sample(range(len(sizes)), 2)
        never = f"i{one} != o{chance.randrange(sizes[one])} or i{other} == o{chance.randrange(sizes[other])}"
        red_lines[names[number % parties]].append(never)
    return Domain(sizes, values, 0.3, 0.5, {name: tuple(found) for name, found in red_lines.items()})


def opposed(fallback: float) -> Domain:
    """100 packages on which whatever one party gains the other loses."""
    rows = (tuple(option / 9 for option in range(10)), tuple(option / 9 for option in range(10)))
    turned = tuple(tuple(1 - value for value in row) for row in rows)
    return Domain((10, 10), {"p0": rows, "p1": turned}, fallback, 0.2)


# Contenders.


class Engine:
    """Sessions by negsim, the scenario bound once; a call is a session and gives its outcome and last day."""

    def __init__(self, domain: Domain, *, anew: bool = False) -> None:
        self.scenario = negsim.load_text(domain.text())
        header = header_for(self.scenario)
        self.settings = header.settings
        self.anew = anew
        self.plan = self._bound()

    def _bound(self) -> Plan:
        return Plan(Program(self.scenario, self.settings))

    def __call__(self, seed: int) -> tuple[str, int]:
        ending = Calendar(self._bound() if self.anew else self.plan, luck=Keyed(seed), keep=False).run()
        return ending.outcome, ending.day


def negmas_sessions(domain: Domain) -> Callable[[int], Any] | None:
    """Sessions by NegMAS; nothing where it is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import negmas  # noqa: PLC0415 - it may be missing
        except ImportError:
            return None
    space = negmas.make_os([negmas.make_issue(size, f"i{number}") for number, size in enumerate(domain.sizes)])
    utilities = [
        negmas.LinearAdditiveUtilityFunction(
            values=[dict(enumerate(row)) for row in rows],
            weights=[1 / len(rows)] * len(rows),
            outcome_space=space,
            reserved_value=domain.fallback,
        )
        for rows in domain.values.values()
    ]

    def session(_seed: int) -> Any:
        mechanism = negmas.SAOMechanism(outcome_space=space, n_steps=ROUNDS // 2)
        for utility in utilities:
            mechanism.add(negmas.sao.AspirationNegotiator(aspiration_type=1 / domain.concession), ufun=utility)
        return mechanism.run()

    return session


# Measuring.


def in_turn(sessions: Mapping[str, Callable[[int], Any]], *, rounds: int, many: Mapping[str, int]) -> dict[str, float]:
    """The median of each contender's CPU seconds a session; in each round every one has its turn."""
    for make in sessions.values():
        make(0)
    found: dict[str, list[float]] = {name: [] for name in sessions}
    for turn in range(rounds):
        names = list(sessions)
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            gc.collect()
            before = time.process_time()
            for seed in range(many[name]):
                sessions[name](seed)
            found[name].append((time.process_time() - before) / many[name])
    return {name: median(times) for name, times in found.items()}


def compare_sessions(title: str, domain: Domain, rounds: int) -> None:
    """Sessions a second of each contender."""
    sessions: dict[str, Callable[[int], Any]] = {
        "negsim, bound once": Engine(domain),
        "negsim, bound anew": Engine(domain, anew=True),
    }
    many = {"negsim, bound once": 100, "negsim, bound anew": 5, "NegMAS": 10}
    theirs = negmas_sessions(domain)
    if theirs is not None:
        sessions["NegMAS"] = theirs
    outcome, day = Engine(domain)(0)
    say(f"{title}: {outcome} on day {day}")
    medians = in_turn(sessions, rounds=rounds, many=many)
    for name, seconds in medians.items():
        say(f"  {name:20} {1 / seconds:9,.0f} sessions a second, {seconds * 1000:8.2f} ms each")
    say(f"  (aimed at, without a log: {AIMED_AT:,} sessions a second or more)")


def time_deals() -> None:
    """What it takes to work out deal spaces of 100,000 packages."""
    say("Deal spaces of 100,000 packages (CPU seconds)")
    for title, domain in {
        "2 parties": drawn(1, (10,) * 5, 2),
        "3 parties": drawn(1, (10,) * 5, 3),
        "10 parties": drawn(1, (10,) * 5, 10),
        "10 parties, whole weights": drawn(1, (10,) * 5, 10, whole=True),
        "10 parties, 20 red lines": drawn(1, (10,) * 5, 10, lines=20),
    }.items():
        scenario = negsim.load_text(domain.text())
        before = time.process_time()
        space = deal(scenario)
        parts = [f"positions {time.process_time() - before:.2f}"]
        for part in ("zone", "solutions", "pareto", "unlock"):
            start = time.process_time()
            getattr(space, part)
            parts.append(f"{part} {time.process_time() - start:.2f}")
        say(f"  {title:26} {time.process_time() - before:5.2f}  ({', '.join(parts)}; {_sizes(space)})")
    say("  (aimed at: 2 seconds; with 20 red lines 10)")


def _sizes(space: DealSpace) -> str:
    return f"{len(space.zone):,} in the zone, {len(space.pareto):,} on the front, {len(space.unlock):,} sets unlock"


def profile(domain: Domain, runs: int) -> None:
    """Prints where the time of sessions goes."""
    engine = Engine(domain)
    engine(0)
    profiler = cProfile.Profile()
    profiler.enable()
    for seed in range(runs):
        engine(seed)
    profiler.disable()
    pstats.Stats(profiler, stream=sys.stdout).strip_dirs().sort_stats("tottime").print_stats(25)


def main() -> None:
    """Measures what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.talks")
    parser.add_argument("--rounds", type=int, default=7, help="how often each is measured (default: 7)")
    parser.add_argument("--profile", type=int, default=0, metavar="RUNS", help="profile so many sessions instead")
    asked = parser.parse_args()
    if asked.profile:
        profile(opposed(0.6), asked.profile)
        return
    compare_sessions("100 packages, nothing to agree on", opposed(0.6), asked.rounds)
    compare_sessions("100 packages, opposed", opposed(0.2), asked.rounds)
    compare_sessions("100 packages, drawn", drawn(3, (10, 10), 2), asked.rounds)
    time_deals()


if __name__ == "__main__":
    main()
