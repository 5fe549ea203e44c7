"""A log that was cut, changed, forged or never was one: a clear line and exit status 2, never a traceback."""

import json
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.errors import LogError, ModelError
from negsim.log.event import LOG_FORMAT, as_json
from negsim.log.fit import check_fit
from negsim.log.lines import write_lines
from negsim.log.reading import read_lines

SCENARIO = """
negsim: 1
title: A strike is answered
start: 2025-03-01
horizon: 20
actors: {envoy: {name: The envoy}}
groups: {sides: {members: {north: {name: North}, south: {name: South}}}}
parameters:
  answer_days: {value: 3, low: 0, high: 9, assumption: A guess.}
  eagerness: {value: 0.5, low: 0, high: 1, assumption: A guess.}
readings:
  scope: {assumption: A guess., options: {narrow: Narrow., wide: Wide.}, default: narrow}
state:
  strikes: {range: 0..3, initial: 0}
  sides: {angry: {initial: false}}
events:
  talks_opened: {text: The talks open.}
  struck:
    fields: {side: sides, force: 1..5}
    set: {strikes: strikes + 1, side.angry: true}
    text: "{side} strikes."
  calmed: {fields: {side: sides}, set: {side.angry: false}}
history:
  - {date: 2025-02-27, emit: talks_opened(), assumption: Made up.}
rules:
  first_strike: {assumption: A guess., at: 2, emit: "struck(north, 2)"}
  answer:
    assumption: A guess.
    on: struck
    for: m in sides
    when: m != side and strikes < 2
    after: answer_days
    emit: struck(m, 1)
  mediation:
    assumption: A guess.
    on: struck
    by: envoy
    choose:
      calm: {weight: eagerness, emit: calmed(side)}
      wait: {weight: 1}
outcomes: {quiet: {when: all(not m.angry for m in sides)}, angry: {}}
measures: {strikes_seen: count(struck), first_day: first(struck)}
"""


