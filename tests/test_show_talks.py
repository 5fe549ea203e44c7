"""Talks in the document, in the graphs, in what rests on what; and how what is said at the table reads."""

import re
from typing import Any

import pytest
from markdown_it import MarkdownIt

import negsim
from negsim.log.text import event_text
from negsim.scenario.model import Scenario
from negsim.scenario.record import Standing
from negsim.show.describe import describe, describe_json, touches
from negsim.show.graph import causal_graph, rule_graph
from negsim.show.quotes import Assumption, QuoteUse, usage

SCENARIO = """
negsim: 1
title: Talks
start: 2025-09-04
horizon: 365
sources:
  afp:
    statements:
      no_forces: {speaker: Sergei Lavrov, quote: No foreign troops.}
      offer: {speaker: The White House, quote: We would help from the air.}
actors: {russia: {name: Russia}, ukraine: {name: Ukraine}, us: {name: United States}, turkey: {name: Turkey}}
parameters:
  patience: {value: 4, low: 1, high: 48, assumption: A year.}
  hope: {value: 0.2, low: 0, high: 1, assumption: A guess.}
  stake: {value: 3, low: 0, high: 9, assumption: A guess.}
readings:
  veto: {options: {absolute: Yes., opening: No.}, default: absolute, source: no_forces}
  air: {options: {counts: It counts., not_forces: It does not.}, default: counts, source: offer}
state:
  conflict: {values: [fighting, ceasefire, armistice], initial: fighting}
  mood: {initial: false}
define: {no_means_no: veto == absolute}
events:
  stopped: {fields: {instrument: [ceasefire, armistice]}, set: {conflict: instrument}, text: "It stops: {instrument}."}
  resumed: {set: {conflict: fighting}, text: It goes on.}
  cheered: {set: {mood: true}}
talks:
  settlement:
    parties: [ukraine, russia]
    consulted: [us]
    opens: 30
    every: {value: 14, low: 7, high: 28}
    rounds: patience
    while: conflict == fighting
    issues:
      instrument: [ceasefire, armistice]
      western_forces: [excluded, after_stop]
    agreed: stopped(instrument)
    reopens: resumed
    source: offer
    inferred: So they meet.
    note: Nobody has said where.
    positions:
      russia:
        red_lines:
          no_western_forces:
            never: western_forces == after_stop and air == counts
            when: conflict == fighting and no_means_no
            source: no_forces
            inferred: It would not sign.
            note: Said often.
        values: {western_forces: {excluded: stake}, instrument: {armistice: {value: 1, low: 0, high: 3}}}
        fallback: 0.4 if mood else hope
        concession: {value: 0.3, low: 0.1, high: 1}
        assumption: Weights are the author's.
        note: Firm.
      ukraine: {values: {western_forces: {after_stop: 2}, instrument: {ceasefire: 1}}, assumption: A.}
      us: {strategy: tit_for_tat, assumption: B.}
rules:
  joy: {assumption: It is welcome., on: agreed, emit: cheered()}
  war: {assumption: One never knows., every: 200, when: settlement.western_forces == after_stop, emit: resumed()}
outcomes:
  deal: {when: settlement.phase == agreed}
  other: {}
"""

SECOND = """
  aid:
    parties: [us, ukraine]
    on: agreed
    every: 1
    rounds: 2
    issues: {money: [less, more]}
    positions:
      us: {values: {money: {less: 1}}, assumption: A.}
      ukraine: {values: {money: {more: 1}}, assumption: A.}
rules:
"""


NOTHING = (
    "instrument: {ceasefire: 1}}, assumption: A.",
    "instrument: {ceasefire: 1}}, red_lines: {nothing: {never: true, assumption: C.}}, assumption: A.",
)


def changed(*changes: tuple[str, str]) -> Scenario:
    text = SCENARIO
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return negsim.load_text(text, name="x.yaml")


@pytest.fixture(scope="module")
def whole() -> Scenario:
    return changed()


def texts(scenario: Scenario, **settings: Any) -> list[str]:
    run = negsim.run(scenario, **settings)
    return [event_text(scenario, event, {}) for event in run.events]


# What is said at the table.


