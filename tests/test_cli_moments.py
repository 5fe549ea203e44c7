"""Moments of a run can be given by the dates that are shown."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from negsim.cli import main

DOOR = """
negsim: 1
title: A door
start: 2030-01-01
horizon: 10
parameters: {day: {value: 5, low: 1, high: 9, assumption: a}}
state: {door: {values: [shut, ajar, open], initial: shut}}
events: {unlocks: {set: {door: ajar}}, opens: {set: {door: open}}, knocks: {}}
rules:
  early: {assumption: a, at: 3, emit: [knocks(), unlocks()]}
  later: {assumption: a, at: day, emit: opens()}
outcomes: {done: {}}
"""


def asked(*words: str | int) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words], env={"COLUMNS": "100"})
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("door.yaml").write_text(DOOR, encoding="utf-8")
    asked("run", "door.yaml", "-q")


@pytest.mark.parametrize(
    ("date", "day", "door"),
    [("2029-12-31", -1, "shut"), ("2030-01-03", 2, "shut"), ("2030-01-04", 3, "ajar"), ("2030-01-11", 10, "open")],
)
def test_the_state_on_a_date_is_that_of_its_day(date: str, day: int, door: str) -> None:
    found = json.loads(asked("state", "last", "--day", date, "--json"))
    assert (found["day"], found["state"]["door"]) == (day, door)
    assert found == json.loads(asked("state", "last", "--day", day, "--json"))


@pytest.mark.parametrize(("date", "seq"), [("2030-01-03", -1), ("2030-01-04", 1), ("2030-01-05", 1), ("2030-01-11", 2)])
def test_a_fork_at_a_date_begins_after_its_last_event(date: str, seq: int) -> None:
    emit = ("--emit", "knocks()", "--json")
    found = json.loads(asked("fork", "last", "--at", date, *emit))
    asked("run", "door.yaml", "-q")
    assert found["run"] == json.loads(asked("fork", "last", "--at", seq, *emit))["run"]


def test_a_fork_before_any_event_says_so() -> None:
    assert "before any event: set day = 6" in asked("fork", "last", "--at", -1, "--set", "day=6")


def test_a_fork_at_a_date_after_the_end_is_refused() -> None:
    done = CliRunner().invoke(main, ["fork", "last", "--at", "2030-01-12", "--emit", "knocks()"])
    assert done.exit_code == 2
    assert "the run ended on 2030-01-11, before 2030-01-12" in done.stderr
