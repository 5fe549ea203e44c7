"""What the options of an issue are worth in a GENIUS profile, and how much the issue weighs.

What an evaluation means is not the same everywhere, so it is chosen (`Meaning`):

- `genius`, as GENIUS itself reads its files (`AdditiveUtilitySpace`, `EvaluatorDiscrete`, `EvaluatorInteger`):
  an evaluation counts as its share of the greatest one of its issue (0 where that is 0), and a linear
  evaluator as `offset + slope * (value - lowest value)`, cut to 0..1; a utility is cut at 1, and a weight of
  the objective itself is not looked at;
- `negmas`, as NegMAS reads and writes them: an evaluation counts as it stands, and a linear evaluator as
  `offset + slope * value`; weights and evaluations may be negative, and a weight of an issue that is not
  there is a constant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from negsim.convert.domain import Issue
from negsim.convert.elements import Elements, first, those
from negsim.convert.genius.unread import refuse_others
from negsim.convert.markup import Element
from negsim.errors import did_you_mean

Meaning = Literal["genius", "negmas"]
SMALLEST_TOP = 0.00001  # GENIUS takes a greatest evaluation below this for 0


def weights_of(
    read: Elements, holder: Element, issues: Sequence[Issue], meaning: Meaning
) -> tuple[Mapping[int, float], float]:
    """The weight of each issue by its number, and what is added to every package."""
    numbers = {issue.number: issue for issue in issues}
    weights: dict[int, float] = {}
    constant = 0.0
    for element in those(holder, "weight"):
        number, value = read.whole(element, "index"), read.number(element, "value")
        if number is None or value is None:
            continue
        if number not in numbers and meaning == "negmas":
            constant += value
        elif number not in numbers and str(number) == holder.attributes.get("index", "").strip():
            read.warn(element, "index", "the weight of the objective itself is left out, as GENIUS does")
        elif number not in numbers:
            read.put(element, "index", f"the domain has no issue with the index {number}")
        elif number in weights:
            read.put(element, "index", f"the weight of '{numbers[number].name}' is given twice")
        elif value < 0 and meaning == "genius":
            read.put(element, "value", f"the weight of '{numbers[number].name}' is negative")
        weights[number] = value
    given = {element.attributes.get("index", "").strip() for element in those(holder, "weight")}
    for number, issue in numbers.items():
        if number not in weights and str(number) not in given:
            read.put(holder, None, f"the issue '{issue.name}' has no weight")
    return {number: weights.get(number, 0.0) for number in numbers}, constant


def worths_of(read: Elements, element: Element, issue: Issue, meaning: Meaning) -> list[float]:
    """What each option of an issue is worth, before its weight."""
    evaluator = first(element, "evaluator")
    if evaluator is not None and issue.lowest is not None:
        return _linear(read, evaluator, issue, meaning)
    refuse_others(read, element, ("item", "range"))
    items = _evaluations(read, element, issue, meaning)
    worths = [items.get(option, 0.0) for option in issue.options]
    if meaning == "negmas":
        return worths
    top = max(worths)
    return [0.0 if top < SMALLEST_TOP else worth / top for worth in worths]


def _evaluations(read: Elements, element: Element, issue: Issue, meaning: Meaning) -> Mapping[str, float]:
    items: dict[str, float] = {}
    known = {*issue.options}
    for item in those(element, "item"):
        option, value = read.given(item, "value"), read.number(item, "evaluation")
        if option is None or value is None:
            continue
        if option not in known:
            hint = did_you_mean(option, issue.options)
            read.put(item, "value", f"'{option}' is no item of '{issue.name}' in the domain", hint)
        elif items.get(option, value) != value:
            read.put(item, "value", f"'{option}' is given twice")
        elif value < 0 and meaning == "genius":
            read.put(item, "evaluation", f"the evaluation of '{option}' is negative")
        items[option] = value
    given = {item.attributes.get("value") for item in those(element, "item")}
    for option in issue.options if given <= known else ():
        if option not in given:
            read.put(element, None, f"'{option}' of '{issue.name}' has no evaluation")
    return items


def _linear(read: Elements, evaluator: Element, issue: Issue, meaning: Meaning) -> list[float]:
    """What the values of a whole-number issue are worth under a linear evaluator."""
    nothing = [0.0] * len(issue.options)
    form = evaluator.attributes.get("ftype", "linear")
    if form != "linear":
        read.put(evaluator, "ftype", f"an evaluator of the form '{form}' cannot be taken", "it can be: linear")
        return nothing
    modern = "slope" in evaluator.attributes or "parameter1" not in evaluator.attributes
    slope = read.number(evaluator, "slope" if modern else "parameter1")
    offset = read.number(evaluator, "offset" if modern else "parameter0")
    if slope is None or offset is None or issue.lowest is None:
        return nothing
    steps = range(len(issue.options))
    if meaning == "negmas":
        return [offset + slope * (issue.lowest + step) for step in steps]
    return [min(1.0, max(0.0, offset + slope * step)) for step in steps]


def are_scaled(elements: Sequence[Element]) -> bool:
    """Whether it matters for one of these issues that evaluations are divided by the greatest of them."""
    for element in elements:
        values = [float(item.attributes["evaluation"]) for item in those(element, "item")]
        if values and max(values) >= SMALLEST_TOP and abs(max(values) - 1) > SMALLEST_TOP:
            return True
    return False
