"""One picture of an exact solution: how runs have ended by each day, as bands that make up all runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from negsim.clean import clean
from negsim.exact.answer.solution import Solution
from negsim.exact.answer.words import certain, percent
from negsim.scenario.model import Scenario
from negsim.show.theme import GRID, SOFT, TINTS, WIDTH, Figure, altair, dates, down, themed
from negsim.version import VERSION
from negsim.wording import in_words

HEIGHT = 300
LINE = 15  # from one name to the next, at least
GAP = 14  # between the bands and their names
MOST_POINTS = 720

Curves = Mapping[str, Sequence[float]]


def bands_figure(solution: Solution) -> Figure:
    """How runs have ended by each day, or would if it were the last. A title says whether it is exact to the end."""
    curves = {name: curve for name, curve in solution.curves.items() if any(curve)}
    never = [in_words(name) for name in solution.curves if name not in curves]
    step = solution.scenario.calendar.name
    about = (
        f"For each {step}: how runs have ended by then, or would if that {step} were the last. Each band is an outcome,"
        " and its height a probability; together they are all runs, none of which was sampled."
    )
    if not solution.is_exact:
        about += f" Followed to {step} {solution.reached}, since {solution.stopped}."
    about += f"{_settings(solution)} {under(solution.scenario)}"
    if never and curves:
        about += f" Not once by then: {', '.join(never)}."
    title = "exact" if solution.is_exact else f"exact to {step} {solution.reached}"
    return Figure("bands", f"{title}, {step} by {step}", about, themed(_bands(solution, curves)))


def under(scenario: Scenario) -> str:
    """What every picture of exact solutions says of itself."""
    return f"Under the scenario's assumptions: no forecast. Scenario {scenario.hash[:12]}, negsim {VERSION}."


def _settings(solution: Solution) -> str:
    """What is not as the scenario has it."""
    scenario = solution.scenario
    changed = [f"{n} = {v:.6g}" for n, v in solution.parameters.items() if v != scenario.parameters[n].value]
    changed += [f"{n} = {v}" for n, v in solution.readings.items() if v != scenario.readings[n].default]
    changed += [f"decided: {policy.text}" for policy in solution.settings.choices]
    return f" With {', '.join(changed)}." if changed else ""


def _bands(solution: Solution, curves: Curves) -> Any:
    alt = altair()
    last = max(solution.reached, 1)
    days = [*range(0, solution.reached, -(-last // MOST_POINTS)), *([solution.reached] if curves else [])]
    x = dates(solution.scenario.calendar, 0, last)
    levels = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format="%", domain=False, gridColor=GRID)
    y = alt.Y("low:Q", title=None, axis=levels, scale=alt.Scale(domain=[0, 1], nice=False))
    fill = alt.Fill("fill:N", scale=None)
    names = list(_names(curves))
    base = alt.Chart(alt.InlineData(values=names))
    at_end = {"x": alt.value(WIDTH + 2), "x2": alt.value(WIDTH + GAP - 3)}
    layers = [
        alt.Chart(alt.InlineData(values=list(_points(curves, days))))
        .mark_area(stroke=SOFT, strokeWidth=0.6, opacity=1)
        .encode(x=x, y=y, y2="high", detail="place:O", fill=fill, order="place:O"),
        base.mark_rule(color=SOFT, strokeWidth=0.6).encode(**at_end, y=down(HEIGHT, "from"), y2="to"),
        base.mark_text(align="left", baseline="middle").encode(
            x=alt.value(WIDTH + GAP), y=down(HEIGHT, "to"), text="words:N"
        ),
    ]
    return alt.layer(*layers).resolve_scale(y="independent").properties(width=WIDTH, height=HEIGHT)


def _points(curves: Curves, days: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The bands, the first outcome on top."""
    for day in days:
        top = 1.0
        for place, curve in enumerate(curves.values()):
            low = max(0.0, top - curve[day])
            yield {
                "x": day,
                "low": round(low, 6),
                "high": round(top, 6),
                "place": place,
                "fill": TINTS[place % len(TINTS)],
            }
            top = low


def _names(curves: Curves) -> Iterator[dict[str, Any]]:
    """Each outcome's name and last probability, beside the middle of its band as far as there is room."""
    middles, top = [], 1.0
    for curve in curves.values():
        middles.append(HEIGHT * (1 - top + curve[-1] / 2))
        top -= curve[-1]
    sure = certain({name: curve[-1] for name, curve in curves.items()})
    for (name, curve), middle, place in zip(curves.items(), middles, apart(middles), strict=True):
        words = f"{in_words(name)} {percent(curve[-1], sure=name in sure)}"
        yield {"from": round(middle, 2), "to": round(place, 2), "words": clean(words)}


def apart(places: Sequence[float]) -> list[float]:
    """Places from the top down, moved so that no two lines of text are over each other, and none is under the end."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + LINE) if found else place)
    lowest = float(max(HEIGHT, LINE * (len(places) - 1)))
    for number in range(len(found) - 1, -1, -1):
        found[number] = min(found[number], lowest)
        lowest = found[number] - LINE
    return found
