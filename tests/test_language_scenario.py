"""What the loader makes of scenarios that are right."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negsim.errors import ScenarioError
from negsim.language import check, load, load_files, load_text, shipped
from negsim.scenario.expressions import (
    Arithmetic,
    Both,
    Bound,
    Comparison,
    Conditional,
    Constant,
    Function,
    InGroup,
    MemberVariable,
    Observation,
    OneOf,
    Over,
    ParameterValue,
    Use,
    Variable,
)
from negsim.scenario.record import Origin, Parameter, Standing
from negsim.scenario.rules import (
    At,
    Binder,
    Emission,
    EventPattern,
    FixedDelay,
    GeometricDelay,
    OnEvent,
    StateVariable,
    UniformDelay,
)
from negsim.scenario.types import REAL, TRUTH, WHOLE, ActorOf, Enumeration, Whole

if TYPE_CHECKING:
    from negsim.scenario.expressions import Node
    from negsim.scenario.model import Scenario

HEAD = """\
negsim: 1
title: An example
start: 2025-09-04
horizon: 365
"""

EXAMPLE = (Path(__file__).parent / "data" / "whole.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def example() -> Scenario:
    return load_text(EXAMPLE)


def tree(condition: str, *, more: str = "") -> Node:
    """The tree of a condition in a small scenario."""
    text = f"""{HEAD}
groups: {{coalition: {{members: {{france: {{}}, norway: {{}}}}}}, leads: {{members: [france]}}}}
state:
  conflict: {{values: [fighting, ceasefire], initial: fighting}}
  strikes: {{range: 0..9, initial: 0}}
  alarm: {{initial: false}}
  lead: {{values: coalition, initial: nobody}}
  coalition: {{force: {{values: [pledged, in_place], initial: pledged}}}}
{more}
outcomes:
  a:
    when: {condition}
  other: {{}}
