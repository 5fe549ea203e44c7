"""What reads a reading or a parameter, and what can matter under one answer alone."""

import pytest

import negsim
from negsim.show.reads import Only, Reach, Reader, touches

SCENARIO = """
negsim: 1
title: Readings
start: 2025-01-01
horizon: 30
parameters:
  base: {value: 0.1, low: 0, high: 1, assumption: a}
  leak: {value: 0.2, low: 0, high: 1, assumption: a}
  quiet_days: {value: 3, low: 1, high: 9, assumption: a}
  later: {value: 5, low: 1, high: 9, assumption: a}
  unread: {value: 5, low: 1, high: 9, assumption: a}
  stock: {value: 5, low: 1, high: 9, assumption: a}
readings:
  veto: {assumption: a, question: Does it block?, options: {no_block: "No.", blocks: "Yes."}, default: no_block}
  stage: {assumption: a, options: {at_once: "Now.", in_stages: "In stages.", never: "Never."}, default: at_once}
state: {left: {range: 0..9, initial: 0}}
define:
  factor: leak if veto == blocks else 1
  deeper: factor * 0.5
events:
  began: {set: {left: stock}}
  first_part: {}
  second_part: {}
  ended: {}
rules:
  begins: {assumption: a, at: 1, emit: began()}
  draws: {assumption: a, while: left > 0, chance: base * deeper, emit: ended()}
  parts: {assumption: a, on: began, when: stage == in_stages, emit: first_part()}
  parts_two: {assumption: a, on: first_part, after: quiet_days, emit: second_part()}
  direct: {assumption: a, on: began, when: "stage not in (in_stages, never)", after: later, emit: second_part()}
outcomes:
  vetoed: {when: veto == blocks and left > 0}
  other: {}
measures:
  ends: count(ended) + (1 if veto == blocks else 0)
"""


def scenario() -> negsim.Scenario:
    return negsim.load_text(SCENARIO, name="x.yaml")


def test_who_reads_a_reading_directly_and_through_definitions() -> None:
    assert touches(scenario(), "veto").readers == (
        Reader("definition", "factor", ("define",), (), directly=True),
        Reader("definition", "deeper", ("define",), ("factor",), directly=False),
        Reader("rule", "draws", ("chance",), ("deeper",), directly=False),
        Reader("outcome", "vetoed", ("when",), (), directly=True),
        Reader("measure", "ends", ("measure",), (), directly=True),
    )


def test_a_parameter_is_read_by_what_an_event_sets() -> None:
    assert touches(scenario(), "stock").readers == (Reader("event", "began", ("set",), (), directly=True),)


def test_a_parameter_under_one_answer_needs_that_answer() -> None:
    assert touches(scenario(), "leak").needs == {"veto": ("blocks",)}
    assert touches(scenario(), "base").needs == {}


def test_what_an_answer_keeps_a_rule_from_logging_keeps_the_next_rule_still() -> None:
    touch = touches(scenario(), "stage")
    assert touch.only == {
        "at_once": Only(("direct",), ("later",), ()),
        "in_stages": Only(("parts", "parts_two"), ("quiet_days",), ()),
        "never": Only(),
    }
    assert touches(scenario(), "quiet_days").needs == {"stage": ("in_stages",)}


def test_what_nothing_reads_touches_nothing() -> None:
    assert touches(scenario(), "unread").readers == ()


def test_an_unknown_name_is_an_error_with_a_way_out() -> None:
    with pytest.raises(negsim.UsageError) as caught:
        touches(scenario(), "vetto")
    assert caught.value.hint is not None
    assert "did you mean 'veto'?" in caught.value.hint


CASES = {
    "p > 0 and r == a": ("a",),
    "p > 0 and not (r == a)": ("b", "c"),
    "p > 0 if r in (a, b) else true": ("a", "b"),
    "p * (1 if r == c else 0) > 1": ("c",),
    "any(m.up and r == b and p > 0 for m in g)": ("b",),
    "all(m.up or r != b or p > 0 for m in g)": ("b",),
    "count(m for m in g if r == a and p > 0) > 0": ("a",),
    "sum(p for m in g if r == a) > 0": ("a",),
    "min(p, 2) > 1 or r == a": ("b", "c"),
    "abs(-1) > 2 and p > 0 or p > 0 and 1 < 2 < 3 and r != a": ("b", "c"),
    "not never and risen(x) and p > 0": ("b", "c"),
}


@pytest.mark.parametrize(("condition", "needed"), CASES.items())
def test_the_answers_without_which_a_parameter_cannot_matter(condition: str, needed: tuple[str, ...]) -> None:
    text = f"""
negsim: 1
title: One condition
start: 2025-01-01
horizon: 30
groups: {{g: {{members: {{x: {{name: X}}, y: {{name: Y}}}}}}}}
parameters: {{p: {{value: 1, low: 0, high: 9, assumption: a}}}}
readings: {{r: {{assumption: a, options: {{a: A, b: B, c: C}}, default: a}}}}
state: {{g: {{up: {{initial: false}}}}}}
define: {{"risen(m in g)": "m.up and r != a", never: "r == a and r == b"}}
events: {{raised: {{fields: {{m: g}}, set: {{m.up: true}}}}}}
rules: {{raise_one: {{assumption: a, at: 2, emit: raised(x)}}}}
outcomes:
  one: {{when: "{condition}"}}
  other: {{}}
"""
    assert touches(negsim.load_text(text, name="x.yaml"), "p").needs == {"r": needed}


def runs(made: negsim.Scenario, answer: dict[str, str], parameter: str, seeds: range) -> list[list[object]]:
    """What happens with the lowest and with the highest value of a parameter, under one answer."""
    of = made.parameters[parameter]
    return [
        [
            (found.outcome, found.measures, found.events)
            for found in (negsim.run(made, seed=seed, read=answer, set={parameter: value}) for seed in seeds)
        ]
        for value in (of.low, of.high)
    ]


@pytest.mark.parametrize(("name", "seeds"), [("x.yaml", range(5)), ("paris_2025", range(7, 8))])
def test_what_is_said_not_to_matter_changes_no_run(name: str, seeds: range) -> None:
    made = scenario() if name == "x.yaml" else negsim.load(name)
    reach = Reach(made)
    for parameter in made.parameters:
        for reading, options in reach.touch(parameter).needs.items():
            for option in set(made.readings[reading].options) - set(options):
                low, high = runs(made, {reading: option}, parameter, seeds)
                assert low == high, (parameter, reading, option)


def test_the_touch_of_every_name_is_plain_values() -> None:
    reach = Reach(scenario())
    found = reach.touch("leak").as_json()
    assert found["needs"] == {"veto": ["blocks"]}
    assert found["read_by"][0] == {
        "kind": "definition",
        "name": "factor",
        "parts": ["define"],
        "through": [],
        "directly": True,
    }
