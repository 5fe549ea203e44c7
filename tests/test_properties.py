"""What holds for every scenario and every run, over scenarios that Hypothesis writes."""

import copy
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from naive import BrokenError, Naive
from reckoning import step_of

import negsim
from negsim.engine.run import header_for
from negsim.errors import LogError, ModelError
from negsim.log.event import LoggedEvent
from negsim.log.fold import recount
from negsim.log.lines import write_lines
from negsim.log.reading import read_lines
from negsim.scenario.expressions import Constant
from negsim.scenario.rules import At
from negsim.testing import START, documents, scenarios, settings, to_text

RELAXED: dict[str, Any] = {"deadline": None, "suppress_health_check": [*HealthCheck]}
LOGGED = (
    "day",
    "date",
    "event",
    "fields",
    "rule",
    "instance",
    "actor",
    "cause",
    "triggered",
    "option",
    "share",
    "chance",
)


def some(examples: int) -> hypothesis.settings:
    """The same examples each time, and few enough for every day."""
    return hypothesis.settings(max_examples=examples, derandomize=True, database=None, **RELAXED)


def many(examples: int) -> hypothesis.settings:
    return hypothesis.settings(max_examples=examples, database=None, **RELAXED)


def unnumbered(event: LoggedEvent) -> LoggedEvent:
    nothing: Any = None
    return event._replace(seq=nothing, cause=None)


def made(run: negsim.Run) -> list[LoggedEvent]:
    """A run's events without their numbers: what is the same where only the numbering moved."""
    return [unnumbered(event) for event in run.events]


def by_place(run: negsim.Run, kept: Callable[[LoggedEvent], bool]) -> list[LoggedEvent]:
    """The kept events, renumbered as if the others had never been logged."""
    number = {event.seq: at for at, event in enumerate(each for each in run.events if kept(each))}
    return [
        event._replace(seq=number[event.seq], cause=None if event.cause is None else number[event.cause])
        for event in run.events
        if kept(event)
    ]


def run_of(text: str, data: st.DataObject) -> negsim.Run:
    """A run of a generated scenario under generated settings; what fails is shown as the text and the settings."""
    scenario = negsim.load_text(text)
    return ran(scenario, data.draw(settings(scenario)))


def ran(scenario: negsim.Scenario, asked: dict[str, Any]) -> negsim.Run:
    """The run; a scenario that breaks down says nothing here."""
    try:
        return negsim.run(scenario, **asked)
    except ModelError:
        assume(False)  # noqa: FBT003 - the word of Hypothesis


# An independent interpreter agrees.


def agrees_with_the_naive_interpreter(text: str, data: st.DataObject) -> None:
    scenario = negsim.load_text(text)
    asked = data.draw(settings(scenario))
    header = header_for(scenario, **asked)
    naive = Naive(
        scenario,
        seed=header.seed,
        parameters=header.settings.parameters,
        readings=header.settings.readings,
        choices=header.settings.choices,
    )
    run, error = attempt(scenario, asked)
    if error is not None:
        with pytest.raises(BrokenError):
            naive.run()
        assert (naive.day, naive.logged(LOGGED)) == (error.day, [shown(event) for event in error.events])
        return
    naive.run()
    assert run is not None
    assert naive.logged(LOGGED) == [shown(event) for event in run.events]
    assert (naive.outcome, naive.day) == (run.outcome, run.ended_on)
    assert naive.measures == dict(run.measures)
    assert naive.named_state == dict(run.state())


def attempt(scenario: negsim.Scenario, asked: dict[str, Any]) -> tuple[negsim.Run | None, ModelError | None]:
    """The run, or the error that stopped it."""
    try:
        return negsim.run(scenario, **asked), None
    except ModelError as error:
        return None, error


def shown(event: LoggedEvent) -> dict[str, Any]:
    return {name: dict(event.fields) if name == "fields" else getattr(event, name) for name in LOGGED}


@some(300)
@given(scenarios(), st.data())
def test_a_naive_interpreter_of_the_contract_makes_the_same_run(text: str, data: st.DataObject) -> None:
    agrees_with_the_naive_interpreter(text, data)


