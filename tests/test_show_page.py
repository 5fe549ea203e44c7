import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import browser
import pytest
from click.testing import CliRunner, Result
from pages import Page, words

import negsim
from negsim.cli import main
from negsim.ensemble.picture import shades
from negsim.log.lines import write_lines
from negsim.scenario.model import Scenario
from negsim.show.impasses import impasses
from negsim.show.page.elements import link, script_data, tag

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

from negsim.show import theme
from negsim.show.lanes import lanes
from negsim.show.page.comparison import comparison_page
from negsim.show.page.handout import run_handout
from negsim.show.page.result import result_page
from negsim.show.page.result_handout import result_handout
from negsim.show.page.run import run_page
from negsim.show.page.scenario_handout import scenario_handout
from negsim.show.page.solution import solution_page

BRIDGE = """
negsim: 1
title: The bridge
start: 2030-01-01
horizon: 60
sources:
  gazette:
    title: Talk at the ford
    publisher: The Gazette
    date: 2029-12-30
    language: fr
    url: https://gazette.invalid/ford
    statements:
      we_come: {speaker: Mayor Ash, said: 2029-12-29, quote: "Nous venons.", english: "We come."}
      they_wait: {speaker: Mayor Birch, reported: "He said that they wait."}
actors: {ash: {name: Ash}, birch: {name: Birch}, cedar: {name: Cedar}}
groups: {towns: {members: [ash, birch, cedar]}}
parameters:
  patience: {value: 5, low: 2, high: 9, unit: days, assumption: Nobody said how long.}
  unread: {value: 1, low: 0, high: 3, assumption: For later.}
readings:
  come:
    source: we_come
    question: Does to come mean to build?
    options: {to_build: They build., to_look: They look only.}
    default: to_build
state:
  bridge: {values: [planned, begun, done], initial: planned}
  stones: {range: 0..20, initial: 0}
  calm: {initial: true}
  towns: {work: {values: [idle, busy], initial: idle}}
events:
  plans: {text: The towns plan.}
  begins: {set: {bridge: begun, stones: stones + 3}, text: Work begins.}
  joins: {fields: {town: towns}, set: {town.work: busy}, text: "{town} joins."}
  opens: {set: {bridge: done}, text: It opens.}
history:
  - {date: 2029-12-20, emit: plans(), source: they_wait}
rules:
  start: {source: we_come, inferred: To come is to begin., at: 3, when: come == to_build, emit: begins()}
  helping: {for: t in towns, assumption: All help., on: begins, after: patience, emit: joins(t)}
  call:
    source: they_wait
    by: birch
    at: 20
    choose: {open: {emit: opens(), weight: 3}, wait: {}}
outcomes:
  open: {when: bridge == done, text: People cross.}
  closed: {}
measures:
  busy: {value: "count(t for t in towns if t.work == busy)", unit: towns, text: Towns at work at the end.}
"""

HOSTILE = "</script><img src=x onerror=alert(1)><!--\\u202e\\u2028&lt;'\\\"]]>{{x}} datum.x"


def made(text: str = BRIDGE, **settings: Any) -> negsim.Run:
    return negsim.run(negsim.load_text(text), **settings)


@pytest.fixture(scope="module")
def paris() -> negsim.Run:
    return negsim.run(negsim.load("paris_2025"))


@pytest.fixture(scope="module")
def scripted(paris: negsim.Run) -> str:
    return run_page(paris)


@pytest.fixture(scope="module")
def plain() -> str:
    return run_page(made(), scripted=False)


def test_a_page_tells_the_run(plain: str) -> None:
    said = words(plain)
    for each in (
        "The bridge",
        "One run of a model: seed 0, outcome open",
        "It is not a forecast.",
        "People cross.",
        "The run ended on 2030-03-02 (day 60), after 6 events.",
        "Towns at work at the end busy 3 towns",
        "0 2029-12-20 day -12 The towns plan. On record before the run begins.",
        "1 2030-01-04 day 3 Work begins. Because of the rule start . Led to events 2 to 4 .",
        "Because of the rule helping for Ash, after event 1 (5 days later).",
        "Because of the rule call : open. Drawn: an option with 75 % of the weight.",
        "negsim run SCENARIO.yaml --seed 0",
    ):
        assert each in said, each


