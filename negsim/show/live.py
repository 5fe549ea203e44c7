"""What can still matter once some readings are settled.

It errs to one side only: what is called dead is dead, for parameters within their ranges; what is called live may be
dead for a reason that shows in a run alone. What stops a run with an error matters as much as what it logs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import attrs

from negsim.program.facts import Facts
from negsim.scenario.expressions import Node
from negsim.scenario.parts import Part, position_parts, red_line_parts, rule_parts, talks_parts
from negsim.scenario.rules import At, Every, FixedDelay, GeometricDelay, OnEvent, Option, Rule, UniformDelay, While
from negsim.scenario.talks import Position, Talks
from negsim.scenario.types import Whole
from negsim.show.look import Look

_NOTHING: frozenset[str] = frozenset()
_NEVER = math.inf  # a least value that no number reaches: whatever it is, it may be an error


@attrs.frozen
class Live:
    """The rules that may still act, and the parameters and readings that may still matter."""

    rules: frozenset[str]
    parameters: frozenset[str]
    readings: frozenset[str]


def live(look: Look, parts: Sequence[Part]) -> Live:
    """What of the parts of a model may matter, as far as can be seen with some readings settled."""
    scenario = look.scenario
    woken = _woken(look)
    acting = [each for each in woken if _stopped(each, look) is None]
    happening = {entry.emission.event for entry in scenario.history}
    happening |= {event for each in acting for event in _logged(each, look)}
    names: set[str] = set()
    for part in parts:
        if part.kind in ("outcome", "measure") or (part.kind == "event" and part.name in happening):
            names |= look.whole(part.tree).names
    for each in woken:
        stopped = _stopped(each, look)
        names |= _names(each, look) if stopped is None else stopped
    for position in (position for each in scenario.talks.values() for position in each.positions.values()):
        names |= _position_names(position, look)
    return Live(
        frozenset(each.name for each in acting if isinstance(each, Rule)),
        frozenset(names.intersection(scenario.parameters)),
        frozenset(names.intersection(scenario.readings)),
    )


def _woken(look: Look) -> list[Rule | Talks]:
    """The rules and talks whose trigger can come; those that are stopped then log nothing that wakes others."""
    scenario = look.scenario
    waiting: list[Rule | Talks] = [*scenario.rules.values(), *scenario.talks.values()]
    found: list[Rule | Talks] = []
    logged: set[str] = set()
    past = {entry.emission.event for entry in scenario.history}  # it can open talks, and start delays
    started = {entry.emission.event for entry in scenario.history if entry.starts}
    while True:
        woken = [each for each in waiting if _is_woken(each, logged | _of_past(each, past, started))]
        if not woken:
            return found
        known = {id(each) for each in woken}
        waiting = [each for each in waiting if id(each) not in known]
        found += woken
        logged.update(event for each in woken if _stopped(each, look) is None for event in _logged(each, look))


def _of_past(each: Rule | Talks, past: set[str], started: set[str]) -> set[str]:
    """The events of the past that can wake a rule or talks."""
    if isinstance(each, Talks):
        return past
    return started if each.delay is not None else set()


def _is_woken(each: Rule | Talks, logged: set[str]) -> bool:
    events = _woken_by(each)
    return not events or not logged.isdisjoint(events)


def _woken_by(each: Rule | Talks) -> tuple[str, ...]:
    """The events without which a rule never acts, or talks never open; none where they wait for no event."""
    trigger = each.trigger if isinstance(each, Rule) else each.opens
    return trigger.events if isinstance(trigger, OnEvent) else ()


def _stopped(each: Rule | Talks, look: Look) -> frozenset[str] | None:
    """Where it never acts, since a guard never holds or its chance is 0: the names that what is looked at before has.

    Of what is looked at before, that counts which can stop the run with an error. Nothing where it may act.
    """
    names = _NOTHING
    for stage in _rule_stages(each) if isinstance(each, Rule) else _talks_stages(each):
        seen = look.whole(stage.tree)
        if seen.value is not None and seen.value == stage.stops_at:
            return names
        if not stage.is_fine(seen):
            names |= seen.names
    return None


@attrs.frozen
class _Stage:
    """One thing that is looked at before a rule acts: the value that stops it, and the bounds without an error."""

    tree: Node
    stops_at: bool | int | None = None
    least: float | None = None
    most: float | None = None
    whole: bool = False

    def is_fine(self, seen: Facts) -> bool:
        """Whether it surely has a value that is no error."""
        if self.whole and not isinstance(self.tree.type, Whole):
            return False
        above = self.least is None or self.least <= seen.span.low
        return seen.sure and above and (self.most is None or seen.span.high <= self.most)


def _guard(tree: Node) -> _Stage:
    return _Stage(tree, stops_at=False)


def _chance(tree: Node) -> _Stage:
    return _Stage(tree, stops_at=0, least=0, most=1)


def _rule_stages(rule: Rule) -> Iterator[_Stage]:
    """What is looked at before a rule acts, in the order of a run: its days, its trigger, its action's guard."""
    days = [each for each in (rule.from_day, rule.until_day) if each is not None]
    days += [rule.trigger.day] if isinstance(rule.trigger, At) else []
    yield from (_Stage(each.tree, whole=True) for each in days)
    if isinstance(rule.trigger, Every):
        yield _Stage(rule.trigger.days.tree, least=1, whole=True)
    if isinstance(rule.trigger, While):
        yield _guard(rule.trigger.condition.tree)
        yield from () if rule.chance is None else (_chance(rule.chance.tree),)
    if rule.when is not None:
        yield _guard(rule.when.tree)
    if rule.chance is not None and not isinstance(rule.trigger, While):
        yield _chance(rule.chance.tree)
    yield from _delay_stages(rule)
    for pattern in rule.unless:
        yield from (_Stage(tree) for tree in pattern.arguments or ())
    if rule.still is not None:
        yield _guard(rule.still.tree)


