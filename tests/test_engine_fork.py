"""Forks: the past stays as it was, what is changed changes, the luck stays in step; and a long log stays small."""

import tracemalloc
from typing import Any

import pytest

import negsim
from negsim.errors import ModelError, UsageError
from negsim.log.event import LoggedEvent, as_json
from negsim.log.fold import recount

CASCADE = """
negsim: 1
title: A spark and what follows
start: 2025-03-01
horizon: 40
groups: {towns: {members: {elm: {name: Elm}, oak: {name: Oak}, ash: {name: Ash}}}}
parameters:
  spread: {value: 0.5, low: 0, high: 1, assumption: A guess.}
  pause: {value: 2, low: 0, high: 9, assumption: A guess.}
readings:
  rule_of_law: {assumption: A guess., options: {strict: Strict., loose: Loose.}, default: strict}
state:
  towns: {burning: {initial: false}, unrest: {range: 0..9, initial: 0}}
  guarded: {initial: false}
events:
  founded: {fields: {town: towns}}
  sparked: {fields: {town: towns}, set: {town.unrest: "min(town.unrest + 1, 9)"}}
  burned: {fields: {town: towns}, set: {town.burning: true}}
  told: {fields: {town: towns, to: towns}}
  guard_set: {set: {guarded: true}}
history:
  - {date: 2025-02-01, emit: founded(elm), assumption: Made up.}
  - {date: 2025-02-02, emit: founded(oak), assumption: Made up.}
rules:
  spark: {assumption: A guess., every: 10, for: t in towns, chance: 0.6, when: not guarded, emit: sparked(t)}
  burn: {assumption: A guess., on: sparked, when: rule_of_law == strict, after: pause, emit: burned(town)}
  tell: {assumption: A guess., on: burned, for: o in towns, when: o != town, chance: spread, emit: "told(town, o)"}
  watch:
    assumption: A guess.
    on: told
    by: to
    choose: {guard: {emit: guard_set(), weight: 1}, ignore: {weight: 3}}
outcomes: {guarded: {when: guarded}, burning: {when: any(t.burning for t in towns)}, calm: {}}
measures: {sparks: count(sparked), told: count(told), first_fire: first(burned)}
"""


def loaded(text: str) -> negsim.Scenario:
    return negsim.load_text(text, name="made.yaml")


@pytest.fixture(scope="module")
def cascade() -> negsim.Scenario:
    return loaded(CASCADE)


@pytest.fixture(scope="module")
def run(cascade: negsim.Scenario) -> negsim.Run:
    return negsim.run(cascade, seed=11)


def lines(run: negsim.Run) -> list[str]:
    """The events as short texts: `10 sparked(elm) by spark`."""
    return [
        f"{e.day} {e.event}({', '.join(map(str, e.fields.values()))})" + (f" by {e.rule}" if e.rule else "")
        for e in run.events
    ]


def same_past(parent: negsim.Run, fork: negsim.Run, at: int) -> None:
    assert [as_json(e) for e in fork.events[: at + 1]] == [as_json(e) for e in parent.events[: at + 1]]
    assert fork.header.parent == parent.id
    assert fork.replay() is None
    assert fork.id != parent.id


SIMPLE = """
negsim: 1
title: One thing after another
start: 2025-03-01
horizon: 12
parameters:
  step: {value: 3, low: 1, high: 9, assumption: A guess.}
  third_day: {value: 9, low: 0, high: 12, assumption: A guess.}
readings: {way: {assumption: A guess., options: {left: Left., right: Right.}, default: left}}
state: {n: {range: 0..99, initial: 0}}
events:
  past: {fields: {k: 0..9}, set: {n: n + 10}}
  tick: {set: {n: n + 1}}
  tock: {}
  went: {fields: {where: [left, right]}}
  extra: {}
  echo: {}
history:
  - {date: 2025-02-01, emit: past(1), assumption: Made up.}
  - {date: 2025-02-03, emit: past(2), assumption: Made up.}
rules:
  ticks: {assumption: A guess., every: step, emit: tick()}
  tocks: {assumption: A guess., on: tick, emit: tock()}
  goes: {assumption: A guess., on: tick, when: n % 2 == 1, emit: went(way)}
  thirds: {assumption: A guess., at: third_day, emit: extra()}
  echoes: {assumption: A guess., on: extra, emit: echo()}
outcomes: {end: {}}
measures: {ticks: count(tick), pasts: count(past), level: n, echoes: count(echo)}
"""


@pytest.fixture(scope="module")
def simple() -> negsim.Run:
    return negsim.run(loaded(SIMPLE))


