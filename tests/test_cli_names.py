"""What a name stands for: names of runs and results, last~1, endings of any case, standard input, line ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from negsim import Store, UsageError
from negsim.cli import COMMANDS, main
from negsim.cli.subjects import Subject, kind_of
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.evaluate import evaluate
from negsim.language import load

COIN = """
negsim: 1
title: A coin
start: 2030-01-01
horizon: 10
actors: {ann: {name: Ann}}
state: {side: {values: [in_the_air, heads, tails], initial: in_the_air}}
events: {lands: {fields: {up: [heads, tails]}, set: {side: up}, text: "It lands: {up}."}}
rules:
  falls: {by: ann, assumption: Fair., at: 1, choose: {heads: {emit: lands(heads)}, tails: {emit: lands(tails)}}}
outcomes: {heads: {when: side == heads}, tails: {}}
"""
EDGE = """
readings:
  edge: {question: On its edge?, options: {again: Again., off: Off., on: On.}, default: again, assumption: A guess.}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NEGSIM_STORE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    Path("coin.yaml").write_text(COIN, encoding="utf-8")
    Path("other.yaml").write_text(COIN.replace("A coin", "Another coin"), encoding="utf-8")


def asked(*words: str | int, given: str | bytes | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, [str(word) for word in words], input=given, prog_name="negsim")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.stdout, result.stderr


def fine(*words: str | int, given: str | None = None) -> str:
    status, out, error = asked(*words, given=given)
    assert (status, error) == (0, "")
    return out


def made(*words: str | int) -> str:
    """The id of a new run."""
    found: str = json.loads(fine("run", *words, "--json"))["run"]
    return found


def called(name: str) -> str:
    found: str = json.loads(fine("log", name, "--json"))["run"]
    return found


def listed(*words: str) -> list[str]:
    return [each["id"] for each in json.loads(fine("runs", *words, "--json"))["runs"]]


# Names of runs.


def test_a_run_is_found_by_its_name_in_every_command_that_takes_one() -> None:
    run = made("coin.yaml", "--seed", 1, "--name", "class")
    made("coin.yaml", "--seed", 2)
    assert called("class") == run
    for words in (("state", "class"), ("why", "class", "0"), ("replay", "class"), ("diff", "class", "last"),
                  ("export", "class", "--to", "csv"), ("deal", "paris_2025", "--at", "class:0")):  # fmt: skip
        assert asked(*words)[2] == "" or words[0] == "deal"
    fork = json.loads(fine("fork", "class", "--at", "-1", "--choose", "falls=tails", "--name", "turned", "--json"))
    assert (fork["parent"], called("turned")) == (run, fork["run"])
    assert [each["names"] for each in json.loads(fine("runs", "--json"))["runs"]] == [["class"], [], ["turned"]]
    assert fine("runs").splitlines()[0].split()[:2] == ["run", "name"]


def test_a_name_that_is_given_again_moves_and_that_is_said() -> None:
    one = made("coin.yaml", "--seed", 1, "--name", "class")
    status, _, error = asked("run", "coin.yaml", "--seed", "2", "--name", "class", "-q")
    assert (status, error) == (0, f"note: class was {one[:12]} until now\n")
    assert called("class") == called("last")
    assert asked("run", "coin.yaml", "--seed", "2", "--name", "class", "-q")[2] == ""


@pytest.mark.parametrize("name", ["last", "bad", "decade", "1st", "a b", "", "../x", "paris_2025", "x" * 65, "a.yaml"])
def test_what_could_be_taken_for_something_else_is_no_name(name: str) -> None:
    status, out, error = asked("run", "coin.yaml", "--name", name)
    assert (status, out, error.startswith("error: '")) == (2, "", True)
    assert not Path(".negsim").exists()


def test_a_name_may_have_letters_of_any_language_however_they_are_typed() -> None:
    run = made("coin.yaml", "--name", "Übung_1")
    assert called("U\u0308bung_1") == run