def same_luck(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a test is to do the same each time


@pytest.fixture(scope="module")
def scenario() -> negsim.Scenario:
    return negsim.load_text(SCENARIO, name="strikes.yaml")


@pytest.fixture(scope="module")
def lines(scenario: negsim.Scenario) -> tuple[str, ...]:
    return tuple(write_lines(negsim.run(scenario, seed=3).log))


def chained(bodies: Sequence[str | dict[str, Any]]) -> list[str]:
    """Lines with their hashes, worked out as anyone who read the source could."""
    last, sealed = "", []
    for body in bodies:
        bare = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        last = blake2b((last + bare).encode(errors="surrogatepass"), digest_size=16).hexdigest()
        sealed.append(f'{bare[:-1]},"hash":"{last}"}}')
    return sealed


def bodies(lines: tuple[str, ...]) -> list[dict[str, Any]]:
    """The lines as JSON, without their hashes."""
    found = [json.loads(line) for line in lines]
    for body in found:
        del body["hash"]
    return found


def with_id(header: dict[str, Any]) -> dict[str, Any]:
    """A header whose run id fits it again."""
    header.pop("run", None)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
    return {**header, "run": blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()}


def refused(lines: Sequence[str]) -> str:
    with pytest.raises(LogError) as caught:
        read_lines("\n".join(lines) + "\n", "the log")
    return str(caught.value)


def test_a_log_reads_back_as_it_was(scenario: negsim.Scenario, lines: tuple[str, ...]) -> None:
    run = negsim.run(scenario, seed=3)
    log = read_lines("\n".join(lines) + "\n", "the log")
    assert (log.header, list(log.events), log.ending, log.files) == (
        run.header, list(run.events), run.ending, {"strikes.yaml": SCENARIO},
    )  # fmt: skip
    assert [as_json(event) for event in log.events] == [as_json(event) for event in run.events]
    assert tuple(write_lines(log)) == lines
    assert [event.event for event in run.events] == ["talks_opened", "struck", "decided", "struck", "calmed"]


def test_the_helper_forges_what_the_program_writes(lines: tuple[str, ...]) -> None:
    assert tuple(chained(bodies(lines))) == lines
    first = bodies(lines)[0]
    assert with_id(dict(first)) == first


def test_each_line_names_its_event_with_the_keys_of_the_contract(lines: tuple[str, ...]) -> None:
    keys = (
        "seq day date event fields rule instance actor cause triggered source inferred assumption option share chance"
    )
    assert [list(json.loads(line)) for line in lines[2:-1]] == [[*keys.split(), "hash"]] * 5


@pytest.mark.parametrize("kept", range(1, 8))
def test_a_log_cut_at_a_line_end_has_no_ending(lines: tuple[str, ...], kept: int) -> None:
    assert refused(lines[:kept]) == (
        f"the log: the log is cut after line {kept} (event {kept - 3}): it has no ending"
        if kept > 2
        else f"the log: the log is cut after line {kept}: it has no ending"
    )


def test_a_log_cut_within_a_line_names_the_line(lines: tuple[str, ...]) -> None:
    whole = "\n".join(lines) + "\n"
    chance = same_luck(1)
    for at in chance.sample(range(20, len(whole) - 1), 60):
        number = whole[:at].count("\n") + 1
        message = refused([whole[:at]])
        if whole[at - 1] == "\n" or whole[at] == "\n":
            assert "the log is cut after line" in message
        else:
            assert message.startswith(f"the log: line {number}: the line does not fit those before it")


def test_two_lines_that_changed_places_are_noticed(lines: tuple[str, ...]) -> None:
    for first in range(1, 7):
        swapped = [*lines]
        swapped[first], swapped[first + 1] = swapped[first + 1], swapped[first]
        assert refused(swapped).startswith(f"the log: line {first + 1}: the line does not fit those before it")


def test_a_line_left_out_or_said_twice_is_noticed(lines: tuple[str, ...]) -> None:
    for number in range(1, 7):
        assert f"line {number + 1}: the line does not fit" in refused([*lines[:number], *lines[number + 1 :]])
        assert f"line {number + 2}: the line does not fit" in refused([*lines[: number + 1], *lines[number:]])


def test_a_changed_character_anywhere_is_noticed(lines: tuple[str, ...]) -> None:
    whole = "\n".join(lines) + "\n"
    chance = same_luck(2)
    for at in [*range(14), *chance.sample(range(14, len(whole)), 400)]:
        other = chance.choice([c for c in '0aZ \n"}é\u2028\x00' if c != whole[at]])
        changed = whole[:at] + other + whole[at + 1 :]
        with pytest.raises(LogError):
            read_lines(changed, "the log")


def test_lines_of_another_run_do_not_fit(scenario: negsim.Scenario, lines: tuple[str, ...]) -> None:
    other = tuple(write_lines(negsim.run(scenario, seed=4).log))
    for at in range(1, len(lines)):
        assert f"line {at + 1}: the line does not fit" in refused([*lines[:at], *other[at:]])


def test_something_after_the_end_is_noticed(lines: tuple[str, ...]) -> None:
    more = chained([*bodies(lines), bodies(lines)[-1]])
    assert refused(more) == "the log: line 9: something follows the end of the log"


@pytest.mark.parametrize(
    ("version", "way_out"),
    [
        (LOG_FORMAT - 1, "It was made by an older negsim: use that one, or make the run anew."),
        (LOG_FORMAT + 1, "Use a newer negsim."),
    ],
)
def test_another_format_is_named(lines: tuple[str, ...], version: int, way_out: str) -> None:
    found = bodies(lines)
    found[0]["negsim_log"] = version
    assert refused(chained([with_id(found[0]), *found[1:]])) == (
        f"the log: the log has format {version}; this version of negsim reads format {LOG_FORMAT}. {way_out}"
    )


def test_a_log_of_the_first_format_is_told_apart_from_a_broken_one(lines: tuple[str, ...]) -> None:
    """Its header has no luck; the format is told before anything is missed."""
    found = bodies(lines)
    first = {**found[0], "negsim_log": 1}
    del first["luck"]
    assert "made by an older negsim" in refused(chained([with_id(first), *found[1:]]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "{}",
        "[]",
        "null",
        "negsim: 1\ntitle: x\n",
        '{"negsim_log":',
        '{"negsim_log":1}',
        "\ufeff{}",
        "\x00" * 500,
    ],
)
def test_what_is_no_log_is_called_so(text: str) -> None:
    with pytest.raises(LogError, match=r"^x: (this is no negsim log|line 1: the line does not fit those before it)"):
        read_lines(text, "x")


def test_a_run_id_that_is_not_the_headers_hash_is_noticed(lines: tuple[str, ...]) -> None:
    found = bodies(lines)
    found[0]["seed"] = 9
    assert refused(chained(found)) == "the log: line 1: the run's id is not the hash of its header"


# Logs whose hashes an attacker has worked out anew, asked of every command that reads a log.

Change = Callable[[list[dict[str, Any]]], None]


def forged(lines: tuple[str, ...], change: Change) -> list[str]:
    """The log with one change to its bodies, every hash worked out anew."""
    found = bodies(lines)
    change(found)
    return chained([with_id(found[0]), *found[1:]])


def at(number: int, key: str, value: Any) -> Change:
    """A change of one key of one line (a path of keys)."""

    def change(found: list[dict[str, Any]]) -> None:
        place: Any = found[number]
        keys = key.split(".")
        for each in keys[:-1]:
            place = place[each]
        place[keys[-1]] = value

    return change


def without(number: int, key: str) -> Change:
    def change(found: list[dict[str, Any]]) -> None:
        del found[number][key]

    return change


def dropped(number: int) -> Change:
    def change(found: list[dict[str, Any]]) -> None:
        del found[number]

    return change


DEEP = json.loads("[" * 500 + "]" * 500)
FORGERIES = {
    "unknown_event": at(3, "event", "invaded"),
    "event_is_no_text": at(3, "event", ["struck"]),
    "event_is_nothing": at(3, "event", None),
    "a_field_more": at(3, "fields", {"side": "north", "force": 2, "more": 1}),
    "a_field_less": at(3, "fields", {"side": "north"}),
    "fields_in_another_order": at(3, "fields", {"force": 2, "side": "north"}),
    "fields_are_a_list": at(3, "fields", ["north", 2]),
    "fields_are_nothing": at(3, "fields", None),
    "unknown_member": at(3, "fields.side", "west"),
    "member_is_a_list": at(3, "fields.side", ["north"]),
    "force_out_of_range": at(3, "fields.force", 6),
    "force_is_text": at(3, "fields.force", "2"),
    "force_is_a_truth": at(3, "fields.force", value=True),
    "force_is_real": at(3, "fields.force", 2.5),
    "force_is_huge": at(3, "fields.force", 10**4000),
    "force_is_deep": at(3, "fields.force", DEEP),
    "seq_gap": at(3, "seq", 7),
    "seq_is_text": at(3, "seq", "1"),
    "seq_is_negative": at(2, "seq", -1),
    "an_event_is_gone": dropped(3),
    "day_is_absurd": at(6, "day", 10**30),
    "day_is_absurdly_early": at(2, "day", -(10**30)),
    "day_past_the_horizon": at(6, "day", 21),
    "day_goes_back": at(6, "day", 1),
    "day_is_real": at(6, "day", 5.0),
    "day_is_text": at(6, "day", "5"),
    "day_is_a_truth": at(6, "day", value=True),
    "date_is_not_the_days": at(6, "date", "2025-03-07"),
    "date_is_no_date": at(6, "date", "\u001b[31m"),
    "date_is_a_number": at(6, "date", 20250306),
    "unknown_rule": at(3, "rule", "second_strike"),
    "rule_is_a_list": at(3, "rule", ["first_strike"]),
    "rule_is_nothing": at(3, "rule", None),
    "instance_is_not_the_rules": at(3, "instance", ["north"]),
    "instance_of_nobody": at(5, "instance", ["west"]),
    "instance_is_a_number": at(5, "instance", 3),
    "instance_is_deep": at(5, "instance", [DEEP]),
    "actor_is_unknown": at(4, "actor", "judge"),
    "actor_where_nobody_decides": at(3, "actor", "envoy"),
    "actor_is_a_mapping": at(4, "actor", {"envoy": 1}),
    "cause_is_itself": at(4, "cause", 2),
    "cause_comes_later": at(4, "cause", 4),
    "cause_is_negative": at(4, "cause", -1),
    "cause_is_far_away": at(4, "cause", 10**30),
    "cause_is_another_event": at(4, "cause", 0),
    "cause_is_missing": at(4, "cause", None),
    "cause_of_a_dated_rule": at(3, "cause", 0),
    "cause_is_text": at(4, "cause", "1"),
    "cause_is_real": at(4, "cause", 1.0),
    "triggered_later": at(5, "triggered", 19),
    "triggered_on_another_day": at(5, "triggered", 1),
    "triggered_is_text": at(5, "triggered", "2"),
    "triggered_at_once_is_not": at(5, "triggered", None),
    "origin_is_a_source": at(3, "source", ["somebody_said"]),
    "origin_is_nothing": at(3, "assumption", None),
    "origin_is_another": at(3, "assumption", "It is certain."),
    "origin_is_deep": at(3, "assumption", DEEP),
    "unknown_option": at(4, "option", "strike_back"),
    "option_where_there_is_none": at(3, "option", "calm"),
    "option_is_missing": at(4, "option", None),
    "option_is_a_number": at(4, "option", 1),
    "share_over_one": at(4, "share", 1.5),
    "share_is_text": at(4, "share", "0.5"),
    "share_is_nan": at(4, "share", float("nan")),
    "chance_is_infinite": at(4, "chance", float("inf")),
    "chance_is_deep": at(4, "chance", DEEP),
    "key_is_missing": without(4, "triggered"),
    "fields_key_is_missing": without(4, "fields"),
    "strikes_leave_their_range": lambda found: found.__setitem__(
        slice(3, None),
        [
            *({**found[3], "seq": 1 + number} for number in range(4)),
            {"end": {**found[-1]["end"], "events": 5}},
        ],
    ),
    "unknown_outcome": at(7, "end.outcome", "victory"),
    "outcome_is_a_list": at(7, "end.outcome", ["quiet"]),
    "ended_far_away": at(7, "end.ended_on", 10**30),
    "ended_before_its_events": at(7, "end.ended_on", 1),
    "ended_on_text": at(7, "end.ended_on", "20"),
    "unknown_measure": at(7, "end.measures", {"victories": 1}),
    "measure_is_text": at(7, "end.measures.strikes_seen", "2"),
    "measure_is_deep": at(7, "end.measures.strikes_seen", DEEP),
    "measure_is_nan": at(7, "end.measures.strikes_seen", float("nan")),
    "measures_are_a_list": at(7, "end.measures", [1, 2]),
    "wrong_number_of_events": at(7, "end.events", 99),
    "ending_is_a_number": at(7, "end", 1),
    "title_is_another": at(0, "scenario.title", "\u001b[31mAnother"),
    "title_is_deep": at(0, "scenario.title", DEEP),
    "title_is_half_a_character": at(0, "scenario.title", "\ud800"),
    "start_is_another": at(0, "scenario.start", "2024-03-01"),
    "scenario_is_text": at(0, "scenario", "strikes"),
    "hash_is_another": at(0, "scenario.hash", "0" * 64),
    "hash_is_a_number": at(0, "scenario.hash", 7),
    "language_is_newer": at(0, "language", 2),
    "seed_is_text": at(0, "seed", "3"),
    "seed_is_negative": at(0, "seed", -3),
    "seed_is_huge": at(0, "seed", 10**4000),
    "seed_is_nan": at(0, "seed", float("nan")),
    "parameters_are_a_list": at(0, "parameters", []),
    "a_parameter_is_missing": at(0, "parameters", {"answer_days": 3}),
    "a_parameter_more": at(0, "parameters", {"answer_days": 3, "eagerness": 0.5, "x": 1}),
    "a_parameter_is_text": at(0, "parameters.eagerness", "0.5"),
    "a_parameter_is_infinite": at(0, "parameters.eagerness", float("inf")),
    "a_whole_parameter_is_real": at(0, "parameters.answer_days", 2.5),
    "readings_are_empty": at(0, "readings", {}),
    "a_reading_has_an_unknown_option": at(0, "readings.scope", "both"),
    "a_reading_is_a_list": at(0, "readings.scope", ["narrow"]),
    "policies_are_text": at(0, "policies", "calm"),
    "a_policy_is_empty": at(0, "policies", [{}]),
    "a_policy_for_an_unknown_rule": at(0, "policies", [{"decision": "war", "option": "calm"}]),
    "a_policy_for_no_decision": at(0, "policies", [{"decision": "answer", "option": ""}]),
    "a_policy_with_an_unknown_option": at(0, "policies", [{"decision": "mediation", "option": "war"}]),
    "a_policy_with_wrong_actors": at(0, "policies", [{"decision": "mediation", "option": "calm", "actors": ["north"]}]),
    "a_policy_on_no_day": at(0, "policies", [{"decision": "mediation", "option": "calm", "day": "x"}]),
    "an_intervention_is_text": at(0, "interventions", ["x"]),
    "an_intervention_is_empty": at(0, "interventions", [{}]),
    "an_intervention_at_no_event": at(0, "interventions", [{"at": "x", "set": {"eagerness": 1.0}}]),
    "an_intervention_sets_the_unknown": at(0, "interventions", [{"at": 1, "set": {"x": 1}}]),
    "an_intervention_sets_text": at(0, "interventions", [{"at": 1, "set": {"eagerness": "1"}}]),
    "an_intervention_emits_the_unknown": at(0, "interventions", [{"at": 1, "emit": {"event": "x", "fields": {}}}]),
    "an_intervention_emits_half": at(0, "interventions", [{"at": 1, "emit": {"event": "calmed", "fields": {}}}]),
    "an_intervention_leaves_out_half": at(0, "interventions", [{"at": 1, "without": {"event": "calmed"}}]),
    "the_parent_is_a_number": at(0, "parent", 7),
    "no_scenario": dropped(1),
    "scenario_files_are_empty": at(1, "scenario_files", {}),
    "scenario_files_are_a_list": at(1, "scenario_files", []),
    "scenario_text_is_a_number": at(1, "scenario_files", {"strikes.yaml": 3}),
    "scenario_text_is_empty": at(1, "scenario_files", {"strikes.yaml": ""}),
    "scenario_text_is_half_a_character": at(1, "scenario_files", {"strikes.yaml": SCENARIO + "# \ud800"}),
    "scenario_text_is_another": at(1, "scenario_files", {"strikes.yaml": SCENARIO.replace("at: 2", "at: 3")}),
    "scenario_text_is_broken": at(1, "scenario_files", {"strikes.yaml": SCENARIO + "\n  bad: ["}),
    "scenario_text_is_a_bomb": at(1, "scenario_files", {"strikes.yaml": "a: " + "[" * 20_000}),
    "the_scenario_stands_twice": lambda found: found.insert(2, found[1]),
    "the_scenario_stands_late": lambda found: found.insert(4, found.pop(1)),
    "a_line_of_another_kind": lambda found: found.insert(3, {"note": "hello"}),
}
COMMANDS = (
    ("log",),
    ("log", "--json"),
    ("state",),
    ("state", "--seq", "3"),
    ("why", "3"),
    ("why", "4", "--but-for"),
    ("replay",),
    ("export", "--to", "jsonl"),
    ("export", "--to", "csv"),
    ("fork", "--at", "1", "--set", "eagerness=1", "--store", "forks.db"),
)


READERS = (COMMANDS[0], COMMANDS[2], COMMANDS[4], COMMANDS[6], COMMANDS[8])


def asked(path: Path, command: tuple[str, ...]) -> tuple[int, str]:
    """What a command says to a log: (exit status, standard error)."""
    result = CliRunner().invoke(main, [command[0], str(path), *command[1:]])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in result.output
    assert "a mistake in negsim" not in result.output
    assert "\x1b" not in result.output
    if result.exit_code not in (0, 1):
        assert result.stderr.strip(), "an error is told"
    return result.exit_code, result.stderr


def test_what_is_forged_is_a_log_as_it_stands(
    lines: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "fine.jsonl"
    path.write_text("\n".join(forged(lines, lambda _: None)) + "\n", encoding="utf-8")
    assert [asked(path, command) for command in COMMANDS] == [(0, "")] * len(COMMANDS)


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_log_is_refused_in_a_clear_line(
    lines: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "forged.jsonl"
    text = "\n".join(forged(lines, FORGERIES[name])) + "\n"
    path.write_bytes(text.encode(errors="surrogatepass"))
    answers = {command: asked(path, command)[0] for command in READERS}
    if name == "strikes_leave_their_range":  # each event is possible; only the state after the third is not
        assert answers == dict(zip(READERS, (0, 2, 0, 1, 0), strict=True))
    else:
        assert set(answers.values()) == {2}
    assert list(tmp_path.iterdir()) == [path]


def test_events_that_only_a_replay_can_doubt_are_found_by_it(lines: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "forged.jsonl"
    path.write_text("\n".join(forged(lines, at(6, "share", 0.25))) + "\n", encoding="utf-8")
    assert asked(path, ("log",))[0] == 0
    assert asked(path, ("replay",)) == (1, "")


def test_a_json_bomb_is_no_traceback(lines: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl"
    found = [json.dumps(body, ensure_ascii=False, separators=(",", ":")) for body in bodies(lines)]
    for bomb in (
        '{"seq":' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"seq":1' + "0" * 100_000 + "}",
        '{"end":' + '{"a":' * 50_000 + "1" + "}" * 50_001,
    ):
        path.write_text("\n".join(chained([*found[:3], bomb])) + "\n", encoding="utf-8")
        status, said = asked(path, ("log",))
        assert status == 2
        assert said.startswith(f"error: {path}: line 4: ")
        assert len(said) < 1_000


def test_a_log_that_is_no_text_no_file_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "binary.jsonl").write_bytes(same_luck(3).randbytes(5_000))
    (tmp_path / "folder.jsonl").mkdir()
    (tmp_path / "empty.jsonl").touch()
    answers = {
        name: asked(tmp_path / name, ("log",)) for name in ("binary.jsonl", "folder.jsonl", "empty.jsonl", "none.jsonl")
    }
    assert answers == {
        "binary.jsonl": (2, f"error: {tmp_path}/binary.jsonl: this is no UTF-8 text, so no negsim log\n"),
        "folder.jsonl": (2, f"error: {tmp_path}/folder.jsonl: Is a directory\n"),
        "empty.jsonl": (2, f"error: {tmp_path}/empty.jsonl: this is no negsim log\n"),
        "none.jsonl": (2, f"error: {tmp_path}/none.jsonl: No such file or directory\n"),
    }


def test_a_log_of_another_scenario_is_noticed(lines: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "swapped.jsonl"
    other = SCENARIO.replace("after: answer_days", "after: 2")
    path.write_text("\n".join(forged(lines, at(1, "scenario_files", {"strikes.yaml": other}))) + "\n", encoding="utf-8")
    status, said = asked(path, ("log",))
    assert status == 2
    assert said.startswith("error: the log is of another scenario, or of another version of it (")


def test_random_damage_never_shows_a_traceback(lines: tuple[str, ...], tmp_path: Path) -> None:
    """Bytes changed, cut and doubled anywhere: refused, or (for line ends at the very end) read as before."""
    path = tmp_path / "damaged.jsonl"
    whole = ("\n".join(lines) + "\n").encode()
    chance = same_luck(4)
    for _ in range(60):
        at_byte, width = chance.randrange(len(whole) - 1), chance.randrange(1, 40)
        new = chance.choice([b"", chance.randbytes(width), whole[at_byte : at_byte + width] * 2, b"\n"])
        damaged = whole[:at_byte] + new + whole[at_byte + width :]
        if damaged.removesuffix(b"\n") != whole.removesuffix(b"\n"):
            path.write_bytes(damaged)
            assert asked(path, ("state",))[0] == 2


TALKS = """
negsim: 1
title: Two talk
start: 2025-03-01
horizon: 90
actors: {north: {name: North}, south: {name: South}}
state: {fighting: {initial: true}}
events: {stopped: {set: {fighting: false}}, resumed: {set: {fighting: true}}, noted: {}}
talks:
  peace:
    parties: [north, south]
    opens: 4
    every: 3
    rounds: 8
    while: fighting
    issues: {forces: [out, stay], payment: [none_paid, paid]}
    agreed: stopped()
    reopens: resumed
    positions:
      north: {values: {forces: {stay: 3}, payment: {paid: 2}}, fallback: 0.3, assumption: Made up.}
      south:
        red_lines: {no_forces: {never: forces == stay, when: fighting, assumption: Made up.}}
        values: {payment: {none_paid: 2}, forces: {out: 1}}
        assumption: Made up.
rules:
  again: {assumption: Made up., on: stopped, after: 20, emit: resumed()}
  notes: {assumption: Made up., on: refused, emit: noted()}
  later: {assumption: Made up., every: 3, from: 4, when: fighting, after: 1, still: fighting, emit: noted()}
outcomes: {peace_holds: {when: not fighting}, war: {}}
"""


def test_logs_of_talks_are_read_and_forged_ones_refused(tmp_path: Path) -> None:
    scenario = negsim.load_text(TALKS, name="talks.yaml")
    run = negsim.run(scenario)
    assert {"offered", "refused", "agreed", "stopped", "resumed", "noted"} <= {event.event for event in run.events}
    path = tmp_path / "talks.jsonl"
    for each in (run, run.fork(without=0), run.fork(without=len(run.events) // 2)):
        path.write_text("\n".join(write_lines(each.log)) + "\n", encoding="utf-8")
        for event in each.events:
            assert each.why(event.seq).steps[0].event is event
        assert [asked(path, command)[0] for command in READERS] == [0] * len(READERS)
    lines = tuple(write_lines(run.log))
    found = bodies(lines)
    refusal = next(number for number, body in enumerate(found) if body.get("event") == "refused")
    for key, value in (
        ("rule", "war"), ("fields.party", "west"), ("fields.talks", "war"), ("fields.reason", "because"),
        ("instance", ["north"]), ("actor", "west"), ("cause", 10**30), ("cause", "0"), ("triggered", 1),
        ("source", ["nothing"]), ("option", "x"), ("share", 7),
    ):  # fmt: skip
        path.write_text("\n".join(forged(lines, at(refusal, key, value))) + "\n", encoding="utf-8")
        assert {asked(path, command)[0] for command in READERS} == {2}, (key, value)


def test_logs_of_the_conformance_suite_fit_their_scenarios() -> None:
    """What is checked against forgeries never refuses what a run or a fork has logged; and each event has a why."""
    cases = sorted((Path(__file__).parent / "conformance").glob("[0-9]*.yaml"))
    for path in cases:
        case = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        if "error" in case:
            continue
        scenario = negsim.load_text(case["scenario"], name=path.name)
        asked = case.get("run", {})
        run = negsim.run(
            scenario,
            seed=int(asked.get("seed", 0)),
            set=asked.get("set"),
            read=asked.get("read"),
            choose=asked.get("choose"),
        )
        runs = [run]
        if run.events:
            with suppress(ModelError):  # what is left out may be what kept the rest in bounds
                runs.append(run.fork(without=len(run.events) // 2))
        for each in runs:
            log = read_lines("\n".join(write_lines(each.log)), path.name)
            check_fit(scenario, log, path.name)
            for event in each.events[:20]:
                assert each.why(event.seq).steps[0].event is event


def test_an_export_stands_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that was exported is read where no store and no scenario file is."""
    monkeypatch.chdir(tmp_path)
    Path("strikes.yaml").write_text(SCENARIO, encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(main, ["run", "strikes.yaml", "--seed", "3", "--quiet"]).exit_code == 0
    exported = runner.invoke(main, ["export", "last", "--to", "jsonl", "-o", "log.jsonl"])
    assert (exported.exit_code, exported.stdout, exported.stderr) == (0, "", "written to log.jsonl\n")
    alone = tmp_path / "elsewhere"
    alone.mkdir()
    text = Path("log.jsonl").read_bytes()
    monkeypatch.chdir(alone)
    Path("log.jsonl").write_bytes(text)
    again = runner.invoke(main, ["export", "log.jsonl", "--to", "jsonl"])
    assert again.stdout_bytes == text
    assert runner.invoke(main, ["replay", "log.jsonl"]).exit_code == 0
    assert [path.name for path in alone.iterdir()] == ["log.jsonl"]
