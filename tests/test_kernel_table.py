"""Talks by hand: what packages are worth, what is aspired to, who offers what when, and when it is agreed."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import negsim
from negsim.program.formula import new_state
from negsim.program.mood import Mood
from negsim.program.offer import best_offer
from negsim.program.program import Program
from negsim.program.strategy import View, power, time_dependent, tit_for_tat
from negsim.program.table import Table
from negsim.scenario.settings import Settings

HEAD = """\
negsim: 1
title: By hand
start: 2025-01-01
horizon: 100
actors: {a: {name: A}, b: {name: B}, c: {name: C}, m: {name: M}}
state: {mood: {values: [calm, tense], initial: tense}}
"""
# Five options on a line: worth 0, 0.25, 0.5, 0.75 and 1 to a, and the other way round to b.
FIVE = """\
    issues: {deal: [p0, p1, p2, p3, p4]}
    positions:
      a: {values: {deal: {p1: 1, p2: 2, p3: 3, p4: 4}}, fallback: FALLBACK_A, concession: YIELD_A, assumption: x}
      b: {values: {deal: {p0: 4, p1: 3, p2: 2, p3: 1}}, fallback: FALLBACK_B, concession: YIELD_B, assumption: x}
"""


def five(rounds: int, *, yields: tuple[str, str] = ("1", "1"), fallbacks: tuple[str, str] = ("0", "0")) -> str:
    text = FIVE
    for word, value in zip(("YIELD_A", "YIELD_B", "FALLBACK_A", "FALLBACK_B"), (*yields, *fallbacks), strict=True):
        text = text.replace(word, value)
    return f"talks:\n  t:\n    parties: [a, b]\n    opens: 10\n    every: 7\n    rounds: {rounds}\n{text}"


def scenario(talks: str) -> negsim.Scenario:
    return negsim.load_text(f"{HEAD}{talks}outcomes: {{none: {{}}}}\n")


def log(talks: str) -> list[str]:
    """The events of a run, with their days."""
    events = negsim.run(scenario(talks), seed=0).events
    return [f"{e.day} {e.event}({', '.join(map(str, list(e.fields.values())[1:]))})" for e in events]


def table_of(talks: str) -> tuple[Table, list[Any]]:
    program = Program(scenario(talks), Settings({}, {}))
    return program.tables[0], new_state(program.layout.initial)


def aspirations(talks: str) -> dict[str, list[float]]:
    """Each party's aspiration in each round, where nothing is offered before."""
    table, state = table_of(talks)
    found: dict[str, list[float]] = {party: [] for party in table.seats}
    for number in range(table.rounds):
        state[table.round_slot] = number
        for party, seat in table.seats.items():
            found[party].append(table.aspirations.mood(seat, state).aspiration)
    return found


# The five cases.


def test_utilities_are_scaled_over_all_packages() -> None:
    """a: 2, 5 and 0 or 1, 3 more: 2..8 becomes 0..1. b: all the same. c: -4..4, what is not given is 0."""
    table, _ = table_of(
        "talks:\n  t:\n    parties: [a, b, c]\n    opens: 0\n    every: 1\n    rounds: 2\n"
        "    issues: {land: [none, some, most], money: [low, high]}\n"
        "    positions:\n"
        "      a: {values: {land: {none: 2, some: 3, most: 5}, money: {low: 0, high: 3}}, fallback: 0, assumption: x}\n"
        "      b: {values: {land: {none: 7, some: 7, most: 7}}, fallback: 0, assumption: x}\n"
        "      c: {values: {land: {some: -4, most: 2}, money: {high: 2}}, fallback: 0, assumption: x}\n"
    )
    assert table.packages == tuple((land, money) for land in ("none", "some", "most") for money in ("low", "high"))
    assert table.seats["a"].utilities == (0, 0.5, 1 / 6, 4 / 6, 0.5, 1)
    assert table.seats["b"].utilities == (1, 1, 1, 1, 1, 1)
    assert table.seats["c"].utilities == (0.5, 0.75, 0, 0.25, 0.75, 1)


