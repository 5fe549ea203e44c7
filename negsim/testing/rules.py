"""The rules of a drawn scenario: what triggers them, for whom, and what holds them back."""

from __future__ import annotations

from typing import Any

from negsim.scenario.types import Type
from negsim.testing.actions import action, call
from negsim.testing.author import ASSUMED, IN_PLACE, Author, Document
from negsim.testing.expressions import chance, condition
from negsim.testing.scope import Scope

MOST_RULES = 8
_TRIGGERS = ("every", "at", "while", "on")


def rules(author: Author) -> Document:
    """A few rules, and one that goes round until the fuel is gone."""
    found = {f"rule_{number}": _rule(author) for number in range(author.number(0, MOST_RULES))}
    if "fuel" in author.terms:
        *_, last, _burnt = author.events
        emits = ["burnt()", call(Scope(author), author.pick(list(author.events)[:-1]))]
        found["again"] = {**ASSUMED, "on": last, "still": "fuel > 0", "emit": emits}
    return found


def _rule(author: Author) -> Document:
    events, bound = list(author.events), dict[str, Type]()
    trigger = author.pick(_TRIGGERS if len(events) > 1 else _TRIGGERS[:-1])
    found: Document = dict(ASSUMED)
    if trigger == "on":
        heard = author.pick([events[:1], *([name] for name in events[:-1]), events[:-1]])
        found["on"] = heard if len(heard) > 1 else heard[0]
        bound = _shared(author, heard)
        events = events[events.index(heard[-1]) + 1 :]
    binders = _binders(author, most=1 if trigger == "on" else 2)
    if binders:
        texts = [f"{name} in {group}" for name, group in binders.items()]
        found["for"] = texts if len(texts) > 1 else texts[0]
    scope = Scope(author, bound | {name: author.member(group) for name, group in binders.items()})
    return found | _trigger(scope, trigger) | _guards(scope, trigger) | action(scope, events)


def _shared(author: Author, heard: list[str]) -> dict[str, Type]:
    """The fields that all of some events have."""
    fields = author.events[heard[0]]
    return {name: kind for name, kind in fields.items() if all(name in author.events[each] for each in heard)}


def _binders(author: Author, *, most: int) -> dict[str, str]:
    """The members that a rule is for: a group for each name."""
    return {name: author.pick(list(author.groups)) for name in ("m", "n")[: author.number(0, most)]}


def _day(author: Author) -> Any:
    number = author.number(-6, 12)
    return author.pick([str(number), author.written(author.moment(number)), *_lag(author), IN_PLACE])


def _lag(author: Author) -> list[str]:
    return [name for name in author.terms if name == "lag"]


def _trigger(scope: Scope, trigger: str) -> Document:
    author, found = scope.author, Document()
    if trigger == "at":
        found["at"] = _day(author)
    elif trigger == "every":
        found["every"] = author.pick([str(author.number(2, 9)), *_lag(author), IN_PLACE])
    elif trigger == "while":
        found["while"] = condition(scope)
    return found | ({author.pick(("from", "until")): _day(author)} if author.seldom() else {})


def _guards(scope: Scope, trigger: str) -> Document:
    author, found = scope.author, Document()
    if trigger != "while" and author.seldom():
        found["when"] = condition(scope)
    if trigger == "while" or author.coin():
        found["chance"] = chance(scope)
    if author.coin():
        found["after"] = _delay(scope)
    if author.seldom():
        found["still"] = condition(scope)
    if author.seldom():
        event = author.pick(list(author.events))
        found["unless"] = author.pick((event, call(scope, event), list(author.events)))
    return found


def _delay(scope: Scope) -> Any:
    author, wholes = scope.author, scope.wholes()
    low = author.number(0, 2)
    drawn = [f"uniform({low}, {low + author.number(0, 4)})", "geometric(0.4)", *(f"uniform(0, {w})" for w in wholes)]
    return author.pick([str(low), *drawn, *wholes, IN_PLACE])
