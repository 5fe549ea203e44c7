from datetime import date, datetime
from typing import Any

import attrs

import negsim
from negsim.scenario.calendar_steps import Calendar, Step
from negsim.show.bands import states, window
from negsim.show.lanes import MOST_LANES, lanes
from negsim.show.rounds import rounds
from negsim.show.ticks import ticks
from negsim.show.used import behind

WORKS = """
negsim: 1
title: Works
start: 2030-01-01
horizon: 20
actors: {ash: {name: Ash}, birch: {name: Birch}, cedar: {name: Cedar}}
groups: {towns: {members: [ash, birch, cedar]}}
parameters:
  wait: {value: 4, low: 1, high: 9, assumption: A guess.}
  worth: {value: 2, low: 1, high: 3, assumption: A guess.}
  idle: {value: 2, low: 1, high: 3, assumption: Read by a rule that never fires.}
readings:
  seen: {assumption: A guess., options: {early: Early., late: Late.}, default: early}
state:
  road: {values: [closed, open], initial: closed}
  carts: {range: 0..9, initial: 0}
  calm: {initial: true}
  towns: {work: {values: [idle, busy, done], initial: idle}, lit: {initial: false}}
events:
  opens: {set: {road: open, carts: 1}, text: The road opens.}
  closes: {set: {road: closed}, text: The road closes.}
  comes: {set: {carts: carts + 1}, text: A cart comes.}
  works: {fields: {town: towns}, set: {town.work: busy}, text: "{town} works."}
  ends: {fields: {town: towns}, set: {town.work: done}, text: "{town} is done."}
  strange: {text: Something strange.}
history:
  - {date: 2029-12-30, emit: opens(), assumption: A guess.}
  - {date: 2029-12-30, emit: closes(), assumption: A guess.}
  - {date: 2029-12-31, emit: opens(), assumption: A guess.}
rules:
  all_work: {assumption: They all do., at: 2, for: t in towns, when: seen == early, emit: works(t)}
  one_ends:
    {assumption: One does., on: works, for: t in towns, when: t == town and t != cedar, after: wait, emit: ends(t)}
  cart: {assumption: A cart., at: 10, emit: comes()}
  never: {assumption: Never., at: idle, when: not calm, emit: strange()}
outcomes: {done: {}}
"""

TWO = """
negsim: 1
title: Two at the table
start: 2030-01-01
horizon: 40
actors: {a: {name: Alder}, b: {name: Birch}}
state: {cake: {values: [whole, cut], initial: whole}}
events: {cuts: {set: {cake: cut}, text: It is cut.}}
talks:
  cake_talks:
    parties: [a, b]
    opens: 1
    every: 2
    rounds: 9
    while: cake == whole
    issues: {share: [left, middle, right]}
    agreed: cuts()
    assumption: They meet.
    positions:
      a: {values: {share: {left: 4, middle: 3}}, fallback: 0.5, assumption: A guess.}
      b:
        red_lines: {no_left: {never: share == left, assumption: A guess.}}
        values: {share: {middle: 3, right: 4}}
        fallback: 0.5
        assumption: A guess.
outcomes: {done: {}}
"""


def made(text: str, **settings: Any) -> negsim.Run:
    return negsim.run(negsim.load_text(text), **settings)


def test_a_band_holds_what_a_variable_was_from_when_to_when() -> None:
    found = states(made(WORKS))
    assert (found.first, found.last) == (-2, 21)
    told = {band.words: [(s.since, s.until, s.words) for s in band.stretches] for band in found.bands}
    assert told == {
        # Of several values on one day the last counts.
        "road": [(-2, -1, "closed"), (-1, 21, "open")],
        "carts": [(-2, 10, "1"), (10, 21, "2")],
    }


def test_a_groups_band_counts_its_members() -> None:
    (band,) = states(made(WORKS)).groups
    assert (band.words, band.size, band.values) == ("work of towns", 3, ("idle", "busy", "done"))
    assert [attrs.astuple(count) for count in band.counts] == [
        (-2, 2, (3, 0, 0)),
        (2, 6, (0, 3, 0)),
        (6, 21, (0, 1, 2)),
    ]


def test_what_nothing_changed_is_named_with_its_value() -> None:
    assert states(made(WORKS)).still == (("calm", "true"), ("lit of towns", "false"))


