"""Names and counts in plain words, for every room."""

from __future__ import annotations

from collections.abc import Mapping


def in_words(name: str, given: Mapping[str, str] | None = None) -> str:
    """A name as words: those that the author has `given` it, else its own; `peace_treaty` reads `peace treaty`."""
    words = None if given is None else given.get(name)
    return name.replace("_", " ").strip() if words is None else words


def on_step(name: str, number: int) -> str:
    """When something is, by what a step is called and its number: `on day 3`, `in hour 3`."""
    return f"{'on' if name == 'day' else 'in'} {name} {number}"


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 rule`, `3 rules`, `10,000 runs`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
