"""The model as a document: what it holds, what it marks, and that no text of an author breaks it."""

import json
import re

import pytest
from markdown_it import MarkdownIt

import negsim
from negsim.show.describe import describe, describe_json
from negsim.show.markdown import code, link, prose, table

SHIPPED = ["paris_2025", "ifor_1995", "minsk_2015", "grain_2022", "october_1962", "template"]

SCENARIO = """
negsim: 1
title: The bridge
start: 2025-01-01
horizon: 10
sources:
  gazette:
    title: The council meets
    publisher: The Gazette
    date: 2024-12-30
    language: fr
    statements:
      half: {speaker: The mayor, said: 2024-12-29, quote: Nous payons la moitié, english: We pay half}
      told: {speaker: The Gazette, about: the bridge, said: 2024-12, reported: It was closed., sureness: B}
      aside: {speaker: The mayor, quote: Bonjour, english: Good day, context: true}
actors: {birch: {name: Birch}}
groups:
  towns:
    assumption: Others could pay too.
    attributes: {rich: {default: false}, size: {range: 0..9, default: 1}}
    members:
      alder: {name: Alder, rich: true, source: {rich: half}, size: 1}
      elm: {name: Elm, size: 3, assumption: A guess.}
parameters:
  storms: {value: 0.5, low: 0, high: 1, unit: per day, source: told, inferred: A closed bridge is a struck one.}
  wait: {value: 2, assumption: As before.}
readings:
  meant:
    source: half
    question: Half of what?
    options: {costs: Of the costs., profit: Of the profit.}
    default: costs
state:
  bridge: {values: [closed, passable], initial: closed, source: told}
  towns: {paid: {initial: {alder: true, else: false}}}
define:
  rich_paid: any(m.paid and m.rich for m in towns)
  share(m in towns): {by: m.size, 1: 0.1, else: wait}
events:
  met: {text: The council meets.}
  opened: {fields: {by_whom: towns}, set: {bridge: passable}, text: "{by_whom} opens the bridge."}
  paid_half: {fields: {m: towns}, set: {m.paid: true}}
history:
  - {date: 2024-12-29, emit: met(), source: half}
rules:
  opening:
    source: half
    every: wait
    from: 2025-01-02
    until: 9
    for: t in towns
    when: bridge == closed
    by: t
    choose:
      open: {weight: share(t), emit: opened(t)}
      hold: {weight: {value: 1, low: 0, high: 2}, when: meant == costs}
  payment:
    assumption: Money moves slowly.
    on: opened
    for: t in towns
    chance: 0.5
    after: uniform(1, 3)
    still: not t.paid
    unless: paid_half(t)
    emit: paid_half(t)
  storm:
    source: [half, told]
    inferred: Storms are not named.
    while: bridge == passable
    chance: {value: 0.1, low: 0, high: 1}
    after: geometric(0.5)
    choose:
      one: {for: m in towns, emit: ["opened(m)", paid_half(m)]}
      none_of_them: {weight: 3}
  twice: {assumption: a, at: 2025-01-04, after: 1, emit: met()}
outcomes:
  open_and_paid: {when: rich_paid and meant == costs, ends: true}
  closed_still: {}
measures: {days_open: days(bridge == passable)}
"""


def document() -> str:
    return describe(negsim.load_text(SCENARIO, name="x.yaml"))


