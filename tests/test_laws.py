"""The laws of chance: what is drawn has the distribution that the language states.

Seeds are fixed, so each test gives the same verdict every time; a bound is four standard errors wide.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from scipy import stats

import negsim
from negsim.engine.calendar import Calendar
from negsim.engine.luck import Keyed
from negsim.engine.plan import Plan
from negsim.log.event import LoggedEvent
from negsim.program.program import Program
from negsim.scenario.settings import defaults

RUNS = 4_000
WIDE = 4.0


def scenario(body: str, horizon: int = 60) -> negsim.Scenario:
    return negsim.load_text(f"negsim: 1\ntitle: A law\nstart: 2025-01-01\nhorizon: {horizon}\n{body}")


def ensemble(found: negsim.Scenario, runs: int = RUNS) -> Iterator[Sequence[LoggedEvent]]:
    """The events of many runs, seeds 0, 1, …, one list a run."""
    program = Program(found, defaults(found))
    plan = Plan(program)
    for seed in range(runs):
        calendar = Calendar(plan, luck=Keyed(seed))
        calendar.run()
        yield calendar.events


def days_of(event: str, found: negsim.Scenario, runs: int = RUNS) -> list[int | None]:
    """The day of the first such event in each run; nothing where it never comes."""
    return [next((e.day for e in events if e.event == event), None) for events in ensemble(found, runs)]


def assert_share(count: int, of: int, chance: float) -> None:
    """A count is as likely as a chance says, within four standard errors."""
    error = math.sqrt(chance * (1 - chance) / of)
    assert abs(count / of - chance) <= WIDE * error + 1e-12, (count / of, chance, error)


def assert_law(counts: Counter[Any], of: int, law: Mapping[Any, float]) -> None:
    """Every share fits its chance; nothing outside the law occurs."""
    assert set(counts) <= set(law)
    for value, chance in law.items():
        assert_share(counts[value], of, chance)


ONCE = """
events: {fired: {set: {over: true}}}
rules: {fire: {assumption: a law, while: not over, chance: CHANCE, emit: fired()}}
outcomes: {end: {when: over, ends: true}, never: {}}
"""
OVER = "state: {over: {initial: false}}"


@pytest.mark.parametrize("chance", [0.02, 0.1, 0.5, 0.93])
def test_a_constant_chance_waits_a_geometric_time(chance: float) -> None:
    horizon = 60
    counts = Counter(days_of("fired", scenario(OVER + ONCE.replace("CHANCE", str(chance)), horizon)))
    law: dict[int | None, float] = {day: chance * (1 - chance) ** (day - 1) for day in range(1, horizon + 1)}
    law[None] = (1 - chance) ** horizon
    assert sum(law.values()) == pytest.approx(1)
    assert_law(counts, RUNS, law)


def test_a_chance_of_one_fires_each_day_and_a_chance_of_zero_never() -> None:
    body = """
events: {sure: {}, never: {}}
rules:
  is_sure: {assumption: a law, while: 1 < 2, chance: 1, emit: sure()}
  is_never: {assumption: a law, while: 1 < 2, chance: 0, emit: never()}
outcomes: {end: {}}
"""
    for events in ensemble(scenario(body, 20), 20):
        assert [(e.day, e.event) for e in events] == [(day, "sure") for day in range(1, 21)]


def test_a_chain_of_two_states_is_in_each_as_often_as_its_matrix_says() -> None:
    stop, resume, horizon = 0.15, 0.3, 30
    body = f"""
state: {{war: {{initial: true}}}}
events: {{stopped: {{set: {{war: false}}}}, resumed: {{set: {{war: true}}}}}}
rules:
  stops: {{assumption: a law, while: war, chance: {stop}, emit: stopped()}}
  resumes: {{assumption: a law, while: not war, chance: {resume}, emit: resumed()}}
outcomes: {{end: {{}}}}
"""
    at_war = [0] * (horizon + 1)
    for events in ensemble(scenario(body, horizon)):
        changes = {event.day: event.event == "resumed" for event in events}
        war = True
        for day in range(horizon + 1):
            war = changes.get(day, war)
            at_war[day] += war
    chance = 1.0
    for day in range(horizon + 1):
        assert_share(at_war[day], RUNS, chance)
        chance = chance * (1 - stop) + (1 - chance) * resume


def test_a_chance_that_moves_on_a_known_day_moves_the_law_from_the_next_trial_on() -> None:
    low, high, moved, horizon = 0.04, 0.25, 8, 40
    body = f"""
