"""What a check of a scenario finds."""

from __future__ import annotations

import attrs

from negsim.errors import Problem
from negsim.scenario.model import Scenario


@attrs.frozen
class Report:
    """The problems (errors) and warnings of one scenario; the scenario itself where it has no errors.

    `notes` tell what texts lack in which language.
    """

    file: str
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    scenario: Scenario | None
    notes: tuple[str, ...] = ()
