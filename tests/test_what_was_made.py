"""What was made and what was found is told apart; commands name a scenario as it can be called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import negsim
from negsim.cli import main
from negsim.ensemble.file.result_file import ResultFile
from negsim.ensemble.run.batch import Piece, Runner
from negsim.ensemble.run.columns import Batch, Row
from negsim.language.catalogue import called, shipped

COIN = """\
negsim: 1
title: A coin
start: 2030-01-01
horizon: 1
state: {side: {values: [heads, tails], initial: heads}}
events: {fell: {set: {side: tails}}}
rules: {toss: {assumption: a, at: 1, chance: 0.5, emit: fell()}}
outcomes: {tails: {when: side == tails}, heads: {}}
"""


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("coin.yaml").write_text(COIN)


def explored(runs: int) -> Result:
    return CliRunner().invoke(main, ["explore", "coin.yaml", "--runs", str(runs), "-o", "coin.sqlite"])


def test_runs_made_now_and_runs_found_are_told_apart() -> None:
    first, more, none = explored(100), explored(250), explored(250)
    assert "\n100 runs in " in first.stdout
    assert "before" not in first.stdout
    assert "\n150 runs in " in more.stdout
    assert " a second. 100 were there before.\n" in more.stdout
    assert "\nNothing had to be run again. Kept in coin.sqlite" in none.stdout


def test_an_interrupted_command_does_not_say_that_nothing_had_to_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    explored(100)
    made: list[Row] = []

    def rows(
        self: Runner, piece: Piece, whole: Callable[..., Iterator[Row]] = negsim.ensemble.run.batch.Runner.rows
    ) -> Iterator[Row]:
        for row in whole(self, piece):
            if len(made) == 30:
                raise KeyboardInterrupt
            made.append(row)
            yield row

    monkeypatch.setattr("negsim.ensemble.run.batch.Runner.rows", rows)
    done = explored(250)
    assert done.exit_code == 130
    assert "Nothing had to be run again" not in done.output
    assert "\n30 runs in " in done.stdout
    assert " a second. 100 were there before.\n" in done.stdout
    assert done.stderr == (
        "interrupted after 30 runs beside 100 that were there before, which are kept; the same command goes on from"
        " there\n"
    )


@pytest.mark.parametrize("name", [name for name, _ in shipped()])
def test_a_shipped_scenario_is_called_by_its_name(name: str) -> None:
    assert called(negsim.load(name).files) == name


def test_a_changed_copy_is_called_by_its_file() -> None:
    files = dict(negsim.load("paris_2025").files)
    first, included = [*files][:2]
    for changed in (first, included):
        assert called({**files, changed: files[changed] + "# mine\n"}) == "paris_2025.yaml"
    assert called({"a/b/coin.yaml": COIN}) == "coin.yaml"
    assert called({"<text>": COIN}) == "SCENARIO.yaml"


def test_no_file_outside_the_shipped_ones_is_looked_at() -> None:
    files = dict(negsim.load("minsk_2015").files)
    outside = Path("coin.yaml").resolve()
    assert called({**files, str(outside): COIN}) == "minsk_2015.yaml"


def test_a_page_about_a_shipped_scenario_names_it_as_it_can_be_called() -> None:
    for words in (
        ["explore", "minsk_2015", "--runs", "5", "-o", "minsk.sqlite", "-q"],
        ["report", "minsk.sqlite", "-o", "minsk.html"],
        ["run", "minsk_2015", "-q"],
        ["report", "last", "-o", "run.html"],
    ):
        assert CliRunner().invoke(main, words).exit_code == 0
    assert "negsim run minsk_2015 --seed 0" in Path("minsk.html").read_text()
    assert "negsim explore minsk_2015 --runs 5" in Path("minsk.html").read_text()
    assert "negsim run minsk_2015 --seed 0" in Path("run.html").read_text()
    assert "minsk_2015.yaml --" not in Path("minsk.html").read_text() + Path("run.html").read_text()


def test_runs_that_were_kept_but_not_told_of_before_an_interruption_were_made_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add = ResultFile.add

    def interrupted(self: ResultFile, number: int, batch: Batch, *, first: int) -> None:
        add(self, number, batch, first=first)
        if sum(self.done()) >= 300:
            raise KeyboardInterrupt

    monkeypatch.setattr(ResultFile, "add", interrupted)
    done = CliRunner().invoke(main, ["explore", "coin.yaml", "--runs", "1000"])
    assert done.exit_code == 130
    last = "interrupted after 300 runs, which are kept; the same command goes on from there"
    assert done.stderr.splitlines()[-1] == last
