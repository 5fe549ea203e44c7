"""Pictures of a run, by Altair (Vega-Lite): the state through time, and what caused what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from negsim.clean import clean
from negsim.engine.run import Run
from negsim.scenario.calendar_steps import Step
from negsim.scenario.types import Enumeration, Numbers, Truth, Value, is_number
from negsim.scenario.words import UNSETTLED
from negsim.show.bands import Band, GroupBand, States, states
from negsim.show.causes_chart import causes_figure
from negsim.show.theme import PAPER, SOFT, TINTS, WIDTH, Figure, altair, begins, dates, down, named_rows, rows, themed
from negsim.wording import counted

LABEL_HEIGHT = 15
BAND_HEIGHT, STACK_HEIGHT, KEY_HEIGHT, GAP = 19, 60, 14, 8
LETTER = 6.1  # how wide a letter is, on the whole


def state_figure(run: Run, found: States) -> Figure:
    """The state through time: a band for each variable, and for each group how many members were what."""
    about = (
        "Each band is a part of the state; time goes to the right, and a band changes where an event changed it."
        " Numbers are drawn as heights. Bands of a group show how many of its members were what."
    )
    return Figure("state", "The state through time", about, themed(_state(run, found)))


def _state(run: Run, found: States) -> Any:
    alt = altair()
    tops, words = _rows(found)
    step = run.scenario.calendar.step
    of_bands = [*zip(found.bands, tops, strict=False)]
    of_groups = [*zip(found.groups, tops[len(found.bands) :], strict=False)]
    bands = [box for band, top in of_bands for box in _band_boxes(band, top + LABEL_HEIGHT, step)]
    stacks = [box for group, top in of_groups for box in _group_boxes(group, top + LABEL_HEIGHT, step)]
    keys = [key for group, top in of_groups for key in _keys(group, top + LABEL_HEIGHT + STACK_HEIGHT)]
    x, y = dates(run.scenario.calendar, found.first, found.last), down(tops[-1])
    layers = [
        *named_rows(tops, words, y),
        *begins(found.first, x),
        _boxes(bands, x, y).mark_rect(stroke=SOFT, strokeWidth=0.6),
        _boxes(stacks, x, y).mark_rect(),
        _words_inside(bands, x, down(tops[-1], "middle")),
        *(_drawn_keys(keys, y) if keys else ()),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=tops[-1])


def _rows(found: States) -> tuple[list[int], list[str]]:
    """Where each row begins, bands before groups, and last where all end; what each row is called."""
    tops, words = [0], []
    for band in found.bands:
        words.append(band.words)
        tops.append(tops[-1] + LABEL_HEIGHT + BAND_HEIGHT + GAP)
    for group in found.groups:
        words.append(f"{group.words} ({counted(group.size, 'member')})")
        tops.append(tops[-1] + LABEL_HEIGHT + STACK_HEIGHT + len(group.values) * KEY_HEIGHT + GAP)
    return tops, words


def _words_inside(bands: list[dict[str, Any]], x: Any, middle: Any) -> Any:
    """What the boxes of bands say, in those that have room for it."""
    alt = altair()
    return (
        alt.Chart(rows([box for box in bands if box["letters"]]))
        .transform_filter(f"datum.share * width > datum.letters * {LETTER} + 8")
        .mark_text(align="left", baseline="middle", dx=4, fontSize=11)
        .encode(x=x, y=middle, text=alt.Text("words:N"))
    )


def _drawn_keys(keys: list[dict[str, Any]], y: Any) -> Iterator[Any]:
    """A square in its colour and what it means, on the ground of the page."""
    alt = altair()
    base = alt.Chart(rows(keys)).encode(y=y)
    yield base.mark_rect(fill=PAPER, height=KEY_HEIGHT)
    yield base.mark_point(shape="square", size=70, stroke=SOFT, strokeWidth=0.6, opacity=1).encode(
        x=alt.XValue(8), fill=alt.Fill("fill:N", scale=None)
    )
    yield base.mark_text(align="left", baseline="middle", fontSize=10.5).encode(
        x=alt.XValue(18), text=alt.Text("words:N")
    )


def _boxes(values: list[dict[str, Any]], x: Any, y: Any) -> Any:
    """Boxes whose corners are given, each with its colour and what it says."""
    alt = altair()
    return alt.Chart(rows(values)).encode(
        x=x,
        y=y,
        x2=alt.X2("x2"),
        y2=alt.Y2("y2"),
        fill=alt.Fill("fill:N", scale=None),
        tooltip=alt.Tooltip("said:N"),
        description=alt.Description("said:N"),
    )


def _tint(band: Band, place: int, value: Value) -> str:
    """The colour of a value: by its place in its type, so that it is the same in every run."""
    if isinstance(band.type, Enumeration):
        order = sorted(band.type.values, key=lambda word: word != UNSETTLED)
        place = order.index(str(value))
    elif isinstance(band.type, Numbers):
        place = (UNSETTLED, *band.type.values).index(value) if isinstance(value, str | int) else 0
    elif isinstance(band.type, Truth):
        place = int(bool(value))
    return TINTS[place % len(TINTS)]


def _band_boxes(band: Band, top: float, step: Step) -> Iterator[dict[str, Any]]:
    """A band's stretches as boxes; the height of a number says how large it is."""
    span = band.stretches[-1].until - band.stretches[0].since
    is_high = is_number(band.type) and not isinstance(band.type, Numbers)
    numbers = [float(s.value) for s in band.stretches if is_high]
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
            "said": clean(f"{band.words}: {stretch.words}\n{_days(stretch.since, stretch.until, step)}"),
        }


def _days(since: int, until: int, step: Step) -> str:
    return f"{step} {since}" if until == since + 1 else f"{step.plural} {since} to {until - 1}"


def _group_boxes(group: GroupBand, top: float, step: Step) -> Iterator[dict[str, Any]]:
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
                        f"{number} of {group.size}: {group.values[place]}\n{_days(count.since, count.until, step)}"
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
    """The pictures of a run in which there is something to see, by name."""
    found = {"causes": causes_figure(run)} if run.events else {}
    through_time = states(run)
    if through_time.bands or through_time.groups:
        found["state"] = state_figure(run, through_time)
    return found
