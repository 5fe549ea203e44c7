"""Files -> Scenario: reads them, checks the structure, then each section after those it rests on."""

from __future__ import annotations

from datetime import date

from attrs import evolve

from negsim.errors import Place
from negsim.language import files
from negsim.language.actors import read_actors, read_groups
from negsim.language.clocks import with_time
from negsim.language.dates import read_start
from negsim.language.definitions import read_definitions
from negsim.language.draft import Draft, Section, scalars, spoken_text, text_of, value_of
from negsim.language.events import declare_events, read_events, read_history
from negsim.language.keys import INCLUDED, LANGUAGE_VERSION, ROOT, SECTIONS
from negsim.language.nodes import Items, KeyedEntry, KeyedNode, Scalar, Sheet
from negsim.language.numbers import read_parameters, read_state
from negsim.language.open_questions import read_readings
from negsim.language.origins import read_sources
from negsim.language.problems import Enough, Problems
from negsim.language.results import read_measures, read_outcomes
from negsim.language.rules import declare_decided, read_rules
from negsim.language.shape import MapOf, Record
from negsim.language.spoken import read_tongues
from negsim.language.streams import check_streams
from negsim.language.structure import check, missing
from negsim.language.talks import read_talks
from negsim.language.templates import check_texts
from negsim.language.terms import check_names_of_fields, declare_talks, declare_talks_events, talks_events
from negsim.language.yamltext import read
from negsim.scenario.calendar_steps import Calendar, Step
from negsim.scenario.model import Scenario

_LATER = ("claims",)


def build(shelf: files.Shelf, problems: Problems) -> tuple[Scenario, Draft] | None:
    """The scenario with the draft it was made from; nothing where there is a problem."""
    try:
        return _build(shelf, problems)
    except Enough:
        return None


def _build(shelf: files.Shelf, problems: Problems) -> tuple[Scenario, Draft] | None:
    sheet = files.open_root(shelf, problems)
    if sheet is None:
        return None
    root = _document(sheet, ROOT, problems)
    if root is None:
        return None
    sheets = files.open_included(shelf, scalars(root.get("include")), problems)
    if sheets is None:
        return None
    others = [_document(other, INCLUDED, problems) for other in sheets]
    documents = [other for other in others if other is not None]
    if len(documents) < len(others):
        return None
    _check_root(root, documents, problems)
    draft = _draft([*documents, root], problems)
    scenario = _scenario(draft, root, [sheet, *sheets])
    if not problems:
        check_streams(scenario, draft)
        looks_at_day, clocks = with_time(scenario, draft)
        scenario = evolve(scenario, looks_at_day=looks_at_day, clocks=clocks)
    return None if problems else (scenario, draft)


def _document(sheet: Sheet, shape: Record, problems: Problems) -> KeyedNode | None:
    """The checked mapping of one file; nothing where it could not be read at all."""
    before = len(problems.sorted())
    node = read(sheet, problems)
    if node is None and len(problems.sorted()) == before:
        problems.put(
            sheet, Place(sheet.name, 1, 1), "this file is empty", "`negsim new NAME` writes a scenario to change"
        )
    if node is None:
        return None
    if not isinstance(node, KeyedNode):
        what = "a list" if isinstance(node, Items) else "a text"
        problems.add(node, f"a scenario is a mapping (`key: value`), not {what}")
        return None
    node = _without_unsupported(node, problems)
    if shape is ROOT:
        read_tongues(node, problems)
    if shape is INCLUDED:
        node = _without_head(node, problems)
    else:
        problems.step = _step(node)
    checked = check(node, shape, "a scenario" if shape is ROOT else "an included file", problems)
    return checked if isinstance(checked, KeyedNode) else None


def _step(root: KeyedNode) -> Step:
    """What a step of time is, as far as the root says something that is one, or nearly one (`hours`)."""
    said = root.get("step")
    meant = said.text.lower().removesuffix("s") if isinstance(said, Scalar) else ""
    return next((step for step in Step if meant == step), Step.DAY)


def _without_unsupported(node: KeyedNode, problems: Problems) -> KeyedNode:
    later = [word for word in _LATER if word in node.entries]
    for word in later:
        problems.add(node.entries[word].key, f"`{word}` is not supported by this version of negsim", "take it out")
    kept = {name: entry for name, entry in node.entries.items() if name not in later}
    return KeyedNode(node.sheet, node.line, node.column, kept, node.flow, frozenset(later))


def _without_head(node: KeyedNode, problems: Problems) -> KeyedNode:
    head = [name for name in node.entries if name in ROOT.parts and name not in INCLUDED.parts]
    for name in head:
        message = f"`{name}` stands in the scenario's own file, not in one that it includes"
        hint = "an included file includes no other: name both in the scenario's own" if name == "include" else None
        problems.add(node.entries[name].key, message, hint)
    kept = {name: entry for name, entry in node.entries.items() if name not in head}
    return KeyedNode(node.sheet, node.line, node.column, kept, node.flow, node.broken)


