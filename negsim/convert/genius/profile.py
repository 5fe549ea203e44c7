"""A GENIUS profile -> what the packages of a domain are worth to one party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from negsim.convert.domain import Issue, Profile, packages_above, packages_of
from negsim.convert.elements import Elements, first, those
from negsim.convert.genius.issues import objective_of
from negsim.convert.genius.unread import refuse_others, uncertainty_in
from negsim.convert.genius.worths import Meaning, are_scaled, weights_of, worths_of
from negsim.convert.markup import Element
from negsim.errors import did_you_mean

CAP, ROUNDED = 1.0, 1.001  # at which GENIUS cuts a utility; weights may be a rounding above it
_IN_A_PROFILE = ("objective", "reservation", "discount_factor", "weight", "issue")
_KINDS = ("any", "linear", "additive", "discrete", "uncertain")


def profile_of(
    read: Elements, root: Element, name: str, *, issues: Sequence[Issue], meaning: Meaning
) -> Profile | None:
    """A profile of a domain; nothing, with problems, where it cannot be used."""
    holder = _holder(read, root)
    parts = None if holder is None else _parts(read, holder, issues)
    if holder is None or parts is None:
        return None
    weights, constant = weights_of(read, holder, issues, meaning)
    worths = [worths_of(read, parts[issue.name], issue, meaning) for issue in issues]
    reservation = _reservation(read, root)
    remarks = _discount(read, root)
    if read.problems:
        return None
    if meaning == "genius" and are_scaled([parts[issue.name] for issue in issues]):
        remarks.append("Evaluations are divided by the greatest of their issue, as GENIUS does.")
    found = tuple(
        tuple(weights[issue.number] * each for each in row) for issue, row in zip(issues, worths, strict=True)
    )
    certain = root.attributes.get("type", "any").lower() != "uncertain" and uncertainty_in(root) is None
    if not certain:
        message = "that its preferences are uncertain is left out: its party knows what each package is worth"
        remarks.append(_said(read, root, None, message))
    profile = Profile(name, root.sheet.name, found, constant, reservation, tuple(remarks), certain=certain)
    return _cut(read, profile, holder) if meaning == "genius" else profile


def _said(read: Elements, element: Element, attribute: str | None, message: str) -> str:
    """A warning, and the remark that says the same."""
    read.warn(element, attribute, message)
    return f"{message[0].upper()}{message[1:]}."


def _holder(read: Elements, root: Element) -> Element | None:
    """What holds a profile's issues; nothing, with problems, where something in the file cannot be read."""
    refuse_others(read, root, _IN_A_PROFILE)
    if root.attributes.get("type", "any").lower() not in _KINDS:
        read.put(root, "type", f"a utility of the type '{root.attributes['type']}' cannot be taken")
    holder = root if first(root, "issue") else objective_of(read, root)
    if holder is None:
        return None
    refuse_others(read, holder, _IN_A_PROFILE)
    return None if read.problems else holder


def _parts(read: Elements, holder: Element, issues: Sequence[Issue]) -> Mapping[str, Element] | None:
    """The profile's element of each issue."""
    elements = those(holder, "issue")
    known = {issue.name: issue for issue in issues}
    names = [read.given(element, "name") for element in elements]
    if names and not any(name in known for name in names):
        read.put(holder, None, "this profile is of another domain: it has none of the domain's issues")
        return None
    found: dict[str, Element] = {}
    for element, name in zip(elements, names, strict=True):
        if name is None:
            continue
        if name not in known:
            read.put(element, "name", f"the domain has no issue '{name}'", did_you_mean(name, known))
        elif name in found:
            read.put(element, "name", f"the issue '{name}' is given twice")
        elif read.whole(element, "index") not in (None, known[name].number):
            read.put(element, "index", f"the issue '{name}' has the index {known[name].number} in the domain")
        else:
            found[name] = element
    for issue in issues:
        if issue.name not in names and all(name in known for name in names):
            read.put(holder, None, f"the profile says nothing on the issue '{issue.name}'")
    return found if len(found) == len(issues) else None


def _cut(read: Elements, profile: Profile, holder: Element) -> Profile:
    """The profile with its utilities cut at 1, and how many are."""
    if profile.highest <= ROUNDED:
        return profile
    many = f"{packages_above(profile, CAP):,} of {packages_of(profile):,} packages"
    message = f"the weights sum to more than 1; what is worth more than 1 is cut at 1, as GENIUS does: {many}"
    hint = (
        "read as NegMAS reads it nothing is cut; but then an evaluation counts as it stands, not as its share of"
        " the greatest of its issue, a linear evaluator counts from 0, not from the lowest value, and a weight of"
        " the objective itself is added to every package"
    )
    read.warn(holder, None, message, hint)
    remark = f"What is worth more than 1 is cut at 1, as GENIUS does: {many}."
    return attrs.evolve(profile, cap=CAP, remarks=(*profile.remarks, remark))


def _reservation(read: Elements, root: Element) -> float | None:
    """What no deal is worth, on the profile's own scale; 0 where the file does not say."""
    element = _in(root, "reservation")
    return 0.0 if element is None else read.number(element, "value")


def _discount(read: Elements, root: Element) -> list[str]:
    """A remark, and a warning, where a profile discounts with time."""
    element = _in(root, "discount_factor")
    value = None if element is None else read.number(element, "value")
    if element is None or value is None or value in (0, 1):
        return []
    if not 0 < value < 1:
        read.put(element, "value", f"a discount factor of {value:g} is not within 0..1")
        return []
    return [_said(read, element, "value", f"the discount factor {value:g} is left out: talks do not discount")]


def _in(root: Element, tag: str) -> Element | None:
    """The first element of a tag in a profile, right under it or under its objective."""
    found = (first(holder, tag) for holder in (root, *those(root, "objective")))
    return next((element for element in found if element is not None), None)
