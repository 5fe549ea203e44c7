"""A Markov decision process written out state by state, as other tools read it."""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen
class ChainChoice:
    """One way to go on: the states it may lead to, each named once, with their chances."""

    name: str
    targets: tuple[int, ...]
    chances: tuple[float, ...]


@attrs.frozen
class Chain:
    """An explicit Markov decision process: a decision state has several choices, any other state one.

    `variables` name the columns of `states`, whose rows differ; the place of a row is its state.
    A label names the states in which it holds.
    """

    variables: tuple[str, ...]
    states: tuple[tuple[int, ...], ...]
    initial: int
    choices: tuple[tuple[ChainChoice, ...], ...]
    labels: Mapping[str, tuple[int, ...]]

    @property
    def decides(self) -> bool:
        """Whether some state has more than one choice."""
        return any(len(choices) > 1 for choices in self.choices)
