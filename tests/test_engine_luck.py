"""Luck is handed in: what is recorded from a run makes it again, and one draw that is changed moves no other."""

from collections.abc import Callable
from hashlib import blake2b
from types import SimpleNamespace
from typing import Any

import attrs
import hypothesis
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from naive import threefry

import negsim
from negsim.engine.luck import Keyed, Luck, Recording, Scripted
from negsim.engine.plan import bound
from negsim.engine.run import from_plan, header_for
from negsim.errors import ModelError, UsageError
from negsim.log.event import Header
from negsim.log.lines import write_lines
from negsim.scenario.streams import PURPOSES, Draw, Stream
from negsim.testing import scenarios, settings

VALLEY = """
negsim: 1
title: Four ways to draw
start: 2025-03-01
horizon: 30
groups: {towns: {members: {elm: {name: Elm}, oak: {name: Oak}}}}
state: {towns: {dry: {initial: false}}, rain: {initial: false}}
events:
  dried: {fields: {town: towns}, set: {town.dry: true}}
  rained: {set: {rain: true}}
  cleared: {set: {rain: false}}
  met: {}
  parted: {}
rules:
  dries: {assumption: A guess., while: not t.dry, for: t in towns, chance: 0.5, emit: dried(t)}
  pours: {assumption: A guess., at: 2025-03-11, chance: 0.25, emit: rained()}
  clears: {assumption: A guess., on: rained, after: "uniform(1, 6)", emit: cleared()}
  meets:
    assumption: A guess.
    on: cleared
    choose: {meet: {emit: met(), weight: 1}, part: {emit: parted(), weight: 3}}
outcomes: {over: {}}
"""


def stream(text: str) -> Stream:
    """The stream that a message calls `burn[elm].delay`."""
    name, last = text.rsplit(".", 1)
    (purpose,) = (each for each in PURPOSES if each == last)
    rule, _, actors = name.rstrip("]").partition("[")
    return Stream(rule, tuple(actors.split(",")) if actors else (), purpose)


def script(draws: dict[str, list[float]]) -> list[Draw]:
    """Draws that are written by hand, as `{"dries[elm].wait": [0.3]}`."""
    return [Draw(stream(name), number, value) for name, values in draws.items() for number, value in enumerate(values)]


def run(
    scenario: negsim.Scenario, luck: Scripted | Recording | None, header: Header | None = None, **asked: Any
) -> negsim.Run:
    header = header_for(scenario, **asked) if header is None else header
    with bound(scenario, header.settings) as plan:
        return from_plan(plan, header, luck=luck)


def text_of(
    scenario: negsim.Scenario, luck: Recording | Scripted | None, header: Header | None = None, **asked: Any
) -> str:
    """The lines of a run's log without what its header says of luck, or how it breaks down."""
    try:
        return lines_of(run(scenario, luck, header, **asked))
    except ModelError as error:
        return str(error)


def lines_of(made: negsim.Run) -> str:
    header = attrs.evolve(made.header, luck=())
    return "\n".join(write_lines(attrs.evolve(made.log, header=header)))


def by_reference(seed: int, draw: Draw) -> float:
    """The draw's value as the language reference has it."""
    each = draw.stream
    name = f"{each.rule}\n{','.join(each.actors)}\n{each.purpose}".encode()
    stream = int.from_bytes(blake2b(name, digest_size=8).digest(), "big")
    return (threefry(seed, stream, draw.number) >> 11) / 2**53


def some(examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck]
    )


@pytest.fixture(scope="module")
def valley() -> negsim.Scenario:
    return negsim.load_text(VALLEY)


def told(made: negsim.Run) -> list[str]:
    return [f"{each.day} {each.event}{''.join(f' {value}' for value in each.fields.values())}" for each in made.events]


# By hand.


def test_a_script_by_hand_makes_the_run_that_it_says(valley: negsim.Scenario) -> None:
    luck = Scripted(
        script({
            "dries[elm].wait": [0.3],  # 0.5 is more than 0.3, 0.25 is not: day 2
            "dries[oak].wait": [0.0625],  # 0.5 ** 4: day 4
            "pours.chance": [0.2],
            "clears.delay": [0.5],  # of 1 to 6: 4 days
            "meets.choose": [0.2],  # of weights 1 and 3
        })
    )  # fmt: skip
    assert told(run(valley, luck)) == ["2 dried elm", "4 dried oak", "10 rained", "14 cleared", "14 met"]


