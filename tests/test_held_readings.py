"""Readings that actors hold: whose answer it is, in settings, in matrices, in what people are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from exhaustive import all_runs

import negsim
from negsim.cli import main
from negsim.deals.analysis import bearing, readings_of
from negsim.ensemble.design.readings import named, size, varied
from negsim.ensemble.sample.effects import deciding, effects
from negsim.ensemble.study.exact import ExactCells
from negsim.errors import UsageError
from negsim.exact.answer.solve import solve
from negsim.exact.symmetry.orbits import orbits
from negsim.language import check_text
from negsim.log.again import run_command
from negsim.program.program import Program
from negsim.scenario.held import reading_called, taken_otherwise, told_once
from negsim.scenario.settings import reading_options, settings_of
from negsim.show.describe import describe
from negsim.show.quotes import usage

DUTY = """\
negsim: 1
title: Two sides read one duty
start: 2030-05-01
horizon: 6
actors: {north: {name: North}, south: {name: South}}
groups: {sides: {members: [north, south]}}
readings:
  duty:
    assumption: a
    question: What is the duty?
    held_by: [sides]
    options: {strict: Every word., loose: The spirit.}
    default: strict
  plain: {assumption: b, options: {yes_it_is: Yes., no_it_is_not: No.}, default: yes_it_is}
state: {breaches: {range: 0..9, initial: 0}}
events:
  breach: {fields: {by: sides}, set: {breaches: "min(breaches + 1, 9)"}}
rules:
  breaks: {assumption: c, for: m in sides, every: 2, when: "duty[m] == loose", chance: 0.5, emit: breach(m)}
  talks_apart: {assumption: d, at: 1, when: duty.north != duty.south and plain == yes_it_is, emit: breach(north)}
outcomes: {broken: {when: breaches > 1}, kept: {}}
"""
AT_TALKS = """\
talks:
  peace:
    parties: [north, south]
    opens: 2
    every: 1
    rounds: 2
    issues: {land: [much, little]}
    positions:
      north:
        assumption: e
        red_lines: {firm: {never: land == little, when: duty.north == strict, assumption: f}}
        values: {land: {much: 1}}
      south:
        assumption: g
        values: {land: {little: 1}}
