"""Names, values and logged events in plain words."""

import attrs

import negsim
from negsim.log.text import emission_text, event_text, filled, number_words, pattern_text
from negsim.wording import in_words

SCENARIO = """
negsim: 1
title: Two members
start: 2025-01-01
horizon: 5
groups: {coalition: {members: {france: {name: France}, norway: {name: "Kingdom of {norway}"}}}}
state:
  conflict: {values: [fighting, peace_treaty], initial: fighting}
events:
  stopped: {fields: {how: conflict}, set: {conflict: how}, text: "It stops: {how} {{sic}}."}
  sent: {fields: {member: coalition, soldiers: 0..9, late: bool}, text: "{member} sends {soldiers}, late: {late}."}
  bare: {fields: {member: coalition}}
rules:
  r: {assumption: a test, at: 1, emit: [stopped(peace_treaty), "sent(norway, 3, true)", bare(france)]}
  d: {assumption: a test, at: 2, for: m in coalition, by: m, choose: {stay_there: {}}}
  s: {assumption: a test, on: bare, emit: "sent(member, soldiers=1 + 1, late=false)"}
outcomes: {done: {}}
"""


def texts() -> list[str]:
    run = negsim.run(negsim.load_text(SCENARIO, name="x.yaml"))
    return [run.text(event.seq) for event in run.events]


def test_an_event_reads_as_its_text_with_names_and_values_in_words() -> None:
    assert texts() == [
        "It stops: peace treaty {sic}.",
        "Kingdom of {norway} sends 3, late: true.",
        "Bare (member: France)",
        "France sends 2, late: false.",
        "France decides: stay there (d).",
        "Kingdom of {norway} decides: stay there (d).",
    ]


def test_what_only_a_run_settles_stands_in_brackets() -> None:
    scenario = negsim.load_text(SCENARIO, name="x.yaml")
    (emission,) = scenario.rules["s"].options[0].emits
    assert emission_text(scenario, emission) == "[member] sends [soldiers], late: false."
    assert pattern_text(scenario, scenario.events["sent"]) == "[member] sends [soldiers], late: [late]."


def test_a_template_has_no_way_to_an_attribute() -> None:
    assert filled("{member.__class__} {0} {member!r} {member:>9} {other}", {}, {"member": "x"}) == (
        "{member.__class__} {0} {member!r} {member:>9} {other}"
    )


def test_what_is_put_in_is_not_read_again() -> None:
    assert filled("{a} {b}", {"a": "{b}"}, {"b": "{{"}) == "{b} {{"


def test_an_event_that_the_scenario_does_not_know_is_shown_by_its_name() -> None:
    run = negsim.run(negsim.load_text(SCENARIO, name="x.yaml"))
    strange = run.events[0]._replace(event="gone_by", fields={"x_y": "some_value"})
    assert event_text(run.scenario, strange, {}) == "Gone by (x y: some value)"


def test_a_text_of_many_lines_is_one_line() -> None:
    scenario = negsim.load_text(SCENARIO, name="x.yaml")
    event = attrs.evolve(scenario.events["bare"], text="a\n  b\t{member}")
    changed = attrs.evolve(scenario, events={**scenario.events, "bare": event})
    assert event_text(changed, negsim.run(scenario).events[2], {}) == "a b France"


def test_numbers_and_names_in_words() -> None:
    assert [number_words(each) for each in (1, 1.0, 0.25, 1e-5)] == ["1", "1", "0.25", "1e-05"]
    assert in_words("peace_treaty") == "peace treaty"


def test_a_decision_that_emits_nothing_says_what_its_option_means() -> None:
    told = """{text: "{wait} days more, {{so}}.\\nIt stays."}"""
    text = SCENARIO.replace("{stay_there: {}}", "{stay_there: " + told + "}")
    text = text.replace("rules:", "parameters: {wait: {value: 3, low: 1, high: 9, assumption: a}}\nrules:")
    run = negsim.run(negsim.load_text(text, name="x.yaml"), set={"wait": 4})
    assert run.text(4) == "France decides: stay there (d). 4 days more, {so}. It stays."


def test_a_decision_for_each_member_says_what_its_option_means() -> None:
    text = SCENARIO.replace(
        "by: m, choose: {stay_there: {}}", "by: m, choose: {ask: {for: n in coalition, text: It asks.}}"
    )
    run = negsim.run(negsim.load_text(text, name="x.yaml"))
    assert run.text(4).endswith(" (d). It asks.")