def test_what_the_simple_run_is(simple: negsim.Run) -> None:
    assert lines(simple) == [
        "-28 past(1)",
        "-26 past(2)",
        "3 tick() by ticks",
        "3 tock() by tocks",
        "3 went(left) by goes",
        "6 tick() by ticks",
        "6 tock() by tocks",
        "9 tick() by ticks",
        "9 tock() by tocks",
        "9 went(left) by goes",
        "9 extra() by thirds",
        "9 echo() by echoes",
        "12 tick() by ticks",
        "12 tock() by tocks",
    ]
    assert dict(simple.measures) == {"ticks": 4, "pasts": 2, "level": 24, "echoes": 1}


# The past and the luck.


@pytest.mark.parametrize("seed", range(4))
def test_the_past_is_the_parents_up_to_the_fork_wherever_it_begins(cascade: negsim.Scenario, seed: int) -> None:
    parent = negsim.run(cascade, seed=seed)
    for at in range(-1, len(parent.events)):
        same_past(parent, parent.fork(at=at, set={"spread": 1}), at)
        same_past(parent, parent.fork(at=at, emit="sparked(ash)"), at)
        same_past(parent, parent.fork(at=at, choose=["watch=ignore"]), at)
        same_past(parent, parent.fork(at=at, read={"rule_of_law": "loose"}), at)


@pytest.mark.parametrize("seed", range(4))
def test_a_change_that_matters_to_nothing_changes_nothing(cascade: negsim.Scenario, seed: int) -> None:
    parent = negsim.run(cascade, seed=seed)
    for at in range(-1, len(parent.events)):
        fork = parent.fork(at=at, set={"spread": 0.5})
        assert (list(fork.events), fork.ending) == (list(parent.events), parent.ending)
        same_past(parent, fork, at)


@pytest.mark.parametrize(
    "change", [{"set": {"spread": 0}}, {"set": {"pause": 0}}, {"read": {"rule_of_law": "loose"}}], ids=str
)
def test_the_luck_of_what_is_not_touched_stays(cascade: negsim.Scenario, change: dict[str, Any]) -> None:
    """Fires and news change; the sparks, which do not hang on them, fall on the same towns and days."""
    sparks = changed = 0
    for seed in range(8):
        parent = negsim.run(cascade, seed=seed, choose=["watch=ignore"])
        fork = parent.fork(at=-1, **change)
        before, after = ([line for line in lines(each) if "sparked" in line] for each in (parent, fork))
        assert after == before
        sparks += len(before)
        changed += lines(fork) != lines(parent)
    assert sparks > 20  # of 8 seeds, 5 days of two towns
    assert changed > 4


# Each kind of change.


def test_a_parameter_changes_right_after_the_event(simple: negsim.Run) -> None:
    fork = simple.fork(at=2, set={"step": 2})
    same_past(simple, fork, 2)
    ticks = [f"{day} tick() by ticks" for day in (3, 6, 8, 10, 12)]  # the next trigger was on its way already
    assert [line for line in lines(fork) if "tick" in line] == ticks
    assert dict(fork.header.settings.parameters) == {"step": 3, "third_day": 9}
    assert [each.as_json() for each in fork.header.interventions] == [{"at": 2, "set": {"step": 2}}]
    moved = simple.fork(at=5, set={"third_day": 7})
    assert [line for line in lines(moved) if "extra" in line] == ["7 extra() by thirds"]
    gone = simple.fork(at=5, set={"third_day": 4})
    assert [line for line in lines(gone) if "extra" in line] == []


def test_a_date_that_a_change_moves_to_the_day_that_is_under_way_is_over(simple: negsim.Run) -> None:
    assert lines(simple)[2] == "3 tick() by ticks"  # the day has begun, so it is no day that is still to come
    assert [line for line in lines(simple.fork(at=2, set={"third_day": 3})) if "extra" in line] == []
    assert [line for line in lines(simple.fork(at=2, set={"third_day": 4})) if "extra" in line] == [
        "4 extra() by thirds"
    ]


