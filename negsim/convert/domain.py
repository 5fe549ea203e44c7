"""A negotiation domain as another program keeps it: issues, options, and what they are worth to each profile."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import attrs

MOST_OPTIONS = 1_000  # of one issue
MOST_PACKAGES = 100_000
MOST_PROFILES = 50


@attrs.frozen
class Issue:
    """An issue and its options, in the domain's own wording and order.

    `number` is what the domain's files call it by; `lowest` the lowest of a range of whole numbers,
    nothing where the options were written out.
    """

    name: str
    options: tuple[str, ...]
    number: int
    lowest: int | None = None


@attrs.frozen
class Profile:
    """What the packages are worth to one party, on the domain's own scale.

    The worth of a package is `constant` plus, for each issue, what `worths` gives its option. No deal is
    worth `reservation`: nothing where any deal is better than none. `remarks` say what was left out, or how
    the numbers were read.
    """

    name: str
    file: str
    worths: tuple[tuple[float, ...], ...]
    constant: float
    reservation: float | None
    remarks: tuple[str, ...] = ()

    @property
    def lowest(self) -> float:
        """The worth of the worst package."""
        return self.constant + sum(min(worths) for worths in self.worths)

    @property
    def highest(self) -> float:
        """The worth of the best package."""
        return self.constant + sum(max(worths) for worths in self.worths)


@attrs.frozen
class Domain:
    """A domain with its profiles; `origin` names the program whose format it is."""

    name: str
    origin: str
    issues: tuple[Issue, ...]
    profiles: tuple[Profile, ...]


def too_large(issues: Sequence[Issue]) -> str | None:
    """What is too large about issues; nothing where they can be taken."""
    packages = prod(len(issue.options) for issue in issues)
    if packages > MOST_PACKAGES:
        return f"the domain has {packages:,} packages; at most {MOST_PACKAGES:,} can be taken"
    return None
