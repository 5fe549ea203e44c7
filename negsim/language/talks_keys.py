"""The keys of talks: who sits there, what is negotiated, what each wants."""

from __future__ import annotations

from negsim.language.key_parts import DAY, IN_PLACE, NUMBER, ORIGIN, record
from negsim.language.plain_shapes import EVENT_CALL, EXPRESSION, IDENTIFIER, NAMED, NAMES, WORDS
from negsim.language.shape import (
    ByForm,
    Later,
    ListOf,
    MapOf,
    PartOf,
    Record,
    Text,
    Word,
)

PROTOCOLS = ("alternating_offers", "single_text")
STRATEGIES = ("aspiration", "tit_for_tat")
OPENING = record({"on": PartOf(NAMES, "The event, or events, that open the talks.", required=True)})
RANGE = Text(
    "a list in brackets, or a range such as 30..120 step 30",
    r"\s*-?[0-9]+\s*\.\.\s*-?[0-9]+(\s+step\s+[0-9]+)?\s*",
    100,
)
OPTIONS = ByForm("a list of options, a range, or `{option: words}`", scalar=RANGE, listed=NAMED, keyed=MapOf(WORDS))
ISSUE = record(
    {
        "text": PartOf(WORDS, "What the issue is called where people read."),
        "options": PartOf(OPTIONS, "Its options: a list, a range, or a mapping with the words of each.", required=True),
    }
)
ISSUES = MapOf(
    ByForm("a list of options, a range, or `{text: …, options: …}`", scalar=RANGE, listed=NAMED, keyed=ISSUE)
)
RED_LINE = record(
    {
        "text": PartOf(WORDS, "What the red line is called where people read."),
        "never": PartOf(EXPRESSION, "What the party never signs, a condition over the issues.", required=True),
        "when": PartOf(EXPRESSION, "The red line holds only while this does, a condition over the state."),
        **ORIGIN,
    }
)
LEAVES = Record(
    {
        "when": PartOf(
            EXPRESSION, "It leaves where this holds when a round begins, a condition over the state.", required=True
        )
    }
)
POSITION = record(
    {
        "red_lines": PartOf(MapOf(RED_LINE), "What the party never signs."),
        "values": PartOf(MapOf(MapOf(NUMBER)), "What each option of an issue is worth to it (0 where none is given)."),
        "cap": PartOf(NUMBER, "What a sum of values counts as at most (no bound where it is left out)."),
        "fallback": PartOf(NUMBER, "What no deal is worth to it, where 0 is the worst package and 1 the best."),
        "concession": PartOf(NUMBER, "How it yields: below 1 firm for long, above 1 early (1 where it is left out)."),
        "strategy": PartOf(Word(STRATEGIES), "How it sets what it asks for in a round."),
        "leaves": PartOf(LEAVES, "When it leaves the talks."),
        **ORIGIN,
    }
)
TALKS = record(
    {
        "parties": PartOf(NAMED, "The actors that propose, in their order.", required=True),
        "consulted": PartOf(ListOf(IDENTIFIER), "Actors that must accept too, and never propose."),
        "needs": PartOf(NAMED, "Those without whom nothing can be signed; all, where it is left out."),
        "opens": PartOf(
            ByForm("a day, a date, a parameter or `{on: EVENT}`", scalar=EXPRESSION, keyed=Later((IN_PLACE, OPENING))),
            "The day of round 0; or `{on: EVENT}`.",
        ),
        "on": PartOf(NAMES, "The event, or events, that open the talks; instead of `opens`."),
        "every": PartOf(DAY, "Days between two rounds.", required=True),
        "rounds": PartOf(DAY, "How many rounds are held at most.", required=True),
        "while": PartOf(EXPRESSION, "A round is held only on a day on which this is true."),
        "protocol": PartOf(Word(PROTOCOLS), "How a round goes."),
        "mediator": PartOf(IDENTIFIER, "The actor that puts the text forward, with `single_text`."),
        "issues": PartOf(ISSUES, "What is negotiated, each with its options.", required=True),
        "agreed": PartOf(EVENT_CALL, "The event that an agreement brings about; the issues can be its arguments."),
        "until_notice": PartOf(DAY, "For how many days at a time an agreement is in force; the issues can be in it."),
        "notice": PartOf(NAMES, "The event, or events, after which it ends when its days are over."),
        "reopens": PartOf(NAMES, "The event, or events, that open the talks again after they were closed."),
        "positions": PartOf(MapOf(POSITION), "What each of those at the table wants.", required=True),
        **ORIGIN,
    }
)
