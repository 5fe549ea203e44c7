"""The grammar of expressions: Python's, cut down, read by precedence, bounded in depth."""

from __future__ import annotations

from typing import NoReturn

from negsim.language.meant import between_hint
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
from negsim.language.tokens import Token, Unreadable, number, tokens

MOST_DEEP = 50

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "//": 2, "%": 2}
_UNLIKE = {
    "=": ("a single `=` compares nothing", "write =="),
    "===": ("`===` is not part of expressions", "write =="),
    "<>": ("`<>` is not part of expressions", "write !="),
    "=>": ("`=>` is not part of expressions", "write >="),
    "=<": ("`=<` is not part of expressions", "write <="),
    "++": ("`++` is not part of expressions", "write x + 1"),
    "+=": ("`+=` is not part of expressions", "under `set` stands the new value: x: x + 1"),
    "-=": ("`-=` is not part of expressions", "under `set` stands the new value: x: x - 1"),
    "**": ("powers are not part of expressions", "write x * x"),
    "&&": ("`&&` is not part of expressions", "write and"),
    "||": ("`||` is not part of expressions", "write or"),
}


def parse(text: str) -> Syntax:
    """An expression. Raises Unreadable."""
    reading = _Reading(text)
    item = reading.choice()
    reading.finish()
    if len(reading.tokens) > MOST_DEEP and height(item) > MOST_DEEP:
        raise _too_deep((item.start, item.start + 1))
    return item


def parse_binders(text: str) -> tuple[tuple[Name, Name], ...]:
    """`m in coalition`, or several with commas: each binder with its group. Raises Unreadable."""
    reading = _Reading(text)
    found = reading.binders()
    reading.finish()
    return found


def parse_head(text: str) -> tuple[Name, tuple[tuple[Name, Name], ...]]:
    """`name` or `name(m in coalition, …)`: the name and its binders. Raises Unreadable."""
    reading = _Reading(text)
    name = reading.name("a name")
    found: tuple[tuple[Name, Name], ...] = ()
    if reading.take("("):
        found = reading.binders()
        reading.need(")", "`)`")
    reading.finish()
    return name, found


def _too_deep(span: tuple[int, int]) -> Unreadable:
    hint = "give parts of it names under `define`"
    return Unreadable(span, f"an expression with more than {MOST_DEEP} parts inside one another", hint)


