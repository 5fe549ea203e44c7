"""Talks: when they open and rounds are held, and what is negotiated. Who sits there and what each wants: beside it."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from negsim.language.departures import read_needs
from negsim.language.draft import FAILED, Draft, text_of, truth
from negsim.language.emissions import emission, events_named
from negsim.language.key_parts import IN_PLACE
from negsim.language.nodes import KeyedEntry, KeyedNode, Scalar
from negsim.language.origins import origin_if_any
from negsim.language.positions import read_positions
from negsim.language.quantities import NOWHERE, QuantityPlace, day
from negsim.language.running_terms import read_term
from negsim.language.scope import Scope
from negsim.language.seats import read_mediator, read_table
from negsim.language.structure import check
from negsim.language.talks_keys import OPENING
from negsim.language.terms import OWN_TERMS
from negsim.language.value_words import distinct
from negsim.scenario.record import Origin, Standing
from negsim.scenario.rules import At, Emission, OnEvent
from negsim.scenario.talks import Talks
from negsim.scenario.types import Enumeration, Numbers, Type, options_of
from negsim.scenario.words import UNSETTLED

_NUMBERS = ("opens", "every", "rounds", "until_notice")


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
    place = QuantityPlace(draft, key.text, key.text, node, origin or Origin(Standing.ASSUMED), NOWHERE)
    parties, consulted = read_table(draft, key, node)
    issues = _issues(draft, key.text)
    condition, agreed = node.get("while"), node.get("agreed")
    until_notice, notice = read_term(place, issues)
    return Talks(
        key.text,
        parties,
        consulted,
        opens=_opens(place),
        every=day(place, "every", guard="while") or FAILED,
        rounds=day(place, "rounds", guard="while") or FAILED,
        condition=truth(Scope(draft.world, condition), "`while`") if isinstance(condition, Scalar) else None,
        issues={name: options_of(kind) for name, kind in issues.items() if kind is not None},
        issue_words=_issue_words(draft, node),
        option_words={n: kind.words for n, kind in issues.items() if isinstance(kind, Enumeration | Numbers)},
        protocol=text_of(node, "protocol") or "alternating_offers",
        mediator=read_mediator(draft, key, node),
        agreed=_agreed(draft, agreed, issues) if isinstance(agreed, Scalar) else None,
        reopens=events_named(draft, node.get("reopens")),
        positions=read_positions(draft, key, node, issues),
        needs=read_needs(draft, node),
        until_notice=until_notice,
        notice=notice,
        origin=origin,
        note=text_of(node, "note"),
    )


# When.


def _opening(draft: Draft, key: Scalar, node: KeyedNode) -> KeyedNode:
    """The talks with `opens: {on: EVENT}` written as `on: EVENT`; problems where there is not one opening."""
    opens, step = node.get("opens"), draft.problems.step
    if node.has("opens") == node.has("on"):
        both = "both `opens` and `on`" if node.has("on") else "neither `opens` nor `on`"
        hint = f"talks open {step.on} {step.a} (`opens`) or with an event (`on`)"
        at = node.entries["on"].key if "on" in node.entries else key
        draft.problems.add(at, f"`{key.text}` has {both}", hint)
    if not isinstance(opens, KeyedNode):
        return node
    entries = {name: entry for name, entry in node.entries.items() if name != "opens"}
    if not any(opens.has(word) for word in ("on", *IN_PLACE.parts)):
        draft.problems.add(opens, f"`opens` must be {step.a}, a date, a parameter or `{{on: EVENT}}`")
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
        return OnEvent(events_named(place.draft, place.node.get("on")))
    return At(day(place, "opens", guard="while") or FAILED)


# What is negotiated.


def _issues(draft: Draft, talks: str) -> dict[str, Type | None]:
    """The issues with the options that a package can have."""
    terms = draft.world.talks[talks] or {}
    found: dict[str, Type | None] = {}
    for name, kind in terms.items():
        if isinstance(kind, Enumeration) and name not in OWN_TERMS:
            found[name] = Enumeration(tuple(word for word in kind.values if word != UNSETTLED), kind.words)
        elif isinstance(kind, Numbers):
            found[name] = attrs.evolve(kind, unsettled=False)
        elif kind is None:
            found[name] = None
    return found


def _issue_words(draft: Draft, node: KeyedNode) -> dict[str, str]:
    issues = node.get("issues")
    entries = issues.entries.items() if isinstance(issues, KeyedNode) else ()
    return distinct(draft, ((name, e.value.get("text")) for name, e in entries if isinstance(e.value, KeyedNode)))


def _agreed(draft: Draft, at: Scalar, issues: Mapping[str, Type | None]) -> Emission | None:
    return emission(Scope(draft.world, at, issues, partial=not issues))