"""


def duty(text: str = DUTY) -> negsim.Scenario:
    return negsim.load_text(text)


def test_a_reading_that_is_held_is_one_for_each_holder() -> None:
    found = duty().readings
    assert list(found) == ["duty.north", "duty.south", "plain"]
    assert [(each.of, each.holder) for each in found.values()] == [("duty", "north"), ("duty", "south"), (None, None)]


@pytest.mark.parametrize(
    ("by", "holders"),
    [
        ("everyone", ["north", "south", "crew_a", "crew_b"]),
        ("[south, sides]", ["south", "north"]),
        ("[crew, north]", ["crew_a", "crew_b", "north"]),
        ("south", ["south"]),
    ],
)
def test_holders_stand_in_the_order_of_the_file_each_once(by: str, holders: list[str]) -> None:
    text = DUTY.replace("groups: {", "groups: {crew: {members: {crew_a: {}, crew_b: {}}}, ").replace("[sides]", by)
    text = text.replace('"duty[m] == loose"', "plain == yes_it_is").replace("duty.north != duty.south and ", "")
    assert [each.holder for each in duty(text).readings.values() if each.holder] == holders


@pytest.mark.parametrize(
    "given", [{"duty": "loose", "duty.north": "strict"}, {"duty.north": "strict", "duty": "loose"}]
)
def test_the_answer_of_one_holder_goes_before_that_of_all(given: dict[str, str]) -> None:
    assert reading_options(duty(), given) == {"duty.north": "strict", "duty.south": "loose"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"dut": "loose"}, "there is no reading `dut`"),
        ({"duty.west": "loose"}, "there is no reading `duty.west`"),
        ({"duty": "lose"}, "'lose' is no option of reading `duty`"),
    ],
)
def test_what_is_no_reading_is_said(given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        reading_options(duty(), given)
    assert "did you mean" in str(caught.value.hint)


# Rows of a matrix.


def test_each_holder_alone_and_then_all_together() -> None:
    scenario = duty()
    cells = varied(scenario, "each", settings_of(scenario).readings)
    assert [cell.readings for cell in cells] == [
        {},
        {"duty.north": "loose"},
        {"duty.south": "loose"},
        {"duty.north": "loose", "duty.south": "loose"},
        {"plain": "no_it_is_not"},
    ]
    assert size(scenario, "each") == len(cells)


def test_where_defaults_are_apart_all_can_take_each_of_the_answers() -> None:
    scenario = duty(DUTY.replace("default: strict", "default: {north: strict, else: loose}"))
    cells = [cell.readings for cell in varied(scenario, "each", settings_of(scenario).readings)]
    together = [taken_otherwise(scenario, cell) for cell in cells if len(cell) > 1]
    assert together == [("duty", "strict"), ("duty", "loose")]


def test_one_holder_has_no_row_of_all() -> None:
    text = DUTY.replace("[sides]", "north").replace('"duty[m] == loose"', "plain == yes_it_is")
    scenario = duty(text.replace("duty.north != duty.south", "duty.north == loose"))
    cells = [cell.readings for cell in varied(scenario, "each", settings_of(scenario).readings)]
    assert cells == [{}, {"duty.north": "loose"}, {"plain": "no_it_is_not"}]


def test_names_stand_for_all_holders_or_for_one() -> None:
    assert named(duty(), "duty") == ("duty.north", "duty.south")
    assert named(duty(), ["plain", "duty.south"]) == ("duty.south", "plain")
    with pytest.raises(UsageError, match="there is no reading `duti`"):
        named(duty(), "duti")


def test_the_matrix_says_whose_reading_decides() -> None:
    scenario = duty()
    result = negsim.explore(scenario, runs=200, readings="each")
    found = {effect.reading: effect for effect in effects(result, "broken")}
    assert set(found) == {"duty.north", "duty.south", "duty", "plain"}
    for name, effect in found.items():
        option = "no_it_is_not" if name == "plain" else "loose"
        alone = negsim.explore(scenario, runs=200, read={name: option})
        counts = {outcome: share.count for outcome, share in effect.cell.outcomes.items()}
        assert counts == {outcome: share.count for outcome, share in alone.only.outcomes.items()}
    assert next(iter(deciding(result))) in ("duty.north", "duty.south")
    assert set(result.as_json()["order"]) == set(found)


def test_the_exact_matrix_comes_to_what_all_runs_come_to() -> None:
    scenario = duty()
    cells = tuple(varied(scenario, "each", settings_of(scenario).readings))
    solutions = tuple(solve(scenario, read=cell.readings) for cell in cells)
    found = ExactCells(scenario, cells, solutions, one_at_a_time=True).effects()
    assert {effect.reading for effect in found} == {"duty.north", "duty.south", "duty", "plain"}
    by_name = {effect.reading: effect.solution.outcomes["broken"] for effect in found}
    # Days 2, 4 and 6 each bring a breach with chance 1/2 from whoever is loose; day 1 one more where they differ.
    assert by_name["duty.north"] == by_name["duty.south"] == pytest.approx(7 / 8)
    assert by_name["duty"] == pytest.approx(57 / 64)
    assert by_name["plain"] == 0


def test_the_page_of_a_matrix_says_how_it_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "duty.yaml"
    path.write_text(DUTY, encoding="utf-8")
    page = tmp_path / "page.html"
    done = _asked("explore", str(path), "--runs", "20", "--readings", "each", "-o", str(tmp_path / "r.sqlite"))
    assert "duty, as North reads it" in done
    assert "duty, as all read it" in done
    _asked("report", str(tmp_path / "r.sqlite"), "-o", str(page))
    said = page.read_text(encoding="utf-8")
    assert "What is the duty? (as South reads it)" in said
    assert "--readings each" in said


def _asked(*words: str) -> str:
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.output


# What is shown.


def test_answers_that_all_share_are_told_once() -> None:
    scenario = duty()
    assert told_once(scenario, {"duty.north": "loose", "duty.south": "loose"}) == {"duty": "loose"}
    apart = {"duty.north": "loose", "duty.south": "strict"}
    assert told_once(scenario, apart) == apart
    assert told_once(scenario, {"duty.north": "loose"}) == {"duty.north": "loose"}


@pytest.mark.parametrize(
    "read", [{"duty": "loose"}, {"duty.south": "loose"}, {"duty": "loose", "plain": "no_it_is_not"}, {}]
)
def test_the_command_that_makes_a_run_again_has_its_readings(read: dict[str, str]) -> None:
    scenario = duty()
    settings = settings_of(scenario, read=read)
    command = run_command(scenario, settings, seed=0)
    assert [word for word in command.split() if "=" in word] == [f"{name}={option}" for name, option in read.items()]


def test_a_reading_is_called_by_its_holder() -> None:
    scenario = duty()
    called = [reading_called(scenario, name) for name in ("duty.north", "duty", "plain")]
    assert called == ["duty, as North reads it", "duty, as all read it", "plain"]


def test_why_names_whose_reading_was_looked_at() -> None:
    run = negsim.run(duty(), read={"duty.north": "loose"})
    first = next(event for event in run.events if event.rule == "talks_apart")
    conditions = run.why(first.seq).steps[0].conditions
    found = {each.name: (each.value, each.is_set) for each in conditions if each.kind == "reading"}
    assert found == {"duty.north": ("loose", True), "duty.south": ("strict", False), "plain": ("yes_it_is", False)}


def test_why_follows_the_holder_that_is_bound() -> None:
    run = negsim.run(duty(), read={"duty.south": "loose"}, seed=2)
    event = next(event for event in run.events if event.rule == "breaks")
    names = [each.name for each in run.why(event.seq).steps[0].conditions if each.kind == "reading"]
    assert names == ["duty.south"]


def test_a_question_is_described_once_with_what_hangs_on_each_holder() -> None:
    said = describe(duty())
    assert said.count("What is the duty?") == 1
    assert "As North (`duty.north`) and South (`duty.south`) read it:" in said
    assert "`--read duty=loose`" in said
    apart = describe(duty(DUTY + AT_TALKS))
    assert "As North (`duty.north`) reads it:" in apart
    assert "`--read duty.south=loose`" in apart


def test_a_question_rests_on_its_words_once() -> None:
    assert [each.name for each in usage(duty()).assumptions if each.kind == "reading"] == ["duty", "plain"]


# Warnings.


def _warned(text: str) -> list[str]:
    return [warning.message for warning in check_text(text).warnings]


def test_a_holder_whose_answer_nothing_reads_is_warned_of() -> None:
    text = DUTY.replace('"duty[m] == loose"', "plain == yes_it_is").replace(
        "duty.north != duty.south", "duty.north == loose"
    )
    assert _warned(text) == ["nothing goes by how south reads `duty`"]


def test_a_held_reading_that_nothing_reads_is_warned_of_once() -> None:
    text = DUTY.replace('"duty[m] == loose"', "plain == yes_it_is").replace("duty.north != duty.south and ", "")
    assert _warned(text) == ["nothing uses the reading `duty`"]


def test_a_value_with_the_name_of_a_held_reading_is_warned_of() -> None:
    text = DUTY.replace("state: {", "state: {mood: {values: [duty, calm], initial: calm}, ")
    assert any("is also the name of a reading" in message for message in _warned(text))


# Who is alike.

CREW = """\
negsim: 1
title: A crew that reads a rule
start: 2030-05-01
horizon: 3
groups: {crew: {members: {ann: {}, ben: {}, cem: {}}}}
readings:
  rule: {assumption: a, held_by: [crew], options: {strict: A., loose: B.}, default: strict}
