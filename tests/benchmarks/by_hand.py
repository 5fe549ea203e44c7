"""The model of `paris_like.yaml`, event-sourced in SimPy by hand: what negsim's speed is measured against.

It waits and does not poll: each chance a day is drawn once as a number of days (`Model.geometric`), and
drawn again only when that chance has moved, which is looked at once at the end of a day. State changes
through events alone, by the functions in `APPLY`. What is kept is the log as JSON lines with a running
hash, in SQLite, a run a transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b
from math import log, log1p
from pathlib import Path
from random import Random
from typing import Any

import simpy

START = date(2025, 9, 5)
HORIZON = 730
NEVER = 1_000_000

SAID = {
    "france": "said_yes", "united_kingdom": "said_yes", "australia": "conditional", "belgium": "conditional",
    "bulgaria": "said_no", "canada": "conditional", "croatia": "said_no", "czechia": "not_disclosed",
    "denmark": "said_yes", "estonia": "said_yes", "finland": "not_disclosed", "germany": "conditional",
    "greece": "said_no", "italy": "said_no", "latvia": "conditional", "lithuania": "said_yes",
    "luxembourg": "not_disclosed", "netherlands": "conditional", "norway": "conditional", "poland": "said_no",
    "portugal": "not_disclosed", "romania": "said_no", "slovenia": "not_disclosed", "spain": "conditional",
    "sweden": "conditional", "turkey": "conditional",
}  # fmt: skip
LEADS = ("france", "united_kingdom")

SOURCES = {
    None: "assumption: For a benchmark.",
    "chiefs_meet": "assumption: Chiefs of staff meet every month.",
    "ministers_meet": "assumption: Ministers meet every second month.",
    "heads_meet": "assumption: Heads of state meet three times a year.",
    "planning_progresses": "assumption: A meeting may make the coalition readier.",
    "backstop_call": "assumption: What is open is decided at some time, or put off.",
    "fighting_stops": "assumption: By one of three instruments.",
    "stop_grows_older": "assumption: A stop that outlives its first weeks is less fragile.",
    "each_decides": "assumption: Each state decides by itself, by what it said.",
    "force_arrives": "assumption: What is missing in readiness costs days.",
    "target_struck": "assumption: A target may be struck.",
    "strike_is_answered": "assumption: The state that was struck decides.",
    "fighting_comes_back": "assumption: Likelier while the stop is young, rarer behind forces.",
    "orders_lapse": "assumption: Forces that are on their way turn back.",
    "stay_or_withdraw": "assumption: Forces that are in place stay or leave.",
}


@dataclass(frozen=True)
class Parameters:
    """What a run can be given, with the values of the YAML."""

    stop_chance: float = 0.02
    young_resumption: float = 0.03
    later_resumption: float = 0.015
    young_days: int = 60
    treaty_factor: float = 0.6
    deterrence: float = 0.7
    enough_forces: int = 12
    backstop_deterrence: float = 0.5
    yes_chance: float = 0.9
    conditional_chance: float = 0.45
    backstop_pull: float = 0.3
    undisclosed_chance: float = 0.25
    refused_chance: float = 0.02
    days_per_step: int = 3
    staff_progress: float = 0.15
    heads_progress: float = 0.5
    strike_chance: float = 0.005
    restraint: float = 0.4
    withdraw_chance: float = 0.4
    escalation_at: int = 4
    target_time: str = "always"


@cache
def date_text(day: int) -> str:
    """The date of a day."""
    return (START + timedelta(days=day)).isoformat()


# State, and what each event does to it.


class State:
    """The state of a run."""

    __slots__ = ("backstop", "conflict", "exchanges", "force", "readiness", "stop_is_young", "threat_declared")

    def __init__(self) -> None:
        self.conflict = "fighting"
        self.stop_is_young = False
        self.backstop = "undecided"
        self.readiness = 0
        self.exchanges = 0
        self.threat_declared = False
        self.force = dict.fromkeys(SAID, "uncommitted")

    @property
    def forces(self) -> int:
        """How many states have forces in place."""
        return list(self.force.values()).count("in_place")


APPLY: dict[str, Callable[[State, dict[str, Any]], None]] = {}


def applies(function: Callable[[State, dict[str, Any]], None]) -> Callable[[State, dict[str, Any]], None]:
    """Has a function apply the event of its name."""
    APPLY[function.__name__] = function
    return function


@applies
def summit_commits(state: State, _fields: dict[str, Any]) -> None:
    state.force = dict.fromkeys(SAID, "pledged")
    state.readiness = 4


@applies
def threat_stated(state: State, _fields: dict[str, Any]) -> None:
    state.threat_declared = True


@applies
def readiness_rises(state: State, _fields: dict[str, Any]) -> None:
    state.readiness = min(state.readiness + 1, 10)


@applies
def backstop_announced(state: State, _fields: dict[str, Any]) -> None:
    state.backstop = "announced"


@applies
def backstop_declined(state: State, _fields: dict[str, Any]) -> None:
    state.backstop = "declined"


@applies
def conflict_stops(state: State, fields: dict[str, Any]) -> None:
    state.conflict = fields["instrument"]
    state.stop_is_young = True


@applies
def stop_holds(state: State, _fields: dict[str, Any]) -> None:
    state.stop_is_young = False


@applies
def fighting_resumes(state: State, _fields: dict[str, Any]) -> None:
    state.conflict = "fighting"
    state.stop_is_young = False


@applies
def force_ordered(state: State, fields: dict[str, Any]) -> None:
    state.force[fields["member"]] = "ordered"


@applies
def order_lapses(state: State, fields: dict[str, Any]) -> None:
    state.force[fields["member"]] = "pledged"


@applies
def force_deployed(state: State, fields: dict[str, Any]) -> None:
    state.force[fields["member"]] = "in_place"


@applies
def force_withdrawn(state: State, fields: dict[str, Any]) -> None:
    state.force[fields["member"]] = "withdrawn"


@applies
def fire_returned(state: State, _fields: dict[str, Any]) -> None:
    state.exchanges = min(state.exchanges + 1, 9)


# The model: what both ways of driving it share.


class OverError(Exception):
    """The run is over before its horizon."""


class Model:
    """A run's log, state, chances and measures, and what follows at once from what happens."""

    def __init__(self, seed: int, parameters: Parameters | None = None) -> None:
        self.seed = seed
        self.p = parameters or Parameters()
        self.env = simpy.Environment()
        self.state = State()
        self.events: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()
        self.measures: dict[str, Any] = {}
        self.outcome = ""
        self.ended_on = 0
        self.first_stop: int | None = None
        self.strikes_on_leads = 0
        self.days_of_stop = self.days_guarded = self.days_forces_in_fighting = self.most_forces = 0
        self._seen = (False, False, False)
        self._seen_on = 0
        self.planning = self.stream("planning")
        self.backstop = self.stream("backstop")
        self.conflict_luck = self.stream("conflict")
        self.decisions = self.stream("decisions")
        self.strikes = self.stream("strikes")
        self.answers = self.stream("answers")
        self.withdrawals = self.stream("withdrawals")

    def stream(self, name: str) -> Random:
        """A stream of chance of its own."""
        return Random(f"{self.seed}/{name}")  # noqa: S311 - a simulation's luck

    def log(
        self, event: str, rule: str | None = None, cause: int | None = None, *, day: int | None = None, **fields: Any
    ) -> int:
        """Has an event happen, today if no day is given; gives its seq."""
        if day is None:
            day = int(self.env.now)
        seq = len(self.events)
        self.events.append({
            "seq": seq, "day": day, "date": date_text(day), "event": event, "fields": fields,
            "rule": rule, "cause": cause, "source": SOURCES[rule],
        })  # fmt: skip
        apply = APPLY.get(event)
        if apply is not None:
            apply(self.state, fields)
        self.counts[event] += 1
        return seq

    def history(self) -> None:
        """Logs the past."""
        for day, event in ((-200, "planning_begins"), (-1, "summit_commits"), (0, "threat_stated")):
            self.log(event, day=day)

    # Chances.

    @staticmethod
    def geometric(luck: Random, chance: float) -> int:
        """The days until a daily chance succeeds: 1, 2, …"""
        if chance <= 0:
            return NEVER
        return 1 + int(log(1.0 - luck.random()) / log1p(-chance))

    def strength(self) -> float:
        """How much the forces in place deter: 0 to 1."""
        return min(1, self.state.forces / self.p.enough_forces)

    def resumption_chance(self) -> float:
        """The daily chance that fighting resumes."""
        p, state = self.p, self.state
        chance = p.young_resumption if state.stop_is_young else p.later_resumption
        if state.conflict == "peace_treaty":
            chance *= p.treaty_factor
        return chance * (1 - p.deterrence * self.strength())

    def daily_strike(self) -> float:
        """The daily chance of a strike on a force in place; 0 where forces are no target."""
        p, state = self.p, self.state
        fighting = state.conflict == "fighting"
        if not state.threat_declared or not (fighting or p.target_time == "always"):
            return 0.0
        relief = p.backstop_deterrence * self.strength() if state.backstop == "announced" else 0
        return p.strike_chance * (1 - relief) * (1 if fighting else p.restraint)

    def goes(self, member: str) -> float:
        """The chance that a state sends a force when the conflict stops."""
        p = self.p
        said = SAID[member]
        if said == "said_yes":
            return p.yes_chance
        if said == "conditional":
            return p.conditional_chance + (p.backstop_pull if self.state.backstop == "announced" else 0)
        return p.undisclosed_chance if said == "not_disclosed" else p.refused_chance

    # What happens.

    def meeting(self, rule: str, level: str, chance: float) -> None:
        """A planning meeting, which may make the coalition readier."""
        if self.state.readiness >= 10:
            return
        cause = self.log("planning_meeting", rule, level=level)
        if self.planning.random() < chance:
            self.log("readiness_rises", "planning_progresses", cause)

    def backstop_call(self) -> None:
        """The United States decides, or puts it off."""
        if self.state.backstop != "undecided":
            return
        (option,) = self.backstop.choices(("announce", "decline", "wait"), (1, 1, 8))
        if option == "wait":
            self.log("decided", "backstop_call", rule_name="backstop_call", option=option)
        else:
            self.log("backstop_announced" if option == "announce" else "backstop_declined", "backstop_call")

    def stop(self) -> None:
        """The conflict stops, and each state decides."""
        (instrument,) = self.conflict_luck.choices(("ceasefire", "armistice", "peace_treaty"), (6, 3, 4))
        stopped = self.log("conflict_stops", "fighting_stops", instrument=instrument)
        self.stop_grows_older(stopped)
        days = (10 - self.state.readiness) * self.p.days_per_step
        for member, force in self.state.force.items():
            if force in ("pledged", "withdrawn") and self.decisions.random() < self.goes(member):
                self.send(member, self.log("force_ordered", "each_decides", stopped, member=member), days)

    def resume(self) -> None:
        """The fighting resumes: orders lapse, and each force in place stays or leaves."""
        resumed = self.log("fighting_resumes", "fighting_comes_back")
        for member, force in self.state.force.items():
            if force == "ordered":
                self.log("order_lapses", "orders_lapse", resumed, member=member)
        for member, force in self.state.force.items():
            if force == "in_place" and self.withdrawals.random() < self.p.withdraw_chance:
                self.log("force_withdrawn", "stay_or_withdraw", resumed, member=member)

    def strike(self, member: str) -> None:
        """A force is struck, and its state answers."""
        struck = self.log("strike", "target_struck", member=member)
        if member in LEADS:
            self.strikes_on_leads += 1
        (answer,) = self.answers.choices(("hold", "leave", "fire_back"), (7, 2, 1))
        if answer == "hold":
            self.log("decided", "strike_is_answered", struck, rule_name="strike_is_answered", option=answer)
        elif answer == "leave":
            self.log("force_withdrawn", "strike_is_answered", struck, member=member)
        else:
            self.log("fire_returned", "strike_is_answered", struck, member=member)

    def stop_grows_older(self, stopped: int) -> None:
        """Sees to it that a stop that holds is no longer young after a while."""
        raise NotImplementedError

    def send(self, member: str, ordered: int, days: int) -> None:
        """Sees to it that a force that was ordered arrives."""
        raise NotImplementedError

    # What is counted.

    def observe(self) -> None:
        """Counts the days since the last look, and looks again: at a dusk."""
        self._count_days(int(self.env.now) - self._seen_on)
        state = self.state
        forces = state.forces
        stopped = state.conflict != "fighting"
        self._seen = (stopped, stopped and forces >= 5, not stopped and forces > 0)
        self._seen_on = int(self.env.now)
        self.most_forces = max(self.most_forces, forces)
        if self.first_stop is None and stopped:
            self.first_stop = self._seen_on

    def _count_days(self, days: int) -> None:
        stopped, guarded, in_fighting = self._seen
        self.days_of_stop += days * stopped
        self.days_guarded += days * guarded
        self.days_forces_in_fighting += days * in_fighting

    def close(self, day: int) -> None:
        """Takes the measures and the outcome at the end."""
        self._count_days(day - self._seen_on + 1)
        state, counts = self.state, self.counts
        self.ended_on = day
        self.measures = {
            "days_to_stop": self.first_stop,
            "days_of_stop": self.days_of_stop,
            "days_guarded": self.days_guarded,
            "days_forces_in_fighting": self.days_forces_in_fighting,
            "most_forces": self.most_forces,
            "resumptions": counts["fighting_resumes"],
            "strikes": counts["strike"],
            "strikes_on_leads": self.strikes_on_leads,
            "withdrawals": counts["force_withdrawn"],
            "readiness_at_end": state.readiness,
        }
        if state.exchanges >= self.p.escalation_at:
            self.outcome = "escalation"
        elif state.conflict != "fighting":
            self.outcome = "guarded_stop" if state.forces >= 5 else "unguarded_stop"
        else:
            self.outcome = "war_goes_on"


