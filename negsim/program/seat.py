"""Seats at talks: what each package is worth to a party, and which of its red lines a package breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product, repeat
from typing import Any

import attrs

from negsim.program.formula import Formula, MeaninglessError, Scope, State
from negsim.scenario.expressions import Bound, Expression, Node
from negsim.scenario.talks import Position, RedLine, Talks
from negsim.scenario.types import TermOption
from negsim.scenario.walking import walk

TOLERANCE = 1e-9  # utilities and aspirations nearer than this are equal

Package = tuple[TermOption, ...]
Bind = Callable[[Node, Scope], Formula]


@attrs.frozen
class SeatAtTalks:
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


def seat_of(talks: Talks, position: Position, packages: Sequence[Package], bind: Bind) -> SeatAtTalks:
    """The seat of one who must accept; raises `MeaninglessError` where a number of its position has no meaning."""
    lines = tuple(position.red_lines.values())
    return SeatAtTalks(
        position.party,
        position,
        lines,
        tuple(None if line.when is None else bind(line.when.tree, {}) for line in lines),
        _utilities(talks, position, bind),
        _broken(talks, lines, packages, bind),
        bind(position.fallback.tree, {}),
        _concession(position, bind),
    )


def number_of(expression: Expression, bind: Bind, *, what: str, least: float) -> float:
    """A number that reads no state; raises `MeaninglessError` where it is less than it may be."""
    value: float = bind(expression.tree, {}).read([])
    if not least <= value < float("inf"):
        raise MeaninglessError(f"{what} is {value}, less than {least}")
    return value


def _concession(position: Position, bind: Bind) -> float:
    value = number_of(position.concession, bind, what=f"the concession of `{position.party}`", least=0)
    if value == 0:
        raise MeaninglessError(f"the concession of `{position.party}` is 0; it must be more")
    return value


def _utilities(talks: Talks, position: Position, bind: Bind) -> tuple[float, ...]:
    """Sums of values, cut at the cap, scaled to 0..1 over all packages; 1 everywhere if they are all equal."""
    worth = {key: float(bind(value.tree, {}).read([])) for key, value in position.values.items()}
    columns = [[worth.get((issue, option), 0.0) for option in options] for issue, options in talks.issues.items()]
    raw = [0.0]
    for column in columns:
        raw = [before + worth for before in raw for worth in column]
    if position.cap is not None:
        cap = number_of(position.cap, bind, what=f"the cap of `{position.party}`", least=float("-inf"))
        raw = [min(each, cap) for each in raw]
    low, high = min(raw), max(raw)
    if high - low <= TOLERANCE * max(1.0, abs(high), abs(low)):
        return (1.0,) * len(raw)
    return tuple((each - low) / (high - low) for each in raw)


def _broken(talks: Talks, lines: Sequence[RedLine], packages: Sequence[Package], bind: Bind) -> tuple[int, ...]:
    """For each package, the red lines that it breaks. A line is looked at once for the terms it reads."""
    issues = tuple(talks.issues)
    broken = [0] * len(packages)
    columns = list(zip(*packages, strict=True)) if lines else []
    for number, line in enumerate(lines):
        names = _names_read(line.never.tree)
        read = [issue for issue in issues if issue in names]
        terms: Iterable[Any] = repeat(())
        if read:
            terms = zip(*(columns[issues.index(issue)] for issue in read), strict=True)
        bad = {
            options
            for options in product(*(talks.issues[issue] for issue in read))
            if bind(line.never.tree, dict(zip(read, options, strict=True))).read([])
        }
        if bad:
            bit = 1 << number
            broken = [bits | bit if term in bad else bits for bits, term in zip(broken, terms, strict=False)]
    return tuple(broken)


def _names_read(tree: Node) -> frozenset[str]:
    """The names bound from outside that an expression reads."""
    return frozenset(node.name for node in walk(tree) if isinstance(node, Bound))