def part(heading: str) -> str:
    """A part of the document, from a heading to the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n\n(.*?)(?=\n#|\Z)", document(), re.MULTILINE | re.DOTALL)
    assert found is not None, f"no heading {heading!r}"
    return found[1].strip()


def test_the_headings_are_those_of_the_protocol() -> None:
    headings = re.findall(r"^##+ (?:[1-7]\. )?(.*)$", document(), re.MULTILINE)
    wanted = [
        "Overview",
        "Purpose and patterns",
        "Entities, state variables and scales",
        "Process overview and scheduling",
        "Design concepts",
        "Details",
        "Initialization and history",
        "Input",
        "Submodels",
        "Sources",
        "References",
    ]
    assert [heading for heading in headings if heading in wanted] == [*wanted[:5], "Design concepts", *wanted[5:]]


def test_a_decision_reads_as_a_sentence_with_its_options() -> None:
    assert part("1. Opening (`opening`)") == (
        "Every `wait` (2) days, from 2025-01-02 on, until day 9, for each `t` of `towns`, if `bridge == closed`:"
        " **`t` decides** between:\n"
        "\n"
        "- `open` (weight `share(t)`): “[t] opens the bridge.” (`opened(t)`).\n"
        "- `hold` (weight `opening.hold.weight` (1), open if `meant == costs`): nothing changes;"
        " the decision is logged.\n"
        "\n"
        "> **Stated:**\n"
        ">\n"
        "> - The mayor (2024-12-29): “Nous payons la moitié” — in English: “We pay half” [`half`]"
    )


def test_guards_chance_and_delay_read_in_the_order_in_which_they_count() -> None:
    assert part("2. Payment (`payment`)") == (
        "Each time `opened` (“[by whom] opens the bridge.”) is logged, for each `t` of `towns`, with a chance of 0.5,"
        " after a delay drawn evenly, `uniform(1, 3)` days, provided that `not t.paid` when the time to act comes,"
        " unless `paid_half(t)` has been logged in between, this is logged: “Paid half (m: [t])” (`paid_half(t)`).\n"
        "\n"
        "> **Assumed:** Money moves slowly."
    )


def test_what_nature_draws_and_what_is_reported_are_called_so() -> None:
    assert part("3. Storm (`storm`)") == (
        "On each day that begins with `bridge == passable`, with a chance of `storm.chance` (0.1) a day, after a delay"
        " drawn as a daily trial, `geometric(0.5)`: chance draws one of these by weight:\n"
        "\n"
        "- `one` (weight 1, one for each `m` of `towns`): “[m] opens the bridge.” (`opened(m)`), then"
        " “Paid half (m: [m])” (`paid_half(m)`).\n"
        "- `none_of_them` (weight 3): nothing changes, and nothing is logged.\n"
        "\n"
        "> **Inferred** by the author: Storms are not named. From:\n"
        ">\n"
        "> - The mayor (2024-12-29): “Nous payons la moitié” — in English: “We pay half” [`half`]\n"
        "> - The Gazette (2024-12, on the bridge): It was closed. *(reported in the author's words)* [`told`]"
    )


def test_a_dated_rule_names_its_date() -> None:
    assert part("4. Twice (`twice`)").startswith(
        "Once, on 2025-01-04, after a delay of 1 day, this is logged: “The council meets.” (`met()`)."
    )


def test_a_reading_is_a_question_with_its_what_ifs() -> None:
    assert part("1. Half of what?") == (
        "A switch named `meant`. The question arises from what stands here; the answer is a choice.\n"
        "\n"
        "> **Stated:**\n"
        ">\n"
        "> - The mayor (2024-12-29): “Nous payons la moitié” — in English: “We pay half” [`half`]\n"
        "\n"
        "- **By default:** Of the costs. (`costs`) — Only then, the parameter `opening.hold.weight` can matter.\n"
        "- **What if:** Of the profit. (`--read meant=profit`)\n"
        "\n"
        "What it touches: rule `opening` (when of an option); outcome `open_and_paid`."
    )


def test_each_attribute_says_where_it_comes_from() -> None:
    assert "| Alder | true | (1) | rich: *stated:* `half` |" in document()
    assert "| Elm | (false) | 3 | size: *assumed:* A guess. |" in document()


def test_state_and_history_say_how_all_begins() -> None:
    assert "| `paid` | each member of `towns` | true, false | Elm: false; the others: true | — |" in document()
    assert "| 2024-12-29 | -3 | The council meets. | `met()` | *stated:* `half` |" in document()


def test_a_parameter_without_a_range_is_fixed() -> None:
    row = "| `wait` | 2 | fixed | — | *assumed:* As before. | `opening` | — |"
    assert row in document()


def test_nothing_is_presented_as_a_forecast() -> None:
    assert "It is no forecast." in part("1. Purpose and patterns")


EVIL = [
    "# heading",
    "- item",
    "1. first",
    "12) twelfth",
    "> quoted",
    "| a | b |",
    "`code` ``two``",
    "*bold* _it_ __all__ snake_case ~~gone~~",
    "<script>alert(1)</script> <b>x</b>",
    "&lt;b&gt; &#60;i&#62; a & b",
    "[link](javascript:alert(1)) ![image](http://x/y.png)",
    "[x]: http://example.org",
    "[x] done",
    "[ ] to do",
    "[^1]: a note",
    "ends in a bracket]",
    "back\\slash \\* \\",
    "=== ---",
    "two\nlines\n\n# heading",
    "\x1b[31mred\x1b[0m \u202egnirts",
]


def shown(markdown: str) -> str:
    """The text that a reader of some Markdown sees, with marks for all that is more than text."""
    found = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        found += [child.content if child.type == "text" else f"<{child.type}>" for child in token.children or ()]
    return "".join(found)


@pytest.mark.parametrize("text", EVIL)
def test_an_author_s_text_shows_as_it_is_written(text: str) -> None:
    wanted = " ".join(text.replace("\x1b", "\ufffd").replace("\u202e", "\ufffd").split())
    parsed = [token.type for token in MarkdownIt("commonmark").parse(prose(text))]
    assert parsed == ["paragraph_open", "inline", "paragraph_close"]
    assert shown(prose(text)) == wanted
    assert shown(f"- {prose(text)}") == wanted
    assert shown(f"{prose(text)} [`id`]") == f"{wanted} [<code_inline>]"
    assert shown("\n".join(table(["a"], [[prose(text)]]))) == f"a{wanted}"


@pytest.mark.parametrize("text", EVIL)
def test_code_holds_its_text_whole(text: str) -> None:
    (paragraph,) = [token for token in MarkdownIt("commonmark").parse(f"x {code(text)} y") if token.type == "inline"]
    assert [child.type for child in paragraph.children or ()] == ["text", "code_inline", "text"]


def test_only_a_web_address_is_a_link() -> None:
    assert link("https://example.org/a?b=c") == "<https://example.org/a?b=c>"
    assert link("javascript:alert(1)") == "javascript:alert(1)"
    assert link("trt.global/…/x [y](z)") == "trt.global/…/x [y\\](z)"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_table_has_as_many_cells_in_each_row(name: str) -> None:
    widths: set[int] = set()
    for line in [*describe(negsim.load(name)).splitlines(), ""]:
        if line.startswith("|"):
            widths.add(len(re.findall(r"(?<!\\)\|", line)))
        else:
            assert len(widths) <= 1
            widths = set()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_rule_and_reading_is_described(name: str) -> None:
    scenario = negsim.load(name)
    found = describe(scenario)
    for rule in scenario.rules:
        assert f"(`{rule}`)\n" in found
    for each, reading in scenario.readings.items():
        switch = "." if reading.of is None else ", which each of its holders has."
        assert f"A switch named `{reading.of or each}`{switch}" in found
        assert f"`{each}`" in found


def test_an_assumption_never_reads_as_stated() -> None:
    scenario = negsim.load("paris_2025")
    found = describe(scenario).split("\n#### 7.2 Rules\n")[1]
    for number, rule in enumerate(scenario.rules.values(), start=1):
        block = found.split(f"\n##### {number}. ")[1].split("\n#")[0]
        marks = [mark for mark in ("Stated:", "Inferred", "Assumed:") if f"> **{mark}**" in block]
        assert marks == [{"stated": "Stated:", "inferred": "Inferred", "assumed": "Assumed:"}[rule.origin.standing]]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_same_content_as_plain_values(name: str) -> None:
    scenario = negsim.load(name)
    found = json.loads(json.dumps(describe_json(scenario), allow_nan=False))
    assert [rule["name"] for rule in found["rules"]] == list(scenario.rules)
    assert [reading["name"] for reading in found["readings"]] == list(scenario.readings)
    assert [len(source["statements"]) for source in found["sources"]] == [
        sum(1 for each in scenario.statements.values() if each.source == source) for source in scenario.sources
    ]


def test_a_rule_as_plain_values() -> None:
    found = describe_json(negsim.load_text(SCENARIO, name="x.yaml"))["rules"][1]
    assert {key: found[key] for key in ("name", "trigger", "on", "for", "chance", "after", "still", "unless")} == {
        "name": "payment",
        "trigger": "on",
        "on": ["opened"],
        "for": {"t": "towns"},
        "chance": "0.5",
        "after": "uniform(1, 3)",
        "still": "not t.paid",
        "unless": ["paid_half(t)"],
    }
    assert found["origin"] == {
        "standing": "assumed",
        "assumption": "Money moves slowly.",
        "inferred": None,
        "statements": [],
    }


def test_a_note_on_the_whole_scenario_stands_under_its_title() -> None:
    noted = negsim.load_text(SCENARIO.replace("title:", "note: Everything *here* is made up.\ntitle:", 1))
    assert describe(noted).splitlines()[2] == "Note: Everything \\*here\\* is made up."
    assert describe_json(noted)["note"] == "Everything *here* is made up."
    assert describe_json(negsim.load_text(SCENARIO))["note"] is None


def test_the_words_behind_a_rule_do_not_state_a_number_that_is_written_in_it() -> None:
    """`opening` is stated; the weight of its option to hold is not."""
    assert "| `opening.hold.weight` | 1 | 0 to 2 | — | the author's number in its rule `opening` | " in document()
    assert "A number that is written in a rule is the author's, however the rule stands." in document()
