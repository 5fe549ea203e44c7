"""Talks for the naive interpreter: each sentence of the reference's section on talks, worked out anew at each round.

It keeps all that was said, and looks the rest up in it. Without strategies of one's own.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Any

from naive import BrokenError, Naive, Scope, State, operate

from negsim.scenario import expressions as x
from negsim.scenario.model import Scenario
from negsim.scenario.rules import At, OnEvent
from negsim.scenario.talks import Position, Talks
from negsim.scenario.types import is_number

Package = tuple[Any, ...]
ALIKE = 1e-9


class Words:
    """One who makes an event and is no rule: talks. It has the shape of a trigger, as far as the log looks at it."""

    def __init__(self, talks: Talks, day: int, cause: int | None) -> None:
        self.rule, self.actors, self.day, self.cause, self.chance = talks, (), day, cause, None


class TalkingNaive(Naive):
    """A run of a scenario with talks. What stands in the state under `talks` is read as terms."""

    def __init__(self, scenario: Scenario, **settings: Any) -> None:
        super().__init__(scenario, **settings)
        self.next: dict[str, int] = {}  # the day of the next turn of each talks
        self.before_it: dict[str, int | None] = {}  # the seq of what was said last, or opened them
        self.away: dict[str, set[str]] = {}
        self.offers: dict[str, list[tuple[str, Package]]] = {}
        self.notices: dict[str, list[int]] = {}
        for talks in scenario.talks.values():
            self.set_terms(talks, None)
            self.state["phase", talks.name], self.state["round", talks.name] = "waiting", 0
            self.away[talks.name], self.offers[talks.name], self.notices[talks.name] = set(), [], []
            if isinstance(talks.opens, At):
                day = self.value(talks.opens.day.tree, {})
                every = self.value(talks.every.tree, {})
                self.next[talks.name] = next(d for d in itertools.count(day, every) if d >= 0)
                self.before_it[talks.name] = None

    def set_terms(self, talks: Talks, package: Package | None) -> None:
        for number, issue in enumerate(talks.issues):
            self.state[issue, talks.name] = "unsettled" if package is None else package[number]

    def value(self, node: x.Node, scope: Scope, state: State | None = None) -> Any:
        """Terms are looked up; a number that is unsettled is nothing, unless one asks whether it is that word."""
        match node:
            case x.Term() | x.Bound():
                held = self.held(node, scope, state)
                return None if held == "unsettled" and is_number(node.type) else held
            case x.Comparison() if any(map(is_the_word, node.operands)):
                held = [self.held(each, scope, state) for each in node.operands]
                pairs = zip(node.operators, held, held[1:], strict=False)
                return all(operate(sign, left, right) for sign, left, right in pairs)
            case x.OneOf() if any(map(is_the_word, node.options)):
                held = self.held(node.item, scope, state)
                return (held in [self.held(each, scope, state) for each in node.options]) is not node.negated
            case _:
                return super().value(node, scope, state)

    def held(self, node: x.Node, scope: Scope, state: State | None) -> Any:
        match node:
            case x.Term():
                return (self.state if state is None else state)[node.name, node.talks]
            case x.Bound():
                return scope[node.name]
            case _:
                return self.value(node, scope, state)

    # What events do to talks.

    def log(self, name: str, arguments: Sequence[x.Node], scope: Scope, **made: Any) -> None:
        phases = {talks.name: self.state["phase", talks.name] for talks in self.scenario.talks.values()}
        react = made.pop("react", True)
        super().log(name, arguments, scope, react=False, **made)
        fields = self.events[-1]["fields"]
        for talks in self.scenario.talks.values():
            self.moved(talks, phases[talks.name], name, fields)
        if react:
            self.react(name, fields)

    def moved(self, talks: Talks, phase: str, name: str, fields: dict[str, Any]) -> None:
        """What an event that was just logged makes of talks, which were in a phase before it."""
        of, seq = talks.name, len(self.events) - 1
        if name in talks.notice and phase == "agreed":
            self.notices[of].append(seq)
        if name in talks.says and fields["talks"] == of:
            self.said(talks, name, fields)
        opens = isinstance(talks.opens, OnEvent) and phase == "waiting" and name in talks.opens.events
        reopens = name in talks.reopens and phase in ("agreed", "lapsed", "ended")
        if opens or reopens:
            self.state["phase", of], self.state["round", of] = "open", 0
            self.set_terms(talks, None)
            self.away[of], self.offers[of], self.notices[of] = set(), [], []
            every = self.value(talks.every.tree, {})
            self.next[of] = next(d for d in itertools.count(self.day + every, every) if d >= 0)
            self.before_it[of] = seq

    def said(self, talks: Talks, name: str, fields: dict[str, Any]) -> None:
        """What the talks' own events do."""
        of = talks.name
        package = tuple(fields[issue] for issue in talks.issues) if name in ("offered", "agreed") else ()
        if name in ("offered", "passed"):
            self.state["phase", of] = "open"
            self.state["round", of] += 1
        if name == "offered":
            self.offers[of].append((fields["party"], package))
        if name == "left":
            self.away[of].add(fields["party"])
        if name in ("agreed", "lapsed", "ended"):
            self.state["phase", of] = name
            self.set_terms(talks, package if name == "agreed" else None)
        if name in ("agreed", "ran_on", "ended"):
            self.notices[of] = []

    # Turns.

    def dusk(self) -> None:
        """Talks take their turns after all rules, so dusk waits for them."""
        for talks in self.scenario.talks.values():
            if self.next.get(talks.name) == self.day:
                self.turn(talks)
                while self.queue:
                    self.take(self.queue.pop(0))
        super().dusk()

    def turn(self, talks: Talks) -> None:
        phase = self.state["phase", talks.name]
        if phase == "agreed" and talks.until_notice is not None:
            if self.notices[talks.name]:
                self.say(talks, "ended", None, (), cause=self.notices[talks.name][0])
                return
            self.next[talks.name] = self.day + self.term(talks)
            self.say(talks, "ran_on", None, (), cause=self.before_it[talks.name])
        elif phase in ("waiting", "open"):
            self.next[talks.name] = self.day + self.value(talks.every.tree, {})
            if talks.condition is None or self.value(talks.condition.tree, {}):
                self.round(talks)

    def term(self, talks: Talks) -> int:
        assert talks.until_notice is not None
        terms = {issue: self.state[issue, talks.name] for issue in talks.issues}
        days: int = self.value(talks.until_notice.tree, terms)
        if days < 1 or days != int(days):
            raise BrokenError
        return days

    def round(self, talks: Talks) -> None:
        """One round: first it is worked out, on the state of now; then all of it is logged in one go."""
        number = self.state["round", talks.name]
        here = [each for each in talks.everybody if each not in self.away[talks.name]]
        leave = [each for each in here if self.leaves(talks.positions[each])]
        stay = [each for each in here if each not in leave]
        words: list[tuple[str, str | None, tuple[Any, ...]]] = [("left", each, (each,)) for each in leave]
        parties = [each for each in talks.parties if each in stay]
        needed = talks.needs or talks.everybody
        if leave and (len(stay) < 2 or not parties or any(each not in stay for each in needed)):
            words.append(("lapsed", None, ()))
        else:
            words += self.exchange(talks, number, parties, stay)
        agreed = None
        for event, party, fields in words:
            self.say(talks, event, party, fields, cause=self.before_it[talks.name])
            agreed = self.events[-1] if event == "agreed" else agreed
        if agreed is not None:
            if talks.until_notice is not None:
                self.next[talks.name] = self.day + self.term(talks)
            if talks.agreed is not None:
                terms = {issue: agreed["fields"][issue] for issue in talks.issues}
                maker = Words(talks, self.day, len(self.events) - 1)
                self.log(talks.agreed.event, talks.agreed.arguments, terms, trigger=maker)

    def leaves(self, position: Position) -> bool:
        return position.leaves is not None and bool(self.value(position.leaves.tree, {}))

    def say(self, talks: Talks, event: str, party: str | None, fields: tuple[Any, ...], *, cause: int | None) -> None:
        names = [field.name for field in self.scenario.events[event].fields]
        given = dict(zip(names, (talks.name, *fields), strict=True))
        if event != "refused":
            self.before_it[talks.name] = len(self.events)
        self.log(event, (), {}, fields=given, trigger=Words(talks, self.day, cause), actor=party)

    def exchange(
        self, talks: Talks, number: int, parties: list[str], stay: list[str]
    ) -> list[tuple[str, str | None, tuple[Any, ...]]]:
        """What is put forward and answered, as (event, who, fields after the talks' name)."""
        rounds = self.value(talks.rounds.tree, {})
        packages = [*itertools.product(*talks.issues.values())]
        worth = {each: self.worth(talks.positions[each], talks, packages) for each in stay}
        broken = {each: [self.first_broken(talks, talks.positions[each], p) for p in packages] for each in stay}
        asks = {each: self.asks(talks, each, (number, rounds), (packages, worth[each], broken[each])) for each in stay}

        def accepts(who: str, at: int) -> bool:
            return broken[who][at] is None and worth[who][at] >= asks[who] - ALIKE

        def least(whom: Sequence[str], at: int) -> float:
            return min(-2.0 if broken[who][at] else worth[who][at] - asks[who] for who in whom)

        if talks.mediator is None:
            turn = number % len(parties)
            who = parties[turn]
            others = [*parties[turn + 1 :], *parties[:turn], *(each for each in stay if each not in parties)]
            open_to_it = [at for at in range(len(packages)) if accepts(who, at)]
            best = greatest(greatest(open_to_it, lambda at: least(others, at)), lambda at: worth[who][at])
        else:
            who, others = talks.mediator, stay
            refusals = {at: sum(not accepts(each, at) for each in stay) for at in range(len(packages))}
            fewest = [at for at, number in refusals.items() if number == min(refusals.values())]
            liked = greatest(fewest, lambda at: sum(worth[each][at] for each in stay))
            best = greatest(liked, lambda at: least(stay, at))
        last = [] if number < rounds - 1 else [("lapsed", None, ())]
        if not best:
            return [("passed", who, (who,)), *last]
        at = best[0]
        terms = self.all_terms(talks, packages[at])
        said: list[tuple[str, str | None, tuple[Any, ...]]] = [("offered", who, (who, *terms))]
        no = [each for each in others if not accepts(each, at)]
        for each in no:
            reason = broken[each][at] or "utility"
            said.append(("refused", each, (each, reason, shown(worth[each][at]), shown(asks[each]), *terms)))
        return [*said, *last] if no else [*said, ("agreed", who, (who, *terms))]

    def all_terms(self, talks: Talks, package: Package) -> tuple[Any, ...]:
        """A package as the fields of an event, which has the issues of all talks."""
        own = dict(zip(talks.issues, package, strict=True))
        every = dict.fromkeys(issue for each in self.scenario.talks.values() for issue in each.issues)
        return tuple(own.get(issue, "unsettled") for issue in every)

    def worth(self, position: Position, talks: Talks, packages: list[Package]) -> list[float]:
        given = {pair: float(self.value(each.tree, {})) for pair, each in position.values.items()}
        sums = [sum(given.get(pair, 0.0) for pair in zip(talks.issues, package, strict=True)) for package in packages]
        if position.cap is not None:
            sums = [min(each, self.value(position.cap.tree, {})) for each in sums]
        low, high = min(sums), max(sums)
        if high - low <= ALIKE * max(1.0, abs(high), abs(low)):
            return [1.0 for _ in sums]
        return [(each - low) / (high - low) for each in sums]

    def first_broken(self, talks: Talks, position: Position, package: Package) -> str | None:
        terms = dict(zip(talks.issues, package, strict=True))
        for line in position.red_lines.values():
            holds = line.when is None or self.value(line.when.tree, {})
            if holds and self.value(line.never.tree, terms):
                return line.name
        return None

    def asks(
        self,
        talks: Talks,
        who: str,
        when: tuple[int, int],
        sees: tuple[list[Package], list[float], list[str | None]],
    ) -> float:
        """The aspiration of one at the table."""
        (number, rounds), (packages, worth, broken), position = when, sees, talks.positions[who]
        fallback = float(self.value(position.fallback.tree, {}))
        top = max((each for each, line in zip(worth, broken, strict=True) if line is None), default=fallback)
        if position.strategy == "aspiration":
            share = number / (rounds - 1) if rounds > 1 else 1.0
            power = 1 / float(self.value(position.concession.tree, {}))
            raised = float(Context(prec=28).power(Decimal(share), Decimal(power))) if share else 0.0
            return max(fallback, fallback + (top - fallback) * (1 - raised))
        own = [worth[packages.index(each)] for party, each in self.offers[talks.name] if party == who]
        heard = [worth[packages.index(each)] for party, each in self.offers[talks.name] if party != who][-2:]
        if not own or len(heard) < 2:
            return max(fallback, top)
        return max(fallback, min(top, own[-1] * heard[0] / heard[1]) if heard[1] else min(top, own[-1]))


def is_the_word(node: x.Node) -> bool:
    return isinstance(node, x.Constant) and node.value == "unsettled"


def greatest(places: Sequence[int], of: Any) -> list[int]:
    """The places with the greatest value, or one equal to it."""
    values = [of(at) for at in places]
    return [at for at, value in zip(places, values, strict=True) if value >= max(values) - ALIKE]


def shown(value: float) -> int:
    return max(0, min(1000, round(value * 1000)))
