"""Definitions: named expressions and tables, read in an order in which each finds those it uses."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from negsim.errors import did_you_mean
from negsim.language.binders import check_binders
from negsim.language.draft import Draft, words_of
from negsim.language.grammar import parse_head
from negsim.language.infer import infer
from negsim.language.nodes import KeyedEntry, KeyedNode, Scalar
from negsim.language.scope import Scope, World
from negsim.language.syntax import Name, Syntax, names_in
from negsim.language.tokens import Unreadable
from negsim.language.typing_rules import join
from negsim.scenario.expressions import Comparison, Conditional, Constant, Over, Use
from negsim.scenario.expressions import Node as Tree
from negsim.scenario.rules import Binder, Definition
from negsim.scenario.types import TRUTH, WHOLE, ActorOf, Enumeration, Truth, Type, Whole, allowed
from negsim.scenario.walking import children

MOST_DEEP = 50
MOST_ROWS = 100
MOST_STEPS = 1_000_000


@attrs.frozen(eq=False)
class DefinitionPlan:
    """A definition before its names are looked at: `parts` holds the syntax of each of its scalars."""

    name: Name
    key: Scalar
    binders: tuple[Binder, ...]
    parts: dict[str, tuple[Scalar, Syntax]] | None
    rows: dict[str, Scalar]
    table: bool


def read_definitions(draft: Draft) -> None:
    """All definitions."""
    world = draft.world
    plans = {plan.name.text: plan for plan in _plans(draft)}
    for name in plans:
        world.definitions[name] = None
    depths: dict[str, int] = {}
    costs: dict[str, int] = {}
    for name in _in_order(draft, plans):
        plan = plans[name]
        definition = _definition(draft, plan)
        if definition is None:
            continue
        depths[name] = 1 + max((depths.get(used, 0) for used in _used(plan, plans)), default=0)
        costs[name] = cost(definition.tree, costs, draft)
        if depths[name] > MOST_DEEP:
            draft.problems.add(plan.key, f"more than {MOST_DEEP} definitions that use one another")
        elif costs[name] > MOST_STEPS:
            draft.problems.add(plan.key, f"`{name}` takes more than {MOST_STEPS:,} steps to work out")
        else:
            world.definitions[name] = definition
    draft.definitions = {name: d for name in plans if (d := world.definitions[name]) is not None}


def cost(tree: Tree, costs: dict[str, int], draft: Draft) -> int:
    """How many steps it takes at most to work out an expression, definitions and groups written out."""
    steps = 1 + sum(cost(child, costs, draft) for child in children(tree))
    if isinstance(tree, Use):
        steps += costs.get(tree.definition, 1)
    if isinstance(tree, Over):
        steps *= max(1, len(draft.world.groups.get(tree.group) or ()))
    return steps


def _plans(draft: Draft) -> Iterator[DefinitionPlan]:
    section = draft.sections["define"]
    for text in section.broken:
        draft.world.definitions[text.split("(")[0].strip()] = None
    for entry in section.entries.values():
        plan = _plan(draft, entry)
        if plan is not None:
            yield plan


def _plan(draft: Draft, entry: KeyedEntry) -> DefinitionPlan | None:
    key, world = entry.key, draft.world
    try:
        name, pairs = parse_head(key.text)
    except Unreadable as problem:
        draft.problems.within(key, problem.span, problem.message, problem.hint)
        world.definitions[key.text.split("(")[0].strip()] = None
        return None
    if not world.declare("a definition", attrs.evolve(key, text=name.text)):
        return None
    world.places["definition", name.text] = key
    binders = tuple(Binder(binder.text, group.text) for binder, group in pairs)
    world.binders[name.text] = binders
    fine = check_binders(Scope(world, key), pairs)
    parts = _parts(entry, world) if fine else None
    table = isinstance(entry.value, KeyedNode)
    rows = {row: each.key for row, each in entry.value.entries.items()} if isinstance(entry.value, KeyedNode) else {}
    return DefinitionPlan(name, key, binders, parts, rows, table)


def _parts(entry: KeyedEntry, world: World) -> dict[str, tuple[Scalar, Syntax]] | None:
    table = entry.value.entries if isinstance(entry.value, KeyedNode) else {"": entry}
    found: dict[str, tuple[Scalar, Syntax]] = {}
    for name, row in table.items():
        if isinstance(row.value, Scalar):
            syntax = Scope(world, row.value).read()
            if syntax is not None:
                found[name] = (row.value, syntax)
    broken = isinstance(entry.value, KeyedNode) and entry.value.broken
    return found if len(found) == len(table) and not broken else None


def _used(plan: DefinitionPlan, plans: dict[str, DefinitionPlan]) -> list[str]:
    names = [name for _, syntax in (plan.parts or {}).values() for name in names_in(syntax)]
    return [name for name in dict.fromkeys(names) if name in plans]


def _in_order(draft: Draft, plans: dict[str, DefinitionPlan]) -> list[str]:
    """The definitions, each after those that it uses; those that use themselves are left out."""
    done: dict[str, bool] = {}
    order: list[str] = []
    for first, plan in plans.items():
        path: list[tuple[str, Iterator[str]]] = []
        if first not in done:
            done[first] = False
            path = [(first, iter(_used(plan, plans)))]
        while path:
            name, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                done[name] = True
                order.append(name)
            elif following not in done:
                done[following] = False
                path.append((following, iter(_used(plans[following], plans))))
            elif not done[following]:
                _circle(draft, plans, [step for step, _ in path], following)
    return order


def _circle(draft: Draft, plans: dict[str, DefinitionPlan], path: list[str], again: str) -> None:
    circle = path[path.index(again) :]
    first = min(range(len(circle)), key=lambda i: (plans[circle[i]].key.sheet.order, plans[circle[i]].key.line))
    turned = [*circle[first:], *circle[:first]]
    shown = " -> ".join([*turned, turned[0]]) if len(turned) <= 10 else " -> ".join([*turned[:10], "…"])  # noqa: PLR2004
    message = f"`{turned[0]}` is defined by itself: {shown}"
    draft.problems.add(plans[turned[0]].key, message)


def _definition(draft: Draft, plan: DefinitionPlan) -> Definition | None:
    if plan.parts is None:
        return None
    names: dict[str, Type | None] = {b.name: draft.world.member_type(b.group) for b in plan.binders}
    if plan.table:
        tree = _table(draft, plan, names)
        text = ", ".join(f"{row}: {words_of(Scope(draft.world, at))}" for row, (at, _) in plan.parts.items())
        return None if tree is None else Definition(plan.name.text, plan.binders, "{" + text + "}", tree, tree.type)
    at, syntax = plan.parts[""]
    scope = Scope(draft.world, at, names)
    tree = infer(syntax, scope)
    return None if tree is None else Definition(plan.name.text, plan.binders, words_of(scope), tree, tree.type)


def _table(draft: Draft, plan: DefinitionPlan, names: dict[str, Type | None]) -> Tree | None:
    rows = dict(plan.parts or {})
    if "by" not in rows:
        draft.problems.add(plan.key, "`by` is missing", "a table says by what it goes, and a value for each case")
        return None
    if len(rows) > MOST_ROWS:
        draft.problems.add(plan.key, f"a table of more than {MOST_ROWS} rows")
        return None
    at, syntax = rows.pop("by")
    scope = Scope(draft.world, at, names)
    by = infer(syntax, scope)
    found = [(row, infer(part, Scope(draft.world, place, names))) for row, (place, part) in rows.items()]
    if by is None or any(tree is None for _, tree in found):
        return None
    if not isinstance(by.type, Enumeration | ActorOf | Truth | Whole):
        return scope.fault(syntax, f"a table cannot go by `{scope.words(syntax)}`, which is {by.type}")
    return _rows(draft, plan, by, [(row, tree) for row, tree in found if tree is not None])


def _rows(draft: Draft, plan: DefinitionPlan, by: Tree, rows: list[tuple[str, Tree]]) -> Tree | None:
    tests: list[tuple[Tree, Tree]] = []
    other: Tree | None = None
    fine = True
    for row, tree in rows:
        if row == "else":
            other = tree
        elif (constant := _case(row, by.type)) is not None:
            tests.append((Comparison((by, constant), ("==",), TRUTH), tree))
        else:
            hint = did_you_mean(row, [*allowed(by.type), "else"])
            draft.problems.add(plan.rows[row], f"'{row}' is no value that the table can go by", hint)
            fine = False
    cases = allowed(by.type)
    lacking = [case for case in cases if case not in {row for row, _ in rows}]
    if other is None and (lacking or not cases or not tests):
        if fine:
            what = f"for {lacking[0]}" if lacking else "for other values"
            draft.problems.add(plan.key, f"the table has no value {what}", "give one, or an `else`")
        return None
    if other is None:
        other = tests.pop()[1]
    return _nested(draft, plan, tests, other) if fine else None


def _nested(draft: Draft, plan: DefinitionPlan, tests: list[tuple[Tree, Tree]], other: Tree) -> Tree | None:
    for test, tree in reversed(tests):
        kind = join(tree.type, other.type)
        if kind is None:
            message = f"a value of the table is {tree.type}, another is {other.type}"
            draft.problems.add(plan.key, message)
            return None
        other = Conditional(test, tree, other, kind)
    return other


def _case(row: str, kind: Type) -> Constant | None:
    match kind:
        case Enumeration() if row in kind.values:
            return Constant(row, Enumeration((row,)))
        case ActorOf() if row in allowed(kind):
            return Constant(row, ActorOf((row,)) if row in kind.actors else ActorOf((), None, nobody=True))
        case Truth() if row in ("true", "false"):
            return Constant(row == "true", TRUTH)
        case Whole() if row.lstrip("-").isdecimal() and row.isascii() and len(row) < MOST_DEEP // 4:
            return Constant(int(row), WHOLE)
        case _:
            return None
