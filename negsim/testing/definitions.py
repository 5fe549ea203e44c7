"""What a drawn scenario defines: a condition, one about a member, a table by an attribute."""

from __future__ import annotations

from negsim.scenario.types import REAL, TRUTH, Enumeration, allowed
from negsim.testing.author import Author, Document
from negsim.testing.expressions import condition
from negsim.testing.scope import Scope


def definitions(author: Author) -> Document:
    """Each of the three, or not."""
    found: Document = {}
    if author.coin():
        found["near"] = condition(Scope(author))
        author.terms["near"] = TRUTH
    if author.coin():
        found["marked(d in bloc)"] = condition(Scope(author, {"d": author.member("bloc")}))
        author.about["marked"] = TRUTH
    if author.coin():
        by = author.pick([name for name, kind in author.own["bloc"].items() if isinstance(kind, Enumeration)])
        first = allowed(author.own["bloc"][by])[0]
        found["pull(d in bloc)"] = {"by": f"d.{by}", first: "0.6", "else": "0.15"}
        author.about["pull"] = REAL
    return found
