"""Talks as they are read: what a scenario says of them, what is wrong with it, what is odd about it.

Each `tests/data/broken_talks/NNN_name.yaml` has beside it, in `NNN_name.txt`, the messages it must give.
"""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import negsim
from negsim.errors import ScenarioError, UsageError
from negsim.language import check, load, load_text, parse_event, schema
from negsim.scenario.expressions import Bound, Constant, ParameterValue, Term
from negsim.scenario.model import Scenario
from negsim.scenario.record import Standing
from negsim.scenario.rules import At, OnEvent
from negsim.scenario.types import ActorOf, Enumeration, Whole
from negsim.scenario.walking import walk

FOLDER = Path(__file__).parent / "data" / "broken_talks"
CASES = sorted(FOLDER.glob("*.yaml"))

WHOLE = """\
negsim: 1
title: Talks
start: 2025-09-04
horizon: 365
sources:
  afp:
    statements:
      no_forces: {speaker: Sergei Lavrov, quote: No.}
actors: {russia: {}, ukraine: {}, us: {}, turkey: {}}
parameters: {patience: {value: 24, low: 1, high: 48, assumption: A year.}}
readings: {veto: {options: {absolute: Yes., opening: No.}, default: absolute, source: no_forces}}
state: {conflict: {values: [fighting, ceasefire, armistice], initial: fighting}}
define: {forces_out: settlement.forces == excluded}
events:
  stopped: {fields: {instrument: [ceasefire, armistice]}, set: {conflict: instrument}}
  resumed: {set: {conflict: fighting}}
  noted: {fields: {how: settlement.forces}}
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
      forces: [excluded, after_stop]
    agreed: stopped(instrument)
    reopens: resumed
    assumption: They meet.
    positions:
      us: {values: {instrument: {ceasefire: 1}}, fallback: 0.5 if conflict == fighting else 0, assumption: A.}
      russia:
        red_lines:
          no_forces:
            never: forces == after_stop and veto == absolute
            when: conflict == fighting
            source: no_forces
            inferred: It would not sign.
        values: {forces: {excluded: 6}, instrument: {armistice: {value: 1, low: 0, high: 3}}}
        fallback: {value: 0.4, low: 0, high: 1}
        concession: {value: 0.3, low: 0.1, high: 1}
        strategy: tit_for_tat
        assumption: Weights are the author's.
        note: Firm.
      ukraine: {values: {forces: {after_stop: 2}}, assumption: A.}
rules:
  war: {assumption: A., on: agreed, when: forces == after_stop and party == russia, after: 30, emit: resumed()}
  note: {assumption: A., on: refused, unless: "passed(settlement, russia)", emit: noted(settlement.forces)}
outcomes:
  deal: {when: settlement.phase == agreed and forces_out}
  other: {}
measures:
  refusals: count(refused if reason == no_forces and talks == settlement)
  rounds: settlement.round
"""


def changed(*changes: tuple[str, str]) -> str:
    """The text above with some of it replaced."""
    text = WHOLE
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