def _delay_stages(rule: Rule) -> Iterator[_Stage]:
    match rule.delay:
        case None:
            pass
        case FixedDelay() as delay:
            yield _Stage(delay.days.tree, least=0, whole=True)
        case UniformDelay() as delay:  # the ends may also be in the wrong order
            yield _Stage(delay.low, least=_NEVER)
            yield _Stage(delay.high, least=_NEVER)
        case GeometricDelay() as delay:
            yield _Stage(delay.chance, least=0, most=1)


def _talks_stages(talks: Talks) -> Iterator[_Stage]:
    """What is looked at before a round of talks is held."""
    if isinstance(talks.opens, At):
        yield _Stage(talks.opens.day.tree, whole=True)
    yield _Stage(talks.every.tree, least=1, whole=True)
    if talks.condition is not None:
        yield _guard(talks.condition.tree)


def _position_names(position: Position, look: Look) -> frozenset[str]:
    """The names that a position hangs on. It counts also where no round is held: the deal space needs none.

    Of a red line that no package breaks, or that never holds, only what may have no value counts.
    """
    names = _NOTHING.union(*(look.whole(tree).names for _, tree in position_parts(position)))
    for line in position.red_lines.values():
        seen = [look.whole(tree) for _, tree in red_line_parts(line)]
        never = any(each.value is False for each in seen)
        names = names.union(*(each.names for each in seen if not (never and each.sure)))
    return names


def _logged(each: Rule | Talks, look: Look) -> tuple[str, ...]:
    """The events that a rule or talks may log."""
    if isinstance(each, Talks):
        return (*each.says, *(() if each.agreed is None else (each.agreed.event,)))
    return tuple(emission.event for option in each.options if _open(option, look) for emission in option.emits)


def _open(option: Option, look: Look) -> bool:
    return option.when is None or look.whole(option.when.tree).value is not False


def _names(each: Rule | Talks, look: Look) -> frozenset[str]:
    """The names that a rule or talks that can act still hang on; options that are closed do not count."""
    if isinstance(each, Talks):
        return _NOTHING.union(*(look.whole(tree).names for _, tree in talks_parts(each)))
    rule = each
    options = tuple(option for option in rule.options if _open(option, look))
    kept = rule if len(options) == len(rule.options) else attrs.evolve(rule, options=options)
    return _NOTHING.union(*(look.whole(tree).names for _, tree in rule_parts(kept)))
