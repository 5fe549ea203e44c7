"""Two runs are compared each in the words of its own scenario, and it is said in what the scenarios differ."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.scenario.apart import differing

SIDE = """\
negsim: 1
title: {title}
start: 2030-01-01
horizon: 5
events: {{answer: {{text: "Ann {does} the text."}}}}
rules: {{r: {{assumption: a, at: {day}, emit: answer()}}}}
outcomes: {{done: {{}}}}
"""
ONE = SIDE.format(title="side 1", does="accepts", day=2)
OTHER = SIDE.format(title="side 2", does="refuses", day=2)
LATER = SIDE.format(title="side 2", does="refuses", day=3)


@pytest.fixture
def diffed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[list[str], str]]:
    """What `negsim diff` prints about runs of two scenarios, with the heads of the runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def diff(left: str, right: str, *options: str) -> tuple[list[str], str]:
        ids = []
        for number, text in enumerate((left, right)):
            name = f"{number}.yaml"
            (tmp_path / name).write_text(text)
            made = CliRunner().invoke(main, ["run", name, "--json"])
            ids.append(json.loads(made.stdout)["run"])
        found = CliRunner().invoke(main, ["diff", *ids, *options])
        assert found.exit_code == 0, found.output
        return ids, found.stdout

    return diff


def squeezed(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_each_run_is_told_in_the_words_of_its_own_scenario(diffed: Callable[..., tuple[list[str], str]]) -> None:
    (one, other), text = diffed(ONE, LATER)
    hashes = [negsim.load_text(each, name=name).hash[:12] for each, name in ((ONE, "0.yaml"), (LATER, "1.yaml"))]
    assert squeezed(text) == [
        f"The runs are of different scenarios: side 1 ({hashes[0]}) and side 2 ({hashes[1]}).",
        "These differ in: title, events (answer), rules (r).",
        "Event 0 is the first that differs:",
        "date day event because",
        f"run {one[:12]} 2030-01-03 2 Ann accepts the text. r",
        f"run {other[:12]} 2030-01-04 3 Ann refuses the text. r",
        f"run {one[:12]} run {other[:12]}",
        "outcome done done",
        "ended on day 5 5",
    ]


def test_the_same_events_in_other_words_are_shown_in_both(diffed: Callable[..., tuple[list[str], str]]) -> None:
    (one, other), text = diffed(ONE, OTHER)
    assert squeezed(text)[1:] == [
        "These differ in: title, events (answer).",
        "The two runs have the same events and the same ending.",
        "Event 0 is the first that the scenarios have different words for:",
        "date day event because",
        f"run {one[:12]} 2030-01-03 2 Ann accepts the text. r",
        f"run {other[:12]} 2030-01-03 2 Ann refuses the text. r",
    ]


def test_a_comment_alone_is_called_that(diffed: Callable[..., tuple[list[str], str]]) -> None:
    _, text = diffed(ONE, "# another version\n" + ONE)
    assert "The runs are of different versions of side 1: " in text
    assert "These differ in: comments and layout alone." in text
    assert "different words" not in text


def test_runs_of_one_scenario_are_not_said_to_be_of_two(diffed: Callable[..., tuple[list[str], str]]) -> None:
    _, text = diffed(ONE, ONE)
    assert text == "The two runs have the same events and the same ending.\n"


def test_json_names_both_scenarios_and_what_differs(diffed: Callable[..., tuple[list[str], str]]) -> None:
    ids, text = diffed(ONE, OTHER, "--json")
    one, other = (negsim.load_text(each, name=name) for each, name in ((ONE, "0.yaml"), (OTHER, "1.yaml")))
    assert json.loads(text) == {
        "left": ids[0],
        "right": ids[1],
        "scenarios": {
            "left": {"title": "side 1", "hash": one.hash},
            "right": {"title": "side 2", "hash": other.hash},
            "differing": {"title": [], "events": ["answer"]},
        },
        "same": True,
        "difference": None,
    }


def test_a_measure_that_one_scenario_does_not_have_is_not_called_none(
    diffed: Callable[..., tuple[list[str], str]],
) -> None:
    _, text = diffed(ONE, ONE + "measures: {answers: count(answer)}\n")
    assert "These differ in: measures (answers)." in text
    assert "answers not measured 1" in squeezed(text)


def test_the_python_door_tells_each_side_in_its_own_words() -> None:
    one, other = (negsim.run(negsim.load_text(text)) for text in (ONE, LATER))
    found = one.diff(other)
    assert found is not None
    assert found.left is not None
    assert found.right is not None
    assert (found.seq, found.left.day, found.right.day) == (0, 2, 3)
    assert found.scenarios == {"title": (), "events": ("answer",), "rules": ("r",)}
    shown = found._repr_html_()
    assert "Ann accepts the text." in shown
    assert "Ann refuses the text." in shown
    assert one.diff(one) is None


def test_the_order_of_options_is_part_of_what_a_scenario_says() -> None:
    reading = "readings: {q: {assumption: a, question: Which?, options: {%s}, default: yes_it_is}}\n"
    one, other = (
        negsim.load_text(ONE + reading % options)
        for options in ("yes_it_is: Yes., no_it_is_not: No.", "no_it_is_not: No., yes_it_is: Yes.")
    )
    assert differing(one, other) == {"readings": ("q",)}


WEIGHED = """\
negsim: 1
title: A choice
start: 2030-01-01
horizon: 5
actors: {{ann: {{name: Ann}}}}
events: {{go: {{fields: {{far: 0..9}}, text: They go.}}}}
rules:
  chosen: {{assumption: a, at: 1, by: ann, choose: {{one: {{emit: go({far}), weight: {weight}}}, two: {{}}}}}}
  called: {{assumption: a, at: 2, chance: {chance}, emit: go(1)}}
outcomes: {{done: {{}}}}
"""


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ((999999, 1, 1), (499999, 1, 1), "the chance of the option (0 0.999999, 1 0.999998)"),
        ((99, 1, 1), (49, 1, 1), "the chance of the option (0 99.0 %, 1 98.0 %)"),
        ((9e99, 1, 1), (9e99, 0.999999, 1), "the chance that it comes (0 100.0 %, 1 > 99.9 %)"),
        ((9e99, 1, 3), (9e99, 1, 4), "field far (0 3, 1 4)"),
    ],
)
def test_events_that_differ_in_nothing_shown_are_said_to(
    diffed: Callable[..., tuple[list[str], str]],
    left: tuple[float, int, int],
    right: tuple[float, float, int],
    said: str,
) -> None:
    ids, found = diffed(*(WEIGHED.format(weight=w, chance=c, far=f) for w, c, f in (left, right)))
    for number, each in enumerate(ids):
        said = said.replace(f"{'(' if not number else ', '}{number} ", f"{'(' if not number else ', '}run {each[:12]} ")
    assert f"What is shown of them is the same. What differs: {said}." in " ".join(squeezed(found))


def test_events_that_are_told_apart_need_no_word(diffed: Callable[..., tuple[list[str], str]]) -> None:
    assert "What is shown of them is the same" not in diffed(ONE, OTHER)[1]
