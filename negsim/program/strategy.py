"""Strategies at talks: what a seat aspires to in a round, from what it sees then.

The aspiration is the time-dependent tactic of Faratin, Sierra and Jennings (1998), "Negotiation decision functions
for autonomous agents", Robotics and Autonomous Systems 24, with a polynomial of the share of rounds that have passed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Context, Decimal

import attrs

from negsim.program.seat import TOLERANCE


def power(base: float, exponent: float) -> float:
    """`base ** exponent` for a base in 0..1, the same on every platform (decimal arithmetic, 28 digits)."""
    if base <= 0 or base >= 1:
        return 0.0 if base <= 0 else 1.0
    return float(Context(prec=28).power(Decimal(base), Decimal(exponent)))


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


Strategy = Callable[[View], float]


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
