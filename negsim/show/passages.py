"""Looking up words in a text: alike but for typography, nearest passages, sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from unicodedata import normalize

import attrs

Span = tuple[int, int]

# A passage that shares fewer of a quote's words than this (0..1) is no near miss.
LEAST_LIKENESS = 0.4
# How many places of a quote's rarest words are looked at, and how many passages are compared in full.
MOST_PLACES = 20_000
MOST_PASSAGES = 8
# Only so many words of a long quote are compared.
LONGEST_QUOTE_WORDS = 400
# How many marks may open a sentence.
MOST_MARKS = 5

# What a text may have in another form than a quote and still be verbatim, in words.
BLANKS, MARKS, ACCENTS, JOINERS = FORMS = ("blanks and line ends", "quotation marks", "forms of accents", "joiners")

_MARKS = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "\u201a": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
    }
)
# Soft hyphens, zero-width blanks and joiners, marks of direction: they shape a line and are no letters.
_JOINERS = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_FRENCH_OPEN = re.compile("\u00ab\\s+")
_FRENCH_CLOSE = re.compile("\\s+\u00bb")
_PARAGRAPH = "\n\n"
# The Unicode rules see no end in an ellipsis, nor before a number and small letters; a reader does.
_MORE_ENDS = re.compile(r"""…["')\]]*\s+(?=["'(\[]?\s?[^\W_])|[.!?]["')\]]*\s+(?=["'(\[]?\s?\d)""")
# A full stop, a mark of exclamation or of question ends a sentence only before a blank.
_NO_END = re.compile(r"""[.!?]["')\]]*$""")
# Titles and initials after which a full stop ends no sentence.
_ABBREVIATION = re.compile(
    r"""(?:^|[\s("'\[-])(?:[A-Z]{1,2}|Mme|Mlle|Mrs?|Ms|Drs?|St|Prof|Gen|Gén|Col|Lt|Sgt|No|vs|cf|av)\.\s$"""
)


@attrs.frozen
class PassageDifference:
    """Where a quote and a passage part: the words of the one, and those that stand in their place."""

    quote: str
    text: str


@attrs.frozen
class Near:
    """The passage of a text that comes nearest to a quote, and where they differ."""

    text: str
    differences: tuple[PassageDifference, ...]


def alike(text: str, forms: Iterable[str] = FORMS) -> str:
    """A text with single blanks, plain quotation marks and composed accents; paragraphs stay apart by a blank line.

    Joiners are kept. `forms` narrows what is made alike.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if ACCENTS in forms:
        text = normalize("NFC", text)
    if MARKS in forms:
        text = _FRENCH_CLOSE.sub("\u00bb", _FRENCH_OPEN.sub("\u00ab", text)).translate(_MARKS)
    if BLANKS not in forms:
        return text
    separator = r"\n[^\S\n]*\n\s*" if re.search(r"\S\s*\n[^\S\n]*\n\s*\S", text) else r"\n\s*"
    paragraphs = (" ".join(part.split()) for part in re.split(separator, text))
    return _PARAGRAPH.join(part for part in paragraphs if part)


def _line(text: str, forms: Iterable[str] = FORMS) -> str:
    """A text made alike on one line; without joiners, unless they count."""
    line = alike(text, forms)
    line = line.replace(_PARAGRAPH, " ") if BLANKS in forms else line
    return _JOINERS.sub("", line) if JOINERS in forms else line


class Passages:
    """A text that quotes are looked up in.

    A paragraph ends at a blank line, or, in a text without any, at each line's end.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._alike = alike(text)
        self._flat = self._alike.replace(_PARAGRAPH, "  ")  # of one length: places are the same in both
        self._kept = [place for place, sign in enumerate(self._flat) if not _JOINERS.match(sign)]
        self._bare = _JOINERS.sub("", self._flat)  # the character at n stands at `_kept[n]` in the others
        self._lines: dict[tuple[str, ...], str] = {FORMS: _line(text)}
        self._words: list[tuple[str, int, int]] | None = None
        self._where: dict[str, list[int]] = {}

    def has_exactly(self, quote: str) -> bool:
        """Whether the quote stands in the text letter by letter."""
        return any(True for _ in _standing(self._text, quote))

    def has(self, quote: str, forms: tuple[str, ...] = FORMS) -> bool:
        """Whether it does but for some forms, also over a paragraph's end."""
        if forms not in self._lines:
            self._lines[forms] = _line(self._text, forms)
        return any(True for _ in _standing(self._lines[forms], _line(quote, forms)))

    def differing_forms(self, quote: str) -> tuple[str, ...]:
        """In which forms a quote that stands in the text differs from it."""
        return tuple(form for form in FORMS if not self.has(quote, tuple(each for each in FORMS if each != form)))

    def at(self, span: Span) -> str:
        """The words of a span."""
        return self._alike[span[0] : span[1]]

    def sentences(self) -> list[Span]:
        """The sentences of the text; what holds no letter is none."""
        found: list[Span] = []
        start = 0
        for paragraph in self._alike.split(_PARAGRAPH):
            found += [
                (start + a, start + b) for a, b in _sentences(paragraph) if re.search(r"[^\W\d_]", paragraph[a:b])
            ]
            start += len(paragraph) + len(_PARAGRAPH)
        return found

    def touched(self, sentences: Sequence[Span], quotes: Iterable[str]) -> set[int]:
        """The sentences (by index) that hold a part of any place where a quote stands."""
        starts = [start for start, _ in sentences]
        found: set[int] = set()
        for quote in dict.fromkeys(_line(quote) for quote in quotes):
            for start, end in self._places(quote):
                index = max(bisect_right(starts, start) - 1, 0)
                while index < len(sentences) and sentences[index][0] < end:
                    if sentences[index][1] > start:
                        found.add(index)
                    index += 1
        return found

    def _places(self, quote: str) -> Iterator[Span]:
        pattern = re.compile(re.escape(quote).replace("\\ ", " {1,2}"))
        for match in pattern.finditer(self._bare) if quote else ():
            if _whole_words(self._bare, match.span()):
                yield self._kept[match.start()], self._kept[match.end() - 1] + 1

    def nearest(self, quote: str) -> Near | None:
        """The passage that shares most words with a quote, in their order; nothing where none is near."""
        words = [word for word, _, _ in _words(_line(quote))][:LONGEST_QUOTE_WORDS]
        found = self._indexed()
        best: tuple[float, int, int] | None = None
        for first in self._candidates(words):
            begin = max(0, first - 3)
            end = min(len(found), first + len(words) + 3)
            begin, end = _trimmed(words, [word for word, _, _ in found[begin:end]], begin)
            there = [word for word, _, _ in found[begin:end]]
            ratio = SequenceMatcher(None, words, there, autojunk=False).ratio()
            if best is None or ratio > best[0]:
                best = (ratio, begin, end)
        if best is None or best[0] < LEAST_LIKENESS:
            return None
        passage = self._flat[found[best[1]][1] : found[best[2] - 1][2]].replace("  ", " ")
        return Near(passage, tuple(_differences(alike(quote).replace(_PARAGRAPH, " "), passage)))

    def _indexed(self) -> list[tuple[str, int, int]]:
        if self._words is None:
            self._words = _words(self._flat)
            for index, (word, _, _) in enumerate(self._words):
                self._where.setdefault(word, []).append(index)
        return self._words

    def _candidates(self, words: Sequence[str]) -> list[int]:
        """Where the quote may begin, counted in words: the places that most of its rare words speak for."""
        known = [(len(self._where[word]), offset, word) for offset, word in enumerate(words) if word in self._where]
        votes: Counter[int] = Counter()
        looked_at = 0
        for number, offset, word in sorted(known):
            if looked_at and looked_at + number > MOST_PLACES:
                break
            looked_at += number
            votes.update(max(0, index - offset) for index in self._where[word][:MOST_PLACES])
        spread: Counter[int] = Counter()
        for place, number in votes.items():
            spread[place] = sum(votes.get(place + shift, 0) for shift in (-2, -1, 0, 1, 2)) + number
        return [place for place, _ in sorted(spread.items(), key=lambda item: (-item[1], item[0]))[:MOST_PASSAGES]]


def _words(text: str) -> list[tuple[str, int, int]]:
    """The words of a text as they are compared, each with its place; in scripts without blanks, too."""
    from unicode_segmentation_rs import split_word_bounds  # noqa: PLC0415 - loaded where it is needed

    found: list[tuple[str, int, int]] = []
    start = 0
    for piece in split_word_bounds(text):
        if any(sign.isalnum() for sign in piece):
            found.append((_JOINERS.sub("", piece).casefold(), start, start + len(piece)))
        start += len(piece)
    return found


def _standing(text: str, quote: str) -> Iterator[int]:
    """Where a quote stands in a text as whole words."""
    start = text.find(quote) if quote else -1
    while start >= 0:
        if _whole_words(text, (start, start + len(quote))):
            yield start
        start = text.find(quote, start + 1)


def _whole_words(text: str, span: Span) -> bool:
    """Whether no word is cut at either end, in scripts that part words by blanks (those that have capitals)."""
    start, end = span
    return not (_inside_word(text[start - 1 : start + 1]) if start else False) and not _inside_word(
        text[end - 1 : end + 1]
    )


def _inside_word(pair: str) -> bool:
    return len(pair) == 2 and all(c.isalpha() and c.lower() != c.upper() for c in pair)  # noqa: PLR2004


def _trimmed(words: Sequence[str], there: Sequence[str], begin: int) -> Span:
    """The part of a window from the first to the last word that the quote shares with it."""
    blocks = [
        block for block in SequenceMatcher(None, words, there, autojunk=False).get_matching_blocks() if block.size
    ]
    if not blocks:
        return begin, begin + len(there)
    first, last = blocks[0], blocks[-1]
    start = max(0, first.b - first.a)
    end = min(len(there), last.b + last.size + len(words) - last.a - last.size)
    return begin + start, begin + end


def _differences(quote: str, passage: str) -> Iterator[PassageDifference]:
    """The words in which two passages differ, in their order."""
    left, right = quote.split(" "), passage.split(" ")
    ours, theirs = ([_JOINERS.sub("", word) for word in words] for words in (left, right))
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield PassageDifference(" ".join(left[a:b]), " ".join(right[c:d]))


def _sentences(paragraph: str) -> Iterator[Span]:
    start = 0
    for end in _ends(paragraph):
        before, after = paragraph[start:end], paragraph[end:]
        if _ABBREVIATION.search(before[-12:]) or _goes_on(after) or (_NO_END.search(before) and after):
            continue
        yield start, start + len(before.rstrip())
        start = end


def _ends(paragraph: str) -> list[int]:
    """Where a sentence may end: by the rules of the Unicode standard (annex 29), and some more."""
    from unicode_segmentation_rs import unicode_sentences  # noqa: PLC0415 - loaded where it is needed

    found = {match.end() for match in _MORE_ENDS.finditer(paragraph)}
    end = 0
    for piece in unicode_sentences(paragraph):
        end = paragraph.index(piece, end) + len(piece)
        found.add(end)
    return [*sorted(found - {len(paragraph)}), len(paragraph)] if paragraph else []


def _goes_on(text: str) -> bool:
    """Whether a text begins, after marks, with a small letter."""
    first = next((sign for sign in text[:MOST_MARKS] if sign.isalnum()), "")
    return first.islower()
