"""Strategies that draw a whole scenario: as a text, or as the mapping that stands in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from negsim.testing.actors import actors, groups
from negsim.testing.author import Author, Document
from negsim.testing.definitions import definitions
from negsim.testing.events import events, history
from negsim.testing.inputs import parameters, readings
from negsim.testing.results import measures, outcomes
from negsim.testing.rules import rules
from negsim.testing.state import state
from negsim.testing.words import words
from negsim.testing.writing import to_text

LONGEST_HORIZON = 40

# In an order in which each finds the names it needs.
_SECTIONS: dict[str, Callable[[Author], Any]] = {
    "actors": actors,
    "groups": groups,
    "parameters": parameters,
    "readings": readings,
    "state": state,
    "define": definitions,
    "events": events,
    "history": history,
    "rules": rules,
    "outcomes": outcomes,
    "measures": measures,
}


def scenarios() -> st.SearchStrategy[str]:
    """Texts of small valid scenarios that use the whole language but talks, claims and sources."""
    return documents().map(to_text)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """The same scenarios before they are written out: mappings and lists of what stands in the text."""
    author = Author(draw)
    author.reckon()
    found: Document = {"negsim": "1", "title": "A generated scenario"}
    found["start"] = author.written(author.calendar.start)
    if not author.calendar.is_days:
        found["step"] = author.calendar.name
    found["horizon"] = str(author.number(0, LONGEST_HORIZON))
    for name, section in _SECTIONS.items():
        found[name] = section(author)
    words(author, found)
    return {name: section for name, section in found.items() if section}