def test_quotes_stand_beside_events_with_speaker_source_and_english(plain: str) -> None:
    said = words(plain)
    assert (
        "“Nous venons.” In English: “We come.” Mayor Ash, 2029-12-29. In Talk at the ford , The Gazette, 2029-12-30."
        in said
    )
    assert "He said that they wait. Mayor Birch. Reported in the author's words, from Talk at the ford" in said
    page = Page(plain)
    assert [each["lang"] for each in page.all("blockquote")] == ["fr"]


def test_what_was_told_once_is_pointed_to_after_that(plain: str) -> None:
    assert plain.count("Nous venons.") == 1
    assert "assumed as at event 2" in words(plain)


def test_numbers_stand_with_their_ranges_and_readings_with_their_alternatives(plain: str) -> None:
    said = words(plain)
    assert "patience 5 2 to 9 days assumed Assumed: Nobody said how long." in said
    assert "unread 1 0 to 3 assumed Assumed: For later." in said
    assert said.index("Read by rules and talks behind the events of this run") < said.index("patience 5 2 to 9")
    assert said.index("Other parameters of the scenario") < said.index("unread 1 0 to 3")
    assert (
        "Does to come mean to build? come They build. (to_build) They look only. (to_look) stated From: Mayor Ash"
        in said
    )


def test_what_is_assumed_and_at_work_is_listed(plain: str) -> None:
    said = words(plain)
    listed = said[said.index("Assumptions behind these events These") :]
    assert "patience parameter Nobody said how long." in listed
    assert "helping rule All help." in listed
    assert "start rule To come is to begin." in listed
    assert "unread" not in listed[: listed.index("Sources")]


def test_other_settings_than_the_scenarios_own_are_told_with_the_command_that_makes_the_run_again() -> None:
    run = made(seed=7, set={"patience": 8}, read={"come": "to_look"}, choose={"call": "wait"})
    said = words(run_page(run, scripted=False))
    assert "negsim run SCENARIO.yaml --seed 7 --set patience=8 --read come=to_look --choose call=wait" in said
    assert "8 (the scenario's own: 5)" in said
    assert "They look only. (to_look) Not the scenario's own answer." in said
    assert "Chosen beforehand, not drawn." in said


def test_a_fork_tells_what_it_changed() -> None:
    parent = made()
    fork = parent.fork(at=1, set={"patience": 8}, emit="joins(cedar)")
    said = words(run_page(fork, scripted=False))
    assert f"A fork of run {parent.id}" in said
    assert "after event 1, changed by a fork: set" in said
    assert "after event 1, changed by a fork: emit" in said
    assert "Cedar joins. Put in by this fork." in said
    assert f"negsim replay {fork.id[:12]}" in said


def test_a_run_without_events_has_a_page() -> None:
    run = made("negsim: 1\ntitle: Nothing\nstart: 2030-01-01\nhorizon: 3\noutcomes: {nothing: {}}\n")
    page = run_page(run)
    assert "Nothing happened in this run." in words(page)
    assert not {"svg", "figure", "script"} & set(Page(page).texts)
    assert "Pictures" not in words(page)
    still = made("negsim: 1\ntitle: Still\nstart: 2030-01-01\nhorizon: 3\nstate: {n: {range: 0..9, initial: 4}}\n"
                 "outcomes: {nothing: {}}\n")  # fmt: skip
    said = words(run_page(still))
    assert "The state As it was from the first day to the last: n: 4" in said


def test_rounds_of_talks_are_told_with_their_answers(paris: negsim.Run) -> None:
    said = words(run_page(paris, scripted=False))
    offer = next(event for event in paris.events if event.event == "offered")
    party, instrument = (str(offer.fields[field]) for field in ("party", "instrument"))
    of = paris.scenario.actors[party].name
    assert f"1 {offer.date} event {offer.seq} : {of} offers: instrument: {instrument.replace('_', ' ')};" in said
    refusal = next(event for event in paris.events if event.fields.get("reason") == "utility")
    of = paris.scenario.actors[str(refusal.fields["party"])].name
    worth, aspiration = (float(refusal.fields[field]) / 1000 for field in ("worth", "aspiration"))
    told = f"{of} refuses: it is worth {worth:.2f} to it, it looks for {aspiration:.2f}."
    assert f"event {refusal.seq} : {told}" in said