def test_every_change_is_listed_with_its_event() -> None:
    found = [(each.seq, each.day, each.words, each.old, each.new) for each in states(made(WORKS)).settings]
    assert found == [
        (0, -2, "road", "closed", "open"),
        (0, -2, "carts", "0", "1"),
        (1, -2, "road", "open", "closed"),
        (2, -1, "road", "closed", "open"),
        (3, 2, "Ash: work", "idle", "busy"),
        (4, 2, "Birch: work", "idle", "busy"),
        (5, 2, "Cedar: work", "idle", "busy"),
        (6, 6, "Ash: work", "busy", "done"),
        (7, 6, "Birch: work", "busy", "done"),
        (8, 10, "carts", "1", "2"),
    ]


def test_bands_follow_what_a_fork_changes() -> None:
    fork = made(WORKS).fork(at=2, set={"wait": 1})
    (band,) = states(fork).groups
    assert [count.since for count in band.counts] == [-2, 2, 3]


def test_rare_values_of_very_many_are_told_together() -> None:
    towns = ", ".join(f"t{number:02}" for number in range(12))
    actors = ", ".join(f"t{number:02}: {{name: T{number}}}" for number in range(12))
    grown = [
        f'  r{number}: {{assumption: A guess., at: 1, emit: "grows(t{number:02}, {number})"}}' for number in range(12)
    ]
    rules = "\n".join(grown)
    text = f"""
negsim: 1
title: Many
start: 2030-01-01
horizon: 5
actors: {{{actors}}}
groups: {{towns: {{members: [{towns}]}}}}
state: {{towns: {{height: {{range: 0..20, initial: 0}}}}}}
events: {{grows: {{fields: {{town: towns, by: 0..20}}, set: {{town.height: by}}}}}}
rules:
{rules}
outcomes: {{done: {{}}}}
"""
    (band,) = states(made(text)).groups
    assert band.values == ("0", "1", "2", "3", "4", "5", "6", "others")
    assert band.counts[-1].numbers == (1, 1, 1, 1, 1, 1, 1, 5)


def test_a_long_past_stands_at_the_edge() -> None:
    text = WORKS.replace("2029-12-30, emit: opens()", "1990-01-01, emit: opens()")
    run = made(text)
    assert window(run) == (-3, 21)
    first = lanes(run).marks[0]
    assert (first.day, first.date) == (-3, "1990-01-01")
    assert next(b for b in states(run).bands if b.words == "road").stretches[0].since == -3


def test_alike_events_of_one_day_are_one_mark_with_one_line_to_their_cause() -> None:
    found = lanes(made(WORKS))
    assert [lane.words for lane in found.lanes] == ["history", "all work", "one ends", "cart"]
    assert [(found.lanes[mark.lane].words, mark.day, mark.seqs, mark.kind, mark.cause) for mark in found.marks] == [
        ("history", -2, (0, 1), "history", None),
        ("history", -1, (2,), "history", None),
        ("all work", 2, (3, 4, 5), "rule", None),
        ("one ends", 6, (6, 7), "rule", 2),
        ("cart", 10, (8,), "rule", None),
    ]
    assert found.marks[3].texts == ("Ash is done.", "Birch is done.")


def test_marks_that_would_lie_on_one_another_stand_on_rows_of_their_own() -> None:
    # 23 days in 190 pixels: a mark with its number, 18 pixels and two or five of 5.2, takes 3 to 5.3 days.
    found = lanes(made(WORKS), width=190)
    assert [mark.row for mark in found.marks] == [0, 1, 0, 0, 0]
    assert [lane.rows for lane in found.lanes] == [2, 1, 1, 1]


def test_each_party_at_talks_has_a_lane() -> None:
    found = lanes(made(TWO))
    assert [lane.words for lane in found.lanes][:2] == ["cake talks: Alder", "cake talks: Birch"]
    assert {mark.kind for mark in found.marks} == {"talks"}


def test_the_busiest_lanes_are_shown_and_the_rest_is_counted() -> None:
    rules = "".join(f"  r{n}: {{assumption: A guess., every: {1 + n // 10}, emit: opens()}}\n" for n in range(70))
    found = lanes(made(WORKS.replace("rules:\n", f"rules:\n{rules}")))
    assert len(found.lanes) == MOST_LANES
    assert found.left_out > 0
    assert sum(len(mark.seqs) for mark in found.marks) + found.left_out == len(
        made(WORKS.replace("rules:\n", f"rules:\n{rules}")).events
    )


