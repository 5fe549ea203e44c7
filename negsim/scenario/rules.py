"""What can happen and what follows from what: state, events, history, rules, outcomes, measures, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from negsim.scenario.expressions import Expression, Node
from negsim.scenario.record import Origin
from negsim.scenario.types import Type, Value


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
