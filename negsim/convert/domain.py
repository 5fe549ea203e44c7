"""A negotiation domain as another program keeps it: issues, options, and what they are worth to each profile."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import prod

import attrs

from negsim.addition import added
from negsim.language.options import MOST_OPTIONS
from negsim.language.terms import MOST_ISSUES, MOST_PACKAGES
from negsim.program.seat import TOLERANCE

COUNTLESS = 10**12  # values, of which no message gives the exact number


@attrs.frozen
class Issue:
    """An issue and its options, in the domain's own wording and order.

    `number` is what the domain's files call it by; `lowest` the lowest of a range of whole numbers,
    nothing where the options were written out. `bounds` are the ends of a range of numbers that need not be
    whole; its last step need not reach the higher one.
    """

    name: str
    options: tuple[str, ...]
    number: int
    lowest: int | None = None
    bounds: tuple[Decimal, Decimal] | None = None


@attrs.frozen
class Profile:
    """What the packages are worth to one party, on the domain's own scale.

    The worth of a package is `constant` plus, for each issue, what `worths` gives its option. No deal is
    worth `reservation`: nothing where any deal is better than none. What would be worth more than `cap` is
    worth `cap`. `certain` is false where the file keeps its party from knowing its own worths. `remarks` say
    what was left out, or how the numbers were read.
    """

    name: str
    file: str
    worths: tuple[tuple[float, ...], ...]
    constant: float
    reservation: float | None
    remarks: tuple[str, ...] = ()
    cap: float | None = None
    certain: bool = True

    @property
    def lowest(self) -> float:
        """The worth of the worst package."""
        return self._cut(self.constant + added(min(worths) for worths in self.worths))

    @property
    def highest(self) -> float:
        """The worth of the best package."""
        return self._cut(self.constant + added(max(worths) for worths in self.worths))

    def _cut(self, worth: float) -> float:
        return worth if self.cap is None else min(worth, self.cap)


@attrs.frozen
class Domain:
    """A domain with its profiles; `origin` names the program whose format it is."""

    name: str
    origin: str
    issues: tuple[Issue, ...]
    profiles: tuple[Profile, ...]


def unusable(issues: Sequence[Issue]) -> str | None:
    """Why there can be no talks over these issues; nothing where there can."""
    if len(issues) > MOST_ISSUES:
        return f"the domain has {len(issues)} issues; at most {MOST_ISSUES} can be taken"
    if all(len(issue.options) == 1 for issue in issues):
        return "there is nothing to negotiate: each issue has one value"
    packages = prod(len(issue.options) for issue in issues)
    if packages > MOST_PACKAGES:
        return f"the domain has {packages:,} packages; at most {MOST_PACKAGES:,} can be taken"
    return None


def packages_of(profile: Profile) -> int:
    """How many packages a profile is over."""
    return prod(len(worths) for worths in profile.worths)


def packages_above(profile: Profile, worth: float) -> int:
    """How many packages are worth more than this, rounding left aside."""
    least = worth + TOLERANCE
    found = [profile.constant]
    for worths in profile.worths:
        found = [before + each for before in found for each in worths]
    return sum(1 for each in found if each > least)


def too_many(issue: str, number: int) -> str | None:
    """A sentence where an issue has more values than can be taken; nothing where it has not."""
    if number <= MOST_OPTIONS:
        return None
    many = f"{number:,}" if number < COUNTLESS else f"more than {COUNTLESS:,}"
    return f"the issue '{issue}' has {many} values; at most {MOST_OPTIONS:,} can be taken"


def without_single(domain: Domain) -> Domain:
    """The domain without the issues that have one value: there is nothing to negotiate, so it is a constant."""
    kept = [number for number, issue in enumerate(domain.issues) if len(issue.options) > 1]
    if len(kept) == len(domain.issues):
        return domain
    left_out = [issue.name for number, issue in enumerate(domain.issues) if number not in kept]
    remark = f"Left out, since there is one value alone: {', '.join(left_out)}."
    profiles = tuple(
        attrs.evolve(
            profile,
            worths=tuple(profile.worths[number] for number in kept),
            constant=profile.constant + added(row[0] for row in profile.worths if len(row) == 1),
            remarks=(*profile.remarks, remark),
        )
        for profile in domain.profiles
    )
    return attrs.evolve(domain, issues=tuple(domain.issues[number] for number in kept), profiles=profiles)
