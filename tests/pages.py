"""Pages taken apart: their elements, and what they say."""

import re
from html.parser import HTMLParser
from typing import Any

import negsim


class Page(HTMLParser):
    """A page taken apart: elements with their attributes in their order, and the text of each kind of element."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, Any]]] = []  # texts; nothing for an attribute without a value
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attributes)))
        self.texts.setdefault(name, []).append("")
        if name not in ("meta", "br", "col"):
            self.open.append(name)

    def handle_startendtag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attributes)))

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name

    def handle_data(self, data: str) -> None:
        for name in set(self.open):
            self.texts[name][-1] += data

    def all(self, name: str) -> list[dict[str, Any]]:
        return [attributes for found, attributes in self.elements if found == name]


def words(html: str) -> str:
    """What a page says: its text without elements, in one line."""
    inside = re.sub(r"<(style|script|svg)\b.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", inside).replace("&#x27;", "'").replace("&quot;", '"').split())


def excluded() -> tuple[negsim.Run, int]:
    """A Paris run in which one text is signed, without Western forces, and stands; with the number of that event."""
    scenario = negsim.load("paris_2025")
    for seed in range(1000):
        run = negsim.run(scenario, seed=seed)
        signed = [event for event in run.events if event.event == "text_signed"]
        excludes = [event.fields["forces"] for event in signed] == ["excluded"]
        if excludes and run.outcome == "unguarded_stop" and run.measures["days_to_call"] is None:
            return run, signed[0].seq
    raise AssertionError("no such run among a thousand")
