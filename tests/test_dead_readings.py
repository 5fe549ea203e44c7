"""What is called dead under an answer changes no run: neither what it logs nor the error that it stops with."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import negsim
from negsim.scenario.parts import parts
from negsim.show.live import live
from negsim.show.look import Look
from negsim.show.reads import Only, touches

BEHIND_A_DIVISION = """\
negsim: 1
title: A share of what may be nothing
start: 2030-01-01
horizon: 20
parameters: {share: {value: 1, low: 0, high: 2, assumption: made up}}
readings:
  counts: {assumption: made up, options: {whole: All., some: Some.}, default: whole}
  applies: {assumption: made up, options: {yes_: It does., no_: It does not.}, default: yes_}
state: {stock: {range: 0..4, initial: 4}}
events: {sold: {set: {stock: "max(stock - 1, 0)"}}, warned: {}}
rules:
  sells: {assumption: made up, every: 5, emit: sold()}
  warns:
    assumption: made up
    every: 7
    when: 8 / (stock if counts == whole else stock + 1) > 4 and applies == yes_
    emit: warned()
outcomes: {none: {}}
"""


def what_happens(scenario: negsim.Scenario, **asked: Any) -> tuple[object, ...]:
    """A run's log, outcome and measures, or its log and the error that stopped it."""
    try:
        run = negsim.run(scenario, **asked)
    except negsim.ModelError as error:
        return [(each.day, each.event, each.fields) for each in error.events], str(error)
    return run.events, run.outcome, run.measures


def test_a_reading_before_an_answer_that_settles_is_alive_where_it_can_stop_the_run() -> None:
    """The stock is gone on day 20: 8 / 0 has no value, and it is looked at before whether the rule applies."""
    made = negsim.load_text(BEHIND_A_DIVISION.replace("horizon: 20", "horizon: 21"))
    seen = {option: what_happens(made, read={"applies": "no_", "counts": option}) for option in ("whole", "some")}
    assert "8 / 0 has no value" in str(seen["whole"][-1])
    assert seen["some"][1] == "none"
    assert touches(made, "counts").needs == {}
    assert touches(made, "applies").only == {"yes_": Only(), "no_": Only()}


def test_a_reading_behind_an_answer_that_settles_is_dead() -> None:
    when = "applies == yes_ and 8 / (stock if counts == whole else stock + 1) > 4"
    before = "8 / (stock if counts == whole else stock + 1) > 4 and applies == yes_"
    assert before in BEHIND_A_DIVISION
    made = negsim.load_text(BEHIND_A_DIVISION.replace(before, when))
    assert touches(made, "counts").needs == {"applies": ("yes_",)}
    assert touches(made, "applies").only["yes_"] == Only(("warns",), (), ("counts",))


FAILS = {
    "8 / stock > share and applies == yes_": (),
    "8 / (stock + 1) > share and applies == yes_": ("yes_",),
    "share > 1 and 8 // stock > 2 and applies == yes_": (),
    "share > 1 and 8 // (stock + 1) > 2 and applies == yes_": ("yes_",),
    "applies == no_ or 8 % stock == share": ("yes_",),
    "8 % stock == share or applies == no_": (),
    "(8 / stock) * (share if applies == yes_ else 0) > 1": ("yes_",),
    "(8 / (stock * share)) * (1 if applies == yes_ else 0) > 1": (),
    "share > 1 if 8 / stock > 2 and applies == yes_ else false": ("yes_",),
    "share > 1 if 8 / (stock * share) > 2 and applies == yes_ else false": (),
    "(1 if 8 / share > 4 else 1) == 2 and applies == yes_": (),
    "any(m.size / share > 1 and applies == yes_ for m in g)": (),
    "any(applies == yes_ for m in g if m.size > share)": ("yes_",),
    "any(applies == yes_ for m in g if 2 // share == m.size)": (),
    "min(m.size for m in g if m.size > share) > 1 and applies == yes_": (),
    "min(m.size for m in g) > share and applies == yes_": ("yes_",),
    "lead.size > share and applies == yes_": (),
    "big(lead) and applies == yes_": (),
    "lead != nobody and applies == yes_ and lead.size > share": ("yes_",),
    "big(x) and applies == yes_": ("yes_",),
    "sum(m.size for m in g) + stock * share - 2 > 1 and applies == yes_": ("yes_",),
    "abs(-share) > 1 and max(share, stock) > 0 and applies == yes_": ("yes_",),
    "1 / (share + 1) > 0.4 and applies == yes_": ("yes_",),
}


