"""Small tables in HTML, as notebooks show them. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from negsim.clean import clean


def html_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, foot: str = "") -> str:
    """A table with a title above and a line below."""
    head = "".join(f"<th>{escape(clean(column))}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{escape(clean(cell))}</td>' for cell in row)}</tr>" for row in rows)
    below = f"<p>{escape(clean(foot))}</p>" if foot else ""
    return (
        f"<p><b>{escape(clean(title))}</b></p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"
    )
