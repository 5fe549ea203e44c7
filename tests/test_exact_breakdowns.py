"""A solution breaks down where its runs do, and only there; a turn that may go round for ever has its law."""

from __future__ import annotations

import pytest

import negsim
from negsim.errors import ModelError

HEAD = """\
negsim: 1
title: Broken
start: 2030-01-01
horizon: 6
groups: {crew: {members: {ann: {}, ben: {}}}}
state: {level: {range: 0..9, initial: 0}, crew: {hits: {range: 0..9, initial: 0}}}
events:
  up: {set: {level: "min(level + 1, 9)"}}
  hit: {fields: {who: crew}, set: {who.hits: "min(who.hits + 1, 9)"}}
"""


def both(text: str) -> tuple[negsim.Scenario, ModelError]:
    """The scenario, and the error of one of its runs, which the solution must give too."""
    scenario = negsim.load_text(HEAD + text)
    with pytest.raises(ModelError) as failed:
        negsim.run(scenario)
    return scenario, failed.value


NO_CHANCE_AT_THE_HORIZON = """
rules:
  rises: {assumption: A test., at: 6, emit: up()}
  falls: {assumption: A test., while: level >= 1, chance: level + 1, emit: up()}
outcomes: {end: {}}
"""
NO_CHANCE_AS_THE_RUN_ENDS = """
rules:
  hits: {assumption: A test., every: 2, for: m in crew, emit: hit(m)}
  falls: {assumption: A test., for: m in crew, while: m.hits > 0, chance: m.hits + 1, emit: up()}
outcomes: {over: {when: any(m.hits > 0 for m in crew), ends: true}, end: {}}
"""
NO_OUTCOME_AT_THE_HORIZON = """
rules:
  rises: {assumption: A test., at: 6, emit: up()}
outcomes: {few: {when: 1 / (level - 1) < 2}, end: {}}
"""
AN_END_THAT_CANNOT_BE_TOLD = """
rules:
  rises: {assumption: A test., every: 2, emit: up()}
outcomes: {over: {when: 6 / (level - 1) > 6, ends: true}, end: {}}
"""
AN_END_BEHIND_ONE_THAT_HOLDS = """
rules:
  rises: {assumption: A test., every: 2, emit: up()}
outcomes: {one: {when: level == 1, ends: true}, over: {when: 6 / (level - 1) > 6, ends: true}, end: {}}
"""
A_DUSK_THAT_CANNOT_BE_COUNTED = """
rules:
  hits: {assumption: A test., every: 2, for: m in crew, emit: hit(m)}
outcomes: {end: {}}
measures: {quiet: days(min(m.hits for m in crew if m.hits < 2) == 0)}
"""


@pytest.mark.parametrize(
    "text",
    [
        NO_CHANCE_AT_THE_HORIZON,
        NO_CHANCE_AS_THE_RUN_ENDS,
        NO_OUTCOME_AT_THE_HORIZON,
        AN_END_THAT_CANNOT_BE_TOLD,
        AN_END_BEHIND_ONE_THAT_HOLDS,
        A_DUSK_THAT_CANNOT_BE_COUNTED,
    ],
)
def test_a_solution_breaks_down_at_the_dusk_at_which_runs_do(text: str) -> None:
    scenario, error = both(text)
    with pytest.raises(ModelError) as failed:
        negsim.solve(scenario)
    assert (failed.value.day, failed.value.where, str(failed.value)) == (error.day, error.where, str(error))


OUTCOMES_WITHOUT_A_MEANING_AT_FIRST = """
rules:
  begins: {assumption: A test., at: 2, emit: up()}
  rises: {assumption: A test., while: level > 0, chance: 0.5, emit: up()}
outcomes: {few: {when: 6 / level > 2}, end: {}}
"""


