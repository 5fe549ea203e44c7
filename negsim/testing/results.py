"""What a run of a drawn scenario comes to: outcomes and measures."""

from __future__ import annotations

from negsim.testing.author import Author, Document
from negsim.testing.expressions import condition
from negsim.testing.scope import Scope


def outcomes(author: Author) -> Document:
    """At most two with a condition, and the one for all else."""
    found: Document = {}
    for number in range(author.number(0, 2)):
        ends = {"ends": "true"} if author.seldom() else {}
        found[f"outcome_{number}"] = {"when": condition(Scope(author)), **ends}
    return {**found, "otherwise": {}}


def measures(author: Author) -> Document:
    """Some of each kind that there is."""
    scope = Scope(author)
    seen = {
        name: f"{name} if ({condition(Scope(author, fields))})" if author.coin() else name
        for name, fields in author.events.items()
    }
    found = {f"of_{name}": f"{author.pick(('count', 'first', 'last'))}({text})" for name, text in seen.items()}
    found["days_so"] = f"days({condition(scope)})"
    found["highest"] = f"most({author.pick([*scope.wholes(), 'sum(x.size for x in bloc)'])})"
    found["mixed"] = "first(event_0) + 2 * count(event_0) - 1"
    found["at_last"] = condition(scope)
    return author.some(found)
