"""An expression's text -> words, numbers and signs, each with its place."""

from __future__ import annotations

import keyword
import math
import re
import unicodedata

import attrs

from negsim.language.meant import name_hint, number_at
from negsim.language.odd import first_odd, meant_by, named
from negsim.scenario.calendar_steps import Step

LONGEST = 2_000
LONGEST_NAME = 64
MOST_DIGITS = 15
LENGTH_OF_GROUP = 3

WORD_SIGNS = frozenset({"and", "or", "not", "in", "if", "else", "for"})
FUNCTIONS = ("min", "max", "abs", "any", "all", "count", "sum")
RESERVED = frozenset({"true", "false", *FUNCTIONS, "first", "days", "uniform", "geometric", "actor", "nobody", "bool"})

_QUOTES = "'\"`\u00ab\u00bb\u2018\u2019\u201c\u201d"
_KEYWORDS = {"is": "write ==, or != for `is not`", "elif": "write `x if condition else y`"}
_BAD = {
    "?": "write `x if condition else y`",
    "$": "a number stands without its unit",
    "\u20ac": "a number stands without its unit",
    "\u00a3": "a number stands without its unit",
}
_LOOKALIKES = {"≥": "write >=", "≤": "write <=", "≠": "write !=", "\u00d7": "write *"}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>===|<>|=>|=<|\+\+|\+=|-=|==|!=|<=|>=|//|\*\*|&&|\|\||[-+*/%<>=().,\[\]])|(?P<end>\Z)|(?P<bad>.))",
    re.ASCII | re.DOTALL,
)


_DATED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?![\w.])", re.ASCII)


class Unreadable(Exception):  # noqa: N818  # it is caught where the place is known, and becomes a problem
    """A text that the grammar does not admit: where, what, and a way out."""

    def __init__(self, span: tuple[int, int], message: str, hint: str | None = None) -> None:
        self.span = span
        self.message = message
        self.hint = hint
        super().__init__(message)


@attrs.frozen
class Token:
    """`kind` is number, name, sign (also words such as `and`) or end."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str, step: Step = Step.DAY) -> list[Token]:
    """The tokens of a text, the end as the last one."""
    if len(text) > LONGEST:
        hint = "give parts of it names under `define`"
        raise Unreadable((0, 1), f"an expression of more than {LONGEST} characters", hint)
    found: list[Token] = []
    at = 0
    while True:
        match = _TOKEN.match(text, at)
        assert match is not None  # noqa: S101  # the last branch takes any character
        kind = str(match.lastgroup)
        start, at = match.span(kind)
        word = match[kind]
        if kind == "bad":
            raise _bad(text, start)
        if kind == "number":
            _check_number(text, word, (start, at), step)
        elif kind == "name" and word in WORD_SIGNS:
            kind = "sign"
        elif kind == "name":
            _check_name(word, (start, at), step)
        found.append(Token(kind, word, start, at))
        if kind == "end":
            return found


def number(token: Token) -> int | float:
    """The value of a number's token."""
    return int(token.text) if token.text.isdigit() else float(token.text)


def name_problem(word: str) -> tuple[str, str | None] | None:
    """Why a word cannot be a name, and a way out; nothing where it can."""
    if keyword.iskeyword(word) or word in RESERVED:
        return f"'{word}' cannot be a name: the language uses it", f"take another, such as `{word}_`"
    if len(word) > LONGEST_NAME:
        return f"a name has at most {LONGEST_NAME} characters", None
    if not re.fullmatch(r"[a-z][a-z0-9_]*", word, re.ASCII):
        plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
        fixed = re.sub(r"[^a-z0-9_]+", "_", plain.lower()).strip("_")
        usable = (
            not word.startswith("_")
            and re.fullmatch(r"[a-z][a-z0-9_]*", fixed)
            and not keyword.iskeyword(fixed)
            and fixed not in RESERVED
        )
        hint = f"write `{fixed}`" if usable and len(fixed) <= LONGEST_NAME else None
        shown = word if len(word) <= LONGEST_NAME else word[:LONGEST_NAME] + "…"
        shown = " ".join(shown.split())
        return f"'{shown}' is no name: a name is a-z, 0-9 and _, and begins with a letter", hint
    return None