@pytest.mark.parametrize(
    ("yields", "aspired"),
    [
        ("1", [1, 0.75, 0.5, 0.25, 0]),  # 1 - x
        ("0.5", [1, 15 / 16, 3 / 4, 7 / 16, 0]),  # 1 - x^2
        ("0.25", [1, 255 / 256, 15 / 16, 175 / 256, 0]),  # 1 - x^4
        ("2", [1, 0.5, 1 - math.sqrt(0.5), 1 - math.sqrt(0.75), 0]),  # 1 - sqrt(x)
    ],
)
def test_aspirations_fall_from_the_best_to_the_fallback(yields: str, aspired: list[float]) -> None:
    assert aspirations(five(5, yields=(yields, yields)))["a"] == pytest.approx(aspired, abs=1e-12)


def test_aspirations_begin_at_the_best_package_that_fits_and_end_at_the_fallback() -> None:
    """a never signs p4, so its best is 0.75; it falls to 0.25. c's fallback is above all, and stays."""
    talks = (
        five(3, fallbacks=("0.25", "1.2"))
        .replace("YIELD", "1")
        .replace(
            "assumption: x}\n      b", "red_lines: {no_p4: {never: deal == p4, assumption: x}}, assumption: x}\n      b"
        )
    )
    found = aspirations(talks)
    assert found["a"] == pytest.approx([0.75, 0.5, 0.25], abs=1e-12)
    assert found["b"] == pytest.approx([1.2, 1.2, 1.2], abs=1e-12)


def test_one_round_is_the_last() -> None:
    assert aspirations(five(1, fallbacks=("0.3", "0.4"))) == {"a": [0.3], "b": [0.4]}


def test_case_1_both_yield_alike() -> None:
    """Aspirations 1, 0.75, 0.5. Round 1: b can offer p0 and p1; p1 is nearer to what a aspires to. Round 2: p2."""
    assert log(five(5)) == [
        "10 offered(a, p4)",
        "10 refused(b, utility, 0, 1000, p4)",
        "17 offered(b, p1)",
        "17 refused(a, utility, 250, 750, p1)",
        "24 offered(a, p2)",
        "24 agreed(a, p2)",
    ]


def test_case_2_both_are_firm() -> None:
    """1 - x^2: 1, 0.9375, 0.75, 0.4375. Round 3: b can offer p0 to p2, and p2 is worth 0.5 to a."""
    assert log(five(5, yields=("0.5", "0.5"))) == [
        "10 offered(a, p4)",
        "10 refused(b, utility, 0, 1000, p4)",
        "17 offered(b, p0)",
        "17 refused(a, utility, 0, 938, p0)",
        "24 offered(a, p3)",
        "24 refused(b, utility, 250, 750, p3)",
        "31 offered(b, p2)",
        "31 agreed(b, p2)",
    ]


def test_case_3_the_firmer_party_gets_more() -> None:
    """a, 1 - x^4: 1, 0.996, 0.9375, 0.684; b, 1 - x^(1/4): 1, 0.293, 0.159, 0.069.

    Round 1: p3 is worth 0.25 to b, below 0.293, so p2 is the best it can offer. Round 3: p3, worth 0.75 to a.
    """
    assert log(five(5, yields=("0.25", "4"))) == [
        "10 offered(a, p4)",
        "10 refused(b, utility, 0, 1000, p4)",
        "17 offered(b, p2)",
        "17 refused(a, utility, 500, 996, p2)",
        "24 offered(a, p4)",
        "24 refused(b, utility, 0, 159, p4)",
        "31 offered(b, p3)",
        "31 agreed(b, p3)",
    ]


def test_case_4_the_last_round_goes_down_to_the_fallbacks() -> None:
    """Fallbacks 0.25 and 0.5, three rounds: a 1, 0.625, 0.25; b 1, 0.75, 0.5.

    Round 1: p1 is nearer to a than p0. Round 2: a can offer p1 to p4; to b they are worth 0.25 above its
    aspiration (p1), 0, -0.25 and -0.5: the proposer gives most, p1.
    """
    assert log(five(3, fallbacks=("0.25", "0.5"))) == [
        "10 offered(a, p4)",
        "10 refused(b, utility, 0, 1000, p4)",
        "17 offered(b, p1)",
        "17 refused(a, utility, 250, 625, p1)",
        "24 offered(a, p1)",
        "24 agreed(a, p1)",
    ]


