"""`negsim import` of GENIUS domains: what comes out, that it means the same, and what is refused."""

from __future__ import annotations

import tempfile
from itertools import product
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import negsim
from negsim.cli.import_ import command
from negsim.convert import convert
from negsim.convert.genius.worths import Meaning
from negsim.errors import ScenarioError, UsageError
from negsim.program.formula import new_state
from negsim.program.program import Program
from negsim.program.table import Table
from negsim.scenario.settings import Settings

DATA = Path(__file__).parent / "data" / "genius"

DOMAIN = """<negotiation_template>
  <utility_space number_of_issues="2">
    <objective index="0" etype="objective" type="objective" name="root">
      <issue type="discrete" etype="discrete" name="Price" index="1">
        <item index="1" value="low"/>
        <item index="2" value="high"/>
      </issue>
      <issue type="integer" etype="integer" name="Days" index="2" lowerbound="1" upperbound="3"/>
    </objective>
  </utility_space>
</negotiation_template>
"""
PROFILE = """<utility_space type="any">
  <objective index="0" etype="objective" type="objective" name="any">
    <issue index="1" etype="discrete" type="discrete" name="Price">
      <item index="1" value="low" evaluation="3"/>
      <item index="2" value="high" evaluation="1"/>
    </issue>
    <issue index="2" etype="integer" type="integer" name="Days" lowerbound="1" upperbound="3">
      <evaluator ftype="linear" offset="0" slope="0.5"/>
    </issue>
    <weight index="1" value="0.5"/>
    <weight index="2" value="0.5"/>
  </objective>
  <discount_factor value="1"/>
  <reservation value="0.25"/>
</utility_space>
"""


