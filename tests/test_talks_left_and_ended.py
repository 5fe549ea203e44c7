"""What is told of those who leave talks, of agreements that run on, and of terms that are numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import negsim
from negsim.deals.analysis import deal_at
from negsim.language import check_text
from negsim.show.describe import describe
from negsim.show.impasses import impasses
from negsim.show.rounds import rounds

FOLDER = Path(__file__).parent / "conformance"


def text_of(number: int, *changes: tuple[str, str]) -> str:
    """The text of the scenario of a conformance case, changed."""
    text: str = yaml.safe_load(next(FOLDER.glob(f"{number}_*.yaml")).read_text(encoding="utf-8"))["scenario"]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def scenario(number: int, *changes: tuple[str, str]) -> negsim.Scenario:
    return negsim.load_text(text_of(number, *changes))


def run(number: int) -> negsim.Run:
    return negsim.run(scenario(number), seed=0)


def test_why_somebody_left_is_what_the_condition_looked_at() -> None:
    step = run(811).why(3).steps[0]
    assert [(each.name, each.value, each.read_by, each.set_by) for each in step.conditions] == [
        ("strained", True, ("leaves of c",), 2)
    ]


def test_talks_that_were_left_end_because_of_that_and_of_no_red_line() -> None:
    found = run(816)
    lapsed = found.why(2).steps[0]
    assert lapsed.deadlock is None
    assert [each.read_by for each in lapsed.conditions] == [("leaves of a", "leaves of c")]
    (ended,) = impasses(found)
    assert ended.words == "Those who were left could sign nothing without those who had left."
    assert [each.words for (each,) in ended.unlock] == ["A: it leaves where strained", "C: it leaves where strained"]


def test_an_offer_after_somebody_left_looks_at_those_who_are_there() -> None:
    looked = [each.read_by for each in run(811).why(4).steps[0].conditions]
    assert ("leaves of c",) not in looked


def test_a_deal_space_leaves_out_who_has_left() -> None:
    found = run(811)
    assert deal_at(found, 2).parties == ("a", "b", "c")
    assert deal_at(found, 2).zone == ()
    after = deal_at(found, 3)
    assert after.parties == ("a", "b")
    assert [after.package(number) for number in after.zone] == [{"plan": "middle"}]


def test_a_round_has_who_left_in_it() -> None:
    second = rounds(run(811), "t")[1]
    assert second.opening is not None
    assert [second.opening.event, *(each.event for each in second.answers)] == ["offered", "left", "refused"]
    assert [each.answers[-1].event for each in rounds(run(817), "t")] == ["agreed", "ran_on", "ran_on", "ended"]


def test_where_it_is_left_out_that_somebody_left_the_talks_do_not_lapse_for_it() -> None:
    found = run(810).fork(without=3)
    assert [(each.day, each.event) for each in found.events[2:]] == [(4, "strain"), (8, "left"), (8, "lapsed")]


def test_the_document_says_who_leaves_and_how_long_an_agreement_runs() -> None:
    leaving, running = describe(scenario(811)), describe(scenario(817))
    assert "Without **A** and **B** nothing can be signed" in leaving
    assert "It leaves the talks where `strained` holds as a round begins." in leaving
    assert "It is in force for 3 days, and runs on for as long again, until `warned`" in running


def test_events_are_told_in_words() -> None:
    assert run(810).text(3) == "B leaves the talks."
    assert run(817).text(2) == "The agreement of the t talks runs on."
    assert run(817).text(6) == "The agreement of the t talks ends: notice was given."


def test_what_cannot_come_is_warned_of() -> None:
    def warned(text: str) -> str:
        return " ".join(each.message for each in check_text(text).warnings)

    never = text_of(817, ("emit: warned()", "emit: told()"))
    assert "no agreement at `t` ever ends: nothing emits `warned`" in warned(never)
    stays = text_of(810, ("strain: {set: {strained: true}}", "strain: {}"))
    assert "`b` never leaves: the `when` of its `leaves` is never true" in warned(stays)
    assert "never" not in warned(text_of(810)) + warned(text_of(817)) + warned(text_of(820))


def test_numbers_are_numbers_in_packages_fields_and_terms() -> None:
    found = run(824)
    assert found.events[0].fields["term"] == 9
    assert found.state()["t.term"] == 9
    assert negsim.deal(found.scenario).as_json()["zone"] == [{"term": 9}, {"term": 12}]
    assert found.text(0) == "A offers: term: 9."


def test_numbers_can_have_words_and_stand_beside_those_of_other_talks() -> None:
    found = run(827)
    assert found.text(0) == "t: A offers: term: three days; line: far."
    assert found.events[2].fields == {"talks": "u", "party": "a", "term": 2, "line": "unsettled"}


def test_a_measure_of_a_term_is_expected_over_the_runs_that_settle_it() -> None:
    some = scenario(
        823,
        ("rules:\n", "rules:\n  chance_of_it: {assumption: test, at: 0, chance: 0.25, emit: odd()}\n"),
        ("every: 2\n", "every: 2\n    while: kept == 0\n"),
        ("odd: {}", "odd: {set: {kept: 1}}"),
        ("outcomes: {done: {}}", "outcomes: {done: {}}\nmeasures: {twice: 2 * t.term}"),
    )
    measure = negsim.solve(some, measures=True).measures["twice"]
    assert [measure.mean, measure.missing] == pytest.approx([6, 0.25])


WRITTEN = {
    "3..6": (3, 4, 5, 6),
    "-4..4 step 4": (-4, 0, 4),
    "[9, 3]": (9, 3),
    "{options: {9: nine, 3: three}}": (9, 3),
}


@pytest.mark.parametrize(("written", "options"), WRITTEN.items())
def test_numbers_are_written_as_a_list_a_range_or_with_words(written: str, options: tuple[int, ...]) -> None:
    text = (
        "negsim: 1\ntitle: Numbers\nstart: 2025-01-01\nhorizon: 3\nactors: {a: {}, b: {}}\ntalks:\n  t:\n"
        f"    parties: [a, b]\n    opens: 0\n    every: 1\n    rounds: 1\n    issues: {{term: {written}}}\n"
        "    positions: {a: {assumption: test}, b: {assumption: test}}\noutcomes: {done: {}}\n"
    )
    assert negsim.load_text(text).talks["t"].issues == {"term": options}
