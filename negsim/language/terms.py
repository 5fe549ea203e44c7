"""The names that talks bring: their own, their terms, and the events that they log."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from negsim.clean import on_one_line
from negsim.language.departures import can_be_left
from negsim.language.draft import Draft, scalars, text_of
from negsim.language.nodes import KeyedEntry, KeyedNode, Node, Scalar
from negsim.language.options import read_options
from negsim.language.scope import Signature
from negsim.language.structure import missing
from negsim.language.talks_keys import ISSUE
from negsim.scenario.called import issues_called
from negsim.scenario.rules import Event, Field
from negsim.scenario.talks import Talks
from negsim.scenario.types import ActorOf, Enumeration, Numbers, Type, Whole, options_of
from negsim.scenario.words import LEAVING_EVENTS, TALKS_EVENTS, TERM_EVENTS, UNSETTLED
from negsim.wording import in_words

UTILITY = "utility"
PHASES = ("waiting", "open", "agreed", "lapsed")
ENDED = "ended"  # a phase of those whose agreements run for a term
# The terms of all talks beside their issues; and the fields of their events.
OWN_TERMS: Mapping[str, Type] = {"phase": Enumeration(PHASES), "round": Whole(0, 100_000)}
OWN_FIELDS = ("talks", "party", "reason", "worth", "aspiration")

MOST_TALKS = 20
MOST_ISSUES = 50
MOST_PACKAGES = 1_000_000


def declare_talks(draft: Draft) -> None:
    """The name of each talks, and the terms that can be asked of it."""
    section, world = draft.sections["talks"], draft.world
    world.talks.update(dict.fromkeys(section.broken))
    for index, (name, key, node) in enumerate(section.tables()):
        if index == MOST_TALKS:
            draft.problems.add(key, f"more than {MOST_TALKS} talks")
        if world.declare("the name of talks", key):
            world.places["talks", name] = key
            world.talks[name] = _terms(draft, key, node)
    if world.talks:
        nodes = [node for _, _, node in section.tables()]
        said = [*TALKS_EVENTS, *(LEAVING_EVENTS if any(map(can_be_left, nodes)) else ())]
        said += TERM_EVENTS if any(node.has("until_notice") for node in nodes) else ()
        world.said_at_talks = frozenset(said)


def _terms(draft: Draft, key: Scalar, node: KeyedNode) -> Mapping[str, Type | None] | None:
    issues = node.get("issues")
    if not isinstance(issues, KeyedNode):
        return None
    found: dict[str, Type | None] = dict.fromkeys(issues.broken)
    for name, entry in issues.entries.items():
        found[name] = None
        if draft.world.check_name(entry.key):
            draft.world.places["issue", f"{key.text}.{name}"] = entry.key
            found[name] = _with_unsettled(read_options(draft, entry.key, _options_of(draft, entry)))
    if not found:
        draft.problems.add(issues, f"`{key.text}` has no issues", "say what is negotiated, and the options of each")
        return None
    _check_sizes(draft, key, found)
    phases = (*PHASES, *((ENDED,) if node.has("until_notice") else ()))
    return {**found, **OWN_TERMS, "phase": Enumeration(phases)}


def _with_unsettled(kind: Enumeration | Numbers | None) -> Enumeration | Numbers | None:
    """What a term can be, by what an issue can be settled on."""
    if isinstance(kind, Numbers):
        return attrs.evolve(kind, unsettled=True)
    return None if kind is None else Enumeration((*kind.values, UNSETTLED), kind.words)


def _options_of(draft: Draft, entry: KeyedEntry) -> Node | None:
    """What an issue says of its options: all that stands there, or what stands under `options`."""
    if not isinstance(entry.value, KeyedNode):
        return entry.value
    missing(entry.value, ISSUE, entry.key, draft.problems)
    return entry.value.get("options")


def _check_sizes(draft: Draft, key: Scalar, terms: Mapping[str, Type | None]) -> None:
    packages = 1
    for kind in terms.values():
        packages *= len(options_of(kind)) or 1
    if len(terms) > MOST_ISSUES:
        draft.problems.add(key, f"`{key.text}` has more than {MOST_ISSUES} issues")
    elif packages > MOST_PACKAGES:
        hint = "leave out options, or issues that no position turns on"
        draft.problems.add(key, f"`{key.text}` has {packages:,} packages, more than {MOST_PACKAGES:,}", hint)


def declare_talks_events(draft: Draft) -> None:
    """The events that talks log, for all that names events."""
    world = draft.world
    if not world.talks:
        return
    for talks, terms in world.talks.items():
        for issue in terms or ():
            _check_issue(draft, talks, issue)
    issues = _issue_fields(draft)
    talks_field = {"talks": Enumeration(tuple(world.talks))}
    party = {"party": ActorOf(_everybody(draft))}
    refusal: dict[str, Type | None] = {
        "reason": _reasons(draft),
        "worth": Whole(0, 1000),
        "aspiration": Whole(0, 1000),
    }
    world.events["offered"] = Signature({**talks_field, **party, **issues})
    world.events["passed"] = Signature({**talks_field, **party})
    world.events["refused"] = Signature({**talks_field, **party, **refusal, **issues})
    world.events["agreed"] = Signature({**talks_field, **party, **issues})
    world.events["lapsed"] = Signature({**talks_field})
    for name in (*LEAVING_EVENTS, *TERM_EVENTS):
        if name in world.said_at_talks:
            world.events[name] = Signature({**talks_field, **(party if name in LEAVING_EVENTS else {})})


def _check_issue(draft: Draft, talks: str, issue: str) -> None:
    world = draft.world
    key = world.places.get(("issue", f"{talks}.{issue}"))
    if key is None:
        return
    taken = "a term of all talks" if issue in OWN_TERMS else world.taken_by(issue)
    taken = "a field of the events of talks" if issue in OWN_FIELDS else taken
    if taken is not None:
        draft.problems.add(key, f"'{issue}' is already {taken}", "take another name for the issue")


def _issue_fields(draft: Draft) -> dict[str, Type | None]:
    """Each issue over all talks, in order, with the options of all talks that have it."""
    known: dict[str, Enumeration | Numbers] = {}
    unknown: set[str] = set()
    for talks, terms in draft.world.talks.items():
        for issue, kind in (terms or {}).items():
            if issue in OWN_TERMS:
                continue
            if not isinstance(kind, Enumeration | Numbers):
                unknown.add(issue)
                known.setdefault(issue, Enumeration(()))
                continue
            both = _either(known[issue], kind) if options_of(known.get(issue)) else kind
            if both is None:
                hint = "take another name for one of them: events have the issues of all talks as fields"
                at = draft.world.places["issue", f"{talks}.{issue}"]
                draft.problems.add(at, f"`{issue}` is a number in one place and a word in another", hint)
            known[issue] = both or kind
    return {issue: None if issue in unknown else kind for issue, kind in known.items()}


def _either(one: Enumeration | Numbers, other: Enumeration | Numbers) -> Enumeration | Numbers | None:
    """The type of an issue that several talks have; nothing where it is a number here and a word there."""
    words = {**other.words, **one.words}
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        values = tuple(dict.fromkeys((*one.values, *other.values)))
        return Numbers(min(values), max(values), values, words, unsettled=True)
    if isinstance(one, Numbers) or isinstance(other, Numbers):
        return None
    options = dict.fromkeys(word for word in (*one.values, *other.values) if word != UNSETTLED)
    return Enumeration((*options, UNSETTLED), words)


def _everybody(draft: Draft) -> tuple[str, ...]:
    """All who sit at a table, in order; then those who mediate."""
    tables = [node for _, _, node in draft.sections["talks"].tables()]
    seated = [word for node in tables for key in ("parties", "consulted") for word in scalars(node.get(key))]
    seated += [word for node in tables for word in scalars(node.get("mediator"))]
    return tuple(dict.fromkeys(word.text for word in seated if draft.world.kind_of(word.text) == "an actor"))


def _reasons(draft: Draft) -> Enumeration:
    """Why a package can be refused: red lines by name, with their words unless several of a name have others."""
    found: dict[str, set[str | None]] = {}
    for _, _, node in draft.sections["talks"].tables():
        positions = node.get("positions")
        for entry in positions.entries.values() if isinstance(positions, KeyedNode) else ():
            lines = entry.value.get("red_lines") if isinstance(entry.value, KeyedNode) else None
            for name, line in lines.entries.items() if isinstance(lines, KeyedNode) else ():
                words = text_of(line.value, "text") if isinstance(line.value, KeyedNode) else None
                found.setdefault(name, set()).add(words)
    names = [name for name in found if name != UTILITY]
    said = {name: next(iter(found[name])) for name in names if len(found[name]) == 1}
    return Enumeration((*names, UTILITY), {name: on_one_line(words) for name, words in said.items() if words})


def check_names_of_fields(draft: Draft) -> None:
    """Says what has a name that would hide a field of the events of talks."""
    for name in OWN_FIELDS if draft.world.talks else ():
        key = draft.world.declared_at(name)
        if key is not None:
            taken = draft.world.kind_of(name)
            draft.problems.add(key, f"'{name}' is {taken}, and a field of the events of talks", "take another name")


def talks_events(draft: Draft, talks: Mapping[str, Talks]) -> dict[str, Event]:
    """The events that talks log, with how they read."""
    if not draft.world.talks:
        return {}
    of = "" if len(draft.world.talks) == 1 else "{talks}: "
    called = issues_called(talks.values())
    package = ", ".join(f"{in_words(issue, called)} {{{issue}}}" for issue in _issue_fields(draft))
    texts = {
        "offered": f"{of}{{party}} offers: {package}.",
        "passed": f"{of}{{party}} passes.",
        "refused": f"{of}{{party}} refuses ({{reason}}).",
        "agreed": f"{of}The parties agree: {package}.",
        "lapsed": "The talks end without agreement ({talks}).",
        "left": f"{of}{{party}} leaves the talks.",
        "ended": "The agreement ends ({talks}).",
        "ran_on": "The agreement runs on ({talks}).",
    }
    found: dict[str, Event] = {}
    for name, text in texts.items():
        if name not in draft.world.said_at_talks:
            continue
        signature = draft.world.events[name]
        fields = signature.fields if signature is not None else {}
        typed = tuple(Field(field, kind) for field, kind in fields.items() if kind is not None)
        found[name] = Event(name, typed, (), text)
    return found
