"""`negsim import` of GeniusWeb's JSON: the same utilities as the files say, and as NegMAS reads."""

from __future__ import annotations

import json
import warnings
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import negsim
from negsim.convert import convert
from negsim.errors import ScenarioError
from negsim.program.formula import new_state
from negsim.program.program import Program
from negsim.program.table import Table
from negsim.scenario.settings import Settings

with warnings.catch_warnings():  # importing NegMAS warns of its own dependencies
    warnings.simplefilter("ignore")
    inout = pytest.importorskip("negmas.inout")

VALUES = {"Colour": ["red", "green", "blue"], "Fast / slow": ["1.0", "0.5"]}
DOMAIN = {"name": "shop", "issuesValues": {name: {"values": values} for name, values in VALUES.items()}}
UTILITIES = {
    "a": {"Colour": {"red": 0.0, "green": 1.0, "blue": 0.03156}, "Fast / slow": {"1.0": 0.25, "0.5": 1e-1}},
    "b": {"Colour": {"red": 1, "green": 0.47, "blue": 0}, "Fast / slow": {"1.0": 0.0, "0.5": 1.0}},
}
WEIGHTS = {"a": {"Colour": 0.70691, "Fast / slow": 0.29309}, "b": {"Colour": 0.4, "Fast / slow": 0.6}}
BID = {"Colour": "green", "Fast / slow": "1.0"}


def profile_of(name: str, kind: str) -> dict[str, Any]:
    tables = {issue: {kind: {"valueUtilities": table}} for issue, table in UTILITIES[name].items()}
    space = {"issueUtilities": tables, "issueWeights": WEIGHTS[name], "domain": DOMAIN, "name": name}
    return {
        "LinearAdditiveUtilitySpace": {**space, **({"reservationBid": {"issuevalues": BID}} if name == "b" else {})}
    }


def written(folder: Path, kind: str, indent: int | str = 2) -> Path:
    (folder / "shop.json").write_text(json.dumps(DOMAIN, indent=indent))
    for name in "ab":
        (folder / f"{name}.json").write_text(json.dumps(profile_of(name, kind), indent=indent))
    (folder / "specials.json").write_text(json.dumps({"size": 6, "nash": {"bid": BID, "utility": [0.5, 0.5]}}))
    return folder


def table_of(text: str) -> tuple[Table, list[str | int]]:
    program = Program(negsim.load_text(text), Settings({}, {}))
    (table,) = program.tables
    return table, new_state(program.layout.initial)


@pytest.mark.parametrize("kind", ["DiscreteValueSetUtilities", "discreteutils"])
@pytest.mark.parametrize("indent", [2, "\t"])
def test_utilities_are_those_of_the_files(tmp_path: Path, kind: str, indent: int | str) -> None:
    converted = convert([written(tmp_path, kind, indent)])
    assert converted.warnings == ()
    assert "imported by negsim from GeniusWeb files." in converted.text
    table, state = table_of(converted.text)
    assert table.talks.issues == {"colour": ("red", "green", "blue"), "fast_slow": ("n1_0", "n0_5")}
    for name, seat in table.seats.items():
        raw = [
            sum(
                WEIGHTS[name][issue] * UTILITIES[name][issue][value]
                for issue, value in zip(VALUES, package, strict=True)
            )
            for package in product(*VALUES.values())
        ]
        low, high = min(raw), max(raw)
        assert seat.utilities == pytest.approx([(each - low) / (high - low) for each in raw], abs=1e-12)
        no_deal = (0.4 * 0.47 + 0.6 * 0.0 - low) / (high - low) if name == "b" else 0.0
        assert seat.fallback.read(state) == pytest.approx(no_deal, abs=1e-12)
    assert "There is no reservation bid: any deal is taken to be better than none." in converted.text


def test_negmas_reads_the_same(tmp_path: Path) -> None:
    folder = written(tmp_path, "discreteutils")
    theirs = inout.load_geniusweb_domain(folder / "shop.json", [folder / "a.json", folder / "b.json"])
    table, state = table_of(convert([folder]).text)
    for ufun, seat in zip(theirs.ufuns, table.seats.values(), strict=True):
        raw = [float(ufun(package)) for package in product(*VALUES.values())]
        low, high = min(raw), max(raw)
        assert seat.utilities == pytest.approx([(each - low) / (high - low) for each in raw], abs=1e-12)
    no_deal = (float(theirs.ufuns[1].reserved_value) - low) / (high - low)
    assert seat.fallback.read(state) == pytest.approx(no_deal, abs=1e-12)


