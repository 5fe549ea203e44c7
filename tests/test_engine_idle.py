"""Choices made beforehand that never come to bear: noted with the reason, and in a fork with the way to change it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.engine.idle import idle
from negsim.policy.idle import Idle
from negsim.scenario.choices import FixedChoice, option_names

SMALL = """
negsim: 1
title: small
start: 2030-01-01
horizon: 20
actors: {ann: {name: Ann}, ben: {name: Ben}}
groups: {people: {members: [ann, ben]}}
parameters: {p: {value: 3, low: 1, high: 5, assumption: x}}
state: {n: {range: 0..9, initial: 0}}
events: {e: {set: {n: "min(n + 1, 9)"}}}
rules:
  d: {assumption: a, every: 5, by: ann, choose: {go: {emit: e()}, stay: {}, rest: {when: n > 100}}}
  each: {assumption: a, at: 3, for: m in people, when: m == ann, by: m, choose: {yes_: {emit: e()}, no_: {}}}
  never: {assumption: a, at: 3, when: n > p, by: ann, choose: {go: {emit: e()}, stay: {}}}
outcomes: {many: {when: n > 3}, few: {}}
"""


def small() -> negsim.Scenario:
    return negsim.load_text(SMALL, name="small.yaml")


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        ("d@6=stay", "`d` came up on days 5, 10, 15 and 20"),
        ("never=go", "`never` never came up"),
        ("each[ben]=yes_", "`each` never came up for ben"),
        ("each[ann]@4=yes_", "`each` came up on day 3"),
        ("d=rest", "'rest' was not open when `d` came up, or a more exact choice went before"),
        ("d@5=stay", None),
        ("each[ann]=no_", None),
    ],
)
def test_a_choice_that_never_applies_is_known_with_its_reason(choice: str, reason: str | None) -> None:
    run = negsim.run(small(), choose=[choice])
    assert [(each.choice.text, each.reason) for each in idle(run, run.idle_choices)] == (
        [] if reason is None else [(choice, reason)]
    )


def test_a_general_choice_that_a_more_exact_one_always_goes_before_never_applies() -> None:
    run = negsim.run(small(), choose=["each=yes_", "each[ann]=no_"])
    assert run.idle_choices == (FixedChoice("each", "yes_"),)


def test_in_a_fork_it_is_said_where_the_decision_lies() -> None:
    run = negsim.run(small(), choose=["d=stay", "each=yes_"])
    assert [(event.day, event.event) for event in run.events][:3] == [(3, "e"), (5, "decided"), (10, "decided")]
    made = run.fork(at=1, choose=["d@5=go", "each=yes_", "d@10=go"])
    chosen = [FixedChoice("d", "go", 5), FixedChoice("each", "yes_"), FixedChoice("d", "go", 10)]
    assert idle(made, chosen, at=1) == [
        Idle(chosen[0], "`d` was decided at event 1", 1),
        Idle(chosen[1], "`each` was decided so already at event 0", None),
    ]


def test_a_decision_is_where_its_first_event_is() -> None:
    text = SMALL.replace("go: {emit: e()}", "go: {emit: [e(), e(), e()]}")
    run = negsim.run(negsim.load_text(text, name="small.yaml"), choose=["d=go", "each=no_"])
    assert [event.day for event in run.events][:4] == [3, 5, 5, 5]
    made = run.fork(at=3, choose=["d@5=stay"])
    assert [each.decided_at for each in idle(made, made.idle_choices, at=3) if each.choice.day == 5] == [1]


def notes(*words: str) -> list[str]:
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == 0, done.output
    return [line for line in done.stderr.splitlines() if line.startswith("note: ")]


def test_the_commands_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(SMALL, encoding="utf-8")
    chosen = ("--choose", "d@6=stay", "--choose", "d@5=stay", "--choose", "each=no_")
    assert notes("run", "small.yaml", "-q", *chosen) == [
        "note: --choose d@6=stay never applied: `d` came up on days 5, 10, 15 and 20"
    ]
    assert notes("fork", "last", "-q", "--at", "1", "--choose", "d@5=go") == [
        "note: --choose d@5=go never applied: `d` was decided at event 1; to change it: --at 0"
    ]
    assert notes("fork", "last", "-q", "--at", "0", "--set", "p=3", "--choose", "d@10=go") == [
        "note: --set p=3 changes nothing: it is 3 already"
    ]


def test_commands_over_many_runs_say_so_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(SMALL, encoding="utf-8")
    chosen = ("--choose", "d@6=stay", "--choose", "d@5=stay", "--choose", "never=go", "--choose", "each[ben]=no_")
    reasons = ("`d` came up on days 5, 10, 15 and 20", "`never` never came up", "`each` never came up for ben")
    few, many = ("", " in 100 runs that were looked at")
    for words, among in (
        (("explore", "small.yaml", "--runs", "50"), few),
        (("explore", "small.yaml", "--runs", "100"), few),
        (("explore", "small.yaml", "--runs", "101"), many),
        (("explore", "small.yaml", "--runs", "30", "--sweep", "p=1:3:3"), few),
        (("explore", "small.yaml", "--runs", "20", "--sensitivity", "--points", "2"), many),
        (("explore", "small.yaml", "--runs", "200", "--boxes", "many"), many),
        (("explore", "small.yaml", "--runs", "20", "--tornado", "t.json", "--outcome", "many"), many),
    ):
        assert notes(*words, "-q", *chosen) == [
            f"note: --choose {choice} never applied{among}: {reason}"
            for choice, reason in zip(("d@6=stay", "never=go", "each[ben]=no_"), reasons, strict=True)
        ]
    for asked in ((), ("--over-ranges", "--over", "p")):
        assert notes("solve", "small.yaml", *asked, "-q", *chosen) == [
            "note: --choose d@6=stay never applied: `d` never came up on day 6",
            "note: --choose never=go never applied: `never` never came up",
            "note: --choose each[ben]=no_ never applied: `each` never came up for ben",
        ]
    assert notes("solve", "small.yaml", "-q", "--maximise", "many", "--by", "ben", "--choose", "d=rest") == [
        "note: --choose d=rest never applied: 'rest' was not open when `d` came up, or a more exact choice went before"
    ]


def test_a_choice_that_applies_under_one_setting_is_not_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With n > p from the fifth day on, and p at most 1, `never` comes up."""
    monkeypatch.chdir(tmp_path)
    text = SMALL.replace("at: 3, when: n > p", "every: 1, when: n > p").replace("low: 1", "low: 0")
    Path("small.yaml").write_text(text, encoding="utf-8")
    chosen = ("--choose", "never=stay", "--choose", "d=stay", "--choose", "each=yes_")
    never = "note: --choose never=stay never applied: `never` never came up"
    assert notes("explore", "small.yaml", "-q", "--runs", "3", *chosen) == [never]
    assert notes("explore", "small.yaml", "-q", "--runs", "3", *chosen, "--sweep", "p=0:4:2") == []
    assert notes("solve", "small.yaml", "-q", *chosen) == [never]
    assert notes("solve", "small.yaml", "-q", *chosen, "--over-ranges", "--over", "p") == []


