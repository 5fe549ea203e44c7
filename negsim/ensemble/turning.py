"""When it was decided: how likely each outcome still was after every event of a run, and just before it.

Exactly where the scenario can be solved, at the dusk of each day on which something happened; else from runs
that share this run's past and go on with other luck, the same for every moment (common random numbers). That
nothing happens for a while can decide as much as an event, so the dusk before a day with events is a moment of
its own: what the quiet days did is told apart from what the event did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from negsim.engine.calendar import Calendar, OtherLuck
from negsim.engine.plan import Plan, bound, luck_of
from negsim.engine.run import Run
from negsim.ensemble.sample.intervals import wilson
from negsim.ensemble.study.run_moments import RunMoment, run_moments
from negsim.ensemble.study.turning_points import Chance, Point, TurningPoints
from negsim.errors import ModelError, UsageError
from negsim.exact.answer.values import ValuesAtDusk, values_at_dusks
from negsim.program.rules import Instance
from negsim.program.table import Table
from negsim.whole import whole

RUNS = 100
MOST_RUNS = 1_000_000
MOST_STATES = 20_000
Progress = Callable[[int, int], None]


def turning_points(
    run: Run,
    *,
    exact: bool | None = None,
    runs: int = RUNS,
    max_states: int = MOST_STATES,
    progress: Progress | None = None,
) -> TurningPoints:
    """How likely each outcome still was along a run.

    `exact` asks for exact or for sampled chances; without it they are exact where there are no more than
    `max_states` states. `runs` is how many runs are made for each event. Raises `UsageError` where exact
    chances are asked for and cannot be had.
    """
    runs, max_states = whole(runs, "runs"), whole(max_states, "max_states", least=1)
    if not 1 <= runs <= MOST_RUNS:
        raise UsageError(f"the number of runs is 1 to {MOST_RUNS:,}, not {runs}")
    if exact is not False:
        found = _exact(run, max_states, progress)
        if found is not None:
            return found
        if exact:
            raise UsageError(
                "exact chances cannot be had for this run",
                "it is a fork, follows a policy of its own, or has more than `max_states`; leave `exact` out",
                settings=("max_states", "exact"),
            )
    return _sampled(run, runs, progress)


# Exactly, at dusk.


def _exact(run: Run, max_states: int, progress: Progress | None) -> TurningPoints | None:
    header = run.header
    choices = header.settings.decisions
    own = len(choices) < len(header.settings.choices) or any(choice.nth is not None for choice in choices)
    if header.interventions or own:
        return None
    days = run.scenario.horizon_days + 1
    told = None if progress is None else lambda day, _: progress(day + 1, days)
    moments = [*run_moments(run, each_event=False)]
    with bound(run.scenario, header.settings) as plan:
        values = values_at_dusks(plan.program, max_states=max_states, progress=told)
        if values is None:
            return None
        seen = _along(run, plan, values, [moment.day for moment in moments if moment.day >= 0])
    points = tuple(_point(each, _sure(seen[each.day])) for each in moments)
    return TurningPoints(run, is_exact=True, runs=0, points=points)


def _along(run: Run, plan: Plan, values: ValuesAtDusk, days: Sequence[int]) -> Mapping[int, Mapping[str, float]]:
    """The chances at the dusks of some days of a run, by day; -1 is before day 0."""
    seen = {-1: values.before}

    def look(calendar: Calendar, day: int) -> None:
        seen[day] = _at_dusk(values, calendar, day)

    how: dict[str, Any] = {"keep": False, "at_dusk": look, "looked_at": days}
    Calendar(plan, luck=luck_of(plan, run.header), choices=run.header.settings.choices, **how).run()
    return seen


def _at_dusk(values: ValuesAtDusk, calendar: Calendar, day: int) -> Mapping[str, float]:
    waiting = [
        (each.action.instance, each.due - day, each.chance, each.action.watches)
        for each in calendar.underway.waiting()
        if isinstance(each.action.instance, (Instance, Table))
    ]
    return values.at(day, calendar.underway.moment.values, waiting)


def _point(moment: RunMoment, chances: Mapping[str, Chance]) -> Point:
    return Point(moment.seq, moment.day, chances, moment.quiet_days, moment.at_dusk)


def _sure(chances: Mapping[str, float]) -> dict[str, Chance]:
    return {name: Chance(value, value, value) for name, value in chances.items()}


# From runs with other luck.


def _sampled(run: Run, runs: int, progress: Progress | None) -> TurningPoints:
    *moments, end = run_moments(run, each_event=True)
    points = []
    with bound(run.scenario, run.header.settings) as plan:
        for number, each in enumerate(moments):
            ends = _ends(run, plan, each, runs)
            points.append(_point(each, _shares(run.scenario.outcomes, ends, runs)))
            if progress is not None:
                progress(number + 1, len(moments))
    done = _sure({name: float(name == run.outcome) for name in run.scenario.outcomes})
    points.append(_point(end, done))
    return TurningPoints(run, is_exact=False, runs=runs, points=tuple(points))


def _ends(run: Run, plan: Plan, moment: RunMoment, runs: int) -> Counter[str]:
    """How runs end that go on from a moment with other luck: that of the seeds 1 to `runs` past the run's own."""
    header = run.header
    is_dusk = moment.at_dusk and moment.day >= 0
    is_first = moment.day < 0 and moment.seq < 0
    where: dict[str, Any] = {"dusk": moment.day} if is_dusk else {"after": moment.seq}
    ends: Counter[str] = Counter()
    for number in range(1, runs + 1):
        calendar = Calendar(
            plan,
            luck=plan.luck(header.seed + number) if is_first else luck_of(plan, header),
            choices=header.settings.choices,
            interventions=header.interventions,
            keep=False,
            other_luck=None if is_first else OtherLuck(plan.luck(header.seed + number), **where),
        )
        try:
            ends[calendar.run().outcome] += 1
        except ModelError as error:
            at = f"the dusk of {plan.program.scenario.calendar.name} {moment.day}" if is_dusk else f"event {moment.seq}"
            error.add_note(f"in a run that goes on from {at} with the luck of seed {header.seed + number}")
            raise
    return ends


def _shares(outcomes: Sequence[str] | Mapping[str, Any], ends: Counter[str], runs: int) -> dict[str, Chance]:
    found = {}
    for name in outcomes:
        of_runs = wilson(ends[name], runs)
        found[name] = Chance(of_runs.share or 0.0, of_runs.low, of_runs.high)
    return found