@some(150)
@given(scenarios(), st.data())
def test_a_run_that_must_stop_stops_at_the_same_event(text: str, data: st.DataObject) -> None:
    within_bounds = re.compile(r"min\(max\((\S+ [+-] 1), \d\), \d\)")
    broken = within_bounds.sub(r"\1", text)
    assume(broken != text)
    agrees_with_the_naive_interpreter(broken, data)


GUARDED = """
negsim: 1
title: An option that only some can take
start: 2025-01-01
horizon: 2
groups:
  bloc:
    attributes: {size: {range: 0..3}}
    members: {north: {name: North, size: 0, assumption: made up}, south: {name: South, size: 2, assumption: made up}}
events: {sent: {fields: {amount: 1..3}}, stayed: {}}
rules:
  send:
    assumption: made up
    for: m in bloc
    at: 1
    choose:
      stay: {when: m.size == 0, emit: stayed()}
      go: {when: m.size > 0, emit: sent(m.size)}
outcomes: {end: {}}
"""


def test_an_argument_is_looked_at_only_when_its_event_is_logged() -> None:
    run = negsim.run(negsim.load_text(GUARDED))
    assert [(event.event, *event.fields.values()) for event in run.events] == [("stayed",), ("sent", 2)]


@pytest.mark.slow
@many(4_000)
@given(scenarios(), st.data())
def test_a_naive_interpreter_makes_the_same_run_at_length(text: str, data: st.DataObject) -> None:
    agrees_with_the_naive_interpreter(text, data)


# The log holds everything.


