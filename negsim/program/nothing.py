"""Numbers that may be nothing: days since an event that has not come, terms of talks that are not settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from negsim.program.folding import TRUE, operation
from negsim.program.form import BoundName, Choose, Fixed, Form
from negsim.program.formula import Scope
from negsim.program.leaves import Leaves
from negsim.program.operations import SETTLED
from negsim.scenario.expressions import (
    Attribute,
    Bound,
    Comparison,
    Conditional,
    Constant,
    DaysSince,
    MemberVariable,
    Node,
    Over,
    Term,
    Use,
)
from negsim.scenario.model import Scenario
from negsim.scenario.types import Numbers, is_number
from negsim.scenario.walking import children
from negsim.scenario.words import UNSETTLED

# What a number needs so that it is not nothing: that an event has come or a term is settled, that a definition is not
# nothing, or, of a choice, that the branch which is taken is not.
Needed = DaysSince | Term | Bound | Use | Conditional


def is_open_number(node: Node) -> bool:
    """Whether a node is a term of talks, or a field with one, that is a number or unsettled."""
    return isinstance(node, Term | Bound) and isinstance(node.type, Numbers) and node.type.unsettled


def is_unsettled(node: Node) -> bool:
    """Whether it is the word for a term that is not settled."""
    return isinstance(node, Constant) and node.value == UNSETTLED


def needed(node: Node) -> Iterator[Needed]:
    """What has to be there for a number to be more than nothing."""
    match node:
        case DaysSince():
            if node.otherwise is None:
                yield node
        case Term() | Bound():
            if is_open_number(node):
                yield node
        case Conditional() | Use():
            yield node
        case Comparison() | Over() | MemberVariable() | Attribute():
            return
        case _:
            for child in children(node):
                yield from needed(child)


class Join(Protocol):
    """Makes `or` or `and` of forms."""

    def __call__(self, items: Sequence[Form], *, settles: bool) -> Form:
        """Of these."""
        ...


class Nothing:
    """What has to hold so that numbers of one scenario are not nothing, as forms.

    `form` and `junction` are those of the specialiser, whose part it is; so is `apart`.
    """

    def __init__(
        self, scenario: Scenario, leaves: Leaves, *, form: Callable[[Node, Scope], Form], junction: Join, apart: bool
    ) -> None:
        self._scenario = scenario
        self._leaves = leaves
        self._form = form
        self._junction = junction
        self._apart = apart

    def raw(self, node: Node, scope: Scope) -> Form:
        """What a term or a field holds, which may be the word for a term that is not settled."""
        match node:
            case Term():
                return self._leaves.variable(node, node.talks)
            case Bound():
                is_known = self._apart or node.name in scope
                return self._leaves.value(scope[node.name]) if is_known else BoundName(node.name, node.type)
            case _:
                return self._form(node, scope)

    def number(self, node: Term | Bound, scope: Scope) -> Form:
        """A term or a field where its value is needed: one that is a number has none while it is not settled."""
        held = self.raw(node, scope)
        if not is_open_number(node):
            return held
        return operation(SETTLED, held, Fixed(f"{node.talks}.{node.name}" if isinstance(node, Term) else node.name))

    def there(self, node: Node, scope: Scope) -> list[Form]:
        """What has to hold so that a number is not nothing."""
        return [form for each in needed(node) if (form := self._is_there(each, scope)) != TRUE]

    def _is_there(self, node: Needed, scope: Scope) -> Form:
        match node:
            case DaysSince():
                return self._leaves.has_come(node, scope)
            case Term() | Bound():
                return operation("!=", self.raw(node, scope), self._leaves.value(UNSETTLED))
            case Use():
                if node.arguments or not is_number(node.type):
                    return TRUE
                return self._all(self._scenario.definitions[node.definition].tree, {})
            case Conditional():
                then, otherwise = self._all(node.then, scope), self._all(node.otherwise, scope)
                if then == otherwise == TRUE:
                    return TRUE
                test = self._form(node.test, scope)
                return (then if test.value else otherwise) if isinstance(test, Fixed) else Choose(test, then, otherwise)

    def _all(self, node: Node, scope: Scope) -> Form:
        return self._junction(self.there(node, scope), settles=False)
