"""A second interpreter of the language, written to be plainly right and not to be fast.

It works on the checked scenario, polls every rule on every day, keeps nothing that it could work out
again, and shares no code with the kernel or the engine. Each step is the contract's own sentence
("A day", "Rules", "For those who write engines"). It knows no forks and no callable policies.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from reckoning import written

from negsim.scenario import expressions as x
from negsim.scenario.choices import Fixed, FixedChoice
from negsim.scenario.model import Scenario
from negsim.scenario.rules import (
    At,
    Emission,
    Every,
    FixedDelay,
    GeometricDelay,
    HistoryEntry,
    OnEvent,
    Rule,
    UniformDelay,
    While,
)
from negsim.scenario.types import Whole
from negsim.scenario.walking import walk

Scope = Mapping[str, Any]
State = Mapping[tuple[str, str], Any]


TIME = ("", "")  # where a state that is kept has its day, and how many events there were by then


def threefry(seed: int, stream: int, number: int) -> int:
    """Threefry-2x64-20 as its authors' reference code has it, round by round: the first word."""
    two_64 = 2**64
    keys = [seed, stream, 0x1BD11BDAA9FC1A22 ^ seed ^ stream]
    left, right = (number + seed) % two_64, stream
    for nth in range(20):
        turn = (16, 42, 12, 31, 16, 32, 24, 21)[nth % 8]
        left = (left + right) % two_64
        right = (right << turn) % two_64 | right >> (64 - turn)
        right ^= left
        if nth % 4 == 3:
            block = nth // 4 + 1
            left = (left + keys[block % 3]) % two_64
            right = (right + keys[(block + 1) % 3] + block) % two_64
    return left


class BrokenError(Exception):
    """The scenario has no meaning in the state reached."""


@dataclass
class Trigger:
    """A trigger that came, and what is kept of it until its action is taken."""

    rule: Rule
    number: int
    actors: tuple[str, ...]
    scope: dict[str, Any]
    day: int
    seq: int  # of the last event before it; the triggering one, where an event triggered it
    cause: int | None
    chance: float | None = None
    unless: list[tuple[str, tuple[Any, ...] | None]] = field(default_factory=list)


