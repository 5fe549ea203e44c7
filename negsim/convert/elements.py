"""What stands in the elements of an XML file: texts and numbers, and a problem at its place where one is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Collection

from negsim.convert.markup import Element
from negsim.language.problems import Problems

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[-+]?[0-9]{1,9}", re.ASCII)


class Elements:
    """Reads attributes of the elements of one file, and notes what is wrong with each."""

    def __init__(self, problems: Problems, warnings: Problems) -> None:
        self.problems = problems
        self.warnings = warnings
        self._left_out: set[str] = set()

    def put(self, element: Element, attribute: str | None, message: str, hint: str | None = None) -> None:
        """A problem with an element or, where one is named, with an attribute of it."""
        place = element.place if attribute is None else element.place_of(attribute)
        self.problems.put(element.sheet, place, message, hint)

    def warn(self, element: Element, attribute: str | None, message: str, hint: str | None = None) -> None:
        """Something that is left out, or taken another way than its author may think."""
        place = element.place if attribute is None else element.place_of(attribute)
        self.warnings.put(element.sheet, place, message, hint)

    def leave_out(self, element: Element) -> None:
        """A warning that an element is not read, once for all of its tag in the file."""
        if element.tag not in self._left_out:
            self.warn(element, None, f"each <{element.tag}> is left out, as GENIUS does")
        self._left_out.add(element.tag)

    def given(self, element: Element, attribute: str) -> str | None:
        """An attribute's text; nothing, with a problem, where it is missing."""
        value = element.attributes.get(attribute)
        if value is None:
            self.put(element, None, f"<{element.tag}> has no `{attribute}`")
        return value

    def number(self, element: Element, attribute: str) -> float | None:
        """An attribute as a number; nothing, with a problem, where it is none."""
        text = self.given(element, attribute)
        if text is None:
            return None
        if _NUMBER.fullmatch(text.strip()) and math.isfinite(value := float(text)):
            return value
        self.put(element, attribute, f"'{text}' is no number")
        return None

    def whole(self, element: Element, attribute: str) -> int | None:
        """An attribute as a whole number; nothing, with a problem, where it is none."""
        text = self.given(element, attribute)
        if text is None:
            return None
        if _WHOLE.fullmatch(text.strip()):
            return int(text)
        self.put(element, attribute, f"'{text}' is no whole number")
        return None


def those(element: Element, tag: str) -> list[Element]:
    """The elements of a tag right under an element."""
    return [child for child in element.children if child.tag == tag]


def first(element: Element, *tags: str) -> Element | None:
    """The first element of these tags right under an element."""
    return next((child for child in element.children if child.tag in tags), None)


def anywhere(element: Element, tags: Collection[str]) -> Element | None:
    """The first element of these tags within an element, however deep; tags are told apart by letters alone."""
    for child in element.children:
        found = child if letters(child.tag) in tags else anywhere(child, tags)
        if found is not None:
            return found
    return None


def letters(tag: str) -> str:
    """A tag in small letters without the signs between its words: `fixed_seed` and `fixedSeed` are one."""
    return tag.replace("_", "").lower()
