"""A page of two runs: where they part and why, how both end, day by day."""

from pathlib import Path

import browser
import pytest
from click.testing import CliRunner, Result
from pages import Page, excluded, words

import negsim
from negsim.cli import main
from negsim.show.page.comparison import comparison_page

BRIDGE = """
negsim: 1
title: The bridge
start: 2030-01-01
horizon: 20
sources:
  talk: {title: Talk at the ford, statements: {comes: {speaker: Mayor Ash, said: 2029-12-29, quote: We come.}}}
actors: {ash: {name: Ash}}
readings:
  come:
    source: comes
    question: Does to come mean to build?
    options: {to_build: They build., to_look: They look only.}
    default: to_build
parameters: {patience: {value: 5, low: 2, high: 9, unit: days, assumption: Nobody said how long.}}
state: {bridge: {values: [none, begun, built], initial: none}}
events:
  meets: {text: They meet.}
  begins: {set: {bridge: begun}, text: Work begins.}
  looks: {text: They look at the ford.}
  builds: {set: {bridge: built}, text: The bridge stands.}
  feasts: {text: There is a feast.}
rules:
  meet: {assumption: They meet first., at: 2, emit: meets()}
  start: {source: comes, at: 4, when: come == to_build, emit: begins()}
  look: {source: comes, at: 4, when: come == to_look, emit: looks()}
  finish: {assumption: It takes as long., on: begins, after: patience, emit: builds()}
  feast: {assumption: Every year., at: 12, emit: feasts()}
outcomes:
  open: {when: bridge == built, text: People cross.}
  closed: {text: Nobody crosses.}
measures: {days_to_bridge: {value: first(builds), unit: days, text: Until the bridge stands.}, feasts: count(feasts)}
"""


@pytest.fixture(scope="module")
def run() -> negsim.Run:
    return negsim.run(negsim.load_text(BRIDGE))


@pytest.fixture(scope="module")
def fork(run: negsim.Run) -> negsim.Run:
    return run.fork(at=0, read={"come": "to_look"})


def part(html: str, title: str, until: str) -> str:
    said = words(html)
    start = said.rindex(title)
    return said[start : said.index(until, start)]


def test_a_fork_and_its_run_are_before_and_now_in_whatever_order(run: negsim.Run, fork: negsim.Run) -> None:
    assert comparison_page(run, fork) == comparison_page(fork, run)
    said = words(comparison_page(run, fork))
    assert "Two runs of a model, side by side: open and closed" in said
    assert "They have the same luck." in said
    assert "before now" in said


def test_what_was_changed_is_told_with_question_and_answer(run: negsim.Run, fork: negsim.Run) -> None:
    changed = part(comparison_page(run, fork), "What was changed Changed", "Where they part")
    assert "now : after event 0: Does to come mean to build? They look only." in changed


def test_the_first_event_that_differs_stands_with_what_both_looked_at(run: negsim.Run, fork: negsim.Run) -> None:
    parting = part(comparison_page(run, fork), "Where they part They", "How they end")
    assert "They are the same up to event 0; event 1 is the first that differs." in parting
    assert "before 2030-01-05 (day 4) Work begins. start stated" in parting
    assert "now 2030-01-05 (day 4) They look at the ford. look stated" in parting
    assert "“We come.”" in parting
    assert "Does to come mean to build? They build. They look only." in parting


def test_outcomes_and_measures_stand_beside_each_other(run: negsim.Run, fork: negsim.Run) -> None:
    ends = part(comparison_page(run, fork), "How they end Outcomes", "Day by day")
    assert "outcome open closed what it is People cross. Nobody crosses." in ends
    assert "Until the bridge stands 9 none days feasts 1 1" in ends
    page = Page(comparison_page(run, fork))
    assert "Until the bridge stands" in page.texts["b"]
    assert "feasts" not in page.texts["b"]


def test_the_common_past_is_folded_and_the_rest_aligned_by_day(run: negsim.Run, fork: negsim.Run) -> None:
    days = part(comparison_page(run, fork), "Day by day Both", "The two runs")
    assert "Both have events 0 to 0, until 2030-01-03 (day 2). 1 event that both have" in days
    assert "2030-01-05 day 4 1: Work begins. start 1: They look at the ford. look" in days
    assert "2030-01-10 day 9 2: The bridge stands. finish, after 1 —" in days
    assert "2030-01-13 day 12 3: There is a feast. feast 2: There is a feast. feast" in days
    grey = [attributes for attributes in Page(comparison_page(run, fork)).all("p") if attributes.get("class") == "soft"]
    assert len(grey) >= 2


def test_settings_from_the_beginning_are_compared(run: negsim.Run) -> None:
    other = negsim.run(run.scenario, seed=3, set={"patience": 2}, read={"come": "to_look"})
    said = words(comparison_page(run, other))
    assert "They do not have the same luck: their seeds differ." in said
    assert "What first run second run seed 0 3 patience 5 2" in said
    assert "Does to come mean to build? They build. They look only." in said


def test_two_that_are_the_same_say_so(run: negsim.Run) -> None:
    said = words(comparison_page(run, negsim.run(run.scenario)))
    assert "Nothing: both were asked with the same." in said
    assert f"Nowhere: both have the same {len(run.events)} events." in said
    assert "Nothing comes after." in said


def test_an_event_that_one_has_and_the_other_has_not(run: negsim.Run) -> None:
    without = run.fork(without=len(run.events) - 1)
    said = words(comparison_page(run, without))
    assert "left out: There is a feast. (day 12)" in said
    assert "now No more events." in said