def test_settings_that_are_as_they_are_anyway_are_noted_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    reading = "readings: {r: {question: Which?, options: {a: A., b: B.}, default: a, assumption: x}}\n"
    Path("small.yaml").write_text(SMALL + reading, encoding="utf-8")
    same = [
        "note: --set p=3 changes nothing: it is 3 already",
        "note: --read r=a changes nothing: it is a already",
    ]
    given = ("--set", "p=3.0", "--read", "r=a")
    for words in (
        ("run", "small.yaml"),
        ("explore", "small.yaml", "--runs", "2"),
        ("solve", "small.yaml"),
    ):
        assert notes(*words, "-q", *given)[:2] == same
        assert notes(*words, "-q", "--set", "p=4", "--read", "r=b") == []
    assert notes("export", "small.yaml", "--to", "prism", "-o", "small", *given) == same


def test_where_every_run_breaks_down_nothing_is_said_of_choices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(SMALL.replace('"min(n + 1, 9)"', "n - 1"), encoding="utf-8")
    done = CliRunner().invoke(
        main, ["explore", "small.yaml", "-q", "--runs", "3", "--choose", "d=go", "--choose", "each=yes_"]
    )
    assert (done.exit_code, "never applied" in done.stderr) == (3, False)


@pytest.mark.parametrize("name", ["template", "unifil_2006"])
def test_what_a_run_does_is_never_said_to_happen_in_none(name: str) -> None:
    """A choice that is idle where all runs are followed is so in each run."""
    scenario = negsim.load(name)
    rules = [rule for rule in scenario.rules.values() if rule.chooses and rule.by is not None]
    choices = [f"{rule.name}={option}" for rule in rules for option in option_names(scenario, rule)]
    for choice in choices:
        solved = negsim.solve(scenario, choose=[choice])
        assert solved.is_exact
        if solved.idle:
            assert all(negsim.run(scenario, seed=seed, choose=[choice]).idle_choices for seed in range(20)), choice
