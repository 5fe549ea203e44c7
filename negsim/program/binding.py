"""Binding: typed expressions -> formulas, under a run's parameters and readings and an instance's actors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from negsim.program.closures import Closures
from negsim.program.form import Form
from negsim.program.formula import Formula, Scope
from negsim.program.layout import StateLayout
from negsim.program.leaves import Leaves
from negsim.program.specialise import Specialiser
from negsim.program.ticking import Ticking
from negsim.scenario.expressions import Node
from negsim.scenario.model import Scenario


class FormulaBinder:
    """Binds expressions of one scenario under fixed parameters and readings: specialised, and read by closures.

    `layout` says where a state keeps what.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        layout: StateLayout,
        parameters: Mapping[str, float],
        readings: Mapping[str, str],
    ) -> None:
        leaves = Leaves(
            scenario,
            slots=layout.slots,
            parameters=parameters,
            readings=readings,
            observed=layout.seen,
            layout=layout,
        )
        self._layout = layout
        self._specialiser = Specialiser(scenario, leaves)
        self._closures = Closures(layout.time)
        self._of_definitions: dict[int, Formula] = {}  # by the identity of their form, which the formula keeps

    def bind(self, node: Node, scope: Scope) -> Formula:
        """The formula of an expression, with the names of `scope` replaced by their values.

        That of a definition is one and the same for all that ask for it: what they all look at is looked at once.
        """
        return self.formula(self._specialiser.form(node, scope))

    @cached_property
    def ticking(self) -> Ticking:
        """What says when a formula may change by time alone."""
        return Ticking(self._layout.time, self._closures.reader)

    def formula(self, form: Form) -> Formula:
        """The formula of a form, or of a part of one."""
        if not self._specialiser.is_of_definition(form):
            return Formula(form, self._closures.reader)
        found = self._of_definitions.get(id(form))
        if found is None:
            found = self._of_definitions[id(form)] = Formula(form, self._closures.reader)
        return found
