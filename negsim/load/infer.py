"""Syntax -> typed nodes. A mistake is noted once and gives nothing; what is built on nothing is silent."""

from __future__ import annotations

import attrs

from negsim.errors import did_you_mean
from negsim.load.compare import compare
from negsim.load.functions import call
from negsim.load.scope import UNSETTLED, Scope, unknown_name
from negsim.load.syntax import (
    Call,
    Chain,
    Choice,
    Dotted,
    Logic,
    Members,
    Name,
    Named,
    Number,
    Prefix,
    Several,
    Sum,
    Syntax,
)
from negsim.load.typing_rules import join, misfit
from negsim.scenario.expressions import (
    Arithmetic,
    Attribute,
    Both,
    Bound,
    Conditional,
    Constant,
    Either,
    MemberVariable,
    Negative,
    Node,
    Not,
    Term,
    Use,
)
from negsim.scenario.types import (
    NOBODY,
    REAL,
    TRUTH,
    WHOLE,
    ActorOf,
    Enumeration,
    Truth,
    Type,
    Whole,
    allowed,
    is_number,
)


@attrs.frozen
class Wanted:
    """The type that a place asks for, and what asks, in words such as "`conflict`"."""

    type: Type
    by: str


def infer(item: Syntax, scope: Scope, wanted: Wanted | None = None) -> Node | None:
    """The typed node of a part of an expression. `wanted` gives a meaning to an enumeration's values."""
    match item:
        case Number():
            return Constant(item.value, WHOLE if isinstance(item.value, int) else REAL)
        case Name():
            return _name(item, scope, wanted)
        case Dotted():
            return _dotted(item, scope)
        case Prefix():
            return _prefix(item, scope)
        case Sum():
            return _sum(item, scope)
        case Logic():
            nodes = [infer_truth(part, scope, f"`{item.sign}`") for part in item.items]
            known = tuple(node for node in nodes if node is not None)
            if len(known) < len(nodes):
                return None
            return Both(known, TRUTH) if item.sign == "and" else Either(known, TRUTH)
        case Chain():
            return compare(item, scope)
        case Choice():
            return _choice(item, scope, wanted)
        case Call():
            return call(item, scope)
        case Named():
            return scope.fault(item, "arguments by name are for events alone")
        case Several():
            return scope.fault(item, "a list of values stands only after `in`")
        case Members():
            functions = "any, all, count, sum, min or max"
            return scope.fault(item, f"`for … in …` stands only inside {functions}")


def infer_as(item: Syntax, scope: Scope, wanted: Wanted) -> Node | None:
    """The typed node, where it fits what is wanted; nothing, with a problem, where it does not."""
    node = infer(item, scope, wanted)
    if node is None:
        return None
    problem = misfit(node, wanted.type)
    if problem is not None:
        hint = None
        if isinstance(wanted.type, Whole) and "/" in scope.words(item):
            hint = "`//` divides whole numbers, and leaves the rest out"
        if problem == f"can be {UNSETTLED}":
            hint = "what an agreement brings about goes under `agreed` of the talks: there, the terms are settled"
        scope.fault(item, f"`{scope.words(item)}` {problem}, and {wanted.by} must be {wanted.type}", hint)
        return None
    return node


def infer_truth(item: Syntax, scope: Scope, by: str) -> Node | None:
    """The typed node of something true or false."""
    node = infer(item, scope)
    if node is None or isinstance(node.type, Truth):
        return node
    hint = None
    if isinstance(node.type, Enumeration) and node.type.values:
        hint = f"compare it, as in {scope.words(item)} == {node.type.values[0]}"
    elif is_number(node.type):
        hint = f"compare it, as in {scope.words(item)} > 0"
    return scope.fault(item, f"{by} needs something true or false, and `{scope.words(item)}` is {node.type}", hint)


def infer_number(item: Syntax, scope: Scope, by: str) -> Node | None:
    """The typed node of a number."""
    node = infer(item, scope)
    if node is None or is_number(node.type):
        return node
    hint = (
        f"count the members: count(m for m in group if {scope.words(item)})" if isinstance(node.type, Truth) else None
    )
    hint = hint if "." in scope.words(item) else None
    return scope.fault(item, f"{by} needs a number, and `{scope.words(item)}` is {node.type}", hint)


def _name(item: Name, scope: Scope, wanted: Wanted | None) -> Node | None:
    name, world = item.text, scope.world
    if name in scope.names:
        kind = scope.names[name]
        return None if kind is None else Bound(name, kind)
    if name in ("true", "false"):
        return Constant(name == "true", TRUTH)
    if name == NOBODY:
        return Constant(NOBODY, ActorOf((), None, nobody=True))
    if name in world.symbols:
        return world.symbols[name]
    if name in world.definitions:
        return _definition(item, scope)
    if wanted is not None and isinstance(wanted.type, Enumeration | ActorOf) and name not in scope.absent:
        return _value(item, scope, wanted)
    unknown_name(item, scope)
    return None


