"""Paris is in English and in French: every text, and the same runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import pytest

import negsim
from negsim.language import check
from negsim.log.lines import write_lines
from negsim.scenario.model import Scenario
from negsim.scenario.record import Actor, Origin, Parameter, Reading, Source, Statement
from negsim.scenario.rules import Event, Measure, Option, Outcome, StateVariable
from negsim.scenario.talks import RedLine
from negsim.scenario.types import Enumeration
from negsim.scenario.words import DECIDED, TALKS_EVENTS

SECTIONS = (
    "sources", "statements", "actors", "groups", "parameters", "readings", "variables", "history", "rules", "talks",
    "outcomes", "measures",
)  # fmt: skip
NAMES = ("paris_2025", "paris_2025_unnamed")
# What is alike in both: names of people, of agencies and of some states.
ALIKE = {
    "AFP", "Reuters", "TV5 Monde", "UCDP", "PRIO", "PKSOI", "CSIS", "ACLED", "Euronews", "Palazzo Chigi",
    "warandpeaceblog.com", "counteroffensive.news", "Emmanuel Macron", "Volodymyr Zelensky", "Donald Trump",
    "Page Fortna", "Donald Tusk", "Nicușor Dan", "Dick Schoof", "Mette Frederiksen", "France", "Canada", "Luxembourg",
    "Portugal", "Ukraine", "armistice", "instrument",
}  # fmt: skip
SHOWN: dict[type, tuple[str, ...]] = {
    Source: ("title", "note"),
    Statement: ("speaker", "about", "reported", "note"),
    Actor: ("name", "note"),
    Parameter: ("unit", "note"),
    Reading: ("question", "note"),
    StateVariable: ("note",),
    Event: ("text", "note"),
    Option: ("text",),
    RedLine: ("text", "note"),
    Outcome: ("text", "note"),
    Measure: ("text", "unit", "note"),
    Origin: ("words",),
}


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_in_both_languages(name: str) -> None:
    assert check(name).notes == ()
    plain, french = (dict(texts(negsim.load(name, language=each))) for each in ("en", "fr"))
    assert plain.keys() == french.keys()
    same = {text for place, text in plain.items() if french[place] == text}
    assert same <= ALIKE, same - ALIKE


@pytest.mark.parametrize("name", NAMES)
def test_the_runs_are_the_same(name: str) -> None:
    plain, french = (negsim.run(negsim.load(name, language=each), seed=4) for each in ("en", "fr"))
    assert list(write_lines(plain.log)) == list(write_lines(french.log))
    assert french.text(4) == "La France dit que les garanties se déploient le jour où le conflit s'arrête."


def texts(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """All that readers are shown of the author's, by where it stands; what talks log is the program's."""
    yield "title", scenario.title
    for name, reading in scenario.readings.items():
        yield from ((f"{name}.{option}", text) for option, text in reading.options.items())
    for name, talks in scenario.talks.items():
        yield from ((f"{name}.{issue}", words) for issue, words in talks.issue_words.items())
    sections = {name: getattr(scenario, name) for name in SECTIONS}
    sections["events"] = {name: each for name, each in scenario.events.items() if name not in (DECIDED, *TALKS_EVENTS)}
    yield from _within("", sections)


def _within(place: str, found: Any) -> Iterator[tuple[str, str]]:
    if isinstance(found, Enumeration):
        yield from ((f"{place}.{name}", words) for name, words in found.words.items())
    elif isinstance(found, Mapping):
        for key, value in found.items():
            yield from _within(f"{place}.{key}", value)
    elif isinstance(found, tuple):
        for number, value in enumerate(found):
            yield from _within(f"{place}.{number}", value)
    elif attrs.has(type(found)):
        shown = {name: getattr(found, name) for name in SHOWN.get(type(found), ())}
        yield from ((f"{place}.{name}", text) for name, text in shown.items() if text is not None)
        for field in attrs.fields(type(found)):
            yield from _within(f"{place}.{field.name}", getattr(found, field.name))
