"""What is known while a scenario is read: names and what they mean, here and everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import attrs

from negsim.errors import did_you_mean
from negsim.language.grammar import parse
from negsim.language.meant import name_hint
from negsim.language.nodes import Scalar
from negsim.language.problems import Problems
from negsim.language.syntax import Name, Syntax
from negsim.language.tokens import Unreadable, name_problem
from negsim.scenario.expressions import Node
from negsim.scenario.rules import Binder, Definition
from negsim.scenario.types import NOBODY, ActorOf, Enumeration, Type, allowed


@attrs.frozen
class MemberName:
    """What `member.name` means: a variable or an attribute of a group. No type: not known."""

    kind: str
    type: Type | None

    @property
    def kind_words(self) -> str:
        """The kind, with its article."""
        return "a variable" if self.kind == "variable" else "an attribute"


@attrs.frozen
class HeldName:
    """A reading that actors hold: who, and the answers."""

    holders: tuple[str, ...]
    type: Enumeration


@attrs.frozen
class Signature:
    """An event's fields, in order. A field without a type is one that could not be read."""

    fields: Mapping[str, Type | None]


@attrs.frozen
class Wanted:
    """The type that a place asks for, and what asks, in words such as "`conflict`"."""

    type: Type
    by: str


class Infer(Protocol):
    """Makes a typed node of syntax, or notes a problem and gives nothing."""

    def __call__(self, item: Syntax, scope: Scope, wanted: Wanted | None = None, /) -> Node | None:
        """The typed node of a part of an expression. `wanted` gives a meaning to an enumeration's values."""


class World:
    """The names of a whole scenario. What was declared wrongly is kept as nothing, and silences its uses.

    `partial` says that a part of the scenario could not be read at all, so that an unknown name
    may well be a name from there. `infer` is at hand here because expressions hold expressions.
    """

    def __init__(self, problems: Problems, infer: Infer) -> None:
        self.problems = problems
        self.infer = infer
        self.partial = False
        self.symbols: dict[str, Node | None] = {}
        self.held: dict[str, HeldName] = {}
        self.definitions: dict[str, Definition | None] = {}
        self.binders: dict[str, tuple[Binder, ...]] = {}
        self.groups: dict[str, tuple[str, ...] | None] = {}
        self.members: dict[str, dict[str, MemberName]] = {}
        self.events: dict[str, Signature | None] = {}
        self.talks: dict[str, Mapping[str, Type | None] | None] = {}  # of each talks, its terms
        self.said_at_talks: frozenset[str] = frozenset()  # the events that talks log
        self.outcomes: frozenset[str] = frozenset()
        self.places: dict[tuple[str, str], Scalar] = {}
        self._kinds: dict[str, tuple[str, Scalar]] = {}
        self._covering: dict[tuple[str, ...], tuple[str, ...]] = {}

    def declare(self, kind: str, key: Scalar) -> bool:
        """Take a name for a thing (`kind` with its article); false, with a problem, where it cannot be."""
        if not self.check_name(key):
            return False
        other = self._kinds.setdefault(key.text, (kind, key))
        if other[1] is key:
            return True
        where = f"the first is at {other[1].sheet.name}:{other[1].line}"
        twice = f"'{key.text}' is {other[0]} and {kind}" if other[0] != kind else f"'{key.text}' is {kind} already"
        self.problems.add(key, twice, f"take another name; {where}")
        return False

    def kind_of(self, name: str) -> str | None:
        """What a name is, in words; nothing where no one has it."""
        return self._kinds[name][0] if name in self._kinds else None

    def taken_by(self, name: str) -> str | None:
        """What has a name already and where, in words."""
        if name not in self._kinds:
            return None
        kind, key = self._kinds[name]
        return f"{kind} ({key.sheet.name}:{key.line})"

    def declared_at(self, name: str) -> Scalar | None:
        """Where a name was taken; nothing where no one has it."""
        return self._kinds[name][1] if name in self._kinds else None

    def check_name(self, key: Scalar) -> bool:
        """Whether a key can be a name at all; a problem where it cannot."""
        problem = name_problem(key.text)
        if problem is not None:
            self.problems.add(key, *problem)
        return problem is None

    def all_actors(self) -> tuple[str, ...]:
        """Every actor, in the order of the file."""
        return tuple(name for name, (kind, _) in self._kinds.items() if kind == "an actor")

    def covering(self, actors: tuple[str, ...]) -> tuple[str, ...]:
        """The groups that have all of some actors. Rosters must be complete: the answer is kept."""
        if actors not in self._covering:
            wanted = set(actors)
            rosters = [(group, members) for group, members in self.groups.items() if members is not None and wanted]
            self._covering[actors] = tuple(group for group, members in rosters if wanted <= set(members))
        return self._covering[actors]

    def member_type(self, group: str) -> ActorOf | None:
        """A member of a group; nothing where the group is not known."""
        members = self.groups.get(group)
        return None if members is None else ActorOf(members, group)


