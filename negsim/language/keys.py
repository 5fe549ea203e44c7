"""The structure of the scenario language: every key, what stands under it, what it is for."""

from __future__ import annotations

from collections.abc import Mapping

from negsim.language.key_parts import DAY, NUMBER, ORIGIN, PARAMETER, record
from negsim.language.plain_shapes import (
    BINDER,
    DATE,
    EVENT_CALL,
    EVENT_CALLS,
    EXPRESSION,
    FIELD,
    IDENTIFIER,
    LANGUAGE,
    NAMED,
    NAMES,
    SAID,
    TEXT,
    TEXTS,
    WHEN,
    WORDS,
)
from negsim.language.shape import (
    ByForm,
    Flag,
    Later,
    ListOf,
    MapOf,
    PartOf,
    Text,
    Value,
    WholeNumber,
    Word,
)
from negsim.language.talks_keys import TALKS
from negsim.scenario.calendar_steps import Step

LANGUAGE_VERSION = 1
HORIZON_LIMIT = 100_000

MEMBER_ORIGIN: Mapping[str, PartOf] = {
    **ORIGIN,
    "source": PartOf(
        ByForm(
            "a statement's id, a list, or one for each attribute",
            scalar=IDENTIFIER,
            listed=NAMED,
            keyed=MapOf(NAMES),
        ),
        "The statement, or statements, that this rests on; or one for each attribute.",
    ),
}

STATEMENT = record(
    {
        "speaker": PartOf(SAID, "Who said it; for a narration, who reports it.", required=True),
        "about": PartOf(SAID, "Whom a narration is about."),
        "said": PartOf(WHEN, "When it was said: a day, a month or a year."),
        "quote": PartOf(TEXTS, "The words themselves; a list where narration interrupts them."),
        "reported": PartOf(SAID, "What was said or done, in your own words."),
        "english": PartOf(TEXT, "A quote that is not English, in English."),
        "url": PartOf(TEXT, "Where it can be read."),
        "sureness": PartOf(Word(("A", "B", "C")), "How sure it is, as the author grades it."),
        "context": PartOf(Flag(), "Background: no rule need use it."),
    }
)
SOURCE = record(
    {
        "title": PartOf(SAID, "The text's title."),
        "publisher": PartOf(TEXT, "Who published it."),
        "date": PartOf(WHEN, "When it was published."),
        "language": PartOf(LANGUAGE, "The text's language."),
        "url": PartOf(TEXT, "Where it can be read."),
        "statements": PartOf(MapOf(STATEMENT), "What it puts on the record, by id."),
    }
)
ACTOR = record({"name": PartOf(SAID, "The name as shown."), **ORIGIN})
MEMBER = record({"name": PartOf(SAID, "The name as shown."), **MEMBER_ORIGIN}, others=Value())
VALUES = ByForm("a list of names, `{name: words}`, or a group", scalar=IDENTIFIER, listed=NAMED, keyed=MapOf(WORDS))
RANGE = Text("a range such as 0..9", longest=40)
ATTRIBUTE = record(
    {
        "values": PartOf(
            VALUES, "The values that it can have, a mapping with the words of each, or a group whose members they are."
        ),
        "range": PartOf(RANGE, "A whole number's bounds, `lo..hi`."),
        "number": PartOf(Flag(), "true: any number."),
        "default": PartOf(Value(), "The value of a member that gives none."),
        **ORIGIN,
    }
)
GROUP = record(
    {
        "attributes": PartOf(MapOf(ATTRIBUTE), "What is fixed about each member."),
        "members": PartOf(
            ByForm("new actors (a mapping) or a list of actors", listed=NAMED, keyed=MapOf(MEMBER)),
            "New actors, or a list of actors declared elsewhere.",
            required=True,
        ),
        **ORIGIN,
    }
)
ANSWERS = ByForm("an answer, or `{holder: answer, else: answer}`", scalar=IDENTIFIER, keyed=MapOf(IDENTIFIER))
HOLDERS = ByForm("a list of actors and groups, or `everyone`", scalar=IDENTIFIER, listed=ListOf(IDENTIFIER))
READING = record(
    {
        "question": PartOf(SAID, "What the words leave open; `{parameter}` stands for a parameter's value."),
        "options": PartOf(MapOf(SAID), "The answers that the words admit.", required=True),
        "default": PartOf(ANSWERS, "The answer, unless a run takes another; or one for each holder.", required=True),
        "held_by": PartOf(HOLDERS, "Whose reading it is, where each of some actors has an answer of its own."),
        **ORIGIN,
    }
)
VARIABLE = record(
    {
        "values": PartOf(
            VALUES, "The values that it can have, a mapping with the words of each, or a group whose members they are."
        ),
        "range": PartOf(RANGE, "A whole number's bounds, `lo..hi`."),
        "initial": PartOf(
            ByForm("a value, or one for each member", scalar=Value(), keyed=MapOf(Value())),
            "The value before anything happens; for a group also `{member: value, else: value}`.",
            required=True,
        ),
        **ORIGIN,
    }
)
DEFINITION = ByForm("an expression, or a table", scalar=EXPRESSION, keyed=MapOf(EXPRESSION))
EVENT = record(
    {
        "text": PartOf(
            SAID, "How the event reads; `{field}` stands for a field, `{parameter}` for a parameter's value."
        ),
        "fields": PartOf(MapOf(FIELD), "What is said with the event."),
        "set": PartOf(MapOf(EXPRESSION), "What it changes: `variable: expression`."),
        **ORIGIN,
    }
)
HISTORY_ENTRY = record(
    {
        "date": PartOf(DATE, "The day; not after `start`.", required=True),
        "emit": PartOf(EVENT_CALL, "The event, with its fields.", required=True),
        "starts": PartOf(Flag(), "true: rules that it triggers with a delay run from its date."),
        "late": PartOf(Word(("today", "never")), "When what was due before day 0 comes (`today` where left out)."),
        **ORIGIN,
    }
)
OPTION = record(
    {
        "emit": PartOf(EVENT_CALLS, "What is logged when this is chosen; nothing where it is left out."),
        "weight": PartOf(NUMBER, "How likely it is against the others (1 where it is left out)."),
        "when": PartOf(EXPRESSION, "The option is open only while this holds."),
        "for": PartOf(BINDER, "One option for each member."),
        "text": PartOf(SAID, "What the option means; `{parameter}` stands for a parameter's value."),
    }
)
RULE = record(
    {
        **ORIGIN,
        "on": PartOf(NAMES, "Trigger: each time one of these events is logged."),
        "while": PartOf(EXPRESSION, "Trigger: every day that begins with this true, with `chance`."),
        "at": PartOf(DAY, "Trigger: once, on this day."),
        "every": PartOf(DAY, "Trigger: every so many days."),
        "from": PartOf(DAY, "The first day of the trigger."),
        "until": PartOf(DAY, "The last day of the trigger."),
        "for": PartOf(
            ByForm("a binder such as `m in coalition`, or a list", scalar=BINDER, listed=ListOf(BINDER, least=1)),
            "One instance of the rule for each member.",
        ),
        "when": PartOf(EXPRESSION, "A guard, looked at when the trigger comes."),
        "chance": PartOf(NUMBER, "The chance that the rule fires (with `while`: each day)."),
        "after": PartOf(NUMBER, "Days between trigger and action: a number, uniform(a, b) or geometric(p)."),
        "still": PartOf(EXPRESSION, "A guard, looked at when the action is about to be taken."),
        "unless": PartOf(EVENT_CALLS, "The action is dropped when one of these is logged before it."),
        "by": PartOf(EXPRESSION, "The actor whose decision it is."),
        "emit": PartOf(EVENT_CALLS, "The event, or events, that are logged."),
        "choose": PartOf(MapOf(OPTION), "The options, of which one is taken."),
    }
)
OUTCOME = record(
    {
        "when": PartOf(EXPRESSION, "The condition; the last outcome has none."),
        "ends": PartOf(Flag(), "true: the run ends at the first dusk at which this holds."),
        "text": PartOf(SAID, "What the outcome means; `{parameter}` stands for a parameter's value."),
    }
)
MEASURE = ByForm(
    "an expression, or `{value: …, unit: …, text: …}`",
    scalar=EXPRESSION,
    keyed=record(
        {
            "value": PartOf(EXPRESSION, "The measure.", required=True),
            "unit": PartOf(SAID, "What it is measured in."),
            "text": PartOf(SAID, "What it is called in tables; `{parameter}` stands for a parameter's value."),
        }
    ),
)

