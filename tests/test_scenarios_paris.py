"""The Paris scenarios: what could be signed, under which reading, and what runs come to."""

from collections import Counter

import pytest

import negsim

BOTH = ["paris_2025", "paris_2025_unnamed"]


@pytest.mark.parametrize("name", BOTH)
def test_there_is_a_zone_and_it_is_small(name: str) -> None:
    space = negsim.deal(negsim.load(name))
    assert 1 <= len(space.zone) <= 8
    assert all(space.package(number)["us_backstop"] == "left_out" for number in space.zone)


@pytest.mark.parametrize("name", BOTH)
def test_a_veto_on_all_guarantees_leaves_no_zone(name: str) -> None:
    space = negsim.deal(negsim.load(name), read={"veto": "blocks_all"})
    assert not space.zone
    assert space.unlock == (("ukraine.forces",), ("russia.veto_all",))


def test_a_veto_on_troops_leaves_forces_outside() -> None:
    space = negsim.deal(negsim.load("paris_2025"), read={"veto": "blocks_troops"})
    assert {space.package(number)["western_forces"] for number in space.zone} == {"outside_ukraine"}


def test_guarantees_for_russia_are_in_every_deal_only_where_they_are_a_condition() -> None:
    scenario = negsim.load("paris_2025")
    for reading, wanted in (("principle", {"left_out", "included"}), ("condition", {"included"})):
        space = negsim.deal(scenario, read={"own_guarantees": reading})
        assert {space.package(number)["russian_guarantees"] for number in space.zone} == wanted


def test_where_ukraine_needs_the_backstop_the_silence_on_it_stands_in_the_way() -> None:
    space = negsim.deal(negsim.load("paris_2025"), read={"backstop_role": "condition"})
    assert space.unlock == (("ukraine.support",), ("us.unannounced",))


@pytest.mark.parametrize("name", BOTH)
def test_runs_come_to_different_ends(name: str) -> None:
    scenario = negsim.load(name)
    runs = [negsim.run(scenario, seed=seed) for seed in range(60)]
    ends = Counter(run.outcome for run in runs)
    assert {"war_goes_on", "guarded_stop", "unguarded_stop", "resumed"} <= ends.keys()
    assert max(ends.values()) < 45
    days = [event.day for run in runs for event in run.events if event.event == "agreed"]
    assert 20 < len(days) < 120
    assert max(Counter(days).values()) < 6


@pytest.mark.parametrize("seed", range(5))
def test_no_text_holds_forces_against_a_veto_on_them(seed: int) -> None:
    run = negsim.run(negsim.load("paris_2025"), seed=seed, read={"veto": "blocks_all"})
    assert all(event.fields["western_forces"] == "excluded" for event in run.events if event.event == "agreed")
