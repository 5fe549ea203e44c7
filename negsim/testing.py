"""Hypothesis strategies: whole scenarios as a user would write them, settings for a run, and runs.

    @given(negsim.testing.scenarios())
    def test_a_run_ends(text):
        assert negsim.run(negsim.load_text(text)).outcome

A scenario is drawn in two steps: first its names with their types, then what is said with them. So
nearly every text loads, and shrinking one leaves a shorter text that loads too. Events are numbered:
what an event triggers has a greater number, or burns of a stock (`fuel`) that is soon empty. So no day
loops, and horizons are short.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from negsim.engine.run import Run, run
from negsim.language import load_text
from negsim.scenario.choices import option_names
from negsim.scenario.model import Rule, Scenario
from negsim.scenario.types import REAL, TRUTH, ActorOf, Enumeration, Real, Truth, Type, Whole, allowed

Document = dict[str, Any]
Names = Mapping[str, Type]
K = TypeVar("K")
T = TypeVar("T")

START = date(2025, 3, 1)
LONGEST_HORIZON = 40
MOST_RULES = 8
_WIDTH = 110
_PLAIN = re.compile(r"(?:[A-Za-z0-9_]|-\d)(?:[\w .()=<>!+*/%-]*[\w)])?")
_SECTIONS = (
    "actors", "groups", "parameters", "readings", "state", "define",
    "events", "history", "rules", "outcomes", "measures",
)  # fmt: skip
_MOODS = ("calm", "tense", "broken")
_ROSTER = ("north", "south", "east", "west", "delta", "heath")
_FEW = 3  # members, as a rule
_ASSUMED = {"assumption": "made up"}
_IN_PLACE = {"value": "3", "low": "1", "high": "6"}  # a parameter in a rule


def scenarios() -> st.SearchStrategy[str]:
    """Texts of small valid scenarios that use the whole language but talks, claims and sources."""
    return documents().map(to_text)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """The same scenarios before they are written out: mappings and lists of what stands in the text."""
    return _Author(draw).document()


@st.composite
def settings(draw: st.DrawFn, scenario: Scenario) -> dict[str, Any]:
    """What `negsim.run` may be asked with: a seed, parameters within their ranges, readings, choices."""
    asked: dict[str, Any] = {"seed": draw(st.integers(0, 20) | st.integers(0, 2**63 - 1)), "set": {}, "read": {}}
    for parameter in scenario.parameters.values():
        if draw(st.booleans()):
            low, high = parameter.low, parameter.high
            within = st.integers(int(low), int(high)) if parameter.whole else st.floats(low, high)
            asked["set"][parameter.name] = draw(within)
    for reading in scenario.readings.values():
        if draw(st.booleans()):
            asked["read"][reading.name] = draw(st.sampled_from(list(reading.options)))
    decisions = [rule for rule in scenario.rules.values() if rule.chooses and rule.by is not None]
    choices = st.one_of(*(_choices(scenario, rule) for rule in decisions))
    asked["choose"] = draw(st.lists(choices, max_size=3)) if decisions else []
    return asked


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Runs of generated scenarios under generated settings."""
    scenario = load_text(draw(scenarios()))
    return run(scenario, **draw(settings(scenario)))


@st.composite
def _choices(draw: st.DrawFn, scenario: Scenario, rule: Rule) -> str:
    text = rule.name
    if draw(st.booleans()) and rule.binders:
        members = [scenario.groups[binder.group].members for binder in rule.binders]
        text += f"[{','.join(draw(st.sampled_from(each)) for each in members)}]"
    if draw(st.booleans()):
        text += f"@{draw(st.integers(0, scenario.horizon_days))}"
    return f"{text}={draw(st.sampled_from(option_names(scenario, rule)))}"


# A document's text.


def to_text(document: Mapping[str, Any]) -> str:
    """A document as YAML: one line for what is short, a block for what is long."""
    lines: list[str] = []
    for key, value in document.items():
        lines += [f"{key}: {_flow(value)}"] if isinstance(value, str) else [f"{key}:", *_block(value, "  ")]
    return "\n".join(lines) + "\n"


def _block(value: Any, margin: str) -> list[str]:
    if isinstance(value, list):
        return [f"{margin}- {_flow(item)}" for item in value]
    lines = []
    for key, item in value.items():
        line = f"{margin}{key}: {_flow(item)}"
        short = len(line) <= _WIDTH or isinstance(item, str)
        lines += [line] if short else [f"{margin}{key}:", *_block(item, margin + "  ")]
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return value if _PLAIN.fullmatch(value) else f'"{value}"'


