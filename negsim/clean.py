"""Texts from scenarios and logs, without the characters that act where they are shown."""

from __future__ import annotations

import re

# What neither a terminal nor a page should be sent from a scenario or a log: control characters (escape
# sequences begin with one), separators that break lines, characters that turn the direction of writing,
# halves of characters.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    """A text that can be shown: without what would act on the terminal or the page, or break its encoding."""
    return UNSEEN.sub("\ufffd", text)


def plain(text: str) -> str:
    """A text with line feeds as its line ends and without a byte order mark: neither is content."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
