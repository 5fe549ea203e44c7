"""Luck: where a run's draws come from. It is handed to a run, which asks it by name and spends it.

Every draw has a name (whose it is, what for, the how-manieth of its stream), and what a run does with one draw moves
no other. So luck can be keyed by a seed, written down draw by draw, or noted while a run goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from negsim.engine.threefry import first_word, first_words, side_by_side
from negsim.errors import UsageError
from negsim.program.rules import Instance
from negsim.scenario.seeds import NO_DRAW
from negsim.scenario.streams import PURPOSES, Draw, Purpose, Stream, stream_number

MOST_AHEAD = 4_096  # draws that are worked out together
MOST_UNUSED = 4  # times as many streams as a run draws from
_UNIT = 2.0**-53


class Luck(Protocol):
    """The draws of one run. Each stream, named by an instance and a purpose, counts its own from 0."""

    def draw(self, instance: Instance, purpose: Purpose) -> float:
        """The next draw of a stream, in [0, 1)."""

    def skip(self, instance: Instance, purpose: Purpose) -> None:
        """Spends the next draw of a stream, whose result is already sure."""

    def count(self, instance: Instance, purpose: Purpose) -> int:
        """How many draws of a stream are spent; also the number of its next draw."""


class Keyed:
    """The luck of a seed: a draw is a function of the seed, the number of its stream and its own number.

    The upper 53 bits of the first word of Threefry-2x64-20, over 2**53: the same on every platform. Draws that are
    `ahead` were worked out together, which is quicker; what is drawn does not hang on it.
    """

    def __init__(self, seed: int, *, ahead: Mapping[tuple[int, int], float] | None = None) -> None:
        self._seed = seed
        self.spent: dict[int, int] = {}  # how many draws, by the number of their stream
        self._ahead = {} if ahead is None else ahead

    def draw(self, instance: Instance, purpose: Purpose) -> float:
        """The next draw of a stream."""
        stream = (instance.streams or _numbered(instance))[purpose]
        number = self.spent.get(stream, 0)
        self.spent[stream] = number + 1
        ahead = self._ahead.get((stream, number))
        return (first_word(self._seed, stream, number) >> 11) * _UNIT if ahead is None else ahead

    def skip(self, instance: Instance, purpose: Purpose) -> None:
        """Spends a draw."""
        stream = (instance.streams or _numbered(instance))[purpose]
        self.spent[stream] = self.spent.get(stream, 0) + 1

    def count(self, instance: Instance, purpose: Purpose) -> int:
        """How many draws of a stream are spent."""
        return self.spent.get((instance.streams or _numbered(instance))[purpose], 0)


class Ahead:
    """The draws that runs of one program are likely to make: those that the runs before made."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}  # how many draws to expect of a stream
        self._draws: tuple[tuple[int, int], ...] = ()
        self._lanes = side_by_side((), ())

    def learn(self, spent: Mapping[int, int]) -> None:
        """Takes note of the draws of a run. What was not drawn for long is forgotten with all else."""
        known = self._counts.get
        more = {stream: count for stream, count in spent.items() if count > known(stream, 0)}
        if not more:
            return
        counts = {**self._counts, **more}
        if len(counts) > MOST_UNUSED * len(spent):
            counts = dict(spent)
        self._counts = counts
        draws = [(stream, number) for stream, count in counts.items() for number in range(min(count, MOST_AHEAD))]
        self._draws = tuple(draws[:MOST_AHEAD])
        self._lanes = side_by_side([stream for stream, _ in self._draws], [number for _, number in self._draws])

    def draws(self, seed: int) -> dict[tuple[int, int], float]:
        """The draws under a seed, by stream and number."""
        return {
            draw: (word >> 11) * _UNIT for draw, word in zip(self._draws, first_words(seed, self._lanes), strict=True)
        }


def _numbered(instance: Instance) -> Mapping[str, int]:
    """The numbers of an instance's streams, by purpose."""
    instance.streams = {purpose: stream_number(instance.name, instance.actors, purpose) for purpose in PURPOSES}
    return instance.streams


def _stream(instance: Instance, purpose: Purpose) -> Stream:
    return Stream(instance.name, instance.actors, purpose)


class Scripted:
    """Luck that is written down: recorded from a run, or made up.

    A draw that is not in the script comes from `then`, under its own name; without, it is a `UsageError`.
    """

    def __init__(self, draws: Iterable[Draw], *, then: Luck | None = None) -> None:
        self._script: dict[tuple[Stream, int], float] = {}
        self._then = then
        self._spent: dict[Stream, int] = {}
        for draw in draws:
            if not 0 <= draw.value < 1:
                raise UsageError(f"draw {draw.number} of {draw.stream} is {draw.value}", NO_DRAW)
            if (draw.stream, draw.number) in self._script:
                raise UsageError(f"draw {draw.number} of {draw.stream} is in the script twice", "leave one of them out")
            self._script[draw.stream, draw.number] = draw.value

    def draw(self, instance: Instance, purpose: Purpose) -> float:
        """The draw that the script names, else the one of `then`."""
        stream = _stream(instance, purpose)
        number = self._spent.get(stream, 0)
        value = self._script.get((stream, number))
        if value is None:
            if self._then is None:
                raise UsageError(f"the script has no draw {number} of {stream}", "write it, or name luck to go on with")
            self._spent[stream] = number + 1
            return self._then.draw(instance, purpose)
        self.skip(instance, purpose)
        return value

    def skip(self, instance: Instance, purpose: Purpose) -> None:
        """Spends a draw, of the script and of `then`: both stay in step."""
        stream = _stream(instance, purpose)
        self._spent[stream] = self._spent.get(stream, 0) + 1
        if self._then is not None:
            self._then.skip(instance, purpose)

    def count(self, instance: Instance, purpose: Purpose) -> int:
        """How many draws of a stream are spent."""
        return self._spent.get(_stream(instance, purpose), 0)


class Recording:
    """Luck that comes from elsewhere, and notes each draw that it gives in `draws`: a script of the run."""

    def __init__(self, luck: Luck) -> None:
        self._luck = luck
        self.draws: list[Draw] = []

    def draw(self, instance: Instance, purpose: Purpose) -> float:
        """The next draw of a stream, noted."""
        number = self._luck.count(instance, purpose)
        value = self._luck.draw(instance, purpose)
        self.draws.append(Draw(_stream(instance, purpose), number, value))
        return value

    def skip(self, instance: Instance, purpose: Purpose) -> None:
        """Spends a draw; there is nothing to note."""
        self._luck.skip(instance, purpose)

    def count(self, instance: Instance, purpose: Purpose) -> int:
        """How many draws of a stream are spent."""
        return self._luck.count(instance, purpose)
