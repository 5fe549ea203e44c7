"""Looking up words in a text: alike but for typography, nearest passages, sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

import attrs

Span = tuple[int, int]

# A passage that shares fewer of a quote's words than this (0..1) is no near miss.
LEAST_LIKENESS = 0.4
# How many places of a quote's rarest words are looked at, and how many passages are compared in full.
MOST_PLACES = 20_000
MOST_PASSAGES = 8
# Only so many words of a long quote are compared.
LONGEST_QUOTE_WORDS = 400

# no-break, narrow no-break, figure, thin and hair space
_BLANKS = "\u00a0\u202f\u2007\u2009\u200a"
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
        **dict.fromkeys(_BLANKS, " "),
    }
)
_FRENCH_OPEN = re.compile("\u00ab\\s+")
_FRENCH_CLOSE = re.compile("\\s+\u00bb")
_WORD = re.compile(r"\w+(?:'\w+)*")
_PARAGRAPH = "\n\n"
_END = re.compile(r"""[.!?…]+["')\]]*\s+(?=["'(\[]?\s?[^\W_a-zà-öø-ÿ])""")
# Titles and initials after which a full stop ends no sentence.
_ABBREVIATION = re.compile(
    r"""(?:^|[\s("'\[-])(?:[A-Z]{1,2}|Mme|Mlle|Mrs?|Ms|Drs?|St|Prof|Gen|Gén|Col|Lt|Sgt|No|vs|cf|av)\.\s$"""
)


@attrs.frozen
class Difference:
    """Where a quote and a passage part: the words of the one, and those that stand in their place."""

    quote: str
    text: str


@attrs.frozen
class Near:
    """The passage of a text that comes nearest to a quote, and where they differ."""

    text: str
    differences: tuple[Difference, ...]


def alike(text: str) -> str:
    """A text with plain quotation marks and single blanks; paragraphs stay apart by a blank line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(dict.fromkeys(map(ord, _BLANKS), " "))
    text = _FRENCH_CLOSE.sub("\u00bb", _FRENCH_OPEN.sub("\u00ab", text)).translate(_MARKS)
    separator = r"\n[^\S\n]*\n\s*" if re.search(r"\S\s*\n[^\S\n]*\n\s*\S", text) else r"\n\s*"
    paragraphs = (" ".join(part.split()) for part in re.split(separator, text))
    return _PARAGRAPH.join(part for part in paragraphs if part)


class Passages:
    """A text that quotes are looked up in.

    A paragraph ends at a blank line, or, in a text without any, at each line's end.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._alike = alike(text)
        self._flat = self._alike.replace(_PARAGRAPH, "  ")  # of one length: places are the same in both
        self._joined = self._flat.replace("  ", " ")
        self._words: list[tuple[str, int, int]] | None = None
        self._where: dict[str, list[int]] = {}

    def has_exactly(self, quote: str) -> bool:
        """Whether the quote stands in the text letter by letter."""
        return any(True for _ in _standing(self._text, quote))

    def has(self, quote: str) -> bool:
        """Whether it does but for typographic marks and blanks, also over a paragraph's end."""
        return any(True for _ in _standing(self._joined, _line(quote)))

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
        for match in pattern.finditer(self._flat) if quote else ():
            if _whole_words(self._flat, match.span()):
                yield match.span()

    def nearest(self, quote: str) -> Near | None:
        """The passage that shares most words with a quote, in their order; nothing where none is near."""
        words = [word.casefold() for word in _WORD.findall(_line(quote))][:LONGEST_QUOTE_WORDS]
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
        return Near(passage, tuple(_differences(_line(quote), passage)))

    def _indexed(self) -> list[tuple[str, int, int]]:
        if self._words is None:
            self._words = [(m[0].casefold(), *m.span()) for m in _WORD.finditer(self._flat)]
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


def _line(text: str) -> str:
    return alike(text).replace(_PARAGRAPH, " ")


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


def _differences(quote: str, passage: str) -> Iterator[Difference]:
    """The words in which two passages differ, in their order."""
    left, right = quote.split(" "), passage.split(" ")
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield Difference(" ".join(left[a:b]), " ".join(right[c:d]))


def _sentences(paragraph: str) -> Iterator[Span]:
    start = 0
    for match in _END.finditer(paragraph):
        if _ABBREVIATION.search(paragraph[max(start, match.end() - 12) : match.end()]):
            continue
        yield start, match.end() - 1
        start = match.end()
    if start < len(paragraph):
        yield start, len(paragraph)
