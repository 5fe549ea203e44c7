"""Who can leave talks, and without whom nothing can be signed."""

from __future__ import annotations

from negsim.errors import did_you_mean
from negsim.language.draft import Draft, scalars, truth
from negsim.language.nodes import KeyedEntry, KeyedNode, Scalar
from negsim.language.scope import Scope
from negsim.language.seats import seats
from negsim.language.structure import missing
from negsim.language.talks_keys import LEAVES
from negsim.scenario.expressions import Expression


def read_leaves(draft: Draft, node: KeyedNode) -> Expression | None:
    """The condition under which a position's party leaves, if it can."""
    leaves = node.get("leaves")
    if not isinstance(leaves, KeyedNode):
        return None
    missing(leaves, LEAVES, node.entries["leaves"].key, draft.problems)
    when = leaves.get("when")
    return truth(Scope(draft.world, when), "`when`") if isinstance(when, Scalar) else None


def read_needs(draft: Draft, node: KeyedNode) -> tuple[str, ...]:
    """Those without whom nothing can be signed, in the order of the table; nobody where that is not said."""
    at_table = dict.fromkeys(word.text for word, _ in seats(node))
    found: dict[str, Scalar] = {}
    for word in scalars(node.get("needs")):
        if word.text in found:
            draft.problems.add(word, f"'{word.text}' is named twice")
        elif word.text not in at_table and not node.broken & {"parties", "consulted"}:
            draft.problems.add(word, f"'{word.text}' is not at the table", did_you_mean(word.text, at_table))
        found.setdefault(word.text, word)
    if found and not can_be_left(node):
        hint = "give one of the positions `leaves: {when: …}`, or leave `needs` out"
        draft.problems.add(node.entries["needs"].key, "nobody can leave, so `needs` says nothing", hint)
    return tuple(party for party in at_table if party in found)


def can_be_left(node: KeyedNode) -> bool:
    """Whether somebody can leave talks, as far as can be read."""
    positions = node.get("positions")
    entries: tuple[KeyedEntry, ...] = tuple(positions.entries.values()) if isinstance(positions, KeyedNode) else ()
    return any(isinstance(entry.value, KeyedNode) and entry.value.has("leaves") for entry in entries)
