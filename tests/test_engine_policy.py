"""Who chooses: every way to fix a choice, which one wins, and policies written in Python."""

from typing import Any

import pytest

import negsim
from negsim.engine.run import from_log
from negsim.errors import UsageError
from negsim.log.lines import write_lines
from negsim.log.reading import read_lines
from negsim.policy.situation import Situation
from negsim.program.strategy import View
from negsim.scenario.choices import FixedAspiration, FixedChoice, parse_choice

SCENARIO = """
negsim: 1
title: Two members decide
start: 2025-03-01
horizon: 30
actors: {host: {name: The host}}
groups: {members: {members: {france: {name: France}, norway: {name: Norway}}}}
state:
  open_gate: {initial: true}
  members: {gone: {initial: false}, said: {range: 0..9, initial: 0}}
events:
  stayed: {fields: {member: members}, set: {member.said: member.said + 1}}
  left: {fields: {member: members}, set: {member.gone: true}}
  invited: {fields: {member: members}}
rules:
  call:
    assumption: They are asked every ten days.
    every: 10
    for: m in members
    by: m
    when: not m.gone
    choose:
      stay: {weight: 8, emit: stayed(m)}
      leave: {weight: 2, when: open_gate, emit: left(m)}
      wait: {weight: 0}
  guest:
    assumption: The host names a guest once.
    at: 5
    by: host
    choose:
      invite: {for: m in members, emit: invited(m)}
      nobody_comes: {}
  weather:
    assumption: Chance draws it.
    at: 6
    choose: {rain: {}, sun: {}}
outcomes: {end: {}}
"""


@pytest.fixture(scope="module")
def scenario() -> negsim.Scenario:
    return negsim.load_text(SCENARIO, name="decide.yaml")


def calls(run: negsim.Run) -> dict[str, str]:
    """What each member chose on days 10, 20 and 30."""
    found: dict[str, Any] = {"france": {}, "norway": {}}
    for event in run.events:
        if event.rule == "call":
            found[event.instance[0]][event.day] = event.option
    return {member: " ".join(options.get(day, "-") for day in (10, 20, 30)) for member, options in found.items()}


def chosen(scenario: negsim.Scenario, *choices: str, seed: int = 1) -> dict[str, str]:
    return calls(negsim.run(scenario, seed=seed, choose=choices))


# Choices fixed beforehand.

FORM = "write decision=option, decision@day=option or decision[france]=option"


@pytest.mark.parametrize(
    ("choices", "france", "norway"),
    [
        (["call=stay"], "stay stay stay", "stay stay stay"),
        (["call=wait"], "wait wait wait", "wait wait wait"),
        (["call=wait", "call@20=leave"], "wait leave -", "wait leave -"),
        (["call=stay", "call[norway]=leave"], "stay stay stay", "leave - -"),
        (["call=stay", "call[norway]@20=leave"], "stay stay stay", "stay leave -"),
        (["call=wait", "call[france]=stay", "call@20=leave"], "stay leave -", "wait leave -"),
        (["call=wait", "call@20=leave", "call[france]=stay"], "stay stay stay", "wait leave -"),
        (["call=wait", "call[france]@20=leave", "call[france]=stay", "call@20=stay"], "stay leave -", "wait stay wait"),
        (["call=leave", "call=wait"], "wait wait wait", "wait wait wait"),
        (["call[france]@20=leave", "call=wait", "call[france]@20=stay"], "wait stay wait", "wait wait wait"),
        (["call @ 20 = leave", " call = wait "], "wait leave -", "wait leave -"),
    ],
)
def test_the_most_exact_choice_wins_and_of_equals_the_last(
    scenario: negsim.Scenario, choices: list[str], france: str, norway: str
) -> None:
    assert chosen(scenario, *choices) == {"france": france, "norway": norway}
    assert calls(negsim.run(scenario, choose=choices).fork(at=-1, choose=["call@7=stay"])) == {
        "france": france,
        "norway": norway,
    }


def test_choices_may_be_a_mapping(scenario: negsim.Scenario) -> None:
    asked = {"call": "wait", "call@20": "leave", "call[france]@20": "stay"}
    assert calls(negsim.run(scenario, choose=asked)) == {"france": "wait stay wait", "norway": "wait leave -"}
    assert (
        negsim.run(scenario, choose=asked).header
        == negsim.run(scenario, choose=[f"{name}={option}" for name, option in asked.items()]).header
    )


