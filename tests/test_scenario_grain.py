"""The grain scenario says that each side acts by its own reading, and that a signed number binds all: it is so."""

import pytest

import negsim

NOBODY_WHO_OBJECTS = {"who_is_needed": "none_objects"}
IN_MAY = {"next_term@58": "object"}
LATE = {"renewal.rounds": 9}  # the talks agree in a late round, if they do


@pytest.fixture(scope="module")
def grain() -> negsim.Scenario:
    return negsim.load("grain_2022")


def over(run: negsim.Run) -> dict[str, int]:
    """On which day the Initiative was over, for whom."""
    found = {"russia": next(event.day for event in run.events if event.event == "objected_to")}
    return found | {str(event.fields["side"]): event.day for event in run.events if event.event == "over_for"}


@pytest.mark.parametrize(
    ("read", "days"),
    [
        ({}, {"ukraine": 118, "turkiye": 118, "united_nations": 118}),
        ({"march_term": "sixty"}, {"ukraine": 58, "turkiye": 58, "united_nations": 58}),
        ({"march_term.turkiye": "sixty"}, {"ukraine": 118, "turkiye": 58, "united_nations": 118}),
        ({"who_is_needed.ukraine": "those_left"}, {"turkiye": 118, "united_nations": 118}),
    ],
)
def test_after_an_objection_in_may_each_counts_its_own_days(
    grain: negsim.Scenario, read: dict[str, str], days: dict[str, int]
) -> None:
    for seed in range(5):
        run = negsim.run(grain, seed=seed, read={**NOBODY_WHO_OBJECTS, **read}, choose=IN_MAY, set=LATE)
        assert over(run) == {"russia": 58, **days}


def test_an_objection_in_july_finds_all_counts_over(grain: negsim.Scenario) -> None:
    choose = {"next_term@58": "extend", "next_term@118": "object"}
    for seed in range(5):
        run = negsim.run(grain, seed=seed, read=NOBODY_WHO_OBJECTS, choose=choose)
        assert set(over(run).values()) == {118}
        assert run.measures["read_apart"] == 0


def test_a_signed_number_is_the_term_for_all(grain: negsim.Scenario) -> None:
    seen = set()
    for seed in range(60):
        run = negsim.run(grain, seed=seed, choose=IN_MAY)
        signed = next((event for event in run.events if event.event == "agreed"), None)
        if signed is None:
            continue
        days = int(str(signed.fields["term"]))
        turns = [event for event in run.events if event.event in ("ran_on", "ended")]
        due = range(signed.day + days, 301, days)
        assert [event.day for event in turns] == [*due][: len(turns)]
        assert len(turns) == len(due) or turns[-1].event == "ended"
        seen |= {days, *(event.event for event in turns)}
    assert {120, "ran_on", "ended"} <= seen


def test_every_statement_can_be_looked_up(grain: negsim.Scenario) -> None:
    assert grain.statements
    assert [name for name, source in grain.sources.items() if not (source.url or "").startswith("https://")] == []
    assert [name for name, each in grain.statements.items() if each.sureness is None] == []
