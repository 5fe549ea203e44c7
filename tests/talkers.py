"""Small scenarios with talks: who sits there, who leaves, what they negotiate, for how long an agreement runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from hypothesis import strategies as st

MADE_UP = {"assumption": "made up"}
SETS = {"mood": ("calm", "tense"), "fuel": ("min(fuel + 1, 3)", "max(fuel - 1, 0)")}
OWN_EVENTS = ("soured", "eased", "warned")
OPTIONS = ("low", "middle", "high")

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
        return found

    @property
    def said(self) -> list[str]:
        """What the talks log."""
        found = ["offered", "refused", "agreed", "lapsed", "passed"]
        found += ["left"] * 2 if any(self.leaving.values()) else []
        return found + (["ended", "ran_on"] if any(self.running.values()) else [])

    def state_condition(self) -> str:
        talks = self.pick(self.names)
        words = ["mood == tense", "fuel < 2", "fuel == 0", f"{talks}.phase == lapsed", f"{talks}.line == low"]
        words += [f"{talks}.round > 1", f"{talks}.line != unsettled and mood == calm"]
        return self.pick(words)

    def package_condition(self, talks: str) -> str:
        issue = self.pick(self.issues[talks])
        option = self.pick(self.issues[talks][issue])
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
        if trigger == "on" and self.one_in(3):
            found |= {"after": str(self.pick((1, 2))), "unless": self.pick(self.said)}
        return found

    def position(self, talks: str, *, leaves: bool) -> dict[str, Any]:
        numbers = ("0", "1", "2", "4")
        values = {
            issue: {option: self.pick(numbers) for option in options} for issue, options in self.issues[talks].items()
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
            found["agreed"] = "signed(line)"
        found["issues"] = self.issues[name]
        found["positions"] = {party: self.position(name, leaves=party in leavers) for party in seated}
        return found

    def term(self, _name: str) -> str:
        """For how many days an agreement is in force."""
        return self.pick(("1", "2", "3", "1 if line == low else 4"))


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
    found["events"]["signed"] = {"fields": {"how": "list"}}
    found["events"]["signed"]["fields"]["how"] = [*OPTIONS]
    found["talks"] = {name: author.talks(name) for name in author.names}
    # What can leave or run on is known once all are at the table.
    author.leaving = {n: any("leaves" in p for p in t["positions"].values()) for n, t in found["talks"].items()}
    found["rules"] = {f"rule_{number}": author.rule() for number in range(author.pick((1, 2, 3)))}
    found["outcomes"] = {"agreed_on": {"when": f"{author.names[0]}.phase == agreed"}, "nothing": {}}
    found["measures"] = {"said": f"count({author.pick((*author.said, 'warned'))})"}
    return found
