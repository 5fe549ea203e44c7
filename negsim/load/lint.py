"""Warnings: what is allowed, and yet probably not meant."""

from __future__ import annotations

from negsim.errors import Problem
from negsim.load.draft import Draft
from negsim.scenario.model import Scenario


def lint(scenario: Scenario, draft: Draft) -> tuple[Problem, ...]:
    """All warnings, in file order."""
    del scenario, draft
    return ()
