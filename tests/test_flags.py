"""No flag is named below the command line: an error names the setting, and the command line how it is given there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import COMMANDS, main
from negsim.cli.flags import FLAGS
from negsim.errors import LogError, UsageError
from negsim.log.store import Store

SOURCE = Path(negsim.__file__).parent
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
# Commands to be typed, which a page or a document gives whole; they are no hints.
COMMANDS_TO_TYPE = {
    "ensemble/sample/again.py": {"--policy"},
    "log/again.py": {"--seed", "--set", "--read", "--choose"},
    "show/inputs.py": {"--read"},
    "show/page/result_settings.py": {"--runs", "--readings"},
}
COIN = """\
negsim: 1
title: A coin
start: 2030-01-01
horizon: 5
state: {side: {values: [none, heads, tails], initial: none}}
actors: {ann: {}}
events: {falls: {fields: {how: side}, set: {side: how}}}
rules:
  toss:
    assumption: a
    at: 1
    by: ann
    choose: {heads: {emit: falls(heads)}, tails: {emit: falls(tails)}}
outcomes: {heads: {when: side == heads}, other: {}}
"""


def below_the_command_line() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if not name.startswith("cli/"):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def docstrings(tree: ast.Module) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    first = [node.body[0] for node in ast.walk(tree) if isinstance(node, owners) and node.body]
    return {id(each.value) for each in first if isinstance(each, ast.Expr)}


def texts(tree: ast.Module) -> Iterator[str]:
    described = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node.value


def test_no_text_below_the_command_line_names_a_flag() -> None:
    found = {
        name: {flag for text in texts(tree) for flag in FLAG.findall(text)} for name, tree in below_the_command_line()
    }
    assert {name: flags for name, flags in found.items() if flags} == COMMANDS_TO_TYPE


def test_every_setting_that_an_error_asks_for_has_its_flag() -> None:
    asked = {
        each.value
        for _, tree in below_the_command_line()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "settings" and isinstance(keyword.value, ast.Tuple)
        for each in keyword.value.elts
        if isinstance(each, ast.Constant)
    }
    assert asked == set(FLAGS)


def test_every_flag_is_one_of_a_command() -> None:
    context = click.Context(main)
    commands = [main.get_command(context, name) for name in COMMANDS]
    known = {option for each in commands if each is not None for part in each.params for option in part.opts}
    assert {flag for text in FLAGS.values() for flag in FLAG.findall(text)} <= known


@pytest.fixture
def coin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> negsim.Scenario:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "coin.yaml").write_text(COIN, encoding="utf-8")
    return negsim.load("coin.yaml")


def shown(*words: str) -> str:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    return result.stderr


def test_a_hint_asks_for_a_setting_in_python_and_for_its_flag_on_the_command_line(coin: negsim.Scenario) -> None:
    with pytest.raises(UsageError) as caught:
        negsim.solve(coin, maximise="heads")
    assert (caught.value.hint, caught.value.settings) == ("give `by`", ("by",))
    assert shown("solve", "coin.yaml", "--maximise", "heads").splitlines()[-1] == "hint: give --by ACTOR,…"
    with pytest.raises(UsageError) as caught:
        negsim.run(coin).fork()
    assert caught.value.hint == "give `at`"


@pytest.mark.usefixtures("coin")
def test_a_damaged_store_asks_for_another() -> None:
    Path("damaged.db").write_text("no store " * 200, encoding="utf-8")
    said = "the store damaged.db is damaged or no store (file is not a database): keep it aside; name another"
    assert (
        shown("run", "coin.yaml", "--store", "damaged.db").splitlines()[-1]
        == f"error: {said} with --store, or keep nothing with --no-keep"
    )
    with pytest.raises(LogError) as caught:
        Store(Path("damaged.db")).runs()
    assert str(caught.value) == f"{said} store"


@pytest.mark.usefixtures("coin")
def test_a_file_that_is_no_policy_says_how_one_is_made() -> None:
    Path("none.json").write_text("{", encoding="utf-8")
    assert shown("run", "coin.yaml", "--policy", "none.json").splitlines()[-1] == (
        "hint: a policy is saved where a scenario is solved for best play: negsim solve … --save-policy FILE"
    )
