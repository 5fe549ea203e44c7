"""`negsim import` takes what GENIUS takes: what it leaves unread is left out, and what it cuts is cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli.import_ import command
from negsim.convert import convert
from negsim.errors import ScenarioError, UsageError
from negsim.program.program import Program
from negsim.program.seat import SeatAtTalks
from negsim.scenario.settings import Settings

DOMAIN = """<negotiation_template><utility_space number_of_issues="2">
<objective name="Deal" index="0" type="objective" etype="objective">
<issue name="Price" index="1" type="discrete"><item index="1" value="low"/><item index="2" value="high"/></issue>
<issue name="Day" index="2" type="discrete"><item index="1" value="today"/><item index="2" value="later"/></issue>
</objective></utility_space></negotiation_template>
"""


def profile(*, weights: str = '<weight index="1" value="0.5"/><weight index="2" value="0.5"/>', more: str = "") -> str:
    return f"""<utility_space>
<objective name="Deal" index="0" type="objective" etype="objective">
<issue name="Price" index="1" type="discrete">
<item index="1" value="low" evaluation="4"/><item index="2" value="high" evaluation="1"/></issue>
<issue name="Day" index="2" type="discrete">
<item index="1" value="today" evaluation="1"/><item index="2" value="later" evaluation="2"/></issue>
{weights}
</objective>{more}</utility_space>
"""


def write(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        (folder / f"{name}.xml").write_text(content, encoding="utf-8")
    return folder


def seats_of(text: str) -> Mapping[str, SeatAtTalks]:
    (table,) = Program(negsim.load_text(text), Settings({}, {})).tables
    return table.seats


def warnings_of(folder: Path, **how: Any) -> list[str]:
    return [each.render().replace(f"{folder}/", "") for each in convert([folder], **how).warnings]


PLAIN = profile()
UTILITIES = tuple((0.5 * p + 0.5 * d - 0.375) / 0.625 for p, d in product((1, 0.25), (0.5, 1)))


def test_similarity_functions_are_left_out_with_one_warning_a_file(tmp_path: Path) -> None:
    similar = DOMAIN.replace("</issue>", '\n<similarity_function weight="1.0"/></issue>')
    write(tmp_path, domain=similar, a=PLAIN, b=PLAIN)
    assert warnings_of(tmp_path) == [
        """\
domain.xml:4:1: warning: each <similarity_function> is left out, as GENIUS does
  4 | <similarity_function weight="1.0"/></issue>
    | ^^^^^^^^^^^^^^^^^^^^"""
    ]
    (tmp_path / "domain.xml").write_text(DOMAIN)
    without = convert([tmp_path]).text
    (tmp_path / "domain.xml").write_text(similar)
    assert convert([tmp_path]).text == without


def test_the_weight_of_the_objective_itself_is_left_out(tmp_path: Path) -> None:
    weights = '<weight index="1" value="0.5"/><weight index="2" value="0.5"/>\n<weight index="0" value="1.0"/>'
    write(tmp_path, domain=DOMAIN, a=profile(weights=weights), b=PLAIN)
    assert warnings_of(tmp_path) == [
        """\
