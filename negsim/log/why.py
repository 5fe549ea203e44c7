"""Why an event happened: its causes, and what each step looked at, back to what is on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import attrs

from negsim.errors import LogError, ModelError, UsageError
from negsim.kernel.formula import MeaninglessError, State, new_state
from negsim.kernel.program import Program
from negsim.log.event import Header, LoggedEvent, as_json, origin_json
from negsim.log.fold import Fold
from negsim.log.text import counted
from negsim.scenario.expressions import (
    Attribute,
    Both,
    Comparison,
    Conditional,
    Either,
    MemberVariable,
    Node,
    OneOf,
    Over,
    ParameterValue,
    ReadingChoice,
    Term,
    Use,
    Variable,
    children,
)
from negsim.scenario.model import FixedDelay, GeometricDelay, Origin, Rule, Scenario, Talks, UniformDelay, While
from negsim.scenario.types import Value
from negsim.whole import whole


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
    seq = whole(seq, "seq")
    if not 0 <= seq < len(events):
        raise UsageError(f"the run has no event {seq}", f"its events are 0 to {len(events) - 1}")
    past = _Past(scenario, header, events[: seq + 1])
    steps = []
    at: int | None = seq
    while at is not None:
        event = events[at]
        try:
            steps.append(Step(event, scenario.rules.get(event.rule or ""), tuple(_looked_at(past, event))))
        except (MeaninglessError, ModelError, OverflowError) as error:
            raise LogError(f"the log is of no run: event {at} cannot have come from its rule ({error})") from None
        at = event.cause
    return Why(tuple(steps))


def _looked_at(past: _Past, event: LoggedEvent) -> list[Condition]:
    """What was looked at before an event: by its rule, or at the table of its talks."""
    name = event.rule or ""
    if name in past.scenario.rules:
        return _conditions(past, event, past.scenario.rules[name])
    if name in past.scenario.talks:
        return list(_at_table(past, event, past.scenario.talks[name]))
    return []


def _at_table(past: _Past, event: LoggedEvent, talks: Talks) -> Iterator[Condition]:
    """What an event of talks rests on: a refusal on a red line or on utilities, an end on all refusals."""
    if event.event == "lapsed":
        yield from _refusals(past, event, talks)
    elif event.event == "refused":
        position = talks.positions[str(event.fields["party"])]
        line = position.red_lines.get(str(event.fields["reason"]))
        if line is None:
            name = f"{position.party}: worth {_share(event, 'worth')}, looked for {_share(event, 'aspiration')}"
            yield Condition("utility", name, "too little", ("talks",), None, position.origin)
            yield from _mentioned(past, position.fallback.tree, {}, seq=event.seq - 1, read_by="fallback")
        else:
            name = f"{position.party}.{line.name}"
            yield Condition("red line", name, f"never {line.never.text}", ("talks",), None, line.origin)
            if line.when is not None:
                yield from _mentioned(past, line.when.tree, {}, seq=event.seq - 1, read_by="when")
    elif event.event in ("offered", "passed", "agreed"):
        yield from _moods(past, event, talks)


def _moods(past: _Past, event: LoggedEvent, talks: Talks) -> Iterator[Condition]:
    """What the seats looked at in a round: the proposer for an offer or a pass, all for an agreement."""
    seq = event.seq - 1
    if event.event == "agreed" and event.cause is not None:
        seq = event.cause - 1
    elif talks.condition is not None:
        yield from _mentioned(past, talks.condition.tree, {}, seq=seq, read_by="while")
    for party in talks.everybody if event.event == "agreed" else (event.actor,):
        position = talks.positions.get(party or "")
        if position is None:  # a mediator wants nothing
            continue
        yield from _mentioned(past, position.fallback.tree, {}, seq=seq, read_by=f"fallback of {party}")
        for line in position.red_lines.values():
            if line.when is not None:
                yield from _mentioned(past, line.when.tree, {}, seq=seq, read_by=f"red line {party}.{line.name}")


def _share(event: LoggedEvent, field: str) -> float:
    return int(event.fields[field]) / 1000


def _refusals(past: _Past, event: LoggedEvent, talks: Talks) -> Iterator[Condition]:
    """Why talks came to nothing: each reason of each who refused, and how often, since they were opened."""
    counts: dict[tuple[str, str], int] = {}
    for earlier in reversed(past.events[: event.seq]):
        if earlier.rule != talks.name or earlier.event in ("agreed", "lapsed"):
            if earlier.event in ("agreed", "lapsed") and earlier.rule == talks.name:
                break
            continue
        if earlier.event == "refused":
            key = (str(earlier.fields["party"]), str(earlier.fields["reason"]))
            counts[key] = counts.get(key, 0) + 1
    for (party, reason), count in sorted(counts.items(), key=lambda item: -item[1]):
        position = talks.positions[party]
        line = position.red_lines.get(reason)
        kind = "utility" if line is None else "red line"
        origin = position.origin if line is None else line.origin
        yield Condition(kind, f"{party}.{reason}", counted(count, "refusal"), ("talks",), None, origin)


class _Past:
    """The log up to an event, with when each variable was set and to what."""

    def __init__(self, scenario: Scenario, header: Header, events: Sequence[LoggedEvent]) -> None:
        self.scenario = scenario
        self.events = events
        fold = Fold(scenario, header)
        self.programs: list[tuple[int, Program]] = [(-1, fold.program)]
        self.sets: dict[int, list[tuple[int, Value]]] = {s: [(-1, v)] for s, v in enumerate(fold.program.initial)}
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

    def state(self, seq: int) -> State:
        """The state after an event."""
        return new_state([self.last_set(slot, seq)[1] for slot in range(len(self.sets))])

    def condition(self, kind: str, name: str, seq: int, read_by: str) -> Condition:
        """What was read of that kind and name, in the state after an event."""
        scenario, program = self.scenario, self.program(seq)
        reader = (read_by,)
        if kind == "reading":
            return Condition(kind, name, program.readings[name], reader, None, scenario.readings[name].origin)
        if kind == "parameter":
            return Condition(kind, name, program.parameters[name], reader, None, scenario.parameters[name].origin)
        member, _, variable = name.rpartition(".")
        if kind == "attribute":
            group = next(g for g in scenario.groups.values() if (member, variable) in g.given)
            origin = group.origins.get((member, variable)) or scenario.actors[member].origin
            return Condition(kind, name, group.given[member, variable], reader, None, origin)
        slot = program.slots[variable, member]
        setter, value = self.last_set(slot, seq)
        origin = program.variable_at[slot].origin
        return Condition(kind, name, value, reader, None if setter == -1 else setter, origin)


def _conditions(past: _Past, event: LoggedEvent, rule: Rule) -> list[Condition]:
    """What the rule read before it made an event: when it was triggered, and when its action was taken."""
    taken = _before_action(past, event)
    trigger = _trigger_moment(past, event, rule, taken)
    # The chance of a `while` rule is looked at at dusk, the day before the rule's turn comes.
    dusk = _last_before(past, event.day if event.triggered is None else event.triggered, taken)
    moments = {TRIGGER: trigger, TAKEN: taken, DUSK: dusk}
    scope: dict[str, Value] = dict(zip((b.name for b in rule.binders), event.instance, strict=True))
    if event.cause is not None:
        scope = {**past.events[event.cause].fields, **scope}
    found: dict[tuple[object, ...], Condition] = {}
    for read_by, node, moment, names in _read(rule, event.option):
        for condition in _mentioned(past, node, {**scope, **names}, seq=moments[moment], read_by=read_by):
            # What has changed between two looks is named twice, each time with what it was.
            key = (condition.kind, condition.name, condition.value, condition.set_by)
            known = found.get(key)
            if known is None:
                found[key] = condition
            elif read_by not in known.read_by:
                found[key] = attrs.evolve(known, read_by=(*known.read_by, read_by))
    return list(found.values())


def _before_action(past: _Past, event: LoggedEvent) -> int:
    """The last event before an event's action was taken: before the first of the list it belongs to."""
    first = seq = event.seq
    while seq > 0:
        seq -= 1
        other = past.events[seq]
        if _same_action(other, event):
            first = seq
        elif other.rule is not None:  # what a fork put in may stand between the events of a list
            break
    return first - 1