def write(folder: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = folder / f"{name}.xml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def table_of(text: str) -> tuple[Table, list[str | int]]:
    """The one talks of a scenario's text, bound, with the state that it starts from."""
    scenario = negsim.load_text(text)
    program = Program(scenario, Settings({}, {}))
    (table,) = program.tables
    return table, new_state(program.layout.initial)


def problems_of(folder: Path, **settings: Any) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        convert([folder], **settings)
    return [problem.render().replace(f"{folder}/", "") for problem in caught.value.problems]


# What comes out.


def test_a_domain_becomes_a_scenario_that_validates() -> None:
    converted = convert([DATA / "printer"])
    assert converted.warnings == ()
    assert (
        converted.text
        == """\
# printer, imported by negsim from GENIUS files.
negsim: 1
title: "printer"
start: 2000-01-01  # the domain has no dates; a round is held on each day from here
horizon: 100

actors:
  a_office: {name: "a_office"}
  b_shop: {name: "b_shop"}

talks:
  printer:
    parties: [a_office, b_shop]
    opens: 0
    every: 1
    rounds: 100
    note: |
      In the words of the domain:
      maker is Maker: brot_sohne is Brot & Söhne; kanto is Kanto; n42_print is 42 Print
      paper_in is Paper in: n100_sheets is 100 sheets; n250_sheets is 250 sheets
      round_ is Round: in_ is in; in_2 is In; option_3 is ±
    issues:
      maker: [brot_sohne, kanto, n42_print]
      paper_in: [n100_sheets, n250_sheets]
      round_: [in_, in_2, option_3]
    positions:
      a_office:
        values:
          maker: {brot_sohne: 0.5, kanto: 0.2, n42_print: 0.25}
          paper_in: {n100_sheets: 0.15, n250_sheets: 0.3}
          round_: {in_: 0, in_2: 0.15000000000000002, option_3: 0.2}
        fallback: 0.23076923076923078  # 0.5 on the domain's scale, where packages are worth 0.35 to 1
        concession: 1
        assumption: "Imported from a_office.xml; the weights are the domain author's."
        note: "Evaluations are divided by the greatest of their issue, as GENIUS does."
      b_shop:
        values:
          maker: {brot_sohne: 0.1, kanto: 0.30000000000000004, n42_print: 0.4}
          paper_in: {n100_sheets: 0.6, n250_sheets: 0.3}
          round_: {in_: 0, in_2: 0, option_3: 0}
        fallback: -0.6666666666666667  # 0 on the domain's scale, where packages are worth 0.4 to 1
        concession: 1
        assumption: "Imported from b_shop.xml; the weights are the domain author's."
        note: "Evaluations are divided by the greatest of their issue, as GENIUS does."

outcomes:
  agreement: {when: printer.maker != unsettled, ends: true}
  no_agreement: {}

measures:
  day_of_agreement: first(agreed)
  offers: count(offered)
"""
    )
    run = negsim.run(negsim.load_text(converted.text), seed=0)
    assert run.outcome == "agreement"


def test_utilities_by_hand() -> None:
    """Printer, office: 0.5, 0.3, 0.2 times shares of the greatest; worst 0.35, best 1."""
    table, _ = table_of(convert([DATA / "printer"]).text)
    utility = dict(zip(table.packages, table.seats["a_office"].utilities, strict=True))
    assert utility["brot_sohne", "n250_sheets", "option_3"] == 1
    assert utility["kanto", "n100_sheets", "in_"] == 0
    assert utility["n42_print", "n250_sheets", "in_2"] == pytest.approx((0.25 + 0.3 + 0.15 - 0.35) / 0.65, abs=1e-12)


def test_whole_numbers_become_options_and_one_value_is_no_issue() -> None:
    """Harbour, city: berths -1..3 at 0.2 + 0.25 a step, cut at 1; night boats 2..4 at 1 - 0.5 a step."""
    converted = convert([DATA / "harbour"])
    table, state = table_of(converted.text)
    assert table.talks.issues == {
        "berths": ("minus_1", "n0", "n1", "n2", "n3"),
        "quay": ("north", "south"),
        "night_boats": ("n2", "n3", "n4"),
    }
    utility = dict(zip(table.packages, table.seats["n1_city"].utilities, strict=True))
    assert utility["n3", "south", "n3"] == pytest.approx((0.4 * 1 + 0.2 / 4 + 0.3 / 2 + 0.1 - 0.23) / 0.77, abs=1e-12)
    assert table.seats["n1_city"].fallback.read(state) == pytest.approx((0.6 - 0.23) / 0.77, abs=1e-12)
    assert table.seats["n2_port"].fallback.read(state) == pytest.approx((0.2 - 0.1) / 0.8, abs=1e-12)
    assert [warning.message for warning in converted.warnings] == [
        "the discount factor 0.8 is left out: talks do not discount"
    ]
    assert "The discount factor 0.8 is left out: talks do not discount." in converted.text


def test_where_all_packages_are_worth_the_same_the_fallback_says_whether_they_will_do() -> None:
    """Ferries: every package is worth 0.625, no deal 0.9, so none is acceptable."""
    table, state = table_of(convert([DATA / "harbour"]).text)
    seat = table.seats["n3_ferries"]
    assert set(seat.utilities) == {1.0}
    assert seat.fallback.read(state) == 2


def test_profiles_are_read_in_the_order_given() -> None:
    folder = DATA / "printer"
    text = convert([folder / "printer.xml", folder / "b_shop.xml", folder / "a_office.xml"], rounds=7).text
    assert "parties: [b_shop, a_office]" in text
    assert "rounds: 7" in text
    assert "horizon: 7" in text


@st.composite
def domains(draw: st.DrawFn) -> tuple[list[int], list[tuple[list[float], list[list[float]], float]]]:
    """Tables: options of each issue, and for each profile weights, evaluations and a reservation value."""
    sizes = draw(st.lists(st.integers(2, 4), min_size=1, max_size=3))
    evaluation = st.one_of(st.integers(0, 20), st.floats(0, 1, width=32)).map(float)
    profiles = []
    for _ in range(draw(st.integers(2, 3))):
        parts = [draw(st.integers(0, 10)) for _ in sizes]
        total = sum(parts) or 1
        rows = [draw(st.lists(evaluation, min_size=size, max_size=size)) for size in sizes]
        profiles.append(([part / total for part in parts], rows, draw(st.floats(0, 1))))
    return sizes, profiles


def genius_files(sizes: list[int], profiles: list[Any]) -> dict[str, str]:
    """A domain's files, made of tables."""

    def issues(rows: list[list[float]] | None) -> str:
        return "".join(
            f'<issue index="{i}" type="discrete" etype="discrete" name="Issue {i}">'
            + "".join(
                f"<item index={quoteattr(str(o))} value={quoteattr(f'v {o}')}"
                + ("/>" if rows is None else f' evaluation="{rows[i - 1][o - 1]!r}"/>')
                for o in range(1, size + 1)
            )
            + "</issue>"
            for i, size in enumerate(sizes, 1)
        )

    files = {"domain": f"<negotiation_template><objective>{issues(None)}</objective></negotiation_template>"}
    for number, (weights, rows, reservation) in enumerate(profiles):
        given_weights = "".join(f'<weight index="{i}" value="{weight!r}"/>' for i, weight in enumerate(weights, 1))
        files[f"p{number}"] = (
            f"<utility_space><objective>{issues(rows)}{given_weights}</objective>"
            f'<reservation value="{reservation!r}"/></utility_space>'
        )
    return files


@given(domains(), st.sampled_from(["genius", "negmas"]))
@settings(max_examples=150, deadline=None)
def test_scaled_utilities_are_the_domains_own(
    domain: tuple[list[int], list[tuple[list[float], list[list[float]], float]]], meaning: Meaning
) -> None:
    sizes, profiles = domain
    with tempfile.TemporaryDirectory() as folder:
        table, state = table_of(convert([write(Path(folder), **genius_files(sizes, profiles))], meaning=meaning).text)
    for (weights, rows, reservation), seat in zip(profiles, table.seats.values(), strict=True):
        tops = [max(row) if meaning == "genius" else 1.0 for row in rows]
        worths = [
            sum(
                weight * (row[option] / top if top >= 0.00001 else 0.0)
                for weight, row, top, option in zip(weights, rows, tops, package, strict=True)
            )
            for package in product(*(range(size) for size in sizes))
        ]
        low, high = min(worths), max(worths)
        fallback = seat.fallback.read(state)
        if high - low <= 1e-9 * max(1, abs(high), abs(low)):
            assert set(seat.utilities) == {1.0}
            assert (fallback <= 1) == (reservation <= high + 1e-9)
            continue
        assert list(seat.utilities) == pytest.approx([(w - low) / (high - low) for w in worths], abs=1e-9)
        assert fallback == pytest.approx((reservation - low) / (high - low), rel=1e-9, abs=1e-9)
        for worth, utility in zip(worths, seat.utilities, strict=True):
            if abs(worth - reservation) > 1e-9 * (high - low) * 2 + 1e-12:
                assert (worth > reservation) == (utility >= fallback - 1e-9)


# What is refused.


def bad(name: str, message: str, *, domain: str = DOMAIN, first: str | bytes = PROFILE) -> pytest.ParameterSet:
    return pytest.param(domain, first, message, id=name)


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


LAUGHS = (
    '<?xml version="1.0"?>\n<!DOCTYPE lolz [\n<!ENTITY lol "lol">\n'
    + "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">\n' for n in range(1, 10))
    + "]>\n<utility_space>&lol9;</utility_space>"
)
FILE = "<!DOCTYPE u [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n<utility_space>&x;</utility_space>"
BAD = [
    bad(
        "billion laughs",
        """\
a.xml:2:1: error: a document type (DOCTYPE) is not read
  2 | <!DOCTYPE lolz [
    | ^
hint: take the declaration out; a domain needs no entities""",
        first=LAUGHS,
    ),
    bad(
        "external entity",
        """\
a.xml:1:1: error: a document type (DOCTYPE) is not read
  1 | <!DOCTYPE u [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>
    | ^
hint: take the declaration out; a domain needs no entities""",
        first=FILE,
    ),
    bad(
        "external document type",
        """\
a.xml:1:1: error: a document type (DOCTYPE) is not read
  1 | <!DOCTYPE u SYSTEM "http://localhost/u.dtd">
    | ^
hint: take the declaration out; a domain needs no entities""",
        first='<!DOCTYPE u SYSTEM "http://localhost/u.dtd">\n<utility_space/>',
    ),
    bad(
        "undefined entity",
        """\
a.xml:4:7: error: an entity that XML does not define
  4 |       <item index="1" value="&low;" evaluation="3"/>
    |       ^
hint: entities of one's own are not read: write the text itself""",
        first=changed(PROFILE, 'value="low"', 'value="&low;"'),
    ),
    bad(
        "wrong issue",
        """\
a.xml:3:61: error: the domain has no issue 'Prize'
  3 |     <issue index="1" etype="discrete" type="discrete" name="Prize">
    |                                                             ^^^^^
hint: did you mean 'Price'? It can be: Price, Days""",
        first=changed(PROFILE, '"Price"', '"Prize"'),
    ),
    bad(
        "another domain",
        """\
a.xml:2:3: error: this profile is of another domain: it has none of the domain's issues
  2 |   <objective index="0" etype="objective" type="objective" name="any">
    |   ^^^^^^^^^^""",
        first=PROFILE.replace("Price", "Colour").replace("Days", "Shape"),
    ),
    bad(
        "wrong index",
        """\
a.xml:3:19: error: the issue 'Price' has the index 1 in the domain
  3 |     <issue index="2" etype="discrete" type="discrete" name="Price">
    |                   ^""",
        first=changed(PROFILE, '<issue index="1"', '<issue index="2"'),
    ),
    bad(
        "negative weight",
        """\
a.xml:10:30: error: the weight of 'Price' is negative
  10 |     <weight index="1" value="-0.5"/>
     |                              ^^^^""",
        first=changed(PROFILE, 'index="1" value="0.5"', 'index="1" value="-0.5"'),
    ),
    bad(
        "missing weight",
        """\
a.xml:2:3: error: the issue 'Price' has no weight
  2 |   <objective index="0" etype="objective" type="objective" name="any">
    |   ^^^^^^^^^^""",
        first=changed(PROFILE, '    <weight index="1" value="0.5"/>\n', ""),
    ),
    bad(
        "weight of no issue",
        """\
a.xml:12:20: error: the domain has no issue with the index 3
  12 |     <weight index="3" value="0"/>
     |                    ^""",
        first=changed(PROFILE, "  </objective>", '    <weight index="3" value="0"/>\n  </objective>'),
    ),
    bad(
        "bad numbers",
        """\
a.xml:4:47: error: 'nan' is no number
  4 |       <item index="1" value="low" evaluation="nan"/>
    |                                               ^^^

a.xml:10:30: error: '1e999' is no number
  10 |     <weight index="1" value="1e999"/>
     |                              ^^^^^

a.xml:14:23: error: '' is no number
  14 |   <reservation value=""/>
     |                       ^""",
        first=changed(
            changed(changed(PROFILE, 'n="3"', 'n="nan"'), '"1" value="0.5"', '"1" value="1e999"'), '"0.25"', '""'
        ),
    ),
    bad(
        "no evaluation",
        """\
a.xml:4:7: error: <item> has no `evaluation`
  4 |       <item index="1" value="low"/>
    |       ^^^^^""",
        first=changed(PROFILE, ' evaluation="3"', ""),
    ),
    bad(
        "negative evaluation",
        """\
a.xml:4:47: error: the evaluation of 'low' is negative
  4 |       <item index="1" value="low" evaluation="-3"/>
    |                                               ^^""",
        first=changed(PROFILE, 'n="3"', 'n="-3"'),
    ),
    bad(
        "unknown item",
        """\
a.xml:4:30: error: 'lo' is no item of 'Price' in the domain
  4 |       <item index="1" value="lo" evaluation="3"/>
    |                              ^^
hint: did you mean 'low'? It can be: low, high""",
        first=changed(PROFILE, 'value="low"', 'value="lo"'),
    ),
    bad(
        "missing item",
        """\
a.xml:3:5: error: 'high' of 'Price' has no evaluation
  3 |     <issue index="1" etype="discrete" type="discrete" name="Price">
    |     ^^^^^^""",
        first=changed(PROFILE, '      <item index="2" value="high" evaluation="1"/>\n', ""),
    ),
    bad(
        "missing issue",
        """\
a.xml:2:3: error: the profile says nothing on the issue 'Price'
  2 |   <objective index="0" etype="objective" type="objective" name="any">
    |   ^^^^^^^^^^""",
        first=PROFILE[: PROFILE.index("    <issue")] + PROFILE[PROFILE.index('    <issue index="2"') :],
    ),
    bad(
        "non-linear",
        """\
a.xml:3:3: error: a non-linear utility (<utility_function>) cannot be taken
  3 |   <utility_function maxutility="100"><ufun type="PlainUfun"/></utility_function>
    |   ^^^^^^^^^^^^^^^^^
hint: only linear additive profiles are taken: a weight for each issue, an evaluation for each item""",
        first='<utility_space>\n <objective>\n  <utility_function maxutility="100"><ufun type="PlainUfun"/>'
        "</utility_function>\n </objective>\n</utility_space>",
    ),
    bad(
        "constraints",
        """\
a.xml:12:3: error: constraints (<constraints>) cannot be taken
  12 |   <constraints/></objective>
     |   ^^^^^^^^^^^^
hint: only linear additive profiles are taken: a weight for each issue, an evaluation for each item""",
        first=changed(PROFILE, "  </objective>", "  <constraints/></objective>"),
    ),
    bad(
        "another form of evaluator",
        """\
a.xml:8:25: error: an evaluator of the form 'cosine' cannot be taken
  8 |       <evaluator ftype="cosine" offset="0" slope="0.5"/>
    |                         ^^^^^^
hint: it can be: linear""",
        first=changed(PROFILE, '"linear"', '"cosine"'),
    ),
    bad(
        "discount factor",
        """\
a.xml:13:27: error: a discount factor of 1.5 is not within 0..1
  13 |   <discount_factor value="1.5"/>
     |                           ^^^""",
        first=changed(PROFILE, '<discount_factor value="1"', '<discount_factor value="1.5"'),
    ),
    bad(
        "truncated",
        """\
a.xml:6:13: error: the file ends before its first element is closed
  6 |     </issue>
    |             ^""",
        first=PROFILE[: PROFILE.index("</issue>") + 8],
    ),
    bad(
        "truncated within a tag",
        """\
a.xml:5:7: error: the file ends within a tag or a text that begins here
  5 |       <item index="2"
    |       ^""",
        first=PROFILE[: PROFILE.index(' value="high"')],
    ),
    bad(
        "mismatched tags",
        """\
a.xml:6:7: error: this tag closes another than the one that is open
  6 |     </isue>
    |       ^""",
        first=changed(PROFILE, "</issue>", "</isue>"),
    ),
    bad(
        "an attribute twice",
        """\
a.xml:4:23: error: an attribute is given twice
  4 |       <item index="1" index="2" value="low" evaluation="3"/>
    |                       ^""",
        first=changed(PROFILE, '<item index="1"', '<item index="1" index="2"'),
    ),
    bad(
        "wrong encoding",
        """\
a.xml:3:63: error: this file is not UTF-8 text
  3 |     <issue index="1" etype="discrete" type="discrete" name="Pr
    |                                                               ^
hint: save it in UTF-8, or declare its encoding: <?xml version="1.0" encoding="iso-8859-1"?>""",
        first=changed(PROFILE, '"Price"', '"Prîce"').encode("latin-1"),
    ),
    bad(
        "unknown encoding",
        """\
a.xml:1:1: error: the encoding 'ebcdic' is not read
hint: it can be: utf-8, us-ascii, iso-8859-1, windows-1252, utf-16""",
        first='<?xml version="1.0" encoding="EBCDIC"?>\n' + PROFILE,
    ),
    bad(
        "not XML",
        """\
a.xml:1:1: error: this is not XML
  1 | {"no": "xml"}
    | ^
hint: a file of a domain begins with < and a tag""",
        first='{"no": "xml"}',
    ),
    bad(
        "empty",
        """\
a.xml:1:1: error: the file ends before its first element is closed""",
        first="",
    ),
    bad(
        "too deep",
        """\
a.xml:21:1: error: more than 20 elements inside one another
  21 | <aaa>
     | ^""",
        first="<aaa>\n" * 30,
    ),
    bad(
        "a continuous issue",
        """\
domain.xml:8:20: error: the issue 'Days' is continuous (real), which cannot be taken
  8 |       <issue type="real" etype="integer" name="Days" index="2" lowerbound="1" upperbound="3"/>
    |                    ^^^^
hint: write it as a discrete issue with a few values; talks are over a finite set of packages""",
        domain=changed(DOMAIN, 'type="integer"', 'type="real"'),
    ),
    bad(
        "a range of nothing",
        """\
domain.xml:8:94: error: the range 1..0 holds nothing
  8 | ype="integer" etype="integer" name="Days" index="2" lowerbound="1" upperbound="0"/>
    |                                                                                ^""",
        domain=changed(DOMAIN, 'upperbound="3"', 'upperbound="0"'),
    ),
    bad(
        "a long range",
        """\
domain.xml:8:94: error: the issue 'Days' has 999,999,999 values; at most 20,000 can be taken
  8 | ype="integer" etype="integer" name="Days" index="2" lowerbound="1" upperbound="999999999"/>
    |                                                                                ^^^^^^^^^
hint: write it as a discrete issue with fewer values""",
        domain=changed(DOMAIN, 'upperbound="3"', 'upperbound="999999999"'),
    ),
    bad(
        "nested objectives",
        """\
domain.xml:4:7: error: an objective within an objective; only issues right under one objective are taken
  4 |       <objective/><issue type="discrete" etype="discrete" name="Price" index="1">
    |       ^^^^^^^^^^""",
        domain=changed(DOMAIN, "<issue", "<objective/><issue"),
    ),
    bad(
        "two issues of one name",
        """\
domain.xml:8:51: error: two issues have the name 'Price'
  8 |       <issue type="integer" etype="integer" name="Price" index="2" lowerbound="1" upperbound="3"/>
    |                                                   ^^^^^""",
        domain=changed(DOMAIN, '"Days"', '"Price"'),
    ),
    bad(
        "no issues",
        """\
domain.xml:1:24: error: there is no issue
  1 | <negotiation_template> <objective/></negotiation_template>
    |                        ^^^^^^^^^^""",
        domain="<negotiation_template> <objective/></negotiation_template>",
    ),
]


@pytest.mark.parametrize(("domain", "first", "message"), BAD)
def test_what_is_wrong_is_said_at_its_place(tmp_path: Path, domain: str, first: str | bytes, message: str) -> None:
    problems = problems_of(write(tmp_path, domain=domain, a=first, b=PROFILE))
    if "domain.xml" in message:  # what the profiles then lack is no news
        problems = [problem for problem in problems if problem.startswith("domain.xml")]
    assert "\n\n".join(problems) == message


def test_two_good_profiles_are_taken(tmp_path: Path) -> None:
    converted = convert([write(tmp_path, domain=DOMAIN, a=PROFILE, b=PROFILE)])
    table, _ = table_of(converted.text)
    assert table.seats["a"].utilities == pytest.approx([1 / 2.5 * 1, 0.7, 1, 0, 0.3, 0.6], abs=1e-9)


def test_a_profile_is_missing(tmp_path: Path) -> None:
    assert problems_of(write(tmp_path, domain=DOMAIN, a=PROFILE)) == [
        """\
domain.xml:1:1: error: the domain has one profile (a.xml); talks need two or more parties
  1 | <negotiation_template>
    | ^^^^^^^^^^^^^^^^^^^^^
hint: put the profiles beside it, or name them: negsim import DOMAIN PROFILE PROFILE"""
    ]


def test_profiles_alone_are_no_domain(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="this folder holds no domain"):
        convert([write(tmp_path, a=PROFILE, b=PROFILE)])


def test_of_two_domains_one_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, domain=DOMAIN, other=DOMAIN, a=PROFILE, b=PROFILE)
    with pytest.raises(UsageError, match="there is more than one domain"):
        convert([folder])
    assert "parties: [a, b]" in convert([folder / "domain.xml"]).text


