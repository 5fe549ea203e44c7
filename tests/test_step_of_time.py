"""Where a step of time is no day: what is wrong is told where it stands, and all that is shown says the step's word."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.errors import ModelError, ScenarioError
from negsim.scenario.apart import differing
from negsim.show.describe import describe, describe_json

SIEGE = """\
negsim: 1
title: A siege by the hour
step: hour
start: 2030-05-01T20:00
horizon: 60
actors: {ann: {name: Ann}, ben: {name: Ben}}
parameters: {pace: {value: 0.1, low: 0.05, high: 0.2, assumption: a}}
readings: {soon: {assumption: a, options: {now: Now., later: Later.}, default: now}}
state: {gate: {values: [open, shut], initial: open}, water: {range: 0..5, initial: 0}}
events:
  warned: {}
  shuts: {set: {gate: shut}}
  opens: {set: {gate: open}}
  rises: {set: {water: "min(water + 1, 5)"}}
history: [{date: 2030-05-01 18:00, emit: warned(), assumption: a}]
rules:
  rain: {assumption: a, while: gate == open, chance: pace, from: 2030-05-02, emit: rises()}
  guard:
    assumption: a
    every: 6
    until: 2030-05-03
    when: gate == open
    by: ann
    choose: {shut: {emit: shuts()}, wait: {weight: 3}}
  back: {assumption: a, on: shuts, after: "uniform(2, 5)", emit: opens()}
  again: {assumption: a, on: shuts, after: "5 if soon == now else 9", still: gate == shut, emit: opens()}
  once: {assumption: a, at: 2030-05-02 06:00, after: geometric(0.2), emit: rises()}
talks:
  t:
    parties: [ann, ben]
    opens: 2030-05-02T01:00
    every: 5
    rounds: 3
    while: gate == open
    issues: {flow: [little, much]}
    assumption: a
    positions:
      ann: {assumption: a, values: {flow: {much: 1}}}
      ben: {assumption: a, values: {flow: {little: 1}}, fallback: 0.4}
outcomes:
  wet: {when: water == 5, ends: true}
  dry: {when: water < 2}
  damp: {}
