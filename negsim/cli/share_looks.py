"""What of an ensemble's result is to be shown, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from negsim.ensemble.sample.sample import NO_OUTCOME
from negsim.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from negsim.scenario.model import Scenario


@attrs.frozen
class ShareLooks:
    """What of a result is to be shown, and how: `name` is the scenario as the user calls it."""

    outcome: str | None
    shown: str | None
    name: str
    quiet: bool = attrs.field(kw_only=True)
    everything: bool = attrs.field(kw_only=True)

    def check(self, scenario: Scenario) -> None:
        """Raises `UsageError` where an outcome is named that the scenario does not have."""
        for name, more in ((self.outcome, ()), (self.shown, (NO_OUTCOME,))):
            if name is not None and name not in (*scenario.outcomes, *more):
                raise UsageError(f"there is no outcome `{name}`", did_you_mean(name, scenario.outcomes))
