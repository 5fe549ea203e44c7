"""What an expression comes to once some readings are settled.

It is looked at with the given answers and nothing else known: a value where these settle it, else the names
that it still depends on, its span where it is a number, and whether it has a value at all in every state.
"""

from __future__ import annotations

from collections.abc import Mapping

from negsim.program.facts import Facts
from negsim.program.specialise import Specialiser, left_open
from negsim.scenario.expressions import Node
from negsim.scenario.model import Scenario


class Look:
    """Expressions seen with some readings settled.

    Parameters are anywhere within the range that the scenario gives. `base` is a look at the same scenario with
    no reading settled: what it finds is taken over where the answers make no difference.
    """

    def __init__(self, scenario: Scenario, answers: Mapping[str, str], base: Look | None = None) -> None:
        self.scenario = scenario
        self._answers = answers
        self._base = base
        self.specialiser: Specialiser = left_open(
            scenario, readings=answers, base=None if base is None else base.specialiser
        )
        self._known: dict[int, Facts] = {}  # by the identity of an expression's tree, which the scenario keeps

    def whole(self, tree: Node) -> Facts:
        """What the tree of an expression comes to, worked out once."""
        found = self._known.get(id(tree))
        if found is None:
            found = None if self._base is None else self._base.whole(tree)
            if found is None or not found.names.isdisjoint(self._answers):
                found = self.specialiser.known.of(self.specialiser.form(tree, {}))
            self._known[id(tree)] = found
        return found
