"""Runs: made, replayed, forked, compared. The Python door's `run` and `Run`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from negsim.engine.calendar import Calendar
from negsim.engine.difference import Difference, difference
from negsim.engine.luck import Luck, Recording
from negsim.engine.plan import Plan, bound, luck_of
from negsim.errors import LogError
from negsim.html import html_table
from negsim.log.event import (
    MOST_ANCESTORS,
    Ending,
    Header,
    Intervention,
    LoggedEvent,
    RunLog,
    as_json,
    draw_json,
)
from negsim.log.fold import state_at
from negsim.log.text import event_text, outcome_text
from negsim.policy.situation import Policy
from negsim.policy.strategists import own_strategies
from negsim.program.strategy import Strategy
from negsim.scenario.choices import Fixed, FixedChoice
from negsim.scenario.model import Scenario
from negsim.scenario.seeds import draws, seed_number
from negsim.scenario.settings import Choices, settings_of
from negsim.scenario.types import Value
from negsim.whole import whole

if TYPE_CHECKING:
    from negsim.log.why import ButFor, Why


@attrs.frozen(eq=False)
class Run:
    """A run: its header, its events in order, and how it ended.

    `idle_choices` are the choices made beforehand that never came to bear; of a run that was just made alone.
    """

    scenario: Scenario = attrs.field(repr=False)
    header: Header = attrs.field(repr=False)
    events: Sequence[LoggedEvent] = attrs.field(repr=False)
    ending: Ending
    idle_choices: tuple[FixedChoice, ...] = attrs.field(default=(), repr=False)

    @cached_property
    def id(self) -> str:
        """The hash of the header."""
        return self.header.run_id

    @property
    def outcome(self) -> str:
        """The name of the outcome."""
        return self.ending.outcome

    @property
    def ended_on(self) -> int:
        """The day of the last dusk."""
        return self.ending.day

    @property
    def measures(self) -> Mapping[str, Any]:
        """The measures by name; `None` where one is nothing."""
        return self.ending.measures

    @property
    def log(self) -> RunLog:
        """The run as a log that stands alone, with the scenario's texts."""
        return RunLog(self.header, self.events, self.ending, self.scenario.files)

    def text(self, seq: int) -> str:
        """An event as a sentence."""
        return event_text(self.scenario, self.events[seq], self.header.parameters_at(seq))

    @property
    def outcome_text(self) -> str | None:
        """What the outcome means, as its author says it; nothing where it is not said."""
        return outcome_text(self.scenario, self.outcome, self.header.parameters_at())

    def state(self, *, day: int | None = None, seq: int | None = None) -> Mapping[str, Value]:
        """The state at the dusk of a day, after an event, or at the end, folded from the log."""
        return state_at(self.scenario, self.header, self.events, seq=seq, day=day)

    def why(self, seq: int | None = None, *, most: int = MOST_ANCESTORS) -> Why:
        """The causes of an event, or of the outcome, with what each looked at; of its ancestors the nearest."""
        from negsim.log.why import why, why_outcome  # noqa: PLC0415 - most runs are not asked why

        if seq is None:
            return why_outcome(self.scenario, self.header, self.events, self.ended_on, most=most)
        return why(self.scenario, self.header, self.events, whole(seq, "seq"), most=most)

    def but_for(self, seq: int | None = None, *, most: int = MOST_ANCESTORS) -> tuple[ButFor, ...]:
        """For each ancestor of an event, or of the outcome: what stands if it is left out, with the same luck."""
        from negsim.engine.but_for import but_for  # noqa: PLC0415 - as above

        with bound(self.scenario, self.header.settings) as plan:
            return tuple(but_for(self.log, self.why(seq, most=most), lambda header: from_plan(plan, header).log))

    def fork(
        self,
        *,
        at: int | None = None,
        choose: Choices | None = None,
        set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
        read: Mapping[str, str] | None = None,
        emit: str | Iterable[str] = (),
        without: int | Iterable[int] = (),
        policy: Policy | None = None,
        strategies: Mapping[str, Strategy] | None = None,
    ) -> Run:
        """Another future from right after an event, with the same luck.

        `emit` puts events in, `without` leaves events of this run out. `at` may be left out where only
        `without` is given: then it is the event before the first of them. Raises `UsageError`.
        """
        from negsim.engine.forking import Changes, begins_at, forked, left_out  # noqa: PLC0415 - most are not forked

        out = left_out(without, self.events)
        at = begins_at(at, out, self.events)
        put_in = [emit] if isinstance(emit, str) else [*emit]
        deciding = policy is not None or bool(strategies)
        changes = Changes(choose, set or {}, read or {}, emit=put_in, without=out, deciding=deciding)
        header = forked(self.scenario, self.header, self.events, at=at, changes=changes)
        return _made(self.scenario, header, policy, strategies=strategies, policy_from=at)

    def replay(self) -> Difference | None:
        """Runs it again from its header: the first difference, or nothing where all is the same."""
        again = _made(self.scenario, self.header, None)
        return difference(self, again)

    def diff(self, other: Run) -> Difference | None:
        """Where this run and another part; nothing where events and endings are the same."""
        return difference(self, other)

    def _repr_html_(self) -> str:
        """The run as a table, for a notebook."""
        rows = [(str(e.seq), e.date, self.text(e.seq), e.rule or "history") for e in self.events]
        measures = ", ".join(f"{name} = {value}" for name, value in self.measures.items())
        title = f"{self.header.title}: {self.outcome}, day {self.ended_on}, seed {self.header.seed}"
        return html_table(title, ("#", "date", "event", "rule"), rows, foot=measures)

    def as_json(self) -> dict[str, Any]:
        """The run with the keys that `negsim run --json` prints."""
        return {
            "run": self.id,
            "scenario": {"title": self.header.title, "hash": self.header.scenario_hash},
            "seed": self.header.seed,
            "parameters": dict(self.header.settings.parameters),
            "readings": dict(self.header.settings.readings),
            "policies": [each.as_json() for each in self.header.settings.choices],
            "interventions": [each.as_json() for each in self.header.interventions],
            "luck": [draw_json(draw) for draw in self.header.luck],
            "parent": self.header.parent,
            "outcome": self.outcome,
            "ended_on": {"day": self.ended_on, "date": self.scenario.date_of(self.ended_on).isoformat()},
            "measures": dict(self.measures),
            "events": [as_json(event) for event in self.events],
        }