state: {crew: {away: {initial: false}}}
events: {leaves: {fields: {m: crew}, set: {m.away: true}}}
rules:
  goes:
    assumption: b
    for: m in crew
    while: not m.away
    chance: 0.4 if rule[m] == loose else 0.1
    emit: leaves(m)
outcomes:
  none_left: {when: all(m.away for m in crew)}
  one_left: {when: count(m for m in crew if m.away) == 1}
  other: {}
"""


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ({}, {("ann", "ben", "cem")}),
        ({"rule": "loose"}, {("ann", "ben", "cem")}),
        ({"rule.ben": "loose"}, {("ann", "cem"), ("ben",)}),
    ],
)
def test_members_who_read_alike_are_alike(read: dict[str, str], expected: set[tuple[str, ...]]) -> None:
    scenario = negsim.load_text(CREW)
    assert set(orbits(Program(scenario, settings_of(scenario, read=read))).members) == expected


@pytest.mark.parametrize("default", ["strict", "{ben: loose, else: strict}"])
def test_members_who_read_apart_are_told_apart_in_an_exact_solution(default: str) -> None:
    scenario = negsim.load_text(CREW.replace("default: strict", f"default: {default}"))
    expected: dict[str, float] = dict.fromkeys(scenario.outcomes, 0.0)
    for run in all_runs(scenario, most=5_000):
        expected[run.outcome] += run.chance
    assert solve(scenario).outcomes == pytest.approx(expected)


# Deals.


def test_deals_are_shown_under_the_readings_of_those_who_go_by_them() -> None:
    scenario = duty(DUTY + AT_TALKS)
    assert bearing(scenario, ["duty"]) == ("duty.north",)
    assert bearing(scenario, ["duty.south"]) == ("duty.south",)
    assert bearing(scenario, ["plain"]) == ("plain",)


def test_of_a_definition_that_is_used_of_one_actor_only_this_holders_answer_bears_on_the_talks() -> None:
    text = """negsim: 1
