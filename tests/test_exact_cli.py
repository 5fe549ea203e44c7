"""`negsim solve`: what it prints, its JSON, matrices of readings, and what it says where there are too many states."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import validate

import negsim
from negsim.cli import main
from negsim.exact.answer.words import decimal, percent, signed

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
  tone: {question: How?, options: {mild: Mildly., harsh: Harshly.}, default: mild, assumption: It changes nothing.}
  scope: {question: Where?, options: {land: On land., all_: Everywhere.}, default: land, assumption: A guess.}
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
  is_broken: truce == broken
  last_breach: {value: last(breached), unit: days}
"""
CALLS = """
negsim: 1
title: Each comes on a day of its own, and each has a name
start: 2030-05-01
horizon: 9
parameters: {longest: {value: 8, low: 1, high: 8, assumption: A guess.}}
readings: {pace: {question: How fast?, options: {slow: Slowly., fast: At once.}, default: slow, assumption: A guess.}}
groups: {called: {members: {a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}}}}
state: {called: {here: {initial: false}}}
events:
  call: {}
  comes: {fields: {who: called}, set: {who.here: true}}
define: {latest: longest if pace == slow else 1}
rules:
  begins: {assumption: made up, at: 0, emit: call()}
  comes: {assumption: made up, on: call, for: m in called, after: "uniform(1, latest)", emit: comes(m)}
outcomes: {many: {when: a.here and b.here and c.here and d.here and e.here and f.here and g.here}, few: {}}
"""
CROWD = """
negsim: 1
title: A crowd
start: 2030-05-01
horizon: 9
actors: {ann: {name: Ann}, ben: {name: Ben}}
groups:
  crowd: {members: {MEMBERS}}
  pair: {members: [ann, ben]}
state: {crowd: {up: {initial: false}}, pair: {up: {initial: false}}}
events:
  rises: {fields: {who: crowd}, set: {who.up: true}}
  joins: {fields: {who: pair}, set: {who.up: true}}
rules:
  rise: {assumption: made up, for: m in crowd, while: not m.up, chance: 0.1, emit: rises(m)}
  join: {assumption: made up, for: m in pair, while: not m.up, chance: 0.1, emit: joins(m)}
outcomes: {all_up: {when: count(m for m in crowd if m.up) == 26}, none: {when: 1 > 2}, some: {}}
"""
FALLS = """
negsim: 1
title: It falls
start: 2025-03-01
horizon: 20
readings: {up_to: {question: How far?, options: {three: 3, nine: 9}, default: nine, assumption: A guess.}}
state: {n: {range: 0..3, initial: 0}}
events: {up: {set: {n: n + (4 if up_to == three else 1)}}}
rules: {ups: {assumption: A guess., at: 2, chance: 0.5, emit: up()}}
outcomes: {end: {}}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    Path("truce.yaml").write_text(TRUCE, encoding="utf-8")
    Path("calls.yaml").write_text(CALLS, encoding="utf-8")
    Path("falls.yaml").write_text(FALLS, encoding="utf-8")
    members = ", ".join(f"m{number}: {{name: M{number}}}" for number in range(26))
    Path("crowd.yaml").write_text(CROWD.replace("MEMBERS", members), encoding="utf-8")
    return tmp_path


def asked(*words: str | int) -> tuple[int, str, str]:
    """Exit status, standard output, standard error; never a traceback, never an escape sequence."""
    result = CliRunner().invoke(main, ["solve", *(str(word) for word in words)], prog_name="negsim")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    for text in (result.stdout, result.stderr):
        assert "Traceback" not in text
        assert "a mistake in negsim" not in text
        assert "\x1b" not in text
    return result.exit_code, result.stdout, result.stderr


def lines_of(*words: str | int) -> list[str]:
    """What is printed, without blanks at the ends of lines."""
    status, out, error = asked(*words)
    assert (status, error) == (0, "")
    return [line.rstrip() for line in out.splitlines()]


def as_json(*words: str | int) -> dict[str, Any]:
    status, out, _ = asked(*words, "--json")
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    return found


# What is printed.


def test_probabilities_settings_and_states_are_shown() -> None:
    truce = negsim.load("truce.yaml")
    solution = negsim.solve(truce, set={"patience": 2}, choose=["reply@5=mend"])
    broken = solution.outcomes["broken_truce"]
    assert lines_of("truce.yaml", "--set", "patience=2", "--choose", "reply@5=mend") == [
        "A truce",
        f"scenario {truce.hash[:12]}   negsim {negsim.__version__}",
        "set patience = 2",
        "choose reply@5 = mend",
        "Readings: tone=mild, scope=land.",
        "Exact under the scenario's assumptions: all runs at once, none of them drawn. This is no forecast.",
        "",
        "outcome       probability  percent  what it says",
        f"broken truce       {broken:.4f}   {100 * broken:.1f} %  It is over.",
        f"held               {1 - broken:.4f}   {100 - 100 * broken:.1f} %",
        "",
        f"{solution.states} states.",
    ]


def test_quiet_prints_probabilities_alone() -> None:
    broken = negsim.solve(negsim.load("truce.yaml")).outcomes["broken_truce"]
    assert lines_of("truce.yaml", "-q") == [
        "outcome       probability  percent",
        f"broken truce       {broken:.4f}   {100 * broken:.1f} %",
        f"held               {1 - broken:.4f}   {100 - 100 * broken:.1f} %",
    ]


def test_what_is_possible_is_not_shown_as_impossible_nor_as_sure() -> None:
    assert [decimal(value) for value in (0, 1e-9, 0.00004, 0.00006, 0.5, 0.99994, 0.99996, 1 - 1e-9, 1 - 1e-14, 1)] == [
        "0", "< 0.0001", "< 0.0001", "0.0001", "0.5000", "0.9999", "> 0.9999", "> 0.9999", "> 0.9999", "> 0.9999",
    ]  # fmt: skip
    assert [percent(value) for value in (0, 1e-9, 0.123456, 0.9999, 1)] == [
        "0 %", "< 0.1 %", "12.3 %", "> 99.9 %", "> 99.9 %",
    ]  # fmt: skip
    assert (decimal(1 - 1e-14, sure=True), percent(1, sure=True)) == ("1", "100 %")
    assert [signed(value) for value in (0, 1e-9, -1e-9, 0.25, -0.25)] == [
        "0", "< +0.0001", "> -0.0001", "+0.2500", "-0.2500",
    ]  # fmt: skip


def test_members_counted_as_alike_are_named_by_their_group() -> None:
    crowd = negsim.load("crowd.yaml")
    solution = negsim.solve(crowd)
    everybody = (1 - 0.9**9) ** 26
    assert solution.outcomes["all_up"] == pytest.approx(everybody, abs=1e-12)
    assert lines_of("crowd.yaml")[-6:] == [
        "outcome  probability   percent",
        "all up      < 0.0001   < 0.1 %",
        "none               0       0 %",
        "some        > 0.9999  > 99.9 %",
        "",
        f"{solution.states} states; 26 members of crowd counted as alike; Ann, Ben counted as alike.",
    ]


def test_expected_measures_and_those_that_cannot_be_had() -> None:
    measures = negsim.solve(negsim.load("truce.yaml"), measures=True).measures
    first = measures["first_breach"]
    lines = lines_of("truce.yaml", "--measures")
    start = lines.index("measure       expected  none in  unit")
    assert measures["is_broken"].mean is not None
    assert lines[start : start + 6] == [
        "measure       expected  none in  unit",
        f"first breach      {first.mean:.1f}   {100 * first.missing:.1f} %  days",
        f"breaches         {measures['breaches'].mean:.3f}",
        f"is broken       {100 * measures['is_broken'].mean:.1f} %",
        "No sum over states gives: last breach. negsim explore estimates them.",
        "",
    ]


def test_curves_are_shown_at_some_days() -> None:
    curve = negsim.solve(negsim.load("truce.yaml")).curves["broken_truce"]
    lines = lines_of("truce.yaml", "--curves")
    start = lines.index("How runs have ended by the dusk of a day, or would if it were the last one:")
    days = [(0, "2025-03-01"), *((day, f"2025-{month:02}-{of:02}") for day, month, of in DATES)]
    rows = ((day, date, decimal(curve[day]), decimal(1 - curve[day], sure=not curve[day])) for day, date in days)
    assert lines[start + 3 : start + 4 + len(days)] == [
        *(f"{day:<3} {date} {broken:>6} {held:>6}" for day, date, broken, held in rows), "",
    ]  # fmt: skip


DATES = [
    (5, 3, 6), (10, 3, 11), (15, 3, 16), (20, 3, 21), (25, 3, 26), (30, 3, 31),
    (35, 4, 5), (40, 4, 10), (45, 4, 15), (50, 4, 20), (55, 4, 25), (60, 4, 30),
]  # fmt: skip


# JSON.

NUMBER = {"type": "number", "minimum": 0, "maximum": 1}
SOLUTION = {
    "type": "object",
    "required": ["parameters", "readings", "outcomes", "states", "exact", "reached", "curves", "merged", "apart"],
    "properties": {
        "outcomes": {"type": "object", "additionalProperties": NUMBER},
        "states": {"type": "integer"},
        "exact": {"type": "boolean"},
        "curves": {"type": "object", "additionalProperties": {"type": "array", "items": NUMBER}},
    },
}


def test_json_of_a_solution() -> None:
    found = as_json("truce.yaml", "--measures", "--set", "patience=2", "--choose", "reply@5=mend")
    validate(found, SOLUTION)
    truce = negsim.load("truce.yaml")
    solution = negsim.solve(truce, set={"patience": 2}, choose=["reply@5=mend"], measures=True)
    assert found.pop("curves") == {
        name: [float(f"{value:.12g}") for value in curve] for name, curve in solution.curves.items()
    }
    assert found == {
        "scenario": {"title": "A truce", "hash": truce.hash},
        "negsim": negsim.__version__,
        "parameters": {"breach_chance": 0.02, "patience": 2},
        "readings": {"tone": "mild", "scope": "land"},
        "policies": [{"decision": "reply", "day": 5, "option": "mend"}],
        "outcomes": {name: float(f"{value:.12g}") for name, value in solution.outcomes.items()},
        "states": solution.states,
        "exact": True,
        "reached": {"day": 60, "date": "2025-04-30"},
        "merged": [],
        "apart": [],
        "measures": {
            name: {"mean": float(f"{each.mean:.12g}"), "missing": float(f"{each.missing:.12g}")}
            for name, each in solution.measures.items()
        },
    }


def test_json_of_a_matrix_has_a_cell_for_each_combination() -> None:
    found = as_json("truce.yaml", "--readings", "all", "--read", "tone=harsh")
    truce = negsim.load("truce.yaml")
    assert [cell["readings"] for cell in found["cells"]] == [
        {"tone": tone, "scope": scope} for tone in ("mild", "harsh") for scope in ("land", "all_")
    ]
    for cell in found["cells"]:
        validate(cell, SOLUTION)
        assert cell["outcomes"] == negsim.solve(truce, read=cell["readings"]).as_json()["outcomes"]
    assert {key: value for key, value in found.items() if key != "cells"} == {
        "scenario": {"title": "A truce", "hash": truce.hash}, "negsim": negsim.__version__, "policies": [],
    }  # fmt: skip


# Matrices.


def test_readings_one_at_a_time_are_ordered_by_what_they_move() -> None:
    truce = negsim.load("truce.yaml")
    land, wide = (negsim.solve(truce, read={"scope": option}).outcomes["broken_truce"] for option in ("land", "all_"))
    status, out, error = asked("truce.yaml", "--readings", "each", "-q")
    assert (status, error) == (0, "")
    assert [line.rstrip() for line in out.splitlines()] == [
        "What another reading changes. Ordered by how much probability lies elsewhere.",
        "                    broken",
        "reading  elsewhere   truce    held",
        f"as given            {land:.4f}  {1 - land:.4f}",
        f"scope       {wide - land:.4f} +{wide - land:.4f} -{wide - land:.4f}",
        f"  all_              {wide:.4f}  {1 - wide:.4f}",
        "tone             0       0       0",
        f"  harsh             {land:.4f}  {1 - land:.4f}",
    ]


def test_crossed_readings_are_a_table_in_the_order_of_the_file() -> None:
    truce = negsim.load("truce.yaml")
    cells = [
        (tone, scope, negsim.solve(truce, read={"tone": tone, "scope": scope}).outcomes["broken_truce"])
        for tone in ("mild", "harsh")
        for scope in ("land", "all_")
    ]
    status, out, error = asked("truce.yaml", "--readings", "scope,tone")
    assert (status, error) == (0, "4 cells\n")
    assert [line.rstrip() for line in out.splitlines()][-6:] == [
        "            broken",
        "tone  scope  truce   held",
        *(f"{tone:<5} {scope:<4}  {broken:.4f} {1 - broken:.4f}" for tone, scope, broken in cells),
    ]


def test_measures_and_curves_of_a_matrix_are_in_the_json() -> None:
    status, _, error = asked("truce.yaml", "--readings", "scope", "--measures")
    assert (status, error) == (0, "note: curves and measures of several cells are shown with --json alone\n2 cells\n")
    cells = as_json("truce.yaml", "--readings", "scope", "--measures")["cells"]
    assert [list(cell["measures"]) for cell in cells] == [["first_breach", "breaches", "is_broken"]] * 2


# Too many states, and mistakes.


def test_where_states_are_too_many_both_ends_are_shown_and_what_can_be_done() -> None:
    solution = negsim.solve(negsim.load("truce.yaml"), max_states=5, set={"patience": 5})
    assert (solution.is_exact, solution.states) == (False, 5)
    (low, high), held = solution.bounds["broken_truce"], solution.bounds["held"]
    assert low == 0
    assert (high, held[1]) == pytest.approx((1, 1))
    assert solution.certain_on(-1) == {"held"}
    status, out, _ = asked("truce.yaml", "--max-states", 5, "--set", "patience=5", "--measures")
    assert status == 0
    date = negsim.load("truce.yaml").date_of(solution.reached).isoformat()
    assert [line.rstrip() for line in out.splitlines()][3:] == [
        "Readings: tone=mild, scope=land.",
        "Under the scenario's assumptions. This is no forecast.",
        "",
        "Not exact: there are more than 5 states.",
        f"All runs were followed to {date} (day {solution.reached}), and no further.",
        "outcome       at least  at most  if that day were the last",
        "broken truce         0        1                          0",
        f"held          {decimal(held[0]):>8}        1                          1",
        "No expected measures: they take all runs, followed to the end.",
        "What can be done: give more with --max-states (it takes memory and time), make the scenario smaller,",
        "or sample with negsim explore.",
        "",
        "5 states.",
    ]


def test_quiet_says_on_standard_error_what_is_not_exact() -> None:
    assert asked("calls.yaml", "--max-states", 100, "-q") == (
        0,
        "outcome  at least  at most\nmany            0        1\nfew             0        1\n",
        "note: not exact: on one day `begins` leads to more than 1,000 situations at one time\n",
    )


def test_why_members_were_told_apart_is_said() -> None:
    text = Path("crowd.yaml").read_text(encoding="utf-8")
    apart = text.replace("while: not m.up, chance: 0.1, emit: joins(m)", "every: 3, when: seen == 0, emit: joins(m)")
    apart = apart.replace("state: {", "state: {seen: {range: 0..9, initial: 0}, ").replace(
        "joins: {fields: {who: pair}, set: {who.up: true}}",
        "joins: {fields: {who: pair}, set: {who.up: true, seen: 'min(seen + 1, 9)'}}",
    )
    Path("apart.yaml").write_text(apart, encoding="utf-8")
    solution = negsim.solve(negsim.load("apart.yaml"))
    assert len(solution.merged) == 1
    assert lines_of("apart.yaml")[-4:] == [
        f"{solution.states} states; 26 members of crowd counted as alike.",
        "Members who look alike were told apart:",
        "  in rule `join`: `joins` at one member's turn sets `seen`, which another's reads (`when` of rule",
        "`join`)",
    ]


def test_a_day_that_is_too_much_is_named_and_a_matrix_says_which_cells_are_not_exact() -> None:
    reason = "on one day `begins` leads to more than 1,000 situations at one time"
    found = as_json("calls.yaml", "--max-states", 100)
    assert {key: found[key] for key in ("exact", "stopped", "reached", "bounds", "outcomes")} == {
        "exact": False,
        "stopped": reason,
        "reached": None,
        "bounds": {"many": [0.0, 1.0], "few": [0.0, 1.0]},
        "outcomes": {"many": 0.0, "few": 0.0},
    }
    assert lines_of("calls.yaml", "--max-states", 100)[5:7] == [
        f"Not exact: {reason}.", "Not even day 0 could be followed to its end.",
    ]  # fmt: skip
    _, out, _ = asked("calls.yaml", "--max-states", 100, "--readings", "all")
    assert [line.rstrip() for line in out.splitlines()][4:] == [
        "pace   many    few",
        "slow from 0 from 0",
        "       to 1   to 1",
        "fast      1      0",
        f"1 of 2 cells are not exact: {reason}.",
        "What can be done: give more with --max-states (it takes memory and time), make the scenario smaller,",
        "or sample with negsim explore.",
    ]


def test_a_model_error_ends_with_3_and_names_the_cell() -> None:
    assert asked("falls.yaml", "-q")[0] == 0
    status, out, error = asked("falls.yaml", "--readings", "up_to")
    assert (status, out) == (3, "")
    assert error.splitlines()[0] == "2 cells"
    assert error.splitlines()[1].startswith("error: the run stopped on day 2: with up_to=three: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "nothing=1"], "there is no parameter"),
        (["--readings", "tne"], "did you mean 'tone'?"),
        (["--outcome", "hed"], "did you mean 'held'?"),
        (["--max-states", "0"], "--max-states"),
        (["--picture", "curves.gif"], "'curves.gif' is no picture's name"),
        (["--choose", "reply=nothing"], "no option of `reply`"),
    ],
)
def test_a_request_that_does_not_fit_is_a_usage_error(words: list[str], said: str) -> None:
    status, out, error = asked("truce.yaml", *words)
    assert (status, out) == (2, "")
    assert said in error


# Pictures.


def test_a_picture_of_one_solution_has_its_bands_named_and_says_that_it_is_exact() -> None:
    pytest.importorskip("vl_convert")
    status, _, error = asked("truce.yaml", "--picture", "truce.svg", "-q")
    assert (status, error) == (0, "written to truce.svg\n")
    svg = Path("truce.svg").read_text(encoding="utf-8")
    solution = negsim.solve(negsim.load("truce.yaml"))
    for text in (
        "A truce: exact, day by day",
        f"broken truce {percent(solution.outcomes['broken_truce'])}",
        f"held {percent(solution.outcomes['held'])}",
    ):
        assert f">{text}<" in svg


def test_a_picture_of_a_matrix_has_a_row_for_each_other_reading_the_largest_effect_first() -> None:
    pytest.importorskip("vl_convert")
    asked("truce.yaml", "--readings", "each", "--picture", "matrix.json", "-q")
    chart = json.loads(Path("matrix.json").read_text(encoding="utf-8"))
    written = [row for each in chart["datasets"].values() for row in each if "words" in row]
    rows = [row["words"] for row in sorted(written, key=lambda row: row["y"]) if row["x"] < 100]
    assert rows[-5:] == ["as given", "Where?", "Everywhere.", "How?", "Harshly."]


def test_a_page_has_the_probabilities_and_no_network(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    asked("truce.yaml", "--picture", "page.html", "-q")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Exact: all runs of a model at once" in page
    assert "default-src &#x27;none&#x27;" in page


def test_nothing_is_drawn_where_nothing_is_known() -> None:
    pytest.importorskip("vl_convert")
    status, _, error = asked("calls.yaml", "--max-states", 100, "--picture", "calls.svg")
    assert (status, error.splitlines()[0]) == (2, "error: there is nothing to draw: not even day 0 could be followed")
    assert not Path("calls.svg").exists()


# A terminal.


INTERRUPTED = """
import signal
import sys

