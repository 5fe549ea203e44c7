"""Texts in several languages: what is read, what is shown, and that nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import negsim
from negsim.cli import main
from negsim.errors import ScenarioError, UsageError
from negsim.language import check_text, schema
from negsim.language.reading import load_files
from negsim.log.lines import write_lines
from negsim.scenario.apart import differing
from negsim.scenario.types import Enumeration
from negsim.show.describe import describe
from negsim.testing import scenarios

BRIDGE = """\
negsim: 1
languages: [en, fr]
title: {en: A bridge, fr: Un pont}
note: {en: "All is invented.", fr: "Tout est inventé."}
start: 2030-01-01
horizon: 40
sources:
  paper:
    title: {en: A paper, fr: Un journal}
    statements:
      half: {speaker: {en: The mayor, fr: Le maire}, quote: We pay half}
      told: {speaker: AFP, reported: {en: The bridge was old., fr: Le pont était vieux.}}
actors:
  north: {name: {en: North, fr: Le Nord}, note: A town.}
  south: {name: South}
readings:
  meant:
    source: half
    question: {en: "Half of what?", fr: "La moitié de quoi ?"}
    options: {cost: {en: Of the cost., fr: Du coût.}, rest: {en: Of the rest.}}
    default: cost
parameters:
  toll: {value: 3, low: 1, high: 9, unit: {en: coins, fr: pièces}, assumption: {en: A guess., fr: Une conjecture.}}
state:
  gates: {values: {shut: {en: fully shut, fr: fermées}, open: {en: wide open}}, initial: shut}
events:
  moved: {fields: {how: gates}, set: {gates: how}, text: {en: "The gates are {how}.", fr: "Les portes sont {how}."}}
  paid: {fields: {share: deal.fare}, text: {en: "{toll} coins.", fr: "{toll} pièces."}}