class _Reading:
    """A place in the tokens of one text; each method reads one level of precedence."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self._at = 0
        self._depth = 0

    @property
    def _next(self) -> Token:
        return self.tokens[self._at]

    def take(self, *signs: str) -> Token | None:
        token = self.tokens[self._at]
        if token.kind == "sign" and token.text in signs:
            self._at += 1
            return token
        return None

    def need(self, sign: str, wanted: str) -> Token:
        return self.take(sign) or self._fail(wanted)

    def name(self, wanted: str) -> Name:
        token = self._next
        if token.kind != "name":
            self._fail(wanted)
        self._at += 1
        return Name(token.text, token.start, token.end)

    def finish(self) -> None:
        if self._next.kind != "end":
            token = self._next
            if token.text in _UNLIKE or token.kind == "sign":
                self._fail("the end", self._decimal(), unexpected=True)
            hint = between_hint(token.text)
            raise Unreadable((token.start, token.end), f"'{token.text}' is not expected here", hint)

    def _decimal(self) -> str | None:
        """What to write for two numbers with a comma between."""
        before, after = self.tokens[max(0, self._at - 1)], self.tokens[min(self._at + 1, len(self.tokens) - 1)]
        torn = self._next.text == "," and before.kind == after.kind == "number"
        return f"write {before.text}.{after.text}: decimals have a point" if torn else None

    def binders(self) -> tuple[tuple[Name, Name], ...]:
        found = []
        while True:
            binder = self.name("a name for the member, as in `m in coalition`")
            self.need("in", "`in` and a group")
            found.append((binder, self.name("a group")))
            if not self.take(","):
                return tuple(found)

    def choice(self, *, counted: bool = False) -> Syntax:
        """`x`, `x if c else y` or, in what a measure counts, `event if c`."""
        self._depth += 1
        if self._depth > MOST_DEEP:
            raise _too_deep((self._next.start, self._next.start + 1))
        then = self._either()
        if self.take("if"):
            test = self._either()
            if self.take("else"):
                other = self.choice()
                then = IfElse(test, then, other, then.start, other.end)
            elif counted and self._next.text in (")", ","):
                then = IfElse(test, then, None, then.start, test.end)
            else:
                self._fail("`else` and another value", "write `x if condition else y`")
        self._depth -= 1
        return then

    def _either(self) -> Syntax:
        return self._joined("or", self._both)

    def _both(self) -> Syntax:
        return self._joined("and", self._negation)

    def _joined(self, sign: str, inner: object) -> Syntax:
        assert callable(inner)  # noqa: S101  # one of the methods above
        first: Syntax = inner()
        if not (self._next.kind == "sign" and self._next.text == sign):
            return first
        items = [first]
        while self.take(sign):
            items.append(inner())
        return Logic(sign, tuple(items), first.start, items[-1].end)

    def _negation(self) -> Syntax:
        token = self.take("not")
        if token is None:
            return self._comparison()
        item = self._deeper(self._negation)
        return Prefix("not", item, token.start, item.end)

    def _deeper(self, inner: object) -> Syntax:
        assert callable(inner)  # noqa: S101  # a method of this class
        self._depth += 1
        if self._depth > MOST_DEEP:
            raise _too_deep((self._next.start, self._next.start + 1))
        item: Syntax = inner()
        self._depth -= 1
        return item

    def _comparison(self) -> Syntax:
        first = self._sum(0)
        items, signs = [first], []
        while sign := self._comparing():
            signs.append(sign)
            items.append(self._several() if sign in ("in", "not in") else self._sum(0))
        return ComparisonChain(tuple(items), tuple(signs), first.start, items[-1].end) if signs else first

    def _comparing(self) -> str | None:
        token = self._next
        if token.kind != "sign":
            return None
        if token.text in _COMPARISONS or token.text == "in":
            self._at += 1
            return token.text
        if token.text == "not" and self.tokens[self._at + 1].text == "in":
            self._at += 2
            return "not in"
        return None

    def _several(self) -> Syntax:
        """What stands after `in`: `(a, b)` or a group's name."""
        opening = self.take("(")
        if opening is None:
            return self._sum(0)
        items = [self.choice()]
        while self.take(","):
            if self._next.text == ")":
                break
            items.append(self.choice())
        closing = self.need(")", "`,` or `)`")
        return Several(tuple(items), opening.start, closing.end)

    def _sum(self, strength: int) -> Syntax:
        left = self._negative()
        while (token := self._next).kind == "sign" and _STRENGTH.get(token.text, 0) > strength:
            self._at += 1
            right = self._sum(_STRENGTH[token.text])
            left = Sum(token.text, left, right, left.start, right.end)
        return left

    def _negative(self) -> Syntax:
        token = self.take("-")
        if token is None:
            return self._atom()
        item = self._deeper(self._negative)
        return Prefix("-", item, token.start, item.end)

    def _atom(self) -> Syntax:
        token = self._next
        if token.kind == "number":
            self._at += 1
            return Number(number(token), token.start, token.end)
        if token.kind == "name":
            return self._named()
        if self.take("("):
            item = self.choice()
            if self._next.text == ",":
                self._fail("`)`", "a list of values stands only after `in`")
            self.need(")", "`)`")
            return item
        return self._fail("a value")

    def _named(self) -> Syntax:
        name = self.name("a name")
        item: Syntax = name
        if opening := self.take("("):
            arguments = self._arguments()
            closing = self.need(")", "`,` or `)`")
            del opening
            item = Call(name, arguments, name.start, closing.end)
        while self.take("."):
            part = self.name("a name after the dot")
            item = Dotted(item, part, item.start, part.end)
        if self._next.text == "(":
            span = (item.start, item.end)
            raise Unreadable(span, f"'{self.text[span[0] : span[1]]}' cannot be called")
        return item

    def _arguments(self) -> tuple[Syntax, ...]:
        found: list[Syntax] = []
        while self._next.text != ")":
            found.append(self._argument())
            if not self.take(","):
                break
        return tuple(found)

    def _argument(self) -> Syntax:
        token, following = self._next, self.tokens[min(self._at + 1, len(self.tokens) - 1)]
        if token.kind == "name" and following.text == "=":
            name = self.name("a name")
            self.take("=")
            item = self.choice()
            return Named(name, item, name.start, item.end)
        element = self.choice(counted=True)
        if not self.take("for"):
            return element
        binder = self.name("a name for the member")
        self.need("in", "`in` and a group")
        group = self.name("a group")
        condition = self._either() if self.take("if") else None
        end = group.end if condition is None else condition.end
        return Members(element, binder, group, condition, element.start, end)

    def _fail(self, wanted: str, hint: str | None = None, *, unexpected: bool = False) -> NoReturn:
        token = self._next
        if token.text in _UNLIKE:
            raise Unreadable((token.start, token.end), *_UNLIKE[token.text])
        if token.kind == "end":
            if self.text.count("(") > self.text.count(")"):
                hint = "close the bracket; in a mapping in braces, quote an expression that holds a comma"
            end = len(self.text.rstrip())
            raise Unreadable((max(0, end - 1), end), f"after this should stand {wanted}", hint)
        if token.text == "if":
            hint = hint or "a condition stands alone; a value that hangs on one is `x if condition else y`"
        message = f"here should stand {wanted}, not '{token.text}'"
        if unexpected:
            message = f"'{token.text}' is not expected here"
        raise Unreadable((token.start, token.end), message, hint)
