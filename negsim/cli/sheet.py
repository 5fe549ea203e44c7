"""Tables as CSV: for other programs, and for spreadsheets as they are set up in some language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Any

import attrs

# What a spreadsheet takes for the beginning of a formula, also in its wide forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
PLAIN = "plain"
BYTE_ORDER_MARK = "\ufeff"


@attrs.frozen
class Dialect:
    """How a table is written as CSV."""

    separator: str = ","
    point: str = "."
    line_end: str = "\n"
    begins: str = ""


# By the language that a spreadsheet is set up in; those that write one and a half as 1,5 part cells by a semicolon.
_COMMA = ("bg", "cs", "da", "de", "el", "es", "fi", "fr", "hr", "hu", "it", "nl", "nb", "pl", "pt", "ro", "ru", "sk",
          "sl", "sr", "sv", "tr", "uk")  # fmt: skip
_EXCEL = Dialect(line_end="\r\n", begins=BYTE_ORDER_MARK)
DIALECTS = {
    "en": _EXCEL,
    "de-ch": attrs.evolve(_EXCEL, separator=";"),
    **{name: attrs.evolve(_EXCEL, separator=";", point=",") for name in _COMMA},
}


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Any]], file: IO[bytes], dialect: Dialect) -> None:
    """Writes a table row by row, in UTF-8."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    try:
        text.write(dialect.begins)
        writer = csv.writer(text, delimiter=dialect.separator, lineterminator=dialect.line_end)
        writer.writerow([_cell(name, dialect) for name in header])
        for row in rows:
            writer.writerow([_cell(value, dialect) for value in row])
    finally:
        text.detach()


def _cell(value: Any, dialect: Dialect) -> Any:
    """A cell that no spreadsheet takes for a formula, a number in it with the dialect's point."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if isinstance(value, float) and dialect.point != ".":
        return repr(value).replace(".", dialect.point)
    return value
