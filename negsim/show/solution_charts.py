"""Pictures of exact solutions, for a page. Each number is exact, or says its bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from negsim.ensemble.picture.setting_words import answer, key, question, settings, signs
from negsim.ensemble.picture.shades import shade
from negsim.ensemble.picture.slide import Slide, SlideBox, SlideRow
from negsim.exact.answer.solution import Solution
from negsim.exact.answer.words import TINY, percent
from negsim.exact.answer.words import figures as in_percent
from negsim.log.text import without_varied
from negsim.scenario.held import told_once
from negsim.scenario.model import Scenario
from negsim.show.box_charts import boxes
from negsim.show.row_charts import RowLevel, bars
from negsim.show.row_charts import curves as drawn_curves
from negsim.show.theme import Figure, dates, themed
from negsim.wording import in_words

MOST_SOLUTIONS = 100  # that are drawn one by one
MOST_POINTS, MOST_MARKS = 240, 40  # of a curve: points that it goes through, and points that say what they are


def figures(solutions: Sequence[Solution]) -> dict[str, Figure]:
    """The pictures that fit one solution, or one for each of some readings, by name."""
    if len(solutions) == 1:
        (only,) = solutions
        curves = {"curves": _curves_figure(only)} if all(only.curves.values()) else {}
        return {"probabilities": _probabilities_figure(only), **curves}
    return {"cells": _cells_figure(solutions[:MOST_SOLUTIONS])}


def probability_words(solution: Solution, outcome: str) -> str:
    """A probability of a solution, and that it is exact; or its bounds."""
    low, high = solution.bounds[outcome]
    if solution.is_exact:
        return f"{in_percent(solution.outcomes[outcome], sure=outcome in solution.certain)}, exact"
    return f"{in_percent(low)} to {in_percent(high, sure=high > 1 - TINY)}, bounds"


def varied(solutions: Sequence[Solution]) -> tuple[str, ...]:
    """The readings and parameters in which solutions differ, in the order of the file."""
    first = _settings(solutions[0])
    return tuple(name for name in first if any(_settings(each)[name] != first[name] for each in solutions))


def solution_words(solutions: Sequence[Solution], between: str = "; ") -> list[str]:
    """What each solution is called: by the settings that differ; by what it changes where that is one at a time."""
    return [
        settings(each.scenario, called, each.parameters, between=between)
        for each, called in zip(solutions, _called(solutions), strict=True)
    ]


def _called(solutions: Sequence[Solution]) -> list[dict[str, float | str]]:
    """The settings that each solution is called by."""
    names, found = varied(solutions), [_settings(each) for each in solutions]
    changed = [_together(solutions[0].scenario, each, found[0]) for each in found]
    if len(names) > 1 and all(len(each) <= 1 for each in changed):
        return changed
    return [{name: each[name] for name in names} for each in found]


def _together(
    scenario: Scenario, taken: Mapping[str, float | str], given: Mapping[str, float | str]
) -> dict[str, float | str]:
    """The settings that are not as given; where all holders of a reading answer alike, it is one."""
    changed = {name: value for name, value in taken.items() if value != given[name]}
    readings = {name: str(value) for name, value in changed.items() if name in scenario.readings}
    numbers = {name: value for name, value in changed.items() if name not in readings}
    return {**numbers, **told_once(scenario, readings)}


def _settings(solution: Solution) -> Mapping[str, float | str]:
    return {**solution.parameters, **solution.readings}


def _kind(solution: Solution) -> str:
    if solution.is_exact:
        return "Exact: all runs of the model were followed at once, and none was sampled."
    step = solution.scenario.calendar.name
    return (
        f"Bounds: all runs were followed at once to {step} {solution.reached}, and what they come to after it is not"
        " known. A bar ends at the least that a probability can be; the line reaches to the most."
    )


def _probabilities_figure(solution: Solution) -> Figure:
    rows = [
        RowLevel(f"{in_words(name)}: {probability_words(solution, name)}", low, low, high)
        for name, (low, high) in solution.bounds.items()
    ]
    about = f"The probability, within the model, that a run ends in each outcome. {_kind(solution)}"
    return Figure("probabilities", "Probabilities within the model", about, themed(bars(rows)))


def _curves_figure(solution: Solution) -> Figure:
    last, step = max(solution.reached, 1), solution.scenario.calendar.name
    rows = [(in_words(name), _points(solution, name, curve)) for name, curve in solution.curves.items()]
    x = dates(solution.scenario.calendar, 0, last)
    about = (
        f"For each {step} the exact probability, within the model, that a run has ended so by then, or would if this"
        f" were its last {step}."
    )
    if not solution.is_exact:
        about += f" They are known up to {step} {solution.reached}."
    return Figure("curves", f"{step.capitalize()} by {step}", about, themed(drawn_curves(rows, x, dots=False)))


def _points(solution: Solution, name: str, curve: Sequence[float]) -> list[dict[str, Any]]:
    """Points of a curve, as many as there is room for; some of them say what they are."""
    days = _spread(len(curve), MOST_POINTS)
    marked = {days[place] for place in _spread(len(days), MOST_MARKS)}
    return [
        {
            "x": day,
            "share": curve[day],
            "low": 0.0,
            "high": curve[day],
            "said": f"{solution.scenario.calendar.written(day)}: {_on(solution, name, day)}, exact"
            if day in marked
            else "",
        }
        for day in days
    ]


def _on(solution: Solution, name: str, day: int) -> str:
    return in_percent(solution.curves[name][day], sure=name in solution.certain_on(day))


def _spread(length: int, most: int) -> list[int]:
    """Places from the first to the last, evenly spread, not more than there may be."""
    if length <= most:
        return list(range(length))
    return sorted({round(place * (length - 1) / (most - 1)) for place in range(most)})


def _cells_figure(solutions: Sequence[Solution]) -> Figure:
    outcomes = list(solutions[0].scenario.outcomes)
    boxed = [[_box(each, name) for name in outcomes] for each in solutions]
    rows = list(zip(solution_words(solutions, "\n"), boxed, strict=True))
    about = (
        f"A row for each of {len(solutions)} settings, a box for each outcome: its probability within the model, exact"
        " unless bounds are given. The darker, the larger."
    )
    slide = _slide(solutions, [in_words(name) for name in outcomes], boxed)
    return Figure("cells", "Probabilities under each setting", about, themed(boxes(rows, outcomes)), slide)


def _slide(solutions: Sequence[Solution], heads: Sequence[str], boxed: Sequence[Sequence[SlideBox]]) -> Slide | None:
    """The same for a wall, where readings alone are varied: a question over its answers, or signs for several."""
    scenario, names = solutions[0].scenario, varied(solutions)
    if not names or not all(name in scenario.readings for name in names):
        return None
    called, values = _called(solutions), without_varied(solutions[0].parameters, names)
    if any(len(each) > 1 for each in called):
        known = key(scenario, {name: dict.fromkeys(each[name] for each in called) for name in names}, values)
        rows = [SlideRow("", (signs(known, each),), tuple(shown)) for each, shown in zip(called, boxed, strict=True)]
        return Slide("", "", tuple(rows), tuple(heads), tuple(known.values()))
    rows, before = [], ""
    for each, shown in zip(called, boxed, strict=True):
        asked = next((question(scenario, name, values) for name in each), "")
        answers = [answer(scenario, name, value, values) for name, value in each.items()] or ["as given"]
        rows.append(SlideRow(asked if asked != before else "", tuple(answers), tuple(shown)))
        before = asked
    return Slide("", "", tuple(rows), tuple(heads))


def _box(solution: Solution, outcome: str) -> SlideBox:
    low, high = solution.bounds[outcome]
    if solution.is_exact:
        return SlideBox(shade(low), percent(low, 2, sure=outcome in solution.certain), "exact")
    return SlideBox(shade(low), "bounds", f"{100 * low:.1f} to {100 * high:.1f}")
