"""What is written: whole or not at all, at the place that is meant, and never over what is read or kept."""

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import COMMANDS, main
from negsim.cli.files import OutputFile
from negsim.cli.sheet import DIALECTS
from negsim.errors import UsageError
from negsim.written import replaced, write

SMALL = """
negsim: 1
title: Gates
start: 2030-05-01
horizon: 60
include: [gates.yaml]
state: {gates: {values: [shut, open], initial: shut}}
rules:
  opens: {assumption: One chance in fifty a day., while: gates == shut, chance: 0.02, emit: gates_opened()}
outcomes: {in_time: {when: gates == open}, too_late: {}}
measures: {days_to_open: first(gates_opened)}
"""
GATES = "events: {gates_opened: {set: {gates: open}, text: The gates are opened.}}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NEGSIM_STORE", "NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    Path("small.yaml").write_text(SMALL, encoding="utf-8")
    Path("gates.yaml").write_text(GATES, encoding="utf-8")
    return tmp_path


def asked(*words: str | int) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, [str(word) for word in words], prog_name="negsim")
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def kept(here: Path) -> None:  # noqa: ARG001 - in the test's own folder
    assert asked("run", "small.yaml", "--store", "my.db", "-q")[0] == 0
    assert asked("explore", "small.yaml", "--runs", "20", "-o", "r.sqlite", "-q")[0] == 0
    assert asked("export", "last", "--store", "my.db", "--to", "jsonl", "-o", "run.jsonl")[0] == 0
    Path("words.txt").write_text("Nobody said a word.", encoding="utf-8")


# Never over what is read.


@pytest.mark.parametrize(
    ("words", "input_file"),
    [
        (("export", "r.sqlite", "--to", "csv", "-o"), "r.sqlite"),
        (("export", "r.sqlite", "--to", "parquet", "-o"), "r.sqlite"),
        (("describe", "small.yaml", "-o"), "small.yaml"),
        (("describe", "small.yaml", "-o"), "gates.yaml"),
        (("export", "small.yaml", "--to", "dot", "-o"), "gates.yaml"),
        (("export", "last", "--store", "my.db", "--to", "jsonl", "-o"), "my.db"),
        (("export", "run.jsonl", "--store", "my.db", "--to", "csv", "-o"), "my.db"),
        (("export", "run.jsonl", "--to", "csv", "-o"), "run.jsonl"),
        (("export", "run.jsonl", "run.jsonl", "--to", "csv", "-o"), "run.jsonl"),
        (("report", "run.jsonl", "-o"), "run.jsonl"),
        (("report", "r.sqlite", "-o"), "r.sqlite"),
        (("report", "run.jsonl", "--chart", "state", "--svg"), "run.jsonl"),
    ],
)
@pytest.mark.parametrize("called", ["as it is", "another way", "by a link", "by a hard link"])
@pytest.mark.posix
@pytest.mark.usefixtures("kept")
def test_an_input_is_not_written_over(words: tuple[str, ...], input_file: str, called: str) -> None:
    before = Path(input_file).read_bytes()
    folder = Path.cwd().name
    name = {"as it is": input_file, "another way": f"../{folder}/{input_file}"}.get(called, "alias")
    if called == "by a link":
        Path("alias").symlink_to(input_file)
    if called == "by a hard link":
        os.link(input_file, "alias")
    assert asked(*words, name) == (
        2, "", f"error: {name} is read here, so it is not written over\nhint: name another file\n",
    )  # fmt: skip
    assert Path(input_file).read_bytes() == before


@pytest.mark.parametrize("name", ["small.yaml", "gates.yaml"])
@pytest.mark.parametrize(
    "words",
    [
        ("report", "last", "--store", "my.db", "-o"),
        ("report", "last", "--store", "my.db", "--one-page", "-o"),
        ("export", "last", "--store", "my.db", "--to", "csv", "-o"),
        ("report", "r.sqlite", "-o"),
    ],
)
@pytest.mark.usefixtures("kept")
def test_the_texts_that_a_run_was_made_from_are_not_written_over(words: tuple[str, ...], name: str) -> None:
    """The store and a result have texts of their own; the file that holds the same is the author's."""
    before = Path(name).read_bytes()
    said = (
        f"error: {name} is the scenario that this was made from, so it is not written over\nhint: name another file\n"
    )
    assert asked(*words, name) == (2, "", said)
    assert Path(name).read_bytes() == before


