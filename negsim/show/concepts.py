"""The design concepts of a model, as the ODD protocol asks for them, read off what the scenario says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from negsim.scenario.calendar_steps import Step
from negsim.scenario.held import open_questions
from negsim.scenario.model import Scenario
from negsim.scenario.record import Standing
from negsim.scenario.rules import FixedDelay, OnEvent, Rule, While
from negsim.show.markdown import code, listed
from negsim.wording import counted


def concepts(scenario: Scenario) -> Mapping[str, str]:
    """Each design concept with what this model has to say on it, in Markdown."""
    rules = list(scenario.rules.values())
    return {
        "Basic principles": _principles(scenario),
        "Emergence": (
            "No rule names an outcome. Which one a run ends in follows from the order in which events come, and"
            " that from the rules, the readings, the parameters and chance."
        ),
        "Adaptation": _adaptation(rules)
        + _at_talks(scenario, "At talks what a party asks for goes down as it yields."),
        "Objectives": _objectives(scenario),
        "Learning": "None: weights and chances change with the state alone." + _at_talks(scenario, _learning(scenario)),
        "Prediction": "None: no actor looks ahead."
        + _at_talks(scenario, "At talks a party knows how many rounds there are at most."),
        "Sensing": "Guards, chances and weights read the true state; nothing is hidden and nothing is misperceived."
        + _at_talks(scenario, "At talks all know what all want."),
        "Interaction": _interaction(rules),
        "Stochasticity": _stochasticity(rules, scenario.calendar.step),
        "Collectives": _collectives(scenario),
        "Observation": _observation(scenario),
    }


def _principles(scenario: Scenario) -> str:
    origins = [each.origin for each in scenario.parameters.values() if each.rule is None]
    origins += [each.origin for each in scenario.rules.values()]
    origins += [each.origin for each, *_ in open_questions(scenario).values()]
    origins += [each.origin for each in scenario.history]
    positions = [position for talks in scenario.talks.values() for position in talks.positions.values()]
    origins += [each.origin for each in positions]
    origins += [line.origin for each in positions for line in each.red_lines.values()]
    at_talks = " position, red line," if positions else ""
    counts = Counter(origin.standing for origin in origins)
    return (
        f"Every rule,{at_talks} reading, parameter and dated event names the statements it rests on, or says that it"
        f" is assumed. *Stated* (it takes the words as they stand): {counts[Standing.STATED]}. *Inferred* (the author"
        f" takes a step from the words, and says which): {counts[Standing.INFERRED]}. *Assumed* (nothing on record):"
        f" {counts[Standing.ASSUMED]}."
    )


def _at_talks(scenario: Scenario, text: str) -> str:
    """More to say where there are talks."""
    return f" {text}" if scenario.talks and text else ""


def _objectives(scenario: Scenario) -> str:
    """What actors work towards."""
    drawn = "A decision is drawn by the weights of its options, unless someone in a seat or a fixed choice makes it."
    if not scenario.talks:
        return f"No actor has a goal that the model works towards. {drawn}"
    return (
        "At talks each party compares packages by what they are worth to it, and by what no deal is worth to it. Apart"
        f" from that no actor has a goal that the model works towards. {drawn}"
    )


def _learning(scenario: Scenario) -> str:
    positions = [position for talks in scenario.talks.values() for position in talks.positions.values()]
    remembering = any(position.strategy == "tit_for_tat" for position in positions)
    return "At talks a party that plays tit for tat remembers the last offers." if remembering else ""


def _adaptation(rules: list[Rule]) -> str:
    decisions = [rule for rule in rules if rule.by is not None]
    if not decisions:
        return "None: no rule is a decision of an actor."
    return f"Actors decide in {_names(decisions)}; what weighs for an option may depend on the state at that time."


def _interaction(rules: list[Rule]) -> str:
    reacting = sum(1 for rule in rules if isinstance(rule.trigger, OnEvent))
    return (
        "By events alone: what one actor does is logged and changes the state, which others' guards, chances and"
        f" weights read, or it triggers a rule. Rules triggered by an event: {reacting} of {len(rules)}."
    )


def _stochasticity(rules: list[Rule], step: Step) -> str:
    kinds = {
        f"{step.an_each} chance": [r for r in rules if isinstance(r.trigger, While)],
        "a chance each time they are triggered": [
            r for r in rules if r.chance is not None and not isinstance(r.trigger, While)
        ],
        "a delay that is drawn": [r for r in rules if r.delay is not None and not isinstance(r.delay, FixedDelay)],
        "options among which nature draws": [r for r in rules if r.chooses and r.by is None],
        "options among which an actor's decision is drawn": [r for r in rules if r.chooses and r.by is not None],
    }
    found = [f"{what}: {_names(which)}" for what, which in kinds.items() if which]
    if not found:
        return "None: with the same parameters and readings, every run is the same."
    return (
        f"Rules with {'; with '.join(found)}. All else is determined. Each rule, for each of its actors, draws from a"
        " stream of its own that the seed settles: one seed gives one run, and two variants of a run share their luck."
    )


def _collectives(scenario: Scenario) -> str:
    groups = [f"{code(group.id)} ({counted(len(group.members), 'member')})" for group in scenario.groups.values()]
    if not groups:
        return "None."
    return f"{listed(groups)}. A group has no will of its own: its members act one by one, in the order of the roster."


def _observation(scenario: Scenario) -> str:
    measures = counted(len(scenario.measures), "measure") if scenario.measures else "no measure"
    return f"The log of every event with its cause; the outcome, one of {len(scenario.outcomes)}; and {measures}."


def _names(rules: list[Rule]) -> str:
    return listed(code(rule.name) for rule in rules)
