"""Hypothesis strategies: whole scenarios as a user would write them, settings for a run, and runs.

    from hypothesis import given
    import negsim
    from negsim.testing import scenarios

    @given(scenarios())
    def test_a_run_ends(text):
        assert negsim.run(negsim.load_text(text)).outcome

A scenario is drawn in two steps: first its names with their types, then what is said with them. So
nearly every text loads, and shrinking one leaves a shorter text that loads too. Horizons are short.
Events are numbered: what an event triggers has a greater number, or spends of a stock (`fuel`) that is
soon empty. So no day loops.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from negsim.engine.policy import option_names
from negsim.engine.run import Run, run
from negsim.load import load_text
from negsim.scenario.model import Rule, Scenario
from negsim.scenario.types import REAL, TRUTH, ActorOf, Enumeration, Real, Truth, Type, Whole, allowed

Document = dict[str, Any]
T = TypeVar("T")

START = date(2025, 3, 1)
LONGEST_HORIZON = 40
_WIDTH = 110
_PLAIN = re.compile(r"(?:[A-Za-z0-9_]|-\d)(?:[\w .()=<>!+*/%-]*[\w)])?")
_MOODS = ("calm", "tense", "broken")
_KINDS = ("coast", "inland", "island")
_ROSTER = ("north", "south", "east", "west")


def scenarios() -> st.SearchStrategy[str]:
    """Texts of small valid scenarios that use most of the language but talks and claims."""
    return documents().map(to_text)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """The same scenarios before they are written out: nested mappings and lists of what stands in the text."""
    return _Author(draw).document()


@st.composite
def settings(draw: st.DrawFn, scenario: Scenario) -> dict[str, Any]:
    """What `negsim.run` may be asked with: a seed, parameters within their ranges, readings, choices."""
    given: dict[str, Any] = {"seed": draw(st.integers(0, 20) | st.integers(0, 2**63 - 1)), "set": {}, "read": {}}
    for parameter in scenario.parameters.values():
        if draw(st.booleans()):
            low, high = parameter.low, parameter.high
            inside = st.integers(int(low), int(high)) if parameter.whole else st.floats(low, high)
            given["set"][parameter.name] = draw(inside)
    for reading in scenario.readings.values():
        if draw(st.booleans()):
            given["read"][reading.name] = draw(st.sampled_from(list(reading.options)))
    decisions = [rule for rule in scenario.rules.values() if rule.chooses and rule.by is not None]
    choices = st.one_of(*(_choices(scenario, rule) for rule in decisions))
    given["choose"] = draw(st.lists(choices, max_size=3)) if decisions else []
    return given


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Runs of generated scenarios under generated settings."""
    scenario = load_text(draw(scenarios()))
    return run(scenario, **draw(settings(scenario)))


@st.composite
def _choices(draw: st.DrawFn, scenario: Scenario, rule: Rule) -> str:
    text = rule.name
    if rule.binders and draw(st.booleans()):
        actors = [draw(st.sampled_from(scenario.groups[binder.group].members)) for binder in rule.binders]
        text += f"[{','.join(actors)}]"
    if draw(st.booleans()):
        text += f"@{draw(st.integers(0, scenario.horizon_days))}"
    return f"{text}={draw(st.sampled_from(option_names(scenario, rule)))}"


# The text of a document.


def to_text(document: Mapping[str, Any]) -> str:
    """A document as YAML: one line for what is short, a block for what is long."""
    lines: list[str] = []
    for key, value in document.items():
        if isinstance(value, str):
            lines.append(f"{key}: {_scalar(value)}")
        else:
            lines += [f"{key}:", *_block(value, "  ")]
    return "\n".join(lines) + "\n"


def _block(value: Any, margin: str) -> list[str]:
    if isinstance(value, list):
        return [f"{margin}- {_flow(item)}" for item in value]
    lines = []
    for key, item in value.items():
        line = f"{margin}{key}: {_flow(item)}"
        short = len(line) <= _WIDTH or not isinstance(item, dict)
        lines += [line] if short else [f"{margin}{key}:", *_block(item, margin + "  ")]
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else f'"{value}"'


