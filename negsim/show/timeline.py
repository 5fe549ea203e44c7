"""A run as a reader sees it: dated rows, and what stands behind each rule that made one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from negsim.clean import clean, is_web_address, one_line
from negsim.engine.run import Run
from negsim.log.event import ASSUMED_BY_USER, LoggedEvent
from negsim.scenario.model import Scenario
from negsim.scenario.record import Origin, Standing, Statement


@attrs.frozen
class TimelineRow:
    """One line of a timeline. `because` names the rule (with its instance) or says what else made the event."""

    seq: int
    date: str
    day: int
    text: str
    because: str
    standing: Standing


def rows(run: Run, events: Iterable[LoggedEvent] | None = None) -> list[TimelineRow]:
    """The timeline of a run, or of some of its events."""
    return [
        TimelineRow(e.seq, e.date, e.day, run.text(e.seq), because(e), e.origin.standing)
        for e in (run.events if events is None else events)
    ]


def because(event: LoggedEvent) -> str:
    """What made an event: the rule, its instance, its option and what it followed from."""
    if event.rule is None:
        return "put in by this fork" if event.origin == ASSUMED_BY_USER else "history"
    instance = f" [{', '.join(event.instance)}]" if event.instance else ""
    option = f": {event.option}" if event.option else ""
    cause = f", after {event.cause}" if event.cause is not None else ""
    return f"{event.rule}{instance}{option}{cause}"


def moment_words(at: int) -> str:
    """When a fork changes something, by the number of the event."""
    return f"after event {at}" if at >= 0 else "before any event"


@attrs.frozen
class Ground:
    """A rule that fired (or the history), and the words that it rests on."""

    name: str
    standing: Standing
    words: tuple[str, ...]


def grounds(run: Run) -> list[Ground]:
    """What stands behind the rules that made events in a run, in the order of the file."""
    fired = {event.rule for event in run.events}
    found = [
        Ground(rule.name, rule.origin.standing, tuple(words(run.scenario, rule.origin)))
        for rule in run.scenario.rules.values()
        if rule.name in fired
    ]
    return [*found, *_grounds_of_talks(run)]


def _grounds_of_talks(run: Run) -> list[Ground]:
    """The positions and red lines that spoke at talks, in the order of the file."""
    spoke = {(event.rule, event.actor) for event in run.events}
    refused = {(event.rule, event.actor, event.fields.get("reason")) for event in run.events}
    found = []
    for talks in run.scenario.talks.values():
        if talks.origin is not None and any(event.rule == talks.name for event in run.events):
            found.append(Ground(talks.name, talks.origin.standing, tuple(words(run.scenario, talks.origin))))
        for party, position in talks.positions.items():
            if (talks.name, party) in spoke:
                said = tuple(words(run.scenario, position.origin))
                found.append(Ground(f"{talks.name}: {party}", position.origin.standing, said))
            for line in position.red_lines.values():
                if (talks.name, party, line.name) in refused:
                    said = tuple(words(run.scenario, line.origin))
                    called = f" ({line.text})" if line.text else ""
                    name = f"{talks.name}: red line {party}.{line.name}{called}"
                    found.append(Ground(name, line.origin.standing, said))
    return found


def words(scenario: Scenario, origin: Origin) -> list[str]:
    """An origin in words: each statement with its speaker, the author's step, or the assumption."""
    found = [statement_words(scenario, name) for name in origin.statements]
    match origin.standing:
        case Standing.ASSUMED:
            found.append(f"Assumed: {origin.words}")
        case Standing.INFERRED:
            found.append(f"Inferred: {origin.words}")
        case Standing.STATED:
            pass
    return found


def brief_words(origin: Origin) -> str:
    """An origin in a few words: the statements by name, or the assumption."""
    match origin.standing:
        case Standing.ASSUMED:
            return f"assumed: {origin.words}"
        case Standing.INFERRED:
            return f"inferred from {', '.join(origin.statements)}: {origin.words}"
        case Standing.STATED:
            return f"stated in {', '.join(origin.statements)}"


def statement_words(scenario: Scenario, name: str) -> str:
    """A statement as a reader sees it: who said it of whom and when, the words, and the English."""
    statement = scenario.statements[name]
    said = f", {statement.said}" if statement.said else ""
    who = f"{speaker_words(statement)}{said}"
    if statement.reported is not None:
        return f"{who}, reported in the author's words: {one_line(statement.reported)}"
    quoted = " […] ".join(f"“{quote}”" for quote in statement.quotes)
    english = f" ({one_line(statement.english)})" if statement.english else ""
    return f"{who}: {one_line(quoted)}{english}"


def speaker_words(statement: Statement) -> str:
    """Who speaks, and of whom: `Press on Russia`."""
    about = f" on {statement.about}" if statement.about else ""
    return f"{statement.speaker or 'Speaker not named'}{about}"


def addresses(scenario: Scenario, statements: Iterable[str]) -> list[str]:
    """Addresses at which statements can be read, each once: their own, else those of their sources."""
    found = (scenario.statements[name] for name in statements)
    urls = (each.url or scenario.sources[each.source].url for each in found)
    return list(dict.fromkeys(clean(url) for url in urls if url and is_web_address(url)))


def number(value: Any) -> str:
    """A measure's value for a reader: whole where it is whole, three decimals else, `none` for nothing."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.3f}".rstrip("0").rstrip(".")
        case _:
            return str(value)