"""
    when = load_text(text).outcomes["a"].when
    assert when is not None
    return when.tree


CONFLICT = Variable("conflict", Enumeration(("fighting", "ceasefire")))
STRIKES = Variable("strikes", Whole(0, 9))
ALARM = Variable("alarm", TRUTH)


def value(word: str) -> Constant:
    return Constant(word, Enumeration((word,)))


def number(figure: int) -> Constant:
    return Constant(figure, WHOLE)


def test_a_value_takes_its_meaning_from_the_other_side() -> None:
    assert tree("conflict == ceasefire") == Comparison((CONFLICT, value("ceasefire")), ("==",), TRUTH)
    assert tree("ceasefire != conflict") == Comparison((value("ceasefire"), CONFLICT), ("!=",), TRUTH)
    assert tree("conflict in (ceasefire, fighting)") == OneOf(
        CONFLICT, (value("ceasefire"), value("fighting")), negated=False, type=TRUTH
    )


def test_comparisons_chain() -> None:
    assert tree("1 < strikes <= 3") == Comparison((number(1), STRIKES, number(3)), ("<", "<="), TRUTH)


def test_products_bind_before_sums_and_sums_from_the_left() -> None:
    product = Arithmetic("*", number(2), STRIKES, WHOLE)
    inner = Arithmetic("-", Arithmetic("-", number(9), product, WHOLE), number(1), WHOLE)
    assert tree("9 - 2 * strikes - 1 == 0") == Comparison((inner, number(0)), ("==",), TRUTH)


def test_and_binds_before_or_and_both_are_flat() -> None:
    assert tree("alarm and alarm and alarm") == Both((ALARM, ALARM, ALARM), TRUTH)
    assert tree("alarm or alarm and alarm") == tree("alarm or (alarm and alarm)")


def test_a_choice_joins_the_types_of_its_branches() -> None:
    meant = Conditional(ALARM, value("ceasefire"), value("fighting"), Enumeration(("ceasefire", "fighting")))
    assert tree("conflict == (ceasefire if alarm else fighting)") == Comparison((CONFLICT, meant), ("==",), TRUTH)


def test_dividing_gives_a_real_number_and_flooring_a_whole_one() -> None:
    real = tree("strikes / 2 > 1")
    whole = tree("min(strikes // 2, 3) > 1")
    assert isinstance(real, Comparison)
    assert isinstance(whole, Comparison)
    assert real.operands[0] == Arithmetic("/", STRIKES, number(2), REAL)
    floor = Arithmetic("//", STRIKES, number(2), WHOLE)
    assert whole.operands[0] == Function("min", (floor, number(3)), WHOLE)


def test_a_generator_binds_a_member() -> None:
    member = ActorOf(("france", "norway"), "coalition")
    kind = Enumeration(("pledged", "in_place"))
    force = MemberVariable(Bound("m", member), "force", "coalition", kind)
    condition = Comparison((force, value("in_place")), ("==",), TRUTH)
    assert tree("any(m.force == in_place for m in coalition)") == Over("any", "m", "coalition", condition, None, TRUTH)
    count = Over("count", "m", "coalition", None, condition, WHOLE)
    found = tree("count(m for m in coalition if m.force == in_place) > 1")
    assert found == Comparison((count, number(1)), (">",), TRUTH)


def test_an_actor_can_be_asked_for_its_group_and_for_nobody() -> None:
    lead = Variable("lead", ActorOf(("france", "norway"), "coalition", nobody=True))
    nobody = Constant("nobody", ActorOf((), None, nobody=True))
    assert tree("lead not in leads") == InGroup(lead, "leads", negated=True, type=TRUTH)
    assert tree("lead == nobody") == Comparison((lead, nobody), ("==",), TRUTH)
    force = MemberVariable(lead, "force", "coalition", Enumeration(("pledged", "in_place")))
    assert tree("lead.force == pledged") == Comparison((force, value("pledged")), ("==",), TRUTH)


def test_an_expression_keeps_the_authors_words(example: Scenario) -> None:
    guarded = example.outcomes["guarded"].when
    assert guarded is not None
    assert guarded.text == "conflict in (ceasefire, armistice) and present"


def test_sources_and_statements_are_read(example: Scenario) -> None:
    statement = example.statements["deploy_on_stop"]
    assert statement.quotes == ("Le jour où le conflit s'arrête,", "les garanties de sécurité se déploient")
    assert (statement.source, statement.said, statement.context) == ("afp", "2025-09-04", False)
    assert example.sources["afp"].language == "fr"


def test_members_are_actors_and_have_their_attributes(example: Scenario) -> None:
    assert list(example.actors) == ["russia", "us", "france", "norway", "poland"]
    coalition = example.groups["coalition"]
    assert coalition.members == ("france", "norway", "poland")
    assert coalition.given == {
        ("france", "land"): "said_yes",
        ("france", "troops"): 0,
        ("norway", "land"): "not_disclosed",
        ("norway", "troops"): 1.5,
        ("poland", "land"): "said_no",
        ("poland", "troops"): 0,
    }
    assert coalition.origins == {("france", "land"): Origin(Standing.STATED, ("deploy_on_stop",))}
    assert example.actors["poland"].origin == Origin(Standing.ASSUMED, (), "An example has no source.")
    assert example.groups["leads"].members == ("france",)


def test_a_variable_of_a_group_has_a_value_for_each_member(example: Scenario) -> None:
    assert example.variables["coalition.force"] == StateVariable(
        "force",
        "coalition",
        Enumeration(("pledged", "in_place")),
        {"france": "pledged", "norway": "in_place", "poland": "pledged"},
    )
    assert example.variables["alarm"] == StateVariable("alarm", None, TRUTH, {"": False})


def test_parameters_in_place_are_named_after_their_place(example: Scenario) -> None:
    origin = Origin(Standing.INFERRED, ("deploy_on_stop",), "A target may be struck.")
    assert example.parameters["targets.chance"] == Parameter(
        "targets.chance", 0.01, 0, 0.1, None, whole=False, origin=origin, rule="targets"
    )
    assert list(example.parameters) == ["stop_chance", "patience", "stops.by_armistice.weight", "targets.chance"]
    chance = example.rules["targets"].chance
    assert chance is not None
    assert (chance.text, chance.tree) == ("targets.chance", ParameterValue("targets.chance", REAL))


def test_a_parameter_is_whole_where_all_three_numbers_are(example: Scenario) -> None:
    assert example.parameters["patience"].whole
    assert not example.parameters["stop_chance"].whole


def test_definitions_may_stand_in_any_order(example: Scenario) -> None:
    risk = example.definitions["risk"]
    assert risk.binders == (Binder("m", "coalition"),)
    assert risk.text == "{by: m.land, said_yes: 0.9, else: weight_of_no}"
    assert isinstance(risk.tree, Conditional)
    assert risk.tree.then == Constant(0.9, REAL)
    assert risk.tree.otherwise == Use("weight_of_no", (), REAL)


def test_an_event_says_what_it_changes(example: Scenario) -> None:
    def targets(event: str) -> list[tuple[str, str, str | None, bool]]:
        return [(e.target, e.variable, e.group, e.every) for e in example.events[event].effects]

    assert targets("conflict_stopped") == [("conflict", "conflict", None, False)]
    assert targets("strike") == [("member.struck", "struck", "coalition", False), ("alarm", "alarm", None, False)]
    assert targets("withdrawn") == [
        ("coalition.force", "force", "coalition", True),
        ("france.struck", "struck", "coalition", False),
    ]
    assert example.events["withdrawn"].effects[1].of == Constant("france", ActorOf(("france",)))


def test_fields_have_types(example: Scenario) -> None:
    assert {field.name: field.type for field in example.events["announced"].fields} == {
        "by_whom": ActorOf(("russia", "us", "france", "norway", "poland")),
        "what": Enumeration(("fighting", "ceasefire", "armistice")),
        "how_many": Whole(0, 9),
        "loud": TRUTH,
        "leader": ActorOf(("france", "norway", "poland"), "coalition", nobody=True),
    }


def test_history_counts_days_from_the_start(example: Scenario) -> None:
    assert [(entry.day, entry.emission.event) for entry in example.history] == [(-3, "deployed"), (0, "withdrawn")]
    assert example.date_of(-3) == date(2025, 9, 1)


def test_a_rule_has_its_trigger_guards_and_action(example: Scenario) -> None:
    rule = example.rules["deploy"]
    member = Bound("m", ActorOf(("france", "norway", "poland"), "coalition"))
    assert rule.trigger == OnEvent(("conflict_stopped",))
    assert rule.binders == (Binder("m", "coalition"),)
    assert rule.delay == UniformDelay("uniform(1, patience)", number(1), ParameterValue("patience", WHOLE))
    assert rule.unless == (
        EventPattern("withdrawn", "withdrawn", None),
        EventPattern("deployed(m)", "deployed", (member,)),
    )
    assert rule.options[0].emits == (Emission("deployed(m)", "deployed", (member,)),)
    assert (rule.chooses, rule.by, rule.options[0].name) == (False, None, "")


def test_dates_become_days(example: Scenario) -> None:
    trigger = example.rules["targets"].trigger
    assert isinstance(trigger, At)
    assert (trigger.day.text, trigger.day.tree) == ("2025-10-01", number(27))
    assert example.rules["targets"].delay == GeometricDelay("geometric(0.5)", Constant(0.5, REAL))


def test_a_decision_adds_the_event_decided(example: Scenario) -> None:
    decided = example.events["decided"]
    assert list(example.events)[-1] == "decided"
    assert [(field.name, field.type) for field in decided.fields] == [
        ("rule", Enumeration(("call",))),
        (
            "option",
            Enumeration(
                ("announce", "strike_one[france]", "strike_one[norway]", "strike_one[poland]", "wait"),
            ),
        ),
    ]


def test_without_a_decision_there_is_no_event_decided() -> None:
    assert list(load_text(HEAD + "events: {e: {}}\noutcomes: {other: {}}\n").events) == ["e"]


def test_measures_observe_a_run(example: Scenario) -> None:
    first = Observation("first", "conflict_stopped", None, WHOLE)
    assert example.measures["days_to_stop"].expression.tree == Arithmetic("-", first, number(1), WHOLE)
    assert example.measures["exposed"].unit == "days"
    strikes = example.measures["strikes"].expression.tree
    assert isinstance(strikes, Observation)
    assert strikes.event == "strike"
    assert isinstance(example.measures["in_place"].expression.tree, Over)


def test_a_real_delay_is_left_to_the_run() -> None:
    rules = "events: {e: {}}\nstate: {n: {range: 0..9, initial: 4}}\n"
    rules += "rules: {r: {assumption: x, at: 1, after: n / 2, emit: e}}\noutcomes: {other: {}}\n"
    delay = load_text(HEAD + rules).rules["r"].delay
    assert isinstance(delay, FixedDelay)
    assert delay.days.text == "n / 2"


def test_words_of_yaml_1_1_are_text() -> None:
    text = HEAD.replace("An example", "12:30") + "state: {said: {values: [yes, no, on, off, y, n], initial: no}}\n"
    scenario = load_text(text + "outcomes: {other: {}}\n")
    assert scenario.title == "12:30"
    assert scenario.variables["said"].initial == {"": "no"}


def test_aliases_are_copies() -> None:
    text = HEAD + "actors: {us: &some {name: Some actor}, russia: *some}\noutcomes: {other: {}}\n"
    assert load_text(text).actors["russia"].name == "Some actor"


FILES = {
    "main.yaml": HEAD + "include: [parts/roster.yaml]\noutcomes: {a: {when: france.there}, other: {}}\n",
    "parts/roster.yaml": "groups: {g: {members: {france: {name: France}}}}\nstate: {g: {there: {initial: true}}}\n",
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


def test_included_files_are_read_from_disk_and_from_memory_alike(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    on_disk = load(tmp_path / "main.yaml")
    again = load_files(on_disk.files)
    in_memory = load_text(FILES["main.yaml"], files={"parts/roster.yaml": FILES["parts/roster.yaml"]})
    assert list(on_disk.files) == ["main.yaml", "parts/roster.yaml"]
    assert on_disk.files == FILES
    assert on_disk.hash == again.hash == in_memory.hash
    assert on_disk.groups == again.groups == in_memory.groups


def test_the_hash_depends_on_texts_and_paths_but_not_on_line_ends_or_the_roots_name(tmp_path: Path) -> None:
    windows = {"other.yaml": FILES["main.yaml"].replace("\n", "\r\n"), "parts/roster.yaml": FILES["parts/roster.yaml"]}
    assert load_files(windows).hash == load_files(FILES).hash
    changed = {**FILES, "main.yaml": FILES["main.yaml"] + "# more\n"}
    assert load_files(changed).hash != load_files(FILES).hash
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbf" + (HEAD + "outcomes: {other: {}}\n").encode())
    assert load(tmp_path / "bom.yaml").hash == load_text(HEAD + "outcomes: {other: {}}\n").hash


def test_load_text_reads_nothing_from_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError, match=r"there is no file .parts/roster\.yaml."):
        load_text(FILES["main.yaml"])


@pytest.mark.parametrize("name", [name for name, _ in shipped()])
def test_a_shipped_scenario_loads_by_its_name(name: str) -> None:
    report = check(name)
    assert [problem.render() for problem in report.problems] == []
    assert report.scenario == load(name)


def test_importing_the_loader_does_not_import_yaml() -> None:
    code = "import sys, negsim.language; sys.exit('yaml' in sys.modules or 'negsim.language.reading' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
