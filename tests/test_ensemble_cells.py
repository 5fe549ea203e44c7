"""Sweeps, Latin hypercubes and readings: which cells they make, and what they show."""

import itertools
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from altair.vegalite.v6.api import LayerChart, VConcatChart
from hypothesis import given, settings
from hypothesis import strategies as st

import negsim
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.evaluate import evaluate
from negsim.ensemble.explore import design
from negsim.ensemble.picture.pictures import picture
from negsim.ensemble.sample.effects import deciding, effects
from negsim.ensemble.sample.intervals import Share, wilson
from negsim.errors import UsageError

SIEGE = """
negsim: 1
title: A siege
start: 2025-03-01
horizon: 30
parameters:
  breach_chance: {value: 0.02, low: 0.01, high: 0.09, assumption: test}
  patience: {value: 4, low: 1, high: 6, unit: days, assumption: test}
  sure: {value: 1, low: 1, high: 1, assumption: It has no range.}
readings:
  word:
    question: What does the word bind?
    options: {binds: Yes., does_not: No., half: On even days.}
    default: binds
    assumption: test
  colour:
    question: Which colour is the flag?
    options: {red: Red., blue: Blue.}
    default: blue
    assumption: It changes nothing.
  hurry:
    question: Is there hurry?
    options: {calm: No., hurried: Yes.}
    default: calm
    assumption: test
state: {gate: {values: [shut, open], initial: shut}}
events: {opens: {set: {gate: open}}}
rules:
  breach:
    assumption: test
    while: gate == shut
    chance: breach_chance * (3 if word == does_not else 1.5 if word == half else 1) * (1.5 if hurry == hurried else 1)
    emit: opens()
outcomes: {taken: {when: gate == open}, held: {}}
measures: {days_to_open: first(opens)}
"""


@pytest.fixture(scope="module")
def siege() -> negsim.Scenario:
    return negsim.load_text(SIEGE, name="siege.yaml")


@pytest.fixture(scope="module")
def each(siege: negsim.Scenario) -> negsim.Result:
    return negsim.explore(siege, runs=400, readings="each")


# Which cells.


def test_a_sweep_has_evenly_spaced_steps_and_sweeps_cross(siege: negsim.Scenario) -> None:
    assert design(siege, sweep=["breach_chance=0.01:0.04:4"]) == tuple(
        Cell({"breach_chance": value}) for value in (0.01, 0.02, 0.03, 0.04)
    )
    crossed = design(siege, sweep=["patience=1:3:3", "breach_chance=0.01:0.09:2"])
    assert [tuple(cell.parameters.values()) for cell in crossed] == [*itertools.product((1, 2, 3), (0.01, 0.09))]
    assert design(siege, sweep={"patience": [3, "1"]}) == (Cell({"patience": 3}), Cell({"patience": 1}))


