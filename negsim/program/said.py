"""What is said at talks, and who stands behind it."""

from __future__ import annotations

import attrs

from negsim.scenario.record import Origin
from negsim.scenario.types import Value


@attrs.frozen
class Speaker:
    """Who makes an event that comes out of talks (by their name), and what stands behind it."""

    name: str
    origin: Origin
    actors: tuple[str, ...] = ()


@attrs.frozen
class Said:
    """One thing that happens in a round: the event, the party that says it, and what stands behind it.

    An end is a `walkout` where it comes since somebody has left.
    """

    event: str
    arguments: tuple[Value, ...]
    party: str | None
    speaker: Speaker
    walkout: bool = False
