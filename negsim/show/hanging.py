"""Which events a picture of causes shows, and what each hangs on: its trigger, and what had set what it looked at."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.engine.run import Run
from negsim.log.links import links
from negsim.log.why import Link

MOST_EVENTS = 300


def hanging(run: Run, *, most: int = MOST_EVENTS) -> Mapping[int, tuple[Link, ...]]:
    """The events of a run that a picture shows, in order, each with what it hangs on of these.

    Of more than `most` those that the outcome hangs on come first, the nearest before others; then those with
    a cause or an effect; then the rest, each in the order of the log. What was looked at at its own trigger is
    no link of its own.
    """
    shown = _shown(run, max(most, 0))
    found = links(run.scenario, run.header, run.events, shown)
    kept: dict[int, tuple[Link, ...]] = {}
    for seq in shown:
        cause = run.events[seq].cause
        kept[seq] = tuple(
            link for link in found[seq] if link.seq in found and (link.kind == "triggered by" or link.seq != cause)
        )
    return kept


def left_out_words(run: Run, shown: Mapping[int, object]) -> str | None:
    """How many events a picture leaves out, and which; nothing where it shows all."""
    left_out = len(run.events) - len(shown)
    if not left_out:
        return None
    are = "is" if left_out == 1 else "are"
    return (
        f"{left_out:,} of {len(run.events):,} events {are} left out: those that the outcome hangs on were kept first,"
        " then those with a cause or an effect."
    )


def _shown(run: Run, most: int) -> list[int]:
    if len(run.events) <= most:
        return list(range(len(run.events)))
    causes = {event.cause for event in run.events}
    linked = [event.seq for event in run.events if event.cause is not None or event.seq in causes]
    nearest = [step.event.seq for step in run.why(most=most).ancestors]
    return sorted(list(dict.fromkeys([*nearest, *linked, *range(len(run.events))]))[:most])
