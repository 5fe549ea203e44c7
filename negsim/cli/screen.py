"""How text and tables come onto a terminal or into a pipe: nothing is cut away, however narrow it is."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from math import ceil
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any, cast

from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from negsim.clean import clean
from negsim.cli.ending import DONE, no_more_output

if TYPE_CHECKING:
    from rich.segment import Segment

IN_A_PIPE = 100  # columns, where nothing says how many
UNKNOWN = 80  # columns of a terminal that does not say
LEAST, MOST = 20, 1_000
LEAST_CELL = 12  # what a column that is wrapped keeps, or its longest word


# Blanks before the end of a line, also with colours that are switched on or off among them.
_AT_THE_END = re.compile(r" +((?:\x1b\[[0-9;]*m *)*)(?=\n)")


class _Trimmed:
    """Standard output without the blanks with which Rich fills its lines."""

    def __init__(self) -> None:
        self._out = sys.stdout

    def write(self, text: str) -> int:
        return self._out.write(_AT_THE_END.sub(lambda found: found[1].replace(" ", ""), text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


class Screen(Console):
    """A console that sends no character but those it is to show, and no table narrower than what is in it."""

    def print(self, *objects: Any, **how: Any) -> None:
        """As Rich does; lines are wrapped, and where they cannot be they stick out. No word of a table is broken."""
        if len(objects) == 1 and isinstance(objects[0], Table) and all(c.ratio is None for c in objects[0].columns):
            self._print_table(objects[0])
        else:
            super().print(*objects, **{"crop": False, **how})

    def _print_table(self, table: Table) -> None:
        """A table where its words have room whole; else its rows one under another, a cell a line."""
        if self._share(table):
            super().print(table, crop=False)
            return
        headers = [column.header for column in table.columns]
        for row in zip(*(column.cells for column in table.columns), strict=True):
            for header, cell in zip(headers, row, strict=True):
                if cell:
                    self.print(Text(f"{header}: {cell}" if header else f"{cell}"))
            self.print()

    def _share(self, table: Table) -> bool:
        """Gives each column the room of its longest word, and of what is left as much as it can use, the least first.

        False where that is too much for the screen.
        """
        wide = self.options.update_width(MOST)
        wishes = []
        for column in table.columns:
            ends = [Measurement.get(self, wide, cell) for cell in (column.header, *column.cells)]
            most = max(end.maximum for end in ends)
            column.min_width = most if column.no_wrap else max(end.minimum for end in ends)
            wishes.append((most - column.min_width, column))
        spare = self.width - self._needed(table, self.options)
        for left, (wish, column) in zip(range(len(wishes), 0, -1), sorted(wishes, key=itemgetter(0)), strict=True):
            more = max(0, min(wish, spare // left))
            column.width = (column.min_width or 0) + more
            spare -= more
        return spare >= 0

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As Rich does, tables in the width that they need."""
        options = options or self.options
        if isinstance(renderable, Table):
            options = options.update_width(max(options.max_width, self._needed(renderable, options)))
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=clean(segment.text))

    def _needed(self, table: Table, options: ConsoleOptions) -> int:
        """The least width in which no cell loses anything: whole numbers and dates, and text that is wrapped."""
        wide = options.update_width(MOST)
        _, right, _, left = Padding.unpack(table.padding)
        lines = len(table.columns) + 1 if table.box else 0
        needed = [left + right + self._needed_by(column, wide) for column in table.columns]
        both = [*zip(needed, (column.ratio for column in table.columns), strict=True)]
        # Columns with a ratio get their parts of what there is: the one that needs most says how much that is.
        part = max((need / ratio for need, ratio in both if ratio), default=0.0)
        edges = 0 if table.pad_edge or not both else left + right  # before the first column and behind the last
        return lines + sum(ceil(ratio * part) if ratio else need for need, ratio in both) - edges

    def _needed_by(self, column: Column, wide: ConsoleOptions) -> int:
        column.overflow = "fold"
        found = [Measurement.get(self, wide, cell) for cell in (column.header, *column.cells)]
        if column.no_wrap:
            return max(each.maximum for each in found)
        return max(column.min_width or 0, min(LEAST_CELL, max(each.minimum for each in found)))

    def on_broken_pipe(self) -> None:
        """Ends quietly: nobody reads on."""
        no_more_output()
        raise SystemExit(DONE)


def screen(*, no_color: bool) -> Screen:
    """A screen on standard output: coloured on a terminal, and where FORCE_COLOR asks for it; plain in a pipe."""
    plain = no_color or bool(os.environ.get("NO_COLOR"))
    return Screen(
        file=cast("IO[str]", _Trimmed()),
        color_system=None if plain else "auto",
        no_color=plain,
        highlight=False,
        width=_width(),
        emoji=False,
        markup=False,
    )


def _width() -> int:
    """How many columns there are: those that COLUMNS names, else those of the terminal."""
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named[:9]):
        return min(MOST, max(LEAST, int(named[:9])))
    if not sys.stdout.isatty():
        return IN_A_PIPE
    try:
        found = os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        found = 0
    return max(LEAST, found or UNKNOWN)
