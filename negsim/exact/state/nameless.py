"""What waits for a member of a merged orbit, said without its name: of members who are alike the same is said."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import NamedTuple

from negsim.exact.state.turns import Pending, Turns
from negsim.program.rules import Instance, Watches
from negsim.program.table import Table
from negsim.scenario.types import Value

SELF = "\0self"  # stands for the member itself in what is said of it


class NamelessPending(NamedTuple):
    """An action that waits, said without the name of the member that it is about: as of `Pending`."""

    rule: str
    actors: tuple[str, ...]
    scope: tuple[tuple[str, Value], ...]
    due: int
    chance: float | None
    watches: Watches


class Nameless:
    """Hides the names of members in what waits for them, and shows them again. `home` has the members."""

    def __init__(self, turns: Turns, home: Collection[str]) -> None:
        self._turns = turns
        self._home = home
        self._built: dict[Hashable, Instance] = {}
        self._rules = {name: number for number, name in enumerate(turns.program.scenario.rules)}

    def member_of(self, pending: Pending) -> str | None:
        """The member of a merged orbit that an action is about; nothing where it is about none."""
        if not self._home or isinstance(pending.instance, Table):
            return None
        instance = pending.instance
        bound = [value for _, value in instance.late_scope]
        for value in (*instance.actors, *bound, *(v for _, vs in pending.watches for v in vs or ())):
            if value in self._home:
                return str(value)
        return None

    def hide(self, pending: Pending, member: str) -> NamelessPending:
        """An action that waits, without the name of its member."""
        instance = pending.instance
        if isinstance(instance, Table):
            raise TypeError(f"{instance.name} is about no member")
        return NamelessPending(
            instance.name,
            tuple(SELF if actor == member else actor for actor in instance.actors),
            _renamed(instance.late_scope, member, SELF),
            pending.due,
            pending.chance,
            _rewatched(pending.watches, member, SELF),
        )

    def show(self, nameless: NamelessPending, member: str) -> Pending:
        """The action that is meant where the member is this one."""
        watches = _rewatched(nameless.watches, SELF, member)
        return Pending(self.instance(nameless, member), nameless.due, nameless.chance, watches)

    def instance(self, nameless: NamelessPending, member: str) -> Instance:
        """The instance whose action is meant where the member is this one."""
        actors = tuple(member if actor == SELF else actor for actor in nameless.actors)
        scope = _renamed(nameless.scope, SELF, member)
        key = (nameless.rule, actors, scope)
        found = self._built.get(key)
        if found is None:
            program = self._turns.program
            rule = program.scenario.rules[nameless.rule]
            binders = [binder.name for binder in rule.binders]
            fields = {field: value for field, value in scope if field not in binders}
            candidates = program.instances(rule, self._rules[rule.name], fields)
            found = self._turns.same(next(each for each in candidates if each.actors == actors))
            self._built[key] = found
        return found


def _renamed(scope: tuple[tuple[str, Value], ...], old: str, new: str) -> tuple[tuple[str, Value], ...]:
    return tuple((name, new if value == old else value) for name, value in scope)


def _rewatched(watches: Watches, old: str, new: str) -> Watches:
    return tuple(
        (event, None if values is None else tuple(new if value == old else value for value in values))
        for event, values in watches
    )
