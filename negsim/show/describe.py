"""A model as a document that a reader can check without its YAML, after the ODD protocol.

ODD (Overview, Design concepts, Details) is a standard way to describe agent-based and other simulation
models; the three papers it is set out in are in `REFERENCES`.
"""

from __future__ import annotations

from typing import Any

from negsim.log.text import filled, outcome_text, own_values
from negsim.scenario.calendar_steps import Step
from negsim.scenario.held import open_questions
from negsim.scenario.model import Scenario
from negsim.scenario.record import Source
from negsim.scenario.rules import Measure, Outcome, Rule
from negsim.show.concepts import concepts
from negsim.show.entities import entity_lines, initial_lines
from negsim.show.inputs import parameter_lines, reading_lines
from negsim.show.markdown import code, heading, link, listed, prose
from negsim.show.model_json import model_values
from negsim.show.odd_words import NO_FORECAST, PROTOCOL, READING_GUIDE
from negsim.show.origin import origin_lines, statement_line
from negsim.show.reads import Reach, Touch, touches
from negsim.show.sentences import rule_lines
from negsim.show.talks import talks_lines
from negsim.wording import counted, in_words

__all__ = ["REFERENCES", "Touch", "describe", "describe_json", "touches"]

REFERENCES = (
    (
        "Grimm, V. et al. (2006): A standard protocol for describing individual-based and agent-based models."
        " Ecological Modelling 198, 115-126. https://doi.org/10.1016/j.ecolmodel.2006.04.023"
    ),
    (
        "Grimm, V. et al. (2010): The ODD protocol: a review and first update."
        " Ecological Modelling 221, 2760-2768. https://doi.org/10.1016/j.ecolmodel.2010.08.019"
    ),
    (
        "Grimm, V. et al. (2020): The ODD protocol for describing agent-based and other simulation models: a second"
        " update to improve clarity, replication, and structural realism. Journal of Artificial Societies and Social"
        " Simulation 23 (2), 7. https://doi.org/10.18564/jasss.4259"
    ),
)

PROCESS = (
    "Time goes by whole {steps}. {A_step} has three parts. At **dawn**, all that is due {now} is put in one agenda,"
    " in the order of the rules below and, within a rule, of the roster. Then come the **turns**: one item of the"
    " agenda at a time is taken. Each event it logs changes the state at once, and the rules that this event triggers"
    " are queued; all that follows from it {now} runs to its end, first in first out, before the next item. At"
    " **dusk**, the conditions of the rules that wait for them are looked at (they can fire from the next {step} on),"
    " measures are taken, and the run ends here if an outcome that ends it holds. {A_step} {on} which nothing is due"
    " is skipped."
)


def _process(step: Step) -> str:
    """How a step of time goes by, under the name that it has."""
    return PROCESS.format(step=step, steps=step.plural, A_step=step.a.capitalize(), now=step.now, on=step.on)


def describe(scenario: Scenario) -> str:
    """The model as Markdown: overview, design concepts, details, sources."""
    reach = Reach(scenario)
    lines = [
        f"# {prose(scenario.title)}",
        "",
        *([f"Note: {prose(scenario.note)}", ""] if scenario.note else []),
        *_tongues(scenario),
        PROTOCOL,
        "",
        READING_GUIDE,
        "",
        *_overview(scenario),
        "## Design concepts",
        "",
        "### 4. Design concepts",
        "",
        *(f"- **{name}.** {text}" for name, text in concepts(scenario).items()),
        "",
        *_details(scenario, reach),
        *_sources(scenario),
        "## References",
        "",
        *(f"- {prose(reference)}" for reference in REFERENCES),
    ]
    return "\n".join(lines) + "\n"


def _tongues(scenario: Scenario) -> list[str]:
    """In which languages the author's texts are, where that is said."""
    if not scenario.languages:
        return []
    found = listed(scenario.languages)
    return [f"The author's texts are given in {found}; they stand here in {scenario.tongue}.", ""]


