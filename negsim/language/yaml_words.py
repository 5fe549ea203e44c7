"""What a YAML parser could not read, in our words. libyaml and PyYAML's own parser put it differently."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from negsim.errors import Place
from negsim.language.nodes import Sheet
from negsim.language.odd import first_break, meant_by, named
from negsim.language.problems import Problems

if TYPE_CHECKING:
    import yaml

MOST_LINES = 3  # how many lines before the place an odd character is looked for


@attrs.frozen
class Explained:
    """What the parsers say (a pattern), and what we say instead. `{line}` is the line where it began."""

    said: str
    message: str
    hint: str | None = None


# A text in single quotes that ended at an apostrophe.
_QUOTED = re.compile(r"(?:^|[\s\[{,])'[^']*\w'(?=\w*[^,}\]]*$)")
_BRACED = "quote a text that holds a brace, a bracket or a comma"
_ESCAPE = "write the text in single quotes, or \\\\ for a backslash"
_KEY = "keys of one mapping begin in one column; a text that begins with a quote ends with it"
_EXPLAINED = (
    Explained(
        "mapping values are not allowed",
        "a second `: ` on this line, or a line that is indented wrongly",
        "quote a text that holds `: `; keys of one mapping begin in one column",
    ),
    Explained("mapping keys are not allowed", "no key can begin here", "quote a text that begins with `? `"),
    Explained("did not find expected key|block mapping: expected <block end>", "a key is expected here", _KEY),
    Explained("expected ',' or '}'", "the brace on line {line} is not closed, or a comma is missing", _BRACED),
    Explained("expected ',' or ']'", "the bracket on line {line} is not closed, or a comma is missing", _BRACED),
    Explained(
        "could not find expected ':'",
        "a key without its `:`",
        "write `key: value`; a text over several lines is indented under its key",
    ),
    Explained(
        "found unexpected end of stream",
        "the quote that opens here is never closed",
        "close it with the same quote",
    ),
    Explained(
        "found unexpected document (?:indicator|separator)",
        "the quote that opens here is never closed",
        "close it with the same quote",
    ),
    Explained(
        "did not find expected '-' indicator|block collection: expected <block end>",
        "an item of a list is expected here",
        "each item begins with `- `",
    ),
    Explained("undefined tag handle", "tags are not part of the language", "take it out"),
    Explained("expected alphabetic", "a name is expected after & or *", "quote a text that begins with & or *"),
    Explained(
        "sequence entries are not allowed",
        "a list cannot begin here",
        "begin it on a line of its own, or write it as [a, b]",
    ),
    Explained("did not find expected node content|expected the node content", "a value is expected here"),
    Explained("expected '?<document start>", "a second document begins here, or a line is indented wrongly"),
    Explained(
        "comment or (?:a )?line break|chomping or indentation",
        "`|` and `>` open a text over several lines, and stand alone on theirs",
        "quote a text that begins with | or >",
    ),
    Explained("found unexpected ':'", "a `:` without a blank after it", "write `key: value`, or quote the text"),
    Explained(
        "expected whitespace or line break|expected ' ', but found",
        "a blank is missing here",
        "quote a text that begins with ! or &",
    ),
    Explained(
        "expected hexdecimal number|expected escape sequence of|found unknown escape character|invalid Unicode char",
        "an unknown escape in a text in double quotes",
        _ESCAPE,
    ),
)


def explain(sheet: Sheet, error: yaml.YAMLError, problems: Problems) -> None:
    """A problem in our words for what the YAML parser could not read."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    context = getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", None) or "it cannot be read")
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    first = context.line + 1 if context is not None else line
    near = range(max(first, line - MOST_LINES), line + 1)
    if _blame_tab(sheet, near, problems) or _blame_odd(sheet, near, problems):
        return
    text = sheet.lines[line - 1] if 0 < line <= len(sheet.lines) else ""
    if early := _QUOTED.search(text[: column - 1]):
        place = Place(sheet.name, line, early.end())
        problems.put(sheet, place, "the quote ends here, within a word", "a ' in a text in single quotes is written ''")
        return
    message, hint = _in_our_words(sheet, f"{getattr(error, 'context', None) or ''}: {said}", (line, column))
    if context is not None and ("end of stream" in said or "<stream end>" in said or line > len(sheet.lines)):
        message = message.replace(" on line {line}", " that opens here")
        line, column = context.line + 1, context.column + 1
    elif context is not None:
        message = message.replace("{line}", str(context.line + 1))
    if "is not closed" in message and re.search(r"\s#", sheet.lines[first - 1] if first <= len(sheet.lines) else ""):
        hint = "a # after a blank begins a comment: quote a text that holds one"
    problems.put(sheet, Place(sheet.name, line, column), message, hint)


def _blame_tab(sheet: Sheet, numbers: range, problems: Problems) -> bool:
    """Whether a tab in the indentation explains it; then that is the problem."""
    for number in numbers:
        line = sheet.lines[number - 1] if number <= len(sheet.lines) else ""
        if tab := re.match(r" *(\t)", line):
            place = Place(sheet.name, number, tab.start(1) + 1)
            problems.put(sheet, place, "a tab cannot indent a line", "indent with spaces")
            return True
    return False


def _blame_odd(sheet: Sheet, numbers: range, problems: Problems) -> bool:
    """Whether a character that is not what it looks like explains it; then that is the problem."""
    found = first_break(sheet.lines, tuple(numbers))
    if found is None:
        return False
    line, column, character = found
    plain = meant_by(character)
    message = f"{named(character)} stands here, which YAML takes for a letter"
    hint = "take it out: it cannot be seen" if plain == "nothing" else f"write {plain}"
    problems.put(sheet, Place(sheet.name, line, column), message, hint)
    return True


def _in_our_words(sheet: Sheet, said: str, at: tuple[int, int]) -> tuple[str, str | None]:
    if "that cannot start any token" in said:
        return _bad_start(sheet, *at)
    for each in _EXPLAINED:
        if re.search(each.said, said):
            return each.message, each.hint
    return f"this is not YAML: {said.split(': ', 1)[1]}", None


def _bad_start(sheet: Sheet, line: int, column: int) -> tuple[str, str]:
    text = sheet.lines[line - 1] if line <= len(sheet.lines) else ""
    sign = text[column - 1 : column]
    if sign == "\t":
        return "a tab cannot stand here", "write blanks"
    return f"no value can begin with {sign}", f"quote a text that begins with {sign}"
