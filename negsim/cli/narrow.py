"""Tables where there is little room: a number is whole or it stands on a line of its own, and is never cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Column, Table


def put(out: Console, made: Table) -> None:
    """Prints a table; where it is too wide for what must not be broken, each row as a few lines."""
    if _needed(made) <= out.width:
        out.print(made)
        return
    if made.title:
        out.print(str(made.title))
    heads = [" ".join(str(column.header).split()) for column in made.columns]
    for cells in zip(*(column.cells for column in made.columns), strict=True):
        name, *values = (" ".join(str(cell).split()) for cell in cells)
        out.print(name or heads[0])
        for head, value in zip(heads[1:], values, strict=True):
            if value:
                out.print(f"  {head}: {value}" if head else f"  {value}")


def _needed(made: Table) -> int:
    """How wide a table must be: a column as its longest word, or as its longest line where it is not to be wrapped."""
    _, right, _, left = made.padding
    edges = 0 if made.box is None else 1
    return sum(_column(column) + right + left + edges for column in made.columns) - right


def _column(column: Column) -> int:
    from rich.cells import cell_len  # noqa: PLC0415 - rich is loaded where it is used

    words: list[str] = []
    for each in (column.header, *column.cells):
        text = str(each)
        words += text.splitlines() if column.no_wrap else text.split()
    return max(map(cell_len, words), default=0)