def test_case_5_those_consulted_answer_too_and_red_lines_rule_out() -> None:
    """Two rounds. c never signs y while the mood is tense, nor gets anything from z: worth x 1, y 0.5, z 0.

    Round 0: a offers x; b refuses. Round 1: b, at its fallback 0.25, can offer y and z. y is worth -2 to c, so
    z it is, worth 0 to a and c, who are at their fallbacks, 0. Where the mood is calm, y is worth 0.5 to both.
    """
    talks = (
        "talks:\n  t:\n    parties: [a, b]\n    consulted: [c]\n    opens: 0\n    every: 1\n    rounds: 2\n"
        "    issues: {deal: [x, y, z]}\n    positions:\n"
        "      a: {values: {deal: {x: 2, y: 1}}, fallback: 0, assumption: x}\n"
        "      b: {values: {deal: {y: 1, z: 2}}, fallback: 0.25, assumption: x}\n"
        "      c: {values: {deal: {x: 2, y: 1}}, fallback: 0, assumption: x,\n"
        "          red_lines: {no_y: {never: deal == y, when: mood == tense, assumption: x}}}\n"
    )
    assert log(talks) == [
        "0 offered(a, x)",
        "0 refused(b, utility, 0, 1000, x)",
        "1 offered(b, z)",
        "1 agreed(b, z)",
    ]
    calm = negsim.run(
        negsim.load_text(f"{HEAD.replace('initial: tense', 'initial: calm')}{talks}outcomes: {{n: {{}}}}\n")
    )
    assert calm.state()["t.deal"] == "y"


def test_a_refusal_names_the_first_red_line_that_is_broken() -> None:
    """x breaks `one`, which does not hold, `two` and `three`."""
    talks = (
        "talks:\n  t:\n    parties: [b, a]\n    opens: 0\n    every: 1\n    rounds: 1\n"
        "    issues: {deal: [x, y]}\n    positions:\n"
        "      a: {fallback: 0.5, assumption: x, values: {deal: {x: 1}}, red_lines: {\n"
        "        one: {never: deal == x, when: mood == calm, assumption: x},\n"
        "        two: {never: deal == x, assumption: x}, three: {never: deal != y, assumption: x}}}\n"
        "      b: {fallback: 1, assumption: x, values: {deal: {x: 1}}}\n"
    )
    assert log(talks) == ["0 offered(b, x)", "0 refused(a, two, 1000, 500, x)", "0 lapsed()"]


def test_who_has_nothing_to_offer_passes_and_talks_lapse_after_the_last_round() -> None:
    assert log(five(3, fallbacks=("1.2", "0.9"))) == [
        "10 passed(a)",
        "17 offered(b, p0)",
        "17 refused(a, utility, 0, 1000, p0)",  # an aspiration is shown as 1000 at most
        "24 passed(a)",
        "24 lapsed()",
    ]


def test_red_lines_and_fallbacks_are_looked_at_on_the_day() -> None:
    """The mood turns on day 1: then a's line holds no more, and b's fallback falls. A second run gives the same."""
    talks = (
        "events: {relaxed: {set: {mood: calm}}}\n"
        "rules: {relax: {at: 1, emit: relaxed(), assumption: x}}\n"
        "talks:\n  t:\n    parties: [a, b]\n    opens: 0\n    every: 1\n    rounds: 1000\n"
        "    issues: {deal: [x, y]}\n    positions:\n"
        "      a: {values: {deal: {y: 1}}, fallback: 0, concession: 0.01, assumption: x,\n"
        "          red_lines: {no_y: {never: deal == y, when: mood == tense, assumption: x}}}\n"
        "      b: {values: {deal: {y: 1}}, fallback: 2 if mood == tense else 0, assumption: x}\n"
    )
    expected = [
        "0 offered(a, x)",
        "0 refused(b, utility, 0, 1000, x)",
        "1 relaxed()",
        "1 offered(b, y)",
        "1 agreed(b, y)",
    ]
    made = scenario(talks)
    for _ in range(2):
        events = negsim.run(made, seed=0).events
        found = [(e.day, e.event, *list(e.fields.values())[1:]) for e in events]
        assert [f"{day} {event}({', '.join(map(str, rest))})" for day, event, *rest in found] == expected


