"""What `negsim validate` warns of: allowed, and yet probably not meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from negsim.language import check, shipped

if TYPE_CHECKING:
    from pathlib import Path

BASE = """\
negsim: 1
title: Warnings
start: 2025-01-01
horizon: 30
sources:
  paper:
    statements:
      said: {speaker: A minister, quote: We stop.}
      background: {speaker: A minister, quote: It is cold., context: true}
parameters:
  daily: {value: 0.1, low: 0, high: 1, source: said}
readings:
  scope: {options: {wide: All., narrow: Some.}, default: wide, source: said}
state:
  war: {values: [hot, cold, over], initial: hot}
  talks: {initial: false}
define:
  wide_war: war == hot and scope == wide
events:
  stop: {fields: {how: [cold, over]}, set: {war: how}}
  resume: {set: {war: hot, talks: false}}
  talk: {set: {talks: true}}
rules:
  stops:
    source: said
    while: wide_war
    chance: daily
    choose:
      thaw: {emit: stop(cold)}
      end: {emit: stop(over)}
  resumes: {source: said, on: stop, when: war == cold, after: 3, still: war == cold, emit: resume}
  talks_begin: {source: said, every: 7, when: not talks, emit: talk}
outcomes:
  peace: {when: war == over and talks}
  quiet: {when: war != hot}
  war_goes_on: {}
"""

EXCLUSIVE = """\
  lapses: {source: said, on: stop, when: talks, emit: resume}
  stays: {source: said, on: stop, when: not talks, emit: talk}
"""


def warnings(tmp_path: Path, old: str, new: str) -> list[str]:
    """The warnings for the base scenario with one change, in file order."""
    assert old in BASE
    path = tmp_path / "mine.yaml"
    path.write_text(BASE.replace(old, new, 1), encoding="utf-8")
    report = check(path)
    assert [problem.render() for problem in report.problems] == []
    assert {warning.severity for warning in report.warnings} <= {"warning"}
    return [warning.message for warning in report.warnings]


def test_a_sound_scenario_gives_no_warning(tmp_path: Path) -> None:
    assert warnings(tmp_path, "Warnings", "Nothing") == []


@pytest.mark.parametrize("name", [name for name, _ in shipped()])
def test_a_shipped_scenario_gives_no_warning(name: str) -> None:
    assert [warning.render() for warning in check(name).warnings] == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("narrow: Some.}", "narrow: Some., none: None.}", []),
        ("  background:", "  an: {speaker: X, quote: Y}\n      background:", ["nothing rests on the statement `an`"]),
        ("readings:", "  spare: {value: 1, assumption: x}\nreadings:", ["nothing uses the parameter `spare`"]),
        ("scope == wide", "true", ["nothing uses the reading `scope`"]),
        ("define:", "define:\n  cold_war: war == cold", ["nothing uses the definition `cold_war`"]),
        ("  talk: {", "  lonely: {}\n  talk: {", ["nothing emits `lonely`"]),
        ("over], initial", "over, frozen], initial", ["`war` never becomes frozen"]),
        (
            "  quiet: {when: war != hot}",
            "  quiet: {when: war != hot}\n  calm: {when: war != hot and talks}",
            ["the outcome `calm` is never reached: `quiet` holds whenever it does"],
        ),
        (
            "  war_goes_on",
            "  always: {when: true}\n  late: {when: talks}\n  war_goes_on",
            [
                "the outcome `late` is never reached: `always` holds whenever it does",
                "the outcome `war_goes_on` is never reached: `always` holds whenever it does",
            ],
        ),
        (
            "every: 7",
            "every: 40",
            ["`talks_begin` never fires: the first time would be day 40, after the horizon, day 30"],
        ),
        ("every: 7", "at: 2025-03-01", ["`talks_begin` never fires: day 59 is after the horizon, day 30"]),
        ("every: 7", "at: 2024-12-01", ["`talks_begin` never fires: day -31 is before the start"]),
        ("every: 7", "every: 7, from: 9, until: 3", ["`talks_begin` never fires: `from` is after `until`"]),
        ("every: 7", "every: 7, chance: 0", ["`talks_begin` never fires: its chance is 0"]),
        ("when: war == cold", "when: war == cold and war == hot", []),
        (
            "when: not talks",
            "when: 'war not in (hot, cold, over)'",
            ["`talks_begin` never fires: `when` is never true"],
        ),
        (
            "thaw: {emit: stop(cold)}",
            "thaw: {weight: 2}",
            [
                "`war` never becomes cold",
                "`resumes` never fires: `when` is never true",
            ],
        ),
        (
            "when: not talks, emit: talk",
            "when: not talks, emit: resume",
            ["nothing emits `talk`"],
        ),
        (
            "  talks_begin",
            EXCLUSIVE.replace("when: talks, ", "").replace("when: not talks, ", "") + "  talks_begin",
            ["`lapses` and `stays` both set `talks` when `stop` is logged"],
        ),
        (
            "  talks_begin",
            EXCLUSIVE + "  talks_begin",
            [],
        ),
        (
            "thaw: {emit: stop(cold)}",
            "thaw: {when: war == over and war == hot, emit: stop(cold)}",
            [],
        ),
        (
            "talks: {initial: false}",
            "talks: {initial: false}\n  scope_of_war: {values: [wide, talks], initial: wide}",
            [
                "nothing ever changes `scope_of_war`",
                "the value 'talks' of `scope_of_war` is also the name of a state variable",
            ],
        ),
    ],
)  # fmt: skip
def test_a_change_gives_its_warnings(tmp_path: Path, old: str, new: str, expected: list[str]) -> None:
    assert warnings(tmp_path, old, new) == expected


def test_history_triggers_nothing(tmp_path: Path) -> None:
    history = "history:\n  - {date: 2024-12-01, emit: stop(cold), source: said}\n"
    history += "rules:\n  quick: {source: said, on: stop, emit: talk}\n"
    text = BASE[: BASE.index("rules:")] + history + BASE[BASE.index("outcomes:") :]
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    found = {warning.message: warning.hint for warning in check(path).warnings}
    way_out = (
        "what follows from history at the start is a rule with `at: 0`; a delay can run from an entry with"
        " `starts: true`"
    )
    assert found["`quick` never fires: its event is in the past alone, which triggers nothing"] == way_out


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("[We stop, if they stop, and not before]", ["the quote of `said` is cut into 3 at its commas"]),
        ('["We stop", if they stop]', []),
        ("['We stop', 'and not before']", []),
        ("[We stop]", []),
        ('"We stop, if they stop"', []),
    ],
)
def test_a_quote_that_is_cut_at_its_commas_is_told(tmp_path: Path, quote: str, expected: list[str]) -> None:
    assert warnings(tmp_path, "quote: We stop.", f"quote: {quote}") == expected


def test_pieces_of_a_quote_one_a_line_are_no_list_by_accident(tmp_path: Path) -> None:
    lines = "\n        speaker: A minister\n        quote:\n          - We stop\n          - if they stop\n"
    assert warnings(tmp_path, " {speaker: A minister, quote: We stop.}\n", lines) == []
