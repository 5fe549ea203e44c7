"""What a fork changes in a run: right after which event, and what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from negsim.kernel.action import Action
from negsim.log.event import Intervention
from negsim.program.events import Occurrence


class Interventions:
    """The changes that are made in a run; `leave_out` says whether events are among them that are left out.

    These are told by what they are alike in, and counted.
    """

    def __init__(self, changes: Sequence[Intervention]) -> None:
        self._after: dict[int, list[Intervention]] = {}
        for each in changes:
            self._after.setdefault(each.at, []).append(each)
        self._left_out = [(each.at, each.without) for each in changes if each.without]
        self._alike: dict[Any, int] = {}
        self.leave_out = bool(self._left_out)

    def after(self, seq: int) -> Sequence[Intervention]:
        """The changes that come right after an event (-1: before any), in the order in which they were given."""
        return self._after.get(seq, ())

    def admit(self, occurrence: Occurrence, action: Action | None, *, day: int, seq: int) -> bool:
        """Whether an event happens, `seq` being the one logged last: it does, unless it is to be left out."""
        rule = None if action is None else action.instance.name
        alike = (day, occurrence.name, occurrence.arguments, rule)
        nth = self._alike[alike] = self._alike.get(alike, -1) + 1
        return not any(
            at <= seq
            and nth == out["nth"]
            and alike == (out["day"], out["event"], tuple(out["fields"].values()), out["rule"])
            for at, out in self._left_out
        )
