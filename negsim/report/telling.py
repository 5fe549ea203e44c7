"""Which events of a run tell most of it: those that its end rests on, then those from which most follows."""

from __future__ import annotations

from collections import Counter

from negsim.engine.run import Run
from negsim.scenario.expressions import MemberVariable, Variable
from negsim.scenario.model import Scenario
from negsim.scenario.parts import walk_through

MOST_ASKED = 60  # events whose causes are looked for


def telling(run: Run) -> list[int]:
    """The numbers of all events of a run, those that tell most first.

    First come what last set the state that outcomes read, what its rules looked at, and so on back, the nearest
    first; then the rest by how many events they led to, decisions before others, in the order of the log.
    """
    found = dict.fromkeys(_behind_the_end(run))
    led_to = Counter(event.cause for event in run.events if event.cause is not None)
    rest = [event for event in run.events if event.seq not in found]
    rest.sort(key=lambda event: (-led_to[event.seq], event.actor is None, event.seq))
    return [*found, *(event.seq for event in rest)]


def _behind_the_end(run: Run) -> list[int]:
    """What the end of a run rests on, the nearest first, as far as it is looked for."""
    read = _read_by_outcomes(run.scenario)
    last: dict[str, int] = {}
    for event in run.events:
        declared = run.scenario.events.get(event.event)
        for effect in () if declared is None else declared.effects:
            if effect.variable in read:
                last[effect.variable] = event.seq
    found = dict.fromkeys(sorted(last.values(), reverse=True))
    waiting = list(found)
    for seq in waiting:
        if len(found) >= MOST_ASKED:
            break
        event = run.events[seq]
        looked_at = [] if event.rule is None else [each.set_by for each in run.why(seq).steps[0].conditions]
        for cause in (event.cause, *looked_at):
            if cause is not None and cause not in found:
                found[cause] = None
                waiting.append(cause)
    return list(found)


def _read_by_outcomes(scenario: Scenario) -> set[str]:
    """The variables that outcomes read, through definitions too."""
    trees = [each.when.tree for each in scenario.outcomes.values() if each.when is not None]
    nodes = walk_through(scenario, trees)
    return {node.name for node in nodes if isinstance(node, Variable | MemberVariable)}
