"""One answer, whichever YAML parser reads: libyaml of any version, or PyYAML's own."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from negsim.errors import ScenarioError
from negsim.language import load, load_text, yamltext

FOLDER = Path(__file__).parent / "data" / "broken"
PARSERS = {"libyaml": getattr(getattr(yaml, "cyaml", None), "CParser", None), "plain": yaml.SafeLoader}


@pytest.fixture(params=list(PARSERS))
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if PARSERS[request.param] is None:
        pytest.skip("this PyYAML has no libyaml")
    monkeypatch.setattr(yamltext, "_Parser", PARSERS[request.param])
    return str(request.param)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("sign", "column"), [("[", 51), ("{a: ", 195), ("- ", 100), ("{? ", 149), ("[{a: ", 123), ("[\n ", 2)]
)
@pytest.mark.parametrize("number", [60, 1_200, 20_000])
def test_a_deep_text_is_refused_where_it_goes_too_deep(sign: str, column: int, number: int) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text("x:\n " + sign * number, name="mine.yaml")
    (problem,) = caught.value.problems
    line = 51 if "\n" in sign else 2
    assert (problem.place.line, problem.place.column, problem.message) == (
        line,
        column,
        "more than 50 lists and mappings inside one another",
    )


@pytest.mark.usefixtures("parser")
def test_what_is_as_deep_as_may_be_is_read() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text("negsim: " + "[" * 48 + "x" + "]" * 48, name="mine.yaml")
    assert "`negsim` must be 1, not a list" in str(caught.value)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_messages_do_not_depend_on_the_parser(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    with pytest.raises(ScenarioError) as caught:
        load(path.name)
    assert str(caught.value) + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: |b\n", "`|` and `>` open a text over several lines, and stand alone on theirs"),
        ("a: >text\n", "`|` and `>` open a text over several lines, and stand alone on theirs"),
        ("a: !x{b: c}\n", "a blank is missing here"),
        ("a:\n  b: c\n\td: e\n", "a tab cannot indent a line"),
        ("a: [b\n", "the bracket that opens here is not closed, or a comma is missing"),
        ("a: b\n- c\n", "a key is expected here"),
        ("- a\nb: c\n", "an item of a list is expected here"),
        ("a: 'b\n", "the quote that opens here is never closed"),
        ('a: "\\q"\n', "an unknown escape in a text in double quotes"),
        ("a: b: c\n", "a second `: ` on this line, or a line that is indented wrongly"),
        ("a: - b\n", "a list cannot begin here"),
        ("a: %b\n", "no value can begin with %"),
    ],
)
def test_what_no_parser_can_read_is_told_in_the_same_words(text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text(text, name="mine.yaml")
    assert [problem.message for problem in caught.value.problems] == [message]
