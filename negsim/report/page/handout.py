"""A handout of a run, on one printed page; and the lines that all handouts have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negsim.engine.run import Run
from negsim.log.text import counted, in_words, measure_label, number_words
from negsim.report.page.elements import Markup, code, items, paragraph, tag, together
from negsim.report.page.inputs import again
from negsim.report.page.paper import HEADING, LETTERS, MOST_TEXT, Line, Paper, fitting, height, line, paper
from negsim.report.quotes import origins
from negsim.report.telling import telling
from negsim.report.timeline import number, statement_words
from negsim.report.used import behind
from negsim.scenario.model import Scenario, Standing

TOLD = "What the outcome hangs on, and what else led to much"
RECORD = "On record"
ASSUMED = "Assumed: nothing on record says so"
MOST_EVENTS, MOST_QUOTES, MOST_MEASURES, MOST_OUTCOME = 21, 14, 4, 3  # lines


def run_handout(run: Run) -> str:
    """A run on one page."""
    page = paper(run.scenario.title)
    date = run.scenario.date_of(run.ended_on).isoformat()
    page.say(
        "What this is",
        "One run of a model: what follows from words on record, from how they are read, and from assumptions, with one"
        f" draw of chance (seed {run.header.seed}). It is no forecast: another seed, another reading or another number"
        " can give another run.",
    )
    ended = f"The run ended on {date} (day {run.ended_on}), after {counted(len(run.events), 'event')}."
    page.say(
        "Outcome",
        in_words(run.outcome) + (f": {run.outcome_text}" if run.outcome_text else ""),
        f"{ended}{_measures(run)}",
    )
    foot = _repeat(page, run)
    shown = page.list(TOLD, _events(run, telling(run)), "event", most=MOST_EVENTS, then=2)
    seqs = [int(each.place) for each in shown]
    statements = dict.fromkeys(name for seq in seqs for name in run.events[seq].origin.statements)
    quotes = [quoted(run.scenario, name) for name in statements]
    page.list(RECORD, quotes, "statement", most=MOST_QUOTES, rest=" that these events rest on", then=1)
    found = [each for each in behind(run) if each.origin.standing is Standing.ASSUMED]
    rules = {run.events[seq].rule for seq in seqs}
    found.sort(key=lambda each: each.name not in rules)
    lines = [assumed(run.scenario, each.kind, each.name, each.origin.text) for each in found]
    page.list(ASSUMED, lines, "assumption")
    return page.written(run.scenario.title, "One run of a model, not a forecast", in_words(run.outcome), foot)


def _measures(run: Run) -> str:
    """The measures in one text, as many as there is room for."""
    said = ""
    for place, (name, value) in enumerate(run.measures.items()):
        measure = run.scenario.measures[name]
        unit, label = measure.unit, measure_label(measure, run.header.parameters_at())
        more = f"{'; ' if place else ' '}{label}: {number(value)}{f' {unit}' if unit and value else ''}"
        if height(said + more) > MOST_MEASURES:
            return f"{said}{'; and' if said else ' There are'} {len(run.measures) - place} more measures."
        said += more
    return f"{said}." if said else ""


def _repeat(page: Paper, run: Run) -> Markup:
    """The line that makes the run again, which stands at the foot of the page."""
    made = again(run)
    lines = height(made.html, LETTERS // 2)  # letters of commands are broader
    if lines > MOST_TEXT:
        made, lines = together("its log holds all of it: ", code(f"negsim replay {run.id[:12]}")), 1
    named = f"Run {run.id[:12]}, scenario {run.header.scenario_hash[:12]}."
    page.room -= HEADING + lines + height(named)
    return together(tag("h2", "To make it again"), made, paragraph(named, class_="soft"))


def _events(run: Run, order: Sequence[int]) -> Iterator[Line]:
    """Events, those that tell most first, each with how it stands on the record."""
    for seq in order:
        event = run.events[seq]
        text, standing = run.text(event.seq), event.origin.standing.value
        made = f"{in_words(event.rule)}, {standing}" if event.rule is not None else f"{standing}"
        shown = (tag("time", event.date, datetime=event.date), f" {text} ", tag("span", made, class_="soft"))
        yield line(*shown, words=f"{event.date} {text} {made}", place=seq)


def quoted(scenario: Scenario, name: str, place: float = 0.0) -> Line:
    """A statement, whole, with the source that it is taken from."""
    source = scenario.sources[scenario.statements[name].source]
    words = f"{statement_words(scenario, name)} — {source.title or source.id}"
    return line(words, words=words, place=place)


def outcome_line(name: str, share: str | None, text: str | None) -> Line:
    """An outcome, with the share of runs that end so where there are runs, and with what it is."""
    head = in_words(name) + (f": {share}" if share else "")
    more = f"{'.' if share else ':'} {fitting(text, MOST_OUTCOME)}" if text else ""
    return line(tag("b", head), more, words=f"{head}{more}")


def assumed(scenario: Scenario, kind: str, name: str, text: str | None) -> Line:
    """Something that nothing on record says, a parameter with its range, with what the author says for it."""
    said = " ".join((text or "no reason is given.").split())
    words = f"{in_words(name)} ({_kind(scenario, kind, name)}): {said}"
    return line(words, words=words)


def _kind(scenario: Scenario, kind: str, name: str) -> str:
    """What kind of thing it is: `rule`, `parameter, 0.01 per day, 0 to 0.05`."""
    if kind != "parameter":
        return kind
    each = scenario.parameters[name]
    value, low, high = (number_words(number) for number in (each.value, each.low, each.high))
    unit = f" {each.unit}" if each.unit else ""
    return f"{kind}, {value}{unit}{f', {low} to {high}' if low != high else ''}"


def question_line(place: int, words: str, given: str, answers: Sequence[str]) -> Line:
    """A question with its answers under it."""
    lines = height(f"{words} {given}", LETTERS - 4) + sum(height(each, LETTERS - 8) for each in answers)
    return Line(together(tag("b", words), f" {given}", items(answers)), lines, place)


def all_assumed(scenario: Scenario) -> list[Line]:
    """All of a scenario that nothing on record says, in the order of the file."""
    found = [(kind, name, origin) for kind, name, origin in origins(scenario) if origin.standing is Standing.ASSUMED]
    return [assumed(scenario, kind, name, origin.text) for kind, name, origin in found]
