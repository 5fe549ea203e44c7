"""Expressions of a drawn scenario: conditions, chances, values of a type."""

from __future__ import annotations

from typing import Any

from negsim.scenario.types import TRUTH, ActorOf, Enumeration, Real, Truth, Type, Whole, allowed
from negsim.testing.author import Author
from negsim.testing.scope import Scope
from negsim.testing.time import days, timely


def condition(scope: Scope) -> str:
    """One clause, or two joined, or something about a group."""
    author, first = scope.author, clause(scope)
    match author.pick(("one", "and", "or", "not", "if", "group", "time")):
        case "one":
            return first
        case "not":
            return f"not ({first})"
        case "if":
            return f"({first}) if {clause(scope)} else ({clause(scope)})"
        case "group":
            return _over_group(scope)
        case "time":
            return author.pick((timely(scope), f"{timely(scope)} and ({first})"))
        case word:
            return f"({first}) {word} ({clause(scope)})"


def clause(scope: Scope) -> str:
    """Something that can be read, compared."""
    found = scope.readable()
    text = scope.author.pick([*found, "1"])
    return "1 < 2" if text == "1" else _looked_at(scope.author, text, kind=found[text])


def _looked_at(author: Author, text: str, *, kind: Type) -> str:
    match kind:
        case Truth():
            return text
        case Real():
            return f"{text} {author.pick(('<', '>='))} {author.pick(('0.5', '0.2'))}"
        case Whole():
            level = author.number(kind.low or 0, kind.high or 1)
            return text + author.pick((f" > {level}", f" <= {level}", f" != {level}", " % 2 == 0"))
        case Enumeration():
            value, other = author.pick(kind.values), author.pick(kind.values)
            return author.pick((f"{text} == {value}", f"{text} != {value}", f"{text} in ({value}, {other})"))
        case ActorOf():
            found = [f"{text} == {author.pick(kind.actors)}", *(f"{text} not in {group}" for group in author.groups)]
            own = author.own[kind.group] if kind.nobody and kind.group else {}
            found += [f"{text} != nobody and {_looked_at(author, f'{text}.{n}', kind=t)}" for n, t in own.items()]
            return author.pick(found)


def _over_group(scope: Scope) -> str:
    author = scope.author
    group = author.pick(list(author.groups))
    inside = scope.having({"x": author.member(group)})
    each, number = f"for x in {group}", author.pick([*inside.wholes(), "1"])
    match author.pick(("any", "all", "count", "sum", "min", "max")):
        case "any" | "all" as word:
            return f"{word}({clause(inside)} {each} if {clause(inside)})"
        case "count":
            return f"count(x {each} if {clause(inside)}) >= {author.number(1, 2)}"
        case "sum":
            return f"sum({number} {each} if {clause(inside)}) > {author.number(0, 4)}"
        case word:
            return f"{word}({number} {each}) != {author.number(0, 2)}"


def chance(scope: Scope) -> Any:
    """A probability: a number, a parameter in its place, or an expression that stays between 0 and 1."""
    found: list[Any] = ["0.5", "0.25", "1", "0", "0.07", f"0.8 if {clause(scope)} else 0.1"]
    found += [f"0.6 if {timely(scope)} else 0.3", f"min(0.1 * {days(scope)}, 1)"]
    for text, kind in scope.readable().items():
        if isinstance(kind, Real):
            found.append(text)
        elif isinstance(kind, Whole):
            found.append(f"{text} / {(kind.high or 0) + 1}")
    return scope.author.pick([*found, {"value": "0.3", "low": "0", "high": "1"}])


def value(scope: Scope, kind: Type) -> str:
    """An expression of a type, within its bounds."""
    author, readable = scope.author, scope.readable().items()
    match kind:
        case Whole(low, high):
            numbers = [f"{text} {by}" for text in (*scope.wholes(), days(scope)) for by in ("+ 1", "- 1")]
            return author.pick([constant(author, kind), *(f"min(max({text}, {low}), {high})" for text in numbers)])
        case Enumeration():
            either = f"{author.pick(kind.values)} if {clause(scope)} else {author.pick(kind.values)}"
            return author.pick([constant(author, kind), either, *(text for text, t in readable if t == kind)])
        case ActorOf():
            known = {text: t for text, t in readable if isinstance(t, ActorOf)}
            fit = [text for text, t in known.items() if set(allowed(t)) <= set(allowed(kind))]
            return author.pick([constant(author, kind), *fit])
        case Truth() | Real():
            return author.pick((constant(author, TRUTH), condition(scope)))


def constant(author: Author, kind: Type) -> str:
    """A value of a type."""
    return str(author.number(kind.low or 0, kind.high or 0)) if isinstance(kind, Whole) else author.pick(allowed(kind))