def test_last_counts_back() -> None:
    runs = [made("coin.yaml", "--seed", seed) for seed in (1, 2, 3)]
    assert [called(name) for name in ("last", "last~0", "last~", "last~1", "last~2")] == [
        runs[2], runs[2], runs[1], runs[1], runs[0],
    ]  # fmt: skip
    assert asked("log", "last~3") == (
        2, "", "error: there is no run 3 before the last\nhint: 3 are kept; `negsim runs` lists them\n",
    )  # fmt: skip


# Throwing runs away.


def test_runs_that_are_named_go_and_are_listed() -> None:
    runs = [made("coin.yaml", "--seed", seed) for seed in (1, 2, 3)]
    assert "1 run would go." in fine("runs", "--rm", runs[0][:8], "--dry-run")
    assert listed() == runs
    said = fine("runs", "--rm", runs[0][:8], "last")
    assert [runs[0][:12] in said, runs[1][:12] in said, "2 runs thrown away." in said] == [True, False, True]
    assert listed() == runs[1:2]
    assert asked("runs", "--rm", runs[0])[0] == 2
    assert called("last") == runs[1]


def test_the_newest_and_those_with_a_name_stay() -> None:
    runs = [made("coin.yaml", "--seed", seed) for seed in range(5)]
    fine("run", "coin.yaml", "--seed", "0", "--name", "first", "-q")  # it is the newest now
    others = [made("other.yaml", "--seed", seed) for seed in range(3)]
    gone = json.loads(fine("runs", "--prune", 1, "--scenario", "coin.yaml", "--json"))["removed"]
    assert [each["id"] for each in gone] == runs[1:]
    assert listed() == [runs[0], *others]
    fine("runs", "--prune", 1)
    assert listed() == [runs[0], others[-1]]
    fine("runs", "--prune", 0)
    assert listed() == [runs[0]]
    assert "No run goes." in fine("runs", "--prune", 0)


def test_what_no_run_needs_any_more_is_gone_from_the_store() -> None:
    made("coin.yaml")
    made("other.yaml")
    fine("runs", "--rm", "last")
    with Store(".negsim/runs.db") as store, store._file.opened(writing=False) as connection:  # noqa: SLF001 - what is inside
        assert connection.execute("SELECT title FROM scenarios").fetchall() == [("A coin",)]


@pytest.mark.parametrize(
    "words", [("--rm",), ("--rm", "last", "--prune", "1"), ("--prune", "1", "last"), ("--dry-run",), ("--prune", "-1")]
)
def test_what_is_not_clear_throws_nothing_away(words: tuple[str, ...]) -> None:
    run = made("coin.yaml")
    assert asked("runs", *words)[0] == 2
    assert listed() == [run]


def test_runs_of_one_scenario_are_listed_by_its_file_or_by_words_of_its_title() -> None:
    coin, other = made("coin.yaml"), made("other.yaml")
    assert listed("--scenario", "coin.yaml") == [coin]
    assert listed("--scenario", "ANOTHER") == [other]
    assert listed("--scenario", "coin") == [coin, other]
    assert listed("--scenario", "paris_2025") == []


def test_a_store_of_before_there_were_names_is_used_on() -> None:
    made("coin.yaml")
    with Store(".negsim/runs.db") as store:
        assert (store.runs()[0].names, store.results()) == ((), {})
        assert store.give_name("first", run=store.find("last")) is None
        assert store.find("first") == store.find("last")
        with pytest.raises(UsageError, match="could be the beginning"):
            store.give_name("cafe", run=store.find("last"))


# Results.