def test_an_option_for_each_member_is_named_with_the_member(scenario: negsim.Scenario) -> None:
    run = negsim.run(scenario, choose=["guest=invite[norway]"])
    assert [(e.day, e.event, e.fields, e.option, e.actor) for e in run.events if e.rule == "guest"] == [
        (5, "invited", {"member": "norway"}, "invite[norway]", "host")
    ]
    run = negsim.run(scenario, choose=["guest=nobody_comes"])
    assert [(e.event, e.fields) for e in run.events if e.rule == "guest"] == [
        ("decided", {"rule": "guest", "option": "nobody_comes"})
    ]


def test_a_fixed_choice_that_is_closed_falls_back_to_the_weights(scenario: negsim.Scenario) -> None:
    closed = negsim.load_text(SCENARIO.replace("open_gate: {initial: true}", "open_gate: {initial: false}"))
    for seed in range(5):
        fixed = negsim.run(closed, seed=seed, choose=["call=leave"])
        drawn = negsim.run(closed, seed=seed)
        assert fixed.events == drawn.events
        assert {event.option for event in drawn.events if event.rule == "call"} == {"stay"}
        assert all(event.share == 1.0 for event in drawn.events if event.rule == "call")
    assert chosen(scenario, "call=leave") == {"france": "leave - -", "norway": "leave - -"}


def test_what_was_fixed_has_no_share_and_spends_the_draw(scenario: negsim.Scenario) -> None:
    for seed in range(5):
        drawn = negsim.run(scenario, seed=seed)
        fixed = negsim.run(scenario, seed=seed, choose=["call@10=stay"])
        assert [e.share for e in fixed.events if e.rule == "call" and e.day == 10] == [None, None]
        if calls(drawn)["france"].startswith("stay"):
            assert calls(fixed)["france"] == calls(drawn)["france"]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "'' is no choice", FORM),
        ("call", "'call' is no choice", FORM),
        ("call=", "'call=' is no choice", FORM),
        ("=stay", "'=stay' is no choice", FORM),
        ("call@=stay", "'call@=stay' is no choice", FORM),
        ("call@x=stay", "'call@x=stay' is no choice", FORM),
        ("call@1.5=stay", "'call@1.5=stay' is no choice", FORM),
        ("call@10[france]=stay", "'call@10[france]=stay' is no choice", FORM),
        ("cal=stay", "there is no decision `cal`", "did you mean 'call'? It can be: call, guest"),
        ("weather=sun", "`weather` is drawn by nature, no actor decides it", "it can be: call, guest"),
        ("call=stray", "'stray' is no option of `call`", "did you mean 'stay'? It can be: stay, leave, wait"),
        (
            "guest=invite",
            "'invite' is no option of `guest`",
            "did you mean 'invite[norway]'? It can be: invite[france], invite[norway], nobody_comes",
        ),
        (
            "guest=invite[spain]",
            "'invite[spain]' is no option of `guest`",
            "did you mean 'invite[france]'? It can be: invite[france], invite[norway], nobody_comes",
        ),
        ("call[spain]=stay", "'spain' is no member of `members`", "it can be: france, norway"),
        ("call[]=stay", "'' is no member of `members`", "it can be: france, norway"),
        ("call[france,norway]=stay", "`call` is bound to 1 actor, not to france, norway", None),
        ("guest[france]=nobody_comes", "`guest` is bound to 0 actors, not to france", None),
        ("call=stay; DROP TABLE", "'call=stay; DROP TABLE' is no choice", FORM),
    ],
)
def test_a_wrong_choice_is_refused_with_a_way_out(
    scenario: negsim.Scenario, text: str, message: str, hint: str | None
) -> None:
    with pytest.raises(UsageError) as refused:
        negsim.run(scenario, choose=[text])
    assert (refused.value.message, refused.value.hint) == (message, hint)


def test_what_a_choice_means(scenario: negsim.Scenario) -> None:
    assert parse_choice(scenario, "call[norway]@20=leave") == FixedChoice("call", "leave", 20, ("norway",))
    assert parse_choice(scenario, "call=leave").as_json() == {"decision": "call", "option": "leave"}


