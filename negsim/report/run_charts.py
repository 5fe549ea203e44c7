"""Pictures of a run, by Altair (Vega-Lite): what caused what, and the state through time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from negsim.clean import clean
from negsim.engine.run import Run
from negsim.log.text import counted
from negsim.report.bands import Band, GroupBand, States, states
from negsim.report.lanes import Lanes, Mark, lanes
from negsim.report.theme import INK, PAPER, SOFT, TINTS, WIDTH, Figure, altair, dates, down, named_rows, themed
from negsim.scenario.model import Standing
from negsim.scenario.types import Enumeration, Truth, Value, is_number
from negsim.scenario.words import UNSETTLED

LABEL_HEIGHT, ROW_HEIGHT = 15, 11
BAND_HEIGHT, STACK_HEIGHT, KEY_HEIGHT, GAP = 19, 60, 14, 8
LETTER = 6.1  # how wide a letter is, on the whole
MOST_TOLD = 6  # events that a mark tells one by one
SHAPES = {
    "history": "square",
    "rule": "circle",
    "decision": "diamond",
    "talks": "triangle-up",
    "put in": "cross",
}
FILLS = {Standing.STATED: INK, Standing.INFERRED: "#9ccbe0", Standing.ASSUMED: PAPER}


def causes_figure(run: Run) -> Figure:
    """What caused what: events as marks in time on the lanes of their rules, with lines from cause to effect."""
    found = lanes(run)
    about = (
        "Each mark is an event, on the lane of the rule that made it; time goes to the right. A line leads from an"
        " event to what it triggered. Circles are rules, diamonds decisions of an actor, triangles talks, squares what"
        " was on record before, crosses what a fork put in. Full marks are stated, tinted ones inferred, hollow ones"
        " assumed. Numbers are those of the timeline; alike events of one day are one mark."
    )
    if found.left_out:
        about += f" The least busy lanes are left out, with {counted(found.left_out, 'event')}."
    return Figure("causes", "What caused what", about, themed(_causes(run, found)))


def _causes(run: Run, found: Lanes) -> Any:
    alt = altair()
    tops = [0]
    for lane in found.lanes:
        tops.append(tops[-1] + LABEL_HEIGHT + lane.rows * ROW_HEIGHT + 4)
    marks = list(_marks(found, tops))
    told = alt.selection_point(name="told", on="pointerover", clear="pointerout", fields=["mark"])
    x, y = dates(run.scenario.start, found.first, found.last), down(tops[-1])
    near = "!told.mark || indexof(datum.below, told.mark[0]) >= 0"
    layers = [
        *named_rows(tops, [lane.words for lane in found.lanes], y),
        *_begins(found.first, x),
        alt.Chart(alt.InlineData(values=list(_links(marks, found.marks))))
        .mark_rule(color=SOFT, strokeWidth=1)
        .encode(x=x, y=y, x2="x2", y2="y2", opacity=alt.condition(near, alt.value(0.6), alt.value(0.06))),
        alt.Chart(alt.InlineData(values=marks))
        .mark_point(strokeWidth=1.2, stroke=INK, opacity=1, cursor="pointer")
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            size=alt.Size("size:Q", scale=None),
            tooltip="said:N",
            description="said:N",
        )
        .add_params(told),
        alt.Chart(alt.InlineData(values=marks))
        .transform_filter("datum.room * width > datum.letters * 5.2 + 16")
        .mark_text(align="left", dx=7, dy=0.5, fontSize=9, color=SOFT)
        .encode(x=x, y=y, text="numbers:N"),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=tops[-1])


def _marks(found: Lanes, tops: list[int]) -> Iterator[dict[str, Any]]:
    """The marks as rows of data; `room` is the share of the time until the next mark on the same row."""
    span = found.last - found.first
    nexts: dict[tuple[int, int], int] = {}
    rooms = [0.0] * len(found.marks)
    for place in sorted(range(len(found.marks)), key=lambda p: -found.marks[p].day):
        mark = found.marks[place]
        rooms[place] = (nexts.get((mark.lane, mark.row), found.last) - mark.day) / span
        nexts[mark.lane, mark.row] = mark.day
    for place, mark in enumerate(found.marks):
        numbers = _numbers(mark)
        yield {
            "mark": place,
            "x": mark.day,
            "y": tops[mark.lane] + LABEL_HEIGHT + mark.row * ROW_HEIGHT + ROW_HEIGHT / 2,
            "shape": SHAPES[mark.kind],
            "fill": FILLS[mark.standing],
            "size": 46 + min(8 * (len(mark.seqs) - 1), 40),
            "numbers": numbers,
            "letters": len(numbers),
            "room": round(rooms[place], 4),
            "said": clean(_told(mark)),
            "to": f"event-{mark.seqs[0]}",
        }


def _numbers(mark: Mark) -> str:
    """The numbers of a mark's events: `17`, `47-72`, `80 …`."""
    first, last = mark.seqs[0], mark.seqs[-1]
    if first == last:
        return str(first)
    return f"{first}-{last}" if last - first == len(mark.seqs) - 1 else f"{first} …"


