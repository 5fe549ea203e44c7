"""Statements and what rests on them; and quotes held against a text, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from negsim.scenario.held import open_questions
from negsim.scenario.model import Scenario
from negsim.scenario.record import Origin, Standing, Statement
from negsim.show.origin import statement_values
from negsim.show.passages import PassageDifference, Passages

ONLY_QUOTES = "Only quotes can be checked: what is reported stands in the author's own words."


@attrs.frozen
class QuoteUse:
    """A thing that rests on a statement (or on none): its kind, its name, and how it stands."""

    kind: str
    name: str
    standing: Standing


@attrs.frozen
class StatementUse:
    """A statement and all that rests on it, in the order of the file."""

    statement: Statement
    uses: tuple[QuoteUse, ...]


@attrs.frozen
class Assumption:
    """Something that rests on no statement, and what the author says for it."""

    kind: str
    name: str
    text: str


@attrs.frozen
class Usage:
    """What rests on what.

    `unused` are the statements that nothing rests on and that are not marked as background; `context`
    those that are. `counts` are by standing, over all things that have an origin.
    """

    statements: tuple[StatementUse, ...]
    assumptions: tuple[Assumption, ...]
    unused: tuple[str, ...]
    context: tuple[str, ...]
    counts: Mapping[Standing, int]


def usage(scenario: Scenario) -> Usage:
    """For each statement what rests on it, what is assumed, and what is not used."""
    things = list(origins(scenario))
    used: dict[str, list[QuoteUse]] = {name: [] for name in scenario.statements}
    for kind, name, origin in things:
        for statement in origin.statements:
            used[statement].append(QuoteUse(kind, name, origin.standing))
    return Usage(
        statements=tuple(StatementUse(each, tuple(used[each.id])) for each in scenario.statements.values()),
        assumptions=tuple(
            Assumption(kind, name, origin.words or "")
            for kind, name, origin in things
            if origin.standing is Standing.ASSUMED
        ),
        unused=tuple(s.id for s in scenario.statements.values() if not used[s.id] and not s.context),
        context=tuple(s.id for s in scenario.statements.values() if s.context),
        counts={standing: sum(1 for _, _, o in things if o.standing is standing) for standing in Standing},
    )


def origins(scenario: Scenario) -> Iterator[tuple[str, str, Origin]]:
    """(kind, name, origin) of all that has an origin of its own; a parameter written in place has its owner's."""
    for rule in scenario.rules.values():
        yield "rule", rule.name, rule.origin
    for question, (reading, *_) in open_questions(scenario).items():
        yield "reading", question, reading.origin
    for parameter in scenario.parameters.values():
        if parameter.rule is None:
            yield "parameter", parameter.name, parameter.origin
    for entry in scenario.history:
        yield "history", f"{scenario.calendar.written(entry.day)} {entry.emission.text}", entry.origin
    for talks in scenario.talks.values():
        for position in talks.positions.values():
            yield "position", f"{talks.name}.{position.party}", position.origin
            for line in position.red_lines.values():
                yield "red line", f"{talks.name}.{position.party}.{line.name}", line.origin
    for group in scenario.groups.values():
        for (member, attribute), origin in group.origins.items():
            yield "attribute", f"{member}.{attribute}", origin
    optional: dict[str, Mapping[str, Any]] = {
        "actor": scenario.actors,
        "group": scenario.groups,
        "state variable": scenario.variables,
        "event": scenario.events,
        "talks": scenario.talks,
    }
    for kind, things in optional.items():
        for name, thing in things.items():
            if thing.origin is not None:
                yield kind, name, thing.origin


def usage_json(scenario: Scenario) -> dict[str, Any]:
    """The usage as plain values."""
    found = usage(scenario)
    return {
        "statements": [
            {
                **statement_values(scenario, each.statement),
                "used_by": [{"kind": use.kind, "name": use.name, "standing": use.standing.value} for use in each.uses],
            }
            for each in found.statements
        ],
        "assumptions": [attrs.asdict(each) for each in found.assumptions],
        "unused": list(found.unused),
        "context": list(found.context),
        "counts": {standing.value: number for standing, number in found.counts.items()},
    }


@attrs.frozen
class QuoteCheck:
    """One quote (the `part`-th of its statement, from 0) against a text.

    `exact`: it stands there letter by letter. `found`: it does, but for the forms in `differs`.
    Where it is not found: the passage that comes nearest, if any does, and where the two differ.
    """

    statement: str
    part: int
    quote: str
    exact: bool
    found: bool
    differs: tuple[str, ...] = ()
    nearest: str | None = None
    differences: tuple[PassageDifference, ...] = ()


@attrs.frozen
class TextCheck:
    """All quotes against a text.

    `uncovered` are the sentences that no quote touches, out of `sentences`; `reported` the statements
    that are no quotes, and so could not be checked.
    """

    quotes: tuple[QuoteCheck, ...]
    reported: tuple[str, ...]
    sentences: int
    uncovered: tuple[str, ...]

    @property
    def found(self) -> tuple[str, ...]:
        """The statements all of whose quotes were found."""
        lacking = set(self.lacking)
        return tuple(dict.fromkeys(each.statement for each in self.quotes if each.statement not in lacking))

    @property
    def lacking(self) -> tuple[str, ...]:
        """The statements with a quote that was not found."""
        return tuple(dict.fromkeys(each.statement for each in self.quotes if not each.found))


def check_quotes(scenario: Scenario, text: str, *, source: str | None = None) -> TextCheck:
    """Each quote (of one source, if it is named) looked up in a text, and what no quote of it touches.

    Typographic apostrophes and quotation marks, no-break spaces and runs of blanks, composed and
    decomposed accents, joiners and other characters that are not seen do not count as differences;
    letters, case and other punctuation do. Sentences are those of the Unicode standard (annex 29) and
    end with `…`, too, but not before a small letter, nor after an abbreviation such as `M.`.
    """
    passages = Passages(text)
    statements = [each for each in scenario.statements.values() if source in (None, each.source)]
    quotes = [(each.id, part, quote) for each in statements for part, quote in enumerate(each.quotes)]
    sentences = passages.sentences()
    covered = passages.touched(sentences, (quote for _, _, quote in quotes))
    return TextCheck(
        quotes=tuple(_checked(passages, name, part, quote) for name, part, quote in quotes),
        reported=tuple(each.id for each in statements if each.reported is not None),
        sentences=len(sentences),
        uncovered=tuple(passages.at(span) for index, span in enumerate(sentences) if index not in covered),
    )


def _checked(passages: Passages, statement: str, part: int, quote: str) -> QuoteCheck:
    exact = passages.has_exactly(quote)
    if exact:
        return QuoteCheck(statement, part, quote, exact=True, found=True)
    if passages.has(quote):
        differs = passages.differing_forms(quote)
        return QuoteCheck(statement, part, quote, exact=False, found=True, differs=differs)
    nearest = passages.nearest(quote)
    if nearest is None:
        return QuoteCheck(statement, part, quote, exact=False, found=False)
    differences = nearest.differences
    return QuoteCheck(statement, part, quote, exact=False, found=False, nearest=nearest.text, differences=differences)


def check_json(check: TextCheck) -> dict[str, Any]:
    """The check of a text as plain values."""
    return {
        "quotes": [attrs.asdict(each) for each in check.quotes],
        "found": list(check.found),
        "not_found": list(check.lacking),
        "not_checked": list(check.reported),
        "note": ONLY_QUOTES,
        "sentences": check.sentences,
        "uncovered": list(check.uncovered),
    }
