"""Talks of a run that came to nothing: what stood in the way of every deal, whose it was, and what it rests on."""

from __future__ import annotations

import attrs

from negsim.engine.run import Run
from negsim.log.event import LoggedEvent
from negsim.log.looked_talks import Deadlock, is_walkout
from negsim.scenario.called import red_line_words
from negsim.scenario.model import Scenario
from negsim.scenario.record import Origin
from negsim.scenario.talks import Talks
from negsim.wording import counted


@attrs.frozen
class Obstacle:
    """A red line, or what no deal is worth to a party: in words, and where it comes from."""

    words: str
    origin: Origin


@attrs.frozen
class Impasse:
    """How talks ended without agreement: by which event, and how many packages all could have signed then.

    `unlock` are, where there was none, the sets of obstacles of which any one would have had to be lifted whole. With
    a `walkout` they are those who had left, and why.
    """

    talks: str
    seq: int
    zone: int
    unlock: tuple[tuple[Obstacle, ...], ...]
    walkout: bool = False

    @property
    def words(self) -> str:
        """What stood in the way, in short."""
        if self.walkout:
            return "Those who were left could sign nothing without those who had left."
        if not self.zone:
            return "No package was open to all. Lifting what any one line names would have opened one."
        signed = f"{counted(self.zone, 'package')} all could have signed"
        return f"{signed}; what was put forward was less than somebody asked for."

    @property
    def origins(self) -> tuple[Origin, ...]:
        """What the obstacles rest on, each once."""
        return tuple(dict.fromkeys(each.origin for obstacles in self.unlock for each in obstacles))


def impasses(run: Run) -> tuple[Impasse, ...]:
    """The talks that ended without agreement when they were held last, in the order of the file."""
    last = {event.rule: event for event in run.events if event.event in ("agreed", "lapsed")}
    found = []
    for talks in run.scenario.talks.values():
        event = last.get(talks.name)
        if event is None:
            continue
        deadlock = run.why(event.seq, most=1).steps[0].deadlock
        if deadlock is not None:
            found.append(impasse(run.scenario, deadlock, event.seq))
        elif is_walkout(run.events, event):
            found.append(_walkout(run, talks, event))
    return tuple(found)


def impasse(scenario: Scenario, deadlock: Deadlock, seq: int) -> Impasse:
    """A deadlock in words, of the talks that ended with an event."""
    talks = scenario.talks[deadlock.talks]
    unlock = tuple(tuple(_obstacle(scenario, talks, name) for name in names) for names in deadlock.unlock)
    return Impasse(talks.name, seq, deadlock.zone, unlock)


def _walkout(run: Run, talks: Talks, lapsed: LoggedEvent) -> Impasse:
    """Who had left talks that ended since nothing could be signed any more."""
    gone: dict[str, Obstacle] = {}
    for event in run.events[: lapsed.seq]:
        if event.rule == talks.name and event.event == "left":
            party = str(event.fields["party"])
            gone[party] = _departure(run.scenario, talks, party)
        elif event.event in talks.reopens:
            gone.clear()
    return Impasse(talks.name, lapsed.seq, 0, tuple((each,) for each in gone.values()), walkout=True)


def _departure(scenario: Scenario, talks: Talks, party: str) -> Obstacle:
    position = talks.positions[party]
    when = "" if position.leaves is None else f": it leaves where {position.leaves.text}"
    return Obstacle(f"{scenario.actors[party].name}{when}", position.origin)


def _obstacle(scenario: Scenario, talks: Talks, name: str) -> Obstacle:
    party, _, reason = name.partition(".")
    position, who = talks.positions[party], scenario.actors[party].name
    found = position.red_lines.get(reason)
    if found is None:
        return Obstacle(f"{who}: what no deal is worth to it", position.origin)
    return Obstacle(f"{who}, {red_line_words(found)}: never {found.never.text}", found.origin)
