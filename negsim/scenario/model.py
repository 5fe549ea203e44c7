"""What a scenario says, as one frozen value. No YAML, no engine, no meaning of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from negsim.html import html_table
from negsim.scenario.calendar_steps import Calendar
from negsim.scenario.clocks import Kept
from negsim.scenario.record import Actor, Group, Parameter, Reading, Source, Statement
from negsim.scenario.rules import Definition, Event, HistoryEntry, Measure, Outcome, Rule, StateVariable
from negsim.scenario.talks import Talks
from negsim.scenario.words import LEAVING_EVENTS, TALKS_EVENTS, TERM_EVENTS


@attrs.frozen(repr=False)
class Scenario:
    """A checked scenario. Every mapping is in the order of the file.

    `events` ends with the built-in `decided(rule, option)` where a rule is a decision, and with the events of talks
    where there are some. `files` are the texts it was read from, the root first, by path relative to the root's
    folder; `hash` identifies their content. `languages` are those of its texts, if it names them, `tongue` the one
    that is read; `title_on_record` is the title in the first, which logs have. `clocks` are what it has to remember for
    `days_since`, and `looks_at_day` says that an expression asks for the day.
    """

    title: str
    language: int
    calendar: Calendar
    horizon_days: int
    sources: Mapping[str, Source]
    statements: Mapping[str, Statement]
    actors: Mapping[str, Actor]
    groups: Mapping[str, Group]
    parameters: Mapping[str, Parameter]
    readings: Mapping[str, Reading]
    variables: Mapping[str, StateVariable]
    definitions: Mapping[str, Definition]
    events: Mapping[str, Event]
    history: tuple[HistoryEntry, ...]
    rules: Mapping[str, Rule]
    outcomes: Mapping[str, Outcome]
    measures: Mapping[str, Measure]
    files: Mapping[str, str]
    hash: str
    talks: Mapping[str, Talks] = attrs.field(factory=dict)
    note: str | None = None
    languages: tuple[str, ...] = ()
    tongue: str | None = None
    title_on_record: str = attrs.field(default=attrs.Factory(lambda self: self.title, takes_self=True))
    looks_at_day: bool = False
    clocks: tuple[Kept, ...] = ()

    @property
    def start(self) -> date:
        """The date of day 0."""
        return self.calendar.start

    @property
    def said_at_talks(self) -> tuple[str, ...]:
        """The events that its talks log by themselves, in their order."""
        said = {event for talks in self.talks.values() for event in talks.says}
        return tuple(event for event in (*TALKS_EVENTS, *LEAVING_EVENTS, *TERM_EVENTS) if event in said)

    def date_of(self, day: int) -> date:
        """The calendar date of a day (day 0 is `start`); of an hour its moment, with the time."""
        return self.calendar.date_of(day)

    def __repr__(self) -> str:
        return f"<Scenario {self.title!r} {self.hash[:12]}>"

    def _repr_html_(self) -> str:
        """The scenario as a table, for a notebook: what it holds, by name."""
        sections = ("actors", "groups", "parameters", "readings", "rules", "talks", "outcomes", "measures")
        rows = [(section, ", ".join(getattr(self, section))) for section in sections if getattr(self, section)]
        foot = f"from {self.calendar.written(0)}, {self.horizon_days} {self.calendar.plural}"
        return html_table(self.title, ("what", "names"), rows, foot=foot)
