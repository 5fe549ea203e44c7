"""How pictures look: colours that take no side, letters, and the way from a picture to SVG, PNG and a page.

A colour stands for a value or for how a thing stands on the record, never for an actor. Pages recolour
pictures in the dark by these very colours (see `dark_rules`).
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from negsim.clean import clean
from negsim.errors import UsageError, to_install
from negsim.log.wrapping import wrapped
from negsim.show.kept import kept
from negsim.show.ticks import ticks

if TYPE_CHECKING:
    import altair as alt

    from negsim.ensemble.picture.slide import Slide
    from negsim.scenario.calendar_steps import Calendar

WIDTH = 720
NAME_LINE = 13  # from one line of a row's name to the next
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
# Each with its counterpart in the dark.
INK, SOFT, GRID, PAPER = "#1f2328", "#59636e", "#d1d9e0", "#ffffff"
TINTS = ("#e3e7eb", "#b9d6f2", "#f6d58e", "#a9dcc9", "#d3c3ee", "#e0c7a8", "#9ccbe0", "#d2d98f")
DARK = {
    INK: "#e6edf3",
    SOFT: "#a3adb8",
    GRID: "#3d444d",
    PAPER: "#15191e",
    "#e3e7eb": "#3b434c",
    "#b9d6f2": "#1f4e79",
    "#f6d58e": "#6b4e00",
    "#a9dcc9": "#14594a",
    "#d3c3ee": "#4b3a78",
    "#e0c7a8": "#5d4526",
    "#9ccbe0": "#14556b",
    "#d2d98f": "#4d5312",
    "#eef4fa": "#1c2733",
    "#d9e8f5": "#1d3347",
    "#c2dbf0": "#1e405c",
    "#a9cdea": "#1f4d72",
    "#8fbee4": "#205a88",
    "#74aedd": "#21679e",
    "#dcb483": "#6b4413",
    "#ecd2b2": "#553811",
    "#f6eadb": "#3a2b17",
    "#eef0f2": "#2a3037",
    "#e6dff0": "#332a45",
    "#cfc0e3": "#473766",
    "#b8a1d6": "#5c4588",
}
_NAMESPACE = "http://www.w3.org/2000/svg"
_NAMED_SHAPE = "graphics-symbol"


@attrs.frozen
class Figure:
    """A picture with its name, its title, and a few sentences on what it shows and how it is read."""

    name: str
    title: str
    about: str
    chart: Any
    slide: Slide | None = None  # what it is when it stands alone, where that is not the same in a frame

    @cached_property
    def written(self) -> Mapping[str, Any]:
        """The picture as Vega-Lite, written once for all that draws it."""
        return _written(self.chart)


def altair() -> Any:
    """The library that makes pictures: an extra, loaded when a picture is made."""
    try:
        import altair  # noqa: ICN001, PLC0415 - an extra
    except ImportError:
        raise UsageError("pictures need the charts extra", to_install("charts")) from None
    return altair


def dates(calendar: Calendar, first: int, last: int) -> Any:
    """Time to the right, in days (or what a step is), with dates named."""
    alt = altair()
    named = ticks(calendar, first, last)
    axis = alt.Axis(
        orient="top",
        values=list(named),
        labelExpr=f"{json.dumps(named)}[datum.value]",
        labelOverlap=True,
        labelFlush=True,
        domain=False,
    )
    return alt.X("x:Q", title=None, axis=axis, scale=alt.Scale(domain=[first, last], nice=False, zero=False))


def down(height: float, field: str = "y") -> Any:
    """Places from the top down, in pixels, which stand in a field."""
    alt = altair()
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))


def begins(first: int, x: Any) -> list[Any]:
    """Where the run begins, if the past is shown too."""
    alt = altair()
    if first == 0:
        return []
    return [alt.Chart(rows([{"x": 0}])).mark_rule(color=SOFT, strokeDash=[3, 3]).encode(x=x)]


def rows(values: Sequence[Mapping[str, Any]]) -> Any:
    """Rows of data for a picture, as one text until it is written: Altair copies and checks each value many times."""
    alt = altair()
    return alt.InlineData(values=json.dumps(values, separators=(",", ":")), format=alt.JsonDataFormat(type="json"))


def named_rows(tops: Sequence[float], words: Sequence[str], y: Any) -> list[Any]:
    """A line over each row, and its name under the line."""
    alt = altair()
    base = alt.Chart(rows([{"y": top, "words": clean(word)} for top, word in zip(tops, words, strict=False)]))
    return [
        base.mark_rule(color=GRID).encode(y=y),
        base.mark_text(
            align="left", baseline="top", dx=1, dy=3, fontSize=10.5, color=SOFT, lineBreak="\n", lineHeight=NAME_LINE
        ).encode(x=alt.XValue(0), y=y, text=alt.Text("words:N")),
    ]


def themed(chart: alt.TopLevelMixin) -> Any:
    """A picture in negsim's letters and colours."""
    return chart.configure(
        background="transparent",
        font=FONT,
        padding=2,
        view={"stroke": None},
        axis={
            "labelColor": SOFT, "titleColor": SOFT, "gridColor": GRID, "domainColor": SOFT, "tickColor": SOFT,
            "labelFontSize": 11, "labelLimit": 0, "titleFontWeight": "normal", "titleFontSize": 11,
        },
        title={"color": INK, "subtitleColor": SOFT, "anchor": "start", "fontSize": 14, "subtitleFontSize": 11},
        text={"color": INK, "fontSize": 11},
    )  # fmt: skip