@pytest.mark.parametrize("order", [(True, False, True), (False, True, False)])
def test_a_round_in_which_only_a_red_line_differs_is_not_taken_for_another(order: tuple[bool, bool, bool]) -> None:
    """Runs of one scenario share what they have worked out: the same round, fallbacks and past, and a line or none."""
    made = scenario(
        "events: {relaxed: {set: {mood: calm}}}\n"
        "rules: {relax: {at: 1, chance: 0.5, emit: relaxed(), assumption: x}}\n"
        "talks:\n  t:\n    parties: [a, b]\n    opens: 2\n    every: 1\n    rounds: 1\n"
        "    issues: {deal: [x, y]}\n    positions:\n"
        "      a: {values: {deal: {y: 1}}, fallback: 0, assumption: x,\n"
        "          red_lines: {no_y: {never: deal == y, when: mood == tense, assumption: x}}}\n"
        "      b: {values: {deal: {y: 1}}, fallback: 0.5, assumption: x}\n"
    )
    for relaxed in order:
        events = negsim.run(made, luck={"relax.chance": [0.25 if relaxed else 0.75]}).events
        found = [(e.day, e.event, *list(e.fields.values())[1:]) for e in events]
        talked = [(1, "relaxed"), (2, "offered", "a", "y"), (2, "agreed", "a", "y")]
        broken = [(2, "offered", "a", "x"), (2, "refused", "b", "utility", 0, 500, "x"), (2, "lapsed")]
        assert found == (talked if relaxed else broken)


def test_reopened_talks_forget_what_was_heard_and_settled_whatever_issues_are_called() -> None:
    """`a_heard` is an issue here; an offer that is remembered is kept apart from it."""
    talks = (
        "events: {again: {}}\nrules: {twice: {at: 5, emit: again(), assumption: x}}\n"
        "talks:\n  t:\n    parties: [a, b]\n    opens: 0\n    every: 1\n    rounds: 2\n    reopens: again\n"
        "    issues: {a_heard: [x, y]}\n    positions:\n"
        "      a: {values: {a_heard: {x: 1}}, fallback: 0, strategy: tit_for_tat, assumption: x}\n"
        "      b: {values: {a_heard: {x: 1}}, fallback: 0, assumption: x}\n"
    )
    run = negsim.run(scenario(talks), seed=0)
    assert [(e.day, e.event) for e in run.events] == [
        (0, "offered"),
        (0, "agreed"),
        (5, "again"),
        (6, "offered"),
        (6, "agreed"),
    ]
    assert run.state(day=4)["t.a_heard"] == "x"
    assert run.state(day=5)["t.a_heard"] == "unsettled"
    assert run.state()["t.a_heard"] == "x"


# Ties.


def tied(own: str) -> int | None:
    """What a offers where x, y and z are all worth the same to b, and `own` to a."""
    table, _ = table_of(
        "talks:\n  t:\n    parties: [a, b]\n    opens: 0\n    every: 1\n    rounds: 2\n"
        "    issues: {deal: [w, x, y, z]}\n    positions:\n"
        f"      a: {{values: {{deal: {own}}}, fallback: 0, assumption: x}}\n"
        "      b: {values: {deal: {x: 1, y: 1, z: 1}}, fallback: 0, assumption: x}\n"
    )
    moods = {"a": Mood(0, 0.0, 0.0), "b": Mood(0, 0.0, 0.5)}
    return best_offer("a", ("b",), table.seats, moods)


def test_of_packages_worth_the_same_to_others_the_proposer_takes_its_own_best() -> None:
    assert tied("{w: 4, x: 1, y: 3, z: 2}") == 2


