"""Talks at the table: what a package is worth to each, what they aspire to, and what a round comes to.

Pure: a round is a function of the state. What the functions here compute is in the language reference,
"Talks"; the aspiration is the time-dependent tactic of Faratin, Sierra and Jennings (1998), "Negotiation
decision functions for autonomous agents", Robotics and Autonomous Systems 24, with a polynomial of the
share of rounds that have passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Context, Decimal
from functools import cached_property
from itertools import product, repeat
from typing import TYPE_CHECKING, Any

import attrs

from negsim.kernel.formula import Formula, MeaninglessError, State
from negsim.scenario.expressions import Bound, walk
from negsim.scenario.model import At, OnEvent, Origin, Position, RedLine, Standing, Talks
from negsim.scenario.types import Value
from negsim.scenario.words import UNSETTLED

if TYPE_CHECKING:
    from negsim.kernel.program import Occurrence, Program

TOLERANCE = 1e-9  # utilities and aspirations nearer than this are equal
WAITING, OPEN, AGREED, LAPSED = "waiting", "open", "agreed", "lapsed"
CLOSED = (AGREED, LAPSED)
THOUSAND = 1000
KEPT_ROUNDS = 50_000
KEPT_MOODS = 50_000
KEPT_TOPS = 50_000
NOT_FITTING = -2.0
# The terms of talks that the language adds to their issues.
PHASE, ROUND = "phase", "round"

Package = tuple[str, ...]


def power(base: float, exponent: float) -> float:
    """`base ** exponent` for a base in 0..1, the same on every platform (decimal arithmetic, 28 digits)."""
    if base <= 0 or base >= 1:
        return 0.0 if base <= 0 else 1.0
    return float(Context(prec=28).power(Decimal(base), Decimal(exponent)))


@attrs.frozen
class Seat:
    """One who sits at the table, as a round sees it.

    `utilities` holds the worth of each package, 0..1; `broken` the red lines that it breaks, whether they
    hold now or not, as a number with one bit for each.
    """

    party: str
    position: Position
    red_lines: tuple[RedLine, ...]
    active: tuple[Formula | None, ...]
    utilities: tuple[float, ...]
    broken: tuple[int, ...]
    fallback: Formula
    concession: float

    def red_lines_now(self, state: State) -> int:
        """The red lines that hold in a state, one bit for each."""
        return sum(1 << number for number, when in enumerate(self.active) if when is None or when.read(state))

    def fits(self, package: int, lines: int) -> bool:
        """Whether a package breaks none of these red lines."""
        return not self.broken[package] & lines

    def first_broken(self, package: int, lines: int) -> RedLine | None:
        """The first of these red lines that a package breaks; nothing where it fits."""
        found = self.broken[package] & lines
        return self.red_lines[(found & -found).bit_length() - 1] if found else None


@attrs.frozen
class Mood:
    """What a seat looks for in one round: the red lines that hold, its fallback and its aspiration."""

    lines: int
    fallback: float
    aspiration: float


@attrs.frozen
class Speaker:
    """Who makes an event that comes out of talks (by their name), and what stands behind it."""

    name: str
    origin: Origin
    actors: tuple[str, ...] = ()


@attrs.frozen
class Said:
    """One thing that happens in a round: the event, the party that says it, and what stands behind it."""

    event: str
    arguments: tuple[Value, ...]
    party: str | None
    speaker: Speaker


Strategy = Callable[["View"], float]


@attrs.frozen
class View:
    """What a strategy sees when it is asked for an aspiration (0..1).

    `share` is the share of the rounds that has passed (1 in the last); `top` the best utility among the
    packages that fit; `own` and `others` what its own last offer, and the last two offers of the others
    (the latest first), are worth to it.
    """

    talks: str
    party: str
    round: int
    share: float
    top: float
    fallback: float
    concession: float
    own: float | None
    others: tuple[float, ...]


def time_dependent(view: View) -> float:
    """`fallback + (top - fallback) * (1 - share ** (1 / concession))`, the polynomial tactic."""
    return view.fallback + (view.top - view.fallback) * (1 - power(view.share, 1 / view.concession))


def tit_for_tat(view: View) -> float:
    """Relative tit-for-tat over the last two offers of the others (Faratin, Sierra and Jennings 1998, eq. 8).

    What it asked for last, times the ratio of what the others offered before to what they offered last:
    it yields in the measure in which they do. Before the others have made two offers it asks for its best.
    """
    if view.own is None or len(view.others) < 2:  # noqa: PLR2004 - two offers make a step
        return view.top
    latest, before = view.others[0], view.others[1]
    asked = view.own if latest <= TOLERANCE else view.own * before / latest
    return min(view.top, asked)


STRATEGIES: Mapping[str, Strategy] = {"aspiration": time_dependent, "tit_for_tat": tit_for_tat}


class Table:
    """One talks of a scenario under a run's parameters and readings.

    `place` is its place in the agenda, after all rules. `chain` tells the host which round is due next.
    """

    def __init__(self, program: Program, talks: Talks, number: int) -> None:
        self.program = program
        self.talks = talks
        self.name = talks.name
        self.actors: tuple[str, ...] = ()
        self.place = (len(program.scenario.rules) + number, 0)
        self.origin = talks.origin or Origin(
            Standing.ASSUMED, (), f"The author gives no origin for the talks `{talks.name}`."
        )
        self.issues = tuple(talks.issues)
        self.packages: tuple[Package, ...] = tuple(product(*talks.issues.values()))
        self.phase_slot = program.slots[PHASE, talks.name]
        self.round_slot = program.slots[ROUND, talks.name]
        self.term_slots = tuple(program.slots[issue, talks.name] for issue in self.issues)
        self._remembered_names = memory_names(talks)
        self._rounds: dict[Any, tuple[Said, ...]] = {}
        self._moods: dict[Any, Mood] = {}
        self._tops: dict[tuple[str, int], float | None] = {}

    # What is fixed.

    def _number(self, expression: Any, what: str, least: float) -> float:
        value: float = self.program.binder.bind(expression.tree, {}).read([])
        if not least <= value < float("inf"):
            raise MeaninglessError(f"{what} is {value}, less than {least}")
        return value

    @cached_property
    def every(self) -> int:
        """Days between two rounds."""
        return self._whole(self.talks.every, "`every`")

    @cached_property
    def rounds(self) -> int:
        """How many rounds are held at most."""
        return self._whole(self.talks.rounds, "`rounds`")

    def _whole(self, expression: Any, what: str) -> int:
        value = self._number(expression, what, 1)
        if value != int(value):
            raise MeaninglessError(f"{what} is {value}, no whole number")
        return int(value)

    @cached_property
    def opens_on_day(self) -> int | None:
        """The day of round 0; nothing where an event opens the talks."""
        if not isinstance(self.talks.opens, At):
            return None
        value: float = self.program.binder.bind(self.talks.opens.day.tree, {}).read([])
        if value != int(value):
            raise MeaninglessError(f"`opens` is {value}, no whole day")
        return int(value)

    @cached_property
    def opening_events(self) -> tuple[str, ...]:
        """The events that open the talks the first time."""
        return self.talks.opens.events if isinstance(self.talks.opens, OnEvent) else ()

    @cached_property
    def condition(self) -> Formula | None:
        """The condition without which no round is held."""
        return None if self.talks.condition is None else self.program.binder.bind(self.talks.condition.tree, {})

    @cached_property
    def seats(self) -> Mapping[str, Seat]:
        """All who must accept, the parties first."""
        return {party: self._seat(self.talks.positions[party]) for party in self.talks.everybody}

    def _seat(self, position: Position) -> Seat:
        bind = self.program.binder.bind
        lines = tuple(position.red_lines.values())
        return Seat(
            position.party,
            position,
            lines,
            tuple(None if line.when is None else bind(line.when.tree, {}) for line in lines),
            self._utilities(position),
            self._broken(lines),
            bind(position.fallback.tree, {}),
            self._concession(position),
        )

    def _concession(self, position: Position) -> float:
        value = self._number(position.concession, f"the concession of `{position.party}`", 0)
        if value == 0:
            raise MeaninglessError(f"the concession of `{position.party}` is 0; it must be more")
        return value

    def _utilities(self, position: Position) -> tuple[float, ...]:
        """Sums of values, cut at the cap, scaled to 0..1 over all packages; 1 everywhere if they are all equal."""
        worth = {
            key: float(self.program.binder.bind(value.tree, {}).read([])) for key, value in position.values.items()
        }
        columns = [
            [worth.get((issue, option), 0.0) for option in options] for issue, options in self.talks.issues.items()
        ]
        raw = [0.0]
        for column in columns:
            raw = [before + worth for before in raw for worth in column]
        if position.cap is not None:
            cap = self._number(position.cap, f"the cap of `{position.party}`", float("-inf"))
            raw = [min(each, cap) for each in raw]
        low, high = min(raw), max(raw)
        if high - low <= TOLERANCE * max(1.0, abs(high), abs(low)):
            return (1.0,) * len(raw)
        return tuple((each - low) / (high - low) for each in raw)

    def _broken(self, lines: Sequence[RedLine]) -> tuple[int, ...]:
        """For each package, the red lines that it breaks. A line is looked at once for the terms it reads."""
        broken = [0] * len(self.packages)
        columns = list(zip(*self.packages, strict=True)) if lines else []
        for number, line in enumerate(lines):
            read = [issue for issue in self.issues if issue in names_read(line.never.tree)]
            terms = zip(*(columns[self.issues.index(issue)] for issue in read), strict=True) if read else repeat(())
            bad = {
                options
                for options in product(*(self.talks.issues[issue] for issue in read))
                if self.program.binder.bind(line.never.tree, dict(zip(read, options, strict=True))).read([])
            }
            if bad:
                bit = 1 << number
                broken = [bits | bit if term in bad else bits for bits, term in zip(broken, terms, strict=False)]
        return tuple(broken)

    # What a round looks at.

    def is_closed(self, state: State) -> bool:
        """Whether the talks have agreed or lapsed."""
        return state[self.phase_slot] in CLOSED

    def meets(self, state: State) -> bool:
        """Whether a round is held today: the talks are not closed, and their condition holds."""
        return not self.is_closed(state) and (self.condition is None or bool(self.condition.read(state)))

    def _mood(self, seat: Seat, state: State, ask: Asker | None) -> Mood:
        lines = seat.red_lines_now(state)
        fallback = float(seat.fallback.read(state))
        if not abs(fallback) < float("inf"):
            raise MeaninglessError(f"the fallback of `{seat.party}` is {fallback}")
        number = state[self.round_slot]
        heard = self._heard(seat.party, state) if self._remembered_names else (None, None, None)
        key = (seat.party, number, lines, fallback, heard)
        mood = self._moods.get(key) if ask is None else None
        if mood is None:
            view = self._view(seat, number, lines=lines, fallback=fallback, heard=heard)
            strategy = STRATEGIES[seat.position.strategy]
            asked = strategy(view) if ask is None else ask(view, strategy)
            mood = Mood(lines, fallback, max(fallback, asked))
            if ask is None:
                if len(self._moods) >= KEPT_MOODS:
                    self._moods.clear()
                self._moods[key] = mood
        return mood

    def _view(self, seat: Seat, number: int, *, lines: int, fallback: float, heard: tuple[int | None, ...]) -> View:
        top = self._top(seat, lines)
        own, *others = (None if each is None or each < 0 else seat.utilities[each] for each in heard)
        return View(
            self.name,
            seat.party,
            number,
            number / (self.rounds - 1) if self.rounds > 1 else 1.0,
            fallback if top is None else top,
            fallback,
            seat.concession,
            own,
            tuple(each for each in others if each is not None),
        )

    def _top(self, seat: Seat, lines: int) -> float | None:
        """The best utility among the packages that fit; nothing where none does."""
        key = (seat.party, lines)
        if key not in self._tops:
            if len(self._tops) >= KEPT_TOPS:
                self._tops.clear()
            pairs = zip(seat.utilities, seat.broken, strict=True)
            self._tops[key] = max((worth for worth, broken in pairs if not broken & lines), default=None)
        return self._tops[key]

    def _heard(self, party: str, state: State) -> tuple[int | None, ...]:
        """The package of a party's own last offer, and of the last two offers of the others."""
        slots = self.program.slots
        return tuple(state[slots[name, self.name]] for name in _memory_of(party))

    def hold(self, state: State, ask: Asker | None = None) -> tuple[Said, ...]:
        """What the round of today comes to: an offer or a pass, the refusals, an agreement or the end.

        `ask` can answer for the strategies; without it the round is worked out once for all states that
        look alike to the seats.
        """
        if ask is not None or self._remembered_names:
            return self._held(state, ask)
        key = (state[self.round_slot], *(state[slot] for slot in self._slots_read))
        said = self._rounds.get(key)
        if said is None:
            if len(self._rounds) > KEPT_ROUNDS:
                self._rounds.clear()
            said = self._rounds[key] = self._held(state, None)
        return said

    @cached_property
    def _slots_read(self) -> tuple[int, ...]:
        """What the red lines and fallbacks of the seats read of the state."""
        formulas = [seat.fallback for seat in self.seats.values()]
        formulas += [when for seat in self.seats.values() for when in seat.active if when is not None]
        return tuple(sorted({slot for formula in formulas for slot in formula.reads}))

    def _held(self, state: State, ask: Asker | None) -> tuple[Said, ...]:
        moods = {party: self._mood(seat, state, ask) for party, seat in self.seats.items()}
        return tuple(self._round(state[self.round_slot], moods))

    def _round(self, number: int, moods: Mapping[str, Mood]) -> list[Said]:
        parties = self.talks.parties
        turn = number % len(parties)
        proposer = parties[turn]
        answering = (*parties[turn + 1 :], *parties[:turn], *self.talks.consulted)
        said: list[Said] = []
        if self.talks.mediator is None:
            package = self.offer(proposer, answering, moods)
        else:
            proposer, answering = self.talks.mediator, self.talks.everybody
            package = self.single_text(moods)
        if package is None:
            said.append(self._say("passed", proposer, self.name, proposer))
        else:
            terms = self._terms(package)
            said.append(self._say("offered", proposer, self.name, proposer, *terms))
            refusals = [self._refusal(self.seats[party], moods[party], package) for party in answering]
            said += [refusal for refusal in refusals if refusal is not None]
            if len(said) == 1:
                said.append(self._say("agreed", proposer, self.name, proposer, *terms))
                return said
        if number >= self.rounds - 1:
            said.append(Said("lapsed", (self.name,), None, self._speaker(self.origin)))
        return said

    def _say(self, event: str, party: str, *arguments: Value) -> Said:
        position = self.talks.positions.get(party)
        return Said(event, arguments, party, self._speaker(self.origin if position is None else position.origin))

    def offer(self, proposer: str, answering: Sequence[str], moods: Mapping[str, Mood]) -> int | None:
        """The package that a proposer offers: the one whose least value to those who answer is greatest.

        Ties go to its own utility, then to the order of the packages; nothing where none is good enough.
        """
        seat, mood = self.seats[proposer], moods[proposer]
        least = mood.aspiration - TOLERANCE
        each = enumerate(zip(seat.utilities, seat.broken, strict=True))
        open_to_it = [index for index, (own, broken) in each if own >= least and not broken & mood.lines]
        best: int | None = None
        best_value = best_own = 0.0
        for index, value in zip(open_to_it, self._least_worths(open_to_it, answering, moods), strict=True):
            own = seat.utilities[index]
            better = best is None or value > best_value + TOLERANCE
            if better or (abs(value - best_value) <= TOLERANCE and own > best_own + TOLERANCE):
                best, best_value, best_own = index, value, own
        return best

    def single_text(self, moods: Mapping[str, Mood]) -> int:
        """The text that a mediator puts forward: the package that the fewest at the table refuse.

        Ties go to the greater sum of utilities, then to the greater least value to anyone at the table, then
        to the order of the packages. After the one-text procedure (Fisher, Ury and Patton, "Getting to Yes";
        Raiffa 1982, "The Art and Science of Negotiation").
        """
        everybody = self.talks.everybody
        refusals, sums = [0] * len(self.packages), [0.0] * len(self.packages)
        for party in everybody:
            seat, mood = self.seats[party], moods[party]
            least, lines = mood.aspiration - TOLERANCE, mood.lines
            each = zip(refusals, seat.utilities, seat.broken, strict=True)
            refusals = [known + (worth < least or broken & lines != 0) for known, worth, broken in each]
            sums = [before + worth for before, worth in zip(sums, seat.utilities, strict=True)]
        fewest = min(refusals)
        found = [package for package, known in enumerate(refusals) if known == fewest]
        found = _greatest(found, [sums[package] for package in found])
        return _greatest(found, list(self._least_worths(found, everybody, moods)))[0]

    def _least_worths(
        self, packages: Sequence[int], parties: Sequence[str], moods: Mapping[str, Mood]
    ) -> Iterable[float]:
        """The least that each package is worth to one of these: utility less aspiration, -2 where it does not fit."""
        columns = []
        for party in parties:
            seat, mood = self.seats[party], moods[party]
            worths, broken, lines, aspiration = seat.utilities, seat.broken, mood.lines, mood.aspiration
            columns.append([NOT_FITTING if broken[p] & lines else worths[p] - aspiration for p in packages])
        return map(min, zip(*columns, strict=True))

    def _refusal(self, seat: Seat, mood: Mood, package: int) -> Said | None:
        """Why a seat refuses a package; nothing where it accepts."""
        utility = seat.utilities[package]
        line = seat.first_broken(package, mood.lines)
        if line is None and utility >= mood.aspiration - TOLERANCE:
            return None
        reason = "utility" if line is None else line.name
        origin = seat.position.origin if line is None else line.origin
        shown = (_thousandths(utility), _thousandths(mood.aspiration))
        arguments: tuple[Value, ...] = (self.name, seat.party, reason, *shown, *self._terms(package))
        return Said("refused", arguments, seat.party, self._speaker(origin))

    def _speaker(self, origin: Origin) -> Speaker:
        return Speaker(self.name, origin)

    def _terms(self, package: int) -> tuple[str, ...]:
        """A package as the fields of an event: the options of the issues of all talks, in order."""
        own = dict(zip(self.issues, self.packages[package], strict=True))
        return tuple(own.get(issue, UNSETTLED) for issue in self.program.all_issues)

    def package_of(self, fields: Mapping[str, Value]) -> int:
        """The number of the package that an event's fields name."""
        number = 0
        for issue, options in self.talks.issues.items():
            number = number * len(options) + options.index(str(fields[issue]))
        return number

    # What events do to the talks.

    def convened_by(self, event: str) -> bool:
        """Whether an event can open the talks, or open them again."""
        return event in self.opening_events or event in self.talks.reopens

    def concerns(self, event: str, fields: Mapping[str, Value]) -> bool:
        """Whether an event can change the talks' own state."""
        return self.convened_by(event) or (event in MOVES and fields.get("talks") == self.name)

    def changes(self, occurrence: Occurrence, state: State) -> list[tuple[int, Value]]:
        """What an event sets of the talks' own state."""
        phase = state[self.phase_slot]
        found: list[tuple[int, Value]] = []
        if occurrence.name in self.opening_events and phase == WAITING:
            found.append((self.phase_slot, OPEN))
        elif occurrence.name in self.talks.reopens and phase in CLOSED:
            found += [(self.phase_slot, OPEN), (self.round_slot, 0)]
            found += [(slot, UNSETTLED) for slot in self.term_slots]
            found += [(slot, -1) for slot in self._memory()]
        if occurrence.name in MOVES and occurrence.fields.get("talks") == self.name:
            found += self._own_changes(occurrence, state)
        return found

    def _own_changes(self, occurrence: Occurrence, state: State) -> list[tuple[int, Value]]:
        match occurrence.name:
            case "offered" | "passed":
                found: list[tuple[int, Value]] = [
                    (self.phase_slot, OPEN),
                    (self.round_slot, state[self.round_slot] + 1),
                ]
                if occurrence.name == "offered" and self._remembered_names:
                    found += self._remembered(occurrence, state)
                return found
            case "agreed":
                terms = [str(occurrence.fields[issue]) for issue in self.issues]
                return [(self.phase_slot, AGREED), *zip(self.term_slots, terms, strict=True)]
            case "lapsed":
                return [(self.phase_slot, LAPSED)]
            case _:
                return []

    def _memory(self) -> list[int]:
        return [self.program.slots[name, self.name] for name in self._remembered_names]

    def _remembered(self, occurrence: Occurrence, state: State) -> list[tuple[int, Value]]:
        """What an offer leaves in the memory of the seats."""
        slots = self.program.slots
        package = self.package_of(occurrence.fields)
        found: list[tuple[int, Value]] = []
        for party in self.talks.everybody:
            offered, heard, before = (slots[name, self.name] for name in _memory_of(party))
            if party == occurrence.fields["party"]:
                found.append((offered, package))
            else:
                found += [(before, state[heard]), (heard, package)]
        return found


Asker = Callable[[View, Strategy], float]
MOVES = ("offered", "passed", "agreed", "lapsed")  # the events of talks that change their state


def names_read(tree: Any) -> frozenset[str]:
    """The names bound from outside that an expression reads."""
    return frozenset(node.name for node in walk(tree) if isinstance(node, Bound))


def memory_names(talks: Talks) -> tuple[str, ...]:
    """The names of what the seats of talks remember of offers, where a strategy looks at them."""
    if all(position.strategy != "tit_for_tat" for position in talks.positions.values()):
        return ()
    return tuple(name for party in talks.everybody for name in _memory_of(party))


def _memory_of(party: str) -> tuple[str, str, str]:
    """Where the state keeps a party's own last offer, and the last two that it heard. No issue can be called so."""
    return f"{party} offered", f"{party} heard", f"{party} heard before"


def _greatest(packages: Sequence[int], values: Sequence[float]) -> list[int]:
    """Those of the packages whose value is the greatest of all, or equal to it."""
    least = max(values) - TOLERANCE
    return [package for package, value in zip(packages, values, strict=True) if value >= least]


def _thousandths(value: float) -> int:
    return max(0, min(THOUSAND, round(value * THOUSAND)))
