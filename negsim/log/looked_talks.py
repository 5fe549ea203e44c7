"""What an event of talks rests on: an offer on all seats, a refusal on a red line or on utilities, an end on both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from negsim.kernel.obstacles import Obstacles
from negsim.log.event import LoggedEvent
from negsim.log.looking import mentioned
from negsim.log.past import Condition, Past
from negsim.scenario.talks import Position, Talks
from negsim.wording import counted

MOST_SETS = 12  # unlock sets whose red lines are looked at


@attrs.frozen
class Deadlock:
    """What stood in the way when talks ended without agreement, as the seats saw it in the last round.

    `at` is the event after which that was (-1: before any); `zone` how many packages all could have signed;
    `unlock`, where there was none, every minimal set of red lines (`party.name`) that would have had to be lifted.
    """

    talks: str
    at: int
    zone: int
    unlock: tuple[tuple[str, ...], ...]


def deadlock(past: Past, event: LoggedEvent) -> Deadlock | None:
    """What stood in the way, for the event with which talks ended without agreement; nothing for another event."""
    if event.event != "lapsed" or event.rule not in past.scenario.talks:
        return None
    if is_walkout(past.events, event):
        return None
    seq = _before_round(past, event)
    table = next(each for each in past.program(seq).tables if each.name == event.rule)
    obstacles = Obstacles(table, past.state(seq, event.day))
    return Deadlock(table.name, seq, len(obstacles.zone), obstacles.unlock)


def at_table(past: Past, event: LoggedEvent, talks: Talks) -> Iterator[Condition]:
    """What an event of talks rests on."""
    seq = _before_round(past, event)
    match event.event:
        case "left":
            yield from _condition(past, talks, seq, event.day)
            yield from _departure(past, talks.positions[str(event.fields["party"])], seq, event.day)
        case "lapsed" if is_walkout(past.events, event):
            for earlier in _departures(past, event):
                yield from _departure(past, talks.positions[str(earlier.fields["party"])], seq, event.day)
        case "lapsed":
            yield from _condition(past, talks, seq, event.day)
            yield from _refusals(past, event, talks)
            yield from _in_the_way(past, event, talks)
        case "refused":
            yield from _refusal(past, event, talks.positions[str(event.fields["party"])], seq=seq)
        case "offered" | "passed":
            # Who passes has found nothing good enough for itself; an offer is made with an eye to all who answer.
            yield from _condition(past, talks, seq, event.day)
            others = _present(past, talks, event) if event.event == "offered" else ()
            order = dict.fromkeys((event.actor or "", *others))
            seats = [talks.positions[name] for name in order if name in talks.positions]
            yield from _moods(past, seats, seq, event.day)
        case "agreed":
            present = _present(past, talks, event)
            yield from _moods(past, [talks.positions[party] for party in present], seq, event.day)
        case _ if talks.agreed is not None and event.event == talks.agreed.event and event.cause is not None:
            terms = past.events[event.cause].fields
            for argument in talks.agreed.arguments:
                yield from mentioned(past, argument, terms, seq=event.seq - 1, day=event.day, read_by="emit")


def is_walkout(events: Sequence[LoggedEvent], event: LoggedEvent) -> bool:
    """Whether talks ended since somebody had left: nothing was put forward then."""
    before = None if event.cause is None else events[event.cause]
    if event.event != "lapsed" or before is None:
        return False
    return before.event == "left" and before.rule == event.rule and before.day == event.day


def _present(past: Past, talks: Talks, event: LoggedEvent) -> tuple[str, ...]:
    """Those at the table when something was said: who left in that round had left."""
    seq = event.seq - 1
    return past.program(seq).table(talks.name).attendance.present(past.state(seq, event.day))


def _departures(past: Past, event: LoggedEvent) -> Sequence[LoggedEvent]:
    """Those who left at the beginning of the round that an event belongs to, in order."""
    found = []
    while event.cause is not None and _is_one_round(event, past.events[event.cause]):
        event = past.events[event.cause]
        if event.event == "left":
            found.append(event)
    return found[::-1]


def _is_one_round(event: LoggedEvent, before: LoggedEvent) -> bool:
    """Whether what was said before at talks was said in the same round: there is one a day."""
    return (
        before.rule == event.rule
        and before.day == event.day
        and before.event in ("left", "offered", "passed", "agreed")
    )


def _before_round(past: Past, event: LoggedEvent) -> int:
    """The event after which the round was held that an event belongs to: a round is worked out as it begins."""
    while event.cause is not None and _is_one_round(event, past.events[event.cause]):
        event = past.events[event.cause]
    return event.seq - 1


def _departure(past: Past, position: Position, seq: int, day: int) -> Iterator[Condition]:
    """Why somebody left."""
    if position.leaves is not None:
        yield from mentioned(past, position.leaves.tree, {}, seq=seq, day=day, read_by=f"leaves of {position.party}")


def _condition(past: Past, talks: Talks, seq: int, day: int) -> Iterator[Condition]:
    if talks.condition is not None:
        yield from mentioned(past, talks.condition.tree, {}, seq=seq, day=day, read_by="while")


def _moods(past: Past, positions: Iterable[Position], seq: int, day: int) -> Iterator[Condition]:
    """What seats looked at in a round: what their fallbacks read, and whether their red lines held."""
    for position in positions:
        party = position.party
        yield from mentioned(past, position.fallback.tree, {}, seq=seq, day=day, read_by=f"fallback of {party}")
        for line in position.red_lines.values():
            if line.when is not None:
                read_by = f"red line {party}.{line.name}"
                yield from mentioned(past, line.when.tree, {}, seq=seq, day=day, read_by=read_by)


def _refusal(past: Past, event: LoggedEvent, position: Position, *, seq: int) -> Iterator[Condition]:
    """A refusal rests on the red line that it names, or on what the package was worth and what was looked for."""
    line = position.red_lines.get(str(event.fields["reason"]))
    if line is None:
        name = f"{position.party}: worth {_share(event, 'worth')}, looked for {_share(event, 'aspiration')}"
        yield Condition("utility", name, "too little", ("talks",), None, position.origin)
        yield from mentioned(past, position.fallback.tree, {}, seq=seq, day=event.day, read_by="fallback")
    else:
        name = f"{position.party}.{line.name}"
        yield Condition("red line", name, f"never {line.never.text}", ("talks",), None, line.origin)
        if line.when is not None:
            yield from mentioned(past, line.when.tree, {}, seq=seq, day=event.day, read_by="when")


def _share(event: LoggedEvent, field: str) -> float:
    return int(event.fields[field]) / 1000


def _refusals(past: Past, event: LoggedEvent, talks: Talks) -> Iterator[Condition]:
    """Why talks came to nothing: each reason of each who refused, how often since they were opened, and when last."""
    found: dict[tuple[str, str], list[int]] = {}
    for earlier in reversed(past.events[: event.seq]):
        if earlier.rule == talks.name and earlier.event in ("agreed", "lapsed", "ended"):
            break
        if earlier.rule == talks.name and earlier.event == "refused":
            key = (str(earlier.fields["party"]), str(earlier.fields["reason"]))
            found.setdefault(key, []).append(earlier.seq)
    for (party, reason), seqs in sorted(found.items(), key=lambda item: -len(item[1])):
        position = talks.positions[party]
        line = position.red_lines.get(reason)
        kind = "utility" if line is None else "red line"
        origin = position.origin if line is None else line.origin
        times = counted(len(seqs), "refusal")
        yield Condition(kind, f"{party}.{reason}", times, ("talks",), seqs[0], origin)


def _in_the_way(past: Past, event: LoggedEvent, talks: Talks) -> Iterator[Condition]:
    """What had the red lines hold that stood in the way of every deal, and what the fallbacks read that did."""
    found = deadlock(past, event)
    named: Mapping[str, None] = dict.fromkeys(
        name for names in (found.unlock if found else ())[:MOST_SETS] for name in names
    )
    for name in named:
        party, _, reason = name.partition(".")
        position = talks.positions[party]
        line = position.red_lines.get(reason)
        tree = position.fallback.tree if line is None else None if line.when is None else line.when.tree
        if found is not None and tree is not None:
            what = f"fallback of {party}" if line is None else f"red line {name}"
            yield from mentioned(past, tree, {}, seq=found.at, day=event.day, read_by=what)
