"""Words for readers in a drawn scenario, sometimes in two languages: a run does not look at them."""

from __future__ import annotations

from typing import Any

from negsim.testing.author import MOODS, Author, Document

_TONGUES = ("en", "fr")


def words(author: Author, found: Document) -> None:
    """Gives a scenario texts and words for values, in place; most have none."""
    if not author.seldom():
        return
    tongues = _TONGUES if author.coin() else ()
    if tongues:
        found["languages"] = list(tongues)
        found["title"] = _said(author, tongues, "A generated scenario")
    for name, event in found["events"].items():
        if author.coin():
            event["text"] = _said(
                author, tongues, " ".join([name, *(f"{{{field}}}" for field in event.get("fields", {}))])
            )
        fields = event.get("fields", {})
        if isinstance(fields.get("to"), list):
            event["fields"] = {**fields, "to": _values(author, tongues)}
    for name, outcome in found["outcomes"].items():
        if author.coin():
            outcome["text"] = _said(author, tongues, f"It is {name}")
    mood = found["state"].get("mood")
    if mood is not None and author.coin():
        found["state"]["mood"] = {**mood, "values": _values(author, tongues)}


def _values(author: Author, tongues: tuple[str, ...]) -> Document:
    return {mood: _said(author, tongues, f"quite {mood}") for mood in MOODS}


def _said(author: Author, tongues: tuple[str, ...], text: str) -> Any:
    """A text, or the same by languages, of which the first is always there."""
    if not tongues or author.seldom():
        return text
    return {tongue: f"{text} {tongue}" for tongue in tongues if tongue == tongues[0] or author.coin()}
