"""What rests on which statement; quotes held against a text."""

import json
import time
from pathlib import Path

import pytest

import negsim
from negsim.scenario.record import Standing
from negsim.show.passages import PassageDifference, Passages
from negsim.show.quotes import (
    ONLY_QUOTES,
    Assumption,
    QuoteUse,
    TextCheck,
    check_json,
    check_quotes,
    usage,
    usage_json,
)

SCENARIO = """
negsim: 1
title: Quotes
start: 2025-01-01
horizon: 5
sources:
  gazette:
    title: The gazette
    language: fr
    statements:
      stop: {speaker: M. Macron, quote: "Le jour où le conflit s'arrête", english: The day the conflict stops}
      split: {speaker: M. Macron, quote: [cessez-le-feu, traité de paix], english: a ceasefire; a peace treaty}
      told: {speaker: The gazette, reported: It was said.}
      aside: {speaker: M. Macron, quote: Bonjour, english: Good day, context: true}
      idle: {speaker: The gazette, reported: Nothing rests on this.}
  other:
    title: Another paper
    statements:
      absent: {speaker: A minister, quote: We shall never say this}
groups:
  towns:
    assumption: Others are possible.
    attributes: {rich: {default: false}}
    members: {alder: {name: Alder, rich: true, source: {rich: told}}}
actors: {birch: {name: Birch, source: told, inferred: It is spoken of.}}
parameters: {often: {value: 0.1, low: 0, high: 1, assumption: A guess.}}
readings: {meant: {source: stop, options: {a: A., b: B.}, default: a}}
state: {s: {initial: false, source: told}}
events: {e: {set: {s: true}, source: told}}
history: [{date: 2024-12-31, emit: e(), source: [stop, told]}]
rules:
  r: {source: split, inferred: A step., while: not s, chance: {value: 0.1, low: 0, high: 1}, emit: e()}
  q: {source: absent, at: 1, emit: e()}
outcomes: {done: {}}
"""


def scenario() -> negsim.Scenario:
    return negsim.load_text(SCENARIO, name="x.yaml")


def check(text: str) -> TextCheck:
    return check_quotes(scenario(), text, source="gazette")


def test_each_statement_names_what_rests_on_it() -> None:
    assert {each.statement.id: each.uses for each in usage(scenario()).statements} == {
        "stop": (
            QuoteUse("reading", "meant", Standing.STATED),
            QuoteUse("history", "2024-12-31 e()", Standing.STATED),
        ),
        "split": (QuoteUse("rule", "r", Standing.INFERRED),),
        "told": (
            QuoteUse("history", "2024-12-31 e()", Standing.STATED),
            QuoteUse("attribute", "alder.rich", Standing.STATED),
            QuoteUse("actor", "birch", Standing.INFERRED),
            QuoteUse("state variable", "s", Standing.STATED),
            QuoteUse("event", "e", Standing.STATED),
        ),
        "aside": (),
        "idle": (),
        "absent": (QuoteUse("rule", "q", Standing.STATED),),
    }


def test_what_is_assumed_unused_or_background_is_listed_and_counted() -> None:
    found = usage(scenario())
    assert found.assumptions == (
        Assumption("parameter", "often", "A guess."),
        Assumption("group", "towns", "Others are possible."),
    )
    assert (found.unused, found.context) == (("idle",), ("aside",))
    assert found.counts == {Standing.STATED: 6, Standing.INFERRED: 2, Standing.ASSUMED: 2}


def test_usage_as_plain_values() -> None:
    found = json.loads(json.dumps(usage_json(scenario())))
    assert found["counts"] == {"stated": 6, "inferred": 2, "assumed": 2}
    assert found["statements"][1]["used_by"] == [{"kind": "rule", "name": "r", "standing": "inferred"}]


def test_a_quote_is_found_letter_by_letter() -> None:
    found = check("« Le jour où le conflit s'arrête », a-t-il dit. Un cessez-le-feu ou un traité de paix.\n\nBonjour.")
    assert [(each.exact, each.found) for each in found.quotes] == [(True, True)] * 4
    assert (found.found, found.lacking) == (("stop", "split", "aside"), ())


@pytest.mark.parametrize(
    "text",
    [
        "Le jour où le conflit s\u2019arrête",
        "Le\u00a0jour où le conflit s'arrête",
        "Le jour où\n   le\tconflit s'arrête",
        "Le jour où le\n\nconflit s\u2018arrête",
    ],
)
def test_typography_and_blanks_do_not_count(text: str) -> None:
    (first, *_) = check(f"Il dit : {text}.").quotes
    assert (first.exact, first.found) == (False, True)


def test_marks_within_a_quote_are_alike_in_any_language() -> None:
    passages = Passages("Il parle de «\u202fgaranties\u00a0», et d\u2019\u201cune\u201d paix.")
    assert passages.has('de "garanties", et d\'"une" paix')


