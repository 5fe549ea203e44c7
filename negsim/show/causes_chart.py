"""What caused what in a run, as a picture by Altair (Vega-Lite): events on lanes in time, and links of two kinds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from negsim.clean import clean
from negsim.engine.run import Run
from negsim.scenario.record import Standing
from negsim.show.lanes import Mark, Swimlanes, lanes
from negsim.show.theme import INK, PAPER, SOFT, WIDTH, Figure, altair, begins, dates, down, named_rows, rows, themed

LABEL_HEIGHT, ROW_HEIGHT = 15, 11
LETTER = 5.2  # how wide a letter of a number is
BESIDE = 16  # room for a mark beside its numbers
MOST_TOLD = 6  # events that a mark tells one by one
SHAPES = {
    "history": "square",
    "rule": "circle",
    "decision": "diamond",
    "talks": "triangle-up",
    "put in": "cross",
}
FILLS = {Standing.STATED: INK, Standing.INFERRED: "#9ccbe0", Standing.ASSUMED: PAPER}
TRIGGERED, LOOKED = "triggered", "set what was looked at"


def causes_figure(run: Run) -> Figure:
    """What caused what: events as marks in time on the lanes of their rules, with lines from cause to effect."""
    found = lanes(run, width=WIDTH, letter=LETTER)
    about = (
        "Each mark is an event, on the lane of the rule that made it; time goes to the right. A full line leads from"
        " an event to what it triggered, a dashed one from an event that set something to an event for which that was"
        " looked at. Circles are rules, diamonds decisions of an actor, triangles talks, squares what was on record"
        " before, crosses what a fork put in. Full marks are stated, tinted ones inferred, hollow ones assumed. Numbers"
        " are those of the timeline; alike events of one"
        f" {run.scenario.calendar.name} are one mark."
    )
    if found.left_out:
        shown = len(run.events) - found.left_out
        about += (
            f" It shows {shown:,} of {len(run.events):,} events: first those that the outcome hangs on, then those with"
            f" a cause or an effect; {found.left_out:,} are left out."
        )
    return Figure("causes", "What caused what", about, themed(_causes(run, found)))


def _causes(run: Run, found: Swimlanes) -> Any:
    alt = altair()
    tops = [0]
    for lane in found.lanes:
        tops.append(tops[-1] + LABEL_HEIGHT + lane.rows * ROW_HEIGHT + 4)
    marks = list(_marks(found, tops))
    told = alt.selection_point(name="told", on="pointerover", clear="pointerout", fields=["mark"])
    x, y = dates(run.scenario.calendar, found.first, found.last), down(tops[-1])
    near = "!told.mark || indexof(datum.below, told.mark[0]) >= 0"
    layers = [
        *named_rows(tops, [lane.words for lane in found.lanes], y),
        *begins(found.first, x),
        alt.Chart(rows(list(_links(marks, found.marks))))
        .mark_rule(color=SOFT, strokeWidth=1)
        .encode(
            x=x,
            y=y,
            x2=alt.X2("x2"),
            y2=alt.Y2("y2"),
            strokeDash=_key(),
            opacity=alt.condition(near, alt.value(0.6), alt.value(0.06)),
        ),
        alt.Chart(rows(marks))
        .mark_point(strokeWidth=1.2, stroke=INK, opacity=1, cursor="pointer")
        .encode(
            x=x,
            y=y,
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            size=alt.Size("size:Q", scale=None),
            tooltip=alt.Tooltip("said:N"),
            description=alt.Description("said:N"),
        )
        .add_params(told),
        *(_numbers(marks, x, y, leftward=leftward) for leftward in (False, True)),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=tops[-1])


def _marks(found: Swimlanes, tops: list[int]) -> Iterator[dict[str, Any]]:
    """The marks as rows of data.

    `room` is the share of the time between a mark and its neighbour on the side of its numbers, `needs` how
    many pixels the numbers in between need.
    """
    rows: dict[tuple[int, int], list[int]] = {}
    for place, mark in enumerate(found.marks):
        rows.setdefault((mark.lane, mark.row), []).append(place)
    rooms: dict[int, tuple[float, float]] = {}
    for row in rows.values():
        for one, other in pairwise([None, *row, None]):
            rooms.update(_between(found, one, other))
    for place, mark in enumerate(found.marks):
        room, needs = rooms[place]
        yield {
            "mark": place,
            "x": mark.day,
            "y": tops[mark.lane] + LABEL_HEIGHT + mark.row * ROW_HEIGHT + ROW_HEIGHT / 2,
            "shape": SHAPES[mark.kind],
            "fill": FILLS[mark.standing],
            "size": 46 + min(8 * (len(mark.seqs) - 1), 40),
            "numbers": mark.numbers,
            "leftward": mark.leftward,
            "room": round(room / (found.last - found.first), 4),
            "needs": needs,
            "said": clean(_told(mark)),
            "to": f"event-{mark.seqs[0]}",
        }


def _numbers(marks: list[dict[str, Any]], x: Any, y: Any, *, leftward: bool) -> Any:
    """The numbers beside marks, as far as there is room in the width that there is."""
    alt = altair()
    beside = {"align": "right", "dx": -7} if leftward else {"align": "left", "dx": 7}
    return (
        alt.Chart(rows([mark for mark in marks if mark["leftward"] is leftward]))
        .transform_filter("datum.room * width > datum.needs")
        .mark_text(dy=0.5, fontSize=9, color=SOFT, **beside)
        .encode(x=x, y=y, text=alt.Text("numbers:N"))
    )


def _between(found: Swimlanes, one: int | None, other: int | None) -> dict[int, tuple[float, float]]:
    """For the marks whose numbers stand between two neighbours: how many days there are, how many pixels they need."""
    since = found.first if one is None else found.marks[one].day
    until = found.last if other is None else found.marks[other].day
    told = [
        place
        for place, leftward in ((one, False), (other, True))
        if place is not None and found.marks[place].leftward is leftward
    ]
    needs = sum(len(found.marks[place].numbers) * LETTER + BESIDE for place in told)
    return dict.fromkeys(told, (until - since, round(needs, 1)))


def _told(mark: Mark) -> str:
    """What a mark stands for, in words."""
    lines = [f"{seq}: {text}" for seq, text in list(zip(mark.seqs, mark.texts, strict=True))[:MOST_TOLD]]
    more = len(mark.seqs) - MOST_TOLD
    return "\n".join([f"{mark.date}, {mark.standing.value}", *lines, *([f"… and {more} more"] if more > 0 else [])])


def _key() -> Any:
    """How the two kinds of links are drawn, told under the picture."""
    alt = altair()
    scale = alt.Scale(domain=[TRIGGERED, LOOKED], range=[[1, 0], [3, 3]])
    legend = alt.Legend(
        title=None,
        orient="bottom",
        direction="horizontal",
        symbolType="stroke",
        symbolStrokeColor=SOFT,
        symbolSize=500,
        labelColor=SOFT,
        labelFontSize=10.5,
    )
    return alt.StrokeDash("kind:N", scale=scale, legend=legend)


def _links(marks: list[dict[str, Any]], found: tuple[Mark, ...]) -> Iterator[dict[str, Any]]:
    """Lines between marks; `below` are the marks that one leads to: a trigger also by way of others."""
    below: dict[int, list[int]] = {place: [place] for place in range(len(found))}
    for place in range(len(found) - 1, -1, -1):
        cause = found[place].cause
        if cause is not None:
            below[cause] += below[place]
    for place, mark in enumerate(found):
        for other in mark.looked:
            yield _line(marks[other], marks[place], kind=LOOKED, below=[other, place])
    for place, mark in enumerate(found):
        if mark.cause is not None:
            yield _line(marks[mark.cause], marks[place], kind=TRIGGERED, below=sorted(below[place]))


def _line(one: dict[str, Any], other: dict[str, Any], *, kind: str, below: list[int]) -> dict[str, Any]:
    return {"x": one["x"], "y": one["y"], "x2": other["x"], "y2": other["y"], "kind": kind, "below": below}
