"""Parameters, readings and the state: what has one value in a run, and what has one at a time."""

from __future__ import annotations

from negsim.errors import did_you_mean
from negsim.language.draft import Draft, text_of, value_of
from negsim.language.keys import VARIABLE
from negsim.language.kinds import declared_type, literal
from negsim.language.nodes import KeyedEntry, KeyedNode, Node, Scalar
from negsim.language.origins import origin_if_any, origin_of
from negsim.language.scope import MemberName
from negsim.language.shape import MapOf
from negsim.language.structure import check, missing
from negsim.scenario.expressions import ParameterValue, Variable
from negsim.scenario.record import Origin, Parameter
from negsim.scenario.rules import StateVariable
from negsim.scenario.types import REAL, WHOLE, Type, Value


def read_parameters(draft: Draft) -> None:
    """All parameters that have a name of their own."""
    section = draft.sections["parameters"]
    draft.world.symbols.update(dict.fromkeys(section.broken))
    for name, key, node in section.tables():
        if not draft.world.declare("a parameter", key):
            continue
        draft.world.places["parameter", name] = key
        parameter = parameter_in(draft, node, (name, key), origin_of(draft, node, key))
        kind = WHOLE if parameter is not None and parameter.whole else REAL
        draft.world.symbols[name] = None if parameter is None else ParameterValue(name, kind)
        if parameter is not None:
            draft.parameters[name] = parameter


def parameter_in(
    draft: Draft, node: KeyedNode, named: tuple[str, Node], origin: Origin, *, rule: str | None = None
) -> Parameter | None:
    """The parameter that a mapping declares; nothing, with a problem, where it is not one."""
    name, at = named
    value, low, high = (value_of(node, key) for key in ("value", "low", "high"))
    if node.has("low") != node.has("high"):
        given, lacking = ("low", "high") if node.has("low") else ("high", "low")
        draft.problems.add(at, f"`{name}` has a `{given}` and no `{lacking}`", "give both, or neither")
        return None
    if low is None and high is None and not node.has("low"):
        low = high = value
    numbers = [part for part in (value, low, high) if isinstance(part, int | float)]
    if len(numbers) < 3:  # noqa: PLR2004
        return None
    if not numbers[1] <= numbers[0] <= numbers[2]:
        place = node.get("value") or at
        message = f"the value {numbers[0]} is not between low {numbers[1]} and high {numbers[2]}"
        draft.problems.add(place, message)
        return None
    whole = all(isinstance(part, int) for part in numbers)
    unit, note = text_of(node, "unit"), text_of(node, "note")
    return Parameter(name, numbers[0], numbers[1], numbers[2], unit, whole, origin, rule, note)


def read_state(draft: Draft) -> None:
    """All state variables, of the whole scenario and of the members of groups."""
    section = draft.sections["state"]
    draft.world.symbols.update(dict.fromkeys(section.broken))
    for name, key, node in section.tables():
        if name in draft.world.groups and _is_variable(node):
            draft.world.declare("a state variable", key)
        elif name in draft.world.groups:
            _member_variables(draft, name, node)
        elif _is_group_like(node):
            _no_group(draft, key)
        else:
            _global_variable(draft, key, node)


def _is_variable(node: KeyedNode) -> bool:
    """Whether a mapping can only be a variable, not the variables of a group."""
    initial = node.get("initial")
    return "values" in node.entries or "range" in node.entries or isinstance(initial, Scalar)


def _is_group_like(node: KeyedNode) -> bool:
    """Whether a mapping declares variables, and is not a variable itself."""
    initial = node.get("initial")
    plain = isinstance(initial, KeyedNode) and all(
        isinstance(entry.value, Scalar) for entry in initial.entries.values()
    )
    if not node.entries or plain or _is_variable(node):
        return False
    return all(isinstance(entry.value, KeyedNode) for entry in node.entries.values())


