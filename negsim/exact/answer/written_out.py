"""A scenario as an explicit Markov decision process, day by day, for other tools to check.

A state is a dusk with its day, or a decision in the middle of a day; the first state is before day 0. From
a dusk one step leads to the next dusk, or to a decision on the way. States in which a run has ended lead to
themselves; each outcome labels those that end so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from negsim.errors import ModelError, UsageError, in_steps
from negsim.exact.answer.asked import MOST_STATES, Asked, crowds_of
from negsim.exact.answer.best import Play
from negsim.exact.answer.chain import Chain, ChainChoice
from negsim.exact.answer.objective import Objective
from negsim.exact.state.branches import TooLargeError
from negsim.exact.state.turns import Snapshot, Turns
from negsim.exact.step.beginning import beginning
from negsim.exact.step.steps import NotAloneError
from negsim.exact.step.unfold import OpenWay, Unfolded
from negsim.exact.symmetry.merging import merging
from negsim.program.formula import MeaninglessError
from negsim.program.program import Program
from negsim.scenario.model import Scenario
from negsim.scenario.settings import settings_of
from negsim.scenario.types import Enumeration, Numbers, Truth, Type, Value

BEFORE = -1  # the day of the state before day 0
DRAWN = -2  # that of the one from which several such states come, where the past has started what is drawn
NO_FORK = -1

Key = tuple[int, int, int]  # day, crowd, fork


def written_out(
    scenario: Scenario,
    *,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Iterable[str] | Mapping[str, str] | None = None,
    by: Sequence[str] | None = None,
    max_states: int = MOST_STATES,
) -> Chain:
    """The Markov decision process of a scenario: the decisions of `by` are open, all else goes by weight.

    Without `by` all decisions are open. Raises `UsageError` where there are more than `max_states` states.
    """
    program = Program(scenario, settings_of(scenario, set=set, read=read, choose=choose))
    actors = tuple(scenario.actors) if by is None else tuple(by)
    objective = Objective(next(iter(scenario.outcomes)), True, actors)  # noqa: FBT003 - only its actors matter here
    asked = Asked(program, measures=False, max_states=max_states, progress=None, objective=objective)
    _, together = merging(program, by=actors)
    while True:
        try:
            with in_steps(scenario.calendar.name):
                return _written(asked, objective, together)
        except NotAloneError as error:
            together = tuple(orbit for number, orbit in enumerate(together) if number != error.orbit)
        except TooLargeError as error:
            hint = "give more with `max_states`, or shorten the horizon"
            raise UsageError(str(error), hint, settings=("max_states",)) from None
        except (MeaninglessError, OverflowError) as error:
            raise ModelError(str(error), where="an outcome", day=0, step=scenario.calendar.name) from None


def _written(asked: Asked, objective: Objective, together: Sequence[Sequence[str]]) -> Chain:
    turns = Turns(asked.program, controlled=frozenset(objective.actors))
    crowds = crowds_of(asked, turns, together)
    play = Play(crowds, objective, most_forks=asked.max_states)
    firsts = crowds.firsts(beginning(turns).starts)
    play.explore(firsts)
    return _Writer(play, asked.max_states).write(firsts)


class _Writer:
    """States as they are found, from the first on."""

    def __init__(self, play: Play, most: int) -> None:
        self.play = play
        self.crowds = play.crowds
        self.program = play.crowds.layout.program
        self.most = most
        self.numbers: dict[Key, int] = {}
        self.keys: list[Key] = []

    def number(self, key: Key) -> int:
        """The number of a state."""
        found = self.numbers.get(key)
        if found is None:
            if len(self.keys) >= self.most:
                raise TooLargeError(f"there are more than {self.most:,} states")
            found = self.numbers[key] = len(self.keys)
            self.keys.append(key)
        return found

    def write(self, firsts: Mapping[int, float]) -> Chain:
        """All states that can be reached from before day 0, with what they lead to."""
        names = list(self.program.scenario.outcomes)
        labels: dict[str, list[int]] = {name: [] for name in names}
        choices: list[tuple[ChainChoice, ...]] = []
        initial = self.number((BEFORE if len(firsts) == 1 else DRAWN, next(iter(firsts)), NO_FORK))
        while len(choices) < len(self.keys):
            state = len(choices)
            day, crowd, fork = self.keys[state]
            if day == DRAWN:
                targets = tuple(self.number((BEFORE, number, NO_FORK)) for number in firsts)
                choices.append((ChainChoice("", targets, tuple(firsts.values())),))
                continue
            over = day == self.play.horizon or (day >= 0 and self.crowds.ended[crowd])
            if fork == NO_FORK and over:
                labels[names[self.crowds.outcomes[crowd]]].append(state)
                choices.append((ChainChoice("", (state,), (1.0,)),))
            elif fork == NO_FORK:
                unfolded = self.play.of(day + 1)
                way = unfolded.ways[unfolded.known[crowd]]
                choices.append((self._choice("", way, day + 1),))
            else:
                unfolded = self.play.of(day)
                options = unfolded.forks[fork].decision.options
                ways = zip(options, unfolded.options[fork], strict=True)
                choices.append(tuple(self._choice(name, way, day) for name, way in ways))
        return Chain(
            ("day", "state", "decision", *(name.replace(".", "__") for name in self._variables())),
            tuple(self._row(key) for key in self.keys),
            initial,
            tuple(choices),
            {name: tuple(states) for name, states in labels.items()},
        )

    def _choice(self, name: str, way: OpenWay, day: int) -> ChainChoice:
        targets = [self.number((day, crowd, NO_FORK)) for crowd in way.crowds.tolist()]
        targets += [self.number((day, BEFORE, fork)) for fork in way.forks.tolist()]
        return ChainChoice(name, tuple(targets), (*way.crowd_chances.tolist(), *way.fork_chances.tolist()))

    def _variables(self) -> list[str]:
        return [name for name in self.program.layout.names if " " not in name]

    def _row(self, key: Key) -> tuple[int, ...]:
        day, crowd, fork = key
        if fork == NO_FORK:
            snapshot, _ = self.crowds.layout.concrete(self.crowds.rests[crowd], self.crowds.groups(crowd))
        else:
            snapshot = self._before(self.play.of(day), fork)
        names = self.program.layout.names
        values = [
            _coded(self.program.layout.variable_at[slot].type, snapshot.values[slot])
            for slot in range(len(names))
            if " " not in names[slot]
        ]
        return (day, crowd, fork, *values)

    @staticmethod
    def _before(unfolded: Unfolded, fork: int) -> Snapshot:
        return unfolded.forks[fork].decision.snapshot


def _coded(kind: Type, value: Value) -> int:
    """A value as a whole number: its place in an enumeration or among actors, 0 or 1, or itself."""
    match kind:
        case Numbers():
            return kind.every.index(value) if isinstance(value, str | int) else len(kind.every)
        case Enumeration():
            return kind.values.index(str(value))
        case Truth():
            return int(bool(value))
        case _:
            actors: tuple[str, ...] = getattr(kind, "actors", ())
            return actors.index(str(value)) if value in actors else value if isinstance(value, int) else len(actors)