@pytest.mark.parametrize(
    ("name", "value", "now"),
    [
        ("dries[elm].wait", 0.25, ["2 dried elm"]),
        ("dries[elm].wait", 0.24, ["3 dried elm"]),
        ("dries[elm].wait", 0.5, ["1 dried elm"]),
        ("dries[elm].wait", 2.0**-31, []),
        ("dries[elm].wait", 0.0, []),
        ("pours.chance", 0.25, []),
        ("clears.delay", 1 - 2.0**-53, ["16 cleared", "16 met"]),
        ("clears.delay", 0.0, ["11 cleared", "11 met"]),
        ("meets.choose", 0.25, ["14 parted"]),
    ],
)
def test_what_one_draw_decides_hangs_on_it_alone(
    valley: negsim.Scenario, name: str, value: float, now: list[str]
) -> None:
    before = {
        "dries[elm].wait": [0.3],
        "dries[oak].wait": [0.0],
        "pours.chance": [0.2],
        "clears.delay": [0.5],
        "meets.choose": [0.2],
    }
    found = told(run(valley, Scripted(script({**before, name: [value]}))))
    others = {
        "dries[elm].wait": ["10 rained", "14 cleared", "14 met"],
        "pours.chance": ["2 dried elm"],
        "clears.delay": ["2 dried elm", "10 rained"],
        "meets.choose": ["2 dried elm", "10 rained", "14 cleared"],
    }
    assert sorted(found) == sorted([*now, *others[name]])


def test_where_a_script_ends_the_draw_that_is_missing_is_named(valley: negsim.Scenario) -> None:
    short = script({"dries[elm].wait": [0.3], "dries[oak].wait": [0.3], "pours.chance": [0.2]})
    with pytest.raises(UsageError, match=r"^the script has no draw 0 of clears\.delay$"):
        run(valley, Scripted(short))
    with pytest.raises(UsageError, match=r"^the script has no draw 0 of dries\[elm\]\.wait$"):
        run(valley, Scripted([]))


TRIES = """
negsim: 1
title: Tries
start: 2025-03-01
horizon: 9
events: {tried: {}}
rules: {tries: {assumption: A guess., every: 1, chance: 0.5, emit: tried()}}
outcomes: {over: {}}
"""


def test_what_is_sure_asks_luck_for_nothing() -> None:
    sure = negsim.load_text(TRIES.replace("0.5", "1"))
    recording = Recording(Scripted([]))
    assert told(run(sure, recording)) == [f"{day} tried" for day in range(1, 10)]
    assert recording.draws == []


def test_where_a_script_ends_other_luck_goes_on_in_step() -> None:
    repeated = negsim.load_text(TRIES)
    tries = Stream("tries", (), "chance")
    keyed = [by_reference(4, Draw(tries, number, 0)) for number in range(9)]
    recording = Recording(Scripted([Draw(tries, 1, 0.125), Draw(tries, 5, 0.75)], then=Keyed(4)))
    run(repeated, recording)
    expected = [0.125 if number == 1 else 0.75 if number == 5 else value for number, value in enumerate(keyed)]
    assert recording.draws == [Draw(tries, number, value) for number, value in enumerate(expected)]


@pytest.mark.parametrize("value", [1.0, -0.1, 2, float("nan"), float("inf")])
def test_a_draw_that_no_luck_can_give_is_refused(value: float) -> None:
    with pytest.raises(UsageError, match=r"^draw 0 of dries\[elm\]\.wait is "):
        Scripted(script({"dries[elm].wait": [value]}))


def test_a_draw_that_is_written_twice_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^draw 0 of pours\.chance is in the script twice$"):
        Scripted(script({"pours.chance": [0.5]}) * 2)


# Whatever the luck, it counts alike.


def drawer(name: str, *actors: str) -> Any:
    """What a draw is named by, in the place of an instance: a rule and its actors."""
    return SimpleNamespace(name=name, actors=actors, streams=None)


