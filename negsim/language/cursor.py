"""A place in the tokens of an expression: what comes next, and what is said where something else should stand."""

from __future__ import annotations

from typing import NoReturn

from negsim.language.meant import between_hint
from negsim.language.syntax import Name
from negsim.language.tokens import Token, Unreadable, tokens
from negsim.scenario.calendar_steps import Step

MOST_DEEP = 50

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
    "[": ("`[` stands only after the name of a reading", "a list of values has round brackets: x in (a, b)"),
    "]": ("`]` closes nothing here", "a list of values has round brackets: x in (a, b)"),
}


class Cursor:
    """Goes through the tokens of a text, and counts how deep inside it is."""

    def __init__(self, text: str, step: Step = Step.DAY) -> None:
        self.text = text
        self.tokens = tokens(text, step)
        self._at = 0
        self._depth = 0

    @property
    def next(self) -> Token:
        """The token that comes next, which is not taken yet."""
        return self.tokens[self._at]

    @property
    def following(self) -> Token:
        """The one after it; the end is followed by itself."""
        return self.tokens[min(self._at + 1, len(self.tokens) - 1)]

    def step(self) -> Token:
        """Takes the next token, whatever it is."""
        token = self.tokens[self._at]
        self._at += 1
        return token

    def take(self, *signs: str) -> Token | None:
        """Takes the next token if it is one of some signs."""
        token = self.tokens[self._at]
        if token.kind == "sign" and token.text in signs:
            self._at += 1
            return token
        return None

    def need(self, sign: str, wanted: str) -> Token:
        """Takes a sign that must stand here."""
        return self.take(sign) or self.fail(wanted)

    def name(self, wanted: str) -> Name:
        """Takes a name that must stand here."""
        if self.next.kind != "name":
            self.fail(wanted)
        token = self.step()
        return Name(token.text, token.start, token.end)

    def enter(self) -> None:
        """One deeper inside."""
        self._depth += 1
        if self._depth > MOST_DEEP:
            raise too_deep(self.next.start)

    def leave(self) -> None:
        """One out again."""
        self._depth -= 1

    def finish(self) -> None:
        """Nothing more may come."""
        token = self.next
        if token.kind == "end":
            return
        if token.text in _UNLIKE or token.kind == "sign":
            self.fail("the end", self._decimal(), unexpected=True)
        raise Unreadable((token.start, token.end), f"'{token.text}' is not expected here", between_hint(token.text))

    def _decimal(self) -> str | None:
        """What to write for two numbers with a comma between."""
        before, after = self.tokens[max(0, self._at - 1)], self.following
        torn = self.next.text == "," and before.kind == after.kind == "number"
        return f"write {before.text}.{after.text}: decimals have a point" if torn else None

    def fail(self, wanted: str, hint: str | None = None, *, unexpected: bool = False) -> NoReturn:
        """Says what should stand here, or that what comes is not expected. Raises Unreadable."""
        token = self.next
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


def too_deep(start: int) -> Unreadable:
    """An expression with too many parts inside one another, which begins or goes too far at `start`."""
    hint = "give parts of it names under `define`"
    return Unreadable((start, start + 1), f"an expression with more than {MOST_DEEP} parts inside one another", hint)
