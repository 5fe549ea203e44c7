"""The grammar of expressions: Python's, cut down, read by precedence, bounded in depth.

Each function reads one level of precedence, from the cursor on.
"""

from __future__ import annotations

from collections.abc import Callable

from negsim.language.cursor import MOST_DEEP, Cursor, too_deep
from negsim.language.syntax import (
    Call,
    ComparisonChain,
    Dotted,
    IfElse,
    Logic,
    Members,
    Name,
    Named,
    Number,
    Prefix,
    Several,
    Sum,
    Syntax,
    height,
)
from negsim.language.tokens import Unreadable, number

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2}


def parse(text: str) -> Syntax:
    """An expression. Raises Unreadable."""
    cursor = Cursor(text)
    item = _choice(cursor)
    cursor.finish()
    if len(cursor.tokens) > MOST_DEEP and height(item) > MOST_DEEP:
        raise too_deep(item.start)
    return item


def parse_binders(text: str) -> tuple[tuple[Name, Name], ...]:
    """`m in coalition`, or several with commas: each binder with its group. Raises Unreadable."""
    cursor = Cursor(text)
    found = _binders(cursor)
    cursor.finish()
    return found


def parse_head(text: str) -> tuple[Name, tuple[tuple[Name, Name], ...]]:
    """`name` or `name(m in coalition, …)`: the name and its binders. Raises Unreadable."""
    cursor = Cursor(text)
    name = cursor.name("a name")
    found: tuple[tuple[Name, Name], ...] = ()
    if cursor.take("("):
        found = _binders(cursor)
        cursor.need(")", "`)`")
    cursor.finish()
    return name, found


def _binders(cursor: Cursor) -> tuple[tuple[Name, Name], ...]:
    found = []
    while True:
        binder = cursor.name("a name for the member, as in `m in coalition`")
        cursor.need("in", "`in` and a group")
        found.append((binder, cursor.name("a group")))
        if not cursor.take(","):
            return tuple(found)


def _choice(cursor: Cursor, *, counted: bool = False) -> Syntax:
    """`x`, `x if c else y` or, in what a measure counts, `event if c`."""
    cursor.enter()
    then = _either(cursor)
    if cursor.take("if"):
        test = _either(cursor)
        if cursor.take("else"):
            other = _choice(cursor)
            then = IfElse(test, then, other, then.start, other.end)
        elif counted and cursor.next.text in (")", ","):
            then = IfElse(test, then, None, then.start, test.end)
        else:
            cursor.fail("`else` and another value", "write `x if condition else y`")
    cursor.leave()
    return then


def _either(cursor: Cursor) -> Syntax:
    return _joined(cursor, "or", inner=_both)


def _both(cursor: Cursor) -> Syntax:
    return _joined(cursor, "and", inner=_negation)


def _joined(cursor: Cursor, sign: str, *, inner: Callable[[Cursor], Syntax]) -> Syntax:
    items = [inner(cursor)]
    while cursor.take(sign):
        items.append(inner(cursor))
    return items[0] if len(items) == 1 else Logic(sign, tuple(items), items[0].start, items[-1].end)


def _negation(cursor: Cursor) -> Syntax:
    return _prefixed(cursor, "not", again=_negation, inner=_comparison)


def _prefixed(
    cursor: Cursor, sign: str, *, again: Callable[[Cursor], Syntax], inner: Callable[[Cursor], Syntax]
) -> Syntax:
    """A sign before an item that may have one, too; or what stands without one."""
    token = cursor.take(sign)
    if token is None:
        return inner(cursor)
    cursor.enter()
    item = again(cursor)
    cursor.leave()
    return Prefix(sign, item, token.start, item.end)


def _comparison(cursor: Cursor) -> Syntax:
    first = _sum(cursor)
    items, signs = [first], []
    while sign := _comparing(cursor):
        signs.append(sign)
        items.append(_several(cursor) if sign in ("in", "not in") else _sum(cursor))
    return ComparisonChain(tuple(items), tuple(signs), first.start, items[-1].end) if signs else first


def _comparing(cursor: Cursor) -> str | None:
    token = cursor.next
    if token.kind != "sign":
        return None
    if token.text in _COMPARISONS:
        return cursor.step().text
    if token.text == "not" and cursor.following.text == "in":
        return f"{cursor.step().text} {cursor.step().text}"
    return None


def _several(cursor: Cursor) -> Syntax:
    """What stands after `in`: `(a, b)` or a group's name."""
    opening = cursor.take("(")
    if opening is None:
        return _sum(cursor)
    items = [_choice(cursor)]
    while cursor.take(","):
        if cursor.next.text == ")":
            break
        items.append(_choice(cursor))
    closing = cursor.need(")", "`,` or `)`")
    return Several(tuple(items), opening.start, closing.end)


def _sum(cursor: Cursor, strength: int = 0) -> Syntax:
    """Terms with signs between that bind more strongly than `strength`."""
    left = _negative(cursor)
    while (token := cursor.next).kind == "sign" and _STRENGTH.get(token.text, 0) > strength:
        cursor.step()
        right = _sum(cursor, _STRENGTH[token.text])
        left = Sum(token.text, left, right, left.start, right.end)
    return left


def _negative(cursor: Cursor) -> Syntax:
    return _prefixed(cursor, "-", again=_negative, inner=_atom)


def _atom(cursor: Cursor) -> Syntax:
    token = cursor.next
    if token.kind == "number":
        cursor.step()
        return Number(number(token), token.start, token.end)
    if token.kind == "name":
        return _named(cursor)
    if cursor.take("("):
        item = _choice(cursor)
        if cursor.next.text == ",":
            cursor.fail("`)`", "a list of values stands only after `in`")
        cursor.need(")", "`)`")
        return item
    return cursor.fail("a value")


def _named(cursor: Cursor) -> Syntax:
    """`name`, `name(…)`, either with dots and names after it."""
    name = cursor.name("a name")
    item: Syntax = name
    if cursor.take("("):
        arguments = _arguments(cursor)
        closing = cursor.need(")", "`,` or `)`")
        item = Call(name, arguments, name.start, closing.end)
    while cursor.take("."):
        part = cursor.name("a name after the dot")
        item = Dotted(item, part, item.start, part.end)
    if cursor.next.text == "(":
        raise Unreadable((item.start, item.end), f"'{cursor.text[item.start : item.end]}' cannot be called")
    return item


def _arguments(cursor: Cursor) -> tuple[Syntax, ...]:
    found: list[Syntax] = []
    while cursor.next.text != ")":
        found.append(_argument(cursor))
        if not cursor.take(","):
            break
    return tuple(found)


def _argument(cursor: Cursor) -> Syntax:
    """A value, `name=value`, or `x for m in group if c`."""
    if cursor.next.text == "else" and cursor.following.text == "=":
        token = cursor.step()
        cursor.take("=")
        item = _choice(cursor)
        return Named(Name(token.text, token.start, token.end), item, token.start, item.end)
    if cursor.next.kind == "name" and cursor.following.text == "=":
        name = cursor.name("a name")
        cursor.take("=")
        item = _choice(cursor)
        return Named(name, item, name.start, item.end)
    element = _choice(cursor, counted=True)
    if not cursor.take("for"):
        return element
    binder = cursor.name("a name for the member")
    cursor.need("in", "`in` and a group")
    group = cursor.name("a group")
    condition = _either(cursor) if cursor.take("if") else None
    end = group.end if condition is None else condition.end
    return Members(element, binder, group, condition, element.start, end)
