"""What events do to talks: which events open them, and what an event sets of their own state."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.program.formula import State
from negsim.program.phases import AGREED, CLOSED, ENDED, LAPSED, MOVES, OPEN, WAITING
from negsim.program.table import Table
from negsim.scenario.rules import OnEvent
from negsim.scenario.types import Value
from negsim.scenario.words import UNSETTLED

Fields = Mapping[str, Value]


def convenes(event: str, table: Table) -> bool:
    """Whether an event can open talks, or open them again."""
    return _opens(event, table) or event in table.talks.reopens


def _opens(event: str, table: Table) -> bool:
    """Whether an event can open talks the first time."""
    opens = table.talks.opens
    return isinstance(opens, OnEvent) and event in opens.events


def concerns(event: str, fields: Fields, table: Table) -> bool:
    """Whether an event can change the talks' own state."""
    return convenes(event, table) or table.term.is_notice(event) or _is_move(event, fields, table)


def gives_notice(event: str, table: Table, state: State) -> bool:
    """Whether an event is the first notice of an agreement that is in force."""
    return table.term.is_notice(event) and state[table.phase_slot] == AGREED and not table.term.given(state)


def _is_move(event: str, fields: Fields, table: Table) -> bool:
    return event in MOVES and event in table.talks.says and fields.get("talks") == table.name


def changes(event: str, fields: Fields, table: Table, state: State) -> list[tuple[int, Value]]:
    """What an event sets of the talks' own state: (slot, value)."""
    phase = state[table.phase_slot]
    found: list[tuple[int, Value]] = []
    if gives_notice(event, table, state):
        found += table.term.sets(notice=True)
    if phase == WAITING and _opens(event, table):
        found.append((table.phase_slot, OPEN))
    if _is_move(event, fields, table):
        found += _moved(event, fields, table, state)
    if phase in CLOSED and event in table.talks.reopens:
        found += [(table.phase_slot, OPEN), (table.round_slot, 0), *_unsettled(table)]
        found += [*table.memory.forgotten(), *table.attendance.back()]
    return found


def _unsettled(table: Table) -> list[tuple[int, Value]]:
    """What it sets that no agreement is in force."""
    return [*((slot, UNSETTLED) for slot in table.term_slots), *table.term.sets(notice=False)]


def _moved(event: str, fields: Fields, table: Table, state: State) -> list[tuple[int, Value]]:
    """What the talks' own events set."""
    match event:
        case "offered" | "passed":
            found: list[tuple[int, Value]] = [
                (table.phase_slot, OPEN),
                (table.round_slot, state[table.round_slot] + 1),
            ]
            if event == "offered" and table.memory.slots:
                found += table.memory.offered(str(fields["party"]), _package_of(fields, table), state)
            return found
        case "agreed":
            terms = [fields[issue] for issue in table.issues]
            settled = zip(table.term_slots, terms, strict=True)
            return [(table.phase_slot, AGREED), *settled, *table.term.sets(notice=False)]
        case "lapsed":
            return [(table.phase_slot, LAPSED)]
        case "left":
            return table.attendance.gone(str(fields["party"]))
        case "ran_on":
            return table.term.sets(notice=False)
        case "ended":
            return [(table.phase_slot, ENDED), *_unsettled(table)]
        case _:
            return []


def _package_of(fields: Fields, table: Table) -> int:
    """The number of the package that an event's fields name."""
    number = 0
    for issue, options in table.talks.issues.items():
        number = number * len(options) + table.places[issue][fields[issue]]
    return number
