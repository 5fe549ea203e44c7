"""XML text -> elements with their places. No document type, no entities of its own, all of it bounded.

The expat parser is told nothing but where elements begin and end. A document type declaration is refused
at its first character, so no entity can be declared, let alone expanded, and no other file is looked at.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Any
from xml.parsers import expat

import attrs

from negsim.errors import Place
from negsim.language.nodes import Sheet
from negsim.language.problems import Problems

MOST_BYTES = 4_194_304
MOST_DEEP = 20
MOST_ELEMENTS = 100_000
LONGEST_VALUE = 1_000

_ENCODINGS = ("utf-8", "us-ascii", "iso-8859-1", "windows-1252", "utf-16")
# What stands before a declaration, though it must not. (No possessive quantifiers: Python 3.11.2 matches them wrongly.)
_BEFORE = r"(?:\s|<!--(?:[^-]|-(?!->))*-->)"
_DECLARED = re.compile(
    _BEFORE.encode() + rb"""*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""", re.DOTALL
)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@attrs.frozen(eq=False)
class Element:
    """An element: its tag, its attributes, what stands in it (text left out), and where it begins."""

    sheet: Sheet
    line: int
    column: int
    tag: str
    attributes: dict[str, str]
    children: list[Element]

    @property
    def place(self) -> Place:
        """Where its tag stands."""
        return Place(self.sheet.name, self.line, self.column, len(self.tag) + 1)

    def place_of(self, attribute: str) -> Place:
        """Where an attribute's value stands; the tag where it cannot be found."""
        number = self.line - 1
        text = self.sheet.lines[number][self.column - 1 :] if number < len(self.sheet.lines) else ""
        column = self.column
        while number < len(self.sheet.lines):
            found = re.search(rf"""(?<![\w.-]){re.escape(attribute)}\s*=\s*(["'])(?P<value>.*?)\1""", text)
            if found:
                width = max(1, len(found["value"]))
                return Place(self.sheet.name, number + 1, column + found.start("value"), width)
            if ">" in text:
                break
            number, column = number + 1, 1
            text = self.sheet.lines[number] if number < len(self.sheet.lines) else ""
        return self.place


class _MarkupStop(Exception):  # noqa: N818  # not an error of its own: the problem is already noted
    """The text cannot be read any further."""


def read_sheet(path: Path, shown: str, problems: Problems, *, order: int = 0) -> Sheet | None:
    """The text of a file, in the encoding that it declares; nothing, with a problem, where it cannot be read."""
    nowhere = Sheet(shown, shown, "", order)
    try:
        if not path.is_file():
            problems.put(nowhere, Place(shown, 1, 1), "there is no such file")
            return None
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable path"
        problems.put(nowhere, Place(shown, 1, 1), f"this file cannot be read: {reason.lower()}")
        return None
    if len(content) > MOST_BYTES:
        problems.put(nowhere, Place(shown, 1, 1), f"this file is larger than {MOST_BYTES >> 20} MiB")
        return None
    return _decoded(content, shown, problems, order)


def _decoded(content: bytes, shown: str, problems: Problems, order: int) -> Sheet | None:
    declared = _DECLARED.match(content[:2000])
    name = declared[1].decode().lower() if declared else "utf-8"
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    if marked is None and name not in _ENCODINGS:
        nowhere = Sheet(shown, shown, "", order)
        hint = f"it can be: {', '.join(_ENCODINGS)}"
        problems.put(nowhere, Place(shown, 1, 1), f"the encoding '{name}' is not read", hint)
        return None
    try:
        text = content.decode(marked or name)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(marked or name, "replace").replace("\r\n", "\n")
        lines = before.split("\n")
        sheet = Sheet(shown, shown, before, order)
        message = f"this file is not {(marked or name).removesuffix('-sig').upper()} text"
        hint = 'save it in UTF-8, or declare its encoding: <?xml version="1.0" encoding="iso-8859-1"?>'
        problems.put(sheet, Place(shown, len(lines), len(lines[-1]) + 1), message, hint)
        return None
    return Sheet(shown, shown, text.replace("\r\n", "\n").replace("\r", "\n"), order)


def parse(sheet: Sheet, problems: Problems) -> Element | None:
    """The root element of a text; nothing, with a problem, where it cannot be read."""
    try:
        return _MarkupReading(sheet, problems).root()
    except _MarkupStop:
        return None


