"""The state of a drawn scenario: variables, and what members have of their own."""

from __future__ import annotations

from typing import Any

from negsim.scenario.types import TRUTH, ActorOf, Enumeration, Type, Whole
from negsim.testing.author import MOODS, Author, Document
from negsim.testing.expressions import constant


def state(author: Author) -> Document:
    """Variables of each type; `fuel` is for what goes round."""
    lead = ActorOf(author.groups["bloc"], "bloc", nobody=True)
    author.variables = author.some({"mood": Enumeration(MOODS), "level": Whole(0, 5), "open": TRUTH, "lead": lead})
    found = {name: _variable(author, kind) for name, kind in author.variables.items()}
    if author.coin():
        author.terms["fuel"] = Whole(0, 3)
        found["fuel"] = _variable(author, author.terms["fuel"])
    author.terms |= author.variables
    for group in dict.fromkeys(("bloc", *(name for name in author.groups if "guild" in author.groups[name]))):
        own: dict[str, Type] = {"stance": Enumeration(MOODS), "force": Whole(0, 3), "ready": TRUTH}
        kept = author.some(own)
        if kept:
            first = author.groups[group][0]
            found[group] = {name: _variable(author, kind, member=first) for name, kind in kept.items()}
        author.own[group] |= kept
        author.copies |= {(group, name): kind for name, kind in kept.items()}
    return found


def _variable(author: Author, kind: Type, *, member: str = "") -> Document:
    """How a variable is declared; one member may start differently."""
    start: Any = constant(author, kind)
    if member and author.coin():
        start = {member: start, "else": constant(author, kind)}
    if isinstance(kind, Enumeration):
        return {"values": list(kind.values), "initial": start}
    if isinstance(kind, Whole):
        return {"range": f"{kind.low}..{kind.high}", "initial": start}
    return {**({"values": "bloc"} if isinstance(kind, ActorOf) else {}), "initial": start}
