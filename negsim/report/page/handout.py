"""A handout: a run or a result on one printed page. What has no room on it is counted; no text is cut.

How much there is room for is reckoned in lines of letters, with some to spare for other fonts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

import attrs

from negsim.engine.run import Run
from negsim.explore.effects import effects
from negsim.explore.result import Result
from negsim.explore.setting_words import setting
from negsim.log.text import Values, in_words, measure_label, outcome_text, without_varied
from negsim.log.wrapping import wrapped
from negsim.report.page.elements import Markup, items, paragraph, tag, together
from negsim.report.page.frame import sheet
from negsim.report.page.inputs import again
from negsim.report.quotes import origins
from negsim.report.result_charts import share_words
from negsim.report.telling import telling
from negsim.report.timeline import number, statement_words
from negsim.report.used import behind
from negsim.scenario.model import Scenario, Standing

LINES, LETTERS = 61, 110  # of a page
HEADING = 2  # lines that a heading takes
TOLD = "What the end rests on, and what else led to much"
MOST_EVENTS, MOST_QUOTES, MOST_MEASURES = 21, 14, 4  # lines


@attrs.frozen
class Line:
    """Something that stands in a list: what it says, how it looks, and where it belongs in the list's order."""

    words: str
    markup: Markup
    place: float = 0.0

    @property
    def height(self) -> int:
        """How many lines of the page it takes."""
        return len(wrapped(self.words, LETTERS - 4))


@attrs.define
class _Page:
    """A page that is being filled, from the top down."""

    room: int = LINES
    parts: list[Markup] = attrs.field(factory=list)

    def say(self, heading: str, *paragraphs: str) -> None:
        """Paragraphs under a heading, without which the page is none."""
        self.room -= HEADING + sum(len(wrapped(each, LETTERS)) for each in paragraphs)
        self.parts.append(together(tag("h2", heading), *(paragraph(each) for each in paragraphs)))

    def list(self, heading: str, lines: Iterable[Line], *, most: int, rest: str) -> list[Line]:
        """As many of some lines as there is room for, the first ones first; `rest` says what the others are."""
        room = min(self.room, most) - HEADING - 1
        kept: list[Line] = []
        left = 0
        for line in lines:
            if line.height <= room:
                kept.append(line)
                room -= line.height
            else:
                left += 1
        if kept:
            self.room -= HEADING + sum(line.height for line in kept) + (1 if left else 0)
            shown = items(line.markup for line in sorted(kept, key=lambda line: line.place))
            more = paragraph(f"And {left} more {rest}.", class_="soft") if left else None
            self.parts.append(together(tag("h2", heading), shown, more))
        return kept


def run_handout(run: Run) -> str:
    """A run on one page."""
    page, order = _Page(), telling(run)
    date = run.scenario.date_of(run.ended_on).isoformat()
    page.room -= 3  # title and lead
    page.say(
        "What this is",
        "One run of a model: what follows from words on record, from how they are read, and from assumptions, with one"
        f" draw of chance (seed {run.header.seed}). It is no forecast: another seed, another reading or another number"
        " can give another run.",
    )
    said = [in_words(run.outcome) + (f": {run.outcome_text}" if run.outcome_text else "")]
    said.append(f"The run ended on {date} (day {run.ended_on}), after {len(run.events)} events.{_measures(run)}")
    page.say("Outcome", *said)
    repeat = _repeat(page, run)
    shown = page.list(TOLD, _events(run, order), most=MOST_EVENTS, rest="events")
    seqs = [int(line.place) for line in shown]
    statements = dict.fromkeys(name for seq in seqs for name in run.events[seq].origin.statements)
    quotes = [_quote(run.scenario, name) for name in statements]
    page.list("In their words", quotes, most=MOST_QUOTES, rest="that these events rest on")
    found = [each for each in behind(run) if each.origin.standing is Standing.ASSUMED]
    rules = {run.events[seq].rule for seq in seqs}
    found.sort(key=lambda each: each.name not in rules)
    page.list(
        "Assumed: nothing on record says so",
        [_assumed(each.kind, each.name, each.origin.text) for each in found],
        most=page.room,
        rest="assumptions",
    )
    lead = f"One run of a model, not a forecast: {in_words(run.outcome)}"
    return sheet(run.scenario.title, lead, together(*page.parts, repeat))


def _measures(run: Run) -> str:
    """The measures in one text, as many as there is room for."""
    said = ""
    for place, (name, value) in enumerate(run.measures.items()):
        measure = run.scenario.measures[name]
        unit, label = measure.unit, measure_label(measure, run.header.parameters_at())
        more = f"{'; ' if place else ' '}{label}: {number(value)}{f' {unit}' if unit and value else ''}"
        if len(wrapped(said + more, LETTERS)) > MOST_MEASURES:
            return f"{said}; and {len(run.measures) - place} more measures."
        said += more
    return f"{said}." if said else ""


