"""Luck: where a run's draws come from. It is handed to a run, which asks it by name and spends it.

Every draw has a name (whose it is, what for, the how-manieth of its stream), and what a run does with one draw moves
no other. So luck can be keyed by a seed, written down draw by draw, or noted while a run goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from struct import Struct
from typing import Literal, Protocol, get_args

import attrs

from negsim.errors import UsageError
from negsim.kernel.program import Instance

LARGEST_SEED = 2**63 - 1
Purpose = Literal["wait", "chance", "delay", "choose"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
_whole = Struct(">Q").unpack


class Luck(Protocol):
    """The draws of one run. Each stream, named by an instance and a purpose, counts its own from 0."""

    def draw(self, instance: Instance, purpose: Purpose) -> float:
        """The next draw of a stream, in [0, 1)."""

    def skip(self, instance: Instance, purpose: Purpose) -> None:
        """Spends the next draw of a stream, whose result is already sure."""

    def count(self, instance: Instance, purpose: Purpose) -> int:
        """How many draws of a stream are spent; also the number of its next draw."""


class Keyed:
    """The luck of a seed: a draw is a hash of its name, so the same name gives the same draw.

    The draw of (seed, rule, actors, purpose, n) is a keyed BLAKE2b hash (RFC 7693) of its name, cut to 53 bits, over
    2**53: a multiple of 2**-53, the same on every platform.
    """

    def __init__(self, seed: int) -> None:
        self._keyed = blake2b(key=str(seed).encode("ascii"), digest_size=8)
        self._given: dict[bytes, int] = {}

    def draw(self, instance: Instance, purpose: Purpose) -> float:
        """The next draw of a stream."""
        name = (instance.streams or _named(instance))[purpose]
        number = self._given.get(name, 0)
        self._given[name] = number + 1
        hashed = self._keyed.copy()
        hashed.update(b"%b%d" % (name, number))
        bits: int = _whole(hashed.digest())[0]
        return (bits >> 11) * 2.0**-53

    def skip(self, instance: Instance, purpose: Purpose) -> None:
        """Spends a draw."""
        name = (instance.streams or _named(instance))[purpose]
        self._given[name] = self._given.get(name, 0) + 1

    def count(self, instance: Instance, purpose: Purpose) -> int:
        """How many draws of a stream are spent."""
        return self._given.get((instance.streams or _named(instance))[purpose], 0)


def _named(instance: Instance) -> Mapping[str, bytes]:
    """The names of an instance's streams, by purpose."""
    rule = f"{instance.name}\n{','.join(instance.actors)}\n"
    instance.streams = {purpose: f"{rule}{purpose}\n".encode() for purpose in PURPOSES}
    return instance.streams


@attrs.frozen
class Stream:
    """The name of a stream: the rule that draws, the members bound to it, and what for."""

    rule: str
    actors: tuple[str, ...]
    purpose: Purpose

    def __str__(self) -> str:
        """As a message names it: `burn[elm].delay`."""
        members = f"[{','.join(self.actors)}]" if self.actors else ""
        return f"{self.rule}{members}.{self.purpose}"


def _stream(instance: Instance, purpose: Purpose) -> Stream:
    return Stream(instance.name, instance.actors, purpose)


@attrs.frozen
class Draw:
    """One draw: the stream, its number in it (from 0), and its value (0 or more, less than 1)."""

    stream: Stream
    number: int
    value: float


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
                raise UsageError(f"draw {draw.number} of {draw.stream} is {draw.value}", "a draw is 0 or more, below 1")
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
