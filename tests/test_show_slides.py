"""Pictures of readings: slides with questions and answers, whole, in letters that can be read."""

import json
import re
import struct
from pathlib import Path

import pytest
from altair.vegalite.v6.api import LayerChart
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.show.result_charts import figures
from negsim.show.solution_charts import figures as solution_figures

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from negsim.show.theme import alone, specification

ASKED = "If the wind of which the mayor spoke is a breeze, and no more than a breeze, does the ferry sail all the same?"
LONG = "It does not, for a breeze is no wind, and so it waits until there is one, be it weeks, whatever is said of it."
FERRY = f"""
negsim: 1
title: The ferry
start: 2030-01-01
horizon: 20
parameters: {{wind: {{value: 0.1, low: 0.01, high: 0.2, assumption: As seen.}}}}
readings:
  breeze_counts:
    assumption: As asked.
    question: "{ASKED}"
    options: {{it_sails: It does., it_waits: "{LONG}", nobody_knows: Nobody knows.}}
    default: it_sails
  on_sunday: {{assumption: x, question: Who works?, options: {{none: None., all_do: All do.}}, default: none}}
  unasked: {{assumption: No question., options: {{so: So it is., not_so: Not so.}}, default: so}}
state: {{ferry: {{values: [moored, across], initial: moored}}}}
events: {{crosses: {{set: {{ferry: across}}}}}}
rules:
  go: {{assumption: x, while: ferry == moored and breeze_counts != it_waits, chance: wind, emit: crosses()}}
outcomes: {{crossed: {{when: ferry == across}}, stayed: {{}}}}
"""
IDS = ("breeze counts", "breeze_counts", "it_waits", "all do:", "all_do", "nobody knows:")


@pytest.fixture(scope="module")
def ferry() -> negsim.Scenario:
    return negsim.load_text(FERRY)


def texts(chart: LayerChart) -> list[str]:
    """The lines of a picture from the top down, first those at its left edge."""
    rows = [row for found in json.loads(chart.to_json())["datasets"].values() for row in found if "words" in row]
    return [row["words"] for row in sorted(rows, key=lambda row: (row["x"] > 36, row["y"], row["x"]))]


def sizes(chart: LayerChart) -> list[float]:
    return [row["size"] for found in json.loads(chart.to_json())["datasets"].values() for row in found if "size" in row]


def is_slide(chart: LayerChart) -> bool:
    made = json.loads(chart.to_json())
    return (made["width"], made["height"], made["padding"]) == (1280, 720, 0)


def whole(chart: LayerChart) -> str:
    return " ".join(texts(chart))


@pytest.mark.parametrize("asked", ["each", "breeze_counts,on_sunday"])
@pytest.mark.parametrize("outcome", [None, "crossed"])
def test_a_picture_of_readings_is_a_slide_with_questions_and_answers(
    ferry: negsim.Scenario, asked: str, outcome: str | None
) -> None:
    result = negsim.explore(ferry, runs=20, readings=asked)
    charts = [alone(each, "The ferry", "About.") for each in figures(result, outcome).values()]
    for chart in (*charts, result.plot(outcome)):
        said = whole(chart)
        assert is_slide(chart)
        assert ASKED in said
        assert not [each for each in IDS if each in said]
    assert LONG in whole(result.plot(outcome))
    assert "Who works?" in whole(result.plot(outcome))
    assert min(sizes(result.plot(outcome))) >= 14


def test_a_question_stands_over_its_first_answer_alone(ferry: negsim.Scenario) -> None:
    lines = texts(negsim.explore(ferry, runs=20, readings="each").plot())
    heads = [line for line in lines if "If the wind" in line]
    assert len(heads) == 1
    assert lines.index(heads[0]) < lines.index("Nobody knows.")


def test_crossed_readings_all_have_room_on_a_slide() -> None:
    result = negsim.explore(negsim.load("paris_2025"), runs=3, readings="veto.russia,rank,hindering")
    chart = result.plot()
    said = whole(chart)
    assert is_slide(chart)
    assert "not shown" not in said
    assert said.count("What does Moscow's veto rule out?") == 1
    assert said.count("1b Western forces in Ukraine. Forces outside it and a US backstop remain possible.") == 1
    signs = [line for line in texts(chart) if re.fullmatch(r"1[abc] 2[ab] 3[ab]", line)]
    assert len(signs) == len(set(signs)) == len(result.cells) == 12
    assert min(sizes(chart)) >= 14
    rows = [row for found in json.loads(chart.to_json())["datasets"].values() for row in found]
    edge = min(row["x"] for row in rows if "x2" in row)
    ends = [row["x"] + 0.52 * row["size"] * len(row["words"]) for row in rows if row.get("words") in signs]
    assert max(ends) <= edge


def test_combinations_that_have_no_room_are_counted() -> None:
    result = negsim.explore(negsim.load("paris_2025"), runs=1, readings="veto.russia,rank,hindering,own_guarantees")
    said = texts(result.plot())
    shown = sum(bool(re.fullmatch(r"1\w 2\w 3\w 4\w", line)) for line in said)
    assert 10 <= shown < len(result.cells) == 24
    assert f"{24 - shown} more rows are not shown." in said


def test_what_has_no_room_is_counted() -> None:
    readings = "\n".join(
        f'  more_{n}: {{assumption: x, question: "{n} {ASKED}", options: {{a: A., b: "{LONG}"}}, default: a}}'
        for n in range(8)
    )
    many = negsim.load_text(FERRY.replace("  unasked:", f"{readings}\n  unasked:"))
    result = negsim.explore(many, runs=5, readings="each")
    chart = result.plot()
    said = texts(chart)
    shown = sum(1 for line in said if re.fullmatch(r"[+-][\d.]+|[\d.]+ %", line)) // len(many.outcomes)
    assert 2 <= shown < len(result.cells)
    assert is_slide(chart)
    assert f"{len(result.cells) - shown} more rows are not shown." in said


def test_exact_solutions_under_readings_are_a_slide(ferry: negsim.Scenario) -> None:
    each = [negsim.solve(ferry, read={"breeze_counts": option}) for option in ("it_sails", "it_waits", "nobody_knows")]
    figure = solution_figures(each)["cells"]
    chart = alone(figure, "The ferry", "About.")
    assert is_slide(chart)
    assert f"{ASKED} It does." in whole(chart)
    said = [row["said"] for rows in specification(figure)["datasets"].values() for row in rows if "said" in row]
    assert [each for each in said if each.startswith(f"{ASKED} {LONG}\ncrossed: 0 ")]


def test_the_png_of_a_heat_map_of_readings_is_16_to_9(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ferry.yaml").write_text(FERRY, encoding="utf-8")
    words = ["explore", "ferry.yaml", "--runs", "5", "--readings", "each", "--heatmap", "x.png", "-q"]
    assert CliRunner().invoke(main, words).exit_code == 0
    width, height = struct.unpack(">II", (tmp_path / "x.png").read_bytes()[16:24])
    assert (width, height) == (2560, 1440)


def test_names_on_the_axes_of_a_heat_map_are_whole(ferry: negsim.Scenario) -> None:
    made = json.loads(
        negsim.explore(ferry, runs=5, readings="breeze_counts", sweep={"wind": [0.1, 0.2]}).plot().to_json()
    )
    rows = [row for found in made["datasets"].values() for row in found]
    assert any(LONG in " ".join(row[key].split()) for row in rows for key in ("row", "column"))
    axes = [layer["encoding"][key]["axis"] for part in made["vconcat"] for layer in part["layer"] for key in "xy"]
    assert {axis["labelLimit"] for axis in axes} == {0}
