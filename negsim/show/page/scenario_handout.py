"""A handout of a scenario, before anything is run, on one printed page: the record, the questions, the assumptions."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from negsim.ensemble.picture.setting_words import answer, asked, plain_question, question
from negsim.language.catalogue import called
from negsim.log.text import outcome_text, own_values
from negsim.scenario.held import open_questions
from negsim.scenario.model import Scenario
from negsim.scenario.record import Reading
from negsim.show.markdown import listed
from negsim.show.page.elements import Markup, code, paragraph, tag, together
from negsim.show.page.handout import ASSUMED, all_assumed, outcome_line, question_line, quoted, record_heading
from negsim.show.page.inputs import noted
from negsim.show.page.paper import HEADING, LETTERS, MOST_TEXT, Line, Listing, Paper, height, paper
from negsim.show.quotes import usage
from negsim.wording import counted, in_words


def scenario_handout(scenario: Scenario) -> str:
    """A scenario on one page."""
    page = paper(scenario.title)
    last = scenario.calendar.written(scenario.horizon_days)
    page.say(
        "What this is",
        f"A model of {_size(scenario)}: what follows from words on record, from how they are read, and from"
        f" assumptions, from {scenario.calendar.written(0)} to {last} at the latest. It is no forecast: a run of it"
        " shows what can follow, with one draw of chance.",
        *_who(scenario),
        *noted(scenario),
    )
    foot = _repeat(page, scenario)
    values = own_values(scenario)
    ends = [outcome_line(name, None, outcome_text(scenario, name, values)) for name in scenario.outcomes]
    page.lists(
        Listing("How a run can end", ends, "outcome", weight=3),
        Listing(record_heading(scenario), [*_record(scenario)], "statement", weight=2),
        Listing("Questions that the words leave open", [*_questions(scenario)], "question", weight=3),
        Listing(ASSUMED, all_assumed(scenario), "assumption"),
    )
    return page.written(scenario.title, "A scenario, not a forecast", "what is on record, and what is not", foot)


def _size(scenario: Scenario) -> str:
    """How much it is made of."""
    return (
        f"{counted(len(scenario.statements), 'statement')} from {counted(len(scenario.sources), 'source')},"
        f" {counted(len(scenario.rules), 'rule')} and {counted(len(open_questions(scenario)), 'open question')}"
    )


def _who(scenario: Scenario) -> Iterator[str]:
    """Who is in it: those who belong to no group by name, groups by how many they are."""
    grouped = {member for group in scenario.groups.values() for member in group.members}
    names = [actor.name for actor in scenario.actors.values() if actor.id not in grouped]
    names += [f"{in_words(each.id)} ({counted(len(each.members), 'member')})" for each in scenario.groups.values()]
    if names:
        yield f"In it: {', '.join(names)}."


def _record(scenario: Scenario) -> Iterator[Line]:
    """Statements, those that most rests on before others, in the order of the file."""
    found = usage(scenario).statements
    places = {each.statement.id: place for place, each in enumerate(found)}
    for each in sorted(found, key=lambda each: -len(each.uses)):
        yield quoted(scenario, each.statement.id, place=places[each.statement.id])


def _questions(scenario: Scenario) -> Iterator[Line]:
    values = own_values(scenario)
    for place, (name, every) in enumerate(open_questions(scenario).items()):
        alike = len({reading.default for reading in every}) == 1
        words = asked((question if alike else plain_question)(scenario, name, values))
        told = {option: answer(scenario, name, option, values) for option in every[0].options}
        given = dict.fromkeys(reading.default for reading in every)
        whose = {option: [reading for reading in every if reading.default == option] for option in given}
        said = [
            told[option] if len(given) == 1 else f"{_holders(scenario, whose[option])}: {told[option]}"
            for option in given
        ]
        others = [text for option, text in told.items() if option not in given]
        yield question_line(place, words, f"As given: {' '.join(said)}", others)


def _holders(scenario: Scenario, readings: Sequence[Reading]) -> str:
    """Those who answer a question alike."""
    return listed([scenario.actors[str(reading.holder)].name for reading in readings])


def _repeat(page: Paper, scenario: Scenario) -> Markup:
    """How it is run, at the foot of the page."""
    command = f"negsim run {shlex.quote(called(scenario.files))}"
    if height(command, LETTERS // 2) > MOST_TEXT:
        command = "negsim run SCENARIO.yaml"
    named = f"Scenario {scenario.hash[:12]}. Each seed, from 0 on, gives another run."
    page.room -= HEADING + height(command, LETTERS // 2) + height(named)
    return together(tag("h2", "To run it"), tag("pre", code(command)), paragraph(named, class_="soft"))
