"""What a scenario says, as frozen values. No YAML, no engine, no meaning of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import attrs

from negsim.html import html_table
from negsim.scenario.calendar_steps import Calendar
from negsim.scenario.clocks import Kept
from negsim.scenario.expressions import Expression, Node
from negsim.scenario.types import TermOption, Type, Value
from negsim.scenario.words import LEAVING_EVENTS, TALKS_EVENTS, TERM_EVENTS


class Standing(StrEnum):
    """How a thing stands on the record."""

    STATED = "stated"
    INFERRED = "inferred"
    ASSUMED = "assumed"


@attrs.frozen
class Origin:
    """Where a thing comes from: statements (with the author's step, if any), or an assumption.

    `text` is the step or the assumption as logs have it; `read` the same in the language that is read, if another.
    """

    standing: Standing
    statements: tuple[str, ...] = ()
    text: str | None = None
    read: str | None = attrs.field(default=None, eq=False)

    @property
    def words(self) -> str | None:
        """The author's step, or the assumption, for a reader."""
        return self.text if self.read is None else self.read


@attrs.frozen
class Source:
    """A published text that statements are taken from."""

    id: str
    title: str | None
    publisher: str | None
    date: str | None
    language: str | None
    url: str | None
    note: str | None = None


@attrs.frozen
class Statement:
    """One thing on the record: a speaker's words (`quotes`), or a narration (`reported`)."""

    id: str
    source: str
    speaker: str | None
    about: str | None
    said: str | None
    quotes: tuple[str, ...]
    reported: str | None
    english: str | None
    url: str | None
    sureness: str | None
    context: bool
    note: str | None = None


@attrs.frozen
class Actor:
    """Someone who acts: a state, a leader, an institution."""

    id: str
    name: str
    origin: Origin | None = None
    note: str | None = None


@attrs.frozen
class AttributeKind:
    """A fixed attribute that each member of a group has; `default` may be nothing."""

    name: str
    type: Type
    default: Value | None


@attrs.frozen
class Group:
    """Actors that are alike in kind, in roster order, with their fixed attributes.

    `given` holds the value of each (member, attribute), defaults filled in; `origins` the origin of
    each (member, attribute) that has one of its own.
    """

    id: str
    members: tuple[str, ...]
    attributes: Mapping[str, AttributeKind]
    given: Mapping[tuple[str, str], Value]
    origins: Mapping[tuple[str, str], Origin]
    origin: Origin | None = None
    note: str | None = None


@attrs.frozen
class Parameter:
    """A number with its range; `rule` names the rule that it is written in, if any."""

    name: str
    value: float
    low: float
    high: float
    unit: str | None
    whole: bool
    origin: Origin
    rule: str | None = None
    note: str | None = None


@attrs.frozen
class Reading:
    """A question that the words leave open, and the answers that they admit.

    One that is held is a reading for each holder, `of.holder` by name; one that is not has neither.
    """

    name: str
    question: str | None
    options: Mapping[str, str]
    default: str
    origin: Origin
    note: str | None = None
    of: str | None = None
    holder: str | None = None


@attrs.frozen
class StateVariable:
    """A variable of the state, or (with a group) one copy of it for each member.

    `initial` holds one value under the key `""`, or one for each member.
    """

    name: str
    group: str | None
    type: Type
    initial: Mapping[str, Value]
    origin: Origin | None = None
    note: str | None = None


@attrs.frozen
class Binder:
    """`name in group`."""

    name: str
    group: str


@attrs.frozen
class Definition:
    """A named expression, with actors as arguments where it has any."""

    name: str
    binders: tuple[Binder, ...]
    text: str
    tree: Node
    type: Type


@attrs.frozen
class Field:
    """A field of an event and the values that it can have."""

    name: str
    type: Type


@attrs.frozen
class Effect:
    """One line of `set:`. The target is a variable, one member's copy, or every member's copy.

    `of` is the member (nothing for a variable of the whole scenario); `every` says all members.
    """

    target: str
    variable: str
    group: str | None
    of: Node | None
    every: bool
    value: Expression


@attrs.frozen
class Event:
    """A kind of fact that can be logged: its fields, what it changes, and how it reads."""

    name: str
    fields: tuple[Field, ...]
    effects: tuple[Effect, ...]
    text: str | None
    origin: Origin | None = None
    note: str | None = None


@attrs.frozen
class Emission:
    """An event with its arguments, in the order of its fields."""

    text: str
    event: str
    arguments: tuple[Node, ...]


@attrs.frozen
class HistoryEntry:
    """A dated fact of the past; `day` counts from the scenario's start and may be negative.

    With `starts` rules that it triggers with a delay run from its day; `late` says what becomes of what was due before
    day 0: it comes `today`, on day 0, or `never`.
    """

    day: int
    emission: Emission
    origin: Origin
    note: str | None = None
    starts: bool = False
    late: str = "today"


@attrs.frozen
class OnEvent:
    """Trigger: each time one of these events is logged."""

    events: tuple[str, ...]


@attrs.frozen
class While:
    """Trigger: every day that begins with the condition true, with the rule's chance."""

    condition: Expression


@attrs.frozen
class At:
    """Trigger: once, on a day (an expression that reads no state)."""

    day: Expression


@attrs.frozen
class Every:
    """Trigger: every so many days (an expression that reads no state)."""

    days: Expression


Trigger = OnEvent | While | At | Every


@attrs.frozen
class FixedDelay:
    """`after: N`."""

    days: Expression


@attrs.frozen
class UniformDelay:
    """`after: uniform(a, b)`, whole days, ends included."""

    text: str
    low: Node
    high: Node


@attrs.frozen
class GeometricDelay:
    """`after: geometric(p)`: 1, 2, … days, a daily trial."""

    text: str
    chance: Node


Delay = FixedDelay | UniformDelay | GeometricDelay


@attrs.frozen
class EventPattern:
    """An event in `unless`; `arguments` is nothing where any occurrence matches."""

    text: str
    event: str
    arguments: tuple[Node, ...] | None


@attrs.frozen
class Option:
    """One way to act: what it emits, how much it weighs, and when it is open."""

    name: str
    emits: tuple[Emission, ...]
    weight: Expression | None = None
    when: Expression | None = None
    binder: Binder | None = None
    text: str | None = None


@attrs.frozen
class Rule:
    """A trigger, guards and an action.

    A rule with `emit:` has one option, without a name, and `chooses` false; nature decides where there is no `by`.
    """

    name: str
    trigger: Trigger
    binders: tuple[Binder, ...]
    options: tuple[Option, ...]
    chooses: bool
    origin: Origin
    from_day: Expression | None = None
    until_day: Expression | None = None
    when: Expression | None = None
    chance: Expression | None = None
    delay: Delay | None = None
    still: Expression | None = None
    unless: tuple[EventPattern, ...] = ()
    by: Expression | None = None
    note: str | None = None


@attrs.frozen
class RedLine:
    """What a party never signs: `never` reads the terms of a package, `when` the state; `text` is for readers."""

    name: str
    never: Expression
    when: Expression | None
    origin: Origin
    note: str | None = None
    text: str | None = None


@attrs.frozen
class Position:
    """What a party wants from talks.

    `values` gives what an option is worth to it, by (issue, option): numbers that read no state, 0 where none is given;
    a sum of values above `cap` counts as it. `fallback` is what no deal is worth (0..1, an expression over the state);
    `concession` the exponent of its aspiration, above 0. It leaves the talks where `leaves` holds, a condition over the
    state.
    """

    party: str
    red_lines: Mapping[str, RedLine]
    values: Mapping[tuple[str, TermOption], Expression]
    fallback: Expression
    concession: Expression
    strategy: str
    origin: Origin
    note: str | None = None
    cap: Expression | None = None
    leaves: Expression | None = None

    @property
    def numbers(self) -> tuple[Expression, ...]:
        """All that it puts numbers to: values, cap, fallback and concession."""
        cap = () if self.cap is None else (self.cap,)
        return (*self.values.values(), *cap, self.fallback, self.concession)


@attrs.frozen
class Talks:
    """Negotiations over a finite set of packages: the product of the issues' options, in file order.

    `parties` propose in their order; `consulted` must accept too. `opens` is a day (round 0), or an event (round 0 is
    `every` days after it). The protocol is `alternating_offers`, or `single_text` with a mediator. `issue_words` and
    `option_words` (by issue) are for readers, where the author gives some. Without those whom it `needs` nothing can be
    signed. An agreement is in force `until_notice`, so many days at a time, until one of the events `notice` comes;
    that number reads no state, and may read the terms by name. Without it an agreement stands.
    """

    name: str
    parties: tuple[str, ...]
    consulted: tuple[str, ...]
    opens: At | OnEvent
    every: Expression
    rounds: Expression
    condition: Expression | None
    issues: Mapping[str, tuple[TermOption, ...]]
    issue_words: Mapping[str, str]
    option_words: Mapping[str, Mapping[str, str]]
    protocol: str
    mediator: str | None
    agreed: Emission | None
    reopens: tuple[str, ...]
    positions: Mapping[str, Position]
    needs: tuple[str, ...] = ()
    until_notice: Expression | None = None
    notice: tuple[str, ...] = ()
    origin: Origin | None = None
    note: str | None = None

    @property
    def everybody(self) -> tuple[str, ...]:
        """All who must accept: the parties, then those consulted."""
        return (*self.parties, *self.consulted)

    @property
    def leavers(self) -> tuple[str, ...]:
        """Those of them who can leave the talks."""
        return tuple(party for party in self.everybody if self.positions[party].leaves is not None)

    @property
    def says(self) -> tuple[str, ...]:
        """The events that they log by themselves."""
        leaving = LEAVING_EVENTS if self.leavers else ()
        return (*TALKS_EVENTS, *leaving, *(() if self.until_notice is None else TERM_EVENTS))


@attrs.frozen
class Outcome:
    """A way a run can end up; the last one of a scenario has no condition."""

    name: str
    when: Expression | None
    ends: bool
    text: str | None = None
    note: str | None = None


@attrs.frozen
class Measure:
    """A number read off a run; its tree may hold observations."""

    name: str
    expression: Expression
    unit: str | None = None
    text: str | None = None
    note: str | None = None


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
