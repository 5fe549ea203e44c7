"""A table that orders things by noisy sizes says where the order is not settled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.ensemble.sample.effects import deciding, deciding_places, effects, order_of
from negsim.ensemble.sample.places import Places, about_order, places, size_between
from negsim.ensemble.sensitivity import sobol
from negsim.ensemble.tornado import about, tornado
from negsim.language import load_text

SETTLED = (
    "As far as sampling goes, and under these assumptions, the order is settled: no two of the 95 % intervals that it"
    " hangs on overlap."
)

LAKE = """\
negsim: 1
title: A lake
start: 2030-03-01
horizon: 60
state: {truce: {values: [holds, broken], initial: holds}}
parameters:
  much: {value: 0.01, low: 0.001, high: 0.03, assumption: a}
  little: {value: 0.001, low: 0.001, high: 0.0012, assumption: a}
  less: {value: 0.001, low: 0.001, high: 0.0012, assumption: a}
readings:
  large: {question: q, options: {quiet: a, loud: b}, default: quiet, assumption: a}
  small: {question: q, options: {quiet: a, loud: b, louder: c}, default: quiet, assumption: a}
  none: {question: q, options: {quiet: a, loud: b}, default: quiet, assumption: a}
define:
  by_small: "0.0001 if small == loud else 0.0002 if small == louder else 0"
events: {breaks: {set: {truce: broken}}, hears: {}}
rules:
  breaking:
    assumption: a
    while: truce == holds
    chance: "much + little + less + by_small + (0.03 if large == loud else 0)"
    emit: breaks()
  hearing: {assumption: a, at: 3, when: none == loud, emit: hears()}
outcomes: {broken: {when: truce == broken, ends: true}, held: {}}
"""


def test_places_are_those_that_the_intervals_leave_open() -> None:
    assert places([(5, 9), (4, 6), (1, 2), (0, 2), (0, 0.5)]) == (
        Places(1, 2), Places(1, 2), Places(3, 4), Places(3, 5), Places(4, 5),
    )  # fmt: skip
    assert places([(3, 4), (1, 2)]) == (Places(1, 1), Places(2, 2))
    assert places([(2, 2), (2, 2)]) == (Places(1, 2), Places(1, 2))


def test_a_size_has_no_sign() -> None:
    assert size_between(-0.3, -0.1) == (0.1, 0.3)
    assert size_between(0.1, 0.3) == (0.1, 0.3)
    assert size_between(-0.1, 0.3) == (0.0, 0.3)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([Places(1, 1)], ""),
        (
            [Places(1, 1), Places(2, 2)],
            SETTLED,
        ),
        (
            [Places(1, 1), Places(2, 3), Places(2, 3)],
            "In this order 2 of 3 places are open, since 95 % intervals overlap. More runs may turn it round.",
        ),
        (
            [Places(1, 2), Places(1, 2)],
            "In this order no place is settled, since 95 % intervals overlap. More runs may turn it round.",
        ),
    ],
)
def test_what_is_said_of_an_order(found: list[Places], said: str) -> None:
    assert about_order(found, is_estimated=True) == said


def test_nothing_is_said_of_an_order_of_what_is_known() -> None:
    """Where nothing is drawn, things of one size share their places for ever."""
    assert about_order([Places(1, 2), Places(1, 2)], is_estimated=False) == ""
    assert about_order([Places(1, 1), Places(2, 2)], is_estimated=False) == ""


@pytest.fixture(scope="module")
def scenario() -> negsim.Scenario:
    return load_text(LAKE)


def test_readings_that_chance_alone_orders_have_open_places(scenario: negsim.Scenario) -> None:
    with negsim.explore(scenario, runs=300, readings="each") as result:
        assert order_of(effects(result, "held")) == {
            "large": Places(1, 1), "small": Places(2, 3), "none": Places(2, 3),
        }  # fmt: skip
        found = result.as_json("held")
        assert found["order"] == {"large": [1, 1], "small": [2, 3], "none": [2, 3]}
        decided = deciding_places(deciding(result, "held"))
        assert {name: each["places"] for name, each in found["decides"].items()} == {
            name: each.as_json() for name, each in decided.items()
        }
        assert decided["large"] == Places(1, 1)


def test_so_do_the_parameters_of_a_tornado(scenario: negsim.Scenario) -> None:
    found = tornado(scenario, "held", runs=200)
    by_name = {bar.parameter.name: bar.places for bar in found.bars}
    assert by_name == {"much": Places(1, 1), "little": Places(2, 3), "less": Places(2, 3)}
    assert [bar["places"] for bar in found.as_json()["bars"]] == [[1, 1], [2, 3], [2, 3]]
    assert "2 of 3 places are open" in " ".join(about(found))
    drawn = json.dumps(found.plot().to_dict())
    assert "1. much" in drawn
    assert "2 to 3. little" in drawn


def test_and_those_of_a_sensitivity_analysis(scenario: negsim.Scenario) -> None:
    found = sobol(scenario, points=16, exact=True, outcome="held")
    assert [each.places for each in found.outcomes["held"].indices] == [Places(1, 1), Places(2, 3), Places(2, 3)]
    indices = found.as_json()["outcomes"]["held"]["indices"]
    assert {name: each["places"] for name, each in indices.items()} == {
        "much": [1, 1],
        "little": [2, 3],
        "less": [2, 3],
    }


def test_tables_and_pictures_and_pages_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    Path("lake.yaml").write_text(LAKE)
    said = "In this order 2 of 3 places are open, since 95 % intervals overlap. More runs may turn it round."
    asked = ["explore", "lake.yaml", "--runs", "300", "--readings", "each", "--outcome", "held"]
    shown = CliRunner().invoke(main, [*asked, "--heatmap", "map.html", "-o", "each.sqlite"])
    assert shown.exit_code == 0, shown.output
    assert said in shown.stdout
    assert [line.split()[:2] for line in shown.stdout.splitlines() if ". " in line[:6]] == [
        ["1.", "large"], ["2..3.", "small"], ["2..3.", "none"],
    ]  # fmt: skip
    made = CliRunner().invoke(main, ["report", "each.sqlite", "-o", "page.html"])
    assert made.exit_code == 0, made.output
    for page in ("map.html", "page.html"):
        assert "2 of 3 places are open" in Path(page).read_text(), page
        assert "2 to 3. " in Path(page).read_text(), page
    crossed = CliRunner().invoke(main, ["explore", "lake.yaml", "--runs", "300", "--readings", "large,none"])
    assert SETTLED in " ".join(crossed.stdout.split())
