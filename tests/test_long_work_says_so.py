"""Whoever has to wait long is told so once, with a way to make it shorter; a short piece of work says nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from negsim.cli import main, progress
from negsim.cli.progress import watched

COIN = """\
negsim: 1
title: A coin
start: 2030-01-01
horizon: 1
state: {side: {values: [heads, tails], initial: heads}}
parameters: {luck: {value: 0.5, low: 0.1, high: 0.9, assumption: a}}
events: {fell: {set: {side: tails}}}
rules: {toss: {assumption: a, at: 1, chance: luck, emit: fell()}}
outcomes: {tails: {when: side == tails}, heads: {}}
"""


class Clock:
    now = 0.0

    def tick(self, seconds: int) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that goes on by so many seconds at each look."""
    found = Clock()
    monkeypatch.setattr(progress, "perf_counter", lambda: found.now)
    return found


def told(clock: Clock, steps: list[tuple[int, int, int | None]], *, quiet: bool = False) -> None:
    """Tells of work, step by step: (seconds that passed, done, total)."""
    with watched("runs", quiet=quiet, shorter="fewer --runs make it shorter") as tell:
        if tell is None:
            return
        for seconds, done, total in steps:
            clock.tick(seconds)
            tell(done, total)


def test_in_a_pipe_work_of_minutes_is_told_of_once(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    told(clock, [(0, 0, 1000), (5, 20, 1000), (6, 34, 1000), (1, 38, 1000), (200, 900, 1000)])
    assert capsys.readouterr() == ("", "this takes about 5 min more; fewer --runs make it shorter\n")


def test_what_was_there_before_does_not_make_work_look_quick(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    told(clock, [(0, 900, 1000), (12, 906, 1000)])
    assert capsys.readouterr().err == "this takes about 3 min more; fewer --runs make it shorter\n"


def test_work_of_seconds_says_nothing_in_a_pipe(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    told(clock, [(0, 0, 100), (2, 10, 100), (18, 100, 100)])
    assert capsys.readouterr() == ("", "")


def test_work_without_a_known_end_is_told_of_when_it_has_taken_long(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    told(clock, [(0, 1, None), (30, 20, None), (31, 41, None), (60, 80, None)])
    assert capsys.readouterr().err == "40 runs so far; fewer --runs make it shorter\n"


def test_where_work_is_not_even_nothing_is_foretold(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with watched("days", quiet=False, shorter="negsim explore samples instead", even=False) as tell:
        assert tell
        for seconds, done in ((0, 0), (40, 1), (30, 2)):
            clock.tick(seconds)
            tell(done, 1000)
    assert capsys.readouterr().err == "2 days so far; negsim explore samples instead\n"


def test_quiet_is_quiet(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    told(clock, [(0, 0, 1000), (2, 1, 1000)], quiet=True)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_work_of_more_than_ten_seconds_is_told_of(
    clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    told(clock, [(0, 0, 100), (2, 10, 100), (2, 20, 100)])
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("this takes about 18 s more; fewer --runs make it shorter") == 1


def test_results_in_a_pipe_hold_no_word_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(progress, "ELSEWHERE", (-1.0, -1.0))
    Path("coin.yaml").write_text(COIN)
    for words, line in (
        (["explore", "coin.yaml", "--runs", "300"], "fewer --runs make it shorter"),
        (["solve", "coin.yaml", "--over-ranges"], "fewer --points or parameters (--over) make it shorter"),
        (["solve", "coin.yaml"], "negsim explore samples instead"),
        (["explore", "coin.yaml", "--sensitivity", "--exact", "--points", "4"], "fewer --points make it shorter"),
    ):
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, done.output
        assert line in done.stderr, words
        assert "shorter" not in done.stdout
        assert done.stderr.count(line) == 1
