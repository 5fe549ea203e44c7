"""The model of `paris_like.yaml` in the obvious way: processes that wake every day and roll the dice.

`Polling` has a process for each rule and member, as one writes it down rule by rule; `PollingByMember`
has one process a member for all that may happen to it. Log, state and measures are those of `by_hand`;
only what drives them differs.
"""

from __future__ import annotations

from .by_hand import HORIZON, SAID, Model, OverError, Parameters, Process


class Polling(Model):
    """The model driven by a process for each rule and member, which looks every day."""

    def __init__(self, seed: int, parameters: Parameters | None = None) -> None:
        super().__init__(seed, parameters)
        self.due: dict[str, tuple[int, int]] = {}  # of each force that is on its way: the day, and the order's seq
        self.resumption = 0.0  # as it stood at the last dusk, before today's arrivals
        self.stopped = (0, 0)  # the day of the last stop, and its seq

    def run(self) -> Polling:
        """Runs to the end."""
        self.history()
        env = self.env
        p = self.p
        env.process(self.meetings(30, "chiefs_meet", "chiefs_of_staff", p.staff_progress))
        env.process(self.meetings(60, "ministers_meet", "ministers", p.staff_progress))
        env.process(self.meetings(120, "heads_meet", "heads_of_state", p.heads_progress))
        env.process(self.backstop_calls())
        self.members()
        env.process(self.stop_ages())
        env.process(self.conflict())
        env.process(self.dusk())
        try:
            env.run(until=HORIZON + 1)
            self.close(HORIZON)
        except OverError:
            self.close(int(env.now))
        return self

    def meetings(self, every: int, rule: str, level: str, chance: float) -> Process:
        """Meetings at one level."""
        while True:
            yield self.env.timeout(every)
            self.meeting(rule, level, chance)

    def backstop_calls(self) -> Process:
        """The calls on the backstop."""
        while True:
            yield self.env.timeout(30)
            self.backstop_call()

    def members(self) -> None:
        """Starts what may happen to the members; strikes come first, so that nobody is struck on arrival."""
        for member in SAID:
            self.env.process(self.target_struck(member))
        for member in SAID:
            self.env.process(self.force_arrives(member))

    def target_struck(self, member: str) -> Process:
        """Strikes on a state's force, day by day."""
        while True:
            yield self.env.timeout(1)
            if self.state.force[member] == "in_place" and self.strikes.random() < self.daily_strike():
                self.strike(member)

    def force_arrives(self, member: str) -> Process:
        """The way of a state's force, day by day."""
        while True:
            yield self.env.timeout(1)
            if self.state.force[member] == "ordered":
                day, ordered = self.due[member]
                if self.env.now >= day:
                    self.log("force_deployed", "force_arrives", ordered, member=member)

    def stop_ages(self) -> Process:
        """The age of a stop, day by day."""
        while True:
            yield self.env.timeout(1)
            day, seq = self.stopped
            if self.state.stop_is_young and self.env.now >= day + self.p.young_days:
                self.log("stop_holds", "stop_grows_older", seq)

    def conflict(self) -> Process:
        """The conflict, day by day: it stops, or comes back."""
        while True:
            yield self.env.timeout(1)
            if self.state.conflict == "fighting":
                if self.conflict_luck.random() < self.p.stop_chance:
                    self.stop()
            elif self.conflict_luck.random() < self.resumption:
                self.resume()

    def dusk(self) -> Process:
        """The end of each day."""
        while True:
            self.observe()
            if self.state.exchanges >= self.p.escalation_at:
                raise OverError
            self.resumption = self.resumption_chance()
            yield self.env.timeout(1)

    def stop_grows_older(self, stopped: int) -> None:
        self.stopped = (int(self.env.now), stopped)

    def send(self, member: str, ordered: int, days: int) -> None:
        if days:
            self.due[member] = (int(self.env.now) + days, ordered)
        else:
            self.log("force_deployed", "force_arrives", ordered, member=member)


class PollingByMember(Polling):
    """The same with one process a member: fewer processes than one writes down at first."""

    def members(self) -> None:
        for member in SAID:
            self.env.process(self.member(member))

    def member(self, member: str) -> Process:
        """A state, day by day: its force is struck or not, or arrives."""
        while True:
            yield self.env.timeout(1)
            force = self.state.force[member]
            if force == "in_place":
                if self.strikes.random() < self.daily_strike():
                    self.strike(member)
            elif force == "ordered":
                day, ordered = self.due[member]
                if self.env.now >= day:
                    self.log("force_deployed", "force_arrives", ordered, member=member)
