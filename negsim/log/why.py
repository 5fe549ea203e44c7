"""Why an event happened, or a run ended as it did: the causes, and what each looked at, back to what is on record."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import attrs

from negsim.errors import LogError, ModelError, UsageError, in_steps
from negsim.log.event import MOST_ANCESTORS, Header, LoggedEvent, as_json, origin_json
from negsim.log.looked import looked_at, set_from
from negsim.log.looked_talks import Deadlock, at_table, deadlock
from negsim.log.looking import mentioned, merged
from negsim.log.past import Condition, Past
from negsim.program.formula import MeaninglessError
from negsim.scenario.model import Scenario
from negsim.scenario.rules import Outcome, Rule

LinkKind = Literal["triggered by", "looked at"]


@attrs.frozen
class Link:
    """How something hangs on an earlier event: it was triggered by it, or looked at what it had set.

    `names` are the variables looked at, or what was refused at talks.
    """

    seq: int
    kind: LinkKind
    names: tuple[str, ...] = ()


@attrs.frozen
class WhyStep:
    """One event on the way back, the rule that made it, and what that rule read.

    What the event itself read to set a variable is there too where that variable was looked at later.
    `deadlock` says what stood in the way where talks ended without agreement.
    """

    event: LoggedEvent
    rule: Rule | None
    conditions: tuple[Condition, ...]
    deadlock: Deadlock | None = None

    @property
    def links(self) -> tuple[Link, ...]:
        """What the event hangs on: what triggered it first, then what was looked at."""
        triggered = () if self.event.cause is None else (Link(self.event.cause, "triggered by"),)
        return (*triggered, *looks(self.conditions))


@attrs.frozen
class Verdict:
    """Why a run has its outcome: whose conditions were looked at at the end, in order, until one held.

    `tried` gives each outcome with whether its condition held; the last one is the outcome. Where that is one without a
    condition, `lapsed` are the last ends without agreement of talks that have come to none since.
    """

    outcome: Outcome
    tried: tuple[tuple[Outcome, bool], ...]
    conditions: tuple[Condition, ...]
    lapsed: tuple[int, ...] = ()

    @property
    def links(self) -> tuple[Link, ...]:
        """What the outcome hangs on."""
        return looks(self.conditions)


@attrs.frozen
class Why:
    """The causes of an event, or of the outcome (then `verdict` is there, and `steps` has no event of its own).

    `steps` are the event itself, then what triggered it, and so on back. `behind` are the other ancestors,
    the latest first: what set the variables that were looked at, and what these hang on in turn. `is_cut` says
    that there are more ancestors than were asked for; those that are there are the nearest.
    """

    steps: tuple[WhyStep, ...]
    behind: tuple[WhyStep, ...] = ()
    verdict: Verdict | None = None
    is_cut: bool = False

    @property
    def ancestors(self) -> tuple[WhyStep, ...]:
        """All but the event itself: what triggered it first, then the others."""
        return (*(self.steps if self.verdict else self.steps[1:]), *self.behind)

    def leads_to(self, seq: int) -> tuple[tuple[int | None, Link], ...]:
        """What hangs on an ancestor directly, the latest first: (seq, how); without a seq it is the outcome."""
        found: list[tuple[int | None, Link]] = []
        if self.verdict is not None:
            found += [(None, link) for link in self.verdict.links if link.seq == seq]
        steps = sorted((*self.steps, *self.behind), key=lambda step: -step.event.seq)
        found += [(step.event.seq, link) for step in steps for link in step.links if link.seq == seq]
        return tuple(found)

    def as_json(self) -> dict[str, Any]:
        """The causes as `negsim why --json` prints them."""
        found: dict[str, Any] = {} if self.verdict is None else {"outcome": _verdict_json(self.verdict)}
        found["steps"] = [_step_json(step) for step in self.steps]
        found["behind"] = [_step_json(step) for step in self.behind]
        found["cut"] = self.is_cut
        return found


@attrs.frozen
class ButFor:
    """What became of an event and of the outcome when one ancestor was left out, with the same luck.

    `event_stands` is nothing where the outcome alone was asked about, `outcome` where the run broke down. `comes_on` is
    the later day on which an event comes that does not stand, where it came on no such day before.
    """

    ancestor: LoggedEvent
    event_stands: bool | None
    outcome_stands: bool
    outcome: str | None
    comes_on: int | None = None


def looks(conditions: Sequence[Condition]) -> tuple[Link, ...]:
    """The events that set what was looked at, each once, the latest first."""
    found: dict[int, list[str]] = {}
    for condition in conditions:
        if condition.set_by is not None:
            found.setdefault(condition.set_by, []).append(condition.name)
    return tuple(Link(seq, "looked at", tuple(dict.fromkeys(found[seq]))) for seq in sorted(found, reverse=True))


def why(
    scenario: Scenario, header: Header, events: Sequence[LoggedEvent], seq: int, *, most: int = MOST_ANCESTORS
) -> Why:
    """The causes of an event, of its ancestors the nearest. Raises `UsageError` where the log has no such event."""
    if not 0 <= seq < len(events):
        raise UsageError(f"the run has no event {seq}", f"its events are 0 to {len(events) - 1}")
    walk = _Walk(Past(scenario, header, events[: seq + 1]), most + 1)
    walk.go([Link(seq, "triggered by")])
    chain = [walk.steps[seq]]
    while chain[-1].event.cause is not None and chain[-1].event.cause in walk.steps:
        chain.append(walk.steps[chain[-1].event.cause])
    inside = {step.event.seq for step in chain}
    return Why(tuple(chain), walk.latest_first(inside), None, walk.is_cut)


def why_outcome(
    scenario: Scenario, header: Header, events: Sequence[LoggedEvent], ended_on: int, *, most: int = MOST_ANCESTORS
) -> Why:
    """Why a run that ended on a day has its outcome: what was looked at at its end, and what that hangs on."""
    past = Past(scenario, header, events)
    try:
        verdict = _verdict(past, ended_on)
    except (MeaninglessError, OverflowError) as error:
        raise LogError(f"the log is of no run: no outcome can be told at its end ({error})") from None
    walk = _Walk(past, most)
    walk.go(verdict.links)
    return Why((), walk.latest_first(set()), verdict, walk.is_cut)


def step_of(past: Past, event: LoggedEvent) -> WhyStep:
    """An event with what was looked at before it. Raises `LogError` where no run can have logged it so."""
    try:
        with in_steps(past.scenario.calendar.name):
            return _looked(past, event)
    except (MeaninglessError, ModelError, OverflowError) as error:
        raise LogError(f"the log is of no run: event {event.seq} cannot have come from its rule ({error})") from None


def _looked(past: Past, event: LoggedEvent) -> WhyStep:
    name = event.rule or ""
    rule = past.scenario.rules.get(name)
    if rule is not None:
        return WhyStep(event, rule, tuple(looked_at(past, event, rule)))
    talks = past.scenario.talks.get(name)
    if talks is not None:
        return WhyStep(event, None, tuple(merged(at_table(past, event, talks))), deadlock(past, event))
    return WhyStep(event, None, ())


def traced(past: Past, step: WhyStep, name: str) -> WhyStep:
    """The step with what the event read to set a variable that was looked at later."""
    try:
        read = set_from(past, step.event, name)
    except (MeaninglessError, OverflowError) as error:
        raise LogError(f"the log is of no run: event {step.event.seq} cannot have happened ({error})") from None
    return attrs.evolve(step, conditions=tuple(merged((*step.conditions, *read)))) if read else step


class _Walk:
    """The way back from some events, breadth first: the nearest are found first."""

    def __init__(self, past: Past, most: int) -> None:
        self.past = past
        self.steps: dict[int, WhyStep] = {}
        self.is_cut = False
        self._most = most
        self._waiting: deque[Link] = deque()
        self._traced: set[tuple[int, str]] = set()

    def go(self, links: Sequence[Link]) -> None:
        """Follows these, and what they hang on, and so on back."""
        self._waiting.extend(links)
        while self._waiting:
            link = self._waiting.popleft()
            if link.seq not in self.steps:
                if len(self.steps) >= self._most:
                    self.is_cut = True
                    continue
                step = self.steps[link.seq] = step_of(self.past, self.past.events[link.seq])
                self._waiting.extend(step.links)
            for name in link.names:
                self._trace(link.seq, name)

    def _trace(self, seq: int, name: str) -> None:
        """Follows what an event read to set a variable that was looked at."""
        if (seq, name) in self._traced:
            return
        self._traced.add((seq, name))
        before = self.steps[seq]
        step = self.steps[seq] = traced(self.past, before, name)
        if step is not before:
            self._waiting.extend(step.links)

    def latest_first(self, without: set[int]) -> tuple[WhyStep, ...]:
        """What was found, the latest first."""
        return tuple(self.steps[seq] for seq in sorted(self.steps, reverse=True) if seq not in without)


def _verdict(past: Past, day: int) -> Verdict:
    tried: list[tuple[Outcome, bool]] = []
    conditions: list[Condition] = []
    last, outcomes = len(past.events) - 1, past.scenario.outcomes.values()
    for (_, condition, _), outcome in zip(past.program(last).outcomes, outcomes, strict=True):
        tried.append((outcome, bool(condition.read(past.state(last, day)))))
        if outcome.when is not None:
            conditions += mentioned(past, outcome.when.tree, {}, seq=last, day=day, read_by=f"outcome {outcome.name}")
        if tried[-1][1]:
            break
    outcome = tried[-1][0]
    lapsed = _lapsed(past) if outcome.when is None else ()
    return Verdict(outcome, tuple(tried), tuple(merged(conditions)), lapsed)


def _lapsed(past: Past) -> tuple[int, ...]:
    """The last events of talks, where these ended without agreement, in their order."""
    ends = {str(event.rule): event for event in past.events if event.rule in past.scenario.talks}
    return tuple(event.seq for event in ends.values() if event.event == "lapsed")


# As JSON.


def _step_json(step: WhyStep) -> dict[str, Any]:
    found: dict[str, Any] = {
        "event": as_json(step.event),
        "conditions": [_condition_json(each) for each in step.conditions],
        "causes": [_link_json(link) for link in step.links],
    }
    lock = step.deadlock
    if lock is not None:
        unlock = [list(names) for names in lock.unlock]
        found["deadlock"] = {"talks": lock.talks, "at": lock.at, "zone": lock.zone, "unlock": unlock}
    return found


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": verdict.outcome.name,
        "tried": [
            {"outcome": outcome.name, "when": None if outcome.when is None else outcome.when.text, "held": held}
            for outcome, held in verdict.tried
        ],
        "conditions": [_condition_json(each) for each in verdict.conditions],
        "causes": [_link_json(link) for link in verdict.links],
        "lapsed": list(verdict.lapsed),
    }


def _condition_json(condition: Condition) -> Mapping[str, Any]:
    return {
        "kind": condition.kind,
        "name": condition.name,
        "value": condition.value,
        "read_by": list(condition.read_by),
        "set_by": condition.set_by,
        **({} if condition.origin is None else origin_json(condition.origin)),
        **({} if condition.own is None else {"own": condition.own}),
        **({} if condition.rule is None else {"rule": condition.rule}),
    }


def _link_json(link: Link) -> Mapping[str, Any]:
    return {"seq": link.seq, "kind": link.kind, "names": list(link.names)}