class _MarkupReading:
    """Builds elements out of a parser's events, counting them as it goes."""

    def __init__(self, sheet: Sheet, problems: Problems) -> None:
        self._sheet = sheet
        self._problems = problems
        self._elements = 0
        self._open: list[Element] = []
        self._root: Element | None = None
        self._parser: Any = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def root(self) -> Element | None:
        try:
            self._parser.Parse(_mended(self._sheet.text), True)  # noqa: FBT003 - expat's own signature
        except expat.ExpatError as error:
            early = self._root is None and error.code == _INVALID
            code = _CODES[expat.errors.XML_ERROR_SYNTAX] if early else error.code
            self._put(error.lineno, error.offset + 1, *_EXPLAINED.get(code, _unexplained(error)))
            return None
        return self._root

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            self._stop(f"more than {MOST_ELEMENTS:,} elements")
        if len(self._open) >= MOST_DEEP:
            self._stop(f"more than {MOST_DEEP} elements inside one another")
        long = next((name for name, value in attributes.items() if len(value) > LONGEST_VALUE), None)
        if long is not None:
            self._stop(f"the attribute '{long[:40]}' is longer than {LONGEST_VALUE:,} characters")
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        attributes = {name: value.replace(_AND, "&") for name, value in attributes.items()}
        element = Element(self._sheet, line, column, tag, attributes, [])
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, _tag: str) -> None:
        self._open.pop()

    def _doctype(self, *_declared: object) -> None:
        number = self._parser.CurrentLineNumber - 1
        before = [*self._sheet.text.split("\n")[: number + 1]]
        before[-1] = before[-1][: self._parser.CurrentColumnNumber]
        while number > 0 and _DOCTYPE not in before[number]:  # the parser is at the end of what it has read
            number -= 1
        hint = "take the declaration out; a domain needs no entities"
        self._put(number + 1, before[number].rfind(_DOCTYPE) + 1, "a document type (DOCTYPE) is not read", hint)
        raise _MarkupStop

    def _stop(self, message: str, hint: str | None = None) -> None:
        self._put(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1, message, hint)
        raise _MarkupStop

    def _put(self, line: int, column: int, message: str, hint: str | None = None) -> None:
        self._problems.put(self._sheet, Place(self._sheet.name, line, column), message, hint)


def _mended(text: str) -> str:
    """A text as GENIUS reads it: with an `&` that begins no entity, and with what stands before a declaration."""
    return _begun(_BARE.sub(_AND, text) if _AND not in text else text)


def _begun(text: str) -> str:
    """A text, with blanks for a declaration that something stands before: what it declares is known, places stay."""
    found = _LATE.match(text)
    return text if found is None else re.sub(r"[^\n]", " ", found[0]) + text[found.end() :]


_LATE = re.compile(_BEFORE + r"+<\?xml\s[^<>]*\?>", re.DOTALL)
_DOCTYPE = "<!DOCTYPE"
_BARE = re.compile(r"&(?!#?[0-9A-Za-z_.:-]+;)")
_AND = "\ufdd0"  # stands for such an `&` while a text is read, so that places stay; no text has a use for it
_CODES = expat.errors.codes
_INVALID = _CODES[expat.errors.XML_ERROR_INVALID_TOKEN]
_EXPLAINED: dict[int, tuple[str, str | None]] = {
    _CODES[expat.errors.XML_ERROR_SYNTAX]: ("this is not XML", "a file of a domain begins with < and a tag"),
    _CODES[expat.errors.XML_ERROR_NO_ELEMENTS]: ("the file ends before its first element is closed", None),
    _CODES[expat.errors.XML_ERROR_UNCLOSED_TOKEN]: ("the file ends within a tag or a text that begins here", None),
    _INVALID: (
        "this is not XML: a sign that cannot stand here",
        "write &lt; for <, &amp; for & and &quot; for a quote",
    ),
    _CODES[expat.errors.XML_ERROR_TAG_MISMATCH]: ("this tag closes another than the one that is open", None),
    _CODES[expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE]: ("an attribute is given twice", None),
    _CODES[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: ("nothing can follow the outermost element", None),
    _CODES[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: (
        "an entity that XML does not define",
        "entities of one's own are not read: write the text itself",
    ),
}


def _unexplained(error: expat.ExpatError) -> tuple[str, str | None]:
    return f"this is not XML: {expat.ErrorString(error.code)}", None
