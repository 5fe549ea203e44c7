"""A handout fits one printed page, whatever the run or the result; its texts are whole."""

import base64
import re

import browser
import pytest
from click.testing import CliRunner
from pages import Page, excluded, words

import negsim
from negsim.cli import main
from negsim.report.page.handout import run_handout
from negsim.report.page.result_handout import result_handout
from negsim.report.page.scenario_handout import scenario_handout
from negsim.report.telling import telling
from negsim.report.timeline import statement_words

SHIPPED = (
    "paris_2025", "paris_2025_unnamed", "minsk_2015", "ifor_1995", "karabakh_2020", "mfo_1982", "unifil_2006",
    "template",
)  # fmt: skip


@pytest.fixture(scope="module")
def paris():
    return excluded()[0]


def test_it_says_what_it_is_how_it_ended_on_what_it_rests_and_how_it_is_made_again(paris):
    said = words(run_handout(paris))
    assert said.startswith("Paris 2025, guarantees for Ukraine and the threat against them Paris 2025")
    assert "It is no forecast" in said
    assert "Outcome unguarded stop: " in said
    assert f"The run ended on 2027-09-05 (day 730), after {len(paris.events)} events." in said
    for heading in ("In their words", "Assumed: nothing on record says so", "To make it again"):
        assert heading in said
    assert f"negsim run paris_2025 --seed {paris.header.seed} " in f"{said} "
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
    assert (
        "When is the bridge safe? As given: As soon as the repair is finished. When it has stood for a month. " in said
    )
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


def spoken(text, title="Who speaks"):
    """A scenario whose every text says the same."""
    return negsim.load_text(
        "\n".join(
            [
                "negsim: 1", f'title: "{title}"', "start: 2030-01-01", "horizon: 9",
                f'sources: {{s: {{title: "{text}", statements: {{s0: {{speaker: "{text}", quote: "{text}"}}}}}}}}',
                "state: {n: {range: 0..9, initial: 0}}",
                "readings:",
                f'  q: {{source: s0, question: "{text}", default: a,',
                f'      options: {{a: "{text}", b: "{text}", c: "{text}"}}}}',
                f'  z: {{source: s0, question: "{text}", options: {{a: "{text}", b: "{text}"}}, default: a}}',
                f'events: {{e: {{set: {{n: 1}}, text: "{text}"}}}}',
                "rules:",
                "  r: {source: s0, at: 4, when: q == a or z == b, emit: e()}",
                f'  a: {{assumption: "{text}", at: 5, emit: e()}}',
                f'outcomes: {{most: {{when: n > 0, text: "{text}"}}, few: {{}}}}',
                f'measures: {{m: {{value: count(e), text: "{text}"}}}}',
            ]
        )
    )  # fmt: skip


HARD = {
    "one word": ("W" * 900, "W" * 400),
    "a title": ("Short.", ("A title that goes on and on, and then some, " * 8)[:310].strip()),
    "capitals": ("MEMBERS OF PARLIAMENT OF MOLDOVA " * 20, "MEMBERS OF PARLIAMENT " * 20),
    "very long": ("word " * 1900, "word " * 99),
    "wide": ("\u6f22\u5b57" * 400, "\u6f22\u5b57" * 99),
    "some": ("As long as a text of this kind is where it is written by those who write them. " * 4, "Some"),
}


def handouts(scenario, seeds=(0,)):
    """All kinds of handouts of a scenario."""
    found = {f"run {seed}": run_handout(negsim.run(scenario, seed=seed)) for seed in seeds}
    found["scenario"] = scenario_handout(scenario)
    for asked in ("each", "all") if 0 < len(scenario.readings) < 4 else ("each",) if scenario.readings else ():
        found[asked] = result_handout(negsim.explore(scenario, runs=3, readings=asked))
    return found


