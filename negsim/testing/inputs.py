"""What is put into a drawn scenario: parameters and readings."""

from __future__ import annotations

from negsim.scenario.types import REAL, Enumeration, Whole
from negsim.testing.author import ASSUMED, Author, Document

_ANSWERS = ("narrow", "broad")
_OPTIONS = {"narrow": "Only what is named.", "broad": "All that is like it."}


def parameters(author: Author) -> Document:
    """A daily probability `odds`, a number of days `lag`, or neither."""
    odds = {"value": "0.2", "low": "0", "high": "1", "unit": "per day", **ASSUMED}
    found = author.some({"odds": odds, "lag": {"value": "2", "low": "1", "high": "5", **ASSUMED}})
    author.terms |= {name: REAL if name == "odds" else Whole(1, 5) for name in found}
    return found


def readings(author: Author) -> Document:
    """`scope`, narrow or broad, and `tone`, which each of some actors reads for itself; or one of them, or none."""
    found = author.some({"scope": {"options": _OPTIONS, "default": author.pick(_ANSWERS), **ASSUMED}})
    author.terms |= dict.fromkeys(found, Enumeration(_ANSWERS))
    return {**found, "tone": _held(author)} if author.coin() else found


def _held(author: Author) -> Document:
    """A reading that everyone holds, or a group, or one actor beside another group."""
    named = author.pick([["everyone"], ["bloc"], [author.actors[0], "bloc"], [*author.groups]])
    known = {"everyone": tuple(author.actors), **author.groups}
    holders = [*dict.fromkeys(holder for name in named for holder in known.get(name, (name,)))]
    author.terms |= {f"tone.{holder}": Enumeration(_ANSWERS) for holder in holders}
    for group, members in author.groups.items():
        if set(members) <= set(holders):
            author.held[group] = {"tone": Enumeration(_ANSWERS)}
    default: str | Document = author.pick(_ANSWERS)
    if author.coin():
        default = {author.pick(holders): author.pick(_ANSWERS), "else": author.pick(_ANSWERS)}
    return {
        "held_by": "everyone" if named == ["everyone"] else named,
        "options": _OPTIONS,
        "default": default,
        **ASSUMED,
    }
