"""Talks: who sits at the table, when rounds are held, what is negotiated, and what each wants."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from negsim.errors import did_you_mean
from negsim.language.draft import FAILED, Draft, scalars, text_of, truth
from negsim.language.emissions import emission, event_name
from negsim.language.keys import IN_PLACE, OPENING, POSITION, RED_LINE
from negsim.language.nodes import Items, KeyedEntry, KeyedNode, Node, Scalar
from negsim.language.origins import origin_if_any, origin_of
from negsim.language.quantities import NamesInScope, QuantityPlace, amount, day, seen, state_read
from negsim.language.scope import Scope
from negsim.language.shape import check, missing
from negsim.language.terms import OWN_TERMS, UTILITY
from negsim.scenario.expressions import Constant, Expression
from negsim.scenario.model import At, Emission, OnEvent, Origin, Position, RedLine, Standing, Talks
from negsim.scenario.types import WHOLE, Enumeration, Type
from negsim.scenario.words import UNSETTLED

MOST_AT_TABLE = 20
MOST_RED_LINES = 200
_NOWHERE = NamesInScope({}, {}, {}, partial=False)
_NUMBERS = ("opens", "every", "rounds")


def read_talks(draft: Draft) -> dict[str, Talks]:
    """All talks."""
    tables = list(draft.sections["talks"].tables())
    for name, key, _ in tables:
        if name in draft.rules:
            hint = "the log names what made an event: take another name for one of them"
            draft.problems.add(key, f"'{name}' is a rule already", hint)
    return {name: _talks(draft, key, node) for name, key, node in tables if name in draft.world.talks}


def _talks(draft: Draft, key: Scalar, node: KeyedNode) -> Talks:
    node = _opening(draft, key, node)
    origin = origin_if_any(draft, node)
    if origin is None and any(isinstance(node.get(word), KeyedNode) for word in _NUMBERS):
        hint = "a parameter that is written in place rests on what the talks rest on: give one"
        draft.problems.add(key, "neither `source` nor `assumption`", hint)
    place = QuantityPlace(draft, key.text, key.text, node, origin or Origin(Standing.ASSUMED), _NOWHERE)
    parties, consulted = _table(draft, key, node)
    issues = _issues(draft, key.text)
    condition, agreed = node.get("while"), node.get("agreed")
    return Talks(
        key.text,
        parties,
        consulted,
        opens=_opens(place),
        every=day(place, "every", guard="while") or FAILED,
        rounds=day(place, "rounds", guard="while") or FAILED,
        condition=truth(Scope(draft.world, condition), "`while`") if isinstance(condition, Scalar) else None,
        issues={name: kind.values for name, kind in issues.items() if isinstance(kind, Enumeration)},
        protocol=text_of(node, "protocol") or "alternating_offers",
        mediator=_mediator(draft, key, node),
        agreed=_agreed(draft, agreed, issues) if isinstance(agreed, Scalar) else None,
        reopens=_events(draft, node.get("reopens")),
        positions=_positions(draft, key, node, issues),
        origin=origin,
        note=text_of(node, "note"),
    )


# Who, and when.


def _table(draft: Draft, key: Scalar, node: KeyedNode) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parties and those consulted; problems where they are no actors, twice there, or alone."""
    seated: dict[str, str] = {}
    for word, role in _seats(node):
        before = seated.get(word.text)
        if before is not None:
            twice = "is named twice" if before == role else f"is one of the {before} already"
            hint = None if before == role else "a party must accept anyway; name it once"
            draft.problems.add(word, f"'{word.text}' {twice}", hint)
        elif _is_actor(draft, word):
            seated[word.text] = role
    given = [items for name in ("parties", "consulted") if isinstance(items := node.get(name), Items)]
    if not (node.broken & {"parties", "consulted"}) and sum(len(items.items) for items in given) == 1:
        draft.problems.add(
            given[0], "only one is at the table", "talks take two: parties, or a party and one consulted"
        )
    if len(seated) > MOST_AT_TABLE:
        draft.problems.add(key, f"more than {MOST_AT_TABLE} are at the table of `{key.text}`")
    parties = tuple(name for name, role in seated.items() if role == "parties")
    return parties, tuple(name for name in seated if name not in parties)


def _seats(node: KeyedNode) -> list[tuple[Scalar, str]]:
    return [(word, role) for role in ("parties", "consulted") for word in scalars(node.get(role))]


