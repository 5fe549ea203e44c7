"""Who acts in a drawn scenario: actors, and groups whose members have attributes."""

from __future__ import annotations

from negsim.scenario.types import REAL, Enumeration, Whole
from negsim.testing.author import ASSUMED, Author, Document

_ROSTER = ("north", "south", "east", "west", "delta", "heath")
_FEW = 3  # members, as a rule


def actors(author: Author) -> Document:
    """At most two who stand in no group."""
    author.actors = ["envoy", "chair"][: author.number(0, 2)]
    return {name: {"name": name.capitalize()} for name in author.actors}


def groups(author: Author) -> Document:
    """`bloc`, and perhaps `ring`, of some of its members or of others."""
    found: Document = {"bloc": _bloc(author)}
    members = author.groups["bloc"]
    ring = author.pick(("none", "inner", "other"))
    if ring == "inner":  # members of another group, in another order
        author.groups["ring"], author.own["ring"] = members[:0:-1] or members, author.own["bloc"]
        found["ring"] = {"members": list(author.groups["ring"])}
    elif ring == "other":
        author.groups["ring"], author.own["ring"] = ("guild", "port"), {}
        found["ring"] = {"members": {"guild": {"name": "Guild"}, "port": {"name": "Port"}}}
    author.actors += [name for group in author.groups.values() for name in group if name not in author.actors]
    return found


def _bloc(author: Author) -> Document:
    attributes: Document = {"kind": {"values": ["coast", "inland"]}, "size": {"range": "0..4"}}
    attributes["share"] = {"number": "true", "default": "0.4"}
    members: Document = {}
    most = len(_ROSTER) if author.seldom() else _FEW
    for name in _ROSTER[: author.number(1, most)]:
        members[name] = {"name": name.capitalize(), "kind": author.pick(("coast", "inland")), **ASSUMED}
        members[name]["size"] = str(author.number(0, 4))
    author.groups["bloc"] = tuple(members)
    author.own["bloc"] = {"kind": Enumeration(("coast", "inland")), "size": Whole(0, 4), "share": REAL}
    return {"attributes": attributes, "members": members}