def test_what_is_said_at_the_table_reads_well(whole: Scenario) -> None:
    assert texts(whole) == [
        "Ukraine offers: instrument: ceasefire; western forces: after stop.",
        "Russia refuses: red line no western forces.",
        "Russia offers: instrument: armistice; western forces: excluded.",
        "Ukraine refuses: it is worth 0.00 to it, it looks for 0.67.",
        "Ukraine offers: instrument: ceasefire; western forces: excluded.",
        "Russia refuses: it is worth 0.75 to it, it looks for 0.79.",
        "Russia offers: instrument: armistice; western forces: excluded.",
        "The parties agree: instrument: armistice; western forces: excluded.",
        "It stops: armistice.",
        "Cheered",
    ]


def test_a_pass_and_the_end_of_talks_read_well() -> None:
    found = texts(changed(NOTHING))
    assert found[0] == "Ukraine passes."
    assert found[-1] == "The settlement talks end without agreement."


def test_where_two_decimals_are_not_enough_three_are_shown(whole: Scenario) -> None:
    run = negsim.run(whole)
    refused = run.events[5]
    near = refused._replace(fields={**refused.fields, "worth": 617, "aspiration": 621})
    assert event_text(whole, near, {}) == "Russia refuses: it is worth 0.617 to it, it looks for 0.621."


def test_with_several_talks_each_thing_said_names_its_own() -> None:
    found = texts(changed(("\nrules:\n", SECOND)))
    assert "settlement: Ukraine offers: instrument: ceasefire; western forces: after stop." in found
    assert "aid: United States offers: money: less." in found
    assert "aid: The parties agree: money: less." in found
    assert not any("unsettled" in text for text in found)


def test_talks_that_are_called_talks_are_not_called_so_twice() -> None:
    text = SCENARIO.replace(*NOTHING).replace("settlement", "peace_talks")
    assert texts(negsim.load_text(text))[-1] == "The peace talks end without agreement."


def test_without_talks_their_words_are_free_for_other_events() -> None:
    scenario = negsim.load_text(
        """
negsim: 1
title: No talks
start: 2025-09-04
horizon: 3
events: {agreed: {text: They shake hands.}, refused: {fields: {much: 0..9}}}
rules: {r: {at: 1, emit: [agreed(), refused(3)], assumption: A.}}
outcomes: {other: {}}
"""
    )
    assert texts(scenario) == ["They shake hands.", "Refused (much: 3)"]


# The document.