@pytest.fixture(scope="module")
def whole() -> Scenario:
    return load_text(WHOLE, name="whole.yaml")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_broken_talks_give_their_messages(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    with pytest.raises(ScenarioError) as caught:
        load(path.name)
    assert str(caught.value) + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_enough_broken_talks() -> None:
    assert len(CASES) >= 60


# What is read.


def test_who_sits_at_the_table_and_when_they_meet(whole: Scenario) -> None:
    talks = whole.talks["settlement"]
    assert (talks.parties, talks.consulted, talks.mediator) == (("ukraine", "russia"), ("us",), None)
    assert isinstance(talks.opens, At)
    assert talks.opens.day.tree == Constant(30, Whole())
    assert talks.every.tree == ParameterValue("settlement.every", Whole())
    assert talks.rounds.tree == ParameterValue("patience", Whole())
    assert talks.condition is not None
    assert (talks.condition.text, talks.protocol, talks.reopens) == (
        "conflict == fighting",
        "alternating_offers",
        ("resumed",),
    )
    assert talks.issues == {"instrument": ("ceasefire", "armistice"), "forces": ("excluded", "after_stop")}
    assert talks.agreed is not None
    assert talks.agreed.event == "stopped"
    assert talks.agreed.arguments == (Bound("instrument", Enumeration(("ceasefire", "armistice"))),)


def test_positions_are_in_the_order_of_the_table_and_complete(whole: Scenario) -> None:
    positions = whole.talks["settlement"].positions
    assert list(positions) == ["ukraine", "russia", "us"]
    russia, us = positions["russia"], positions["us"]
    assert list(russia.values) == [("instrument", "armistice"), ("forces", "excluded")]
    assert russia.values["instrument", "armistice"].tree == ParameterValue(
        "settlement.russia.instrument.armistice", Whole()
    )
    assert (russia.fallback.text, russia.concession.text) == (
        "settlement.russia.fallback",
        "settlement.russia.concession",
    )
    assert (us.concession.text, us.strategy, russia.strategy) == ("1", "aspiration", "tit_for_tat")
    assert positions["ukraine"].fallback.tree == Constant(0, Whole())
    line = russia.red_lines["no_forces"]
    assert {node.name for node in walk(line.never.tree) if isinstance(node, Bound)} == {"forces"}
    assert (line.origin.standing, russia.origin.standing, russia.note) == (Standing.INFERRED, Standing.ASSUMED, "Firm.")


def test_parameters_written_in_place_are_named_after_it(whole: Scenario) -> None:
    russia = whole.talks["settlement"].positions["russia"]
    found = {name: parameter for name, parameter in whole.parameters.items() if parameter.rule is not None}
    assert {name: parameter.rule for name, parameter in found.items()} == dict.fromkeys(
        [
            "settlement.every",
            "settlement.russia.instrument.armistice",
            "settlement.russia.fallback",
            "settlement.russia.concession",
        ],
        "settlement",
    )
    assert found["settlement.russia.fallback"].origin is russia.origin
    assert found["settlement.every"].origin.text == "They meet."


def test_the_events_of_talks_come_last(whole: Scenario) -> None:
    assert list(whole.events)[-5:] == ["offered", "passed", "refused", "agreed", "lapsed"]
    issues = {
        "instrument": Enumeration(("ceasefire", "armistice", "unsettled")),
        "forces": Enumeration(("excluded", "after_stop", "unsettled")),
    }
    head = {"talks": Enumeration(("settlement",)), "party": ActorOf(("ukraine", "russia", "us"))}
    why = {
        "reason": Enumeration(("no_forces", "utility")),
        "worth": Whole(0, 1000),
        "aspiration": Whole(0, 1000),
    }
    fields = {name: {field.name: field.type for field in event.fields} for name, event in whole.events.items()}
    assert fields["offered"] == fields["agreed"] == {**head, **issues}
    assert fields["passed"] == head
    assert fields["refused"] == {**head, **why, **issues}
    assert fields["lapsed"] == {"talks": Enumeration(("settlement",))}
    assert whole.events["offered"].text == "{party} offers: instrument {instrument}, forces {forces}."
    assert not any(whole.events[name].effects for name in list(whole.events)[-5:])


def test_terms_are_read_like_state(whole: Scenario) -> None:
    tree = whole.definitions["forces_out"].tree
    assert Term("settlement", "forces", Enumeration(("excluded", "after_stop", "unsettled"))) in list(walk(tree))
    assert whole.measures["rounds"].expression.tree == Term("settlement", "round", Whole(0, 100_000))
    assert whole.events["noted"].fields[0].type == Enumeration(("excluded", "after_stop", "unsettled"))


def test_a_scenario_with_talks_runs(whole: Scenario) -> None:
    run = negsim.run(whole, seed=1)
    assert run.events[0].event == "offered"


@pytest.mark.parametrize("opening", ["on: stopped", "on: [stopped]", "opens: {on: stopped}", "opens: {on: [stopped]}"])
def test_an_event_opens_talks_in_either_form(opening: str) -> None:
    talks = load_text(changed(("opens: 30", opening))).talks["settlement"]
    assert talks.opens == OnEvent(("stopped",))


@pytest.mark.parametrize(
    ("opening", "text"),
    [("opens: 2025-09-14", "2025-09-14"), ("opens: patience", "patience"), ("opens: {value: 3}", "settlement.opens")],
)
def test_talks_open_on_a_day(opening: str, text: str) -> None:
    opens = load_text(changed(("opens: 30", opening))).talks["settlement"].opens
    assert isinstance(opens, At)
    assert opens.day.text == text


def test_a_mediator_may_speak_in_the_events_of_talks() -> None:
    text = changed(("    opens: 30", "    protocol: single_text\n    mediator: turkey\n    opens: 30"))
    scenario = load_text(text)
    assert scenario.talks["settlement"].mediator == "turkey"
    assert scenario.events["offered"].fields[1].type == ActorOf(("ukraine", "russia", "us", "turkey"))


SECOND = """
  aid:
    parties: [us, ukraine]
    on: agreed
    every: 1
    rounds: 2
    issues: {forces: [some, excluded], money: [less, more]}
    positions:
      us: {values: {money: {less: 1}}, assumption: A.}
      ukraine: {values: {money: {more: 1}}, red_lines: {a: {never: money == less, assumption: A.}}, assumption: A.}
rules:
"""


def test_two_talks_share_their_events() -> None:
    scenario = load_text(changed(("\nrules:\n", SECOND)))
    fields = {field.name: field.type for field in scenario.events["refused"].fields}
    assert fields["talks"] == Enumeration(("settlement", "aid"))
    assert fields["reason"] == Enumeration(("no_forces", "a", "utility"))
    assert fields["forces"] == Enumeration(("excluded", "after_stop", "some", "unsettled"))
    assert list(fields)[5:] == ["instrument", "forces", "money"]
    assert scenario.talks["aid"].issues["forces"] == ("some", "excluded")
    assert scenario.talks["aid"].opens == OnEvent(("agreed",))
    assert scenario.events["passed"].text == "{talks}: {party} passes."


def test_an_included_file_may_hold_talks() -> None:
    before, rest = WHOLE.split("talks:\n  settlement:")
    talks, after = rest.split("rules:\n  war")
    files = {"talks.yaml": "talks:\n  settlement:" + talks}
    scenario = load_text(f"{before}include: [talks.yaml]\nrules:\n  war{after}", files=files)
    assert list(scenario.talks) == ["settlement"]


def test_without_talks_their_events_are_like_any_others() -> None:
    text = """
negsim: 1
title: No talks
start: 2025-09-04
horizon: 3
events: {agreed: {}}
rules: {r: {at: 1, emit: agreed(), assumption: A.}}
outcomes: {other: {}}
"""
    scenario = load_text(text)
    assert list(scenario.events) == ["agreed"]
    assert scenario.talks == {}
    assert parse_event(scenario, "agreed()") == ("agreed", {})


def test_the_events_of_talks_cannot_be_put_in(whole: Scenario) -> None:
    with pytest.raises(UsageError, match="`lapsed` is logged by talks"):
        parse_event(whole, "lapsed(settlement)")
    assert parse_event(whole, "stopped(ceasefire)") == ("stopped", {"instrument": "ceasefire"})


def test_the_schema_knows_talks() -> None:
    found = schema()
    plain = yaml.safe_load(WHOLE.replace("2025-09-04", '"2025-09-04"').replace("    on:", '    "on":'))
    rules = {
        name: {"on" if key is True else key: part for key, part in rule.items()}
        for name, rule in plain["rules"].items()
    }
    jsonschema.validate({**plain, "rules": rules}, found)
    settlement = plain["talks"]["settlement"]
    for wrong in ({"rounds": [1]}, {"protocol": "shouting"}, {"issues": {"a": "b"}}, {"parties": "us"}, {"x": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**plain, "rules": rules, "talks": {"settlement": {**settlement, **wrong}}}, found)


# What is too much.


def problems(text: str) -> list[str]:
    """The messages of a text that does not load."""
    with pytest.raises(ScenarioError) as caught:
        load_text(text)
    return [problem.message for problem in caught.value.problems]


def test_there_are_bounds() -> None:
    people = [f"p{number}" for number in range(19)]
    actors = ("actors: {russia: {}", "actors: {" + "".join(f"{name}: {{}}, " for name in people) + "russia: {}")
    seated = ("parties: [ukraine", "parties: [" + ", ".join(people) + ", ukraine")
    given = ("      us: {", "".join(f"      {name}: {{assumption: A.}}\n" for name in people) + "      us: {")
    assert problems(changed(actors, seated, given)) == ["more than 20 are at the table of `settlement`"]
    lines = "".join(f"          l{number}: {{never: forces == excluded, assumption: A.}}\n" for number in range(200))
    assert problems(changed(("          no_forces:\n", lines + "          no_forces:\n"))) == [
        "more than 200 red lines"
    ]
    issues = "".join(f"      i{number}: [a, b]\n" for number in range(49))
    assert problems(changed(("      forces: [ex", issues + "      forces: [ex"))) == [
        "`settlement` has more than 50 issues"
    ]
    want = "{us: {assumption: A.}, ukraine: {assumption: A.}}"
    table = f"{{parties: [us, ukraine], opens: 1, every: 1, rounds: 1, issues: {{i: [a, b]}}, positions: {want}}}"
    more = "".join(f"  t{number}: {table}\n" for number in range(20))
    assert problems(changed(("\nrules:\n", f"\n{more}rules:\n"))) == ["more than 20 talks"]


# What is odd.


def warnings(tmp_path: Path, text: str) -> list[str]:
    """The warnings on a text: the words underlined, and the message."""
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8")
    report = check(path)
    assert report.problems == ()
    spots = [(found.text, found.place) for found in report.warnings]
    words = [line[place.column - 1 : place.column - 1 + place.width] for line, place in spots]
    return [f"{word}: {found.message}" for word, found in zip(words, report.warnings, strict=True)]


def test_nothing_is_odd_about_the_whole(tmp_path: Path) -> None:
    assert warnings(tmp_path, WHOLE) == []


ODD = {
    "fallback above 1": (
        ("fallback: {value: 0.4, low: 0, high: 1}", "fallback: 1.5"),
        ["russia: nothing is acceptable to `russia`: its fallback is 1.5, above 1"],
    ),
    "equal values": (
        ("ukraine: {values: {forces: {after_stop: 2}}", "ukraine: {values: {forces: {after_stop: 2, excluded: 2.0}}"),
        ["ukraine: every package is worth the same to `ukraine`"],
    ),
    "no values and no red lines": (
        ("ukraine: {values: {forces: {after_stop: 2}}, ", "ukraine: {"),
        ["ukraine: every package is worth the same to `ukraine`"],
    ),
    "a red line alone is enough": (
        (
            "ukraine: {values: {forces: {after_stop: 2}}, ",
            "ukraine: {red_lines: {a: {never: forces == excluded, assumption: A.}}, ",
        ),
        [],
    ),
    "an event that a rule emits": (
        ("opens: 30", "on: noted"),
        [],
    ),
    "a red line that nothing breaks": (
        ("never: forces == after_stop and veto", "never: forces == after_stop and forces == excluded and veto"),
        ["no_forces: no package breaks the red line `no_forces`"],
    ),
    "a red line that everything breaks": (
        ("never: forces == after_stop and veto == absolute", "never: forces in (after_stop, excluded)"),
        ["veto: nothing uses the reading `veto`", "no_forces: every package breaks the red line `no_forces`"],
    ),
    "a red line that never holds": (
        ("            when: conflict == fighting", "            when: false"),
        ["no_forces: the red line `no_forces` never holds: its `when` is never true"],
    ),
    "never held": (
        ("while: conflict == fighting", "while: settlement.phase == agreed and false"),
        ["settlement: `settlement` is never held: `while` is never true"],
    ),
    "opened too late": (
        ("opens: 30", "opens: 366"),
        ["settlement: `settlement` is never held: day 366 is after the horizon, day 365"],
    ),
    "opened by itself": (
        ("opens: 30", "on: lapsed"),
        ["settlement: `settlement` is never held: nothing else emits `lapsed`"],
    ),
    "opened by what an agreement brings about": (
        ("opens: 30", "on: stopped"),
        ["settlement: `settlement` is never held: nothing emits `stopped` but its own agreement"],
    ),
    "reopened by itself": (
        ("reopens: resumed", "reopens: lapsed"),
        ["settlement: `settlement` is never opened again: nothing else emits `lapsed`"],
    ),
    "an option named like a reading": (
        ("forces: [excluded, after_stop]", "forces: [excluded, after_stop, veto]"),
        ["forces: the option 'veto' of `forces` is also the name of a reading"],
    ),
    "a statement that a red line rests on": (
        ("default: absolute, source: no_forces}", "default: absolute, assumption: A.}"),
        [],
    ),
}


@pytest.mark.parametrize(("change", "expected"), ODD.values(), ids=ODD)
def test_odd_talks_are_warned_of(tmp_path: Path, change: tuple[str, str], expected: list[str]) -> None:
    assert warnings(tmp_path, changed(change)) == expected


def test_an_event_of_the_past_opens_talks_and_one_that_nothing_emits_does_not(tmp_path: Path) -> None:
    past = "history: [{date: 2025-09-01, emit: held(), assumption: A.}]\nevents:\n  held: {}\n"
    text = changed(("opens: 30", "on: held"), ("events:\n", past))
    assert warnings(tmp_path, text) == []
    text = changed(
        ("opens: 30", "on: held"), ("reopens: resumed", "reopens: held"), ("events:\n", "events:\n  held: {}\n")
    )
    assert warnings(tmp_path, text) == [
        "held: nothing emits `held`",
        "settlement: `settlement` is never held: nothing emits `held`",
        "settlement: `settlement` is never opened again: nothing emits `held`",
    ]


# Whatever is written.

LINES = WHOLE.splitlines(keepends=True)
SIGNS = st.sampled_from(
    [*"{}[]():,.'\"&*|>#%-+=<~ \t\n0a", "settlement", "forces", "agreed", "unsettled", "on: ", "party"]
)


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 10**6), st.integers(0, 30), SIGNS), min_size=1, max_size=4))
def test_spoilt_talks_load_or_give_problems(changes: list[tuple[int, int, int, str]]) -> None:
    lines = list(LINES)
    for kind, where, much, sign in changes:
        text = "".join(lines)
        at, line = where % max(1, len(text)), where % max(1, len(lines))
        match kind:
            case 0:
                lines = (text[:at] + text[at + much :]).splitlines(keepends=True)
            case 1:
                lines = (text[:at] + sign + text[at:]).splitlines(keepends=True)
            case 2:
                del lines[line : line + 1 + much % 3]
            case 3:
                lines.insert(line, lines[(where // 7) % len(lines)] if lines else "\n")
            case _:
                words = text.split(" ")
                one, two = where % len(words), (where // 3) % len(words)
                words[one], words[two] = words[two], words[one]
                lines = " ".join(words).splitlines(keepends=True)
    try:
        found: object = load_text("".join(lines)).talks
    except ScenarioError as error:
        found = error.problems
    assert found is not None
