"""YAML text -> nodes. The YAML 1.2 reading of scalars, no tags, no merge keys, all of it bounded."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import yaml

from negsim.errors import Place
from negsim.language.nodes import Items, KeyedEntry, KeyedNode, Node, Plain, Scalar, Sheet
from negsim.language.yaml_words import explain

if TYPE_CHECKING:
    from negsim.language.problems import Problems

MOST_DEEP = 50
MOST_NODES = 100_000
MOST_DIGITS = 15
LONGEST_NUMBER = 40

# libyaml's parser is ten times faster; where it is missing, PyYAML's own gives the same events.
_PLAIN_PARSER: Any = yaml.SafeLoader
_Parser: Any = getattr(getattr(yaml, "cyaml", None), "CParser", None) or _PLAIN_PARSER
_WORDS: dict[str, Plain] = {"true": True, "false": False, "null": None, "~": None, "": None}
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(\.[0-9]*)?|(\.[0-9]+))([eE][-+]?[0-9]+)?", re.ASCII)
_REFUSED = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


class _Stop(Exception):  # noqa: N818  # not an error of its own: the problem is already noted
    """The text cannot be read any further."""


def read(sheet: Sheet, problems: Problems) -> Node | None:
    """The root node of a text; nothing where it is empty or cannot be read."""
    if refused := _REFUSED.search(sheet.text):
        _refuse_character(sheet, refused, problems)
        return None
    try:
        return _composed(sheet, problems)
    except _Stop:
        return None
    except yaml.YAMLError as error:
        explain(sheet, error, problems)
        return None


def _composed(sheet: Sheet, problems: Problems) -> Node | None:
    try:
        return _Composer(sheet, problems, _Parser).document()
    except yaml.YAMLError as error:
        # libyaml reads ahead of what it hands on, and from 0.2.6 on it gives up by itself in very deep texts.
        if _Parser is _PLAIN_PARSER or "nesting" not in str(getattr(error, "problem", "")):
            raise
    return _Composer(sheet, problems, _PLAIN_PARSER).document()


def plain_value(text: str) -> Plain:
    """What a plain scalar means: nothing, a truth, a number, or else its text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "0123456789+-." and (match := _NUMBER.fullmatch(text)) and len(text) <= LONGEST_NUMBER:
        if match[1] is None and match[2] is None and match[3] is None:
            return int(text) if len(text.lstrip("+-")) <= MOST_DIGITS else text
        number = float(text)
        return number if math.isfinite(number) else text
    return text