a.xml:8:16: warning: the weight of the objective itself is left out, as GENIUS does
  8 | <weight index="0" value="1.0"/>
    |                ^"""
    ]
    seats = seats_of(convert([tmp_path]).text)
    assert seats["a"].utilities == seats["b"].utilities == pytest.approx(UTILITIES, abs=1e-12)


@pytest.mark.parametrize("before", ["\n\n", "  \n<!-- a profile -->\n", "\n<!-- one -->\n<!-- two -->"])
def test_blanks_and_comments_before_the_declaration_do_no_harm(tmp_path: Path, before: str) -> None:
    declared = f'{before}<?xml version="1.0" encoding="iso-8859-1"?>\n'
    write(tmp_path, domain=DOMAIN, b=PLAIN)
    (tmp_path / "a.xml").write_bytes((declared + PLAIN.replace("Deal", "Café")).encode("iso-8859-1"))
    assert seats_of(convert([tmp_path]).text)["a"].utilities == pytest.approx(UTILITIES, abs=1e-12)
    (tmp_path / "a.xml").write_bytes((declared + PLAIN.replace('"0.5"', '"half"', 1)).encode("iso-8859-1"))
    with pytest.raises(ScenarioError) as caught:
        convert([tmp_path / "domain.xml", tmp_path / "a.xml", tmp_path / "b.xml"])
    (problem,) = caught.value.problems
    assert problem.place.line == 8 + before.count("\n")


def test_blanks_before_a_declaration_open_no_way_to_a_document_type(tmp_path: Path) -> None:
    write(tmp_path, domain=DOMAIN, b=PLAIN, a=f'\n<?xml version="1.0"?>\n<!DOCTYPE u [<!ENTITY x "y">]>\n{PLAIN}')
    with pytest.raises(ScenarioError, match="a document type"):
        convert([tmp_path])


# Utilities that are cut.


def test_what_is_worth_more_than_1_is_cut_at_1(tmp_path: Path) -> None:
    """Weights 0.9 and 0.6: the packages are worth 1.2, 1.5, 0.525 and 0.825."""
    weights = '<weight index="1" value="0.9"/><weight index="2" value="0.6"/>'
    write(tmp_path, domain=DOMAIN, a=profile(weights=weights, more='<reservation value="0.8"/>'), b=PLAIN)
    converted = convert([tmp_path])
    scenario = negsim.load_text(converted.text)
    (table,) = Program(scenario, Settings({}, {})).tables
    assert table.seats["a"].utilities == pytest.approx((1, 1, 0, (0.825 - 0.525) / 0.475), abs=1e-12)
    assert float(scenario.talks[table.name].positions["a"].fallback.text) == pytest.approx(0.275 / 0.475, abs=1e-12)
    assert [each.message for each in converted.warnings] == [
        "the weights sum to more than 1; what is worth more than 1 is cut at 1, as GENIUS does: 2 of 4 packages"
    ]
    assert "an evaluation counts as it stands" in (converted.warnings[0].hint or "")
    assert "        cap: 1\n" in converted.text
    assert "What is worth more than 1 is cut at 1, as GENIUS does: 2 of 4 packages." in converted.text
    assert "cap:" not in convert([tmp_path], meaning="negmas").text


def test_weights_that_are_a_rounding_above_1_are_taken_as_they_are(tmp_path: Path) -> None:
    weights = '<weight index="1" value="0.5"/><weight index="2" value="0.50005"/>'
    write(tmp_path, domain=DOMAIN, a=profile(weights=weights), b=PLAIN)
    converted = convert([tmp_path])
    assert "cap:" not in converted.text
    assert converted.warnings == ()


def test_a_cap_counts_with_what_issues_of_one_value_are_worth(tmp_path: Path) -> None:
    """Of 1.2 the day is worth 0.6 always: packages are worth 0.6 and 1.2, cut to 1; the price alone 0 and 0.4."""
    one = DOMAIN.replace('<item index="1" value="today"/>', "")
    a = profile(weights='<weight index="1" value="0.8"/><weight index="2" value="0.6"/>')
    a = a.replace('<item index="1" value="today" evaluation="1"/>', "")
    b = PLAIN.replace('<item index="1" value="today" evaluation="1"/>', "")
    write(tmp_path, domain=one, a=a, b=b)
    text = convert([tmp_path]).text
    assert "        cap: 0.4\n" in text
    assert seats_of(text)["a"].utilities == (1, 0)


# Profiles that cannot be taken, beside some that can.


UNCERTAIN = profile(more="<comparisons>2</comparisons><errors>0</errors><fixed_seed>true</fixed_seed>").replace(
    "<utility_space>", '<utility_space type="UNCERTAIN">'
)
MANY = profile().replace("evaluation=", "worth=")


def test_profiles_that_cannot_be_taken_are_left_out_beside_two_that_can(tmp_path: Path) -> None:
    write(tmp_path, domain=DOMAIN, a=PLAIN, b="", c=UNCERTAIN, d=MANY, e="<utility_space/>", f=PLAIN)
    converted = convert([tmp_path])
    assert list(seats_of(converted.text)) == ["a", "f"]
    assert [Path(file).name for file in converted.files] == ["domain.xml", "a.xml", "f.xml"]
    assert warnings_of(tmp_path) == [
        "b.xml:1:1: warning: this profile is left out: the file ends before its first element is closed",
        "c.xml:1:1: warning: this profile is left out: its preferences are uncertain, and there are others",
        "d.xml:4:1: warning: this profile is left out: <item> has no `evaluation` (and 3 more)",
        "e.xml:1:1: warning: this profile is left out: <utility_space> has no <objective> with issues",
    ]
    beside = convert([tmp_path / "domain.xml"])
    assert beside.text.replace('"domain"', f'"{tmp_path.name}"').count("positions:") == 1
    assert list(seats_of(beside.text)) == ["a", "f"]


def test_profiles_that_are_named_are_not_left_out(tmp_path: Path) -> None:
    write(tmp_path, domain=DOMAIN, a=PLAIN, b="", f=PLAIN)
    with pytest.raises(ScenarioError, match="the file ends before its first element is closed"):
        convert([tmp_path / name for name in ("domain.xml", "a.xml", "b.xml", "f.xml")])


def test_where_too_few_can_be_taken_all_problems_are_said(tmp_path: Path) -> None:
    write(tmp_path, domain=DOMAIN, a=PLAIN, b="", d=MANY)
    with pytest.raises(ScenarioError) as caught:
        convert([tmp_path])
    assert len(caught.value.problems) == 5


def test_uncertain_preferences_are_taken_as_certain_where_there_are_no_others(tmp_path: Path) -> None:
    write(tmp_path, domain=DOMAIN, a=UNCERTAIN, b=PLAIN)
    assert [each.message for each in convert([tmp_path]).warnings] == [
        "that its preferences are uncertain is left out: its party knows what each package is worth"
    ]
    assert seats_of(convert([tmp_path]).text)["a"].utilities == pytest.approx(UTILITIES, abs=1e-12)


COMPARISONS = "<comparisons><bid><issue index='1' value='low'/></bid></comparisons><fixed_seed value='7'/>"
PLACES = {
    "in the root": ("</utility_space>", f"{COMPARISONS}</utility_space>"),
    "in the objective": ("</objective>", f"{COMPARISONS}</objective>"),
    "in an issue": ("</issue>", f"{COMPARISONS}</issue>"),
    "in words of one": ("</objective>", "<fixedSeed value='7'/></objective>"),
}


@pytest.mark.parametrize("kind", ["", ' type="UNCERTAIN"'])
@pytest.mark.parametrize("place", PLACES)
def test_a_profile_is_uncertain_wherever_its_file_says_so(tmp_path: Path, place: str, kind: str) -> None:
    uncertain = PLAIN.replace(*PLACES[place]).replace("<utility_space", f"<utility_space{kind}")
    write(tmp_path, domain=DOMAIN, a=PLAIN, b=PLAIN, u=uncertain)
    assert list(seats_of(convert([tmp_path]).text)) == ["a", "b"]
    assert warnings_of(tmp_path) == [
        "u.xml:1:1: warning: this profile is left out: its preferences are uncertain, and there are others"
    ]
    (tmp_path / "b.xml").unlink()
    assert seats_of(convert([tmp_path]).text)["u"].utilities == pytest.approx(UTILITIES, abs=1e-12)
    (tmp_path / "a.xml").unlink()
    with pytest.raises(ScenarioError) as caught:
        convert([tmp_path])
    assert [each.message for each in caught.value.problems] == [
        "the domain has one profile (u.xml); talks need two or more parties"
    ]


def wide(values: int, *, evaluation: str = "evaluation") -> tuple[str, str]:
    """A domain with one issue of so many values, and a profile of it."""
    issue = '<issue name="Share" index="1" type="discrete">'
    items = "".join(f'<item index="{n}" value="v{n}"/>' for n in range(values))
    worths = "".join(f'<item index="{n}" value="v{n}" {evaluation}="{n}"/>' for n in range(values))
    return (
        f"<negotiation_template><objective>{issue}{items}</issue></objective></negotiation_template>",
        f"<utility_space><objective>{issue}{worths}</issue><weight index='1' value='1'/></objective></utility_space>",
    )


def test_of_a_broken_profile_beside_good_ones_one_line_is_said(tmp_path: Path) -> None:
    domain, good = wide(190)
    broken = wide(190, evaluation="worth")[1]
    write(tmp_path, domain=domain, a=good, b=broken, c=good)
    result = CliRunner().invoke(command, [str(tmp_path), "--quiet"])
    assert result.exit_code == 0
    assert result.stderr.replace(f"{tmp_path}/", "").strip() == (
        "b.xml:1:73: warning: this profile is left out: <item> has no `evaluation` (and 189 more)"
    )
    assert list(seats_of(result.stdout)) == ["a", "c"]


def test_of_many_problems_the_first_of_each_file_are_said_and_the_rest_is_counted(tmp_path: Path) -> None:
    domain, good = wide(190)
    broken = wide(190, evaluation="worth")[1]
    write(tmp_path, domain=domain, a=good, b=broken, c=broken.replace('v1" ', 'w1" '))
    with pytest.raises(ScenarioError) as caught:
        convert([tmp_path])
    said: dict[str, list[str]] = {}
    for problem in caught.value.problems:
        said.setdefault(Path(problem.place.file).name, []).append(problem.message)
    assert {name: len(messages) for name, messages in said.items()} == {"b.xml": 21, "c.xml": 21}
    assert said["b.xml"][:20] == ["<item> has no `evaluation`"] * 20
    assert said["b.xml"][-1] == "and 170 more problems"


def test_a_folder_with_more_than_a_thousand_problems_is_refused_in_a_line_each(tmp_path: Path) -> None:
    items = "".join(f'<item index="{n}" value="v{n}"/>' for n in range(1_500))
    domain = DOMAIN.replace('<item index="1" value="low"/><item index="2" value="high"/>', items)
    write(tmp_path, domain=domain, a=PLAIN, b=PLAIN)
    result = CliRunner().invoke(command, [str(tmp_path)])
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert result.output.count("error:") <= 201


# What GENIUS reads though it is not as it should be.


def test_an_ampersand_may_stand_for_itself(tmp_path: Path) -> None:
    bare, written = (
        [text.replace('"later"', name) for text in (DOMAIN, PLAIN)]
        for name in ('"by & by, R&D;"', '"by &amp; by, R&amp;D;"')
    )
    write(tmp_path, domain=bare[0], a=bare[1].replace("R&D;", "R&amp;D;"), b=written[1])
    with pytest.raises(ScenarioError, match="an entity that XML does not define"):
        convert([tmp_path])
    bare, written = [
        [text.replace(", R&D;", "").replace(", R&amp;D;", "") for text in each] for each in (bare, written)
    ]
    write(tmp_path, domain=written[0], a=written[1], b=written[1])
    text = convert([tmp_path]).text
    assert "by_by is by & by" in text
    write(tmp_path, domain=bare[0], a=bare[1], b=written[1])
    assert convert([tmp_path]).text == text
    write(tmp_path, a=bare[1].replace('by" evaluation="2"', 'by" evaluation="two"'))
    with pytest.raises(ScenarioError) as caught:
        convert([tmp_path])
    first = caught.value.problems[0]
    assert (first.place.line, first.place.column, first.message) == (6, 91, "'two' is no number")


def test_what_geniusbi_adds_is_left_out(tmp_path: Path) -> None:
    more = '<optout value="0.4"/><timeeffect value="-0.01"/><weightmultiplyer value="3"/><opponent name="x"/>'
    domain = DOMAIN.replace("</objective>", '<stateissue name="mood"/></objective>')
    write(tmp_path, domain=DOMAIN, a=PLAIN, b=PLAIN)
    without = convert([tmp_path]).text
    write(tmp_path, domain=domain, a=profile(more=more))
    assert convert([tmp_path]).text == without
    tags = ("stateissue", "optout", "timeeffect", "weightmultiplyer", "opponent")
    assert {each.message for each in convert([tmp_path]).warnings} == {
        f"each <{tag}> is left out, as GENIUS does" for tag in tags
    }


def test_an_item_that_is_given_twice_is_taken_once(tmp_path: Path) -> None:
    twice = '<item index="2" value="later"/>\n<item index="2" value="later"/>'
    write(tmp_path, domain=DOMAIN, a=PLAIN, b=PLAIN)
    without = convert([tmp_path]).text
    write(tmp_path, domain=DOMAIN.replace('<item index="2" value="later"/>', twice))
    assert convert([tmp_path]).text == without
    assert warnings_of(tmp_path) == [
        """\