BAD = {
    "another value": ("a", '"red": 0.0', '"rad": 0.0', "7:13: error: 'rad' is no value of 'Colour' in the domain"),
    "no number": ("a", '"red": 0.0', '"red": "much"', "7:20: error: 'much' is no number"),
    "no weight": ("a", '"Colour": 0.70691,', "", "22:21: error: `issueWeights` says nothing on the issue 'Colour'"),
    "not a sum": ("a", "LinearAdditive", "SumOfGroups", "2:3: error: this utility cannot be taken"),
    "numbers": (
        "a",
        "DiscreteValueSetUtilities",
        "NumberValueSetUtilities",
        "5:36: error: 'Colour' is no range, and only a range has utilities between two ends",
    ),
    "another bid": ("b", '"Colour": "green"', '"Colour": "pink"', "47:19: error: this is no value of 'Colour'"),
    "no utility": (
        "a",
        "DiscreteValueSetUtilities",
        "MagicUtilities",
        "4:17: error: what 'Colour' is worth is no utility that can be taken",
    ),
    "a value twice": (
        "shop",
        '"green"',
        '"red"',
        "4:15: error: the values of 'Colour' must be words or numbers, each once",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_at_its_place(tmp_path: Path, name: str) -> None:
    file, old, new, message = BAD[name]
    path = written(tmp_path, "DiscreteValueSetUtilities") / f"{file}.json"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        convert([tmp_path])
    first = caught.value.problems[0].render().splitlines()[0]
    assert first.replace(f"{path}:", "") == message


# Ranges of numbers.

RANGE = {"low": 12.2, "high": 12.95, "step": 0.25}
DAYS = {"low": -1, "high": 9, "step": 5}
LINES = {
    "a": {
        "Price": {"lowValue": 12.2, "lowUtility": 1, "highValue": 12.95, "highUtility": 0.0},
        "Days": {"lowValue": -1, "lowUtility": 0.25, "highValue": 9, "highUtility": 0.75},
    },
    "b": {
        "Price": {"lowValue": 12.20, "lowUtility": 0, "highValue": 12.950, "highUtility": 1},
        "Days": {"lowValue": -1.0, "lowUtility": 0.3, "highValue": 9, "highUtility": 0.1},
    },
}


def with_ranges(folder: Path, kind: str = "NumberValueSetUtilities", **ranges: dict[str, Any]) -> Path:
    issues = {"Price": {"range": RANGE}, "Days": {"range": DAYS}, **ranges}
    domain = {"name": "shop", "issuesValues": issues}
    (folder / "shop.json").write_text(json.dumps(domain))
    for name, lines in LINES.items():
        space = {
            "issueUtilities": {issue: {kind: line} for issue, line in lines.items()},
            "issueWeights": {"Price": 0.6, "Days": 0.4},
            "domain": domain,
            "name": name,
            "reservationBid": {"issuevalues": {"Price": 12.70, "Days": 4}},
        }
        (folder / f"{name}.json").write_text(json.dumps({"LinearAdditiveUtilitySpace": space}))
    return folder


@pytest.mark.parametrize("kind", ["NumberValueSetUtilities", "numberutils"])
@pytest.mark.parametrize("listed", [False, True])
def test_ranges_are_taken_as_geniusweb_counts_them(tmp_path: Path, kind: str, listed: bool) -> None:
    ranges = {"Price": {"range": [12.2, 12.95, 0.25]}} if listed else {}
    converted = convert([with_ranges(tmp_path, kind, **ranges)])
    assert converted.warnings == ()
    table, state = table_of(converted.text)
    assert table.talks.issues == {
        "price": ("n12_2", "n12_45", "n12_7", "n12_95"),
        "days_": ("minus_1", "n4", "n9"),
    }
    # low utility + rise * (value - low) / (high - low), with 8 decimals
    price, days = (1.0, 0.66666667, 0.33333333, 0.0), (0.25, 0.5, 0.75)
    raw = [0.6 * p + 0.4 * d for p, d in product(price, days)]
    low, high = min(raw), max(raw)
    assert table.seats["a"].utilities == pytest.approx([(each - low) / (high - low) for each in raw], abs=1e-15)
    no_deal = (0.6 * 0.33333333 + 0.4 * 0.5 - low) / (high - low)
    assert table.seats["a"].fallback.read(state) == pytest.approx(no_deal, abs=1e-15)
    price, days = (0.0, 0.33333333, 0.66666667, 1.0), (0.3, 0.2, 0.1)
    raw = [0.6 * p + 0.4 * d for p, d in product(price, days)]
    low, high = min(raw), max(raw)
    assert table.seats["b"].utilities == pytest.approx([(each - low) / (high - low) for each in raw], abs=1e-15)


def test_the_last_step_of_a_range_need_not_reach_its_end(tmp_path: Path) -> None:
    folder = with_ranges(tmp_path, Price={"range": {"low": 12.2, "high": 12.95, "step": 0.3}})
    for name in "ab":
        path = folder / f"{name}.json"
        path.write_text(path.read_text().replace('"Price": 12.7', '"Price": 12.5'))
    table, _ = table_of(convert([folder]).text)
    assert table.talks.issues["price"] == ("n12_2", "n12_5", "n12_8")
    raw = [0.6 * p + 0.4 * d for p, d in product((1.0, 0.6, 0.2), (0.25, 0.5, 0.75))]
    low, high = min(raw), max(raw)
    assert table.seats["a"].utilities == pytest.approx([(each - low) / (high - low) for each in raw], abs=1e-15)


def test_a_range_may_have_thousands_of_values(tmp_path: Path) -> None:
    folder = with_ranges(tmp_path, Days={"range": {"low": -1, "high": 9, "step": 0.001}})
    table, _ = table_of(convert([folder]).text)
    assert len(table.talks.issues["days_"]) == 10_001


BAD_RANGES = {
    "no step": ("shop", '"step": 0.25', '"stop": 0.25', "`step` is missing"),
    "a step of nothing": ("shop", '"step": 0.25', '"step": 0', "the range of 'Price' holds nothing"),
    "a step back": ("shop", '"step": 0.25', '"step": -1', "the range of 'Price' holds nothing"),
    "the wrong way": ("shop", '"low": 12.2', '"low": 13', "the range of 'Price' holds nothing"),
    "no number": ("shop", '"low": 12.2', '"low": "much"', "'much' is no number"),
    "a list": ("shop", '"low": 12.2', '"low": [1]', "this is no number"),
    "too many": (
        "shop",
        '"step": 0.25',
        '"step": 1e-300',
        "the issue 'Price' has more than 1,000,000,000,000 values; at most 20,000 can be taken",
    ),
    "no range": ("shop", json.dumps(RANGE), "7", "this must be a mapping with `low`, `high`, `step`"),
    "another end": (
        "a",
        '"highValue": 12.95',
        '"highValue": 13',
        "the utilities of 'Price' must be from 12.2 to 12.95, as in the domain",
    ),
    "no end": ("a", '"highValue": 12.95, ', "", "`highValue` is missing"),
    "one end": ("a", '"highValue": 12.95', '"highValue": 12.2', "`highValue` must be more than `lowValue`"),
    "a high utility": (
        "a",
        '"lowUtility": 1,',
        '"lowUtility": 1.5,',
        "`lowUtility` and `highUtility` must be within 0..1",
    ),
    "another bid": ("a", '"Price": 12.7,', '"Price": 12.3,', "this is no value of 'Price'"),
    "a word bid": ("a", '"Price": 12.7,', '"Price": "cheap",', "this is no value of 'Price'"),
}


@pytest.mark.parametrize("name", BAD_RANGES)
def test_what_is_wrong_with_a_range_is_said(tmp_path: Path, name: str) -> None:
    file, old, new, message = BAD_RANGES[name]
    path = with_ranges(tmp_path) / f"{file}.json"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        convert([tmp_path])
    first = caught.value.problems[0]
    assert (first.place.file, first.place.line) == (str(path), 1)
    assert first.message == message