def _same_action(other: LoggedEvent, event: LoggedEvent) -> bool:
    """Whether an earlier event belongs to the same list of events of one action."""
    return (other.day, other.rule, other.instance, other.cause, other.triggered, other.option) == (
        event.day, event.rule, event.instance, event.cause, event.triggered, event.option,
    )  # fmt: skip


def _last_before(past: _Past, day: int, seq: int) -> int:
    """The last event, up to one, that was logged before a day."""
    while seq >= 0 and past.events[seq].day >= day:
        seq -= 1
    return seq


def _trigger_moment(past: _Past, event: LoggedEvent, rule: Rule, taken: int) -> int:
    """The event after which the trigger came: its cause, or the last one before its turn that day."""
    if event.cause is not None:
        return event.cause
    if event.triggered is None:
        return taken
    mine = _turn(past, rule, event.instance)
    seq = _last_before(past, event.triggered, taken)
    while seq < taken and past.events[seq + 1].day == event.triggered and _turn_of(past, seq + 1) < mine:
        seq += 1
    return seq


def _turn(past: _Past, rule: Rule, instance: Sequence[str]) -> tuple[int, int, bool]:
    """Where an instance's trigger stands in a day's agenda: its rule's place in the file, then its own."""
    number = 0
    for binder, actor in zip(rule.binders, instance, strict=True):
        members = past.scenario.groups[binder.group].members
        number = number * len(members) + members.index(actor)
    return list(past.scenario.rules).index(rule.name), number, False


