"""Words that an author gives values: readers see them, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.engine.run import Run
from negsim.exact.symmetry.ties import tie_notes
from negsim.language import check_text
from negsim.scenario.apart import differing
from negsim.scenario.model import Scenario
from negsim.scenario.types import Enumeration, Type
from negsim.show.describe import describe
from negsim.show.model_json import model_values

PLAIN = """\
negsim: 1
title: A bridge
start: 2030-01-01
horizon: 20
actors: {north: {name: North}, south: {name: South}}
groups:
  towns:
    attributes:
      bank: {values: [left, right], default: left}
    members: {alder: {name: Alder}, birch: {name: Birch, bank: right}}
state:
  gates: {values: [shut, open], initial: shut}
  towns: {mood: {values: [calm, cross], initial: calm}}
events:
  gates_moved: {fields: {how: gates}, set: {gates: how}, text: "The gates are {how}."}
  said: {fields: {tone: [kind, harsh]}}
  paid: {fields: {fare: deal.toll}, text: "The fare {fare}."}
  mood_turns: {fields: {town: towns, mood: towns.mood}, set: {town.mood: mood}}
rules:
  opening: {assumption: A., at: 2, chance: 0.5, emit: [gates_moved(open), said(harsh), "mood_turns(birch, cross)"]}
  lifting: {assumption: A., by: north, at: 4, choose: {lift: {emit: gates_moved(open)}, leave: {}}}
talks:
  deal:
    parties: [north, south]
    opens: 5
    every: 1
    rounds: 4
    issues:
      toll: [no_toll, a_toll]
      guard: [ours, theirs]
    agreed: paid(toll)
    positions:
      north:
        red_lines: {no_guard: {never: guard == theirs, assumption: A.}}
        values: {toll: {a_toll: 2}, guard: {ours: 1}}
        assumption: A.
      south: {values: {toll: {no_toll: 2}, guard: {theirs: 1}}, assumption: A.}
outcomes:
  open_road: {when: gates == open and deal.toll != unsettled}
  other: {}
