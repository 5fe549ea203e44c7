"""The command line: exit statuses, streams, JSON, odd words, interruptions, and scenarios that mean harm."""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import COMMANDS, main

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
  strikes: {range: 0..9, initial: 0}
  sides: {angry: {initial: false}}
events:
  struck: {fields: {side: sides}, set: {strikes: strikes + 1, side.angry: true}, text: "{side} strikes."}
  calmed: {fields: {side: sides}, set: {side.angry: false}, text: "{side} is calm."}
rules:
  opening: {assumption: A guess., at: 2, emit: struck(north)}
  answer:
    assumption: A guess.
    on: struck
    for: m in sides
    when: m != side and (strikes < 2 or scope == wide) and strikes < 6
    after: answer_days
    emit: struck(m)
  mediation:
    assumption: A guess.
    on: struck
    by: envoy
    choose: {calm: {weight: eagerness, emit: calmed(side)}, wait: {weight: 1}}
outcomes: {quiet: {when: all(not m.angry for m in sides)}, angry: {}}
measures: {strikes_seen: count(struck), calm_on: first(calmed)}
"""
FALLING = """
negsim: 1
title: It falls
start: 2025-03-01
horizon: 20
state: {n: {range: 0..3, initial: 0}}
events: {up: {set: {n: n + 1}}}
rules: {ups: {assumption: A guess., every: 2, emit: up()}}
outcomes: {end: {}}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NEGSIM_STORE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    Path("strikes.yaml").write_text(SCENARIO, encoding="utf-8")
    Path("falling.yaml").write_text(FALLING, encoding="utf-8")
    return tmp_path


def asked(*words: str | int) -> tuple[int, str, str]:
    """Exit status, standard output, standard error; never a traceback, never an escape sequence."""
    result = CliRunner().invoke(main, [str(word) for word in words], prog_name="negsim")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    for text in (result.stdout, result.stderr):
        assert "Traceback" not in text
        assert "a mistake in negsim" not in text
        assert "\x1b" not in text
    return result.exit_code, result.stdout, result.stderr


def fine(*words: str | int) -> str:
    status, out, error = asked(*words)
    assert (status, error) == (0, "")
    return out


def as_json(*words: str | int) -> dict[str, Any]:
    """The one JSON object that a command prints."""
    found: dict[str, Any] = json.loads(fine(*words, "--json"))
    return found


@pytest.fixture
def run_id(here: Path) -> str:  # noqa: ARG001 - the run is made in the test's own folder
    found: str = as_json("run", "strikes.yaml", "--seed", 3)["run"]
    return found