@some(80)
@given(scenarios(), st.data())
def test_the_log_alone_gives_the_outcome_and_the_measures(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    assert recount(run.scenario, run.header, run.events, run.ended_on) == run.ending


@some(80)
@given(scenarios(), st.data())
def test_the_state_is_a_fold_of_the_events(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    seq = data.draw(st.integers(-1, len(run.events) - 1))
    naive = Naive(
        run.scenario,
        seed=run.header.seed,
        parameters=run.header.settings.parameters,
        readings=run.header.settings.readings,
        choices=run.header.settings.choices,
    ).run()
    assert dict(run.state()) == naive.named_state
    states = [*naive.before, naive.state]
    assert dict(run.state(seq=seq)) == naive.named(states[seq + 1])
    day = data.draw(st.integers(0, run.ended_on))
    assert dict(run.state(day=day)) == naive.named(naive.dusks[day])


@some(80)
@given(scenarios(), st.data())
def test_a_replay_writes_the_same_bytes(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    assert run.replay() is None
    again = negsim.run(
        run.scenario,
        seed=run.header.seed,
        set=run.header.settings.parameters,
        read=run.header.settings.readings,
        choose=[choice.text for choice in run.header.settings.choices],
    )
    assert list(write_lines(again.log)) == list(write_lines(run.log))


def assert_reads_back(run: negsim.Run) -> None:
    found = read_lines("\n".join(write_lines(run.log)) + "\n", "a log")
    assert (found.header, tuple(found.events), found.ending) == (run.header, run.events, run.ending)
    assert found.files == run.scenario.files


def choice_text(choice: dict[str, Any]) -> str:
    actors = f"[{','.join(choice['actors'])}]" if "actors" in choice else ""
    day = f"@{choice['day']}" if "day" in choice else ""
    return f"{choice['decision']}{actors}{day}={choice['option']}"


@some(80)
@given(scenarios(), st.data())
def test_a_log_that_is_written_and_read_is_the_same_log(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    assert_reads_back(run)


@some(80)
@given(scenarios(), st.data())
def test_a_changed_character_is_noticed(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    text = "\n".join(write_lines(run.log))
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from('0a"{}, \n\té\u2028'))
    assume(text[at] != other)
    with pytest.raises(LogError):
        read_lines(text[:at] + other + text[at + 1 :], "a log")


@some(60)
@given(scenarios(), st.data())
def test_a_dropped_swapped_doubled_or_cut_line_is_noticed(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    lines = list(write_lines(run.log))
    at = data.draw(st.integers(0, len(lines) - 1))
    to = data.draw(st.integers(0, len(lines) - 1))
    swapped = list(lines)
    swapped[at], swapped[to] = lines[to], lines[at]
    broken = {
        "dropped": [*lines[:at], *lines[at + 1 :]],
        "doubled": [*lines[: at + 1], *lines[at:]],
        "swapped": swapped,
        "cut": lines[:at],
        "cut within": [*lines[:at], lines[at][: to % len(lines[at])]],
    }
    for name, found in broken.items():
        if found != lines:
            with pytest.raises(LogError):
                read_lines("\n".join(found), name)


@some(60)
@given(scenarios(), st.data())
def test_why_goes_back_in_time_to_an_event_without_a_cause(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    for event in run.events:
        steps = run.why(event.seq).steps
        assert steps[0].event == event
        assert steps[-1].event.cause is None
        for step, before in pairwise(steps):
            assert step.event.cause == before.event.seq < step.event.seq
        for step in steps:
            names = [(each.kind, each.name, each.set_by) for each in step.conditions]
            assert len(set(names)) == len(names)
            for each in step.conditions:
                assert each.set_by is None or 0 <= each.set_by < step.event.seq
                if each.kind == "state" and each.set_by is not None:
                    assert run.state(seq=each.set_by)[each.name] == each.value


# Forks.


def is_replayable(fork: negsim.Run, parent: negsim.Run) -> None:
    assert fork.header.parent == parent.id
    assert fork.replay() is None
    assert_reads_back(fork)


@some(80)
@given(scenarios(), st.data())
def test_a_fork_that_sets_what_is_already_so_changes_nothing(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    at = data.draw(st.integers(-1, len(run.events) - 1))
    assume(run.header.settings.parameters or run.header.settings.readings)
    fork = run.fork(at=at, set=run.header.settings.parameters, read=run.header.settings.readings)
    assert (fork.events, fork.ending) == (run.events, run.ending)
    is_replayable(fork, run)


@some(80)
@given(scenarios(), st.data())
def test_a_fork_that_chooses_what_was_chosen_changes_nothing(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    decisions: dict[Any, list[str]] = {}
    for event in run.events:
        if event.actor is not None and event.option is not None:
            decisions.setdefault((event.rule, event.instance, event.day), []).append(event.option)
    chosen = [
        choice_text({"decision": rule, "day": day, "option": options[0], **({"actors": actors} if actors else {})})
        for (rule, actors, day), options in decisions.items()
        if len(set(options)) == 1
    ]
    assume(chosen)
    at = data.draw(st.integers(-1, len(run.events) - 1))
    fork = run.fork(at=at, choose=chosen)
    assert [e._replace(share=None) for e in fork.events] == [e._replace(share=None) for e in run.events]
    assert fork.ending == run.ending
    is_replayable(fork, run)


@some(100)
@given(scenarios(), st.data())
def test_a_fork_shares_its_parents_past(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    at = data.draw(st.integers(-1, len(run.events) - 1))
    asked = data.draw(settings(run.scenario))
    assume(asked["set"] or asked["read"] or asked["choose"])
    try:
        fork = run.fork(at=at, set=asked["set"], read=asked["read"], choose=asked["choose"])
    except ModelError:
        assume(False)  # noqa: FBT003 - the word of Hypothesis
    assert fork.events[: at + 1] == run.events[: at + 1]
    is_replayable(fork, run)


@some(100)
@given(scenarios(), st.data())
def test_the_log_of_a_fork_alone_gives_its_outcome_and_its_measures(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    at = data.draw(st.integers(-1, len(run.events) - 1))
    asked = data.draw(settings(run.scenario))
    assume(asked["set"] or asked["read"])
    try:
        fork = run.fork(at=at, set=asked["set"], read=asked["read"])
    except ModelError:
        assume(False)  # noqa: FBT003 - the word of Hypothesis
    assert recount(fork.scenario, fork.header, fork.events, fork.ended_on) == fork.ending


@some(100)
@given(scenarios(), st.data())
def test_an_event_put_in_comes_right_after_the_fork(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    at = data.draw(st.integers(-1, len(run.events) - 1))
    name = data.draw(st.sampled_from([name for name in run.scenario.events if name != "decided"]))
    values = {"member": "north", "to": "calm", "amount": "2", "loud": "true", "who": "north"}
    given_ = ", ".join(values[field.name] for field in run.scenario.events[name].fields)
    fork = run.fork(at=at, emit=f"{name}({given_})")
    assert fork.events[: at + 1] == run.events[: at + 1]
    put_in = fork.events[at + 1]
    assert (put_in.event, put_in.rule, put_in.cause) == (name, None, None)
    assert all(event.seq == number for number, event in enumerate(fork.events))
    is_replayable(fork, run)


@some(100)
@given(scenarios(), st.data())
def test_a_fork_without_an_event_shares_the_past_before_it(text: str, data: st.DataObject) -> None:
    run = run_of(text, data)
    assume(run.events)
    seq = data.draw(st.integers(0, len(run.events) - 1))
    try:
        fork = run.fork(without=seq)
    except ModelError:
        assume(False)  # noqa: FBT003 - the word of Hypothesis
    assert fork.events[:seq] == run.events[:seq]
    assert fork.state(seq=seq - 1) == run.state(seq=seq - 1)
    is_replayable(fork, run)


BELL = {
    "events": {"rung": {}, "echoed": {"fields": {"times": "1..3"}}, "faded": {}},
    "rules": {
        "ring": {"assumption": "made up", "every": "2", "chance": "0.8", "emit": "rung()"},
        "echo": {
            "assumption": "made up",
            "on": "rung",
            "chance": "0.6",
            "after": "uniform(0, 2)",
            "choose": {"once": {"emit": "echoed(1)"}, "twice": {"emit": ["echoed(2)", "echoed(3)"]}, "none": {}},
        },
        "fade": {
            "assumption": "made up",
            "on": "echoed",
            "chance": "0.5",
            "after": "geometric(0.5)",
            "emit": "faded()",
        },
    },
}
NEW = ("ring", "echo", "fade")


def with_more(document: dict[str, Any], more: Mapping[str, Any], *, first: bool = False) -> dict[str, Any]:
    """The document with more of some sections, before or after what they hold."""
    found = copy.deepcopy(document)
    for section, entries in more.items():
        held = found.get(section, {})
        found[section] = {**entries, **held} if first else {**held, **entries}
    order = [*dict.fromkeys([*document, *more])]
    order.sort(key=lambda key: key in ("outcomes", "measures"))
    return {key: found[key] for key in order}


@some(80)
@given(documents(), st.integers(0, 10), st.data())
def test_leaving_out_an_event_takes_away_what_it_caused_and_nothing_else(
    document: dict[str, Any], seed: int, data: st.DataObject
) -> None:
    scenario = negsim.load_text(to_text(with_more(document, BELL)))
    run = ran(scenario, {"seed": seed})
    rung = [event.seq for event in run.events if event.event == "rung" and event.rule == "ring"]
    assume(rung)
    seq = data.draw(st.sampled_from(rung))
    fork = run.fork(without=seq)
    gone = {seq}
    for event in run.events:
        if event.cause in gone:
            gone.add(event.seq)
    # What faded is drawn from one stream by whatever echoed before it: only its own luck may move.
    expected = by_place(run, lambda e: e.seq not in gone and e.rule != "fade")
    assert sorted(map(str, no_causes(fork, "fade"))) == sorted(str(unnumbered(e)) for e in expected)
    assert fork.outcome == run.outcome


def no_causes(run: negsim.Run, without: str) -> list[LoggedEvent]:
    return [event for event in made(run) if event.rule != without]


# What is added and touches nothing changes nothing.


UNUSED = {
    "actors": {"stranger": {"name": "Stranger"}},
    "sources": {
        "a_paper": {
            "title": "A paper",
            "statements": {"a_word": {"speaker": "Stranger", "quote": "Nothing follows from this."}},
        }
    },
    "state": {"weather": {"values": ["dry", "wet"], "initial": "dry"}},
    "events": {"unheard": {"fields": {"who_else": "actor"}, "set": {"weather": "wet"}}},
    "measures": {"wet_days": "days(weather == wet)"},
}
OWN = {
    "state": {"ticks": {"range": "0..9", "initial": "0"}},
    "events": {"ticked": {"set": {"ticks": "min(ticks + 1, 9)"}}},
    "rules": {
        "tick": {"assumption": "made up", "while": "ticks < 7", "chance": "0.4", "emit": "ticked()"},
        "tock": {
            "assumption": "made up",
            "on": "ticked",
            "after": "uniform(0, 3)",
            "chance": "0.3",
            "emit": "ticked()",
        },
    },
}


@some(100)
@given(documents(), st.integers(0, 10))
def test_an_unused_actor_statement_variable_or_event_changes_no_event(document: dict[str, Any], seed: int) -> None:
    before = ran(negsim.load_text(to_text(document)), {"seed": seed})
    try:
        more = negsim.load_text(to_text(with_more(document, UNUSED)))
    except negsim.ScenarioError as error:
        if not all("can be stranger" in problem.message for problem in error.problems):
            raise
        assume(False)  # noqa: FBT003 - the word of Hypothesis: now not every actor is a member
    after = negsim.run(more, seed=seed)
    assert after.events == before.events
    assert (after.outcome, after.ended_on) == (before.outcome, before.ended_on)
    assert {**after.measures} == {**before.measures, "wet_days": 0}


@some(100)
@given(documents(), st.integers(0, 10), st.booleans())
def test_a_rule_with_a_variable_of_its_own_changes_no_other_event(
    document: dict[str, Any], seed: int, first: bool
) -> None:
    before = ran(negsim.load_text(to_text(document)), {"seed": seed})
    after = negsim.run(negsim.load_text(to_text(with_more(document, OWN, first=first))), seed=seed)
    assert by_place(after, lambda event: event.event != "ticked") == list(before.events)
    assert (after.outcome, after.measures) == (before.outcome, before.measures)


# Nothing depends on the process.


WRITE = """
import hashlib, sys
from pathlib import Path
import negsim
from negsim.language import shipped
from negsim.log.lines import write_lines
found = hashlib.sha256()
texts = [negsim.load_text(text) for text in Path(sys.argv[1]).read_text(encoding="utf-8").split("\\f")]
for scenario in [*texts, *(negsim.load(path) for _, path in shipped())]:
    for seed in (0, 1):
        for line in write_lines(negsim.run(scenario, seed=seed).log):
            found.update(line.encode())
print(found.hexdigest())
"""


def test_no_byte_of_a_log_depends_on_the_process(tmp_path: Path) -> None:
    texts = []

    @some(40)
    @given(scenarios())
    def collect(text: str) -> None:
        for seed in (0, 1):
            ran(negsim.load_text(text), {"seed": seed})
        texts.append(text)

    collect()
    file = tmp_path / "texts"
    file.write_text("\f".join(texts[-30:]), encoding="utf-8")
    digests = {
        subprocess.run(
            [sys.executable, "-c", WRITE, str(file)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    assert digests != {hashlib.sha256().hexdigest() + "\n"}


# What is generated is worth running.


@some(100)
@given(scenarios())
def test_every_generated_text_is_a_valid_scenario(text: str) -> None:
    scenario = negsim.load_text(text)
    assert scenario.start.toordinal() == START.toordinal()
    assert scenario.horizon_days <= 40


@some(150)
@given(documents())
def test_dates_are_those_of_a_calendar_that_counts_days_one_by_one(document: dict[str, Any]) -> None:
    scenario = negsim.load_text(to_text(document))
    start, step = document["start"], document.get("step", "day")
    steps = [step_of(start, step, entry["date"]) for entry in document.get("history", [])]
    assert [entry.day for entry in scenario.history] == steps
    for name, rule in document.get("rules", {}).items():
        found = scenario.rules[name]
        parts = {"from": found.from_day, "until": found.until_day}
        if isinstance(found.trigger, At):
            parts["at"] = found.trigger.day
        for key, part in parts.items():
            if part is not None and str(rule[key]).startswith("2025-"):
                assert isinstance(part.tree, Constant)
                assert part.tree.value == step_of(start, step, rule[key])


def test_generated_scenarios_use_the_language() -> None:
    used: Counter[str] = Counter()

    @some(400)
    @given(scenarios())
    def collect(text: str) -> None:
        scenario = negsim.load_text(text)
        for rule in scenario.rules.values():
            used.update([type(rule.trigger).__name__, type(rule.delay).__name__, f"{len(rule.binders)} binders"])
            parts = ("when", "chance", "still", "unless", "by", "from_day", "until_day", "chooses")
            used.update(name for name in parts if getattr(rule, name))
            used.update("option for" for option in rule.options if option.binder is not None)
        used.update("ends" for outcome in scenario.outcomes.values() if outcome.ends)
        used[scenario.calendar.name] += 1

    collect()
    rare = {name: number for name, number in used.items() if number < 5}
    assert not rare
    assert {"OnEvent", "While", "At", "Every", "GeometricDelay", "2 binders", "option for", "ends"} <= set(used)
    assert {"hour", "day", "week", "month"} <= set(used)