def test_an_event_that_is_put_in_stands_as_a_sentence(run: negsim.Run) -> None:
    said = words(comparison_page(run, run.fork(at=0, emit="feasts()")))
    assert "now : after event 0: put in: There is a feast." in said


def test_words_that_both_events_rest_on_are_told_once(run: negsim.Run, fork: negsim.Run) -> None:
    parting = part(comparison_page(run, fork), "Where they part They", "How they end")
    assert parting.count("“We come.”") == 1
    assert "stated “We come.” Mayor Ash, 2029-12-29. In Talk at the ford" in parting
    assert "stated Mayor Ash, 2029-12-29: the same words as under “before”." in parting
    other = negsim.run(negsim.load_text(BRIDGE.replace("We come.", "We shall come.")), read={"come": "to_look"})
    parting = part(comparison_page(run, other), "Where they part They", "How they end")
    assert ("“We come.”" in parting, "“We shall come.”" in parting) == (True, True)


def test_runs_of_two_scenarios_each_speak_in_their_own_words(run: negsim.Run) -> None:
    other = negsim.run(negsim.load_text(BRIDGE.replace("Work begins.", "The first stone is laid.")))
    said = words(comparison_page(run, other))
    assert "scenario The bridge" in said
    both = negsim.run(negsim.load_text(BRIDGE.replace("Work begins.", "The first stone is laid.")), set={"patience": 2})
    assert "The bridge stands." in words(comparison_page(run, both))


def test_the_command_takes_two_runs_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bridge.yaml").write_text(BRIDGE, encoding="utf-8")

    def asked(*given: str) -> Result:
        return CliRunner().invoke(main, [*given])

    one = asked("run", "bridge.yaml", "-q").stdout.split()[1]
    other = asked("fork", "last", "--at", "0", "--read", "come=to_look", "-q").stdout.split()[1]
    done = asked("report", one, other, "-o", "page.html")
    assert (done.exit_code, done.stderr) == (0, "written to page.html\n")
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "side by side: open and closed" in html
    assert "<script" not in html
    for given, error in (
        ((one, other, one, "-o", "x.html"), "a page has room for two runs, not for 3"),
        ((one, other, "--one-page", "-o", "x.html"), "a handout is of one run, one result or one scenario"),
        ((one, other, "--outcome", "open", "-o", "x.html"), "--outcome is for results"),
        ((one, other, "--chart", "causes", "--svg", "x.svg"), "there is no picture 'causes' of it"),
        ((one, "--one-page"), "nothing is asked for"),
    ):
        done = asked("report", *given)
        assert (done.exit_code, f"error: {error}" in done.stderr) == (2, True), done.stderr
    assert not (tmp_path / "x.html").exists()


@pytest.mark.posix
@pytest.mark.skipif(browser.found() is None, reason="Chromium is not installed")
def test_a_narrow_screen_shows_it_whole(tmp_path: Path) -> None:
    paris, signed = excluded()
    path = tmp_path / "page.html"
    path.write_text(comparison_page(paris, paris.fork(at=signed, read={"rank": "trigger_first"})), encoding="utf-8")
    with browser.Browser(tmp_path / "profile") as opened:
        opened.open(path, width=320)
        assert opened.complaints() == []
        assert opened.requests() == []
        assert opened.value("document.documentElement.scrollWidth") <= 320
        opened.open(path, width=1280)
        tops = opened.value("[...document.querySelectorAll('.pair > div')].map(e => e.getBoundingClientRect().top)")
        assert tops[0] == tops[1]


LAMP = """
negsim: 1
title: The lamp
start: 2030-01-01
horizon: 20
actors: {ash: {name: Ash}}
parameters: {zeal: {value: 3, low: 0, high: 9, assumption: Nobody said how keen they are.}}
state: {lamp: {values: [dark, lit], initial: dark}}
events:
  lights: {set: {lamp: lit}, text: The lamp is lit.}
  sleeps: {text: They sleep.}
  sings: {text: They sing.}
rules:
  light:
    assumption: So it goes.
    at: 2
    by: ash
    choose: {light: {emit: lights(), weight: zeal}, sleep: {emit: sleeps(), weight: 1}}
  sing: {assumption: So it goes., at: 5, when: zeal > SINGS, emit: sings()}
outcomes: {bright: {when: lamp == lit}, dark: {}}
"""


def lamps(sings: int) -> tuple[negsim.Run, negsim.Run]:
    """A run in which the lamp is lit with three of four parts of the weight, and one with two of three."""
    run = negsim.run(negsim.load_text(LAMP.replace("SINGS", str(sings))), luck={"light.choose": [0.1]})
    return run, run.fork(at=-1, set={"zeal": 2})


def test_where_only_a_chance_differs_that_is_said_and_where_they_part_then() -> None:
    parting = part(comparison_page(*lamps(2)), "Where they part", "How they end")
    only = "Event 0 happens in both (The lamp is lit.), and only the share of the choice differs: 75 %, then 66.7 %."
    assert only in parting
    assert "zeal 3 2" in parting
    assert "Event 1 is the first that is another. before 2030-01-06 (day 5) They sing." in parting
    assert "now No more events." in parting


def test_where_nothing_but_chances_differs_no_event_is_said_to() -> None:
    parting = part(comparison_page(*lamps(9)), "Where they part", "How they end")
    assert "All events after it are the same but for their chances: both runs tell one story." in parting
    assert "first that" not in parting