def _value(item: Name, scope: Scope, wanted: Wanted) -> Node | None:
    name, kind = item.text, wanted.type
    if name in allowed(kind):
        return Constant(name, Enumeration((name,)) if isinstance(kind, Enumeration) else ActorOf((name,)))
    if name in scope.world.groups or name in scope.world.events or name in scope.world.talks:
        unknown_name(item, scope)
    else:
        names = [*allowed(kind)]
        hint = did_you_mean(name, names)
        others = did_you_mean(name, [*scope.names, *scope.world.symbols, *scope.world.definitions])
        if (not hint or not hint.startswith("did")) and others and others.startswith("did"):
            hint = others.split("?")[0] + "?"
        if not scope.silent or (hint and hint.startswith("did")):
            scope.fault(item, f"'{name}' is no value of {wanted.by}", hint)
    return None


def _definition(item: Name, scope: Scope) -> Node | None:
    world = scope.world
    binders = world.binders.get(item.text, ())
    if binders:
        shown = ", ".join(f"{binder.name} in {binder.group}" for binder in binders)
        example = f"{item.text}({', '.join(binder.name for binder in binders)})"
        return scope.fault(item, f"`{item.text}` takes actors: ({shown})", f"write {example}")
    definition = world.definitions[item.text]
    return None if definition is None else Use(item.text, (), definition.type)


def _dotted(item: Dotted, scope: Scope) -> Node | None:
    if isinstance(item.of, Name) and item.of.text in scope.world.groups and not scope.knows(item.of.text):
        group = item.of.text
        hint = f"say which member, or ask all of them, as in any(m.{item.name.text} … for m in {group})"
        return scope.fault(item, f"`{group}` is a group: each member has its own `{item.name.text}`", hint)
    if isinstance(item.of, Name) and item.of.text in scope.world.talks and not scope.knows(item.of.text):
        return _term(item.of.text, item.name, scope)
    of = infer(item.of, scope)
    if of is None:
        return None
    if not isinstance(of.type, ActorOf):
        return scope.fault(
            item.of, f"`{scope.words(item.of)}` is {of.type}, and only an actor has something after a dot"
        )
    return member_node(of, item.name, scope, scope.words(item.of))


def _term(talks: str, name: Name, scope: Scope) -> Node | None:
    terms = scope.world.talks[talks]
    if terms is None:
        return None
    if name.text not in terms:
        return scope.fault(name, f"`{talks}` has no term `{name.text}`", did_you_mean(name.text, terms))
    kind = terms[name.text]
    return None if kind is None else Term(talks, name.text, kind)


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


def _prefix(item: Prefix, scope: Scope) -> Node | None:
    if item.sign == "not":
        node = infer_truth(item.item, scope, "`not`")
        return None if node is None else Not(node, TRUTH)
    node = infer_number(item.item, scope, "`-`")
    if node is None:
        return None
    if isinstance(node, Constant) and not isinstance(node.value, str):
        return Constant(-node.value, node.type)
    return Negative(node, WHOLE if isinstance(node.type, Whole) else REAL)


def _sum(item: Sum, scope: Scope) -> Node | None:
    sign = f"`{item.sign}`"
    left, right = infer_number(item.left, scope, sign), infer_number(item.right, scope, sign)
    if left is None or right is None:
        return None
    whole = isinstance(left.type, Whole) and isinstance(right.type, Whole)
    if item.sign in ("//", "%") and not whole:
        return scope.fault(item, f"{sign} is for whole numbers")
    if item.sign in ("/", "//", "%") and isinstance(right, Constant) and right.value == 0:
        return scope.fault(item.right, "this divides by zero")
    return Arithmetic(item.sign, left, right, WHOLE if whole and item.sign != "/" else REAL)


def _choice(item: Choice, scope: Scope, wanted: Wanted | None) -> Node | None:
    test = infer_truth(item.test, scope, "`if`")
    if item.otherwise is None:
        return scope.fault(item, "`else` is missing", "write `x if condition else y`")
    then, otherwise = infer(item.then, scope, wanted), infer(item.otherwise, scope, wanted)
    if test is None or then is None or otherwise is None:
        return None
    kind = join(then.type, otherwise.type)
    if kind is None:
        message = f"`{scope.words(item.then)}` is {then.type} and `{scope.words(item.otherwise)}` is {otherwise.type}"
        return scope.fault(item, f"{message}: one value cannot be both")
    return Conditional(test, then, otherwise, kind)
