"""`negsim explore` over the ranges of parameters: what it prints, refuses and keeps."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.ensemble.boxes import boxes
from negsim.ensemble.result import Result
from negsim.ensemble.sensitivity import sobol
from negsim.ensemble.tornado import about, tornado

COINS = """
negsim: 1
title: Two coins
start: 2030-05-01
horizon: 1
parameters:
  p: {value: 0.5, low: 0, high: 1, assumption: made up}
  q: {value: 0.5, low: 0.2, high: 0.6, unit: per throw, assumption: made up}
readings:
  rim: {question: Does the rim count?, options: {no_: No., yes_: Yes.}, default: no_, assumption: made up}
state: {one: {initial: false}, other: {initial: false}}
events: {one_falls: {set: {one: true}}, other_falls: {set: {other: true}}}
rules:
  one: {assumption: made up, at: 0, chance: p if rim == no_ else 0, emit: one_falls()}
  other: {assumption: made up, at: 1, chance: q, emit: other_falls()}
outcomes: {both: {when: one and other}, rest: {}}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NEGSIM_STORE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    Path("coins.yaml").write_text(COINS, encoding="utf-8")
    return tmp_path


def percent(share: float | None) -> str:
    assert share is not None
    return f"{100 * share:.1f} %"


def asked(*words: str | int) -> tuple[int, str, str]:
    """Exit status, standard output, standard error; never a traceback."""
    result = CliRunner().invoke(main, ["explore", "coins.yaml", *map(str, words)], prog_name="negsim")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert "a mistake in negsim" not in result.stderr
    return result.exit_code, result.stdout, result.stderr


def test_sensitivity_shows_both_indices_of_each_parameter_with_range_and_origin() -> None:
    status, out, err = asked("--sensitivity", "--points", 16, "--exact", "--outcome", "both")
    found = sobol(negsim.load("coins.yaml"), points=16, exact=True)
    assert (status, err) == (0, "64 settings, each solved exactly\n")
    rows = [line.split() for line in out.splitlines() if " assumed " in line]
    expected = []
    for each in found.outcomes["both"].indices:
        bounds = {"p": ["0..1"], "q": ["0.2..0.6", "per", "throw"]}[each.parameter]
        numbers = [
            text
            for index in (each.first, each.total)
            for text in (f"{index.value:.2f}", f"{index.low:.2f}..{index.high:.2f}")
        ]
        expected.append([f"{each.places.words('..')}.", each.parameter, *bounds, "assumed", *numbers])
    assert rows == expected
    assert rows[0][:2] == ["1.", "p"]
    assert "rest:" not in out
    assert "This is no forecast." in out


def test_sensitivity_says_how_many_runs_there_are_and_keeps_them() -> None:
    words = ("--sensitivity", "--points", 4, "--runs", 20, "--over", "p", "--read", "rim=no_")
    status, out, err = asked(*words)
    note = "note: --read rim=no_ changes nothing: it is no_ already\n"
    assert (status, err) == (0, f"{note}12 settings, 20 runs of each: 240 runs\n")
    assert "Chance in the shares counts as variation" in " ".join(out.split())
    (kept,) = Path(".negsim/results").iterdir()
    with Result.read(kept) as result:
        assert [cell.runs for cell in result.cells] == [20] * 12
    found = json.loads(asked(*words, "--json")[1])
    assert [*Path(".negsim/results").iterdir()] == [kept]
    assert found == sobol(negsim.load("coins.yaml"), points=4, runs=20, over="p").as_json()
    assert (found["settings"], found["runs"], found["exact"]) == (12, 20, False)


def test_boxes_say_where_the_outcome_happens_in_words() -> None:
    words = ("--boxes", "both", "--readings", "rim", "--runs", 400)
    status, out, err = asked(*words)
    assert (status, err) == (0, "400 runs, each with settings and a seed of its own\n")
    found = boxes(negsim.load("coins.yaml"), "both", readings="rim", runs=400)
    first = found.boxes[0]
    share, density = found.share, first.density
    said = [f"{percent(s.share)} ({100 * s.low:.1f}..{100 * s.high:.1f})" for s in (share, density)]
    assert f"{said[0]} of all runs end in both." in out
    assert f"Box 1. Of the runs in it, {said[1]} end in both." in out
    low, high = first.parameters["p"]
    inside = f"at least {low:g}" if high == 1 else f"{low:g}..{high:g}"
    assert 0 < low < high
    assert re.search(rf"^p +{re.escape(inside)} +0\.\.1 ", out, re.MULTILINE)
    assert re.search(r"^rim +no_ +no_, yes_ ", out, re.MULTILINE)
    assert json.loads(asked(*words, "--json")[1]) == found.as_json()