def negsim_process(*words: str, **options: Any) -> subprocess.Popen[str]:
    found: subprocess.Popen[str] = subprocess.Popen(
        [sys.executable, "-m", "negsim", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )
    return found


# Exit statuses and streams.


def test_done_is_0_and_all_commands_have_help() -> None:
    assert fine("--help").count("\n") > len(COMMANDS)
    assert fine("--version").startswith("negsim, version ")
    for name in COMMANDS:
        assert fine(name, "--help").startswith(f"Usage: negsim {name}")


def test_results_go_to_standard_output_alone(run_id: str) -> None:
    for words in (
        ("run", "strikes.yaml"),
        ("validate", "strikes.yaml", "--quiet"),
        ("runs",),
        ("log", run_id),
        ("state", run_id),
        ("why", run_id, "0"),
        ("replay", run_id),
        ("diff", run_id, run_id),
        ("fork", run_id, "--at", "0", "--set", "eagerness=1"),
        ("export", run_id, "--to", "jsonl"),
        ("export", run_id, "--to", "csv"),
        ("schema",),
        ("completion", "bash"),
    ):
        assert fine(*words)


def test_a_replay_that_differs_is_1(run_id: str) -> None:
    lines = fine("export", run_id, "--to", "jsonl").splitlines()
    assert fine("replay", run_id) == f"run {run_id[:12]}: the same again, {len(lines) - 3} events and the ending.\n"
    forged = forge(lines, '"outcome":"angry"', '"outcome":"quiet"')
    Path("forged.jsonl").write_text(forged, encoding="utf-8")
    status, out, error = asked("replay", "forged.jsonl")
    assert (status, error) == (1, "")
    assert "the replay differs from the log" in out
    status, out, _ = asked("replay", "forged.jsonl", "--json")
    found = json.loads(out)
    assert (status, found["same"], found["difference"]["seq"]) == (1, False, None)
    assert found["difference"]["left"]["outcome"] == "quiet"
    assert found["difference"]["right"]["outcome"] == "angry"


def forge(lines: list[str], old: str, new: str) -> str:
    """A log with one text changed, and every hash worked out anew."""
    from hashlib import blake2b  # noqa: PLC0415 - here alone

    last, sealed = "", []
    for line in lines:
        bare = re.sub(r',"hash":"[0-9a-f]{32}"}$', "}", line).replace(old, new)
        last = blake2b((last + bare).encode(), digest_size=16).hexdigest()
        sealed.append(f'{bare[:-1]},"hash":"{last}"}}\n')
    return "".join(sealed)


USAGE = {
    "nothing": ((), "Usage: negsim [OPTIONS] COMMAND [ARGS]..."),
    "unknown command": (("rum",), "Error: No such command 'rum'.\nhint: did you mean 'run'?"),
    "unknown option": (("run", "strikes.yaml", "--sed", "1"), "No such option '--sed'"),
    "no scenario": (("run",), "Missing argument 'SCENARIO'"),
    "too many": (("log", "a", "b"), "Got unexpected extra argument (b)"),
    "unknown scenario": (("run", "paris_2026"), "hint: did you mean 'paris_2025'?"),
    "unknown file": (("run", "strike.yml"), "strike.yml:1:1: error: there is no such file"),
    "a folder": (("run", "."), "error: this is a folder, not a file"),
    "seed no number": (("run", "strikes.yaml", "--seed", "x"), "'x' is not a valid integer"),
    "seed real": (("run", "strikes.yaml", "--seed", "1.5"), "'1.5' is not a valid integer"),
    "seed negative": (
        ("run", "strikes.yaml", "--seed", "-1"),
        "error: a seed is a whole number from 0 to 9223372036854775807, not -1\n",
    ),
    "seed too large": (
        ("run", "strikes.yaml", "--seed", str(2**63)),
        "error: a seed is a whole number from 0 to 9223372036854775807, not 9223372036854775808\n",
    ),
    "seed of 5,000 digits": (("run", "strikes.yaml", "--seed", "9" * 5_000), "is not a valid integer"),
    "set without value": (("run", "strikes.yaml", "--set", "eagerness"), "error: 'eagerness' is no parameter=value\n"),
    "set empty": (("run", "strikes.yaml", "--set", "eagerness="), "error: 'eagerness=' is no parameter=value\n"),
    "set unknown": (
        ("run", "strikes.yaml", "--set", "eagernes=1"),
        "error: there is no parameter `eagernes`\nhint: did you mean 'eagerness'? It can be: answer_days, eagerness\n",
    ),
    "set whole to real": (
        ("run", "strikes.yaml", "--set", "answer_days=1.5"),
        "error: parameter `answer_days` is a whole number, not 1.5\n",
    ),
    "set no number": (
        ("run", "strikes.yaml", "--set", "eagerness=much"),
        "error: parameter `eagerness`: 'much' is no number\n",
    ),
    "set percent": (
        ("run", "strikes.yaml", "--set", "eagerness=2.5 %"),
        "error: parameter `eagerness`: '2.5 %' is no number\nhint: write 0.025\n",
    ),
    "set absurd percent": (
        ("run", "strikes.yaml", "--set", "eagerness=1e999999%"),
        "error: parameter `eagerness`: '1e999999%' is no number\n",
    ),
    "set nan": (("run", "strikes.yaml", "--set", "eagerness=nan"), "nan is not a finite number\n"),
    "set infinite": (("run", "strikes.yaml", "--set", "eagerness=1e999"), "1e999 is not a finite number\n"),
    "read without value": (("run", "strikes.yaml", "--read", "scope"), "error: 'scope' is no reading=option\n"),
    "read unknown": (("run", "strikes.yaml", "--read", "scop=wide"), "hint: did you mean 'scope'?"),
    "read unknown option": (
        ("run", "strikes.yaml", "--read", "scope=wid"),
        "error: 'wid' is no option of reading `scope`\nhint: did you mean 'wide'?",
    ),
    "choose without option": (("run", "strikes.yaml", "--choose", "mediation"), "error: 'mediation' is no choice\n"),
    "choose unknown": (("run", "strikes.yaml", "--choose", "opening=calm"), "error: there is no decision `opening`\n"),
    "choose unknown option": (
        ("run", "strikes.yaml", "--choose", "mediation=clam"),
        "error: 'clam' is no option of `mediation`\nhint: did you mean 'calm'?",
    ),
    "day after the end": (
        ("state", "last", "--day", "21"),
        "error: the run ended on day 20\nhint: --day can be at most 20, 2025-03-21\n",
    ),
    "date after the end": (
        ("state", "last", "--day", "2025-03-22"),
        "error: the run ended on day 20\nhint: --day can be at most 20, 2025-03-21\n",
    ),
    "no date": (("state", "last", "--day", "2025-3-1"), "neither a whole number nor a date such as 2030-05-11"),
    "no date to fork at": (("fork", "last", "--at", "May"), "neither a whole number nor a date such as 2030-05-11"),
    "absurd day": (("state", "last", "--day", "1" + "0" * 30), "error: the run ended on day 20\n"),
    "seq out of range": (("state", "last", "--seq", "99"), "error: the log has no event 99\nhint: it can be: -1 to "),
    "seq too small": (("state", "last", "--seq", "-2"), "error: the log has no event -2\n"),
    "day and seq": (("state", "last", "--seq", "1", "--day", "1"), "error: --day and --seq name two moments\n"),
    "why out of range": (("why", "last", "99"), "error: the run has no event 99\nhint: its events are 0 to "),
    "why no number": (("why", "last", "x"), "'x' is neither the number of an event nor `outcome`"),
    "fork of nothing": (("fork", "last", "--at", "1"), "error: nothing is changed\n"),
    "fork nowhere": (("fork", "last", "--set", "eagerness=1"), "error: a fork needs the event after which it begins\n"),
    "fork out of range": (("fork", "last", "--at", "99", "--set", "eagerness=1"), "error: the run has no event 99\n"),
    "fork below": (("fork", "last", "--at", "-2", "--set", "eagerness=1"), "error: the run has no event -2\n"),
    "emit half": (("fork", "last", "--at", "1", "--emit", "foo("), "error: 'foo(' is no event"),
    "emit unknown": (("fork", "last", "--at", "1", "--emit", "strck(north)"), "hint: did you mean 'struck'?"),
    "emit no field": (
        ("fork", "last", "--at", "1", "--emit", "struck()"),
        "error: `side` of `struck` is not given\nhint: write 'struck(side)'\n",
    ),
    "emit wrong field": (
        ("fork", "last", "--at", "1", "--emit", "struck(west)"),
        "error: `side` of `struck` is a member of sides\nhint: it can be: north, south\n",
    ),
    "emit too many": (
        ("fork", "last", "--at", "1", "--emit", "struck(north, south)"),
        "error: `struck` does not take these arguments\nhint: write 'struck(side)'\n",
    ),
    "without the past": (
        ("fork", "last", "--at", "1", "--without", "0"),
        "error: event 0 is not after event 1, where the fork begins\n",
    ),
    "without nothing": (("fork", "last", "--without", "99"), "error: the run has no event 99\n"),
    "no such run": (("log", "feed"), "error: no run in .negsim/runs.db has an id that begins with 'feed'\n"),
    "no such log": (("log", "none.jsonl"), "error: none.jsonl: No such file or directory\n"),
    "a scenario for a run": (("log", "strikes.yaml"), "error: strikes.yaml: this is no negsim log\n"),
    "export a scenario as csv": (("export", "strikes.yaml", "--to", "csv"), "'strikes.yaml' is a scenario"),
    "export to what": (("export", "last", "--to", "xml"), "'xml' is not one of"),
    "export into a folder": (("export", "last", "--to", "csv", "-o", "."), "is a directory"),
    "export nowhere": (
        ("export", "last", "--to", "csv", "-o", "no/x.csv"),
        "error: no/x.csv: No such file or directory\n",
    ),
    "an unknown shell": (("completion", "tcsh"), "'tcsh' is not one of"),
}


@pytest.mark.parametrize("name", USAGE)
@pytest.mark.usefixtures("run_id")
def test_bad_usage_is_2_and_says_what_to_write(name: str) -> None:
    words, message = USAGE[name]
    status, out, error = asked(*words)
    assert (status, out) == (2, "")
    assert message in error
    assert list(Path().glob("*.csv")) == []
    assert len(as_json("runs")["runs"]) == 1


def test_a_bad_scenario_is_2() -> None:
    Path("bad.yaml").write_text(
        SCENARIO.replace("at: 2", "att: 2").replace("side.angry: true", "side.angri: true"), encoding="utf-8"
    )
    status, out, error = asked("run", "bad.yaml")
    assert (status, out) == (2, "")
    assert re.findall(r"^bad.yaml:\d+:\d+: error: .*", error, re.MULTILINE) == [
        "bad.yaml:17:68: error: `side` has no `angri`",
        "bad.yaml:20:35: error: 'att' is no key of `opening`",
    ]
    assert error.endswith("\n\n2 problems. Nothing was run.\n")
    assert not Path(".negsim").exists()
    status, out, error = asked("validate", "bad.yaml", "strikes.yaml")
    assert status == 2
    assert out.splitlines()[0].startswith("bad.yaml: ")
    assert out.splitlines()[1].startswith("strikes.yaml: no error")


def test_a_model_error_is_3_and_nothing_is_kept() -> None:
    assert asked("run", "falling.yaml") == (
        3,
        "",
        (
            "error: the run stopped on day 8: event `up`: `n` would become 4, outside 0..3\n"
            "hint: the last event before was 2: up on 2025-03-07\n"
        ),
    )
    assert asked("run", "falling.yaml", "--json")[:2] == (3, "")
    assert as_json("runs") == {"runs": []}


def test_a_measure_without_bounds_is_a_model_error() -> None:
    text = (
        FALLING.replace("every: 2", "every: 9")
        + "parameters: {big: {value: 1.0e300, low: 0, high: 1.0e300, assumption: x}}\n"
    )
    Path("big.yaml").write_text(text + "measures: {huge: big * big}\n", encoding="utf-8")
    status, out, error = asked("run", "big.yaml", "--json")
    assert (status, out) == (3, "")
    assert error.startswith("error: the run stopped on day 20: ")


def test_a_whole_number_without_bounds_is_a_model_error() -> None:
    squares = "define:\n  d0: big * big\n" + "".join(f"  d{n}: d{n - 1} * d{n - 1}\n" for n in range(1, 12))
    text = (
        FALLING.replace("every: 2", "every: 9")
        + "parameters: {big: {value: 999999, low: 0, high: 999999, assumption: x}}\n"
    )
    Path("big.yaml").write_text(text + squares + "measures: {huge: d11}\n", encoding="utf-8")
    status, out, error = asked("run", "big.yaml", "--json")
    assert (status, out) == (3, "")
    assert error.startswith("error: the run stopped on day 20: ")


def test_a_value_outside_its_range_is_allowed_with_a_note() -> None:
    status, out, error = asked("run", "strikes.yaml", "--set", "eagerness=7", "--quiet")
    assert (status, error) == (0, "note: eagerness=7.0 is outside the range 0..1 that the scenario gives\n")
    assert out.startswith("run ")


# JSON.


EVENT_KEYS = [
    "seq",
    "day",
    "date",
    "event",
    "fields",
    "rule",
    "instance",
    "actor",
    "cause",
    "triggered",
    "source",
    "inferred",
    "assumption",
    "option",
    "share",
    "chance",
]


def test_json_of_a_run() -> None:
    found = as_json("run", "strikes.yaml", "--seed", 3, "--set", "eagerness=1")
    assert list(found) == (
        [
            "run",
            "scenario",
            "seed",
            "parameters",
            "readings",
            "policies",
            "interventions",
            "luck",
            "parent",
            "outcome",
            "ended_on",
            "measures",
            "events",
        ]
    )
    assert (found["seed"], found["outcome"], found["ended_on"]) == (3, "angry", {"day": 20, "date": "2025-03-21"})
    assert found["parameters"] == {"answer_days": 3, "eagerness": 1.0}
    assert (found["readings"], found["scenario"]["title"]) == ({"scope": "narrow"}, "A strike is answered")
    assert list(found["measures"]) == ["strikes_seen", "calm_on"]
    assert [list(event) for event in found["events"]] == [EVENT_KEYS] * len(found["events"])
    assert as_json("log", found["run"]) == found
    assert as_json("log", "last") == found
    assert found["scenario"]["hash"] == negsim.load("strikes.yaml").hash


def test_json_of_runs_state_why_replay(run_id: str) -> None:
    (kept,) = as_json("runs")["runs"]
    assert list(kept) == ["id", "title", "scenario_hash", "seed", "parent", "outcome", "ended_on", "events", "names"]
    assert (kept["id"], kept["seed"], kept["parent"]) == (run_id, 3, None)
    assert as_json("state", run_id, "--seq", "0") == {
        "run": run_id,
        "day": None,
        "seq": 0,
        "state": {"strikes": 1, "north.angry": True, "south.angry": False},
    }
    assert as_json("state", run_id, "--day", "1")["state"]["strikes"] == 0
    assert as_json("state", run_id, "--day", "-5")["state"]["strikes"] == 0
    last = as_json("log", run_id)["events"][-1]
    found = as_json("why", run_id, last["seq"], "--but-for")
    assert list(found) == ["run", "seq", "steps", "behind", "cut", "but_for"]
    assert found["steps"][0]["event"] == last
    assert [list(step) for step in found["steps"]] == [["event", "conditions", "causes"]] * len(found["steps"])
    for step in (*found["steps"], *found["behind"]):
        for condition in step["conditions"]:
            assert {"kind", "name", "value", "read_by", "set_by"} <= set(condition)
    assert [list(test) for test in found["but_for"]] == [
        ["without", "event_stands", "comes_on", "outcome_stands", "outcome"]
    ] * (len(found["steps"]) - 1 + len(found["behind"]))
    assert as_json("replay", run_id) == {"run": run_id, "same": True, "difference": None}


def test_json_of_fork_and_diff(run_id: str) -> None:
    fork = as_json("fork", run_id, "--at", "0", "--set", "answer_days=1", "--emit", "calmed(north)")
    assert fork["parent"] == run_id
    assert fork["interventions"] == [
        {"at": 0, "set": {"answer_days": 1}},
        {"at": 0, "emit": {"event": "calmed", "fields": {"side": "north"}}},
    ]
    assert as_json("log", "last") == fork
    found = as_json("diff", run_id, fork["run"])
    assert list(found) == ["left", "right", "scenarios", "same", "difference"]
    assert (found["left"], found["right"], found["same"]) == (run_id, fork["run"], False)
    assert list(found["difference"]) == ["seq", "left", "right"]
    assert found["difference"]["seq"] == 1
    assert found["difference"]["right"]["event"] == fork["events"][1]
    assert list(found["difference"]["left"]) == ["event", "outcome", "ended_on", "measures"]
    assert as_json("diff", run_id, run_id)["difference"] is None
    assert fine("diff", run_id, run_id) == "The two runs have the same events and the same ending.\n"


def test_json_of_validate() -> None:
    Path("bad.yaml").write_text(
        "negsim: 1\ntitle: x\nstart: never\nhorizon: 3\noutcomes: {end: {}}\n", encoding="utf-8"
    )
    status, out, error = asked("validate", "bad.yaml", "strikes.yaml", "--json")
    found = json.loads(out)
    assert (status, error, list(found)) == (2, "", ["files"])
    assert [list(each) for each in found["files"]] == [["file", "errors", "warnings", "notes"]] * 2
    assert [each["file"] for each in found["files"]] == ["bad.yaml", "strikes.yaml"]
    assert [list(problem) for problem in found["files"][0]["errors"]] == [["file", "line", "column", "message", "hint"]]
    assert [(p["line"], p["column"]) for p in found["files"][0]["errors"]] == [(3, 8)]
    assert found["files"][1]["errors"] == []


TURNS = """\
negsim: 1
title: Turns
start: 2025-01-01
horizon: 3
outcomes: {end: {}}
groups:
  crew: {members: {ann: {}, ben: {}}}
state:
  done: {range: 0..2, initial: 0}
  crew: {ready: {initial: false}}
events:
  prepared: {fields: {member: crew}, set: {member.ready: true, done: "min(done + 1, 2)"}}
rules:
  prepares: {assumption: A test., for: m in crew, while: done < 1, chance: 0.5, emit: prepared(m)}
"""


def test_validate_notes_where_the_order_of_turns_can_matter() -> None:
    Path("turns.yaml").write_text(TURNS, encoding="utf-8")
    why = "`prepared` at one member's turn sets `done`, which another's reads (`while` of rule `prepares`)"
    note = (
        f"the order of members' turns can matter in rule `prepares`: {why}; an exact solution tells ann and ben apart"
    )
    assert asked("validate", "turns.yaml") == (
        0,
        "turns.yaml: no errors, no warnings\n",
        f"turns.yaml: note: {note}\n\n",
    )
    assert asked("validate", "turns.yaml", "--quiet") == (0, "turns.yaml: no errors, no warnings\n", "")
    assert as_json("validate", "turns.yaml")["files"][0]["notes"] == [note]


def test_csv_has_a_row_an_event_and_no_formulas(run_id: str) -> None:
    rows = fine("export", run_id, "--to", "csv").splitlines()
    assert rows[0] == (
        "seq,day,date,event,rule,instance,actor,cause,triggered,source,inferred,assumption,option,share,chance,"
        "field_side,field_rule,field_option"
    )
    assert rows[1] == "0,2,2025-03-03,struck,opening,,,,,,,A guess.,,,,north,,"
    assert len(rows) == 1 + len(as_json("log", run_id)["events"])
    Path("formula.yaml").write_text(
        SCENARIO.replace("assumption: A guess., at", "assumption: '=1+1', at"), encoding="utf-8"
    )
    fine("run", "formula.yaml", "--quiet")
    assert ",'=1+1," in fine("export", "last", "--to", "csv")


def test_graphs_of_a_run_and_of_a_scenario(run_id: str) -> None:
    for form, begin in (("dot", "digraph"), ("mermaid", "flowchart")):
        assert begin in fine("export", run_id, "--to", form)
        assert begin in fine("export", "strikes.yaml", "--to", form)


# Words on a terminal.


EVIL = SCENARIO.replace(
    "A strike is answered", '"A \\e[31mred\\e[0m [red]strike[/red] \\x9b31m \\u202eevil \\u2028 \\ufeff \\x07"'
)
EVIL = EVIL.replace("name: The envoy", 'name: "\\e]0;pwned\\x07Envoy [bold]x[/bold]"').replace(
    "name: North", 'name: "N\\e[2Jorth"'
)
EVIL = EVIL.replace('"{side} strikes."', '"{side} \\e[1mstrikes[/]\\r\\b [link=x]here[/link] {{nothing}}"')
EVIL = EVIL.replace("assumption: A guess., at", 'assumption: "A \\e[5mguess\\x9d.", at').replace("Wide.", '"W\\eide"')
EVIL = EVIL.replace("outcomes: {quiet: {", 'outcomes: {quiet: {text: "q\\e[7m", ').replace(
    "angry: {}}", 'angry: {text: "an\\e[8mgry"}}'
)
EVIL = EVIL.replace("calm_on: first(calmed)", 'calm_on: {value: first(calmed), unit: "da\\e[9mys"}')


def test_a_scenario_cannot_reach_the_terminal() -> None:
    Path("evil.yaml").write_text(EVIL, encoding="utf-8")
    scenario = negsim.load("evil.yaml")
    assert "\x1b" in scenario.title
    raw = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
    fine("run", "evil.yaml", "--quiet", "--seed", "3")
    for words in (
        ("run", "evil.yaml"),
        ("log", "last"),
        ("why", "last", "2", "--but-for"),
        ("runs",),
        ("state", "last"),
        ("replay", "last"),
        ("validate", "evil.yaml"),
        ("fork", "last", "--at", "0", "--set", "eagerness=1"),
        ("diff", "last", "last"),
        ("describe", "evil.yaml"),
        ("log", "last", "--json"),
        ("runs", "--json"),
        ("why", "last", "0", "--json"),
        ("describe", "evil.yaml", "--json"),
    ):
        _, out, error = asked(*words)
        assert raw.findall(out) == []
        assert raw.findall(error) == []
    assert as_json("log", "last")["scenario"]["title"] == scenario.title
    shown = fine("log", "last")
    assert "[red]strike[/red]" in shown
    assert "[link=x]here[/link] {nothing}" in shown


def test_errors_cannot_reach_the_terminal() -> None:
    Path("bad.yaml").write_text(SCENARIO.replace("at: 2", '"a\\e[31mt": "\\e[2J"'), encoding="utf-8")
    for words in (
        ("run", "bad.yaml"),
        ("validate", "bad.yaml"),
        ("run", "no\x1b[31mfile"),
        ("log", "x\x1b[31m"),
        ("log", "\x1b[31m.jsonl"),
    ):
        status, out, error = asked(*words)
        assert (status, "\x1b" in out + error) == (2, False)


def test_no_escape_codes_in_a_pipe(run_id: str) -> None:
    """Wide tables keep 100 columns; nothing is coloured; Markdown and emoji codes mean nothing."""
    out = fine("log", run_id)
    assert max(map(len, out.splitlines())) <= 100
    assert out.splitlines()[0] == "A strike is answered"


def on_a_terminal(*words: str, **environment: str) -> str:
    """What a command writes to a terminal."""
    parent, child = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "negsim", *words],
        stdout=child,
        stderr=child,
        stdin=child,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(child)
    found = b""
    with suppress(OSError):  # the other end is closed
        while more := os.read(parent, 65_536):
            found += more
    os.close(parent)
    assert process.wait() == 0
    return found.decode()