domain.xml:5:24: warning: 'later' is given twice, and taken once
  5 | <item index="2" value="later"/></issue>
    |                        ^^^^^"""
    ]
    late = '<item index="2" value="later" evaluation="2"/>'
    write(tmp_path, a=PLAIN.replace(late, late * 2))
    assert convert([tmp_path]).text == without
    write(tmp_path, a=PLAIN.replace(late, late + late.replace('"2"/>', '"1"/>')))
    with pytest.raises(ScenarioError, match="'later' is given twice"):
        convert([tmp_path])


# Wide issues.


def test_an_issue_can_have_a_thousand_values(tmp_path: Path) -> None:
    domain = DOMAIN.replace(
        '<issue name="Day" index="2" type="discrete"><item index="1" value="today"/><item index="2" value="later"/>',
        '<issue name="Share" index="2" type="integer" lowerbound="0" upperbound="1000">',
    )
    days = PLAIN[PLAIN.index('<issue name="Day"') : PLAIN.index("<weight")]
    share = (
        '<issue name="Share" index="2" type="integer" lowerbound="0" upperbound="1000">'
        '<evaluator ftype="linear" offset="{}" slope="{}"/></issue>\n'
    )
    a, b = PLAIN.replace(days, share.format(0, 0.001)), PLAIN.replace(days, share.format(1, -0.001))
    write(tmp_path, domain=domain, a=a, b=b)
    text = convert([tmp_path]).text
    assert "      share is Share: n0 is 0; n1 is 1; n2 is 2; n3 is 3; n4 is 4; and 996 more\n" in text
    seats = seats_of(text)
    worths: tuple[Callable[[int], float], ...] = (lambda x: x * 0.001, lambda x: 1 - x * 0.001)
    for seat, worth in zip((seats["a"], seats["b"]), worths, strict=True):
        raw = [0.5 * price + 0.5 * worth(x) for price in (1, 0.25) for x in range(1001)]
        low, high = min(raw), max(raw)
        assert seat.utilities == pytest.approx([(each - low) / (high - low) for each in raw], abs=1e-12)


def test_a_domain_whose_scenario_could_not_be_read_is_refused(tmp_path: Path) -> None:
    wide = '<issue name="Share" index="1" type="integer" lowerbound="0" upperbound="4999">'
    domain = f"<negotiation_template><objective>{wide}</issue></objective></negotiation_template>"
    a = (
        f'<utility_space><objective>{wide}<evaluator ftype="linear" offset="0" slope="0.0002"/></issue>'
        '<weight index="1" value="1"/></objective></utility_space>'
    )
    write(tmp_path, domain=domain, **{f"p{n}": a for n in range(10)})
    with pytest.raises(UsageError, match="the scenario would hold 105,000 values; at most 98,000 can be taken"):
        convert([tmp_path])
    text = convert([tmp_path / "domain.xml", *(tmp_path / f"p{n}.xml" for n in range(9))]).text
    assert len(negsim.load_text(text).talks["domain"].issues["share"]) == 5_000
