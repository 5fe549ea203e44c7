"""Where things come from: sources, statements, and the origin that a thing names."""

from __future__ import annotations

import re

from negsim.errors import did_you_mean
from negsim.language.dates import check_when
from negsim.language.draft import Draft, scalars, spoken_text, text_of, value_of
from negsim.language.nodes import KeyedNode, Node, Scalar
from negsim.scenario.record import Origin, Source, Standing, Statement

_UNKNOWN = Origin(Standing.ASSUMED)


def read_sources(draft: Draft) -> None:
    """All sources with their statements."""
    section = draft.sections["sources"]
    for name, key, node in section.tables():
        draft.world.check_name(key)
        _check_times_and_links(draft, node, "date")
        draft.world.places["source", name] = key
        draft.sources[name] = Source(
            name,
            title=text_of(node, "title"),
            publisher=text_of(node, "publisher"),
            date=text_of(node, "date"),
            language=text_of(node, "language"),
            url=text_of(node, "url"),
            note=text_of(node, "note"),
        )
        _read_statements(draft, name, node)
        draft.world.partial |= "statements" in node.broken
    draft.world.partial |= bool(section.broken)


def _read_statements(draft: Draft, source: str, node: KeyedNode) -> None:
    statements = node.get("statements")
    if not isinstance(statements, KeyedNode):
        return
    draft.statement_ids |= statements.broken
    for name, entry in statements.entries.items():
        if not draft.world.check_name(entry.key) or not isinstance(entry.value, KeyedNode):
            continue
        if name in draft.statements:
            first = draft.statements[name].source
            message = f"'{name}' is a statement of `{first}` already"
            draft.problems.add(entry.key, message, "a statement's id is used once in all sources")
            continue
        draft.statement_ids.add(name)
        draft.world.places["statement", name] = entry.key
        draft.statements[name] = _statement(draft, draft.sources[source], entry.key, entry.value)


def _statement(draft: Draft, source: Source, key: Scalar, node: KeyedNode) -> Statement:
    problems = draft.problems
    _check_times_and_links(draft, node, "said")
    if node.has("quote") == node.has("reported"):
        both = "both `quote` and `reported`" if node.has("quote") else "neither `quote` nor `reported`"
        hint = "`quote` holds a speaker's words as they were said, `reported` your own words: give one"
        problems.add(key, f"`{key.text}` has {both}", hint)
    elif node.has("quote"):
        if not node.has("speaker"):
            problems.add(key, "`speaker` is missing", "a quote is someone's words")
        if source.language and not source.language.lower().startswith("en") and not node.has("english"):
            hint = f"the source is in '{source.language}': say the quote in English under `english`"
            problems.add(key, "`english` is missing", hint)
    elif node.has("english"):
        problems.add(node.entries["english"].key if "english" in node.entries else key, "`english` goes with a `quote`")
    return Statement(
        key.text,
        source.id,
        speaker=text_of(node, "speaker"),
        about=text_of(node, "about"),
        said=text_of(node, "said"),
        quotes=tuple(part.text.strip() for part in scalars(node.get("quote"))),
        reported=text_of(node, "reported"),
        english=text_of(node, "english"),
        url=text_of(node, "url"),
        sureness=text_of(node, "sureness"),
        context=value_of(node, "context") is True,
        note=text_of(node, "note"),
    )


def _check_times_and_links(draft: Draft, node: KeyedNode, time: str) -> None:
    when, url = node.get(time), node.get("url")
    if isinstance(when, Scalar):
        check_when(when, draft.problems)
    if isinstance(url, Scalar):
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):(?=[^\s0-9])", url.text.strip())
        if scheme and scheme[1].lower() not in ("http", "https"):
            draft.problems.add(url, f"'{scheme[0]}' begins no web address", "it begins with https://")


def origin_of(draft: Draft, node: KeyedNode, at: Node) -> Origin:
    """The origin of a thing that must have one; a problem where it has none, or two."""
    if not node.has("source") and not node.has("assumption"):
        hint = "name a statement under `source`, or say under `assumption` what is assumed"
        draft.problems.add(at, "neither `source` nor `assumption`", hint)
        return _UNKNOWN
    return origin_if_any(draft, node) or _UNKNOWN


def origin_if_any(draft: Draft, node: KeyedNode) -> Origin | None:
    """The origin of a thing that may have one."""
    source = node.get("source")
    (assumption, assumed), (inferred, step) = spoken_text(node, "assumption"), spoken_text(node, "inferred")
    if node.has("source") and node.has("assumption"):
        key = node.entries["assumption"].key if "assumption" in node.entries else node
        hint = (
            "what is on the record has a `source`, what is not an `assumption`; the step between goes under `inferred`"
        )
        draft.problems.add(key, "both `source` and `assumption`", hint)
    elif node.has("inferred") and not node.has("source"):
        key = node.entries["inferred"].key if "inferred" in node.entries else node
        draft.problems.add(key, "`inferred` stands beside `source` only", "it says how this follows from the words")
    if assumption is not None:
        return Origin(Standing.ASSUMED, (), assumption, assumed)
    if source is None or isinstance(source, KeyedNode):
        return None
    return stated(draft, source, inferred, step)


def stated(draft: Draft, source: Node, inferred: str | None, read: str | None = None) -> Origin:
    """The origin that names statements; `read` is the author's step in the language that is read, if another."""
    ids: list[str] = []
    for word in scalars(source):
        if word.text in ids:
            draft.problems.add(word, f"'{word.text}' is named twice")
        elif word.text not in draft.statement_ids and not draft.world.partial:
            in_source = [s.id for s in draft.statements.values() if s.source == word.text]
            hint = did_you_mean(word.text, in_source or draft.statements)
            message = (
                f"'{word.text}' is a source, not a statement" if in_source else f"there is no statement '{word.text}'"
            )
            draft.problems.add(word, message, hint)
        ids.append(word.text)
        draft.used_statements.add(word.text)
    return Origin(Standing.STATED if inferred is None else Standing.INFERRED, tuple(ids), inferred, read)
