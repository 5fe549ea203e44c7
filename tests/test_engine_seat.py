"""A seat: the run stops at each decision of those who sit there, and what comes out is a run like any other."""

import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import negsim
from negsim.engine.run import header_for
from negsim.engine.seat import Seat
from negsim.errors import ModelError, UsageError
from negsim.log.lines import write_lines
from negsim.testing import scenarios, settings

TWO = """
negsim: 1
title: Two who decide
start: 2025-03-01
horizon: 12
groups: {towns: {members: {elm: {name: Elm}, oak: {name: Oak}}}}
state: {given: {range: 0..40, initial: 0}}
events: {asked: {fields: {town: towns}}, gave: {fields: {town: towns}, set: {given: given + 1}}, kept: {}}
rules:
  asks: {assumption: A guess., every: 3, until: 9, for: t in towns, emit: asked(t)}
  answers:
    assumption: A guess.
    on: asked
    by: town
    choose: {give: {emit: gave(town)}, keep: {emit: kept(), weight: 3}}
  late: {assumption: A guess., at: 5, after: "uniform(1, 4)", emit: gave(elm)}
outcomes: {over: {}}
"""


@pytest.fixture(scope="module")
def two() -> negsim.Scenario:
    return negsim.load_text(TWO)


def lines(run: negsim.Run) -> list[str]:
    return list(write_lines(run.log))


def some(examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck]
    )


def test_a_run_stops_at_each_decision_of_those_who_sit_there_and_goes_on(two: negsim.Scenario) -> None:
    seat = Seat(two, header_for(two, seed=4), ["elm"])
    found = []
    while seat.situation is not None:
        situation = seat.situation
        found.append((situation.day, situation.decision, situation.actor, dict(situation.options)))
        assert situation.state["given"] == sum(event.event == "gave" for event in seat.events)
        seat.decide("give" if situation.day != 6 else "keep")
    assert found == [(day, "answers", "elm", {"give": 1, "keep": 3}) for day in (3, 6, 9)]
    policy = negsim.run(
        two, seed=4, policy=lambda s: None if s.actor != "elm" else "keep" if s.day == 6 else "give"
    )  # fmt: skip
    assert seat.run is not None
    assert lines(seat.run) == lines(policy)
    assert seat.run.replay() is None
    assert seat.header == seat.run.header


def test_the_past_is_not_run_again(two: negsim.Scenario) -> None:
    seat = Seat(two, header_for(two, seed=4), ["elm", "oak"])
    before = seat.events
    while seat.decide("give") is not None:
        assert all(one is other for one, other in zip(before, seat.events, strict=False))
        assert len(seat.events) > len(before)
        before = seat.events


def test_another_seat_goes_on_from_the_header_of_the_run_so_far(two: negsim.Scenario) -> None:
    seat = Seat(two, header_for(two, seed=1), ["elm", "oak"])
    for option in ("give", "keep", "give"):
        seat.decide(option)
    other = Seat(two, seat.header, ["elm", "oak"])
    assert (other.situation, other.events) == (seat.situation, seat.events)
    for each in (seat, other):
        while each.decide("give") is not None:
            pass
    assert other.run is not None
    assert seat.run is not None
    assert lines(other.run) == lines(seat.run)


def test_what_was_chosen_beforehand_is_not_asked(two: negsim.Scenario) -> None:
    seat = Seat(two, header_for(two, choose={"answers@6": "give"}), ["elm"])
    assert seat.situation is not None
    days = [seat.situation.day]
    while seat.decide("keep") is not None:
        days.append(seat.situation.day)
    assert days == [3, 9]
    assert seat.run is not None
    assert [event.day for event in seat.run.events if event.event == "gave" and event.actor == "elm"] == [6]


def test_nobody_who_sits_there_decides_nothing_is_asked(two: negsim.Scenario) -> None:
    seat = Seat(two, header_for(two, seed=3), [])
    assert seat.situation is None
    assert seat.run is not None
    assert lines(seat.run) == lines(negsim.run(two, seed=3))
    with pytest.raises(UsageError, match="the run is over"):
        seat.decide("give")


def test_what_is_not_open_and_who_is_not_there_is_refused(two: negsim.Scenario) -> None:
    with pytest.raises(UsageError, match="there is no actor `elk`"):
        Seat(two, header_for(two), ["elk"])
    seat = Seat(two, header_for(two), ["oak"])
    with pytest.raises(UsageError, match="'giv' is not open at `answers`"):
        seat.decide("giv")
    assert seat.situation is not None
    assert seat.situation.day == 3


@some(60)
@given(scenarios(), st.data())
def test_a_seat_comes_to_the_run_that_a_policy_comes_to(text: str, data: st.DataObject) -> None:
    scenario = negsim.load_text(text)
    asked = data.draw(settings(scenario))
    actors = data.draw(st.sets(st.sampled_from(list(scenario.actors)))) if scenario.actors else set()
    answers = []
    header = header_for(scenario, **asked)
    try:
        seat = Seat(scenario, header, actors)
        while seat.situation is not None:
            if data.draw(st.booleans()):
                seat = Seat(scenario, seat.header, actors)
            assert seat.situation is not None
            answers.append(data.draw(st.sampled_from(list(seat.situation.options))))
            seat.decide(answers[-1])
    except ModelError:
        return
    assert seat.run is not None
    assert seat.run.replay() is None
    if not asked["choose"]:
        taken = iter(answers)
        again = negsim.run(scenario, **asked, policy=lambda s: next(taken) if s.actor in actors else None)
        assert lines(seat.run) == lines(again)