@pytest.mark.parametrize(("begins", "days"), [(5, [5, 6]), (4, [4, 5]), (11, [11, 12]), (12, [12])])
def test_a_season_that_a_change_moves_begins_on_its_new_day(begins: int, days: list[int]) -> None:
    """Nothing else happens then: the dusk before the season is there for the trials alone."""
    text = """
negsim: 1
title: A season
start: 2025-03-01
horizon: 12
parameters: {begins: {value: 9, low: 3, high: 12, assumption: A guess.}}
state: {n: {range: 0..2, initial: 0}}
events: {noted: {}, grown: {set: {n: n + 1}}}
rules:
  notes: {assumption: A guess., at: 2, emit: noted()}
  grows: {assumption: A guess., while: n < 2, from: begins, chance: 1, emit: grown()}
outcomes: {end: {}}
"""
    run = negsim.run(loaded(text))
    assert lines(run) == ["2 noted() by notes", "9 grown() by grows", "10 grown() by grows"]
    fork = run.fork(at=0, set={"begins": begins})
    assert lines(fork)[1:] == [f"{day} grown() by grows" for day in days]
    assert fork.replay() is None


def test_a_reading_changes_right_after_the_event(simple: negsim.Run) -> None:
    """The event's own reactions are looked at after the change."""
    assert [line for line in lines(simple.fork(at=2, read={"way": "right"})) if "went" in line] == [
        "3 went(right) by goes",
        "9 went(right) by goes",
    ]
    assert [line for line in lines(simple.fork(at=4, read={"way": "right"})) if "went" in line] == [
        "3 went(left) by goes",
        "9 went(right) by goes",
    ]


def test_an_event_put_in_comes_right_after_and_triggers_rules_like_any_other(simple: negsim.Run) -> None:
    fork = simple.fork(at=2, emit="extra()")
    same_past(simple, fork, 2)
    assert lines(fork)[2:7] == [
        "3 tick() by ticks",
        "3 extra()",
        "3 tock() by tocks",
        "3 went(left) by goes",
        "3 echo() by echoes",
    ]
    event = fork.events[3]
    assert (event.rule, event.cause, event.actor, event.instance) == (None, None, None, ())
    assert event.origin.text == "Put in by whoever made this fork."
    assert fork.events[6].cause == 3
    assert dict(fork.measures) == {**simple.measures, "echoes": 2}


def test_several_events_put_in_come_in_their_order(simple: negsim.Run) -> None:
    fork = simple.fork(at=2, emit=["tick()", "extra()", "past(7)"])
    assert lines(fork)[2:12] == [
        "3 tick() by ticks",
        "3 tick()",
        "3 extra()",
        "3 past(7)",
        "3 tock() by tocks",
        "3 went(left) by goes",
        "3 tock() by tocks",
        "3 echo() by echoes",
        "6 tick() by ticks",
        "6 tock() by tocks",
    ]
    assert fork.replay() is None


def test_an_event_put_in_before_any_or_within_history(simple: negsim.Run) -> None:
    """Within history it is one more entry of it; after its last it happens on day 0."""
    first = simple.fork(at=-1, emit="extra()")
    assert lines(first)[:4] == ["-28 extra()", "-28 past(1)", "-26 past(2)", "3 tick() by ticks"]
    between = simple.fork(at=0, emit="extra()")
    assert lines(between)[:3] == ["-28 past(1)", "-28 extra()", "-26 past(2)"]
    after = simple.fork(at=1, emit="extra()")
    assert lines(after)[:4] == ["-28 past(1)", "-26 past(2)", "0 extra()", "0 echo() by echoes"]
    for fork, at in ((first, -1), (between, 0), (after, 1)):
        same_past(simple, fork, at)
        assert fork.replay() is None
    before, _, rest = SIMPLE.partition("history:")
    bare = negsim.run(loaded(f"{before}rules:{rest.partition('rules:')[2]}"))
    assert lines(bare.fork(at=-1, emit="extra()"))[:3] == ["0 extra()", "0 echo() by echoes", "3 tick() by ticks"]


def test_an_event_put_in_at_the_very_end(simple: negsim.Run) -> None:
    last = len(simple.events) - 1
    fork = simple.fork(at=last, emit="extra()")
    assert lines(fork)[last:] == ["12 tock() by tocks", "12 extra()", "12 echo() by echoes"]
    assert fork.ended_on == 12
    same_past(simple, fork, last)


def test_an_event_left_out_changes_and_triggers_nothing(simple: negsim.Run) -> None:
    fork = simple.fork(without=5)
    same_past(simple, fork, 4)
    assert lines(fork)[5:] == [
        "9 tick() by ticks",
        "9 tock() by tocks",
        "9 extra() by thirds",
        "9 echo() by echoes",
        "12 tick() by ticks",
        "12 tock() by tocks",
        "12 went(left) by goes",
    ]
    assert dict(fork.measures) == {"ticks": 3, "pasts": 2, "level": 23, "echoes": 1}
    assert [each.as_json() for each in fork.header.interventions] == [
        {"at": 4, "without": {"day": 6, "event": "tick", "fields": {}, "rule": "ticks", "nth": 0}}
    ]


