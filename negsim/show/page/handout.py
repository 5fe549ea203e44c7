"""A handout of a run, on one printed page; and the lines that all handouts have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negsim.engine.run import Run
from negsim.ensemble.picture.setting_words import answer, setting
from negsim.log.text import measure_label, number_words, talks_name
from negsim.scenario.called import behind_called
from negsim.scenario.held import reading_named, readings_meant, told_once, whose
from negsim.scenario.model import Scenario
from negsim.scenario.record import Standing
from negsim.show.impasses import Impasse, impasses
from negsim.show.page.elements import Markup, code, items, paragraph, tag, together
from negsim.show.page.inputs import again, noted
from negsim.show.page.paper import HEADING, LETTERS, MOST_TEXT, Line, Listing, Paper, fitting, height, line, paper
from negsim.show.quotes import origins
from negsim.show.telling import MOST_NEAR, Telling, telling
from negsim.show.timeline import moment_words, number, statement_words
from negsim.show.used import behind
from negsim.wording import counted, in_words

HANGS = "What the outcome hangs on: left out, the run ends otherwise"
LOOKED = "What else was looked at for the outcome"
ELSE = "What else happened"
ALL = "What happened"
AS_READ = "Questions that the words leave open, as they are read here"
RECORD, GRADES = "On record", " (A to C: how sure it is, as the author grades it)"
ASSUMED = "Assumed: nothing on record says so"
INFERRED = "Inferred: the author took a step from the words"
MOST_MEASURES, MOST_OUTCOME = 4, 3  # lines
MOST_AGAIN = 40_000  # events of runs that are made again to see what the outcome hangs on


def run_handout(run: Run) -> str:
    """A run on one page."""
    page = paper(run.scenario.title)
    calendar = run.scenario.calendar
    page.say(
        "What this is",
        "One run of a model: what follows from words on record, from how they are read, and from assumptions, with one"
        f" draw of chance (seed {run.header.seed}). It is no forecast: another seed, another reading or another number"
        " can give another run.",
        *noted(run.scenario),
    )
    last = f"{calendar.when(run.ended_on)} ({calendar.name} {run.ended_on})"
    ended = f"The run ended {last}, after {counted(len(run.events), 'event')}."
    page.say(
        "Outcome",
        in_words(run.outcome) + (f": {run.outcome_text}" if run.outcome_text else ""),
        f"{ended}{_measures(run)}",
    )
    foot = _repeat(page, run)
    page.lists(*_lists(run))
    return page.written(run.scenario.title, "One run of a model, not a forecast", in_words(run.outcome), foot)


def _lists(run: Run) -> Iterator[Listing]:
    """What the page of a run tells one by one."""
    told, ended = telling(run), impasses(run)
    places = {run.events[seq].rule: place for place, seq in reversed([*enumerate(told.order)])}
    needed = _needed(run)
    looked = LOOKED if needed else LOOKED.replace(" else", "")
    looked = f"{looked}, the nearest of very much" if told.is_cut else looked
    yield Listing(HANGS, [*_events(run, [seq for seq in told.near if seq in needed])], "event", weight=3)
    yield Listing(looked, [*_events(run, [seq for seq in told.near if seq not in needed])], "event", weight=2)
    yield Listing(ELSE if told.near else ALL, [*_events(run, told.rest)], "event", weight=1 if told.near else 3)
    for each in ended:
        head = f"Why {talks_name(each.talks)} ended without agreement"
        yield Listing(head, [*_impasse(each)], "set", weight=2)
    yield Listing(AS_READ, [*_readings(run)], "question", weight=2)
    yield Listing(record_heading(run.scenario), [*_record(run, told, ended)], "statement", weight=3)
    found = sorted(behind(run), key=lambda each: places.get(each.name.partition(".")[0], len(places)))
    for standing, heading, noun in ((Standing.INFERRED, INFERRED, "step"), (Standing.ASSUMED, ASSUMED, "assumption")):
        lines = [
            reason_line(run.scenario, each.kind, each.name, each.origin.words)
            for each in found
            if each.origin.standing is standing
        ]
        yield Listing(heading, lines, noun)


def _needed(run: Run) -> set[int]:
    """The events, of the nearest that the outcome was looked at for, without which it is another one."""
    most = min(MOST_NEAR, MOST_AGAIN // max(1, len(run.events)))
    return {each.ancestor.seq for each in run.but_for(most=most) if not each.outcome_stands} if most else set()


def _impasse(ended: Impasse) -> Iterator[Line]:
    """What stood in the way at talks: each set of red lines that would have had to be lifted."""
    yield line(ended.words, words=ended.words)
    for obstacles in ended.unlock:
        words = "; and ".join(each.words for each in obstacles)
        yield line(words, words=words)


def _readings(run: Run) -> Iterator[Line]:
    """The answers that were taken, those first that something in the run rests on."""
    scenario, header, values = run.scenario, run.header, run.header.parameters_at()
    near = {each.name for each in behind(run) if each.kind == "reading"}
    taken = told_once(scenario, header.settings.readings)
    for name in sorted(taken, key=lambda name: (reading_named(scenario, name).of or name) not in near):
        option, every = taken[name], readings_meant(scenario, name)
        words = setting(scenario, name, option, values)
        if any(option != scenario.readings[each].default for each in every):
            words += " (Not the scenario's own answer.)"
        for change in header.interventions:
            for each in every:
                if each in change.readings:
                    held = f", {whose(scenario, each)}" if each != name else ""
                    then = answer(scenario, each, change.readings[each], values)
                    words += f" Changed {moment_words(change.at)}{held}: {then}"
        yield line(words, words=words)


def _record(run: Run, told: Telling, ended: Sequence[Impasse]) -> Iterator[Line]:
    """Statements: those behind what stood in the way, behind events, then behind all else that was at work."""
    origins = [origin for each in ended for origin in each.origins]
    origins += [run.events[seq].origin for seq in told.order]
    origins += [each.origin for each in behind(run)]
    for name in dict.fromkeys(name for origin in dict.fromkeys(origins) for name in origin.statements):
        yield quoted(run.scenario, name)


def _measures(run: Run) -> str:
    """The measures in one text, as many as there is room for."""
    said = ""
    for place, (name, value) in enumerate(run.measures.items()):
        measure = run.scenario.measures[name]
        unit, label = measure.unit, measure_label(measure, run.header.parameters_at())
        unit = None if unit is not None and unit.lower() in label.lower().split() else unit
        more = f"{'; ' if place else ' '}{label}{f' ({unit})' if unit else ''}: {number(value)}"
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


def record_heading(scenario: Scenario) -> str:
    """What stands above statements; it says what their grades are where there are some."""
    return RECORD + GRADES if any(each.sureness for each in scenario.statements.values()) else RECORD


def quoted(scenario: Scenario, name: str, place: float = 0.0) -> Line:
    """A statement, whole, with the source that it is taken from, and how sure it is."""
    statement = scenario.statements[name]
    source = scenario.sources[statement.source]
    graded = f" ({statement.sureness})" if statement.sureness else ""
    words = f"{statement_words(scenario, name)} — {source.title or source.id}{graded}"
    return line(words, words=words, place=place)


def outcome_line(name: str, share: str | None, text: str | None) -> Line:
    """An outcome, with the share of runs that end so where there are runs, and with what it is."""
    head = in_words(name) + (f": {share}" if share else "")
    more = f"{'.' if share else ':'} {fitting(text, MOST_OUTCOME)}" if text else ""
    return line(tag("b", head), more, words=f"{head}{more}")


def reason_line(scenario: Scenario, kind: str, name: str, text: str | None) -> Line:
    """Something that is not on record as it stands, a parameter with its range, with what the author says for it."""
    said = " ".join((text or "no reason is given.").split())
    words = f"{behind_called(scenario, kind, name)} ({_kind(scenario, kind, name)}): {said}"
    return line(words, words=words)


def _kind(scenario: Scenario, kind: str, name: str) -> str:
    """What kind of thing it is: `rule`, `parameter, per day: 0.01, 0 to 0.05`."""
    if kind != "parameter":
        return kind
    each = scenario.parameters[name]
    value, low, high = (number_words(number) for number in (each.value, each.low, each.high))
    unit = f", {each.unit}:" if each.unit else ","
    return f"{kind}{unit} {value}{f', {low} to {high}' if low != high else ''}"


def question_line(place: int, words: str, given: str, answers: Sequence[str]) -> Line:
    """A question with its answers under it."""
    lines = height(f"{words} {given}", LETTERS - 4) + sum(height(each, LETTERS - 8) for each in answers)
    return Line(together(tag("b", words), f" {given}", items(answers)), lines, place)


def all_assumed(scenario: Scenario) -> list[Line]:
    """All of a scenario that nothing on record says, in the order of the file."""
    found = [(kind, name, origin) for kind, name, origin in origins(scenario) if origin.standing is Standing.ASSUMED]
    return [reason_line(scenario, kind, name, origin.words) for kind, name, origin in found]