@pytest.mark.parametrize(
    "text", ["Le jour ou le conflit s'arrete", "le jour où le conflit s'arrête", "conflit s'arrête"]
)
def test_letters_and_case_do_count(text: str) -> None:
    assert "stop" in check(text).lacking


def test_a_quote_is_not_a_part_of_a_word() -> None:
    assert "aside" in check("Bonjours à tous.").lacking
    assert "aside" not in check("(Bonjour)").lacking


def test_a_script_without_blanks_is_looked_up_anywhere() -> None:
    assert Passages("我们依靠美国").has_exactly("依靠")


def test_the_nearest_passage_and_where_it_differs() -> None:
    (first, *_) = check("Hier encore. Le jour où le grand conflit cesse, les garanties se déploient. Fin.").quotes
    assert first.nearest == "Le jour où le grand conflit cesse"
    assert first.differences == (PassageDifference("", "grand"), PassageDifference("s'arrête", "cesse"))


def test_a_text_without_a_like_passage_has_no_nearest() -> None:
    (first, *_) = check("Nothing of the kind was said here.").quotes
    assert (first.found, first.nearest, first.differences) == (False, None, ())


def test_only_the_quotes_of_a_source_are_asked_of_its_text() -> None:
    assert "absent" in check_quotes(scenario(), "Bonjour").lacking
    assert "absent" not in check("Bonjour").lacking


def test_reported_statements_are_said_not_to_be_checked() -> None:
    found = check_json(check("It was said."))
    assert (found["not_checked"], found["note"]) == (["told", "idle"], ONLY_QUOTES)
    assert found["uncovered"] == ["It was said."]


def test_a_sentence_is_covered_by_any_quote_that_touches_it() -> None:
    found = check("Bonjour à tous. Rien de plus. Un traité  de paix? Le jour où le conflit s'arrête. Et après!")
    assert found.uncovered == ("Rien de plus.", "Et après!")
    assert found.sentences == 5


def test_a_quote_covers_all_sentences_that_it_spans() -> None:
    text = SCENARIO.replace("Le jour où le conflit s'arrête", "Nous partons. Ils restent. Tous")
    made = negsim.load_text(text, name="x.yaml")
    assert check_quotes(made, "Oui. Nous partons. Ils restent.\n\nTous le disent. Non.").uncovered == ("Oui.", "Non.")


SENTENCES = {
    "M. Macron parle. Mme. Macron aussi.": ["M. Macron parle.", "Mme. Macron aussi."],
    "Le porte-parole de M. Poutine et de MM. Peskov et J. Doe.": [
        "Le porte-parole de M. Poutine et de MM. Peskov et J. Doe."
    ],
    "Est-ce sûr? Absolument pas, non.": ["Est-ce sûr?", "Absolument pas, non."],
    "Il part... puis revient. Élu, il reste.": ["Il part... puis revient.", "Élu, il reste."],
    'C\'est fini." "Vraiment?" Oui.': ["C'est fini.\"", '"Vraiment?"', "Oui."],
    "3.5 pour cent. 26 pays.": ["3.5 pour cent.", "26 pays."],
    "Titre sans point\n\nPremière phrase\nsur deux lignes. Fin": [
        "Titre sans point",
        "Première phrase sur deux lignes.",
        "Fin",
    ],
    "Une ligne\nUne autre ligne": ["Une ligne", "Une autre ligne"],
    "***\n\n2025\n\nDes mots": ["Des mots"],
    "Война идёт. Мир нужен.": ["Война идёт.", "Мир нужен."],
    "": [],
}


@pytest.mark.parametrize(("text", "wanted"), SENTENCES.items())
def test_where_sentences_end(text: str, wanted: list[str]) -> None:
    passages = Passages(text)
    assert [passages.at(span) for span in passages.sentences()] == wanted


@pytest.mark.parametrize(
    "text", ["a " * 500_000, "Le jour où le conflit " * 45_000, "x" * 1_000_000, "Oui. " * 200_000]
)
def test_a_long_text_takes_seconds(text: str) -> None:
    started = time.process_time()
    check_quotes(negsim.load("paris_2025"), text)
    assert time.process_time() - started < 20


def test_the_shipped_article_quotes_have_no_typographic_marks_left_to_chance() -> None:
    made = negsim.load("paris_2025")
    quotes = [quote for each in made.statements.values() for quote in each.quotes]
    joined = "\n\n".join(quote.replace("'", "\u2019") for quote in quotes)
    assert check_quotes(made, joined).lacking == ()


def test_reading_a_text_of_windows_line_ends() -> None:
    path = Path(__file__)
    passages = Passages(path.read_text(encoding="utf-8").replace("\n", "\r\n"))
    assert passages.has("What rests on which statement; quotes held against a text.")