def section(scenario: Scenario) -> str:
    found = re.search(r"^#### 7\.3 Talks\n\n(.*?)(?=^#### )", describe(scenario), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_document_says_who_meets_when_and_over_what(whole: Scenario) -> None:
    text = section(whole)
    for line in (
        "##### 1. Settlement (`settlement`)",
        (
            "At the table: **Ukraine** and **Russia**, in this order. Consulted (must accept too, never proposes):"
            " **United States**."
        ),
        (
            "A round is held every `settlement.every` (14) days, from day 30 on; `patience` (4) at most. On a day on"
            " which `conflict == fighting` is false none is held. Talks that are over open again when `resumed`"
            " (“It goes on.”) is logged."
        ),
        "| `western_forces` | `excluded`, `after_stop` |",
        (
            "An agreement settles the terms, which can be read as state: `settlement.instrument` and"
            " `settlement.western_forces`, `unsettled` before. Then this is logged: “It stops: [instrument].”"
            " (`stopped(instrument)`)."
        ),
        "> **Inferred** by the author: So they meet. From:",
        "Note: Nobody has said where.",
    ):
        assert line in text.splitlines(), line


def test_the_document_says_what_each_wants_and_on_what_that_rests(whole: Scenario) -> None:
    text = section(whole)
    assert re.findall(r"^###### (.*)$", text, re.MULTILINE) == [
        "Ukraine (`settlement.ukraine`)",
        "Russia (`settlement.russia`)",
        "United States (`settlement.us`)",
    ]
    for line in (
        (
            "| `no_western_forces` | `western_forces == after_stop and air == counts` | while `conflict == fighting and"
            " no_means_no` | *inferred:* It would not sign. From `no_forces` Note: Said often. |"
        ),
        "| `western_forces` | `excluded` `stake` (3), `after_stop` 0 |",
        "| `instrument` | `ceasefire` 0, `armistice` `settlement.russia.instrument.armistice` (1) |",
        (
            "To it no deal is worth `0.4 if mood else hope`. Strategy `aspiration`: what it asks for goes down as"
            " rounds pass. Concession: `settlement.russia.concession` (0.3) (below 1: firm for long; above 1: it yields"
            " early)."
        ),
        "> **Assumed:** Weights are the author's.",
        "Note: Firm.",
        "All packages are worth the same to it.",
        (
            "To it no deal is worth 0. Strategy `tit_for_tat`: it yields in the measure in which the others did with"
            " their last offer."
        ),
    ):
        assert line in text.splitlines(), line


def test_an_event_can_open_talks_and_someone_can_mediate() -> None:
    opened = ("    opens: 30\n", "    on: [cheered, resumed]\n    protocol: single_text\n    mediator: turkey\n")
    text = section(changed(opened, ("every: {value: 14, low: 7, high: 28}", "every: 1")))
    assert (
        "The talks open when `cheered` (“Cheered”) or `resumed` (“It goes on.”) is logged; from then on a round is held"
        " every day; `patience` (4) at most."
    ) in text
    assert "In a round **Turkey** mediates" in text


def test_the_rest_of_the_document_knows_of_talks(whole: Scenario) -> None:
    text = describe(whole)
    for line in ("#### 7.4 Outcomes", "Rounds of talks are held after all rules have taken their turns"):
        assert line in text
    assert "2 rules and 1 negotiation by which a run comes to" in text
    assert "the author's number in its talks `settlement`" in text
    assert "the author's number in its position `settlement.russia`" in text
    concepts = describe_json(whole)["design_concepts"]
    assert "At talks all know what all want." in concepts["Sensing"]
    assert "remembers the last offers" in concepts["Learning"]
    assert "*Inferred* (the author takes a step from the words, and says which): 1." in concepts["Basic principles"]


def test_no_text_of_talks_breaks_the_document() -> None:
    nasty = "x | y\\n# z `a` <b> [c](d)"
    scenario = negsim.load_text(SCENARIO.replace("Said often.", f'"{nasty}"').replace("Firm.", f'"{nasty}"'))
    plain = [token.type for token in MarkdownIt().enable("table").parse(describe(changed()))]
    assert [token.type for token in MarkdownIt().enable("table").parse(describe(scenario))] == plain


def test_the_same_stands_in_the_json(whole: Scenario) -> None:
    (found,) = describe_json(whole)["talks"]
    assert (found["parties"], found["consulted"], found["protocol"]) == (
        ["ukraine", "russia"],
        ["us"],
        "alternating_offers",
    )
    assert (found["opens"], found["on"], found["every"], found["rounds"]) == ("30", [], "settlement.every", "patience")
    assert (found["while"], found["agreed"], found["reopens"]) == (
        "conflict == fighting",
        "stopped(instrument)",
        ["resumed"],
    )
    assert found["issues"]["western_forces"] == ["excluded", "after_stop"]
    assert found["origin"]["standing"] == "inferred"
    ukraine, russia, us = found["positions"]
    assert ukraine["values"] == {"instrument": {"ceasefire": "1"}, "western_forces": {"after_stop": "2"}}
    assert (russia["fallback"], russia["strategy"], us["strategy"]) == (
        "0.4 if mood else hope",
        "aspiration",
        "tit_for_tat",
    )
    (line,) = russia["red_lines"]
    assert (line["name"], line["when"], line["origin"]["standing"], line["note"]) == (
        "no_western_forces",
        "conflict == fighting and no_means_no",
        "inferred",
        "Said often.",
    )


# What reads what.


def readers(scenario: Scenario, name: str) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(each.kind, each.name, each.parts, each.through) for each in touches(scenario, name).readers]


def test_what_talks_read_is_touched(whole: Scenario) -> None:
    line = "settlement.russia.no_western_forces"
    assert ("red line", line, ("when",), ("no_means_no",)) in readers(whole, "veto")
    assert readers(whole, "air") == [("red line", line, ("never",), ())]
    assert readers(whole, "hope") == [("position", "settlement.russia", ("fallback",), ())]
    assert readers(whole, "stake") == [("position", "settlement.russia", ("values",), ())]
    assert readers(whole, "patience") == [("talks", "settlement", ("rounds",), ())]
    assert readers(whole, "settlement.every") == [("talks", "settlement", ("every",), ())]
    assert "red line `settlement.russia.no_western_forces` (never)" in describe(whole)


def test_a_red_line_matters_only_where_it_can_hold(whole: Scenario) -> None:
    assert touches(whole, "air").needs == {"veto": ("absolute",)}
    assert touches(whole, "veto").needs == {"air": ("counts",)}
    assert touches(whole, "veto").only["absolute"].readings == ("air",)
    assert touches(whole, "hope").needs == {}