"""
WORDS = {
    "{values: [left, right]": "{values: {left: the left bank, right: the right bank}",
    "{values: [shut, open]": "{values: {shut: fully shut, open: wide open}",
    "{values: [calm, cross]": "{values: {calm: at ease, cross: up in arms}",
    "tone: [kind, harsh]": "tone: {kind: with kindness, harsh: in harsh words}",
    "toll: [no_toll, a_toll]": "toll: {text: the fare, options: {no_toll: is waived, a_toll: is paid}}",
    "guard: [ours, theirs]": "guard: {text: the guards, options: [ours, theirs]}",
}

TOLD = [
    "The gates are wide open.",
    "Said (tone: in harsh words)",
    "Mood turns (town: Birch, mood: up in arms)",
    "The gates are wide open.",
    "North offers: the fare: is paid; the guards: ours.",
    "South refuses: it is worth 0.00 to it, it looks for 1.00.",
    "South offers: the fare: is waived; the guards: ours.",
    "North refuses: it is worth 0.33 to it, it looks for 0.67.",
    "North offers: the fare: is waived; the guards: ours.",
    "The parties agree: the fare: is waived; the guards: ours.",
    "The fare is waived.",
]


def worded(words: Mapping[str, str] = WORDS) -> str:
    text = PLAIN
    for short, long in words.items():
        assert short in text
        text = text.replace(short, long)
    return text


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return negsim.load_text(worded(), name="bridge.yaml")


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return negsim.run(scenario, seed=0)


def words(kind: Type) -> dict[str, str]:
    assert isinstance(kind, Enumeration)
    return dict(kind.words)


# What is read.


def test_a_mapping_names_the_same_values_as_a_list_and_says_how_they_read(scenario: Scenario) -> None:
    plain = negsim.load_text(PLAIN, name="bridge.yaml")
    assert plain.variables["gates"].type == scenario.variables["gates"].type == Enumeration(("shut", "open"))
    assert words(plain.variables["gates"].type) == {}
    assert words(scenario.variables["gates"].type) == {"shut": "fully shut", "open": "wide open"}
    assert words(scenario.groups["towns"].attributes["bank"].type)["left"] == "the left bank"
    assert words(scenario.events["said"].fields[0].type)["harsh"] == "in harsh words"
    assert plain.talks["deal"].issues == scenario.talks["deal"].issues


def test_a_field_with_the_values_of_something_has_its_words(scenario: Scenario) -> None:
    assert words(scenario.events["gates_moved"].fields[0].type) == {"shut": "fully shut", "open": "wide open"}
    assert words(scenario.events["mood_turns"].fields[1].type)["cross"] == "up in arms"
    assert words(scenario.events["paid"].fields[0].type) == {"no_toll": "is waived", "a_toll": "is paid"}


def test_an_issue_has_words_and_so_have_its_options(scenario: Scenario) -> None:
    deal = scenario.talks["deal"]
    assert deal.issue_words == {"toll": "the fare", "guard": "the guards"}
    assert deal.option_words == {"toll": {"no_toll": "is waived", "a_toll": "is paid"}, "guard": {}}


def test_words_that_run_over_lines_are_one_line() -> None:
    text = PLAIN.replace("values: [shut, open]", 'values: {shut: "fully\\n  shut", open: "\\e[1mwide"}')
    assert words(negsim.load_text(text, name="x.yaml").variables["gates"].type) == {
        "shut": "fully shut",
        "open": "\ufffd[1mwide",
    }


def test_of_two_scenarios_that_differ_in_words_it_is_said_where_the_words_stand(scenario: Scenario) -> None:
    other = negsim.load_text(worded().replace("wide open", "ajar"), name="bridge.yaml")
    assert differing(scenario, other) == {"state": ("gates",), "events": ("gates_moved",)}


# What does not change.


def test_names_stay_what_is_logged_and_asked_for(run: Run) -> None:
    plain = negsim.run(negsim.load_text(PLAIN, name="bridge.yaml"), seed=0)
    assert run.events == plain.events
    assert dict(run.state()) == dict(plain.state())
    assert run.outcome == plain.outcome == "open_road"
    assert run.state()["gates"] == "open"


# What readers see.


def test_describe_has_the_words_with_the_names_beside_them(scenario: Scenario) -> None:
    text = describe(scenario)
    assert "fully shut (`shut`), wide open (`open`)" in text
    assert "| the fare (`toll`) | is waived (`no_toll`), is paid (`a_toll`) |" in text
    assert "| the guards (`guard`) | `ours`, `theirs` |" in text
    assert "| Birch | the right bank |" in text
    assert "offers: the fare [the fare], the guards [the guards]." in text


def test_the_model_as_json_has_names_for_values_and_words_beside(scenario: Scenario) -> None:
    found = json.loads(json.dumps(model_values(scenario, "")))
    gates = next(each for each in found["state"] if each["name"] == "gates")
    assert (gates["type"]["values"], gates["initial"]) == (["shut", "open"], "shut")
    assert gates["type"]["words"] == {"shut": "fully shut", "open": "wide open"}
    (talks,) = found["talks"]
    assert talks["issues"] == {"toll": ["no_toll", "a_toll"], "guard": ["ours", "theirs"]}
    assert talks["words"] == {
        "issues": {"toll": "the fare", "guard": "the guards"},
        "options": {"toll": {"no_toll": "is waived", "a_toll": "is paid"}},
    }
    plain = model_values(negsim.load_text(PLAIN, name="bridge.yaml"), "")
    assert "words" not in plain["talks"][0]


def test_a_run_is_told_in_the_words(run: Run) -> None:
    assert [run.text(event.seq) for event in run.events] == TOLD


def asked(folder: Path, *arguments: str, words: Mapping[str, str] = WORDS) -> str:
    """What a command says of the scenario, or of a run of it, on wide lines."""
    path = folder / "bridge.yaml"
    path.write_text(worded(words), encoding="utf-8")
    named = [str(path) if each == "FILE" else each for each in arguments]
    store = ["--store", str(folder / "runs")]
    runner = CliRunner(env={"COLUMNS": "200"})
    if "last" in named:
        runner.invoke(main, ["run", str(path), "--seed", "0", "--quiet", *store], catch_exceptions=False)
        named += store
    result = runner.invoke(main, named, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_why_has_the_name_that_expressions_use_and_the_words(tmp_path: Path) -> None:
    text = asked(tmp_path, "why", "last")
    assert "gates = open (wide open) [outcome open_road], set by 3 (The gates are wide open.)" in text
    assert "deal.toll = no_toll (is waived) [outcome open_road]" in text


def test_why_says_nothing_twice(tmp_path: Path) -> None:
    text = asked(tmp_path, "why", "last", words={**WORDS, "{values: [shut, open]": "{values: {shut: shut, open: open}"})
    assert "gates = open [outcome open_road], set by 3 (The gates are open.)" in text


def test_packages_are_told_in_the_words(tmp_path: Path) -> None:
    text = asked(tmp_path, "deal", "FILE")
    assert "A package names its options in the order: the fare, the guards." in text
    assert "1  is waived, ours " in text
    assert "the fare: is waived, the guards: ours" in text


def test_packages_as_json_have_the_names(tmp_path: Path) -> None:
    found = json.loads(asked(tmp_path, "deal", "FILE", "--json"))
    assert found["acceptable"]["north"][0] == {"toll": "no_toll", "guard": "ours"}


def test_best_play_tells_its_situations_in_the_words(tmp_path: Path) -> None:
    text = asked(tmp_path, "solve", "FILE", "--maximise", "open_road", "--by", "north")
    assert "gates = fully shut" in text
    assert "gates = wide open" in text
    assert "alder.mood" not in text


def test_a_tie_is_told_in_the_words() -> None:
    text = worded().replace("parties:", "protocol: single_text\n    mediator: alder\n    parties:")
    text = text.replace("{no_guard: {never: guard == theirs, assumption: A.}}", "{}")
    text = text.replace("{toll: {a_toll: 2}, guard: {ours: 1}}", "{toll: {a_toll: 1}}")
    text = text.replace("{toll: {no_toll: 2}, guard: {theirs: 1}}", "{toll: {no_toll: 1}}")
    (note,) = tie_notes(negsim.load_text(text))
    assert "the earliest in the file, (the fare: is waived; the guards: ours), is put forward" in note


# Red lines, options and readings.


def test_a_red_line_is_called_by_its_words(tmp_path: Path) -> None:
    lined = worded().replace("{no_guard: {never", "{no_guard: {text: foreign guards, never")
    lined = lined.replace("toll: {a_toll: 2}, guard: {ours: 1}", "guard: {theirs: 2}").replace(
        "toll: {no_toll: 2}, guard: {theirs: 1}", "guard: {theirs: 2}"
    )
    scenario = negsim.load_text(lined, name="bridge.yaml")
    line = scenario.talks["deal"].positions["north"].red_lines["no_guard"]
    assert (line.name, line.text) == ("no_guard", "foreign guards")
    run = negsim.run(scenario, seed=0)
    refusals = [(event.fields["reason"], run.text(event.seq)) for event in run.events if event.event == "refused"]
    assert ("no_guard", "North refuses: red line (foreign guards).") in refusals
    assert "| foreign guards (`no_guard`) | `guard == theirs` |" in describe(scenario)
    (position, _) = model_values(scenario, "")["talks"][0]["positions"]
    assert position["red_lines"][0]["text"] == "foreign guards"
    path = tmp_path / "lined.yaml"
    path.write_text(lined, encoding="utf-8")
    result = CliRunner(env={"COLUMNS": "200"}).invoke(main, ["deal", str(path)], catch_exceptions=False)
    assert "no: foreign guards" in result.output


def test_no_two_red_lines_of_a_party_read_alike() -> None:
    one = "no_guard: {text: guards, never: guard == theirs, assumption: A.}"
    lines = f"{{{one}, other: {{text: guards, never: toll == a_toll, assumption: A.}}}}"
    report = check_text(worded().replace("{no_guard: {never: guard == theirs, assumption: A.}}", lines))
    assert [each.message for each in report.problems] == ["'guards' is said of `no_guard` already"]


def test_an_option_is_told_with_what_it_means(tmp_path: Path) -> None:
    told = worded().replace(
        "lift: {emit: gates_moved(open)}", 'lift: {text: "They are pulled up.", emit: gates_moved(open)}'
    )
    path = tmp_path / "bridge.yaml"
    path.write_text(told, encoding="utf-8")
    solved = CliRunner(env={"COLUMNS": "250"}).invoke(
        main, ["solve", str(path), "--maximise", "open_road", "--by", "north"], catch_exceptions=False
    )
    assert "lift (They are pulled up): 4" in solved.output
