"""The state through time: for each variable what it was from when to when; for a group, how many were what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import attrs

from negsim.engine.run import Run
from negsim.log.event import LoggedEvent
from negsim.log.fold import Fold
from negsim.log.text import value_words
from negsim.program.phases import PHASE
from negsim.scenario.called import issue_called
from negsim.scenario.model import Scenario
from negsim.scenario.rules import StateVariable
from negsim.scenario.types import ActorOf, Enumeration, Numbers, Type, Value, allowed
from negsim.wording import in_words

MOST_VALUES = 8  # different values that a group's band tells apart
OTHERS = "others"
PAST = 8  # a picture shows no more of the past than this part of the run


@attrs.frozen
class Stretch:
    """A time in which a variable had one value: from the dawn of `since` to that of `until`."""

    since: int
    until: int
    value: Value
    words: str


@attrs.frozen
class Band:
    """One variable of the whole scenario (or a term of talks) through time."""

    words: str
    type: Type
    stretches: tuple[Stretch, ...]


@attrs.frozen
class Count:
    """A time in which as many members had each value (in the order of `values` of their band)."""

    since: int
    until: int
    numbers: tuple[int, ...]


@attrs.frozen
class GroupBand:
    """One variable of a group's members through time: how many of them had which value."""

    words: str
    size: int
    values: tuple[str, ...]
    counts: tuple[Count, ...]


@attrs.frozen
class Setting:
    """A change of the state: by which event, on which day, of what, from what to what."""

    seq: int
    day: int
    words: str
    old: str
    new: str


@attrs.frozen
class States:
    """The state of a run through time. `still` are the variables that nothing changed, with their values."""

    first: int
    last: int
    bands: tuple[Band, ...]
    groups: tuple[GroupBand, ...]
    still: tuple[tuple[str, str], ...]
    settings: tuple[Setting, ...]