def test_what_an_agreement_brings_can_happen_only_if_rounds_are_held() -> None:
    scenario = changed(
        ("while: conflict == fighting", "while: conflict == fighting and veto == opening"),
        ("rules:\n", "rules:\n  again: {assumption: C., on: stopped, chance: hope, emit: cheered()}\n"),
    )
    assert touches(scenario, "veto").only["opening"].rules == ("again", "joy")
    assert touches(scenario, "patience").needs == {"veto": ("opening",)}
    assert touches(scenario, "stake").needs == {}  # the deal space needs no round


def test_talks_that_an_event_opens_can_be_held_only_if_it_comes() -> None:
    scenario = changed(
        ("    opens: 30\n", "    on: resumed\n"),
        ("every: 200, when: settlement", "every: 200, when: air == counts or settlement"),
    )
    assert touches(scenario, "patience").needs == {}
    scenario = changed(
        ("    opens: 30\n", "    on: resumed\n"),
        ("every: 200, when: settlement.western_forces == after_stop", "every: 200, when: air == counts"),
    )
    assert touches(scenario, "patience").needs == {"air": ("counts",)}


# What rests on what.


def test_positions_and_red_lines_rest_on_words_or_are_assumed(whole: Scenario) -> None:
    found = usage(whole)
    uses = {each.statement.id: each.uses for each in found.statements}
    assert uses["no_forces"] == (
        QuoteUse("reading", "veto", Standing.STATED),
        QuoteUse("red line", "settlement.russia.no_western_forces", Standing.INFERRED),
    )
    assert uses["offer"] == (
        QuoteUse("reading", "air", Standing.STATED),
        QuoteUse("talks", "settlement", Standing.INFERRED),
    )
    assert Assumption("position", "settlement.russia", "Weights are the author's.") in found.assumptions
    assert found.counts == {Standing.STATED: 2, Standing.INFERRED: 2, Standing.ASSUMED: 8}


# Graphs.


def test_the_graph_of_rules_shows_talks(whole: Scenario) -> None:
    lines = rule_graph(whole, "mermaid").splitlines()
    names = {}
    for line in lines:
        box = re.match(r"  (n\d+)[\[({]+\"([a-z_]+)", line)
        if box is not None:
            names[box[1]] = box[2]
    assert list(names.values()) == ["stopped", "resumed", "cheered", "agreed", "joy", "war", "settlement"]
    arrows = [re.match(r"  (n\d+) (\S+?)(?:\|\"(.*)\"\|)? (n\d+)$", line) for line in lines]
    drawn = [(names[a[1]], a[2], a[3] or "", names[a[4]]) for a in arrows if a is not None]
    assert drawn == [
        ("agreed", "-->", "on", "joy"),
        ("joy", "-->", "", "cheered"),
        ("war", "-->", "", "resumed"),
        (
            "settlement",
            "-.->",
            "western_forces",
            "war",
        ),
        ("resumed", "-->", "reopens", "settlement"),
        ("stopped", "-.->", "conflict", "settlement"),
        ("resumed", "-.->", "conflict", "settlement"),
        ("cheered", "-.->", "mood", "settlement"),
        ("settlement", "-->", "", "agreed"),
        ("settlement", "-->", "agreed", "stopped"),
    ]
    assert lines[1] == "%% Boxes are events, rounded ones are rules, hexagons are decisions and talks."


def test_an_event_that_opens_talks_has_an_arrow_to_them() -> None:
    dot = rule_graph(changed(("    opens: 30\n", "    on: cheered\n")), "dot")
    assert re.search(r'-> n6 \[label="opens", style=solid\]', dot)
    assert 'label="settlement\\ntalks: Ukraine, Russia, United States", shape=hexagon, style=dashed' in dot


def test_the_graph_of_causes_names_the_talks(whole: Scenario) -> None:
    dot = causal_graph(negsim.run(whole), "dot")
    assert "Russia refuses: red line no western forces." in dot
    assert 'n0 -> n1 [label="settlement", style=solid];' in dot


def test_one_event_that_is_left_out_is_one(whole: Scenario) -> None:
    run = negsim.run(whole)
    assert f"1 of {len(run.events)} events is left out" in causal_graph(run, "dot", most=len(run.events) - 1)


def test_the_past_can_open_talks() -> None:
    scenario = changed(
        ("    opens: 30\n", "    on: cheered\n"),
        ("rules:\n", "history: [{date: 2025-09-01, emit: cheered(), assumption: C.}]\nrules:\n"),
        ("on: agreed, emit: cheered()", "on: agreed, when: air == counts, emit: cheered()"),
    )
    assert touches(scenario, "patience").needs == {}
