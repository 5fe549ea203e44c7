"""What a rule looked at before it made an event: when it was triggered, and when its action was taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from negsim.log.event import LoggedEvent
from negsim.log.looking import Looking, mentioned, merged
from negsim.log.past import Condition, Past
from negsim.scenario.expressions import Node
from negsim.scenario.rules import FixedDelay, GeometricDelay, Option, Rule, UniformDelay, While
from negsim.scenario.types import Value

# When a rule looks at something: at its trigger, when its action is taken, at the dusk before, or just before an event.
TRIGGER, TAKEN, DUSK, LOGGED = "trigger", "taken", "dusk", "logged"
_Look = tuple[str, Node, str, Mapping[str, Value]]  # what looks, the expression, when, names bound besides
_NONE: Mapping[str, Value] = {}


def looked_at(past: Past, event: LoggedEvent, rule: Rule) -> list[Condition]:
    """What the rule read before it made an event: its guards, its chance and delay, its option, the event's fields."""
    taken = _before_action(past, event)
    trigger = _trigger_moment(past, event, rule, taken)
    # The chance of a `while` rule is looked at at dusk, the day before the rule's turn comes.
    came = event.day if event.triggered is None else event.triggered
    dusk = past.last_before(came, taken)
    moments = {
        TRIGGER: (trigger, came),
        TAKEN: (taken, event.day),
        DUSK: (dusk, came - 1),
        LOGGED: (event.seq - 1, event.day),
    }
    scope: dict[str, Value] = dict(zip((b.name for b in rule.binders), event.instance, strict=True))
    if event.cause is not None:
        scope = {**past.events[event.cause].fields, **scope}
    looks = [*_guards(rule), *_action(past, event, rule, scope=scope, taken=taken)]
    return merged(
        condition
        for read_by, node, moment, names in looks
        for seq, day in (moments[moment],)
        for condition in mentioned(past, node, {**scope, **names}, seq=seq, day=day, read_by=read_by)
    )


def set_from(past: Past, event: LoggedEvent, name: str) -> list[Condition]:
    """What an event looked at to set a variable (`conflict`, `france.force`): the right-hand side of its `set`."""
    member, _, variable = name.rpartition(".")
    declared = past.scenario.events[event.event]
    looking = Looking(past, event.seq - 1, event.day)
    found: list[Condition] = []
    for effect in declared.effects:
        if effect.variable != variable or (effect.group is None) != (not member):
            continue
        if effect.of is not None and str(looking.value(effect.of, event.fields)) != member:
            continue
        found += mentioned(
            past, effect.value.tree, event.fields, seq=event.seq - 1, day=event.day, read_by=f"set {name}"
        )
    return found


def _guards(rule: Rule) -> Iterator[_Look]:
    """What a rule looks at when its trigger comes, and the guard of its action."""
    waits = isinstance(rule.trigger, While)
    if isinstance(rule.trigger, While):
        yield "while", rule.trigger.condition.tree, TRIGGER, _NONE
    if rule.when is not None:
        yield "when", rule.when.tree, TRIGGER, _NONE
    if rule.chance is not None:
        yield "chance", rule.chance.tree, DUSK if waits else TRIGGER, _NONE
    match rule.delay:
        case FixedDelay() as delay:
            yield "after", delay.days.tree, TRIGGER, _NONE
        case UniformDelay() as delay:
            yield "after", delay.low, TRIGGER, _NONE
            yield "after", delay.high, TRIGGER, _NONE
        case GeometricDelay() as delay:
            yield "after", delay.chance, TRIGGER, _NONE
        case None:
            pass
    for pattern in rule.unless:
        for argument in pattern.arguments or ():
            yield "unless", argument, TRIGGER, _NONE
    if rule.still is not None:
        yield "still", rule.still.tree, TAKEN, _NONE


def _action(past: Past, event: LoggedEvent, rule: Rule, *, scope: Mapping[str, Value], taken: int) -> Iterator[_Look]:
    """What was looked at to act: the option's guard and weight, the fields; for a draw, the other options' too."""
    others: list[_Look] = []
    looking = Looking(past, taken, event.day)
    for option, name, bound in _options(past, rule):
        if name == (event.option or ""):
            if option.when is not None:
                yield "option", option.when.tree, TAKEN, bound
            if option.weight is not None:
                yield "weight", option.weight.tree, TAKEN, bound
            for emission in option.emits:
                if emission.event == event.event:
                    yield from (("emit", argument, LOGGED, bound) for argument in emission.arguments)
        elif event.share is not None:
            if option.when is not None:
                others.append(("other options", option.when.tree, TAKEN, bound))
            is_open = option.when is None or looking.value(option.when.tree, {**scope, **bound})
            if option.weight is not None and is_open:
                others.append(("other options", option.weight.tree, TAKEN, bound))
    yield from others


def _options(past: Past, rule: Rule) -> Iterator[tuple[Option, str, Mapping[str, Value]]]:
    """The options of a rule, one a member where an option has a `for`, with their names and what is bound."""
    for option in rule.options:
        if option.binder is None:
            yield option, option.name, _NONE
        else:
            for member in past.scenario.groups[option.binder.group].members:
                yield option, f"{option.name}[{member}]", {option.binder.name: member}


# The moments.


def _before_action(past: Past, event: LoggedEvent) -> int:
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


def _trigger_moment(past: Past, event: LoggedEvent, rule: Rule, taken: int) -> int:
    """The event after which the trigger came: its cause, or the last one before its turn that day."""
    if event.cause is not None:
        return event.cause
    if event.triggered is None:
        return taken
    mine = _turn(past, rule, event.instance)
    seq = past.last_before(event.triggered, taken)
    while seq < taken and past.events[seq + 1].day == event.triggered and _turn_of(past, seq + 1) < mine:
        seq += 1
    return seq


def _turn(past: Past, rule: Rule, instance: Sequence[str]) -> tuple[int, int, bool]:
    """Where an instance's trigger stands in a day's agenda: its rule's place in the file, then its own."""
    number = 0
    for binder, actor in zip(rule.binders, instance, strict=True):
        members = past.scenario.groups[binder.group].members
        number = number * len(members) + members.index(actor)
    return list(past.scenario.rules).index(rule.name), number, False


def _turn_of(past: Past, seq: int) -> tuple[int, int, bool]:
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