def _repeat(page: _Page, run: Run) -> Markup:
    """The line that makes the run again, which stands at the foot of the page."""
    made = again(run)
    scenario = f"Run {run.id[:12]}, scenario {run.header.scenario_hash[:12]}."
    page.room -= HEADING + 1 + len(wrapped(made.html, LETTERS - 10))
    return together(tag("h2", "To make it again"), made, paragraph(scenario, class_="soft"))


def _events(run: Run, order: Sequence[int]) -> Iterator[Line]:
    """Events, those that tell most first, each with how it stands on the record."""
    for seq in order:
        event = run.events[seq]
        text, standing = run.text(event.seq), event.origin.standing.value
        made = f"{in_words(event.rule)}, {standing}" if event.rule is not None else f"{standing}"
        words = f"{event.date} {text} {made}"
        markup = together(tag("time", event.date, datetime=event.date), f" {text} ", tag("span", made, class_="soft"))
        yield Line(words, markup, seq)


def _quote(scenario: Scenario, name: str) -> Line:
    source = scenario.sources[scenario.statements[name].source]
    words = f"{statement_words(scenario, name)} — {source.title or source.id}"
    return Line(words, together(words))


def _assumed(kind: str, name: str, text: str | None) -> Line:
    words = f"{in_words(name)} ({kind}): {' '.join((text or 'no reason is given.').split())}"
    return Line(words, together(words))


def result_handout(result: Result, *, outcome: str | None = None) -> str:
    """A result on one page; `outcome` is the one that readings are ordered by."""
    page, scenario = _Page(), result.scenario
    many = f" under each of {len(result.cells):,} settings, with the same seeds" if len(result.cells) > 1 else ""
    page.room -= 3  # title and lead
    page.say(
        "What this is",
        f"How {result.runs:,} sampled runs of a model end{many}: what follows from words on record, from how they are"
        " read, and from assumptions, with many draws of chance. It is no forecast: a share of runs is no probability"
        " that something will happen. An interval (95 %) says how far sampling can be off; it says nothing of what is"
        " assumed.",
    )
    base = result.only if len(result.cells) == 1 else result.base
    if base is not None:
        lines = [_share(result, name, share_words(share)) for name, share in base.outcomes.items()]
        page.list("How runs end" if not many else "How runs end, as given", lines, most=20, rest="outcomes")
    repeat = _repeat_result(page, result)
    if result.is_one_at_a_time:
        page.list("What another reading changes", _effects(result, outcome), most=30, rest="answers, which change less")
    elif many:
        page.list("Under each setting", _cells(result), most=30, rest="settings")
    taken = [Line(words, together(words)) for words in _readings(result)]
    page.list("Questions that the words leave open, as they are read here", taken, most=20, rest="readings")
    found = [(kind, name, origin) for kind, name, origin in origins(scenario) if origin.standing is Standing.ASSUMED]
    lines = [_assumed(kind, name, origin.text) for kind, name, origin in found]
    page.list("Assumed: nothing on record says so", lines, most=page.room, rest="assumptions")
    lead = f"Sampled: {result.runs:,} runs of a model{' of each setting' if many else ''}, no forecast"
    return sheet(scenario.title, lead, together(*page.parts, repeat))


def _values(result: Result) -> Values:
    """The values of parameters for texts."""
    return without_varied(result.request.parameters, result.varied)


def _share(result: Result, name: str, share: str) -> Line:
    text = outcome_text(result.scenario, name, _values(result))
    words = f"{in_words(name)}: {share}{f'. {text}' if text else ''}"
    return Line(words, together(tag("b", f"{in_words(name)}: {share}"), f". {text}" if text else None))


def _effects(result: Result, outcome: str | None) -> Iterator[Line]:
    """How many runs end otherwise under each other answer, the most first."""
    for place, each in enumerate(effects(result, outcome)):
        share = share_words(each.change.changed)
        words = f"{setting(result.scenario, each.reading, each.option, _values(result))} {share} end otherwise."
        yield Line(words, together(words), place)


def _cells(result: Result) -> Iterator[Line]:
    for cell in result.cells:
        named = {name: cell.settings[name] for name in result.varied}
        asked = "; ".join(setting(result.scenario, name, value, _values(result)) for name, value in named.items())
        shares = ", ".join(f"{in_words(name)} {share_words(share)}" for name, share in cell.outcomes.items())
        words = f"{asked}: {shares}"
        yield Line(words, together(words), cell.number)


def _readings(result: Result) -> Iterator[str]:
    for name, option in result.request.readings.items():
        if name not in result.varied:
            yield setting(result.scenario, name, option, _values(result))


def _repeat_result(page: _Page, result: Result) -> Markup:
    """What the result was asked with, at the foot of the page."""
    root = PurePosixPath(next(iter(result.scenario.files), "")).name
    seeds = f"seeds {result.seed} to {result.seed + result.runs - 1}" if result.runs else "no runs yet"
    words = f"{root or 'the scenario'}, {result.runs:,} runs, {seeds}. Request {result.request.id[:12]},"
    said = f"{words} scenario {result.scenario.hash[:12]}, negsim {result.request.version}."
    page.room -= HEADING + len(wrapped(said, LETTERS))
    return together(tag("h2", "What it was asked with"), paragraph(said))