def _no_group(draft: Draft, key: Scalar) -> None:
    draft.world.symbols[key.text] = None
    hint = did_you_mean(key.text, draft.world.groups)
    hint = hint if hint and hint.startswith("did") else "a state variable has an `initial` value"
    if not draft.world.partial:
        draft.problems.add(key, f"`{key.text}` is no group", hint)
    draft.world.partial = True


def _global_variable(draft: Draft, key: Scalar, node: KeyedNode) -> None:
    name = key.text
    if not draft.world.declare("a state variable", key):
        return
    draft.world.symbols[name] = None
    kind = _variable_type(draft, key, node)
    if kind is not None:
        draft.world.symbols[name] = Variable(name, kind)
        draft.world.places["variable", name] = key


def _variable_type(draft: Draft, key: Scalar, raw: KeyedNode, group: str | None = None) -> Type | None:
    """The type of a variable, which is noted with its initial value; nothing where it cannot be told."""
    node = check(raw, VARIABLE, f"`{key.text}`", draft.problems)
    if not isinstance(node, KeyedNode):
        return None
    missing(node, VARIABLE, key, draft.problems)
    kind = declared_type(draft, node, key)
    origin = origin_if_any(draft, node)
    initial = node.get("initial")
    if kind is None:
        return None
    values: dict[str, Value] = {}
    if initial is not None:
        values = _initial(draft, initial, kind, (key, group))
    name = key.text if group is None else f"{group}.{key.text}"
    draft.variables[name] = StateVariable(key.text, group, kind, values, origin, text_of(node, "note"))
    return kind


def _initial(draft: Draft, node: Node, kind: Type, of: tuple[Scalar, str | None]) -> dict[str, Value]:
    key, group = of
    by = f"`{key.text}`"
    members = ("",) if group is None else draft.world.groups.get(group) or ()
    if isinstance(node, Scalar):
        value = literal(draft, node, kind, by)
        return {} if value is None else dict.fromkeys(members, value)
    assert isinstance(node, KeyedNode)  # noqa: S101  # the structure has been checked
    if group is None:
        draft.problems.add(node, f"{by} has one initial value", "a value for each member is for variables of a group")
        return {}
    given = {name: literal(draft, e.value, kind, by) for name, e in node.entries.items() if isinstance(e.value, Scalar)}
    _check_members(draft, node, group, key)
    other = given.get("else")
    values = {member: given.get(member, other) for member in members}
    return {member: value for member, value in values.items() if value is not None}


def _check_members(draft: Draft, node: KeyedNode, group: str, key: Scalar) -> None:
    members = draft.world.groups.get(group)
    if members is None:
        return
    for name, entry in node.entries.items():
        if name not in members and name != "else":
            draft.problems.add(entry.key, f"'{name}' is no member of {group}", did_you_mean(name, [*members, "else"]))
    unknown = [name for name in node.entries if name not in members]
    lacking = [member for member in members if not node.has(member)]
    if lacking and not unknown and not node.has("else"):
        message = f"`{key.text}` has no initial value for {lacking[0]}"
        draft.problems.add(node, message, "give one, or an `else`")


def _member_variables(draft: Draft, group: str, raw: KeyedNode) -> None:
    node = check(raw, MapOf(VARIABLE), f"`{group}`", draft.problems)
    if not isinstance(node, KeyedNode):
        return
    names = draft.world.members.setdefault(group, {})
    for name in node.broken:
        names.setdefault(name, MemberName("variable", None))
    for entry in node.entries.values():
        if draft.world.check_name(entry.key):
            _member_variable(draft, group, entry, names)


def _member_variable(draft: Draft, group: str, entry: KeyedEntry, names: dict[str, MemberName]) -> None:
    name = entry.key.text
    if name in names:
        draft.problems.add(entry.key, f"'{name}' is {names[name].kind_words} of {group} already", "take another name")
        return
    assert isinstance(entry.value, KeyedNode)  # noqa: S101  # the structure has been checked
    names[name] = MemberName("variable", _variable_type(draft, entry.key, entry.value, group))
    draft.world.places["variable", f"{group}.{name}"] = entry.key
