"""Who runs a day, and is told what happens: one run keeps a log, another looks at every future and keeps none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from negsim.kernel.action import Action
from negsim.program.events import Occurrence
from negsim.program.options import Picked


class Host(Protocol):
    """Is told of a day's events. Its questions it gets from the day itself (see `Day.finish`)."""

    @property
    def hears_seats(self) -> bool:
        """Whether it is asked what seats at talks aspire to; where not, their strategies answer."""

    def admits(self, occurrence: Occurrence, action: Action | None) -> bool:
        """Whether the event happens; where not, it changes and triggers nothing."""

    def logged(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> Sequence[Occurrence]:
        """Keeps an event that was applied; gives events put in right after it."""
