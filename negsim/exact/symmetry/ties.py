"""Where nothing but the order of the file tells a mediator's texts apart."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.errors import ModelError
from negsim.program.formula import MeaninglessError, State, new_state, values_of
from negsim.program.offer import best_texts
from negsim.program.program import Program
from negsim.program.table import Table
from negsim.scenario.called import package_called
from negsim.scenario.model import Scenario
from negsim.scenario.settings import defaults

MOST_PACKAGES = 100_000  # that are looked at, over all rounds
MOST_NAMED = 2


def tie_notes(scenario: Scenario) -> tuple[str, ...]:
    """Talks whose mediator has a tie as things stand at the start, under the default parameters and readings."""
    try:
        program = Program(scenario, defaults(scenario))
        state = new_state(program.layout.initial)
        return tuple(note for table in program.tables for note in _of_talks(table, state))
    except (ModelError, MeaninglessError, OverflowError):  # a run says it, with the day
        return ()


def _of_talks(table: Table, state: State) -> Iterator[str]:
    """One note at most, on the first round that has a tie."""
    if table.talks.mediator is None:
        return
    for number in range(min(table.rounds, max(1, MOST_PACKAGES // len(table.packages)))):
        then = new_state(values_of(state))
        then[table.round_slot] = number
        moods = {party: table.aspirations.mood(seat, then) for party, seat in table.seats.items()}
        found = best_texts(table.talks.everybody, table.seats, moods)
        if len(found) > 1:
            texts = [_words(table, package) for package in found[:MOST_NAMED]]
            others = f"before ({texts[1]})" if len(found) == MOST_NAMED else f"before {len(found) - 1} others"
            yield (
                f"at the talks `{table.name}`, in round {number + 1}, nothing tells {len(found)} texts apart as things"
                f" stand at the start: the earliest in the file, ({texts[0]}), is put forward {others}; so the order of"
                " issues and options decides who is asked to give way"
            )
            return


def _words(table: Table, package: int) -> str:
    return package_called(table.talks, dict(zip(table.issues, table.packages[package], strict=True)))
