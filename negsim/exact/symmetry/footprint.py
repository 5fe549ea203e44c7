"""What a turn may look at and change today, it and all that follows from it.

A footprint is worked out without running anything, so it says what may be, not what is: every option
counts, whatever it weighs, and an argument that hangs on the state can have every value of its field.
What is delayed is left out: it is a turn of its own on a later day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod

import attrs

from negsim.program.events import Change, Occurrence
from negsim.program.formula import Formula, MeaninglessError, new_state, set_slots
from negsim.program.layout import talks_variables
from negsim.program.options import BoundEmission
from negsim.program.program import Program
from negsim.program.rules import Instance
from negsim.scenario.rules import OnEvent, While
from negsim.scenario.types import Numbers, Truth, Type, Value, Whole, allowed
from negsim.scenario.words import DECIDED

MOST_OCCURRENCES = 5_000  # how many events one emission may stand for
MOST_NODES = 20_000  # how much one analysis looks at
LARGEST_DOMAIN = 1_000  # how many values a variable may have for its changes to be compared one by one

# What a change makes of each value that its variable can have, as numbers of values (-1: an error stops the
# run); a text for what talks do to themselves; nothing where it hangs on more than the variable.
Move = tuple[int, ...] | str | None
Node = tuple[str, Instance | Occurrence]  # ("turn" | "reaction" | "taking", instance), ("event", occurrence)


@attrs.frozen
class LookedAt:
    """Slots that are read at one place: of the rule or event of that name, under that key."""

    slots: frozenset[int]
    name: str
    key: str


@attrs.frozen
class TouchedAt:
    """One slot that an event changes, and how."""

    slot: int
    move: Move
    event: str


@attrs.frozen
class PartOfTurn:
    """What one step does by itself, and the steps that may follow today.

    `logs` are events that an `unless` waits for, `dropped` instances that an `unless` may drop between
    their trigger and their action, `later` what is put on the calendar. `unknown` says why it cannot be told.
    """

    looks: tuple[LookedAt, ...] = ()
    touches: tuple[TouchedAt, ...] = ()
    logs: tuple[Occurrence, ...] = ()
    dropped: tuple[Instance, ...] = ()
    later: tuple[Instance, ...] = ()
    follow: tuple[Node, ...] = ()
    unknown: str | None = None


@attrs.frozen
class Footprint:
    """What a turn may read and change, in all that follows from it today.

    `writes` gives for each slot how it may be changed. A slot that is changed by what it was before is read
    only where something else looks at it. The rest is as of `Part`.
    """

    reads: frozenset[int]
    writes: Mapping[int, frozenset[Move]]
    logs: tuple[Occurrence, ...]
    dropped: tuple[Instance, ...]
    later: tuple[Instance, ...]
    unknown: str | None


class Footprints:
    """The footprints of one program's turns. What is worked out is kept.

    `by` are actors who choose best: they see all that is, so nothing is apart from their choices.
    """

    def __init__(self, program: Program, *, by: Iterable[str] = ()) -> None:
        self.program = program
        self.by = frozenset(by)
        self._waited_for = {pattern.event for rule in program.scenario.rules.values() for pattern in rule.unless}
        self._parts: dict[Node, PartOfTurn] = {}
        self._footprints: dict[tuple[Node, ...], Footprint] = {}
        self._domains: dict[Type, tuple[tuple[Value, ...], Mapping[Value, int]]] = {}

    def turn(self, instance: Instance) -> Footprint:
        """The footprint of a `while`, `at` or `every` instance's turn."""
        return self.of(("turn", instance))

    def taking(self, instance: Instance) -> Footprint:
        """The footprint of an instance's action, from the moment it is about to be taken."""
        return self.of(("taking", instance))

    def of(self, *roots: Node) -> Footprint:
        """The footprint of first steps, taken together."""
        found = self._footprints.get(roots)
        if found is None:
            found = self._footprints[roots] = _together(self.parts(*roots))
        return found

    def parts(self, *roots: Node) -> Iterator[PartOfTurn]:
        """The steps that may come today from first ones, each once."""
        seen, open_nodes = set(roots), [*roots]
        while open_nodes:
            part = self._part(open_nodes.pop())
            yield part
            for node in part.follow:
                if node not in seen:
                    seen.add(node)
                    open_nodes.append(node)

    def _part(self, node: Node) -> PartOfTurn:
        part = self._parts.get(node)
        if part is None:
            if len(self._parts) >= MOST_NODES:
                return PartOfTurn(unknown="too much can follow from it to be looked at")
            kind, subject = node
            if isinstance(subject, Occurrence):
                part = self._event(subject)
            else:
                part = self._taking(subject) if kind == "taking" else self._trigger(subject)
            self._parts[node] = part
        return part

    # Rules.

    def _trigger(self, instance: Instance) -> PartOfTurn:
        """An instance's guards, chance and delay, at its turn or when its event is logged."""
        name, polled = instance.name, isinstance(instance.rule.trigger, While)
        guards = [("while", instance.condition if polled else None), ("when", instance.when)]
        guards.append(("chance", None if polled else instance.chance))
        if any(_is_never(guard) for _, guard in guards):
            return PartOfTurn()
        looks = [_look(guard, name, key) for key, guard in guards if guard is not None]
        looks += [_look(formula, name, "after") for formula in (instance.delay or ("", ()))[1]]
        looks += [_look(formula, name, "unless") for _, given in instance.unless for formula in given or ()]
        at_once, delayed = _when(instance)
        return PartOfTurn(
            looks=_open(looks),
            dropped=(instance,) if _may_be_dropped(instance) else (),
            later=(instance,) if delayed else (),
            follow=(("taking", instance),) if at_once else (),
        )

    def _taking(self, instance: Instance) -> PartOfTurn:
        """An instance's action: what it still looks at, what it may choose, what it emits."""
        name = instance.name
        looks = [] if instance.deed.still is None else [_look(instance.deed.still, name, "still")]
        if _is_never(instance.deed.still):
            return PartOfTurn()
        follow: list[Node] = []
        unknown = None
        if instance.rule.chooses and instance.deed.by in self.by:
            unknown = f"{instance.deed.by} chooses in rule `{name}`, and sees all that has changed"
        for option in instance.deed.options:
            if _is_never(option.when):
                continue
            if instance.rule.chooses:
                looks.append(_look(option.weight, name, "weight"))
                looks += [] if option.when is None else [_look(option.when, name, "when")]
                if not option.emits and instance.deed.by is not None:
                    follow.append(("event", self.program.occurrence(DECIDED, (name, option.name))))
            for emission in option.emits:
                looks += [_look(argument, name, "emit") for argument in emission.arguments]
                events = self._emitted(emission)
                if events is None:
                    unknown = f"rule `{name}` can emit `{emission.event}` with too many different arguments"
                follow += [("event", event) for event in events or ()]
        dropped = (instance,) if _may_be_dropped(instance) else ()
        return PartOfTurn(looks=_open(looks), dropped=dropped, follow=tuple(follow), unknown=unknown)

    def _emitted(self, emission: BoundEmission) -> list[Occurrence] | None:
        """All events that an emission may log; nothing where they are too many."""
        if emission.known is not None:
            return [emission.known]
        fields = self.program.scenario.events[emission.event].fields
        columns = [
            (argument.value,) if argument.fixed else values_of(field.type)
            for argument, field in zip(emission.arguments, fields, strict=True)
        ]
        if prod(map(len, columns)) > MOST_OCCURRENCES:
            return None
        found = []
        for values in product(*columns):
            try:
                found.append(self.program.occurrence(emission.event, values))
            except MeaninglessError:  # outside its field's bounds: the run stops there
                continue
        return found

    # Events.

    def _event(self, occurrence: Occurrence) -> PartOfTurn:
        name = occurrence.name
        looks = [_look(condition, name, "a measure") for _, _, condition in occurrence.counted if condition is not None]
        touches = [TouchedAt(slot, "now", name) for slot, _ in occurrence.clocks]
        for change in occurrence.changes:
            move = self._move(change)
            touches.append(TouchedAt(change.slot, move, name))
            if move is None:
                looks.append(_look(change.value, name, "set"))
        for table in occurrence.tables:
            own = [self.program.layout.slots[variable.name, table.name] for variable in talks_variables(table.talks)]
            touches += [TouchedAt(slot, f"{table.name}: {name}", name) for slot in own]
        return PartOfTurn(
            looks=_open(looks),
            touches=tuple(touches),
            logs=(occurrence,) if name in self._waited_for else (),
            follow=tuple(("reaction", instance) for instance in self.program.reactions(occurrence)),
        )

    def _move(self, change: Change) -> Move:
        """What a change makes of each value of its variable; nothing where it looks at more than that."""
        if not change.value.reads <= {change.slot}:
            return None
        values, numbers = self._domain(self.program.layout.variable_at[change.slot].type)
        if len(values) > LARGEST_DOMAIN:
            return None
        if change.value.fixed:
            return (numbers.get(change.value.value, -1),) * len(values)
        state = new_state(self.program.layout.initial)
        moves = []
        for value in values:
            set_slots(state, ((change.slot, value),))
            try:
                moves.append(numbers.get(change.value.read(state), -1))
            except (MeaninglessError, OverflowError):
                moves.append(-1)
        return tuple(moves)

    def _domain(self, kind: Type) -> tuple[tuple[Value, ...], Mapping[Value, int]]:
        found = self._domains.get(kind)
        if found is None:
            values = tuple(values_of(kind)[: LARGEST_DOMAIN + 1])
            found = self._domains[kind] = values, {value: number for number, value in enumerate(values)}
        return found


