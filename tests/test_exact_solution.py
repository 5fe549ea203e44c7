"""Exact solutions against what can be worked out by hand."""

from __future__ import annotations

import pytest

import negsim
from negsim.errors import ModelError, UsageError
from negsim.language import load_text

GATES = """
negsim: 1
title: Gates
start: 2030-05-01
horizon: 60
state: {gates: {values: [shut, open], initial: shut}, hits: {range: 0..9, initial: 0}}
events:
  gates_opened: {set: {gates: open}}
  hit: {set: {hits: "min(hits + 1, 9)"}}
rules:
  opens: {assumption: One chance in fifty a day., while: gates == shut, chance: 0.02, emit: gates_opened()}
  hits: {assumption: It comes at some time., on: gates_opened, after: geometric(0.1), emit: hit()}
outcomes: {struck: {when: hits > 0}, in_time: {when: gates == open}, too_late: {}}
measures: {days_to_open: first(gates_opened), open_days: days(gates == open), strikes: count(hit)}
"""

COINS = """
negsim: 1
title: Coins
start: 2030-05-01
horizon: 0
groups: {crowd: {members: {MEMBERS}}}
state: {crowd: {heads: {initial: false}}}
events:
  all_toss: {}
  heads: {fields: {who: crowd}, set: {who.heads: true}}
rules:
  begins: {assumption: made up, at: 0, emit: all_toss()}
  tosses: {assumption: made up, on: all_toss, for: m in crowd, chance: 0.3, emit: heads(m)}
outcomes: {many: {when: count(m for m in crowd if m.heads) >= 10}, few: {}}
""".replace("MEMBERS", ", ".join(f"m{number}: {{name: M{number}}}" for number in range(26)))

CALLS = """
negsim: 1
title: Each comes on a day of its own, and each has a name
start: 2030-05-01
horizon: 9
groups: {called: {members: {a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}}}}
state: {called: {here: {initial: false}}}
events:
  call: {}
  comes: {fields: {who: called}, set: {who.here: true}}
rules:
  begins: {assumption: made up, at: 0, emit: call()}
  comes: {assumption: made up, on: call, for: m in called, after: "uniform(1, 8)", emit: comes(m)}
outcomes: {many: {when: a.here and b.here and c.here and d.here and e.here and f.here and g.here}, few: {}}
"""


def test_a_daily_chance_gives_the_geometric_law_day_by_day() -> None:
    found = negsim.solve(load_text(GATES))
    for day, shut in enumerate(found.curves["too_late"]):
        assert shut == pytest.approx(0.98**day, abs=1e-12)
    assert found.outcomes["too_late"] == pytest.approx(0.98**60, abs=1e-12)
    assert sum(found.outcomes.values()) == pytest.approx(1, abs=1e-12)
    struck = sum(0.98 ** (day - 1) * 0.02 * (1 - 0.9 ** (60 - day)) for day in range(1, 61))
    assert found.outcomes["struck"] == pytest.approx(struck, abs=1e-12)
    assert found.is_exact
    assert found.states == 3


def test_expected_measures_are_those_of_the_geometric_law() -> None:
    found = negsim.solve(load_text(GATES), measures=True).measures
    chances = [0.98 ** (day - 1) * 0.02 for day in range(1, 61)]
    opened = sum(chances)
    first = sum(day * chance for day, chance in enumerate(chances, 1)) / opened
    assert found["days_to_open"].mean == pytest.approx(first, abs=1e-9)
    assert found["days_to_open"].missing == pytest.approx(0.98**60, abs=1e-12)
    assert found["open_days"].mean == pytest.approx(sum(1 - 0.98**day for day in range(61)), abs=1e-9)


STEPS = """
negsim: 1
title: One thing after another
start: 2030-05-01
horizon: 200
state: {at: {values: [nowhere, there, back], initial: nowhere}}
events:
  said: {}
  goes: {set: {at: there}}
  returns: {set: {at: back}}
  sings: {}
  rests: {}
history: [{date: 2030-04-20, emit: said(), assumption: made up}]
rules:
  goes: {assumption: made up, at: 3, emit: goes()}
  returns: {assumption: made up, on: goes, after: "uniform(1, 4)", emit: returns()}
  sings: {assumption: made up, on: goes, after: geometric(0.004), emit: sings()}
  never: {assumption: made up, at: 5, when: at == nowhere, emit: rests()}
outcomes: {end: {}}
measures:
  from_word_to_return: first(returns) - first(said)
  away: first(returns) - first(goes)
  twice: first(goes) + first(goes)
  to_song: first(sings) - first(goes)
  from_song_to_return: first(sings) - first(returns)
  to_rest: first(rests) - first(goes)
"""