def run(
    scenario: Scenario,
    *,
    seed: int = 0,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    luck: Mapping[str, float | Iterable[float | None]] | None = None,
    policy: Policy | None = None,
    strategies: Mapping[str, Strategy] | None = None,
) -> Run:
    """One run of a scenario.

    `set` gives parameters, `read` readings, `choose` fixed choices (`{"backstop_call": "announce"}` or
    texts such as `"call@60=announce"`), `policy` a callable that is asked at each decision, `strategies`
    callables that give a party's aspiration at talks, by `talks.party`. `luck` gives draws that are not
    to come from the seed, by the name of their stream: `{"call[elm].chance": [0.25, None, 0.5]}` are the first and the
    third (0 or more, less than 1). Raises
    `UsageError` for names and values the scenario does not have, `ModelError` where it breaks down.
    """
    header = header_for(scenario, seed=seed, set=set, read=read, choose=choose, luck=luck)
    return _made(scenario, header, policy, strategies=strategies)


def header_for(
    scenario: Scenario,
    *,
    seed: int = 0,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    luck: Mapping[str, float | Iterable[float | None]] | None = None,
) -> Header:
    """The header of a run, its settings checked."""
    return Header(
        title=scenario.title,
        scenario_hash=scenario.hash,
        language=scenario.language,
        start=scenario.start.isoformat(),
        seed=seed_number(seed),
        settings=settings_of(scenario, set=set, read=read, choose=choose),
        luck=draws(scenario, luck or {}),
    )


def _made(
    scenario: Scenario,
    header: Header,
    policy: Policy | None,
    *,
    strategies: Mapping[str, Strategy] | None = None,
    policy_from: int | None = None,
) -> Run:
    own = own_strategies(scenario, strategies)
    with bound(scenario, header.settings) as plan:
        return from_plan(plan, header, policy, strategies=own, policy_from=policy_from)


def from_plan(
    plan: Plan,
    header: Header,
    policy: Policy | None = None,
    *,
    strategies: Mapping[str, Strategy] | None = None,
    policy_from: int | None = None,
    luck: Luck | None = None,
) -> Run:
    """A run from its header, with what is bound already.

    Its luck is that of its header. Where other `luck` is handed in, the draws that it gave are written into the
    header; so is what callables decided (in a fork: after event `policy_from`). So the header makes the run again.
    """
    recording = None if luck is None else Recording(luck)
    calendar = Calendar(
        plan,
        luck=recording or luck_of(plan, header),
        choices=header.settings.choices,
        interventions=header.interventions,
        policy=policy,
        strategies=strategies,
        policy_from=-1 if policy_from is None else policy_from,
    )
    ending = calendar.run()
    if recording is not None:
        header = attrs.evolve(header, luck=tuple(recording.draws))
    header = with_decided(header, calendar.answers.decided, policy_from)
    return Run(plan.program.scenario, header, tuple(calendar.events), ending, calendar.answers.chooser.idle)


def with_decided(header: Header, decided: tuple[Fixed, ...], policy_from: int | None = None) -> Header:
    """The header with what callables decided; in a fork they did so after event `policy_from`."""
    if not decided:
        return header
    if policy_from is None:
        return attrs.evolve(header, settings=header.settings.changed({}, {}, decided))
    change = Intervention(policy_from, choices=decided)
    return attrs.evolve(header, interventions=(*header.interventions, change))


def from_log(scenario: Scenario, log: RunLog) -> Run:
    """The run that a log holds. Raises `LogError` where the log is of another scenario."""
    if log.header.scenario_hash != scenario.hash:
        raise LogError(
            f"the log is of another scenario, or of another version of it ({log.header.scenario_hash[:12]}"
            f" is not {scenario.hash[:12]})"
        )
    return Run(scenario, log.header, tuple(log.events), log.ending)
