"""Events with their fields, effects and texts; and the past."""

from __future__ import annotations

from datetime import date

from negsim.errors import did_you_mean
from negsim.language.dates import read_moment
from negsim.language.draft import Draft, fitting, text_of, value_of
from negsim.language.emissions import emission
from negsim.language.kinds import field_type
from negsim.language.members import member_node
from negsim.language.nodes import KeyedEntry, KeyedNode, Scalar
from negsim.language.origins import origin_if_any, origin_of
from negsim.language.scope import Scope, Signature, unknown_name
from negsim.language.syntax import Dotted, Name, Syntax
from negsim.language.templates import shown_text
from negsim.scenario.expressions import Attribute, Bound, Constant, MemberVariable, Variable
from negsim.scenario.expressions import Node as Tree
from negsim.scenario.rules import Effect, Event, Field, HistoryEntry
from negsim.scenario.types import ActorOf, Type
from negsim.scenario.words import DECIDED


def declare_events(draft: Draft) -> None:
    """What fields each event has."""
    section = draft.sections["events"]
    draft.world.events.update(dict.fromkeys(section.broken))
    for name, key, node in section.tables():
        draft.world.events[name] = None
        if name == DECIDED:
            hint = "it is logged by itself when a decision emits nothing; take another name"
            draft.problems.add(key, f"'{DECIDED}' is an event of the language", hint)
        elif name in draft.world.said_at_talks:
            draft.problems.add(key, f"'{name}' is an event of talks", "talks log it; take another name")
        elif draft.world.check_name(key):
            draft.world.places["event", name] = key
            draft.world.events[name] = Signature(_fields(draft, node))


def read_events(draft: Draft) -> None:
    """All events, with what each changes."""
    for name, key, node in draft.sections["events"].tables():
        signature = draft.world.events[name]
        if signature is not None:
            draft.events[name] = _event(draft, key, node, signature)


def _fields(draft: Draft, node: KeyedNode) -> dict[str, Type | None]:
    declared = node.get("fields")
    if not isinstance(declared, KeyedNode):
        return {}
    found: dict[str, Type | None] = dict.fromkeys(declared.broken)
    for name, entry in declared.entries.items():
        found[name] = None
        taken = draft.world.taken_by(name)
        if taken is not None:
            draft.problems.add(entry.key, f"'{name}' is already {taken}", "take another name for the field")
        elif draft.world.check_name(entry.key):
            found[name] = field_type(draft, entry.value)
    return found


def _event(draft: Draft, key: Scalar, node: KeyedNode, signature: Signature) -> Event:
    changes = node.get("set")
    effects = []
    if isinstance(changes, KeyedNode):
        made = [_effect(draft, entry, signature) for entry in changes.entries.values()]
        effects = [effect for effect in made if effect is not None]
    return Event(
        key.text,
        tuple(Field(name, kind) for name, kind in signature.fields.items() if kind is not None),
        tuple(effects),
        shown_text(draft, node, "text", signature.fields),
        origin=origin_if_any(draft, node),
        note=text_of(node, "note"),
    )


def _effect(draft: Draft, entry: KeyedEntry, signature: Signature) -> Effect | None:
    if not isinstance(entry.value, Scalar):
        return None
    target_scope = Scope(draft.world, entry.key, signature.fields)
    scope = Scope(draft.world, entry.value, signature.fields)
    target = target_scope.read()
    if target is None:
        return None
    meant = _target(target, target_scope)
    if meant is None:
        scope.read()
        return None
    variable, kind, group, of, every = meant
    value = fitting(scope, kind, f"`{entry.key.text}`")
    return None if value is None else Effect(entry.key.text, variable, group, of, every, value)


def _target(item: Syntax, scope: Scope) -> tuple[str, Type, str | None, Tree | None, bool] | None:
    """What a line of `set:` changes: variable, type, group, member, and whether every member."""
    world = scope.world
    if isinstance(item, Name):
        node = world.symbols.get(item.text)
        if isinstance(node, Variable):
            return node.name, node.type, None, None, False
        _no_target(item, scope)
        return None
    if not (isinstance(item, Dotted) and isinstance(item.of, Name)):
        scope.fault(item, "only a state variable can be set", "write variable, member.variable or group.variable")
        return None
    group = item.of.text
    if group in world.talks and not scope.knows(group):
        scope.fault(item, f"`{scope.words(item)}` is settled by talks, and by nothing else")
        return None
    if group in world.groups and not scope.knows(group):
        meant = world.members[group].get(item.name.text) if group in world.members else None
        if meant is not None and meant.kind == "variable":
            return None if meant.type is None else (item.name.text, meant.type, group, None, True)
        if world.groups[group] is not None and not world.partial:
            variables = [name for name, member in world.members[group].items() if member.kind == "variable"]
            hint = did_you_mean(item.name.text, variables)
            scope.fault(item.name, f"members of {group} have no variable `{item.name.text}`", hint)
        return None
    return _member_target(item, item.of, scope)