def test_first_days_are_added_where_none_hangs_on_another() -> None:
    found = negsim.solve(load_text(STEPS), measures=True)
    law = [0.004 * 0.996 ** (day - 1) for day in range(1, 198)]
    sung = sum(law)
    measures = {name: (each.mean, each.missing) for name, each in found.measures.items()}
    assert measures == {
        "from_word_to_return": (pytest.approx(5.5 + 11, abs=1e-9), 0),
        "away": (pytest.approx(2.5, abs=1e-9), 0),
        "twice": (pytest.approx(6, abs=1e-9), 0),
        "to_song": (
            pytest.approx(sum(day * chance for day, chance in enumerate(law, 1)) / sung, abs=1e-9),
            pytest.approx(1 - sung, abs=1e-9),
        ),
        "to_rest": (None, 1),
    }


GUESTS = """
negsim: 1
title: Guests
start: 2030-05-01
horizon: 2
groups: {guests: {members: {ann: {}, ben: {}, cem: {}, dan: {}}}}
state: {guests: {here: {initial: false}}}
define: {present: count(g for g in guests if g.here)}
events: {came: {fields: {who: guests}, set: {who.here: true}}}
rules: {comes: {assumption: made up, for: g in guests, while: not g.here, chance: 0.5, emit: came(g)}}
outcomes: {full: {when: present == 4}, open: {}}
measures: {empty: 4 - present, arrivals: count(came), nights: days(present > 0), all_in: present * 10 + count(came)}
"""


def test_an_expected_measure_reads_the_state_in_which_each_run_ends() -> None:
    found = negsim.solve(load_text(GUESTS), measures=True).measures
    assert found["empty"].mean == pytest.approx(1, abs=1e-12)
    assert found["arrivals"].mean == pytest.approx(3, abs=1e-12)
    assert found["all_in"].mean == pytest.approx(33, abs=1e-12)
    assert found["nights"].mean == pytest.approx(2 - 1 / 16 - 1 / 256, abs=1e-12)


def test_six_and_twenty_coins_are_counted_and_not_listed() -> None:
    found = negsim.solve(load_text(COINS))
    from scipy.stats import binom  # noqa: PLC0415 - the test's own oracle

    assert found.outcomes["many"] == pytest.approx(float(binom.sf(9, 26, 0.3)), abs=1e-12)
    assert found.states <= 28


def test_where_states_are_too_many_the_solution_says_what_it_knows() -> None:
    found = negsim.solve(load_text(GATES), max_states=1)
    assert not found.is_exact
    assert found.stopped == "there are more than 1 states"
    assert found.reached == 0
    assert found.bounds["struck"] == (0.0, 1.0)
    assert found.as_json()["exact"] is False


def test_a_turn_with_too_many_ways_stops_before_it_has_eaten_the_memory() -> None:
    found = negsim.solve(load_text(CALLS))
    assert found.stopped == "on one day `begins` leads to more than 20,000 situations at one time"
    assert (found.reached, found.curves["many"], found.bounds["many"]) == (-1, (), (0.0, 1.0))
    assert found.as_json()["reached"] is None


def test_a_model_error_names_the_rule() -> None:
    text = GATES.replace("chance: 0.02", "chance: hits / hits")
    with pytest.raises(ModelError, match="opens"):
        negsim.solve(load_text(text))


def test_unknown_names_are_usage_errors() -> None:
    with pytest.raises(UsageError, match="no parameter"):
        negsim.solve(load_text(GATES), set={"nothing": 1})
    with pytest.raises(UsageError, match="at least 1"):
        negsim.solve(load_text(GATES), max_states=0)


LONG_DELAY = """
negsim: 1
title: It may take long
start: 2025-01-01
horizon: 100000
groups: {towns: {members: {elm: {name: Elm}, oak: {name: Oak}}}}
state: {towns: {told: {initial: false}}}
events: {asked: {}, told: {fields: {town: towns}, set: {town.told: true}}}
rules:
  asks: {assumption: A guess., at: 0, emit: asked()}
  tells: {assumption: A guess., on: asked, WHO after: "uniform(1, 100000)", emit: told(TOWN)}
outcomes: {over: {}}
"""


@pytest.mark.parametrize(("who", "town"), [("for: t in towns,", "t"), ("", "elm")])
def test_a_question_with_too_many_answers_is_given_up_at_once(who: str, town: str) -> None:
    found = negsim.solve(negsim.load_text(LONG_DELAY.replace("WHO", who).replace("TOWN", town)), max_states=2_000)
    assert (found.is_exact, found.reached) == (False, -1)
    assert found.stopped == "on one day `asks` leads to more than 1,000 situations at one time"


