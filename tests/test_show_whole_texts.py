"""Quotes and texts are never cut: what is long is wrapped."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.log.wrapping import letters, wrapped
from negsim.show.drawing import Drawing, Rectangle, written
from negsim.show.timeline import statement_words

LONG = "We come when it stops, and not before, " + "for so it was agreed and so it stands, " * 9 + "unless they object"
SCENARIO = f"""
negsim: 1
title: The ford
start: 2030-01-01
horizon: 3
sources:
  talk:
    title: Talk
    date: 2029-12-30
    language: fr
    statements:
      said: {{speaker: Ash, quote: "{LONG}.", english: "{LONG}!"}}
      told: {{speaker: Birch, reported: "{LONG};"}}
events: {{begins: {{text: It begins.}}}}
rules:
  start: {{source: [said, told], at: 1, emit: begins()}}
outcomes: {{over: {{}}}}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "ford.yaml"
    made.write_text(SCENARIO, encoding="utf-8")
    return made


def test_a_statement_is_told_to_its_last_word(path: Path) -> None:
    scenario = negsim.load(path)
    assert statement_words(scenario, "said") == f"Ash: “{LONG}.” ({LONG}!)"
    assert statement_words(scenario, "told") == f"Birch, reported in the author's words: {LONG};"


@pytest.mark.parametrize(
    "command",
    [["run", "--no-keep"], ["why", "last", "0"], ["sources"]],
    ids=lambda words: words[0],
)
def test_a_terminal_shows_the_last_words_of_a_quote(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    if command[0] == "why":
        assert runner.invoke(main, ["run", str(path), "-q"]).exit_code == 0
    words = command if command[0] == "why" else [command[0], str(path), *command[1:]]
    done = runner.invoke(main, words)
    assert done.exit_code == 0
    said = " ".join(done.stdout.split())
    for whole in (f"“{LONG}.” ({LONG}!)", f"reported in the author's words: {LONG};"):
        assert whole in said


@pytest.mark.parametrize(("format_", "between"), [("dot", "\\n"), ("mermaid", "<br/>")])
def test_the_label_of_a_graph_is_wrapped(format_: str, between: str) -> None:
    said = written(Drawing((), (Rectangle((LONG,)),), ()), format_)
    assert between.join(wrapped(LONG, 60)) in said.replace("#44;", ",").replace("#46;", ".")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two  three", 7, ["one two", "three"]),
        ("一二三四五", 4, ["一二", "三四", "五"]),
        ("a unbreakable", 5, ["a", "unbre", "akabl", "e"]),
        ("", 5, [""]),
    ],
)
def test_lines_are_as_wide_as_they_may_be(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines
    assert all(letters(line) <= width for line in lines)
