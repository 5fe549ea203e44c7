"""A handout fits one printed page, whatever the run or the result; its texts are whole."""

import base64
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import browser
import pytest
from click.testing import CliRunner
from pages import Page, excluded, words

import negsim
from negsim.cli import main
from negsim.log.event import LoggedEvent
from negsim.show.impasses import impasses
from negsim.show.page.handout import run_handout
from negsim.show.page.result_handout import result_handout
from negsim.show.page.scenario_handout import scenario_handout
from negsim.show.telling import telling
from negsim.show.timeline import statement_words
from negsim.show.used import behind

SHIPPED = (
    "paris_2025", "paris_2025_unnamed", "minsk_2015", "ifor_1995", "karabakh_2020", "mfo_1982", "unifil_2006",
    "grain_2022", "october_1962", "template",
)  # fmt: skip


@pytest.fixture(scope="module")
def paris() -> negsim.Run:
    return excluded()[0]


def test_it_says_what_it_is_how_it_ended_on_what_it_rests_and_how_it_is_made_again(paris: negsim.Run) -> None:
    said = words(run_handout(paris))
    assert said.startswith("Paris 2025, guarantees for Ukraine and the threat against them Paris 2025")
    assert "It is no forecast" in said
    assert "Outcome unguarded stop: " in said
    assert f"The run ended on 2027-09-05 (day 730), after {len(paris.events)} events." in said
    for heading in ("On record", "Assumed: nothing on record says so", "To make it again"):
        assert heading in said
    assert f"negsim run paris_2025 --seed {paris.header.seed} " in f"{said} "
    assert f"Run {paris.id[:12]}, scenario {paris.scenario.hash[:12]}." in said


def test_what_it_tells_is_whole_and_the_rest_is_counted(paris: negsim.Run) -> None:
    page = Page(run_handout(paris))
    told = [" ".join(text.split()) for text in page.texts["li"]]
    dated = [text for text in told if re.match(r"\d{4}-\d\d-\d\d ", text)]
    texts = {f"{event.date} {paris_text}" for event, paris_text in each_text(paris)}
    assert dated
    assert all(any(text.startswith(each) for each in texts) for text in dated)
    said = words(run_handout(paris))
    near, rest = telling(paris).near, telling(paris).rest
    first = sum(f"{paris.events[seq].date} {paris.text(seq)}" in said for seq in near)
    for part, those in ((dated[:first], near), (dated[first:], rest)):
        assert [text[:10] for text in part] == sorted(text[:10] for text in part)
        assert f"And {len(those) - len(part)} more events." in said
    quotes = [statement_words(paris.scenario, name) for name in paris.scenario.statements]
    quoted = [text for text in told if text.startswith(tuple(quotes))]
    assert len(quoted) > 1
    assert f"And {len(behind_statements(paris)) - len(quoted)} more statements." in said


def behind_statements(run: negsim.Run) -> set[str]:
    """The statements that something at work in a run rests on."""
    origins = [event.origin for event in run.events] + [each.origin for each in behind(run)]
    return {name for origin in origins for name in origin.statements}


def test_what_is_told_of_a_speaker_is_never_said_to_be_their_own_words(paris: negsim.Run) -> None:
    """Quotes stand in quotation marks; the author's narration is called so, with whom it is about."""
    told = "AFP on Russia, 2025-09-05, reported in the author's words: Moscow at once put its veto on"
    assert statement_words(paris.scenario, "s13_veto").startswith(told)
    for html in (run_handout(paris), scenario_handout(paris.scenario)):
        said = words(html)
        assert "In their words" not in said
        assert "On record" in said
        assert "Emmanuel Macron, 2025-09-04: “" in said
        assert ", reported in the author's words: " in said


def each_text(run: negsim.Run) -> list[tuple[LoggedEvent, str]]:
    return [(event, run.text(event.seq)) for event in run.events]


def test_the_end_and_what_it_hangs_on_come_first(paris: negsim.Run) -> None:
    order = telling(paris).order
    assert sorted(order) == list(range(len(paris.events)))
    stops = next(event for event, text in each_text(paris) if text.startswith("The fighting stops"))
    assert order.index(stops.seq) < 10


HALL = """
negsim: 1
title: The hall
start: 2030-01-01
horizon: 30
sources:
  talk:
    title: What was said
    statements:
      free: {speaker: Ash, quote: We never pay.}
      dear: {speaker: A reporter, about: Birch, reported: Birch wants a price above all.}
      deep: {speaker: Birch, quote: We never open at night.}
actors: {ash: {name: Ash}, birch: {name: Birch}, elm: {name: Elm}}
readings:
  forever: {source: deep, question: For how long is never?, options: {ever: For ever., year: A year.}, default: ever}
  kind: {source: free, question: Is a gift paying?, options: {gift: It is., none: It is not.}, default: none}
state: {hall: {values: [shut, open], initial: shut}}
events: {opened: {set: {hall: open}, text: The hall opens.}}
talks:
  meeting:
    parties: [ash, birch]
    opens: 1
    every: 1
    rounds: 3
    while: hall == shut
    issues: {price: [none, some], hours: [day, night]}
    agreed: opened()
    assumption: They meet daily.
    positions:
      ash:
        red_lines: {pay: {never: price == some, source: free}}
        values: {price: {none: 1}}
        assumption: Ash saves.
      birch:
        red_lines:
          gift: {never: price == none, source: dear, inferred: A price is no gift.}
          dark: {never: hours == night, when: forever == ever, source: deep}
        values: {price: {some: 1}}
        assumption: Birch earns.
outcomes: {open: {when: hall == open}, shut: {}}
"""