def window(run: Run) -> tuple[int, int]:
    """The days that pictures of a run show: from its past (not all of a long one) to the day after its last."""
    last = run.ended_on + 1
    past = min((event.day for event in run.events), default=0)
    return min(0, max(past, -(last // PAST) - 1)), last


@attrs.frozen
class _Held:
    """What one place in the state held, as (day, value) from each change on, and whose it is."""

    variable: StateVariable
    owner: str
    values: list[tuple[int, Value]]


def states(run: Run) -> States:
    """The state of a run through time, folded from its log."""
    scenario = run.scenario
    first, last = window(run)
    held, settings = _followed(run, first)
    bands, groups, still = [], [], []
    for places in _by_variable(held):
        moved = any(len(place.values) > 1 for place in places)
        if places[0].variable.group is not None and moved:
            groups.append(_group_band(scenario, places, last))
        elif moved:
            bands.append(_band(scenario, places[0], last))
        else:
            still.append(_still(scenario, places))
    return States(first, last, tuple(bands), tuple(groups), tuple(still), settings)


def _followed(run: Run, first: int) -> tuple[list[_Held], tuple[Setting, ...]]:
    """What each place in the state held from when on, and what changed it."""
    fold = Fold(run.scenario, run.header)
    owners = {slot: owner for (_, owner), slot in fold.program.layout.slots.items()}
    held = [
        _Held(variable, owners[slot], [(first, fold.program.layout.initial[slot])])
        for slot, variable in enumerate(fold.program.layout.variable_at)
    ]
    settings = []
    for event in run.events:
        for slot in fold.apply(event):
            place, new = held[slot], fold.state[slot]
            old = place.values[-1][1]
            if old != new and _is_shown(run.scenario, place):
                settings.append(_setting(run.scenario, place, event, (old, new)))
            _set(place.values, max(event.day, first), new)
    return [place for place in held if _is_shown(run.scenario, place)], tuple(settings)


def _setting(scenario: Scenario, place: _Held, event: LoggedEvent, values: tuple[Value, Value]) -> Setting:
    variable, owner = place.variable, place.owner
    if variable.group is not None:
        words = f"{scenario.actors[owner].name}: {in_words(variable.name)}"
    else:
        words = _words(scenario, variable, owner)
    old, new = (value_words(scenario, value, variable.type) for value in values)
    return Setting(event.seq, event.day, words, old, new)


def _set(values: list[tuple[int, Value]], day: int, value: Value) -> None:
    """Puts down a value from a day on; of several on one day the last counts."""
    if values[-1][0] == day:
        values.pop()
    if not values or values[-1][1] != value:
        values.append((day, value))


def _is_shown(scenario: Scenario, place: _Held) -> bool:
    """Whether a place is an author's variable, a term of talks, or whether talks are open: not what talks count."""
    variable = place.variable
    if " " in variable.name:  # what no expression names
        return False
    talks = scenario.talks.get(place.owner) if variable.group is None and place.owner else None
    return talks is None or variable.name in talks.issues or variable.name == PHASE


def _by_variable(held: Sequence[_Held]) -> list[list[_Held]]:
    """The places of each variable: those of all members together."""
    found: dict[tuple[str, str], list[_Held]] = {}
    for place in held:
        owner = f"in {place.variable.group}" if place.variable.group else place.owner
        found.setdefault((place.variable.name, owner), []).append(place)
    return list(found.values())


def _words(scenario: Scenario, variable: StateVariable, owner: str) -> str:
    if variable.group is not None:
        return f"{in_words(variable.name)} of {in_words(variable.group)}"
    if not owner:
        return in_words(variable.name)
    return f"{in_words(owner)}: {issue_called(scenario.talks[owner], variable.name)}"


def _band(scenario: Scenario, place: _Held, last: int) -> Band:
    kind = place.variable.type
    ends = [*(day for day, _ in place.values[1:]), last]
    stretches = tuple(
        Stretch(since, until, value, value_words(scenario, value, kind))
        for (since, value), until in zip(place.values, ends, strict=True)
        if since < until
    )
    return Band(_words(scenario, place.variable, place.owner), kind, stretches)


def _group_band(scenario: Scenario, places: Sequence[_Held], last: int) -> GroupBand:
    order = _order(scenario, places)
    words = tuple(dict.fromkeys(order.values()))
    days = sorted({day for place in places for day, _ in place.values if day < last})
    counts = []
    for since, until in zip(days, [*days[1:], last], strict=True):
        now = Counter(order[_at(place.values, since)] for place in places)
        counts.append(Count(since, until, tuple(now[word] for word in words)))
    return GroupBand(_words(scenario, places[0].variable, ""), len(places), words, tuple(counts))


def _at(values: Sequence[tuple[int, Value]], day: int) -> Value:
    return next(value for since, value in reversed(values) if since <= day)


def _order(scenario: Scenario, places: Sequence[_Held]) -> dict[Value, str]:
    """The values that occur, in words, in the order of their type; the rarer ones of very many together."""
    kind = places[0].variable.type
    times = Counter(value for place in places for _, value in place.values)
    found: list[Value]
    match kind:
        case Numbers():
            found = [value for value in kind.every if value in times]
        case Enumeration() | ActorOf():
            found = [word for word in allowed(kind) if word in times]
        case _:
            found = sorted(times)
    kept = set(found if len(found) <= MOST_VALUES else [value for value, _ in times.most_common(MOST_VALUES - 1)])
    first = {value: value_words(scenario, value, kind) for value in found if value in kept}
    return {**first, **{value: OTHERS for value in found if value not in kept}}


def _still(scenario: Scenario, places: Sequence[_Held]) -> tuple[str, str]:
    """A variable that nothing changed, with its value, or with how many members had which."""
    variable = places[0].variable
    counted = Counter(value_words(scenario, place.values[0][1], variable.type) for place in places)
    parts = [f"{word} ({number})" if len(counted) > 1 else word for word, number in counted.items()]
    return _words(scenario, variable, places[0].owner), ", ".join(parts)