def values_of(kind: Type) -> range | tuple[Value, ...]:
    """The values of a type, in order; none for numbers without bounds."""
    match kind:
        case Truth():
            return False, True
        case Numbers():
            return kind.every
        case Whole(low=int() as low, high=int() as high):
            return range(low, high + 1)
        case _:
            return allowed(kind)


def commute(one: Move, other: Move) -> bool:
    """Whether two changes of a variable come to the same in either order."""
    if one is None or other is None:
        return False
    if one == other:
        return True
    if isinstance(one, str) or isinstance(other, str):
        return False
    return all(
        (-1 if second < 0 else one[second]) == (-1 if first < 0 else other[first])
        for first, second in zip(one, other, strict=True)
    )


def _together(parts: Iterable[PartOfTurn]) -> Footprint:
    reads: set[int] = set()
    writes: dict[int, set[Move]] = {}
    logs: dict[Occurrence, None] = {}
    dropped: dict[Instance, None] = {}
    later: dict[Instance, None] = {}
    unknown = None
    for part in parts:
        for look in part.looks:
            reads |= look.slots
        for touch in part.touches:
            writes.setdefault(touch.slot, set()).add(touch.move)
        logs |= dict.fromkeys(part.logs)
        dropped |= dict.fromkeys(part.dropped)
        later |= dict.fromkeys(part.later)
        unknown = unknown or part.unknown
    changes = {slot: frozenset(moves) for slot, moves in writes.items()}
    return Footprint(frozenset(reads), changes, tuple(logs), tuple(dropped), tuple(later), unknown)


def _look(formula: Formula, name: str, key: str) -> LookedAt:
    return LookedAt(formula.reads, name, key)


def _open(looks: Iterable[LookedAt]) -> tuple[LookedAt, ...]:
    return tuple(look for look in looks if look.slots)


def _is_never(formula: Formula | None) -> bool:
    """Whether a guard is false, or a chance 0, in every state."""
    return formula is not None and formula.fixed and not formula.value


def _may_be_dropped(instance: Instance) -> bool:
    """Whether an `unless` has time to drop an instance's action: it waits for its day, or in today's queue."""
    return bool(instance.unless) and (isinstance(instance.rule.trigger, OnEvent) or instance.delay is not None)


def _when(instance: Instance) -> tuple[bool, bool]:
    """Whether an instance's action may be taken at once, and whether it may be delayed."""
    if instance.delay is None:
        return True, False
    kind, numbers = instance.delay
    if kind == "geometric":
        return False, True
    low, high = numbers[0], numbers[-1]
    return not low.fixed or low.value == 0, not high.fixed or high.value > 0
