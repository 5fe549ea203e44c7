"""In what two scenarios, or two versions of one, differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from negsim.scenario.expressions import Node
from negsim.scenario.model import Scenario

# Sections that are called otherwise in a file than in the model.
_CALLED = {"language": "negsim", "horizon_days": "horizon", "variables": "state", "definitions": "define"}
_ELSEWHERE = ("files", "hash", "calendar", "tongue", "title_on_record", "looks_at_day", "clocks")


def differing(left: Scenario, right: Scenario) -> dict[str, tuple[str, ...]]:
    """The sections that say different things, by their names in a file, each with the entries that do.

    There are no entries where a section is one value, or has the same entries in another order. Empty where only
    comments and layout differ, or nothing.
    """
    found: dict[str, tuple[str, ...]] = {}
    for part in ("start", "step"):
        if getattr(left.calendar, part) != getattr(right.calendar, part):
            found[part] = ()
    for field in attrs.fields(Scenario):
        mine, other = getattr(left, field.name), getattr(right, field.name)
        if field.name not in _ELSEWHERE and not _same(mine, other):
            found[_CALLED.get(field.name, field.name)] = _entries(mine, other)
    return found


def _same(left: Any, right: Any) -> bool:
    """Whether two parts say the same, in the same order: that of options, too, has a meaning.

    How a value reads is said where it is declared, not by all the expressions that name it.
    """
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return list(left) == list(right) and all(_same(left[name], right[name]) for name in left)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    if type(left) is not type(right) or isinstance(left, Node) or not attrs.has(type(left)):
        return bool(left == right)
    return all(_same(getattr(left, f.name), getattr(right, f.name)) for f in attrs.fields(type(left)))


def _entries(left: Any, right: Any) -> tuple[str, ...]:
    if not isinstance(left, Mapping):
        return ()
    return tuple(
        name
        for name in {**left, **right}
        if name not in left or name not in right or not _same(left[name], right[name])
    )
