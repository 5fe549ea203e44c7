"""`negsim explore`: what it prints, where it keeps results, how it stops and goes on."""

import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import validate

import negsim
from negsim.cli import main
from negsim.ensemble.result import Result

TRUCE = """
negsim: 1
title: A truce
start: 2025-03-01
horizon: 60
actors: {envoy: {name: The envoy}}
parameters:
  breach_chance: {value: 0.02, low: 0, high: 0.2, unit: per day, assumption: A guess.}
  patience: {value: 3, low: 1, high: 5, unit: days, assumption: A guess.}
readings:
  scope: {question: Where?, options: {land: On land., all_: Everywhere.}, default: land, assumption: A guess.}
  tone: {question: How?, options: {mild: Mildly., harsh: Harshly.}, default: mild, assumption: It changes nothing.}
state: {truce: {values: [holds, strained, broken], initial: holds}}
events:
  breached: {set: {truce: strained}, text: It is breached.}
  ended: {set: {truce: broken}, text: It ends.}
  mended: {set: {truce: holds}, text: It is mended.}
rules:
  breach: {assumption: A guess., while: truce == holds, chance: daily, emit: breached()}
  reply:
    assumption: A guess.
    on: breached
    after: patience
    by: envoy
    choose: {mend: {weight: 2, emit: mended()}, leave: {emit: ended()}}
define: {daily: breach_chance * (2 if scope == all_ else 1)}
outcomes: {broken_truce: {when: truce == broken, ends: true, text: It is over.}, held: {}}
measures:
  first_breach: {value: first(breached), unit: days}
  breaches: count(breached)
  was_breached: count(breached) > 0
"""
FALLS = """
negsim: 1
title: It falls
start: 2025-03-01
horizon: 20
parameters: {chance: {value: 0.1, low: 0, high: 1, assumption: A guess.}}
state: {n: {range: 0..3, initial: 0}}
events: {up: {set: {n: n + 4}}}
rules: {ups: {assumption: A guess., at: 2, chance: chance, emit: up()}}
outcomes: {end: {}}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NEGSIM_STORE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    Path("truce.yaml").write_text(TRUCE, encoding="utf-8")
    Path("falls.yaml").write_text(FALLS, encoding="utf-8")
    return tmp_path


def asked(*words: str | int) -> tuple[int, str, str]:
    """Exit status, standard output, standard error; never a traceback, never an escape sequence."""
    result = CliRunner().invoke(main, [str(word) for word in words], prog_name="negsim")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    for text in (result.stdout, result.stderr):
        assert "Traceback" not in text
        assert "a mistake in negsim" not in text
        assert "\x1b" not in text
    return result.exit_code, result.stdout, result.stderr


def fine(*words: str | int) -> str:
    status, out, _ = asked(*words)
    assert status == 0
    return out


def as_json(*words: str | int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fine(*words, "--json"))
    return found


def results() -> list[Path]:
    return sorted(Path(".negsim/results").iterdir())


def timeless(text: str) -> str:
    """What is printed, without the time that it took."""
    return re.sub(r"\n.* runs in .*\n.*|\n(Nothing had to be run again\. )?Kept in .*", "", text)


# What is printed.


def test_shares_measures_and_settings_are_shown() -> None:
    out = fine("explore", "truce.yaml", "--runs", 200, "--set", "patience=2", "--choose", "reply@5=mend")
    lines = out.splitlines()
    truce = negsim.load("truce.yaml")
    result = negsim.explore(truce, runs=200, set={"patience": 2}, choose=["reply@5=mend"])
    share = result.outcomes["broken_truce"]
    assert lines[0] == "A truce"
    assert lines[1] == f"200 runs, seeds 0 to 199   scenario {truce.hash[:12]}   negsim {negsim.__version__}"
    assert lines[2:4] == ["set patience = 2", "choose reply@5 = mend"]
    assert lines[4] == "Readings: scope=land, tone=mild."
    assert "This is no forecast." in lines[5]
    row = f"broken truce {share.count} {share.share:.1%} {100 * share.low:.1f}..{share.high:.1%}".replace("%", " %")
    assert any(" ".join(line.split()).startswith(row) for line in lines)
    measured = next(line.split() for line in lines if line.startswith("first breach"))
    assert measured[-2:] == [str(result.measures["first_breach"].missing), "days"]
    assert result.measures["was_breached"].mean is not None
    assert next(line.split() for line in lines if line.startswith("was breached")) == [
        "was", "breached", f"{100 * result.measures['was_breached'].mean:.1f}", "%",
    ]  # fmt: skip
    assert re.search(r"^200 runs in [\d.]+ s: [\d,.]+ a second\.$", out, re.MULTILINE)
    assert str(results()[0].relative_to(Path())) in out


def test_quiet_prints_shares_alone() -> None:
    lines = fine("explore", "truce.yaml", "--runs", 20, "-q").splitlines()
    assert [line.split()[0] for line in lines] == ["outcome", "broken", "held"]


SHARE = {
    "type": "object",
    "required": ["count", "share", "low", "high"],
    "additionalProperties": False,
    "properties": {
        "count": {"type": "integer"},
        **{key: {"type": "number", "minimum": 0, "maximum": 1} for key in ("share", "low", "high")},
    },
}
SUMMARY = {
    "type": "object",
    "required": ["mean", "median", "p05", "p95", "missing"],
    "additionalProperties": False,
    "properties": {
        **{key: {"type": ["number", "null"]} for key in ("mean", "median", "p05", "p95")},
        "missing": {"type": "integer"},
    },
}
CELL = {
    "type": "object",
    "required": ["parameters", "readings", "runs", "outcomes", "measures"],
    "properties": {
        "outcomes": {"type": "object", "required": ["broken_truce", "held"], "additionalProperties": SHARE},
        "measures": {"type": "object", "required": ["first_breach"], "additionalProperties": SUMMARY},
    },
}


def test_json_of_an_ensemble_and_of_cells() -> None:
    found = as_json("explore", "truce.yaml", "--runs", 60, "--seed", 5)
    validate(found, {**CELL, "required": ["runs", "seed", "outcomes", "measures", "runs_per_second"]})
    assert (found["runs"], found["seed"], found["errors"]) == (60, 5, {"count": 0, "first": []})
    cells = as_json("explore", "truce.yaml", "--runs", 60, "--readings", "scope", "--sweep", "patience=1:3:3")["cells"]
    for cell in cells:
        validate(cell, CELL)
    assert [(cell["parameters"]["patience"], cell["readings"]["scope"]) for cell in cells] == [
        (days, scope) for days in (1, 2, 3) for scope in ("land", "all_")
    ]


def test_readings_one_at_a_time_are_shown_as_a_matrix_within_the_width() -> None:
    status, out, error = asked("explore", "truce.yaml", "--runs", 300, "--readings", "each")
    assert (status, error) == (0, "3 cells, 300 runs of each: 900 runs\n")
    lines = out.splitlines()
    assert max(map(len, (line for line in lines if "Kept in" not in line))) <= 100
    labels = [re.split(r"  +", line.strip())[0].removeprefix("1. ").removeprefix("2. ") for line in lines]
    assert [label for label in labels if label in ("as given", "scope", "all_", "tone", "harsh")] == [
        "as given", "scope", "all_", "tone", "harsh",
    ]  # fmt: skip
    change = negsim.explore(negsim.load("truce.yaml"), runs=300, readings="each").cells[1].against_base
    assert change is not None
    broken = change.outcomes["broken_truce"]
    assert broken.difference is not None
    assert f"{100 * broken.difference:+.1f}" in lines[labels.index("scope")]
    assert f"{100 * broken.low:+.1f}..{100 * broken.high:+.1f}" in lines[labels.index("all_")]
    assert f"{100 * change.changed.low:.1f}..{100 * change.changed.high:.1f}" in lines[labels.index("all_")]


def test_a_matrix_that_is_too_wide_goes_on_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    out = fine("explore", "truce.yaml", "--runs", 30, "--readings", "each")
    assert sum(line.startswith("as given") for line in out.splitlines()) == 2
    assert max(map(len, (line for line in out.splitlines() if "Kept in" not in line))) <= 40


def test_many_cells_are_cut_unless_all_are_asked_for() -> None:
    words = ("explore", "truce.yaml", "--runs", 2, "--sweep", "breach_chance=0:0.2:70")
    assert "The first 60 of 70 cells; --all shows every one." in fine(*words)
    rows = [line for line in fine(*words, "--all").splitlines() if re.match(r"0(\.\d+)? ", line)]
    assert len(rows) == 70


def test_where_many_settings_vary_the_spread_is_shown() -> None:
    Path("many.yaml").write_text(
        TRUCE.replace("readings:", "".join(
            f"  p{n}: {{value: 1, low: 0, high: 2, assumption: A guess.}}\n" for n in range(4)
        ) + "readings:"),
        encoding="utf-8",
    )  # fmt: skip
    out = fine("explore", "many.yaml", "--runs", 10, "--lhs", 8)
    result = negsim.explore(negsim.load("many.yaml"), runs=10, lhs=8)
    shares = sorted(share for cell in result.cells if (share := cell.outcomes["held"].share) is not None)
    assert len(shares) == 8
    numbers = (shares[0], (shares[3] + shares[4]) / 2, shares[-1], sum(shares) / 8)
    row = next(line.split() for line in out.splitlines() if line.startswith("held"))
    assert row == ["held", *(word for number in numbers for word in (f"{100 * number:.1f}", "%"))]


def test_a_value_outside_its_range_is_noted_once() -> None:
    _, _, error = asked("explore", "truce.yaml", "--runs", 1, "--sweep", "patience=5:6:2", "--readings", "scope")
    assert error.splitlines()[0] == "note: patience=6 is outside the range 1..5 that the scenario gives"
    assert error.count("note:") == 1


# Seeds, errors.


def test_the_command_that_is_shown_makes_the_run_again() -> None:
    words = (
        "explore",
        "truce.yaml",
        "--runs",
        60,
        "--readings",
        "scope",
        "--set",
        "patience=2",
        "--choose",
        "reply@9=leave",
    )
    out = fine(*words, "--show", "broken_truce")
    commands = [line.strip() for line in out.splitlines() if line.startswith("  negsim run")]
    assert len(commands) == 2
    for command in commands:
        assert "outcome broken_truce" in fine(*shlex.split(command)[1:], "-q")
    found = as_json(*words, "--show", "broken_truce")["show"]
    assert [each["command"] for each in found] == commands
    assert [each["cell"] for each in found] == [0, 1]
    assert all(len(each["seeds"]) <= 10 for each in found)
    everything = as_json(*words, "--show", "broken_truce", "--all")["show"]
    assert [each["seeds"][:10] for each in everything] == [each["seeds"] for each in found]
    none = fine("explore", "truce.yaml", "--runs", 5, "--set", "breach_chance=0", "--show", "broken_truce")
    assert "No run ends in broken truce." in none


def test_a_model_error_is_3_with_its_seed_and_the_results_all_the_same() -> None:
    status, out, error = asked("explore", "falls.yaml", "--runs", 100)
    result = negsim.explore(negsim.load("falls.yaml"), runs=100)
    _, seed, message = result.first_errors(1)[0]
    assert status == 3
    assert f"(model error) {result.errors}" in " ".join(out.split())
    assert error == (
        f"error: {result.errors} of 100 runs stopped with a model error; the first, seed {seed}: {message}\n"
        f"hint: negsim run falls.yaml --seed {seed}\n"
    )
    status, out, _ = asked("explore", "falls.yaml", "--runs", 100, "--json", "--show", "error")
    assert status == 3
    assert json.loads(out)["errors"]["count"] == result.errors
    assert json.loads(out)["show"][0]["seeds"] == result.seeds("error", most=10)
    assert asked("run", "falls.yaml", "--seed", seed)[0] == 3
    assert asked("explore", "falls.yaml", "--runs", 50, "--sweep", "chance=0:1:3")[0] == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--runs", "0"), "runs: 0 is no whole number of at least 1"),
        (("--seed", "-1"), "a seed is a whole number"),
        (("--workers", "0"), "workers: 0"),
        (("--until-width", "2"), "an interval's width"),
        (("--outcome", "peace"), "there is no outcome `peace`"),
        (("--show", "peace"), "there is no outcome `peace`"),
        (("--readings", "mood"), "there is no reading `mood`"),
        (("--sweep", "patience"), "'patience' is no sweep"),
        (("-o", "result.txt"), "'result.txt' is no result's name"),
        (("-o", "truce.yaml/x.sqlite"), "truce.yaml/x.sqlite cannot be made"),
        (("--heatmap", "picture.gif"), "'picture.gif' is no picture's name"),
    ],
)
def test_bad_usage_is_2(words: tuple[str, str], message: str) -> None:
    status, _, error = asked("explore", "truce.yaml", "--runs", "5", *words)
    assert status == 2
    assert f"error: {message}" in error


# Results that are kept.


def test_the_same_command_goes_on_and_the_same_answer_comes_out() -> None:
    first = fine("explore", "truce.yaml", "--runs", 150)
    assert "150 runs in" in first
    again = fine("explore", "truce.yaml", "--runs", 150)
    assert "Nothing had to be run again." in again
    assert timeless(again) == timeless(first)
    more = fine("explore", "truce.yaml", "--runs", 400)
    assert "250 runs in" in more
    assert timeless(fine("explore", "truce.yaml", "--runs", 150, "--workers", 2)) == timeless(first)
    assert len(results()) == 1
    fine("explore", "truce.yaml", "--runs", 10, "--seed", 1)
    assert len(results()) == 2


def test_a_result_is_shown_again_and_gone_on_with_by_its_file() -> None:
    words = ("--readings", "each", "--set", "patience=2", "--choose", "reply@9=leave", "--seed", 7)
    first = fine("explore", "truce.yaml", "--runs", 50, *words, "-o", "mine.sqlite")
    assert not Path(".negsim").exists()
    assert timeless(fine("explore", "mine.sqlite")) == timeless(first)
    more = fine("explore", "mine.sqlite", "--runs", 80)
    assert timeless(more) == timeless(fine("explore", "truce.yaml", "--runs", 80, *words))
    status, _, error = asked("explore", "mine.sqlite", "--set", "patience=3")
    assert (status, error.splitlines()[0]) == (2, "error: a result has its settings already")
    status, _, error = asked("explore", "truce.yaml", "--runs", 9, "-o", "mine.sqlite")
    assert status == 2
    assert "mine.sqlite holds the result of another request: seed, parameters, policies, cells differ" in error
    assert asked("explore", "none.sqlite")[:2] == (2, "")


def test_a_table_and_a_picture_are_written() -> None:
    pytest.importorskip("pyarrow")
    status, _, error = asked(
        "explore", "truce.yaml", "--runs", 20, "--readings", "each", "-o", "truce.parquet", "--heatmap", "truce.svg"
    )
    assert status == 0
    assert error.splitlines()[1:] == ["written to truce.svg", "written to truce.parquet"]
    assert Path("truce.svg").read_text(encoding="utf-8").startswith("<svg")
    assert Path("truce.parquet").read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize("words", [(), ("--readings", "each"), ("--readings", "all"), ("--sweep", "patience=1:3:3")])
def test_a_page_has_the_picture_no_script_and_no_more_than_text_of_the_scenario(words: tuple[str, ...]) -> None:
    Path("evil.yaml").write_text(EVIL.replace("A \\e", "</title><script>alert(1)</script>A \\e"), encoding="utf-8")
    fine("explore", "evil.yaml", "--runs", 20, "--heatmap", "truce.html", *words)
    page = Path("truce.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert "no forecast" in page


EVIL = TRUCE.replace("title: A truce", 'title: "A \\e[31mtruce [red]"').replace("unit: days}\n", 'unit: "\\e[2J"}\n')


def test_a_scenario_cannot_reach_the_terminal() -> None:
    Path("evil.yaml").write_text(EVIL, encoding="utf-8")
    assert "[red]" in fine("explore", "evil.yaml", "--runs", 5)
    fine("explore", "evil.yaml", "--runs", 5, "--readings", "each", "--json")


LAZY = """
import sys
from negsim.cli import main
try:
    main(["explore", "truce.yaml", "--runs", "5", "--quiet", "--readings", "each"])
