"""What an ensemble is asked with: all that its rows depend on, but for how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import attrs

from negsim.engine.run import header_for
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.run.batch import Job
from negsim.errors import UsageError
from negsim.log.event import compact, digest
from negsim.policy.situation import Policy
from negsim.policy.strategists import own_strategies
from negsim.program.strategy import Strategy
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Choices, Settings
from negsim.version import VERSION

RESULT_FORMAT = 2


@attrs.frozen(eq=False)
class Request:
    """A scenario, the first seed, settings, cells, and who decides.

    `settings` are those of the cell that changes nothing. `deciders` says which
    callables decide: by name, each with its identity, or nothing where it has none.
    """

    scenario: Scenario = attrs.field(repr=False)
    seed: int
    settings: Settings
    cells: tuple[Cell, ...]
    deciders: Mapping[str, str | None] = attrs.field(factory=dict)
    version: str = VERSION

    @cached_property
    def id(self) -> str:
        """The hash of the request, 32 hexadecimal digits."""
        return digest(compact({**self.as_json(), "cells": [attrs.asdict(each) for each in self.cells]}).encode())

    @property
    def is_repeatable(self) -> bool:
        """Whether the same request can be told from another: not where a callable decides that has no identity."""
        return None not in self.deciders.values()

    def as_json(self) -> dict[str, Any]:
        """The request as a result file keeps it; cells and texts stand beside it."""
        scenario = self.scenario
        return {
            "negsim_result": RESULT_FORMAT,
            "negsim": self.version,
            "scenario": {"title": scenario.title_on_record, "hash": scenario.hash},
            "seed": self.seed,
            "parameters": dict(self.settings.parameters),
            "readings": dict(self.settings.readings),
            "policies": [each.as_json() for each in self.settings.choices],
            "deciders": dict(self.deciders),
        }

    def asked(self) -> dict[str, Any]:
        """Which settings it is asked with and who decides, as what is looked for over ranges prints it."""
        return {
            "negsim": self.version,
            "asked": {
                "parameters": dict(self.settings.parameters),
                "readings": dict(self.settings.readings),
                "policies": [each.as_json() for each in self.settings.choices],
                "deciders": dict(self.deciders),
            },
        }

    def settings_of(self, cell: Cell) -> Settings:
        """The settings of a cell."""
        return self.settings.changed(cell.parameters, cell.readings)


def request_for(
    scenario: Scenario,
    cells: Iterable[Cell],
    *,
    seed: int = 0,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    policy: Policy | None = None,
    strategies: Mapping[str, Strategy] | None = None,
) -> tuple[Request, Job]:
    """What is asked, its settings checked, and the work that it means. Raises `UsageError`."""
    header = header_for(scenario, seed=seed, set=set, read=read, choose=choose)
    own = own_strategies(scenario, strategies)
    callables = {**({} if policy is None else {"policy": policy}), **{f"strategy {name}": own[name] for name in own}}
    found = tuple(cells)
    if not found:
        raise UsageError("there is no cell to run", "Cell() is the scenario's own settings")
    request = Request(
        scenario,
        header.seed,
        header.settings,
        found,
        {name: identity(each) for name, each in callables.items()},
    )
    job = Job(scenario.files, header.seed, header.settings, policy, own)
    return request, job


def identity(decider: object) -> str | None:
    """What tells a policy or strategy from others: its attribute `identity`, if it has one."""
    found = getattr(decider, "identity", None)
    return found if isinstance(found, str) else None
