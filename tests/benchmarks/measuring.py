"""Times and sizes: of runs, of the start of the program, of loading, of folding a long log."""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from statistics import median

import attrs

import negsim
from negsim.log.fold import Fold
from negsim.log.lines import write_lines
from negsim.log.reading import read_lines

from .contenders import LONG_LOG, PARIS, ROOT, shuffled

LONG = 100_000
Times = dict[str, list[tuple[float, float]]]  # (wall, CPU) of each round, in seconds


def rounds(contenders: Mapping[str, Callable[[int], object]], *, number: int, runs: int, first_seed: int = 0) -> Times:
    """Seconds a run, round by round: in each round every contender makes so many runs, in turn."""
    for make in contenders.values():
        make(first_seed)  # warm: what is made once is made now
    found: Times = {name: [] for name in contenders}
    for turn in range(number):
        start = first_seed + 1 + turn * runs
        for name in shuffled(list(contenders), turn):
            make = contenders[name]
            gc.collect()
            wall, used = time.perf_counter(), time.process_time()
            for seed in range(start, start + runs):
                make(seed)
            found[name].append(((time.perf_counter() - wall) / runs, (time.process_time() - used) / runs))
    return found


def starts(number: int) -> Times:
    """Wall and CPU seconds of starting Python alone, and of `negsim --help`."""
    commands = {"python -c pass": ["-c", "pass"], "negsim --help": ["-m", "negsim", "--help"]}
    found: Times = {name: [] for name in commands}
    for turn in range(-1, number):
        for name, arguments in commands.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            wall = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
            wall = time.perf_counter() - wall
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            if turn >= 0:  # the first of each is for the disk's cache
                found[name].append((wall, used))
    return found


_LOADING = """
import time
before = time.process_time()
import negsim
negsim.load
imported = time.process_time()
negsim.load({path!r})
print(imported - before, time.process_time() - imported)
"""


def loading(number: int) -> dict[str, float]:
    """CPU seconds of loading `paris_2025`: in a fresh process, and once more in one that has loaded it before."""
    fresh: list[list[float]] = []
    for _ in range(number):
        code = _LOADING.format(path=str(PARIS))
        made = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
        fresh.append([float(part) for part in made.stdout.split()])
    again = []
    for _ in range(number + 1):
        gc.collect()
        before = time.process_time()
        negsim.load(PARIS)
        again.append(time.process_time() - before)
    return {
        "importing the loader": median(imported for imported, _ in fresh),
        "the first load of a process": median(loaded for _, loaded in fresh),
        "a load after that": median(again[1:]),
    }


@attrs.frozen
class LongLog:
    """What a long log costs: how many events, events folded a second, and bytes an event, made and read back."""

    events: int
    folded_a_second: list[float]
    bytes_made: float
    bytes_read: float


def long_log(number: int) -> LongLog:
    """Folds a log of 100,000 events, and weighs it."""
    scenario = negsim.load(LONG_LOG)
    negsim.run(scenario, seed=1)  # what is made once is made now
    gc.collect()
    tracemalloc.start()
    run = negsim.run(scenario, seed=0)
    log = attrs.evolve(run.log, events=list(run.events[:LONG]))
    del run
    gc.collect()
    bytes_made = tracemalloc.get_traced_memory()[0] / len(log.events)
    tracemalloc.stop()
    folded = []
    for _ in range(number):
        fold = Fold(scenario, log.header)
        gc.collect()
        before = time.perf_counter()
        fold.apply_all(log.events)
        folded.append(len(log.events) / (time.perf_counter() - before))
    text = "\n".join(write_lines(log)) + "\n"
    tracemalloc.start()
    back = read_lines(text, "the long log")
    gc.collect()
    bytes_read = tracemalloc.get_traced_memory()[0] / len(back.events)
    tracemalloc.stop()
    return LongLog(len(log.events), folded, bytes_made, bytes_read)
