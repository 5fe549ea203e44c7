"""A character that only looks like one of the language's is named where it stands."""

from __future__ import annotations

import pytest

from negsim.errors import ScenarioError
from negsim.language import load_text

WHOLE = """\
negsim: 1
title: A scenario
start: 2030-01-01
horizon: 20
state: {gates: {values: [shut, open], initial: shut}}
actors:
  ann: {name: Ann}
events:
  opens: {set: {gates: open}, text: The gates open.}
rules:
  r: {assumption: a, while: gates == shut, chance: 0.1, emit: opens()}
outcomes: {done: {when: gates == open}, other: {}}
"""


def first_problem(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, name="m.yaml")
    problem = caught.value.problems[0]
    return f"{problem.place.line}:{problem.place.column}: {problem.message} | {problem.hint}"


def test_the_scenario_is_right_without_them() -> None:
    load_text(WHOLE)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (
            "horizon: 20",
            "horizon:\u00a020",
            "4:9: U+00A0 (no-break space) stands here, which YAML takes for a letter | write a blank",
        ),
        (
            "horizon: 20",
            "horizon\uff1a 20",
            "4:8: U+FF1A (fullwidth colon) stands here, which YAML takes for a letter | write :",
        ),
        (
            "  ann:",
            "\u2003 ann:",
            (
                "7:1: '\u2003 ann' is no key of a scenario | U+2003 (em space) in it looks like a blank and is none;"
                " it can be: negsim, title, start, horizon, languages, include, sources, actors, groups, parameters,"
                " readings, state, …"
            ),
        ),
        (
            "  ann:",
            "  \u200bann:",
            (
                "7:3: '\u200bann' is no name: a name is a-z, 0-9 and _, and begins with a letter"
                " | U+200B (zero width space) in it cannot be seen; write `ann`"
            ),
        ),
        (
            "text: The gates open.",
            "text: \u201cNow: the gates open.\u201d",
            '9:37: U+201C (left double quotation mark) stands here, which YAML takes for a letter | write "',
        ),
        (
            "horizon: 20",
            "horizon: \u00a020",
            (
                "4:10: `horizon` must be a whole number 0..100000, not '20'"
                " | U+00A0 (no-break space) in it looks like a blank and is none"
            ),
        ),
        (
            "horizon: 20",
            "horizon: \uff12\uff10",
            (
                "4:10: `horizon` must be a whole number 0..100000, not '\uff12\uff10'"
                " | U+FF12 (fullwidth digit two) in it looks like 2 and is none"
            ),
        ),
        (
            "start: 2030-01-01",
            "start: 2030\u201101\u201101",
            (
                "3:8: '2030\u201101\u201101' is no date | U+2011 (non-breaking hyphen) in it looks like - and is none;"
                " write it as 2030-01-01: year, month, day"
            ),
        ),
        (
            "while: gates == shut",
            "while: gates ==\u00a0shut",
            "11:37: U+00A0 (no-break space) cannot stand in an expression | write a blank",
        ),
        (
            "while: gates == shut",
            "while: gates \uff1d\uff1d shut",
            "11:35: U+FF1D (fullwidth equals sign) cannot stand in an expression | write =",
        ),
        (
            "{name: Ann}",
            "{n\u0430me: Ann}",
            (
                "7:9: 'n\u0430me' is no key of `ann` | U+0430 (cyrillic small letter a) in it looks like a letter a to"
                " z and is none; did you mean 'name'? It can be: name, source, assumption, inferred"
            ),
        ),
        (
            "[shut, open]",
            "[shut\uff0c open]",
            (
                "5:26: 'shut\uff0c open' is no name: a name is a-z, 0-9 and _, and begins with a letter"
                " | U+FF0C (fullwidth comma) in it looks like , and is none; write `shut_open`"
            ),
        ),
        (
            "chance: 0.1",
            "chance: 0.1\u200e",
            "11:55: U+200E (left-to-right mark) cannot stand in an expression | take it out: it cannot be seen",
        ),
    ],
)
def test_it_is_named_where_it_stands(right: str, wrong: str, said: str) -> None:
    assert first_problem(WHOLE.replace(right, wrong, 1)) == said


def test_in_texts_all_of_them_may_stand() -> None:
    text = "Les portes\u00a0: \u201couvertes\u201d, \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\uff1b\u2026"
    found = load_text(WHOLE.replace("The gates open.", f"'{text}'"))
    assert found.events["opens"].text == text


def test_the_mark_stands_under_wide_characters_and_past_joiners() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text(WHOLE.replace("{name: Ann}", "{name: \u5b89\u200c\u5b89, nme: x}"), name="m.yaml")
    assert str(caught.value).splitlines()[:3] == [
        "m.yaml:7:20: error: 'nme' is no key of `ann`",
        "  7 |   ann: {name: \u5b89\u200c\u5b89, nme: x}",
        "    |                     ^^^",
    ]