measures: {first_rise: first(rises)}
"""
TIME = re.compile(r"(?<![-\w#])(?:days?|daily)\b(?! N\b)", re.IGNORECASE)


def bare(step: str, start: str, rest: str = "", *, horizon: int = 30) -> str:
    head = f"negsim: 1\ntitle: T\nstep: {step}\nstart: {start}\nhorizon: {horizon}\nevents: {{e: {{}}}}\n"
    return head + rest + "outcomes: {o: {}}\n"


def told(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        negsim.load_text(text, name="m.yaml")
    return [f"{p.place.line}:{p.place.column}: {p.message} | {p.hint}" for p in caught.value.problems]


def rule(keys: str) -> str:
    return f"rules: {{r: {{assumption: a, {keys}, emit: e()}}}}\n"


HOURS = ("hour", "1962-10-16T09:00")


WRONG = [
    (
        bare("minute", "1962-10-16"),
        "3:7: `step` must be one of hour, day, week, month, not 'minute' | it can be: hour, day, week, month",
    ),
    (
        bare("month", "1962-10-29"),
        (
            "4:8: months begin on the day of the start, and not every month has a day 29 | begin on one of the days"
            " 1 to 28"
        ),
    ),
    (
        bare("week", "1962-10-16T09:00"),
        (
            "4:8: '1962-10-16T09:00' has a time of day, and time is counted in weeks | write 1962-10-16, or `step:"
            " hour` where time is counted in hours"
        ),
    ),
    (
        bare("hour", "1962-10-16T09:30"),
        "4:8: '1962-10-16T09:30' is no whole hour | write 1962-10-16T09:00",
    ),
    (
        bare("hour", "1962-10-16 9:00"),
        "4:8: '1962-10-16 9:00' is no date with a time | write 1962-10-16T09:00",
    ),
    (
        bare("hour", "1962-10-16T24:00"),
        "4:8: '1962-10-16T24:00': there is no hour 24 | hours are 00:00 to 23:00",
    ),
    (
        bare("hour", "1962-10-16T09:00+02:00"),
        "4:8: '1962-10-16T09:00+02:00' has a time zone | a scenario has one clock, its own: write 1962-10-16T09:00",
    ),
    (bare("hour", "1962-02-30T09:00"), "4:8: '1962-02-30' is no date: month 2 of 1962 has no day 30 | None"),
    (
        bare("hour", "16 October 1962"),
        (
            "4:8: '16 October 1962' is no date | write it as 1962-10-16T14:00 or 1962-10-16: year, month, day, and a"
            " whole hour"
        ),
    ),
    (
        bare(*HOURS, "history: [{date: 1962-10-16T10:00, emit: e(), assumption: a}]\n"),
        "7:18: 1962-10-16 10:00 is after the start, 1962-10-16 09:00 | history is the past; the future is rules",
    ),
    (
        bare(
            *HOURS,
            "history: [{date: 1962-10-16, emit: e(), assumption: a}, {date: 1962-10-15T23:00, emit: e(),"
            " assumption: a}]\n",
        ),
        (
            "7:64: 1962-10-15 23:00 comes after 1962-10-16 00:00 in the file | history is written in the order of its"
            " hours"
        ),
    ),
    (
        bare("week", "1962-10-16", "history: [{date: 1962-10-17, emit: e(), assumption: a}]\n"),
        "7:18: 1962-10-17 is after the start, 1962-10-16 | history is the past; the future is rules",
    ),
    (
        bare("month", "1962-10-02", rule("at: 1962-11")),
        "7:32: '1962-11' is no date | write it as 2025-09-04: year, month, day",
    ),
    (
        bare("hour", "9999-12-31", horizon=24),
        "5:10: hour 24 from 9999-12-31 00:00 is past the year 9999 | begin earlier, or end earlier",
    ),
    (
        bare("month", "9000-01-01", horizon=99_999),
        "5:10: month 99999 from 9000-01 is past the year 9999 | begin earlier, or end earlier",
    ),
    (bare(*HOURS, rule("every: 2 days")), "7:35: '2 days' is no number | write 48: time is counted in hours"),
    (
        bare(*HOURS, rule("every: weekly")),
        "7:35: `every` is a number of hours, not 'weekly' | write 168: time is counted in hours",
    ),
    (
        bare("week", "1962-10-16", rule("every: fortnightly")),
        "7:35: `every` is a number of weeks, not 'fortnightly' | write 2: time is counted in weeks",
    ),
    (
        bare("month", "1962-10-01", rule("on: e, after: 1 year")),
        "7:42: '1 year' is no number | write 12: time is counted in months",
    ),
    (
        bare(*HOURS, rule("on: e, when: hour > 3")),
        (
            "7:41: `hour` is not known here | the hour is `day`; a rule's own hours are given with `at`, `every`,"
            " `from` and `until`"
        ),
    ),
    (
        bare(*HOURS, rule("on: e, after: uniform(2)")),
        "7:42: `uniform` takes the least and the greatest number of hours | write uniform(1, 30)",
    ),
    (
        bare(*HOURS, rule("on: e, after: geometric()")),
        "7:42: `geometric` takes one number, the hourly chance | write geometric(0.1)",
    ),
    (bare(*HOURS, rule("at: [1, 2]")), "7:32: `at` must be an hour, a date or a parameter, not a list | None"),
    (
        bare(*HOURS, rule("at: 1962-10-16 + 3")),
        (
            "7:32: '1962-10-16' is a date, and no part of an expression | a"
            " date stands alone, and only where an hour is asked for; a sum is written with blanks"
        ),
    ),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_told_in_steps(text: str, said: str) -> None:
    assert told(text) == [said]


def test_a_start_that_is_wrong_is_the_one_problem() -> None:
    text = bare("month", "1962-10-30", "history: [{date: 1962-09, emit: e(), assumption: a}]\n" + rule("at: 1962-11"))
    assert [each.split(" | ")[0] for each in told(text)] == [
        "4:8: months begin on the day of the start, and not every month has a day 30"
    ]


def test_a_step_stands_in_the_root_alone() -> None:
    with pytest.raises(ScenarioError) as caught:
        negsim.load_text(bare(*HOURS, "include: [b.yaml]\n"), name="a.yaml", files={"b.yaml": "step: hour\n"})
    (problem,) = caught.value.problems
    assert problem.message == "`step` stands in the scenario's own file, not in one that it includes"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "siege.yaml").write_text(SIEGE, encoding="utf-8")
    return tmp_path


def asked(line: str, status: int = 0) -> str:
    result = CliRunner().invoke(main, line.split("|") if "|" in line else line.split(), catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.output


@pytest.mark.usefixtures("folder")
def test_no_command_speaks_of_days() -> None:
    commands = (
        "validate siege.yaml",
        "describe siege.yaml",
        "sources siege.yaml",
        "run siege.yaml --seed 1",
        "run siege.yaml --seed 2 --choose guard@7=shut",
        "log last",
        "state last --day 6",
        "why last",
        "why last 6",
        "why last --but-for",
        "why last --turning-points",
        "why last --turning-points --runs 5",
        "diff last last~1",
        "fork last --at 2030-05-02 --set pace=0.3",
        "explore siege.yaml --runs 10",
        "explore siege.yaml --runs 10 --readings soon",
        "solve siege.yaml",
        "solve siege.yaml --curves",
        "solve siege.yaml --max-states 200",
        "solve siege.yaml --maximise dry --by ann",
        "deal siege.yaml",
    )
    shown = {line: asked(line) for line in commands}
    found = {line: TIME.findall(text.replace("days(", "")) for line, text in shown.items()}
    assert {line: words for line, words in found.items() if words} == {}
    said = "\n".join(shown.values())
    for word in (
        "from hour 0 (2030-05-01 20:00) to hour 60 (2030-05-04 08:00)",
        "Once, at 2030-05-02 06:00, after a delay drawn as an hourly trial",
        "In each hour that begins with",
        "In an hour in which",
        "an hourly chance",
        "hour  event",
        "ended in hour",
        "came up in hours 6, 12",
        "choice, in hours",
        "How runs have ended by the dusk of an hour",
        "at dusk of 2030-05-02 02:00 (hour 6)",
    ):
        assert word in said, word


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("line", "page"),
    [
        ("report last -o page.html", "page.html"),
        ("report last --one-page -o page.html", "page.html"),
        ("report last last~1 -o page.html", "page.html"),
        ("report siege.yaml --one-page -o page.html", "page.html"),
        ("solve siege.yaml --picture page.html", "page.html"),
        ("solve siege.yaml --max-states 300 --picture page.svg", "page.svg"),
        ("why last --turning-points --picture page.svg", "page.svg"),
    ],
)
def test_no_page_speaks_of_days(line: str, page: str) -> None:
    asked("run siege.yaml --seed 1")
    asked("run siege.yaml --seed 2")
    asked(line)
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", "", Path(page).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert TIME.findall(text.replace("days(", "")) == []
    assert "hour" in text.lower() or page.endswith("svg")


@pytest.mark.usefixtures("folder")
def test_json_keeps_its_keys_and_says_the_step() -> None:
    found: dict[str, Any] = json.loads(asked("run siege.yaml --json"))
    assert (found["step"], found["events"][0]["day"], found["events"][0]["date"]) == ("hour", -2, "2030-05-01 18:00")
    assert set(found["ended_on"]) == {"day", "date"}
    assert json.loads(asked("solve siege.yaml --json"))["step"] == "hour"
    scenario = negsim.load("siege.yaml")
    assert describe_json(scenario)["scales"] == {
        "start": "2030-05-01 20:00",
        "horizon_days": 60,
        "last_date": "2030-05-04 08:00",
        "step": "hour",
    }
    assert TIME.search(describe(scenario).replace("days(", "")) is None
    in_days = json.loads(asked("run template --json"))
    assert "step" not in in_days


@pytest.mark.usefixtures("folder")
def test_moments_are_named_by_dates_with_a_time() -> None:
    asked("run siege.yaml --seed 1")
    by_date = asked("state|last|--day|2030-05-02 02:00|--json")
    assert json.loads(by_date)["day"] == 6
    assert json.loads(asked("state last --day 2030-05-02 --json"))["day"] == 4
    assert asked("state last --day 2030-05-02T02:30", 2) == (
        "error: '2030-05-02T02:30' is no whole hour\nhint: write it as 2030-05-01 20:00\n"
    )
    assert asked("state last --day 2030-05", 2) == (
        "error: '2030-05' has no day, and this scenario counts in hours\nhint: give a date\n"
    )
    assert "hint: --day can be at most 60, 2030-05-04 08:00" in asked("state last --day 61", 2)
    assert "the run ended at 2030-05-04 08:00, before 2030-05-05 00:00" in asked("fork last --at 2030-05-05", 2)
    run = negsim.run(negsim.load("siege.yaml"), choose=["guard@2030-05-02T02:00=shut"])
    assert run.header.settings.decisions[0].day == 6
    with pytest.raises(negsim.UsageError, match="'2030-05-02T02:30' is no hour"):
        negsim.run(negsim.load("siege.yaml"), choose=["guard@2030-05-02T02:30=shut"])


@pytest.mark.usefixtures("folder")
def test_a_time_of_day_is_no_moment_of_days() -> None:
    asked("run template")
    assert asked("state last --day 2025-01-01T10:00", 2) == (
        "error: '2025-01-01T10:00' has a time of day, and this scenario counts in days\nhint: give a date\n"
    )


def test_a_log_is_kept_read_and_made_again() -> None:
    run = negsim.run(negsim.load_text(SIEGE), seed=3)
    assert run.header.start == "2030-05-01 20:00"
    assert run.replay() is None
    fork = run.fork(at=1, set={"pace": 0.4})
    assert fork.replay() is None
    assert [event.date for event in run.events[:2]] == [event.date for event in fork.events[:2]]


@pytest.mark.parametrize(("step", "said"), [("hour", "hour 4"), ("week", "week 4"), ("day", "day 4")])
def test_a_run_that_stops_says_in_which_step(step: str, said: str) -> None:
    text = bare(step, "2030-01-01", "state: {n: {range: 0..1, initial: 0}}\n" + rule("every: 2")).replace(
        "{e: {}}", "{e: {set: {n: n + 1}}}"
    )
    scenario = negsim.load_text(text)
    with pytest.raises(ModelError) as run:
        negsim.run(scenario)
    with pytest.raises(ModelError) as solved:
        negsim.solve(scenario)
    assert str(run.value).startswith(f"{said}: event `e`: ")
    assert str(solved.value) == str(run.value)


def test_a_delay_that_is_no_whole_number_is_told_in_steps() -> None:
    rest = "parameters: {p: {value: 0.5, low: 0, high: 1, assumption: a}}\n" + rule("every: 2, after: p * 3")
    with pytest.raises(ModelError, match=r"hour 2: rule `r`: a delay of 1.5 is not a whole number of hours"):
        negsim.run(negsim.load_text(bare("hour", "2030-01-01", rest)))


@pytest.mark.parametrize(
    ("step", "start", "at", "said"),
    [
        ("day", "2030-05-01", "2030-05-04", "on 2030-05-04"),
        ("day", "2030-05-01", "3", "on day 3"),
        ("hour", "2030-05-01", "2030-05-04", "at 2030-05-04 00:00"),
        ("hour", "2030-05-01", "3", "in hour 3"),
        ("week", "2030-05-01", "2030-05-10", "on 2030-05-10"),
        ("week", "2030-05-01", "3", "in week 3"),
        ("month", "2030-05-01", "2030-06", "in 2030-06"),
        ("month", "2030-05-01", "2030-06-01", "in 2030-06"),
        ("month", "2030-05-01", "2030-06-10", "on 2030-06-10"),
        ("month", "2030-05-10", "2030-06-10", "on 2030-06-10"),
    ],
)
def test_a_rule_says_when_it_comes(step: str, start: str, at: str, said: str) -> None:
    assert f"Once, {said}, this is logged" in describe(negsim.load_text(bare(step, start, rule(f"at: {at}"))))


def test_two_scenarios_differ_in_their_step_or_in_their_start() -> None:
    one = negsim.load_text(bare("day", "2030-01-01"))
    assert list(differing(one, negsim.load_text(bare("week", "2030-01-01")))) == ["step"]
    assert list(differing(one, negsim.load_text(bare("day", "2030-01-02")))) == ["start"]
    assert differing(one, negsim.load_text(bare("day", "2030-01-01").replace("step: day\n", ""))) == {}