# Policies in Python.


def test_a_policy_sees_the_situation_and_decides(scenario: negsim.Scenario) -> None:
    seen = []

    def policy(situation: Situation) -> str:
        seen.append(situation)
        if situation.decision == "guest":
            return "invite[norway]"
        return "leave" if situation.instance == ("norway",) else "stay"

    run = negsim.run(scenario, seed=5, policy=policy)
    assert calls(run) == {"france": "stay stay stay", "norway": "leave - -"}
    start = {"open_gate": True, "france.gone": False, "norway.gone": False, "france.said": 0, "norway.said": 0}
    assert seen == [
        Situation("guest", "host", (), 5, {"invite[france]": 1, "invite[norway]": 1, "nobody_comes": 1}, start),
        Situation("call", "france", ("france",), 10, {"stay": 8, "leave": 2, "wait": 0}, start),
        Situation("call", "norway", ("norway",), 10, {"stay": 8, "leave": 2, "wait": 0}, {**start, "france.said": 1}),
        *(
            Situation(
                "call", "france", ("france",), day, {"stay": 8, "leave": 2, "wait": 0},
                {**start, "france.said": day // 10 - 1, "norway.gone": True},
            )
            for day in (20, 30)
        ),
    ]  # fmt: skip


def test_what_a_policy_sees_cannot_be_changed(scenario: negsim.Scenario) -> None:
    def meddling(situation: Any) -> None:
        with pytest.raises(TypeError):
            situation.state["open_gate"] = False
        with pytest.raises(TypeError):
            situation.options["leave"] = 100
        with pytest.raises(AttributeError):
            situation.day = 3

    assert negsim.run(scenario, policy=meddling).events == negsim.run(scenario).events


def test_a_policy_is_recorded_and_replayed_without_it(scenario: negsim.Scenario) -> None:
    run = negsim.run(scenario, seed=5, policy=lambda situation: list(situation.options)[-1])
    assert calls(run) == {"france": "wait wait wait", "norway": "wait wait wait"}
    assert [each.as_json() for each in run.header.settings.choices] == [
        {"decision": "guest", "option": "nobody_comes", "actors": [], "nth": 0},
        *(
            {"decision": "call", "option": "wait", "actors": [member], "nth": nth}
            for nth in range(3)
            for member in ("france", "norway")
        ),
    ]
    assert run.replay() is None
    again = from_log(scenario, read_lines("\n".join(write_lines(run.log)), "the log"))
    assert again.replay() is None
    assert again.id == run.id


def test_a_policy_that_does_not_answer_leaves_it_to_the_choices_and_the_weights(scenario: negsim.Scenario) -> None:
    fixed = ["call[norway]=wait"]
    run = negsim.run(scenario, seed=3, choose=fixed, policy=lambda situation: "stay" if situation.day == 20 else None)
    plain = negsim.run(scenario, seed=3, choose=fixed)
    assert calls(plain)["norway"] == "wait wait wait"
    assert calls(run)["norway"] == "wait stay wait"
    assert [e for e in run.events if e.day < 20] == [e for e in plain.events if e.day < 20]
    assert run.replay() is None


def test_a_policy_goes_before_fixed_choices(scenario: negsim.Scenario) -> None:
    def policy(situation: Situation) -> str | None:
        return "stay" if situation.decision == "call" else None

    run = negsim.run(scenario, choose=["call[france]@10=leave"], policy=policy)
    assert calls(run) == {"france": "stay stay stay", "norway": "stay stay stay"}
    assert run.replay() is None


def test_a_policy_that_never_answers_changes_nothing_but_the_header_stays(scenario: negsim.Scenario) -> None:
    silent = negsim.run(scenario, seed=2, policy=lambda _: None)
    plain = negsim.run(scenario, seed=2)
    assert (silent.events, silent.id) == (plain.events, plain.id)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("stray", "the policy chose 'stray' for `call`"),
        ("", "the policy chose '' for `call`"),
        ("invite[france]", "the policy chose 'invite[france]' for `call`"),
    ],
)
def test_a_policy_that_chooses_what_is_not_open_is_told_so(
    scenario: negsim.Scenario, answer: str, message: str
) -> None:
    with pytest.raises(UsageError) as refused:
        negsim.run(scenario, policy=lambda situation: answer if situation.decision == "call" else None)
    assert refused.value.message == message


