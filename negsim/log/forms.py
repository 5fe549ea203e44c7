"""The forms that the lines of a log may have, checked while they are read, and what each says."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct, structs

from negsim.log.event import Ending, Header, Intervention
from negsim.scenario.choices import Fixed, FixedAspiration, FixedChoice
from negsim.scenario.record import Origin, Standing
from negsim.scenario.settings import Settings
from negsim.scenario.streams import Draw, Purpose, Stream

FieldValue = bool | int | float | str
Number = int | float
Count = Annotated[int, Meta(ge=0)]


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """A JSON object with these keys and no others."""


class ChoiceForm(Form, frozen=True):
    """A decision that was made beforehand; or, with `talks`, an answer for a seat."""

    decision: str = ""
    option: str = ""
    day: int | None = None
    actors: tuple[str, ...] | None = None
    nth: Count | None = None
    talks: str | None = None
    party: str = ""
    aspiration: Number = 0

    @property
    def value(self) -> Fixed:
        """The choice."""
        if self.talks is None:
            return FixedChoice(self.decision, self.option, self.day, self.actors, self.nth)
        return FixedAspiration(self.talks, self.party, self.nth or 0, self.aspiration)


class HappenedForm(Form, frozen=True):
    """An event that a fork puts in."""

    event: str
    fields: dict[str, FieldValue]


class LeftOutForm(Form, frozen=True):
    """The likeness of an event that a fork leaves out."""

    day: int
    event: str
    fields: dict[str, FieldValue]
    rule: str | None
    nth: Count


class InterventionForm(Form, frozen=True):
    """A change of a fork: only what it changes is there."""

    at: Annotated[int, Meta(ge=-1)]
    set: dict[str, Number] = {}
    read: dict[str, str] = {}
    choose: list[ChoiceForm] = []
    emit: HappenedForm | None = None
    without: LeftOutForm | None = None

    @property
    def value(self) -> Intervention:
        """The intervention."""
        return Intervention(
            self.at,
            self.set,
            self.read,
            tuple(each.value for each in self.choose),
            _mapping(self.emit),
            _mapping(self.without),
        )


class DrawForm(Form, frozen=True):
    """A draw that does not come from the seed."""

    rule: str
    instance: tuple[str, ...]
    purpose: Purpose
    number: Count
    value: Annotated[float, Meta(ge=0, lt=1)]

    @property
    def draw(self) -> Draw:
        """The draw."""
        return Draw(Stream(self.rule, self.instance, self.purpose), self.number, self.value)


class ScenarioForm(Form, frozen=True):
    """Which scenario a run is of."""

    title: str
    hash: str
    start: str


class FormatForm(Struct, frozen=True):
    """The first key of a log, and what else may be there."""

    negsim_log: int


class HeaderForm(Form, frozen=True):
    """The first line."""

    negsim_log: int
    language: int
    scenario: ScenarioForm
    seed: Count
    parameters: dict[str, Number]
    readings: dict[str, str]
    policies: list[ChoiceForm]
    interventions: list[InterventionForm]
    luck: list[DrawForm]
    parent: str | None
    run: str

    @property
    def value(self) -> Header:
        """The header."""
        return Header(
            title=self.scenario.title,
            scenario_hash=self.scenario.hash,
            language=self.language,
            start=self.scenario.start,
            seed=self.seed,
            settings=Settings(self.parameters, self.readings, tuple(each.value for each in self.policies)),
            interventions=tuple(each.value for each in self.interventions),
            luck=tuple(each.draw for each in self.luck),
            parent=self.parent,
        )


class FilesForm(Form, frozen=True):
    """The second line of a log that stands alone: the scenario's texts by path."""

    scenario_files: Annotated[dict[str, str], Meta(min_length=1)]


class EventForm(Form, frozen=True):
    """A line of an event."""

    seq: int
    day: int
    date: str
    event: str
    fields: dict[str, FieldValue]
    rule: str | None
    instance: tuple[str, ...]
    actor: str | None
    cause: Count | None
    triggered: int | None
    source: tuple[str, ...] | None
    inferred: str | None
    assumption: str | None
    option: str | None
    share: Number | None
    chance: Number | None

    @property
    def origin(self) -> Origin:
        """What the event rests on."""
        if self.source is None:
            return Origin(Standing.ASSUMED, (), self.assumption)
        standing = Standing.STATED if self.inferred is None else Standing.INFERRED
        return Origin(standing, self.source, self.inferred)


class EndingForm(Form, frozen=True):
    """How a run ended, and how many events it has."""

    outcome: str
    ended_on: int
    measures: dict[str, bool | int | float | None]
    events: int

    @property
    def value(self) -> Ending:
        """The ending."""
        return Ending(self.outcome, self.ended_on, self.measures)


class EndForm(Form, frozen=True):
    """The last line."""

    end: EndingForm


def _mapping(form: Form | None) -> dict[str, Any] | None:
    return None if form is None else structs.asdict(form)
