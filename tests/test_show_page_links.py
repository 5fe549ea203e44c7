"""Whatever a page is of: one element an id, and all that is pointed to is there."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pages import Page

import negsim
from negsim.cli import main
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.evaluate import evaluate

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from negsim.show.page.comparison import comparison_page
from negsim.show.page.handout import run_handout
from negsim.show.page.result import result_page
from negsim.show.page.result_handout import result_handout
from negsim.show.page.run import run_page
from negsim.show.page.solution import solution_page

# Names that are also those of parts of a page and of pictures.
FERRY = """
negsim: 1
title: The ferry
start: 2030-01-01
horizon: 20
sources: {talk: {title: Talk, statements: {sails: {speaker: Ash, quote: It sails.}}}}
actors: {ash: {name: Ash}, birch: {name: Birch}}
parameters: {wind: {value: 0.1, low: 0.01, high: 0.2, assumption: As seen.}}
readings:
  readings: {source: sails, question: Does it?, options: {yes_: It does., no_: It does not.}, default: yes_}
  sources: {assumption: x, options: {outcome: A., state: B.}, default: outcome}
state: {ferry: {values: [moored, across], initial: moored}, settings: {initial: false}}
events: {causes: {set: {ferry: across}}, joins: {set: {settings: true}}}
rules:
  go: {source: sails, while: ferry == moored and readings == yes_, chance: wind, emit: causes()}
  ask:
    assumption: x
    at: 2
    by: ash
    choose: {join: {emit: joins()}, rest: {}}
outcomes: {crossed: {when: ferry == across}, stayed: {}}
measures: {first_day: first(causes)}
"""
CELLS = {
    "one": [Cell()],
    "each": [Cell(), Cell({}, {"readings": "no_"}), Cell({}, {"sources": "state"})],
    "sweep": [Cell({"wind": wind}) for wind in (0.01, 0.1)],
    "crossed": [Cell({}, {"readings": r, "sources": s}) for r in ("yes_", "no_") for s in ("outcome", "state")],
    "many": [Cell({"wind": 0.01 + n / 1000}, {"readings": r}) for n in range(10) for r in ("yes_", "no_")],
}


@pytest.fixture(scope="module")
def ferry() -> negsim.Scenario:
    return negsim.load_text(FERRY)


def pages(ferry: negsim.Scenario) -> Iterator[tuple[str, Callable[..., str]]]:
    run = negsim.run(ferry)
    yield "run", lambda scripted: run_page(run, scripted=scripted)
    yield "fork", lambda scripted: run_page(run.fork(at=0, set={"wind": 0.2}), scripted=scripted)
    for name, cells in CELLS.items():
        result = evaluate(ferry, cells, runs=8)
        yield name, lambda scripted, result=result: result_page(result, scripted=scripted)
        yield (
            f"{name}, one outcome",
            lambda scripted, result=result: result_page(result, outcome="crossed", scripted=scripted),
        )
    yield "two runs", lambda _: comparison_page(run, run.fork(at=0, set={"wind": 0.2}))
    yield "handout", lambda _: run_handout(run)
    yield "handout of many", lambda _: result_handout(evaluate(ferry, CELLS["each"], runs=8))
    exact = negsim.solve(ferry, measures=True)
    best = negsim.solve(ferry, maximise="crossed", by=["ash"])
    each = [negsim.solve(ferry, read={"readings": option}) for option in ("yes_", "no_")]
    for name, found in (("solution", [exact]), ("best play", [best]), ("solutions", each)):
        yield name, lambda scripted, found=found: solution_page(found, scripted=scripted)


REFERRING = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details", "for", "headers")


def faults(html: str) -> tuple[list[str], list[str]]:
    """The ids that several elements have, and what is pointed to and is not there."""
    page = Page(html)
    ids = Counter(a["id"] for _, a in page.elements if "id" in a)
    found = {a["href"][1:] for _, a in page.elements if (a.get("href") or "").startswith("#")}
    for _, attributes in page.elements:
        found |= {each for key in REFERRING for each in (attributes.get(key) or "").split()}
        found |= {each for value in attributes.values() for each in re.findall(r"url\(#([^)]*)\)", value or "")}
        found |= {attributes["data-picture"]} if "data-picture" in attributes else set()
    found |= {each for text in page.texts.get("script", ()) for each in re.findall(r'"to":"([^"]*)"', text)}
    return [each for each, times in ids.items() if times > 1], sorted(found - ids.keys())


@pytest.mark.parametrize("scripted", [True, False])
def test_each_id_is_one_elements_and_each_link_leads_somewhere(ferry: negsim.Scenario, scripted: bool) -> None:
    found = {name: faults(made(scripted)) for name, made in pages(ferry)}
    assert len(found) == 5 + 2 * len(CELLS) + 3
    assert found == dict.fromkeys(found, ([], []))


@pytest.mark.parametrize(
    "words",
    [
        ["explore", "ferry.yaml", "--runs", "5", "--heatmap", "x.html", "-q"],
        ["explore", "ferry.yaml", "--runs", "5", "--readings", "each", "--heatmap", "x.html", "-q"],
        ["explore", "ferry.yaml", "--runs", "5", "--readings", "all", "--heatmap", "x.html", "-q"],
        ["explore", "ferry.yaml", "--runs", "5", "--tornado", "x.html", "--outcome", "crossed", "-q"],
        ["solve", "ferry.yaml", "--picture", "x.html", "-q"],
        ["why", "last", "--turning-points", "--picture", "x.html"],
    ],
)
def test_so_it_is_on_pages_that_other_commands_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ferry.yaml").write_text(FERRY, encoding="utf-8")
    assert CliRunner().invoke(main, ["run", "ferry.yaml", "-q"]).exit_code == 0
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert faults((tmp_path / "x.html").read_text(encoding="utf-8")) == ([], [])


def test_what_is_told_twice_is_seen() -> None:
    assert faults("<html><p id='a'></p><p id='a'></p><a href='#b'></a></html>") == (["a"], ["b"])


def test_pictures_that_scroll_can_be_reached_with_the_keyboard(ferry: negsim.Scenario) -> None:
    regions = [a for a in Page(run_page(negsim.run(ferry), scripted=False)).all("div") if a.get("class") == "static"]
    assert regions == [
        {"class": "static", "role": "region", "tabindex": "0", "aria-label": title}
        for title in ("What caused what", "The state through time")
    ]