def test_a_policys_own_error_passes_through(scenario: negsim.Scenario) -> None:
    def failing(situation: Situation) -> None:
        raise ZeroDivisionError(situation.decision)

    with pytest.raises(ZeroDivisionError, match=r"^guest$"):
        negsim.run(scenario, policy=failing)


def test_nature_is_never_asked(scenario: negsim.Scenario) -> None:
    asked = []
    negsim.run(scenario, policy=lambda situation: asked.append(situation.decision))
    assert set(asked) == {"guest", "call"}


# Policies in forks.


def test_a_policy_in_a_fork_is_not_asked_before_the_fork_begins(scenario: negsim.Scenario) -> None:
    parent = negsim.run(scenario, seed=1, choose=["call=stay"])
    asked = []

    def policy(situation: Situation) -> str:
        asked.append((situation.day, situation.instance))
        return "wait"

    at = next(e.seq for e in parent.events if e.day == 20 and e.instance == ("france",))
    fork = parent.fork(at=at, policy=policy)
    assert asked == [(20, ("norway",)), (30, ("france",)), (30, ("norway",))]
    assert calls(fork) == {"france": "stay stay wait", "norway": "stay wait wait"}
    assert fork.events[: at + 1] == parent.events[: at + 1]
    assert fork.replay() is None
    assert fork.header.settings.choices == parent.header.settings.choices
    assert [each.as_json() for each in fork.header.interventions] == [
        {
            "at": at,
            "choose": [
                {"decision": "call", "option": "wait", "actors": ["norway"], "nth": 1},
                {"decision": "call", "option": "wait", "actors": ["france"], "nth": 2},
                {"decision": "call", "option": "wait", "actors": ["norway"], "nth": 2},
            ],
        }
    ]


def test_a_fork_from_before_any_event_asks_from_the_start(scenario: negsim.Scenario) -> None:
    parent = negsim.run(scenario, choose=["call=stay", "guest=nobody_comes"])
    fork = parent.fork(at=-1, policy=lambda situation: "wait" if situation.decision == "call" else "invite[france]")
    assert calls(fork) == {"france": "wait wait wait", "norway": "wait wait wait"}
    assert fork.events[0].event == "invited"
    assert fork.replay() is None


def test_choices_of_a_fork_go_before_those_of_its_parent_however_exact(scenario: negsim.Scenario) -> None:
    parent = negsim.run(scenario, policy=lambda situation: "stay" if situation.decision == "call" else None)
    assert calls(parent) == {"france": "stay stay stay", "norway": "stay stay stay"}
    fork = parent.fork(at=0, choose=["call=wait"])
    assert calls(fork) == {"france": "wait wait wait", "norway": "wait wait wait"}
    again = fork.fork(at=fork.events[2].seq, choose=["call=stay"])
    assert calls(again) == {"france": "wait stay stay", "norway": "wait stay stay"}
    assert fork.replay() is again.replay() is None
    assert again.header.parent == fork.id


def test_a_policy_in_a_fork_of_a_fork(scenario: negsim.Scenario) -> None:
    parent = negsim.run(scenario, policy=lambda situation: "stay" if situation.decision == "call" else None)
    fork = parent.fork(at=0, policy=lambda situation: "wait" if situation.day == 20 else None)
    assert calls(fork) == {"france": "stay wait stay", "norway": "stay wait stay"}
    again = fork.fork(at=3, policy=lambda situation: "leave" if situation.instance == ("norway",) else None)
    assert calls(again) == {"france": "stay wait stay", "norway": "stay leave -"}
    assert fork.replay() is again.replay() is None


# Notebooks, and strategies of one's own.


TABLE = """
negsim: 1
title: Two <b>at</b> the table
start: 2025-01-01
horizon: 40
actors: {a: {name: Alder}, b: {name: Birch}}
talks:
  shares:
    parties: [a, b]
    opens: 1
    every: 1
    rounds: 30
    issues: {cake: [left, middle, right]}
    positions:
      a: {values: {cake: {left: 4, middle: 3}}, fallback: 0.5, assumption: test}
      b: {values: {cake: {middle: 3, right: 4}}, fallback: 0.5, assumption: test}
outcomes: {agreed_in_the_end: {when: shares.phase == agreed}, nothing: {}}
measures: {day: first(agreed)}
"""