def describe_json(scenario: Scenario) -> dict[str, Any]:
    """The same content as plain values."""
    return {
        **model_values(scenario, _process(scenario.calendar.step)),
        "design_concepts": dict(concepts(scenario)),
        "references": [*REFERENCES],
    }


def _overview(scenario: Scenario) -> list[str]:
    return [
        "## Overview",
        "",
        "### 1. Purpose and patterns",
        "",
        *_purpose(scenario),
        "### 2. Entities, state variables and scales",
        "",
        *_deeper(entity_lines(scenario)),
        "### 3. Process overview and scheduling",
        "",
        _process(scenario.calendar.step),
        "",
        *_order(scenario),
    ]


def _purpose(scenario: Scenario) -> list[str]:
    outcomes = listed((f"*{prose(in_words(name))}*" for name in scenario.outcomes), "or")
    asked = counted(len(open_questions(scenario)), "question")
    hangs = f" It shows how much hangs on {asked} that the words leave open." if scenario.readings else ""
    talks = f" and {counted(len(scenario.talks), 'negotiation')}" if scenario.talks else ""
    ends = f"{'one of ' if len(scenario.outcomes) > 1 else ''}{counted(len(scenario.outcomes), 'end')}"
    shows = (
        f"The model shows what can follow from {counted(len(scenario.statements), 'statement')} on record together with"
        f" the assumptions named below: {counted(len(scenario.rules), 'rule')}{talks} by which a run comes to"
        f" {ends}: {outcomes}.{hangs}"
    )
    return [shows, "", NO_FORECAST, ""]


def _order(scenario: Scenario) -> list[str]:
    if not scenario.rules:
        return ["There are no rules.", "", *_talks_order(scenario)]
    where = f"each is set out in section {_section(scenario, 'Rules')}"
    lines = [f"The rules, in the order in which they take their turns ({where}):", ""]
    return [
        *lines,
        *(f"{n}. {code(name)}" for n, name in enumerate(scenario.rules, start=1)),
        "",
        *_talks_order(scenario),
    ]


def _talks_order(scenario: Scenario) -> list[str]:
    if not scenario.talks:
        return []
    names = listed(code(name) for name in scenario.talks)
    where, turns = f"section {_section(scenario, 'Talks')}", f"their turns of the {scenario.calendar.name}"
    return [f"Rounds of talks are held after all rules have taken {turns}: {names} ({where}).", ""]


def _details(scenario: Scenario, reach: Reach) -> list[str]:
    return [
        "## Details",
        "",
        "### 5. Initialization and history",
        "",
        *initial_lines(scenario),
        "### 6. Input",
        "",
        "Nothing is read in while a run goes on. What goes in before it are the parameters and the readings.",
        "",
        "#### 6.1 Parameters",
        "",
        *parameter_lines(scenario, reach),
        "#### 6.2 Readings: what if?",
        "",
        *reading_lines(scenario, reach),
        "### 7. Submodels",
        "",
        *_definitions(scenario),
        *_rules(scenario),
        *_talks(scenario),
        *_ends(scenario),
    ]


def _section(scenario: Scenario, name: str) -> str:
    """The number of a section on the submodels, of those that there are."""
    there = {
        "Definitions": scenario.definitions,
        "Rules": scenario.rules,
        "Talks": scenario.talks,
        "Outcomes": scenario.outcomes,
        "Measures": scenario.measures,
    }
    return f"7.{1 + [each for each, found in there.items() if found].index(name)}"


def _deeper(lines: list[str]) -> list[str]:
    """Headings one level down."""
    return [f"#{line}" if line.startswith("### ") else line for line in lines]


def _definitions(scenario: Scenario) -> list[str]:
    if not scenario.definitions:
        return []
    table = "A table, `{by: x, a: 1, else: 0}`, gives 1 where x is a, and 0 in all other cases."
    lines = [f"#### {_section(scenario, 'Definitions')} Definitions", "", table, ""]
    for definition in scenario.definitions.values():
        of = ", ".join(f"{binder.name} in {binder.group}" for binder in definition.binders)
        lines.append(f"- {code(f'{definition.name}({of})' if of else definition.name)} is {code(definition.text)}")
    return [*lines, ""]


