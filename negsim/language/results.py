"""Outcomes and measures: what a run comes to, and the numbers read off it."""

from __future__ import annotations

from negsim.language.draft import FAILED, Draft, text_of, truth, value_of, words_of
from negsim.language.infer import infer
from negsim.language.nodes import KeyedEntry, KeyedNode, Scalar
from negsim.language.scope import Scope
from negsim.language.templates import shown_text
from negsim.scenario.expressions import Expression
from negsim.scenario.rules import Measure, Outcome
from negsim.scenario.types import Truth, is_number


def read_outcomes(draft: Draft) -> dict[str, Outcome]:
    """All outcomes; every one but the last has a condition."""
    section = draft.sections["outcomes"]
    found: dict[str, Outcome] = {}
    rows = list(section.tables())
    if not rows and not section.broken and section.at is not None:
        draft.problems.add(section.at, "there is no outcome", "give at least one, such as `otherwise: {}`")
    for index, (name, key, node) in enumerate(rows):
        if not draft.world.check_name(key):
            continue
        draft.world.places["outcome", name] = key
        last = index == len(rows) - 1 and not section.broken
        _check_place(draft, key, node, last=last)
        when = node.get("when")
        condition = truth(Scope(draft.world, when), "`when`") if isinstance(when, Scalar) else None
        found[name] = Outcome(
            name,
            condition,
            ends=value_of(node, "ends") is True,
            text=shown_text(draft, node, "text"),
            note=text_of(node, "note"),
        )
    return found


def _check_place(draft: Draft, key: Scalar, node: KeyedNode, *, last: bool) -> None:
    problems = draft.problems
    if last and (node.has("when") or value_of(node, "ends") is True):
        word = "when" if node.has("when") else "ends"
        hint = "end with an outcome for everything else, such as `otherwise: {}`"
        problems.add(key, f"the last outcome has no `{word}`, and `{key.text}` has one", hint)
    elif not last and not node.has("when") and not draft.sections["outcomes"].broken:
        hint = "only the last outcome has none: it stands for everything else"
        problems.add(key, f"`{key.text}` has no `when`", hint)


def read_measures(draft: Draft) -> dict[str, Measure]:
    """All measures."""
    found: dict[str, Measure] = {}
    for name, entry in draft.sections["measures"].entries.items():
        if draft.world.check_name(entry.key):
            draft.world.places["measure", name] = entry.key
            found[name] = _measure(draft, entry)
    return found


def _measure(draft: Draft, entry: KeyedEntry) -> Measure:
    node = entry.value
    at = node.get("value") if isinstance(node, KeyedNode) else node
    if isinstance(node, KeyedNode) and not node.has("value"):
        draft.problems.add(entry.key, "`value` is missing", "a measure is an expression, alone or under `value`")
    unit, text, note = (
        (text_of(node, "unit"), shown_text(draft, node, "text"), text_of(node, "note"))
        if isinstance(node, KeyedNode)
        else (None,) * 3
    )
    expression = _observed(draft, at) if isinstance(at, Scalar) else None
    return Measure(entry.key.text, expression or FAILED, unit, text, note)


def _observed(draft: Draft, at: Scalar) -> Expression | None:
    scope = Scope(draft.world, at, observing=True)
    syntax = scope.read()
    tree = None if syntax is None else infer(syntax, scope)
    if syntax is None or tree is None:
        return None
    if not (is_number(tree.type) or isinstance(tree.type, Truth)):
        hint = "compare it with a value, or count with days(…)"
        scope.fault(syntax, f"a measure is a number, or true or false, and this is {tree.type}", hint)
        return None
    return Expression(words_of(scope), tree)