def _told(mark: Mark) -> str:
    """What a mark stands for, in words."""
    lines = [f"{seq}: {text}" for seq, text in list(zip(mark.seqs, mark.texts, strict=True))[:MOST_TOLD]]
    more = len(mark.seqs) - MOST_TOLD
    return "\n".join([f"{mark.date}, {mark.standing.value}", *lines, *([f"… and {more} more"] if more > 0 else [])])


def _links(marks: list[dict[str, Any]], found: tuple[Mark, ...]) -> Iterator[dict[str, Any]]:
    """Lines from causes to effects; `below` are the marks that a line leads to, also by way of others."""
    below: dict[int, list[int]] = {place: [place] for place in range(len(found))}
    for place in range(len(found) - 1, -1, -1):
        cause = found[place].cause
        if cause is not None:
            below[cause] += below[place]
    for place, mark in enumerate(found):
        if mark.cause is not None:
            one, other = marks[mark.cause], marks[place]
            yield {"x": one["x"], "y": one["y"], "x2": other["x"], "y2": other["y"], "below": sorted(below[place])}


def _begins(first: int, x: Any) -> list[Any]:
    """Where the run begins, if the past is shown too."""
    alt = altair()
    if first == 0:
        return []
    return [alt.Chart(alt.InlineData(values=[{"x": 0}])).mark_rule(color=SOFT, strokeDash=[3, 3]).encode(x=x)]


def state_figure(run: Run) -> Figure:
    """The state through time: a band for each variable, and for each group how many members were what."""
    found = states(run)
    about = (
        "Each band is a part of the state; time goes to the right, and a band changes where an event changed it."
        " Numbers are drawn as heights. Bands of a group show how many of its members were what."
    )
    return Figure("state", "The state through time", about, themed(_state(run, found)))


def _state(run: Run, found: States) -> Any:
    alt = altair()
    tops, words = [0], []
    for band in found.bands:
        words.append(band.words)
        tops.append(tops[-1] + LABEL_HEIGHT + BAND_HEIGHT + GAP)
    for group in found.groups:
        words.append(f"{group.words} ({counted(group.size, 'member')})")
        tops.append(tops[-1] + LABEL_HEIGHT + STACK_HEIGHT + len(group.values) * KEY_HEIGHT + GAP)
    bands: list[dict[str, Any]] = []
    stacks: list[dict[str, Any]] = []
    keys: list[dict[str, Any]] = []
    for place, band in enumerate(found.bands):
        bands += _band_boxes(band, tops[place] + LABEL_HEIGHT)
    for place, group in enumerate(found.groups, start=len(found.bands)):
        stacks += _group_boxes(group, tops[place] + LABEL_HEIGHT)
        keys += _keys(group, tops[place] + LABEL_HEIGHT + STACK_HEIGHT)
    x, y, middle = dates(run.scenario.start, found.first, found.last), down(tops[-1]), down(tops[-1], "middle")
    texts = [box for box in bands if box["letters"]]
    layers = [
        *named_rows(tops, words, y),
        *_begins(found.first, x),
        _boxes(bands, x, y).mark_rect(stroke=SOFT, strokeWidth=0.6),
        _boxes(stacks, x, y).mark_rect(),
        alt.Chart(alt.InlineData(values=texts))
        .transform_filter(f"datum.share * width > datum.letters * {LETTER} + 8")
        .mark_text(align="left", baseline="middle", dx=4, fontSize=11)
        .encode(x=x, y=middle, text="words:N"),
    ]
    if keys:
        base = alt.Chart(alt.InlineData(values=keys)).encode(y=y)
        layers += [
            base.mark_rect(fill=PAPER, height=KEY_HEIGHT),
            base.mark_point(shape="square", size=70, stroke=SOFT, strokeWidth=0.6, opacity=1).encode(
                x=alt.value(8), fill=alt.Fill("fill:N", scale=None)
            ),
            base.mark_text(align="left", baseline="middle", fontSize=10.5).encode(x=alt.value(18), text="words:N"),
        ]
    return alt.layer(*layers).properties(width=WIDTH, height=tops[-1])


