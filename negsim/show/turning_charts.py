"""The picture of when a run was decided: how likely each outcome still was, along the run."""

from __future__ import annotations

from typing import Any

from negsim.clean import clean
from negsim.ensemble.study.turning_points import Point, TurningPoints
from negsim.exact.answer.words import interval_end
from negsim.show.row_charts import curves
from negsim.show.theme import Figure, dates, themed
from negsim.wording import in_words


def turning_figure(found: TurningPoints) -> Figure:
    """A curve an outcome over the days of the run, with its interval where it was sampled."""
    outcomes = [name for name in found.run.scenario.outcomes if any(p.chances[name].high > 0 for p in found.points)]
    outcomes.sort(key=lambda name: name != found.outcome)
    rows = [(in_words(name), [_point(found, name, point) for point in found.points]) for name in outcomes]
    x = dates(found.run.scenario.calendar, 0, max(found.run.ended_on, 1))
    return Figure("turning-points", "When it was decided", about(found), themed(curves(rows, x)))


def about(found: TurningPoints) -> str:
    """How the chances were had, and what they are."""
    step = found.run.scenario.calendar.step
    if found.is_exact:
        how = (
            f"Exact probabilities within the model, at the dusk of each {step} {step.on} which something happened and"
            " at the dusk before it."
        )
    else:
        how = (
            f"Shares of {found.runs:,} runs that share this run's past up to a moment and go on with other luck, the"
            " same for every moment; with 95 % intervals."
        )
    return f"{how} Under the scenario's assumptions: no forecast."


def where(found: TurningPoints, point: Point) -> str:
    """The moment of a point in words: its date, and the event."""
    if point.day < 0:
        return f"before {found.run.scenario.calendar.name} 0"
    date = _date(found, point.day)
    if point.at_dusk:
        return f"the dusk of {date}"
    return f"{date}, after {point.seq}: {found.run.text(point.seq)}"


def what(found: TurningPoints, point: Point) -> str:
    """What happened since the point before: an event, or for how long nothing."""
    step = found.run.scenario.calendar.step
    if point.quiet_days == 1:
        return f"{_date(found, point.day)}: {step.a} {step.on} which nothing happened"
    if point.quiet_days:
        quiet = f"{point.quiet_days:,} {step.plural}"
        first = _date(found, point.day - point.quiet_days + 1)
        return f"{first} to {_date(found, point.day)}: {quiet} {step.on} which nothing happened"
    run = found.run
    place = found.points.index(point)
    events = run.events[found.points[place - 1].seq + 1 : point.seq + 1] if place else ()
    if not events:
        return where(found, point)
    more = f" (and {len(events) - 1} more)" if len(events) > 1 else ""
    return f"{_date(found, point.day)}, {events[0].seq}: {run.text(events[0].seq)}{more}"


def _date(found: TurningPoints, day: int) -> str:
    return found.run.scenario.calendar.written(day)


def _point(found: TurningPoints, outcome: str, point: Point) -> dict[str, Any]:
    chance = point.chances[outcome]
    kind = "exact" if found.is_exact else f"{interval_end(chance.low)} to {interval_end(chance.high)} %, sampled"
    return {
        "x": max(point.day, 0),
        "share": chance.value,
        "low": chance.low,
        "high": chance.high,
        "said": clean(f"{what(found, point)}\nThen: {point.words(outcome)}, {kind}"),
    }
