"""A logged event and the header of a run: the two kinds of line that a log is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import attrs

from negsim.scenario.choices import Fixed
from negsim.scenario.record import Origin, Standing
from negsim.scenario.settings import Settings
from negsim.scenario.streams import Draw
from negsim.scenario.types import Value

LOG_FORMAT = 2
MOST_ANCESTORS = 40  # of an event, that are told where no other number is asked for
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
ASSUMED_BY_USER = Origin(Standing.ASSUMED, (), "Put in by whoever made this fork.")


class LoggedEvent(NamedTuple):
    """One event of a run, as it is logged.

    `instance` are the actors bound by the rule's `for`; `actor` is who decided, where someone did;
    `cause` the seq of the event that triggered the rule; `triggered` the day of the trigger where the
    action came later. `chance` (0..1) is the chance that let the trigger through, `share` the option's
    share of the weights, each where one was drawn. A named tuple, for the sake of its size.
    """

    seq: int
    day: int
    date: str
    event: str
    fields: Mapping[str, Value]
    rule: str | None
    instance: tuple[str, ...]
    actor: str | None
    cause: int | None
    triggered: int | None
    origin: Origin
    option: str | None
    share: float | None
    chance: float | None


def as_json(event: LoggedEvent) -> dict[str, Any]:
    """The event with the keys of the log, in their order."""
    origin = event.origin
    return {
        "seq": event.seq,
        "day": event.day,
        "date": event.date,
        "event": event.event,
        "fields": dict(event.fields),
        "rule": event.rule,
        "instance": list(event.instance),
        "actor": event.actor,
        "cause": event.cause,
        "triggered": event.triggered,
        **origin_json(origin),
        "option": event.option,
        "share": event.share,
        "chance": event.chance,
    }


def origin_json(origin: Origin) -> dict[str, Any]:
    """An origin as the log writes it: `source` or `assumption`, and the author's step, if any."""
    assumed = origin.standing is Standing.ASSUMED
    return {
        "source": None if assumed else list(origin.statements),
        "inferred": origin.text if origin.standing is Standing.INFERRED else None,
        "assumption": origin.text if assumed else None,
    }


@attrs.frozen
class Intervention:
    """A change made right after the event `at` was logged (-1: before any).

    Other parameters, readings or choices from then on; an event put in (`emit`: event and fields); or
    the next event like `without` left out (its day, event, fields, rule, and which of several alike).
    """

    at: int
    parameters: Mapping[str, float] = attrs.Factory(dict)
    readings: Mapping[str, str] = attrs.Factory(dict)
    choices: tuple[Fixed, ...] = ()
    emit: Mapping[str, Any] | None = None
    without: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The intervention as the header writes it: only what it changes."""
        found: dict[str, Any] = {"at": self.at}
        if self.parameters:
            found["set"] = dict(self.parameters)
        if self.readings:
            found["read"] = dict(self.readings)
        if self.choices:
            found["choose"] = [choice.as_json() for choice in self.choices]
        if self.emit is not None:
            found["emit"] = dict(self.emit)
        if self.without is not None:
            found["without"] = dict(self.without)
        return found


def draw_json(draw: Draw) -> dict[str, Any]:
    """A draw as the header writes it."""
    stream = draw.stream
    return {
        "rule": stream.rule,
        "instance": list(stream.actors),
        "purpose": stream.purpose,
        "number": draw.number,
        "value": draw.value,
    }


@attrs.frozen
class Header:
    """All that a run depends on. The same header gives the same events, byte by byte.

    `luck` are draws that do not come from the seed.
    `parent` is the run that a fork came from.
    """

    title: str
    scenario_hash: str
    language: int
    start: str
    seed: int
    settings: Settings
    interventions: tuple[Intervention, ...] = ()
    luck: tuple[Draw, ...] = ()
    parent: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The header as the log writes it."""
        return {
            "negsim_log": LOG_FORMAT,
            "language": self.language,
            "scenario": {"title": self.title, "hash": self.scenario_hash, "start": self.start},
            "seed": self.seed,
            "parameters": dict(self.settings.parameters),
            "readings": dict(self.settings.readings),
            "policies": [choice.as_json() for choice in self.settings.choices],
            "interventions": [intervention.as_json() for intervention in self.interventions],
            "luck": [draw_json(draw) for draw in self.luck],
            "parent": self.parent,
        }

    def parameters_at(self, seq: int | None = None) -> Mapping[str, float]:
        """The parameters that held when an event was logged, or at the end: a fork may have changed some."""
        found = self.settings.parameters
        for each in sorted(self.interventions, key=lambda change: change.at):
            if each.parameters and (seq is None or each.at < seq):
                found = {**found, **each.parameters}
        return found

    @property
    def run_id(self) -> str:
        """The run's id: a hash of the header, 32 hexadecimal digits."""
        return digest(compact(self.as_json()).encode())


def compact(value: Any) -> str:
    """JSON in one line, in the order of the keys, without spaces."""
    return _encode(value)


def digest(data: bytes) -> str:
    """A 128-bit BLAKE2b hash, as hexadecimal digits."""
    return blake2b(data, digest_size=16).hexdigest()


@attrs.frozen
class Ending:
    """How a run ended: outcome, the day of the last dusk, and the measures (nothing where one is nothing)."""

    outcome: str
    day: int
    measures: Mapping[str, Any]


@attrs.frozen
class RunLog:
    """A whole run on record: header, events in order, ending. `files` are the scenario's texts, if kept."""

    header: Header
    events: Sequence[LoggedEvent]
    ending: Ending
    files: Mapping[str, str] | None = None