@pytest.mark.usefixtures("kept")
def test_a_store_or_result_that_is_not_read_is_not_written_over_either() -> None:
    for name in ("my.db", "r.sqlite"):
        before = Path(name).read_bytes()
        status, _, error = asked("describe", "small.yaml", "-o", name)
        assert (status, error) == (
            2, f"error: {name} keeps runs of negsim, so it is not written over\nhint: name another file\n",
        )  # fmt: skip
        assert Path(name).read_bytes() == before


@pytest.mark.posix
def test_the_files_of_a_chain_are_not_written_over_the_scenario() -> None:
    Path("small.sta").write_text(SMALL, encoding="utf-8")
    Path("other.yaml").symlink_to("small.sta")
    assert asked("export", "other.yaml", "--to", "prism", "-o", "small")[0] == 2
    assert Path("small.sta").read_text(encoding="utf-8") == SMALL
    assert not Path("small.tra").exists()


def test_two_things_are_not_written_into_one_file() -> None:
    status, _, error = asked("report", "last", "--chart", "state", "--svg", "a.svg", "--png", "./a.svg")
    assert (status, error) == (2, "error: --svg and --png name the same file\nhint: name two\n")


@pytest.mark.usefixtures("kept")
def test_a_result_is_gone_on_with_in_its_own_file() -> None:
    for output in ("r.sqlite", "other.sqlite"):
        assert asked("explore", "r.sqlite", "--runs", "30", "-o", output)[0] == 2
    assert not Path("other.sqlite").exists()
    assert asked("explore", "small.yaml", "--runs", "30", "-o", "r.sqlite", "-q")[0] == 0
    with negsim.Result.read("r.sqlite") as result:
        assert result.runs == 30


def command_of(group: click.Context, name: str) -> click.Command:
    found = main.get_command(group, name)
    assert found is not None
    return found


def test_every_option_that_names_a_file_to_be_written_is_looked_at() -> None:
    """A file that an option writes is of one type; by it what is written is held against what is read."""
    written = {"output", "svg", "png", "picture", "heatmap", "tornado", "save_policy"}
    group = main.make_context("negsim", [], resilient_parsing=True)
    found = {
        (name, option.name): isinstance(option.type, OutputFile)
        for name in COMMANDS
        for option in command_of(group, name).params
        if option.name in written
    }
    assert len(found) >= 10
    assert all(found.values()), found


# Where it is meant to be.


@pytest.mark.posix
def test_a_link_is_written_through() -> None:
    Path("folder").mkdir()
    Path("folder/page.md").write_text("old", encoding="utf-8")
    Path("link.md").symlink_to("folder/page.md")
    Path("new.md").symlink_to("folder/later.md")
    for name in ("link.md", "new.md"):
        assert asked("describe", "small.yaml", "-o", name) == (0, "", f"written to {name}\n")
        assert Path(name).is_symlink()
    assert Path("folder/page.md").read_bytes() == Path("folder/later.md").read_bytes()
    assert sorted(path.name for path in Path("folder").iterdir()) == ["later.md", "page.md"]


@pytest.mark.posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_the_mode_of_a_file_is_kept(mode: int) -> None:
    Path("page.md").write_text("old", encoding="utf-8")
    Path("page.md").chmod(mode)
    assert asked("describe", "small.yaml", "-o", "page.md")[0] == 0
    assert stat.S_IMODE(Path("page.md").stat().st_mode) == mode
    assert Path("page.md").read_text(encoding="utf-8").startswith("# Gates")


@pytest.mark.posix
def test_a_new_file_has_the_mode_that_new_files_have() -> None:
    Path("like.md").touch()
    assert asked("describe", "small.yaml", "-o", "page.md")[0] == 0
    assert Path("page.md").stat().st_mode == Path("like.md").stat().st_mode