class Naive:
    """One run. `events` are dictionaries with what the log says of each."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int,
        parameters: Mapping[str, float],
        readings: Mapping[str, str],
        choices: Sequence[Fixed],
    ) -> None:
        self.scenario, self.seed = scenario, seed
        self.parameters, self.readings, self.choices = parameters, readings, choices
        self.state: dict[tuple[str, str], Any] = {}
        for variable in scenario.variables.values():
            for member in scenario.groups[variable.group].members if variable.group else [""]:
                self.state[variable.name, member] = variable.initial[member]
        self.events: list[dict[str, Any]] = []
        self.before: list[dict[tuple[str, str], Any]] = []  # the state just before each event
        self.dusks: list[dict[tuple[str, str], Any]] = []
        self.drawn: dict[Any, int] = {}
        self.waits: dict[Any, list[float]] = {}  # (rule, actors) -> [draw, product, last chance]
        self.due_tomorrow: set[Any] = set()
        self.pending: list[tuple[int, Trigger]] = []
        self.queue: list[Trigger] = []
        self.day = 0

    def logged(self, keys: Iterable[str]) -> list[dict[str, Any]]:
        """The events, each with these keys."""
        return [{key: event[key] for key in keys} for event in self.events]

    @property
    def named_state(self) -> dict[str, Any]:
        return self.named(self.state)

    @staticmethod
    def named(state: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
        """A state by the names of `negsim state`."""
        return {f"{member}.{name}" if member else name: value for (name, member), value in state.items() if name}

    # Expressions.

    def value(self, node: x.Node, scope: Scope, state: State | None = None) -> Any:
        state = self.state if state is None else state

        def ask(part: x.Node) -> Any:
            return self.value(part, scope, state)

        match node:
            case x.Constant():
                return node.value
            case x.ParameterValue():
                return self.parameters[node.name]
            case x.ReadingChoice():
                return self.readings[node.name]
            case x.Bound():
                return scope[node.name]
            case x.Variable():
                return state[node.name, ""]
            case x.MemberVariable() | x.Attribute():
                member = ask(node.of)
                if member == "nobody":
                    raise BrokenError
                if isinstance(node, x.MemberVariable):
                    return state[node.name, member]
                return self.scenario.groups[node.group].given[member, node.name]
            case x.HeldReading():
                holder = ask(node.of)
                if holder == "nobody":
                    raise BrokenError
                return self.readings[f"{node.name}.{holder}"]
            case x.Not():
                return not ask(node.item)
            case x.Both():
                return all(ask(item) for item in node.items)
            case x.Either():
                return any(ask(item) for item in node.items)
            case x.Comparison():
                pairs = zip(node.operators, node.operands, node.operands[1:], strict=False)
                return all(compared(sign, ask(left), ask(right)) for sign, left, right in pairs)
            case x.OneOf():
                return any(ask(node.item) == ask(option) for option in node.options) is not node.negated
            case x.InGroup():
                return (ask(node.item) in self.scenario.groups[node.group].members) is not node.negated
            case x.Arithmetic():
                return operate(node.operator, ask(node.left), ask(node.right))
            case x.Negative():
                return operate("-", 0, ask(node.item))
            case x.Conditional():
                return ask(node.then) if ask(node.test) else ask(node.otherwise)
            case x.Function():
                functions: dict[str, Callable[..., Any]] = {"min": min, "max": max, "abs": lambda items: abs(items[0])}
                values = [*map(ask, node.items)]
                return None if None in values else functions[node.name](values)
            case x.Over():
                return self.over(node, scope, state)
            case x.Use():
                definition = self.scenario.definitions[node.definition]
                actors = [ask(argument) for argument in node.arguments]
                if "nobody" in actors:
                    raise BrokenError
                names = [binder.name for binder in definition.binders]
                return self.value(definition.tree, dict(zip(names, actors, strict=True)), state)
            case x.Day():
                return self.today_in(state)
            case x.DaysSince():
                return self.days_since(node, scope, state)
            case x.Observation():
                return self.observed(node)
        raise AssertionError(node)

    def needed(self, node: x.Node, scope: Scope, state: State | None = None) -> Any:
        """A value where there must be one: nothing will not do."""
        found = self.value(node, scope, state)
        if found is None:
            raise BrokenError
        return found

    def today_in(self, state: State) -> Any:
        return state.get(TIME, (self.day,))[0]

    def days_since(self, node: x.DaysSince, scope: Scope, state: State) -> Any:
        """Looked up in all that was logged until then, from the last one back."""
        logged = state.get(TIME, (self.day, len(self.events)))[1]
        for event in reversed(self.events[:logged]):
            if event["event"] == node.event:
                names = {**scope, **event["fields"]}
                if node.condition is None or self.value(node.condition, names, state):
                    return self.today_in(state) - event["day"]
        return None if node.otherwise is None else self.value(node.otherwise, scope, state)

    def over(self, node: x.Over, scope: Scope, state: State) -> Any:
        inner = [{**scope, node.binder: member} for member in self.scenario.groups[node.group].members]
        if node.condition is not None:
            inner = [each for each in inner if self.value(node.condition, each, state)]
        if node.function == "count":
            return len(inner)
        element = node.element
        assert element is not None
        values = (self.value(element, each, state) for each in inner)
        if node.function in ("min", "max") and not inner:
            raise BrokenError
        functions: dict[str, Callable[..., Any]] = {"any": any, "all": all, "sum": sum, "min": min, "max": max}
        return functions[node.function](values)

    def observed(self, node: x.Observation) -> int | None:
        """What a measure counts, looked up in all that was logged and in all dusks."""
        if node.function in ("days", "most"):
            assert node.condition is not None
            values = [self.value(node.condition, {}, dusk) for dusk in self.dusks]
            found: int | None = sum(values) if node.function == "days" else max(values)
            return found
        days = [
            event["day"]
            for event, before in zip(self.events, self.before, strict=True)
            if event["event"] == node.event
            and (node.condition is None or self.value(node.condition, event["fields"], before))
        ]
        if node.function == "count":
            return len(days)
        return (days[0] if node.function == "first" else days[-1]) if days else None

    # Chance.

    def draw(self, rule: Rule, actors: tuple[str, ...], purpose: str) -> Any:
        n = self.drawn.get((rule.name, actors, purpose), 0)
        self.drawn[rule.name, actors, purpose] = n + 1
        name = "\n".join([rule.name, ",".join(actors), purpose])
        stream = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
        return (threefry(self.seed, stream, n) >> 11) / 2**53

    # The run.

    def run(self) -> Self:
        for entry in self.scenario.history:
            self.day = entry.day
            self.log(entry.emission.event, entry.emission.arguments, {}, react=False)
            if entry.starts:
                self.start_delays(entry)
        for day in range(self.scenario.horizon_days + 1):
            self.day = day
            self.one_day()
            self.dusks.append({**self.state, TIME: (self.day, len(self.events))})
            if any(o.ends and self.value(o.when.tree, {}) for o in self.scenario.outcomes.values() if o.when):
                break
        self.outcome = next(
            o.name for o in self.scenario.outcomes.values() if o.when is None or self.value(o.when.tree, {})
        )
        self.measures = {m.name: self.measure(m.expression.tree) for m in self.scenario.measures.values()}
        return self

    def start_delays(self, entry: HistoryEntry) -> None:
        """What an entry of the past has started: the delays of the rules that it would trigger."""
        earlier, self.pending = self.pending, []
        event = self.events[-1]
        for trigger in self.triggered(event["event"], event["fields"]):
            if trigger.rule.delay is not None and self.passes(trigger):
                self.pending.append((self.day, trigger))
        late = [(day if entry.late == "never" else max(day, 0), trigger) for day, trigger in self.pending]
        self.pending = earlier + late

    def measure(self, tree: x.Node) -> Any:
        seen = [self.value(node, {}) for node in walk(tree) if isinstance(node, x.Observation)]
        return None if None in seen else self.value(tree, {})

    def one_day(self) -> None:
        due, self.due_tomorrow = self.due_tomorrow, set()
        agenda: list[tuple[Trigger, bool]] = []  # with whether its action has been put off until today
        for rule in self.scenario.rules.values():
            for number, actors, scope in self.instances(rule):
                if not isinstance(rule.trigger, OnEvent) and self.comes(rule, actors, scope, due):
                    agenda.append((Trigger(rule, number, actors, scope, self.day, -1, None), False))
                delayed = [
                    (t, True) for day, t in self.pending if day == self.day and (t.rule, t.number) == (rule, number)
                ]
                agenda.extend(delayed)
        for trigger, is_delayed in agenda:
            if is_delayed:
                self.take(trigger)
            else:
                self.today(trigger)
            while self.queue:
                self.take(self.queue.pop(0))
        self.dusk()

    def instances(self, rule: Rule) -> Iterator[tuple[int, tuple[str, ...], dict[str, Any]]]:
        members = [self.scenario.groups[binder.group].members for binder in rule.binders]
        names = [binder.name for binder in rule.binders]
        for number, actors in enumerate(itertools.product(*members)):
            yield number, actors, dict(zip(names, actors, strict=True))

    def in_season(self, rule: Rule, scope: Scope, day: int) -> bool:
        first = day if rule.from_day is None else self.value(rule.from_day.tree, scope)
        last = day if rule.until_day is None else self.value(rule.until_day.tree, scope)
        return first <= day <= last

    def comes(self, rule: Rule, actors: tuple[str, ...], scope: Scope, due: set[Any]) -> bool:
        """Whether a rule's trigger of today stands on the agenda."""
        if isinstance(rule.trigger, While):
            return (rule.name, actors) in due
        if not self.in_season(rule, scope, self.day):
            return False
        if isinstance(rule.trigger, At):
            answer: bool = self.value(rule.trigger.day.tree, scope) == self.day
            return answer
        assert isinstance(rule.trigger, Every)
        period = self.value(rule.trigger.days.tree, scope)
        first = period if rule.from_day is None else self.value(rule.from_day.tree, scope)
        found: bool = self.day >= first and (self.day - first) % period == 0
        return found

    def today(self, trigger: Trigger) -> None:
        """The turn of a rule that no event triggers."""
        trigger.seq = len(self.events) - 1
        rule = trigger.rule
        if isinstance(rule.trigger, While):
            trigger.chance = self.waits.pop((rule.name, trigger.actors))[2]
            if not self.value(rule.trigger.condition.tree, trigger.scope):
                return
        if self.passes(trigger):
            self.take(trigger)

    def passes(self, trigger: Trigger) -> bool:
        """Looks at when, chance and delay. True: the action is due today; a later one is put aside."""
        rule, scope = trigger.rule, trigger.scope
        if rule.when is not None and not self.value(rule.when.tree, scope):
            return False
        if rule.chance is not None and not isinstance(rule.trigger, While):
            trigger.chance = self.probability(rule, scope)
            if not self.draw(rule, trigger.actors, "chance") < trigger.chance:
                return False
        days = self.delay(trigger)
        for pattern in rule.unless:
            given = None if pattern.arguments is None else tuple(self.value(a, scope) for a in pattern.arguments)
            trigger.unless.append((pattern.event, given))
        if days:
            self.pending.append((self.day + days, trigger))
        return not days

    def probability(self, rule: Rule, scope: Scope) -> float:
        assert rule.chance is not None
        chance = float(self.needed(rule.chance.tree, scope))
        if not 0 <= chance <= 1:
            raise BrokenError
        return chance

    def delay(self, trigger: Trigger) -> int:
        delay, scope = trigger.rule.delay, trigger.scope
        match delay:
            case FixedDelay():
                days = self.needed(delay.days.tree, scope)
            case UniformDelay():
                low, high = self.value(delay.low, scope), self.value(delay.high, scope)
                days = low + int(self.draw(trigger.rule, trigger.actors, "delay") * (high - low + 1))
            case GeometricDelay():
                chance, u = self.value(delay.chance, scope), self.draw(trigger.rule, trigger.actors, "delay")
                days, not_yet = 1, 1 - chance
                while not_yet > u and days <= self.scenario.horizon_days - self.day:
                    days, not_yet = days + 1, not_yet * (1 - chance)
            case _:
                days = 0
        found: int = days
        return found

    def take(self, trigger: Trigger) -> None:
        """The action of a trigger, its moment come."""
        rule, scope = trigger.rule, trigger.scope
        for event in self.events[trigger.seq + 1 :]:
            for unless, given in trigger.unless:
                if event["event"] == unless and given in (None, tuple(event["fields"].values())):
                    return
        if rule.still is not None and not self.value(rule.still.tree, scope):
            return
        by = None if rule.by is None else self.value(rule.by.tree, scope)
        if not rule.chooses:
            self.emit(trigger, rule.options[0].emits, scope, {"actor": by})
            return
        available = []
        for option in rule.options:
            binder = option.binder
            for member in [None] if binder is None else self.scenario.groups[binder.group].members:
                inner = scope if binder is None else {**scope, binder.name: member}
                if option.when is None or self.value(option.when.tree, inner):
                    found = option.name if binder is None else f"{option.name}[{member}]"
                    weight = 1 if option.weight is None else self.needed(option.weight.tree, inner)
                    available.append((found, weight, option, inner))
        if not available:
            return
        n = self.drawn.get((rule.name, trigger.actors, "choose"), 0)
        u = self.draw(rule, trigger.actors, "choose")
        name = self.decided(trigger, [each[0] for each in available], n) if by else None
        share = None
        if name is None:
            total = sum(weight for _, weight, _, _ in available)
            if total <= 0:
                raise BrokenError
            sums = itertools.accumulate(weight for _, weight, _, _ in available)
            chosen = next(i for i, so_far in enumerate(sums) if so_far > u * total)
            name, share = available[chosen][0], available[chosen][1] / total
        option, inner = next((each[2], each[3]) for each in available if each[0] == name)
        made: dict[str, Any] = {"actor": by, "option": name, "share": share}
        if by and not option.emits:
            self.log("decided", (), {}, trigger=trigger, fields={"rule": rule.name, "option": name}, **made)
        self.emit(trigger, option.emits, inner, made)

    def decided(self, trigger: Trigger, names: list[str], n: int) -> str | None:
        """The option that the most exact fixed choice names, of equals the last given."""
        best = None
        for choice in self.choices:
            assert isinstance(choice, FixedChoice)
            fits = (
                choice.decision == trigger.rule.name
                and choice.option in names
                and choice.day in (None, self.day)
                and choice.actors in (None, tuple(trigger.actors))
                and choice.nth in (None, n)
            )
            exact = (choice.day is not None) + (choice.actors is not None) + 2 * (choice.nth is not None)
            if fits and (best is None or exact >= best[0]):
                best = (exact, choice.option)
        return best and best[1]

    def emit(self, trigger: Trigger, emissions: Iterable[Emission], scope: Scope, made: dict[str, Any]) -> None:
        for emission in emissions:
            self.log(emission.event, emission.arguments, scope, trigger=trigger, **made)

    def log(
        self,
        name: str,
        arguments: Sequence[x.Node],
        scope: Scope,
        *,
        fields: dict[str, Any] | None = None,
        trigger: Trigger | None = None,
        react: bool = True,
        **made: Any,
    ) -> None:
        """An event: logged, applied; then each rule it triggers looks at its guards."""
        event = self.scenario.events[name]
        if fields is None:
            values = [self.needed(argument, scope) for argument in arguments]
            fields = {each.name: value for each, value in zip(event.fields, values, strict=True)}
            for each in event.fields:
                if isinstance(each.type, Whole) and not each.type.low <= fields[each.name] <= each.type.high:
                    raise BrokenError
        entry = {"day": self.day, "event": name, "fields": fields, "rule": None, "instance": (), "cause": None}
        entry["date"] = written(self.scenario.start.isoformat(), self.scenario.calendar.name, self.day)
        entry |= {"actor": None, "option": None, "share": None, "chance": None, "triggered": None, **made}
        if trigger is not None:
            entry |= {"rule": trigger.rule.name, "instance": trigger.actors, "cause": trigger.cause}
            entry |= {"chance": trigger.chance, "triggered": None if trigger.day == self.day else trigger.day}
        seen = dict(self.state)
        for effect in event.effects:
            members: Sequence[str] = [""]
            if effect.group is not None:
                if effect.every:
                    members = self.scenario.groups[effect.group].members
                else:
                    assert effect.of is not None
                    members = [self.value(effect.of, fields, seen)]
            value = self.needed(effect.value.tree, fields, seen)
            changed = (effect.variable, effect.group)
            kind = next(v.type for v in self.scenario.variables.values() if (v.name, v.group) == changed)
            if isinstance(kind, Whole) and not kind.low <= value <= kind.high:
                raise BrokenError
            for member in members:
                self.state[effect.variable, member] = value
        self.before.append({**seen, TIME: (self.day, len(self.events))})
        self.events.append(entry)
        if react:
            self.react(name, fields)

    def react(self, name: str, fields: dict[str, Any]) -> None:
        self.queue += [trigger for trigger in self.triggered(name, fields) if self.passes(trigger)]

    def triggered(self, name: str, fields: dict[str, Any]) -> Iterator[Trigger]:
        """The instances that the event logged last triggers, one after the other."""
        cause = len(self.events) - 1
        for rule in self.scenario.rules.values():
            if not isinstance(rule.trigger, OnEvent) or name not in rule.trigger.events:
                continue
            for number, actors, bound in self.instances(rule):
                scope = {**fields, **bound}
                if self.in_season(rule, scope, self.day):
                    yield Trigger(rule, number, actors, scope, self.day, cause, cause)

    def dusk(self) -> None:
        """Every COND, and where it is true its chance: the waits go on."""
        for rule in self.scenario.rules.values():
            if not isinstance(rule.trigger, While):
                continue
            for _, actors, scope in self.instances(rule):
                key = (rule.name, actors)
                if not self.in_season(rule, scope, self.day + 1) or not self.value(rule.trigger.condition.tree, scope):
                    self.waits.pop(key, None)
                    continue
                chance = self.probability(rule, scope)
                if key not in self.waits:
                    self.waits[key] = [self.draw(rule, actors, "wait"), 1.0, 0.0]
                wait = self.waits[key]
                wait[1], wait[2] = wait[1] * (1 - chance), chance
                if wait[1] <= wait[0]:
                    self.due_tomorrow.add(key)


def compared(sign: str, left: Any, right: Any) -> bool:
    """What is nothing is not so much as unequal."""
    found: bool = left is not None and right is not None and operate(sign, left, right)
    return found


def operate(sign: str, left: Any, right: Any) -> Any:
    if left is None or right is None:
        return None
    if sign in ("/", "//", "%") and right == 0:
        raise BrokenError
    return {
        "+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
        "/": lambda: left / right, "//": lambda: left // right, "%": lambda: left % right,
        "==": lambda: left == right, "!=": lambda: left != right, "<": lambda: left < right,
        "<=": lambda: left <= right, ">": lambda: left > right, ">=": lambda: left >= right,
    }[sign]()  # fmt: skip
