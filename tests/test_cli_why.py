"""`negsim why`: an event or the outcome, what was looked at as well as what triggered, in few words."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.show.impasses import impasses

DOOR = """
negsim: 1
title: A door
start: 2030-01-01
horizon: 10
state: {door: {values: [shut, open], initial: shut}, inside: {initial: false}}
events: {opens: {set: {door: open}, text: The door is opened.}, enters: {set: {inside: true}, text: Somebody goes in.}}
rules:
  open_up: {assumption: On day 3., at: 3, emit: opens()}
  go_in: {assumption: On day 5 whoever finds it open goes in., at: 5, when: door == open, emit: enters()}
outcomes: {inside: {when: inside, text: They are in.}, outside: {}}
"""

OF_THE_EVENT = """\
1  2030-01-06 (day 5)  Somebody goes in.
    made by go_in  assumed
      Assumed: On day 5 whoever finds it open goes in.
    it looked at
      door = open [when], set by 0 (The door is opened.)

Behind what was looked at

0  2030-01-04 (day 3)  The door is opened.
    looked at by 1 (door)
    made by open_up  assumed
      Assumed: On day 3.

But for each ancestor, with the same luck
without                 it was     event 1  outcome
0  The door is opened.  looked at  is gone  becomes outside
"""

OF_THE_OUTCOME = """\
Outcome: inside — They are in.
    as things stood on 2030-01-11 (day 10), when the run ended
      inside: inside, which held
    it looked at
      inside = true [outcome inside], set by 1 (Somebody goes in.)

1  2030-01-06 (day 5)  Somebody goes in.
    looked at by the outcome (inside)
    made by go_in  assumed
      Assumed: On day 5 whoever finds it open goes in.
    it looked at
      door = open [when], set by 0 (The door is opened.)

There are more ancestors; the nearest is shown (--most N shows more).

But for each ancestor, with the same luck
without               it was     outcome
1  Somebody goes in.  looked at  becomes outside
"""

MOTION = """
negsim: 1
title: Two who want the same
start: 2030-01-01
horizon: 10
actors: {a: {name: A}, b: {name: B}}
events: {}
talks:
  t:
    parties: [a, b]
    opens: 1
    every: 1
    rounds: 2
    issues: {share: [mine, yours]}
    positions:
      a: {assumption: a, red_lines: {all_mine: {never: share == yours, assumption: a}}}
      b: {assumption: a, red_lines: {all_yours: {never: share == mine, assumption: a}}}
outcomes: {deal: {when: t.phase == agreed}, none: {}}
"""


def asked(*words: str | int) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words], env={"COLUMNS": "100"})
    assert done.exit_code == 0, done.output
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("door.yaml").write_text(DOOR, encoding="utf-8")
    Path("motion.yaml").write_text(MOTION, encoding="utf-8")
    asked("run", "door.yaml", "-q")


def test_why_an_event() -> None:
    assert asked("why", "last", 1, "--but-for") == OF_THE_EVENT


@pytest.mark.parametrize("words", [("why", "last"), ("why", "last", "outcome")])
def test_why_the_outcome(words: tuple[str, ...]) -> None:
    assert asked(*words, "--but-for", "--most", 1) == OF_THE_OUTCOME


def test_an_event_without_ancestors_says_so() -> None:
    assert "Event 0 has no ancestor that could be left out" in asked("why", "last", 0, "--but-for")


def test_json_tells_both_kinds_of_causes_apart() -> None:
    found = json.loads(asked("why", "last", "--but-for", "--json"))
    assert found["outcome"]["causes"] == [{"seq": 1, "kind": "looked at", "names": ["inside"]}]
    assert found["outcome"]["tried"] == [{"outcome": "inside", "when": "inside", "held": True}]
    assert [(step["event"]["seq"], step["causes"]) for step in found["behind"]] == [
        (1, [{"seq": 0, "kind": "looked at", "names": ["door"]}]),
        (0, []),
    ]
    assert [(test["without"]["seq"], test["event_stands"], test["outcome"]) for test in found["but_for"]] == [
        (1, None, "outside"),
        (0, None, "outside"),
    ]


def test_a_lapse_names_the_red_lines_that_deal_names() -> None:
    asked("run", "motion.yaml", "-q")
    lapsed = next(e for e in json.loads(asked("log", "last", "--json"))["events"] if e["event"] == "lapsed")
    text = asked("why", "last", lapsed["seq"])
    step = json.loads(asked("why", "last", lapsed["seq"], "--json"))["steps"][0]
    at = step["deadlock"]["at"]
    assert step["deadlock"]["unlock"] == [["a.all_mine"], ["b.all_yours"]]
    assert json.loads(asked("deal", "motion.yaml", "--at", f"last:{at}", "--json"))["unlock"] == [
        ["a.all_mine"],
        ["b.all_yours"],
    ]
    (ended,) = impasses(negsim.run(negsim.load("motion.yaml")))
    assert [[each.words for each in obstacles] for obstacles in ended.unlock] == [
        ["A, red line all mine: never share == yours"],
        ["B, red line all yours: never share == mine"],
    ]
    lines = "\n".join(f"      {obstacle.words}" for (obstacle,) in ended.unlock)
    for told in (text, asked("why", "last")):
        assert f"as things stood after event {at}: {ended.words} " in " ".join(told.split())
        assert f"\n{lines}\n" in told


PROMISE = """
negsim: 1
title: A promise of half
start: 2030-01-01
horizon: 10
sources: {paper: {title: A paper, statements: {half: {speaker: The mayor, said: 2029-12-31, quote: We pay half}}}}
readings:
  meant: {source: half, question: Half of what?, options: {cost: Of the cost., rest: Of the rest.}, default: cost}
  ours: {assumption: a, question: Who is we?, options: {town: The town., both: Both.}, default: town}
