"""A handout fits one printed page, whatever the run or the result; its texts are whole."""

import base64
import re

import browser
import pytest
from click.testing import CliRunner
from pages import Page, words

import negsim
from negsim.cli import main
from negsim.report.page.handout import result_handout, run_handout
from negsim.report.telling import telling
from negsim.report.timeline import statement_words

SHIPPED = (
    "paris_2025", "paris_2025_unnamed", "minsk_2015", "ifor_1995", "karabakh_2020", "mfo_1982", "unifil_2006",
    "template",
)  # fmt: skip


@pytest.fixture(scope="module")
def paris():
    return negsim.run(negsim.load("paris_2025"), seed=33)


def test_it_says_what_it_is_how_it_ended_on_what_it_rests_and_how_it_is_made_again(paris):
    said = words(run_handout(paris))
    assert said.startswith("Paris 2025, guarantees for Ukraine and the threat against them Paris 2025")
    assert "It is no forecast" in said
    assert "Outcome unguarded stop: " in said
    assert f"The run ended on 2027-09-05 (day 730), after {len(paris.events)} events." in said
    for heading in ("In their words", "Assumed: nothing on record says so", "To make it again"):
        assert heading in said
    assert "negsim run paris_2025 --seed 33" in said
    assert f"Run {paris.id[:12]}, scenario {paris.scenario.hash[:12]}." in said


def test_what_it_tells_is_whole_and_the_rest_is_counted(paris):
    page = Page(run_handout(paris))
    told = [" ".join(text.split()) for text in page.texts["li"]]
    dated = [text for text in told if re.match(r"\d{4}-\d\d-\d\d ", text)]
    texts = {f"{event.date} {paris_text}" for event, paris_text in each_text(paris)}
    assert dated
    assert all(any(text.startswith(each) for each in texts) for text in dated)
    assert [text[:10] for text in dated] == sorted(text[:10] for text in dated)
    assert f"And {len(paris.events) - len(dated)} more events." in words(run_handout(paris))
    quotes = [statement_words(paris.scenario, name) for name in paris.scenario.statements]
    quoted = told[len(dated) : len(dated) + 3]
    assert all(any(text.startswith(each) for each in quotes) for text in quoted)


def each_text(run):
    return [(event, run.text(event.seq)) for event in run.events]


def test_the_end_and_what_it_hangs_on_come_first(paris):
    order = telling(paris)
    assert sorted(order) == list(range(len(paris.events)))
    stops = next(event for event, text in each_text(paris) if text.startswith("The fighting stops"))
    assert order.index(stops.seq) < 10


def test_a_run_without_events_and_one_without_measures_have_a_handout():
    said = words(
        run_handout(
            negsim.run(
                negsim.load_text("negsim: 1\ntitle: Nothing\nstart: 2030-01-01\nhorizon: 3\noutcomes: {none: {}}")
            )
        )
    )
    assert "after 0 events." in said
    assert "To make it again" in said


def test_a_results_handout_has_shares_and_what_readings_change():
    template = negsim.load("template")
    result = negsim.explore(template, runs=40, readings="each")
    said = words(result_handout(result))
    assert "Sampled: 40 runs of a model of each setting, no forecast" in said
    assert "How runs end, as given open and paid:" in said
    assert "What another reading changes When is the bridge safe? When it has stood for a month." in said
    assert f"40 runs, seeds 0 to 39. Request {result.request.id[:12]}" in said


def test_the_command_writes_it_without_the_charts_extra(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    assert CliRunner().invoke(main, ["run", "template", "-q"]).exit_code == 0
    done = CliRunner().invoke(main, ["report", "last", "--one-page", "-o", "x.html"])
    assert (done.exit_code, done.stderr) == (0, "written to x.html\n")
    assert "<script" not in (tmp_path / "x.html").read_text(encoding="utf-8")


LONG = "It goes on and on, as the words of those who wrote it do, and then some more of the same; " * 6
FULL = "\n".join(
    [
        "negsim: 1", f"title: {'A long title of a scenario ' * 3}", "start: 2030-01-01", "horizon: 90",
        "sources: {s: {title: Talk, statements: {",
        *(f'  s{n}: {{speaker: Ash, quote: "{n} {LONG}", english: "{LONG}"}},' for n in range(30)),
        "}}}",
        "state: {n: {range: 0..99, initial: 0}}",
        "events:",
        *(f'  e{n}: {{set: {{n: {n}}}, text: "{n} {LONG if n % 2 else "short"}"}}' for n in range(60)),
        "rules:",
        *(f"  r{n}: {{source: s{n % 30}, at: {n}, emit: e{n}()}}" for n in range(60)),
        *(f'  a{n}: {{assumption: "{LONG}", at: 80, when: n == {n}, emit: e1()}}' for n in range(20)),
        "outcomes: {most: {when: n > 50, text: Much happened.}, few: {}}",
        "measures:",
        *(f"  measure_number_{n}: count(e{n})" for n in range(40)),
    ]
)  # fmt: skip


@pytest.mark.posix
@pytest.mark.skipif(browser.found() is None, reason="Chromium is not installed")
def test_it_is_printed_on_one_page(tmp_path):
    with browser.Browser(tmp_path / "profile") as opened:
        path = tmp_path / "x.html"

        def pages(html):
            path.write_text(html, encoding="utf-8")
            opened.open(path)
            assert opened.complaints() == []
            printed = opened.ask("Page.printToPDF", preferCSSPageSize=True)["data"]
            return len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed)))

        found = {}
        for name in SHIPPED:
            scenario = negsim.load(name)
            for seed in (0, 1, 33):
                found[name, seed] = pages(run_handout(negsim.run(scenario, seed=seed)))
            found[name, "many"] = pages(result_handout(negsim.explore(scenario, runs=5, readings="each")))
        found["full"] = pages(run_handout(negsim.run(negsim.load_text(FULL))))
        assert found == dict.fromkeys(found, 1)
        opened.open(path, width=320)
        assert opened.value("document.documentElement.scrollWidth") <= 320
