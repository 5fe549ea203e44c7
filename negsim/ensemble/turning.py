"""When it was decided: how likely each outcome still was after every event of a run, and just before it.

Exactly where the scenario can be solved, at the dusk of each day on which something happened; else from runs
that share this run's past and go on with other luck, the same for every moment (common random numbers). That
nothing happens for a while can decide as much as an event, so the dusk before a day with events is a moment of
its own: what the quiet days did is told apart from what the event did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import sqrt
from typing import Any

import attrs

from negsim.engine.calendar import Calendar, OtherLuck
from negsim.engine.plan import Plan, luck_of
from negsim.engine.run import Run
from negsim.ensemble.intervals import Z95, wilson
from negsim.errors import ModelError, UsageError
from negsim.exact.values import ValuesAtDusk, values_at_dusks
from negsim.exact.words import certain, percent, share
from negsim.program.program import Program
from negsim.program.rules import Instance
from negsim.program.table import Table
from negsim.whole import whole

RUNS = 100
MOST_RUNS = 1_000_000
MOST_STATES = 20_000
DECIDED = 0.95  # an outcome this likely is called decided
Progress = Callable[[int, int], None]


@attrs.frozen
class Chance:
    """How likely an outcome is at a point; sampled ones have a 95 % Wilson interval, exact ones no width."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """The chance as JSON writes it."""
        return {"value": self.value, "low": self.low, "high": self.high}


@attrs.frozen
class Point:
    """A moment of a run: at the dusk of a day (`at_dusk`), after the last event by then; or in its middle, after one.

    `seq` is that event's; -1 is the moment before day 0 begins, after history. `quiet_days` says on how many days
    since the point before nothing happened; 0 where something did.
    """

    seq: int
    day: int
    chances: Mapping[str, Chance]
    quiet_days: int = 0
    at_dusk: bool = True

    def words(self, outcome: str) -> str:
        """The chance of an outcome in percent; 0 and 100 only where it has none, or no other has any."""
        chance = self.chances[outcome]
        if chance.low < chance.high:
            return f"{share(chance.value)} %"
        return percent(chance.value, sure=outcome in certain({name: each.value for name, each in self.chances.items()}))


@attrs.frozen(eq=False)
class TurningPoints:
    """The chances of all outcomes along a run.

    `is_exact` says how they were had, `runs` how many runs each point took (0 where exact).
    """

    run: Run = attrs.field(repr=False)
    is_exact: bool
    runs: int
    points: tuple[Point, ...]

    @property
    def outcome(self) -> str:
        """How the run ended."""
        return self.run.outcome

    @property
    def steps(self) -> tuple[tuple[Point, float], ...]:
        """Each point but the first, with how much it changed the chance of the run's outcome."""
        pairs = zip(self.points[1:], self.points, strict=False)
        return tuple((p, p.chances[self.outcome].value - before.chances[self.outcome].value) for p, before in pairs)

    def is_noise(self, point: Point, step: float) -> bool:
        """Whether a step of that size up to a point is one that chance alone makes, with this many runs.

        The two shares are taken as independent, which is on the safe side: they have their luck in common.
        """
        if self.is_exact or point is self.points[-1]:
            return False
        after = point.chances[self.outcome].value
        before = after - step
        return abs(step) < Z95 * sqrt((after * (1 - after) + before * (1 - before)) / self.runs)

    @property
    def decided(self) -> Point | None:
        """The first point from which on the run's outcome stays at least 95 % likely."""
        found: Point | None = None
        for point in reversed(self.points):
            if point.chances[self.outcome].value < DECIDED:
                break
            found = point
        return found

    def as_json(self) -> dict[str, Any]:
        """The keys of `negsim why RUN --turning-points --json`."""
        return {
            "run": self.run.id,
            "outcome": self.outcome,
            "exact": self.is_exact,
            "runs": self.runs,
            "decided": None if self.decided is None else {"seq": self.decided.seq, "day": self.decided.day},
            "points": [
                {
                    "seq": point.seq,
                    "day": point.day,
                    "at_dusk": point.at_dusk,
                    "quiet_days": point.quiet_days,
                    "chances": {name: chance.as_json() for name, chance in point.chances.items()},
                }
                for point in self.points
            ],
        }


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
    program = Program(run.scenario, header.settings)
    days = run.scenario.horizon_days + 1
    told = None if progress is None else lambda day, _: progress(day + 1, days)
    values = values_at_dusks(program, max_states=max_states, progress=told)
    if values is None:
        return None
    moments = [*_moments(run, each_event=False)]
    seen: dict[int, dict[str, float]] = {}

    def look(calendar: Calendar, day: int) -> None:
        seen[day] = _at_dusk(values, calendar, day)

    looked_at = [moment.day for moment in moments if moment.day >= 0]
    how: dict[str, Any] = {"keep": False, "at_dusk": look, "looked_at": looked_at}
    plan = Plan(program)
    Calendar(plan, luck=luck_of(plan, header), choices=header.settings.choices, **how).run()
    seen[-1] = dict(values.before)
    points = tuple(_point(each, _sure(seen[each.day])) for each in moments)
    return TurningPoints(run, is_exact=True, runs=0, points=points)


