"""States, and formulas: forms that can be read in a state.

A formula is data (`form`); the Python that reads it is made of that when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from negsim.program.form import Fixed, Form, reads
from negsim.scenario.types import Value

# A state is a list: a value for each slot, and behind them the state's version. States of one version have the same
# values in the slots of the world: these are changed by `set_slots` alone, but for those that say which day it is,
# which change under a version. So does what measures remember, behind the world's slots: no definition can read it.
State = list[Any]
Values = tuple[Any, ...]  # those of a state, slot by slot, without its version
Reader = Callable[[State], Any]
Scope = Mapping[str, Value]


_versions = count()


def new_state(initial: Sequence[Value | None]) -> State:
    """A state with these values, under a version of its own."""
    return [*initial, next(_versions)]


def values_of(state: State) -> Values:
    """The values of a state, slot by slot."""
    return tuple(state[:-1])


def set_slots(state: State, changes: Iterable[tuple[int, Value]]) -> list[int]:
    """Changes a state, which gets a new version; gives the slots that got another value."""
    moved = []
    for slot, value in changes:
        if state[slot] != value:
            state[slot] = value
            moved.append(slot)
    if moved:
        state[-1] = next(_versions)
    return moved


class MeaninglessError(Exception):
    """An expression has no value in this state; the day adds who asked and when."""


class UnsettledError(MeaninglessError):
    """A term of talks has no number, since it is not settled. A measure that reads it is nothing."""


class Formula:
    """A bound expression: `read(state)` is its value, `reads` the slots that can change it.

    `fixed` says that it reads none; `value` is its value then. Two formulas are the same only where they are
    the same object: those of one definition are.
    """

    __slots__ = ("_made_by", "fixed", "form", "read", "reads", "value")

    read: Reader
    reads: frozenset[int]

    def __init__(self, form: Form, made_by: Callable[[Form], Reader]) -> None:
        self.form = form
        self.fixed = isinstance(form, Fixed)
        self.value: Any = form.value if isinstance(form, Fixed) else None
        self._made_by = made_by

    def __getattr__(self, name: str) -> Any:
        """What is worked out when it is first asked for: many a formula is never looked at."""
        if name == "read":
            self.read = self._made_by(self.form)
            return self.read
        if name == "reads":
            self.reads = reads(self.form)
            return self.reads
        raise AttributeError(name)


def fixed(value: Value) -> Formula:
    """A formula that has one value in every state."""
    return Formula(Fixed(value), lambda _form: lambda _state: value)
