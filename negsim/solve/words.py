"""Probabilities as a reader sees them: what is possible is never shown as 0, what may fail never as 1."""

from __future__ import annotations

TINY = 1e-12  # nearer to 0 or 1 than this is rounding
LEAST = 0.0001


def decimal(value: float) -> str:
    """A probability with four decimals."""
    return _near(value, 4)


def percent(value: float) -> str:
    """A probability in percent, with one decimal."""
    return f"{_near(100 * value, 1, whole=100)} %"


def signed(change: float) -> str:
    """A change of a probability with its sign and four decimals."""
    if change == 0:
        return "0"
    if abs(change) < LEAST / 2:
        return f"< +{LEAST}" if change > 0 else f"> -{LEAST}"
    return f"{change:+.4f}"


def _near(value: float, decimals: int, *, whole: int = 1) -> str:
    least = 10.0**-decimals
    if value <= 0 or value >= whole * (1 - TINY):
        return "0" if value <= 0 else str(whole)
    if value < least / 2:
        return f"< {least:.{decimals}f}"
    if value > whole - least / 2:
        return f"> {whole - least:.{decimals}f}"
    return f"{value:.{decimals}f}"