# The names of a scenario.


@attrs.frozen
class _Term:
    """Something that an expression can read, as it is written, and its type."""

    text: str
    type: Type


@attrs.define
class _Names:
    """The names drawn so far. `own` are what members of a group have; `about` the definitions for one member."""

    actors: list[str] = attrs.Factory(list)
    groups: dict[str, tuple[str, ...]] = attrs.Factory(dict)
    terms: list[_Term] = attrs.Factory(list)
    own: dict[str, list[_Term]] = attrs.Factory(dict)
    about: list[tuple[str, str, Type]] = attrs.Factory(list)
    variables: dict[str, Type] = attrs.Factory(dict)
    events: dict[str, dict[str, Type]] = attrs.Factory(dict)

    def member(self, group: str) -> ActorOf:
        """The type of a group's member."""
        return ActorOf(self.groups[group], group)

    def readable(self, bound: Mapping[str, Type]) -> list[_Term]:
        """All that can be read where these names are bound."""
        found = [_Term(name, kind) for name, kind in bound.items()]
        for name, kind in bound.items():
            if isinstance(kind, ActorOf) and kind.group is not None:
                found += [_Term(f"{name}.{own.text}", own.type) for own in self.own[kind.group]]
                inside = set(kind.actors)
                found += [_Term(f"{d}({name})", t) for d, group, t in self.about if inside <= set(self.groups[group])]
        return [*self.terms, *found]


