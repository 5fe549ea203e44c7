"""The shapes that many keys of the language have: texts, names, days, expressions."""

from __future__ import annotations

from negsim.language.shape import ByForm, FormulaShape, ListOf, MapOf, Text
from negsim.language.tongues import TAG

LANGUAGE = Text("a language such as `fr`", TAG)
TEXT = Text()
SAID = Text(spoken=True)  # for readers, in one language or several
IDENTIFIER = Text("a name", longest=200)
DATE = Text("a date such as 2025-09-04", longest=40)
WHEN = Text("a day, a month or a year (2025-09-04, 2025-09 or 2025)", longest=40)
EXPRESSION = FormulaShape()
EVENT_CALL = FormulaShape("an event such as deployed(m)")
BINDER = Text("a binder such as `m in coalition`", longest=300)
NAMES = ByForm("a name or a list of names", scalar=IDENTIFIER, listed=ListOf(IDENTIFIER, least=1))
TEXTS = ByForm("a text or a list of texts", scalar=TEXT, listed=ListOf(TEXT, least=1))
WORDS = Text(
    "a text without braces", r"[^{}]+", 200, instead="write what readers see in place of the name", spoken=True
)
NAMED = ListOf(IDENTIFIER, least=1)
EVENT_CALLS = ByForm("an event or a list of events", scalar=EVENT_CALL, listed=ListOf(EVENT_CALL))
FIELD = ByForm(
    "a list of values, `{value: words}`, a group, a state variable, `actor`, `lo..hi` or `bool`",
    scalar=IDENTIFIER,
    listed=NAMED,
    keyed=MapOf(WORDS),
)
