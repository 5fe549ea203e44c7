"""The events of a drawn scenario, with what they set, and those that came before the start."""

from __future__ import annotations

from negsim.scenario.types import TRUTH, ActorOf, Enumeration, Type, Whole
from negsim.testing.author import ASSUMED, MOODS, Author, Document
from negsim.testing.expressions import constant, value
from negsim.testing.scope import Scope


def events(author: Author) -> Document:
    """One to four with a number, and one that burns fuel where there is any."""
    words = "mood" if "mood" in author.variables else list(MOODS)
    written = {"member": "bloc", "to": words, "amount": "1..3", "loud": "bool", "who": "actor"}
    types: dict[str, Type] = {"member": author.member("bloc"), "to": Enumeration(MOODS), "amount": Whole(1, 3)}
    types |= {"loud": TRUTH, "who": ActorOf(tuple(author.actors))}
    found: Document = {}
    for number in range(author.number(1, 4)):
        fields = author.events[f"event_{number}"] = author.some(types)
        event = {"fields": {name: written[name] for name in fields}, "set": _effects(Scope(author, fields))}
        found[f"event_{number}"] = {key: item for key, item in event.items() if item}
    if "fuel" in author.terms:
        author.events["burnt"] = {}
        found["burnt"] = {"set": {"fuel": "max(fuel - 1, 0)"}}
    return found


def _effects(fields: Scope) -> Document:
    """What an event sets; each variable at most once."""
    author = fields.author
    found = {name: value(fields, kind) for name, kind in author.some(author.variables).items()}
    for (group, name), kind in author.some(author.copies).items():
        becomes = value(fields, kind)
        its_own = ["member"] if "member" in fields.bound and group == "bloc" else []
        owner = author.pick([group, author.groups[group][0], *its_own])
        found[f"{owner}.{name}"] = becomes
    return found


def history(author: Author) -> list[Document]:
    """At most three, the oldest first."""
    entries = []
    steps = [-author.number(0, 9) for _ in range(author.number(0, 3))]
    for moment in sorted(author.moment(step) if step else author.calendar.start for step in steps):
        event, fields = author.pick(list(author.events.items()))
        given = ", ".join(constant(author, kind) for kind in fields.values())
        entry: Document = {"date": author.written(moment), "emit": f"{event}({given})", **ASSUMED}
        if author.seldom():
            entry |= {"starts": "true", **({"late": author.pick(("today", "never"))} if author.coin() else {})}
        entries.append(entry)
    return entries