def test_a_sweep_of_whole_numbers_has_each_once(siege: negsim.Scenario) -> None:
    assert [cell.parameters["patience"] for cell in design(siege, sweep="patience=1:4:9")] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("sweep", "message"),
    [
        ("breach_chance", "is no sweep"),
        ("breach_chance=0.01:0.02", "is no sweep"),
        ("breach_chance=0.01:0.02:x", "is no sweep"),
        ("breach=0.01:0.02:3", "there is no parameter `breach`"),
        ("breach_chance=low:high:3", "'low' is no number"),
        ("breach_chance=0.02:0.01:3", "0.02 is not below 0.01"),
        ("breach_chance=0.01:0.02:1", "2 to 10,000 steps, not 1"),
        ("breach_chance=0.01:0.02:20000", "2 to 10,000 steps, not 20,000"),
        (["patience=1:3:3", "patience=4:5:2"], "`patience` is swept twice"),
        (["patience=1:6:6", "breach_chance=0.01:0.02:5000"], "make 30,000 cells, and at most 10,000 are run"),
        ({"patience": []}, "the sweep of `patience` has no value"),
        ({"patience": [1.5]}, "is a whole number"),
    ],
)
def test_a_wrong_sweep_is_a_clear_error(
    siege: negsim.Scenario, sweep: str | list[str] | dict[str, list[Any]], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        design(siege, sweep=sweep)


@settings(deadline=None)
@given(count=st.integers(1, 60), seed=st.integers(0, 2**63 - 1))
def test_a_latin_hypercube_uses_each_part_of_each_range_once(siege: negsim.Scenario, count: int, seed: int) -> None:
    cells = design(siege, lhs=count, seed=seed)
    assert cells == design(siege, lhs=count, seed=seed)
    assert {tuple(cell.parameters) for cell in cells} == {("breach_chance", "patience")}
    parts = sorted(math.floor((cell.parameters["breach_chance"] - 0.01) / 0.08 * count * (1 - 1e-12)) for cell in cells)
    assert parts == [*range(count)]
    days = [cell.parameters["patience"] for cell in cells]
    assert all(isinstance(day, int) and 1 <= day <= 6 for day in days)
    assert all(abs(days.count(day) - count / 6) < 2 for day in range(1, 7))


def test_a_latin_hypercube_leaves_what_is_set(siege: negsim.Scenario) -> None:
    cells = design(siege, lhs=5, set={"patience": 2})
    assert {tuple(cell.parameters) for cell in cells} == {("breach_chance",)}
    with pytest.raises(UsageError, match="no parameter has a range"):
        design(siege, lhs=5, set={"patience": 2, "breach_chance": 0.05})
    with pytest.raises(UsageError, match="lhs: 0 is no whole number of at least 1"):
        design(siege, lhs=0)
    with pytest.raises(UsageError, match="make 10,001 cells"):
        design(siege, lhs=10_001)


def test_readings_one_at_a_time_are_the_given_ones_and_each_other_option(siege: negsim.Scenario) -> None:
    assert design(siege, readings="each") == (
        Cell(),
        Cell({}, {"word": "does_not"}),
        Cell({}, {"word": "half"}),
        Cell({}, {"colour": "red"}),
        Cell({}, {"hurry": "hurried"}),
    )
    assert design(siege, readings="each", read={"word": "half"})[1:3] == (
        Cell({}, {"word": "binds"}),
        Cell({}, {"word": "does_not"}),
    )


def test_readings_are_crossed_in_the_order_of_the_file(siege: negsim.Scenario) -> None:
    cells = design(siege, readings="hurry,word", read={"hurry": "hurried"})
    assert [cell.readings for cell in cells] == [
        {"hurry": "calm"},
        {},
        {"word": "does_not", "hurry": "calm"},
        {"word": "does_not"},
        {"word": "half", "hurry": "calm"},
        {"word": "half"},
    ]
    assert cells == design(siege, readings=["word", "hurry"], read={"hurry": "hurried"})
    assert len(design(siege, readings="all")) == 12
    assert len(design(siege, readings="word", sweep="patience=1:3:3")) == 9
    assert len(design(siege, readings="word", lhs=4)) == 12


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"readings": "words"}, "there is no reading `words`"),
        ({"readings": "word,"}, "there is no reading ``"),
        ({"readings": "each", "lhs": 2}, "one at a time do not go with a sweep"),
        ({"lhs": 2, "sweep": "patience=1:3:3"}, "do not go together"),
        ({"sweep": "patience=1:3:3", "set": {"patience": 1}}, "both set and swept"),
        ({"readings": "all", "lhs": 5000}, "make 60,000 cells"),
    ],
)
def test_a_wrong_design_is_a_clear_error(siege: negsim.Scenario, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        design(siege, **asked)


def test_a_matrix_that_is_too_large_is_said_before_it_is_made() -> None:
    paris = negsim.load("paris_2025")
    with pytest.raises(UsageError, match="make 2,239,488 cells"):
        design(paris, readings="all")


# What they show.


def test_a_reading_that_decides_nothing_changes_nothing_and_the_largest_comes_first(each: negsim.Result) -> None:
    found = effects(each)
    assert [(effect.reading, effect.option) for effect in found] == [
        ("word", "does_not"),
        ("word", "half"),
        ("hurry", "hurried"),
        ("colour", "red"),
    ]
    assert found[3].change.changed.count == 0
    assert not found[3].change.outcomes["taken"].is_sure
    assert found[0].change.outcomes["taken"].is_sure
    assert [effect.reading for effect in effects(each, "taken")] == ["word", "word", "hurry", "colour"]


def test_differences_are_paired_by_seed(siege: negsim.Scenario, each: negsim.Result) -> None:
    runs = {
        word: [negsim.run(siege, seed=seed, read={"word": word}).outcome for seed in range(400)]
        for word in ("binds", "does_not")
    }
    pairs = list(zip(runs["binds"], runs["does_not"], strict=True))
    change = each.cells[1].against_base
    assert change is not None
    assert change.changed.count == sum(one != other for one, other in pairs)
    gained = pairs.count(("held", "taken")) - pairs.count(("taken", "held"))
    assert change.outcomes["taken"].difference == pytest.approx(gained / 400)
    assert change.outcomes["held"].difference == pytest.approx(-gained / 400)
    alone = each.cells[1].outcomes["taken"]
    assert change.outcomes["taken"].high - change.outcomes["taken"].low < alone.high - alone.low + 0.05


@pytest.mark.parametrize("outcome", [None, "taken"])
def test_what_a_reading_decides_is_counted_over_all_settings_of_the_rest(
    siege: negsim.Scenario, outcome: str | None
) -> None:
    result = negsim.explore(siege, runs=120, readings="word,hurry", sweep={"patience": [2, 3]})
    ends = {(row[0], row[1]): row[2] for row in result.file.rows(runs=120)}
    places = {
        (each.parameters["patience"], each.readings["word"], each.readings["hurry"]): each.number
        for each in result.cells
    }
    words, hurries = siege.readings["word"].options, siege.readings["hurry"].options
    differing = sum(
        len({ends[places[patience, word, hurry], seed] for word in words}) > 1
        for patience in (2, 3)
        for hurry in hurries
        for seed in range(120)
    )
    found = deciding(result, outcome)
    assert found["word"].share == pytest.approx(differing / (120 * 4))
    assert found["word"].low is not None
    assert found["word"].share is not None
    assert found["word"].high is not None
    assert found["word"].low < found["word"].share < found["word"].high
    assert [*found] == ["word", "hurry"]


def test_what_a_reading_decides_alone_is_what_its_options_change(siege: negsim.Scenario, each: negsim.Result) -> None:
    found = deciding(each)
    assert [*found] == ["word", "hurry", "colour"]
    assert each.cells[4].against_base is not None
    assert found["hurry"].share == each.cells[4].against_base.changed.share
    assert (found["colour"].share, found["colour"].low) == (0.0, 0.0)
    assert found["colour"].high == pytest.approx(wilson(0, 400).high)
    assert deciding(negsim.explore(siege, runs=3, sweep="patience=1:3:3")) == {}
    assert deciding(evaluate(siege, [Cell(), Cell({"patience": 2}, {"word": "half"})], runs=3)) == {}


def test_effects_are_of_readings_that_are_varied_one_at_a_time(siege: negsim.Scenario) -> None:
    with pytest.raises(UsageError, match="does not vary readings one at a time"):
        effects(negsim.explore(siege, runs=3, readings="all"))


def test_json_of_cells(siege: negsim.Scenario) -> None:
    found = negsim.explore(siege, runs=30, readings="word").as_json()
    assert [*found] == [
        "cells",
        "runs",
        "seed",
        "decides",
        "order",
        "scenario",
        "negsim",
        "policies",
        "errors",
        "runs_per_second",
    ]
    assert [*found["cells"][0]] == ["parameters", "readings", "runs", "errors", "outcomes", "measures"]
    assert found["cells"][1]["readings"] == {"word": "does_not", "colour": "blue", "hurry": "calm"}
    assert [*found["cells"][1]["against_base"]] == ["changed", "outcomes"]
    assert [*found["cells"][1]["against_base"]["outcomes"]["taken"]] == ["difference", "low", "high"]
    json.dumps(found, allow_nan=False)


# Tables.


def test_a_data_frame_has_a_row_a_run(siege: negsim.Scenario) -> None:
    frame = negsim.explore(siege, runs=50, readings="word", sweep={"patience": [2, 3]}).to_pandas()
    assert [*frame.columns] == ["cell", "seed", "patience", "word", "outcome", "ended_on", "error", "days_to_open"]
    assert len(frame) == 300
    assert frame.groupby("cell").seed.agg(["min", "max"]).drop_duplicates().to_numpy().tolist() == [[0, 49]]
    assert [*frame.word[frame.seed == 0]] == ["binds", "does_not", "half"] * 2
    opened = frame[frame.outcome == "taken"].days_to_open
    assert opened.notna().all()
    assert frame[frame.outcome == "held"].days_to_open.isna().all()


def test_a_parquet_file_has_the_same_rows(siege: negsim.Scenario, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "siege.parquet"
    result = negsim.explore(siege, runs=50, readings="word", out=path)
    table = parquet.read_table(path)
    frame = result.to_pandas()
    assert table.column_names == [*frame.columns]
    assert table.to_pylist() == json.loads(frame.to_json(orient="records"))
    assert json.loads(table.schema.metadata[b"negsim"])["scenario"]["hash"] == siege.hash
    assert [file.name for file in tmp_path.iterdir()] == ["siege.parquet"]


TWICE = """
negsim: 1
title: Names that are used twice
start: 2025-03-01
horizon: 3
parameters:
  outcome: {value: 1, low: 0, high: 4, assumption: test}
  large: {value: 1, low: 0, high: 2, assumption: test}
state: {seen: {initial: false}}
events: {comes: {set: {seen: true}}}
rules: {rule: {assumption: test, at: 1, emit: comes()}}
outcomes: {done: {}}
measures: {large: count(comes) * 999999999999999 * 999999999999999, seen: seen, outcome: outcome / 2}
"""


def test_columns_have_names_of_their_own_and_numbers_their_kinds(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    scenario = negsim.load_text(TWICE)
    path = tmp_path / "twice.parquet"
    frame = negsim.explore(scenario, runs=1, sweep={"outcome": [3], "large": [2]}, out=path).to_pandas()
    expected = {
        "cell": 0,
        "seed": 0,
        "parameter_outcome": 3.0,
        "parameter_large": 2.0,
        "outcome": "done",
        "ended_on": 3,
        "error": None,
        "large": 999999999999999.0**2,
        "seen": True,
        "measure_outcome": 1.5,
    }
    assert parquet.read_table(path).to_pylist() == [expected]
    assert [*frame.columns] == [*expected]


def test_a_notebook_shows_a_table(siege: negsim.Scenario) -> None:
    found = negsim.explore(siege, runs=20, readings="word")._repr_html_()
    assert found.count("<tr>") == 4
    assert "<td>does_not</td>" in found
    assert "no forecast" in found


# Pictures.


def drawn(chart: LayerChart | VConcatChart) -> list[dict[str, Any]]:
    """All rows of data that a picture draws."""
    return [row for rows in json.loads(chart.to_json())["datasets"].values() for row in rows]


def said(share: Share) -> str:
    assert share.share is not None
    return f"{100 * share.share:.1f} %\n{100 * share.low:.1f} to {100 * share.high:.1f}"


def test_every_picture_shows_shares_with_their_intervals(siege: negsim.Scenario) -> None:
    plain = negsim.explore(siege, runs=60)
    bars = {row["outcome"]: (row["share"], row["low"], row["high"]) for row in drawn(plain.plot())}
    assert bars == {name: (each.share, each.low, each.high) for name, each in plain.outcomes.items()}
    swept = negsim.explore(siege, runs=60, sweep="breach_chance=0.01:0.09:3")
    lines = {(row["at"], row["outcome"]): (row["low"], row["high"]) for row in drawn(swept.plot())}
    assert lines == {
        (cell.parameters["breach_chance"], name): (share.low, share.high)
        for cell in swept.cells
        for name, share in cell.outcomes.items()
    }
    found = negsim.explore(siege, runs=60, readings="word", sweep={"patience": [2, 3]})
    shown = sorted((row["outcome"], row["said"]) for row in drawn(found.plot()) if "said" in row)
    assert shown == sorted((name, said(share)) for cell in found.cells for name, share in cell.outcomes.items())


def written(chart: LayerChart) -> list[str]:
    """The lines of text on a slide, from above and from the left."""
    found = [row for row in drawn(chart) if "words" in row]
    return [row["words"] for row in sorted(found, key=lambda row: (row["y"], row["x"]))]


def test_a_slide_has_the_questions_the_answers_and_what_each_changes(each: negsim.Result) -> None:
    lines = written(each.plot("taken"))
    assert lines[0] == "A siege"
    about = " ".join(lines[1 : lines.index("taken")])
    assert "no forecast" in about
    assert each.scenario.hash[:12] in about
    taken = each.cells[0].outcomes["taken"]
    given = lines.index("as given: shares of runs")
    assert sorted(lines[given : given + 3]) == sorted(["as given: shares of runs", *said(taken).splitlines()])
    asked = [line for line in lines[given:] if line[:1].isdigit() and line.endswith("?")]
    assert asked == ["1. What does the word bind?", "2. Is there hurry?", "3. Which colour is the flag?"]
    assert [line for line in lines if line in ("No.", "On even days.", "Yes.", "Red.", "Blue.")] == [
        "No.",
        "On even days.",
        "Yes.",
        "Red.",
    ]
    for cell in each.cells[1:]:
        assert cell.against_base is not None
        change = cell.against_base.outcomes["taken"]
        assert change.difference is not None
        assert f"{100 * change.difference:+.1f}" in lines
        assert f"{100 * change.low:+.1f} to {100 * change.high:+.1f}" in lines


def test_a_slide_of_combinations_numbers_the_questions(siege: negsim.Scenario) -> None:
    found = negsim.explore(siege, runs=60, readings="word,hurry")
    lines = written(found.plot())
    assert [line for line in lines if line.endswith("?")] == ["1 What does the word bind?", "2 Is there hurry?"]
    assert [line for line in lines if re.match(r"\d[abc] \w+.*\.", line)] == [
        "1a Yes.", "1b No.", "1c On even days.", "2a No.", "2b Yes.",
    ]  # fmt: skip
    assert [line for line in lines if re.fullmatch(r"1\w 2\w", line)] == [
        f"1{word} 2{hurry}" for word in "abc" for hurry in "ab"
    ]
    for cell in found.cells:
        for share in cell.outcomes.values():
            assert set(said(share).splitlines()) <= set(lines)


def test_all_combinations_have_room_on_a_slide(siege: negsim.Scenario) -> None:
    found = negsim.explore(siege, runs=3, readings="all")
    lines = written(found.plot())
    shown = [line for line in lines if re.fullmatch(r"1\w 2\w 3\w", line)]
    assert len(set(shown)) == len(shown) == len(found.cells)
    assert not [line for line in lines if "not shown" in line]


def test_pictures_say_what_they_are(siege: negsim.Scenario) -> None:
    plain = negsim.explore(siege, runs=60)
    title = json.loads(picture(plain).to_json())["title"]
    assert title["text"] == "A siege"
    assert "no forecast" in " ".join(title["subtitle"])
    assert plain.scenario.hash[:12] in " ".join(title["subtitle"])


def test_a_picture_that_cannot_be_drawn_is_a_clear_error(siege: negsim.Scenario, each: negsim.Result) -> None:
    with pytest.raises(UsageError, match="there is no outcome `peace`"):
        each.plot("peace")
    many = negsim.explore(siege, runs=1, lhs=201, readings=["word"], set={"patience": 2})
    assert many.plot().to_dict()
    many = negsim.explore(siege, runs=1, lhs=101, readings=["word"])
    with pytest.raises(UsageError, match="a picture has room for 200 cells, not for 303"):
        many.plot()