def test_a_tornado_is_a_table_and_a_picture() -> None:
    status, out, err = asked("--tornado", "t.svg", "--outcome", "both", "--runs", 60)
    made = tornado(negsim.load("coins.yaml"), "both", runs=60)
    assert (status, err) == (0, "5 settings, 60 runs of each: 300 runs\nwritten to t.svg\n")
    rows = [re.split(r"  +", line.strip()) for line in out.splitlines() if " assumed " in line]
    assert [(row[0], row[3], row[4]) for row in rows] == [
        (
            f"{bar.places.words('..')}. {bar.parameter.name}",
            percent(bar.low.share),
            percent(bar.high.share),
        )
        for bar in made.bars
    ]
    picture = Path("t.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert "p (0 to 1)" in picture
    asked("--tornado", "t.html", "--outcome", "both", "--runs", 60)
    page = Path("t.html").read_text(encoding="utf-8")
    assert "p (0 to 1)" in page
    assert "<script" not in page


def test_settings_and_who_decides_are_heeded_and_said() -> None:
    words = ("--sensitivity", "--points", 4, "--exact", "--over", "p", "--set", "q=0.3", "--read", "rim=yes_")
    status, out, _ = asked(*words)
    assert status == 0
    assert out.splitlines()[2:4] == ["set q = 0.3", "read rim = yes_"]
    assert "both: 0.0 to 0.0 %" in out
    found = json.loads(asked(*words, "--json")[1])
    assert (found["asked"]["parameters"], found["asked"]["readings"]) == ({"p": 0.5, "q": 0.3}, {"rim": "yes_"})
    assert "note: q=0.9 is outside the range" in asked("--boxes", "both", "--runs", 2, "--set", "q=0.9")[2]
    Path("policy.json").write_text("{}", encoding="utf-8")
    for kind in (("--sensitivity",), ("--boxes", "both"), ("--tornado", "t.svg", "--outcome", "both")):
        assert asked(*kind, "--policy", "policy.json")[0] == 2  # it is read, and is no policy


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--points", 8), "--points says how ranges are looked at"),
        (("--exact",), "--exact says how ranges are looked at"),
        (("--sensitivity", "--sweep", "p=0:1:3"), "--sensitivity and --sweep do not go together"),
        (("--sensitivity", "--until-width", 0.1), "--sensitivity and --until-width do not go together"),
        (("--sensitivity", "--show", "both"), "--sensitivity and --show do not go together"),
        (("--sensitivity", "--boxes", "both"), "--sensitivity and --boxes do not go together"),
        (("--boxes", "both", "--points", 8), "--points says how ranges are looked at"),
        (("--boxes", "both", "--outcome", "rest"), "--boxes names its outcome itself"),
        (("--tornado", "t.svg"), "a tornado is about one outcome"),
        (("--tornado", "t.gif", "--outcome", "both"), "'t.gif' is no picture's name"),
        (("--tornado", "t.svg", "--outcome", "both", "--readings", "rim"), "--tornado and --readings do not go"),
        (("--sensitivity", "--points", 9), "a power of two, not 9"),
        (("--sensitivity", "--over", "r"), "there is no parameter `r`"),
        (("--sensitivity", "--exact", "--runs", 5), "need no runs"),
    ],
)
def test_what_does_not_go_together_is_a_clear_error(words: tuple[str | int, ...], message: str) -> None:
    status, out, err = asked(*words)
    assert (status, out) == (2, "")
    assert message in err
    assert not Path(".negsim").exists()


def test_the_words_behind_a_rule_do_not_state_a_number_that_is_written_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    said = COINS.replace("parameters:", "sources: {s: {statements: {half: {speaker: Ann, quote: Half.}}}}\nparameters:")
    said = said.replace(
        "other: {assumption: made up, at: 1, chance: q", "other: {source: half, at: 1, chance: {value: q"
    ).replace("{value: q,", "{value: 0.5, low: 0.25, high: 0.75},")
    Path("coins.yaml").write_text(said, encoding="utf-8")
    for how in (("--tornado", "t.svg", "--runs", 8), ("--sensitivity", "--points", 8, "--exact")):
        status, out, _ = asked(*how, "--outcome", "both")
        rows = [" ".join(line.split()) for line in out.splitlines()]
        assert status == 0
        assert any("other.chance 0.25..0.75 the author's " in row for row in rows)
        assert any(" p 0..1 assumed " in row for row in rows)
    bars = json.loads(asked("--tornado", "t.svg", "--outcome", "both", "--runs", 8, "--json")[1])["bars"]
    assert {bar["parameter"]: bar["rule"] for bar in bars} == {"p": None, "q": None, "other.chance": "other"}
    ranges = json.loads(asked("--sensitivity", "--points", 8, "--exact", "--json")[1])["ranges"]
    assert {name: each["rule"] for name, each in ranges.items()} == {"p": None, "q": None, "other.chance": "other"}


def test_a_blank_in_place_of_a_low_line_at_the_end_of_a_name_is_no_word() -> None:
    text = (
        COINS.replace("outcomes: {both:", "outcomes: {both_:")
        .replace("  p:", "  p_:")
        .replace("chance: p ", "chance: p_ ")
    )
    Path("coins.yaml").write_text(text, encoding="utf-8")
    found = tornado(negsim.load("coins.yaml"), "both_", over="p_", runs=8)
    assert about(found)[0].startswith("both: shares")
    drawn = json.dumps(found.plot().to_dict())
    assert "1. p (0 to 1)" in drawn
    assert 'end in both"' in drawn
