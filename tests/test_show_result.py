import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser
import click.testing
import pytest
from click.testing import CliRunner
from pages import Page, words

import negsim
from negsim.cli import main
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.evaluate import evaluate
from negsim.ensemble.result import Result
from negsim.log.lines import write_lines
from negsim.show.result_charts import difference_words, figures, share_words

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from negsim.show.page.result import result_page
from negsim.show.theme import specification

FERRY = """
negsim: 1
title: The ferry
start: 2030-01-01
horizon: 40
sources:
  gazette:
    title: By the river
    publisher: The Gazette
    date: 2029-12-30
    statements: {sails: {speaker: Mayor Ash, said: 2029-12-29, quote: It sails when there is wind.}}
actors: {ash: {name: Ash}}
parameters:
  wind: {value: 0.02, low: 0.01, high: 0.2, unit: per day, assumption: Nobody has counted.}
  tide: {value: 1, low: 0, high: 2, assumption: As seen.}
  crew: {value: 3, low: 1, high: 9, assumption: As seen.}
readings:
  breeze:
    source: sails
    question: Is a breeze wind?
    options: {it_is: It is., it_is_not: It is not., nobody_knows: Nobody knows.}
    default: it_is
  sunday: {assumption: For later., options: {rest: They rest., work: They work.}, default: rest}
state: {ferry: {values: [moored, across], initial: moored}}
events: {crosses: {set: {ferry: across}, text: The ferry crosses.}}
rules:
  go: {source: sails, while: ferry == moored and breeze != it_is_not, chance: wind, emit: crosses()}
outcomes: {crossed: {when: ferry == across, text: It is on the other side.}, stayed: {}}
measures: {days_to_cross: {value: first(crosses), unit: days}, is_across: {value: ferry == across}}
"""
EACH = [Cell(), Cell({}, {"breeze": "it_is_not"}), Cell({}, {"breeze": "nobody_knows"}), Cell({}, {"sunday": "work"})]


@pytest.fixture(scope="module")
def ferry() -> negsim.Scenario:
    return negsim.load_text(FERRY)


def told(result: Result) -> list[str]:
    """What the marks of all pictures of a result say."""
    return [row["said"] for figure in figures(result).values() for row in _rows(specification(figure))]


