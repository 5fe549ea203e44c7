"""Small scenarios with talks: who sits there, who leaves, what they negotiate, for how long an agreement runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from hypothesis import strategies as st

MADE_UP = {"assumption": "made up"}
SETS = {"mood": ("calm", "tense"), "fuel": ("min(fuel + 1, 3)", "max(fuel - 1, 0)")}
OWN_EVENTS = ("soured", "eased", "warned")
OPTIONS = ("low", "middle", "high")
NUMBERS = ("1..3", ["4", "1"], {"options": {"2": "two of them", "5": "five of them"}}, "2..6 step 2")

T = TypeVar("T")


class Author:
    """Draws one scenario, the simplest case first. `names` are those of its talks."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.names = ["river", "border"][: self.pick((1, 1, 1, 2))]
        self.issues = {name: self.options(name) for name in self.names}
        self.leaving = {name: self.one_in(2) for name in self.names}
        self.running = {name: self.one_in(2) for name in self.names}

    def pick(self, options: Iterable[T]) -> T:
        return self.draw(st.sampled_from([*options]))

    def one_in(self, number: int) -> bool:
        return self.draw(st.integers(1, number)) == number

    def options(self, name: str) -> dict[str, Any]:
        """The issues of talks."""
        found: dict[str, Any] = {"line": [*OPTIONS[: self.pick((2, 3))]]}
        if self.one_in(2):
            found[f"extra_{name}"] = ["no", "yes"]
        if self.one_in(2):
            found["much"] = self.pick(NUMBERS)
        return found

    def of(self, talks: str, issue: str) -> list[str]:
        """The options of an issue, as they are written in an expression."""
        given = self.issues[talks][issue]
        given = given["options"] if isinstance(given, dict) else given
        if isinstance(given, str):
            low, _, rest = given.partition("..")
            high, _, step = rest.partition(" step ")
            return [str(number) for number in range(int(low), int(high) + 1, int(step or 1))]
        return [str(option) for option in given]

    @property
    def counting(self) -> list[str]:
        """The talks that have an issue with numbers."""
        return [name for name in self.names if "much" in self.issues[name]]

    def number_condition(self) -> str:
        term = f"{self.pick(self.counting)}.much"
        words = [f"{term} > 2", f"{term} == unsettled", f"{term} != unsettled", f"{term} != 3", f"not ({term} <= 4)"]
        words += [
            f"{term} in (2, 4)",
            f"{term} not in (1, unsettled)",
            f"2 * {term} - fuel >= 4",
            f"min({term}, 3) == 3",
        ]
        words += [f"({term} if fuel > 1 else 2) == 2", "double < 5"]
        return self.pick(words)

    @property
    def said(self) -> list[str]:
        """What the talks log."""
        found = ["offered", "refused", "agreed", "lapsed", "passed"]
        found += ["left"] * 2 if any(self.leaving.values()) else []
        return found + (["ended", "ran_on"] if any(self.running.values()) else [])

    def state_condition(self) -> str:
        if self.counting and self.one_in(2):
            return self.number_condition()
        talks = self.pick(self.names)
        words = ["mood == tense", "fuel < 2", "fuel == 0", f"{talks}.phase == lapsed", f"{talks}.line == low"]
        words += [f"{talks}.round > 1", f"{talks}.line != unsettled and mood == calm"]
        return self.pick(words)

    def package_condition(self, talks: str) -> str:
        issue = self.pick(self.issues[talks])
        option = self.pick(self.of(talks, issue))
        if issue == "much" and self.one_in(2):
            return f"much + 1 > {option}"
        return f"{issue} {self.pick(('==', '!='))} {option}"

    # Sections.

    def event(self) -> dict[str, Any]:
        found = {name: self.pick(values) for name, values in SETS.items() if self.one_in(2)}
        return {"set": found} if found else {}

    def rule(self) -> dict[str, Any]:
        trigger = self.pick(("at", "every", "while", "on", "on"))
        found: dict[str, Any] = {**MADE_UP, "emit": f"{self.pick(OWN_EVENTS)}()"}
        if trigger == "on":
            found["on"] = self.pick(self.said)  # never an event of rules, so that nothing goes round for ever in a day
        else:
            found[trigger] = self.state_condition() if trigger == "while" else str(self.pick(range(1, 7)))
        if trigger == "while" or self.one_in(3):
            found["chance"] = self.pick(("0.5", "0.25"))
        if trigger != "while" and self.one_in(3):
            found["when"] = self.state_condition()
        if self.counting and self.one_in(4):
            found["after"] = f"{self.pick(self.counting)}.much"
            if self.one_in(2):
                found["still"] = self.number_condition()
        elif trigger == "on" and self.one_in(3):
            found |= {"after": str(self.pick((1, 2))), "unless": self.pick(self.said)}
        return found

    def position(self, talks: str, *, leaves: bool) -> dict[str, Any]:
        numbers = ("0", "1", "2", "4")
        values = {
            issue: {option: self.pick(numbers) for option in self.of(talks, issue)} for issue in self.issues[talks]
        }
        found: dict[str, Any] = {**MADE_UP, "values": values}
        if self.one_in(3):
            line = {**MADE_UP, "never": self.package_condition(talks)}
            found["red_lines"] = {
                "never_that": {**line, **({"when": self.state_condition()} if self.one_in(2) else {})}
            }
        if self.one_in(2):
            found["fallback"] = self.pick(("0.3", "0.5", "0.2 if mood == tense else 0.6"))
        if self.one_in(3):
            found["concession"] = self.pick(("0.5", "2"))
        if self.one_in(4):
            found["strategy"] = "tit_for_tat"
        if leaves:
            found["leaves"] = {"when": self.state_condition()}
        return found

    def talks(self, name: str) -> dict[str, Any]:
        seated = ["a", "b", "c"][: self.pick((2, 3, 3))]
        parties = self.pick(range(1, len(seated) + 1))
        found: dict[str, Any] = {"parties": seated[:parties]}
        if seated[parties:]:
            found["consulted"] = seated[parties:]
        found |= {"on": "soured"} if self.one_in(4) else {"opens": str(self.pick((0, 1, 2)))}
        found |= {"every": str(self.pick((1, 2, 3))), "rounds": str(self.pick((1, 2, 3, 4)))}
        if self.one_in(4):
            found["while"] = self.pick(("fuel < 3", "mood == calm"))
        if self.one_in(4):
            found |= {"protocol": "single_text", "mediator": "m"}
        leavers = [party for party in seated if self.leaving[name] and self.one_in(2)]
        if leavers and self.one_in(2):
            found["needs"] = [party for party in seated if party not in leavers] or seated[:1]
        if self.running[name]:
            found |= {"until_notice": self.term(name), "notice": self.pick((*OWN_EVENTS, "lapsed"))}
        if self.one_in(2):
            found["reopens"] = self.pick((*OWN_EVENTS, *(("ended", "ran_on") if self.running[name] else ())))
        if self.one_in(2):
            found["agreed"] = "numbered(much)" if name in self.counting and self.one_in(2) else "signed(line)"
        found["issues"] = self.issues[name]
        found["positions"] = {party: self.position(name, leaves=party in leavers) for party in seated}
        return found

    def term(self, name: str) -> str:
        """For how many days an agreement is in force."""
        words = ["1", "2", "3", "1 if line == low else 4"]
        words += ["much", "much // 2"] if name in self.counting else []
        return self.pick(words)