def _rules(scenario: Scenario) -> list[str]:
    lines = [f"#### {_section(scenario, 'Rules')} Rules", ""] if scenario.rules else []
    for number, rule in enumerate(scenario.rules.values(), start=1):
        lines += _rule(scenario, rule, number)
    return lines


def _talks(scenario: Scenario) -> list[str]:
    lines = [f"#### {_section(scenario, 'Talks')} Talks", ""] if scenario.talks else []
    for number, talks in enumerate(scenario.talks.values(), start=1):
        lines += talks_lines(scenario, talks, number)
    return lines


def _rule(scenario: Scenario, rule: Rule, number: int) -> list[str]:
    lines = [f"##### {number}. {heading(rule.name)}", ""]
    lines += [*rule_lines(scenario, rule), "", *origin_lines(scenario, rule.origin), ""]
    return [*lines, f"Note: {prose(rule.note)}", ""] if rule.note else lines


def _ends(scenario: Scenario) -> list[str]:
    step = scenario.calendar.step
    lines = [
        f"#### {_section(scenario, 'Outcomes')} Outcomes",
        "",
        f"Looked at in this order {step.on} the last {step}; the first that holds is the run's outcome.",
        "",
    ]
    lines += [f"{n}. {_outcome(scenario, each)}" for n, each in enumerate(scenario.outcomes.values(), start=1)]
    if scenario.measures:
        lines += [
            "",
            f"#### {_section(scenario, 'Measures')} Measures",
            "",
            *(f"- {_measure(scenario, each)}" for each in scenario.measures.values()),
        ]
    return [*lines, ""]


def _outcome(scenario: Scenario, outcome: Outcome) -> str:
    when = "in every other case" if outcome.when is None else f"if {code(outcome.when.text)}"
    ends = ", and the run ends at the first dusk at which it holds" if outcome.ends else ""
    more = [prose(each) for each in (outcome_text(scenario, outcome.name, own_values(scenario)), outcome.note) if each]
    return f"{code(outcome.name)}: {when}{ends}.{' ' if more else ''}{' '.join(more)}"


def _measure(scenario: Scenario, measure: Measure) -> str:
    unit = f", in {prose(measure.unit)}" if measure.unit else ""
    text = measure.text and filled(measure.text, own_values(scenario))
    more = [prose(each) for each in (text, measure.note) if each]
    return f"{code(measure.name)}: {code(measure.expression.text)}{unit}.{' ' if more else ''}{' '.join(more)}"


def _sources(scenario: Scenario) -> list[str]:
    if not scenario.sources:
        return ["## Sources", "", "None: all is assumed.", ""]
    lines = ["## Sources", ""]
    for source in scenario.sources.values():
        lines += [f"### {prose(source.title or source.id)}", "", _source(source), ""]
        stated = [each for each in scenario.statements.values() if each.source == source.id]
        for statement in stated:
            graded = f" Sureness, as the author grades it: {prose(statement.sureness)}." if statement.sureness else ""
            context = " Background: no rule need use it." if statement.context else ""
            note = f" Note: {prose(statement.note)}" if statement.note else ""
            where = f" {link(statement.url)}" if statement.url else ""
            lines.append(f"- {statement_line(statement)}{graded}{context}{note}{where}")
        lines += [""] if stated else []
    return lines


def _source(source: Source) -> str:
    told = [source.publisher, source.date, f"in {source.language}" if source.language else None]
    parts = [prose(each) for each in told if each]
    parts += [link(source.url)] if source.url else []
    return f"{', '.join(parts) or 'No more is said of it'} ({code(source.id)})." + (
        f" Note: {prose(source.note)}" if source.note else ""
    )
