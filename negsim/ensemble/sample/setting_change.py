"""What other settings change, by the same seeds: in how many runs the outcome, and each outcome's share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from negsim.ensemble.sample.intervals import Share, ShareDifference, certain, paired_difference, wilson


@attrs.frozen
class SettingChange:
    """What a cell's settings change, seed by seed: in how many runs the outcome, and each outcome's share."""

    changed: Share
    outcomes: Mapping[str, ShareDifference]

    def as_json(self) -> dict[str, Any]:
        """The change with the keys of `negsim explore --json`."""
        return {
            "changed": self.changed.as_json(),
            "outcomes": {name: each.as_json() for name, each in self.outcomes.items()},
        }


def setting_change(
    pairs: Counter[tuple[str | None, str | None]], outcomes: Iterable[str], *, is_drawn: bool
) -> SettingChange:
    """The change, from how many seeds have (outcome before, outcome after); nothing stands for a model error."""
    runs = pairs.total()
    differences = {}
    for name in outcomes:
        gained = sum(count for (before, after), count in pairs.items() if after == name != before)
        lost = sum(count for (before, after), count in pairs.items() if before == name != after)
        difference = paired_difference(gained, lost, runs)
        differences[name] = difference if is_drawn else certain(difference)
    changed = wilson(sum(count for (before, after), count in pairs.items() if before != after), runs)
    return SettingChange(changed if is_drawn else certain(changed), differences)
