"""What is on the record, and who there is: sources, actors, groups, parameters and readings, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import attrs

from negsim.scenario.types import Type, Value


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