MILL = """
negsim: 1
title: The mill
start: 2030-01-01
horizon: 30
sources:
  talk:
    title: What was said
    statements:
      free: {speaker: Ash, quote: We never pay.}
      dear: {speaker: A reporter, about: Birch, reported: Birch wants a price above all.}
actors: {ash: {name: Ash}, birch: {name: Birch}}
state: {mill: {values: [still, turns], initial: still}}
events: {turned: {set: {mill: turns}, text: The mill turns.}}
talks:
  meeting:
    parties: [ash, birch]
    opens: 1
    every: 1
    rounds: 1
    while: mill == still
    issues: {price: [none, some]}
    agreed: turned()
    assumption: They meet once.
    positions:
      ash:
        red_lines: {pay: {never: price == some, source: free}}
        values: {price: {none: 1}}
        assumption: Ash saves.
      birch:
        red_lines: {gift: {never: price == none, when: mill == still, source: dear, inferred: A price is no gift.}}
        values: {price: {some: 1}}
        assumption: Birch earns.
outcomes: {turning: {when: mill == turns}, still: {}}
"""


def test_talks_that_failed_have_what_stood_in_the_way_and_the_red_lines_of_all_sides() -> None:
    """Whose words stand at an event are pointed to; those of the others stand here."""
    run = negsim.run(negsim.load_text(MILL))
    assert [event.event for event in run.events] == ["offered", "refused", "lapsed"]
    said = words(run_page(run, scripted=False))
    assert (
        "Why the meeting talks ended without agreement ( event 2 ): No package was open to all. Lifting what any one"
        " line names would have opened one. Ash, red line pay: never price == some Birch, red line gift: never"
        " price == none Red lines at the meeting talks Party Red line What it rests on Ash pay : never price == some"
        " stated “We never pay.” Ash. In What was said . Birch gift : never price == none while mill == still inferred"
        " as at event 1"
    ) in said


def test_of_very_many_sets_of_red_lines_the_smallest_stand_there_and_the_rest_is_counted() -> None:
    hours = ", ".join(f"h{n}" for n in range(20))
    lines = ", ".join(f"no_{n}: {{never: hour == h{n}, source: free}}" for n in range(20))
    text = MILL.replace("issues: {price: [none, some]}", f"issues: {{price: [none, some], hour: [{hours}]}}")
    text = text.replace("{pay: {never: price == some, source: free}}", f"{{{lines}}}")
    run = negsim.run(negsim.load_text(text.replace("never: price == none,", "never: price != some,")))
    (found,) = impasses(run)
    assert len(found.unlock) == 20
    said = words(run_page(run, scripted=False))
    assert "Ash, red line no 11: never hour == h11 And 8 more sets. Red lines at the meeting talks" in said


def test_how_sure_a_statement_is_stands_beside_it() -> None:
    graded = MILL.replace("quote: We never pay.", "quote: We never pay., sureness: B")
    said = words(run_page(negsim.run(negsim.load_text(graded)), scripted=False))
    assert "“We never pay.” Ash. In What was said . Sureness, as the author grades it: B." in said
    assert said.count("Sureness") == 1


def pages_of(scenario: Scenario) -> Iterator[str]:
    """Every kind of page and handout that a scenario is introduced on."""
    run, other = negsim.run(scenario), negsim.run(scenario, seed=1)
    yield run_page(run, scripted=False)
    yield run_handout(run)
    yield comparison_page(run, other)
    yield scenario_handout(scenario)
    yield solution_page([negsim.solve(scenario, max_states=100)], scripted=False)
    with negsim.explore(scenario, runs=2) as result:
        yield result_page(result, scripted=False)
        yield result_handout(result)


def test_a_note_on_the_whole_scenario_stands_where_a_page_says_what_it_is() -> None:
    for page in pages_of(negsim.load_text(MILL.replace("title:", "note: Ash & Birch are invented.\ntitle:", 1))):
        said = words(page)
        assert said.count(" The author's note: Ash &amp; Birch are invented. ") == 1
        assert re.search(r"(It is no|It is not a|Neither is a) forecast", said[: said.index("The author's note")])
    assert not any("The author's note" in words(page) for page in pages_of(negsim.load_text(MILL)))


