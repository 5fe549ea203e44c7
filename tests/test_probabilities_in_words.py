"""A probability that is not 0 is never shown as 0, one that may fail never as 100 %; certainty is known by support."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.ensemble.turning import turning_points
from negsim.exact.answer.words import certain, decimal, figures, percent, share
from negsim.language import load_text
from negsim.show.solution_charts import probability_words

WAITS = """\
negsim: 1
title: Underflow
start: 2030-01-01
horizon: 330
state: {s: {values: [waits, gone], initial: waits}}
events: {go: {set: {s: gone}}}
rules: {leave: {assumption: x, while: s == waits, chance: 0.9, emit: go()}}
outcomes: {gone: {when: s == gone, ends: true}, stays: {}}
"""
SURE = WAITS.replace("rules: {", "rules: {must: {assumption: x, at: 330, when: s == waits, emit: go()}, ")


@pytest.mark.parametrize(
    ("value", "sure", "said"),
    [
        (0.0, False, ("0", "0 %", "0 %")),
        (5e-324, False, ("< 0.0001", "< 0.1 %", "< 1e-300 %")),
        (1e-9, False, ("< 0.0001", "< 0.1 %", "1e-07 %")),
        (0.25, False, ("0.2500", "25.0 %", "25 %")),
        (0.9999999, False, ("> 0.9999", "> 99.9 %", "> 99.99 %")),
        (1.0, False, ("> 0.9999", "> 99.9 %", "> 99.99 %")),
        (1 - 1e-15, True, ("1", "100 %", "100 %")),
    ],
)
def test_a_probability_in_words(value: float, sure: bool, said: tuple[str, str, str]) -> None:
    assert (decimal(value, sure=sure), percent(value, sure=sure), figures(value, sure=sure)) == said


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "0.0"), (0.0001, "< 0.1"), (0.5, "50.0"), (0.9999, "> 99.9"), (1.0, "100.0")]
)
def test_a_share_of_runs_in_words(value: float, said: str) -> None:
    assert share(value) == said


def test_certain_is_what_nothing_else_stands_beside() -> None:
    assert certain({"a": 1 - 1e-15, "b": 0.0}) == {"a"}
    assert certain({"a": 1.0, "b": 5e-324}) == frozenset()
    assert certain({"a": 0.5, "b": 0.0}) == frozenset()


def test_a_chance_too_small_for_a_number_is_not_none() -> None:
    found = negsim.solve(load_text(WAITS))
    assert found.outcomes == {"gone": pytest.approx(1.0), "stays": 5e-324}
    assert found.certain == frozenset()
    assert [probability_words(found, name) for name in found.outcomes] == ["> 99.99 %, exact", "< 1e-300 %, exact"]
    assert found.curves["stays"][300] == pytest.approx(0.1**300)
    assert found.certain_on(0) == {"stays"}


def test_what_cannot_be_otherwise_is_certain() -> None:
    found = negsim.solve(load_text(SURE))
    assert found.outcomes["stays"] == 0
    assert found.certain == {"gone"}
    assert probability_words(found, "gone") == "100 %, exact"


def test_looking_back_a_chance_does_not_vanish_either() -> None:
    points = turning_points(negsim.run(load_text(WAITS))).points
    assert points[0].chances["stays"].value == 5e-324
    assert points[0].words("gone") == "> 99.9 %"
    assert points[-1].words("gone") == "100 %"


def shown(*words: str) -> str:
    done = CliRunner().invoke(main, [*words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_commands_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    Path("waits.yaml").write_text(WAITS)
    rows = [line.split("  ") for line in shown("solve", "waits.yaml", "-q").splitlines()[1:]]
    assert [[part.strip() for part in row if part.strip()] for row in rows] == [
        ["gone", "> 0.9999", "> 99.9 %"],
        ["stays", "< 0.0001", "< 0.1 %"],
    ]
    assert json.loads(shown("solve", "waits.yaml", "--json"))["outcomes"] == {"gone": 1.0, "stays": 5e-324}
    shown("solve", "waits.yaml", "-q", "--picture", "page.html")
    page = Path("page.html").read_text()
    assert "&gt; 99.99 %" in page
    assert "&lt; 1e-300 %" in page
    ensemble = shown("explore", "waits.yaml", "--runs", "1000", "-q")
    assert [line.split() for line in ensemble.splitlines()[1:]] == [
        ["gone", "1,000", "100.0", "%", "99.6..100.0", "%"],
        ["stays", "0", "0.0", "%", "0.0..0.4", "%"],
    ]


def test_a_difference_of_chances_that_are_tiny_is_not_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reading = "readings: {soon: {question: How soon?, options: {a: At once., b: Later.}, default: a, assumption: x}}\n"
    text = WAITS.replace("state:", f"{reading}state:").replace("chance: 0.9", "chance: 0.9 if soon == a else 0.8")
    Path("slow.yaml").write_text(text, encoding="utf-8")
    said = CliRunner().invoke(main, ["solve", "slow.yaml", "--readings", "each", "-q"]).stdout
    soon = next(line for line in said.splitlines() if line.startswith("soon"))
    assert soon.split() == ["soon", "<", "0.0001", "0", "<", "+0.0001"]
    same = WAITS.replace("state:", f"{reading}state:")
    Path("same.yaml").write_text(same, encoding="utf-8")
    said = CliRunner().invoke(main, ["solve", "same.yaml", "--readings", "each", "-q"]).stdout
    assert next(line for line in said.splitlines() if line.startswith("soon")).split() == ["soon", "0", "0", "0"]
