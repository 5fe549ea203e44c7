"""An option that has no effect, or that does not go with another, is never passed over in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import negsim
from negsim.cli import main
from negsim.errors import UsageError

DUEL = """\
negsim: 1
title: A choice
start: 2030-01-01
horizon: 3
actors: {north: {name: North}}
parameters: {luck: {value: 0.5, low: 0.1, high: 0.9, assumption: a}}
state: {side: {values: [none, heads, tails], initial: none}}
events: {heads: {set: {side: heads}}, tails: {set: {side: tails}}, wind: {}}
rules:
  call:
    assumption: a
    at: 1
    by: north
    choose: {heads: {weight: 1, emit: heads()}, tails: {weight: 1, emit: tails()}}
  blows: {assumption: a, while: side == none, chance: luck, emit: wind()}
outcomes: {heads: {when: side == heads}, tails: {}}
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    Path("duel.yaml").write_text(DUEL)


def asked(*words: str) -> Result:
    return CliRunner().invoke(main, [*words])


def test_quiet_best_play_prints_the_outcomes_alone() -> None:
    done = asked("solve", "duel.yaml", "--maximise", "heads", "--by", "north", "-q")
    assert done.exit_code == 0, done.output
    assert [" ".join(line.split()) for line in done.output.splitlines() if line.strip(" ─")] == [
        "outcome if they choose so if all go by weight",
        "heads 100 % 50.00 %",
        "tails 0 % 50.00 %",
    ]


def test_a_policy_beside_best_play_is_refused() -> None:
    saved = asked("solve", "duel.yaml", "--maximise", "heads", "--by", "north", "--save-policy", "north.json")
    assert saved.exit_code == 0, saved.output
    done = asked("solve", "duel.yaml", "--minimise", "heads", "--by", "north", "--policy", "north.json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "best play and --policy do not go together" in done.stderr
    with pytest.raises(UsageError, match="best play and a policy do not go together"):
        negsim.solve(negsim.load("duel.yaml"), minimise="heads", by=["north"], policy=lambda _: "heads")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["solve", "duel.yaml", "--outcome", "heads"], "note: --outcome orders readings"),
        (["solve", "duel.yaml", "--all"], "note: --all shows cells; here it changes nothing"),
        (["explore", "duel.yaml", "--runs", "5", "--outcome", "heads"], "note: --outcome orders readings"),
        (["explore", "duel.yaml", "--runs", "5", "--all"], "note: --all shows every cell"),
    ],
)
def test_what_changes_nothing_is_noted(words: list[str], said: str) -> None:
    done = asked(*words)
    assert done.exit_code == 0, done.output
    assert said in done.stderr
    assert "note:" not in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--picture", "p.svg"], "--picture says how turning points are had"),
        (["0", "--runs", "5"], "--runs says how turning points are had"),
        (["0", "--sampled"], "--sampled says how turning points are had"),
        (["0", "--exact"], "--exact says how turning points are had"),
        (["0", "--turning-points"], "--turning-points and event 0 do not go together"),
        (["--turning-points", "--but-for"], "--turning-points and --but-for do not go together"),
        (["--turning-points", "--exact", "--runs", "5"], "exact turning points need no runs"),
        (["--turning-points", "--sampled", "--max-states", "5"], "sampled turning points count no states"),
    ],
)
def test_options_of_another_question_are_refused(words: list[str], said: str) -> None:
    assert asked("run", "duel.yaml", "-q").exit_code == 0
    done = asked("why", "last", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_processes_for_what_needs_no_runs_are_refused() -> None:
    done = asked("explore", "duel.yaml", "--sensitivity", "--exact", "--points", "4", "--workers", "2")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--sensitivity --exact and --workers do not go together" in done.stderr


def test_what_is_bounded_within_a_day_is_said() -> None:
    members = ", ".join(f"m{number}: {{}}" for number in range(12))
    Path("many.yaml").write_text(f"""\
negsim: 1
title: All at once
start: 2030-01-01
horizon: 3
groups: {{crowd: {{members: {{{members}}}}}}}
state: {{crowd: {{up: {{initial: false}}}}, ups: {{range: 0..4095, initial: 0}}}}
events: {{rises: {{fields: {{who: crowd}}, set: {{who.up: true, ups: "min(2 * ups + 1, 4095)"}}}}}}
rules: {{rise: {{assumption: a, for: m in crowd, at: 1, chance: 0.5, emit: rises(m)}}}}
outcomes: {{odd: {{when: ups > 100}}, even: {{}}}}
""")
    done = asked("solve", "many.yaml", "--max-states", "1")
    assert done.exit_code == 0, done.output
    assert "Not exact: there are more than 20 situations in the middle of days in all." in done.stdout


MOOT = """\
negsim: 1
title: A reading at the table
start: 2030-01-01
horizon: 9
actors: {a: {name: A}, b: {name: B}}
readings: {all_day: {assumption: a, question: All day?, options: {yes_: Yes., no_: No.}, default: yes_}}
talks:
  t:
    parties: [a, b]
    opens: 1
    every: 1
    rounds: 2
    issues: {hour: [day, night]}
    positions:
      a: {assumption: a, red_lines: {night: {never: hour == night, assumption: a}}}
      b: {assumption: a, red_lines: {day: {never: hour == day and all_day == yes_, assumption: a}}}
outcomes: {deal: {when: t.phase == agreed}, none: {}}
"""
COMPARE = "These positions look at readings (all_day): --readings all compares their answers.\n"


def test_a_deal_says_how_readings_are_compared_where_some_bear_on_it() -> None:
    Path("moot.yaml").write_text(MOOT)
    assert asked("deal", "moot.yaml").stdout.endswith(COMPARE)
    assert "all_day" in asked("deal", "moot.yaml", "--readings", "all").stdout
    Path("moot.yaml").write_text(MOOT.replace(" and all_day == yes_", ""))
    assert "readings" not in asked("deal", "moot.yaml").stdout


@pytest.mark.parametrize(
    ("words", "flag"), [(("--at", "last:1"), "--at"), (("-o", "x.svg"), "-o"), (("--all",), "--all")]
)
def test_what_does_not_go_with_deals_under_each_answer_is_refused(words: tuple[str, ...], flag: str) -> None:
    Path("moot.yaml").write_text(MOOT)
    done = asked("deal", "moot.yaml", "--readings", "all", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"hint: leave out {flag}, or take one answer with --read NAME=OPTION" in done.stderr
    assert not Path("x.svg").exists()
