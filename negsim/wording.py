"""Names and counts in plain words, for every room."""

from __future__ import annotations


def in_words(name: str) -> str:
    """An identifier as words: `peace_treaty` reads `peace treaty`."""
    return name.replace("_", " ").strip()


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 rule`, `3 rules`, `10,000 runs`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
