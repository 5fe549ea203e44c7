"""A log as JSON lines: a header, the scenario's texts (in a file of its own), the events, the ending.

Each line carries a running hash of itself and all lines before it, so that a changed, cut or reordered
log is noticed and the place named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from negsim.log.event import LoggedEvent, RunLog, compact, digest, origin_json

_HASH_KEY = ',"hash":"'
_HASH_WIDTH = len(_HASH_KEY) + 32 + len('"}')


class HashChain:
    """The running hash: of the hash before, and the line without its own."""

    def __init__(self) -> None:
        self._last = ""

    def _next(self, bare: str) -> str:
        self._last = digest((self._last + bare).encode())
        return self._last

    def seal(self, bare: str) -> str:
        """The line with its hash as the last key."""
        return f'{bare[:-1]}{_HASH_KEY}{self._next(bare)}"}}'

    def opened(self, line: str) -> str | None:
        """The line without its hash; nothing where that does not fit the line and all before it."""
        bare = line[:-_HASH_WIDTH] + "}"
        return bare if line == self.seal(bare) else None


def write_lines(log: RunLog) -> Iterator[str]:
    """The lines of a log, without line ends."""
    chain = HashChain()
    header = log.header
    yield chain.seal(compact({**header.as_json(), "run": header.run_id}))
    if log.files is not None:
        yield chain.seal(compact({"scenario_files": dict(log.files)}))
    writer = _EventWriter()
    for event in log.events:
        yield chain.seal(writer.write(event))
    ending = log.ending
    end = {
        "outcome": ending.outcome,
        "ended_on": ending.day,
        "measures": dict(ending.measures),
        "events": len(log.events),
    }
    yield chain.seal(compact({"end": end}))


class _EventWriter:
    """Writes events as `compact(as_json(event))` does, with the parts that come again kept."""

    def __init__(self) -> None:
        self._facts: dict[tuple[Any, ...], str] = {}
        self._rules: dict[tuple[Any, ...], str] = {}
        self._origins: dict[int, tuple[Any, str]] = {}
        self._options: dict[tuple[str | None, float | None, float | None], str] = {}

    def write(self, event: LoggedEvent) -> str:
        seq, day, date, name, fields, rule, instance, actor, cause, triggered, origin, option, share, chance = event
        key = (name, *fields.values())
        fact = self._facts.get(key)
        if fact is None:
            fact = self._facts[key] = f'"event":{compact(name)},"fields":{compact(dict(fields))}'
        made_by = (rule, instance, actor)
        who = self._rules.get(made_by)
        if who is None:
            who = f'"rule":{compact(rule)},"instance":{compact(list(instance))},"actor":{compact(actor)}'
            self._rules[made_by] = who
        kept = self._origins.get(id(origin))
        if kept is None or kept[0] is not origin:
            kept = self._origins[id(origin)] = (origin, compact(origin_json(origin))[1:-1])
        drawn = (option, share, chance)
        last = self._options.get(drawn)
        if last is None:
            last = f'"option":{compact(option)},"share":{compact(share)},"chance":{compact(chance)}'
            self._options[drawn] = last
        return (
            f'{{"seq":{seq},"day":{day},"date":"{date}",{fact},{who},"cause":{"null" if cause is None else cause},'
            f'"triggered":{"null" if triggered is None else triggered},{kept[1]},{last}}}'
        )
