"""Why an event happened: its causes, and what each step looked at, back to what is on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from negsim.errors import UsageError
from negsim.kernel.program import Program
from negsim.log.event import Header, LoggedEvent, as_json, origin_json
from negsim.log.fold import Fold
from negsim.scenario.expressions import (
    Attribute,
    MemberVariable,
    Node,
    ParameterValue,
    ReadingChoice,
    Use,
    Variable,
    walk,
)
from negsim.scenario.model import FixedDelay, GeometricDelay, Origin, Rule, Scenario, UniformDelay, While
from negsim.scenario.types import Value


@attrs.frozen
class Condition:
    """One thing that a rule read: a state variable, an attribute, a reading or a parameter.

    `read_by` names what read it (`while`, `when`, `chance`, `after`, `still`, `weight`, `option`);
    `set_by` is the seq of the event that last set a state variable (nothing: as it was at the start).
    """

    kind: str
    name: str
    value: Value
    read_by: tuple[str, ...]
    set_by: int | None = None
    origin: Origin | None = None


@attrs.frozen
class Step:
    """One event on the way back, the rule that made it, and what that rule read."""

    event: LoggedEvent
    rule: Rule | None
    conditions: tuple[Condition, ...]


@attrs.frozen
class Why:
    """An event's causes: the event itself first, then what triggered it, and so on back."""

    steps: tuple[Step, ...]

    def as_json(self) -> dict[str, Any]:
        """The causes as `negsim why --json` prints them."""
        return {
            "steps": [
                {
                    "event": as_json(step.event),
                    "conditions": [
                        {
                            "kind": each.kind,
                            "name": each.name,
                            "value": each.value,
                            "read_by": list(each.read_by),
                            "set_by": each.set_by,
                            **({} if each.origin is None else origin_json(each.origin)),
                        }
                        for each in step.conditions
                    ],
                }
                for step in self.steps
            ]
        }


@attrs.frozen
class ButFor:
    """What became of an event and of the outcome when one ancestor was left out, with the same luck."""

    ancestor: LoggedEvent
    event_stands: bool
    outcome_stands: bool
    outcome: str


def why(scenario: Scenario, header: Header, events: Sequence[LoggedEvent], seq: int) -> Why:
    """The causes of an event. Raises `UsageError` where the log has no such event."""
    if not 0 <= seq < len(events):
        raise UsageError(f"the run has no event {seq}", f"its events are 0 to {len(events) - 1}")
    past = _Past(scenario, header, events[: seq + 1])
    steps = []
    at: int | None = seq
    while at is not None:
        event = events[at]
        rule = None if event.rule is None else scenario.rules[event.rule]
        steps.append(Step(event, rule, () if rule is None else tuple(_conditions(past, event, rule))))
        at = event.cause
    return Why(tuple(steps))


class _Past:
    """The log up to an event, with when each variable was set and to what."""

    def __init__(self, scenario: Scenario, header: Header, events: Sequence[LoggedEvent]) -> None:
        self.scenario = scenario
        self.events = events
        fold = Fold(scenario, header)
        self.programs: list[tuple[int, Program]] = [(-1, fold.program)]
        self.sets: dict[int, list[tuple[int, Value]]] = {s: [(-1, v)] for s, v in enumerate(fold.state)}
        for event in events:
            for slot in fold.apply(event):
                self.sets[slot].append((event.seq, fold.state[slot]))
            if fold.program is not self.programs[-1][1]:
                self.programs.append((event.seq, fold.program))

    def program(self, seq: int) -> Program:
        """The parameters and readings in force after an event."""
        return next(program for since, program in reversed(self.programs) if since <= seq)

    def last_set(self, slot: int, seq: int) -> tuple[int, Value]:
        """(seq, value) of the last event up to `seq` that set a slot; seq -1 for its initial value."""
        return next(found for found in reversed(self.sets[slot]) if found[0] <= seq)


def _conditions(past: _Past, event: LoggedEvent, rule: Rule) -> list[Condition]:
    """What the rule read before it made an event: at the trigger, and when the action was taken."""
    taken = event.seq - 1
    while taken >= 0 and _same_action(past.events[taken], event):
        taken -= 1
    triggered = event.cause if event.cause is not None else _last_before_day(past, event, taken)
    scope: dict[str, Value] = dict(zip((b.name for b in rule.binders), event.instance, strict=True))
    if event.cause is not None:
        scope = {**past.events[event.cause].fields, **scope}
    found: dict[tuple[str, str], Condition] = {}
    for read_by, node, at_trigger, names in _read(rule, event.option):
        seq = triggered if at_trigger else taken
        for condition in _mentioned(past, node, {**scope, **names}, seq=seq, read_by=read_by):
            known = found.get((condition.kind, condition.name))
            if known is None:
                found[condition.kind, condition.name] = condition
            elif read_by not in known.read_by:
                found[condition.kind, condition.name] = attrs.evolve(known, read_by=(*known.read_by, read_by))
    return list(found.values())