def _turn_of(past: _Past, seq: int) -> tuple[int, int, bool]:
    """The turn of the agenda in which an event was logged; before any for what is no rule's."""
    day = past.events[seq].day
    while True:
        event = past.events[seq]
        if event.day != day:
            return (-1, 0, False)
        if event.rule is not None and event.rule in past.scenario.talks:
            return (len(past.scenario.rules), list(past.scenario.talks).index(event.rule), False)
        if event.rule is not None and (event.cause is None or event.triggered is not None):
            place, number, _ = _turn(past, past.scenario.rules[event.rule], event.instance)
            return place, number, event.triggered is not None
        seq = seq - 1 if event.cause is None else event.cause
        if seq < 0:
            return (-1, 0, False)


# When a rule looks at something: at its trigger, when its action is taken, or at the dusk before.
TRIGGER, TAKEN, DUSK = "trigger", "taken", "dusk"


def _read(rule: Rule, option: str | None) -> Iterator[tuple[str, Node, str, Mapping[str, Value]]]:
    """What a rule looks at: (what looks, the expression, when, names bound besides)."""
    none: Mapping[str, Value] = {}
    waits = isinstance(rule.trigger, While)
    if isinstance(rule.trigger, While):
        yield "while", rule.trigger.condition.tree, TRIGGER, none
    if rule.when is not None:
        yield "when", rule.when.tree, TRIGGER, none
    if rule.chance is not None:
        yield "chance", rule.chance.tree, DUSK if waits else TRIGGER, none
    match rule.delay:
        case FixedDelay() as delay:
            yield "after", delay.days.tree, TRIGGER, none
        case UniformDelay() as delay:
            yield "after", delay.low, TRIGGER, none
            yield "after", delay.high, TRIGGER, none
        case GeometricDelay() as delay:
            yield "after", delay.chance, TRIGGER, none
        case None:
            pass
    if rule.still is not None:
        yield "still", rule.still.tree, TAKEN, none
    name, _, member = (option or "").partition("[")
    for each in rule.options:
        if each.name != name:
            continue
        bound = {each.binder.name: member.removesuffix("]")} if each.binder is not None else none
        if each.when is not None:
            yield "option", each.when.tree, TAKEN, bound
        if each.weight is not None:
            yield "weight", each.weight.tree, TAKEN, bound


