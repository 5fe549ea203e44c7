"""The structure of the scenario language: every key, what stands under it, what it is for."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.load.shape import (
    AnyNumber,
    ByForm,
    Flag,
    Formula,
    Later,
    ListOf,
    MapOf,
    Part,
    Record,
    Shape,
    Text,
    Value,
    WholeNumber,
    Word,
)

LANGUAGE_VERSION = 1
HORIZON_LIMIT = 100_000

TEXT = Text()
IDENTIFIER = Text("a name", longest=200)
DATE = Text("a date such as 2025-09-04", longest=40)
WHEN = Text("a day, a month or a year (2025-09-04, 2025-09 or 2025)", longest=40)
EXPRESSION = Formula()
EVENT_CALL = Formula("an event such as deployed(m)")
BINDER = Text("a binder such as `m in coalition`", longest=300)
NAMES = ByForm("a name or a list of names", scalar=IDENTIFIER, listed=ListOf(IDENTIFIER, least=1))
TEXTS = ByForm("a text or a list of texts", scalar=TEXT, listed=ListOf(TEXT, least=1))
EVENT_CALLS = ByForm("an event or a list of events", scalar=EVENT_CALL, listed=ListOf(EVENT_CALL))


def record(parts: Mapping[str, Part], others: Shape | None = None) -> Record:
    """A record with the keys that stand anywhere."""
    return Record({**parts, "note": Part(TEXT, "A remark for readers; it means nothing to a run.")}, others)


ORIGIN: Mapping[str, Part] = {
    "source": Part(NAMES, "The statement, or statements, that this rests on."),
    "assumption": Part(TEXT, "What is assumed, and why; instead of `source`."),
    "inferred": Part(TEXT, "The author's step from the words of `source` to this."),
}
MEMBER_ORIGIN: Mapping[str, Part] = {
    **ORIGIN,
    "source": Part(
        ByForm(
            "a statement's id, a list, or one for each attribute",
            scalar=IDENTIFIER,
            listed=ListOf(IDENTIFIER, least=1),
            keyed=MapOf(NAMES),
        ),
        "The statement, or statements, that this rests on; or one for each attribute.",
    ),
}

NUMBER_PARTS: Mapping[str, Part] = {
    "value": Part(AnyNumber(), "The value, unless a run sets another.", required=True),
    "low": Part(AnyNumber(), "The least value that is plausible."),
    "high": Part(AnyNumber(), "The greatest value that is plausible."),
    "unit": Part(TEXT, "What it is measured in."),
}
PARAMETER = record({**NUMBER_PARTS, **ORIGIN})
IN_PLACE = record(NUMBER_PARTS)
NUMBER = ByForm("an expression, or a parameter `{value: …, low: …, high: …}`", scalar=EXPRESSION, keyed=IN_PLACE)

STATEMENT = record(
    {
        "speaker": Part(TEXT, "Who said it; for a narration, who reports it.", required=True),
        "about": Part(TEXT, "Whom a narration is about."),
        "said": Part(WHEN, "When it was said: a day, a month or a year."),
        "quote": Part(TEXTS, "The words themselves; a list where narration interrupts them."),
        "reported": Part(TEXT, "What was said or done, in your own words."),
        "english": Part(TEXT, "A quote that is not English, in English."),
        "url": Part(TEXT, "Where it can be read."),
        "sureness": Part(Word(("A", "B", "C")), "How sure it is, as the author grades it."),
        "context": Part(Flag(), "Background: no rule need use it."),
    }
)
SOURCE = record(
    {
        "title": Part(TEXT, "The text's title."),
        "publisher": Part(TEXT, "Who published it."),
        "date": Part(WHEN, "When it was published."),
        "language": Part(Text("a language such as `fr`", r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*"), "The text's language."),
        "url": Part(TEXT, "Where it can be read."),
        "statements": Part(MapOf(STATEMENT), "What it puts on the record, by id."),
    }
)
ACTOR = record({"name": Part(TEXT, "The name as shown."), **ORIGIN})
MEMBER = record({"name": Part(TEXT, "The name as shown."), **MEMBER_ORIGIN}, others=Value())
VALUES = ByForm("a list of names, or a group", scalar=IDENTIFIER, listed=ListOf(IDENTIFIER, least=1))
RANGE = Text("a range such as 0..9", longest=40)
ATTRIBUTE = record(
    {
        "values": Part(VALUES, "The values that it can have, or a group whose members they are."),
        "range": Part(RANGE, "A whole number's bounds, `lo..hi`."),
        "number": Part(Flag(), "true: any number."),
        "default": Part(Value(), "The value of a member that gives none."),
        **ORIGIN,
    }
)
GROUP = record(
    {
        "attributes": Part(MapOf(ATTRIBUTE), "What is fixed about each member."),
        "members": Part(
            ByForm(
                "new actors (a mapping) or a list of actors", listed=ListOf(IDENTIFIER, least=1), keyed=MapOf(MEMBER)
            ),
            "New actors, or a list of actors declared elsewhere.",
            required=True,
        ),
        **ORIGIN,
    }
)
READING = record(
    {
        "question": Part(TEXT, "What the words leave open; `{parameter}` stands for a parameter's value."),
        "options": Part(MapOf(TEXT), "The answers that the words admit.", required=True),
        "default": Part(IDENTIFIER, "The answer, unless a run takes another.", required=True),
        **ORIGIN,
    }
)
VARIABLE = record(
    {
        "values": Part(VALUES, "The values that it can have, or a group whose members they are."),
        "range": Part(RANGE, "A whole number's bounds, `lo..hi`."),
        "initial": Part(
            ByForm("a value, or one for each member", scalar=Value(), keyed=MapOf(Value())),
            "The value before anything happens; for a group also `{member: value, else: value}`.",
            required=True,
        ),
        **ORIGIN,
    }
)
DEFINITION = ByForm("an expression, or a table", scalar=EXPRESSION, keyed=MapOf(EXPRESSION))
FIELD = ByForm(
    "a list of values, a group, a state variable, `actor`, `lo..hi` or `bool`",
    scalar=IDENTIFIER,
    listed=ListOf(IDENTIFIER, least=1),
)
EVENT = record(
    {
        "text": Part(TEXT, "How the event reads; `{field}` stands for a field, `{parameter}` for a parameter's value."),
        "fields": Part(MapOf(FIELD), "What is said with the event."),
        "set": Part(MapOf(EXPRESSION), "What it changes: `variable: expression`."),
        **ORIGIN,
    }
)
HISTORY_ENTRY = record(
    {
        "date": Part(DATE, "The day; not after `start`.", required=True),
        "emit": Part(EVENT_CALL, "The event, with its fields.", required=True),
        **ORIGIN,
    }
)
OPTION = record(
    {
        "emit": Part(EVENT_CALLS, "What is logged when this is chosen; nothing where it is left out."),
        "weight": Part(NUMBER, "How likely it is against the others (1 where it is left out)."),
        "when": Part(EXPRESSION, "The option is open only while this holds."),
        "for": Part(BINDER, "One option for each member."),
        "text": Part(TEXT, "What the option means; `{parameter}` stands for a parameter's value."),
    }
)
DAY = ByForm("a day, a date or a parameter", scalar=EXPRESSION, keyed=IN_PLACE)
RULE = record(
    {
        **ORIGIN,
        "on": Part(NAMES, "Trigger: each time one of these events is logged."),
        "while": Part(EXPRESSION, "Trigger: every day that begins with this true, with `chance`."),
        "at": Part(DAY, "Trigger: once, on this day."),
        "every": Part(DAY, "Trigger: every so many days."),
        "from": Part(DAY, "The first day of the trigger."),
        "until": Part(DAY, "The last day of the trigger."),
        "for": Part(
            ByForm("a binder such as `m in coalition`, or a list", scalar=BINDER, listed=ListOf(BINDER, least=1)),
            "One instance of the rule for each member.",
        ),
        "when": Part(EXPRESSION, "A guard, looked at when the trigger comes."),
        "chance": Part(NUMBER, "The chance that the rule fires (with `while`: each day)."),
        "after": Part(NUMBER, "Days between trigger and action: a number, uniform(a, b) or geometric(p)."),
        "still": Part(EXPRESSION, "A guard, looked at when the action is about to be taken."),
        "unless": Part(EVENT_CALLS, "The action is dropped when one of these is logged before it."),
        "by": Part(EXPRESSION, "The actor whose decision it is."),
        "emit": Part(EVENT_CALLS, "The event, or events, that are logged."),
        "choose": Part(MapOf(OPTION), "The options, of which one is taken."),
    }
)
OUTCOME = record(
    {
        "when": Part(EXPRESSION, "The condition; the last outcome has none."),
        "ends": Part(Flag(), "true: the run ends at the first dusk at which this holds."),
        "text": Part(TEXT, "What the outcome means; `{parameter}` stands for a parameter's value."),
    }
)
MEASURE = ByForm(
    "an expression, or `{value: …, unit: …, text: …}`",
    scalar=EXPRESSION,
    keyed=record(
        {
            "value": Part(EXPRESSION, "The measure.", required=True),
            "unit": Part(TEXT, "What it is measured in."),
            "text": Part(TEXT, "What it is called in tables; `{parameter}` stands for a parameter's value."),
        }
    ),
)

PROTOCOLS = ("alternating_offers", "single_text")
STRATEGIES = ("aspiration", "tit_for_tat")
OPENING = record({"on": Part(NAMES, "The event, or events, that open the talks.", required=True)})
OPTIONS = ListOf(IDENTIFIER, least=1)
RED_LINE = record(
    {
        "never": Part(EXPRESSION, "What the party never signs, a condition over the issues.", required=True),
        "when": Part(EXPRESSION, "The red line holds only while this does, a condition over the state."),
        **ORIGIN,
    }
)
POSITION = record(
    {
        "red_lines": Part(MapOf(RED_LINE), "What the party never signs."),
        "values": Part(MapOf(MapOf(NUMBER)), "What each option of an issue is worth to it (0 where none is given)."),
        "cap": Part(NUMBER, "What a sum of values counts as at most (no bound where it is left out)."),
        "fallback": Part(NUMBER, "What no deal is worth to it, where 0 is the worst package and 1 the best."),
        "concession": Part(NUMBER, "How it yields: below 1 firm for long, above 1 early (1 where it is left out)."),
        "strategy": Part(Word(STRATEGIES), "How it sets what it asks for in a round."),
        **ORIGIN,
    }
)
TALKS = record(
    {
        "parties": Part(ListOf(IDENTIFIER, least=1), "The actors that propose, in their order.", required=True),
        "consulted": Part(ListOf(IDENTIFIER), "Actors that must accept too, and never propose."),
        "opens": Part(
            ByForm("a day, a date, a parameter or `{on: EVENT}`", scalar=EXPRESSION, keyed=Later((IN_PLACE, OPENING))),
            "The day of round 0; or `{on: EVENT}`.",
        ),
        "on": Part(NAMES, "The event, or events, that open the talks; instead of `opens`."),
        "every": Part(DAY, "Days between two rounds.", required=True),
        "rounds": Part(DAY, "How many rounds are held at most.", required=True),
        "while": Part(EXPRESSION, "A round is held only on a day on which this is true."),
        "protocol": Part(Word(PROTOCOLS), "How a round goes."),
        "mediator": Part(IDENTIFIER, "The actor that puts the text forward, with `single_text`."),
        "issues": Part(MapOf(OPTIONS), "What is negotiated, each with its options.", required=True),
        "agreed": Part(EVENT_CALL, "The event that an agreement brings about; the issues can be its arguments."),
        "reopens": Part(NAMES, "The event, or events, that open the talks again after they were closed."),
        "positions": Part(MapOf(POSITION), "What each of those at the table wants.", required=True),
        **ORIGIN,
    }
)

SECTIONS: Mapping[str, Part] = {
    "sources": Part(MapOf(SOURCE), "Published texts and the statements in them."),
    "actors": Part(MapOf(ACTOR), "Those who act."),
    "groups": Part(MapOf(GROUP), "Actors that are alike in kind."),
    "parameters": Part(MapOf(PARAMETER), "Numbers, each with its range."),
    "readings": Part(MapOf(READING), "Questions that the words leave open."),
    "state": Part(MapOf(Later((VARIABLE, MapOf(VARIABLE)))), "What can change, and between which values."),
    "define": Part(MapOf(DEFINITION), "Named expressions."),
    "events": Part(MapOf(EVENT), "The facts that can be logged."),
    "history": Part(ListOf(HISTORY_ENTRY), "What happened until the start."),
    "rules": Part(MapOf(RULE), "What can happen, and what follows."),
    "talks": Part(MapOf(TALKS), "Negotiations over packages."),
    "outcomes": Part(MapOf(OUTCOME), "The ways a run can end up; the last has no condition.", required=True),
    "measures": Part(MapOf(MEASURE), "Numbers read off a run."),
}
ROOT = record(
    {
        "negsim": Part(WholeNumber(1, 1), "The language version: 1.", required=True),
        "title": Part(Text("a text", longest=500), "What the scenario is called.", required=True),
        "start": Part(DATE, "Day 0, a date.", required=True),
        "horizon": Part(WholeNumber(0, HORIZON_LIMIT), "The last day.", required=True),
        "include": Part(ListOf(Text("a file's path", longest=500)), "Files that are read as if they stood here."),
        **SECTIONS,
    }
)
INCLUDED = record({name: Part(part.shape, part.about) for name, part in SECTIONS.items()})