def test_a_result_is_found_by_its_name_or_the_beginning_of_its_id() -> None:
    fine("explore", "coin.yaml", "--runs", 20, "--name", "week3", "-q")
    (file,) = Path(".negsim/results").glob("*.sqlite")
    for name in ("week3", file.stem, file.stem[:6], str(file)):
        assert fine("explore", name, "-q") == fine("explore", "week3", "-q")
        assert fine("export", name, "--to", "csv") == fine("export", str(file), "--to", "csv")
    assert "30" in fine("explore", "week3", "--runs", "30")
    assert len(fine("export", "week3", "--to", "csv").splitlines()) == 31
    assert asked("log", "week3") == (2, "", "error: 'week3' is a result, not a run\n")
    assert asked("explore", "coin.yaml", "--name", "x", "-o", "r.sqlite")[0] == 2


def explored(*words: str | int) -> str | None:
    """The id of a new result, which is newer than all that were made so; nothing where it was there."""
    before = {*Path(".negsim/results").glob("*.sqlite")}
    fine("explore", *words, "--runs", 20, "-q")
    for path in {*Path(".negsim/results").glob("*.sqlite")} - before:
        os.utime(path, (len(before), len(before)))
        return path.stem
    return None


def results(*words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(fine("runs", "--results", *words, "--json"))["results"]
    return found


def test_results_are_listed_without_runs() -> None:
    assert fine("runs", "--results") == (
        "No result is kept beside .negsim/runs.db yet. `negsim explore SCENARIO` keeps one.\n"
    )
    Path("both.yaml").write_text(f"{COIN.replace('A coin', 'Another coin')}{EDGE}", encoding="utf-8")
    coin = explored("coin.yaml", "--seed", 3)
    other = explored("both.yaml", "--readings", "all", "--name", "week3")
    assert coin
    assert other
    made("coin.yaml")
    assert [each["id"] for each in results()] == [coin, other]
    first, second = results()
    assert (first["title"], first["cells"], first["runs"], first["seed"], first["names"]) == ("A coin", 1, 20, 3, [])
    assert (second["title"], second["cells"], second["runs"], second["names"]) == ("Another coin", 3, 60, ["week3"])
    assert (len(second["scenario_hash"]), len(other)) == (64, 32)
    assert fine("runs", "--results").splitlines() == [
        "result        name   cells  runs  seed  scenario",
        f"{coin[:12]}             1    20     3  A coin",
        f"{other[:12]}  week3      3    60     0  Another coin",
    ]
    assert [each["id"] for each in results("week3")] == [other]
    assert [each["id"] for each in results("--scenario", "coin.yaml")] == [coin]
    assert [each["id"] for each in results(coin[:6], "--scenario", "another")] == []


def test_results_that_are_named_go_with_their_names_and_those_without_a_name_are_pruned() -> None:
    ids = [explored("coin.yaml", "--seed", seed) for seed in range(4)]
    explored("coin.yaml", "--seed", 0, "--name", "kept")
    explored("coin.yaml", "--seed", 1, "--name", "too")
    assert "1 result would go." in fine("runs", "--results", "--rm", "too", "--dry-run")
    said = fine("runs", "--results", "--rm", "too")
    assert ids[1]
    assert (ids[1][:12] in said, said.splitlines()[-1]) == (True, "1 result thrown away.")
    with Store(".negsim/runs.db") as store:
        assert store.results() == {"kept": ids[0]}
    assert asked("runs", "--results", "--rm", "too") == (
        2, "",
        "error: 'too' names no result that is kept\nhint: give a result's name, its id or the beginning of it\n",
    )  # fmt: skip
    gone = json.loads(fine("runs", "--results", "--prune", 0, "--json"))["removed"]
    assert [each["id"] for each in gone] == ids[2:]
    assert fine("runs", "--results", "--prune", 0) == "No result goes.\n"
    assert [path.name for path in Path(".negsim/results").iterdir()] == [f"{ids[0]}.sqlite"]


def test_a_result_that_cannot_be_read_or_is_gone_is_listed_and_can_go() -> None:
    bad, gone, whole = (explored("coin.yaml", "--seed", seed, "--name", f"n{seed}") for seed in range(3))
    Path(f".negsim/results/{bad}.sqlite").write_bytes(b"no database" * 500)
    Path(f".negsim/results/{gone}.sqlite").unlink()
    Path(".negsim/results/notes.sqlite").touch()
    assert {each["id"]: (each["problem"], each["runs"]) for each in results()} == {
        bad: ("it cannot be read", None), gone: ("its file is gone", None), whole: (None, 20),
    }  # fmt: skip
    assert "(its file is gone)" in fine("runs", "--results")
    assert fine("runs", "--results", "--rm", "n0", "n1").splitlines()[-1] == "2 results thrown away."
    assert [each["id"] for each in results()] == [whole]
    assert Path(".negsim/results/notes.sqlite").exists()


def test_a_result_that_is_being_worked_on_does_not_go() -> None:
    first, second = (explored("coin.yaml", "--seed", seed) for seed in (1, 2))
    assert first
    assert second
    with evaluate(load("coin.yaml"), [Cell()], runs=30, seed=2, out=f".negsim/results/{second}.sqlite"):
        path = Path(".negsim/results") / f"{second}.sqlite"
        assert asked("runs", "--results", "--rm", first, second) == (
            2, "", f"error: {path} is in use just now: nothing was thrown away; try again later\n",
        )  # fmt: skip
        assert [each["id"] for each in results()] == [first, second]
    fine("runs", "--results", "--rm", first, second)
    assert results() == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--rm",), "which results?"),
        (("--prune", "1", "x"), "--prune chooses the results itself"),
        (("nothing",), "'nothing' names no result that is kept"),
    ],
)
def test_what_is_not_clear_of_results_is_said_in_their_words(words: tuple[str, ...], message: str) -> None:
    explored("coin.yaml")
    status, _, error = asked("runs", "--results", *words)
    assert (status, error.splitlines()[0]) == (2, f"error: {message}")
    assert len(results()) == 1


