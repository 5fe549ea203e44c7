"""Colours of shares and of changes, from the least to the most. None of them is good or bad."""

from __future__ import annotations

SHADES = ("#eef4fa", "#d9e8f5", "#c2dbf0", "#a9cdea", "#8fbee4", "#74aedd")
CHANGES = ("#dcb483", "#ecd2b2", "#f6eadb", "#eef0f2", "#e6dff0", "#cfc0e3", "#b8a1d6")


def shade(share: float) -> str:
    """The colour of a share: the darker, the larger."""
    return SHADES[min(int(share * len(SHADES)), len(SHADES) - 1)]


def change_shade(difference: float, most: float) -> str:
    """The colour of a difference among some of which `most` is the largest, up or down: brown is less, violet more."""
    half = len(CHANGES) // 2
    return CHANGES[half + round(difference / most * half)]