def _check_root(root: KeyedNode, others: list[KeyedNode], problems: Problems) -> None:
    given = {name for other in others for name in SECTIONS if other.has(name)}
    ghost = KeyedNode(root.sheet, root.line, root.column, root.entries, root.flow, root.broken | given)
    missing(ghost, ROOT, root, problems)


def _draft(documents: list[KeyedNode], problems: Problems) -> Draft:
    sections = {name: _section(name, documents, problems) for name in SECTIONS if name != "history"}
    history = tuple(
        item
        for document in documents
        if isinstance(items := document.get("history"), Items)
        for item in items.items
        if isinstance(item, KeyedNode)
    )
    draft = Draft(problems, sections, history)
    known = {*ROOT.parts, "claims"}
    head = {"negsim", "title", "languages", "start", "step", "horizon", "note"}
    quiet = {*head, "claims", "history", "measures", "outcomes", "rules"}
    for document in documents:
        unknown = [name for name in document.broken if name not in known]
        draft.world.partial |= bool(unknown or (document.broken - quiet))
    return draft


def _section(name: str, documents: list[KeyedNode], problems: Problems) -> Section:
    """What all files say under one key, required keys looked at; a name is given once."""
    shape = SECTIONS[name].shape
    item = shape.item if isinstance(shape, MapOf) else None
    entries: dict[str, KeyedEntry] = {}
    broken: set[str] = set()
    at: KeyedNode | None = None
    for document in documents:
        node = document.get(name)
        if not isinstance(node, KeyedNode):
            continue
        at = node
        broken |= node.broken
        for key, entry in node.entries.items():
            if key in entries:
                first = entries[key].key
                where = f"the first one is at {first.sheet.name}:{first.line}"
                problems.add(entry.key, f"'{key}' is given twice under `{name}`", where)
                continue
            entries[key] = entry
            if isinstance(item, Record) and isinstance(entry.value, KeyedNode):
                missing(entry.value, item, entry.key, problems)
    return Section(entries, frozenset(broken - set(entries)), at)


def _scenario(draft: Draft, root: KeyedNode, sheets: list[Sheet]) -> Scenario:
    _read_calendar(draft, root)
    _read_what_has_a_name(draft)
    history = read_history(draft)
    read_rules(draft)
    talks = read_talks(draft)
    declare_decided(draft)
    draft.events |= talks_events(draft, talks)
    outcomes, measures = read_outcomes(draft), read_measures(draft)
    check_texts(draft)
    title, read = spoken_text(root, "title")
    return Scenario(
        title=read or title or "",
        language=LANGUAGE_VERSION,
        calendar=draft.calendar or Calendar(Step.DAY, date.min),
        horizon_days=draft.horizon_days,
        sources=draft.sources,
        statements=draft.statements,
        actors=draft.actors,
        groups=draft.groups,
        parameters=draft.parameters,
        readings=draft.readings,
        variables=draft.variables,
        definitions=draft.definitions,
        events=draft.events,
        history=history,
        rules=draft.rules,
        outcomes=outcomes,
        measures=measures,
        files={sheet.path: sheet.text for sheet in sheets},
        hash=files.content_hash(sheets),
        talks=talks,
        note=text_of(root, "note"),
        languages=draft.problems.tongues.declared,
        tongue=draft.problems.tongues.spoken,
        title_on_record=title or "",
    )


def _read_what_has_a_name(draft: Draft) -> None:
    """Whatever rules, talks and results can name, each after what it rests on itself."""
    read_sources(draft)
    read_actors(draft)
    read_groups(draft)
    read_parameters(draft)
    read_readings(draft)
    read_state(draft)
    declare_talks(draft)
    declare_events(draft)
    declare_talks_events(draft)
    read_definitions(draft)
    check_names_of_fields(draft)
    read_events(draft)
    draft.world.outcomes = frozenset(draft.sections["outcomes"].entries)


def _read_calendar(draft: Draft, root: KeyedNode) -> None:
    start, horizon = root.get("start"), value_of(root, "horizon")
    draft.horizon_days = horizon if isinstance(horizon, int) else 0
    if isinstance(start, Scalar):
        draft.calendar = read_start(start, draft.problems)
    if draft.calendar is not None:
        try:
            draft.calendar.date_of(draft.horizon_days)
        except OverflowError:
            node = root.get("horizon") or root
            last = f"{draft.calendar.name} {draft.horizon_days}"
            message = f"{last} from {draft.calendar.said(draft.calendar.start)} is past the year 9999"
            draft.problems.add(node, message, "begin earlier, or end earlier")