@pytest.mark.posix
def test_the_other_names_of_a_file_name_it_still() -> None:
    Path("one.md").write_text("old", encoding="utf-8")
    os.link("one.md", "two.md")
    assert asked("describe", "small.yaml", "-o", "one.md")[0] == 0
    assert Path("one.md").samefile("two.md")
    assert Path("two.md").read_text(encoding="utf-8").startswith("# Gates")


@pytest.mark.posix
def test_a_pipe_is_written_into_and_stays_one() -> None:
    os.mkfifo("pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe").read_bytes()))
    reader.start()
    status, _, _ = asked("describe", "small.yaml", "-o", "pipe")
    reader.join()
    assert (status, stat.S_ISFIFO(Path("pipe").stat().st_mode)) == (0, True)
    assert read == [asked("describe", "small.yaml")[1].encode()]


@pytest.mark.posix
def test_standard_output_can_be_named() -> None:
    for name in ("/dev/stdout", "-"):
        done = subprocess.run(
            [sys.executable, "-m", "negsim", "describe", "small.yaml", "-o", name], capture_output=True, check=True
        )
        assert done.stdout == asked("describe", "small.yaml")[1].encode()
    assert not Path("-").exists()


@pytest.mark.posix
def test_standard_output_that_is_a_file_is_written_into_from_where_it_is() -> None:
    with Path("all.md").open("wb") as all_of_it:
        all_of_it.write(b"Before.\n")
        all_of_it.flush()
        words = [sys.executable, "-m", "negsim", "describe", "small.yaml", "-o", "/dev/stdout"]
        subprocess.run(words, stdout=all_of_it, check=True)
    assert Path("all.md").read_text(encoding="utf-8") == "Before.\n" + asked("describe", "small.yaml")[1]


@pytest.mark.posix
def test_what_cannot_be_written_is_one_clear_line() -> None:
    Path("loop").symlink_to("loop")
    assert asked("describe", "small.yaml", "-o", "/dev/full") == (2, "", "error: No space left on device\n")
    assert asked("describe", "small.yaml", "-o", "no/page.md") == (
        2, "", "error: no/page.md: No such file or directory\n",
    )  # fmt: skip
    status, _, error = asked("describe", "small.yaml", "-o", "loop")
    assert (status, error) == (2, "error: loop: Too many levels of symbolic links\n")
    assert asked("describe", "small.yaml", "-o", "/dev/null") == (0, "", "written to /dev/null\n")


# Whole or not at all.


@pytest.mark.parametrize("stop", [RuntimeError("no more"), KeyboardInterrupt()])
@pytest.mark.parametrize("before", ["old", None])
def test_what_is_interrupted_leaves_all_as_it_was(stop: RuntimeError | KeyboardInterrupt, before: str | None) -> None:
    if before is not None:
        Path("page.md").write_text(before, encoding="utf-8")

    def half() -> None:
        with replaced("page.md") as file:
            file.write(b"half of it")
            raise stop

    with pytest.raises(type(stop)):
        half()
    assert sorted(path.name for path in Path().iterdir()) == sorted(
        ["gates.yaml", "small.yaml", *(["page.md"] if before else [])]
    )
    if before is not None:
        assert Path("page.md").read_text(encoding="utf-8") == before


def test_the_python_door_writes_the_same_way(kept: None) -> None:  # noqa: ARG001 - the result is there
    with negsim.Result.read("r.sqlite") as result:
        from negsim.ensemble.table.parquet import write_parquet  # noqa: PLC0415 - an extra

        with pytest.raises(UsageError, match="keeps runs of negsim"):
            write_parquet(result, Path("r.sqlite"))
        write_parquet(result, Path("r.parquet"))
    assert Path("r.parquet").stat().st_size > 1_000


def test_a_folder_is_not_written_over() -> None:
    Path("folder").mkdir()
    with pytest.raises(IsADirectoryError):
        write("folder", "text")


# Several runs, and spreadsheets.


