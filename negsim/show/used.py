"""What the events of a run rest on: the rules, positions, parameters and readings behind them."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from negsim.engine.run import Run
from negsim.scenario.held import open_questions
from negsim.scenario.record import Origin
from negsim.show.reads import Reach


@attrs.frozen
class Behind:
    """A thing that events of a run rest on: its kind, its name, and where it comes from."""

    kind: str
    name: str
    origin: Origin


def behind(run: Run) -> tuple[Behind, ...]:
    """What the events of a run rest on, in the order of the file.

    A parameter that is written in place has its owner's origin, and is not named again. What did not
    happen rests on more: on each rule that could have fired and did not.
    """
    return tuple(_behind(run))


def _behind(run: Run) -> Iterator[Behind]:
    scenario = run.scenario
    owners = _owners(run)
    reach = Reach(scenario)

    def is_read(name: str) -> bool:
        return any((reader.kind, reader.name) in owners for reader in reach.touch(name).readers)

    for entry in scenario.history:
        yield Behind("history", f"{scenario.calendar.written(entry.day)} {entry.emission.text}", entry.origin)
    for question, every in open_questions(scenario).items():
        if any(is_read(each.name) for each in every):
            yield Behind("reading", question, every[0].origin)
    for parameter in scenario.parameters.values():
        if parameter.rule is None and is_read(parameter.name):
            yield Behind("parameter", parameter.name, parameter.origin)
    for rule in scenario.rules.values():
        if ("rule", rule.name) in owners:
            yield Behind("rule", rule.name, rule.origin)
    for talks in scenario.talks.values():
        if ("talks", talks.name) in owners:
            if talks.origin is not None:
                yield Behind("talks", talks.name, talks.origin)
            for position in talks.positions.values():
                name = f"{talks.name}.{position.party}"
                yield Behind("position", name, position.origin)
                for line in position.red_lines.values():
                    yield Behind("red line", f"{name}.{line.name}", line.origin)


def _owners(run: Run) -> set[tuple[str, str]]:
    """What was at work in a run, as (kind, name): rules that fired, talks that were held with all their positions."""
    fired = {event.rule for event in run.events if event.rule is not None}
    found = {("rule", name) for name in fired if name in run.scenario.rules}
    found |= {("event", event.event) for event in run.events}
    found |= {("outcome", name) for name in run.scenario.outcomes}
    for talks in run.scenario.talks.values():
        if talks.name in fired:
            found.add(("talks", talks.name))
            for position in talks.positions.values():
                name = f"{talks.name}.{position.party}"
                found.add(("position", name))
                found |= {("red line", f"{name}.{line}") for line in position.red_lines}
    return found
