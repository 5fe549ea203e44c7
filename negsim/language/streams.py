"""Streams of draws are told apart by a number: no two of one scenario may have the same."""

from __future__ import annotations

from negsim.language.draft import Draft
from negsim.scenario.model import Scenario
from negsim.scenario.streams import Stream, streams


def check_streams(scenario: Scenario, draft: Draft) -> None:
    """A problem for each rule with a stream whose number another stream before it has."""
    known: dict[int, Stream] = {}
    for stream in streams(scenario):
        first = known.setdefault(stream.number, stream)
        if first != stream:
            draft.problems.add(
                draft.world.places["rule", stream.rule],
                f"the draws of {stream} would be those of {first}: their names come to one number, {stream.number}",
                f"another name for `{stream.rule}` mends it",
            )