class _Composer:
    """Builds nodes out of a parser's events, counting them as it goes."""

    def __init__(self, sheet: Sheet, problems: Problems, parser: Any) -> None:
        self._sheet = sheet
        self._problems = problems
        self._parser = parser(sheet.text)
        self._next = self._parser.get_event
        self._anchors: dict[str, tuple[Node | None, int, int]] = {}
        self._nodes = 0

    def document(self) -> Node | None:
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        root, _ = self._node(self._next(), 1)
        self._next()
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            self._stop(event, "a second document begins here", "one file holds one scenario: take the `---` out")
        return root

    def _node(self, event: Any, depth: int) -> tuple[Node, int]:
        """A node and its height."""
        if type(event) is yaml.AliasEvent:
            return self._alias(event, depth)
        before = self._nodes
        self._count(event, 1)
        if depth > MOST_DEEP:
            self._stop(event, f"more than {MOST_DEEP} lists and mappings inside one another")
        if event.anchor is not None:
            self._anchors[event.anchor] = (None, 0, 0)
        if event.tag is not None:
            # PyYAML's own parser takes a comma that follows for a part of the tag; libyaml does not.
            tag = event.tag.replace("tag:yaml.org,2002:", "!!").rstrip(",")
            hint = "tags are not part of the language: take it out"
            if re.fullmatch("![a-z][a-z0-9_.]*", tag, re.ASCII):
                self._stop(event, f"the tag {tag} cannot stand here", f"{hint}; in an expression, write not {tag[1:]}")
            self._put(event, f"the tag {tag} cannot stand here", hint)
        kind = type(event)
        node: Node
        if kind is yaml.ScalarEvent:
            node, height = self._scalar(event), 0
        elif kind is yaml.SequenceStartEvent:
            node, height = self._items(event, depth)
        else:
            node, height = self._keyed(event, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, height, self._nodes - before)
        return node, height

    def _scalar(self, event: Any) -> Scalar:
        mark = event.start_mark
        text, style = event.value, event.style
        if not style:
            return Scalar(self._sheet, mark.line + 1, mark.column + 1, text, plain_value(text), "")
        return Scalar(self._sheet, mark.line + 1, mark.column + 1, text, text, style)

    def _items(self, start: Any, depth: int) -> tuple[Items, int]:
        found, height = [], 0
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            node, high = self._node(event, depth + 1)
            found.append(node)
            height = max(height, high + 1)
        mark = start.start_mark
        return Items(self._sheet, mark.line + 1, mark.column + 1, tuple(found)), height

    def _keyed(self, start: Any, depth: int) -> tuple[KeyedNode, int]:
        entries: dict[str, KeyedEntry] = {}
        height = 1
        while type(event := self._next()) is not yaml.MappingEndEvent:
            key, _ = self._node(event, depth + 1)
            value, high = self._node(self._next(), depth + 1)
            height = max(height, high + 1)
            if self._usable(key, entries):
                assert isinstance(key, Scalar)  # noqa: S101  # `_usable` says so
                entries[key.text] = KeyedEntry(key, value)
        mark = start.start_mark
        return KeyedNode(self._sheet, mark.line + 1, mark.column + 1, entries, bool(start.flow_style)), height

    def _usable(self, key: Node, entries: dict[str, KeyedEntry]) -> bool:
        if not isinstance(key, Scalar):
            hint = "quote a text that begins with a brace or a bracket"
            self._problems.add(key, "a key must be a word, not a list or a mapping", hint)
        elif key.text == "<<" and not key.style:
            self._problems.add(key, "merge keys are not part of the language", "write the keys out, or use `include:`")
        elif key.text in entries:
            first = entries[key.text].key.line
            self._problems.add(key, f"'{key.text}' is given twice", f"the first one is on line {first}")
        else:
            return True
        return False

    def _alias(self, event: Any, depth: int) -> tuple[Node, int]:
        if event.anchor not in self._anchors:
            hint = "quote a text that begins with *"
            self._stop(event, f"there is no anchor &{event.anchor} before this alias", hint)
        node, height, nodes = self._anchors[event.anchor]
        if node is None:
            self._stop(event, f"*{event.anchor} stands inside what it names")
        self._count(event, nodes)
        if depth + height > MOST_DEEP:
            self._stop(event, f"more than {MOST_DEEP} lists and mappings inside one another")
        assert node is not None  # noqa: S101  # else the reading has stopped
        return node, height

    def _count(self, event: Any, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MOST_NODES:
            hint = "split the scenario, and write fewer aliases of large parts"
            self._stop(event, f"more than {MOST_NODES} values in one file, aliases written out", hint)

    def _put(self, event: Any, message: str, hint: str | None = None) -> None:
        mark = event.start_mark
        anchor = str(event.anchor) if type(event) is yaml.AliasEvent else ""
        place = Place(self._sheet.name, mark.line + 1, mark.column + 1, len(anchor) + 1)
        self._problems.put(self._sheet, place, message, hint)

    def _stop(self, event: Any, message: str, hint: str | None = None) -> None:
        self._put(event, message, hint)
        raise _Stop


def _refuse_character(sheet: Sheet, found: re.Match[str], problems: Problems) -> None:
    before = sheet.text[: found.start()]
    line = len(before.splitlines()) + (before == "" or before[-1] in "\n\r\x85\u2028\u2029")
    column = found.start() - max(before.rfind("\n"), before.rfind("\r")) if before else 1
    place = Place(sheet.name, line, column)
    message = f"the character U+{ord(found[0]):04X} cannot stand in a scenario"
    problems.put(sheet, place, message, "it cannot be seen or is no text: take it out")