@st.composite
def talkers(draw: st.DrawFn) -> dict[str, Any]:
    """A scenario of which few runs are possible."""
    author = Author(draw)
    found: dict[str, Any] = {"negsim": "1", "title": "Talkers", "start": "2025-01-01"}
    found["horizon"] = str(author.pick((6, 10, 14)))
    found["actors"] = {name: {"name": name.upper()} for name in ("a", "b", "c", "m")}
    found["state"] = {
        "mood": {"values": ["calm", "tense"], "initial": author.pick(("calm", "tense"))},
        "fuel": {"range": "0..3", "initial": author.pick(("0", "2"))},
    }
    found["events"] = {name: author.event() for name in OWN_EVENTS}
    found["events"] |= {"signed": {"fields": {"how": [*OPTIONS]}}, "numbered": {"fields": {"how": "0..9"}}}
    found["events"]["numbered"]["set"] = {"fuel": "how % 4"}
    if author.counting:
        found["define"] = {"double": f"2 * {author.counting[0]}.much"}
    found["talks"] = {name: author.talks(name) for name in author.names}
    # What can leave or run on is known once all are at the table.
    author.leaving = {n: any("leaves" in p for p in t["positions"].values()) for n, t in found["talks"].items()}
    found["rules"] = {f"rule_{number}": author.rule() for number in range(author.pick((1, 2, 3)))}
    found["outcomes"] = {"agreed_on": {"when": f"{author.names[0]}.phase == agreed"}, "nothing": {}}
    found["measures"] = {"said": f"count({author.pick((*author.said, 'warned'))})"}
    if author.counting:
        found["measures"]["much"] = f"{author.counting[0]}.much + 1"
    return found
