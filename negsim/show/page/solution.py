"""Exact solutions as a page that stands alone: of one setting, or one for each of some readings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from negsim.exact.answer.solution import BestPlay, Solution
from negsim.exact.answer.words import figures as in_percent
from negsim.log.text import number_words, option_called, outcome_text, place_words, rounded_words, without_varied
from negsim.policy.table import Entry
from negsim.scenario.calendar_steps import Step
from negsim.scenario.model import Scenario
from negsim.scenario.types import Value
from negsim.show.page.elements import Content, Markup, items, paragraph, table, tag, terms, together
from negsim.show.page.frame import PagePart, page, picture
from negsim.show.page.inputs import assumptions, noted, of_scenario, parameters, readings, sources
from negsim.show.page.record import measure_cell
from negsim.show.quotes import origins
from negsim.show.solution_charts import figures, probability_words, solution_words, varied
from negsim.show.timeline import number
from negsim.show.used import Behind
from negsim.version import VERSION
from negsim.wording import in_words

MOST_ROWS = 100  # settings in a table
MOST_ENTRIES = 40  # situations of a policy


def solution_page(solutions: Sequence[Solution], *, scripted: bool = True) -> str:
    """Solutions of one scenario as one HTML file; `scripted` as for a run's page."""
    shown = figures(solutions)
    parts = list(_parts(solutions, [picture(figure) for figure in shown.values()]))
    kind = "Exact" if all(each.is_exact for each in solutions) else "Bounds"
    cells = f", under each of {len(solutions)} settings" if len(solutions) > 1 else ""
    lead = f"{kind}: all runs of a model at once{cells}"
    scenario = solutions[0].scenario
    return page(scenario.title, lead, parts, list(shown.values()), scripted=scripted, tongue=scenario.tongue)


def _parts(solutions: Sequence[Solution], pictures: Sequence[Markup]) -> Iterator[PagePart]:
    first = solutions[0]
    scenario, names = first.scenario, varied(solutions)
    yield PagePart("about", "What this page is, and what it is not", _about(solutions))
    if len(solutions) == 1 and first.best is not None:
        yield PagePart("best", "What can be made of it", _best(first, first.best))
    table_ = _outcomes(first) if len(solutions) == 1 else _cells(solutions)
    yield PagePart("outcomes", "How runs end", together(*pictures, table_))
    if len(solutions) == 1 and first.measures:
        yield PagePart("measures", "Measures", _measures(first))
    yield PagePart("settings", "Settings", _settings(solutions, names))
    said = without_varied(first.parameters, names)
    yield PagePart("readings", "Readings", readings(scenario, first.readings, said, varied=names))
    values = {name: number_words(value) for name, value in first.parameters.items()}
    varying = {name: f"varied: {_listed(solutions, name)}" for name in names if name in values}
    yield PagePart("parameters", "Parameters", parameters(scenario, {**values, **varying}))
    found = [Behind(kind, name, origin) for kind, name, origin in origins(scenario)]
    yield PagePart("assumptions", "Assumptions", assumptions(found))
    yield PagePart("sources", "Sources", sources(scenario))


def _listed(solutions: Sequence[Solution], name: str) -> str:
    return ", ".join(dict.fromkeys(number_words(each.parameters[name]) for each in solutions))


def _about(solutions: Sequence[Solution]) -> Markup:
    exact = all(each.is_exact for each in solutions)
    sought = any(each.best is not None for each in solutions)
    return tag(
        "div",
        paragraph(
            "It says how probable each way to end is within a model: what follows from words on record, from how they"
            " are read, and from the assumptions that stand below. All runs are followed at once; none is sampled."
        ),
        paragraph(
            tag("strong", "It is not a forecast."),
            " These are probabilities within the model, under its assumptions. That they are exact says how they were"
            " worked out, not that the model is right.",
        ),
        None if exact else paragraph("Some are bounds alone: there were too many states to follow them to the end."),
        paragraph(
            "Some actors choose here as is best for what is sought, seeing the state. What they reach is no probability"
            " that it happens."
        )
        if sought
        else None,
        *map(paragraph, noted(solutions[0].scenario)),
        class_="notice",
    )


def _outcomes(solution: Solution) -> Markup:
    rows: list[list[Content]] = []
    for name in solution.scenario.outcomes:
        said, _, kind = probability_words(solution, name).rpartition(", ")
        rows.append([in_words(name), said, kind, outcome_text(solution.scenario, name, solution.parameters)])
    columns = ["Outcome", "Probability within the model", "How known", "What it is"]
    caption = "How runs end" if solution.best is None else "How runs end if they choose so"
    return table(caption, columns, rows, numbers=(1,))


def _cells(solutions: Sequence[Solution]) -> Markup:
    outcomes = list(solutions[0].scenario.outcomes)
    called = zip(solution_words(solutions), solutions, strict=True)
    rows: list[list[Content]] = [
        [words, *(probability_words(each, name) for name in outcomes)] for words, each in islice(called, MOST_ROWS)
    ]
    more = len(solutions) - len(rows)
    columns = ["Setting", *(in_words(name) for name in outcomes)]
    return together(
        table("Probabilities within the model under each setting", columns, rows),
        paragraph(f"{more} more settings are not shown.") if more else None,
    )


