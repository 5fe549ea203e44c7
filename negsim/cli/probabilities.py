"""How exact solutions are shown on a terminal: probabilities, measures, curves, cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import attrs

from negsim.cli.common import say
from negsim.cli.grid import GridRow, grid, setting
from negsim.cli.heads import choose_lines, readings_lines, set_lines
from negsim.cli.show import table
from negsim.errors import UsageError, did_you_mean
from negsim.exact.answer.solution import Solution, shown
from negsim.exact.answer.words import at_most, decimal, percent, signed
from negsim.log.text import measure_label, outcome_text, rounded_words
from negsim.scenario.held import reading_called
from negsim.scenario.types import Truth
from negsim.wording import in_words

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.ensemble.study.exact import ExactCells
    from negsim.scenario.model import Scenario

MOST_CELLS = 60
MOST_DAYS = 14  # in a table of curves
MOST_REASONS = 2
MOST_MEMBERS = 4  # members that are named one by one
STEPS = (1, 2, 5, 10, 30, 60, 90, 180, 365)
OR_EXPLORE = "make the scenario smaller, or sample with negsim explore"


@attrs.frozen
class ProbabilityLooks:
    """What of solutions is to be shown, and how."""

    outcome: str | None
    quiet: bool = attrs.field(kw_only=True)
    curves: bool = attrs.field(kw_only=True)
    measures: bool = attrs.field(kw_only=True)
    everything: bool = attrs.field(kw_only=True)

    def check(self, scenario: Scenario) -> None:
        """Raises `UsageError` where an outcome is named that the scenario does not have."""
        if self.outcome is not None and self.outcome not in scenario.outcomes:
            raise UsageError(f"there is no outcome `{self.outcome}`", did_you_mean(self.outcome, scenario.outcomes))


def show(out: Console, solved: ExactCells, looks: ProbabilityLooks) -> None:
    """Head, probabilities, measures, curves, and how they were found."""
    if not looks.quiet:
        _head(out, solved)
    if not solved.varied:
        _alone(out, solved.solutions[0], looks)
    elif solved.one_at_a_time:
        _changes(out, solved, looks)
    else:
        _cells(out, solved, looks)
    if solved.varied and solved.exact < len(solved.solutions):
        _not_exact(out, solved)


def _head(out: Console, solved: ExactCells) -> None:
    scenario, first = solved.scenario, solved.solutions[0]
    out.print(scenario.title, style="bold")
    cells = f"{len(solved.solutions):,} cells   " if solved.varied else ""
    out.print(f"{cells}scenario {scenario.hash[:12]}   negsim {first.as_json()['negsim']}", style="dim")
    lines = [*set_lines(scenario, first.settings), *choose_lines(first.settings)]
    lines += readings_lines(scenario, first.settings, varied=solved.varied, as_given=solved.one_at_a_time)
    for line in lines:
        out.print(line, style="dim")
    if solved.exact:
        out.print(
            "Exact under the scenario's assumptions: all runs at once, none of them drawn. This is no forecast.\n"
        )
    else:
        out.print("Under the scenario's assumptions. This is no forecast.\n")


# One setting.


def _alone(out: Console, solution: Solution, looks: ProbabilityLooks) -> None:
    if solution.is_exact:
        _probabilities(out, solution, quiet=looks.quiet)
    else:
        _bounds(out, solution, looks)
    if looks.measures and solution.is_exact and solution.scenario.measures:
        out.print()
        _measures(out, solution)
    if looks.curves and solution.reached >= 0:
        out.print()
        _curves(out, solution)
    if not looks.quiet:
        out.print()
        _foot(out, solution)


def _probabilities(out: Console, solution: Solution, *, quiet: bool) -> None:
    outcomes = solution.scenario.outcomes
    texts = any(outcome.text for outcome in outcomes.values()) and not quiet
    right = ("probability", "percent")
    made = table("outcome", *right, *(["what it says"] if texts else []), right=right, plain=("outcome",))
    for name, value in solution.outcomes.items():
        text = [outcome_text(solution.scenario, name, solution.parameters) or ""] if texts else []
        sure = name in solution.certain
        made.add_row(in_words(name), decimal(value, sure=sure), percent(value, sure=sure), *text)
    out.print(made)


def _bounds(out: Console, solution: Solution, looks: ProbabilityLooks) -> None:
    """What is known where there were too many states to go on."""
    step = solution.scenario.calendar.step
    if not looks.quiet:
        out.print(f"Not exact: {solution.stopped}.", style="bold")
        if solution.reached < 0:
            out.print(f"Not even {step} 0 could be followed to its end.")
        else:
            date = solution.scenario.calendar.written(solution.reached)
            out.print(f"All runs were followed to {date} ({step} {solution.reached}), and no further.")
    else:
        say(f"note: not exact: {solution.stopped}", err=True)
    last = [] if looks.quiet or solution.reached < 0 else [f"if that {step} were the last"]
    right = ("at least", "at most", *last)
    made = table("outcome", *right, right=right)
    for name, (low, high) in solution.bounds.items():
        by_then = [decimal(solution.curves[name][-1], sure=name in solution.certain_on(-1)) for _ in last]
        made.add_row(in_words(name), decimal(low), at_most(high), *by_then)
    out.print(made)
    if not looks.quiet:
        if looks.measures:
            out.print("No expected measures: they take all runs, followed to the end.")
        out.print(f"What can be done: give more with --max-states (it takes memory and time), {OR_EXPLORE}.")


def _measures(out: Console, solution: Solution) -> None:
    measures = solution.scenario.measures
    units = any(measures[name].unit for name in solution.measures)
    right = ("expected", "none in")
    made = table("measure", *right, *(["unit"] if units else []), right=right)
    for name, found in solution.measures.items():
        measure, mean = measures[name], None if found.mean is None else shown(found.mean)
        missing = percent(found.missing, sure=found.mean is None) if shown(found.missing) else ""
        truth = isinstance(measure.expression.tree.type, Truth)
        number = percent(mean, sure=found.mean == 1) if truth and mean is not None else rounded_words(mean)
        label = measure_label(measure, solution.parameters)
        made.add_row(label, number, missing, *([measure.unit or ""] if units else []))
    if solution.measures:
        out.print(made)
    rest = [measure for name, measure in measures.items() if name not in solution.measures]
    if rest:
        names = "; ".join(measure_label(measure, solution.parameters) for measure in rest)
        out.print(f"No sum over states gives: {names}. negsim explore estimates them.", style="dim")


def _curves(out: Console, solution: Solution) -> None:
    """The probabilities at some days."""
    scenario = solution.scenario
    step = scenario.calendar.step
    rows: list[GridRow] = []
    for day in _days(solution.reached):
        date = scenario.calendar.written(day)
        certain = solution.certain_on(day)
        cells = [(decimal(curve[day], sure=name in certain), "", True) for name, curve in solution.curves.items()]
        rows.append(([str(day), date], cells))
    out.print(f"How runs have ended by the dusk of {step.a}, or would if it were the last one:")
    grid(out, [step.value, "date"], [in_words(name) for name in solution.curves], rows)


def _days(last: int) -> list[int]:
    """Days from 0 to the last, evenly apart."""
    step = next((each for each in STEPS if last // each < MOST_DAYS), 0)
    if not step:
        step = 365 * -(-last // (365 * (MOST_DAYS - 1)))
    return [*range(0, last, step), last]


def _foot(out: Console, solution: Solution) -> None:
    """How many states there are, and who was counted as alike."""
    states = f"{solution.states:,} state{'' if solution.states == 1 else 's'}"
    merged = "; ".join(_merged(solution.scenario, members) for members in solution.merged)
    out.print(f"{states}{f'; {merged}' if merged else ''}.", style="dim")
    if solution.apart:
        out.print("Members who look alike were told apart:", style="dim")
        for reason in solution.apart[:MOST_REASONS]:
            out.print(f"  {reason}", style="dim")
        if len(solution.apart) > MOST_REASONS:
            out.print(f"  and {len(solution.apart) - MOST_REASONS} more (--json has them)", style="dim")


def _merged(scenario: Scenario, members: Sequence[str]) -> str:
    """Who was counted as alike, in words."""
    if len(members) <= MOST_MEMBERS:
        return f"{', '.join(scenario.actors[member].name for member in members)} counted as alike"
    groups = {name: len(g.members) for name, g in scenario.groups.items() if set(members) <= set(g.members)}
    name = min(groups, key=lambda each: groups[each])
    of = f" of the {groups[name]}" if groups[name] > len(members) else ""
    return f"{len(members)}{of} members of {in_words(name)} counted as alike"


# Cells.


def _changes(out: Console, solved: ExactCells, looks: ProbabilityLooks) -> None:
    """What each other option of each reading changes."""
    base = solved.solutions[0]
    what = "how much probability lies elsewhere" if looks.outcome is None else in_words(looks.outcome)
    out.print(f"What another reading changes. Ordered by {what}.")
    outcomes = list(solved.scenario.outcomes)
    rows: list[GridRow] = [(["as given"], [("", "", False), *(_two(base, name) for name in outcomes)])]
    last = ""
    for effect in solved.effects(looks.outcome):
        reading = "" if effect.reading == last else reading_called(solved.scenario, effect.reading)
        label = [f"{reading}\n  {effect.option}"]
        last = effect.reading
        moved = (
            ("", "", False)
            if effect.moved is None
            else (decimal(effect.moved, sure=effect.moved == 1), "", effect.moved > 0)
        )
        cells = [_two(effect.solution, name) for name in outcomes]
        changes = effect.changes
        if changes is not None:
            found = zip(outcomes, cells, strict=True)
            cells = [(signed(changes[name]), cell[0], bool(changes[name])) for name, cell in found]
        rows.append((label, [moved, *cells]))
    grid(out, ["reading"], ["elsewhere", *map(in_words, outcomes)], rows)
    if looks.quiet:
        return
    out.print(
        "elsewhere: half the sum of the changes, so much probability goes from some outcomes to others. The columns"
        " after it: the change, and under it the probability.",
        style="dim",
    )


def _two(solution: Solution, outcome: str) -> tuple[str, str, bool]:
    """A probability; or in two lines the least and the most that it can be."""
    low, high = solution.bounds[outcome]
    if solution.is_exact:
        return decimal(low, sure=outcome in solution.certain), "", True
    return f"from {decimal(low)}", f"to {at_most(high)}", True


def _cells(out: Console, solved: ExactCells, looks: ProbabilityLooks) -> None:
    """The probabilities of each cell."""
    count = len(solved.solutions) if looks.everything else min(len(solved.solutions), MOST_CELLS)
    outcomes = list(solved.scenario.outcomes)
    rows: list[GridRow] = []
    for number, solution in enumerate(solved.solutions[:count]):
        labels = [setting(solved.setting(number, name)) for name in solved.varied]
        rows.append((labels, [_two(solution, name) for name in outcomes]))
    grid(out, list(solved.varied), [in_words(name) for name in outcomes], rows)
    if count < len(solved.solutions):
        out.print(f"The first {count} of {len(solved.solutions):,} cells; --all shows every one.", style="dim")


def _not_exact(out: Console, solved: ExactCells) -> None:
    """How many cells are not exact, and what can be done."""
    reasons = dict.fromkeys(solution.stopped for solution in solved.solutions if solution.stopped)
    count = len(solved.solutions) - solved.exact
    out.print(f"{count:,} of {len(solved.solutions):,} cells are not exact: {'; '.join(map(str, reasons))}.")
    out.print(f"What can be done: give more with --max-states (it takes memory and time), {OR_EXPLORE}.")
