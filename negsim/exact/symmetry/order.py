"""Where the order of members' turns can matter.

Instances act in roster order, and what is delayed to one day in the order in which it was scheduled. Members
that are alike (`orbits`) may be counted instead of told apart only where no order of theirs decides
anything. A turn may pass another where neither reads or differently changes what the other changes
(`clash` says what stands in the way). That is enough for a whole day: swapping the roster swaps only turns
of one rule; and within one reaction, first in, first out, only what follows from one member's action with
what follows from another's at the same depth, which are in their footprints.

One more case is shown: members who are all in one state when they act (`pinned`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations

import attrs

from negsim.exact.symmetry.clash import Clashes
from negsim.exact.symmetry.footprint import Footprints
from negsim.exact.symmetry.orbits import Orbits, kept_positions
from negsim.exact.symmetry.pinned import is_pinned
from negsim.exact.symmetry.typical_turns import Actors, Turn, TypicalTurns
from negsim.program.program import Program
from negsim.scenario.rules import OnEvent, Rule


@attrs.frozen
class RuleOrder:
    """Whether members' turns in one rule may be taken in any order.

    `independent`: also what one does hangs in no way on what another has done before. Where they may not be
    swapped, `reason` is what stands in the way, and `apart` whom it keeps apart.
    """

    rule: str
    independent: bool = attrs.field(kw_only=True)
    reason: str | None = None
    apart: tuple[Actors, ...] = ()

    @property
    def swappable(self) -> bool:
        """Whether they may."""
        return not self.apart


@attrs.frozen
class Order:
    """What may be counted instead of told apart.

    `rules` has the rules that take turns by members who are alike. `merged` are the orbits of two or more
    whose turns may be taken in any order everywhere, and, on the agenda, before or behind those of all other
    members; `reasons` say what keeps the other members apart.
    """

    rules: Mapping[str, RuleOrder]
    merged: tuple[Actors, ...]
    reasons: tuple[str, ...]


def order(program: Program, found: Orbits, *, by: Iterable[str] = ()) -> Order:
    """Where the order of turns can matter among members who are alike. `by` are those who choose best."""
    analysis = _Analysis(program, found, Footprints(program, by=by))
    rules: dict[str, RuleOrder] = {}
    apart: set[Actors] = set()
    for rule in program.scenario.rules.values():
        verdict = analysis.rule(rule)
        if verdict is not None:
            rules[rule.name] = verdict
            apart |= {*verdict.apart}
    reasons = [f"in rule `{each.rule}`: {each.reason}" for each in rules.values() if each.reason is not None]
    merged = tuple(orbit for orbit in found.alike if orbit not in apart)
    return Order(rules, merged, (*found.reasons, *reasons))


class _Analysis:
    """The turns of one program's rules, compared two by two."""

    def __init__(self, program: Program, found: Orbits, footprints: Footprints) -> None:
        self._scenario = program.scenario
        self._found = found
        self._footprints = footprints
        self._turns = TypicalTurns(program, found, footprints)
        self._clashes = Clashes(footprints)
        self._alike = frozenset(actor for orbit in found.alike for actor in orbit)

    def rule(self, rule: Rule) -> RuleOrder | None:
        """What is found of a rule; nothing where no members who are alike take turns."""
        kept = kept_positions(self._scenario, rule)
        bound = [frozenset(self._scenario.groups[binder.group].members) for binder in rule.binders]
        if all(self._alike.isdisjoint(actors) for actors in (*bound, *kept)):
            return None
        turns = self._turns.of(rule, delayed=bool(kept))
        if turns is None:
            concerned = {self._found.orbit_of[a] for actors in (*bound, *kept) for a in actors & self._alike}
            return self._verdict(rule, concerned, "it has too many turns to be compared")
        return self._compared(rule, turns, delayed=bool(kept))

    def _compared(self, rule: Rule, turns: Sequence[Turn], *, delayed: bool) -> RuleOrder:
        reason: str | None = None
        independent, apart = True, set[Actors]()
        for one, other in combinations(turns, 2):
            concerned = self._swapped(rule, one, other, delayed=delayed)
            clash = self._clashes.between(one.roots, other.roots) if concerned else None
            if clash is None:
                continue
            independent = False
            both = {self._found.orbit_of[actor] for actor in (*one.actors, *other.actors)}
            if both != concerned or len(both) > 1 or not self._is_pinned(rule, *both):
                apart |= concerned
                reason = reason or clash
        return self._verdict(rule, apart, reason, independent=independent)

    def _verdict(self, rule: Rule, apart: set[Actors], reason: str | None, *, independent: bool = False) -> RuleOrder:
        in_order = tuple(orbit for orbit in self._found.alike if orbit in apart)
        return RuleOrder(rule.name, reason, in_order, independent=independent)

    def _swapped(self, rule: Rule, one: Turn, other: Turn, *, delayed: bool) -> set[Actors]:
        """The orbits in which a swap of members swaps two turns; none where their order is always the same.

        On the agenda, all turns of an orbit may stand together before or behind another member's.
        """
        if one.actors == other.actors:
            concerned = {self._found.orbit_of.get(str(v), ()) for v in (*one.fields, *other.fields) if v in self._alike}
            return concerned if delayed else set()
        if one.fields != other.fields and not delayed:
            return set()  # reactions to two events
        pairs = zip(rule.binders, one.actors, other.actors, strict=True)
        group, left, right = next((binder.group, a, b) for binder, a, b in pairs if a != b)
        here, there = self._found.orbit_of[left], self._found.orbit_of[right]
        places = self._roster[group]
        first, second = [[places[actor] for actor in orbit if actor in places] for orbit in (here, there)]
        reacting = isinstance(rule.trigger, OnEvent) and not delayed
        if reacting and here != there and (max(first) < min(second) or max(second) < min(first)):
            return set()  # who stands before or behind all of them stays there
        return {orbit for orbit in (here, there) if len(orbit) > 1}

    @cached_property
    def _roster(self) -> Mapping[str, Mapping[str, int]]:
        groups = self._scenario.groups.items()
        return {name: {actor: place for place, actor in enumerate(group.members)} for name, group in groups}

    def _is_pinned(self, rule: Rule, orbit: Actors) -> bool:
        turn = self._turns.standing.get((rule.name, orbit[:1]))  # none where a rule reacts or binds two
        return turn is not None and is_pinned(self._footprints, turn, orbit)
