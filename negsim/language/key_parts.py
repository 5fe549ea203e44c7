"""What stands under many keys of the scenario language: a note, an origin, a number, a day."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.language.plain_shapes import EXPRESSION, NAMES, SAID
from negsim.language.shape import AnyNumber, ByForm, PartOf, Record, Shape


def record(parts: Mapping[str, PartOf], others: Shape | None = None) -> Record:
    """A record with the keys that stand anywhere."""
    return Record({**parts, "note": PartOf(SAID, "A remark for readers; it means nothing to a run.")}, others)


ORIGIN: Mapping[str, PartOf] = {
    "source": PartOf(NAMES, "The statement, or statements, that this rests on."),
    "assumption": PartOf(SAID, "What is assumed, and why; instead of `source`."),
    "inferred": PartOf(SAID, "The author's step from the words of `source` to this."),
}
NUMBER_PARTS: Mapping[str, PartOf] = {
    "value": PartOf(AnyNumber(), "The value, unless a run sets another.", required=True),
    "low": PartOf(AnyNumber(), "The least value that is plausible."),
    "high": PartOf(AnyNumber(), "The greatest value that is plausible."),
    "unit": PartOf(SAID, "What it is measured in."),
}
PARAMETER = record({**NUMBER_PARTS, **ORIGIN})
IN_PLACE = record(NUMBER_PARTS)
NUMBER = ByForm("an expression, or a parameter `{value: …, low: …, high: …}`", scalar=EXPRESSION, keyed=IN_PLACE)

DAY = ByForm("a day, a date or a parameter", scalar=EXPRESSION, keyed=IN_PLACE)
