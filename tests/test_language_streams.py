"""Two streams whose names come to one number are a problem of the scenario; which streams there are is known."""

import pytest

import negsim
from negsim.errors import ScenarioError
from negsim.scenario import streams

FOUR = """
negsim: 1
title: Four ways to draw
start: 2025-03-01
horizon: 30
groups: {towns: {members: {elm: {name: Elm}, oak: {name: Oak}}}}
state: {towns: {dry: {initial: false}}}
events: {dried: {fields: {town: towns}, set: {town.dry: true}}, rained: {}, cleared: {}}
rules:
  dries: {assumption: A guess., while: not t.dry, for: t in towns, chance: 0.5, emit: dried(t)}
  pours: {assumption: A guess., at: 2025-03-11, chance: 0.25, emit: rained()}
  clears: {assumption: A guess., on: rained, after: "uniform(1, 6)", emit: cleared()}
  stays: {assumption: A guess., at: 1, after: 3, choose: {go: {emit: rained()}, stay: {}}}
  plain: {assumption: A guess., at: 1, emit: rained()}
outcomes: {over: {}}
"""


def test_the_streams_of_a_scenario_are_those_that_runs_draw_from() -> None:
    found = [*map(str, streams.streams(negsim.load_text(FOUR)))]
    assert found == ["dries[elm].wait", "dries[oak].wait", "pours.chance", "clears.delay", "stays.choose"]


def test_two_streams_of_one_number_are_told_at_the_later_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    numbered = streams.stream_number

    def clashing(rule: str, actors: tuple[str, ...], purpose: str) -> int:
        return 7 if (rule, purpose) in {("pours", "chance"), ("stays", "choose")} else numbered(rule, actors, purpose)

    monkeypatch.setattr(streams, "stream_number", clashing)
    with pytest.raises(ScenarioError) as failed:
        negsim.load_text(FOUR, name="four.yaml")
    assert str(failed.value) == (
        "four.yaml:13:3: error: the draws of stays.choose would be those of pours.chance: their names come to one"
        " number, 7\n"
        "  13 |   stays: {assumption: A guess., at: 1, after: 3, choose: {go: {emit: rained()}, stay: {}}}\n"
        "     |   ^^^^^\n"
        "hint: another name for `stays` mends it"
    )


def test_the_number_of_a_stream_is_a_hash_of_its_name() -> None:
    # BLAKE2b of "call\nfrance,norway\nchoose", 8 bytes: `printf 'call\nfrance,norway\nchoose' | b2sum -l 64`.
    assert f"{streams.Stream('call', ('france', 'norway'), 'choose').number:016x}" == "9a5a5a03dcbe5d09"
