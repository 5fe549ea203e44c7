"""A day as a value: it stops with a question, is copied, compared, kept, and gone on with by an answer."""

from __future__ import annotations

from collections import Counter

import pytest

import negsim
from negsim.engine.calendar import Calendar, OtherLuck
from negsim.engine.luck import Scripted
from negsim.engine.plan import bound, luck_of
from negsim.engine.run import header_for
from negsim.exact.state.turns import Stop, Turns, Unlogged
from negsim.kernel.action import Action
from negsim.kernel.day import Day
from negsim.kernel.moment import Moment
from negsim.kernel.questions import Answer, Aspiration, Choice, Geometric, Trial, Uniform
from negsim.kernel.steps import Take, Trigger
from negsim.language import load_text
from negsim.program.events import Occurrence
from negsim.program.options import Picked
from negsim.program.program import Program
from negsim.scenario.settings import Settings
from negsim.scenario.streams import Draw, Stream

TOWN = """\
negsim: 1
title: A town
start: 2030-05-01
horizon: 60
actors: {mayor: {name: Mayor}}
state:
  fire: {initial: false}
  noise: {range: 0..9, initial: 0}
events:
  sparked: {set: {fire: true}, text: It burns.}
  doused: {set: {fire: false}, text: It is out.}
  rang: {set: {noise: noise + 1}, text: The bell rings.}
  fled: {text: People flee.}
rules:
  sparks: {assumption: made up, at: 5, chance: 0.25, emit: sparked()}
  rings: {assumption: made up, on: sparked, after: 'uniform(1, 3)', unless: doused, emit: rang()}
  flees: {assumption: made up, on: sparked, after: geometric(0.5), emit: fled()}
  calls:
    assumption: made up
    on: sparked
    by: mayor
    choose:
      douse: {weight: 3, emit: doused()}
      wait: {weight: 1}
outcomes: {burnt: {when: fire}, safe: {}}
"""


