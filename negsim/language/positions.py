"""What each at the table of talks wants: red lines, values, a fallback, how it concedes."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from negsim.errors import did_you_mean
from negsim.language.departures import read_leaves
from negsim.language.draft import FAILED, Draft, text_of, truth
from negsim.language.nodes import KeyedEntry, KeyedNode, Node, Scalar
from negsim.language.origins import origin_of
from negsim.language.quantities import NOWHERE, QuantityPlace, amount, seen
from negsim.language.reads import state_read
from negsim.language.scope import Scope
from negsim.language.seats import is_actor, seats
from negsim.language.structure import missing
from negsim.language.talks_keys import POSITION, RED_LINE
from negsim.language.terms import UTILITY
from negsim.language.value_words import distinct
from negsim.scenario.expressions import Constant, Expression
from negsim.scenario.talks import Position, RedLine
from negsim.scenario.types import WHOLE, TermOption, Type, options_of

MOST_RED_LINES = 200


def read_positions(
    draft: Draft, key: Scalar, node: KeyedNode, issues: Mapping[str, Type | None]
) -> dict[str, Position]:
    """The position of each, in the order of the table; a problem where one is missing, or too many."""
    positions = node.get("positions")
    if not isinstance(positions, KeyedNode):
        return {}
    at_table: dict[str, Scalar] = {}
    for word, _ in seats(node):
        at_table.setdefault(word.text, word)
    sure = not node.broken & {"parties", "consulted"} and all(is_actor(draft, word) for word in at_table.values())
    for party, word in at_table.items():
        if not positions.has(party) and draft.world.kind_of(party) == "an actor":
            draft.problems.add(word, f"`{party}` has no position", "each of those at the table has one")
    found: dict[str, Position] = {}
    for party, entry in positions.entries.items():
        if party not in at_table:
            if sure:
                draft.problems.add(entry.key, f"'{party}' is not at the table", did_you_mean(party, at_table))
        elif isinstance(entry.value, KeyedNode):
            draft.world.places["position", f"{key.text}.{party}"] = entry.key
            found[party] = _position(draft, (key.text, entry.key), entry.value, issues)
    return {word.text: found[word.text] for word, _ in seats(node) if word.text in found}


def _position(draft: Draft, of: tuple[str, Scalar], node: KeyedNode, issues: Mapping[str, Type | None]) -> Position:
    talks, key = of
    missing(node, POSITION, key, draft.problems)
    origin = origin_of(draft, node, key)
    place = QuantityPlace(draft, talks, f"{talks}.{key.text}", node, origin, NOWHERE)
    return Position(
        key.text,
        _red_lines(place, issues),
        _values(place, issues),
        fallback=amount(place, "fallback") or _plain(0),
        concession=_concession(place),
        strategy=text_of(node, "strategy") or "aspiration",
        origin=origin,
        note=text_of(node, "note"),
        cap=_cap(place),
        leaves=read_leaves(draft, node),
    )


def _cap(place: QuantityPlace) -> Expression | None:
    found = amount(place, "cap")
    if found is not None:
        _refuse_state(place.draft, place.node.entries["cap"].value, found, "a cap")
    return found


def _plain(value: int) -> Expression:
    return Expression(str(value), Constant(value, WHOLE))


def _concession(place: QuantityPlace) -> Expression:
    found = amount(place, "concession")
    if found is None:
        return _plain(1)
    at = place.node.entries["concession"].value
    _refuse_state(place.draft, at, found, "a concession")
    numbers = seen(found.tree, place.draft.parameters)
    low = next((number for number in numbers if number <= 0), None)
    if low is not None:
        how = f", and `{found.text}` can be {low}" if len(numbers) > 1 else f", not {low}"
        place.draft.problems.add(at, f"`concession` must be above 0{how}", "a small number, such as 0.1, is very firm")
    return found


def _refuse_state(draft: Draft, at: Node, found: Expression, what: str) -> bool:
    read = state_read(found.tree, draft.world)
    if read is not None:
        hint = "what changes with the state is a red line's `when`, and the fallback"
        draft.problems.add(at, f"{what} cannot depend on the state, and this reads `{read}`", hint)
    return read is not None


def _values(position: QuantityPlace, issues: Mapping[str, Type | None]) -> dict[tuple[str, TermOption], Expression]:
    node, draft = position.node.get("values"), position.draft
    found: dict[tuple[str, TermOption], Expression] = {}
    for issue, entry in node.entries.items() if isinstance(node, KeyedNode) else ():
        if issue not in issues:
            if draft.world.talks[position.rule] is not None:
                message = f"`{position.rule}` has no issue `{issue}`"
                draft.problems.add(entry.key, message, did_you_mean(issue, issues))
            continue
        if not isinstance(entry.value, KeyedNode):
            continue
        kind = issues[issue]
        known = {str(option): option for option in options_of(kind)}
        place = attrs.evolve(position, node=entry.value, path=f"{position.path}.{issue}")
        for option, each in entry.value.entries.items():
            if kind is None:
                amount(place, option)
                continue
            if option not in known:
                hint = did_you_mean(option, known)
                draft.problems.add(each.key, f"`{issue}` has no option '{option}'", hint)
                continue
            worth = amount(place, option)
            if worth is not None and not _refuse_state(draft, each.value, worth, "a value"):
                found[issue, known[option]] = worth
    order = [(i, o) for i, kind in issues.items() for o in options_of(kind)]
    return {pair: found[pair] for pair in order if pair in found}


def _red_lines(position: QuantityPlace, issues: Mapping[str, Type | None]) -> dict[str, RedLine]:
    node, draft = position.node.get("red_lines"), position.draft
    found: dict[str, RedLine] = {}
    entries = node.entries.items() if isinstance(node, KeyedNode) else ()
    words = distinct(draft, ((name, e.value.get("text")) for name, e in entries if isinstance(e.value, KeyedNode)))
    for index, (name, entry) in enumerate(entries):
        if index == MOST_RED_LINES:
            draft.problems.add(entry.key, f"more than {MOST_RED_LINES} red lines")
            break
        if not draft.world.check_name(entry.key) or not isinstance(entry.value, KeyedNode):
            continue
        if name == UTILITY:
            hint = "it is what a refusal gives as its reason where no red line is broken; take another name"
            draft.problems.add(entry.key, f"a red line cannot be called '{UTILITY}'", hint)
        draft.world.places["red line", f"{position.path}.{name}"] = entry.key
        found[name] = attrs.evolve(_red_line(position, entry, issues), text=words.get(name))
    return found


def _red_line(position: QuantityPlace, entry: KeyedEntry, issues: Mapping[str, Type | None]) -> RedLine:
    node, draft = entry.value, position.draft
    assert isinstance(node, KeyedNode)  # noqa: S101  # the caller has looked
    missing(node, RED_LINE, entry.key, draft.problems)
    partial = draft.world.talks[position.rule] is None
    never, when = node.get("never"), node.get("when")
    broken = truth(Scope(draft.world, never, issues, partial=partial), "`never`") if isinstance(never, Scalar) else None
    if broken is not None and isinstance(never, Scalar):
        read = state_read(broken.tree, draft.world)
        if read is not None:
            issue = read.removeprefix(f"{position.rule}.")
            hint = f"write {issue}" if issue in issues else "conditions over the state go under `when`"
            message = f"`never` is about the package alone, and this reads `{read}` of the state"
            draft.problems.add(never, message, hint)
    return RedLine(
        entry.key.text,
        never=broken or FAILED,
        when=truth(Scope(draft.world, when), "`when`") if isinstance(when, Scalar) else None,
        origin=origin_of(draft, node, entry.key),
        note=text_of(node, "note"),
    )
