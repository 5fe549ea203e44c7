"""Warnings on talks: what nobody can accept, what nobody breaks, what is never held."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

import attrs

from negsim.language.hidden import hidden_options
from negsim.language.possible import Possible, emissions
from negsim.language.problems import Warned
from negsim.language.quantities import seen
from negsim.scenario.expressions import Bound, Constant, Expression, Node
from negsim.scenario.model import Scenario
from negsim.scenario.rules import At, OnEvent
from negsim.scenario.talks import Position, RedLine, Talks
from negsim.scenario.walking import walk
from negsim.scenario.words import TERM_EVENTS

MOST_COMBINATIONS = 10_000  # how many combinations of terms a red line is tried on


def said_at_talks(scenario: Scenario) -> set[str]:
    """The events that talks log by themselves."""
    return set(scenario.said_at_talks)


def talks_warnings(scenario: Scenario, possible: Possible) -> Iterator[Warned]:
    """What is allowed in talks, and yet probably not meant."""
    for name, talks in scenario.talks.items():
        why = _never_held(scenario, talks, possible)
        if why is not None:
            yield ("talks", name), f"`{name}` is never held: {why}", None
        of_term = set(TERM_EVENTS) & set(talks.says)
        if talks.reopens and not (_logged(scenario, talks, also_own=True) | of_term) & set(talks.reopens):
            what = _nothing_emits(talks, talks.reopens)
            yield ("talks", name), f"`{name}` is never opened again: {what}", None
        if talks.notice and not _logged(scenario, talks, also_own=True) & set(talks.notice):
            yield ("talks", name), f"no agreement at `{name}` ever ends: {_nothing_emits(talks, talks.notice)}", None
        yield from hidden_options(scenario, talks)
        for position in talks.positions.values():
            yield from _position(scenario, talks, position, possible)


def _logged(scenario: Scenario, talks: Talks, *, also_own: bool) -> set[str]:
    """The events that rules and other talks bring about; `also_own`: and the one of an agreement at these."""
    others = {name: each for name, each in scenario.talks.items() if name != talks.name}
    asked = scenario if also_own else attrs.evolve(scenario, talks=others)
    return {emission.event for emission in emissions(asked)}.union(*(each.says for each in others.values()))


def _never_held(scenario: Scenario, talks: Talks, possible: Possible) -> str | None:
    if talks.condition is not None and possible.truth(talks.condition.tree) is False:
        return "`while` is never true"
    match talks.opens:
        case OnEvent(events=events):
            past = {entry.emission.event for entry in scenario.history}
            if not (_logged(scenario, talks, also_own=False) | past) & set(events):
                return _nothing_emits(talks, events)
        case At(day=day):
            numbers = seen(day.tree, {})
            if numbers and numbers[0] > scenario.horizon_days:
                step = scenario.calendar.step
                return f"{step} {numbers[0]} is after the horizon, {step} {scenario.horizon_days}"
    return None


def _nothing_emits(talks: Talks, events: tuple[str, ...]) -> str:
    names = " or ".join(f"`{event}`" for event in events)
    if talks.agreed is not None and talks.agreed.event in events:
        return f"nothing emits {names} but its own agreement"
    return f"nothing else emits {names}" if set(events) & set(talks.says) else f"nothing emits {names}"


def _position(scenario: Scenario, talks: Talks, position: Position, possible: Possible) -> Iterator[Warned]:
    place = ("position", f"{talks.name}.{position.party}")
    party = position.party
    fallback = seen(position.fallback.tree, scenario.parameters)
    if fallback and fallback[0] > 1:
        hint = "the best package is worth 1 to it"
        yield place, f"nothing is acceptable to `{party}`: its fallback is {fallback[0]}, above 1", hint
    if _indifferent(talks, position):
        hint = "what differs between the options of an issue tells packages apart; red lines alone rule some out"
        yield place, f"every package is worth the same to `{party}`", hint
    if position.leaves is not None and possible.truth(position.leaves.tree) is False:
        yield place, f"`{party}` never leaves: the `when` of its `leaves` is never true", None
    for line in position.red_lines.values():
        yield from _red_line(talks, position, line, possible)


def _indifferent(talks: Talks, position: Position) -> bool:
    """Whether all packages are seen to be worth the same, where values are given, or nothing else is."""
    if not position.values:
        return not position.red_lines
    for issue, options in talks.issues.items():
        worth = {_worth(position.values.get((issue, option))) for option in options}
        if len(worth) > 1:
            return False
    return True


def _worth(value: Expression | None) -> Node | float:
    if value is None:
        return 0
    tree = value.tree
    return float(tree.value) if isinstance(tree, Constant) and not isinstance(tree.value, str) else tree


def _red_line(talks: Talks, position: Position, line: RedLine, possible: Possible) -> Iterator[Warned]:
    place = ("red line", f"{talks.name}.{position.party}.{line.name}")
    if line.when is not None and possible.truth(line.when.tree) is False:
        yield place, f"the red line `{line.name}` never holds: its `when` is never true", None
    read = {node.name for node in walk(line.never.tree) if isinstance(node, Bound)} & set(talks.issues)
    if prod(len(talks.issues[issue]) for issue in read) > MOST_COMBINATIONS:
        return
    truths = {
        possible.truth(line.never.tree, dict(zip(read, options, strict=True)))
        for options in product(*(talks.issues[issue] for issue in read))
    }
    if truths == {False}:
        yield place, f"no package breaks the red line `{line.name}`", None
    elif truths == {True}:
        yield place, f"every package breaks the red line `{line.name}`", None
