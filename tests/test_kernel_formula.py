"""An expression has one meaning: as a form read by closures, as a form worked out plainly, and as the tree it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive import BrokenError, Naive
from test_dead_readings import texts
from worlds import worlds

import negsim
from negsim.program.closures import Closures
from negsim.program.facts import Facts, Interval, Known
from negsim.program.folding import junction, operation
from negsim.program.form import (
    Apply,
    Choose,
    Fixed,
    Form,
    Gather,
    Junction,
    Observed,
    Pick,
    Shared,
    Slot,
    Within,
    column,
    parts,
    reads,
)
from negsim.program.formula import Formula, MeaninglessError, State, new_state, set_slots
from negsim.program.layout import StateLayout
from negsim.program.program import Program
from negsim.program.specialise import left_open
from negsim.scenario import expressions as x
from negsim.scenario.clocks import NEVER, clock_of
from negsim.scenario.parts import Part
from negsim.scenario.parts import parts as expressions
from negsim.scenario.settings import defaults, settings_of
from negsim.scenario.types import ActorOf, Enumeration, Real, Truth, Type, Value, Whole, allowed
from negsim.scenario.walking import walk
from negsim.show.look import Look
from negsim.testing import scenarios, settings

FAILS = "it has no value"
SIGNS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "not": lambda a: not a, "abs": abs, "min": min, "max": max,
}  # fmt: skip


def plainly(form: Form, state: list[Value]) -> Value:
    """What a form comes to in a state, worked out from its data alone."""

    def ask(part: Form) -> Value:
        return plainly(part, state)

    match form:
        case Fixed(value=value):
            return value
        case Slot() | Observed():
            return state[form.at]
        case Apply(sign=sign, items=items):
            found: Value = SIGNS[sign](*map(ask, items))
            return found
        case Within(item=item, values=values):
            return ask(item) in values
        case Junction(items=items, settles=settles):
            return (any if settles else all)(bool(ask(item)) for item in items)
        case Choose():
            return ask(form.then if ask(form.test) else form.otherwise)
        case Pick(subject=subject, branches=branches):
            return ask(dict(branches)[ask(subject)])
        case Shared(item=item):
            return ask(item)
        case Gather(function="count", pairs=pairs):
            return len([condition for condition, _ in pairs if ask(condition)])
        case Gather(function=function, pairs=pairs):
            over: dict[str, Callable[..., Any]] = {"sum": sum, "min": min, "max": max}
            gathered: Value = over[function](ask(each) for test, each in pairs if ask(test))
            return gathered
    raise AssertionError(form)


class Told(Naive):
    """The naive interpreter, which is told what a measure has counted."""

    counted: dict[x.Observation, int]
    layout: StateLayout

    def observed(self, node: x.Observation) -> int:
        return self.counted[node]

    def kept_at(self, slot: int | None) -> Any:
        return None if slot is None else [*self.state.values()][slot]

    def today_in(self, state: object) -> Any:  # noqa: ARG002 - as of `Naive`
        return self.kept_at(self.layout.day)

    def days_since(self, node: x.DaysSince, scope: Any, state: Any) -> Any:
        clock = clock_of(node)
        names = self.layout.clocks[clock].names
        last = self.kept_at(self.layout.last[clock, tuple(scope[name] for name in names)])
        if last != NEVER:
            return self.kept_at(self.layout.now) - last
        return None if node.otherwise is None else self.value(node.otherwise, scope, state)


Texts = Callable[[], st.SearchStrategy[str]]
MADE = pytest.mark.parametrize("made", [scenarios, texts, worlds])


def came_to(work_out: Callable[..., Value]) -> Value:
    try:
        return work_out()
    except (BrokenError, MeaninglessError, OverflowError, ZeroDivisionError, KeyError, ValueError):
        return FAILS


def some_value(kind: Type) -> st.SearchStrategy[Any]:
    match kind:
        case Truth():
            return st.booleans()
        case Whole(low=low, high=high):
            return st.integers(0 if low is None else low, 9 if high is None else high)
        case Real():
            return st.floats(0, 4)
        case Enumeration() | ActorOf():
            return st.sampled_from(allowed(kind))


def some_state(program: Program) -> st.SearchStrategy[Any]:
    layout = program.layout
    clocks = {*layout.last.values()}
    each = [some_value(variable.type) for variable in layout.variable_at]

    def in_time(state: tuple[Any, ...]) -> tuple[Any, ...]:
        """The same with no event that is still to come."""
        now = 0 if layout.now is None else state[layout.now]
        return tuple(min(value, now) if at in clocks else value for at, value in enumerate(state))

    return st.tuples(*(st.just(NEVER) | one if at in clocks else one for at, one in enumerate(each))).map(in_time)


@dataclass
class Situation:
    """A program, a state that may never come, what measures have counted, and the values of bound names."""

    program: Program
    state: tuple[Value, ...]
    counted: dict[x.Observation, int]
    bound: dict[tuple[str, Type], Value]

    def scope(self, tree: x.Node) -> dict[str, Any]:
        return {node.name: self.bound[node.name, node.type] for node in walk(tree) if isinstance(node, x.Bound)}

    def whole(self, state: list[Value] | None = None) -> State:
        """A state with what measures have counted, as a run ends with it."""
        layout = self.program.layout
        made = new_state((*(self.state if state is None else state), *layout.memory))
        for node, value in self.counted.items():
            made[layout.seen[node]] = value
        return made

    def naive(self) -> Told:
        scenario, given_ = self.program.scenario, self.program.settings
        naive = Told(scenario, seed=0, parameters=given_.parameters, readings=given_.readings, choices=())
        naive.state = dict(zip(self.program.layout.slots, self.state, strict=True))
        naive.counted, naive.layout = self.counted, self.program.layout
        return naive

    def formulas(self) -> Iterator[tuple[Part, Formula]]:
        for each in expressions(self.program.scenario):
            yield each, self.program.binder.bind(each.tree, self.scope(each.tree))


@st.composite
def situations(draw: st.DrawFn, text: str) -> Situation:
    scenario = negsim.load_text(text)
    asked = draw(settings(scenario))
    program = Program(scenario, settings_of(scenario, set=asked["set"], read=asked["read"]))
    state = draw(some_state(program))
    counted = {node: draw(st.integers(0, 9)) for node in program.layout.seen}
    bound: dict[tuple[str, Type], Value] = {}
    for each in expressions(scenario):
        for node in walk(each.tree):
            if isinstance(node, x.Bound):
                bound.setdefault((node.name, node.type), draw(some_value(node.type)))
    return Situation(program, state, counted, bound)


def read(formula: Formula, state: list[Value]) -> Value:
    return came_to(lambda: formula.read(state))


def other_states(situation: Situation) -> st.SearchStrategy[Any]:
    return some_state(situation.program)


@MADE
@given(st.data())
def test_closures_the_data_and_the_tree_say_the_same(made: Texts, data: st.DataObject) -> None:
    situation = data.draw(situations(data.draw(made())))
    naive, here = situation.naive(), situation.whole()
    for each, formula in situation.formulas():
        scope = situation.scope(each.tree)
        expected = came_to(lambda tree=each.tree, names=scope: naive.value(tree, names))
        for found in (read(formula, here), came_to(lambda f=formula: plainly(f.form, here))):
            assert (type(found), repr(found)) == (type(expected), repr(expected)), (each, formula.form)


@MADE
@given(st.data())
def test_what_was_worked_out_before_is_never_taken_for_another_state(made: Texts, data: st.DataObject) -> None:
    """States in turn, each a change of one slot; what definitions keep must go by all that they read."""
    situation = data.draw(situations(data.draw(made())))
    here = situation.whole()
    changed = data.draw(st.lists(st.integers(0, len(situation.state) - 1), max_size=6)) if situation.state else []
    other = data.draw(other_states(situation))
    formulas = [*situation.formulas()]
    for at in (None, *changed, *changed):
        if at is not None:
            set_slots(here, [(at, other[at] if here[at] == situation.state[at] else situation.state[at])])
        for each, formula in formulas:
            expected = came_to(lambda f=formula: plainly(f.form, here))
            assert repr(read(formula, here)) == repr(expected), (each, formula.form)


@MADE
@given(st.data())
def test_what_is_known_of_a_form_holds_in_every_state(made: Texts, data: st.DataObject) -> None:
    """Also with some readings left open, and all parameters and names."""
    situation = data.draw(situations(data.draw(made())))
    open_names = data.draw(st.sets(st.sampled_from(["scope", "r", "s"])))
    answers = {name: each for name, each in situation.program.settings.readings.items() if name not in open_names}
    opened, here = left_open(situation.program.scenario, readings=answers), situation.whole()
    for each, formula in situation.formulas():
        value = read(formula, here)
        for facts in (opened.known.of(opened.form(each.tree, {})), Known().of(formula.form)):
            assert value is not FAILS or not facts.sure, each
            assert value is FAILS or facts.values is None or value in facts.values, each
            if isinstance(value, int | float) and not isinstance(value, bool):
                assert facts.span.low <= value <= facts.span.high, each


@MADE
@given(st.data())
def test_a_formula_hangs_on_what_it_reads_alone(made: Texts, data: st.DataObject) -> None:
    situation = data.draw(situations(data.draw(made())))
    other = data.draw(other_states(situation))
    for each, formula in situation.formulas():
        mixed = [value if at in formula.reads else other[at] for at, value in enumerate(situation.state)]
        assert repr(read(formula, situation.whole())) == repr(read(formula, situation.whole(mixed))), each


@MADE
@given(st.data())
def test_a_form_that_is_left_open_hangs_on_the_settings_alone_that_it_names(made: Texts, data: st.DataObject) -> None:
    situation = data.draw(situations(data.draw(made())))
    scenario, here = situation.program.scenario, situation.whole()
    asked = data.draw(settings(scenario))
    other, opened = settings_of(scenario, set=asked["set"], read=asked["read"]), left_open(scenario)
    for each, formula in situation.formulas():
        names = opened.known.of(opened.form(each.tree, {})).names
        changed = situation.program.settings.changed(
            {name: value for name, value in other.parameters.items() if name not in names},
            {name: value for name, value in other.readings.items() if name not in names},
        )
        moved = Program(scenario, changed).binder.bind(each.tree, situation.scope(each.tree))
        assert repr(read(formula, here)) == repr(read(moved, here)), each


@MADE
@given(st.data(), st.sampled_from("abxy"))
def test_what_is_taken_over_from_a_look_with_nothing_settled_is_what_would_be_found(
    made: Texts, data: st.DataObject, answer: str
) -> None:
    scenario = negsim.load_text(data.draw(made()))
    answers = {name: answer for name, each in scenario.readings.items() if answer in each.options}
    alone, upon = Look(scenario, answers), Look(scenario, answers, Look(scenario, {}))
    for each in expressions(scenario):
        assert alone.whole(each.tree) == upon.whole(each.tree)


# By hand.

UP, DOWN = Slot(0, Truth()), Slot(1, Truth())
CAN_FAIL = operation("==", operation("//", Fixed(6), Slot(2, Whole(0, 6))), Fixed(2))
YES, NO = Fixed(value=True), Fixed(value=False)


def joined(*items: Form) -> Form:
    return junction(items, settles=False, sure=left_open(negsim.load("template")).known.is_sure)


def test_of_a_junction_only_what_can_fail_is_looked_at_before_what_settles_it() -> None:
    assert joined(UP, DOWN, NO) == NO
    assert joined(UP, CAN_FAIL, DOWN, NO, UP) == Junction((UP, CAN_FAIL, NO), settles=False)
    assert joined(UP, YES, DOWN) == Junction((UP, DOWN), settles=False)
    assert joined(YES, UP) == UP
    assert joined(YES, YES) == YES


def test_what_has_no_value_stays_open() -> None:
    assert operation("/", Fixed(1), Fixed(0)) == Apply("/", (Fixed(1), Fixed(0)))
    assert operation("/", Fixed(1), Fixed(2)) == Fixed(0.5)


def test_neighbouring_slots_compared_with_one_value_are_a_column() -> None:
    items = [operation("==", Fixed("calm"), Slot(at, Enumeration(("calm", "tense")))) for at in (3, 4, 5)]
    assert column(items) == (3, 6, "calm")
    assert column(items[::2]) is None
    assert column([operation("==", Slot(0, Truth()), YES), operation("==", Slot(1, Whole(0, 1)), Fixed(1))]) is None


def test_all_parts_of_a_form_are_reached() -> None:
    form = Choose(UP, Gather("sum", ((DOWN, Slot(2, Whole(0, 6))),)), Within(Slot(3, Whole(0, 6)), frozenset({1})))
    assert reads(form) == {0, 1, 2, 3}
    assert parts(form) == (UP, form.then, form.otherwise)


N, D = Slot(2, Whole(-2, 6)), Slot(3, Whole(2, 4))


@pytest.mark.parametrize(
    ("form", "facts"),
    [
        (operation("%", N, D), Facts(span=Interval(0, 4))),
        (operation("%", D, Fixed(-3)), Facts(span=Interval(-3, 0))),
        (operation("//", D, N), Facts(sure=False)),
        (operation("*", Fixed(0), D), Facts(frozenset({0}), Interval(0, 0))),
        (operation("*", Fixed(0), operation("/", D, N)), Facts(sure=False)),
        (operation("-", N, D), Facts(span=Interval(-6, 4))),
        (Gather("min", ((UP, N), (DOWN, D))), Facts(span=Interval(-2, 6), sure=False)),
        (Gather("min", ((UP, N), (YES, D))), Facts(span=Interval(-2, 6))),
        (Gather("sum", ((UP, N), (YES, D))), Facts(span=Interval(0, 10))),
        (Choose(UP, Fixed(1), Fixed(2)), Facts(frozenset({1, 2}), Interval(1, 2))),
    ],
)
def test_what_is_known_of_a_form(form: Form, facts: Facts) -> None:
    assert Known().of(form) == facts


def test_members_who_all_hold_are_counted_together_and_the_rest_is_added() -> None:
    """`count` of what holds for sure, and of neighbouring slots compared with one value."""
    mood = Enumeration(("calm", "tense"))
    calm = [operation("==", Slot(at, mood), Fixed("calm")) for at in range(3)]
    counted = Gather("count", tuple((each, Fixed(1)) for each in (YES, *calm)))
    assert Closures(frozenset()).reader(counted)(["calm", "tense", "calm"]) == 3


def test_a_definition_is_worked_out_again_for_another_version_of_a_state() -> None:
    count = Gather("count", tuple((Slot(at, Truth()), Fixed(1)) for at in range(3)))
    read, state = Closures(frozenset()).reader(Shared(count, reads(count))), new_state((True, False, True))
    assert read(state) == 2
    set_slots(state, ((1, True),))
    assert read(state) == 3


TWO_AND_THREE = """
negsim: 1
title: Definitions
start: 2030-01-01
horizon: 1
state:
  mood: {values: [calm, tense], initial: calm}
  heat: {range: 0..2, initial: 0}
  open: {initial: false}
define:
  one: 2 * heat + 1
  two: heat * 10 if mood == calm else heat
  three: two + 1 if open else two
events: {came: {}}
outcomes: {over: {}}
measures: {a: one, b: two, c: three}
"""


def test_what_definitions_keep_goes_by_all_that_they_read() -> None:
    """Every state after every other: no value is that of the state before."""
    scenario = negsim.load_text(TWO_AND_THREE)
    program = Program(scenario, defaults(scenario))
    worlds_ = [(mood, heat, is_open) for mood in ("calm", "tense") for heat in range(3) for is_open in (False, True)]
    state = program.layout.first_state()
    for before in worlds_:
        for mood, heat, is_open in worlds_:
            for world in (before, (mood, heat, is_open)):
                set_slots(state, enumerate(world))
                found = [formula.read(state) for formula in program.measures.values()]
            two = heat * 10 if mood == "calm" else heat
            assert found == [2 * heat + 1, two, two + 1 if is_open else two]
