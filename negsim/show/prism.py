"""A chain as model checkers read it: PRISM's explicit files, and the one file that Storm reads.

A chain in which some state has several choices is written as an MDP, any other as a DTMC. Chances are
written with the fewest digits that read back as the same number. Texts come line by line, so that a
large chain is never held as one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from negsim.exact.answer.chain import Chain, ChainChoice
from negsim.written import replaced

# What PRISM keeps for itself, as its manual lists it; the names of its own labels among them.
_WORDS = """
    A bool clock const ctmc C deadlock double dtmc E endinit endinvariant endmodule endobservables endrewards endsystem
    false formula filter func F global G init invariant I int label max mdp min module X nondeterministic observable
    observables of Pmax Pmin P pomdp popta probabilistic prob pta rate rewards Rmax Rmin R S stochastic system true U W
"""
ENDINGS = ("sta", "tra", "lab", "drn")  # of the files of a chain
RESERVED = frozenset(_WORDS.split())
_NO_PART_OF_A_NAME = re.compile(r"\W", re.ASCII)


def prism_files(chain: Chain) -> dict[str, str]:
    """The texts of PRISM's explicit files by their endings: `sta` (states), `tra` (transitions), `lab` (labels)."""
    return {ending: "".join(lines) for ending, lines in prism_lines(chain).items()}


def prism_lines(chain: Chain) -> dict[str, Iterator[str]]:
    """The lines of PRISM's explicit files by their endings, each with its line feed."""
    return {"sta": _sta(chain), "tra": _tra(chain), "lab": _lab(chain)}


def storm_text(chain: Chain) -> str:
    """The chain in Storm's explicit format (`.drn`)."""
    return "".join(storm_lines(chain))


def storm_lines(chain: Chain) -> Iterator[str]:
    """The lines of Storm's explicit format (`.drn`): states with their labels, choices and transitions."""
    actions = _choice_names(chain)
    yield f"@type: {'MDP' if chain.decides else 'DTMC'}\n@parameters\n\n@reward_models\n\n"
    yield f"@nr_states\n{len(chain.states)}\n@nr_choices\n{sum(map(len, chain.choices))}\n@model\n"
    for state, labels in enumerate(_labels_of_states(chain)):
        yield " ".join((f"state {state}", *labels)) + "\n"
        for place, choice in enumerate(chain.choices[state]):
            yield f"\taction {actions[choice.name] or place}\n"
            for target, chance in _transitions(choice):
                yield f"\t\t{target} : {chance!r}\n"


def file_of(stem: Path, ending: str) -> Path:
    """The file of that ending."""
    return stem.with_name(f"{stem.name}.{ending}")


def write_files(lines: Mapping[str, Iterable[str]], stem: Path) -> list[Path]:
    """Writes each text line by line to the file of that name with its ending; the files."""
    written = []
    for ending, text in lines.items():
        path = file_of(stem, ending)
        with replaced(path) as file:
            file.writelines(line.encode() for line in text)
        written.append(path)
    return written


def _sta(chain: Chain) -> Iterator[str]:
    """The names of the variables, and their values in each state; without variables the state's number as `x`."""
    names = legal_names(chain.variables)
    yield f"({','.join(names.values()) or 'x'})\n"
    for state, row in enumerate(chain.states):
        yield f"{state}:({','.join(map(str, map(int, row))) or state})\n"


def _tra(chain: Chain) -> Iterator[str]:
    """The sizes, and a line for each transition; a choice is named where the chain decides."""
    transitions = sum(len(choice.targets) for choices in chain.choices for choice in choices)
    if not chain.decides:
        yield f"{len(chain.states)} {transitions}\n"
        for state, (choice,) in enumerate(chain.choices):
            for target, chance in _transitions(choice):
                yield f"{state} {target} {chance!r}\n"
        return
    actions = _choice_names(chain)
    yield f"{len(chain.states)} {sum(map(len, chain.choices))} {transitions}\n"
    for state, choices in enumerate(chain.choices):
        for place, choice in enumerate(choices):
            name = f" {actions[choice.name]}" if choice.name else ""
            for target, chance in _transitions(choice):
                yield f"{state} {place} {target} {chance!r}{name}\n"


def _lab(chain: Chain) -> Iterator[str]:
    """The labels, numbered, and the numbers of those that hold in each state."""
    names = ("init", "deadlock", *legal_names(chain.labels).values())
    numbers = {name: number for number, name in enumerate(names)}
    yield " ".join(f'{number}="{name}"' for name, number in numbers.items()) + "\n"
    for state, labels in enumerate(_labels_of_states(chain)):
        if labels:
            yield f"{state}: {' '.join(str(numbers[name]) for name in labels)}\n"


def _transitions(choice: ChainChoice) -> list[tuple[int, float]]:
    """Targets with their chances, in the order of the states."""
    return sorted((int(target), float(chance)) for target, chance in zip(choice.targets, choice.chances, strict=True))


def _labels_of_states(chain: Chain) -> list[list[str]]:
    """The names of the labels that hold in each state, `init` first."""
    found: list[list[str]] = [[] for _ in chain.states]
    found[chain.initial].append("init")
    names = legal_names(chain.labels)
    for label, states in chain.labels.items():
        for state in states:
            found[state].append(names[label])
    return found


def _choice_names(chain: Chain) -> dict[str, str]:
    """Choices' names as they are written; a choice without a name has none."""
    named = dict.fromkeys(choice.name for choices in chain.choices for choice in choices if choice.name)
    return {"": "", **legal_names(named)}


def legal_names(names: Iterable[str]) -> dict[str, str]:
    """Each name as PRISM takes it: letters, digits and `_`, none of its words, no two alike."""
    found: dict[str, str] = {}
    taken = set(RESERVED)
    for name in names:
        legal = _NO_PART_OF_A_NAME.sub("_", name)
        if not legal or legal[0].isdigit():
            legal = f"_{legal}"
        while legal in taken:
            legal += "_"
        taken.add(legal)
        found[name] = legal
    return found
