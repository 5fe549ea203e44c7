"""HTML elements. A plain text among their contents is an author's: it is escaped, always."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import attrs

from negsim.clean import clean, is_web_address

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EMPTY = frozenset({"br", "col", "meta"})


@attrs.frozen
class Markup:
    """A piece of a page, ready to be written."""

    html: str


Content = str | Markup | None
FEW = 2  # columns that have room side by side on any screen
NOTHING = Markup("")


def tag(name: str, /, *contents: Content, **attributes: str | None) -> Markup:
    """An element. An attribute that is nothing is left out; `_` in a name reads `-`, one at its end is dropped."""
    pairs = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None)
    written = "".join(f' {key}="{escape(clean(value))}"' for key, value in pairs)
    end = "" if name in _EMPTY else f"{together(*contents).html}</{name}>"
    return Markup(f"<{name}{written}>{end}")


def together(*contents: Content) -> Markup:
    """Pieces one after another."""
    return Markup("".join(_html(each) for each in contents))


def _html(content: Content) -> str:
    match content:
        case None:
            return ""
        case Markup():
            return content.html
        case _:
            return escape(clean(content))


def joined(pieces: Iterable[Content], between: str = ", ") -> Markup:
    """Pieces with a text between them."""
    return Markup(escape(between).join(_html(each) for each in pieces))


def paragraph(*contents: Content, class_: str | None = None) -> Markup:
    """A paragraph."""
    return tag("p", *contents, class_=class_)


def section(name: str, title: str, *contents: Content) -> Markup:
    """A part of a page with a heading, which `name` leads to."""
    return tag("section", tag("h2", title, id=f"{name}-title"), *contents, id=name, aria_labelledby=f"{name}-title")


def items(pieces: Iterable[Content], *, ordered: bool = False) -> Markup:
    """A list; nothing where there is nothing to list."""
    found = [tag("li", piece) for piece in pieces]
    return tag("ol" if ordered else "ul", *found) if found else NOTHING


def terms(pairs: Iterable[tuple[str, Content]]) -> Markup:
    """Names, each with what it is."""
    found = [tag("div", tag("dt", name), tag("dd", what)) for name, what in pairs]
    return tag("dl", *found) if found else NOTHING


def table(
    caption: str, columns: Sequence[str], rows: Iterable[Sequence[Content]], *, numbers: Sequence[int] = ()
) -> Markup:
    """A table whose rows are headed by their first cell. Columns of `numbers` stand to the right.

    Columns without a word in them are left out. On a narrow screen the cells of a table with more than a
    few columns stand one under another, each with its column's name.
    """
    cells = [list(row) for row in rows]
    kept = [place for place in range(len(columns)) if any(row[place] for row in cells)]

    def cell(place: int, content: Content) -> Markup:
        class_ = "number" if place in numbers else None
        if place == 0:
            return tag("th", content, scope="row", role="rowheader", class_=class_)
        return tag("td", tag("div", content or "—"), role="cell", data_label=columns[place], class_=class_)

    head = [
        tag("th", columns[place], scope="col", role="columnheader", class_="number" if place in numbers else None)
        for place in kept
    ]
    body = [tag("tr", *(cell(place, row[place]) for place in kept), role="row") for row in cells]
    return tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *head, role="row"), role="rowgroup"),
        tag("tbody", *body, role="rowgroup"),
        role="table",
        class_="wide" if len(kept) > FEW else None,
    )


def details(summary: str, *contents: Content) -> Markup:
    """What is shown when it is asked for; unopened it does not go on paper."""
    return tag("details", tag("summary", summary), *contents)


def code(text: str) -> Markup:
    """A name or a command, as it is typed."""
    return tag("code", text)


def day(date: str) -> Markup:
    """A date, kept on one line."""
    return tag("time", date, datetime=date)


def link(url: str | None, text: str | None = None) -> Content:
    """A text that leads to a web address (the address itself where there is no text); without one just the text."""
    if url is None or not is_web_address(url):
        return text or url
    return tag("a", text or url, href=url, rel="noreferrer noopener")


def language(name: str | None) -> str | None:
    """A language as pages name it; nothing for what names none."""
    return name if name is not None and _LANGUAGE.fullmatch(name) else None


def spoken(tongue: str | None, text: str | None) -> Content:
    """An author's text, marked with the language that it is read in where that is named and not English."""
    name = language(tongue)
    if text is None or name is None or name.lower().partition("-")[0] == "en":
        return text
    return tag("span", text, lang=name)


def script_data(value: Any) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or begins another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)