rules:
  opening:
    source: told
    inferred: {en: Old bridges open., fr: Un vieux pont s'ouvre.}
    at: 2
    when: meant == cost
    emit: moved(open)
  lifting:
    assumption: {en: Somebody must., fr: Il le faut.}
    by: north
    at: 4
    choose:
      lift: {text: {en: They lift them., fr: Ils les lèvent.}, emit: moved(open)}
      leave: {weight: 0}
talks:
  deal:
    parties: [north, south]
    opens: 5
    every: 1
    rounds: 4
    issues:
      fare:
        text: {en: the fare, fr: le tarif}
        options: {none: {en: waived, fr: supprimé}, some: {en: paid, fr: payé}}
    agreed: paid(fare)
    positions:
      north:
        red_lines:
          free: {text: {en: a free bridge, fr: un pont gratuit}, never: fare == none, assumption: {en: A., fr: B.}}
        values: {fare: {some: 1}}
        assumption: {en: It is poor., fr: Il est pauvre.}
      south: {values: {fare: {none: 1}}, assumption: A.}
outcomes:
  crossed: {when: gates == open, text: {en: One can cross., fr: On peut passer.}}
  other: {}
measures:
  open_days: {value: days(gates == open), unit: {en: days, fr: jours}, text: {en: Days open, fr: Jours d'ouverture}}
"""


def read(language: str | None = None) -> negsim.Scenario:
    return negsim.load_text(BRIDGE, name="bridge.yaml", language=language)


def lines(scenario: negsim.Scenario) -> list[str]:
    return list(write_lines(negsim.run(scenario, seed=1).log))


def asked(folder: Path, *arguments: str) -> Result:
    path = folder / "bridge.yaml"
    path.write_text(BRIDGE, encoding="utf-8")
    named = [str(path) if each == "FILE" else each for each in arguments]
    store = (
        ["--store", str(folder / "runs.db")] if arguments[0] in ("run", "why", "log", "fork", "diff", "explore") else []
    )
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, [*named, *store], catch_exceptions=False)


def words(folder: Path, *arguments: str) -> str:
    result = asked(folder, *arguments)
    assert result.exit_code == 0, result.output
    return result.output


# What is read.


def test_the_first_language_is_read_unless_another_is_asked_for() -> None:
    plain, french = read(), read("fr")
    assert (plain.languages, plain.tongue, french.tongue) == (("en", "fr"), "en", "fr")
    assert (plain.title, french.title, french.title_on_record) == ("A bridge", "Un pont", "A bridge")
    assert read("FR").title == "Un pont"
    assert french.note == "Tout est inventé."
    assert (french.actors["north"].name, french.actors["north"].note) == ("Le Nord", "A town.")
    assert french.sources["paper"].title == "Un journal"
    assert french.statements["half"].speaker == "Le maire"
    assert french.statements["told"].reported == "Le pont était vieux."
    assert french.readings["meant"].question == "La moitié de quoi ?"
    assert french.parameters["toll"].unit == "pièces"
    assert french.parameters["toll"].origin.words == "Une conjecture."
    assert french.rules["opening"].origin.words == "Un vieux pont s'ouvre."
    assert french.rules["lifting"].options[0].text == "Ils les lèvent."
    assert french.measures["open_days"].text == "Jours d'ouverture"
    deal = french.talks["deal"]
    assert (deal.issue_words, deal.option_words) == (
        {"fare": "le tarif"},
        {"fare": {"none": "supprimé", "some": "payé"}},
    )
    assert deal.positions["north"].red_lines["free"].text == "un pont gratuit"


def test_what_is_not_given_in_a_language_is_shown_in_the_first() -> None:
    french = read("fr")
    assert french.readings["meant"].options == {"cost": "Du coût.", "rest": "Of the rest."}
    kind = french.variables["gates"].type
    assert isinstance(kind, Enumeration)
    assert dict(kind.words) == {"shut": "fermées", "open": "wide open"}
    assert check_text(BRIDGE).notes == ("2 texts are not given in 'fr'; there 'en' is shown",)


def test_values_that_are_called_like_languages_are_no_languages() -> None:
    text = BRIDGE.replace(
        "{shut: {en: fully shut, fr: fermées}, open: {en: wide open}}, initial: shut",
        "{en: English, fr: French}, initial: en",
    )
    text = text.replace("moved(open)", "moved(fr)").replace("gates == open", "gates == fr")
    kind = negsim.load_text(text, language="fr").variables["gates"].type
    assert isinstance(kind, Enumeration)
    assert (kind.values, dict(kind.words)) == (("en", "fr"), {"en": "English", "fr": "French"})


def test_a_scenario_in_one_language_can_say_so() -> None:
    text = "negsim: 1\nlanguages: [fr]\ntitle: Un pont\nstart: 2030-01-01\nhorizon: 1\noutcomes: {fin: {}}\n"
    assert negsim.load_text(text).tongue == negsim.load_text(text, language="fr").tongue == "fr"


def test_a_language_that_is_not_there_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no texts in 'de'") as found:
        read("de")
    assert found.value.hint == "it has en, fr"
    plain = BRIDGE.replace("languages: [en, fr]\n", "")
    with pytest.raises(ScenarioError):
        negsim.load_text(plain, language="fr")
    with pytest.raises(UsageError, match="does not say which languages"):
        negsim.load("ifor_1995", language="en")


BROKEN = {
    "no languages": ("languages: [en, fr]\n", "", "2:8", "`title` is given by languages", "`languages: [en, fr]`"),
    "not the first": (
        "languages: [en, fr]",
        "languages: [fr, en]",
        "20:61",
        "`rest` is not given in 'fr'",
        "the first",
    ),
    "unknown": ("fr: Un pont", "de: Eine Brücke", "3:23", "'de' is no language", "en, fr"),
    "twice": ("[en, fr]", "[en, fr, EN]", "2:21", "'EN' is named twice", ""),
    "no tag": ("[en, fr]", "[en, fr, x_y]", "2:21", "must be a language such as `fr`, not 'x_y'", ""),
    "none": ("[en, fr]", "[]", "2:12", "`languages` must not be empty", ""),
    "empty": ("fr: Un pont", "fr: ", "3:27", "`title` in 'fr' is empty", "it must be a text"),
    "braces": ('fr: "Les portes sont {how}."', 'fr: "{who}"', "27:93", "'who' is no field of this event", "how"),
    "alike": ("open: {en: wide open}", "open: {en: wide, fr: fermées}", "25:78", "'fermées' is said of `shut`", ""),
    "a name": ("title: {en: A bridge, fr: Un pont}", "title: {who}", "3:8", "`title` must be a text", "quote a text"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_wrong_has_its_place(case: str) -> None:
    before, after, place, message, hint = BROKEN[case]
    assert before in BRIDGE
    found = check_text(BRIDGE.replace(before, after, 1)).problems
    first = next((each for each in found if message in each.message), None)
    assert first is not None, [each.render() for each in found]
    assert (f"{first.place.line}:{first.place.column}", hint in (first.hint or "")) == (place, True), first.render()


def test_one_problem_is_enough_where_the_head_names_no_languages() -> None:
    found = check_text(BRIDGE.replace("languages: [en, fr]\n", "")).problems
    assert len(found) == 1


def test_an_included_file_has_no_languages_of_its_own() -> None:
    files = {"root.yaml": BRIDGE + "include: [more.yaml]\n", "more.yaml": "languages: [en]\n"}
    with pytest.raises(ScenarioError) as found:
        load_files(files)
    assert "`languages` stands in the scenario's own file" in found.value.problems[0].message


def test_the_schema_takes_a_text_or_languages() -> None:
    title = schema()["properties"]["title"]
    assert [each["type"] for each in title["anyOf"]] == [["string", "number"], "object"]
    assert "languages" in schema()["properties"]
    validator = pytest.importorskip("jsonschema").Draft202012Validator(schema())
    import yaml  # noqa: PLC0415 - only with jsonschema

    loaded = yaml.safe_load(BRIDGE.replace("2030-01-01", "'2030-01-01'"))
    assert not list(validator.iter_errors(loaded))


# What does not change.


def test_a_log_has_the_same_bytes_in_every_language() -> None:
    plain, french = read(), read("fr")
    assert plain.hash == french.hash
    assert lines(plain) == lines(french)
    assert not {"languages", "tongue", "hash"} & differing(plain, french).keys()


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(scenarios(), st.integers(0, 9))
def test_generated_scenarios_have_the_same_log_in_all_their_languages(text: str, seed: int) -> None:
    plain = negsim.load_text(text)
    assume(plain.languages)
    try:
        found = {tongue: negsim.run(negsim.load_text(text, language=tongue), seed=seed) for tongue in plain.languages}
    except negsim.ModelError:
        return
    first, *others = found.values()
    assert {tuple(write_lines(each.log)) for each in others} == {tuple(write_lines(first.log))}
    for tongue, run in found.items():
        told = " ".join(run.text(event.seq) for event in run.events)
        assert tongue == "fr" or " fr" not in told


def test_a_result_is_the_same_request_in_every_language(tmp_path: Path) -> None:
    made = negsim.explore(read(), runs=20, out=tmp_path / "a.sqlite")
    again = negsim.explore(read("fr"), runs=20, out=tmp_path / "a.sqlite")
    assert (made.request.id, made.made) == (again.request.id, 20)
    assert again.made == 0
    found = negsim.ensemble.result.Result.read(tmp_path / "a.sqlite", language="fr")
    assert (found.scenario.title, found.outcomes["crossed"].count) == ("Un pont", made.outcomes["crossed"].count)
    with pytest.raises(UsageError):
        negsim.ensemble.result.Result.read(tmp_path / "a.sqlite", language="de")


# What is shown.


def test_a_run_is_told_in_the_language(tmp_path: Path) -> None:
    told = words(tmp_path, "run", "FILE", "--seed", "1", "--language", "fr")
    assert "Un pont\n" in told
    assert "Les portes sont wide open." in told
    assert "Le Nord refuses: red line (un pont gratuit)." in told
    assert "Inferred: Un vieux pont s'ouvre." in told
    assert "On peut passer." in told
    assert "Jours d'ouverture" in told


def test_a_run_that_is_kept_is_told_in_any_language(tmp_path: Path) -> None:
    words(tmp_path, "run", "FILE", "--seed", "1")
    plain = words(tmp_path, "log", "last")
    told = words(tmp_path, "log", "last", "--language", "fr")
    assert ("The gates are wide open." in plain, "Les portes sont wide open." in told) == (True, True)
    why = words(tmp_path, "why", "last", "0", "--language", "fr")
    assert "Inferred: Un vieux pont s'ouvre." in why
    assert "reading meant = cost (read as: Du coût.)" in why
    assert json.loads(words(tmp_path, "why", "last", "--json")) != {}
    wrong = asked(tmp_path, "why", "last", "--language", "de")
    assert (wrong.exit_code, "it has en, fr" in wrong.output) == (2, True)


def test_documents_tables_and_packages_are_in_the_language(tmp_path: Path) -> None:
    document = words(tmp_path, "describe", "FILE", "--language", "fr")
    assert document == describe(read("fr"))
    assert "The author's texts are given in en and fr; they stand here in fr." in document
    found = json.loads(words(tmp_path, "describe", "FILE", "--language", "fr", "--json"))
    assert (found["title"], found["languages"], found["language"]) == ("Un pont", ["en", "fr"], "fr")
    for said in ("# Un pont", "fermées (`shut`)", "La moitié de quoi ?", "Une conjecture.", "un pont gratuit (`free`)"):
        assert said in document
    assert "On peut passer." in words(tmp_path, "explore", "FILE", "--runs", "10", "--language", "fr")
    assert "On peut passer." in words(tmp_path, "solve", "FILE", "--language", "fr")
    assert "no: un pont gratuit" in words(tmp_path, "deal", "FILE", "--language", "fr")
    assert "2 texts are not given in 'fr'" in words(tmp_path, "validate", "FILE")


def test_pages_mark_what_is_not_english() -> None:
    pytest.importorskip("altair")
    pytest.importorskip("vl_convert")
    from negsim.show.page.run import run_page  # noqa: PLC0415 - charts are an extra

    french = run_page(negsim.run(read("fr"), seed=1), scripted=False)
    assert '<h1><span lang="fr">Un pont</span></h1>' in french
    assert '<span lang="fr">Les portes sont wide open.</span>' in french
    assert 'lang="fr"' not in run_page(negsim.run(read(), seed=1), scripted=False)
