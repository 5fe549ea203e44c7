"""Choices made beforehand that never come to bear: noted with the reason, and in a fork with the way to change it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.engine.idle import Idle, idle
from negsim.scenario.choices import FixedChoice

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


def small():
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
def test_a_choice_that_never_applies_is_known_with_its_reason(choice, reason):
    run = negsim.run(small(), choose=[choice])
    assert [(each.choice.text, each.reason) for each in idle(run, run.idle_choices)] == (
        [] if reason is None else [(choice, reason)]
    )


def test_a_general_choice_that_a_more_exact_one_always_goes_before_never_applies():
    run = negsim.run(small(), choose=["each=yes_", "each[ann]=no_"])
    assert run.idle_choices == (FixedChoice("each", "yes_"),)


def test_in_a_fork_it_is_said_where_the_decision_lies():
    run = negsim.run(small(), choose=["d=stay", "each=yes_"])
    assert [(event.day, event.event) for event in run.events][:3] == [(3, "e"), (5, "decided"), (10, "decided")]
    made = run.fork(at=1, choose=["d@5=go", "each=yes_", "d@10=go"])
    chosen = [FixedChoice("d", "go", 5), FixedChoice("each", "yes_"), FixedChoice("d", "go", 10)]
    assert idle(made, chosen, at=1) == [
        Idle(chosen[0], "`d` was decided at event 1", 1),
        Idle(chosen[1], "`each` was decided so already at event 0", None),
    ]


def test_a_decision_is_where_its_first_event_is():
    text = SMALL.replace("go: {emit: e()}", "go: {emit: [e(), e(), e()]}")
    run = negsim.run(negsim.load_text(text, name="small.yaml"), choose=["d=go", "each=no_"])
    assert [event.day for event in run.events][:4] == [3, 5, 5, 5]
    made = run.fork(at=3, choose=["d@5=stay"])
    assert [each.decided_at for each in idle(made, made.idle_choices, at=3) if each.choice.day == 5] == [1]


def notes(*words):
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == 0, done.output
    return [line for line in done.stderr.splitlines() if line.startswith("note: ")]


def test_the_commands_say_so(tmp_path, monkeypatch):
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