@attrs.frozen
class Scope:
    """Where an expression stands: the names bound there, and the scalar that holds it.

    `names` are fields and bound actors; `absent` says of a name why it is not there; `observing` is
    true in measures, which may count events; `partial` is true where some names could not be read; `nothing` where a
    number may be nothing, at one side of a comparison.
    """

    world: World
    at: Scalar
    names: Mapping[str, Type | None] = attrs.field(factory=dict)
    absent: Mapping[str, str] = attrs.field(factory=dict)
    observing: bool = False
    partial: bool = False
    nothing: bool = False

    @property
    def silent(self) -> bool:
        """Whether an unknown name may come from a part that could not be read."""
        return self.partial or self.world.partial

    def fault(self, item: Syntax, message: str, hint: str | None = None) -> Node | None:
        """Note a problem with a part of the expression; gives nothing, for the caller to return."""
        self.world.problems.within(self.at, (item.start, item.end), message, hint)
        return None  # the caller returns a node or nothing

    def words(self, item: Syntax) -> str:
        """The author's words for a part of the expression, cut where they are long."""
        text = " ".join(self.at.text[item.start : item.end].split())
        return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004

    def knows(self, name: str) -> bool:
        """Whether a name means something of its own here."""
        world = self.world
        known = name in world.symbols or name in world.held or name in world.definitions
        return known or name in self.names or name == NOBODY

    def with_names(self, names: Mapping[str, Type | None]) -> Scope:
        """The same place with more names bound."""
        return attrs.evolve(self, names={**self.names, **names})

    def read(self) -> Syntax | None:
        """The syntax of the scalar's text; nothing, with a problem, where it is none."""
        try:
            return parse(self.at.text, self.world.problems.step)
        except Unreadable as problem:
            self.world.problems.within(self.at, problem.span, problem.message, problem.hint)
            return None


def unknown_name(item: Name, scope: Scope) -> None:
    """Say that a name means nothing here; nothing is said where it may come from a part not read."""
    world, name = scope.world, item.text
    if name in scope.absent:
        scope.fault(item, f"`{name}` is not known here", scope.absent[name])
    elif name in world.groups:
        hint = f"a group is used as in `x in {name}` or count(m for m in {name})"
        scope.fault(item, f"`{name}` is a group, not a value", hint)
    elif name in world.talks:
        first = next(iter(world.talks[name] or ("phase",)))
        scope.fault(item, f"`{name}` is the name of talks, not a value", f"ask for a term, as in {name}.{first}")
    elif name in world.events:
        hint = "to ask whether it has happened, let it set a state variable"
        hint = hint if not scope.observing else f"write count({name}) or first({name})"
        scope.fault(item, f"`{name}` is an event, not a value", hint)
    elif not scope.silent:
        scope.fault(item, f"`{name}` is not known here", _hint_for(name, scope))


def _hint_for(name: str, scope: Scope) -> str | None:
    meant = name_hint(name, scope.world.problems.step)
    if meant is not None:
        return meant
    for talks, terms in scope.world.talks.items():
        if name in (terms or ()):
            return f"what talks have settled is `{talks}.{name}`"
    known = [*scope.names, *world_names(scope.world)]
    close = did_you_mean(name, known)
    if close is not None and close.startswith("did you mean"):
        return close.split("?")[0] + "?"
    for variable, node in scope.world.symbols.items():
        kind = getattr(node, "type", None)
        if kind is not None and not isinstance(kind, ActorOf) and name in allowed(kind):
            return f"'{name}' is a value of `{variable}`; compare the two: {variable} == {name}"
    if name in scope.world.outcomes:
        return "an outcome is no value: write its condition"
    return None


def world_names(world: World) -> tuple[str, ...]:
    """Every name that an expression can use anywhere, in the order of declaration."""
    return (*world.symbols, *world.held, *world.definitions, *world.talks)