def _measures(solution: Solution) -> Markup:
    rows: list[list[Content]] = []
    for name, found in solution.measures.items():
        measure = solution.scenario.measures[name]
        missing = in_percent(found.missing, sure=found.mean is None) if found.missing else None
        rows.append([measure_cell(measure, solution.parameters), rounded_words(found.mean), missing, measure.unit])
    columns = ["Measure", "Expected value, exact", "Probability of none", "Unit"]
    return table("Measures over all runs that have a value", columns, rows, numbers=(1, 2))


# Best play.


def _best(solution: Solution, best: BestPlay) -> Markup:
    """What is sought by whom, what is reached, and the policy that reaches it."""
    objective, actors = best.objective, solution.scenario.actors
    by, against = (", ".join(actors[name].name for name in who) for who in (objective.by, objective.against))
    sought = "as probable" if objective.maximise else "as improbable"
    opposed = f", against {against}, who choose the opposite" if against else ""
    choose = "chooses" if len(objective.by) == 1 else "choose"
    text = f"{by} {choose} so that {in_words(objective.outcome)} is {sought} as can be{opposed}; all others by weight."
    less = None
    if best.from_table < best.value if objective.maximise else best.from_table > best.value:
        less = paragraph(
            f"The table alone reaches {in_percent(best.from_table)}: a choice hangs on more than it holds."
        )
    shown = sorted(best.policy.entries, key=lambda entry: -entry.reached)[:MOST_ENTRIES]
    more = len(best.policy.entries) - len(shown)
    reached = in_percent(best.value, sure=objective.outcome in solution.certain)
    return together(
        paragraph(text),
        paragraph(f"Reached so: {reached}, exact; no probability that it happens.", class_="outcome"),
        less,
        _policy(solution, shown),
        paragraph(f"{more:,} situations that are met more rarely are not shown.", class_="soft") if more else None,
    )


def _policy(solution: Solution, entries: Sequence[Entry]) -> Markup:
    """Situations, the most frequent first, with what is chosen in each."""
    states = [entry.state for entry in entries]
    same = {name for name in (states[0] if states else {}) if all(each.get(name) == states[0][name] for each in states)}
    actors, step = solution.scenario.actors, solution.scenario.calendar.step
    rows: list[list[Content]] = []
    for entry in entries:
        members = f" ({', '.join(actors[name].name for name in entry.instance)})" if entry.instance else ""
        state = [
            f"{name} {_value(solution.scenario, name, value)}"
            for name, value in entry.state.items()
            if name not in same
        ]
        choices = items(
            f"{option_called(solution.scenario, entry.decision, option, solution.parameters)}{_days(spans, step)}"
            for option, spans in entry.choices.items()
        )
        rows.append(
            [f"{actors[entry.actor].name}: {in_words(entry.decision)}{members}", "; ".join(state), choices,
             f"{entry.reached:.3g}"]
        )  # fmt: skip
    columns = ["Decision", "Where", "Choice", "Expected times a run"]
    return table("What is chosen in which situation", columns, rows, numbers=(3,))


def _value(scenario: Scenario, name: str, value: Value) -> str:
    return place_words(scenario, name, value) if isinstance(value, str) else number(value)


def _days(spans: Sequence[tuple[int, int]], step: Step) -> str:
    """On which days: `on days 3 to 9, 14`."""
    said = [f"{first}" if first == last else f"{first} to {last}" for first, last in spans[:3]]
    days = step.value if [first for first, _ in spans] == [last for _, last in spans][:1] else step.plural
    return f", {step.on} {days} {', '.join(said)}{', …' if len(spans) > len(said) else ''}"


# Settings.


def _settings(solutions: Sequence[Solution], names: Sequence[str]) -> Markup:
    first = solutions[0]
    scenario = first.scenario
    pairs: list[tuple[str, Content]] = [
        *of_scenario(scenario),
        ("Settings varied", ", ".join(in_words(name) for name in names) or "none"),
        ("States followed", f"{max(each.states for each in solutions):,}{' at most' if len(solutions) > 1 else ''}"),
        ("Followed to", _reached(solutions)),
        ("Made by", f"negsim {VERSION}"),
    ]
    if first.settings.choices:
        pairs.append(("Choices made beforehand", items(policy.text for policy in first.settings.choices)))
    merged = [", ".join(scenario.actors[name].name for name in orbit) for orbit in first.merged]
    if merged:
        pairs.append(("Counted together, since alike", items(merged)))
    if first.apart:
        pairs.append(("Alike, but told apart", items(first.apart)))
    return terms(pairs)


def _reached(solutions: Sequence[Solution]) -> str:
    days = sorted({each.reached for each in solutions})
    whole = all(each.is_exact for each in solutions)
    step = solutions[0].scenario.calendar.name
    return "the end" if whole else f"{step} {days[0]}" + (f" to {days[-1]}" if len(days) > 1 else "")
