# ruff: noqa: RUF001  # letters of other alphabets are what these tests are about
"""Words are shown as their author wrote them: joiners and no-break spaces stay, what would act is marked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from negsim.clean import clean, on_one_line
from negsim.cli import main
from negsim.errors import ScenarioError
from negsim.language import load_text

QUOTE = "ما هرگز غنی‌سازی را کنار نمی‌گذاریم."
SCENARIO = f"""\
negsim: 1
title: مذاکره‌ی هسته‌ای
start: 2030-01-01
horizon: 10
sources:
  irna:
    title: گفت‌وگوها
    language: fa
    statements:
      never: {{speaker: وزیر خارجه, quote: "{QUOTE}", english: We never give it up.}}
actors: {{iran: {{name: جمهوری‌ها, note: "👩‍🔬 speaks\\u202efor\\u202cit\\e[31m."}}}}
events: {{says: {{fields: {{who: actor}}, text: "{{who}} می‌گوید\u00a0!"}}}}
rules: {{r: {{source: never, at: 2, emit: says(iran)}}}}
outcomes: {{done: {{}}}}
"""


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fa.yaml").write_text(SCENARIO, encoding="utf-8")

    def run(*words: str) -> str:
        result = CliRunner(env={"COLUMNS": "200"}).invoke(main, words)
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.mark.parametrize(
    "words",
    [
        ("describe", "fa.yaml"),
        ("sources", "fa.yaml"),
        ("export", "fa.yaml", "--to", "dot"),
        ("export", "fa.yaml", "--to", "mermaid"),
        ("run", "fa.yaml", "--no-keep"),
    ],
    ids=" ".join,
)
def test_joiners_stay_in_what_is_shown(shown: Callable[..., str], words: tuple[str, ...]) -> None:
    output = shown(*words)
    assert "\u200c" in output
    assert not any(bare in output for bare in ("غنی سازی", "غنیسازی", "جمهوری ها", "می گوید", "هسته ای"))


def test_a_described_quote_is_verbatim(shown: Callable[..., str]) -> None:
    assert QUOTE in shown("describe", "fa.yaml")
    assert "می‌گوید\u00a0!" in shown("describe", "fa.yaml")


def test_what_would_act_is_marked_and_joiners_are_not() -> None:
    text = "👩‍🔬\u202ea\u202c\x1b[31m b\u200cc\n  d\u2028e"
    assert on_one_line(text) == "👩‍🔬\ufffda\ufffd\ufffd[31m b\u200cc d e"
    assert clean("a\u200c\u200d\u00a0b") == "a\u200c\u200d\u00a0b"


def test_an_error_shows_the_line_with_its_joiners() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_text(SCENARIO.replace("{name: جمهوری‌ها", "{nme: جمهوری‌ها"), name="fa.yaml")
    assert "جمهوری‌ها" in str(caught.value).splitlines()[1]
