"""A handout of a result: many runs on one printed page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import PurePosixPath

from negsim.ensemble.picture.reading_slides import answer_key, common_values
from negsim.ensemble.picture.setting_words import QuestionAsked, answer, asked, question, setting, signs
from negsim.ensemble.result import Result
from negsim.ensemble.sample.effects import effects
from negsim.log.text import outcome_text
from negsim.scenario.held import readings_meant, told_once
from negsim.show.page.elements import Content, Markup, items, paragraph, table, tag, together
from negsim.show.page.handout import AS_READ, ASSUMED, all_assumed, outcome_line, question_line
from negsim.show.page.inputs import noted
from negsim.show.page.paper import (
    COUNTED,
    HEADING,
    LETTERS,
    NO_ROOM,
    Line,
    Listing,
    Paper,
    fitting,
    height,
    line,
    paper,
)
from negsim.show.result_charts import share_words
from negsim.wording import counted, in_words

UNDER = "Under each setting"
MOST_SHARES, MOST_LISTED = 20, 34  # lines
BORDER = 0.2  # how much of a line is between two rows of a table


def result_handout(result: Result, *, outcome: str | None = None) -> str:
    """A result on one page; `outcome` is the one that readings are ordered by."""
    page, scenario = paper(result.scenario.title), result.scenario
    many = f" under each of {len(result.cells):,} settings, with the same seeds" if len(result.cells) > 1 else ""
    page.say(
        "What this is",
        f"How {result.runs:,} sampled runs of a model end{many}: what follows from words on record, from how they are"
        " read, and from assumptions, with many draws of chance. It is no forecast: a share of runs is no probability"
        " that something will happen. An interval (95 %) says how far sampling can be off; it says nothing of what is"
        " assumed.",
        *noted(scenario),
    )
    foot = _repeat(page, result)
    shares = Listing("How runs end, as given" if many else "How runs end", _shares(result), "outcome", weight=4)
    read = Listing(AS_READ, [*_readings(result)], "question", weight=2)
    assumed = Listing(ASSUMED, all_assumed(scenario), "assumption")
    if result.is_one_at_a_time:
        changes = Listing("What another reading changes", [*_effects(result, outcome)], "question", weight=4)
        page.lists(shares, changes, read, assumed)
    elif many:
        page.lists(shares, most=MOST_SHARES, then=3)
        _settings(page, result)
        page.lists(read, assumed)
    else:
        page.lists(shares, read, assumed)
    lead = f"Sampled: {result.runs:,} runs of a model{' of each setting' if many else ''}, no forecast"
    return page.written(scenario.title, lead, "", foot)


def _shares(result: Result) -> list[Line]:
    """The outcomes with their shares, under the scenario's own settings where several were tried."""
    base, values = result.only if len(result.cells) == 1 else result.base, common_values(result)
    return [
        outcome_line(name, share_words(share), outcome_text(result.scenario, name, values))
        for name, share in (base.outcomes.items() if base is not None else ())
    ]


def _effects(result: Result, outcome: str | None) -> Iterator[Line]:
    """A question with its answer as given, and how many runs end otherwise under each other one."""
    scenario, values = result.scenario, common_values(result)
    for place, (name, found) in enumerate(groupby(effects(result, outcome), key=lambda each: each.reading)):
        words = asked(question(scenario, name, values))
        as_given = dict.fromkeys(str(result.cells[0].settings[each]) for each in readings_meant(scenario, name))
        given = f"As given: {' or '.join(answer(scenario, name, option, values) for option in as_given)}"
        others = [
            f"{answer(scenario, name, each.option, values)} {share_words(each.change.changed)} end otherwise."
            for each in found
        ]
        yield question_line(place, words, given, others)


def _settings(page: Paper, result: Result) -> None:
    """The shares under each combination of settings, which stands as the signs of its answers."""
    known, heads = answer_key(result), [in_words(name) for name in result.scenario.outcomes]
    keys = [_key(each) for each in known.values()]
    named = [signs(known, cell.settings) for cell in result.cells]
    column = max((LETTERS - max(map(len, named)) - 2) // len(heads) - 1, 1)
    lines: float = sum(each.height for each in keys) + max(height(head, column) for head in heads) + 2
    room = min(page.room - 2 * COUNTED, MOST_LISTED) - HEADING - lines
    rows: list[list[Content]] = []
    for cell, sign in zip(result.cells, named, strict=True):
        shares = [share_words(share).replace(" % ", " ") for share in cell.outcomes.values()]
        high = max(height(words, column) for words in shares) + BORDER
        if high > room:
            break
        room -= high
        lines += high
        rows.append([sign, *shares])
    left = len(result.cells) - len(rows)
    if not rows:
        page.put(UNDER, 1, paragraph(f"{counted(left, 'setting')}{NO_ROOM}.", class_="soft"))
        return
    caption = "Each setting by its answers; shares of its runs in per cent, with 95 % intervals"
    more = paragraph(f"And {counted(left, 'more setting')}.", class_="soft") if left else None
    page.put(UNDER, lines, items(each.markup for each in keys), table(caption, ["", *heads], rows), more)


def _key(each: QuestionAsked) -> Line:
    """What is varied with the values it takes, each under its sign."""
    answers = [f"{each.sign(value)} {words}" for value, words in each.answers.items()]
    return question_line(each.number, asked(each.words), "", answers)


def _readings(result: Result) -> Iterator[Line]:
    for name, option in told_once(result.scenario, result.request.settings.readings).items():
        if not set(readings_meant(result.scenario, name)).intersection(result.varied):
            words = setting(result.scenario, name, option, common_values(result))
            yield line(words, words=words)


def _repeat(page: Paper, result: Result) -> Markup:
    """What the result was asked with, at the foot of the page."""
    root = PurePosixPath(next(iter(result.scenario.files), "")).name
    seeds = f"seeds {result.seed} to {result.seed + result.runs - 1}" if result.runs else "no runs yet"
    words = f"{fitting(root, 2) or 'the scenario'}, {result.runs:,} runs, {seeds}. Request {result.request.id[:12]},"
    said = f"{words} scenario {result.scenario.hash[:12]}, negsim {result.request.version}."
    page.room -= HEADING + height(said)
    return together(tag("h2", "What it was asked with"), paragraph(said))
