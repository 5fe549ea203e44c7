"""Where things come from, in Markdown and as plain values: stated, inferred or assumed, and never as a fact."""

from __future__ import annotations

from typing import Any

from negsim.scenario.model import Scenario
from negsim.scenario.record import Origin, Standing, Statement
from negsim.show.markdown import code, listed, prose


def origin_lines(scenario: Scenario, origin: Origin) -> list[str]:
    """An origin as a block quote: its standing, the author's step, and each statement with its speaker."""
    match origin.standing:
        case Standing.ASSUMED:
            return [f"> **Assumed:** {prose(origin.words or 'no reason is given.')}"]
        case Standing.INFERRED:
            head = [f"> **Inferred** by the author: {prose(origin.words or '')} From:"]
        case Standing.STATED:
            head = ["> **Stated:**"]
    rows = [f"> - {statement_line(scenario.statements[name])}" for name in origin.statements]
    return [*head, ">", *rows]


def origin_cell(origin: Origin | None) -> str:
    """An origin in few words, for a table: statements by their ids."""
    if origin is None:
        return "—"
    match origin.standing:
        case Standing.ASSUMED:
            return f"*assumed:* {prose(origin.words or '')}"
        case Standing.INFERRED:
            return f"*inferred:* {prose(origin.words or '')} From {_ids(origin)}"
        case Standing.STATED:
            return f"*stated:* {_ids(origin)}"


def _ids(origin: Origin) -> str:
    return listed(code(name) for name in origin.statements)


def statement_line(statement: Statement) -> str:
    """Who said it and when, the words or what is reported of them, the English, and the statement's id."""
    said = prose(statement.said) if statement.said else "no date"
    about = f", on {prose(statement.about)}" if statement.about else ""
    return (
        f"{prose(statement.speaker or 'Speaker not named')} ({said}{about}): {_words(statement)} [{code(statement.id)}]"
    )


def _words(statement: Statement) -> str:
    if statement.reported is not None:
        return f"{prose(statement.reported)} *(reported in the author's words)*"
    quoted = " […] ".join(f"“{prose(quote)}”" for quote in statement.quotes)
    return f"{quoted} — in English: “{prose(statement.english)}”" if statement.english else quoted


def origin_values(scenario: Scenario, origin: Origin | None) -> dict[str, Any] | None:
    """An origin as plain values, its statements written out."""
    if origin is None:
        return None
    assumed = origin.standing is Standing.ASSUMED
    return {
        "standing": origin.standing.value,
        "assumption": origin.words if assumed else None,
        "inferred": None if assumed else origin.words,
        "statements": [statement_values(scenario, scenario.statements[name]) for name in origin.statements],
    }


def statement_values(scenario: Scenario, statement: Statement) -> dict[str, Any]:
    """A statement as plain values, with the source it is taken from."""
    source = scenario.sources[statement.source]
    return {
        "id": statement.id,
        "source": source.id,
        "publisher": source.publisher,
        "speaker": statement.speaker,
        "about": statement.about,
        "said": statement.said,
        "quotes": list(statement.quotes),
        "reported": statement.reported,
        "english": statement.english,
        "sureness": statement.sureness,
        "context": statement.context,
        "url": statement.url or source.url,
        "note": statement.note,
    }
