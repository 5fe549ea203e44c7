"""Policies as tables: in which situation which option. Made by best play, kept in files, followed by runs.

A situation is the decision, the day, the state and what waits. Members that count as alike in the table are
not told apart in it: a situation with two of them swapped is the same situation.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import attrs

from negsim.clean import plain
from negsim.errors import UsageError
from negsim.policy.situation import PutOff, Situation
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Settings
from negsim.scenario.types import Value
from negsim.written import write

FORMAT = 1
LARGEST_FILE = 64 << 20
MOST_ENTRIES = 500_000
SELF = "\0self"

Days = tuple[tuple[int, int], ...]  # spans of days, ends included


@attrs.frozen
class Entry:
    """One situation, and what is chosen on which days; `reached` is how often a run is expected to come to it."""

    decision: str
    actor: str
    instance: tuple[str, ...]
    state: Mapping[str, Value]
    pending: tuple[PutOff, ...]
    choices: Mapping[str, Days]
    reached: float

    @property
    def is_ambiguous(self) -> bool:
        """Whether two options are named for one day."""
        days = [day for spans in self.choices.values() for first, last in spans for day in range(first, last + 1)]
        return len(days) > len({*days})

    def as_json(self, common: Mapping[str, Value]) -> dict[str, Any]:
        """The entry as a file holds it, without what all entries have in common."""
        return {
            "decision": self.decision,
            "actor": self.actor,
            "instance": list(self.instance),
            "state": {name: value for name, value in self.state.items() if name not in common},
            "pending": [_put_off_json(each) for each in self.pending],
            "choices": {option: [list(span) for span in days] for option, days in self.choices.items()},
            "reached": self.reached,
        }


def situation_key(
    situation: tuple[str, Sequence[str], Mapping[str, Value], Iterable[PutOff]], orbits: Sequence[Sequence[str]]
) -> str:
    """A text that two situations share if, and only if, they are one up to members of one orbit swapped.

    The situation is (decision, instance, state, pending).
    """
    decision, instance, state, pending = situation
    home = {member: number for number, orbit in enumerate(orbits) for member in orbit}
    parts: dict[str, list[Any]] = {member: [] for member in home}
    rest: list[Any] = []
    for name, value in state.items():
        owner, _, variable = name.partition(".")
        if variable and owner in home:
            parts[owner].append([variable, value])
        elif value in home:
            parts[str(value)].append(["<-", name])
            rest.append([name, [home[str(value)]]])
        else:
            rest.append([name, value])
    waiting: list[Any] = []
    for each in pending:
        found = _put_off_json(each)
        members = [v for v in (*found["actors"], *found["bound"].values()) if v in home]
        if not members:
            waiting.append(found)
            continue
        member = str(members[0])
        found["actors"] = [SELF if actor == member else actor for actor in found["actors"]]
        found["bound"] = {name: SELF if value == member else value for name, value in found["bound"].items()}
        parts[member].append(["waits", _text(found)])
    crowd: dict[str, int] = {}
    for member, number in home.items():
        key = _text([number, sorted(parts[member], key=_text)])
        crowd[key] = crowd.get(key, 0) + 1
    return _text([decision, list(instance), sorted(rest, key=_text), crowd, sorted(waiting, key=_text)])


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _put_off_json(each: PutOff) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "actors": list(each.actors),
        "bound": dict(each.bound),
        "days": each.days,
        "chance": each.chance,
    }


@attrs.frozen(eq=False)
class PolicyTable:
    """A policy written down: what `by` and `against` choose in each situation that they can come to.

    `objective` says what it was made for. A situation that is not in the table is left to the weights.
    """

    scenario_hash: str
    settings: Settings
    objective: Mapping[str, Any]
    orbits: tuple[tuple[str, ...], ...]
    entries: tuple[Entry, ...] = attrs.field(repr=False)

    @cached_property
    def _by_key(self) -> Mapping[str, Mapping[str, Days]]:
        return {
            situation_key((each.decision, each.instance, each.state, each.pending), self.orbits): each.choices
            for each in self.entries
        }

    @cached_property
    def identity(self) -> str:
        """What tells this policy from others: a hash of its file."""
        return blake2b(_text(self.as_json()).encode(), digest_size=16).hexdigest()

    @property
    def ambiguous(self) -> int:
        """How many situations have two choices for one day: what happened earlier that day tells them apart."""
        return sum(each.is_ambiguous for each in self.entries)

    @property
    def actors(self) -> tuple[str, ...]:
        """Those whose choices the table makes."""
        return (*self.objective.get("by", ()), *self.objective.get("against", ()))

    def __call__(self, situation: Situation) -> str | None:
        """The option for a situation; nothing where the table does not know it."""
        if situation.actor not in self.actors:
            return None
        if len(situation.options) == 1:
            return next(iter(situation.options))
        key = situation_key((situation.decision, situation.instance, situation.state, situation.pending), self.orbits)
        for option, spans in self._by_key.get(key, {}).items():
            if option in situation.options and any(first <= situation.day <= last for first, last in spans):
                return option
        return None

    def __getstate__(self) -> dict[str, Any]:
        """What is sent to other processes: the table, not what is looked up in it."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Takes in what was sent."""
        for name, value in state.items():
            object.__setattr__(self, name, value)

    def as_json(self) -> dict[str, Any]:
        """The table as a file holds it."""
        states = [each.state for each in self.entries] or [{}]
        common = {name: value for name, value in states[0].items() if all(each[name] == value for each in states)}
        return {
            "negsim_policy": FORMAT,
            "scenario": self.scenario_hash,
            "parameters": dict(self.settings.parameters),
            "readings": dict(self.settings.readings),
            "objective": dict(self.objective),
            "alike": [list(orbit) for orbit in self.orbits],
            "always": common,
            "entries": [each.as_json(common) for each in self.entries],
        }

    def write(self, path: str | Path) -> None:
        """Writes the table to a file."""
        whole = self.as_json()
        entries = whole.pop("entries")
        head = json.dumps(whole, indent=1, ensure_ascii=False).removesuffix("\n}")
        rows = ",\n".join("  " + json.dumps(each, ensure_ascii=False) for each in entries)
        write(path, f'{head},\n "entries": [\n{rows}\n ]\n}}\n')


