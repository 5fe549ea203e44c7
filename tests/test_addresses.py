"""Where the words on record can be read: shown whole, and as links on pages, which fetch nothing."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main

LONG = "https://example.org/" + "a-long-way/" * 12 + "text"
TEXT = f"""
negsim: 1
title: Addresses
start: 2030-01-01
horizon: 2
sources:
  post:
    title: The Post
    url: https://example.org/post
    statements:
      here: {{speaker: A, quote: We come}}
      there: {{speaker: B, reported: They stay., url: {LONG}}}
      nowhere: {{speaker: C, reported: Nobody knows., url: "the Post, page 3"}}
      trap: {{speaker: D, reported: A trap., url: "https://example.org/\\"onclick=x"}}
  bare: {{title: The Herald, statements: {{lost: {{speaker: E, reported: It is lost.}}}}}}
events: {{comes: {{}}, ends: {{}}}}
rules:
  one: {{source: [here, there, lost], at: 1, emit: comes()}}
  two: {{source: [nowhere, trap], at: 2, emit: ends()}}
outcomes: {{done: {{}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "addresses.yaml").write_text(TEXT, encoding="utf-8")


def said(*words: object) -> list[str]:
    done = CliRunner().invoke(main, [str(word) for word in words], env={"COLUMNS": "60"}, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def test_sources_shows_each_address_whole_on_a_line_of_its_own() -> None:
    lines = said("sources", "addresses.yaml")
    assert [line.strip() for line in lines if "example.org" in line or "page 3" in line] == [
        "https://example.org/post",
        LONG,
    ]


def test_why_shows_where_the_words_behind_an_event_can_be_read() -> None:
    said("run", "addresses.yaml", "-q")
    assert [line.strip() for line in said("why", "last", 0) if "http" in line] == ["https://example.org/post", LONG]


def test_a_description_links_what_is_an_address() -> None:
    lines = "\n".join(said("describe", "addresses.yaml"))
    assert f"They stay. *(reported in the author's words)* [`there`] <{LONG}>" in lines
    assert "[`nowhere`] the Post, page 3" in lines
    assert "<https://example.org/post>" in lines


def test_a_page_links_addresses_and_asks_for_nothing() -> None:
    pytest.importorskip("altair")
    from negsim.show.page.run import run_page  # noqa: PLC0415 - only where pictures can be drawn

    page = run_page(negsim.run(negsim.load("addresses.yaml")), scripted=False)
    table = page[page.index("Sources of the scenario") :]
    row = "".join(
        f'<li><a href="{url}" rel="noreferrer noopener">{url}</a></li>' for url in ("https://example.org/post", LONG)
    )
    assert row in table
    assert "<li>the Post, page 3</li>" in table
    assert "<li>https://example.org/&quot;onclick=x</li>" in table
    assert "default-src 'none'" in unescape(page)
    assert re.findall(r"<(?!a )[a-z]+ [^>]*(?:src|href)=\"?http", page) == []
    assert set(re.findall(r"<a href=\"(http[^\"]*)\" rel=\"([^\"]*)\"", page)) == {
        ("https://example.org/post", "noreferrer noopener"),
        (LONG, "noreferrer noopener"),
    }


def test_the_addresses_of_shipped_scenarios_can_be_followed_or_are_words() -> None:
    whole = re.compile(r"https?://[a-z0-9.-]+\.[a-z]{2,}(/[\x21-\x7e]*)?")
    for name in (
        "paris_2025",
        "paris_2025_unnamed",
        "grain_2022",
        "ifor_1995",
        "karabakh_2020",
        "mfo_1982",
        "minsk_2015",
        "october_1962",
        "unifil_2006",
    ):
        scenario = negsim.load(name)
        urls = [each.url for each in scenario.sources.values()] + [each.url for each in scenario.statements.values()]
        odd = [url for url in urls if url and url.startswith("http") and ("…" in url or not whole.fullmatch(url))]
        assert odd == [], name
