"""Small scenarios about members who are nearly alike: the order of their turns often matters, and often not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from hypothesis import strategies as st

OWN_EFFECTS = {"m.flag": ("true", "not m.flag"), "m.mark": ("min(m.mark + 1, 2)", "1", "max(m.mark - 1, 0)")}
TOTALS = ("min(total + 1, 2)", "max(total - 1, 0)", "2", "m.mark", "count(y for y in crew if y.flag) % 3")
OWN_GUARDS = (
    "{m}.flag", "not {m}.flag", "{m}.mark == 0", "fresh({m})", "{m}.mark < 2 or {m}.flag",
    "recent({m})", "not recent({m})", "day > 1 or {m}.flag",
)  # fmt: skip
SHARED_GUARDS = (
    "total < 2",
    "count(y for y in crew if y.flag) < 2",
    "fresh({m}) and total < 1",
    "fresh({m}) and count(y for y in crew if fresh(y)) > 1",
    "{m}.mark == max(y.mark for y in crew)",
    "days_since(event_0) >= 1 and fresh({m})",
    "count(y for y in crew if recent(y)) < 2",
    "day == days_since(event_0, else=1)",
)

T = TypeVar("T")


class Author:
    """Draws one scenario. `daring` is how often it takes what members share, of eight."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.daring = self.pick((0, 1, 1, 3))
        self.members = ["ann", "ben", "cem"][: self.pick((2, 2, 3))]
        if self.one_in(3):
            self.members.insert(self.draw(st.integers(0, len(self.members))), "odd")
        self.pointing = self.one_in(6)
        self.events = [f"event_{number}" for number in range(self.pick((1, 2, 2, 3)))]

    def pick(self, options: Iterable[T]) -> T:
        return self.draw(st.sampled_from([*options]))

    def one_in(self, number: int) -> bool:
        return self.draw(st.integers(1, number)) == number

    def dares(self) -> bool:
        return self.draw(st.integers(0, 7)) < self.daring

    def guard(self, name: str) -> str:
        found = self.pick(SHARED_GUARDS if self.dares() else OWN_GUARDS)
        if self.pointing and self.dares():
            found = "last == {m}"
        return found.format(m=name)

    def event(self) -> dict[str, Any]:
        found = {key: self.pick(values) for key, values in OWN_EFFECTS.items() if not self.one_in(3)}
        if self.dares() or self.one_in(2):
            found["total"] = self.pick(TOTALS if self.dares() else TOTALS[:1])
        if self.pointing and self.dares():
            found["last"] = self.pick(("m", "nobody"))
        if "m.mark" not in found and self.dares():
            found["crew.mark"] = "0"
        return {"fields": {"m": "crew"}, **({"set": found} if found else {})}

    def rule(self) -> dict[str, Any]:
        heard = self.pick([*self.events[:-1], None, None])
        later = self.events if heard is None else self.events[self.events.index(heard) + 1 :]
        found: dict[str, Any] = {"assumption": "made up"}
        name = "m"
        if heard is None:
            found["for"] = "m in crew"
            if self.one_in(3):
                found |= {"every": self.pick("12"), "when": self.guard("m")}
            else:
                found |= {"while": self.guard("m")}
        else:
            found["on"] = heard
            if self.one_in(2):
                found["for"] = "o in crew"
                name = self.pick("oom")
                found["when"] = self.guard("o")
        if "while" in found or self.one_in(2):
            found["chance"] = self.pick(("0.5", "0.5", "1", f"0.5 if {self.guard(name)} else 0.25"))
        if self.one_in(3):
            found["after"] = self.pick(("1", "uniform(0, 1)", "geometric(0.5)", "total"))
        if self.one_in(6):
            found["unless"] = self.pick((f"{self.pick(self.events)}({name})", self.pick(self.events)))
        if self.one_in(6):
            found["still"] = self.guard(name)
        return found | self.action(later, name)

    def action(self, later: list[str], name: str) -> dict[str, Any]:
        calls = [f"{self.pick(later)}({name})" for _ in range(2)]
        if not self.one_in(3):
            return {"emit": calls if self.one_in(3) else calls[0]}
        if self.dares():
            return {
                "choose": {"one": {"emit": calls[0]}, "some": {"for": "q in crew", "emit": f"{self.pick(later)}(q)"}}
            }
        weight = self.pick(("1", f"2 if {name}.flag else 1", *(["total + 1"] if self.dares() else [])))
        return {"choose": {"one": {"weight": weight, "emit": calls[0]}, "other": {"emit": calls[1]}, "none": {}}}

    def document(self) -> dict[str, Any]:
        rules = {f"rule_{number}": self.rule() for number in range(self.pick((1, 2, 2, 3)))}
        if "odd" in self.members:
            rules["oddly"] = {"assumption": "made up", "every": "1", "emit": f"{self.pick(self.events)}(odd)"}
        first, last = self.members[0], self.members[-1]
        flag = self.pick(("false", {first: "true", "else": "false"}))
        mark = self.pick(("0", "0", {last: "1", "else": "0"}))
        own = {"flag": {"initial": flag}, "mark": {"range": "0..2", "initial": mark}}
        state = {"total": {"range": "0..2", "initial": "0"}, "crew": own}
        return {
            "negsim": "1",
            "title": "A crew",
            "start": "2025-03-01",
            "horizon": self.pick("1223"),
            "groups": {"crew": {"members": {member: {} for member in self.members}}},
            "state": {**state, **({"last": {"values": "crew", "initial": "nobody"}} if self.pointing else {})},
            "define": {
                "fresh(m in crew)": "not m.flag and m.mark == 0",
                "recent(w in crew)": "days_since(event_0 if m == w) <= 1",
            },
            "events": {name: self.event() for name in self.events},
            "rules": rules,
            "outcomes": {
                "one_flag": {"when": "count(y for y in crew if y.flag) == 1"},
                "marked": {"when": "any(y.mark == 2 for y in crew)"},
                "full": {"when": "total == 2"},
                "otherwise": {},
            },
            "measures": {"said": f"count({self.events[0]})"},
        }


@st.composite
def crews(draw: st.DrawFn) -> dict[str, Any]:
    """Documents of scenarios about a crew of two to four, over a day or two."""
    return Author(draw).document()


def reordered(document: dict[str, Any], orbits: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """The same with the members of each orbit in another order in the roster."""
    swap = {old: new for orbit in orbits for old, new in zip(orbit, orbit[1:] + orbit[:1], strict=True)}
    members: dict[str, Any] = {swap.get(name, name): {} for name in document["groups"]["crew"]["members"]}
    return {**document, "groups": {"crew": {"members": members}}}
