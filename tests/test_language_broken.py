"""What a user reads when a scenario is wrong.

Each `tests/data/broken/NNN_name.yaml` has beside it, in `NNN_name.txt`, the messages it must give.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negsim.errors import Problem, ScenarioError
from negsim.language import check, load, load_files, load_text

FOLDER = Path(__file__).parent / "data" / "broken"
HEAD = "negsim: 1\ntitle: Broken\nstart: 2025-09-04\nhorizon: 30\n"
TAIL = "outcomes: {other: {}}\n"


def messages(text: str) -> str:
    """What a user reads who loads this text."""
    with pytest.raises(ScenarioError) as caught:
        load_text(text, name="mine.yaml")
    return str(caught.value)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_broken_scenario_gives_its_messages(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    with pytest.raises(ScenarioError) as caught:
        load(path.name)
    assert str(caught.value) + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_enough_broken_scenarios() -> None:
    assert len(list(FOLDER.glob("*.yaml"))) >= 70


def test_a_check_tells_the_same_as_a_load() -> None:
    path = FOLDER / "064_misspelt_value.yaml"
    with pytest.raises(ScenarioError) as caught:
        load(path)
    report = check(path)
    assert (report.file, report.problems, report.warnings, report.scenario) == (
        str(path),
        caught.value.problems,
        (),
        None,
    )


def test_an_alias_bomb_is_counted_and_not_expanded() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    assert messages("\n".join(rows)).splitlines()[0] == (
        "mine.yaml:5:45: error: more than 100000 values in one file, aliases written out"
    )


def test_a_deep_alias_is_counted_too() -> None:
    rows = ["a0: &a0 x", *(f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 60))]
    assert "more than 50 lists and mappings inside one another" in messages("\n".join(rows))


@pytest.mark.parametrize("sign", ["[", "{a: ", "- ", "{? "])
def test_a_deep_text_is_refused(sign: str) -> None:
    assert "more than 50 lists and mappings inside one another" in messages("x:\n " + sign * 20_000)


def test_very_many_values_are_refused() -> None:
    assert "more than 100000 values in one file" in messages("x: [" + "a," * 200_000 + "]")


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text(HEAD + "#" * 1_048_576, encoding="utf-8")
    with pytest.raises(ScenarioError, match="this file is larger than 1 MiB"):
        load(path)
    with pytest.raises(ScenarioError, match="this file is larger than 1 MiB"):
        load_files({"large.yaml": path.read_text(encoding="utf-8")})


def test_a_missing_file_may_be_a_misspelt_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError) as caught:
        load("templat")
    assert str(caught.value).splitlines()[0] == "templat:1:1: error: there is no such file"
    assert "hint: did you mean 'template'?" in str(caught.value)


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="1:1: error: this is a folder, not a file"):
        load(tmp_path)


def test_a_path_that_cannot_be_is_a_problem() -> None:
    with pytest.raises(ScenarioError, match="1:1: error: "):
        load("a\0b")
    with pytest.raises(ScenarioError, match="1:1: error: "):
        load("a" * 5000)


@pytest.mark.posix
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("actors: {us: {name: US}}\n", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (inner / "folder").symlink_to(tmp_path)
    (inner / "main.yaml").write_text(HEAD + "include: [link.yaml, folder/secret.yaml]\n" + TAIL, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(inner / "main.yaml")
    found = [(problem.place.column, problem.message) for problem in caught.value.problems]
    assert found == [(column, "include: this file is outside the scenario's folder") for column in (11, 22)]


def test_a_lone_surrogate_is_a_problem() -> None:
    assert messages("title: \ud800").splitlines()[0] == (
        "mine.yaml:1:8: error: the character U+D800 cannot stand in a scenario"
    )


def test_a_flood_of_problems_is_cut() -> None:
    rows = "".join(f"  a{i}: {{nam: x}}\n" for i in range(1000))
    with pytest.raises(ScenarioError) as caught:
        load_text(HEAD + "actors:\n" + rows + TAIL)
    assert len(caught.value.problems) == 201
    assert caught.value.problems[-1].message == "and at least 800 more problems"


@pytest.mark.parametrize(
    "formula",
    ["(" * 900, "not " * 400, "-" * 1900, "a.b" * 400, "f(" * 900, "1 if " * 380, "a and (" * 250, "a in (" * 300],
)
def test_a_deep_expression_is_a_problem(formula: str) -> None:
    text = f"{HEAD}outcomes:\n  a:\n    when: '{formula}'\n  other: {{}}\n"
    assert len(messages(text).splitlines()) >= 3


def test_a_chain_of_definitions_has_an_end() -> None:
    rows = "".join(f"  d{i}: d{i + 1}\n" for i in range(2000))
    text = f"{HEAD}define:\n{rows}  d2000: 1\nmeasures: {{m: d0}}\n{TAIL}"
    assert "more than 50 definitions that use one another" in messages(text)


def test_a_parser_without_libyaml_gives_the_same_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    yamltext = pytest.importorskip("negsim.language.yamltext")
    import yaml  # noqa: PLC0415  # the loader alone imports it

    monkeypatch.setattr(yamltext, "_Parser", yaml.SafeLoader)
    monkeypatch.chdir(FOLDER)
    for path in sorted(FOLDER.glob("*.yaml")):
        with pytest.raises(ScenarioError) as caught:
            load(path.name)
        assert caught.value.problems


VALID = (FOLDER.parent.parent / "data" / "whole.yaml").read_text(encoding="utf-8")
LINES = VALID.splitlines(keepends=True)
SIGNS = st.sampled_from([*"{}[]():,.'\"&*!|>#%@`-+=<~ \t\n0aé", "<<: ", "- ", "? ", "nobody", "first(", "for m in g"])


def problems_of(text: str) -> tuple[Problem, ...]:
    """The problems of a text; none where it loads. Anything but a ScenarioError fails the test."""
    try:
        load_text(text)
    except ScenarioError as error:
        return error.problems
    return ()


def edits() -> st.SearchStrategy[list[tuple[str, int, int, str]]]:
    """A few changes to a text: what to do, where, with how much, and what to put there."""
    kinds = st.sampled_from(["cut", "put", "swap", "copy", "drop_line", "copy_line", "swap_words"])
    places = st.integers(0, 10**6)
    return st.lists(st.tuples(kinds, places, st.integers(0, 30), SIGNS), min_size=1, max_size=4)


def edited(changes: list[tuple[str, int, int, str]]) -> str:
    lines = list(LINES)
    for kind, where, much, sign in changes:
        text = "".join(lines)
        at = where % max(1, len(text))
        line = where % max(1, len(lines))
        other = (where // 7) % max(1, len(lines))
        match kind:
            case "cut":
                lines = (text[:at] + text[at + much :]).splitlines(keepends=True)
            case "put":
                lines = (text[:at] + sign + text[at:]).splitlines(keepends=True)
            case "copy":
                lines = (text[:at] + text[at : at + much] + text[at:]).splitlines(keepends=True)
            case "swap":
                lines[line], lines[other] = lines[other], lines[line]
            case "drop_line":
                del lines[line : line + 1 + much % 3]
            case "copy_line":
                lines.insert(other, lines[line])
            case "swap_words":
                words = text.split(" ")
                one, two = where % len(words), (where // 3) % len(words)
                words[one], words[two] = words[two], words[one]
                lines = " ".join(words).splitlines(keepends=True)
        lines = lines or ["\n"]
    return "".join(lines)


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(edits())
def test_a_spoilt_text_loads_or_gives_problems(changes: list[tuple[str, int, int, str]]) -> None:
    text = edited(changes)
    lines = len(text.splitlines()) + 1
    for place in (problem.place for problem in problems_of(text)):
        assert 1 <= place.line <= lines
        assert place.column >= 1


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["m", "g", "x", "1", "2.5", "(", ")", ",", ".", "for", "in", "if", "else", "and", "or",
                                 "not", "==", "<", "+", "-", "*", "//", "any", "count", "min", "f", "e", "=", "first",
                                 "nobody", "true", "a"]), max_size=12))  # fmt: skip
def test_any_row_of_words_is_an_expression_or_a_problem(words: list[str]) -> None:
    text = f"""{HEAD}
groups: {{g: {{members: {{f: {{}}}}}}}}
state: {{x: {{values: [a, b], initial: a}}}}
events: {{e: {{}}}}
outcomes:
  o:
    when: '{" ".join(words)}'
  other: {{}}
measures:
  m: '{" ".join(words)}'
"""
    problems_of(text)
