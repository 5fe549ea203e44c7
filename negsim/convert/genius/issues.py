"""A GENIUS domain file -> its issues: discrete ones, and whole numbers between bounds."""

from __future__ import annotations

from collections.abc import Sequence

from negsim.convert.domain import Issue, too_many, unusable
from negsim.convert.elements import Elements, first, those
from negsim.convert.genius.unread import refuse_others, uncertainty_in
from negsim.convert.markup import Element

DOMAIN, PROFILE = "negotiation_template", "utility_space"


def issues_of(read: Elements, root: Element) -> tuple[Issue, ...] | None:
    """The issues of a domain, in the order of the file; nothing, with problems, where they cannot be used."""
    objective = objective_of(read, root)
    if objective is None:
        return None
    uncertain = uncertainty_in(root)
    if uncertain is not None:
        read.leave_out(uncertain)
    elements = those(objective, "issue")
    found = [_issue(read, element) for element in elements]
    refuse_others(read, objective, ("issue", "weight"))
    issues = tuple(issue for issue in found if issue is not None)
    if not found:
        read.put(objective, None, "there is no issue")
    if len(issues) == len(found):
        _refuse_doubles(read, elements)
    if len(issues) < len(found) or not found:
        return None
    wrong = unusable(issues)
    if wrong is not None:
        read.put(objective, None, wrong)
        return None
    return issues


def objective_of(read: Elements, root: Element) -> Element | None:
    """The one objective that holds the issues."""
    space = first(root, PROFILE) or root
    objectives = those(space, "objective")
    if len(objectives) > 1:
        read.put(objectives[1], None, "a second objective; only issues under one objective are taken")
        return None
    if not objectives:
        read.put(space, None, f"<{space.tag}> has no <objective> with issues")
        return None
    inner = first(objectives[0], "objective")
    if inner is not None:
        read.put(inner, None, "an objective within an objective; only issues right under one objective are taken")
        return None
    return objectives[0]


def _refuse_doubles(read: Elements, elements: Sequence[Element]) -> None:
    for what, attribute in (("name", "name"), ("index", "index")):
        seen: set[str] = set()
        for element in elements:
            value = element.attributes.get(attribute, "").strip()
            if value in seen:
                read.put(element, attribute, f"two issues have the {what} '{value}'")
            seen.add(value)


def _issue(read: Elements, element: Element) -> Issue | None:
    name, number = read.given(element, "name"), read.whole(element, "index")
    if name is None or number is None:
        return None
    attribute = "type" if "type" in element.attributes else "etype"
    kind = element.attributes.get(attribute, "discrete")
    match kind:
        case "discrete":
            return _discrete(read, element, name, number)
        case "integer":
            return _integer(read, element, name, number)
        case "real":
            hint = "write it as a discrete issue with a few values; talks are over a finite set of packages"
            read.put(element, attribute, f"the issue '{name}' is continuous (real), which cannot be taken", hint)
        case _:
            read.put(element, attribute, f"'{kind}' is no kind of issue", "it can be: discrete, integer")
    return None


def _discrete(read: Elements, element: Element, name: str, number: int) -> Issue | None:
    refuse_others(read, element, ("item",))
    items = those(element, "item")
    if not items:
        read.put(element, None, f"the issue '{name}' has no items")
        return None
    options = [read.given(item, "value") for item in items]
    many = too_many(name, len(items))
    if many is not None:
        read.put(element, None, many)
        return None
    known: dict[str, Element] = {}
    for item, option in zip(items, options, strict=True):
        if option is None:
            return None
        if option in known:
            read.warn(item, "value", f"'{option}' is given twice, and taken once")
        known.setdefault(option, item)
    return Issue(name, tuple(known), number)


def _integer(read: Elements, element: Element, name: str, number: int) -> Issue | None:
    refuse_others(read, element, ("range", "evaluator"))
    bounds = first(element, "range") or element
    low, high = read.whole(bounds, "lowerbound"), read.whole(bounds, "upperbound")
    if low is None or high is None:
        return None
    if low > high:
        read.put(bounds, "upperbound", f"the range {low}..{high} holds nothing")
        return None
    many = too_many(name, high - low + 1)
    if many is not None:
        read.put(bounds, "upperbound", many, "write it as a discrete issue with fewer values")
        return None
    return Issue(name, tuple(str(value) for value in range(low, high + 1)), number, low)
