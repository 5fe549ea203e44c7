"""GENIUS domains (the XML of the ANAC competitions) -> a domain, or every problem.

A domain file is a `negotiation_template`; each profile is a `utility_space`. Only linear additive profiles
over discrete and whole-number issues are taken. What an evaluation means is not the same everywhere, so it
is chosen (`Meaning`):

- `genius`, as GENIUS itself reads its files (`AdditiveUtilitySpace`, `EvaluatorDiscrete`, `EvaluatorInteger`):
  an evaluation counts as its share of the greatest one of its issue (0 where that is 0), and a linear
  evaluator as `offset + slope * (value - lowest value)`, cut to 0..1; a utility is cut at 1, and a weight of
  the objective itself is not looked at;
- `negmas`, as NegMAS reads and writes them: an evaluation counts as it stands, and a linear evaluator as
  `offset + slope * value`; weights and evaluations may be negative, and a weight of an issue that is not
  there is a constant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Literal

import attrs

from negsim.convert.domain import Issue, Profile, packages_above, packages_of, too_many, unusable
from negsim.convert.markup import Element
from negsim.errors import did_you_mean
from negsim.load.problems import Problems

Meaning = Literal["genius", "negmas"]
DOMAIN, PROFILE = "negotiation_template", "utility_space"
SMALLEST_TOP = 0.00001  # GENIUS takes a greatest evaluation below this for 0
CAP, ROUNDED = 1.0, 1.001  # at which GENIUS cuts a utility; weights may be a rounding above it

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[-+]?[0-9]{1,9}", re.ASCII)
_NON_LINEAR = frozenset({"utility_function", "utility", "ufun", "hyperRectangle", "rectangle"})
_CONSTRAINTS = frozenset({"constraint", "constraints", "rule", "rules"})
_UNREAD = frozenset({"similarity_function"})  # what GENIUS itself does not look at
# What GENIUS tells a party of its own worths where they are uncertain; the worths stand beside it.
_UNCERTAIN = frozenset({"comparisons", "errors", "elicitationcost", "fixedseed", "experimental", "uncertainty"})
_IN_A_PROFILE = ("objective", "reservation", "discount_factor", "weight", "issue")


class Reader:
    """Reads one element after the other, and notes what is wrong with each."""

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

    # The domain.

    def issues(self, root: Element) -> tuple[Issue, ...] | None:
        """The issues of a domain, in the order of the file; nothing, with problems, where they cannot be used."""
        objective = self._objective(root)
        if objective is None:
            return None
        found = [self._issue(child) for child in objective.children if child.tag == "issue"]
        self._refuse_others(objective, ("issue", "weight"))
        issues = tuple(issue for issue in found if issue is not None)
        if not found:
            self.put(objective, None, "there is no issue")
        self._refuse_doubles(objective, issues)
        if len(issues) < len(found) or not found:
            return None
        wrong = unusable(issues)
        if wrong is not None:
            self.put(objective, None, wrong)
            return None
        return issues

    def _refuse_doubles(self, objective: Element, issues: Sequence[Issue]) -> None:
        elements = [child for child in objective.children if child.tag == "issue"]
        for what, attribute in (("name", "name"), ("index", "index")):
            seen: set[str] = set()
            for element in elements:
                value = element.attributes.get(attribute, "").strip()
                if value in seen and len(issues) == len(elements):
                    self.put(element, attribute, f"two issues have the {what} '{value}'")
                seen.add(value)

    def _objective(self, root: Element) -> Element | None:
        """The one objective that holds the issues."""
        space = next((child for child in root.children if child.tag == PROFILE), root)
        objectives = [child for child in space.children if child.tag == "objective"]
        if len(objectives) > 1:
            self.put(objectives[1], None, "a second objective; only issues under one objective are taken")
            return None
        objective = objectives[0] if objectives else None
        if objective is None:
            self.put(space, None, f"<{space.tag}> has no <objective> with issues")
            return None
        inner = next((child for child in objective.children if child.tag == "objective"), None)
        if inner is not None:
            self.put(inner, None, "an objective within an objective; only issues right under one objective are taken")
            return None
        return objective

    def _issue(self, element: Element) -> Issue | None:
        name, number = self.given(element, "name"), self.whole(element, "index")
        if name is None or number is None:
            return None
        kind = element.attributes.get("type", element.attributes.get("etype", "discrete"))
        match kind:
            case "discrete":
                return self._discrete(element, name, number)
            case "integer":
                return self._integer(element, name, number)
            case "real":
                attribute = "type" if "type" in element.attributes else "etype"
                hint = "write it as a discrete issue with a few values; talks are over a finite set of packages"
                self.put(element, attribute, f"the issue '{name}' is continuous (real), which cannot be taken", hint)
            case _:
                attribute = "type" if "type" in element.attributes else "etype"
                self.put(element, attribute, f"'{kind}' is no kind of issue", "it can be: discrete, integer")
        return None

    def _discrete(self, element: Element, name: str, number: int) -> Issue | None:
        self._refuse_others(element, ("item",))
        items = [child for child in element.children if child.tag == "item"]
        options = [self.given(item, "value") for item in items]
        if not items:
            self.put(element, None, f"the issue '{name}' has no items")
            return None
        many = too_many(name, len(items))
        if many is not None:
            self.put(element, None, many)
            return None
        seen: set[str] = set()
        for item, option in zip(items, options, strict=True):
            if option is not None and option in seen:
                self.put(item, "value", f"'{option}' is given twice")
                return None
            seen.add(option or "")
        known = tuple(option for option in options if option is not None)
        return Issue(name, known, number) if len(known) == len(options) else None

    def _integer(self, element: Element, name: str, number: int) -> Issue | None:
        self._refuse_others(element, ("range", "evaluator"))
        bounds = next((child for child in element.children if child.tag == "range"), element)
        low, high = self.whole(bounds, "lowerbound"), self.whole(bounds, "upperbound")
        if low is None or high is None:
            return None
        if low > high:
            self.put(bounds, "upperbound", f"the range {low}..{high} holds nothing")
            return None
        many = too_many(name, high - low + 1)
        if many is not None:
            self.put(bounds, "upperbound", many, "write it as a discrete issue with fewer values")
            return None
        return Issue(name, tuple(str(value) for value in range(low, high + 1)), number, low)

    def _refuse_others(self, element: Element, known: Sequence[str]) -> None:
        """Notes what stands in an element and is not read."""
        for child in element.children:
            if child.tag in known:
                continue
            if child.tag in _UNREAD:
                self.leave_out(child)
                continue
            hint = "only linear additive profiles are taken: a weight for each issue, an evaluation for each item"
            if child.tag in _NON_LINEAR:
                self.put(child, None, f"a non-linear utility (<{child.tag}>) cannot be taken", hint)
            elif child.tag in _CONSTRAINTS:
                self.put(child, None, f"constraints (<{child.tag}>) cannot be taken", hint)
            else:
                self.put(child, None, f"<{child.tag}> is not read", did_you_mean(child.tag, known))

    # A profile.

    def profile(self, root: Element, name: str, issues: Sequence[Issue], meaning: Meaning) -> Profile | None:
        """A profile of a domain; nothing, with problems, where it cannot be used."""
        before = len(self.problems.sorted())
        uncertain = _uncertain(root)
        self._refuse_others(root, (*_IN_A_PROFILE, *(child.tag for child in uncertain)))
        kind = root.attributes.get("type", "any").lower()
        if kind not in ("any", "linear", "additive", "discrete", "uncertain"):
            self.put(root, "type", f"a utility of the type '{root.attributes['type']}' cannot be taken")
        holder = root if any(child.tag == "issue" for child in root.children) else self._objective(root)
        if holder is None:
            return None
        self._refuse_others(holder, ("issue", "weight", "reservation", "discount_factor", "objective"))
        if len(self.problems.sorted()) > before:
            return None
        parts = self._parts(holder, issues)
        if parts is None:
            return None
        weights, constant = self._weights(holder, issues, meaning)
        worths = [self._worths(parts[issue.name], issue, meaning) for issue in issues]
        reservation = self._reservation(root)
        remarks = self._discount(root)
        if len(self.problems.sorted()) > before:
            return None
        if meaning == "genius":
            remarks += _remark_on_greatest([parts[issue.name] for issue in issues])
        found = tuple(
            tuple(weights[issue.number] * each for each in row) for issue, row in zip(issues, worths, strict=True)
        )
        certain = kind != "uncertain" and not uncertain
        if not certain:
            left_out = "that its preferences are uncertain is left out: its party knows what each package is worth"
            self.warn(root, None, left_out)
            remarks.append(f"{left_out[0].upper()}{left_out[1:]}.")
        profile = Profile(name, root.sheet.name, found, constant, reservation, tuple(remarks), certain=certain)
        return self._cut(profile, holder) if meaning == "genius" else profile

    def _cut(self, profile: Profile, holder: Element) -> Profile:
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
        self.warn(holder, None, message, hint)
        remark = f"What is worth more than 1 is cut at 1, as GENIUS does: {many}."
        return attrs.evolve(profile, cap=CAP, remarks=(*profile.remarks, remark))

    def _parts(self, holder: Element, issues: Sequence[Issue]) -> Mapping[str, Element] | None:
        """The profile's element of each issue."""
        elements = [child for child in holder.children if child.tag == "issue"]
        known = {issue.name: issue for issue in issues}
        names = [self.given(element, "name") for element in elements]
        if names and not any(name in known for name in names):
            self.put(holder, None, "this profile is of another domain: it has none of the domain's issues")
            return None
        found: dict[str, Element] = {}
        for element, name in zip(elements, names, strict=True):
            if name is None:
                continue
            if name not in known:
                hint = did_you_mean(name, known)
                self.put(element, "name", f"the domain has no issue '{name}'", hint)
            elif name in found:
                self.put(element, "name", f"the issue '{name}' is given twice")
            elif self.whole(element, "index") not in (None, known[name].number):
                self.put(element, "index", f"the issue '{name}' has the index {known[name].number} in the domain")
            else:
                found[name] = element
        for issue in issues:
            if issue.name not in names and all(name in known for name in names):
                self.put(holder, None, f"the profile says nothing on the issue '{issue.name}'")
        return found if len(found) == len(issues) else None

    def _weights(self, holder: Element, issues: Sequence[Issue], meaning: Meaning) -> tuple[Mapping[int, float], float]:
        """The weight of each issue by its number, and what is added to every package."""
        numbers = {issue.number: issue for issue in issues}
        weights: dict[int, float] = {}
        constant = 0.0
        for element in (child for child in holder.children if child.tag == "weight"):
            number, value = self.whole(element, "index"), self.number(element, "value")
            if number is None or value is None:
                continue
            if number not in numbers and meaning == "negmas":
                constant += value
            elif number not in numbers and str(number) == holder.attributes.get("index", "").strip():
                self.warn(element, "index", "the weight of the objective itself is left out, as GENIUS does")
            elif number not in numbers:
                self.put(element, "index", f"the domain has no issue with the index {number}")
            elif number in weights:
                self.put(element, "index", f"the weight of '{numbers[number].name}' is given twice")
            elif value < 0 and meaning == "genius":
                self.put(element, "value", f"the weight of '{numbers[number].name}' is negative")
            weights[number] = value
        given = {child.attributes.get("index", "").strip() for child in holder.children if child.tag == "weight"}
        for number, issue in numbers.items():
            if number not in weights:
                weights[number] = 0.0
                if str(number) not in given:
                    self.put(holder, None, f"the issue '{issue.name}' has no weight")
        return weights, constant

    def _worths(self, element: Element, issue: Issue, meaning: Meaning) -> list[float]:
        """What each option of an issue is worth, before its weight."""
        evaluator = next((child for child in element.children if child.tag == "evaluator"), None)
        if evaluator is not None and issue.lowest is not None:
            return self._linear(evaluator, issue, meaning)
        self._refuse_others(element, ("item", "range"))
        items: dict[str, float] = {}
        known = {*issue.options}
        for item in (child for child in element.children if child.tag == "item"):
            option, value = self.given(item, "value"), self.number(item, "evaluation")
            if option is None or value is None:
                continue
            if option not in known:
                hint = did_you_mean(option, issue.options)
                self.put(item, "value", f"'{option}' is no item of '{issue.name}' in the domain", hint)
            elif option in items:
                self.put(item, "value", f"'{option}' is given twice")
            elif value < 0 and meaning == "genius":
                self.put(item, "evaluation", f"the evaluation of '{option}' is negative")
            items[option] = value
        given = {child.attributes.get("value") for child in element.children if child.tag == "item"}
        for option in issue.options if given <= known else ():
            if option not in given:
                self.put(element, None, f"'{option}' of '{issue.name}' has no evaluation")
        worths = [items.get(option, 0.0) for option in issue.options]
        if meaning == "negmas":
            return worths
        top = max(worths)
        return [0.0 if top < SMALLEST_TOP else worth / top for worth in worths]

    def _linear(self, evaluator: Element, issue: Issue, meaning: Meaning) -> list[float]:
        """What the values of a whole-number issue are worth under a linear evaluator."""
        form = evaluator.attributes.get("ftype", "linear")
        if form != "linear":
            self.put(evaluator, "ftype", f"an evaluator of the form '{form}' cannot be taken", "it can be: linear")
            return [0.0] * len(issue.options)
        modern = "slope" in evaluator.attributes or "parameter1" not in evaluator.attributes
        slope = self.number(evaluator, "slope" if modern else "parameter1")
        offset = self.number(evaluator, "offset" if modern else "parameter0")
        if slope is None or offset is None or issue.lowest is None:
            return [0.0] * len(issue.options)
        steps = range(len(issue.options))
        if meaning == "negmas":
            return [offset + slope * (issue.lowest + step) for step in steps]
        return [min(1.0, max(0.0, offset + slope * step)) for step in steps]

    def _reservation(self, root: Element) -> float | None:
        """What no deal is worth, on the profile's own scale; 0 where the file does not say."""
        element = _in(root, "reservation")
        return 0.0 if element is None else self.number(element, "value")

    def _discount(self, root: Element) -> list[str]:
        """A remark, and a warning, where a profile discounts with time."""
        element = _in(root, "discount_factor")
        value = None if element is None else self.number(element, "value")
        if element is None or value is None or value in (0, 1):
            return []
        if not 0 < value < 1:
            self.put(element, "value", f"a discount factor of {value:g} is not within 0..1")
            return []
        left_out = f"the discount factor {value:g} is left out: talks do not discount"
        self.warn(element, "value", left_out)
        return [f"{left_out[0].upper()}{left_out[1:]}."]


def _in(root: Element, tag: str) -> Element | None:
    """The first element of a tag in a profile, right under it or under its objective."""
    for holder in (root, *(child for child in root.children if child.tag == "objective")):
        for child in holder.children:
            if child.tag == tag:
                return child
    return None


def _uncertain(root: Element) -> list[Element]:
    """What stands in a profile on how little its party knows of its own worths."""
    return [child for child in root.children if child.tag.replace("_", "").lower() in _UNCERTAIN]


def _remark_on_greatest(elements: Sequence[Element]) -> list[str]:
    """A remark where it matters that evaluations are divided by the greatest of their issue."""
    for element in elements:
        values = [
            float(item.attributes["evaluation"])
            for item in element.children
            if item.tag == "item" and "evaluation" in item.attributes
        ]
        if values and max(values) >= SMALLEST_TOP and abs(max(values) - 1) > SMALLEST_TOP:
            return ["Evaluations are divided by the greatest of their issue, as GENIUS does."]
    return []
