"""The streams that draws come from: how each is named, and the number that stands for its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import product
from typing import Literal, get_args

import attrs

from negsim.scenario.model import Scenario
from negsim.scenario.rules import GeometricDelay, Rule, UniformDelay, While

LARGEST_SEED = 2**63 - 1
Purpose = Literal["wait", "chance", "delay", "choose"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


def stream_number(rule: str, actors: Sequence[str], purpose: str) -> int:
    """The number of a stream: 64 bits of BLAKE2b (RFC 7693) over its name, as a big-endian number."""
    name = f"{rule}\n{','.join(actors)}\n{purpose}".encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big")


@attrs.frozen
class Stream:
    """The name of a stream: the rule that draws, the members bound to it, and what for."""

    rule: str
    actors: tuple[str, ...]
    purpose: Purpose

    @property
    def number(self) -> int:
        """The number that stands for the name, 0 to 2**64 - 1."""
        return stream_number(self.rule, self.actors, self.purpose)

    def __str__(self) -> str:
        """As a message names it: `burn[elm].delay`."""
        members = f"[{','.join(self.actors)}]" if self.actors else ""
        return f"{self.rule}{members}.{self.purpose}"


@attrs.frozen
class Draw:
    """One draw: the stream, its number in it (from 0), and its value (0 or more, less than 1)."""

    stream: Stream
    number: int
    value: float


def purposes(rule: Rule) -> tuple[Purpose, ...]:
    """What a rule's instances draw for."""
    waits = isinstance(rule.trigger, While)
    asked: dict[Purpose, bool] = {
        "wait": waits,
        "chance": rule.chance is not None and not waits,
        "delay": isinstance(rule.delay, UniformDelay | GeometricDelay),
        "choose": rule.chooses,
    }
    return tuple(purpose for purpose, is_asked in asked.items() if is_asked)


def streams(scenario: Scenario) -> Iterator[Stream]:
    """All streams that runs of a scenario can draw from, in the order of the file."""
    for rule in scenario.rules.values():
        asked = purposes(rule)
        members = [scenario.groups[binder.group].members for binder in rule.binders]
        for actors in product(*members) if asked else ():
            for purpose in asked:
                yield Stream(rule.name, actors, purpose)