def test_a_notebook_shows_scenarios_and_runs_as_tables_with_their_text_escaped() -> None:
    scenario = negsim.load_text(TABLE)
    run = negsim.run(scenario)
    for shown in (scenario._repr_html_(), run._repr_html_()):
        assert shown.startswith("<p><b>Two &lt;b&gt;at&lt;/b&gt; the table")
        assert "<table>" in shown
    assert "The parties agree: cake: middle." in run._repr_html_()


def test_a_strategy_of_ones_own_is_asked_each_round_and_can_be_replayed() -> None:
    scenario = negsim.load_text(TABLE)
    usual = negsim.run(scenario)
    asked = []

    def yielding(view: View) -> float:
        asked.append((view.round, view.top, view.fallback))
        return 0.7

    quick = negsim.run(scenario, strategies={"shares.a": yielding, "shares.b": lambda _view: 0.7})
    assert quick.measures["day"] == 1 < usual.measures["day"]
    assert asked == [(0, 1.0, 0.5)]
    assert quick.replay() is None
    fixed = quick.header.settings.choices
    assert [choice.aspiration for choice in fixed if isinstance(choice, FixedAspiration)] == [0.7, 0.7]
    assert len(fixed) == 2
    later = usual.fork(at=3, strategies={"shares.a": lambda _view: 0.7, "shares.b": lambda _view: 0.7})
    assert list(later.events[:4]) == list(usual.events[:4])
    assert later.replay() is None
    assert later.measures["day"] < usual.measures["day"]


def test_a_strategy_for_nobody_or_of_no_number_is_refused() -> None:
    scenario = negsim.load_text(TABLE)
    with pytest.raises(UsageError, match=r"'shares\.c' is no seat at talks"):
        negsim.run(scenario, strategies={"shares.c": lambda _view: 0.5})
    for said in (float("nan"), float("inf"), None, "0.5", True):
        answers: dict[str, Any] = {"shares.a": lambda _view, said=said: said}
        with pytest.raises(UsageError, match=f"the strategy of a answered {said!r}"):
            negsim.run(scenario, strategies=answers)


def test_an_agreement_or_offer_that_is_left_out_brings_nothing_about() -> None:
    text = TABLE.replace("    issues:", "    agreed: shared()\n    issues:").replace(
        "outcomes:", "events: {shared: {}}\noutcomes:"
    )
    run = negsim.run(negsim.load_text(text))
    offer, agreed, shared = run.events[-3:]
    assert (offer.event, agreed.event, shared.event) == ("offered", "agreed", "shared")
    unsigned = run.fork(without=agreed.seq)
    assert [event.event for event in unsigned.events].count("shared") == 1  # the next round agrees
    assert [event.day for event in unsigned.events if event.event == "shared"] == [shared.day + 1]
    unheard = run.fork(without=offer.seq)
    answers = [event.event for event in unheard.events if event.day == offer.day]
    assert answers == []


def test_why_of_an_agreement_names_the_offers_and_what_the_seats_looked_at() -> None:
    text = TABLE.replace("fallback: 0.5, assumption: test}\n      b:", "fallback: calm, assumption: test}\n      b:")
    text = text.replace("actors:", "parameters: {calm: {value: 0.5, low: 0, high: 1, assumption: test}}\nactors:")
    run = negsim.run(negsim.load_text(text))
    agreed = next(event for event in run.events if event.event == "agreed")
    steps = run.why(agreed.seq).steps
    assert [step.event.event for step in steps][:2] == ["agreed", "offered"]
    assert {step.event.event for step in steps[1:]} == {"offered"}
    assert ("parameter", "calm", ("fallback of a",)) in [(c.kind, c.name, c.read_by) for c in steps[0].conditions]


def test_a_choice_can_be_for_a_date() -> None:
    scenario = negsim.load("paris_2025")
    assert parse_choice(scenario, "backstop_call@2025-10-05=announce") == parse_choice(
        scenario, "backstop_call@30=announce"
    )
    assert parse_choice(scenario, "backstop_call@2025-09-04=wait").day == -1
    with pytest.raises(UsageError, match="'2025-13-01' is no day"):
        parse_choice(scenario, "backstop_call@2025-13-01=wait")