def alone(figure: Figure, title: str, about: str) -> Any:
    """A picture that stands alone, whose head says what it is of: a slide where it is one, else with a title."""
    if figure.slide is None:
        return titled(figure.chart, f"{title}: {figure.title}", about)
    from negsim.ensemble.picture.slide import drawn  # noqa: PLC0415 - where a slide is drawn

    return drawn(attrs.evolve(figure.slide, title=f"{title}: {figure.title}", about=about))


def titled(chart: alt.TopLevelMixin, title: str, about: str) -> Any:
    """A picture that stands alone: with a title, what it shows, and a white ground."""
    lines = wrapped(about, 110)
    made = chart.properties(title=altair().TitleParams(title, subtitle=lines), background=PAPER)
    return made.properties(padding=12)


def _vega_lite() -> str:
    """The version of Vega-Lite that Altair writes, as the converter names it: `6.1`."""
    major, minor, *_ = str(altair().SCHEMA_VERSION).lstrip("v").split(".")
    return f"{major}.{minor}"


def _converter() -> Any:
    try:
        import vl_convert  # noqa: PLC0415 - an extra
    except ImportError:
        raise UsageError("pictures need the charts extra", to_install("charts")) from None
    return vl_convert


def specification(figure: Figure) -> dict[str, Any]:
    """A picture's Vega-Lite specification, for a page that has Vega: as wide as its place."""
    found = {key: value for key, value in figure.written.items() if key != "$schema"}
    return {**found, "width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}


def _written(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """A picture as Vega-Lite, with its rows of data as rows again."""
    found: dict[str, Any] = chart.to_dict(validate=False)  # what is wrong the converter refuses
    sets = found.get("datasets", {})
    packed = {name for name, values in sets.items() if isinstance(values, str)}
    for name in packed:
        sets[name] = json.loads(sets[name])
    waiting: list[Any] = [found] if packed else []
    while waiting:
        part = waiting.pop()
        if part.get("data", {}).get("name") in packed:
            del part["data"]["format"]
        waiting += part.get("layer", ())
        waiting += part.get("vconcat", ())
        waiting += part.get("hconcat", ())
    return found


def svg(chart: alt.TopLevelMixin) -> str:
    """A picture as SVG."""
    return _svg(_written(chart))


def _svg(written: Mapping[str, Any]) -> str:
    return str(_converter().vegalite_to_svg(written, vl_version=_vega_lite()))


def png(chart: alt.TopLevelMixin) -> bytes:
    """A picture as PNG, at twice its size."""
    return bytes(_converter().vegalite_to_png(_written(chart), vl_version=_vega_lite(), scale=2))


def script() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that needs no network; kept, since it takes seconds to make."""
    converter, version = _converter(), _vega_lite()
    name = f"vega-lite-{version}-by-{converter.__version__}.js"
    return kept(name, lambda: str(converter.javascript_bundle(vl_version=version)))


def inline_svg(figure: Figure, name: str, *, labelled_by: str) -> str:
    """A picture as an SVG element for a page: its ids are its own, and marks say on hover what they are."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.fromstring(_svg(figure.written))  # noqa: S314 - our own text
    for element in list(root.iter()):
        _settle(element, name)
    for key in ("width", "height", "version", "class"):
        root.attrib.pop(key, None)
    root.set("role", "img")
    root.set("aria-labelledby", labelled_by)
    return ET.tostring(root, encoding="unicode")


def _settle(element: ET.Element, name: str) -> None:
    """Makes ids the picture's own, and the text of a mark its title."""
    said = element.attrib.pop("aria-label", None)
    if said and element.get("role") == _NAMED_SHAPE:
        ET.SubElement(element, f"{{{_NAMESPACE}}}title").text = said
    for key in ("role", "aria-roledescription", "aria-hidden", "pointer-events", "class"):
        element.attrib.pop(key, None)
    for key, value in element.attrib.items():
        if key == "id":
            element.set(key, f"{name}-{value}")
        elif "url(#" in value:
            element.set(key, re.sub(r"url\(#", f"url(#{name}-", value))


def dark_rules() -> str:
    """CSS that gives pictures their colours in the dark."""
    return "".join(
        f'svg [fill="{light}"]{{fill:{dark}}}svg [stroke="{light}"]{{stroke:{dark}}}' for light, dark in DARK.items()
    )