state: {{over: {{initial: false}}, hot: {{initial: false}}}}
events: {{fired: {{set: {{over: true}}}}, heated: {{set: {{hot: true}}}}}}
rules:
  heat: {{assumption: a law, at: {moved}, emit: heated()}}
  fire: {{assumption: a law, while: not over, chance: {high} if hot else {low}, emit: fired()}}
outcomes: {{end: {{}}}}
"""
    law, left = {}, 1.0
    for day in range(1, horizon + 1):
        chance = high if day > moved else low  # the trial of a day has the chance of the dusk before
        law[day], left = left * chance, left * (1 - chance)
    assert_law(Counter(days_of("fired", scenario(body, horizon))), RUNS, {**law, None: left})


def test_a_condition_that_is_false_for_some_days_starts_the_wait_anew() -> None:
    chance, horizon = 0.2, 20
    body = f"""
state: {{over: {{initial: false}}, on_hold: {{initial: false}}}}
events: {{fired: {{set: {{over: true}}}}, held: {{set: {{on_hold: true}}}}, freed: {{set: {{on_hold: false}}}}}}
rules:
  hold: {{assumption: a law, at: 3, emit: held()}}
  free: {{assumption: a law, at: 9, emit: freed()}}
  fire: {{assumption: a law, while: not over and not on_hold, chance: {chance}, emit: fired()}}
outcomes: {{end: {{}}}}
"""
    law, left = {}, 1.0
    for day in range(1, horizon + 1):
        # On day 3 the rule that holds acts first, so the item is dropped at its turn.
        if day < 3 or day > 9:
            law[day], left = left * chance, left * (1 - chance)
    assert_law(Counter(days_of("fired", scenario(body, horizon))), RUNS, {**law, None: left})


GROUP = """
groups: {crowd: {members: {ann: {name: Ann}, ben: {name: Ben}, cat: {name: Cat}, dan: {name: Dan}}}}
state: {crowd: {gone: {initial: false}}}
events: {left: {fields: {who: crowd}, set: {who.gone: true}}}
rules:
  leave:
    assumption: a law
    for: m in crowd
    while: not m.gone
    chance: RATE
    emit: left(m)
outcomes: {end: {}}
"""


def test_each_member_leaves_at_its_own_time() -> None:
    chance, day = 0.1, 7
    counts: Counter[int] = Counter()
    for events in ensemble(scenario(GROUP.replace("RATE", str(chance)), day)):
        counts[len(events)] += 1
    gone = 1 - (1 - chance) ** day
    assert_law(counts, RUNS, {k: math.comb(4, k) * gone**k * (1 - gone) ** (4 - k) for k in range(5)})


def test_a_chance_that_depends_on_how_many_have_left_gives_the_law_of_that_chain() -> None:
    horizon = 12
    rate = "0.02 + 0.1 * count(x for x in crowd if x.gone)"
    counts: list[Counter[int]] = [Counter() for _ in range(horizon + 1)]
    for events in ensemble(scenario(GROUP.replace("RATE", rate), horizon)):
        for day in range(horizon + 1):
            counts[day][sum(event.day <= day for event in events)] += 1
    law = {0: 1.0}
    for day in range(horizon + 1):
        assert_law(counts[day], RUNS, {k: law.get(k, 0.0) for k in range(5)})
        following: dict[int, float] = defaultdict(float)
        for gone, chance in law.items():
            p, left = 0.02 + 0.1 * gone, 4 - gone
            for more in range(left + 1):
                following[gone + more] += chance * math.comb(left, more) * p**more * (1 - p) ** (left - more)
        law = following


def delayed(after: str) -> negsim.Scenario:
    return scenario(
        f"""
events: {{asked: {{}}, answered: {{}}}}
rules:
  ask: {{assumption: a law, at: 1, emit: asked()}}
  answer: {{assumption: a law, on: asked, after: "{after}", emit: answered()}}
