"""Whether anything is drawn in the runs of a request. Where nothing is, every run of a cell is the same."""

from __future__ import annotations

from negsim.engine.calendar import Calendar
from negsim.engine.luck import Keyed
from negsim.engine.plan import bound
from negsim.ensemble.run.request import Request
from negsim.errors import ModelError
from negsim.program.rules import Instance
from negsim.scenario.streams import Purpose


class _DrawnError(Exception):
    """A run has asked for a draw."""


class _NoLuck(Keyed):
    """Luck that can spend draws whose result is sure, and none other."""

    def draw(self, instance: Instance, purpose: Purpose) -> float:
        """Nothing: the run is stopped."""
        raise _DrawnError(instance, purpose)


def is_drawn(request: Request) -> bool:
    """Whether some run of a request draws. What follows choices made in a policy may draw by itself."""
    if request.deciders:
        return True
    for cell in request.cells:
        try:
            with bound(request.scenario, request.settings_of(cell)) as plan:
                Calendar(plan, luck=_NoLuck(0), choices=request.settings.choices, keep=False).run()
        except _DrawnError:
            return True
        except ModelError:
            continue
    return False
