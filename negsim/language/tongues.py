"""Texts in several languages: which languages a scenario has, which one is read, and what lacks in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import attrs

from negsim.errors import UsageError, did_you_mean
from negsim.language.nodes import KeyedNode, Scalar

TAG = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*"


@attrs.define
class Tongues:
    """The languages that a scenario names, the first of which stands in for all others, and the one that is asked for.

    `lacking` counts the texts that are not given in a language; `is_missed` says that the head was found to name none.
    """

    asked: str | None = None
    declared: tuple[str, ...] = ()
    lacking: dict[str, int] = attrs.field(factory=dict)
    is_missed: bool = False

    @property
    def spoken(self) -> str | None:
        """The language that is read: the one asked for, else the first; nothing where none is named."""
        return same_tongue(self.asked or "", self.declared) or next(iter(self.declared), None)

    def check_asked(self, name: str) -> None:
        """Raises `UsageError` where a language is asked for that the scenario does not have."""
        if self.asked is None or same_tongue(self.asked, self.declared) is not None:
            return
        if not self.declared:
            hint = "`languages:` at its head would; leave the language out"
            raise UsageError(f"{name} does not say which languages its texts are in", hint)
        hint = f"it has {', '.join(self.declared)}"
        raise UsageError(f"{name} has no texts in '{self.asked}'", hint)

    def notes(self) -> tuple[str, ...]:
        """How many texts lack in which language."""
        first = next(iter(self.declared), None)
        return tuple(
            f"{count:,} text{' is' if count == 1 else 's are'} not given in '{tongue}'; there '{first}' is shown"
            for tongue, count in self.lacking.items()
        )

    def picked(self, texts: Mapping[str, Scalar]) -> Scalar:
        """The text in the language that is read, with the others beside it; the first language must be there."""
        for tongue in self.declared:
            if tongue not in texts:
                self.lacking[tongue] = self.lacking.get(tongue, 0) + 1
        said = {tongue: texts[tongue] for tongue in self.declared if tongue in texts}
        first = said[self.declared[0]]
        return attrs.evolve(said.get(self.spoken or "", first), said=said)


def looks_spoken(node: KeyedNode, declared: Iterable[str]) -> bool:
    """Whether a mapping is one of languages to texts, rather than a text that begins with a brace."""
    if node.entries and node.entries.keys() <= {*declared}:
        return True
    values = [entry.value for entry in node.entries.values()]
    given = bool(values) and all(not isinstance(value, Scalar) or value.value is not None for value in values)
    return given and all(re.fullmatch(TAG, name) for name in node.entries)


def unknown(name: str, declared: Iterable[str]) -> str | None:
    """A way out for a language that is not named at the head; nothing where it is."""
    known = tuple(declared)
    return None if name in known else did_you_mean(same_tongue(name, known) or name, known)


def in_first(scalar: Scalar) -> str:
    """A text in the first language of its scenario, which is what logs hold."""
    return next(iter(scalar.said.values()), scalar).text.strip()


def in_each(scalar: Scalar) -> tuple[Scalar, ...]:
    """A text in each language that it is given in."""
    return tuple(scalar.said.values()) or (scalar,)


def same_tongue(name: str, known: Iterable[str]) -> str | None:
    """The language of a name among some: capitals do not count."""
    return next((each for each in known if each.lower() == name.lower()), None)