WORDS = """
negsim: 1
title: Words that are put off
start: 2025-03-01
horizon: 3
state: {total: {range: 0..9, initial: 0}}
events: {said: {fields: {word: 0..3}}, heard: {fields: {word: 0..3}, set: {total: total + word}}}
rules:
  says: {assumption: A guess., at: 1, emit: [said(1), said(3)]}
  hears: {assumption: A guess., on: said, after: 1, chance: 0.25, emit: heard(word)}
outcomes: {four: {when: total == 4}, three: {when: total == 3}, one: {when: total == 1}, none: {when: total == 0},
  other: {}}
"""


def test_actions_of_one_rule_that_wait_with_other_fields_are_told_apart() -> None:
    found = negsim.solve(load_text(WORDS))
    shares = {"four": 1 / 16, "three": 3 / 16, "one": 3 / 16, "none": 9 / 16, "other": 0}
    assert dict(found.outcomes) == pytest.approx(shares, abs=1e-12)


PICKED = """
negsim: 1
title: One of two, anew each day
start: 2025-03-01
horizon: 3
groups: {crew: {members: {ann: {name: Ann}, ben: {name: Ben}}}}
state: {crew: {up: {initial: false}}}
events: {cleared: {set: {crew.up: false}}, raised: {fields: {who: crew}, set: {who.up: true}}}
rules:
  picks:
    assumption: A guess.
    every: 1
    choose: {lift: {for: m in crew, emit: [cleared(), raised(m)], weight: 1}}
outcomes: {one: {when: count(m for m in crew if m.up) == 1}, other: {}}
"""


def test_ways_that_lead_to_the_same_counts_add_up() -> None:
    """Whether the one who was up stays so or hands over to the other, one is up and one is not."""
    found = negsim.solve(load_text(PICKED))
    assert found.is_exact
    assert dict(found.outcomes) == pytest.approx({"one": 1, "other": 0}, abs=1e-12)


DOUSED = """
negsim: 1
title: A bell that may be called off
start: 2025-03-01
horizon: 5
events: {sparked: {}, rang: {set: {rung: true}}, doused: {}}
state: {rung: {initial: false}}
rules:
  sparks: {assumption: A guess., at: 1, emit: sparked()}
  rings: {assumption: A guess., on: sparked, after: 2, unless: doused, emit: rang()}
  douses: {assumption: A guess., on: sparked, chance: 0.25, emit: doused()}
outcomes: {rung: {when: rung}, quiet: {}}
"""


def test_what_drops_an_action_on_one_way_drops_it_on_no_other() -> None:
    found = negsim.solve(load_text(DOUSED))
    assert dict(found.outcomes) == pytest.approx({"rung": 0.75, "quiet": 0.25}, abs=1e-12)


LAST_DAY = """
negsim: 1
title: Until a day
start: 2025-03-01
horizon: 9
state: {rung: {range: 0..9, initial: 0}}
events: {rang: {set: {rung: rung + 1}}}
rules: {rings: {assumption: A guess., every: 2, from: 2, until: 4, chance: 0.5, emit: rang()}}
outcomes: {twice: {when: rung == 2}, once: {when: rung == 1}, never: {}}
"""


def test_the_last_day_of_a_season_counts() -> None:
    """Days 2 and 4."""
    found = negsim.solve(load_text(LAST_DAY))
    assert dict(found.outcomes) == pytest.approx({"twice": 0.25, "once": 0.5, "never": 0.25}, abs=1e-12)


BOTH_TODAY = """
negsim: 1
title: A trigger and an action on one day
start: 2025-03-01
horizon: 6
state: {rung: {range: 0..9, initial: 0}}
events: {rang: {set: {rung: rung + 1}}}
rules: {rings: {assumption: A guess., every: 2, when: rung == 0, after: 2, emit: rang()}}
outcomes: {twice: {when: rung == 2}, once: {when: rung == 1}, other: {}}
"""


def test_a_trigger_comes_before_an_action_of_its_rule_that_is_due_that_day() -> None:
    """Triggered on days 2 and 4, since on day 4 nothing has rung yet; rung on days 4 and 6."""
    scenario = load_text(BOTH_TODAY)
    assert [event.day for event in negsim.run(scenario).events] == [4, 6]
    assert dict(negsim.solve(scenario).outcomes) == {"twice": 1, "once": 0, "other": 0}
