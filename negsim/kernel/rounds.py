"""Rounds of talks in a day: when one is held, how what is said there happens, and when an agreement's term is over."""

from __future__ import annotations

from negsim.kernel.action import Action
from negsim.kernel.events import Events
from negsim.kernel.looks import broken
from negsim.kernel.moment import Moment
from negsim.kernel.questions import Aspiration, Question
from negsim.kernel.steps import Say, Settle
from negsim.program.formula import MeaninglessError
from negsim.program.mood import Mood, Moods
from negsim.program.options import BoundEmission, Picked
from negsim.program.phases import AGREED
from negsim.program.said import Said, Speaker
from negsim.program.strategy import STRATEGIES
from negsim.program.table import Table


class Rounds:
    """Holds rounds of talks. Where seats are `heard`, it asks what each of them aspires to."""

    def __init__(self, events: Events, *, heard: bool) -> None:
        self._events = events
        self._heard = heard

    def hold(self, moment: Moment, action: Action) -> Question | None:
        """Holds a round of talks, or looks whether an agreement runs on, if that is still what is due."""
        if not isinstance(action.instance, Table):
            raise TypeError(f"{action.instance.name} holds no rounds")
        table = moment.program.table(action.instance.name)
        if not moment.awaits(action):
            return None
        moment.mute = None
        try:
            if table.is_in_force(moment.state):
                _run_out(moment, table)
                return None
            moment.convene(table, table.every)
            if table.meets(moment.state):
                if self._heard:
                    return _asked(moment, table, {})
                _line_up(moment, table, table.hold(moment.state))
        except (MeaninglessError, OverflowError) as error:
            raise broken(f"talks `{table.name}`", error, moment.day) from None
        return None

    def heard(self, moment: Moment, asked: Aspiration, aspiration: float) -> Question | None:
        """Goes on with what a seat aspires to: to the next seat, or to what is said."""
        table, view = asked.table, asked.view
        mood = Mood(asked.lines, view.fallback, max(view.fallback, aspiration))
        try:
            return _asked(moment, table, {**asked.moods, view.party: mood})
        except (MeaninglessError, OverflowError) as error:
            raise broken(f"talks `{table.name}`", error, moment.day) from None

    def say(self, moment: Moment, step: Say) -> None:
        """Has one thing of a round happen; where its offer was left out, nobody answers it."""
        table, said = step.table, step.said
        if moment.mute == table.name and said.event in ("refused", "agreed"):
            return
        if said.walkout and table.attendance.can_go_on(tuple(table.present(moment.state))):
            return  # it was left out that somebody left
        occurrence = moment.program.occurrence(said.event, said.arguments)
        cause = moment.notices.get(table.name) if said.event == "ended" else moment.spoken.get(table.name)
        action = Action(said.speaker, moment.day, cause)
        before = moment.seq
        self._events.log(moment, occurrence, action, Picked(None, None, said.party))
        if moment.seq == before:
            moment.mute = table.name if said.event == "offered" else moment.mute
        elif said.event != "refused":
            moment.spoken[table.name] = moment.seq
            if said.event == "agreed" and table.is_in_force(moment.state):
                _put_in_force(moment, table)

    def settle(self, moment: Moment, step: Settle) -> None:
        """Has the event happen that an agreement emits, with the terms put in."""
        table, said = step.table, step.said
        agreed, program = table.talks.agreed, moment.program
        if agreed is None or moment.state[table.phase_slot] != AGREED:  # the agreement was left out
            return
        terms = dict(zip(table.issues_of_all, said.arguments[2:], strict=True))
        action = Action(Speaker(table.name, table.origin), moment.day, moment.spoken.get(table.name))
        try:
            emission = BoundEmission(program, agreed, terms)
        except (MeaninglessError, OverflowError) as error:
            raise broken(f"talks `{table.name}`", error, moment.day) from None
        self._events.emit(moment, emission, action, None)


def _put_in_force(moment: Moment, table: Table) -> None:
    """Puts off the end of the term of an agreement."""
    terms = dict(zip(table.issues, (moment.state[slot] for slot in table.term_slots), strict=True))
    try:
        moment.convene(table, table.term.days(terms))
    except (MeaninglessError, OverflowError) as error:
        raise broken(f"talks `{table.name}`", error, moment.day) from None


def _run_out(moment: Moment, table: Table) -> None:
    """The term of an agreement is over: it ends where there was a notice, and else runs on."""
    _put_in_force(moment, table)
    _line_up(moment, table, (table.on_its_own("ended" if table.term.given(moment.state) else "ran_on"),))


def _asked(moment: Moment, table: Table, moods: Moods) -> Question | None:
    """Asks the next seat, or has the round's words lined up."""
    before, seats = table.gathered(moment.state)
    if not seats:
        _line_up(moment, table, before)
        return None
    for party, seat in seats.items():
        if party not in moods:
            lines, view = table.aspirations.view(seat, moment.state)
            moment.asked = Aspiration(view, STRATEGIES[seat.position.strategy], table, lines, moods)
            return moment.asked
    _line_up(moment, table, (*before, *table.said(moment.state[table.round_slot], moods)))
    return None


def _line_up(moment: Moment, table: Table, said: tuple[Said, ...]) -> None:
    """Puts what is said at the front of the day."""
    for each in reversed(said):
        if each.event == "agreed" and table.talks.agreed is not None:
            moment.front.appendleft(Settle(table, each))
        moment.front.appendleft(Say(table, each))