def _check_name(word: str, span: tuple[int, int], step: Step) -> None:
    if word in ("True", "False"):
        raise Unreadable(span, f"'{word}' is no value", f"write {word.lower()}")
    if word == "None":
        raise Unreadable(span, "'None' is no value", "for an actor write nobody")
    if keyword.iskeyword(word):
        raise Unreadable(span, f"`{word}` is not part of expressions", _KEYWORDS.get(word))
    if word.isupper() and word.lower() in (*WORD_SIGNS, "true", "false"):
        raise Unreadable(span, f"`{word}` is written in small letters", f"write {word.lower()}")
    if word[0].isupper() and (hint := name_hint(word, step)):
        raise Unreadable(span, f"`{word}` is not part of expressions", hint)
    if (word not in RESERVED) and (problem := name_problem(word)):
        raise Unreadable(span, *problem)


def _check_number(text: str, word: str, span: tuple[int, int], step: Step) -> None:
    hint: str | None
    if written := number_at(text, span[0], step):
        raise Unreadable((span[0], written[0]), f"'{text[span[0] : written[0]]}' is no number", written[1])
    if dated := _DATED.match(text, span[0]):
        hint = f"a date stands alone, and only where {step.a} is asked for; a sum is written with blanks"
        raise Unreadable(dated.span(), f"'{dated[0]}' is a date, and no part of an expression", hint)
    following = text[span[1] : span[1] + 1]
    if following.isalpha() or following in ("_", "."):
        rest = re.match(r"[\w.]+", text[span[1] :])
        end = span[1] + (rest.end() if rest else 1)
        ranged = f"lo..hi is for ranges; under `after`, any {step} of these is uniform(lo, hi)"
        hint = ranged if following == "." else None
        raise Unreadable((span[0], end), f"'{text[span[0] : end]}' is no number", hint)
    whole = word.isdigit()
    if whole and len(word) > 1 and word[0] == "0":
        grouped = re.search(r"\d+(?:,\d{3})*,$", text[: span[0]]) if len(word) == LENGTH_OF_GROUP else None
        hint = f"write {re.sub('[^0-9]', '', grouped[0])}{word}: digits are not grouped" if grouped else None
        raise Unreadable(span, f"'{word}': a whole number does not begin with 0", hint)
    if whole and len(word) > MOST_DIGITS:
        raise Unreadable(span, f"a number of more than {MOST_DIGITS} digits")
    if not math.isfinite(float(word)):
        raise Unreadable(span, f"'{word}' is too large a number")


def _bad(text: str, start: int) -> Unreadable:
    sign = text[start]
    span = (start, start + 1)
    if sign in _QUOTES:
        return Unreadable(
            span, "an expression has no texts in quotes", "write a value's name as it is: conflict == fighting"
        )
    if sign == "!":
        return Unreadable(span, "`!` is not part of expressions", "write not, or !=")
    if sign == "^":
        return Unreadable(span, "`^` is not part of expressions", "there are no powers: write x * x")
    if sign in _BAD:
        return Unreadable(span, f"`{sign}` is not part of expressions", _BAD[sign])
    if sign in "&|~":
        return Unreadable(span, f"`{sign}` is not part of expressions", "write and, or, not")
    if sign in "{}":
        return Unreadable(span, f"`{sign}` is not part of expressions", "use round brackets: x in (a, b)")
    if not sign.isascii():
        if first_odd(sign) is not None:
            plain = meant_by(sign)
            hint = "take it out: it cannot be seen" if plain == "nothing" else f"write {plain}"
            return Unreadable(span, f"{named(sign)} cannot stand in an expression", hint)
        hint = _LOOKALIKES.get(sign, "names are written with a-z, 0-9 and _")
        return Unreadable(span, f"'{sign}' cannot stand in an expression", hint)
    return Unreadable(span, f"`{sign}` is not part of expressions")
