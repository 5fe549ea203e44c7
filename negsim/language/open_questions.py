"""Readings: the questions that the words leave open, and whose answers they have."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.errors import did_you_mean
from negsim.language.draft import Draft, text_of
from negsim.language.nodes import Items, KeyedNode, Node, Scalar
from negsim.language.origins import origin_of
from negsim.language.scope import HeldName
from negsim.language.templates import shown_text
from negsim.scenario.expressions import ReadingChoice
from negsim.scenario.held import held_name
from negsim.scenario.record import Reading
from negsim.scenario.types import Enumeration

ELSE, EVERYONE = "else", "everyone"
MOST_HELD = 5_000  # readings by holder, over all of a scenario


def read_readings(draft: Draft) -> None:
    """All readings; one that is held is a reading for each holder."""
    section = draft.sections["readings"]
    draft.world.symbols.update(dict.fromkeys(section.broken))
    for name, key, node in section.tables():
        if not draft.world.declare("a reading", key):
            continue
        draft.world.places["reading", name] = key
        draft.world.symbols[name] = None
        found = _reading(draft, node, key)
        if found is None:
            continue
        kind = Enumeration(tuple(found.options))
        if not node.has("held_by"):
            draft.world.symbols[name] = ReadingChoice(name, kind)
            draft.readings[name] = _with_default(draft, found, node.get("default"))
        elif (holders := _holders(draft, key, node)) is not None:
            del draft.world.symbols[name]
            draft.world.held[name] = HeldName(tuple(holders), kind)
            draft.readings |= _by_holder(draft, found, node.get("default"), holders)


def _reading(draft: Draft, node: KeyedNode, key: Scalar) -> Reading | None:
    """A reading without its default; nothing, with a problem, where its options are none."""
    name, origin = key.text, origin_of(draft, node, key)
    options = node.get("options")
    if not isinstance(options, KeyedNode) or options.broken:
        return None
    fine = [draft.world.check_name(entry.key) for entry in options.entries.values()]
    if not options.entries:
        draft.problems.add(options, f"`{name}` has no options")
    if not options.entries or not all(fine):
        return None
    return Reading(
        name,
        question=shown_text(draft, node, "question"),
        options={option: shown_text(draft, options, option) or "" for option in options.entries},
        default="",
        origin=origin,
        note=text_of(node, "note"),
    )


def _holders(draft: Draft, key: Scalar, node: KeyedNode) -> dict[str, Scalar] | None:
    """Who holds a reading, in the order of the file, each with the word that says so; nothing, with a problem, else."""
    said = node.get("held_by")
    words = (said,) if isinstance(said, Scalar) else said.items if isinstance(said, Items) else ()
    named = [word for word in words if isinstance(word, Scalar)]
    if said is None or isinstance(said, KeyedNode) or len(named) < len(words):
        return None
    if not named:
        hint = f"name actors or groups, or write {EVERYONE}"
        draft.problems.add(said, f"`{key.text}` is a reading held by nobody", hint)
        return None
    found: dict[str, Scalar] = {}
    fine = True
    for number, word in enumerate(named):
        if word.text in (other.text for other in named[:number]):
            draft.problems.add(word, f"'{word.text}' is named twice")
        actors = _actors(draft, word)
        fine = fine and actors is not None
        for actor in actors or ():
            found.setdefault(actor, word)
    if fine and not found:
        draft.problems.add(said, f"`{key.text}` is a reading held by nobody", "the scenario has no actors")
    if len(draft.readings) + len(found) > MOST_HELD:
        draft.problems.add(key, f"more than {MOST_HELD:,} readings, each holder's counted")
        return None
    return found if fine and found else None


def _actors(draft: Draft, word: Scalar) -> tuple[str, ...] | None:
    """Whom a word under `held_by` names; nothing, with a problem, where that is not known."""
    world, name = draft.world, word.text
    if name == EVERYONE and world.kind_of(name) is None:
        return world.all_actors()
    if name in world.groups:
        return world.groups[name]
    if world.kind_of(name) == "an actor":
        return (name,)
    if name not in world.symbols and not world.partial:
        hint = did_you_mean(name, [*world.all_actors(), *world.groups, EVERYONE])
        draft.problems.add(word, f"there is no actor and no group '{name}'", hint)
    return None


def _with_default(draft: Draft, reading: Reading, default: Node | None) -> Reading:
    """A reading that nobody holds has one default."""
    if isinstance(default, KeyedNode):
        hint = "write one answer, or say with `held_by` whose reading it is"
        draft.problems.add(default, f"`{reading.name}` is held by nobody, and has one default", hint)
    elif isinstance(default, Scalar):
        _check_option(draft, reading, default)
    return _answering(reading, default.text if isinstance(default, Scalar) else "")


def _by_holder(
    draft: Draft, reading: Reading, default: Node | None, holders: Mapping[str, Scalar]
) -> dict[str, Reading]:
    """A reading for each holder."""
    defaults = _defaults(draft, reading, default, tuple(holders))
    found = {}
    for holder, place in holders.items():
        name = held_name(reading.name, holder)
        draft.world.places["reading", name] = place
        found[name] = _answering(reading, defaults.get(holder, ""), name=name, holder=holder)
    return found


def _defaults(draft: Draft, reading: Reading, default: Node | None, holders: tuple[str, ...]) -> dict[str, str]:
    """The default of each holder: one for all, or as a mapping says."""
    if isinstance(default, Scalar):
        _check_option(draft, reading, default)
        return dict.fromkeys(holders, default.text)
    if not isinstance(default, KeyedNode):
        return {}
    given: dict[str, str] = {}
    for name, entry in default.entries.items():
        if name not in holders and name != ELSE:
            hint = did_you_mean(name, [*holders, ELSE])
            draft.problems.add(entry.key, f"'{name}' does not hold `{reading.name}`", hint)
        if isinstance(entry.value, Scalar):
            _check_option(draft, reading, entry.value)
            given[name] = entry.value.text
    lacking = [holder for holder in holders if holder not in given]
    if lacking and not default.has(ELSE) and not default.broken:
        message = f"`{reading.name}` has no default for {lacking[0]}"
        draft.problems.add(default, message, f"give one, or an `{ELSE}`")
    return {holder: given.get(holder, given.get(ELSE, "")) for holder in holders}


def _check_option(draft: Draft, reading: Reading, default: Scalar) -> None:
    if default.text not in reading.options:
        hint = did_you_mean(default.text, reading.options)
        draft.problems.add(default, f"'{default.text}' is no option of `{reading.name}`", hint)


def _answering(reading: Reading, default: str, *, name: str | None = None, holder: str | None = None) -> Reading:
    return Reading(
        name or reading.name,
        reading.question,
        reading.options,
        default,
        reading.origin,
        reading.note,
        of=None if holder is None else reading.name,
        holder=holder,
    )