def test_history_can_be_left_out(simple: negsim.Run) -> None:
    fork = simple.fork(without=[0, 1])
    assert lines(fork)[0] == "3 tick() by ticks"
    assert dict(fork.measures) == {"ticks": 4, "pasts": 0, "level": 4, "echoes": 1}
    assert fork.replay() is None


def test_a_reaction_can_be_left_out(simple: negsim.Run) -> None:
    fork = simple.fork(without=3)
    assert lines(fork)[2:5] == ["3 tick() by ticks", "3 went(left) by goes", "6 tick() by ticks"]
    same_past(simple, fork, 2)


ALIKE = """
negsim: 1
title: Three alike
start: 2025-03-01
horizon: 3
state: {n: {range: 0..9, initial: 0}}
events: {tick: {set: {n: n + 1}}, noted: {fields: {k: 0..9}}}
rules:
  ticks: {assumption: A guess., at: 1, emit: [tick(), tick(), tick()]}
  notes: {assumption: A guess., on: tick, emit: noted(n)}
outcomes: {end: {}}
"""


@pytest.mark.parametrize("which", range(3))
def test_one_of_several_alike_can_be_left_out(which: int) -> None:
    run = negsim.run(loaded(ALIKE))
    ticks = [e.seq for e in run.events if e.event == "tick"]
    fork = run.fork(without=ticks[which])
    assert [line for line in lines(fork) if "tick" in line] == ["1 tick() by ticks"] * 2
    assert fork.events[: ticks[which]] == run.events[: ticks[which]]
    assert fork.replay() is None


def test_several_alike_can_be_left_out() -> None:
    run = negsim.run(loaded(ALIKE))
    ticks = [e.seq for e in run.events if e.event == "tick"]
    assert lines(run.fork(without=ticks)) == []
    assert [line for line in lines(run.fork(without=ticks[1:])) if "tick" in line] == ["1 tick() by ticks"]
    assert run.fork(without=ticks[:2]).state() == {"n": 1}


def test_luck_stays_in_step_where_an_event_is_left_out(cascade: negsim.Scenario) -> None:
    """The rules that a fire would have triggered spend their draws: the news of later fires is the same."""
    for seed in range(6):
        parent = negsim.run(cascade, seed=seed, choose=["watch=ignore"])
        for event in parent.events:
            if event.event != "burned":
                continue
            fork = parent.fork(without=event.seq)
            of_it = {event.seq}
            for later in parent.events[event.seq :]:
                if later.cause in of_it:
                    of_it.add(later.seq)
            assert lines(fork) == [line for seq, line in enumerate(lines(parent)) if seq not in of_it]
            assert fork.replay() is None


@pytest.mark.parametrize(
    ("guards", "luck", "burned"),
    [
        ("when: lit, chance: 0.5", {"burns.chance": [0.75, 0.25]}, [5]),
        (
            "chance: 0.5 if lit else 0, after: 'uniform(1, 2)'",
            {"burns.chance": [0.25] * 2, "burns.delay": [0, 0.75]},
            [7],
        ),
    ],
)
def test_what_an_event_left_out_would_have_triggered_sees_the_state_with_it(
    guards: str, luck: dict[str, list[float]], burned: list[int]
) -> None:
    """The first spark alone lights it: left out, its reaction still spends the first draws, and not those of day 5."""
    text = """
negsim: 1
title: Two sparks
start: 2025-03-01
horizon: 8
state: {lit: {initial: false}}
events: {sparked: {set: {lit: true}}, doused: {set: {lit: false}}, burned: {}}
rules:
  sparks: {assumption: A guess., every: 4, from: 1, emit: sparked()}
  douses: {assumption: A guess., at: 3, emit: doused()}
  burns: {assumption: A guess., on: sparked, GUARDS, emit: burned()}
outcomes: {end: {}}
"""
    run = negsim.run(loaded(text.replace("GUARDS", guards)), luck=luck)
    fork = run.fork(without=0)
    assert [event.day for event in run.events if event.event == "burned" and event.day > 4] == burned
    assert [event.day for event in fork.events if event.event == "burned"] == burned