outcomes: {{end: {{}}}}
""",
        60,
    )


def test_a_uniform_delay_takes_each_day_as_often() -> None:
    counts = Counter(None if day is None else day - 1 for day in days_of("answered", delayed("uniform(2, 9)")))
    assert_law(counts, RUNS, dict.fromkeys(range(2, 10), 1 / 8))


@pytest.mark.parametrize("chance", [0.08, 0.4, 1.0])
def test_a_geometric_delay_is_a_daily_trial(chance: float) -> None:
    days = days_of("answered", delayed(f"geometric({chance})"))
    counts = Counter(None if day is None else day - 1 for day in days)
    law = {k: chance * (1 - chance) ** (k - 1) for k in range(1, 60)}
    assert_law(counts, RUNS, {**law, None: (1 - chance) ** 59})


def test_a_choice_falls_as_its_weights_say() -> None:
    body = """
groups: {pair: {members: {ann: {name: Ann}, ben: {name: Ben}}}}
state: {heavy: {initial: true}}
events: {chosen: {fields: {what: [red, green, blue, ann_s, ben_s]}}}
rules:
  choose_one:
    assumption: a law
    at: 1
    choose:
      red: {weight: 3 if heavy else 0, emit: chosen(red)}
      closed: {weight: 100, when: not heavy, emit: chosen(red)}
      nought: {weight: 0, emit: chosen(red)}
      green: {emit: chosen(green)}
      theirs: {for: m in pair, weight: 0.5, emit: chosen(ann_s if m == ann else ben_s)}
      nothing: {weight: 2.5}
outcomes: {end: {}}
"""
    counts = Counter(events[0].fields["what"] if events else None for events in ensemble(scenario(body, 1)))
    shares = {"red": 3, "green": 1, "ann_s": 0.5, "ben_s": 0.5, None: 2.5}
    assert_law(counts, RUNS, {name: weight / 7.5 for name, weight in shares.items()})


def test_a_chance_lets_as_many_triggers_through() -> None:
    body = """
events: {tried: {}, done: {}}
rules:
  trial: {assumption: a law, every: 1, emit: tried()}
  success: {assumption: a law, on: tried, chance: 0.35, emit: done()}
outcomes: {end: {}}
"""
    counts = Counter(event.event for events in ensemble(scenario(body, 50), 200) for event in events)
    assert counts["tried"] == 200 * 50
    assert_share(counts["done"], counts["tried"], 0.35)


# The draws themselves.


def stream(name: str, *actors: str) -> Any:
    """What a draw is named by, in the place of an instance: a rule and its actors."""
    return SimpleNamespace(name=name, actors=actors, streams=None)


@cache
def draws(number: int = 60_000) -> dict[str, list[float]]:
    """Draws of one stream, of many instances, and of many seeds."""
    one = Keyed(7)
    long = [one.draw(stream("rule"), "wait") for _ in range(number)]
    wide = [one.draw(stream("rule", f"actor_{i}"), "wait") for i in range(number)]
    rule = stream("rule")
    deep = [Keyed(seed).draw(rule, "wait") for seed in range(number)]
    return {"one stream": long, "many instances": wide, "many seeds": deep}


# Good draws go beyond such a bound once in a million times. One of a thousand would be passed by chance now and then:
# there are many tests, and each change of how a draw is made is a new trial of all of them.
RARE = 1e-6


@pytest.mark.parametrize("kind", ["one stream", "many instances", "many seeds"])
def test_draws_are_spread_evenly(kind: str) -> None:
    values = draws()[kind]
    assert min(values) >= 0
    assert max(values) < 1
    assert stats.kstest(values, "uniform").pvalue > RARE
    cells = Counter(int(value * 100) for value in values)
    assert stats.chisquare([cells[cell] for cell in range(100)]).pvalue > RARE


@pytest.mark.parametrize("kind", ["one stream", "many instances", "many seeds"])
def test_neighbouring_draws_tell_nothing_about_each_other(kind: str) -> None:
    values = draws()[kind]
    pairs = Counter((int(a * 10), int(b * 10)) for a, b in zip(values[::2], values[1::2], strict=True))
    assert stats.chisquare([pairs[i, j] for i in range(10) for j in range(10)]).pvalue > RARE


def test_the_purposes_of_one_rule_have_draws_of_their_own() -> None:
    streams = Keyed(3)
    found = [streams.draw(stream("rule"), purpose) for purpose in ("wait", "chance", "delay", "choose")]
    assert len(set(found)) == 4