@pytest.mark.posix
def test_colours_on_a_terminal_and_none_where_they_are_not_wanted(run_id: str) -> None:
    assert "\x1b[" in on_a_terminal("log", run_id)
    assert "\x1b" not in on_a_terminal("log", run_id, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal("log", run_id, "--no-color")


@pytest.mark.posix
@pytest.mark.usefixtures("run_id")
def test_a_pipe_that_is_closed_is_no_error() -> None:
    for words in (("log", "last"), ("log", "last", "--json"), ("export", "last", "--to", "jsonl"), ("schema",)):
        process = negsim_process(*words)
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == ("", 0)
        process.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the machine has no full device")
@pytest.mark.usefixtures("run_id")
def test_an_output_that_is_full_is_said_once() -> None:
    for words in (("log", "last"), ("log", "last", "--json")):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "negsim", *words], stdout=full, stderr=subprocess.PIPE, check=False, text=True
            )
        assert (done.returncode, done.stderr) == (2, "error: No space left on device\n")


@pytest.mark.usefixtures("run_id")
def test_an_output_that_knows_few_characters() -> None:
    Path("words.yaml").write_text(
        SCENARIO.replace("A strike is answered", "Réponse à une frappe — Київ"), encoding="utf-8"
    )
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for words in (("run", "words.yaml"), ("log", "last"), ("why", "last", "0")):
        done = subprocess.run(
            [sys.executable, "-m", "negsim", *words], capture_output=True, check=False, env=environment
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.isascii()
    done = subprocess.run(
        [sys.executable, "-m", "negsim", "log", "last", "--json"], capture_output=True, check=True, env=environment
    )
    assert json.loads(done.stdout)["scenario"]["title"] == "Réponse à une frappe — Київ"


@pytest.mark.posix
def test_a_name_that_is_no_text() -> None:
    name = os.fsdecode(b"a\xff.yaml")
    for words in (("run", name), ("validate", name, "--json"), ("log", name), ("new", name)):
        done = subprocess.run([sys.executable, "-m", "negsim", *words], capture_output=True, check=False)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr + done.stdout
        assert b"a mistake in negsim" not in done.stderr


# Interruptions.


LONG = """
negsim: 1
title: It goes on for long
start: 2025-03-01
horizon: 90000
groups: {sides: {members: {a: {name: A}, b: {name: B}, c: {name: C}, d: {name: D}, e: {name: E}}}}
events: {met: {fields: {m: sides}}}
rules: {meet: {assumption: A guess., every: 1, for: m in sides, chance: 0.9, emit: met(m)}}
outcomes: {end: {}}
"""


INTERRUPTED = """
import signal
import sys

import simpy

from negsim.cli import main

steps = 0
step = simpy.Environment.step


def counted(self):
    global steps
    steps += 1
    if steps == 500:
        signal.raise_signal(signal.SIGINT)
    step(self)


simpy.Environment.step = counted
main(sys.argv[1:])
"""


def test_an_interruption_is_130_and_keeps_nothing() -> None:
    Path("long.yaml").write_text(LONG, encoding="utf-8")
    command = [sys.executable, "-c", INTERRUPTED, "run", "long.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")
    assert as_json("runs") == {"runs": []}


def test_an_interruption_before_the_command_has_begun_is_130_too() -> None:
    script = """
import negsim.cli as cli
def interrupted(name):
    raise KeyboardInterrupt
cli.import_module = interrupted
cli.main(["runs"])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_debug_shows_the_traceback() -> None:
    for words in (("run", "falling.yaml"), ("log", "last"), ("run", "none.yaml")):
        done = subprocess.run(
            [sys.executable, "-m", "negsim", *words, "--debug"], capture_output=True, text=True, check=False
        )
        assert done.stdout == ""
        assert "Traceback (most recent call last):" in done.stderr


def test_a_mistake_in_the_program_is_a_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise RuntimeError(f"no {name}")

    monkeypatch.setattr("negsim.cli.run.load_scenario", broken)
    result = CliRunner().invoke(main, ["run", "strikes.yaml"])
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        (
            "error: negsim failed in a way it should not: RuntimeError: no strikes.yaml\n"
            "hint: this is a mistake in negsim; --debug shows where, for a report\n"
        ),
    )
    result = CliRunner().invoke(main, ["run", "strikes.yaml", "--debug"])
    assert isinstance(result.exception, RuntimeError)


# Completion.


def completed(words: list[str], **environment: str) -> list[tuple[str, str]]:
    """What bash is offered for the last word."""
    done = subprocess.run(
        [sys.executable, "-c", "from negsim.cli import main; main(prog_name='negsim')"],
        env={
            **os.environ,
            **environment,
            "_NEGSIM_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(words),
            "COMP_CWORD": str(len(words) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return [(kind, word) for kind, word in (line.split(",", 1) for line in done.stdout.splitlines())]


def test_scripts_for_completion() -> None:
    for shell in ("bash", "zsh", "fish"):
        out = fine("completion", shell)
        assert "_NEGSIM_COMPLETE" in out
        assert "negsim" in out


def test_completion_of_commands_scenarios_and_runs(run_id: str) -> None:
    assert completed(["negsim", "ru"]) == [("plain", "run"), ("plain", "runs")]
    assert set(completed(["negsim", ""])) == {("plain", name) for name in COMMANDS}
    assert ("plain", "paris_2025") in completed(["negsim", "run", "par"])
    assert completed(["negsim", "log", run_id[:3]]) == [("plain", run_id[:12]), ("file", run_id[:3])]
    assert completed(["negsim", "log", "la"]) == [("plain", "last"), ("file", "la")]
    assert ("plain", "--seed") in completed(["negsim", "run", "--s"])
    other = ["negsim", "log", "--store", "elsewhere.db", ""]
    assert completed(other) == [("plain", "last"), ("file", "")]
    fine("run", "strikes.yaml", "--seed", "8", "--store", "elsewhere.db")
    assert len(completed(other)) == 3
    assert completed(["negsim", "log", run_id[:3]], NEGSIM_STORE="strikes.yaml") == [("file", run_id[:3])]


# A new scenario.


def test_a_new_scenario_validates_and_runs() -> None:
    out = fine("new", "mine")
    assert out == "mine.yaml is written. Try: negsim validate mine.yaml, then negsim run mine.yaml\n"
    assert fine("validate", "mine.yaml") == "mine.yaml: no errors, no warnings\n"
    assert fine("run", "mine.yaml", "--quiet").startswith("run ")
    before = Path("mine.yaml").read_bytes()
    Path("mine.yaml").write_bytes(before + b"# mine\n")
    for name in ("mine", "mine.yaml", "mine.yml"):
        assert asked("new", name) == (
            2,
            "",
            "error: mine.yaml is there already\nhint: choose another name, or --force to write over it\n",
        )
    assert Path("mine.yaml").read_bytes() == before + b"# mine\n"
    fine("new", "mine", "--force")
    assert Path("mine.yaml").read_bytes() == before


@pytest.mark.posix
def test_a_new_scenario_is_not_written_through_a_link() -> None:
    Path("link.yaml").symlink_to("target.yaml")
    assert asked("new", "link")[0] == 2
    assert not Path("target.yaml").exists()
    Path("folder.yaml").mkdir()
    assert asked("new", "folder")[0] == 2
    assert asked("new", "folder", "--force") == (2, "", "error: folder.yaml: Is a directory\n")


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "/x",
        "x/",
        ".hidden",
        "-",
        " ",
        "a b",
        "é",
        "Київ",
        "a\nb",
        "a\x1b[31m",
        "x" * 65,
        "~",
        "a.b",
        "CON:",
        "a\\b",
        "*",
    ],
)
def test_an_odd_name_is_refused(name: str) -> None:
    status, out, error = asked("new", "--", name)
    assert (status, out) == (2, "")
    assert error.endswith("is no name for a scenario\nhint: use letters, digits, _ and -\n")
    assert sorted(path.name for path in Path().iterdir()) == ["falling.yaml", "strikes.yaml"]
    assert sorted(path.name for path in Path("..").glob("*.yaml")) == []
