"""Boxes and tornados against scenarios of which it is known where an outcome happens."""

from typing import Any

import pytest

import negsim
from negsim.ensemble.boxes import boxes
from negsim.ensemble.sample.intervals import paired_difference, wilson
from negsim.ensemble.study.box import Boxes
from negsim.ensemble.tornado import tornado
from negsim.errors import UsageError

BOX = """
negsim: 1
title: A box
start: 2030-05-01
horizon: 0
parameters:
  a: {value: 0.5, low: 0, high: 1, assumption: made up}
  b: {value: 5, low: 0, high: 10, assumption: made up}
  k: {value: 2, low: 1, high: 5, unit: days, assumption: made up}
  c: {value: 0.05, low: 0, high: 0.1, assumption: made up}
readings:
  how: {question: How?, options: {u: U., v: V., w: W.}, default: u, assumption: made up}
  idle: {question: What?, options: {x: X., y: Y.}, default: x, assumption: made up}
state: {fell: {initial: false}}
events: {falls: {set: {fell: true}}}
rules:
  fall: {assumption: made up, at: 0, chance: "0.9 if a <= 0.4 and k >= 3 and how != u else c", emit: falls()}
outcomes: {down: {when: fell}, up: {}}
measures: {b: {value: b}}
"""


@pytest.fixture(scope="module")
def box() -> negsim.Scenario:
    return negsim.load_text(BOX, name="box.yaml")


@pytest.fixture(scope="module")
def found(box: negsim.Scenario) -> Boxes:
    return boxes(box, "down", readings="all", runs=800)


def test_a_known_box_is_found_and_nothing_else(found: Boxes) -> None:
    (only,) = found.boxes
    assert only.readings == {"how": ("v", "w")}
    assert only.parameters.keys() == {"a", "k"}
    low, high = only.parameters["a"]
    assert low == 0
    assert high == pytest.approx(0.4, abs=0.04)
    assert only.parameters["k"] == (3, 5)
    assert only.quasi_p.keys() == {"a", "k", "how"}
    assert max(only.quasi_p.values()) < 1e-4


def test_density_and_coverage_are_those_of_runs_that_had_no_part_in_the_finding(found: Boxes) -> None:
    (only,) = found.boxes
    frame = found.to_pandas()
    inside = (frame.a <= only.parameters["a"][1]) & (frame.k >= 3) & (frame.how != "u")
    for rows, density, coverage in (
        (frame.index % 2 == 1, only.density, only.coverage),
        (frame.index % 2 == 0, only.found_density, only.found_coverage),
    ):
        both = int((inside & frame.has_outcome)[rows].sum())
        assert density == wilson(both, int(inside[rows].sum()))
        assert coverage == wilson(both, int(frame.has_outcome[rows].sum()))
    assert only.mass == wilson(int(inside[1::2].sum()), 400)
    assert only.density.low < 0.9 < only.density.high
    assert found.share == wilson(int(frame.has_outcome.sum()), 800)


def test_each_run_has_settings_and_luck_of_its_own(box: negsim.Scenario, found: Boxes) -> None:
    for number in (0, 7):
        cell = found.cells[number]
        run = negsim.run(box, seed=found.seed + number, set=cell.parameters, read=cell.readings)
        assert (run.outcome == "down") == found.has_outcome[number]
    options = [cell.readings["how"] for cell in found.cells]
    assert [abs(options.count(name) - 800 / 3) < 2 for name in ("u", "v", "w")] == [True] * 3


def test_boxes_are_the_same_again_also_with_two_workers(box: negsim.Scenario) -> None:
    asked: dict[str, Any] = {"readings": "how", "over": "a,k", "runs": 120}
    one = boxes(box, "down", **asked, seed=4)
    assert one.as_json() == boxes(box, "down", **asked, seed=4, workers=2).as_json()
    assert one.as_json() != boxes(box, "down", **asked, seed=5).as_json()


def test_where_there_is_no_box_none_is_shown(box: negsim.Scenario) -> None:
    luck = boxes(box, "down", over="b", runs=400)  # it hangs on luck alone
    assert (luck.boxes, luck.share.runs) == ((), 400)
    never = boxes(box, "down", over="b", runs=40, set={"c": 0})  # it never happens
    assert (never.boxes, never.share.count) == ((), 0)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"outcome": "sideways"}, "there is no outcome `sideways`"),
        ({"outcome": "down", "over": "z"}, "there is no parameter `z`"),
        ({"outcome": "down", "readings": "each"}, "boxes vary readings together"),
        ({"outcome": "down", "runs": 0}, "at least 1"),
    ],
)
def test_a_box_that_cannot_be_looked_for_is_a_clear_error(
    box: negsim.Scenario, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        boxes(box, **asked)


def test_a_tornado_has_the_shares_at_both_ends_by_the_same_seeds(box: negsim.Scenario) -> None:
    made = tornado(box, "down", runs=150, seed=2)

    def downs(**settings: float) -> list[bool]:
        return [negsim.run(box, seed=seed, set=settings).outcome == "down" for seed in range(2, 152)]

    low, high = downs(c=0), downs(c=0.1)
    first, *others = made.bars
    assert first.parameter.name == "c"
    assert (first.low, first.high) == (wilson(0, 150), wilson(sum(high), 150))
    gained = sum(h and not lo for lo, h in zip(low, high, strict=True))
    assert first.swing == paired_difference(gained, 0, 150)
    assert {bar.parameter.name: bar.swing.difference for bar in others} == {"a": 0, "b": 0, "k": 0}
    assert made.given == wilson(sum(downs()), 150)
    assert list(made.to_pandas().parameter) == [bar.parameter.name for bar in made.bars]


def test_the_picture_of_a_tornado_has_each_share_and_its_interval(box: negsim.Scenario) -> None:
    made = tornado(box, "down", over="a,c", runs=50)
    drawn = made.plot().to_dict()
    values = drawn["datasets"][drawn["layer"][0]["data"]["name"]]
    assert [(value["parameter"], value["end"], value["share"], value["from"], value["to"]) for value in values] == [
        (name, end, share.share, share.low, share.high)
        for name, bar in zip(("1 to 2. c (0 to 0.1)", "1 to 2. a (0 to 1)"), made.bars, strict=True)
        for end, share in (("low end", bar.low), ("high end", bar.high))
    ]
    assert "50 runs" in drawn["title"]["subtitle"][0]