# Waiting, not polling.

Process = Generator[simpy.Event, Any, None]


class ByHand(Model):
    """The model driven by waits."""

    def __init__(self, seed: int, parameters: Parameters | None = None) -> None:
        super().__init__(seed, parameters)
        self.resumption = 0.0
        self.strike_today = 0.0
        self.targets: dict[str, simpy.Process] = {}
        self.moved: dict[str, None] = {}  # the states whose forces have moved today
        self.stop_number = 0
        self.dusk_of: float = -1

    def run(self) -> ByHand:
        """Runs to the end."""
        self.history()
        env = self.env
        p = self.p
        env.process(self.meetings(30, "chiefs_meet", "chiefs_of_staff", p.staff_progress))
        env.process(self.meetings(60, "ministers_meet", "ministers", p.staff_progress))
        env.process(self.meetings(120, "heads_meet", "heads_of_state", p.heads_progress))
        env.process(self.backstop_calls())
        self.conflict = env.process(self.conflict_goes_on())
        try:
            env.run(until=HORIZON + 1)
            self.close(HORIZON)
        except OverError:
            self.close(int(env.now))
        return self

    def log(
        self, event: str, rule: str | None = None, cause: int | None = None, *, day: int | None = None, **fields: Any
    ) -> int:
        """Has an event happen on a day, which then has a dusk of its own."""
        if self.dusk_of != self.env.now:
            self.dusk_of = self.env.now
            self.env.timeout(0).callbacks.append(self.dusk)  # after all that was due today already
        member = fields.get("member")
        if member is not None:
            self.moved[member] = None
        return super().log(event, rule, cause, day=day, **fields)

    # Processes.

    def meetings(self, every: int, rule: str, level: str, chance: float) -> Process:
        """Meetings at one level, until nothing is left to plan."""
        while self.state.readiness < 10:
            yield self.env.timeout(every)
            self.meeting(rule, level, chance)

    def backstop_calls(self) -> Process:
        """The calls on the backstop, until it is decided."""
        while self.state.backstop == "undecided":
            yield self.env.timeout(30)
            self.backstop_call()

    def conflict_goes_on(self) -> Process:
        """The fighting stops, and comes back, and so on."""
        env, luck = self.env, self.conflict_luck
        while True:
            yield env.timeout(self.geometric(luck, self.p.stop_chance))
            self.stop_number += 1
            self.stop()
            self.resumption = 0.0  # until dusk, so that it waits behind the forces that are on their way
            waiting = True
            while waiting:
                try:
                    yield env.timeout(self.geometric(luck, self.resumption))
                    waiting = False
                except simpy.Interrupt:  # the chance has moved
                    pass
            self.resume()

    def struck_by_chance(self, member: str) -> Process:
        """Strikes on a force while it is in place."""
        env, luck, force = self.env, self.strikes, self.state.force
        while force[member] == "in_place":
            try:
                yield env.timeout(self.geometric(luck, self.strike_today))
            except simpy.Interrupt:  # the chance has moved, or the force has left
                continue
            if force[member] == "in_place" and self.daily_strike() > 0:
                self.strike(member)

    def stop_grows_older(self, stopped: int) -> None:
        self.env.process(self._grow_older(stopped, self.stop_number))

    def _grow_older(self, stopped: int, number: int) -> Process:
        yield self.env.timeout(self.p.young_days)
        if number == self.stop_number and self.state.conflict != "fighting":
            self.log("stop_holds", "stop_grows_older", stopped)

    def send(self, member: str, ordered: int, days: int) -> None:
        if days:
            self.env.process(self._arrive(member, ordered, days, self.stop_number))
        else:
            self.log("force_deployed", "force_arrives", ordered, member=member)

    def _arrive(self, member: str, ordered: int, days: int, number: int) -> Process:
        yield self.env.timeout(days)
        if number == self.stop_number and self.state.conflict != "fighting":
            self.log("force_deployed", "force_arrives", ordered, member=member)

    # Dusk.

    def dusk(self, _event: simpy.Event) -> None:
        """Looks at what has moved today: the end, the measures, the chances of those who wait."""
        self.observe()
        state = self.state
        if state.exchanges >= self.p.escalation_at:
            raise OverError
        if state.conflict != "fighting":
            resumption = self.resumption_chance()
            if resumption != self.resumption:
                self.resumption = resumption
                self.conflict.interrupt()
        chance = self.daily_strike()
        if chance != self.strike_today:
            self.strike_today = chance
            for process in self.targets.values():
                if process.is_alive:
                    process.interrupt()
        for member in self.moved:
            struck = self.targets.get(member)
            waiting = struck is not None and struck.is_alive
            if (state.force[member] == "in_place") is not waiting:
                if waiting:
                    self.targets.pop(member).interrupt()
                else:
                    self.targets[member] = self.env.process(self.struck_by_chance(member))
        self.moved.clear()