class Heard(Unlogged):
    """A host that keeps the names of events, and is asked what seats aspire to."""

    hears_seats = True

    def __init__(self) -> None:
        self.names: list[str] = []

    def logged(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> tuple[()]:  # noqa: ARG002 - the host's signature
        self.names.append(occurrence.name)
        return ()


def begun(text: str, rule: str, day: int) -> tuple[Day, Moment, Heard]:
    """A day on which a dated rule, or talks, are about to have their turn."""
    program, host = Program(load_text(text), Settings({}, {})), Heard()
    moment = Moment(program)
    moment.begin(day)
    if rule in program.scenario.talks:
        moment.convene(program.table(rule), 0)
        moment.front.append(Take(moment.rounds[rule]))
    else:
        moment.front.append(Trigger(next(each for each in program.dated if each.name == rule), None))
    return Day(host), moment, host


def test_a_day_asks_one_question_after_the_other_and_tells_what_follows_from_the_answers() -> None:
    day, moment, host = begun(TOWN, "sparks", 5)
    trial = day.finish(moment)
    assert isinstance(trial, Trial)
    assert trial.chance == 0.25
    delay = day.answer(moment, answer=True)
    assert isinstance(delay, Uniform)
    assert (delay.instance.name, delay.low, delay.high) == ("rings", 1, 3)
    daily = day.answer(moment, 2)
    assert isinstance(daily, Geometric)
    assert daily.chance == 0.5
    choice = day.answer(moment, 4)
    assert isinstance(choice, Choice)
    assert (choice.by, [(option.name, option.weight) for option in choice.options]) == (
        "mayor",
        [("douse", 3), ("wait", 1)],
    )
    assert [(each.action.instance.name, each.days, each.daily) for each in moment.postponed] == [
        ("rings", 2, None),
        ("flees", 4, 0.5),
    ]
    assert all(moment.awaits(each.action) for each in moment.postponed)
    assert day.answer(moment, (0, 0.75)) is None
    assert moment.is_over
    assert host.names == ["sparked", "doused"]
    assert [moment.awaits(each.action) for each in moment.postponed] == [False, True]  # the fire is out: no bell


def test_a_copy_goes_on_apart_and_the_moment_that_asks_stays_as_it_is() -> None:
    day, moment, _ = begun(TOWN, "sparks", 5)
    day.finish(moment)
    kept = moment.copy()
    given: tuple[tuple[Answer, ...], ...] = ((False,), (True, 2, 4, (0, None)), (True, 1, None, (1, None)))
    for answers in given:
        other = moment.copy()
        for answer in answers:
            day.answer(other, answer)
        assert other.is_over
        assert other != moment
        assert moment == kept
    assert moment.seq == -1


def test_moments_are_alike_whatever_led_to_them() -> None:
    """Where the mayor waits, nothing tells a bell after two days from one that was kept and gone on with later."""
    day, moment, _ = begun(TOWN, "sparks", 5)
    kept = moment.copy()
    assert [type(each.finish(one)) for each, one in ((day, moment), (day, kept))] == [Trial, Trial]
    for answer in (True, 2, None, (1, 0.25)):
        day.answer(moment, answer)
        kept = kept.copy()
        day.answer(kept, answer)
        assert moment == kept
    kept.rebind(Program(load_text(TOWN), Settings({}, {})))
    assert moment != kept


def test_an_answer_without_a_question_is_refused() -> None:
    day, moment, _ = begun(TOWN, "sparks", 5)
    with pytest.raises(TypeError, match="nothing is asked"):
        day.answer(moment, answer=True)


TALKS = """\
negsim: 1
title: Talks
start: 2030-05-01
horizon: 60
actors: {a: {name: A}, b: {name: B}}
talks:
  peace:
    parties: [a, b]
    opens: 5
    every: 7
    rounds: 4
    issues: {land: [little, half, most]}
    positions:
      a: {values: {land: {half: 1, most: 2}}, fallback: 0, concession: 1, assumption: x}
      b: {values: {land: {half: 1, little: 2}}, fallback: 0, concession: 1, assumption: x}
outcomes: {agreed: {when: peace.phase == agreed}, none: {}}
"""


def test_a_round_asks_each_seat_where_the_host_hears_them() -> None:
    day, moment, host = begun(TALKS, "peace", 5)
    first = day.finish(moment)
    assert isinstance(first, Aspiration)
    assert (first.view.party, first.view.share, first.strategy(first.view)) == ("a", 0, 1)
    second = day.answer(moment, 0.5)
    assert isinstance(second, Aspiration)
    assert second.view.party == "b"
    assert day.answer(moment.copy(), 0.5) is None
    assert host.names == ["offered", "agreed"]
    host.names.clear()
    assert day.answer(moment, 1.0) is None
    assert host.names == ["offered", "refused"]


def test_a_solver_leaves_the_moments_that_ask_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: Counter[bool] = Counter()
    go_on = Turns.go_on

    def watched(self: Turns, moment: Moment, answer: Answer = None) -> Stop:
        if moment.asked is None:
            return go_on(self, moment, answer)
        before = moment.copy()
        found = go_on(self, moment, answer)
        kept[moment == before and moment is not found.moment] += 1
        return found

    monkeypatch.setattr(Turns, "go_on", watched)
    assert sum(negsim.solve(load_text(TOWN)).outcomes.values()) == pytest.approx(1)
    assert kept.keys() == {True}


def test_what_an_event_left_out_would_have_put_off_does_nothing_under_other_luck_either() -> None:
    """A spark lets a bell ring after some days, each with one chance in twenty; the spark is left out."""
    scenario = load_text(TOWN.replace("'uniform(1, 3)', unless: doused", "geometric(0.05)"))
    run = negsim.run(scenario, seed=1, luck={"sparks.chance": [0.0]})
    assert [(event.day, event.event) for event in run.events] == [
        (5, "sparked"),
        (5, "doused"),
        (6, "fled"),
        (50, "rang"),
    ]
    header = run.fork(without=0).header
    with bound(scenario, header.settings) as plan:
        for seed in range(20):
            other = OtherLuck(plan.luck(seed), dusk=6)
            calendar = Calendar(plan, luck=luck_of(plan, header), interventions=header.interventions, other_luck=other)
            assert calendar.run().outcome == "safe"
            assert calendar.events == []


DUE = """\
negsim: 1
title: What is due today
start: 2030-05-01
horizon: 60
events: {sparked: {}, knocked: {}, fled: {}}
rules:
  sparks: {assumption: made up, at: 1, emit: sparked()}
  knocks: {assumption: made up, at: 3, emit: knocked()}
  flees: {assumption: made up, on: sparked, after: geometric(0.5), emit: fled()}
outcomes: {over: {}}
"""


@pytest.mark.parametrize(("delay", "day"), [(0.25, 3), (0.125, 13)])
def test_other_luck_in_the_middle_of_a_day_draws_only_what_is_not_yet_due(delay: float, day: int) -> None:
    """0.5 falls to 0.25 after two days: due on day 3, which has begun. To 0.125 after three: drawn anew from day 3."""
    scenario = load_text(DUE)
    header = header_for(scenario, luck={"flees.delay": [delay]})
    with bound(scenario, header.settings) as plan:
        other = OtherLuck(Scripted([Draw(Stream("flees", (), "delay"), 0, 2.0**-10)]), after=1)
        calendar = Calendar(plan, luck=luck_of(plan, header), other_luck=other)
        calendar.run()
    found = [(event.day, event.event) for event in calendar.events]
    assert found == [(1, "sparked"), (3, "knocked"), (day, "fled")]
