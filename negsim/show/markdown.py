"""Markdown whose structure is ours alone: what an author wrote can neither break nor extend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from negsim.clean import is_web_address, on_one_line
from negsim.wording import in_words

# A bracket makes a link only where `(`, `[` or `:` follows its end, and what follows may be ours.
_SPECIAL = re.compile(r"[\\`*|~]|\](?=[(\[:]|$)|(?<![^\W_])_|_(?![^\W_])")
_AT_START = re.compile(r"(\d{1,9})([.)])(?=\s|$)|[#>+=-]|\[(?=[ xX]\])")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def plain(text: str) -> str:
    """A text on one line, verbatim but for characters that would act (control, bidirectional, escapes)."""
    return on_one_line(text)


def prose(text: str) -> str:
    """An author's text as Markdown that shows just these words."""
    line = _SPECIAL.sub(r"\\\g<0>", plain(text))
    line = _ENTITY.sub("&amp;", line).replace("<", "&lt;")
    start = _AT_START.match(line)
    if start is None:
        return line
    return f"{start[1]}\\{line[len(start[1]) :]}" if start[1] else f"\\{line}"


def code(text: str) -> str:
    """A text as a code span, with a fence longer than any run of backticks in it."""
    line = plain(text)
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def link(url: str) -> str:
    """A web address as a link; any other text as it is."""
    address = plain(url)
    return f"<{address}>" if is_web_address(address) else prose(address)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table whose cells are Markdown already."""
    found = [_row(head), "|" + " --- |" * len(head)]
    return [*found, *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells) + " |"


def listed(names: Iterable[str], last: str = "and") -> str:
    """Items as a sentence lists them: `a, b and c`."""
    items = list(names)
    if len(items) < 2:  # noqa: PLR2004 - one item, or none, needs no joining
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def heading(name: str) -> str:
    """A name in words, and as expressions have it; a letter stands there once."""
    words = in_words(name)
    return code(name) if len(name) == 1 else f"{prose(words[:1].upper() + words[1:])} ({code(name)})"