def test_a_choice_in_a_fork(run: negsim.Run) -> None:
    watched = [e for e in run.events if e.rule == "watch"]
    assert watched
    first = watched[0]
    for option, event in (("guard", "guard_set"), ("ignore", "decided")):
        fork = run.fork(at=first.seq - 1, choose={f"watch@{first.day}": option})
        assert fork.events[first.seq].event == event
        assert (fork.events[first.seq].option, fork.events[first.seq].share) == (option, None)
        same_past(run, fork, first.seq - 1)


def test_all_changes_at_once(simple: negsim.Run) -> None:
    fork = simple.fork(at=2, set={"step": 4}, read={"way": "right"}, emit="extra()", without=3)
    assert lines(fork) == [
        "-28 past(1)",
        "-26 past(2)",
        "3 tick() by ticks",
        "3 extra()",
        "3 went(right) by goes",
        "3 echo() by echoes",
        "6 tick() by ticks",
        "6 tock() by tocks",
        "9 extra() by thirds",
        "9 echo() by echoes",
        "10 tick() by ticks",
        "10 tock() by tocks",
        "10 went(right) by goes",
    ]
    same_past(simple, fork, 2)


def cause_of(run: negsim.Run, event: LoggedEvent) -> LoggedEvent:
    assert event.cause is not None
    return run.events[event.cause]


def test_a_delay_that_was_drawn_stays_and_later_ones_are_new(cascade: negsim.Scenario) -> None:
    parent = negsim.run(cascade, seed=0)
    spark = next(e for e in parent.events if e.event == "sparked")
    fork = parent.fork(at=spark.seq, set={"pause": 5})
    burned = [e for e in fork.events if e.event == "burned"]
    assert {e.day - cause_of(fork, e).day for e in burned} == {5}  # changed before its reactions are looked at
    later = next(e for e in parent.events if e.day == spark.day and e.seq > spark.seq and e.event == "sparked")
    fork = parent.fork(at=later.seq, set={"pause": 5})
    burned = [e for e in fork.events if e.event == "burned"]
    delays = {cause_of(fork, e).seq: e.day - cause_of(fork, e).day for e in burned}
    assert delays[spark.seq] == 2
    assert delays[later.seq] == 5


# Forks of forks.


def test_a_fork_of_a_fork_keeps_what_was_changed_before_it(simple: negsim.Run) -> None:
    once = simple.fork(at=2, set={"step": 2})
    twice = once.fork(at=6, read={"way": "right"}, emit="extra()")
    assert [each.as_json() for each in twice.header.interventions] == [
        {"at": 2, "set": {"step": 2}},
        {"at": 6, "read": {"way": "right"}},
        {"at": 6, "emit": {"event": "extra", "fields": {}}},
    ]
    same_past(once, twice, 6)
    assert [line for line in lines(twice) if "tick" in line] == [f"{day} tick() by ticks" for day in (3, 6, 8, 10, 12)]
    assert [line for line in lines(twice) if "went" in line] == [
        "3 went(left) by goes",
        "8 went(right) by goes",
        "12 went(right) by goes",
    ]


def test_a_fork_of_a_fork_right_where_that_began_keeps_its_changes(simple: negsim.Run) -> None:
    once = simple.fork(at=2, set={"step": 2})
    twice = once.fork(at=2, read={"way": "right"})
    assert [each.as_json() for each in twice.header.interventions] == [
        {"at": 2, "set": {"step": 2}},
        {"at": 2, "read": {"way": "right"}},
    ]
    same_past(once, twice, 2)
    assert twice.replay() is None


def test_a_fork_from_before_an_intervention_drops_it(simple: negsim.Run) -> None:
    once = simple.fork(at=5, set={"step": 2})
    again = once.fork(at=2, read={"way": "right"})
    assert [each.as_json() for each in again.header.interventions] == [{"at": 2, "read": {"way": "right"}}]
    assert [line for line in lines(again) if "tick" in line] == [f"{day} tick() by ticks" for day in (3, 6, 9, 12)]
    same_past(once, again, 2)


def test_what_a_fork_put_in_can_be_left_out_again(simple: negsim.Run) -> None:
    fork = simple.fork(at=2, emit="extra()")
    back = fork.fork(without=3)
    assert lines(back) == lines(simple)
    assert back.id != simple.id
    assert back.header.parent == fork.id


def test_forks_of_forks_of_forks_replay(cascade: negsim.Scenario) -> None:
    run = negsim.run(cascade, seed=4)
    for step in range(12):
        at = min(step * 2, len(run.events) - 1)
        changed = (
            {"set": {"spread": 0.1 * step}},
            {"emit": "sparked(oak)"},
            {"choose": ["watch=guard" if step % 2 else "watch=ignore"]},
            {"read": {"rule_of_law": "loose" if step % 8 == 3 else "strict"}},
        )[step % 4]
        fork = run.fork(at=at, **changed)
        same_past(run, fork, at)
        run = fork
    assert len(run.header.interventions) == 12