finally:
    print(sorted({name.partition(".")[0] for name in sys.modules} & {"numpy", "scipy", "pandas", "pyarrow", "altair"}))
"""


def test_nothing_heavy_is_loaded_for_shares() -> None:
    done = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


# On a terminal, and interrupted.


@pytest.mark.posix
def test_a_bar_on_a_terminal_and_none_in_a_pipe() -> None:
    parent, child = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "negsim", "explore", "truce.yaml", "--runs", "3000", "--json"],
        stdout=subprocess.PIPE,
        stderr=child,
        env={**os.environ, "TERM": "xterm-256color"},
    )
    os.close(child)
    found = b""
    with suppress(OSError):  # the other end is closed
        while more := os.read(parent, 65_536):
            found += more
    os.close(parent)
    assert json.loads(process.communicate()[0])["runs"] == 3000
    assert b"runs" in found
    done = subprocess.run(
        [sys.executable, "-m", "negsim", "explore", "truce.yaml", "--runs", "50", "--json"],
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""


def runs_in(path: Path) -> int | None:
    """How many runs are in a file that is being written."""
    looking = sqlite3.connect(path)
    try:
        tables = looking.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return looking.execute("SELECT sum(count) FROM blocks").fetchone()[0] if tables else 0
    finally:
        looking.close()


@pytest.mark.posix
@pytest.mark.parametrize("workers", [1, 2])
def test_an_interruption_is_130_keeps_what_is_done_and_the_same_command_goes_on(workers: int) -> None:
    words = ["explore", "truce.yaml", "--runs", "2000000", "--json", "--workers", str(workers)]
    process = subprocess.Popen(
        [sys.executable, "-m", "negsim", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    while process.poll() is None and not any(map(runs_in, Path(".negsim").glob("results/*.sqlite"))):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process of the command hears it
    out, error = process.communicate()
    assert process.returncode == 130
    found = json.loads(out)
    assert 0 < found["runs"] < 2_000_000
    interrupted = f"interrupted after {found['runs']:,} runs, which are kept; the same command goes on from there"
    assert error.splitlines()[-1] == interrupted  # a slow machine says before it how long it will take
    with Result.read(results()[0]) as kept:
        assert kept.runs == found["runs"]
    fewer = as_json("explore", "truce.yaml", "--runs", found["runs"])
    assert fewer["outcomes"] == found["outcomes"]
    assert fewer["runs_per_second"] is None