def test_a_title_of_many_words_stands_there_whole_and_what_has_no_room_is_counted():
    text, title = HARD["a title"]
    assert title in words(run_handout(negsim.run(spoken(text, title=title))))
    text, title = HARD["one word"]
    said = words(run_handout(negsim.run(spoken(text, title=title))))
    assert said.startswith("[400 letters, for which there is no room here]")
    assert "Outcome [906 letters, for which there is no room here] The run ended on" in said
    shares = words(result_handout(negsim.explore(spoken(text), runs=3)))
    assert "most: 100.0 % (100.0 to 100.0) . [900 letters, for which there is no room here]" in shares
    assert "2 questions, for which there is no room here." in shares


def test_crossed_readings_stand_once_and_settings_by_their_signs():
    scenario = spoken("So it is said.", title="Signs")
    said = words(result_handout(negsim.explore(scenario, runs=3, readings="all")))
    assert "said.:" not in said
    assert said.count("1a So it is said. 1b So it is said. 1c So it is said.") == 1
    under = said[said.index("Each setting by its answers") :]
    assert "1a 2a 100.0 (100.0 to 100.0) 0.0 (0.0 to 0.0) 1a 2b 100.0" in under
    assert [f"{one} {other}" in under for one in ("1a", "1b", "1c") for other in ("2a", "2b")] == [True] * 6


def test_a_question_with_several_answers_stands_there_once():
    scenario = negsim.load("paris_2025")
    said = words(result_handout(negsim.explore(scenario, runs=3, readings="veto")))
    asked = "What does Moscow's veto rule out in a text that Russia signs?"
    assert said.count(asked) == 1
    assert said.index("As given: Nothing. Russia objects") > said.index(asked)


def test_a_scenarios_handout_has_the_record_the_questions_and_the_assumptions():
    said = words(scenario_handout(negsim.load("template")))
    assert "A model of 1 statement from 1 source, 3 rules and 1 open question: what follows" in said
    assert "It is no forecast" in said
    assert "In it: Alder, Birch." in said
    assert "open and paid : The bridge is open, and Alder has paid." in said
    assert "On record Mayor of Alder, 2030-02-26: “We pay our half once the bridge is safe” — The council meets" in said
    asked = "When is the bridge safe? As given: As soon as the repair is finished. When it has stood for a month."
    assert asked in said
    assert "storm chance (parameter, 0.01 per day, 0 to 0.05): About one bad storm in a hundred days." in said
    assert "To run it negsim run template Scenario" in said


def test_the_command_writes_a_scenarios_handout_and_no_other_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for given, error in (
        (("-o", "x.html"), "error: a scenario has a handout, and no other page\nhint: --one-page; or name a run"),
        (("--one-page", "--outcome", "open_and_paid", "-o", "x.html"), "error: --outcome is for results"),
        (("--chart", "causes", "--svg", "x.svg"), "error: there is no picture 'causes' of it"),
    ):
        done = CliRunner().invoke(main, ["report", "template", *given])
        assert (done.exit_code, error in done.stderr) == (2, True), done.stderr
    done = CliRunner().invoke(main, ["report", "template", "--one-page", "-o", "x.html"])
    assert (done.exit_code, done.stderr) == (0, "written to x.html\n")
    assert (tmp_path / "x.html").read_text(encoding="utf-8") == scenario_handout(negsim.load("template"))


@pytest.mark.posix
@pytest.mark.skipif(browser.found() is None, reason="Chromium is not installed")
def test_it_is_printed_on_one_page(tmp_path):
    with browser.Browser(tmp_path / "profile") as opened:
        path = tmp_path / "x.html"

        def pages(html, **how):
            path.write_text(html, encoding="utf-8")
            opened.open(path)
            assert opened.complaints() == []
            printed = opened.ask("Page.printToPDF", **how)["data"]
            return len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed)))

        made = {name: handouts(negsim.load(name), seeds=(0, 1, 33)) for name in SHIPPED}
        made |= {name: handouts(spoken(text, title=title)) for name, (text, title) in HARD.items()}
        made["full"] = handouts(negsim.load_text(FULL))
        for paper in ({"preferCSSPageSize": True}, {"paperWidth": 8.5, "paperHeight": 11}):
            found = {(name, kind): pages(html, **paper) for name, each in made.items() for kind, html in each.items()}
            assert found == dict.fromkeys(found, 1)
        opened.open(path, width=320)
        assert opened.value("document.documentElement.scrollWidth") <= 320