GROUP = """\
groups:
  g:
    attributes: {size: {range: 0..3}}
    members: {x: {name: X, size: 1, assumption: made up}, y: {name: Y, size: 2, assumption: made up}}
"""
BIG = 'define: {"big(m in g)": m.size > share}'


@pytest.mark.parametrize(("condition", "needed"), FAILS.items())
def test_a_parameter_in_what_can_fail_needs_no_answer_behind_it(condition: str, needed: tuple[str, ...]) -> None:
    text = BEHIND_A_DIVISION.replace("readings:\n", f"{GROUP}readings:\n", 1)
    text = text.replace("initial: 4}}", f"initial: 4}}, lead: {{values: g, initial: nobody}}}}\n{BIG}", 1)
    line = next(line for line in text.splitlines() if "when:" in line)
    made = negsim.load_text(text.replace(line, f'    when: "{condition}"'))
    assert touches(made, "share").needs == ({"applies": needed} if needed else {})


STOPS = {
    "a while behind a chance": ("while: stock > 0, chance: share * 1, still: applies == yes_", ()),
    "a chance within its bounds": ("while: stock > 0, chance: share / 2, still: applies == yes_", ("yes_",)),
    "a guard before the chance": ("every: 3, when: applies == yes_, chance: share * 1", ("yes_",)),
    "a delay before the last guard": ("every: 3, after: share - 1, still: applies == yes_", ()),
    "a delay of 0 or more": ("every: 3, after: share, still: applies == yes_", ("yes_",)),
    "a draw between two days": ("every: 3, 'after': 'uniform(1, share)', still: applies == yes_", ()),
    "a day from which on": ("every: 3, from: 6 // share, when: applies == yes_", ()),
    "a period": ("every: share * 1, when: applies == yes_", ()),
    "a day": ("at: share, when: applies == yes_", ("yes_",)),
    "a guard that never holds after an event that comes": ("on: sold, chance: share * 1, still: applies == yes_", ()),
    "a guard that never holds after an event that never comes": ("on: never_, chance: share * 1", None),
}


@pytest.mark.parametrize("name", STOPS)
def test_what_is_looked_at_before_the_guard_that_stops_a_rule_can_stop_the_run(name: str) -> None:
    keys, needed = STOPS[name]
    start = BEHIND_A_DIVISION[: BEHIND_A_DIVISION.index("  warns:")].replace("warned: {}", "warned: {}, never_: {}")
    rule = f"  warns: {{assumption: made up, {keys}, emit: warned()}}\n"
    made = negsim.load_text(f"{start}{rule}outcomes: {{none: {{}}}}\n")
    if needed is None:
        assert "share" not in live(Look(made, {}), tuple(parts(made))).parameters
    else:
        assert touches(made, "share").needs == ({"applies": needed} if needed else {})


# Whatever the rule.

WHOLES = ("p", "n", "1", "lead.size", "count(k for k in g if k.up)", "min(k.size for k in g if k.up)")
ATOMS = ("r == a", "r != a", "s == x", "p > 1", "q > 0.5", "n > 1", "lead.up", "marked(lead)", "lead == nobody")
RISKY = (
    "6 / p > n",
    "6 // (p * n) > 1",
    "6 % (n if s == x else 1) == 0",
    "1 / q > 3",
    "min(k.size for k in g if k.size > p) > 1",
    "(lead.size if s == y else p) > 0",
)


def numbers() -> st.SearchStrategy[str]:
    whole, leaf = st.sampled_from(WHOLES), st.sampled_from((*WHOLES, "q"))
    real = st.tuples(leaf, st.sampled_from("+-*/"), leaf)
    signed = (real | st.tuples(whole, st.sampled_from(("//", "%")), whole)).map(lambda t: f"({' '.join(t)})")
    chosen = st.tuples(leaf, st.sampled_from(ATOMS), leaf).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})")
    return st.one_of(leaf, signed, chosen, st.tuples(chosen, signed).map(lambda t: f"({t[0]} * {t[1]})"))


def conditions() -> st.SearchStrategy[str]:
    compared = st.tuples(numbers(), st.sampled_from(("<", ">=", "==")), numbers()).map(" ".join)
    over = st.tuples(st.sampled_from(("any", "all")), compared, st.sampled_from(ATOMS))
    clause = st.one_of(st.sampled_from(ATOMS), compared, over.map(lambda t: f"{t[0]}({t[1]} for m in g if {t[2]})"))
    can_fail = st.sampled_from(RISKY)
    joined = st.lists(clause, min_size=2, max_size=3) | st.tuples(can_fail, st.sampled_from(ATOMS)).map(list)
    both = st.tuples(joined, st.sampled_from((" and ", " or "))).map(lambda t: "(" + f"){t[1]}(".join(t[0]) + ")")
    return st.one_of(both, clause, both.map(lambda text: f"not ({text})"))


