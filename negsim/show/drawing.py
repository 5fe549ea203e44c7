"""A graph of boxes and arrows, written as DOT (Graphviz) or as a Mermaid flowchart.

Ids are ours (`n0`, `n1`, …); every label is escaped character by character, so a text can neither end its
label nor add anything to the graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

import attrs

from negsim.clean import on_one_line
from negsim.errors import UsageError
from negsim.log.wrapping import wrapped

Shape = Literal["box", "round", "hexagon"]
Line = Literal["solid", "dashed", "dotted"]

LONGEST_LINE = 60  # of a label; a longer one is wrapped

# All ASCII but letters, digits, a few marks that mean nothing, and those that stand between letters or digits.
_HARMFUL = re.compile(r"""(?<=\d)\.|(?<![^\W_])[-_]|[-_](?![^\W_])|[!-&*+:-@\[-^`{-~]""")


@attrs.frozen
class Rectangle:
    """A node: its lines of text, its shape and the line it is drawn with."""

    label: tuple[str, ...]
    shape: Shape = "box"
    border: Line = "solid"


@attrs.frozen
class Arrow:
    """An edge between two boxes, by their places in the list of boxes."""

    start: int
    end: int
    label: str = ""
    line: Line = "solid"


@attrs.frozen
class Drawing:
    """Boxes and arrows in the order in which they are written, with comments on top.

    `key` says, for kinds of arrows, what a line means: it is drawn beside the graph.
    """

    comments: tuple[str, ...]
    boxes: tuple[Rectangle, ...]
    arrows: tuple[Arrow, ...]
    key: tuple[tuple[str, Line], ...] = ()


def written(drawing: Drawing, format: str) -> str:  # noqa: A002 - the word of the interface
    """The drawing as text. Raises `UsageError` for a format that is not known."""
    writers = {"dot": _dot, "mermaid": _mermaid}
    if format not in writers:
        raise UsageError(f"a graph cannot be written as '{format}'", f"it can be: {', '.join(writers)}")
    return "\n".join(writers[format](drawing)) + "\n"


_DOT_SHAPES: dict[Shape, str] = {"box": "box", "round": "ellipse", "hexagon": "hexagon"}


def _dot(drawing: Drawing) -> Iterator[str]:
    for comment in drawing.comments:
        yield f"// {_clean(comment)}"
    yield "digraph {"
    yield '  node [fontname="Helvetica", fontsize=10];'
    yield '  edge [fontname="Helvetica", fontsize=9];'
    for number, box in enumerate(drawing.boxes):
        yield f'  n{number} [label="{_dot_lines(box.label)}", shape={_DOT_SHAPES[box.shape]}, style={box.border}];'
    for arrow in drawing.arrows:
        label = f'label="{_dot_lines((arrow.label,))}", ' if arrow.label else ""
        yield f"  n{arrow.start} -> n{arrow.end} [{label}style={arrow.line}];"
    if drawing.key:
        yield '  subgraph cluster_key { label="key"; fontname="Helvetica"; fontsize=9; node [shape=point];'
        for number, (words, line) in enumerate(drawing.key):
            yield f'    k{number} -> e{number} [style={line}, label="{_dot_lines((words,))}"];'
        yield "  }"
    yield "}"


def _dot_lines(lines: Sequence[str]) -> str:
    """Lines of a label; `&` too has a meaning there (entities)."""
    return "\\n".join(line.replace("\\", "\\\\").replace("&", "&amp;").replace('"', '\\"') for line in _wrapped(lines))


_MERMAID_SHAPES: dict[Shape, tuple[str, str]] = {"box": ("[", "]"), "round": ("([", "])"), "hexagon": ("{{", "}}")}
_MERMAID_LINES: dict[Line, str] = {"solid": "-->", "dashed": "-.->", "dotted": "-.->"}
_MERMAID_BORDERS: dict[Line, str] = {"solid": "", "dashed": "stroke-dasharray: 6 3", "dotted": "stroke-dasharray: 2 3"}


def _mermaid(drawing: Drawing) -> Iterator[str]:
    for comment in drawing.comments:
        # A brace after %% would begin a directive.
        yield f"%% {_clean(comment).replace('{', '(').replace('}', ')')}"
    yield "flowchart TD"
    for number, box in enumerate(drawing.boxes):
        start, end = _MERMAID_SHAPES[box.shape]
        yield f'  n{number}{start}"{_mermaid_lines(box.label)}"{end}'
    for arrow in drawing.arrows:
        label = f'|"{_mermaid_lines((arrow.label,))}"|' if arrow.label else ""
        yield f"  n{arrow.start} {_MERMAID_LINES[arrow.line]}{label} n{arrow.end}"
    if drawing.key:
        yield '  subgraph key["key"]'
        for number, (words, line) in enumerate(drawing.key):
            yield f'    k{number}(" ") {_MERMAID_LINES[line]}|"{_mermaid_lines((words,))}"| e{number}(" ")'
        yield "  end"
    for border, style in _MERMAID_BORDERS.items():
        bordered = [f"n{number}" for number, box in enumerate(drawing.boxes) if box.border == border]
        if style and bordered:
            yield f"  classDef {border} {style}"
            yield f"  class {','.join(bordered)} {border}"


def _mermaid_lines(lines: Sequence[str]) -> str:
    """Lines of a label. All that might have a meaning there, in Markdown too, is written by its number."""
    return "<br/>".join(_HARMFUL.sub(lambda match: f"#{ord(match[0])};", line) for line in _wrapped(lines))


def _wrapped(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a label, long ones in several; empty ones are left out."""
    for line in lines:
        if line:
            yield from wrapped(_clean(line), LONGEST_LINE)


def _clean(text: str) -> str:
    """A text in one line, without characters that would act."""
    return on_one_line(text)