SECTIONS: Mapping[str, PartOf] = {
    "sources": PartOf(MapOf(SOURCE), "Published texts and the statements in them."),
    "actors": PartOf(MapOf(ACTOR), "Those who act."),
    "groups": PartOf(MapOf(GROUP), "Actors that are alike in kind."),
    "parameters": PartOf(MapOf(PARAMETER), "Numbers, each with its range."),
    "readings": PartOf(MapOf(READING), "Questions that the words leave open."),
    "state": PartOf(MapOf(Later((VARIABLE, MapOf(VARIABLE)))), "What can change, and between which values."),
    "define": PartOf(MapOf(DEFINITION), "Named expressions."),
    "events": PartOf(MapOf(EVENT), "The facts that can be logged."),
    "history": PartOf(ListOf(HISTORY_ENTRY), "What happened until the start."),
    "rules": PartOf(MapOf(RULE), "What can happen, and what follows."),
    "talks": PartOf(MapOf(TALKS), "Negotiations over packages."),
    "outcomes": PartOf(MapOf(OUTCOME), "The ways a run can end up; the last has no condition.", required=True),
    "measures": PartOf(MapOf(MEASURE), "Numbers read off a run."),
}
ROOT = record(
    {
        "negsim": PartOf(WholeNumber(1, 1), "The language version: 1.", required=True),
        "title": PartOf(Text("a text", longest=500, spoken=True), "What the scenario is called.", required=True),
        "start": PartOf(DATE, "Day 0, a date; where a step is an hour, with a time.", required=True),
        "horizon": PartOf(WholeNumber(0, HORIZON_LIMIT), "The last day.", required=True),
        "languages": PartOf(ListOf(LANGUAGE, least=1), "The languages of its texts; the first is shown by itself."),
        "include": PartOf(ListOf(Text("a file's path", longest=500)), "Files that are read as if they stood here."),
        **SECTIONS,
        "step": PartOf(Word(tuple(Step)), "What a step of time is; all else here calls it a day, as it is by itself."),
    }
)
INCLUDED = record({name: PartOf(part.shape, part.about) for name, part in SECTIONS.items()})