def _mentioned(past: _Past, node: Node, scope: Mapping[str, Value], *, seq: int, read_by: str) -> Iterator[Condition]:
    """The conditions that an expression looked at in the state after an event, each once."""
    looking = _Looking(past, seq)
    looking.follow(node, scope)
    for kind, name in looking.found:
        yield past.condition(kind, name, seq, read_by)


class _Looking:
    """Follows an expression as it was looked at: only the branches that were taken.

    `found` holds (kind, name) in the order of reading; a state variable or an attribute of a member is
    named `france.force`.
    """

    def __init__(self, past: _Past, seq: int) -> None:
        self._scenario = past.scenario
        self._binder = past.program(seq).binder
        self._state = past.state(seq)
        self.found: dict[tuple[str, str], None] = {}

    def _value(self, node: Node, scope: Mapping[str, Value]) -> Any:
        return self._binder.bind(node, scope).read(self._state)

    def follow(self, node: Node, scope: Mapping[str, Value]) -> None:
        """Notes what a node reads."""
        match node:
            case Variable():
                self.found["state", node.name] = None
            case MemberVariable() | Attribute():
                self.follow(node.of, scope)
                kind = "state" if isinstance(node, MemberVariable) else "attribute"
                self.found[kind, f"{self._value(node.of, scope)}.{node.name}"] = None
            case Term():
                self.found["state", f"{node.talks}.{node.name}"] = None
            case ReadingChoice():
                self.found["reading", node.name] = None
            case ParameterValue():
                self.found["parameter", node.name] = None
            case Conditional():
                self.follow(node.test, scope)
                self.follow(node.then if self._value(node.test, scope) else node.otherwise, scope)
            case Both() | Either():
                self._follow_until(node.items, scope, settles=isinstance(node, Either))
            case Comparison():
                self._follow_chain(node, scope)
            case OneOf():
                self.follow(node.item, scope)
                found = self._value(node.item, scope)
                for option in node.options:
                    self.follow(option, scope)
                    if self._value(option, scope) == found:
                        return
            case Over():
                self._follow_members(node, scope)
            case Use():
                self._follow_definition(node, scope)
            case _:
                for child in children(node):
                    self.follow(child, scope)

    def _follow_until(self, items: Sequence[Node], scope: Mapping[str, Value], *, settles: bool) -> None:
        """`and` and `or` look no further than the item that settles them."""
        for item in items:
            self.follow(item, scope)
            if self._value(item, scope) is settles:
                return

    def _follow_chain(self, node: Comparison, scope: Mapping[str, Value]) -> None:
        """A chain looks no further than the first comparison that fails."""
        self.follow(node.operands[0], scope)
        for (left, right), sign in zip(pairwise(node.operands), node.operators, strict=True):
            self.follow(right, scope)
            if not self._value(Comparison((left, right), (sign,), node.type), scope):
                return

    def _follow_members(self, node: Over, scope: Mapping[str, Value]) -> None:
        """`any` and `all` look no further than the member that settles them."""
        settles = {"any": True, "all": False}.get(node.function)
        for member in self._scenario.groups[node.group].members:
            inner = {**scope, node.binder: member}
            if node.condition is not None:
                self.follow(node.condition, inner)
                if not self._value(node.condition, inner):
                    continue
            if node.element is not None:
                self.follow(node.element, inner)
                if settles is not None and self._value(node.element, inner) is settles:
                    return

    def _follow_definition(self, node: Use, scope: Mapping[str, Value]) -> None:
        definition = self._scenario.definitions[node.definition]
        for argument in node.arguments:
            self.follow(argument, scope)
        values = [self._value(argument, scope) for argument in node.arguments]
        self.follow(definition.tree, dict(zip((b.name for b in definition.binders), values, strict=True)))
