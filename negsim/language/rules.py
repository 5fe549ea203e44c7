"""Rules: a trigger, guards, and an action."""

from __future__ import annotations

import math
from difflib import get_close_matches

import attrs

from negsim.language.binders import read_binders
from negsim.language.draft import FAILED, Draft, fitting, scalars, text_of, truth
from negsim.language.emissions import emission, events_named, pattern
from negsim.language.nodes import Items, KeyedNode, Node, Scalar
from negsim.language.origins import origin_of
from negsim.language.quantities import NamesInScope, QuantityPlace, chance, day, delay, weight
from negsim.language.scope import Scope, Signature
from negsim.language.templates import shown_text
from negsim.scenario.expressions import Expression
from negsim.scenario.rules import (
    At,
    Binder,
    Emission,
    Event,
    EventPattern,
    Every,
    Field,
    OnEvent,
    Option,
    Rule,
    Trigger,
    While,
)
from negsim.scenario.types import ActorOf, Enumeration, Type
from negsim.scenario.words import DECIDED

MOST_RULES = 2_000
MOST_INSTANCES = 10_000
MOST_BINDERS = 10
_TRIGGERS = ("on", "while", "at", "every")


def read_rules(draft: Draft) -> None:
    """All rules."""
    section = draft.sections["rules"]
    for index, (name, key, node) in enumerate(section.tables()):
        if index == MOST_RULES:
            draft.problems.add(key, f"more than {MOST_RULES} rules")
            return
        if draft.world.check_name(key):
            draft.world.places["rule", name] = key
            draft.rules[name] = _rule(draft, key, node)


def _rule(draft: Draft, key: Scalar, node: KeyedNode) -> Rule:
    origin = origin_of(draft, node, key)
    events = events_named(draft, node.get("on"))
    bound, names = _names(draft, key, node, events)
    place = QuantityPlace(draft, key.text, key.text, node, origin, names)
    _check_keys(draft, key, node)
    return Rule(
        key.text,
        _trigger(place, events),
        bound,
        _options(place, key),
        chooses=node.has("choose"),
        origin=origin,
        from_day=day(place, "from"),
        until_day=day(place, "until"),
        when=_condition(place, "when"),
        chance=chance(place),
        delay=delay(place),
        still=_condition(place, "still"),
        unless=_unless(place),
        by=_decider(place),
        note=text_of(node, "note"),
    )


def _check_keys(draft: Draft, key: Scalar, node: KeyedNode) -> None:
    problems = draft.problems
    step = problems.step
    triggers = [word for word in (*node.entries, *sorted(node.broken)) if word in _TRIGGERS]
    if not triggers and not any(get_close_matches(word, node.broken) for word in _TRIGGERS):
        hint = "a rule has one trigger: `on`, `while`, `at` or `every`"
        problems.add(key, f"`{key.text}` has no trigger", hint)
    elif len(triggers) > 1:
        second = node.entries[triggers[1]].key if triggers[1] in node.entries else key
        message = f"`{key.text}` has two triggers: `{triggers[0]}` and `{triggers[1]}`"
        problems.add(second, message, "a condition beside `on`, `at` or `every` is a `when`")
    elif triggers == ["while"]:
        if not node.has("chance"):
            hint = f"with `while`, it is the chance that the rule fires {step.on} {step.a}"
            problems.add(key, "`chance` is missing", hint)
        if "when" in node.entries:
            hint = "put the condition into `while`, or what is looked at last into `still`"
            problems.add(node.entries["when"].key, "`when` has no place beside `while`", hint)
    if node.has("emit") == node.has("choose"):
        both = "both `emit` and `choose`" if node.has("emit") else "neither `emit` nor `choose`"
        hint = "an event that an option logs goes under the option" if node.has("emit") else "say what happens"
        problems.add(key, f"`{key.text}` has {both}", hint)


def _names(
    draft: Draft, key: Scalar, node: KeyedNode, events: tuple[str, ...]
) -> tuple[tuple[Binder, ...], NamesInScope]:
    """The rule's binders; and the fields and binders in scope, and why some fields are not."""
    fields, absent = _shared_fields(draft, events)
    partial = len(events) < len(scalars(node.get("on"))) or "on" in node.broken or "for" in node.broken
    bound: dict[str, str] = {}
    for scalar in scalars(node.get("for")):
        if len(bound) > MOST_BINDERS:
            draft.problems.add(scalar, f"more than {MOST_BINDERS} binders")
            break
        types = {binder: draft.world.member_type(group) for binder, group in bound.items()}
        pairs = read_binders(Scope(draft.world, scalar, {**dict.fromkeys(absent), **fields, **types}))
        partial |= pairs is None
        bound |= dict(pairs or ())
    if math.prod(len(draft.world.groups.get(group) or ()) for group in bound.values()) > MOST_INSTANCES:
        draft.problems.add(key, f"`{key.text}` has more than {MOST_INSTANCES} instances")
    binders = tuple(Binder(binder, group) for binder, group in bound.items())
    return binders, NamesInScope(fields, bound, absent, partial)