def _rows(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for rows in spec["datasets"].values():
        yield from (row for row in rows if "said" in row)


def test_each_share_stands_with_its_interval_and_as_sampled(ferry: negsim.Scenario) -> None:
    result = evaluate(ferry, runs=200)
    said = words(result_page(result, scripted=False))
    assert "Sampled: 200 runs of a model" in said
    assert "It is not a forecast. A share of runs is no probability that something will happen." in said
    for name, share in result.outcomes.items():
        low, high = (f"{100 * end:.1f}" for end in (share.low, share.high))
        assert share.share is not None
        assert f"{name} {share.count} {100 * share.share:.1f} % {low} to {high} %" in said
    assert "Outcome Runs Share (sampled) 95 % interval What it is" in said
    assert told(result) == [f"{name}: {share_words(share)}" for name, share in result.outcomes.items()]


def test_measures_stand_with_their_quantiles(ferry: negsim.Scenario) -> None:
    result = evaluate(ferry, runs=200)
    said = words(result_page(result, scripted=False))
    days, across = result.measures["days_to_cross"], result.measures["is_across"]
    assert "Measure Mean 5 % Median 95 % None in Unit" in said
    assert f"days to cross {days.mean:.3g} " in said
    assert f"{days.missing} days" in said
    assert across.mean is not None
    assert f"is across true in {100 * across.mean:.1f} %" in said


def test_crossed_readings_are_told_once_and_settings_are_named_by_signs() -> None:
    result = negsim.explore(negsim.load("paris_2025"), runs=3, readings="veto.russia,rank,hindering")
    said = words(result_page(result, scripted=False))
    told = said[said.index("What is varied") : said.index("Which reading decides")]
    assert "1 What does Moscow's veto rule out? (The agency" in told
    assert "1b Western forces in Ukraine. Forces outside it and a US backstop remain possible. 1c Any" in told
    table = said[said.index("Shares of runs under each setting, sampled") : said.index("A share is made of runs")]
    named = re.findall(r"(\d+)\. (1[abc] 2[ab] 3[ab])(, as given)?", table)
    assert [int(number) for number, _, _ in named] == list(range(1, 13))
    assert len({signs for _, signs, _ in named}) == 12
    assert [number for number, _, given in named if given] == ["1"]
    assert "veto rule out" not in table


def test_runs_are_named_with_the_command_that_makes_one_again(ferry: negsim.Scenario) -> None:
    result = evaluate(ferry, runs=50, seed=7, set={"wind": 0.05})
    said = words(result_page(result, scripted=False))
    for outcome in ("crossed", "stayed"):
        seeds = result.seeds(outcome, most=5)
        assert f"{outcome} {', '.join(map(str, seeds))}" in said
        assert f"negsim run SCENARIO.yaml --seed {seeds[0]} --set wind=0.05" in said
        assert negsim.run(ferry, seed=seeds[0], set={"wind": 0.05}).outcome == outcome


def test_settings_tell_how_the_result_is_made_again(ferry: negsim.Scenario) -> None:
    result = evaluate(ferry, runs=50, seed=7, set={"wind": 0.05}, read={"breeze": "nobody_knows"})
    said = words(result_page(result, scripted=False))
    again = "negsim explore SCENARIO.yaml --runs 50 --seed 7 --set wind=0.05 --read breeze=nobody_knows"
    assert again in said
    assert "Seeds 7 to 56" in said
    assert f"Made by negsim {negsim.__version__} Request {result.request.id}" in said
    assert "wind 0.05 (the scenario's own: 0.02) 0.01 to 0.2 per day assumed Assumed: Nobody has counted." in said
    assert "Nobody knows. (nobody_knows) Not the scenario's own answer. It is. (it_is) It is not. (it_is_not)" in said


def test_readings_one_at_a_time_are_told_with_differences_and_the_one_that_decides_first(
    ferry: negsim.Scenario,
) -> None:
    result = evaluate(ferry, EACH, runs=100)
    html = result_page(result, scripted=False)
    said = words(html)
    first = said.index("1 Is a breeze wind? It is not. 5")  # its share of runs that end otherwise
    assert first < said.index("Is a breeze wind? Nobody knows. 0.0 %") < said.index("2 sunday: They work. 0.0 %")
    change = result.cells[1].against_base
    assert change is not None
    assert f"{share_words(change.changed)} {difference_words(change.outcomes['crossed'])}" in said
    assert "negsim explore SCENARIO.yaml --runs 100 --seed 0 --readings each" in said
    assert "It is. (it_is) Varied here." in said
    assert list(figures(result)) == ["readings", "changes"]
    assert [a["id"] for a in Page(html).all("figure")] == ["picture-readings", "picture-changes"]


def test_readings_can_be_ordered_by_what_they_change_in_one_outcome(ferry: negsim.Scenario) -> None:
    result = evaluate(ferry, EACH, runs=100)
    figure = figures(result, "crossed")["readings"]
    assert figure.title == "Which reading decides on crossed"
    assert result.cells[1].against_base is not None
    change = result.cells[1].against_base.outcomes["crossed"]
    assert change.high < 0
    assert next(_rows(specification(figure)))["said"] == f"Is a breeze wind? It is not. {difference_words(change)}"


def test_a_sweep_is_drawn_as_curves_and_told_as_a_table(ferry: negsim.Scenario) -> None:
    result = evaluate(ferry, [Cell({"wind": wind}) for wind in (0.2, 0.01, 0.1)], runs=60)
    said = words(result_page(result, scripted=False))
    assert list(figures(result)) == ["sweep"]
    crossed = {cell.parameters["wind"]: share_words(cell.outcomes["crossed"]) for cell in result.cells}
    marks = [each for each in told(result) if each.startswith("crossed")]
    assert marks == [f"crossed, {wind}: {crossed[wind]}" for wind in (0.01, 0.1, 0.2)]
    assert f"1. wind: 0.2 {crossed[0.2]}" in said
    assert "wind varied: 0.01, 0.1, 0.2 0.01 to 0.2 per day" in said


def test_crossed_settings_are_boxes_with_numbers_and_intervals(ferry: negsim.Scenario) -> None:
    cells = [Cell({"wind": wind}, {"sunday": day}) for wind in (0.01, 0.1) for day in ("rest", "work")]
    result = evaluate(ferry, cells, runs=60)
    assert list(figures(result)) == ["readings", "cells"]
    share = result.cells[2].outcomes["crossed"]
    number, _, interval = share_words(share).partition(" (")
    assert f"3. wind: 0.1\nsunday: They rest.\ncrossed: {number} ({interval}" in told(result)


def test_crossed_readings_are_ordered_by_how_much_they_decide(ferry: negsim.Scenario) -> None:
    options = [Cell({}, {"breeze": wind, "sunday": day}) for wind in ("it_is", "it_is_not") for day in ("rest", "work")]
    result = evaluate(ferry, options, runs=80)
    crossed = result.cells[0].outcomes["crossed"].share
    said = words(result_page(result, outcome="crossed", scripted=False))
    assert "Which reading decides on crossed" in said
    assert crossed is not None
    decided = f"Is a breeze wind? {100 * crossed:.1f} % "
    assert said.index(decided) < said.index("sunday 0.0 % 0.0 to 4.6 %")


def test_very_many_settings_are_told_by_how_far_they_reach(ferry: negsim.Scenario) -> None:
    cells = [Cell({"wind": 0.01 + number / 1000, "crew": 1 + number % 9}) for number in range(120)]
    result = evaluate(ferry, cells, runs=10)
    assert list(figures(result)) == ["spread"]
    said = words(result_page(result, scripted=False))
    assert "The first 100 settings; 20 more stand in the result's file." in said
    more = {"sunday": "work", "breeze": "it_is"}
    wide = evaluate(ferry, [Cell({**cell.parameters, "tide": 0.5}, more) for cell in cells], runs=10)
    html = result_page(wide, scripted=False)
    said = words(html)
    shares = sorted(share for cell in wide.cells if (share := cell.outcomes["crossed"].share) is not None)
    assert len(shares) == len(wide.cells)
    middle = (shares[59] + shares[60]) / 2
    assert "Shares of runs over 120 settings, sampled Outcome Smallest share Half of them up to" in said
    assert f"crossed {100 * shares[0]:.1f} % {100 * middle:.1f} % {100 * shares[-1]:.1f} %" in said
    assert "crossed no. 1 " in said
    assert len(html) < 300_000


def test_a_setting_without_a_run_says_so(ferry: negsim.Scenario, tmp_path: Path) -> None:
    class Enough(Exception):  # noqa: N818 - no error
        pass

    def stop(runs: int, _: object) -> None:
        if runs:
            raise Enough

    with pytest.raises(Enough):
        evaluate(ferry, EACH, runs=10, out=tmp_path / "x.sqlite", progress=stop)
    with Result.read(tmp_path / "x.sqlite") as result:
        said = words(result_page(result))
    assert "Some settings have fewer runs than the others: the work was interrupted." in said
    assert "no run" in said


def test_runs_that_broke_are_counted() -> None:
    broken = FERRY.replace("set: {ferry: across}", "set: {ferry: across, n: n - 1}").replace(
        "state: {", "state: {n: {range: 0..3, initial: 0}, "
    )
    result = evaluate(negsim.load_text(broken), runs=40)
    said = words(result_page(result))
    assert f"{result.errors} runs stopped with a model error, and ended in no outcome." in said
    assert f"error {', '.join(map(str, result.seeds('error', most=5)))}" in said


def test_the_same_result_gives_the_same_page(ferry: negsim.Scenario, tmp_path: Path) -> None:
    made = result_page(evaluate(ferry, EACH, runs=60))
    evaluate(ferry, EACH, runs=60, workers=2, out=tmp_path / "x.sqlite").close()
    with Result.read(tmp_path / "x.sqlite") as result:
        assert result_page(result) == made


def test_hostile_texts_of_a_result_stay_texts() -> None:
    hostile = "</script><img src=x onerror=alert(1)>\\u202e"
    text = FERRY
    for harmless in (
        "The ferry\n",
        "Nobody has counted.",
        "Is a breeze wind?",
        "It is not.",
        "It is on the other side.",
    ):
        text = text.replace(harmless, f'"{hostile}"' + harmless[len(harmless.rstrip()) :])
    page = Page(result_page(evaluate(negsim.load_text(text), EACH, runs=5)))
    assert not page.all("img")
    assert len(page.texts["script"]) == 3
    assert page.texts["h1"] == ["</script><img src=x onerror=alert(1)>\ufffd"]


def report(*words: Path | str) -> click.testing.Result:
    return CliRunner().invoke(main, ["report", *map(str, words)])


def test_the_command_takes_a_results_file_or_the_beginning_of_its_id(ferry: negsim.Scenario, tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    with evaluate(ferry, EACH, runs=20, out=tmp_path / "x.sqlite") as result:
        page = result_page(result, outcome="crossed", scripted=False)
        kept = tmp_path / "results" / f"{result.request.id}.sqlite"
    kept.write_bytes((tmp_path / "x.sqlite").read_bytes())
    options: list[str | Path] = ["--no-script", "--outcome", "crossed", "--store", tmp_path / "runs.db"]
    for name in (tmp_path / "x.sqlite", kept.stem[:8]):
        done = report(name, "-o", tmp_path / "x.html", *options)
        assert (done.exit_code, done.stderr) == (0, f"written to {tmp_path / 'x.html'}\n")
        assert (tmp_path / "x.html").read_text(encoding="utf-8") == page


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["x.sqlite", "-o", "x.html"], "error: there is no result at x.sqlite"),
        (["{ferry}", "--outcome", "drowned", "-o", "x.html"], "error: there is no outcome `drowned`"),
        (["{ferry}", "--chart", "causes", "--svg", "x.svg"], "hint: it can be: shares"),
        (["{run}", "--outcome", "crossed", "-o", "x.html"], "error: --outcome is for results"),
        (["abcdef", "-o", "x.html", "--store", "no.db"], "error: there is no store"),
    ],
)
def test_what_cannot_be_shown_is_said(ferry: negsim.Scenario, tmp_path: Path, words: list[str], error: str) -> None:
    evaluate(ferry, runs=5, out=tmp_path / "x.sqlite").close()
    log = tmp_path / "x.jsonl"
    log.write_text("\n".join(write_lines(negsim.run(ferry).log)) + "\n", encoding="utf-8")
    done = report(*(str(each).format(ferry=tmp_path / "x.sqlite", run=log) for each in words))
    assert done.exit_code == 2
    assert error in done.stderr


@pytest.mark.posix
@pytest.mark.skipif(browser.found() is None, reason="Chromium is not installed")
def test_a_browser_draws_a_result_asks_for_nothing_and_complains_of_nothing(
    ferry: negsim.Scenario, tmp_path: Path
) -> None:
    asked = {
        "plain": [Cell()],
        "each": EACH,
        "sweep": [Cell({"wind": wind}) for wind in (0.01, 0.1)],
        "many": [Cell({"wind": 0.01 + k / 1000}, {"sunday": day}) for k in range(10) for day in ("rest", "work")],
    }
    with browser.Browser(tmp_path / "profile") as opened:
        for name, cells in asked.items():
            result = evaluate(ferry, cells, runs=10)
            path = tmp_path / f"{name}.html"
            path.write_text(result_page(result), encoding="utf-8")
            opened.open(path, width=320)
            opened.wait(f"document.querySelectorAll('.drawn .live svg').length === {len(figures(result))}")
            assert opened.complaints() == []
            assert opened.requests() == []
            assert opened.value("document.documentElement.scrollWidth") <= 320