@st.composite
def rules(draw: st.DrawFn) -> str:
    """The keys of a rule that logs `told`, now and then guarded by what can fail."""
    kinds = ("every: 2", "on: ticked", "while: ", "every: p * 1", "every: 2, from: 6 // p")
    trigger = draw(st.sampled_from(kinds))
    keys = [f'{trigger}"{draw(conditions())}"' if trigger == "while: " else trigger]
    if trigger == "while: " or draw(st.booleans()):
        keys.append(f'chance: "{draw(st.sampled_from(("1", "0", "q", "p * 1", "1 if r == a else 0")))}"')
    guards = [
        f'{key}: "{draw(conditions())}"'
        for key in (("still",) if trigger == "while: " else ("when", "still"))
        if draw(st.booleans())
    ]
    if draw(st.booleans()):
        keys.append(f'after: "{draw(st.sampled_from(("1", "p", "n - p", "uniform(p, 2)", "geometric(q)")))}"')
    return ", ".join(keys + guards)


X = "assumption: x"


def texts() -> st.SearchStrategy[str]:
    return st.lists(rules(), min_size=1, max_size=2).map(scenario_of)


def scenario_of(keys: list[str]) -> str:
    lines = [f"  r{number}: {{assumption: x, {each}, emit: told()}}" for number, each in enumerate(keys)]
    return f"""\
negsim: 1
title: Dead or alive
start: 2030-01-01
horizon: 12
groups:
  g: {{attributes: {{size: {{range: 0..2}}}}, members: {{u: {{name: U, size: 0, {X}}}, v: {{name: V, size: 2, {X}}}}}}}
parameters:
  p: {{value: 1, low: 0, high: 2, assumption: x}}
  q: {{value: 0.5, low: 0, high: 1, assumption: x}}
readings:
  r: {{assumption: x, options: {{a: A, b: B}}, default: a}}
  s: {{assumption: x, options: {{x: X, y: Y}}, default: x}}
state: {{n: {{range: 0..2, initial: 2}}, lead: {{values: g, initial: u}}, g: {{up: {{initial: true}}}}}}
define: {{"marked(m in g)": "m.up and r == a"}}
events: {{ticked: {{set: {{n: "max(n - 1, 0)", u.up: false, lead: "v if n > 1 else nobody"}}}}, told: {{}}}}
rules:
  ticks: {{assumption: x, every: 5, from: 5, emit: ticked()}}
{chr(10).join(lines)}
outcomes: {{one: {{when: n > 1}}, other: {{}}}}
"""


def check_dead(text: str, answers: dict[str, str]) -> int:
    """How many names are called dead under these answers; each is seen to change nothing."""
    made = negsim.load_text(text)
    found = live(Look(made, answers), tuple(parts(made)))
    parameters, readings = {"p", "q"} - found.parameters, {"r", "s"} - found.readings - set(answers)
    for name in parameters:
        values = (0, 1, 2) if name == "p" else (0, 0.5, 1)
        seen = [what_happens(made, read=answers, set={name: value}) for value in values]
        assert seen[0] == seen[1] == seen[2], name
    for name in readings:
        one, other = (what_happens(made, read={**answers, name: option}) for option in made.readings[name].options)
        assert one == other, name
    return len(parameters) + len(readings)


JOINED = ("{0} and {1}", "{1} and {0}", "{0} or {1}", "not ({1} or {0})", "any({0} and {1} for m in g)")


@pytest.mark.parametrize("can_fail", RISKY)
def test_beside_an_answer_what_is_called_dead_changes_nothing(can_fail: str) -> None:
    dead = 0
    for joined in JOINED:
        for keys in ("while: {0}, chance: 1", "every: 2, when: {0}", "every: 2, still: {0}"):
            condition = joined.format(can_fail, "r == a")
            text = scenario_of([keys.format(f'"{condition}"')])
            dead += sum(check_dead(text, {"r": answer}) for answer in "ab")
    assert dead > 0


@given(texts(), st.sampled_from([{}, {"r": "a"}, {"r": "b"}, {"s": "x"}, {"s": "y"}, {"r": "b", "s": "y"}]))
@settings(max_examples=150, deadline=None)
def test_what_is_called_dead_changes_neither_log_nor_error(text: str, answers: dict[str, str]) -> None:
    check_dead(text, answers)
