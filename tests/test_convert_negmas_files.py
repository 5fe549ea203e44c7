"""`negsim import` of NegMAS's YAML and JSON: what is left out, and what is refused. NegMAS is not needed."""

import json
from pathlib import Path

import pytest

from negsim.convert import convert
from negsim.errors import ScenarioError


def written(folder: Path) -> Path:
    space = {
        "type": "DiscreteCartesianOutcomeSpace",
        "name": "domain",
        "issues": [
            {"name": "Price", "type": "CategoricalIssue", "values": ["low", "high"]},
            {"name": "Days", "type": "ContiguousIssue", "values": [1, 3]},
        ],
    }
    profile = {
        "type": "LinearAdditiveUtilityFunction",
        "reserved_value": 0.25,
        "weights": [0.5, 0.5],
        "values": [{"type": "TableFun", "mapping": {"low": 1, "high": 0}}, {"type": "LinearFun", "slope": 0.5}],
    }
    for name, content in (("domain", space), ("a", profile), ("b", profile)):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=1))
    return folder


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    path = written(folder) / f"{name}.json"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    return folder


def test_the_domain_of_these_tests_is_read(tmp_path: Path) -> None:
    text = convert([written(tmp_path)]).text
    assert "price: {low: 0.5, high: 0}" in text
    assert "days_: {n1: 0.25, n2: 0.5, n3: 0.75}" in text
    assert "fallback: 0  # 0.25 on the domain's scale, where packages are worth 0.25 to 1.25" in text


BAD = {
    "continuous": (
        ("domain", '"ContiguousIssue"', '"ContinuousIssue"'),
        "15:12: error: the issue 'Days' is continuous, which cannot be taken",
    ),
    "kind of issue": (
        ("domain", '"CategoricalIssue"', '"CallableIssue"'),
        "7:12: error: an issue of the type 'CallableIssue' cannot be taken",
    ),
    "long range": (
        ("domain", "3\n", "90000\n"),
        "13:3: error: the issue 'Days' has 90,000 values; at most 20,000 can be taken",
    ),
    "value twice": (
        ("domain", '"high"', '"low"'),
        "5:3: error: the values of 'Price' must be words or numbers, each once",
    ),
    "no issues": (("domain", '"issues"', '"isues"'), "1:1: error: `issues` is missing"),
    "not additive": (
        ("a", '"LinearAdditive', '"HyperRectangle'),
        "2:10: error: a utility of the type 'HyperRectangleUtilityFunction' cannot be taken",
    ),
    "no known function": (
        ("a", '"LinearFun"', '"LambdaFun"'),
        "17:12: error: what 'Days' is worth is no function that can be taken",
    ),
    "unknown value": (("a", '"low": 1', '"lo": 1'), "12:5: error: 'lo' is no value of 'Price' in the domain"),
    "no number": (("a", '"low": 1', '"low": "one"'), "12:12: error: 'one' is no number"),
    "too few weights": (("a", "0.5,\n  0.5", "0.5"), "4:13: error: there are 1 weights for 2 issues"),
    "no mapping": (
        ("a", '"LinearFun",\n   "slope"', '"TableFun", "mapping"'),
        "17:35: error: what 'Days' is worth must be a mapping from value to number",
    ),
    "words": (
        ("a", '"TableFun"', '"LinearFun"'),
        "9:3: error: LinearFun needs numbers, and the values of 'Price' are words",
    ),
    "not JSON": (("a", "{", "["), "21:1: error: the bracket on line 1 is not closed, or a comma is missing"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_said_at_its_place(tmp_path: Path, name: str) -> None:
    change, message = BAD[name]
    with pytest.raises(ScenarioError) as caught:
        convert([changed(tmp_path, *change)])
    first = caught.value.problems[0].render().splitlines()[0]
    assert first.replace(f"{tmp_path}/{change[0]}.json:", "") == message


def test_a_discount_is_left_out_with_a_warning(tmp_path: Path) -> None:
    folder = written(tmp_path)
    inner = json.loads((folder / "a.json").read_text())
    outer = {"type": "ExpDiscountedUFun", "discount": 0.9, "ufun": inner, "reserved_value": 0.5}
    (folder / "a.json").write_text(json.dumps(outer))
    converted = convert([folder])
    assert [warning.message for warning in converted.warnings] == ["the discount is left out: talks do not discount"]
    assert 'note: "The discount is left out: talks do not discount."' in converted.text
    assert "fallback: 0.25  # 0.5 on the domain's scale" in converted.text


def test_without_a_reserved_value_any_deal_is_better(tmp_path: Path) -> None:
    text = convert([changed(tmp_path, "a", '"reserved_value": 0.25', '"reserved_value": -Infinity')]).text
    assert 'note: "No worth of no deal is given: any deal is taken to be better."' in text
