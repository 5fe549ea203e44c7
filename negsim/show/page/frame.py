"""The frame of a page: its head, its pictures, its script. One file, which fetches nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files

import attrs

from negsim.show.page.elements import Content, Markup, items, paragraph, script_data, section, spoken, tag
from negsim.show.theme import Figure, dark_rules, inline_svg, script, specification
from negsim.version import VERSION


@attrs.frozen
class PagePart:
    """A part of a page: the name that leads to it, its heading, what stands in it."""

    name: str
    title: str
    body: Markup


def picture(figure: Figure) -> Markup:
    """A picture as it is drawn once and for all: for paper, and wherever no script is run.

    On a narrow screen it is wider than its place, and scrolls there: with a finger, or with the keyboard.
    """
    name = _element(figure)
    drawn = inline_svg(figure, name, labelled_by=f"{name}-title {name}-about")
    return tag(
        "figure",
        tag("h3", figure.title, id=f"{name}-title"),
        tag("figcaption", figure.about, id=f"{name}-about"),
        tag("div", Markup(drawn), class_="static", role="region", tabindex="0", aria_label=figure.title),
        id=name,
        class_="picture",
    )


def _element(figure: Figure) -> str:
    """The id of a picture's element: a part of the page may have the picture's name."""
    return f"picture-{figure.name}"


def page(
    title: str,
    lead: str,
    parts: Sequence[PagePart],
    figures: Sequence[Figure],
    *,
    scripted: bool,
    tongue: str | None = None,
) -> str:
    """A whole page. A `scripted` one has Vega in it, which draws its pictures anew in the width that there is.

    `tongue` is the language of the title.

    Nothing may be fetched, and no script may run but the one that stands here, known by its hash.
    """
    scripts = _script() if scripted and figures else None
    data = [
        tag(
            "script",
            Markup(script_data(specification(each))),
            type="application/json",
            data_picture=_element(each),
        )
        for each in (figures if scripts is not None else ())
    ]
    body = tag(
        "body",
        tag("a", "To the contents", href="#contents", class_="skip"),
        tag("header", tag("h1", spoken(tongue, title)), paragraph(lead, class_="lead"), _contents(parts)),
        tag("main", *(section(part.name, part.title, part.body) for part in parts), id="contents"),
        _footer(scripted=scripts is not None),
        *data,
        None if scripts is None else tag("script", Markup(scripts)),
    )
    return _document(_head(title, _asset("page.css") + _in_the_dark(), scripts), body)


def sheet(title: str, lead: str, body: Markup) -> str:
    """A page that is printed on one sheet of paper: no contents, no script, small letters."""
    head = _head(title, _asset("page.css") + _asset("sheet.css"), None)
    made = paragraph(f"Made by negsim {VERSION}.", class_="soft")
    content = tag("body", tag("header", tag("h1", title), paragraph(lead, class_="lead")), tag("main", body), made)
    return _document(head, content)


def _head(title: str, style: str, scripts: str | None) -> Markup:
    """The head of a page, which allows no style and no script but its own."""
    allowed = f"; script-src '{_hash(scripts)}'" if scripts is not None else ""
    policy = f"default-src 'none'; style-src '{_hash(style)}'{allowed}; base-uri 'none'; form-action 'none'"
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="generator", content=f"negsim {VERSION}"),
        tag("title", title),
        tag("style", Markup(style)),
    )


def _document(head: Markup, body: Markup) -> str:
    return f"<!doctype html>\n{tag('html', head, body, lang='en').html}\n"


def _contents(parts: Sequence[PagePart]) -> Markup:
    links = [tag("a", part.title, href=f"#{part.name}") for part in parts]
    return tag("nav", items(links), aria_label="Parts of this page")


def _footer(*, scripted: bool) -> Markup:
    drawn: Content = " Pictures are drawn by Vega and Vega-Lite." if scripted else None
    return tag(
        "footer",
        paragraph(f"Made by negsim {VERSION}. This page stands alone: it fetches nothing and sends nothing.", drawn),
    )


def _script() -> str:
    """Vega with its licence, and what has it draw the pictures."""
    found = f"/*\n{_asset('vega.txt')}*/\n{script()}\n{_asset('page.js')}"
    # A script must not hold what would end its element; in JavaScript's strings this is the same.
    return found.replace("\r\n", "\n").replace("\r", "\n").replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _in_the_dark() -> str:
    """The colours of pictures in the dark, on a screen."""
    return f"@media screen and (prefers-color-scheme: dark) {{{dark_rules()}}}\n"


def _asset(name: str) -> str:
    return files("negsim.show.page").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a content security policy knows a script or a style by."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
