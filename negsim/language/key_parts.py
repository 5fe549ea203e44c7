"""What stands under many keys of the scenario language: texts, names, expressions, numbers, origins."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.language.shape import (
    AnyNumber,
    ByForm,
    FormulaShape,
    ListOf,
    PartOf,
    Record,
    Shape,
    Text,
)

TEXT = Text()
IDENTIFIER = Text("a name", longest=200)
DATE = Text("a date such as 2025-09-04", longest=40)
WHEN = Text("a day, a month or a year (2025-09-04, 2025-09 or 2025)", longest=40)
EXPRESSION = FormulaShape()
EVENT_CALL = FormulaShape("an event such as deployed(m)")
BINDER = Text("a binder such as `m in coalition`", longest=300)
NAMES = ByForm("a name or a list of names", scalar=IDENTIFIER, listed=ListOf(IDENTIFIER, least=1))
TEXTS = ByForm("a text or a list of texts", scalar=TEXT, listed=ListOf(TEXT, least=1))
WORDS = Text("a text without braces", r"[^{}]+", 200, instead="write what readers see in place of the name")
NAMED = ListOf(IDENTIFIER, least=1)
EVENT_CALLS = ByForm("an event or a list of events", scalar=EVENT_CALL, listed=ListOf(EVENT_CALL))


def record(parts: Mapping[str, PartOf], others: Shape | None = None) -> Record:
    """A record with the keys that stand anywhere."""
    return Record({**parts, "note": PartOf(TEXT, "A remark for readers; it means nothing to a run.")}, others)


ORIGIN: Mapping[str, PartOf] = {
    "source": PartOf(NAMES, "The statement, or statements, that this rests on."),
    "assumption": PartOf(TEXT, "What is assumed, and why; instead of `source`."),
    "inferred": PartOf(TEXT, "The author's step from the words of `source` to this."),
}
NUMBER_PARTS: Mapping[str, PartOf] = {
    "value": PartOf(AnyNumber(), "The value, unless a run sets another.", required=True),
    "low": PartOf(AnyNumber(), "The least value that is plausible."),
    "high": PartOf(AnyNumber(), "The greatest value that is plausible."),
    "unit": PartOf(TEXT, "What it is measured in."),
}
PARAMETER = record({**NUMBER_PARTS, **ORIGIN})
IN_PLACE = record(NUMBER_PARTS)
NUMBER = ByForm("an expression, or a parameter `{value: …, low: …, high: …}`", scalar=EXPRESSION, keyed=IN_PLACE)

DAY = ByForm("a day, a date or a parameter", scalar=EXPRESSION, keyed=IN_PLACE)
