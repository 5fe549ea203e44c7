"""Scenarios of one measure each: an expression of any kind, one in another."""

from hypothesis import assume
from hypothesis import strategies as st

from negsim.errors import ScenarioError
from negsim.language import load_text

WORLD = """\
negsim: 1
title: One expression
start: 2030-01-01
horizon: 3
groups:
  g:
    attributes: {{size: {{range: 0..2}}, kind: {{values: [coast, inland]}}}}
    members:
      u: {{name: U, size: 0, kind: coast, assumption: x}}
      v: {{name: V, size: 2, kind: coast, assumption: x}}
      w: {{name: W, size: 1, kind: inland, assumption: x}}
parameters:
  p: {{value: 1, low: -1, high: 2, assumption: x}}
  q: {{value: 0.5, low: 0, high: 1, assumption: x}}
readings:
  r: {{assumption: x, options: {{a: A, b: B}}, default: a}}
  s: {{assumption: x, options: {{x: X, y: Y}}, default: x}}
state:
  n: {{range: -2..2, initial: 1}}
  mood: {{values: [calm, tense, broken], initial: calm}}
  lead: {{values: g, initial: nobody}}
  g: {{up: {{initial: true}}, rank: {{range: 0..3, initial: 1}}}}
define:
  crowd: count(k for k in g if k.up) + (n if r == a else 2)
  strong(k in g): k.up and (k.rank > k.size or s == x)
  over(k in g, j in g): k.rank - j.rank
events: {{told: {{set: {{n: 0}}}}}}
rules: {{tells: {{assumption: x, on: told, emit: told()}}}}
outcomes: {{any_: {{}}}}
measures: {{found: "{}"}}
"""


class Words:
    """Draws expressions; `names` are the actors that are bound."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def pick(self, *options: str) -> str:
        return self.draw(st.sampled_from(options))

    def actor(self, names: tuple[str, ...]) -> str:
        return self.pick("u", "lead", *names * 2)

    def anybody(self, names: tuple[str, ...]) -> str:
        return self.pick(self.actor(names), "(u if n > 0 else lead)")

    def number(self, names: tuple[str, ...], depth: int) -> str:
        def number() -> str:
            return self.number(names, depth - 1)

        def truth() -> str:
            return self.truth(names, depth - 1)

        who, inner = self.actor(names), f"k{depth}"
        leaves = ("0", "2", "n", "p", "q", "crowd", f"{who}.size", f"{who}.rank", f"over({who}, {self.anybody(names)})")
        match self.pick("leaf", "sign", "if", "function", "over") if depth else "leaf":
            case "leaf":
                return self.pick(*leaves)
            case "sign":
                sign = self.pick("+", "-", "*", "/", "//", "%")
                left, right = (self.whole(names), self.whole(names)) if sign in ("//", "%") else (number(), number())
                return f"({left} {sign} {right})"
            case "if":
                return f"({number()} if {truth()} else {number()})"
            case "function":
                return self.pick(f"min({number()}, {number()}, 1)", f"abs({number()})", f"max({number()}, {number()})")
            case _:
                names = (*names, inner)
                function, test = (
                    self.pick("sum", "min", "max", "count"),
                    self.pick("", f" if {self.truth(names, depth - 1)}"),
                )
                element = inner if function == "count" else self.number(names, depth - 1)
                return f"{function}({element} for {inner} in g{test})"

    def whole(self, names: tuple[str, ...]) -> str:
        return self.pick("n", "p", "(n - p)", "2", "-2", "crowd", f"{self.actor(names)}.rank", "abs(n)", "-n")

    def truth(self, names: tuple[str, ...], depth: int) -> str:
        def number() -> str:
            return self.number(names, depth - 1)

        def truth() -> str:
            return self.truth(names, depth - 1)

        who, inner = self.actor(names), f"k{depth}"
        leaves = (
            "r == a",
            "s != x",
            "mood == calm",
            "mood in (calm, tense)",
            f"{who}.up",
            f"strong({self.anybody(names)})",
        )
        match self.pick("leaf", "compare", "join", "not", "over") if depth else "leaf":
            case "leaf":
                return self.pick(
                    *leaves, f"{who} == lead", f"{who} in g", f"{who}.kind == coast", f"n in (p, {self.whole(names)})"
                )
            case "compare":
                return f"{number()} {self.pick('<', '<=', '==', '!=')} {number()}"
            case "join":
                return f"({truth()} {self.pick('and', 'or')} {truth()} {self.pick('and', 'or')} {truth()})"
            case "not":
                return f"not ({truth()})"
            case _:
                inside = (*names, inner)
                element = self.pick(f"{inner}.up", f"{inner}.rank == 1", self.truth(inside, depth - 1))
                return f"{self.pick('any', 'all')}({element} for {inner} in g{self.test(inside, depth - 1)})"

    def test(self, names: tuple[str, ...], depth: int) -> str:
        """What a generator may ask of its members."""
        return self.pick("", " if n > 0", f" if {names[-1]}.rank == 1", f" if {self.truth(names, depth)}")


@st.composite
def worlds(draw: st.DrawFn) -> str:
    words = Words(draw)
    number, truth, counted = words.number((), 3), words.truth((), 3), words.pick("0", "count(told)")
    text = WORLD.format(f"({number}) * (1 if {truth} else 2) + {counted}")
    try:
        load_text(text)
    except ScenarioError as error:
        assume("this divides by zero" not in str(error))
        raise
    return text