def test_several_runs_are_one_table_that_says_whose_each_event_is() -> None:
    for seed in (1, 2, 3):
        assert asked("run", "small.yaml", "--seed", seed, "-q")[0] == 0
    names = ("last~2", "last~1", "last")
    ids = [run["id"] for run in json.loads(asked("runs", "--json")[1])["runs"]]
    single = [asked("export", name, "--to", "csv")[1].splitlines() for name in names]
    status, out, _ = asked("export", *names, "--to", "csv")
    head, *rows = out.splitlines()
    assert (status, head) == (0, "run," + max(single, key=len)[0])
    assert rows == [f"{run},{row}" for run, lines in zip(ids, single, strict=True) for row in lines[1:]]
    lines = [json.loads(line) for line in asked("export", *names, "--to", "jsonl")[1].splitlines()]
    assert [(line["run"], line["event"]) for line in lines] == [(row.split(",")[0], row.split(",")[4]) for row in rows]
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    assert asked("export", *names, "--to", "parquet", "-o", "events.parquet")[0] == 0
    table = pq.read_table("events.parquet").to_pylist()
    assert [(row["run"], row["seq"], row["event"]) for row in table] == [
        (line["run"], line["seq"], line["event"]) for line in lines
    ]
    assert asked("export", *names, "--to", "dot")[0] == 2


EVIL = """
negsim: 1
title: Words that act
start: 2030-05-01
horizon: 3
events: {said: {fields: {words: text}}}
rules:
  one: {assumption: "=1+2;3", at: 1, choose: {a: {weight: 1, emit: x()}, b: {weight: 2, emit: x()}}}
outcomes: {end: {}}
"""


def test_a_spreadsheet_opens_it_in_its_own_language_and_takes_no_text_for_a_formula() -> None:
    text = EVIL.replace("events: {said: {fields: {words: text}}}", "events: {x: {}}")
    Path("evil.yaml").write_text(text, encoding="utf-8")
    assert asked("run", "evil.yaml", "-q")[0] == 0
    row = {}
    for language in ("en", "de", "de-ch"):
        assert asked("export", "last", "--to", "csv", "--excel", language, "-o", "sheet.csv")[0] == 0
        content = Path("sheet.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbfseq" + DIALECTS[language].separator.encode())
        head, row[language], end = content.decode("utf-8-sig").split("\r\n")
        assert (head.count(DIALECTS[language].separator), end) == (14, "")
    option, share = ("a", "0.3333333333333333") if ",a," in row["en"] else ("b", "0.6666666666666666")
    assert row["en"].endswith(f",'=1+2;3,{option},{share},")
    assert row["de"].endswith(f';"\'=1+2;3";{option};{share.replace(".", ",")};')
    assert row["de-ch"].endswith(f';"\'=1+2;3";{option};{share};')
    assert asked("export", "last", "--to", "csv", "--excel") == asked("export", "last", "--to", "csv", "--excel", "en")
    assert asked("export", "last", "--to", "jsonl", "--excel", "de")[0] == 2


def test_a_store_is_made_in_a_folder_that_is_there(tmp_path: Path) -> None:
    place = tmp_path / "none" / "runs.db"
    result = CliRunner().invoke(main, ["run", "ifor_1995", "-q", "--store", str(place)])
    assert (result.exit_code, place.parent.exists()) == (2, False)
    assert f"cannot be made: there is no folder {place.parent}: make it first" in result.output
    own = tmp_path / ".negsim" / "runs.db"
    assert CliRunner().invoke(main, ["run", "ifor_1995", "-q", "--store", str(own)]).exit_code == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_no_store_and_no_result(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.sqlite"
    os.mkfifo(pipe)
    for asked in (
        ["explore", "ifor_1995", "--runs", "2", "-o", str(pipe)],
        ["report", str(pipe), "-o", str(tmp_path / "x.html")],
    ):
        result = CliRunner().invoke(main, asked)
        assert (result.exit_code, "is no ordinary file" in result.output) == (2, True), result.output
    result = CliRunner().invoke(main, ["why", "last", "--store", str(pipe)])
    assert "is no ordinary file, so it is no store" in result.output
