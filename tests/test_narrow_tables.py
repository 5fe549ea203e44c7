"""However narrow a terminal is, the numbers of ensembles and solutions are shown whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from negsim.cli import main

TRUCE = """\
negsim: 1
title: A truce
start: 2030-01-01
horizon: 120
actors: {envoy: {name: The envoy}}
parameters:
  breach_chance: {value: 0.01, low: 0.001, high: 0.03, unit: per day, assumption: a}
  mend_weight: {value: 3, low: 0.5, high: 9, assumption: a}
readings:
  scope: {question: q, options: {land: On land., everywhere: At sea too.}, default: land, assumption: a}
state: {truce: {values: [holds, strained, broken], initial: holds}}
events: {breached: {set: {truce: strained}}, mended: {set: {truce: holds}}, ended: {set: {truce: broken}}}
rules:
  breach:
    assumption: a
    while: truce == holds
    chance: breach_chance * (2 if scope == everywhere else 1)
    emit: breached()
  reply:
    assumption: a
    on: breached
    after: 4
    by: envoy
    choose: {mend: {weight: mend_weight, emit: mended()}, leave: {weight: 1, emit: ended()}}
outcomes:
  broken_truce: {when: truce == broken, ends: true, text: It breaks while both sides look on.}
  held_to_the_end: {}
measures: {days_to_breach: first(breached), breaches: count(breached)}
"""
ASKED = {
    "an ensemble": ["explore", "truce.yaml", "--runs", "200"],
    "readings": ["explore", "truce.yaml", "--runs", "200", "--readings", "each"],
    "cells": ["explore", "truce.yaml", "--runs", "100", "--sweep", "mend_weight=1:9:2", "--readings", "all"],
    "many cells": ["explore", "truce.yaml", "--runs", "20", "--lhs", "3"],
    "a tornado": ["explore", "truce.yaml", "--tornado", "t.svg", "--outcome", "broken_truce", "--runs", "100"],
    "sensitivity": ["explore", "truce.yaml", "--sensitivity", "--exact", "--points", "4"],
    "a solution": ["solve", "truce.yaml", "--measures", "--curves"],
    "bounds": ["solve", "truce.yaml", "--max-states", "3"],
    "exact readings": ["solve", "truce.yaml", "--readings", "each"],
    "ranges": ["solve", "truce.yaml", "--over-ranges", "--over", "mend_weight", "--points", "4"],
    "best play": ["solve", "truce.yaml", "--maximise", "broken_truce", "--by", "envoy"],
}
NUMBER = re.compile(r"[<>+-]{0,2} ?\d[\d,.+-]*(?: %)?")


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("truce.yaml").write_text(TRUCE)


def shown(words: list[str], width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    done = CliRunner().invoke(main, [*words, "-q"])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("words", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("width", [60, 40, 24])
def test_numbers_are_whole(words: list[str], width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wide, narrow = (shown(words, each, monkeypatch) for each in (200, width))
    assert "…" not in narrow.replace("… and", "")
    for number in {found.strip() for found in NUMBER.findall(wide)}:
        assert number.split(" %")[0] in narrow, (number, narrow)


def test_where_there_is_room_a_table_stays_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(["solve", "truce.yaml"], 40, monkeypatch).splitlines()
    assert lines[0].split() == ["outcome", "probability", "percent"]
    assert len(lines) == 3


@pytest.mark.parametrize("width", [30, 50, 70, 90, 120])
def test_no_word_of_a_list_of_runs_is_broken(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    made = CliRunner().invoke(main, ["run", "truce.yaml", "--seed", "3", "--name", "the_third_one", "--json"])
    assert made.exit_code == 0, made.output
    found = re.search(r'"run": "([0-9a-f]{12})', made.stdout)
    assert found is not None
    monkeypatch.setenv("COLUMNS", str(width))
    words = CliRunner().invoke(main, ["runs"]).stdout.split()
    assert {found[1], "the_third_one", "truce"} <= set(words)
    assert {"held_to_the_end", "broken_truce"} & set(words)
