"""What readers are shown of every shipped scenario: whole sentences and names, and no word that only a program has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pages import words

import negsim
from negsim.cli import main
from negsim.language import shipped
from negsim.scenario.model import Scenario
from negsim.scenario.types import Enumeration, Type

SCENARIOS = dict(shipped())
# What once stood on a page, and what no reader should be shown.
WINCES = (
    (r"\b1 (?:refusal|package|event|day|run|rule|end|time|reading|member|set|statement)s\b", "one of many"),
    (r"\bone of 1 \w", "one of one"),
    (r"(?<![\d.,])\d+\.\d{3,} days\b", "more digits than days have"),
    (r"\bevents (\d+) to (\d+)", "a row of two"),
    (r"\d+\. (\w) \(`?\1`?\)", "a letter, said twice"),
    (r"\b(?:nash|kalai smorodinsky)\b", "names without capitals"),
    (r"\bfavours (?:russia|ukraine)\b|\bus backstop\b", "names without capitals"),
)


def asked(folder: Path, *arguments: str) -> str:
    store = ["--store", str(folder / "runs")] if arguments[0] in ("run", "why", "report", "explore") else []
    result = CliRunner(env={"COLUMNS": "160"}).invoke(main, [*arguments, *store], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def of_pages(html: str) -> str:
    """What a page says besides what stands there as code."""
    return words(re.sub(r"<(code|pre|style|script)\b.*?</\1>", " ", html, flags=re.DOTALL))


@pytest.fixture(scope="module", params=[*SCENARIOS])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """A scenario's name, and all that is shown of it, by what was asked."""
    name, folder = str(request.param), tmp_path_factory.mktemp("shown")
    path = str(SCENARIOS[name])
    scenario = negsim.load(path)
    found = {"run": asked(folder, "run", path, "--seed", "4"), "why": asked(folder, "why", "last")}
    found["but-for"] = asked(folder, "why", "last", "--but-for")
    found["explore"] = asked(folder, "explore", path, "--runs", "50", "--quiet")
    found["describe"] = asked(folder, "describe", path)
    for talks in scenario.talks:
        found[f"deal {talks}"] = asked(folder, "deal", path, "--talks", talks)
    for kind, more in (("page", ["--no-script"]), ("handout", ["--one-page"])):
        output = folder / f"{kind}.html"
        asked(folder, "report", "last", *more, "-o", str(output))
        found[kind] = of_pages(output.read_text(encoding="utf-8"))
    return name, found


def test_nothing_makes_a_reader_wince(told: tuple[str, dict[str, str]]) -> None:
    name, shown = told
    found = [
        f"{name}, {what}: {why}: {match[0]!r}"
        for what, text in shown.items()
        for pattern, why in WINCES
        for match in re.finditer(pattern, text)
        if why != "a row of two" or int(match[2]) == int(match[1]) + 1
    ]
    assert not found, "\n".join(found)


def test_no_name_with_words_stands_with_blanks_for_underscores(told: tuple[str, dict[str, str]]) -> None:
    """Where the author says what a value, an issue or a red line is called, its name is not spelled out."""
    name, shown = told
    scenario = negsim.load(SCENARIOS[name])
    said = " ".join(_all_words(scenario)).lower()
    for value, called in _called(scenario):
        blank = value.replace("_", " ")
        if "_" not in value or blank in called.lower() or blank in said:
            continue
        for what, text in shown.items():
            assert not re.search(rf"\b{re.escape(blank)}\b", " ".join(text.split())), (name, what, blank)


def _called(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """The names that have words, with these."""
    kinds: list[Type] = [variable.type for variable in scenario.variables.values()]
    kinds += [field.type for event in scenario.events.values() for field in event.fields]
    kinds += [each.type for group in scenario.groups.values() for each in group.attributes.values()]
    for kind in kinds:
        yield from kind.words.items() if isinstance(kind, Enumeration) else ()
    for talks in scenario.talks.values():
        yield from talks.issue_words.items()
        for options in talks.option_words.values():
            yield from options.items()
        for position in talks.positions.values():
            yield from ((each.name, each.text) for each in position.red_lines.values() if each.text)


def _all_words(scenario: Scenario) -> Iterator[str]:
    """All texts that the author wrote: a name in words may be a phrase in one of them."""
    for text in scenario.files.values():
        yield " ".join(text.split())
    yield from (name.replace("_", " ") for name in (*scenario.rules, *scenario.outcomes, *scenario.events))