@pytest.mark.parametrize("kind", ["keyed", "scripted", "scripted to the end", "recording"])
def test_every_luck_counts_each_stream_by_itself_and_skips_what_is_spent(kind: str) -> None:
    one, other = drawer("rule", "elm"), drawer("rule", "oak")
    whole = [
        Draw(Stream("rule", (who,), purpose), n, (n + 1) / 8)
        for who in ("elm", "oak")
        for purpose in PURPOSES
        for n in range(4)
    ]
    lucks: dict[str, Callable[[], Luck]] = {
        "keyed": lambda: Keyed(3),
        "scripted": lambda: Scripted(whole[::3], then=Keyed(3)),
        "scripted to the end": lambda: Scripted(whole),
        "recording": lambda: Recording(Keyed(3)),
    }
    luck = lucks[kind]
    straight = luck()
    values = [straight.draw(one, "delay") for _ in range(4)]
    skipping = luck()
    assert skipping.count(one, "delay") == 0
    skipping.skip(one, "delay")
    assert skipping.count(one, "delay") == 1
    assert skipping.draw(one, "delay") == values[1]
    skipping.skip(one, "delay")
    assert skipping.draw(one, "delay") == values[3]
    assert skipping.count(one, "delay") == 4
    assert [skipping.count(each, purpose) for each in (one, other) for purpose in PURPOSES] == [0, 0, 4, 0, 0, 0, 0, 0]
    assert skipping.draw(other, "delay") == luck().draw(other, "delay")


# Recorded from runs.


@some(120)
@given(scenarios(), st.data())
def test_the_draws_recorded_from_a_run_make_the_same_log(text: str, data: st.DataObject) -> None:
    scenario = negsim.load_text(text)
    asked = data.draw(settings(scenario))
    recording = Recording(Keyed(asked["seed"]))
    log = text_of(scenario, recording, **asked)
    assert log == text_of(scenario, None, **asked)
    assert all(draw.value == by_reference(asked["seed"], draw) for draw in recording.draws)
    again = Recording(Scripted(recording.draws))
    assert text_of(scenario, again, **asked) == log
    assert again.draws == recording.draws
    assert text_of(scenario, Scripted(reversed(recording.draws)), **asked) == log


@some(80)
@given(scenarios(), st.data())
def test_the_draws_recorded_from_a_fork_make_the_same_log(text: str, data: st.DataObject) -> None:
    scenario = negsim.load_text(text)
    asked = data.draw(settings(scenario))
    try:
        made = negsim.run(scenario, **asked)
        at = data.draw(st.integers(-1, len(made.events) - 1))
        out = [at + 1] if at + 1 < len(made.events) and data.draw(st.booleans()) else []
        change = data.draw(settings(scenario))
        hypothesis.assume(out or change["set"] or change["read"])
        fork = made.fork(at=at, without=out, set=change["set"], read=change["read"])
    except ModelError:
        return
    recording = Recording(Keyed(asked["seed"]))
    log = lines_of(fork)
    assert text_of(scenario, recording, fork.header) == log
    assert text_of(scenario, Scripted(recording.draws), fork.header) == log


@some(120)
@given(scenarios(), st.data())
def test_a_changed_draw_changes_no_draw_of_another_stream(text: str, data: st.DataObject) -> None:
    scenario = negsim.load_text(text)
    asked = data.draw(settings(scenario))
    recording = Recording(Keyed(asked["seed"]))
    text_of(scenario, recording, **asked)
    hypothesis.assume(recording.draws)
    index = data.draw(st.integers(0, len(recording.draws) - 1))
    changed = attrs.evolve(recording.draws[index], value=data.draw(st.floats(0, 1, exclude_max=True)))
    draws = [*recording.draws[:index], changed, *recording.draws[index + 1 :]]
    after = Recording(Scripted(draws, then=Keyed(asked["seed"])))
    text_of(scenario, after, **asked)
    assert after.draws[: index + 1] == draws[: index + 1]
    for draw in after.draws:
        is_changed = (draw.stream, draw.number) == (changed.stream, changed.number)
        assert draw.value == (changed.value if is_changed else by_reference(asked["seed"], draw))