def test_many_elements_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, domain=DOMAIN, a="<utility_space>" + "<a/>" * 100_001 + "</utility_space>", b=PROFILE)
    (problem,) = problems_of(folder)
    assert problem.splitlines()[0] == "a.xml:1:400012: error: more than 100,000 elements"


def test_large_files_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, domain=DOMAIN, a=b" " * 5_000_000, b=PROFILE)
    assert problems_of(folder) == ["a.xml:1:1: error: this file is larger than 4 MiB"]


def test_declared_encodings_are_read(tmp_path: Path) -> None:
    head = '<?xml version="1.0" encoding="{}"?>\n'
    domain = DOMAIN.replace("Price", "Prîce")
    profile = PROFILE.replace("Price", "Prîce")
    folder = write(
        tmp_path,
        domain=(head.format("ISO-8859-1") + domain).encode("latin-1"),
        a=(head.format("UTF-16") + profile).encode("utf-16"),
        b=b"\xef\xbb\xbf" + profile.encode(),
    )
    assert "price is Prîce" in convert([folder]).text


def test_negmas_takes_evaluations_as_they_stand(tmp_path: Path) -> None:
    """Evaluations 3 and 1, a slope over the value itself, and a constant: 0.5 e + 0.5 * 0.5 d + 2."""
    profile = changed(PROFILE, "  </objective>", '    <weight index="3" value="2"/>\n  </objective>')
    text = convert([write(tmp_path, domain=DOMAIN, a=profile, b=PROFILE)], meaning="negmas").text
    table, state = table_of(text)
    assert "price: {low: 1.5, high: 0.5}" in text
    assert "days_: {n1: 0.25, n2: 0.5, n3: 0.75}" in text
    worths = [0.5 * e + 0.25 * d + 2 for e in (3, 1) for d in (1, 2, 3)]
    low, high = min(worths), max(worths)
    assert table.seats["a"].utilities == pytest.approx([(w - low) / (high - low) for w in worths], abs=1e-12)
    assert table.seats["a"].fallback.read(state) == pytest.approx((0.25 - low) / (high - low), abs=1e-12)


# The command.


def test_the_command_prints_the_scenario_and_a_hint() -> None:
    result = CliRunner().invoke(command, [str(DATA / "printer")])
    assert result.exit_code == 0
    assert result.stdout == convert([DATA / "printer"]).text
    assert result.stderr == "write it to a file (-o FILE.yaml), then negsim deal FILE.yaml\n"


def test_the_command_writes_a_file_but_not_over_another(tmp_path: Path) -> None:
    path = tmp_path / "printer.yaml"
    result = CliRunner().invoke(command, [str(DATA / "printer"), "-o", str(path)])
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == f"{path} is written. Try: negsim deal {path}\n"
    assert path.read_text(encoding="utf-8") == convert([DATA / "printer"]).text
    again = CliRunner().invoke(command, [str(DATA / "printer"), "-o", str(path)])
    assert again.exit_code == 2
    assert again.stderr == f"error: {path} is there already\nhint: choose another name, or --force to write over it\n"


def test_the_command_says_what_is_wrong_and_exits_with_2(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(write(tmp_path, domain=DOMAIN, a=FILE, b=PROFILE))])
    assert result.exit_code == 2
    assert "a.xml:1:1: error: a document type (DOCTYPE) is not read" in result.stderr
    assert result.stdout == ""
