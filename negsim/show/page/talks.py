"""Talks of a run, on a page: rounds with their answers, what stood in the way, red lines with the words behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from negsim.engine.run import Run
from negsim.log.event import LoggedEvent
from negsim.log.looked_talks import MOST_SETS
from negsim.log.text import talks_name
from negsim.scenario.called import red_line_called
from negsim.scenario.model import Scenario
from negsim.scenario.talks import Talks
from negsim.show.impasses import Impasse, impasses
from negsim.show.page.elements import Content, Markup, code, day, items, paragraph, table, tag, together
from negsim.show.page.record import RecordTold, event_link
from negsim.show.rounds import Round, rounds
from negsim.wording import counted


def talks(run: Run, told: RecordTold) -> Markup:
    """All talks of a scenario as they were held in a run; words that were told at events are not told again."""
    ended = {each.talks: each for each in impasses(run)}
    parts: list[Markup | None] = []
    for each in run.scenario.talks.values():
        held = rounds(run, each.name)
        if held:
            rows = [_round(run, one) for one in held]
            parts.append(table(f"Rounds of {talks_name(each.name)}", ["Round", "Date", "Put forward", "Answers"], rows))
            parts.append(_impasse(ended[each.name]) if each.name in ended else None)
            parts.append(_red_lines(run.scenario, each, told))
        else:
            parts.append(paragraph(code(each.name), ": no round was held in this run."))
    return together(*parts)


def _round(run: Run, held: Round) -> list[Content]:
    opening, answers = held.opening, held.answers
    offer = None if opening is None else _said(run, [opening])
    return [
        str(held.number) if held.number else None,
        day((opening or answers[0]).date),
        offer,
        _said(run, answers) if answers else None,
    ]


def _said(run: Run, events: Iterable[LoggedEvent]) -> Markup:
    """Events in words, each with its number."""
    return together(*(paragraph(event_link(event.seq), f": {run.text(event.seq)}") for event in events))


def _impasse(ended: Impasse) -> Markup:
    """Why talks ended without agreement."""
    head, more = f"Why {talks_name(ended.talks)} ended without agreement", len(ended.unlock) - MOST_SETS
    return together(
        paragraph(tag("strong", head), " (", event_link(ended.seq), f"): {ended.words}"),
        items("; and ".join(each.words for each in obstacles) for obstacles in ended.unlock[:MOST_SETS]),
        paragraph(f"And {counted(more, 'more set')}.", class_="soft") if more > 0 else None,
    )


def _red_lines(scenario: Scenario, held: Talks, told: RecordTold) -> Markup | None:
    """What each party never signs, with the words that this rests on."""
    rows = [*_red_line_rows(scenario, held, told)]
    columns = ["Party", "Red line", "What it rests on"]
    return table(f"Red lines at {talks_name(held.name)}", columns, rows) if rows else None


def _red_line_rows(scenario: Scenario, held: Talks, told: RecordTold) -> Iterator[list[Content]]:
    for position in held.positions.values():
        for line in position.red_lines.values():
            when = together(" while ", code(line.when.text)) if line.when is not None else None
            never = together(tag("b", red_line_called(line)), ": never ", code(line.never.text), when)
            yield [scenario.actors[position.party].name, never, told.besides(line.origin)]