class _Author:
    """Draws one scenario, section by section."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.names = _Names()

    # Draws, the simple case first.

    def pick(self, options: Sequence[T]) -> T:
        return options[self.draw(st.integers(0, len(options) - 1))]

    def coin(self) -> bool:
        return self.draw(st.booleans())

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))

    def day(self) -> str:
        """A day of the run, as a number or a date."""
        day = self.number(0, 12)
        return str(START + timedelta(days=day)) if self.coin() else str(day)

    def some(self, items: Sequence[T]) -> list[T]:
        return [item for item in items if self.coin()]

    # Expressions. `bound` are the fields and actors in scope, with their types.

    def condition(self, bound: Mapping[str, Type]) -> str:
        """Something true or false."""
        first = self.clause(bound)
        match self.pick(("one", "and", "or", "not", "given", "group")):
            case "and" | "or" as word:
                return f"({first}) {word} ({self.clause(bound)})"
            case "not":
                return f"not ({first})"
            case "given":
                return f"({first}) if {self.clause(bound)} else ({self.clause(bound)})"
            case "group":
                return self.over_group(bound)
            case _:
                return first

    def clause(self, bound: Mapping[str, Type]) -> str:
        """One comparison, or one truth."""
        terms = self.names.readable(bound)
        return self.look(self.pick(terms), terms) if terms else "1 < 2"

    def look(self, term: _Term, terms: Sequence[_Term]) -> str:
        text, kind = term.text, term.type
        match kind:
            case Truth():
                return text
            case Real():
                return f"{text} {self.pick(('<', '>='))} {self.pick(('0.5', '0.2'))}"
            case Whole():
                level = self.number(kind.low or 0, kind.high or 1)
                return self.pick(
                    (f"{text} > {level}", f"{text} <= {level}", f"0 <= {text} < {level}", f"{text} % 2 == 0")
                )
            case Enumeration():
                few = ", ".join((self.pick(kind.values), self.pick(kind.values)))
                return self.pick((f"{text} == {few.split(',')[0]}", f"{text} != {kind.values[0]}", f"{text} in ({few})"))
            case ActorOf():
                return self.look_at_actor(term, kind, terms)

    def look_at_actor(self, term: _Term, kind: ActorOf, terms: Sequence[_Term]) -> str:
        text = term.text
        found = [f"{text} == {self.pick(kind.actors)}"]
        found += [f"{text} not in {group}" for group in self.names.groups]
        found += [f"{text} != {t.text}" for t in terms if isinstance(t.type, ActorOf) and t.type.actors == kind.actors]
        if kind.nobody and kind.group is not None:
            inner = [_Term(f"{text}.{own.text}", own.type) for own in self.names.own[kind.group]]
            found += [f"{text} != nobody and {self.look(each, terms)}" for each in inner]
        return self.pick(found)

    def over_group(self, bound: Mapping[str, Type]) -> str:
        """A truth about the members of a group."""
        group = self.pick(list(self.names.groups))
        name = "y" if "x" in bound else "x"
        inside = {**bound, name: self.names.member(group)}
        each = f"for {name} in {group}"
        wholes = [t.text for t in self.names.readable(inside) if isinstance(t.type, Whole)]
        found = [
            f"any({self.clause(inside)} {each})",
            f"all({self.clause(inside)} {each} if {self.clause(inside)})",
            f"count({name} {each} if {self.clause(inside)}) >= {self.number(1, 2)}",
        ]
        if wholes:
            found.append(f"sum({self.pick(wholes)} {each} if {self.clause(inside)}) > {self.number(0, 4)}")
            found.append(f"{self.pick(('min', 'max'))}({self.pick(wholes)} {each}) != {self.number(0, 2)}")
        return self.pick(found)

    def chance(self, bound: Mapping[str, Type]) -> Any:
        """A number within 0..1, or a parameter in place."""
        found: list[Any] = [self.pick(("0.5", "0.25", "1", "0", "0.07", "0.9"))]
        for term in self.names.readable(bound):
            if isinstance(term.type, Real):
                found.append(term.text)
            elif isinstance(term.type, Whole):
                found.append(f"{term.text} / {(term.type.high or 0) + 1}")
        found.append(f"0.8 if {self.clause(bound)} else 0.1")
        found.append({"value": "0.3", "low": "0", "high": "1"})
        return self.pick(found)

    def value(self, kind: Type, bound: Mapping[str, Type]) -> str:
        """An expression of a type, within its bounds."""
        terms = self.names.readable(bound)
        match kind:
            case Truth():
                return self.pick(("true", "false", self.condition(bound)))
            case Whole():
                low, high = kind.low or 0, kind.high or 0
                wholes = [t.text for t in terms if isinstance(t.type, Whole)]
                moved = [f"min(max({text} {sign}, {low}), {high})" for text in wholes for sign in ("+ 1", "- 1", "* 2")]
                return self.pick([str(self.number(low, high)), *moved])
            case Enumeration():
                same = [t.text for t in terms if t.type == kind]
                either = f"{self.pick(kind.values)} if {self.clause(bound)} else {self.pick(kind.values)}"
                return self.pick([self.pick(kind.values), either, *same])
            case ActorOf():
                same = [t.text for t in terms if isinstance(t.type, ActorOf) and set(allowed(t.type)) <= set(allowed(kind))]
                return self.pick([self.pick(allowed(kind)), *same])
            case Real():
                return "0.5"

    # Sections.

    def document(self) -> Document:
        """The whole scenario; sections with nothing in them are left out."""
        horizon = self.number(0, LONGEST_HORIZON)
        sections: dict[str, Callable[[], Any]] = {
            "actors": self.actors,
            "groups": self.groups,
            "parameters": self.parameters,
            "readings": self.readings,
            "state": self.state,
            "define": self.definitions,
            "events": self.events,
            "history": self.history,
            "rules": self.rules,
            "outcomes": self.outcomes,
            "measures": self.measures,
        }
        head = {"negsim": "1", "title": "A generated scenario", "start": str(START), "horizon": str(horizon)}
        made = {name: section() for name, section in sections.items()}
        return {**head, **{name: section for name, section in made.items() if section}}

    def actors(self) -> Document:
        self.names.actors = ["envoy", "chair"][: self.number(0, 2)]
        return {name: {"name": name.capitalize()} for name in self.names.actors}

    def groups(self) -> Document:
        members = _ROSTER[: self.number(1, 3)]
        self.names.groups["bloc"] = members
        self.names.own["bloc"] = own = [_Term("kind", Enumeration(_KINDS)), _Term("size", Whole(0, 4)), _Term("share", REAL)]
        self.names.actors += members
        roster = {}
        for member in members:
            given = {"kind": self.pick(_KINDS), "size": str(self.number(0, 4))}
            roster[member] = {"name": member.capitalize(), **given, "assumption": "Made up."}
        attributes = {
            "kind": {"values": list(_KINDS)},
            "size": {"range": "0..4"},
            "share": {"number": "true", "default": "0.4"},
        }
        found: Document = {"bloc": {"attributes": attributes, "members": roster}}
        match self.pick(("one", "inner", "other")):
            case "inner":  # members of another group, in another order
                self.names.groups["ring"] = tuple(reversed(members))[:2]
                self.names.own["ring"] = own
                found["ring"] = {"members": list(self.names.groups["ring"])}
            case "other":
                self.names.groups["ring"] = ("guild", "port")
                self.names.own["ring"] = []
                self.names.actors += self.names.groups["ring"]
                found["ring"] = {"members": {"guild": {"name": "Guild"}, "port": {"name": "Port"}}}
            case _:
                pass
        return found

    def parameters(self) -> Document:
        possible: Document = {
            "odds": {"value": "0.2", "low": "0", "high": "1", "unit": "per day", "assumption": "Made up."},
            "lag": {"value": "2", "low": "1", "high": "5", "unit": "days", "assumption": "Made up."},
        }
        types: dict[str, Type] = {"odds": REAL, "lag": Whole(1, 5)}
        chosen = self.some(list(possible))
        self.names.terms += [_Term(name, types[name]) for name in chosen]
        return {name: possible[name] for name in chosen}

    def readings(self) -> Document:
        if not self.coin():
            return {}
        self.names.terms.append(_Term("scope", Enumeration(("narrow", "broad"))))
        options = {"narrow": "Only what is named.", "broad": "All that is like it."}
        return {"scope": {"options": options, "default": self.pick(("narrow", "broad")), "assumption": "Made up."}}

    def state(self) -> Document:
        possible: Document = {
            "mood": {"values": list(_MOODS), "initial": self.pick(_MOODS)},
            "level": {"range": "0..5", "initial": str(self.number(0, 5))},
            "open": {"initial": self.pick(("false", "true"))},
            "lead": {"values": "bloc", "initial": self.pick(("nobody", "north"))},
        }
        lead = ActorOf(self.names.groups["bloc"], "bloc", nobody=True)
        types: dict[str, Type] = {"mood": Enumeration(_MOODS), "level": Whole(0, 5), "open": TRUTH, "lead": lead}
        found = {name: possible[name] for name in self.some(list(possible))}
        self.names.variables = {name: types[name] for name in found}
        self.names.terms += [_Term(name, types[name]) for name in found]
        start = {"north": self.pick(_MOODS), "else": "calm"} if self.coin() else "tense"
        members = {
            "stance": {"values": list(_MOODS), "initial": start},
            "count_of": {"range": "0..3", "initial": "1"},
            "ready": {"initial": "false"},
        }
        own: dict[str, Type] = {"stance": Enumeration(_MOODS), "count_of": Whole(0, 3), "ready": TRUTH}
        kept = self.some(list(members))
        self.names.own["bloc"] += [_Term(name, own[name]) for name in kept]
        if self.coin():
            found["fuel"] = {"range": "0..3", "initial": str(self.number(0, 3))}
        return {**found, **({"bloc": {name: members[name] for name in kept}} if kept else {})}

    def definitions(self) -> Document:
        found: Document = {}
        if self.coin():
            found["near"] = self.condition({})
            self.names.terms.append(_Term("near", TRUTH))
        if self.coin():
            found["marked(d in bloc)"] = self.condition({"d": self.names.member("bloc")})
            self.names.about.append(("marked", "bloc", TRUTH))
        if self.coin():
            term = self.pick([t for t in self.names.own["bloc"] if isinstance(t.type, Enumeration)])
            first = allowed(term.type)[0]
            found["pull(d in bloc)"] = {"by": f"d.{term.text}", first: "0.6", "else": "0.15"}
            self.names.about.append(("pull", "bloc", REAL))
        return found

    def events(self) -> Document:
        found: Document = {}
        for number in range(self.number(1, 4)):
            name = f"event_{number}"
            declared, fields = self.fields()
            self.names.events[name] = fields
            changes = self.changes(fields)
            found[name] = {**({"fields": declared} if declared else {}), **({"set": changes} if changes else {})}
        return found

    def fields(self) -> tuple[Document, dict[str, Type]]:
        everyone = ActorOf(tuple(self.names.actors))
        possible: dict[str, tuple[Any, Type]] = {
            "member": ("bloc", self.names.member("bloc")),
            "to": ("mood" if "mood" in self.names.variables else list(_MOODS), Enumeration(_MOODS)),
            "amount": ("1..3", Whole(1, 3)),
            "loud": ("bool", TRUTH),
            "by_whom": ("actor", everyone),
        }
        chosen = self.some(list(possible))
        return {name: possible[name][0] for name in chosen}, {name: possible[name][1] for name in chosen}

    def changes(self, fields: Mapping[str, Type]) -> Document:
        """What an event sets; each variable at most once."""
        owners = ["bloc", "north", *(["member"] if "member" in fields else [])]
        found = {}
        for name, kind in self.names.variables.items():
            if self.coin():
                found[name] = self.value(kind, fields)
        for own in self.names.own["bloc"]:
            if own.text in ("stance", "count_of", "ready") and self.coin():
                found[f"{owners[-1 - self.number(0, len(owners) - 1)]}.{own.text}"] = self.value(own.type, fields)
        return found

    def call(self, event: str, bound: Mapping[str, Type]) -> str:
        """An event with its arguments."""
        fields = self.names.events[event]
        given = [self.value(kind, bound) for kind in fields.values()]
        if given and self.coin():
            given[-1] = f"{list(fields)[-1]}={given[-1]}"
        return f"{event}({', '.join(given)})"

    def history(self) -> list[Document]:
        days = sorted((self.number(0, 9) for _ in range(self.number(0, 3))), reverse=True)
        entries = []
        for before in days:
            event = self.pick(list(self.names.events))
            given = [self.constant(kind) for kind in self.names.events[event].values()]
            day = str(START - timedelta(days=before))
            entries.append({"date": day, "emit": f"{event}({', '.join(given)})", "assumption": "Made up."})
        return entries

    def constant(self, kind: Type) -> str:
        return str(self.number(kind.low or 0, kind.high or 0)) if isinstance(kind, Whole) else self.pick(allowed(kind))

    # Rules.

    def rules(self) -> Document:
        found = {f"rule_{number}": self.rule() for number in range(self.number(0, 8))}
        if "fuel" in self.names.events.get("burnt", ()):
            pass
        return found

    def rule(self) -> Document:
        """A rule: trigger, binders, guards, delay, action."""
        names = list(self.names.events)
        kinds = ("at", "every", "while", "on")
        trigger = self.pick(kinds if len(names) > 1 else kinds[:-1])
        bound: dict[str, Type] = {}
        targets, found = names, {"assumption": "Made up."}
        if trigger == "on":
            heard = sorted({self.number(0, len(names) - 2), self.number(0, len(names) - 2)})
            targets = names[heard[-1] + 1 :]
            found["on"] = [names[i] for i in heard] if len(heard) > 1 else names[heard[0]]
            first = self.names.events[names[heard[0]]]
            bound = {f: kind for f, kind in first.items() if all(f in self.names.events[names[i]] for i in heard)}
        found |= self.binders(bound, most=1 if trigger == "on" else 2)
        return found | self.trigger(trigger, bound) | self.guards(trigger, bound) | self.action(targets, bound)

    def binders(self, bound: dict[str, Type], *, most: int) -> Document:
        """`for:`, and the bound names put in scope."""
        groups = [self.pick(list(self.names.groups)) for _ in range(self.number(0, most))]
        pairs = list(zip(("m", "n"), groups, strict=False))
        bound |= {name: self.names.member(group) for name, group in pairs}
        texts = [f"{name} in {group}" for name, group in pairs]
        return {"for": texts if len(texts) > 1 else texts[0]} if texts else {}

    def trigger(self, trigger: str, bound: Mapping[str, Type]) -> Document:
        """The trigger and its season; an event's name stands already."""
        whole = [t.text for t in self.names.terms if t.text == "lag"]
        found: Document = {}
        if trigger == "at":
            found["at"] = self.pick([self.day(), *whole])
        elif trigger == "every":
            found["every"] = self.pick([str(self.number(3, 9)), *whole])
        elif trigger == "while":
            found["while"] = self.condition(bound)
        if self.coin():
            found[self.pick(("from", "until"))] = self.pick([self.day(), *whole])
        return found

    def guards(self, trigger: str, bound: Mapping[str, Type]) -> Document:
        found: Document = {}
        if trigger != "while" and self.coin():
            found["when"] = self.condition(bound)
        if trigger == "while" or self.coin():
            found["chance"] = self.chance(bound)
        if self.coin():
            found["after"] = self.delay(bound)
        if self.coin() and self.coin():
            found["still"] = self.condition(bound)
        if self.coin() and self.coin():
            event = self.pick(list(self.names.events))
            found["unless"] = self.pick((event, self.call(event, bound), list(self.names.events)))
        return found

    def delay(self, bound: Mapping[str, Type]) -> str:
        wholes = [t.text for t in self.names.readable(bound) if isinstance(t.type, Whole)]
        low = self.number(0, 2)
        kinds = [str(low), f"uniform({low}, {low + self.number(0, 4)})", "geometric(0.4)"]
        kinds += [f"uniform(0, {text})" for text in wholes] + wholes
        return self.pick(kinds)

    def action(self, targets: Sequence[str], bound: Mapping[str, Type]) -> Document:
        """`emit:` or `choose:`, and who decides."""
        actors = [name for name, kind in bound.items() if isinstance(kind, ActorOf)] + self.names.actors[:1]
        by = {"by": self.pick(actors)} if self.coin() else {}
        if self.coin():
            return {**by, "emit": self.emissions(targets, bound)}
        sure = self.coin()  # one option is always open, and weighs something
        options: Document = {}
        for number in range(self.number(1, 3)):
            option = {} if self.coin() else {"emit": self.emissions(targets, bound)}
            options[f"option_{number}"] = self.option(option, bound, free=sure and number == 0, zero=sure and number > 0)
        return {**by, "choose": options}

    def option(self, option: Document, bound: Mapping[str, Type], *, free: bool, zero: bool) -> Document:
        """An option with its guard and weight. `free`: always open; `zero`: it may weigh nothing."""
        wholes = [t.text for t in self.names.readable(bound) if isinstance(t.type, Whole)]
        weights = ["2", "0.5", f"3 if {self.clause(bound)} else 1", *(f"{text} + 1" for text in wholes)]
        if self.coin():
            option = {**option, "weight": self.pick([*weights, *(["0", *wholes] if zero else [])])}
        if not free and self.coin():
            option = {**option, "when": self.condition(bound)}
        return option

    def emissions(self, targets: Sequence[str], bound: Mapping[str, Type]) -> Any:
        calls = [self.call(self.pick(targets), bound) for _ in range(self.number(1, 2))]
        return calls if len(calls) > 1 else calls[0]

    # What a run comes to.

    def outcomes(self) -> Document:
        found: Document = {}
        for number in range(self.number(0, 2)):
            found[f"outcome_{number}"] = {"when": self.condition({}), **({"ends": "true"} if self.coin() else {})}
        return {**found, "otherwise": {}}

    def measures(self) -> Document:
        possible: Document = {}
        for name, fields in self.names.events.items():
            seen = f"{name} if ({self.condition(fields)})" if self.coin() else name
            possible[f"of_{name}"] = f"{self.pick(('count', 'first', 'last'))}({seen})"
        possible["days_so"] = f"days({self.condition({})})"
        wholes = [t.text for t in self.names.terms if isinstance(t.type, Whole)]
        possible["highest"] = f"most({self.pick([*wholes, 'count(x for x in bloc)'])})"
        possible["sum_of"] = "first(event_0) + 2 * count(event_0) - 1"
        possible["at_last"] = self.condition({})
        return {name: possible[name] for name in self.some(list(possible))}
