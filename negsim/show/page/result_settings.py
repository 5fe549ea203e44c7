"""What went into a result, on its page: runs to look at, settings, values, how it is made again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from negsim.ensemble.design.readings import EACH, varied
from negsim.ensemble.picture.setting_words import MOST_SETTINGS
from negsim.ensemble.result import Result
from negsim.ensemble.sample.sample import NO_OUTCOME, CellResult
from negsim.log.text import number_words
from negsim.show.page.elements import Content, Markup, code, items, paragraph, table, tag, terms, together
from negsim.show.page.inputs import of_scenario
from negsim.show.result_charts import (
    cell_words,
    setting_words,
)
from negsim.wording import counted, in_words

MOST_SEEDS = 5
MOST_VALUES = 8  # of a parameter that is varied


def seeds(result: Result) -> Markup:
    """Runs that end in each way, each with the command that makes it again with its whole log."""
    rows: list[list[Content]] = []
    for name in (*result.scenario.outcomes, NO_OUTCOME):
        cell = next((cell for cell in result.cells if cell.count(name)), None)
        if cell is not None:
            rows.append([in_words(name), *_seed_cells(result, cell, name)])
    intro = paragraph("A share is made of runs, and each run can be looked at, event by event:")
    return together(intro, table("Seeds", ["Outcome", "Setting", "Seeds", "The first of them"], rows))


def _seed_cells(result: Result, cell: CellResult, name: str) -> Iterator[Content]:
    """The setting, the first seeds, and the command for the first of all, where it is not too long to be read."""
    seeds = result.seeds(name, cell=cell.number, most=MOST_SEEDS)
    yield None if len(result.cells) == 1 else _named(result, cell)
    yield ", ".join(map(str, seeds)) + (", …" if cell.count(name) > len(seeds) else "")
    is_short = len(cell.cell.parameters) + len(cell.cell.readings) <= MOST_SETTINGS
    yield (code(result.run_command(seeds[0], cell=cell.number)) if is_short else None)


def _named(result: Result, cell: CellResult) -> str:
    """What a setting is called: what it changes, or its number where that is very much."""
    return cell_words(result, cell) if len(result.varied) <= MOST_SETTINGS else f"no. {cell.number + 1}"


def settings(result: Result) -> Markup:
    """What the runs were asked with, who decided, and how the result is made again."""
    request, scenario = result.request, result.scenario
    pairs: list[tuple[str, Content]] = [
        *of_scenario(scenario),
        ("Runs", f"{counted(result.runs, 'run')}{' of each setting' if len(result.cells) > 1 else ''}, sampled"),
        ("Seeds", f"{result.seed} to {result.seed + result.runs - 1}" if result.runs else "none yet"),
        ("Settings varied", ", ".join(in_words(name) for name in result.varied) or "none"),
        ("Made by", f"negsim {request.version}"),
        ("Request", code(request.id)),
    ]
    choices = [*(policy.text for policy in request.settings.choices)]
    choices += [f"{name}: {identity or 'a function in Python'}" for name, identity in request.deciders.items()]
    if choices:
        pairs.append(("Choices made beforehand", items(choices)))
    command = _again(result)
    if command is not None:
        pairs.append(("To make it again", tag("pre", code(command))))
    return terms(pairs)


def _again(result: Result) -> str | None:
    """The command that makes a result again, where one command that can be told from it does."""
    request, scenario = result.request, result.scenario
    plain = len(result.cells) == 1 and result.base is not None
    each = result.is_one_at_a_time and request.cells == tuple(varied(scenario, EACH, request.settings.readings))
    if request.deciders or not (plain or each):
        return None
    words = shlex.split(result.run_command(result.seed, cell=0))
    words[1:2] = ["explore"]
    words[3:3] = ["--runs", str(result.runs)]
    return shlex.join([*words, *(["--readings", "each"] if each else [])])


def parameter_words(result: Result) -> dict[str, str]:
    """Each parameter's value, or its values where it is varied."""
    found = {name: number_words(value) for name, value in result.request.settings.parameters.items()}
    for name in result.varied:
        if name in found:
            values = sorted({cell.parameters[name] for cell in result.cells})
            few = len(values) <= MOST_VALUES
            low, high = setting_words(values[0]), setting_words(values[-1])
            listed = ", ".join(map(setting_words, values))
            found[name] = f"varied: {listed}" if few else f"varied: {counted(len(values), 'value')}, {low} to {high}"
    return found
