"""`negsim import` of GeniusWeb's JSON: the same utilities as the files say, and as NegMAS reads."""

from __future__ import annotations

import json
import warnings
from itertools import product
from pathlib import Path

import pytest

import negsim
from negsim.convert import convert
from negsim.errors import ScenarioError
from negsim.kernel.formula import new_state
from negsim.kernel.program import Program

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


def profile_of(name: str, kind: str) -> dict:
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


def table_of(text: str):
    program = Program(negsim.load_text(text), {}, {})
    (table,) = program.tables
    return table, new_state(program.initial)


@pytest.mark.parametrize("kind", ["DiscreteValueSetUtilities", "discreteutils"])
@pytest.mark.parametrize("indent", [2, "\t"])
def test_utilities_are_those_of_the_files(tmp_path, kind, indent):
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


def test_negmas_reads_the_same(tmp_path):
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
        "4:17: error: what 'Colour' is worth is no utility that can be taken",
    ),
    "another bid": ("b", '"Colour": "green"', '"Colour": "pink"', "47:19: error: this is no value of 'Colour'"),
    "a range": (
        "shop",
        '"values": [\n        "red",\n        "green",\n        "blue"\n      ]',
        '"range": {"low": 1, "high": 2, "step": 1}',
        "5:7: error: the issue 'Colour' is a range, which cannot be taken",
    ),
    "a value twice": (
        "shop",
        '"green"',
        '"red"',
        "4:15: error: the values of 'Colour' must be words or numbers, each once",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_at_its_place(tmp_path, name):
    file, old, new, message = BAD[name]
    path = written(tmp_path, "DiscreteValueSetUtilities") / f"{file}.json"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        convert([tmp_path])
    first = caught.value.problems[0].render().splitlines()[0]
    assert first.replace(f"{path}:", "") == message
