import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from altair.vegalite.v6.api import VConcatChart

import negsim
from negsim.errors import UsageError

charts = pytest.importorskip("negsim.show.charts")
pytest.importorskip("altair")
pytest.importorskip("vl_convert")

TWO = """
negsim: 1
title: Two at the table
start: 2025-01-01
horizon: 30
actors: {a: {name: Alder}, b: {name: Birch}, c: {name: Cedar}}
talks:
  shares:
    parties: [a, b]
    opens: 1
    every: 1
    rounds: 5
    issues: {cake: [left, middle, right]}
    positions:
      a: {values: {cake: {left: 4, middle: 3}}, fallback: 0.5, assumption: test}
      b: {values: {cake: {middle: 3, right: 4}}, fallback: 0.5, assumption: test}
outcomes: {done: {}}
"""
THREE = TWO.replace("parties: [a, b]", "parties: [a, b]\n    consulted: [c]").replace(
    "outcomes:", "      c: {values: {cake: {right: 1}}, assumption: test}\noutcomes:"
)


def marks(chart: VConcatChart) -> list[dict[str, Any]]:
    """All rows of data that a picture draws."""
    found: list[dict[str, Any]] = []

    def look(part: Any) -> None:
        if isinstance(part, dict):
            for rows in part.get("datasets", {}).values():
                found.extend(rows)
            for each in part.values():
                look(each)
        elif isinstance(part, list):
            for each in part:
                look(each)

    look(json.loads(chart.to_json()))
    return found


def test_two_are_shown_on_the_utility_plane_with_the_solutions_named() -> None:
    scenario = negsim.load_text(TWO)
    rows = marks(charts.deal_chart(scenario, negsim.deal(scenario)))
    middle = {row["terms"]: (row["x"], row["y"], row["kind"], row["solution"]) for row in rows if "terms" in row}
    assert middle == {
        "1: left": (1.0, 0.0, "Pareto, not for all", ""),
        "2: middle": (0.75, 0.75, "all could sign, Pareto", "Nash, Kalai\u2013Smorodinsky, egalitarian, utilitarian"),
        "3: right": (0.0, 1.0, "Pareto, not for all", ""),
    }


def test_three_are_shown_in_parallel_coordinates() -> None:
    scenario = negsim.load_text(THREE)
    rows = marks(charts.deal_chart(scenario, negsim.deal(scenario)))
    lines = {(row["terms"], row["party"]): row["utility"] for row in rows if "terms" in row}
    assert lines["2: middle", "Cedar"] == 0.0
    assert lines["3: right", "Cedar"] == 1.0
    assert len(lines) == 9


@pytest.mark.parametrize("text", [TWO, THREE])
def test_packages_stand_under_what_their_terms_are_about(text: str) -> None:
    scenario = negsim.load_text(text)
    made = json.loads(charts.deal_chart(scenario, negsim.deal(scenario)).to_json())
    assert made["vconcat"][1]["title"]["text"] == "Packages: cake"


@pytest.mark.parametrize("ending", ["svg", "png", "json"])
def test_a_picture_is_written_in_the_format_of_its_name(tmp_path: Path, ending: str) -> None:
    scenario = negsim.load_text(TWO)
    path = tmp_path / f"deal.{ending}"
    charts.save(charts.deal_chart(scenario, negsim.deal(scenario)), path)
    data = path.read_bytes()
    match ending:
        case "svg":
            texts = [element.text for element in ET.fromstring(data).iter() if element.text]  # noqa: S314 - our own file
            assert "Two at the table" in texts
            assert "utility of Alder" in texts
        case "png":
            assert data.startswith(b"\x89PNG")
        case "json":
            assert "$schema" in json.loads(data)


def test_a_title_with_markup_stays_text(tmp_path: Path) -> None:
    scenario = negsim.load_text(TWO.replace("Two at the table", "<script>alert(1)</script>"))
    path = tmp_path / "deal.svg"
    charts.save(charts.deal_chart(scenario, negsim.deal(scenario)), path)
    assert b"<script" not in path.read_bytes()


def test_another_format_is_refused(tmp_path: Path) -> None:
    scenario = negsim.load_text(TWO)
    with pytest.raises(UsageError, match="is no picture's name"):
        charts.save(charts.deal_chart(scenario, negsim.deal(scenario)), tmp_path / "deal.doc")


def test_a_blank_in_place_of_a_low_line_at_the_end_of_a_name_is_no_word() -> None:
    scenario = negsim.load_text(TWO.replace("left", "left_").replace("middle", "in_the_middle"))
    rows = marks(charts.deal_chart(scenario, negsim.deal(scenario)))
    assert {row["terms"] for row in rows if "terms" in row} == {"1: left", "2: in the middle", "3: right"}