class _Author:
    """Draws one scenario, section by section, and keeps its names with their types.

    `terms` are what can be read everywhere, `own` what members of a group have, `about` the
    definitions that take a member of `bloc`.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.actors: list[str] = []
        self.groups: dict[str, tuple[str, ...]] = {}
        self.terms: dict[str, Type] = {}
        self.own: dict[str, dict[str, Type]] = {}
        self.about: dict[str, Type] = {}
        self.variables: dict[str, Type] = {}
        self.copies: dict[tuple[str, str], Type] = {}
        self.events: dict[str, dict[str, Type]] = {}

    # Draws, the simplest case first.

    def pick(self, options: Sequence[T]) -> T:
        return options[self.draw(st.integers(0, len(options) - 1))]

    def coin(self) -> bool:
        return self.draw(st.booleans())

    def seldom(self) -> bool:
        return self.number(0, 3) == 3  # noqa: PLR2004 - one in four

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def some(self, found: Mapping[K, T]) -> dict[K, T]:
        return {name: item for name, item in found.items() if self.coin()}

    # Expressions. `bound` are the fields and actors in scope, with their types.

    def member(self, group: str) -> ActorOf:
        return ActorOf(self.groups[group], group)

    def readable(self, bound: Names) -> dict[str, Type]:
        found = {**self.terms, **bound}
        for name, kind in bound.items():
            if isinstance(kind, ActorOf) and kind.group is not None:
                found |= {f"{name}.{own}": t for own, t in self.own[kind.group].items()}
                if set(kind.actors) <= set(self.groups["bloc"]):
                    found |= {f"{definition}({name})": t for definition, t in self.about.items()}
        return found

    def wholes(self, bound: Names) -> list[str]:
        return [text for text, kind in self.readable(bound).items() if isinstance(kind, Whole)]

    def condition(self, bound: Names) -> str:
        clause = self.clause(bound)
        match self.pick(("one", "and", "or", "not", "if", "group")):
            case "one":
                return clause
            case "not":
                return f"not ({clause})"
            case "if":
                return f"({clause}) if {self.clause(bound)} else ({self.clause(bound)})"
            case "group":
                return self.over_group(bound)
            case word:
                return f"({clause}) {word} ({self.clause(bound)})"

    def clause(self, bound: Names) -> str:
        found = self.readable(bound)
        text = self.pick([*found, "1"])
        return "1 < 2" if text == "1" else self.looked_at(text, found[text])

    def looked_at(self, text: str, kind: Type) -> str:
        match kind:
            case Truth():
                return text
            case Real():
                return f"{text} {self.pick(('<', '>='))} {self.pick(('0.5', '0.2'))}"
            case Whole():
                level = self.number(kind.low or 0, kind.high or 1)
                return text + self.pick((f" > {level}", f" <= {level}", f" != {level}", " % 2 == 0"))
            case Enumeration():
                value, other = self.pick(kind.values), self.pick(kind.values)
                return self.pick((f"{text} == {value}", f"{text} != {value}", f"{text} in ({value}, {other})"))
            case ActorOf():
                found = [f"{text} == {self.pick(kind.actors)}", *(f"{text} not in {group}" for group in self.groups)]
                own = self.own[kind.group] if kind.nobody and kind.group else {}
                found += [f"{text} != nobody and {self.looked_at(f'{text}.{n}', t)}" for n, t in own.items()]
                return self.pick(found)

    def over_group(self, bound: Names) -> str:
        group = self.pick(list(self.groups))
        inside = {**bound, "x": self.member(group)}
        each, number = f"for x in {group}", self.pick([*self.wholes(inside), "1"])
        match self.pick(("any", "all", "count", "sum", "min", "max")):
            case "any" | "all" as word:
                return f"{word}({self.clause(inside)} {each} if {self.clause(inside)})"
            case "count":
                return f"count(x {each} if {self.clause(inside)}) >= {self.number(1, 2)}"
            case "sum":
                return f"sum({number} {each} if {self.clause(inside)}) > {self.number(0, 4)}"
            case word:
                return f"{word}({number} {each}) != {self.number(0, 2)}"

    def chance(self, bound: Names) -> Any:
        found: list[Any] = ["0.5", "0.25", "1", "0", "0.07", f"0.8 if {self.clause(bound)} else 0.1"]
        for text, kind in self.readable(bound).items():
            if isinstance(kind, Real):
                found.append(text)
            elif isinstance(kind, Whole):
                found.append(f"{text} / {(kind.high or 0) + 1}")
        return self.pick([*found, {"value": "0.3", "low": "0", "high": "1"}])

    def value(self, kind: Type, bound: Names) -> str:
        """An expression of a type, within its bounds."""
        readable = self.readable(bound).items()
        match kind:
            case Whole(low, high):
                numbers = [f"{text} {by}" for text in self.wholes(bound) for by in ("+ 1", "- 1")]
                return self.pick([self.constant(kind), *(f"min(max({text}, {low}), {high})" for text in numbers)])
            case Enumeration():
                either = f"{self.pick(kind.values)} if {self.clause(bound)} else {self.pick(kind.values)}"
                return self.pick([self.constant(kind), either, *(text for text, t in readable if t == kind)])
            case ActorOf():
                known = {text: t for text, t in readable if isinstance(t, ActorOf)}
                fit = [text for text, t in known.items() if set(allowed(t)) <= set(allowed(kind))]
                return self.pick([self.constant(kind), *fit])
            case Truth() | Real():
                return self.pick((self.constant(TRUTH), self.condition(bound)))

    def constant(self, kind: Type) -> str:
        return str(self.number(kind.low or 0, kind.high or 0)) if isinstance(kind, Whole) else self.pick(allowed(kind))

    # Sections, in an order in which each finds the names it needs.

    def document(self) -> Document:
        found: Document = {"negsim": "1", "title": "A generated scenario", "start": str(START)}
        found["horizon"] = str(self.number(0, LONGEST_HORIZON))
        for section in _SECTIONS:
            found[section] = getattr(self, f"draw_{section}")()
        return {name: section for name, section in found.items() if section}

    def draw_actors(self) -> Document:
        self.actors = ["envoy", "chair"][: self.number(0, 2)]
        return {name: {"name": name.capitalize()} for name in self.actors}

    def draw_groups(self) -> Document:
        attributes: Document = {"kind": {"values": ["coast", "inland"]}, "size": {"range": "0..4"}}
        attributes["share"] = {"number": "true", "default": "0.4"}
        members: Document = {}
        most = len(_ROSTER) if self.seldom() else _FEW
        for name in _ROSTER[: self.number(1, most)]:
            members[name] = {"name": name.capitalize(), "kind": self.pick(("coast", "inland")), **_ASSUMED}
            members[name]["size"] = str(self.number(0, 4))
        self.groups["bloc"] = tuple(members)
        self.own["bloc"] = {"kind": Enumeration(("coast", "inland")), "size": Whole(0, 4), "share": REAL}
        found: Document = {"bloc": {"attributes": attributes, "members": members}}
        ring = self.pick(("none", "inner", "other"))
        if ring == "inner":  # members of another group, in another order
            self.groups["ring"], self.own["ring"] = tuple(members)[:0:-1] or tuple(members), self.own["bloc"]
            found["ring"] = {"members": list(self.groups["ring"])}
        elif ring == "other":
            self.groups["ring"], self.own["ring"] = ("guild", "port"), {}
            found["ring"] = {"members": {"guild": {"name": "Guild"}, "port": {"name": "Port"}}}
        self.actors += [name for group in self.groups.values() for name in group if name not in self.actors]
        return found

    def draw_parameters(self) -> Document:
        odds = {"value": "0.2", "low": "0", "high": "1", "unit": "per day", **_ASSUMED}
        found = self.some({"odds": odds, "lag": {"value": "2", "low": "1", "high": "5", **_ASSUMED}})
        self.terms |= {name: REAL if name == "odds" else Whole(1, 5) for name in found}
        return found

    def draw_readings(self) -> Document:
        options = {"narrow": "Only what is named.", "broad": "All that is like it."}
        found = self.some({"scope": {"options": options, "default": self.pick(("narrow", "broad")), **_ASSUMED}})
        self.terms |= dict.fromkeys(found, Enumeration(("narrow", "broad")))
        return found

    def draw_state(self) -> Document:
        lead = ActorOf(self.groups["bloc"], "bloc", nobody=True)
        self.variables = self.some({"mood": Enumeration(_MOODS), "level": Whole(0, 5), "open": TRUTH, "lead": lead})
        found = {name: self.variable(kind) for name, kind in self.variables.items()}
        if self.coin():
            self.terms["fuel"] = Whole(0, 3)
            found["fuel"] = self.variable(self.terms["fuel"])
        self.terms |= self.variables
        for group in dict.fromkeys(("bloc", *(name for name in self.groups if "guild" in self.groups[name]))):
            own: dict[str, Type] = {"stance": Enumeration(_MOODS), "force": Whole(0, 3), "ready": TRUTH}
            kept = self.some(own)
            if kept:
                found[group] = {name: self.variable(kind, self.groups[group][0]) for name, kind in kept.items()}
            self.own[group] |= kept
            self.copies |= {(group, name): kind for name, kind in kept.items()}
        return found

    def variable(self, kind: Type, member: str = "") -> Document:
        """How a variable is declared; one member may start differently."""
        start: Any = self.constant(kind)
        if member and self.coin():
            start = {member: start, "else": self.constant(kind)}
        if isinstance(kind, Enumeration):
            return {"values": list(kind.values), "initial": start}
        if isinstance(kind, Whole):
            return {"range": f"{kind.low}..{kind.high}", "initial": start}
        return {**({"values": "bloc"} if isinstance(kind, ActorOf) else {}), "initial": start}

    def draw_define(self) -> Document:
        found: Document = {}
        if self.coin():
            found["near"] = self.condition({})
            self.terms["near"] = TRUTH
        if self.coin():
            found["marked(d in bloc)"] = self.condition({"d": self.member("bloc")})
            self.about["marked"] = TRUTH
        if self.coin():
            by = self.pick([name for name, kind in self.own["bloc"].items() if isinstance(kind, Enumeration)])
            first = allowed(self.own["bloc"][by])[0]
            found["pull(d in bloc)"] = {"by": f"d.{by}", first: "0.6", "else": "0.15"}
            self.about["pull"] = REAL
        return found

    def draw_events(self) -> Document:
        words = "mood" if "mood" in self.variables else list(_MOODS)
        written = {"member": "bloc", "to": words, "amount": "1..3", "loud": "bool", "who": "actor"}
        types: dict[str, Type] = {"member": self.member("bloc"), "to": Enumeration(_MOODS), "amount": Whole(1, 3)}
        types |= {"loud": TRUTH, "who": ActorOf(tuple(self.actors))}
        found: Document = {}
        for number in range(self.number(1, 4)):
            fields = self.events[f"event_{number}"] = self.some(types)
            event = {"fields": {name: written[name] for name in fields}, "set": self.effects(fields)}
            found[f"event_{number}"] = {key: item for key, item in event.items() if item}
        if "fuel" in self.terms:
            self.events["burnt"] = {}
            found["burnt"] = {"set": {"fuel": "max(fuel - 1, 0)"}}
        return found

    def effects(self, fields: Names) -> Document:
        """What an event sets; each variable at most once."""
        found = {name: self.value(kind, fields) for name, kind in self.some(self.variables).items()}
        for (group, name), kind in self.some(self.copies).items():
            owners = [group, self.groups[group][0], *(["member"] if "member" in fields and group == "bloc" else [])]
            found[f"{self.pick(owners)}.{name}"] = self.value(kind, fields)
        return found

    def draw_history(self) -> list[Document]:
        entries = []
        for before in sorted((self.number(0, 9) for _ in range(self.number(0, 3))), reverse=True):
            event, fields = self.pick(list(self.events.items()))
            given = ", ".join(self.constant(kind) for kind in fields.values())
            entries.append({"date": str(START - timedelta(days=before)), "emit": f"{event}({given})", **_ASSUMED})
        return entries

    # Rules.

    def draw_rules(self) -> Document:
        """A few rules, and one that goes round until the fuel is gone."""
        found = {f"rule_{number}": self.rule() for number in range(self.number(0, MOST_RULES))}
        if "fuel" in self.terms:
            *_, last, _burnt = self.events
            emits = ["burnt()", self.call(self.pick(list(self.events)[:-1]), {})]
            found["again"] = {**_ASSUMED, "on": last, "still": "fuel > 0", "emit": emits}
        return found

    def rule(self) -> Document:
        events, bound = list(self.events), dict[str, Type]()
        triggers = ("every", "at", "while", "on")
        trigger = self.pick(triggers if len(events) > 1 else triggers[:-1])
        found: Document = dict(_ASSUMED)
        if trigger == "on":
            heard = self.pick([events[:1], *([name] for name in events[:-1]), events[:-1]])
            found["on"] = heard if len(heard) > 1 else heard[0]
            shared = self.events[heard[0]]
            bound |= {name: kind for name, kind in shared.items() if all(name in self.events[each] for each in heard)}
            events = events[events.index(heard[-1]) + 1 :]
        found |= self.binders(bound, most=1 if trigger == "on" else 2)
        return found | self.trigger(trigger, bound) | self.guards(trigger, bound) | self.action(events, bound)

    def binders(self, bound: dict[str, Type], *, most: int) -> Document:
        """`for:`; the bound names come into scope."""
        pairs = [(name, self.pick(list(self.groups))) for name in ("m", "n")[: self.number(0, most)]]
        bound |= {name: self.member(group) for name, group in pairs}
        texts = [f"{name} in {group}" for name, group in pairs]
        return {"for": texts if len(texts) > 1 else texts[0]} if texts else {}

    def day(self) -> Any:
        number = self.number(-6, 12)
        return self.pick([str(number), str(START + timedelta(days=number)), *self.lag(), _IN_PLACE])

    def lag(self) -> list[str]:
        return [name for name in self.terms if name == "lag"]

    def trigger(self, trigger: str, bound: Names) -> Document:
        found: Document = {}
        if trigger == "at":
            found["at"] = self.day()
        elif trigger == "every":
            found["every"] = self.pick([str(self.number(2, 9)), *self.lag(), _IN_PLACE])
        elif trigger == "while":
            found["while"] = self.condition(bound)
        return found | ({self.pick(("from", "until")): self.day()} if self.seldom() else {})

    def guards(self, trigger: str, bound: Names) -> Document:
        found: Document = {}
        if trigger != "while" and self.seldom():
            found["when"] = self.condition(bound)
        if trigger == "while" or self.coin():
            found["chance"] = self.chance(bound)
        if self.coin():
            low, wholes = self.number(0, 2), self.wholes(bound)
            drawn = [
                f"uniform({low}, {low + self.number(0, 4)})",
                "geometric(0.4)",
                *(f"uniform(0, {w})" for w in wholes),
            ]
            found["after"] = self.pick([str(low), *drawn, *wholes, _IN_PLACE])
        if self.seldom():
            found["still"] = self.condition(bound)
        if self.seldom():
            event = self.pick(list(self.events))
            found["unless"] = self.pick((event, self.call(event, bound), list(self.events)))
        return found

    def action(self, events: Sequence[str], bound: Names) -> Document:
        """`emit:` or `choose:`, and who decides."""
        actors = [name for name, kind in bound.items() if isinstance(kind, ActorOf)] + self.actors[:1]
        by = {"by": self.pick(actors)} if self.coin() else {}
        if self.coin():
            return {**by, "emit": self.emissions(events, bound)}
        anchored = self.coin()  # the first option is always open, and weighs something
        options = {}
        for number in range(self.number(1, 3)):
            free, weightless = anchored and number == 0, anchored and number > 0
            options[f"option_{number}"] = self.option(events, bound, free=free, weightless=weightless)
        return {**by, "choose": options}

    def option(self, events: Sequence[str], bound: Names, *, free: bool, weightless: bool) -> Document:
        """One option. `free`: always open; `weightless`: it may weigh nothing."""
        found: Document = {}
        if self.seldom():
            found["for"] = "o in bloc"
            bound = {**bound, "o": self.member("bloc")}
        if self.coin():
            wholes = self.wholes(bound)
            sure = ["2", "0.5", _IN_PLACE, f"3 if {self.clause(bound)} else 1", *(f"{text} + 1" for text in wholes)]
            found["weight"] = self.pick([*sure, *(["0", *wholes] if weightless else [])])
        if not free and self.seldom():
            found["when"] = self.condition(bound)
        return found | ({} if self.seldom() else {"emit": self.emissions(events, bound)})

    def emissions(self, events: Sequence[str], bound: Names) -> Any:
        calls = [self.call(self.pick(events), bound) for _ in range(self.number(1, 2))]
        return calls if len(calls) > 1 else calls[0]

    def call(self, event: str, bound: Names) -> str:
        """An event with its arguments, the last one by its name now and then."""
        given = [self.value(kind, bound) for kind in self.events[event].values()]
        if given and self.coin():
            given[-1] = f"{list(self.events[event])[-1]}={given[-1]}"
        return f"{event}({', '.join(given)})"

    # What a run comes to.

    def draw_outcomes(self) -> Document:
        found: Document = {}
        for number in range(self.number(0, 2)):
            ends = {"ends": "true"} if self.seldom() else {}
            found[f"outcome_{number}"] = {"when": self.condition({}), **ends}
        return {**found, "otherwise": {}}

    def draw_measures(self) -> Document:
        seen = {name: f"{name} if ({self.condition(f)})" if self.coin() else name for name, f in self.events.items()}
        found = {f"of_{name}": f"{self.pick(('count', 'first', 'last'))}({text})" for name, text in seen.items()}
        found["days_so"] = f"days({self.condition({})})"
        found["highest"] = f"most({self.pick([*self.wholes({}), 'sum(x.size for x in bloc)'])})"
        found["mixed"] = "first(event_0) + 2 * count(event_0) - 1"
        found["at_last"] = self.condition({})
        return self.some(found)
