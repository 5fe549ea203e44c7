"""A scenario on its way: what has been read so far, and the readings that all sections share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from negsim.language.infer import infer
from negsim.language.nodes import KeyedEntry, KeyedNode, Node, Scalar
from negsim.language.problems import Problems
from negsim.language.scope import Scope, Wanted, World
from negsim.language.syntax import Syntax
from negsim.language.tongues import in_first
from negsim.language.wants import infer_as, infer_number, infer_truth
from negsim.scenario.calendar_steps import Calendar
from negsim.scenario.expressions import Constant, Expression
from negsim.scenario.expressions import Node as Tree
from negsim.scenario.record import Actor, Group, Parameter, Reading, Source, Statement
from negsim.scenario.rules import Definition, Event, Rule, StateVariable
from negsim.scenario.types import TRUTH, Type, Value

# What stands for an expression that could not be read; the problem is noted, so no scenario comes of it.
FAILED = Expression("", Constant(value=True, type=TRUTH))


@attrs.frozen
class Section:
    """All that the files of a scenario say under one key, in the order of reading; and where it is last said."""

    entries: Mapping[str, KeyedEntry]
    broken: frozenset[str]
    at: Node | None = None

    def tables(self) -> Iterator[tuple[str, Scalar, KeyedNode]]:
        """Each name with its key and its mapping."""
        for name, entry in self.entries.items():
            if isinstance(entry.value, KeyedNode):
                yield name, entry.key, entry.value


@attrs.frozen
class Shown:
    """A text that is shown to readers: where it stands, and the fields of its event (nothing outside of events)."""

    at: Scalar
    fields: Mapping[str, Type | None] | None


class Draft:
    """What is known of a scenario while it is read."""

    def __init__(self, problems: Problems, sections: Mapping[str, Section], history: tuple[KeyedNode, ...]) -> None:
        self.problems = problems
        self.sections = sections
        self.history = history
        self.world = World(problems, infer)
        self.calendar: Calendar | None = None
        self.horizon_days = 0
        self.statement_ids: set[str] = set()
        self.used_statements: set[str] = set()
        self.sources: dict[str, Source] = {}
        self.statements: dict[str, Statement] = {}
        self.actors: dict[str, Actor] = {}
        self.groups: dict[str, Group] = {}
        self.parameters: dict[str, Parameter] = {}
        self.readings: dict[str, Reading] = {}
        self.variables: dict[str, StateVariable] = {}
        self.definitions: dict[str, Definition] = {}
        self.events: dict[str, Event] = {}
        self.rules: dict[str, Rule] = {}
        self.shown: list[Shown] = []


def text_of(node: KeyedNode, key: str) -> str | None:
    """The text under a key, if any."""
    value = node.get(key)
    return value.text.strip() if isinstance(value, Scalar) else None


def spoken_text(node: KeyedNode, key: str) -> tuple[str | None, str | None]:
    """The text under a key in the scenario's first language, and as it is read where that is in another."""
    value = node.get(key)
    if not isinstance(value, Scalar):
        return None, None
    first, read = in_first(value), value.text.strip()
    return first, None if read == first else read


def value_of(node: KeyedNode, key: str) -> Value | None:
    """The value under a key, if any."""
    value = node.get(key)
    return value.value if isinstance(value, Scalar) else None


def scalars(node: Node | None) -> tuple[Scalar, ...]:
    """One scalar, or those of a list; none where there is nothing."""
    match node:
        case None | KeyedNode():
            return ()
        case Scalar():
            return (node,)
        case _:
            return tuple(item for item in node.items if isinstance(item, Scalar))


def words_of(scope: Scope) -> str:
    """The author's words of an expression on one line."""
    return " ".join(scope.at.text.split())


def truth(scope: Scope, by: str) -> Expression | None:
    """The scalar of a scope as a condition."""
    syntax = scope.read()
    tree = None if syntax is None else infer_truth(syntax, scope, by)
    return None if tree is None else Expression(words_of(scope), tree)


def number(scope: Scope, by: str) -> Expression | None:
    """The scalar of a scope as a number."""
    syntax = scope.read()
    tree = None if syntax is None else infer_number(syntax, scope, by)
    return None if tree is None else Expression(words_of(scope), tree)


def fitting(scope: Scope, kind: Type, by: str) -> Expression | None:
    """The scalar of a scope as a value of a type."""
    syntax = scope.read()
    tree = None if syntax is None else fitting_tree(syntax, scope, kind, by)
    return None if tree is None else Expression(words_of(scope), tree)


def fitting_tree(syntax: Syntax, scope: Scope, kind: Type, by: str) -> Tree | None:
    """A part of an expression as a value of a type."""
    return infer_as(syntax, scope, Wanted(kind, by))
