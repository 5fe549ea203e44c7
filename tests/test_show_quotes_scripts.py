# ruff: noqa: RUF001  # letters of other alphabets are what these tests are about
"""Quotes and sentences in every script: forms of accents, joiners, ends of sentences without a blank."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest

from negsim.language import load_text
from negsim.show.passages import ACCENTS, BLANKS, JOINERS, MARKS, Passages
from negsim.show.quotes import TextCheck, check_quotes

SCENARIO = """\
negsim: 1
title: quotes
start: 2030-01-01
horizon: 3
sources: {s: {title: x, statements: {a: {speaker: X, quote: "QUOTE"}}}}
events: {e: {}}
rules: {r: {source: a, at: 1, emit: e()}}
outcomes: {done: {}}
"""
ACCENTED = "Les représentants ont décidé."
PERSIAN = "ما هرگز غنی‌سازی را کنار نمی‌گذاریم."


def checked(quote: str, text: str) -> TextCheck:
    return check_quotes(load_text(SCENARIO.replace("QUOTE", quote)), text)


Form = Literal["NFC", "NFD"]


@pytest.mark.parametrize(("quote", "text"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_an_accent_may_be_part_of_its_letter_or_a_sign_after_it(quote: Form, text: Form) -> None:
    check = checked(unicodedata.normalize(quote, ACCENTED), unicodedata.normalize(text, f"Avant. {ACCENTED} Après."))
    (found,) = check.quotes
    assert (found.exact, found.found, found.differs) == (False, True, (ACCENTS,))
    assert (check.sentences, check.uncovered) == (3, ("Avant.", "Après."))


def test_an_accent_that_is_lacking_is_a_difference() -> None:
    (found,) = checked(ACCENTED[:-1], "Les representants ont décidé.").quotes
    assert (found.found, [(each.quote, each.text) for each in found.differences]) == (
        False,
        [("représentants", "representants")],
    )


@pytest.mark.parametrize(
    ("quote", "text", "differs"),
    [
        (PERSIAN, PERSIAN.replace("\u200c", ""), (JOINERS,)),
        (PERSIAN.replace("\u200c", ""), PERSIAN, (JOINERS,)),
        ("We open the gates.", "We open the ga\u00adtes.", (JOINERS,)),
        ("We open “the” gates.", "We\u00a0open the\ngates.".replace("the", '"the"'), (BLANKS, MARKS)),
    ],
)
def test_what_was_made_alike_is_told(quote: str, text: str, differs: tuple[str, ...]) -> None:
    (found,) = checked(quote.replace('"', "'"), text).quotes
    assert (found.found, found.exact, found.differs) == (True, False, differs)


def test_a_sentence_that_no_quote_touches_keeps_its_joiners() -> None:
    check = checked(PERSIAN, f"{PERSIAN} ما می‌مانیم. باشد.")
    assert (check.sentences, check.uncovered) == (3, ("ما می‌مانیم.", "باشد."))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("我们同意谈判。我们拒绝协议。没有人签字。", ["我们同意谈判。", "我们拒绝协议。", "没有人签字。"]),
        ("「本当ですか？」彼は言った。はい！", ["「本当ですか？」", "彼は言った。", "はい！"]),
        ("हम सहमत हैं। हम नहीं।", ["हम सहमत हैं।", "हम नहीं।"]),
        ("هل وافقوا؟ نعم. لا أحد.", ["هل وافقوا؟", "نعم.", "لا أحد."]),
        ("Մենք համաձայն ենք։ Ոչ։", ["Մենք համաձայն ենք։", "Ոչ։"]),
        ("ተስማምተናል። አልፈረምንም።", ["ተስማምተናል።", "አልፈረምንም።"]),
        ("Мы согласны. Никто не подписал! т. е. нет.", ["Мы согласны.", "Никто не подписал! т. е. нет."]),
        ("“Really?” he asked. M. Macron came… He left.", ['"Really?" he asked.', "M. Macron came…", "He left."]),
        ("3.5 per cent. 26 states.", ["3.5 per cent.", "26 states."]),
        ("Yahoo!Inc. agreed", ["Yahoo!Inc. agreed"]),
    ],
)
def test_sentences_end_in_every_script(text: str, sentences: list[str]) -> None:
    passages = Passages(text)
    assert [passages.at(span) for span in passages.sentences()] == sentences


def test_a_quote_in_a_script_without_blanks_covers_its_sentence() -> None:
    check = checked("我们同意谈判。", "我们同意谈判。我们拒绝协议。没有人签字。")
    assert (check.found, check.sentences, check.uncovered) == (("a",), 3, ("我们拒绝协议。", "没有人签字。"))


def test_the_nearest_passage_is_found_in_a_script_without_blanks() -> None:
    (found,) = checked("我们同意会谈。", "没有人签字。我们同意谈判。我们拒绝协议。").quotes
    assert (found.found, found.nearest) == (False, "我们同意谈")