def read_policy(path: str | Path, scenario: Scenario) -> PolicyTable:
    """The policy in a file, checked to be one for this scenario. Raises `UsageError`."""
    where = Path(path)
    try:
        if where.stat().st_size > LARGEST_FILE:
            raise UsageError(f"{path}: the file is larger than {LARGEST_FILE >> 20} MiB")
        found = json.loads(plain(where.read_bytes().decode()))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        hint = "a policy is saved where a scenario is solved for best play"
        raise UsageError(f"{path}: this is no policy", hint, settings=("save_policy",)) from None
    try:
        table = _from_json(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{path}: this is no policy that can be read ({error})") from None
    if table.scenario_hash != scenario.hash:
        raise UsageError(
            f"{path}: the policy was made for another scenario, or for another version of it",
            "solve this one, and save its policy",
            settings=("save_policy",),
        )
    return table


def _from_json(found: Mapping[str, Any]) -> PolicyTable:
    if found["negsim_policy"] != FORMAT:
        raise ValueError(f"format {found['negsim_policy']}")
    if len(found["entries"]) > MOST_ENTRIES:
        raise ValueError(f"more than {MOST_ENTRIES} entries")
    return PolicyTable(
        str(found["scenario"]),
        Settings(
            {str(name): float(value) for name, value in found["parameters"].items()},
            {str(name): str(value) for name, value in found["readings"].items()},
        ),
        dict(found["objective"]),
        tuple(tuple(str(member) for member in orbit) for orbit in found["alike"]),
        tuple(_entry(each, found["always"]) for each in found["entries"]),
    )


def _entry(found: Mapping[str, Any], common: Mapping[str, Value]) -> Entry:
    return Entry(
        str(found["decision"]),
        str(found["actor"]),
        tuple(str(actor) for actor in found["instance"]),
        {**common, **found["state"]},
        tuple(
            PutOff(
                str(each["rule"]),
                tuple(str(actor) for actor in each["actors"]),
                tuple((str(name), value) for name, value in each["bound"].items()),
                None if each["days"] is None else int(each["days"]),
                None if each["chance"] is None else float(each["chance"]),
            )
            for each in found["pending"]
        ),
        {str(option): tuple((int(a), int(b)) for a, b in spans) for option, spans in found["choices"].items()},
        float(found["reached"]),
    )
