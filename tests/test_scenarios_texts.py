"""What the shipped scenarios say in words is what their rules do."""

from __future__ import annotations

import re

import pytest

import negsim
from negsim.scenario.rules import Event, Measure, Outcome

SHIPPED = (
    "grain_2022",
    "ifor_1995",
    "karabakh_2020",
    "mfo_1982",
    "minsk_2015",
    "october_1962",
    "paris_2025",
    "paris_2025_unnamed",
    "template",
    "unifil_2006",
)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_outcome_event_and_measure_is_put_in_words(name: str) -> None:
    scenario = negsim.load(name)
    logged_by_talks = {"decided", "offered", "passed", "refused", "agreed", "lapsed"}
    named: list[Outcome | Measure | Event] = [*scenario.outcomes.values(), *scenario.measures.values()]
    named += [event for event in scenario.events.values() if event.name not in logged_by_talks]
    assert [each.name for each in named if not each.text] == []
    assert [each.name for each in scenario.measures.values() if each.text and each.text.endswith(".")] == []
    labels = [each.text for each in scenario.measures.values()]
    assert len({*labels}) == len(labels)


def in_ukraine(run: negsim.Run) -> int:
    """How many states have forces there at the end."""
    state = run.state()
    return sum(
        state[f"{member}.force"] in ("first_units", "in_place")
        and state[f"{member}.place"] in ("on_land", "sea_or_air")
        for member in run.scenario.groups["coalition"].members
    )


def claimed(run: negsim.Run) -> bool:
    """What the text of an outcome claims, looked up in the log and in the last state: whether it is so."""
    happened = [event.event for event in run.events]
    stopped = run.state()["conflict"] != "fighting"
    most, there = run.header.settings.parameters["escalation_at"], run.header.settings.parameters["guarded_from"]
    match run.outcome:
        case "escalation":
            return happened.count("fire_returned") >= most
        case "resumed":
            return not stopped and "conflict_stops" in happened and "fighting_resumes" in happened
        case "guarded_stop":
            return stopped and in_ukraine(run) >= there
        case "unguarded_stop":
            return stopped and in_ukraine(run) < there
        case _:
            return not stopped and "conflict_stops" not in happened


@pytest.mark.parametrize("changed", [{}, {"escalation_at": 1, "guarded_from": 12}])
def test_the_text_of_an_outcome_holds_in_each_run_that_ends_so(changed: dict[str, int]) -> None:
    scenario = negsim.load("paris_2025")
    runs = [negsim.run(scenario, seed=seed, set=changed) for seed in range(25)]
    assert {run.outcome for run in runs} >= {"resumed", "guarded_stop", "unguarded_stop"}
    assert [run.header.seed for run in runs if not claimed(run)] == []
    wanted = {
        "escalation": f"have come to {changed.get('escalation_at', 2)} or more.",
        "guarded_stop": f"at least {changed.get('guarded_from', 5)} of the coalition's states",
        "unguarded_stop": f"fewer than {changed.get('guarded_from', 5)} of the coalition's states",
    }
    assert all(wanted[run.outcome] in (run.outcome_text or "") for run in runs if run.outcome in wanted)


def test_fire_that_is_exchanged_once_is_no_escalation_unless_once_is_enough() -> None:
    scenario = negsim.load("paris_2025")
    runs = [negsim.run(scenario, seed=seed) for seed in range(40)]
    once = [run for run in runs if run.measures["exchanges_of_fire"] == 1]
    assert once
    assert "escalation" not in {run.outcome for run in once}
    for run in once[:3]:
        again = negsim.run(scenario, seed=run.header.seed, set={"escalation_at": 1})
        assert again.outcome == "escalation"
        assert again.outcome_text == "Exchanges of fire between Russia and coalition forces have come to 1 or more."


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shown_of_a_run_has_no_brace_left(name: str) -> None:
    run = negsim.run(negsim.load(name), seed=3)
    shown = [run.text(event.seq) for event in run.events] + [run.outcome_text or ""]
    assert [text for text in shown if re.search(r"[{}\[\]]", text)] == []


RECORDED = {
    "soviet_ships": "turn_back",
    "soviet_first_letter": "offer",
    "soviet_second_letter": "ask_for_turkey",
    "cuban_guns": "open_fire",
    "us_review": "wait",
    "us_after_plane": "wait",
    "us_answers": "private_word",
    "soviet_reply": "accept",
}


@pytest.mark.parametrize("seed", range(5))
def test_the_decisions_on_record_take_october_1962_through_the_hours_on_record(seed: int) -> None:
    run = negsim.run(negsim.load("october_1962"), seed=seed, set={"plane_chance": 1}, choose=RECORDED)
    assert run.outcome == "agreed_private_word"
    hour = {event.event: event.day for event in run.events}
    assert (hour["plane_shot_down"], hour["answer_given"], hour["acceptance_broadcast"]) == (112, 121, 134)
    hours = [run.measures[name] for name in ("hours_to_acceptance", "hours_from_photographs", "hours_to_answer")]
    assert hours == [134, 288, 26]


def test_october_1962_comes_to_each_of_its_outcomes_and_each_reading_changes_some_runs() -> None:
    scenario = negsim.load("october_1962")
    as_given = [negsim.run(scenario, seed=seed).outcome for seed in range(60)]
    seen = {*as_given}
    for reading in scenario.readings.values():
        other = next(each for each in reading.options if each != reading.default)
        ends = [negsim.run(scenario, seed=seed, read={reading.name: other}).outcome for seed in range(60)]
        assert ends != as_given, reading.name
        seen |= {*ends}
    assert seen == {*scenario.outcomes}