def test_rounds_hold_the_offer_and_the_answers() -> None:
    run = made(TWO)
    found = rounds(run, "cake_talks")
    assert [each.number for each in found] == list(range(1, len(found) + 1))
    first, last = found[0], found[-1]
    assert first.opening is not None
    assert (first.opening.event, first.opening.fields["share"]) == ("offered", "left")
    assert [(a.event, a.fields["reason"]) for a in first.answers] == [("refused", "no_left")]
    assert [a.event for a in last.answers] == ["agreed"]
    told = [e and e.seq for each in found for e in (each.opening, *each.answers)]
    assert told == [e.seq for e in run.events if e.event in ("offered", "refused", "passed", "agreed", "lapsed")]


def test_what_events_rest_on_is_what_fired_and_what_that_reads() -> None:
    named = [(each.kind, each.name) for each in behind(made(WORKS))]
    assert named == [
        ("history", "2029-12-30 opens()"),
        ("history", "2029-12-30 closes()"),
        ("history", "2029-12-31 opens()"),
        ("reading", "seen"),
        ("parameter", "wait"),
        ("rule", "all_work"),
        ("rule", "one_ends"),
        ("rule", "cart"),
    ]


def test_what_talks_rest_on_are_their_positions_and_red_lines() -> None:
    named = [(each.kind, each.name) for each in behind(made(TWO))]
    assert named == [
        ("talks", "cake_talks"),
        ("position", "cake_talks.a"),
        ("position", "cake_talks.b"),
        ("red line", "cake_talks.b.no_left"),
    ]


def test_dates_are_named_by_days_months_or_years() -> None:
    start = Calendar(Step.DAY, date(2025, 9, 5))
    assert ticks(start, 0, 2) == {0: "2025-09-05", 1: "2025-09-06", 2: "2025-09-07"}
    assert ticks(start, 0, 30) == {
        0: "2025-09-05",
        7: "2025-09-12",
        14: "2025-09-19",
        21: "2025-09-26",
        28: "2025-10-03",
    }
    assert list(ticks(start, 0, 365).values()) == ["2025-11", "2026-01", "2026-03", "2026-05", "2026-07", "2026-09"]
    assert ticks(start, 0, 730)[118] == "2026-01"
    assert list(ticks(start, 0, 40_000).values()) == ["2040", "2060", "2080", "2100", "2120"]


def test_in_hours_times_are_named_then_days_then_months() -> None:
    start = Calendar(Step.HOUR, datetime.fromisoformat("1962-10-16T09:00"))
    assert ticks(start, 0, 3) == {number: f"1962-10-16 {9 + number:02}:00" for number in range(4)}
    assert ticks(start, -2, 30) == {
        -2: "1962-10-16 07:00",
        4: "1962-10-16 13:00",
        10: "1962-10-16 19:00",
        16: "1962-10-17 01:00",
        22: "1962-10-17 07:00",
        28: "1962-10-17 13:00",
    }
    # Thirteen days: each second midnight, from the first after the start on.
    assert ticks(start, 0, 13 * 24) == {15 + 48 * number: f"1962-10-{17 + 2 * number}" for number in range(7)}
    assert ticks(start, 0, 100 * 24)[15 + 15 * 24] == "1962-11"


def test_in_weeks_and_months_what_begins_with_a_step_is_named() -> None:
    weeks = Calendar(Step.WEEK, date(2030, 5, 6))
    assert ticks(weeks, 0, 2) == {0: "2030-05-06", 1: "2030-05-13", 2: "2030-05-20"}
    # The first week that begins in a month is that of the 3rd of June, the 1st of July and the 5th of August.
    assert ticks(weeks, 0, 20) == {4: "2030-06", 8: "2030-07", 13: "2030-08", 17: "2030-09"}
    months = Calendar(Step.MONTH, date(2030, 5, 1))
    assert ticks(months, 0, 4) == {number: f"2030-{5 + number:02}" for number in range(5)}
    assert ticks(months, 0, 240) == {56: "2035", 116: "2040", 176: "2045", 236: "2050"}