def test_talks_that_failed_show_what_stood_in_the_way_with_the_words_of_all_sides() -> None:
    run = negsim.run(negsim.load_text(HALL))
    (found,) = impasses(run)
    assert (found.talks, run.events[found.seq].event, found.zone) == ("meeting", "lapsed", 0)
    names = [[each.words for each in obstacles] for obstacles in found.unlock]
    assert names == [["Ash, red line pay: never price == some"], ["Birch, red line gift: never price == none"]]
    said = words(run_handout(run))
    assert (
        "Why the meeting talks ended without agreement No package was open to all. Lifting what any one line names"
        " would have opened one. Ash, red line pay: never price == some Birch, red line gift: never price == none "
    ) in said
    record = said[said.index("On record") :]
    assert "Ash: “We never pay.” — What was said" in record
    assert "A reporter on Birch, reported in the author's words: Birch wants a price above all." in record


def test_how_sure_a_statement_is_stands_beside_it() -> None:
    graded = negsim.load_text(HALL.replace("quote: We never pay.", "quote: We never pay., sureness: B"))
    head = "On record (A to C: how sure it is, as the author grades it) "
    for html in (run_handout(negsim.run(graded)), scenario_handout(graded)):
        said = words(html)
        assert head + "Ash: “We never pay.” — What was said (B)" in said
        assert "Birch wants a price above all. — What was said " in said
        assert "price above all. — What was said (" not in said
    assert "On record Ash" in words(scenario_handout(negsim.load_text(HALL)))


def test_talks_that_agreed_have_nothing_in_the_way() -> None:
    assert impasses(negsim.run(negsim.load_text(HALL.replace("never: price == none", "never: price == some")))) == ()


def test_the_readings_taken_and_the_authors_steps_stand_there() -> None:
    """Those first that something in the run rests on."""
    run = negsim.run(negsim.load_text(HALL), read={"forever": "year"})
    said = words(run_handout(run))
    asked = "Questions that the words leave open, as they are read here"
    assert (
        f"{asked} For how long is never? A year. (Not the scenario's own answer.) Is a gift paying? It is not." in said
    )
    steps = "Inferred: the author took a step from the words Birch: gift (red line): A price is no gift."
    assert steps in said
    for at, when in ((-1, "before any event"), (0, "after event 0")):
        fork = run.fork(at=at, read={"kind": "gift"})
        assert f"Is a gift paying? It is not. Changed {when}: It is." in words(run_handout(fork))


def test_what_the_outcome_hangs_on_is_told_apart_from_what_else_happened(paris: negsim.Run) -> None:
    said = words(run_handout(paris))
    hangs, other = said.index("What the outcome hangs on"), said.index("What else happened")
    ancestors = {step.event.seq for step in paris.why(most=300).ancestors}
    found = telling(paris)
    assert set(found.near) == ancestors
    assert not ancestors & set(found.rest)
    assert hangs < said.index("The fighting stops") < other
    nothing = words(run_handout(negsim.run(negsim.load_text(HALL))))
    assert "What happened 2030-01-02" in nothing
    assert "hangs on" not in nothing


def test_one_event_of_each_kind_is_told_before_a_second_one_of_any(paris: negsim.Run) -> None:
    for seqs in (telling(paris).near, telling(paris).rest):
        kinds = [(paris.events[seq].rule, paris.events[seq].event) for seq in seqs]
        assert len(set(kinds[: len(set(kinds))])) == len(set(kinds))


def test_what_has_room_is_told_and_not_counted() -> None:
    """Nothing is left out of a page that has room for it."""
    said = words(run_handout(negsim.run(negsim.load_text(HALL))))
    assert " more " not in said
    many = [f"  s{n}: {{speaker: Ash, quote: Words of number {n}.}}" for n in range(18)]
    text = HALL.replace("      free:", "\n".join(["    " + each for each in many] + ["      free:"]))
    before = words(scenario_handout(negsim.load_text(text)))
    assert all(f"“Words of number {n}.”" in before for n in range(18))


