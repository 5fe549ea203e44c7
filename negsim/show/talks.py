"""Talks in Markdown: who sits at the table, when rounds are held, what is negotiated, what each wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from negsim.log.text import emission_text, pattern_text
from negsim.scenario.model import Scenario
from negsim.scenario.rules import OnEvent
from negsim.scenario.talks import Position, Talks
from negsim.show.markdown import code, heading, listed, prose, table
from negsim.show.origin import origin_cell, origin_lines
from negsim.show.sentences import amount, day_words, days_words

WEIGHTS = (
    "What a package is worth to a party is the sum of its values, scaled so that its worst package is worth 0 and its"
    " best 1. These are weights that the model assumes, unless their origin says more. They compare packages for one"
    " party, and do not compare the parties."
)
STRATEGIES = {
    "aspiration": "what it asks for goes down as rounds pass",
    "tit_for_tat": "it yields in the measure in which the others did with their last offer",
}


def talks_lines(scenario: Scenario, talks: Talks, number: int) -> list[str]:
    """Talks as a part of the document."""
    lines = [f"##### {number}. {heading(talks.name)}", ""]
    lines += [_at_table(scenario, talks), "", _rounds(scenario, talks), "", _protocol(scenario, talks), ""]
    lines += ["What is negotiated; a package takes one option of each:", ""]
    lines += [*table(["Issue", "Options"], _issue_rows(talks)), ""]
    lines += [_agreement(scenario, talks), ""]
    if talks.origin is not None:
        lines += [*origin_lines(scenario, talks.origin), ""]
    if talks.note:
        lines += [f"Note: {prose(talks.note)}", ""]
    lines += [WEIGHTS, ""]
    return [*lines, *(line for position in talks.positions.values() for line in _position(scenario, talks, position))]


def _issue_rows(talks: Talks) -> Iterator[list[str]]:
    for issue, options in talks.issues.items():
        words = talks.option_words[issue]
        yield [_called(issue, talks.issue_words), ", ".join(_called(str(option), words) for option in options)]


def _called(name: str, given: Mapping[str, str]) -> str:
    """A name as expressions have it, after the author's words, if there are some."""
    return f"{prose(given[name])} ({code(name)})" if given.get(name, name) != name else code(name)


def _named(scenario: Scenario, actor: str) -> str:
    return prose(scenario.actors[actor].name)


def _at_table(scenario: Scenario, talks: Talks) -> str:
    parties = listed(f"**{_named(scenario, party)}**" for party in talks.parties)
    consulted = listed(f"**{_named(scenario, party)}**" for party in talks.consulted)
    text = f"At the table: {parties}"
    if len(talks.parties) > 1:
        text += ", in this order"
    text = f"{text}. Consulted (must accept too, never proposes): {consulted}." if consulted else f"{text}."
    if not talks.leavers:
        return text
    needed = listed(f"**{_named(scenario, party)}**" for party in talks.needs) or "any of them"
    return f"{text} Some can leave. Without {needed} nothing can be signed, nor by fewer than two: the talks end then."


def _rounds(scenario: Scenario, talks: Talks) -> str:
    step = scenario.calendar.step
    when = f"{step.on.capitalize()} {step.a} {step.on} which"
    every = f"every {days_words(scenario, talks.every)}"
    pause = "" if talks.condition is None else f" {when} {code(talks.condition.text)} is false none is held."
    match talks.opens:
        case OnEvent(events=events):
            first = f"The talks open when {_events(scenario, events)} is logged; from then on a round is held {every}"
        case opens:
            first = f"A round is held {every}, from {day_words(scenario, opens.day)} on"
    again = ""
    if talks.reopens:
        again = f" Talks that are over open again when {_events(scenario, talks.reopens)} is logged."
    return f"{first}; {amount(scenario, talks.rounds)} at most.{pause}{again}"


def _events(scenario: Scenario, names: tuple[str, ...]) -> str:
    return listed((f"{code(name)} (“{prose(pattern_text(scenario, scenario.events[name]))}”)" for name in names), "or")


def _protocol(scenario: Scenario, talks: Talks) -> str:
    if talks.mediator is not None:
        return (
            f"In a round **{_named(scenario, talks.mediator)}** mediates: one text is put forward, the package that the"
            " fewest at the table refuse, and each of them accepts or refuses it. Of several it is the one that all"
            " together like best, then the one that the least content likes best, then the earliest in the file."
        )
    return (
        "In a round one party proposes a package, in turn, and the others accept or refuse it. It is agreed when all"
        " accept. All know what all want."
    )


def _agreement(scenario: Scenario, talks: Talks) -> str:
    terms = listed(code(f"{talks.name}.{issue}") for issue in talks.issues)
    text = f"An agreement settles the terms, which can be read as state: {terms}, `unsettled` before."
    if talks.until_notice is not None:
        days = days_words(scenario, talks.until_notice)
        text += (
            f" It is in force for {days}, and runs on for as long again, until {_events(scenario, talks.notice)} is"
            f" logged: then it ends when its {scenario.calendar.plural} are over, and the terms are unsettled again."
        )
    if talks.agreed is None:
        return text
    emission = talks.agreed
    return f"{text} Then this is logged: “{prose(emission_text(scenario, emission))}” ({code(emission.text)})."


def _position(scenario: Scenario, talks: Talks, position: Position) -> list[str]:
    lines = [f"###### {_named(scenario, position.party)} ({code(f'{talks.name}.{position.party}')})", ""]
    if position.red_lines:
        head = ["Red line", "It never signs", "Holds", "Origin, note"]
        lines += [*table(head, _red_line_rows(position)), ""]
    else:
        lines += ["No red lines.", ""]
    if position.values:
        lines += [*table(["Issue", "What each option is worth to it"], _value_rows(scenario, talks, position)), ""]
    else:
        lines += ["All packages are worth the same to it.", ""]
    if position.cap is not None:
        lines += [f"A sum of values above {amount(scenario, position.cap)} counts as no more.", ""]
    if position.leaves is not None:
        lines += [f"It leaves the talks where {code(position.leaves.text)} holds as a round begins.", ""]
    lines += [_manner(scenario, position), "", *origin_lines(scenario, position.origin), ""]
    return [*lines, f"Note: {prose(position.note)}", ""] if position.note else lines


def _red_line_rows(position: Position) -> Iterator[list[str]]:
    for line in position.red_lines.values():
        note = f" Note: {prose(line.note)}" if line.note else ""
        when = "always" if line.when is None else f"while {code(line.when.text)}"
        name = code(line.name) if line.text is None else f"{prose(line.text)} ({code(line.name)})"
        yield [name, code(line.never.text), when, origin_cell(line.origin) + note]


def _value_rows(scenario: Scenario, talks: Talks, position: Position) -> Iterator[list[str]]:
    for issue, options in talks.issues.items():
        worth = {option: position.values.get((issue, option)) for option in options}
        if any(each is not None for each in worth.values()):
            shown = (f"{code(str(o))} {'0' if each is None else amount(scenario, each)}" for o, each in worth.items())
            yield [code(issue), ", ".join(shown)]


def _manner(scenario: Scenario, position: Position) -> str:
    fallback = f"To it no deal is worth {amount(scenario, position.fallback)}."
    concession = (
        f"Concession: {amount(scenario, position.concession)} (below 1: firm for long; above 1: it yields early)."
    )
    strategy = f"Strategy {code(position.strategy)}: {STRATEGIES[position.strategy]}."
    return f"{fallback} {strategy} {concession}" if position.strategy == "aspiration" else f"{fallback} {strategy}"