def test_the_words_behind_a_rule_do_not_state_a_number_that_is_written_in_it() -> None:
    text = BRIDGE.replace(
        "start: {source: we_come, inferred: To come is to begin., at: 3,",
        "start: {source: we_come, at: {value: 3, low: 1, high: 9},",
    )
    assert text != BRIDGE
    said = words(run_page(negsim.run(negsim.load_text(text)), scripted=False))
    assert " start.at 3 1 to 9 — The author's number in start , which is: stated From: " in said
    assert "A number that is written in a rule is the author's, whatever the words behind the rule are." in said


def test_talks_that_agreed_have_their_red_lines_and_nothing_in_the_way() -> None:
    said = words(
        run_page(negsim.run(negsim.load_text(MILL.replace("price == none,", "price == some,"))), scripted=False)
    )
    assert "Red lines at the meeting talks" in said
    assert "ended without agreement" not in said


def test_a_page_is_made_of_headings_and_named_parts(scripted: str) -> None:
    page = Page(scripted)
    levels = [int(name[1]) for name, _ in page.elements if re.fullmatch("h[1-6]", name)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [a["href"][1:] for a in page.all("a") if a["href"].startswith("#")]
    named = [
        n for _, a in page.elements for key in ("aria-labelledby", "aria-label-by") for n in a.get(key, "").split()
    ]
    assert set(targets + named) <= set(ids)
    assert len(page.all("section")) == len([a for a in page.all("section") if a["aria-labelledby"]]) == 10
    assert page.all("html") == [{"lang": "en"}]


def test_tables_have_captions_and_scopes_and_pictures_are_described(scripted: str) -> None:
    page = Page(scripted)
    assert len(page.all("table")) == len(page.all("caption")) > 5
    assert {each.get("scope") for each in page.all("th")} == {"col", "row"}
    assert [each["role"] for each in page.all("svg")] == ["img", "img"]
    assert [each["aria-labelledby"] for each in page.all("svg")] == [
        "picture-causes-title picture-causes-about",
        "picture-state-title picture-state-about",
    ]
    assert "France decides to take part" in " ".join(page.texts["title"][1:])


def test_a_page_fetches_nothing(scripted: str) -> None:
    page = Page(scripted)
    loading = {
        "img",
        "picture",
        "source",
        "audio",
        "video",
        "track",
        "iframe",
        "frame",
        "object",
        "embed",
        "link",
        "base",
    }
    drawing = {"image", "use", "foreignobject", "animate", "set", "canvas", "form", "input", "button", "math"}
    assert not {name for name, _ in page.elements} & (loading | drawing)
    for name, attributes in page.elements:
        assert not {"src", "srcset", "style", "action", "data", "poster"} & attributes.keys()
        assert not any(key.startswith("on") for key in attributes)
        if name != "a":
            assert "href" not in attributes
    assert all(a["href"].startswith(("#", "https://", "http://")) for a in page.all("a"))
    assert "url(" not in page.texts["style"][0]
    assert "@import" not in page.texts["style"][0]


def policy(page: Page) -> str:
    found: str = next(
        each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy"
    )
    return found


def hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_only_the_style_and_the_script_that_stand_there_are_allowed(scripted: str, plain: str) -> None:
    page = Page(scripted)
    style, (*data, script) = page.texts["style"][0], page.texts["script"]
    allowed = f"style-src {hashed(style)}; script-src {hashed(script)}; base-uri 'none'; form-action 'none'"
    assert policy(page) == f"default-src 'none'; {allowed}"
    assert len(data) == 2
    assert "script" not in policy(Page(plain))
    assert not Page(plain).all("script")


def test_the_licences_of_what_is_bundled_stand_with_it(scripted: str) -> None:
    assert "University of Washington Interactive Data Lab" in Page(scripted).texts["script"][-1]


def hostile() -> str:
    """The bridge with hostile texts wherever an author can write one."""
    text = BRIDGE
    for harmless in (
        "The bridge\n", "Talk at the ford", "The Gazette", "Mayor Ash", '"We come."', '"Nous venons."',
        '"He said that they wait."', "Nobody said how long.", "Does to come mean to build?", "They look only.",
        "Work begins.", '"{town} joins."', "To come is to begin.", "People cross.", "Towns at work at the end.",
    ):  # fmt: skip
        text = text.replace(harmless, f'"{HOSTILE}"' + harmless[len(harmless.rstrip()) :])
    return text.replace("name: Ash", f'name: "{HOSTILE}"').replace("unit: days", f'unit: "{HOSTILE}"')


def test_hostile_texts_stay_texts() -> None:
    html = run_page(made(hostile()))
    page = Page(html)
    assert not page.all("img")
    assert len(page.texts["script"]) == 3
    assert "\u202e" not in html
    assert "\u2028" not in html
    seen = "</script><img src=x onerror=alert(1)><!--\ufffd\ufffd&lt;'\"]]>{{x}} datum.x"
    assert page.texts["title"][0] == page.texts["h1"][0] == seen
    said = words(html).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert said.count(seen) > 20
    told = [said for spec in page.texts["script"][:2] for said in _said(json.loads(spec))]
    in_event = seen.replace("\ufffd\ufffd", "\ufffd ").replace("{{x}}", "{x}")
    assert any(in_event in said for said in told)
    assert in_event in " ".join(page.texts["title"][1:])


def _said(part: Any) -> Iterator[str]:
    """What marks say in a specification."""
    if isinstance(part, dict):
        if isinstance(part.get("said"), str):
            yield part["said"]
        for each in part.values():
            yield from _said(each)
    elif isinstance(part, list):
        for each in part:
            yield from _said(each)


def test_what_is_no_web_address_is_no_link() -> None:
    assert link("javascript:alert(1)", "here") == "here"
    assert link("https://a.invalid/'onclick='x", "here") == "here"
    assert link("https://a.invalid/b?c=d&e", "here") == tag(
        "a", "here", href="https://a.invalid/b?c=d&e", rel="noreferrer noopener"
    )


def test_data_for_a_script_cannot_end_it() -> None:
    said = script_data({"a": "</script><!-- & \u2028"})
    assert said == '{"a":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028"}'
    assert json.loads(said) == {"a": "</script><!-- & \u2028"}


def test_the_same_run_gives_the_same_page(scripted: str) -> None:
    run_page(made())
    assert run_page(negsim.run(negsim.load("paris_2025"))) == scripted


def test_each_picture_of_a_page_is_written_once(paris: negsim.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    chart = theme.altair().LayerChart
    write = chart.to_dict

    def noted(self: Any, **how: Any) -> Any:
        written.append(self)
        return write(self, **how)

    monkeypatch.setattr(chart, "to_dict", noted)
    assert run_page(paris).count("data-picture=") == 2
    assert len(written) == 2


def test_a_page_of_a_run_needs_nothing_of_ensembles_and_handouts(log: Path, tmp_path: Path) -> None:
    asked = f"import sys; from negsim.cli import main; sys.argv = ['negsim', 'report', {str(log)!r}, '-o', 'x.html']\n"
    asked += "try: main()\nexcept SystemExit: print(*(name for name in sys.modules if name.startswith('negsim.')))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "negsim.show.page.run" in loaded
    assert not {"negsim.show.page.handout", "negsim.ensemble.result", "negsim.ensemble.sample.effects"} & set(loaded)


def test_a_page_is_of_a_size_that_can_be_sent(scripted: str, paris: negsim.Run, plain: str) -> None:
    assert len(scripted.encode()) < 1_500_000
    assert len(run_page(paris, scripted=False).encode()) < 500_000
    assert len(plain.encode()) < 60_000


def light(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_letters_can_be_told_from_what_lies_under_them() -> None:
    css = files("negsim.show.page").joinpath("page.css").read_text()
    schemes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", each)) for each in re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    ]
    assert len(schemes) == 3
    for scheme in schemes:
        for letters in ("ink", "soft", "link"):
            assert contrast(scheme[letters], scheme["paper"]) >= 4.5
            assert contrast(scheme[letters], scheme["ground"]) >= 4.5
    for dark in (False, True):
        seen = theme.DARK if dark else {colour: colour for colour in theme.DARK}
        assert contrast(seen[theme.SOFT], seen[theme.PAPER]) >= 4.5
        assert all(
            contrast(seen[theme.INK], seen[tint]) >= 4.5
            for tint in (theme.PAPER, *theme.TINTS, *shades.SHADES, *shades.CHANGES)
        )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of the bridge in a file."""
    path = tmp_path / "bridge.jsonl"
    path.write_text("\n".join(write_lines(made().log)) + "\n", encoding="utf-8")
    return path


def report(*words: Path | str) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, words)])


def test_the_command_writes_the_page(log: Path, tmp_path: Path, plain: str) -> None:
    done = report(log, "-o", tmp_path / "page.html", "--no-script")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"written to {tmp_path / 'page.html'}\n"
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == plain


@pytest.mark.parametrize("name", ["causes", "state"])
def test_one_picture_alone_has_a_title_and_says_what_it_is(log: Path, tmp_path: Path, name: str) -> None:
    done = report(log, "--chart", name, "--svg", tmp_path / "x.svg", "--png", tmp_path / "x.png")
    assert done.exit_code == 0
    root = ET.fromstring((tmp_path / "x.svg").read_text(encoding="utf-8"))  # noqa: S314 - our own file
    said = " ".join(element.text for element in root.iter() if element.text)
    assert "The bridge" in said
    assert "One run of a model, not a forecast: seed 0, outcome open." in said
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        ([], "nothing is asked for", "a page: -o page.html"),
        (["--chart", "causes"], "a picture needs both a name and a file", "--chart NAME --svg FILE"),
        (["--svg", "x.svg"], "a picture needs both a name and a file", "--chart NAME --svg FILE"),
        (["--chart", "cause", "--svg", "x.svg"], "there is no picture 'cause' of it", "did you mean 'causes'?"),
        (["--chart", "x", "--svg", "x.svg"], "there is no picture 'x' of it", "it can be: causes, state"),
    ],
)
def test_what_cannot_be_written_is_said(log: Path, words: list[str], error: str, hint: str) -> None:
    done = report(log, *words)
    assert done.exit_code == 2
    assert f"error: {error}" in done.stderr
    assert hint in done.stderr


def test_a_report_that_fails_writes_nothing(log: Path, tmp_path: Path) -> None:
    done = report(log, "-o", tmp_path / "page.html", "--chart", "cause", "--svg", tmp_path / "x.svg")
    assert done.exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bridge.jsonl"]


def test_without_the_charts_extra_the_way_to_it_is_said(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "altair", None)
    done = report(log, "-o", "page.html")
    assert done.exit_code == 2
    assert f'hint: {sys.executable} -m pip install "negsim[charts]"\n' in done.stderr


needs_browser = pytest.mark.skipif(browser.found() is None, reason="Chromium is not installed")


@pytest.mark.posix
@needs_browser
@pytest.mark.parametrize("width", [320, 1280])
def test_a_browser_draws_the_pictures_asks_for_nothing_and_complains_of_nothing(
    tmp_path: Path, paris: negsim.Run, scripted: str, width: int
) -> None:
    path = tmp_path / "page.html"
    path.write_text(scripted, encoding="utf-8")
    with browser.Browser(tmp_path / "profile") as opened:
        opened.open(path, width=width)
        opened.wait("document.querySelectorAll('.drawn .live svg').length === 2")
        assert opened.complaints() == []
        assert opened.requests() == []
        assert opened.value("document.documentElement.scrollWidth") <= width
        widths = opened.value("[...document.querySelectorAll('.live svg')].map(s => s.getBoundingClientRect().width)")
        assert all(width * 0.75 < each <= width for each in widths)
        marks = opened.value(
            "document.querySelectorAll('#picture-causes .live [aria-roledescription=\"point\"]').length"
        )
        assert marks == len(lanes(paris).marks) > 30


@pytest.mark.posix
@needs_browser
def test_a_page_without_script_shows_its_pictures(tmp_path: Path, plain: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(plain, encoding="utf-8")
    with browser.Browser(tmp_path / "profile") as opened:
        opened.open(path, width=320)
        assert opened.complaints() == []
        assert opened.requests() == []
        heights = opened.value(
            "[...document.querySelectorAll('.static svg')].map(s => s.getBoundingClientRect().height)"
        )
        assert len(heights) == 2
        assert min(heights) > 50
        assert opened.value("document.documentElement.scrollWidth") <= 320


@pytest.mark.posix
@needs_browser
def test_hostile_texts_do_nothing_in_a_browser(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(run_page(made(hostile())), encoding="utf-8")
    with browser.Browser(tmp_path / "profile") as opened:
        opened.open(path)
        opened.wait("document.querySelectorAll('.drawn').length === 2")
        assert opened.complaints() == []
        assert opened.requests() == []
        assert opened.value("document.images.length") == 0