def _is_actor(draft: Draft, word: Scalar) -> bool:
    kind = draft.world.kind_of(word.text)
    if kind == "an actor":
        return True
    unread = draft.world.partial or word.text in draft.world.symbols
    if kind is not None:
        hint = "name its members that take part" if kind == "a group" else None
        draft.problems.add(word, f"'{word.text}' is {kind}, not an actor", hint)
    elif not unread:
        draft.problems.add(word, f"there is no actor '{word.text}'", did_you_mean(word.text, draft.world.all_actors()))
    return False


def _mediator(draft: Draft, key: Scalar, node: KeyedNode) -> str | None:
    word = node.get("mediator")
    single = text_of(node, "protocol") == "single_text"
    if single and not node.has("mediator"):
        hint = "with `single_text`, an actor that is not at the table puts the text forward"
        draft.problems.add(key, "`mediator` is missing", hint)
    if not isinstance(word, Scalar):
        return None
    if not single and "protocol" not in node.broken:
        draft.problems.add(node.entries["mediator"].key, "`mediator` goes with `protocol: single_text`")
    if word.text in {seat.text for seat, _ in _seats(node)}:
        draft.problems.add(word, f"'{word.text}' is at the table, and cannot mediate", "a mediator has no position")
        return None
    return word.text if _is_actor(draft, word) else None


def _opening(draft: Draft, key: Scalar, node: KeyedNode) -> KeyedNode:
    """The talks with `opens: {on: EVENT}` written as `on: EVENT`; problems where there is not one opening."""
    opens = node.get("opens")
    if node.has("opens") == node.has("on"):
        both = "both `opens` and `on`" if node.has("on") else "neither `opens` nor `on`"
        hint = "talks open on a day (`opens`) or with an event (`on`)"
        at = node.entries["on"].key if "on" in node.entries else key
        draft.problems.add(at, f"`{key.text}` has {both}", hint)
    if not isinstance(opens, KeyedNode):
        return node
    entries = {name: entry for name, entry in node.entries.items() if name != "opens"}
    if not any(opens.has(word) for word in ("on", *IN_PLACE.parts)):
        draft.problems.add(opens, "`opens` must be a day, a date, a parameter or `{on: EVENT}`")
        return attrs.evolve(node, entries=entries, broken=node.broken | {"opens"})
    shape = OPENING if opens.has("on") else IN_PLACE
    checked = check(opens, shape, "`opens`", draft.problems)
    broken = node.broken
    if not isinstance(checked, KeyedNode):
        return node
    if shape is IN_PLACE:
        entries["opens"] = KeyedEntry(node.entries["opens"].key, checked)
    elif "on" in checked.entries and not node.has("on"):
        entries["on"] = checked.entries["on"]
    else:
        broken = broken | {"on"}
    return attrs.evolve(node, entries=entries, broken=broken)


def _opens(place: QuantityPlace) -> At | OnEvent:
    if place.node.has("on"):
        return OnEvent(_events(place.draft, place.node.get("on")))
    return At(day(place, "opens", guard="while") or FAILED)


def _events(draft: Draft, node: Node | None) -> tuple[str, ...]:
    found: list[str] = []
    for word in scalars(node):
        name = event_name(Scope(draft.world, word))
        if name is not None and name in found:
            draft.problems.add(word, f"'{name}' is named twice")
        elif name is not None:
            found.append(name)
    return tuple(found)


# What is negotiated.


def _issues(draft: Draft, talks: str) -> dict[str, Type | None]:
    """The issues with the options that a package can have."""
    terms = draft.world.talks[talks] or {}
    found: dict[str, Type | None] = {}
    for name, kind in terms.items():
        if isinstance(kind, Enumeration) and name not in OWN_TERMS:
            found[name] = Enumeration(tuple(word for word in kind.values if word != UNSETTLED))
        elif kind is None:
            found[name] = None
    return found


def _agreed(draft: Draft, at: Scalar, issues: Mapping[str, Type | None]) -> Emission | None:
    return emission(Scope(draft.world, at, issues, partial=not issues))


# What each wants.


