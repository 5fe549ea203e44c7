"""Talks at the table: who sits there, what a round comes to, and what events do to the talks.

Pure: a round is a function of the state. What the functions here compute is in the language reference, "Talks".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import Any

from negsim.program.attendance import Attendance
from negsim.program.formula import Formula, MeaninglessError, State
from negsim.program.memory import Memory
from negsim.program.mood import Aspirations, Mood, Moods
from negsim.program.offer import best_offer, single_text
from negsim.program.phases import AGREED, CLOSED, PHASE, ROUND
from negsim.program.said import Said, Speaker
from negsim.program.seat import TOLERANCE, Bind, Package, SeatAtTalks, number_of, seat_of
from negsim.program.term import RunningTerm
from negsim.scenario.calendar_steps import Step
from negsim.scenario.expressions import Expression
from negsim.scenario.record import Origin, Standing
from negsim.scenario.rules import At
from negsim.scenario.talks import Talks
from negsim.scenario.types import Value
from negsim.scenario.words import UNSETTLED

THOUSAND = 1000
KEPT_ROUNDS = 50_000


class Table:
    """One talks of a scenario under a run's parameters and readings, which `bind` puts into its expressions.

    `place` is its place in the agenda, after all rules; `issues_of_all` those of all talks, in the order in which
    events have them.
    """

    def __init__(
        self,
        talks: Talks,
        bind: Bind,
        *,
        slots: Mapping[tuple[str, str], int],
        place: tuple[int, int],
        issues_of_all: Sequence[str],
        step: Step = Step.DAY,
    ) -> None:
        self.talks = talks
        self.name = talks.name
        self.actors: tuple[str, ...] = ()
        self.place = place
        self.origin = talks.origin or Origin(
            Standing.ASSUMED, (), f"The author gives no origin for the talks `{talks.name}`."
        )
        self.issues = tuple(talks.issues)
        self.packages: tuple[Package, ...] = tuple(product(*talks.issues.values()))
        self.places: Mapping[str, Mapping[Value, int]] = {
            issue: {option: place for place, option in enumerate(options)} for issue, options in talks.issues.items()
        }
        self.phase_slot = slots[PHASE, talks.name]
        self.round_slot = slots[ROUND, talks.name]
        self.term_slots = tuple(slots[issue, talks.name] for issue in self.issues)
        self.memory = Memory(talks, slots)
        self.attendance = Attendance(talks, bind, slots)
        self.term = RunningTerm(talks, bind, slots)
        self._bind = bind
        self.issues_of_all = issues_of_all
        self._step = step
        self.aspirations = Aspirations(self.name, share=self._share, round_slot=self.round_slot, memory=self.memory)
        self._kept: dict[Any, tuple[Said, ...]] = {}

    # What is fixed.

    @cached_property
    def every(self) -> int:
        """Days between two rounds."""
        return _whole(self.talks.every, self._bind, "`every`")

    @cached_property
    def rounds(self) -> int:
        """How many rounds are held at most."""
        return _whole(self.talks.rounds, self._bind, "`rounds`")

    @cached_property
    def first_day(self) -> int | None:
        """The day of round 0, or the first one in step with it from the start on; nothing where an event opens."""
        if not isinstance(self.talks.opens, At):
            return None
        value: float = self._bind(self.talks.opens.day.tree, {}).read([])
        if value != int(value):
            raise MeaninglessError(f"`opens` is {value}, no whole {self._step}")
        return int(value) if value >= 0 else int(value) % self.every

    @cached_property
    def condition(self) -> Formula | None:
        """The condition without which no round is held."""
        return None if self.talks.condition is None else self._bind(self.talks.condition.tree, {})

    @cached_property
    def seats(self) -> Mapping[str, SeatAtTalks]:
        """All who can sit there, the parties first."""
        talks = self.talks
        return {party: seat_of(talks, talks.positions[party], self.packages, self._bind) for party in talks.everybody}

    def _share(self, number: int) -> float:
        """The share of the rounds that has passed in the round of a number: 1 in the last."""
        return number / (self.rounds - 1) if self.rounds > 1 else 1.0

    # What a round comes to.

    def present(self, state: State) -> Mapping[str, SeatAtTalks]:
        """All who must accept in a state, the parties first: those who have left need not."""
        if not self.attendance.slots:
            return self.seats
        return {party: self.seats[party] for party in self.attendance.present(state)}

    def is_closed(self, state: State) -> bool:
        """Whether the talks have agreed, lapsed or ended."""
        return state[self.phase_slot] in CLOSED

    def is_in_force(self, state: State) -> bool:
        """Whether there is an agreement that ends one day, if there is a notice."""
        return self.term.is_set and state[self.phase_slot] == AGREED

    def meets(self, state: State) -> bool:
        """Whether a round is held today: the talks are not closed, and their condition holds."""
        return not self.is_closed(state) and (self.condition is None or bool(self.condition.read(state)))

    def hold(self, state: State) -> tuple[Said, ...]:
        """What the round of today comes to: who leaves, an offer or a pass, the refusals, an agreement or the end.

        The seats go by their own strategies. It is worked out once for all states that look alike to the seats.
        """
        if self.memory.slots:
            return self._held(state)
        key = (state[self.round_slot], *(state[slot] for slot in self._slots_read))
        said = self._kept.get(key)
        if said is None:
            if len(self._kept) > KEPT_ROUNDS:
                self._kept.clear()
            said = self._kept[key] = self._held(state)
        return said

    @cached_property
    def _slots_read(self) -> tuple[int, ...]:
        """What the red lines and fallbacks of the seats read of the state."""
        formulas = [seat.fallback for seat in self.seats.values()]
        formulas += [when for seat in self.seats.values() for when in seat.active if when is not None]
        return tuple(sorted(self.attendance.reads.union(*(formula.reads for formula in formulas))))

    def _held(self, state: State) -> tuple[Said, ...]:
        said, seats = self.gathered(state)
        if not seats:
            return said
        moods = {party: self.aspirations.mood(seat, state) for party, seat in seats.items()}
        return (*said, *self.said(state[self.round_slot], moods))

    def gathered(self, state: State) -> tuple[tuple[Said, ...], Mapping[str, SeatAtTalks]]:
        """What is said before anything is put forward, and those whom the round is held with: nobody where it is over.

        All look at the same state: that before the round.
        """
        seats = self.present(state)
        leaving = self.attendance.leaving(state)
        if not leaving:
            return (), seats
        seats = {party: seat for party, seat in seats.items() if party not in leaving}
        said = tuple(self._say("left", party) for party in leaving)
        if self.attendance.can_go_on(tuple(seats)):
            return said, seats
        return (*said, self.on_its_own("lapsed", walkout=True)), {}

    def said(self, number: int, moods: Moods) -> tuple[Said, ...]:
        """What is said in the round of that number (from 0) by seats in these moods: those at the table."""
        parties = [party for party in self.talks.parties if party in moods]
        consulted = [party for party in self.talks.consulted if party in moods]
        turn = number % len(parties)
        proposer = parties[turn]
        answering = (*parties[turn + 1 :], *parties[:turn], *consulted)
        said: list[Said] = []
        if self.talks.mediator is None:
            package = best_offer(proposer, answering, self.seats, moods)
        else:
            proposer, answering = self.talks.mediator, (*parties, *consulted)
            package = single_text(answering, self.seats, moods)
        if package is None:
            said.append(self._say("passed", proposer))
        else:
            terms = self._terms(package)
            said.append(self._say("offered", proposer, *terms))
            refusals = [self._refusal(self.seats[party], moods[party], package) for party in answering]
            said += [refusal for refusal in refusals if refusal is not None]
            if len(said) == 1:
                return said[0], self._say("agreed", proposer, *terms)
        if number >= self.rounds - 1:
            said.append(self.on_its_own("lapsed"))
        return tuple(said)

    def on_its_own(self, event: str, *, walkout: bool = False) -> Said:
        """What nobody says: that the talks lapse, that an agreement ends or runs on."""
        return Said(event, (self.name,), None, Speaker(self.name, self.origin), walkout)

    def _say(self, event: str, party: str, *terms: Value) -> Said:
        position = self.talks.positions.get(party)
        origin = self.origin if position is None else position.origin
        return Said(event, (self.name, party, *terms), party, Speaker(self.name, origin))

    def _refusal(self, seat: SeatAtTalks, mood: Mood, package: int) -> Said | None:
        """Why a seat refuses a package; nothing where it accepts."""
        utility = seat.utilities[package]
        line = seat.first_broken(package, mood.lines)
        if line is None and utility >= mood.aspiration - TOLERANCE:
            return None
        reason = "utility" if line is None else line.name
        origin = seat.position.origin if line is None else line.origin
        shown = (_thousandths(utility), _thousandths(mood.aspiration))
        arguments: tuple[Value, ...] = (self.name, seat.party, reason, *shown, *self._terms(package))
        return Said("refused", arguments, seat.party, Speaker(self.name, origin))

    def _terms(self, package: int) -> tuple[Value, ...]:
        """A package as the fields of an event: the options of the issues of all talks, in order."""
        own = dict(zip(self.issues, self.packages[package], strict=True))
        return tuple(own.get(issue, UNSETTLED) for issue in self.issues_of_all)


def _whole(expression: Expression, bind: Bind, what: str) -> int:
    value = number_of(expression, bind, what=what, least=1)
    if value != int(value):
        raise MeaninglessError(f"{what} is {value}, no whole number")
    return int(value)


def _thousandths(value: float) -> int:
    return max(0, min(THOUSAND, round(value * THOUSAND)))