from rich.progress import Progress

from negsim.cli import main

shown = Progress.update


def update(self, *asked, description, **more):
    shown(self, *asked, description=description, **more)
    self.refresh()
    if description.startswith("cell 2 of 4, day 9 "):
        signal.raise_signal(signal.SIGINT)


Progress.update = update
main(sys.argv[1:])
"""


@pytest.mark.posix
def test_a_bar_is_shown_on_a_terminal_and_an_interruption_shows_the_cells_that_are_done() -> None:
    main_end, its_end = os.openpty()
    command = [sys.executable, "-c", INTERRUPTED, "solve", "truce.yaml", "--readings", "all"]
    env = {**os.environ, "TERM": "xterm", "PYTHONPATH": str(Path(negsim.__file__).parent.parent)}
    with Path("out.txt").open("w", encoding="utf-8") as file:
        process = subprocess.Popen(command, stdout=file, stderr=its_end, env=env)
    os.close(its_end)
    seen = b""
    with suppress(OSError):  # the other end is closed
        while chunk := os.read(main_end, 4096):
            seen += chunk
    os.close(main_end)
    assert process.wait() == 130
    assert "cell 1 of 4, day 60 of 60" in seen.decode()
    assert "cell 2 of 4, day 9 of 60" in seen.decode()
    assert "cell 2 of 4, day 10 of 60" not in seen.decode()
    assert "interrupted after 1 of 4 cells" in seen.decode()
    assert "broken truce" in Path("out.txt").read_text(encoding="utf-8")
