"""Actors and groups, with what is fixed about each member."""

from __future__ import annotations

from negsim.errors import did_you_mean
from negsim.language.draft import Draft, scalars, text_of
from negsim.language.kinds import declared_type, literal
from negsim.language.nodes import Items, KeyedNode, Scalar
from negsim.language.origins import origin_if_any, stated
from negsim.language.scope import MemberName
from negsim.scenario.expressions import Constant
from negsim.scenario.record import Actor, AttributeKind, Group, Origin
from negsim.scenario.types import ActorOf, Value

MOST_ACTORS = 1_000
_RESERVED = frozenset({"name", "source", "assumption", "inferred", "note"})


def read_actors(draft: Draft) -> None:
    """All actors, those of groups included; and the names of groups with their rosters."""
    section = draft.sections["actors"]
    for name in section.broken:
        draft.world.symbols[name] = None
    for _, key, node in section.tables():
        _actor(draft, key, node)
    groups = draft.sections["groups"]
    for name, key, node in groups.tables():
        if draft.world.declare("a group", key):
            draft.world.groups[name] = None
            draft.world.members[name] = {}
            draft.world.places["group", name] = key
        members = node.get("members")
        if isinstance(members, KeyedNode):
            for member in members.broken:
                draft.world.symbols[member] = None
            for entry in members.entries.values():
                if isinstance(entry.value, KeyedNode):
                    _actor(draft, entry.key, entry.value)
    for name in groups.broken:
        draft.world.groups.setdefault(name, None)
    if len(draft.actors) > MOST_ACTORS:
        last = draft.world.places["actor", list(draft.actors)[MOST_ACTORS]]
        draft.problems.add(last, f"more than {MOST_ACTORS} actors")
    _name_rosters(draft)


def _actor(draft: Draft, key: Scalar, node: KeyedNode) -> None:
    name = key.text
    if not draft.world.declare("an actor", key):
        return
    draft.world.places["actor", name] = key
    draft.world.symbols[name] = Constant(name, ActorOf((name,)))
    origin = origin_if_any(draft, node)
    draft.actors[name] = Actor(name, text_of(node, "name") or name, origin, text_of(node, "note"))


def _name_rosters(draft: Draft) -> None:
    for name, _, node in draft.sections["groups"].tables():
        members = node.get("members")
        if name not in draft.world.groups or members is None:
            continue
        if isinstance(members, KeyedNode):
            if not members.entries and not members.broken:
                draft.problems.add(members, f"the group `{name}` has no members")
            elif not members.broken:
                draft.world.groups[name] = tuple(members.entries)
            continue
        if (roster := _listed(draft, members)) is not None:
            draft.world.groups[name] = roster


def _listed(draft: Draft, members: Items | Scalar) -> tuple[str, ...] | None:
    roster: list[str] = []
    fine = True
    for word in scalars(members):
        if word.text in roster:
            draft.problems.add(word, f"'{word.text}' is named twice")
        elif draft.world.kind_of(word.text) != "an actor":
            fine = False
            if word.text not in draft.world.symbols and not draft.world.partial:
                hint = did_you_mean(word.text, draft.actors)
                draft.problems.add(word, f"there is no actor '{word.text}'", hint)
        else:
            roster.append(word.text)
    return tuple(roster) if fine else None


def read_groups(draft: Draft) -> None:
    """The attributes of all groups, after all rosters are known."""
    for name, key, node in draft.sections["groups"].tables():
        if draft.world.places.get(("group", name)) is not key:
            continue
        attributes = _attributes(draft, name, node)
        given, origins = _given(draft, name, node, attributes)
        draft.groups[name] = Group(
            name,
            draft.world.groups[name] or (),
            attributes,
            given,
            origins,
            origin=origin_if_any(draft, node),
            note=text_of(node, "note"),
        )


def _attributes(draft: Draft, group: str, node: KeyedNode) -> dict[str, AttributeKind]:
    declared = node.get("attributes")
    found: dict[str, AttributeKind] = {}
    names = draft.world.members[group]
    if not isinstance(declared, KeyedNode):
        return found
    for name in declared.broken:
        names[name] = MemberName("attribute", None)
    for name, entry in declared.entries.items():
        if not draft.world.check_name(entry.key) or not isinstance(entry.value, KeyedNode):
            continue
        if name in _RESERVED:
            draft.problems.add(entry.key, f"'{name}' cannot name an attribute: every member has it in another sense")
            continue
        kind = declared_type(draft, entry.value, entry.key)
        names[name] = MemberName("attribute", kind)
        origin_if_any(draft, entry.value)
        default = entry.value.get("default")
        value = literal(draft, default, kind, f"`{name}`") if kind and isinstance(default, Scalar) else None
        if kind is not None and (value is not None or not entry.value.has("default")):
            found[name] = AttributeKind(name, kind, value)
    return found


def _given(
    draft: Draft, group: str, node: KeyedNode, attributes: dict[str, AttributeKind]
) -> tuple[dict[tuple[str, str], Value], dict[tuple[str, str], Origin]]:
    values: dict[tuple[str, str], Value] = {}
    origins: dict[tuple[str, str], Origin] = {}
    members = node.get("members")
    table = members.entries if isinstance(members, KeyedNode) else {}
    for member in draft.world.groups[group] or ():
        entry = table.get(member)
        own = entry.value if entry is not None and isinstance(entry.value, KeyedNode) else None
        at = entry.key if entry is not None else draft.world.places["group", group]
        for name, kind in attributes.items():
            value = _member_value(draft, own, kind, (member, at))
            if value is not None:
                values[member, name] = value
    for member, entry in table.items():
        if isinstance(entry.value, KeyedNode):
            _check_keys(draft, group, entry.value)
            origins |= {(member, name): origin for name, origin in _own_origins(draft, group, entry.value).items()}
    return values, origins


def _member_value(draft: Draft, own: KeyedNode | None, kind: AttributeKind, member: tuple[str, Scalar]) -> Value | None:
    given = own.get(kind.name) if own is not None else None
    if isinstance(given, Scalar):
        return literal(draft, given, kind.type, f"`{kind.name}`")
    name, at = member
    if kind.default is None and not (own is not None and own.has(kind.name)):
        hint = f"give it here, or give `{kind.name}` a `default`"
        draft.problems.add(at, f"`{name}` has no `{kind.name}`", hint)
    return kind.default


def _check_keys(draft: Draft, group: str, member: KeyedNode) -> None:
    attributes = {name for name, meant in draft.world.members[group].items() if meant.kind == "attribute"}
    for name, entry in member.entries.items():
        if name not in attributes and name not in _RESERVED:
            hint = did_you_mean(name, [*attributes_in_order(draft, group), "name", "source", "assumption"])
            draft.problems.add(entry.key, f"`{name}` is no attribute of {group}", hint)


def attributes_in_order(draft: Draft, group: str) -> list[str]:
    """The attributes of a group, in the order of the file."""
    return [name for name, meant in draft.world.members[group].items() if meant.kind == "attribute"]


def _own_origins(draft: Draft, group: str, member: KeyedNode) -> dict[str, Origin]:
    source = member.get("source")
    if not isinstance(source, KeyedNode):
        return {}
    known = attributes_in_order(draft, group)
    found: dict[str, Origin] = {}
    for name, entry in source.entries.items():
        if name not in known:
            draft.problems.add(entry.key, f"`{name}` is no attribute of {group}", did_you_mean(name, known))
        else:
            found[name] = stated(draft, entry.value, text_of(member, "inferred"))
    return found
