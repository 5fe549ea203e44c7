"""A date that is written in another way is told as one, wherever a day is asked for."""

from __future__ import annotations

import pytest

import negsim
from negsim.errors import ScenarioError
from negsim.language import load_text

HEAD = """\
negsim: 1
title: Dates
start: 2030-01-01
horizon: 30
actors: {ann: {}, ben: {}}
parameters: {may2: {value: 2, assumption: a}}
events: {signs: {}}
"""
TAIL = "outcomes: {done: {}}\n"
TALKS = """\
talks:
  t:
    parties: [ann, ben]
    opens: DAY
    every: 7
    rounds: 2
    issues: {flow: [little, much]}
    assumption: a
    positions: {ann: {assumption: a, values: {flow: {much: 1}}}, ben: {assumption: a, values: {flow: {much: 1}}}}
"""
PLACES = {
    "start": "negsim: 1\ntitle: Dates\nstart: DAY\nhorizon: 30\n",
    "history": HEAD + "history: [{date: DAY, emit: signs(), assumption: a}]\n",
    "at": HEAD + "rules: {r: {assumption: a, at: DAY, emit: signs()}}\n",
    "from": HEAD + "rules: {r: {assumption: a, every: 7, from: DAY, emit: signs()}}\n",
    "until": HEAD + "rules: {r: {assumption: a, every: 7, until: DAY, emit: signs()}}\n",
    "every": HEAD + "rules: {r: {assumption: a, every: DAY, emit: signs()}}\n",
    "opens": HEAD + TALKS,
}
FORMS = {
    "2030-1-5": "2030-01-05",
    "2030/01/05": "2030-01-05",
    "2030.1.5": "2030-01-05",
    "5 January 2030": "2030-01-05",
    "5th of January 2030": "2030-01-05",
    "Jan 5 2030": "2030-01-05",
    "2030-Jan-05": "2030-01-05",
    "25.12.2030": "2030-12-25",
    "12/25/2030": "2030-12-25",
    # Which day it is cannot be told.
    "05.09.2030": "2025-09-04",
    "5/9/30": "2025-09-04",
    "2030-10": "2025-09-04",
    "October 2030": "2025-09-04",
    "5 October": "2025-09-04",
}


def told(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, name="m.yaml")
    return [f"{problem.message} | {problem.hint}" for problem in caught.value.problems]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", PLACES)
def test_it_is_told_with_the_day_that_is_meant(place: str, form: str) -> None:
    said = f"'{form}' is no date | write it as {FORMS[form]}: year, month, day"
    assert told(PLACES[place].replace("DAY", form) + TAIL) == [said]


@pytest.mark.parametrize("form", ["2030-01-05 12:00", "2030-01-05T12:00", "2030-01-05T12:30Z"])
@pytest.mark.parametrize("place", PLACES)
def test_a_time_of_day_is_for_hours(place: str, form: str) -> None:
    said = f"'{form}' has a time of day, and time is counted in days"
    hint = "write 2030-01-05, or `step: hour` where time is counted in hours"
    assert told(PLACES[place].replace("DAY", form) + TAIL) == [f"{said} | {hint}"]


@pytest.mark.parametrize("key", ["after: 2030-1-5", "when: 2030-10-15 > 3", 'when: "3 < 2030-10-15 + 1"'])
def test_within_an_expression_it_is_no_sum_either(key: str) -> None:
    written = "2030-1-5" if "after" in key else "2030-10-15"
    rules = f"rules: {{r: {{assumption: a, on: signs, {key}, emit: signs()}}}}\n"
    hint = "a date stands alone, and only where a day is asked for; a sum is written with blanks"
    assert told(HEAD + rules + TAIL) == [f"'{written}' is a date, and no part of an expression | {hint}"]


@pytest.mark.parametrize(("day", "comes"), [("2030 - 1 - 2020", 9), ("may2 + 3", 5), ("may2", 2), ("30-10-15", 5)])
def test_a_sum_and_a_name_are_what_they_were(day: str, comes: int) -> None:
    found = load_text(HEAD + f"rules: {{r: {{assumption: a, at: {day}, emit: signs()}}}}\n" + TAIL)
    assert [event.day for event in negsim.run(found).events] == [comes]


@pytest.mark.parametrize(
    ("since", "days"),
    [
        ("2029-12-25", [0, 7, 14, 21, 28]),
        ("-3", [4, 11, 18, 25]),
        ("-100", [5, 12, 19, 26]),
        ("0 - may2", [5, 12, 19, 26]),
    ],
)
def test_every_counts_from_a_day_before_the_start_as_talks_do(since: str, days: list[int]) -> None:
    rules = f"rules: {{r: {{assumption: a, every: 7, from: {since}, emit: signs()}}}}\n"
    talks = TALKS.replace("opens: DAY", f"opens: {since}").replace("rounds: 2", "rounds: 9")
    talks = talks.replace(
        "ben: {assumption: a, ", "ben: {assumption: a, red_lines: {no: {assumption: a, never: flow == much}}, "
    )
    found = load_text(HEAD + rules + talks + TAIL)
    events = negsim.run(found).events
    assert [event.day for event in events if event.event == "signs"] == days
    assert sorted({event.day for event in events if event.event in ("offered", "passed")}) == days


def test_the_exact_solution_counts_from_that_day_too() -> None:
    text = HEAD + (
        "state: {n: {range: 0..9, initial: 0}}\n"
        "rules: {r: {assumption: a, every: 7, from: -3, emit: counted()}}\n"
        "outcomes: {four: {when: n == 4}, other: {}}\n"
    )
    text = text.replace("events: {signs: {}}", "events: {signs: {}, counted: {set: {n: n + 1}}}")
    assert negsim.solve(load_text(text)).outcomes == {"four": 1.0, "other": 0.0}