# Endings, standard input.


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.yaml", Subject.SCENARIO), ("A.YAML", Subject.SCENARIO), ("a.Yml", Subject.SCENARIO),
        ("paris_2025", Subject.SCENARIO),
        ("a.jsonl", Subject.LOG), ("A.JSONL", Subject.LOG), ("a.sqlite", Subject.RESULT), ("A.DB", Subject.RESULT),
        ("last", Subject.KEPT), ("last~1", Subject.KEPT), ("26dd", Subject.KEPT), ("class", Subject.KEPT),
    ],
)  # fmt: skip
def test_an_ending_says_what_a_name_stands_for_in_any_case(name: str, kind: Subject) -> None:
    assert kind_of(name) is kind


def test_a_file_without_such_an_ending_says_it_by_how_it_begins() -> None:
    made("coin.yaml")
    fine("explore", "coin.yaml", "--runs", 5, "-o", "r.sqlite", "-q")
    Path("r.sqlite").rename("result")
    Path("log").write_text(fine("export", "last", "--to", "jsonl"), encoding="utf-8-sig")
    Path("scenario").write_text(COIN, encoding="utf-8")
    assert [kind_of(name) for name in ("result", "log", "scenario")] == [
        Subject.RESULT,
        Subject.LOG,
        Subject.SCENARIO,
    ]
    assert fine("export", "result", "--to", "csv").startswith("cell,seed")
    assert fine("export", "log", "--to", "csv").startswith("seq,")
    assert fine("export", "scenario", "--to", "dot") == fine("export", "coin.yaml", "--to", "dot")


def test_a_scenario_in_capitals_is_one_everywhere() -> None:
    Path("COIN.YAML").write_text(COIN, encoding="utf-8")
    for words in (("run", "-q"), ("validate",), ("describe",), ("export", "--to", "dot"), ("solve", "-q")):
        assert fine(words[0], "COIN.YAML", *words[1:]) == fine(words[0], "coin.yaml", *words[1:]).replace(
            "coin.yaml", "COIN.YAML"
        )


