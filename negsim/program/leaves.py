"""Forms of what stands at the ends of an expression: values, settings, variables, attributes."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.program.folding import operation
from negsim.program.form import Among, Called, Fixed, Form, OpenSetting, Slot
from negsim.program.formula import Scope
from negsim.program.layout import StateLayout
from negsim.scenario.clocks import NEVER, clock_of
from negsim.scenario.expressions import (
    Attribute,
    DaysSince,
    MemberVariable,
    Observation,
    ParameterValue,
    ReadingChoice,
    Term,
    Variable,
)
from negsim.scenario.model import Scenario
from negsim.scenario.types import NOBODY, TRUTH, WHOLE, Value, Whole


class Leaves:
    """The ends of one scenario's expressions under settings; those that are not given are left open.

    `slots` gives the place in the state of each (variable, member), member `""` for variables of the whole scenario,
    `observed` the place of each observation of a measure, behind those of the world. Where members are not told
    apart, a group stands for the member.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        slots: Mapping[tuple[str, str], int],
        parameters: Mapping[str, float],
        readings: Mapping[str, str],
        observed: Mapping[Observation, int],
        layout: StateLayout | None = None,
    ) -> None:
        self.slots = slots
        self.readings = readings
        self.observed = observed
        self._scenario = scenario
        self._layout = layout
        days = [entry.day for entry in scenario.history]
        self._first_day = min(days, default=0)
        self._parameters = parameters
        self._slot_forms: dict[tuple[str, str], Slot] = {}
        self._words: dict[str, Fixed] = {}

    def value(self, value: Value) -> Fixed:
        """A value; of the few words that there are, each is made once."""
        if not isinstance(value, str):
            return Fixed(value)
        found = self._words.get(value)
        if found is None:
            found = self._words[value] = Fixed(value)
        return found

    def setting(self, node: ParameterValue | ReadingChoice) -> Form:
        """A parameter or a reading."""
        if isinstance(node, ReadingChoice):
            chosen = self.readings.get(node.name)
            return OpenSetting(node.name, node.type) if chosen is None else Fixed(chosen)
        value = self._parameters.get(node.name)
        if value is not None:
            return Fixed(value)
        parameter = self._scenario.parameters[node.name]
        return OpenSetting(node.name, node.type, parameter.low, parameter.high)

    def variable(self, node: Variable | MemberVariable | Term, member: str) -> Slot:
        """A variable of the whole scenario, of a member, or of talks."""
        key = node.name, member
        found = self._slot_forms.get(key)
        if found is None:
            found = self._slot_forms[key] = Slot(self.slots[key], node.type)
        return found

    # Time.

    def day(self) -> Slot:
        """The day of the run."""
        at = self.slots["day", " "] if self._layout is None else self._layout.day
        if at is None:
            raise TypeError("nothing in this scenario looks at the day")
        return Slot(at, Whole(self._first_day, self._scenario.horizon_days))

    def days_since(self, node: DaysSince, scope: Scope) -> Form:
        """How many days ago an event came, where one has come."""
        longest = Whole(0, self._scenario.horizon_days - self._first_day)
        if self._layout is None or self._layout.now is None:
            return Slot(self.slots[f"days since {node.event}", " "], longest)
        return operation("-", Slot(self._layout.now, WHOLE), self._last(node, scope))

    def has_come(self, node: DaysSince, scope: Scope) -> Form:
        """Whether an event has come that can be counted from."""
        if self._layout is None:
            return Slot(self.slots[f"has come {node.event}", " "], TRUTH)
        return operation("!=", self._last(node, scope), Fixed(NEVER))

    def _last(self, node: DaysSince, scope: Scope) -> Slot:
        """The day on which it came last."""
        if self._layout is None:
            raise TypeError("where members are not told apart, days are not kept")
        clock = clock_of(node)
        values = tuple([scope[name] for name in self._layout.clocks[clock].names])
        return Slot(self._layout.last[clock, values], WHOLE)

    def of(self, node: MemberVariable | Attribute, actor: Value) -> Form:
        """What a member has."""
        if isinstance(node, Attribute):
            return Fixed(self._scenario.groups[node.group].given[str(actor), node.name])
        return self.variable(node, str(actor))

    def of_anybody(self, node: MemberVariable | Attribute, subject: Form) -> Form:
        """What a member has who is not told apart from the others of its group."""
        if isinstance(node, MemberVariable):
            return Called((subject,), self.variable(node, node.group))
        if isinstance(subject, Fixed) and subject.value != NOBODY:
            return self.of(node, subject.value)
        given = self._scenario.groups[node.group].given
        return Called((subject,), Among(frozenset(value for (_, name), value in given.items() if name == node.name)))
