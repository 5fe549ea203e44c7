"""Syntax -> typed nodes. A mistake is noted once and gives nothing; what is built on nothing is silent."""

from __future__ import annotations

import attrs

from negsim.errors import did_you_mean
from negsim.language.compare import compare
from negsim.language.days_since import may_be_nothing
from negsim.language.functions import call
from negsim.language.holders import bare_node, dotted_node, subscript_node
from negsim.language.members import member_node
from negsim.language.scope import Scope, Wanted, unknown_name
from negsim.language.syntax import (
    Call,
    ComparisonChain,
    Dotted,
    IfElse,
    Logic,
    Members,
    Name,
    Named,
    Number,
    Prefix,
    Several,
    Subscript,
    Sum,
    Syntax,
)
from negsim.language.typing_rules import join
from negsim.language.wants import infer_number, infer_truth
from negsim.scenario.expressions import (
    Arithmetic,
    Both,
    Bound,
    Conditional,
    Constant,
    Day,
    Either,
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
    Numbers,
    Whole,
    allowed,
)


def infer(item: Syntax, scope: Scope, wanted: Wanted | None = None) -> Node | None:
    """The typed node of a part of an expression. `wanted` gives a meaning to an enumeration's values."""
    if scope.nothing and not may_be_nothing(item):
        scope = attrs.evolve(scope, nothing=False)
    match item:
        case Number():
            return Constant(item.value, WHOLE if isinstance(item.value, int) else REAL)
        case Name():
            return _name(item, scope, wanted)
        case Dotted():
            return _dotted(item, scope)
        case Subscript():
            return subscript_node(item, scope)
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
        case ComparisonChain():
            return compare(item, scope)
        case IfElse():
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
    if name in world.held:
        return bare_node(item, scope)
    if name in world.definitions:
        return _definition(item, scope)
    if name == "day" and not _is_a_value(name, wanted):
        return Day(WHOLE)
    if wanted is not None and isinstance(wanted.type, Enumeration | ActorOf | Numbers) and name not in scope.absent:
        return _value(item, scope, wanted)
    unknown_name(item, scope)
    return None


def _is_a_value(name: str, wanted: Wanted | None) -> bool:
    """Whether a name is one of the values that are wanted."""
    return (
        wanted is not None and isinstance(wanted.type, Enumeration | ActorOf | Numbers) and name in allowed(wanted.type)
    )


def _value(item: Name, scope: Scope, wanted: Wanted) -> Node | None:
    name, kind = item.text, wanted.type
    if name in allowed(kind):
        return Constant(name, ActorOf((name,)) if isinstance(kind, ActorOf) else Enumeration((name,)))
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
    if isinstance(item.of, Name) and item.of.text in scope.world.held and item.of.text not in scope.names:
        return dotted_node(item.of.text, item.name, scope)
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


def _choice(item: IfElse, scope: Scope, wanted: Wanted | None) -> Node | None:
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
