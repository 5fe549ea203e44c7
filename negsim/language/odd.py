"""Characters that look like those of the language and are others: blanks that are none, signs of another width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# In texts all of these are welcome. They are looked for where something is wrong, since nobody sees them there.
_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufe00-\ufe0f\uffa0"
_COLONS = "\u02d0\ua789\u2236\u05c3\ufe13\ufe55\uff1a"
_COMMAS = "\u060c\u3001\ufe10\ufe50\ufe51\uff0c\uff64"
_DASHES = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_SINGLE_QUOTES = "\u2018\u2019\u201b\u2032\uff07"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02"
_BRACKETS = "\uff3b\uff3d\uff5b\uff5d"
_SIGNS = {":": _COLONS, ",": _COMMAS, "-": _DASHES, "'": _SINGLE_QUOTES, '"': _DOUBLE_QUOTES}
# The other signs, digits and letters of the width of ideographs.
_WIDE = "\uff01-\uff5e"
# A Greek, Cyrillic or Armenian letter beside a Latin one: many look the same.
_OTHERS = "\u0370-\u03ff\u0400-\u058f"
_ODD = re.compile(
    f"[{_BLANKS}{_UNSEEN}{''.join(_SIGNS.values())}{_WIDE}]|(?<=[A-Za-z0-9_])[{_OTHERS}]|[{_OTHERS}](?=[A-Za-z0-9_])"
)
_WORD = r"[A-Za-z_][\w.()]*"
# Where such a character takes a mapping or a list apart, the surest first.
_BREAKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^ *(?:- +)*([{_BLANKS}{_UNSEEN}])",
        rf"(?:^|[{{,]) *(?:- +)*{_WORD} ?([{_COLONS}])",
        rf"(?:^|[{{,]) *(?:- +)*{_WORD}:([{_BLANKS}{_UNSEEN}])",
        rf"^ *-([{_BLANKS}{_UNSEEN}])",
        rf"^ *([{_DASHES}])(?=[\s{_BLANKS}])",
        rf"([{_BRACKETS}])",
        rf"[:,\[-] *([{_SINGLE_QUOTES}{_DOUBLE_QUOTES}])",
        rf"([{_COMMAS}])",
    )
)


def named(character: str) -> str:
    """A character by its number and name: `U+00A0 (no-break space)`."""
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X} ({name})" if name else f"U+{ord(character):04X}"


def meant_by(character: str) -> str:
    """What an odd character was probably meant to be, in words."""
    plain = next((sign for sign, others in _SIGNS.items() if re.match(f"[{others}]", character)), None)
    if plain is None and re.match(f"[{_WIDE}]", character):
        plain = unicodedata.normalize("NFKC", character)
    if plain is not None:
        return plain
    if re.match(f"[{_BLANKS}]", character):
        return "a blank"
    return "nothing" if re.match(f"[{_UNSEEN}]", character) else "a letter a to z"


def first_odd(text: str) -> str | None:
    """The first character of a text that only looks like one of the language's."""
    found = _ODD.search(text)
    return None if found is None else found[0]


def first_break(lines: Sequence[str], numbers: Sequence[int]) -> tuple[int, int, str] | None:
    """Where, on lines counted from 1, an odd character breaks the structure: line, column and character."""
    for pattern in _BREAKS:
        for number in numbers:
            found = pattern.search(lines[number - 1]) if 0 < number <= len(lines) else None
            if found is not None:
                return number, found.start(1) + 1, found[1]
    return None