def _shared_fields(draft: Draft, events: tuple[str, ...]) -> tuple[dict[str, Type | None], dict[str, str]]:
    """The fields that all events have with one type; and for the others, why they are not in scope."""
    signatures = [(name, found.fields) for name in events if (found := draft.world.events[name]) is not None]
    shared: dict[str, Type | None] = {}
    absent: dict[str, str] = {}
    for name, fields in signatures:
        for field, kind in fields.items():
            without = next((other for other, others in signatures if field not in others), None)
            unlike = any(others.get(field, kind) != kind for _, others in signatures)
            if without is not None:
                absent[field] = f"`{field}` is a field of {name}, and not of {without}"
            elif unlike:
                absent[field] = f"`{field}` has not one type in all of the events under `on`"
            else:
                shared[field] = kind
    return shared, absent


def _trigger(place: QuantityPlace, events: tuple[str, ...]) -> Trigger:
    node = place.node
    if node.has("on"):
        return OnEvent(events)
    if node.has("while"):
        return While(_condition(place, "while") or FAILED)
    if node.has("at"):
        return At(day(place, "at") or FAILED)
    return Every(day(place, "every") or FAILED)


def _condition(place: QuantityPlace, key: str) -> Expression | None:
    at = place.node.get(key)
    return truth(place.scope(at), f"`{key}`") if isinstance(at, Scalar) else None


def _unless(place: QuantityPlace) -> tuple[EventPattern, ...]:
    found = [pattern(place.scope(at)) for at in scalars(place.node.get("unless"))]
    return tuple(each for each in found if each is not None)


def _decider(place: QuantityPlace) -> Expression | None:
    at = place.node.get("by")
    if not isinstance(at, Scalar):
        return None
    return fitting(place.scope(at), ActorOf(place.draft.world.all_actors()), "`by`")


def _options(place: QuantityPlace, key: Scalar) -> tuple[Option, ...]:
    node = place.node
    if not node.has("choose"):
        emits = _emits(place)
        emit = node.get("emit")
        if isinstance(emit, Items) and not emit.items:
            place.draft.problems.add(emit, "`emit` must not be empty")
        return (Option("", emits),)
    options = node.get("choose")
    if not isinstance(options, KeyedNode):
        return ()
    if not options.entries and not options.broken:
        place.draft.problems.add(options, f"`{key.text}` has no options")
    found = [_option(place, entry.key, entry.value) for entry in options.entries.values()]
    return tuple(option for option in found if option is not None)


def _option(rule: QuantityPlace, key: Scalar, node: Node) -> Option | None:
    if not rule.draft.world.check_name(key) or not isinstance(node, KeyedNode):
        return None
    place = attrs.evolve(rule, node=node, path=f"{rule.path}.{key.text}")
    binder = None
    at = node.get("for")
    if isinstance(at, Scalar):
        pairs = read_binders(place.scope(at))
        if pairs is not None and len(pairs) > 1:
            rule.draft.problems.add(at, "an option has one binder")
        bound = dict(pairs or ())
        names = attrs.evolve(rule.names, bound={**rule.names.bound, **bound}, partial=rule.names.partial or not bound)
        place = attrs.evolve(place, names=names)
        binder = next((Binder(name, group) for name, group in bound.items()), None)
    return Option(
        key.text,
        _emits(place),
        weight=weight(place),
        when=_condition(place, "when"),
        binder=binder,
        text=shown_text(rule.draft, node, "text"),
    )


def _emits(place: QuantityPlace) -> tuple[Emission, ...]:
    found = [emission(place.scope(at)) for at in scalars(place.node.get("emit"))]
    return tuple(each for each in found if each is not None)


def declare_decided(draft: Draft) -> None:
    """The event that is logged for a decision that emits nothing, where some rule is a decision."""
    decisions = [rule for rule in draft.rules.values() if rule.chooses and rule.by is not None]
    names: list[str] = []
    for rule in decisions:
        for option in rule.options:
            if option.binder is None:
                names.append(option.name)
            else:
                members = draft.world.groups.get(option.binder.group) or ()
                names.extend(f"{option.name}[{member}]" for member in members)
    if not decisions or not names:
        return
    rules = Enumeration(tuple(rule.name for rule in decisions))
    options = Enumeration(tuple(dict.fromkeys(names)))
    fields = (Field("rule", rules), Field("option", options))
    draft.events[DECIDED] = Event(DECIDED, fields, (), "{rule}: {option}.")
    draft.world.events[DECIDED] = Signature({field.name: field.type for field in fields})