def test_a_run_without_events_and_one_without_measures_have_a_handout() -> None:
    said = words(
        run_handout(
            negsim.run(
                negsim.load_text("negsim: 1\ntitle: Nothing\nstart: 2030-01-01\nhorizon: 3\noutcomes: {none: {}}")
            )
        )
    )
    assert "after 0 events." in said
    assert "To make it again" in said


def test_a_results_handout_has_shares_and_what_readings_change() -> None:
    template = negsim.load("template")
    result = negsim.explore(template, runs=40, readings="each")
    said = words(result_handout(result))
    assert "Sampled: 40 runs of a model of each setting, no forecast" in said
    assert "How runs end, as given open and paid:" in said
    assert (
        "When is the bridge safe? As given: As soon as the repair is finished. When it has stood for a month. " in said
    )
    assert f"40 runs, seeds 0 to 39. Request {result.request.id[:12]}" in said


def test_the_command_writes_it_without_the_charts_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


def spoken(text: str, title: str = "Who speaks") -> negsim.Scenario:
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


def handouts(scenario: negsim.Scenario, seeds: Iterable[int] = (0,)) -> dict[str, str]:
    """All kinds of handouts of a scenario."""
    found = {f"run {seed}": run_handout(negsim.run(scenario, seed=seed)) for seed in seeds}
    found["scenario"] = scenario_handout(scenario)
    for asked in ("each", "all") if 0 < len(scenario.readings) < 4 else ("each",) if scenario.readings else ():
        found[asked] = result_handout(negsim.explore(scenario, runs=3, readings=asked))
    return found


def test_a_title_of_many_words_stands_there_whole_and_what_has_no_room_is_counted() -> None:
    text, title = HARD["a title"]
    assert title in words(run_handout(negsim.run(spoken(text, title=title))))
    text, title = HARD["one word"]
    said = words(run_handout(negsim.run(spoken(text, title=title))))
    assert said.startswith("[400 letters, for which there is no room here]")
    assert "Outcome [906 letters, for which there is no room here] The run ended on" in said
    shares = words(result_handout(negsim.explore(spoken(text), runs=3)))
    assert "most: 100.0 % (100.0 to 100.0) . [900 letters, for which there is no room here]" in shares
    assert "1 assumption, for which there is no room here." in shares


def test_crossed_readings_stand_once_and_settings_by_their_signs() -> None:
    scenario = spoken("So it is said.", title="Signs")
    said = words(result_handout(negsim.explore(scenario, runs=3, readings="all")))
    assert "said.:" not in said
    assert said.count("1a So it is said. 1b So it is said. 1c So it is said.") == 1
    under = said[said.index("Each setting by its answers") :]
    assert "1a 2a 100.0 (100.0 to 100.0) 0.0 (0.0 to 0.0) 1a 2b 100.0" in under
    assert [f"{one} {other}" in under for one in ("1a", "1b", "1c") for other in ("2a", "2b")] == [True] * 6


def test_a_question_with_several_answers_stands_there_once() -> None:
    scenario = negsim.load("paris_2025")
    said = words(result_handout(negsim.explore(scenario, runs=3, readings="veto.russia")))
    asked = "What does Moscow's veto rule out?"
    assert said.count(asked) == 1
    assert said.index("As given: Nothing. Russia objects") > said.index(asked)


def test_a_scenarios_handout_has_the_record_the_questions_and_the_assumptions() -> None:
    said = words(scenario_handout(negsim.load("template")))
    assert "A model of 1 statement from 1 source, 3 rules and 1 open question: what follows" in said
    assert "It is no forecast" in said
    assert "In it: Alder, Birch." in said
    assert "open and paid : The bridge is open, and Alder has paid." in said
    assert "On record Mayor of Alder, 2030-02-26: “We pay our half once the bridge is safe” — The council meets" in said
    asked = "When is the bridge safe? As given: As soon as the repair is finished. When it has stood for a month."
    assert asked in said
    assert "storm chance (parameter, per day: 0.01, 0 to 0.05): About one bad storm in a hundred days." in said
    assert "To run it negsim run template Scenario" in said


def test_the_command_writes_a_scenarios_handout_and_no_other_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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
def test_it_is_printed_on_one_page(tmp_path: Path) -> None:
    with browser.Browser(tmp_path / "profile") as opened:
        path = tmp_path / "x.html"

        def pages(html: str, **how: Any) -> Any:
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


def test_only_what_but_for_says_is_needed_is_said_to_be_what_the_outcome_hangs_on(paris: negsim.Run) -> None:
    said = words(run_handout(paris))
    head, end = said.index("What the outcome hangs on"), said.index("What else was looked at for the outcome")
    tests = {each.ancestor.seq: each.outcome_stands for each in paris.but_for(most=300)}
    assert {*tests.values()} == {True, False}
    for seq, stands in tests.items():
        told = f"{paris.events[seq].date} {paris.text(seq)}"
        assert not stands or told not in said[head:end]
    assert any(f"{paris.events[seq].date} {paris.text(seq)}" in said[head:end] for seq in tests if not tests[seq])