def test_of_packages_worth_the_same_to_all_the_first_is_offered() -> None:
    assert tied("{w: 4, x: 1, y: 3, z: 3}") == 2
    assert tied("{w: 4, x: 3, y: 3, z: 3}") == 1


def test_differences_below_the_tolerance_are_none() -> None:
    """0.1 + 0.2 is not 0.3 in binary: y is worth 5e-17 more to a than x, which is none."""
    assert tied("{w: 1, x: 0.3, y: 0.30000000000000004, z: 0}") == 1


# Strategies.


def test_tit_for_tat_by_hand() -> None:
    """b yields by the clock (1, 0.75, 0.5, 0.25, 0); a asks for its best until b has made two offers.

    b's offers are p1 and p3, worth 0.25 and 0.75 to a; so in round 4 a asks 1 * 0.25 / 0.75, a third. It can
    offer p2 to p4, and p2 is worth most to b.
    """
    talks = five(5).replace("concession: 1, assumption: x}\n      b", "strategy: tit_for_tat, assumption: x}\n      b")
    assert log(talks) == [
        "10 offered(a, p4)",
        "10 refused(b, utility, 0, 1000, p4)",
        "17 offered(b, p1)",
        "17 refused(a, utility, 250, 1000, p1)",
        "24 offered(a, p4)",
        "24 refused(b, utility, 0, 500, p4)",
        "31 offered(b, p3)",
        "31 refused(a, utility, 750, 1000, p3)",
        "38 offered(a, p2)",
        "38 agreed(a, p2)",
    ]


@pytest.mark.parametrize(
    ("own", "others", "asked"),
    [
        (None, (0.5, 0.2), 0.9),  # nothing offered yet: its best
        (0.8, (), 0.9),
        (0.8, (0.5,), 0.9),
        (0.8, (0.5, 0.25), 0.4),  # they doubled what they give: half as much is asked
        (0.8, (0.25, 0.5), 0.9),  # they took back: twice as much, but not above its best
        (0.8, (0.0, 0.5), 0.8),  # nothing was offered last: as before
    ],
)
def test_tit_for_tat_asks_in_the_measure_in_which_others_yield(
    own: float | None, others: tuple[float, ...], asked: float
) -> None:
    view = View("t", "a", 3, 0.5, 0.9, 0.1, 1.0, own, others)
    assert tit_for_tat(view) == pytest.approx(asked, abs=1e-12)


def test_single_text_by_hand() -> None:
    """Aspirations: a 1, 0.5, 0; b, firmer, 1, 0.75, 0. All packages have the same sum, 1.

    Round 0: one refuses p0 and p4, both refuse the others; the first of the two, of least worth -1 each. Round 1:
    one refuses each; least worth -0.25 for p1 and p2, the first of them. Round 2: nobody refuses any; p2 (0.5, 0.5).
    """
    talks = five(3, yields=("1", "0.5")).replace("    opens", "    protocol: single_text\n    mediator: m\n    opens")
    assert log(talks) == [
        "10 offered(m, p0)",
        "10 refused(a, utility, 0, 1000, p0)",
        "17 offered(m, p1)",
        "17 refused(a, utility, 250, 500, p1)",
        "24 offered(m, p2)",
        "24 agreed(m, p2)",
    ]


# Powers.


@given(st.floats(0, 1), st.floats(0.01, 100))
@example(0.0, 0.5)
@example(1.0, 0.5)
@example(5e-324, 0.01)
def test_powers_are_those_of_the_c_library_to_a_trillionth(base: float, exponent: float) -> None:
    assert power(base, exponent) == pytest.approx(math.pow(base, exponent), rel=1e-12, abs=1e-12)


@given(st.floats(0, 1), st.floats(0.01, 100), st.floats(-1, 1), st.floats(0, 1))
def test_aspirations_stay_between_the_fallback_and_the_best(
    share: float, concession: float, fallback: float, above: float
) -> None:
    top = fallback + above
    asked = time_dependent(View("t", "a", 0, share, top, fallback, concession, None, ()))
    assert fallback - 1e-12 <= asked <= top + 1e-12