def _positions(draft: Draft, key: Scalar, node: KeyedNode, issues: Mapping[str, Type | None]) -> dict[str, Position]:
    positions = node.get("positions")
    if not isinstance(positions, KeyedNode):
        return {}
    seats: dict[str, Scalar] = {}
    for word, _ in _seats(node):
        seats.setdefault(word.text, word)
    sure = not node.broken & {"parties", "consulted"} and all(_is_actor(draft, word) for word in seats.values())
    for party, word in seats.items():
        if not positions.has(party) and draft.world.kind_of(party) == "an actor":
            draft.problems.add(word, f"`{party}` has no position", "each of those at the table has one")
    found: dict[str, Position] = {}
    for party, entry in positions.entries.items():
        if party not in seats:
            if sure:
                draft.problems.add(entry.key, f"'{party}' is not at the table", did_you_mean(party, seats))
        elif isinstance(entry.value, KeyedNode):
            draft.world.places["position", f"{key.text}.{party}"] = entry.key
            found[party] = _position(draft, (key.text, entry.key), entry.value, issues)
    return {word.text: found[word.text] for word, _ in _seats(node) if word.text in found}


def _position(draft: Draft, of: tuple[str, Scalar], node: KeyedNode, issues: Mapping[str, Type | None]) -> Position:
    talks, key = of
    missing(node, POSITION, key, draft.problems)
    origin = origin_of(draft, node, key)
    place = QuantityPlace(draft, talks, f"{talks}.{key.text}", node, origin, _NOWHERE)
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
    read = state_read(found.tree, draft)
    if read is not None:
        hint = "what changes with the state is a red line's `when`, and the fallback"
        draft.problems.add(at, f"{what} cannot depend on the state, and this reads `{read}`", hint)
    return read is not None


def _values(position: QuantityPlace, issues: Mapping[str, Type | None]) -> dict[tuple[str, str], Expression]:
    node, draft = position.node.get("values"), position.draft
    found: dict[tuple[str, str], Expression] = {}
    for issue, entry in node.entries.items() if isinstance(node, KeyedNode) else ():
        if issue not in issues:
            if draft.world.talks[position.rule] is not None:
                message = f"`{position.rule}` has no issue `{issue}`"
                draft.problems.add(entry.key, message, did_you_mean(issue, issues))
            continue
        if not isinstance(entry.value, KeyedNode):
            continue
        kind = issues[issue]
        known = frozenset(kind.values) if isinstance(kind, Enumeration) else None
        place = attrs.evolve(position, node=entry.value, path=f"{position.path}.{issue}")
        for option, each in entry.value.entries.items():
            if known is not None and option not in known:
                hint = did_you_mean(option, kind.values if isinstance(kind, Enumeration) else ())
                draft.problems.add(each.key, f"`{issue}` has no option '{option}'", hint)
                continue
            worth = amount(place, option)
            if worth is not None and not _refuse_state(draft, each.value, worth, "a value"):
                found[issue, option] = worth
    order = [(i, o) for i, kind in issues.items() if isinstance(kind, Enumeration) for o in kind.values]
    return {pair: found[pair] for pair in order if pair in found}


def _red_lines(position: QuantityPlace, issues: Mapping[str, Type | None]) -> dict[str, RedLine]:
    node, draft = position.node.get("red_lines"), position.draft
    found: dict[str, RedLine] = {}
    for index, (name, entry) in enumerate(node.entries.items() if isinstance(node, KeyedNode) else ()):
        if index == MOST_RED_LINES:
            draft.problems.add(entry.key, f"more than {MOST_RED_LINES} red lines")
            break
        if not draft.world.check_name(entry.key) or not isinstance(entry.value, KeyedNode):
            continue
        if name == UTILITY:
            hint = "it is what a refusal gives as its reason where no red line is broken; take another name"
            draft.problems.add(entry.key, f"a red line cannot be called '{UTILITY}'", hint)
        draft.world.places["red line", f"{position.path}.{name}"] = entry.key
        found[name] = _red_line(position, entry, issues)
    return found


def _red_line(position: QuantityPlace, entry: KeyedEntry, issues: Mapping[str, Type | None]) -> RedLine:
    node, draft = entry.value, position.draft
    assert isinstance(node, KeyedNode)  # noqa: S101  # the caller has looked
    missing(node, RED_LINE, entry.key, draft.problems)
    partial = draft.world.talks[position.rule] is None
    never, when = node.get("never"), node.get("when")
    broken = truth(Scope(draft.world, never, issues, partial=partial), "`never`") if isinstance(never, Scalar) else None
    if broken is not None and isinstance(never, Scalar):
        read = state_read(broken.tree, draft)
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