def test_a_state_at_any_moment_of_a_fork_is_folded_with_its_changes() -> None:
    """An event that sets a variable by a parameter: before the fork the old value counts, after it the new."""
    text = """
negsim: 1
title: Steps of a size
start: 2025-03-01
horizon: 6
parameters: {size: {value: 1, low: 0, high: 9, assumption: A guess.}}
readings: {way: {assumption: A guess., options: {up: Up., none: None.}, default: up}}
state: {n: {range: 0..99, initial: 0}}
events: {step: {set: {n: n + size if way == up else n}}}
rules: {steps: {assumption: A guess., every: 1, emit: step()}}
outcomes: {end: {}}
measures: {n: n, most_n: most(n)}
"""
    run = negsim.run(loaded(text))
    fork = run.fork(at=1, set={"size": 5})
    assert [fork.state(seq=seq)["n"] for seq in range(-1, 6)] == [0, 1, 2, 7, 12, 17, 22]
    assert [fork.state(day=day)["n"] for day in range(7)] == [0, 1, 2, 7, 12, 17, 22]
    assert dict(fork.measures) == {"n": 22, "most_n": 22}
    again = fork.fork(at=3, read={"way": "none"})
    assert [again.state(seq=seq)["n"] for seq in range(-1, 6)] == [0, 1, 2, 7, 12, 12, 12]


def test_what_measures_watch_in_a_fork_is_recounted_from_its_log_with_its_changes() -> None:
    text = """
negsim: 1
title: A limit
start: 2025-03-01
horizon: 6
parameters: {limit: {value: 3, low: 0, high: 9, assumption: A guess.}}
state: {n: {range: 0..99, initial: 0}}
events: {step: {set: {n: n + 1}}}
rules: {steps: {assumption: A guess., every: 1, emit: step()}}
outcomes: {high: {when: n > limit}, end: {}}
measures: {above: days(n >= limit), steps_above: count(step if n >= limit), most_of: most(n * limit)}
"""
    run = negsim.run(loaded(text))
    assert dict(run.measures) == {"above": 4, "steps_above": 3, "most_of": 18}
    fork = run.fork(at=4, set={"limit": 1})  # right after the event of day 5, before the dusk
    assert dict(fork.measures) == {"above": 4, "steps_above": 3, "most_of": 12}
    fork = run.fork(at=1, set={"limit": 5})  # day 2: neither limit is reached by then
    assert dict(fork.measures) == {"above": 2, "steps_above": 1, "most_of": 30}
    for each in (run, fork, run.fork(at=4, set={"limit": 1})):
        assert recount(each.scenario, each.header, each.events, each.ended_on) == each.ending


# What is refused.


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "a fork needs the event after which it begins"),
        ({"at": 3}, "nothing is changed"),
        ({"at": 3, "emit": (), "without": ()}, "nothing is changed"),
        ({"at": 99, "set": {"step": 2}}, "the run has no event 99"),
        ({"at": -2, "set": {"step": 2}}, "the run has no event -2"),
        ({"without": 99}, "the run has no event 99"),
        ({"without": -1}, "the run has no event -1"),
        ({"at": 5, "without": 3}, "event 3 is not after event 5, where the fork begins"),
        ({"at": 5, "without": 5}, "event 5 is not after event 5, where the fork begins"),
        ({"at": 3, "set": {"stp": 2}}, "there is no parameter `stp`"),
        ({"at": 3, "set": {"step": 2.5}}, "parameter `step` is a whole number, not 2.5"),
        ({"at": 3, "read": {"wy": "left"}}, "there is no reading `wy`"),
        ({"at": 3, "read": {"way": "up"}}, "'up' is no option of reading `way`"),
        ({"at": 3, "choose": ["way=left"]}, "there is no decision `way`"),
        ({"at": 3, "emit": "tik()"}, "there is no event `tik`"),
        ({"at": 3, "emit": "past()"}, "`k` of `past` is not given"),
        ({"at": 3, "emit": "past(10)"}, "`k` of `past` is a whole number 0..9"),
        ({"at": 3, "emit": "past(1, 2)"}, "`past` does not take these arguments"),
        ({"at": 3, "emit": "past(k=1, k=2)"}, "`past` does not take these arguments"),
        ({"at": 3, "emit": "past(j=1)"}, "`past` does not take these arguments"),
        ({"at": 3, "emit": "went(up)"}, "`where` of `went` is one of left, right"),
        ({"at": 3, "emit": "tick() + tick()"}, "there is no event `tick() + tick()`"),
        ({"at": 3, "emit": ""}, None),
        ({"at": 3, "emit": "past("}, None),
        ({"at": 3, "emit": "past(1))"}, None),
        ({"at": 3, "emit": "past(n)"}, "`k` of `past` is a whole number 0..9"),
        ({"at": 3, "emit": "past(1 + 1)"}, "`k` of `past` is a whole number 0..9"),
        ({"at": 3, "emit": "past(1.0)"}, "`k` of `past` is a whole number 0..9"),
        ({"at": 3, "emit": "past(true)"}, "`k` of `past` is a whole number 0..9"),
        ({"at": 3, "emit": "past(" * 5_000}, None),
        ({"at": 3, "emit": "decided(ticks, x)"}, "there is no event `decided`"),
    ],
)
def test_a_wrong_fork_is_refused(simple: negsim.Run, asked: dict[str, Any], message: str | None) -> None:
    with pytest.raises(UsageError) as refused:
        simple.fork(**asked)
    if message is not None:
        assert refused.value.message == message


