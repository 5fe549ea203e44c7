"""What stands behind things, on a page: words on record with their speakers, the author's steps, assumptions."""

from __future__ import annotations

from collections.abc import Iterator

from negsim.log.text import Values, measure_label
from negsim.scenario.model import Scenario
from negsim.scenario.record import Origin, Source, Standing, Statement
from negsim.scenario.rules import Measure
from negsim.show.page.elements import Content, Markup, joined, language, link, paragraph, tag, together
from negsim.show.timeline import speaker_words


def standing(origin: Origin) -> Markup:
    """How a thing stands on the record: a word in a border."""
    return tag("span", origin.standing.value, class_=f"standing {origin.standing.value}")


def step(origin: Origin) -> Markup | None:
    """The author's own step, or assumption; nothing for what takes words as they stand."""
    match origin.standing:
        case Standing.ASSUMED:
            return paragraph("Assumed: ", origin.words or "no reason is given.")
        case Standing.INFERRED:
            return paragraph("Inferred by the author: ", origin.words or "")
        case Standing.STATED:
            return None


def quote(scenario: Scenario, statement: Statement) -> Markup:
    """A statement in full: the words and their English side by side, who said them and when, and where it stands."""
    source = scenario.sources[statement.source]
    if statement.reported is not None:
        words: Markup = paragraph(statement.reported)
    else:
        said = " […] ".join(f"“{each}”" for each in statement.quotes)
        words = tag("blockquote", said, lang=language(source.language), dir="auto")
        if statement.english:
            words = tag(
                "div", words, paragraph("In English: “", statement.english, "”", class_="english"), class_="words"
            )
    return tag("div", words, paragraph(*_said(statement, source), class_="said"), class_="quote")


def _said(statement: Statement, source: Source) -> Iterator[Content]:
    """Who said it, when, in what source."""
    yield speaker_words(statement)
    if statement.said:
        yield f", {statement.said}"
    yield ". Reported in the author's words, from " if statement.reported is not None else ". In "
    yield tag("cite", link(statement.url or source.url, source.title or source.id))
    yield joined([each for each in ("", source.publisher, source.date) if each is not None])
    yield "."
    if statement.sureness:
        yield f" Sureness, as the author grades it: {statement.sureness}."


def brief(scenario: Scenario, statement: str) -> str:
    """A statement by its speaker and day."""
    found = scenario.statements[statement]
    return f"{found.speaker or 'Speaker not named'}{f', {found.said}' if found.said else ''}"


def origin_cell(scenario: Scenario, origin: Origin) -> Markup:
    """An origin in a table's cell: how it stands, the author's step, and who said what it rests on."""
    speakers = dict.fromkeys(brief(scenario, name) for name in origin.statements)
    rests = paragraph("From: ", "; ".join(speakers), class_="soft") if speakers else None
    return together(standing(origin), step(origin), rests)


def measure_cell(measure: Measure, values: Values) -> Markup:
    """What a measure is called, with the name that data and commands have for it."""
    label = measure_label(measure, values)
    return together(label, " ", tag("code", measure.name)) if measure.text else together(label)


class RecordTold:
    """What has been told on a page already: a quote stands there in full once, and is pointed to after that."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._origins: dict[Origin, int] = {}
        self._statements: dict[str, int | None] = {}

    def record(self, origin: Origin, seq: int) -> Markup:
        """What stands behind an event, or where on the page it stood first."""
        first = self._origins.setdefault(origin, seq)
        return self._pointed(origin, first) if first != seq else self._whole(origin, seq)

    def besides(self, origin: Origin) -> Markup:
        """What stands behind something that is no event, or at which event it stands."""
        first = self._origins.get(origin)
        return self._whole(origin, None) if first is None else self._pointed(origin, first)

    def _pointed(self, origin: Origin, first: int) -> Markup:
        return paragraph(standing(origin), " as at ", event_link(first), class_="soft")

    def _whole(self, origin: Origin, seq: int | None) -> Markup:
        quotes = [self._quote(name, seq) for name in origin.statements]
        return together(paragraph(standing(origin)), step(origin), *quotes)

    def _quote(self, name: str, seq: int | None) -> Markup:
        if name not in self._statements:
            self._statements[name] = seq
            return quote(self._scenario, self._scenario.statements[name])
        first = self._statements[name]
        where: Content = "above" if first is None else together("at ", event_link(first))
        return paragraph(brief(self._scenario, name), ": words ", where, ".", class_="said")


def event_link(seq: int, until: int | None = None) -> Markup:
    """A link to an event of the timeline, or to the first of several in a row."""
    text = (
        f"event {seq}"
        if until is None or until == seq
        else f"events {seq} {'and' if until == seq + 1 else 'to'} {until}"
    )
    return tag("a", text, href=f"#event-{seq}")