def test_a_scenario_or_a_log_comes_from_standard_input() -> None:
    for words in (("run", "-q"), ("describe",), ("export", "--to", "dot"), ("solve", "-q"), ("explore", "-q")):
        assert fine(words[0], "-", *words[1:], given=COIN) == fine(words[0], "coin.yaml", *words[1:])
    assert fine("validate", "-", given=COIN) == "standard input: no errors, no warnings\n"
    assert "<stdin>:1:1: error:" in asked("validate", "-", given="negsim: 1\n")[2]
    log = fine("export", "last", "--to", "jsonl")
    assert fine("log", "-", given=log) == fine("log", "last")
    assert fine("export", "-", "--to", "csv", given=log) == fine("export", "last", "--to", "csv")
    assert fine("diff", "-", "-", given=log) == "The two runs have the same events and the same ending.\n"
    assert asked("log", "-", given=COIN) == (2, "", "error: standard input: this is no negsim log\n")
    assert asked("run", "-", given=b"\xff\xfe")[0] == 2


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("more", ["", "\n", "\n\n\n"])
def test_line_ends_and_marks_of_a_log_are_no_part_of_it(ends: str, mark: str, more: str) -> None:
    run = made("coin.yaml")
    log = fine("export", "last", "--to", "jsonl")
    Path("sent.jsonl").write_bytes((mark + (log + more).replace("\n", ends)).encode())
    assert called("sent.jsonl") == run
    assert fine("replay", "sent.jsonl") == fine("replay", "last")


def test_a_line_that_is_changed_is_noticed_with_other_line_ends_too() -> None:
    made("coin.yaml", "--seed", 1)
    log = fine("export", "last", "--to", "jsonl").replace("It lands", "It fell").replace("\n", "\r\n")
    Path("sent.jsonl").write_bytes(log.encode())
    assert asked("log", "sent.jsonl")[2].startswith("error: sent.jsonl: line 2: the line does not fit")


def test_a_policy_may_have_been_saved_by_an_editor() -> None:
    asked("solve", "coin.yaml", "--maximise", "heads", "--by", "ann", "--save-policy", "p.json")
    content = Path("p.json").read_text(encoding="utf-8")
    Path("p.json").write_bytes(("\ufeff" + content.replace("\n", "\r\n")).encode())
    assert "outcome heads" in fine("run", "coin.yaml", "--seed", "5", "--policy", "p.json", "-q")


# Listings.


def test_the_scenarios_that_ship_are_listed_with_their_titles() -> None:
    listed_there = json.loads(fine("scenarios", "--json"))["scenarios"]
    assert {"name", "title", "hash"} == set(listed_there[0])
    assert ("template", "Two towns and a bridge") in {(each["name"], each["title"]) for each in listed_there}
    assert [line.split()[0] for line in fine("scenarios").splitlines()[1:]] == [each["name"] for each in listed_there]
    for each in listed_there:
        assert kind_of(each["name"]) is Subject.SCENARIO


def test_an_unknown_command_lists_all_and_names_the_one_that_is_meant() -> None:
    status, out, error = asked("rum")
    assert (status, out) == (2, "")
    assert "did you mean 'run'?" in error
    assert all(name in error.replace("\n", " ").replace(",", " ").split() for name in COMMANDS)
    assert "did you mean" not in asked("zzzzzz")[2]


def test_names_of_runs_are_completed() -> None:
    made("coin.yaml", "--name", "lecture")
    environment = {**os.environ, "_NEGSIM_COMPLETE": "bash_complete", "COMP_WORDS": "negsim log le", "COMP_CWORD": "2"}
    program = [sys.executable, "-c", "from negsim.cli import main; main(prog_name='negsim')"]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    assert "plain,lecture" in done.stdout.splitlines()