def _boxes(values: list[dict[str, Any]], x: Any, y: Any) -> Any:
    """Boxes whose corners are given, each with its colour and what it says."""
    alt = altair()
    return alt.Chart(alt.InlineData(values=values)).encode(
        x=x, y=y, x2="x2", y2="y2", fill=alt.Fill("fill:N", scale=None), tooltip="said:N", description="said:N"
    )


def _tint(band: Band, place: int, value: Value) -> str:
    """The colour of a value: by its place in its type, so that it is the same in every run."""
    if isinstance(band.type, Enumeration):
        order = sorted(band.type.values, key=lambda word: word != UNSETTLED)
        place = order.index(str(value))
    elif isinstance(band.type, Truth):
        place = int(bool(value))
    return TINTS[place % len(TINTS)]


def _band_boxes(band: Band, top: float) -> Iterator[dict[str, Any]]:
    """A band's stretches as boxes; the height of a number says how large it is."""
    span = band.stretches[-1].until - band.stretches[0].since
    numbers = [float(s.value) for s in band.stretches if is_number(band.type)]
    low, high = (min(0.0, *numbers), max(numbers)) if numbers else (0.0, 1.0)
    places = {words: place for place, words in enumerate(dict.fromkeys(s.words for s in band.stretches))}
    for stretch in band.stretches:
        share = (float(stretch.value) - low) / ((high - low) or 1) if numbers else 1.0
        yield {
            "x": stretch.since,
            "x2": stretch.until,
            "y": round(top + (1 - share) * (BAND_HEIGHT - 1), 2),
            "y2": top + BAND_HEIGHT,
            "middle": top + BAND_HEIGHT / 2,
            "fill": TINTS[1] if numbers else _tint(band, places[stretch.words], stretch.value),
            "words": clean(stretch.words),
            "letters": len(stretch.words),
            "share": round((stretch.until - stretch.since) / span, 5),
            "said": clean(f"{band.words}: {stretch.words}\n{_days(stretch.since, stretch.until)}"),
        }


def _days(since: int, until: int) -> str:
    return f"day {since}" if until == since + 1 else f"days {since} to {until - 1}"


def _group_boxes(group: GroupBand, top: float) -> Iterator[dict[str, Any]]:
    """A group's counts as boxes, one value over another."""
    for count in group.counts:
        under = 0
        for place, number in enumerate(count.numbers):
            if number:
                low, high = under / group.size, (under + number) / group.size
                yield {
                    "x": count.since,
                    "x2": count.until,
                    "y": round(top + (1 - high) * STACK_HEIGHT, 2),
                    "y2": round(top + (1 - low) * STACK_HEIGHT, 2),
                    "fill": TINTS[place % len(TINTS)],
                    "said": clean(
                        f"{number} of {group.size}: {group.values[place]}\n{_days(count.since, count.until)}"
                    ),
                }
            under += number


def _keys(group: GroupBand, top: float) -> Iterator[dict[str, Any]]:
    """What the colours of a group's band mean, with how many members had each value."""
    for place, words in enumerate(group.values):
        numbers = [count.numbers[place] for count in group.counts]
        yield {
            "y": top + (place + 0.5) * KEY_HEIGHT + 3,
            "fill": TINTS[place % len(TINTS)],
            "words": clean(f"{words}: {numbers[0]} at first, {max(numbers)} at most, {numbers[-1]} at the end"),
        }


def figures(run: Run) -> dict[str, Figure]:
    """The pictures of a run, by name."""
    return {"causes": causes_figure(run), "state": state_figure(run)}
