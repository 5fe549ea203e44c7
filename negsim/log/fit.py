"""Whether a log can be of its scenario: every name it has, every value within its type, every cause before its effect.

A log that was changed by someone who also worked out its hashes anew is well formed, and may still say
what no run of the scenario can. What is checked here lets a log be shown and folded; whether its events
are those of a run, `replay` alone can tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from negsim.errors import LogError
from negsim.log.event import ASSUMED_BY_USER, Ending, Header, Intervention, LoggedEvent, RunLog
from negsim.scenario.choices import Fixed, FixedAspiration, FixedChoice, option_names
from negsim.scenario.model import Scenario
from negsim.scenario.record import Origin
from negsim.scenario.rules import OnEvent, Rule
from negsim.scenario.streams import LARGEST_SEED, Draw, purposes
from negsim.scenario.types import fits


def check_fit(scenario: Scenario, log: RunLog, name: str) -> None:
    """Raises `LogError`, with the first place, where a log cannot be of this scenario."""
    place = "the header"
    try:
        for what, fine in _header(scenario, log.header):
            if not fine:
                raise LogError(f"{name}: {place}: this scenario has no such {what}")
        judge = _Judge(scenario, log)
        for event in log.events:
            place = f"event {event.seq}"
            wrong = judge.wrong(event)
            if wrong is not None:
                raise LogError(f"{name}: {place}: {wrong}; no run of this scenario has such an event")
        place = "the ending"
        for what, fine in _ending(scenario, log.ending, log.events):
            if not fine:
                raise LogError(f"{name}: {place}: this scenario has no such {what}")
    except (LookupError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise LogError(f"{name}: {place}: it has not the form that a log has ({error!r})") from None


Finding = tuple[str, bool]


def _header(scenario: Scenario, header: Header) -> Iterator[Finding]:
    yield "title", header.title == scenario.title_on_record
    yield "language version", header.language == scenario.language
    yield "start", header.start == scenario.calendar.written(0)
    yield "seed", _whole(header.seed) and 0 <= header.seed <= LARGEST_SEED
    yield "parent", header.parent is None or isinstance(header.parent, str)
    yield "parameters", list(header.settings.parameters) == list(scenario.parameters)
    yield from _parameters(scenario, header.settings.parameters)
    yield "readings", list(header.settings.readings) == list(scenario.readings)
    yield from _readings(scenario, header.settings.readings)
    yield from _choices(scenario, header.settings.choices)
    for each in header.interventions:
        yield from _intervention(scenario, each)
    for draw in header.luck:
        yield from _draw(scenario, draw)


def _draw(scenario: Scenario, draw: Draw) -> Iterator[Finding]:
    rule = scenario.rules[draw.stream.rule]
    yield f"stream `{draw.stream}`", draw.stream.purpose in purposes(rule)
    yield f"instance of `{rule.name}`", _is_instance(scenario, rule, draw.stream.actors)
    yield f"draw of `{draw.stream}`", _whole(draw.number) and _number(draw.value) and 0 <= draw.value < 1


def _parameters(scenario: Scenario, given: Mapping[str, Any]) -> Iterator[Finding]:
    for name, value in given.items():
        whole = scenario.parameters[name].whole
        yield f"value of the parameter `{name}`", _whole(value) if whole else _number(value)


def _readings(scenario: Scenario, given: Mapping[str, Any]) -> Iterator[Finding]:
    for name, option in given.items():
        yield f"option of the reading `{name}`", option in scenario.readings[name].options


def _choices(scenario: Scenario, given: Sequence[Fixed]) -> Iterator[Finding]:
    for choice in given:
        match choice:
            case FixedAspiration():
                yield "seat at talks", choice.party in scenario.talks[choice.talks].everybody
                yield "answer at talks", _number(choice.aspiration)
            case FixedChoice():
                rule = scenario.rules[choice.decision]
                yield f"decision `{rule.name}`", rule.chooses and rule.by is not None
                yield f"option of `{rule.name}`", choice.option in option_names(scenario, rule)
                is_instance = choice.actors is None or _is_instance(scenario, rule, choice.actors)
                yield f"instance of `{rule.name}`", is_instance


def _intervention(scenario: Scenario, given: Intervention) -> Iterator[Finding]:
    yield "moment", _whole(given.at) and given.at >= -1
    yield from _parameters(scenario, given.parameters)
    yield from _readings(scenario, given.readings)
    yield from _choices(scenario, given.choices)
    for found in (given.emit, given.without):
        if found is not None:
            yield "event", _has_fields(scenario, found["event"], found["fields"])
    if given.without is not None:
        yield "event left out", _whole(given.without["day"]) and _whole(given.without["nth"])
        maker = given.without["rule"]
        yield "rule", maker is None or maker in scenario.rules or maker in scenario.talks


def _ending(scenario: Scenario, ending: Ending, events: Sequence[LoggedEvent]) -> Iterator[Finding]:
    yield "outcome", ending.outcome in scenario.outcomes
    yield "last day", max(0, events[-1].day if events else 0) <= ending.day <= scenario.horizon_days
    yield "measures", list(ending.measures) == list(scenario.measures)
    for name, value in ending.measures.items():
        yield f"value of the measure `{name}`", value is None or isinstance(value, bool) or _number(value)


class _Judge:
    """Looks at the events of one log, in their order; what was found fine once is kept."""

    def __init__(self, scenario: Scenario, log: RunLog) -> None:
        self._scenario = scenario
        self._events = log.events
        self._last_day = min((entry.day for entry in scenario.history), default=0)
        self._dates: dict[int, str] = {}
        self._options = {r.name: option_names(scenario, r) for r in scenario.rules.values() if r.chooses}
        self._outside = (ASSUMED_BY_USER, *(entry.origin for entry in scenario.history))
        self._known: set[Any] = set()

    def wrong(self, event: LoggedEvent) -> str | None:
        """What is wrong with an event; nothing where nothing is."""
        checks: tuple[tuple[str, Callable[[LoggedEvent], bool]], ...] = (
            ("its day", self._day),
            ("its date", self._date),
            ("its event and fields", self._fact),
            ("its rule, actors and origin", self._maker),
            ("its cause", self._cause),
            ("its option or its chance", self._drawn),
        )
        return next((f"{what} cannot be" for what, fine in checks if not fine(event)), None)

    def _day(self, event: LoggedEvent) -> bool:
        fine = self._last_day <= event.day <= self._scenario.horizon_days
        self._last_day = event.day
        return fine

    def _date(self, event: LoggedEvent) -> bool:
        found = self._dates.get(event.day)
        if found is None:
            found = self._dates[event.day] = self._scenario.calendar.written(event.day)
        return event.date == found

    def _fact(self, event: LoggedEvent) -> bool:
        return _has_fields(self._scenario, event.event, event.fields)

    def _maker(self, event: LoggedEvent) -> bool:
        key = (event.rule, event.instance, event.actor, id(event.origin))
        if key not in self._known:
            if not self._made(event.rule, event.instance, event.actor, event.origin):
                return False
            self._known.add(key)
        return True

    def _made(self, name: str | None, instance: Sequence[str], actor: str | None, origin: Origin) -> bool:
        if name is None:
            return not instance and actor is None and origin in self._outside
        if name in self._scenario.talks:
            return self._said(instance, actor, origin)
        rule = self._scenario.rules[name]
        decides = actor is None if rule.by is None else actor in self._scenario.actors
        return decides and origin == rule.origin and _is_instance(self._scenario, rule, instance)

    def _said(self, instance: Sequence[str], actor: str | None, origin: Origin) -> bool:
        """Whether an event can have come out of talks."""
        known = all(statement in self._scenario.statements for statement in origin.statements)
        text = origin.text is None or isinstance(origin.text, str)
        return not instance and known and text and (actor is None or actor in self._scenario.actors)

    def _cause(self, event: LoggedEvent) -> bool:
        talks = self._scenario.talks.get(event.rule or "")
        if talks is not None:
            before = event.cause is None or (_whole(event.cause) and 0 <= event.cause < event.seq)
            seated = event.event not in ("refused", "left") or event.fields["party"] in talks.positions
            return before and seated and event.triggered is None
        triggered = event.day if event.triggered is None else event.triggered
        earliest = min((entry.day for entry in self._scenario.history if entry.starts), default=0)
        if not _whole(triggered) or (event.triggered is not None and not earliest <= triggered < event.day):
            return False
        trigger = None if event.rule is None else self._scenario.rules[event.rule].trigger
        if not isinstance(trigger, OnEvent):
            return event.cause is None and (event.rule is not None or event.triggered is None)
        if not _whole(event.cause) or event.cause is None or not 0 <= event.cause < event.seq:
            return False
        cause = self._events[event.cause]
        return cause.event in trigger.events and cause.day == triggered

    def _drawn(self, event: LoggedEvent) -> bool:
        shares = all(each is None or (_number(each) and 0 <= each <= 1) for each in (event.share, event.chance))
        if event.rule is None or event.option is None:
            return shares and event.option is None and not self._options.get(event.rule or "")
        return shares and event.option in self._options.get(event.rule, ())


def _has_fields(scenario: Scenario, name: str, given: Mapping[str, Any]) -> bool:
    """Whether an event of that name has these fields, with values that they can have."""
    fields = scenario.events[name].fields
    return list(given) == [field.name for field in fields] and all(
        fits(given[field.name], field.type) for field in fields
    )


def _is_instance(scenario: Scenario, rule: Rule, actors: Sequence[str]) -> bool:
    """Whether a rule can be bound to these actors."""
    return len(actors) == len(rule.binders) and all(
        actor in scenario.groups[binder.group].members for binder, actor in zip(rule.binders, actors, strict=True)
    )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