# What is kept.


def digest(data: str) -> str:
    """A 128-bit hash of a text."""
    return blake2b(data.encode(), digest_size=16).hexdigest()


def compact(value: Any) -> str:
    """JSON in one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class RunStore:
    """An SQLite file of runs: WAL, full synchronisation, a run a transaction, as negsim's store."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute(
            "CREATE TABLE runs (kept INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, seed INTEGER NOT NULL,"
            " outcome TEXT NOT NULL, ended_on INTEGER NOT NULL, events INTEGER NOT NULL, log TEXT NOT NULL)"
        )

    def keep(self, run: Model) -> None:
        """Keeps a run: it is on the disk when this returns."""
        header = compact({"model": type(run).__name__, "seed": run.seed, "parameters": asdict(run.p)})
        end = compact({
            "outcome": run.outcome, "ended_on": run.ended_on, "measures": run.measures, "events": len(run.events),
        })  # fmt: skip
        lines = []
        chain = ""
        for line in (header, *map(compact, run.events), end):
            chain = digest(chain + line)
            lines.append(f'{line[:-1]},"hash":"{chain}"}}')
        row = (digest(header), run.seed, run.outcome, run.ended_on, len(run.events), "\n".join(lines) + "\n")
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute(
            "INSERT INTO runs (id, seed, outcome, ended_on, events, log) VALUES (?, ?, ?, ?, ?, ?)", row
        )
        self.connection.execute("COMMIT")

    def close(self) -> None:
        """Closes the file."""
        self.connection.close()
