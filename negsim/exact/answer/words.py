"""Probabilities and shares as a reader sees them: what is possible is never shown as 0, what may fail never as 1.

Whether something is certain cannot be read off a number, since a chance of 1e-330 beside it leaves it at 1.0: what is
certain is what nothing else stands beside, and whoever asks says so.
"""

from __future__ import annotations

from collections.abc import Mapping

TINY = 1e-12  # nearer to 1 than this is rounding, where nothing else can be
LEAST = 0.0001
FAINT = 1e-300  # a percentage below this is not written out


def certain(values: Mapping[str, float]) -> frozenset[str]:
    """What is certain of some things of which one comes about: that beside which all others have no chance at all."""
    possible = [name for name, value in values.items() if value > 0]
    return frozenset(name for name in possible if len(possible) == 1 and values[name] > 1 - TINY)


def decimal(value: float, decimals: int = 4, *, sure: bool = False) -> str:
    """A probability with four decimals unless told otherwise; `sure` where nothing else can be."""
    return _near(value, decimals, sure=sure)


def at_most(value: float, decimals: int = 4) -> str:
    """An upper bound of a probability: what is 1 but for rounding is 1."""
    return _near(value, decimals, sure=value > 1 - TINY)


def percent(value: float, decimals: int = 1, *, sure: bool = False) -> str:
    """A probability in percent, with one decimal unless told otherwise."""
    return f"{_near(100 * value, decimals, whole=100, sure=sure)} %"


def figures(value: float, *, sure: bool = False) -> str:
    """A probability in percent, with four digits that say something: `12.35 %`, `0.001234 %`."""
    scaled = 100 * value
    if 0 < scaled < FAINT:
        return f"< {FAINT:g} %"
    text = f"{scaled:.4g}"
    return "> 99.99 %" if text == "100" and not sure else f"{text} %"


def interval_end(value: float) -> str:
    """An end of an interval in percent, without the sign: `12.3`."""
    return f"{100 * value:.1f}"


def share(value: float) -> str:
    """A share of runs in percent, with one decimal and without the sign: 0 and 100 are none of them and all."""
    text = f"{100 * value:.1f}"
    if text == "0.0" and value > 0:
        return "< 0.1"
    return "> 99.9" if text == "100.0" and value < 1 else text


def signed(change: float) -> str:
    """A change of a probability with its sign and four decimals."""
    if change == 0:
        return "0"
    if abs(change) < LEAST / 2:
        return f"< +{LEAST}" if change > 0 else f"> -{LEAST}"
    return f"{change:+.4f}"


def _near(value: float, decimals: int, *, whole: int = 1, sure: bool) -> str:
    least = 10.0**-decimals
    if sure:
        return str(whole)
    if value <= 0:
        return "0"
    if value < least / 2:
        return f"< {least:.{decimals}f}"
    if value > whole - least / 2:
        return f"> {whole - least:.{decimals}f}"
    return f"{value:.{decimals}f}"
