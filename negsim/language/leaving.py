"""Warnings on arithmetic: a variable that can leave its range, a chance outside 0 to 1, a weight or delay below 0."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import product

import attrs

from negsim.language.intervals import Span
from negsim.language.often import instances_of, times_of_rules
from negsim.language.problems import Warned
from negsim.language.spans import MOST_LOOKED_AT, Effort, Key, Spans, TooMuchError, substituted
from negsim.scenario.expressions import Constant, Expression, MemberVariable, Node, Variable
from negsim.scenario.model import Scenario
from negsim.scenario.parts import walk_through
from negsim.scenario.rules import Binder, Effect, Emission, FixedDelay, Rule, While
from negsim.scenario.types import ActorOf, Whole

Name = tuple[str | None, str]  # group and name of a variable

MOST_ROUNDS = 200  # what still grows after so many is left alone
MOST_INSTANCES = 64  # of more, the members are not looked at one by one
TOLERANCE = 1e-9


@attrs.frozen
class Cause:
    """What can set a variable: its value, the conditions that hold then, and how often that can be at most."""

    event: str
    effect: Effect
    targets: tuple[Key, ...]
    value: Node
    guards: tuple[Node, ...]
    times: float


def leaving(scenario: Scenario) -> Iterator[Warned]:
    """What can pass its bounds in a run, with the value; guards, `min`, `max` and what comes once are understood."""
    ranges = {
        (each.group, each.name, member): (each.type, value)
        for each in scenario.variables.values()
        if isinstance(each.type, Whole)
        for member, value in each.initial.items()
        if isinstance(value, int)
    }
    bounds = {key: _bounds(kind) for key, (kind, _) in ranges.items()}
    spans = {key: Span(value, value) for key, (_, value) in ranges.items()}
    effort = Effort(MOST_LOOKED_AT)
    with suppress(TooMuchError, RecursionError):  # of a very large scenario nothing more is said
        causes = [cause for cause in _causes(scenario, effort) if all(key in bounds for key in cause.targets)]
        yield from _grow(Spans(scenario, spans, effort=effort), causes, bounds)
        for rule in scenario.rules.values():
            yield from _out_of_bounds(scenario, rule, Spans(scenario, spans, effort=effort))


def _bounds(kind: Whole) -> Span:
    low, high = kind.low, kind.high
    return Span(-math.inf if low is None else low, math.inf if high is None else high)


def _grow(start: Spans, causes: list[Cause], bounds: Mapping[Key, Span]) -> list[Warned]:
    """Lets every cause act until nothing new can be reached, and gives the warnings. The spans of `start` grow."""
    spans = start.variables
    assert isinstance(spans, dict)  # noqa: S101  # the caller has made it
    found: dict[tuple[str, str], Warned] = {}
    circular = _circular(start.scenario, causes)
    acted = [0] * len(causes)
    for _ in range(MOST_ROUNDS):
        before = dict(spans)
        known = _not_ended(attrs.evolve(start, variables=before))
        for place, cause in enumerate(causes):
            if place in circular and acted[place] >= cause.times:
                continue
            value = _where_all(known, cause.guards, cause.value)
            if value is None:
                continue
            for key in cause.targets:
                outside = _outside(value, bounds[key])
                if outside is not None:
                    found.setdefault((cause.event, cause.effect.target), _warning(cause, outside, bounds[key]))
            acted[place] += _widen(spans, {key: value.meet(bounds[key]) for key in cause.targets})
        if spans == before:
            break
    return [*found.values()]


def _widen(spans: dict[Key, Span], more: Mapping[Key, Span]) -> bool:
    """Take what can be reached to what is known; whether that was more."""
    wider = {key: spans[key].hull(span) for key, span in more.items() if not span.is_empty}
    changed = any(spans[key] != span for key, span in wider.items())
    spans.update(wider)
    return changed


def _where_all(known: Spans, guards: Iterable[Node], value: Node) -> Span | None:
    """The span of a value where all guards hold; nothing where they cannot, or where it cannot be told."""
    narrowed: Spans | None = known
    for guard in guards:
        narrowed = None if narrowed is None else narrowed.where(guard)
    span = None if narrowed is None else narrowed.of(value)
    return None if span is None or span.is_empty else span


def _outside(value: Span, bounds: Span) -> float | None:
    """An end of a span that is finite and out of bounds."""
    low = value.low if value.low < bounds.low - TOLERANCE else None
    high = value.high if value.high > bounds.high + TOLERANCE else None
    ends = [end for end in (low, high) if end is not None and math.isfinite(end)]
    return ends[0] if ends else None


def _warning(cause: Cause, outside: float, bounds: Span) -> Warned:
    text, target = cause.effect.value.text, cause.effect.target
    clamped = f"max({text}, {bounds.low:g})" if outside < bounds.low else f"min({text}, {bounds.high:g})"
    message = f"`{cause.event}` can set `{target}` to {outside:g}, outside {bounds.low:g}..{bounds.high:g}: `{text}`"
    return ("event", cause.event), message, f"a run stops there; write {clamped}, or guard the rule that emits it"


def _not_ended(known: Spans) -> Spans:
    """What is known on a day that a run has come to: nothing that ends it held before."""
    for outcome in known.scenario.outcomes.values():
        if outcome.ends and outcome.when is not None:
            known = known.where(outcome.when.tree, holds=False) or known
    return known


def _circular(scenario: Scenario, causes: list[Cause]) -> set[int]:
    """The causes (by number) that build on what they set, themselves or by way of others."""
    reads = [_read(scenario, cause.value) for cause in causes]
    sets = [cause.targets[0][:2] for cause in causes]
    feeds: dict[Name, set[Name]] = {}
    for names, name in zip(reads, sets, strict=True):
        for read in names:
            feeds.setdefault(read, set()).add(name)
    fed = {name: _fed(name, feeds) for name in {*sets}}
    return {place for place, name in enumerate(sets) if reads[place] & fed[name]}


def _fed(name: Name, feeds: Mapping[Name, set[Name]]) -> set[Name]:
    """What is set from a variable, itself or by way of others; the variable too."""
    seen, left = {name}, [name]
    while left:
        more = feeds.get(left.pop(), set()) - seen
        seen |= more
        left += more
    return seen


def _read(scenario: Scenario, node: Node) -> frozenset[Name]:
    """The variables that an expression reads."""
    found: set[Name] = set()
    for part in walk_through(scenario, [node]):
        match part:
            case Variable():
                found.add((None, part.name))
            case MemberVariable():
                found.add((part.group, part.name))
            case _:
                pass
    return frozenset(found)


# What sets variables.


def _causes(scenario: Scenario, effort: Effort) -> Iterator[Cause]:
    often = times_of_rules(scenario)
    for rule in scenario.rules.values():
        guards = [guard.tree for guard in (rule.when, rule.still) if guard is not None]
        guards += [rule.trigger.condition.tree] if isinstance(rule.trigger, While) else []
        for option in rule.options:
            here = [*guards, *(() if option.when is None else (option.when.tree,))]
            binders = (*rule.binders, *(() if option.binder is None else (option.binder,)))
            for names in _instances(scenario, binders):
                effort.spend()
                held = tuple(substituted(guard, names) for guard in here)
                times = often[rule.name] * (1 if names else instances_of(scenario, rule))
                for emission in option.emits:
                    yield from _effects(scenario, emission, names, guards=held, times=times)
    for talks in scenario.talks.values():
        if talks.agreed is not None:
            yield from _effects(scenario, talks.agreed, {}, times=math.inf if talks.reopens else 1)
    for entry in scenario.history:
        yield from _effects(scenario, entry.emission, {}, times=1)


def _effects(
    scenario: Scenario, emission: Emission, names: Mapping[str, Node], *, guards: tuple[Node, ...] = (), times: float
) -> Iterator[Cause]:
    event = scenario.events[emission.event]
    given = {f.name: substituted(item, names) for f, item in zip(event.fields, emission.arguments, strict=True)}
    for effect in event.effects:
        of = None if effect.of is None else substituted(effect.of, given)
        if effect.group is None:
            members: tuple[str, ...] = ("",)
        elif isinstance(of, Constant):
            members = (str(of.value),)
        else:
            members = scenario.groups[effect.group].members
        targets = tuple((effect.group, effect.variable, member) for member in members)
        yield Cause(event.name, effect, targets, substituted(effect.value.tree, given), guards, times)


def _instances(scenario: Scenario, binders: tuple[Binder, ...]) -> Iterator[dict[str, Node]]:
    """The members that binders can stand for, each time one of each; of a great many none."""
    rosters = [scenario.groups[binder.group].members for binder in binders]
    if math.prod(map(len, rosters)) > MOST_INSTANCES:
        yield {}
        return
    for actors in product(*rosters):
        pairs = zip(binders, actors, strict=True)
        yield {binder.name: Constant(actor, ActorOf((actor,))) for binder, actor in pairs}


# Chances, weights and delays.


@attrs.frozen
class Limited:
    """A number of a rule that has bounds: what it is called, and where it is looked at."""

    what: str
    number: Expression
    bounds: Span
    binders: tuple[Binder, ...]
    guards: tuple[Node, ...]


def _limited(rule: Rule) -> Iterator[Limited]:
    condition = rule.trigger.condition if isinstance(rule.trigger, While) else rule.when
    guards = () if condition is None else (condition.tree,)
    if rule.chance is not None:
        yield Limited("`chance`", rule.chance, Span(0, 1), rule.binders, guards)
    if isinstance(rule.delay, FixedDelay):
        yield Limited("delay", rule.delay.days, Span(0, math.inf), rule.binders, guards)
    for option in rule.options:
        if option.weight is not None:
            binders = rule.binders if option.binder is None else (*rule.binders, option.binder)
            here = guards if option.when is None else (*guards, option.when.tree)
            yield Limited(f"weight of `{option.name}`", option.weight, Span(0, math.inf), binders, here)


def _out_of_bounds(scenario: Scenario, rule: Rule, spans: Spans) -> Iterator[Warned]:
    for limited in _limited(rule):
        for names in _instances(scenario, limited.binders):
            guards = [substituted(guard, names) for guard in limited.guards]
            span = _where_all(spans, guards, substituted(limited.number.tree, names))
            outside = None if span is None else _outside(span, limited.bounds)
            if outside is not None:
                yield _told(rule, limited, outside)
                break


def _told(rule: Rule, limited: Limited, outside: float) -> Warned:
    text = limited.number.text
    wanted = "0..1" if limited.bounds.high == 1 else "0 or more"
    clamped = f"max({text}, 0)" if outside < 0 else f"min({text}, 1)"
    message = f"the {limited.what} in `{rule.name}` can be {outside:.6g}, and must be {wanted}: `{text}`"
    return ("rule", rule.name), message, f"a run stops there; write {clamped}"
