"""Texts from scenarios and logs, without the characters that act where they are shown."""

from __future__ import annotations

import re

# What neither a terminal nor a page should be sent from a scenario or a log: control characters (escape
# sequences begin with one), separators that break lines, characters that turn the direction of writing,
# halves of characters and what is none. Joiners (U+200C, U+200D) shape the letters beside them and belong to
# the words: they stay.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("[ \t\n\r\x0b\x0c\x85\u2028\u2029]+")
_WEB = re.compile(r"https?://[^\s<>\"'`\\]+", re.ASCII)


def is_web_address(text: str) -> bool:
    """Whether a text is an address that can be followed, and nothing in it acts on what it is put into."""
    return _WEB.fullmatch(text) is not None


def clean(text: str) -> str:
    """A text that can be shown: without what would act on the terminal or the page, or break its encoding."""
    return UNSEEN.sub("\ufffd", text)


def one_line(text: str) -> str:
    """A text with single blanks for its line ends and runs of blanks; no-break spaces are part of the words."""
    return _LINE_ENDS.sub(" ", text).strip(" ")


def on_one_line(text: str) -> str:
    """A text that can be shown, on one line."""
    return clean(one_line(text))


def plain(text: str) -> str:
    """A text with line feeds as its line ends and without a byte order mark: neither is content."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