parameters:
  price: {value: 3, low: 1, high: 9, source: half}
state: {paid: {initial: false}}
events: {pays: {set: {paid: true}, text: The town pays.}}
rules: {pay: {assumption: b, at: 3, when: price > 2 and (meant == rest or ours == town), emit: pays()}}
outcomes: {paid: {when: paid}, owed: {}}
"""


def test_the_words_behind_a_question_do_not_state_its_answer() -> None:
    Path("promise.yaml").write_text(PROMISE, encoding="utf-8")
    asked("run", "promise.yaml", "-q")
    text = " ".join(asked("why", "last", 0).split())
    assert "reading meant = cost (read as: Of the cost.) [when]: the question: from half; the answer: the scen" in text
    assert "reading ours = town (read as: The town.) [when]: the question: assumed: a; the answer: the scen" in text
    assert "parameter price = 3 [when]: stated in half reading" in text
    asked("run", "promise.yaml", "-q", "--read", "meant=rest", "--set", "price=4")
    text = " ".join(asked("why", "last", 0).split())
    assert (
        "reading meant = rest (read as: Of the rest.) [when]: the question: from half; the answer: set for this run"
        in text
    )
    assert "parameter price = 4 [when]: set for this run, where the scenario has 3 (stated in half) " in text
    step = json.loads(asked("why", "last", 0, "--json"))["steps"][0]
    assert [(each["name"], each["value"], each["own"], each["source"]) for each in step["conditions"]] == [
        ("price", 4, 3, ["half"]),
        ("meant", "rest", "cost", ["half"]),
    ]


def test_an_outcome_without_a_condition_leads_to_the_talks_that_ended_without_agreement() -> None:
    asked("run", "motion.yaml", "-q")
    assert json.loads(asked("why", "last", "--json"))["outcome"]["lapsed"]
    assert "What stood in the way" not in asked("why", "last")  # it is told there: the outcomes look at the talks
    text = MOTION.replace("when: t.phase == agreed", "when: signed").replace(
        "events: {}", "state: {signed: {initial: false}}\nevents: {sign: {set: {signed: true}}}"
    )
    Path("blind.yaml").write_text(text.replace("    parties:", "    agreed: sign()\n    parties:"), encoding="utf-8")
    asked("run", "blind.yaml", "-q")
    found = json.loads(asked("why", "last", "--json"))
    lapsed = next(e for e in json.loads(asked("log", "last", "--json"))["events"] if e["event"] == "lapsed")
    assert found["behind"] == []
    assert found["outcome"]["lapsed"] == [lapsed["seq"]]
    line = f"The t talks end without agreement. What stood in the way: negsim why {found['run'][:12]} {lapsed['seq']}\n"
    assert line in asked("why", "last")


LATER = """
negsim: 1
title: A bridge
start: 2030-01-01
horizon: 30
state: {bridge: {values: [up, down], initial: up}, crossed: {initial: false}}
events: {lowered: {set: {bridge: down}, text: The bridge is lowered.}, cross: {set: {crossed: true}, text: They cross.}}
rules:
  early: {assumption: a, at: 3, emit: lowered()}
  late: {assumption: a, at: 5, emit: lowered()}
  over: {assumption: a, while: bridge == down and not crossed, chance: 1, emit: cross()}
outcomes: {over: {when: crossed}, here: {}}
"""


def test_but_for_tells_what_comes_later_from_what_is_gone() -> None:
    Path("bridge.yaml").write_text(LATER, encoding="utf-8")
    asked("run", "bridge.yaml", "-q")
    text = asked("why", "last", 1, "--but-for")
    assert "0  The bridge is lowered.  looked at  comes on day 6  stands\n" in text
    (test,) = json.loads(asked("why", "last", 1, "--but-for", "--json"))["but_for"]
    assert (test["event_stands"], test["comes_on"], test["outcome_stands"]) == (False, 6, True)


def test_one_day_before_is_one_day() -> None:
    text = LATER.replace(
        "{assumption: a, while: bridge == down and not crossed, chance: 1, emit: cross()}",
        "{assumption: a, on: lowered, after: 1, emit: cross()}",
    )
    Path("bridge.yaml").write_text(text, encoding="utf-8")
    asked("run", "bridge.yaml", "-q")
    assert "triggered on day 3, 1 day before\n" in asked("why", "last", 1)


def test_the_words_behind_a_rule_do_not_state_a_number_that_is_written_in_it() -> None:
    choose = "choose: {pays: {emit: pays(), weight: {value: 4.0, low: 1.0, high: 9.0}}, waits: {weight: 0}}"
    text = PROMISE.replace("emit: pays()}", f"by: mayor, {choose}}}").replace(
        "state:", "actors: {mayor: {name: A}}\nstate:"
    )
    for origin, said in (
        ("source: half", "the author's number in pay, which is stated in half"),
        ("source: half, inferred: So it is", "the author's number in pay, which is inferred from half: So it is"),
        ("assumption: b", "assumed: b"),
    ):
        Path("promise.yaml").write_text(text.replace("{pay: {assumption: b", f"{{pay: {{{origin}"), encoding="utf-8")
        asked("run", "promise.yaml", "-q")
        shown = " ".join(asked("why", "last", 0).split())
        assert f"parameter pay.pays.weight = 4.0 [weight]: {said}" in shown
        step = json.loads(asked("why", "last", 0, "--json"))["steps"][0]
        rules = {each["name"]: each.get("rule") for each in step["conditions"] if each["kind"] == "parameter"}
        assert rules == {"price": None, "pay.pays.weight": "pay"}