def _member_target(item: Dotted, of: Name, scope: Scope) -> tuple[str, Type, str | None, Tree | None, bool] | None:
    world = scope.world
    owner = Bound(of.text, kind) if (kind := scope.names.get(of.text)) is not None else world.symbols.get(of.text)
    if owner is None:
        if not scope.knows(of.text):
            unknown_name(of, scope)
        return None
    if not isinstance(owner.type, ActorOf) or not isinstance(owner, Bound | Constant | Variable):
        scope.fault(of, f"`{of.text}` is {owner.type}, and only an actor has variables of its own")
        return None
    if isinstance(owner, Variable):
        hint = f"give the event a field for the actor, and emit it with {of.text}"
        scope.fault(of, f"`{of.text}` is a state variable: whose variable is set must be known from the event", hint)
        return None
    node = member_node(owner, item.name, scope, of.text)
    if isinstance(node, Attribute):
        scope.fault(item.name, f"`{item.name.text}` is an attribute: it is fixed", "only state variables are set")
    if not isinstance(node, MemberVariable):
        return None
    return node.name, node.type, node.group, owner, False


def _no_target(item: Name, scope: Scope) -> None:
    name, world = item.text, scope.world
    if name in world.symbols and world.symbols[name] is None:
        return
    variables = [symbol for symbol, node in world.symbols.items() if isinstance(node, Variable)]
    kind = "a field" if name in scope.names else world.kind_of(name)
    dotted = [f"{group}.{name}" for group, names in world.members.items() if name in names]
    hint = f"write member.{name} or {dotted[0]}" if dotted else did_you_mean(name, variables)
    if kind is not None:
        scope.fault(item, f"`{name}` is {kind}: only a state variable can be set", hint)
    elif not world.partial:
        scope.fault(item, f"there is no state variable `{name}`", hint)


def read_history(draft: Draft) -> tuple[HistoryEntry, ...]:
    """The past, in the order of the file."""
    found: list[HistoryEntry] = []
    last: date | None = None
    for node in draft.history:
        origin = origin_of(draft, node, node)
        moment = _history_moment(draft, node, last)
        emit = node.get("emit")
        made = emission(Scope(draft.world, emit), constant=True) if isinstance(emit, Scalar) else None
        if moment is None or draft.calendar is None:
            continue
        last = moment if moment <= draft.calendar.start else last
        if made is not None:
            day, starts = draft.calendar.step_of(moment), value_of(node, "starts") is True
            found.append(HistoryEntry(day, made, origin, text_of(node, "note"), starts, _late(draft, node)))
    return tuple(found)


def _late(draft: Draft, node: KeyedNode) -> str:
    """What becomes of what was due before day 0, where an entry starts anything."""
    late = node.get("late")
    if isinstance(late, Scalar) and value_of(node, "starts") is not True:
        message = "`late` says when what an entry has started comes, and this one starts nothing"
        draft.problems.add(late, message, "add `starts: true`, or take it out")
    return late.text if isinstance(late, Scalar) else "today"


def _history_moment(draft: Draft, node: KeyedNode, last: date | None) -> date | None:
    at, calendar = node.get("date"), draft.calendar
    if not isinstance(at, Scalar):
        return None
    moment = read_moment(at, calendar, draft.problems)
    if moment is None or calendar is None:
        return None
    said = calendar.said(moment)
    if moment > calendar.start:
        message = f"{said} is after the start, {calendar.written(0)}"
        draft.problems.add(at, message, "history is the past; the future is rules")
    elif last is not None and moment < last:
        hint = f"history is written in the order of its {calendar.plural}"
        draft.problems.add(at, f"{said} comes after {calendar.said(last)} in the file", hint)
    return moment