def test_a_fork_whose_change_has_no_meaning_stops_with_a_model_error(simple: negsim.Run) -> None:
    with pytest.raises(ModelError) as stopped:
        simple.fork(at=2, set={"step": 0})
    assert "`ticks`" in stopped.value.where
    text = ALIKE.replace("range: 0..9", "range: 0..4")
    with pytest.raises(ModelError) as stopped:
        negsim.run(loaded(text)).fork(at=3, emit=["tick()", "tick()"])
    assert (stopped.value.where, stopped.value.day) == ("event `tick`", 1)


def test_a_whole_parameter_keeps_all_its_digits(simple: negsim.Run) -> None:
    assert dict(simple.fork(at=-1, set={"step": 9007199254740993}).header.interventions[0].parameters) == {
        "step": 9007199254740993
    }


# But-for.


THREE_STEPS = """
negsim: 1
title: Three steps
start: 2025-03-01
horizon: 20
state: {harm: {range: 0..9, initial: 0}}
events:
  threatened: {}
  moved: {}
  clashed: {set: {harm: harm + 1}}
  storm: {set: {harm: harm + 1}}
rules:
  threat: {assumption: A guess., at: 1, emit: threatened()}
  move: {assumption: A guess., on: threatened, after: 3, emit: moved()}
  clash: {assumption: A guess., on: moved, after: "uniform(1, 4)", emit: clashed()}
  weather: {assumption: A guess., at: 9, when: STORM, emit: storm()}
outcomes: {harmed: {when: harm > 0}, unharmed: {}}
"""


def test_but_for_on_three_steps() -> None:
    """Each ancestor is needed for the event; for the outcome only where nothing else harms."""
    for storm, outcome, stands in (("false", "unharmed", False), ("true", "harmed", True)):
        run = negsim.run(loaded(THREE_STEPS.replace("STORM", storm)))
        clash = next(e for e in run.events if e.event == "clashed")
        tests = run.but_for(clash.seq)
        assert [(t.ancestor.event, t.event_stands, t.outcome_stands, t.outcome) for t in tests] == [
            ("moved", False, stands, outcome),
            ("threatened", False, stands, outcome),
        ]
        assert run.but_for(0) == ()
        assert [e.event for e in run.fork(without=0).events] == (["storm"] if stands else [])


def test_but_for_keeps_the_luck_of_the_rest(cascade: negsim.Scenario) -> None:
    """An ancestor of one fire is left out; the fires of other towns come on their days."""
    run = negsim.run(cascade, seed=11, choose=["watch=ignore"])
    fire = next(e for e in run.events if e.event == "told")
    tests = run.but_for(fire.seq)
    assert [t.ancestor.event for t in tests] == ["burned", "sparked"]
    assert [t.event_stands for t in tests] == [False, False]
    assert [t.outcome for t in tests] == ["burning", "burning"]


# Memory.


