"""What stands in GENIUS files and is not read: left out where GENIUS looks past it too, else a problem."""

from __future__ import annotations

from collections.abc import Sequence

from negsim.convert.elements import Elements, anywhere, letters
from negsim.convert.markup import Element
from negsim.errors import did_you_mean

_NON_LINEAR = frozenset({"utility_function", "utility", "ufun", "hyperRectangle", "rectangle"})
_CONSTRAINTS = frozenset({"constraint", "constraints", "rule", "rules"})
# What GENIUS itself does not look at: of older versions, and of GeniusBI, which plays with people over time.
_UNREAD = frozenset({"similarity_function", "optout", "timeeffect", "weightmultiplyer", "opponent", "stateissue"})
# What GENIUS tells a party of its own worths where they are uncertain; the worths stand beside it.
_UNCERTAIN = frozenset({"comparisons", "errors", "elicitationcost", "fixedseed", "experimental", "uncertainty"})


def refuse_others(read: Elements, element: Element, known: Sequence[str]) -> None:
    """Notes what stands in an element and is not read."""
    hint = "only linear additive profiles are taken: a weight for each issue, an evaluation for each item"
    for child in element.children:
        if child.tag in known or is_of_uncertainty(child):
            continue
        if child.tag in _UNREAD:
            read.leave_out(child)
        elif child.tag in _NON_LINEAR:
            read.put(child, None, f"a non-linear utility (<{child.tag}>) cannot be taken", hint)
        elif child.tag in _CONSTRAINTS:
            read.put(child, None, f"constraints (<{child.tag}>) cannot be taken", hint)
        else:
            read.put(child, None, f"<{child.tag}> is not read", did_you_mean(child.tag, known))


def is_of_uncertainty(element: Element) -> bool:
    """Whether an element is on how little a party knows of its own worths."""
    return letters(element.tag) in _UNCERTAIN


def uncertainty_in(root: Element) -> Element | None:
    """The first thing in a file, wherever it stands, on how little a party knows of its own worths."""
    return anywhere(root, _UNCERTAIN)