def _same_action(other: LoggedEvent, event: LoggedEvent) -> bool:
    """Whether an earlier event belongs to the same list of events of one action."""
    return (other.day, other.rule, other.instance, other.cause, other.option) == (
        event.day, event.rule, event.instance, event.cause, event.option,
    )  # fmt: skip


def _last_before_day(past: _Past, event: LoggedEvent, taken: int) -> int:
    """The last event before the trigger of a rule that no event triggered."""
    if event.triggered is None:
        return taken
    seq = taken
    while seq >= 0 and past.events[seq].day > event.triggered:
        seq -= 1
    return seq


def _read(rule: Rule, option: str | None) -> Iterator[tuple[str, Node, bool, Mapping[str, Value]]]:
    """What a rule looks at: (what looks, the expression, whether at the trigger, names bound besides)."""
    none: Mapping[str, Value] = {}
    if isinstance(rule.trigger, While):
        yield "while", rule.trigger.condition.tree, True, none
    if rule.when is not None:
        yield "when", rule.when.tree, True, none
    if rule.chance is not None:
        yield "chance", rule.chance.tree, True, none
    match rule.delay:
        case FixedDelay() as delay:
            yield "after", delay.days.tree, True, none
        case UniformDelay() as delay:
            yield "after", delay.low, True, none
            yield "after", delay.high, True, none
        case GeometricDelay() as delay:
            yield "after", delay.chance, True, none
        case None:
            pass
    if rule.still is not None:
        yield "still", rule.still.tree, False, none
    name, _, member = (option or "").partition("[")
    for each in rule.options:
        if each.name != name:
            continue
        bound = {each.binder.name: member.removesuffix("]")} if each.binder is not None else none
        if each.when is not None:
            yield "option", each.when.tree, False, bound
        if each.weight is not None:
            yield "weight", each.weight.tree, False, bound


def _mentioned(past: _Past, node: Node, scope: Mapping[str, Value], *, seq: int, read_by: str) -> Iterator[Condition]:
    """The conditions that an expression reads, each once, those that were set by events first."""
    scenario, program = past.scenario, past.program(seq)
    slots = sorted(program.binder.bind(node, scope).reads)
    for slot in slots:
        setter, value = past.last_set(slot, seq)
        by = None if setter == -1 else setter
        yield Condition("state", program.state_names[slot], value, (read_by,), by, program.variable_at[slot].origin)
    for each in _expanded(node, scenario):
        match each:
            case ReadingChoice():
                reading = scenario.readings[each.name]
                yield Condition("reading", each.name, program.readings[each.name], (read_by,), None, reading.origin)
            case ParameterValue():
                parameter = scenario.parameters[each.name]
                yield Condition(
                    "parameter", each.name, program.parameters[each.name], (read_by,), None, parameter.origin
                )
            case _:
                pass
    yield from _attributes(past.scenario, program, node, scope, read_by=read_by)


def _expanded(node: Node, scenario: Scenario) -> Iterator[Node]:
    """A node and all in it, definitions opened."""
    for each in walk(node):
        yield each
        if isinstance(each, Use):
            yield from _expanded(scenario.definitions[each.definition].tree, scenario)


def _attributes(
    scenario: Scenario, program: Program, node: Node, scope: Mapping[str, Value], *, read_by: str
) -> Iterator[Condition]:
    """The attributes of actors that are known by name where the expression stands."""
    for each in walk(node):
        if isinstance(each, Use):
            definition = scenario.definitions[each.definition]
            arguments = [_known_actor(program, argument, scope) for argument in each.arguments]
            if None not in arguments:
                inner = dict(zip((binder.name for binder in definition.binders), arguments, strict=True))
                known = {name: actor for name, actor in inner.items() if actor is not None}
                yield from _attributes(scenario, program, definition.tree, known, read_by=read_by)
        elif isinstance(each, Attribute):
            actor = _known_actor(program, each.of, scope)
            if actor is not None:
                group = scenario.groups[each.group]
                origin = group.origins.get((actor, each.name)) or scenario.actors[actor].origin
                yield Condition(
                    "attribute", f"{actor}.{each.name}", group.given[actor, each.name], (read_by,), None, origin
                )


def _known_actor(program: Program, node: Node, scope: Mapping[str, Value]) -> str | None:
    """The actor that a node names, where the names in scope settle it."""
    if isinstance(node, MemberVariable | Variable):
        return None
    try:
        formula = program.binder.bind(node, scope)
    except KeyError:  # a generator's own name, bound to each member in turn
        return None
    return str(formula.value) if formula.fixed else None