MANY = """
negsim: 1
title: A hundred thousand events
start: 2025-03-01
horizon: 420
groups: {sides: {members: {a: {name: A}, b: {name: B}, c: {name: C}, d: {name: D}, e: {name: E}}}}
parameters: {odds: {value: 0.9, low: 0, high: 1, assumption: A guess.}}
state: {sides: {struck: {range: 0..9, initial: 0}}}
events: {struck: {fields: {side: sides, force: 0..9}, set: {side.struck: force}}, heard: {fields: {side: sides}}}
rules:
  strike:
    assumption: A guess.
    every: 1
    for: [m in sides, o in sides]
    chance: odds
    choose:
      light:
        weight: 3
        emit: ["struck(m, 1)", heard(o), heard(m), heard(o), heard(m), heard(o), heard(m), heard(o), heard(m), heard(o)]
      heavy:
        weight: 1 + m.struck
        emit: ["struck(o, 9)", heard(o), heard(m), heard(o), heard(m), heard(o), heard(m), heard(o), heard(m), heard(o)]
  hear:
    assumption: A guess.
    on: struck
    for: m in sides
    when: force == 9
    chance: 0.6
    after: uniform(0, 3)
    emit: heard(m)
outcomes: {end: {}}
"""


def test_a_hundred_thousand_events_take_at_most_400_bytes_each() -> None:
    scenario = loaded(MANY)
    negsim.run(loaded(ALIKE))  # what is loaded with the first run is not the log's
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        run = negsim.run(scenario)
        held = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert len(run.events) >= 100_000
    assert held / len(run.events) <= 400


# A header is all there is to a run.


def test_the_same_asked_twice_is_the_same_run(cascade: negsim.Scenario) -> None:
    once, again = (negsim.run(cascade, seed=8, set={"spread": 0.25}, choose=["watch=guard"]) for _ in range(2))
    assert (once.id, once.header, list(once.events)) == (again.id, again.header, list(again.events))
    assert len({negsim.run(cascade, seed=seed).id for seed in range(20)}) == 20
    assert negsim.run(cascade, seed=8, set={"spread": "0.250"}, choose={"watch": "guard"}).id == once.id


def test_a_run_of_other_texts_has_another_id(cascade: negsim.Scenario) -> None:
    other = loaded(CASCADE + "# a remark\n")
    assert negsim.run(other, seed=8).id != negsim.run(cascade, seed=8).id
    assert [as_json(e) for e in negsim.run(other, seed=8).events] == [
        as_json(e) for e in negsim.run(cascade, seed=8).events
    ]


LISTED = """
negsim: 1
title: A list, and settings that change within it
start: 2025-01-01
horizon: 5
parameters: {p: {value: 1, low: 1, high: 10, assumption: a}, odds: {value: 0, low: 0, high: 1, assumption: a}}
state: {x: {initial: 0, range: 0..100}}
events:
  begun: {}
  second: {fields: {n: 0..10}, set: {x: x + (1 if p < 2 else 10)}}
  third: {}
rules:
  go: {assumption: a, at: 1, emit: [begun(), second(p)]}
  early: {assumption: a, on: begun, emit: third()}
  late: {assumption: a, on: begun, chance: odds, emit: third()}
outcomes: {big: {when: x >= 10}, other: {}}
measures: {most_of_x: most(x), big_steps: count(second if p > 2)}
"""


def test_what_is_left_of_a_list_goes_by_the_settings_of_then() -> None:
    """They hold from the event on after which they change: for what is still to be emitted, set, counted and tried."""
    run = negsim.run(loaded(LISTED))
    assert [(e.event, dict(e.fields)) for e in run.events] == [("begun", {}), ("second", {"n": 1}), ("third", {})]
    fork = run.fork(at=0, set={"p": 7, "odds": 1})
    assert [(e.event, dict(e.fields)) for e in fork.events] == [
        ("begun", {}),
        ("second", {"n": 7}),
        ("third", {}),
        ("third", {}),
    ]
    assert (fork.outcome, dict(fork.state())) == ("big", {"x": 10})
    assert dict(fork.measures) == {"most_of_x": 10, "big_steps": 1}
    verdict = fork.why().verdict
    assert verdict is not None
    assert verdict.outcome.name == "big"
    assert fork.replay() is None


def test_an_event_put_in_goes_by_the_settings_of_when_it_happens() -> None:
    run = negsim.run(loaded(LISTED))
    once = run.fork(at=0, emit=["second(1)", "second(2)"])
    assert once.state() == {"x": 3}
    twice = once.fork(at=1, set={"p": 5})
    assert [e.event for e in twice.events] == ["begun", "second", "second", "second", "third"]
    assert twice.state() == {"x": 21}
    assert dict(twice.measures) == {"most_of_x": 21, "big_steps": 2}
    counted = recount(twice.scenario, twice.header, twice.events, twice.ended_on)
    assert (counted.outcome, counted.measures) == (twice.outcome, twice.measures)
