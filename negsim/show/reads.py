"""What reads a reading or a parameter, directly or through definitions, and what hangs on one answer alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from negsim.errors import UsageError, did_you_mean
from negsim.scenario.expressions import Node, ParameterValue, Use
from negsim.scenario.held import readings_in
from negsim.scenario.model import Scenario
from negsim.scenario.parts import Part, parts, walk_through
from negsim.scenario.walking import walk
from negsim.show.live import Live, live
from negsim.show.look import Look


@attrs.frozen
class Reader:
    """A rule, definition, event, outcome or measure that reads something.

    `parts` are the keys under which it does (`while`, `chance`, `set`, …); `through` are the definitions
    it uses to read it; `directly` says whether it also, or only, names it itself.
    """

    kind: str
    name: str
    parts: tuple[str, ...]
    through: tuple[str, ...]
    directly: bool


@attrs.frozen
class Only:
    """What can matter under one option of a reading and not under every other one."""

    rules: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rules or self.parameters or self.readings)


@attrs.frozen
class Touch:
    """What a reading or a parameter touches.

    `only`: for a reading, by option, what can matter under it and not under every option. `needs`: the
    readings without whose answer (one of those given) the thing itself cannot matter.
    """

    name: str
    kind: str
    readers: tuple[Reader, ...]
    only: Mapping[str, Only]
    needs: Mapping[str, tuple[str, ...]]

    def of_kind(self, kind: str) -> tuple[Reader, ...]:
        """The readers of one kind, in the order of the file."""
        return tuple(reader for reader in self.readers if reader.kind == kind)

    def as_json(self) -> dict[str, Any]:
        """The touch as plain values."""
        return {
            "name": self.name,
            "kind": self.kind,
            "read_by": [
                {
                    "kind": reader.kind,
                    "name": reader.name,
                    "parts": list(reader.parts),
                    "through": list(reader.through),
                    "directly": reader.directly,
                }
                for reader in self.readers
            ],
            "only_under": {
                option: {
                    "rules": list(only.rules),
                    "parameters": list(only.parameters),
                    "readings": list(only.readings),
                }
                for option, only in self.only.items()
            },
            "needs": {reading: list(options) for reading, options in self.needs.items()},
        }


def touches(scenario: Scenario, name: str) -> Touch:
    """What a reading or a parameter touches. Raises `UsageError` where the scenario has no such name."""
    if name not in scenario.readings and name not in scenario.parameters:
        known = [*scenario.readings, *scenario.parameters]
        raise UsageError(f"there is no reading and no parameter '{name}'", did_you_mean(name, known))
    return Reach(scenario).touch(name)


@attrs.frozen
class _Hit:
    """One expression that reads a name: directly, or through definitions, or both."""

    part: Part
    directly: bool
    through: tuple[str, ...]


class Reach:
    """Who reads what in a scenario, worked out once for any number of questions."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.parts = tuple(parts(scenario))
        self._deep: dict[str, frozenset[str]] = {}
        self._hits: dict[str, list[_Hit]] = {}
        for part in self.parts:
            for name, hit in self._found(part):
                self._hits.setdefault(name, []).append(hit)
        base = Look(scenario, {})
        self._always = live(base, self.parts)
        self._live = {
            name: {option: live(Look(scenario, {name: option}, base), self.parts) for option in reading.options}
            for name, reading in scenario.readings.items()
        }

    def touch(self, name: str) -> Touch:
        """What a reading or a parameter touches."""
        reading = self.scenario.readings.get(name)
        return Touch(
            name,
            "parameter" if reading is None else "reading",
            tuple(self._readers(name)),
            {} if reading is None else {option: self._only(name, option) for option in reading.options},
            dict(self._needs(name)),
        )

    def _readers(self, name: str) -> Iterator[Reader]:
        grouped: dict[tuple[str, str], list[_Hit]] = {}
        for hit in self._hits.get(name, ()):
            grouped.setdefault((hit.part.kind, hit.part.name), []).append(hit)
        for (kind, owner), hits in grouped.items():
            keys = dict.fromkeys(hit.part.key for hit in hits)
            through = dict.fromkeys(used for hit in hits for used in hit.through)
            yield Reader(kind, owner, tuple(keys), tuple(through), any(hit.directly for hit in hits))

    def _found(self, part: Part) -> Iterator[tuple[str, _Hit]]:
        """Each name that an expression reads, with whether directly and through which definitions."""
        directly = named(part.tree)
        through: dict[str, list[str]] = {}
        for used in dict.fromkeys(node.definition for node in walk(part.tree) if isinstance(node, Use)):
            for name in self._read_in(used):
                through.setdefault(name, []).append(used)
        for name in directly.union(through):
            yield name, _Hit(part, name in directly, tuple(through.get(name, ())))

    def _read_in(self, definition: str) -> frozenset[str]:
        """The readings and parameters that a definition reads, through others too."""
        known = self._deep.get(definition)
        if known is None:
            nodes = walk_through(self.scenario, [self.scenario.definitions[definition].tree])
            known = self._deep[definition] = _named(nodes)
        return known

    def _only(self, reading: str, option: str) -> Only:
        """What is live under an option and dead under at least one other."""
        found = self._live[reading]
        here = found[option]
        others = [each for other, each in found.items() if other != option]
        rules = here.rules.difference(_common(here.rules, (each.rules for each in others)))
        parameters = here.parameters.difference(_common(here.parameters, (each.parameters for each in others)))
        readings = here.readings.difference(_common(here.readings, (each.readings for each in others)), {reading})
        return Only(
            tuple(name for name in self.scenario.rules if name in rules),
            tuple(name for name in self.scenario.parameters if name in parameters),
            tuple(name for name in self.scenario.readings if name in readings),
        )

    def _needs(self, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        if not _has(self._always, name):
            return
        for reading, by_option in self._live.items():
            options = tuple(option for option, found in by_option.items() if _has(found, name))
            if reading != name and options and len(options) < len(by_option):
                yield reading, options


def _common(here: frozenset[str], others: Iterable[frozenset[str]]) -> frozenset[str]:
    return here.intersection(*others)


def _has(found: Live, name: str) -> bool:
    return name in found.parameters or name in found.readings


def named(tree: Node) -> frozenset[str]:
    """The readings and parameters that an expression names itself."""
    return _named(walk(tree))


def _named(nodes: Iterable[Node]) -> frozenset[str]:
    found: set[str] = set()
    for node in nodes:
        found.update((node.name,) if isinstance(node, ParameterValue) else readings_in(node))
    return frozenset(found)
