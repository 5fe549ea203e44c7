"""A rule as English: its trigger, whom it is for, its guards, its chance, its delay, and what it does."""

from __future__ import annotations

from negsim.log.text import emission_text, filled, number_words, own_values, pattern_text
from negsim.scenario.calendar_steps import Step, is_month
from negsim.scenario.expressions import Constant, Expression, ParameterValue
from negsim.scenario.model import Scenario
from negsim.scenario.rules import (
    At,
    Emission,
    Every,
    FixedDelay,
    GeometricDelay,
    OnEvent,
    Option,
    Rule,
    UniformDelay,
    While,
)
from negsim.scenario.types import ActorOf
from negsim.show.markdown import code, listed, prose


def rule_lines(scenario: Scenario, rule: Rule) -> list[str]:
    """A rule as one sentence in Markdown, with a list of its options where it has a choice."""
    head = ", ".join(_clauses(scenario, rule))
    if not rule.chooses:
        return [f"{head}, this is logged: {_emitted(scenario, rule.options[0].emits)}"]
    chooser = decider(scenario, rule)
    closing = "chance draws one of these by weight" if chooser is None else f"**{chooser} decides** between"
    return [f"{head}: {closing}:", "", *(f"- {_option(scenario, rule, option)}" for option in rule.options)]


def decider(scenario: Scenario, rule: Rule) -> str | None:
    """Who decides, in Markdown: an actor's name, or the bound name; nothing where chance does."""
    if rule.by is None:
        return None
    tree = rule.by.tree
    if isinstance(tree, Constant) and tree.value in scenario.actors:
        return prose(scenario.actors[str(tree.value)].name)
    return code(rule.by.text)


def may_decide(scenario: Scenario, rule: Rule) -> tuple[str, ...]:
    """The actors who may come to decide under a rule, in roster order."""
    if rule.by is None:
        return ()
    tree = rule.by.tree
    if isinstance(tree, Constant):
        return (str(tree.value),)
    known = tree.type.actors if isinstance(tree.type, ActorOf) else ()
    return tuple(actor for actor in known if actor in scenario.actors)


def _clauses(scenario: Scenario, rule: Rule) -> list[str]:
    each = listed(f"each {code(binder.name)} of {code(binder.group)}" for binder in rule.binders)
    trigger = _trigger(scenario, rule)
    found = [trigger]
    if each and isinstance(rule.trigger, While):  # its condition may speak of whom it is for
        found = [f"For {each}", trigger[0].lower() + trigger[1:]]
    if rule.from_day is not None:
        found.append(f"from {day_words(scenario, rule.from_day)} on")
    if rule.until_day is not None:
        found.append(f"until {day_words(scenario, rule.until_day)}")
    if each and not isinstance(rule.trigger, While):
        found.append(f"for {each}")
    if rule.when is not None:
        found.append(f"if {code(rule.when.text)}")
    if rule.chance is not None and not isinstance(rule.trigger, While):
        found.append(f"with a chance of {amount(scenario, rule.chance)}")
    delay = _delay(scenario, rule)
    if delay:
        found.append(delay)
    return [*found, *_provisos(rule)]


def _trigger(scenario: Scenario, rule: Rule) -> str:
    step = scenario.calendar.step
    match rule.trigger:
        case OnEvent() as trigger:
            named = (
                f"{code(name)} (“{prose(pattern_text(scenario, scenario.events[name]))}”)" for name in trigger.events
            )
            return f"Each time {listed(named, 'or')} is logged"
        case While() as trigger:
            chance = "" if rule.chance is None else f", with a chance of {amount(scenario, rule.chance)} {step.a}"
            return f"{step.on.capitalize()} each {step} that begins with {code(trigger.condition.text)}{chance}"
        case At() as trigger:
            return f"Once, {_once(scenario, trigger.day)}"
        case Every() as trigger:
            return f"Every {days_words(scenario, trigger.days)}"


def _delay(scenario: Scenario, rule: Rule) -> str | None:
    step = scenario.calendar.step
    match rule.delay:
        case None:
            return None
        case FixedDelay() as delay:
            return f"after a delay of {amount(scenario, delay.days)} {step if delay.days.text == '1' else step.plural}"
        case UniformDelay() as delay:
            return f"after a delay drawn evenly, {code(delay.text)} {step.plural}"
        case GeometricDelay() as delay:
            return f"after a delay drawn as {step.an_each} trial, {code(delay.text)}"


def _provisos(rule: Rule) -> list[str]:
    """What is looked at when the action is about to be taken."""
    found = []
    if rule.still is not None:
        found.append(f"provided that {code(rule.still.text)} when the time to act comes")
    if rule.unless:
        patterns = listed((code(pattern.text) for pattern in rule.unless), "or")
        found.append(f"unless {patterns} has been logged in between")
    return found


def _emitted(scenario: Scenario, emits: tuple[Emission, ...]) -> str:
    shown = [f"“{prose(emission_text(scenario, emission))}” ({code(emission.text)})" for emission in emits]
    return f"{', then '.join(shown)}." if shown else ""


def _option(scenario: Scenario, rule: Rule, option: Option) -> str:
    weight = f"weight {amount(scenario, option.weight)}" if option.weight is not None else "weight 1"
    binder = option.binder
    for_each = "" if binder is None else f", one for each {code(binder.name)} of {code(binder.group)}"
    guard = "" if option.when is None else f", open if {code(option.when.text)}"
    said = "" if option.text is None else f" “{prose(filled(option.text, own_values(scenario)))}”"
    nothing = "nothing changes" + ("; the decision is logged." if rule.by is not None else ", and nothing is logged.")
    return f"{code(option.name)}{said} ({weight}{for_each}{guard}): {_emitted(scenario, option.emits) or nothing}"


def amount(scenario: Scenario, expression: Expression) -> str:
    """A number as the author wrote it; for a parameter, with its value."""
    tree = expression.tree
    if isinstance(tree, ParameterValue):
        return f"{code(expression.text)} ({number_words(scenario.parameters[tree.name].value)})"
    return _plain_number(expression) or code(expression.text)


def days_words(scenario: Scenario, expression: Expression) -> str:
    """A period, for a sentence with `every`: `day`, `14 days`."""
    days = amount(scenario, expression)
    return scenario.calendar.name if days == "1" else f"{days} {scenario.calendar.plural}"


def _plain_number(expression: Expression) -> str | None:
    """A number that stands there as such."""
    tree = expression.tree
    return number_words(tree.value) if isinstance(tree, Constant) and isinstance(tree.value, int | float) else None


def day_words(scenario: Scenario, expression: Expression) -> str:
    """A day as the author wrote it: a date, or a number or expression."""
    moment = scenario.calendar.read(expression.text)
    if moment is not None:
        return scenario.calendar.said(moment)
    return f"{scenario.calendar.name} {_plain_number(expression) or code(expression.text)}"


def _once(scenario: Scenario, expression: Expression) -> str:
    """When something is, by the author's words: `on 2030-05-01`, `at 2030-05-01 14:00`, `in hour 3`."""
    step, words = scenario.calendar.step, day_words(scenario, expression)
    by_date = "at" if step is Step.HOUR else "in" if is_month(words) else "on"
    return f"{step.on if scenario.calendar.read(expression.text) is None else by_date} {words}"
