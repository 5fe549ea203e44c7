"""Digests of what negsim answers: `python tests/digests.py [--record]`.

Runs the corpus of generated scenarios, the conformance suite and everything that ships, and solves a part of it
exactly. Each answer becomes a digest: of the log's bytes; of a solution's probabilities to ten digits; of the error
where there is one. The digests on file are compared, so that a change of meaning, or another Python, cannot pass
unseen. Needs nothing but negsim, so that any Python can run it. `--part K/N` takes every N-th answer from the K-th on.
"""

import argparse
import hashlib
import json
import lzma
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

import negsim
from negsim.errors import ModelError, UsageError
from negsim.language import shipped
from negsim.log.lines import write_lines
from negsim.scenario.model import Scenario

HERE = Path(__file__).parent
CORPUS = HERE / "data" / "corpus.jsonl.xz"
ON_FILE = HERE / "data" / "digests.json"
SOLVED = 300  # of the corpus
MOST_STATES = 2_000
SEEDS = 3  # of each shipped scenario
Load = Callable[[str], Scenario]
Answer = Callable[[Scenario, dict[str, Any]], str]
SOLVABLE = ("ifor_1995", "mfo_1982", "unifil_2006")


def corpus() -> Iterator[tuple[str, dict[str, Any]]]:
    """(scenario's text, settings) of each entry, in order."""
    for line in lzma.decompress(CORPUS.read_bytes()).decode().splitlines():
        entry = json.loads(line)
        yield entry["scenario"], entry["settings"]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def log_of(scenario: Scenario, asked: dict[str, Any]) -> str:
    """The lines of a run's log, or how the run broke down."""
    try:
        return "\n".join(write_lines(negsim.run(scenario, **asked).log))
    except (ModelError, UsageError) as error:
        return f"{type(error).__name__}: {error}"


def solution_of(scenario: Scenario, asked: dict[str, Any]) -> str:
    """The outcomes' probabilities, to ten digits; or why there are none."""
    try:
        solution = negsim.solve(scenario, set=asked.get("set"), read=asked.get("read"), max_states=MOST_STATES)
    except (ModelError, UsageError) as error:
        return f"{type(error).__name__}: {error}"
    shares = {name: f"{float(share):.10g}" for name, share in solution.outcomes.items()}
    return json.dumps({"exact": solution.is_exact, **(shares if solution.is_exact else {})})


def questions() -> Iterator[tuple[str, Answer, tuple[Load, str], dict[str, Any]]]:
    """(name, function, scenario, settings) of each answer, in order; a scenario is what is loaded, and how."""
    for number, (text, asked) in enumerate(corpus()):
        yield f"run {number}", log_of, (negsim.load_text, text), asked
    for number, (text, asked) in enumerate(islice(corpus(), SOLVED)):
        yield f"solve {number}", solution_of, (negsim.load_text, text), asked
    for path in sorted((HERE / "conformance").glob("[0-9]*.yaml")):
        case = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        asked = {key: case.get("run", {}).get(key) for key in ("set", "read", "choose")}
        number = int(case.get("run", {}).get("seed", 0))
        yield path.stem, log_of, (negsim.load_text, case["scenario"]), {"seed": number, **asked}
    for name, _ in shipped():
        for seed in range(SEEDS):
            yield f"{name} {seed}", log_of, (negsim.load, name), {"seed": seed}
    for name in SOLVABLE:
        yield f"{name} solved", solution_of, (negsim.load, name), {}


def answers(part: tuple[int, int] = (0, 1)) -> dict[str, str]:
    """The digest of each answer, by name."""
    first, step = part
    found = {}
    for name, function, (load, what), asked in islice(questions(), first, None, step):
        found[name] = digest(function(load(what), asked))
    return found


def differing(found: dict[str, str]) -> list[str]:
    """The names of the answers that differ from the ones on file."""
    recorded = json.loads(ON_FILE.read_text(encoding="utf-8"))
    return [name for name, each in found.items() if recorded.get(name) != each]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--part", default="0/1", metavar="K/N")
    given = parser.parse_args()
    first, step = map(int, given.part.split("/"))
    found = answers((first, step))
    if given.record:
        ON_FILE.write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")
    different = differing(found)
    version = sys.version.split()[0]
    print(f"Python {version}: {len(found)} answers, {len(different)} differ from those on file")  # noqa: T201
    for name in different[:20]:
        print(f"  {name}")  # noqa: T201
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
