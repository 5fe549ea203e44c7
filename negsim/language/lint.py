"""Warnings: what is allowed, and yet probably not meant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from negsim.errors import Problem
from negsim.language.draft import Draft
from negsim.language.hidden import hidden_values
from negsim.language.leaving import leaving
from negsim.language.nodes import Items, KeyedNode, Scalar
from negsim.language.possible import Possible, emissions, possible_values
from negsim.language.problems import Enough, Problems, Warned
from negsim.language.races import races
from negsim.language.talks_lint import said_at_talks, talks_warnings
from negsim.language.time_lint import never_in_time
from negsim.scenario.expressions import (
    Both,
    Constant,
    Expression,
    HeldReading,
    Node,
    ParameterValue,
    ReadingChoice,
    Use,
)
from negsim.scenario.held import held_readings, readings_in
from negsim.scenario.model import Scenario
from negsim.scenario.parts import parts
from negsim.scenario.rules import At, Every, OnEvent, Rule, While
from negsim.scenario.types import Enumeration
from negsim.scenario.walking import walk

_FROM_THE_PAST = (
    "what follows from history at the start is a rule with `at: 0`; a delay can run from an entry with `starts: true`"
)
IN_THE_PAST = "its event is in the past alone, which triggers nothing"


def lint(scenario: Scenario, draft: Draft) -> tuple[Problem, ...]:
    """All warnings, in file order."""
    warnings = Problems("warning")
    possible = possible_values(scenario)
    found = chain(
        _values_never_taken(scenario, possible),
        _events_never_logged(scenario),
        _rules_that_never_fire(scenario, possible),
        _outcomes_never_reached(scenario, possible),
        _unused(scenario, draft),
        _quotes_cut_by_commas(draft),
        hidden_values(scenario),
        races(scenario),
        leaving(scenario),
        talks_warnings(scenario, possible),
    )
    with suppress(Enough):
        for place, message, hint in found:
            warnings.add(draft.world.places[place], message, hint)
    return warnings.sorted()


def _values_never_taken(scenario: Scenario, possible: Possible) -> Iterator[Warned]:
    changed = {(effect.group, effect.variable) for event in scenario.events.values() for effect in event.effects}
    for name, variable in scenario.variables.items():
        key = (variable.group, variable.name)
        if key not in changed:
            yield (
                ("variable", name),
                f"nothing ever changes `{name}`",
                "set it in an event, or make it a parameter",
            )
        elif isinstance(variable.type, Enumeration):
            lacking = [value for value in variable.type.values if value not in possible.variables[key]]
            if lacking:
                hint = "it is not the initial value, and no event that is emitted sets it"
                yield ("variable", name), f"`{name}` never becomes {' or '.join(lacking)}", hint


def _events_never_logged(scenario: Scenario) -> Iterator[Warned]:
    emitted = {emission.event for emission in emissions(scenario)}
    emitted |= {entry.emission.event for entry in scenario.history}
    emitted |= said_at_talks(scenario)
    for name, event in scenario.events.items():
        if name not in emitted and event.name != "decided":
            yield ("event", name), f"nothing emits `{name}`", None


def _rules_that_never_fire(scenario: Scenario, possible: Possible) -> Iterator[Warned]:
    emitted = {emission.event for emission in emissions(scenario)} | said_at_talks(scenario)
    for name, rule in scenario.rules.items():
        why = _never_fires(scenario, rule, possible, emitted)
        if why is not None:
            hint = _FROM_THE_PAST if why == IN_THE_PAST else None
            yield ("rule", name), f"`{name}` never fires: {why}", hint
            continue
        for option in rule.options:
            if option.when is not None and possible.truth(option.when.tree) is False:
                yield ("rule", name), f"the option `{option.name}` of `{name}` is never open", None


def _never_fires(scenario: Scenario, rule: Rule, possible: Possible, emitted: set[str]) -> str | None:
    guards = [("when", rule.when), ("still", rule.still)]
    if isinstance(rule.trigger, While):
        guards.append(("while", rule.trigger.condition))
    for key, guard in guards:
        if guard is not None and possible.truth(guard.tree) is False:
            return f"`{key}` is never true"
    in_time = never_in_time(rule)
    if in_time is not None:
        return in_time
    started = {entry.emission.event for entry in scenario.history if entry.starts and rule.delay is not None}
    if isinstance(rule.trigger, OnEvent) and not (emitted | started) & set(rule.trigger.events):
        past = any(entry.emission.event in rule.trigger.events for entry in scenario.history)
        return IN_THE_PAST if past else "nothing emits its event"
    if _fixed(rule.chance) == 0 or _never_chance(scenario, rule.chance):
        return "its chance is 0"
    return _never_due(scenario, rule)


def _never_chance(scenario: Scenario, chance: Expression | None) -> bool:
    if chance is None or not isinstance(chance.tree, ParameterValue):
        return False
    parameter = scenario.parameters[chance.tree.name]
    return parameter.value == parameter.high == 0


def _never_due(scenario: Scenario, rule: Rule) -> str | None:
    first, last = _fixed(rule.from_day), _fixed(rule.until_day)
    horizon, step = scenario.horizon_days, scenario.calendar.step
    if first is not None and last is not None and first > last:
        return "`from` is after `until`"
    if first is not None and first > horizon:
        return f"`from` is after the horizon, {step} {horizon}"
    if last is not None and last < 0:
        return "`until` is before the start"
    match rule.trigger:
        case At(day=day):
            at = _fixed(day)
            if at is not None and not 0 <= at <= horizon:
                where = "before the start" if at < 0 else f"after the horizon, {step} {horizon}"
                return f"{step} {_plain(at)} is {where}"
        case Every(days=days):
            every = _fixed(days)
            if every is not None and rule.from_day is None and every > horizon:
                return f"the first time would be {step} {_plain(every)}, after the horizon, {step} {horizon}"
        case OnEvent() | While():
            pass
    return None


def _fixed(expression: Expression | None) -> float | None:
    if expression is None or not isinstance(expression.tree, Constant) or isinstance(expression.tree.value, str):
        return None
    return expression.tree.value


def _outcomes_never_reached(scenario: Scenario, possible: Possible) -> Iterator[Warned]:
    earlier: list[tuple[str, frozenset[Node]]] = []
    for name, outcome in scenario.outcomes.items():
        tree = None if outcome.when is None else outcome.when.tree
        if tree is not None and possible.truth(tree) is False:
            yield ("outcome", name), f"the outcome `{name}` is never reached: its `when` is never true", None
            continue
        parts = frozenset() if tree is None else frozenset(tree.items if isinstance(tree, Both) else (tree,))
        before = next((other for other, needed in earlier if needed <= parts), None)
        if before is not None:
            hint = "the first outcome that holds is taken: put the narrower one first"
            yield ("outcome", name), f"the outcome `{name}` is never reached: `{before}` holds whenever it does", hint
        if tree is not None:
            always = possible.truth(tree) is True
            earlier.append((name, frozenset() if always else parts))


def _unused(scenario: Scenario, draft: Draft) -> Iterator[Warned]:
    used: dict[type, set[str]] = {ParameterValue: set(), ReadingChoice: set(), Use: set()}
    for part in parts(scenario):
        for node in walk(part.tree):
            match node:
                case ParameterValue():
                    used[ParameterValue].add(node.name)
                case ReadingChoice() | HeldReading():
                    used[ReadingChoice].update(readings_in(node))
                case Use():
                    used[Use].add(node.definition)
                case _:
                    pass
    of_holders = {name for by_holder in held_readings(scenario).values() for name in by_holder}
    for name, statement in scenario.statements.items():
        if name not in draft.used_statements and not statement.context:
            yield (
                ("statement", name),
                f"nothing rests on the statement `{name}`",
                "background is marked `context: true`",
            )
    for kind, names, declared in (
        ("parameter", used[ParameterValue], scenario.parameters),
        ("reading", used[ReadingChoice], scenario.readings),
        ("definition", used[Use], scenario.definitions),
    ):
        for name in declared:
            if name not in names and name not in of_holders:
                yield (kind, name), f"nothing uses the {kind} `{name}`", None
    for reading, by_holder in held_readings(scenario).items():
        idle = [name for name in by_holder if name not in used[ReadingChoice]]
        if len(idle) == len(by_holder):
            yield ("reading", reading), f"nothing uses the reading `{reading}`", None
        for name in idle if len(idle) < len(by_holder) else ():
            hint = "take the holder out, or let a rule go by its reading"
            yield ("reading", name), f"nothing goes by how {scenario.readings[name].holder} reads `{reading}`", hint


def _quotes_cut_by_commas(draft: Draft) -> Iterator[Warned]:
    """Quotes that YAML has made lists of, since words with commas stand between brackets without quotation marks."""
    for _, _, source in draft.sections["sources"].tables():
        statements = source.get("statements")
        for name, entry in statements.entries.items() if isinstance(statements, KeyedNode) else ():
            quote = entry.value.get("quote") if isinstance(entry.value, KeyedNode) else None
            if isinstance(quote, Items) and quote.is_flow and len(quote.items) > 1:
                pieces = [each for each in quote.items if isinstance(each, Scalar) and not each.style]
                if len(pieces) == len(quote.items):
                    hint = "put words that hold commas in quotation marks, without brackets; or each piece in its own"
                    yield ("statement", name), f"the quote of `{name}` is cut into {len(pieces)} at its commas", hint


def _plain(number: float) -> str:
    """A number as people write it: whole where it is whole, however large."""
    return f"{number:.0f}" if number == int(number) else f"{number:g}"