@attrs.frozen
class _Moment:
    """A moment that is looked at; the words are those of `Point`."""

    seq: int
    day: int
    quiet_days: int = 0
    at_dusk: bool = True


def _moments(run: Run, *, each_event: bool) -> Iterator[_Moment]:
    """The beginning, the dusk of each day with events and the dusk before it, and the end.

    With `each_event` also the moment after each event that others follow on its day. The last of a day is looked at
    from dusk, when what it set going that day is known.
    """
    last = max((event.seq for event in run.events if event.day < 0), default=-1)
    before = _Moment(last, -1)
    yield before
    events = run.events[last + 1 :]
    for event, following in zip(events, [*events[1:], None], strict=True):
        if event.day > before.day + 1:
            yield _Moment(before.seq, event.day - 1, event.day - 1 - before.day)
        is_last = following is None or following.day > event.day
        before = _Moment(event.seq, event.day, at_dusk=is_last)
        if each_event or is_last:
            yield before
    if run.ended_on > before.day:
        yield _Moment(before.seq, run.ended_on, run.ended_on - before.day)


def _at_dusk(values: ValuesAtDusk, calendar: Calendar, day: int) -> dict[str, float]:
    waiting = [
        (each.action.instance, each.due - day, each.chance, each.action.watches)
        for each in calendar.underway.waiting()
        if isinstance(each.action.instance, (Instance, Table))
    ]
    return dict(values.at(day, calendar.underway.moment.values, waiting))


def _point(moment: _Moment, chances: Mapping[str, Chance]) -> Point:
    return Point(moment.seq, moment.day, chances, moment.quiet_days, moment.at_dusk)


def _sure(chances: Mapping[str, float]) -> dict[str, Chance]:
    return {name: Chance(value, value, value) for name, value in chances.items()}


# From runs with other luck.


def _sampled(run: Run, runs: int, progress: Progress | None) -> TurningPoints:
    header = run.header
    plan = Plan(Program(run.scenario, header.settings))
    *moments, end = _moments(run, each_event=True)
    points = []
    for number, each in enumerate(moments):
        ends = _ends(run, plan, each, runs)
        points.append(_point(each, _shares(run.scenario.outcomes, ends, runs)))
        if progress is not None:
            progress(number + 1, len(moments))
    done = _sure({name: float(name == run.outcome) for name in run.scenario.outcomes})
    points.append(_point(end, done))
    return TurningPoints(run, is_exact=False, runs=runs, points=tuple(points))


def _ends(run: Run, plan: Plan, moment: _Moment, runs: int) -> Counter[str]:
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
            at = f"the dusk of day {moment.day}" if is_dusk else f"event {moment.seq}"
            error.add_note(f"in a run that goes on from {at} with the luck of seed {header.seed + number}")
            raise
    return ends


def _shares(outcomes: Sequence[str] | Mapping[str, Any], ends: Counter[str], runs: int) -> dict[str, Chance]:
    found = {}
    for name in outcomes:
        of_runs = wilson(ends[name], runs)
        found[name] = Chance(of_runs.share or 0.0, of_runs.low, of_runs.high)
    return found
