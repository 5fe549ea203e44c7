"""What stands after a dot: a member's own copy of a variable, or an attribute."""

from __future__ import annotations

from negsim.errors import did_you_mean
from negsim.language.scope import Scope
from negsim.language.syntax import Name
from negsim.scenario.expressions import Attribute, MemberVariable, Node
from negsim.scenario.types import ActorOf


def member_node(of: Node, name: Name, scope: Scope, words: str) -> Node | None:
    """`of.name`: the variable or attribute of the group whose members `of` can be."""
    assert isinstance(of.type, ActorOf)  # noqa: S101  # the caller has looked
    world, covering = scope.world, scope.world.covering(of.type.actors)
    having = [group for group in covering if name.text in world.members.get(group, {})]
    if of.type.group in having:
        having = [str(of.type.group)]
    if not having:
        return _no_such_part(of.type, name, scope, words)
    if len(having) > 1:
        return scope.fault(
            name, f"`{name.text}` is something of a member of {' and of '.join(having)}: which is meant?"
        )
    meant = world.members[having[0]][name.text]
    if meant.type is None:
        return None
    made = MemberVariable if meant.kind == "variable" else Attribute
    return made(of, name.text, having[0], meant.type)


def _no_such_part(kind: ActorOf, name: Name, scope: Scope, words: str) -> Node | None:
    world = scope.world
    elsewhere = [group for group, names in world.members.items() if name.text in names]
    if world.partial or any(members is None for members in world.groups.values()):
        return None
    if elsewhere:
        group = elsewhere[0]
        outside = [actor for actor in kind.actors if actor not in (world.groups[group] or ())]
        many = ", ".join(outside[:3]) + (", …" if len(outside) > 3 else "")  # noqa: PLR2004
        rest = f"and `{words}` can be {many}" if len(kind.actors) > 1 else f"and `{words}` is not one of them"
        return scope.fault(name, f"only members of {group} have `{name.text}`, {rest}")
    known = [part for group in world.covering(kind.actors) for part in world.members.get(group, {})]
    return scope.fault(name, f"`{words}` has no `{name.text}`", did_you_mean(name.text, known))