def test_an_outcome_that_has_no_meaning_before_the_last_day_is_no_error_and_on_no_curve() -> None:
    found = negsim.solve(negsim.load_text(HEAD + OUTCOMES_WITHOUT_A_MEANING_AT_FIRST))
    few = [0, 0, 1, 1, 3 / 4, 2 / 4, 5 / 16]  # 1 on day 2, and 3 from the second success on
    assert found.curves["few"] == pytest.approx([*few], abs=1e-12)
    assert found.curves["end"] == pytest.approx([0, 0, *(1 - each for each in few[2:])], abs=1e-12)
    assert dict(found.outcomes) == pytest.approx({"few": 5 / 16, "end": 11 / 16}, abs=1e-12)


def test_an_outcome_is_looked_at_only_where_none_before_it_holds() -> None:
    text = """
rules: {rises: {assumption: A test., every: 1, chance: 0.5, emit: up()}}
outcomes: {none: {when: level == 0}, few: {when: 6 / level > 2}, many: {}}
"""
    found = negsim.solve(negsim.load_text(HEAD + text))
    expected = {"none": 1 / 64, "few": 21 / 64, "many": 42 / 64}
    assert dict(found.outcomes) == pytest.approx(expected, abs=1e-12)


AGAIN_AND_AGAIN = """
rules:
  begins: {assumption: A test., at: 1, emit: up()}
  goes_on: {assumption: A test., on: up, chance: 0.97, emit: up()}
outcomes: {many: {when: level >= 3}, few: {}}
measures: {times: count(up)}
"""
MEMBERS_AGAIN_AND_AGAIN = """
rules:
  begins: {assumption: A test., at: 1, for: m in crew, emit: hit(m)}
  goes_on: {assumption: A test., on: hit, chance: 0.97, emit: hit(who)}
outcomes: {many: {when: all(m.hits >= 3 for m in crew)}, few: {}}
measures: {times: count(hit)}
"""


@pytest.mark.parametrize(("text", "many"), [(AGAIN_AND_AGAIN, 1), (MEMBERS_AGAIN_AND_AGAIN, 2)])
def test_a_turn_that_may_go_round_for_ever_has_the_geometric_law(text: str, many: int) -> None:
    found = negsim.solve(negsim.load_text(HEAD + text), measures=True)
    assert found.is_exact
    assert found.outcomes["many"] == pytest.approx(0.97 ** (2 * many), abs=1e-12)
    assert sum(found.outcomes.values()) == pytest.approx(1, abs=1e-12)
    assert found.measures["times"].mean == pytest.approx(many / 0.03, abs=1e-9)


def test_a_turn_that_never_ends_is_too_large_and_not_waited_for() -> None:
    text = AGAIN_AND_AGAIN.replace("chance: 0.97, emit: up()", "choose: {one: {emit: up()}, other: {emit: up()}}")
    found = negsim.solve(negsim.load_text(HEAD + text))
    assert not found.is_exact
    assert found.stopped == "on one day `begins` asks for more than 10,000 draws in a row"


SOME_END_AS_A_SEASON_BEGINS = """
rules:
  rises: {assumption: A test., every: 1, chance: 0.5, emit: up()}
  falls: {assumption: A test., from: 4, while: level >= 1, chance: level + 1, emit: up()}
outcomes: {over: {when: level >= 1, ends: true}, end: {}}
"""


def test_the_dusk_before_a_season_is_looked_at_though_the_same_end_came_before_it() -> None:
    """Runs that end on day 1 or 2 see no chance of `falls`; those that end on day 3, in the same state, do."""
    scenario = negsim.load_text(HEAD + SOME_END_AS_A_SEASON_BEGINS)
    for draws, day in (([0.25], 1), ([0.75, 0.25], 2)):
        assert negsim.run(scenario, luck={"rises.chance": draws}).ended_on == day
    with pytest.raises(ModelError) as failed:
        negsim.run(scenario, luck={"rises.chance": [0.75, 0.75, 0.25]})
    with pytest.raises(ModelError) as solved:
        negsim.solve(scenario)
    assert str(solved.value) == str(failed.value)
    assert "day 3" in str(failed.value)
