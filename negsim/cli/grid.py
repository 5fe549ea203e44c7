"""Tables of two-line cells, as many columns side by side as there is room for; and numbers in few characters."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

from negsim.cli.narrow import put
from negsim.cli.show import table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

LARGE = 10**15

# The labels of a row, then its cells: a number, what stands under it, and whether it stands out.
GridRow = tuple[Sequence[str], Sequence[tuple[str, str, bool]]]


def short(value: float | None) -> str:
    """A number with as many digits as say something."""
    if value is None:
        return "none"
    size = abs(value)
    if value == int(value) or 1000 <= size < LARGE:  # noqa: PLR2004 - no digit after the point says anything
        return f"{round(value):,}" if size < LARGE else f"{value:.3g}"
    return f"{value:.3g}"


def setting(value: float | str) -> str:
    """A parameter's value or a reading's option, as it stands in a table."""
    return value if isinstance(value, str) else f"{value:.6g}"


def grid(out: Console, labels: Sequence[str], columns: Sequence[str], rows: Sequence[GridRow]) -> None:
    """Rows of two lines: a number and under it its interval. As many columns side by side as there is room for."""
    room = out.width - sum(
        max(len(line) for texts, _ in rows for line in (name, *texts[place].split("\n"))) + 1
        for place, name in enumerate(labels)
    )
    first = 0
    while first < len(columns):
        used, end = 0, first
        while end < len(columns):
            words = (*columns[end].split(), *(line for _, cells in rows for line in cells[end][:2]))
            used += max(map(len, words)) + 1
            if used > room and end > first:
                break
            end += 1
        put(out, _lines(labels, columns[first:end], [(texts, cells[first:end]) for texts, cells in rows]))
        first = end
        if first < len(columns):
            out.print()


def _lines(labels: Sequence[str], columns: Sequence[str], rows: Sequence[GridRow]) -> Table:
    from rich.text import Text  # noqa: PLC0415 - rich is loaded where it is used

    widths = [max(len(line) for _, cells in rows for line in cells[place][:2]) for place in range(len(columns))]
    heads = [
        "\n".join(wrap(name, max([width, *map(len, name.split())])))
        for name, width in zip(columns, widths, strict=True)
    ]
    made = table(*labels, *heads, plain=labels)
    made.padding = (0, 1, 0, 0)
    for column in made.columns[len(labels) :]:
        column.justify = "right"
    for texts, cells in rows:
        made.add_row(*texts, *(_cell(Text, *each) for each in cells))
    return made


def _cell(text: type[Text], number: str, interval: str, stands_out: bool) -> Text:  # noqa: FBT001 - one of three of a cell
    found = text(number, style="" if stands_out else "dim")
    if interval:
        found.append(f"\n{interval}", style="dim")
    return found