title: Whose reading bears on the talks
start: 2030-01-01
horizon: 9
groups: {sides: {members: {north: {}, south: {}}}}
readings:
  duty: {held_by: sides, options: {strict: As written., loose: As meant.}, default: loose, assumption: a}
define: {strictly(a in sides): "duty[a] == strict"}
talks:
  t:
    parties: [north, south]
    opens: 1
    every: 2
    rounds: 2
    issues: {toll: [some, none]}
    positions:
      north: {assumption: a, red_lines: {no: {never: toll == none, when: strictly(north), assumption: a}}}
      south: {assumption: a}
outcomes: {done: {}}
"""
    scenario = negsim.load_text(text)
    assert readings_of(scenario, scenario.talks["t"]) == ("duty.north",)


def test_a_note_says_of_what_was_asked_for_alone_that_it_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "held.yaml"
    path.write_text(
        "negsim: 1\ntitle: T\nstart: 2025-01-01\nhorizon: 3\ngroups: {g: {members: {a: {}, b: {}}}}\n"
        "readings: {q: {assumption: m, held_by: [g], options: {u: U, w: W}, default: {a: w, else: u}}}\n"
        "events: {x: {fields: {n: g}}}\n"
        'rules: {r: {every: 1, for: i in g, when: "q[i] == u", emit: x(i), assumption: m}}\noutcomes: {p: {}}\n',
        encoding="utf-8",
    )

    def notes(*reads: str) -> list[str]:
        asked = [word for read in reads for word in ("--read", read)]
        found = CliRunner().invoke(main, ["run", str(path), "--quiet", "--no-keep", *asked])
        assert found.exit_code == 0
        return [line for line in found.stderr.splitlines() if "changes nothing" in line]

    assert notes("q=w", "q.b=u") == ["note: --read q=w changes nothing: it is w already"]
    assert notes("q.a=w") == ["note: --read q.a=w changes nothing: it is w already"]
    assert notes("q=w") == notes("q.b=w") == []
