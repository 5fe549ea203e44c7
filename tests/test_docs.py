"""What the documentation shows is what the program does.

How a page is written, so that it can be checked:

- A fenced `console` block shows commands and what they print. Each line `$ negsim …` is run, in the order of the
  page, in one empty folder per page, 100 columns wide, without colours, in UTC. What follows it, up to the next `$`
  line or the end of the block, must be what it prints, standard error included, line by line (blanks at the end of a
  line and empty lines at the end do not count).
- A line that is `...` and nothing else stands for any number of lines.
- A command must succeed, unless `$ echo $?` follows it and shows another exit status. `> FILE` at the end of a
  command writes what it prints to standard output into a file. Lines `$ make …` are not run.
- A fenced block after `<!-- file: name.yaml -->` is written to that file before the page goes on; after
  `<!-- more: name.yaml -->` it is added to its end.
- The `python` blocks of a page are run together, in their order, in one fresh interpreter in the page's folder, after
  all else on the page. A block that begins with `>>>` must print what it shows (`...` stands for anything).
- `<!-- not run: REASON -->` before a block leaves it alone.

`python tests/update_docs.py` records the outputs again, after the program or a scenario has changed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import attrs
import click
import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
SETTING = {"COLUMNS": "100", "TZ": "UTC", "NO_COLOR": "1", "PYTHONHASHSEED": "0", "NEGSIM_STORE": None}
FENCE = re.compile(r"^(?P<indent> *)(?P<fence>```+)(?P<kind>[A-Za-z]*) *$")
COMMENT = re.compile(r"^ *<!-- (?P<word>file|more|not run): (?P<value>.+?) -->$")
ELISION = "..."

# Runs a page's Python blocks as one program: plain blocks are executed, those with prompts are doctests.
PYTHON = """
import doctest, json, sys
names = {"__name__": "__main__"}
for number, text in json.load(sys.stdin):
    if text.lstrip().startswith(">>>"):
        test = doctest.DocTestParser().get_doctest(text, names, f"line {number}", None, number)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
        if runner.run(test, clear_globs=False).failed:
            sys.exit(1)
        names.update(test.globs)
    else:
        exec(compile("\\n" * number + text, "page", "exec"), names)
"""


@attrs.frozen
class Block:
    """A fenced block: its lines without the fence, the number of its first line (from 0), what a comment says of it."""

    kind: str
    first: int
    lines: tuple[str, ...]
    indent: int
    said: tuple[str, str] | None


@attrs.frozen
class Command:
    """A command with the lines that are shown under it; `first` is the number of the first of them (from 0)."""

    text: str
    first: int
    shown: tuple[str, ...]


@attrs.frozen
class Played:
    """A command, what it printed, and its exit status."""

    command: Command
    printed: tuple[str, ...]
    status: int


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page."""
    found: list[Block] = []
    lines = text.splitlines()
    at = 0
    said: tuple[str, str] | None = None
    while at < len(lines):
        fence = FENCE.match(lines[at])
        comment = COMMENT.match(lines[at])
        if fence is not None:
            end = next(i for i in range(at + 1, len(lines)) if lines[i].strip() == fence["fence"])
            indent = len(fence["indent"])
            inner = tuple(line[indent:] for line in lines[at + 1 : end])
            found.append(Block(fence["kind"], at + 1, inner, indent, said))
            at, said = end, None
        elif comment is not None:
            said = (comment["word"], comment["value"])
        elif lines[at].strip():
            said = None
        at += 1
    return found


def commands(block: Block) -> list[Command]:
    """The commands of a console block with what is shown under each."""
    starts = [i for i, line in enumerate(block.lines) if line.startswith("$ ")]
    ends = [*starts[1:], len(block.lines)]
    return [
        Command(block.lines[start][2:].strip(), block.first + start + 1, block.lines[start + 1 : end])
        for start, end in zip(starts, ends, strict=True)
    ]


def tidy(text: str) -> tuple[str, ...]:
    """Printed lines without what cannot be seen: blanks at the end of a line, empty lines at the end.

    How long something will take depends on the machine: such a line is no part of what a page shows.
    """
    lines = (line.rstrip() for line in text.rstrip().splitlines())
    return tuple(line for line in lines if not line.startswith("this takes about "))


def play(page: Path, folder: Path) -> list[Played]:
    """Runs the console blocks of a page in a folder and writes its files."""
    found: list[Played] = []
    status = 0
    for block in blocks(page.read_text(encoding="utf-8")):
        word, value = block.said or ("", "")
        if word == "not run":
            continue
        if word in ("file", "more"):
            with (folder / value).open("a" if word == "more" else "w", encoding="utf-8") as file:
                file.write("\n".join(block.lines) + "\n")
        if block.kind != "console":
            continue
        for command in commands(block):
            if command.text.startswith("make "):
                continue
            if command.text == "echo $?":
                found.append(Played(command, (str(status),), 0))
                continue
            printed, status = run(command.text, folder)
            found.append(Played(command, printed, status))
    return found


def run(text: str, folder: Path) -> tuple[tuple[str, ...], int]:
    """What a `negsim …` command prints in a folder, and its exit status."""
    words = shlex.split(text)
    assert words[0] == "negsim", f"only negsim is run in a page, not: {text}"
    target = folder / words[-1] if len(words) > 2 and words[-2] == ">" else None
    words = words[1:-2] if target else words[1:]
    before = Path.cwd()
    os.chdir(folder)
    try:
        result = CliRunner(env=SETTING).invoke(main, words, prog_name="negsim")
    finally:
        os.chdir(before)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    if target is not None:
        target.write_text(result.stdout, encoding="utf-8")
        return tidy(result.stderr), result.exit_code
    return tidy(result.output), result.exit_code


def matches(shown: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Whether the lines that a page shows are those that were printed, `...` standing for any number of lines."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == ELISION:
            parts.append([])
        else:
            parts[-1].append(line)
    if len(parts) == 1:
        return parts[0] == list(printed)
    first, *middle, last = parts
    if len(first) + len(last) > len(printed):
        return False
    if list(printed[: len(first)]) != first or list(printed[len(printed) - len(last) :]) != last:
        return False
    rest = list(printed[len(first) : len(printed) - len(last)])
    for part in middle:
        at = next((i for i in range(len(rest) - len(part) + 1) if rest[i : i + len(part)] == part), None)
        if at is None:
            return False
        rest = rest[at + len(part) :]
    return True


def difference(played: Played) -> str:
    """A message that shows both sides."""
    shown, printed = "\n".join(played.command.shown), "\n".join(played.printed)
    return (
        f"line {played.command.first}: $ {played.command.text}\n--- the page shows\n{shown}\n--- it prints\n{printed}"
    )


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def run_python(page: Path, folder: Path) -> str:
    """Runs the Python blocks of a page; what they print where they fail, else nothing."""
    found = [
        (block.first, "\n".join(block.lines) + "\n")
        for block in blocks(page.read_text(encoding="utf-8"))
        if block.kind == "python" and (block.said or ("", ""))[0] != "not run"
    ]
    if not found:
        return ""
    environment = {name: value for name, value in {**os.environ, **SETTING}.items() if value is not None}
    environment.pop("NEGSIM_STORE", None)
    done = subprocess.run(
        [sys.executable, "-c", PYTHON],
        input=json.dumps(found),
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_shows_what_the_program_does(page: Path, tmp_path: Path) -> None:
    played = play(page, tmp_path)
    wrong = [difference(each) for each in played if not matches(tidy("\n".join(each.command.shown)), each.printed)]
    assert not wrong, "\n\n".join(wrong)
    failed = [
        f"line {each.command.first}: $ {each.command.text} has exit status {each.status}, and the page does not say so"
        for each, following in zip(played, [*played[1:], None], strict=False)
        if each.status and not (following and following.command.text == "echo $?")
    ]
    assert not failed, "\n".join(failed)
    assert run_python(page, tmp_path) == ""


# What a comparison must notice. A check that cannot fail is no check.


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a\nb", True),
        ("a\nb", "a\nc", False),
        ("a", "a\nb", False),
        ("a\n...", "a\nb\nc", True),
        ("a\n...", "b\na", False),
        ("...\nc", "a\nb\nc", True),
        ("...\nc", "a\nc\nb", False),
        ("a\n...\nc\n...\ne", "a\nb\nc\nd\ne", True),
        ("a\n...\nx\n...\ne", "a\nb\nc\nd\ne", False),
        ("a\n...\na", "a", False),
        ("a\n...\nb", "a\nb", True),
    ],
)
def test_a_line_of_three_dots_stands_for_any_number_of_lines(shown: str, printed: str, same: bool) -> None:
    assert matches(tidy(shown), tidy(printed)) is same


@pytest.mark.parametrize(
    "text",
    [
        "```console\n$ negsim --version\nnegsim, version 99\n```\n",
        "```console\n$ negsim log nothing.jsonl\n...\n```\n",
        "```console\n$ negsim log nothing.jsonl\n...\n$ echo $?\n0\n```\n",
        "```python\nassert False\n```\n",
        "```python\n>>> 1 + 1\n3\n```\n",
    ],
)
def test_a_page_that_shows_something_else_is_noticed(text: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError):
        test_a_page_shows_what_the_program_does(page, tmp_path)


# Links.


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as they are made on the web: small letters, blanks as hyphens."""
    found: set[str] = set()
    for line in outside_blocks(text):
        heading = re.match(r"#{1,6} +(.+?) *#*$", line)
        if heading is None:
            continue
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1])
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number = 0
        numbered = anchor
        while numbered in found:
            number += 1
            numbered = f"{anchor}-{number}"
        found.add(numbered)
    return found


def outside_blocks(text: str) -> list[str]:
    """The lines of a page that are not in a fenced block."""
    found: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside:
            found.append(line)
    return found


def links(text: str) -> list[str]:
    """The targets of a page's links, those in code left out."""
    prose = re.sub(r"`[^`]*`", "", "\n".join(outside_blocks(text)))
    return re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", prose)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    broken = []
    for link in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            broken.append(link)
    assert not broken


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached = {ROOT / "README.md"}
    ahead = list(reached)
    while ahead:
        page = ahead.pop()
        for link in links(page.read_text(encoding="utf-8")):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.suffix == ".md" and target in PAGES and target not in reached:
                reached.add(target)
                ahead.append(target)
    assert [name_of(page) for page in PAGES if page not in reached] == []


# Completeness.


def page_text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def sections(text: str, level: str = "## ") -> dict[str, str]:
    """The parts of a page by heading."""
    parts = re.split(rf"(?m)^{level}", text)
    return {part.splitlines()[0].strip(" `"): part for part in parts[1:]}


def test_every_command_and_option_is_in_the_reference() -> None:
    found = sections(page_text("docs/reference/commands.md"), "### ")
    context = click.Context(main)
    missing = []
    for name in main.list_commands(context):
        part = found.get(f"negsim {name}", "")
        command = main.get_command(context, name)
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:  # --debug stands at the head of the page
                words = [*parameter.opts, *parameter.secondary_opts]
                missing += [f"negsim {name} {word}" for word in words if f"`{word}" not in part]
        if not part:
            missing.append(f"negsim {name}")
    assert missing == []


def test_the_reference_has_no_option_that_no_command_has() -> None:
    context = click.Context(main)
    extra = []
    for heading, part in sections(page_text("docs/reference/commands.md"), "### ").items():
        if not heading.startswith("negsim "):
            continue
        command = main.get_command(context, heading.removeprefix("negsim "))
        assert command is not None, f"there is no command {heading}"
        known = {word for parameter in command.params for word in parameter.opts}
        named = re.findall(r"(?m)^\| `(--?[a-z-]+)", part.split("\n## ")[0])
        extra += [f"{heading} {word}" for word in named if word not in known]
    assert extra == []


def keys_of_the_language() -> dict[str, set[str]]:
    """Every kind of mapping in a scenario, with the keys that it has."""
    language, shapes = import_module("negsim.language.keys"), import_module("negsim.language.shape")
    found = {name: getattr(language, name) for name in dir(language)}
    return {name.lower(): set(each.parts) for name, each in found.items() if isinstance(each, shapes.Record)}


def test_every_key_of_the_language_is_in_its_reference() -> None:
    text = page_text("docs/reference/language.md")
    found = keys_of_the_language()
    assert {"root", "rule", "option", "statement"} <= set(found)
    missing = [f"{each}: {key}" for each, keys in found.items() for key in sorted(keys) if f"`{key}:`" not in text]
    assert missing == []


def test_every_public_name_is_in_the_python_reference() -> None:
    text = page_text("docs/reference/python.md")
    missing = [
        name for name in [*negsim.__all__, "__version__"] if f"`{name}" not in text and f"`negsim.{name}" not in text
    ]
    public = [name for name in dir(negsim.Run) if not name.startswith("_")]
    missing += [f"Run.{name}" for name in public if f"`{name}" not in text]
    assert missing == []


def test_every_shipped_scenario_is_in_the_reference() -> None:
    shipped = import_module("negsim.language").shipped()
    text = page_text("docs/reference/scenarios.md")
    assert shipped
    assert [name for name, _ in shipped if f"`{name}`" not in text] == []


def test_the_readme_starts_with_two_commands() -> None:
    lines = [line.strip() for block in blocks(page_text("README.md")) for line in block.lines]
    assert [line.split("#")[0].strip() for line in lines if line.startswith("$ make")] == ["$ make demo", "$ make test"]


def test_the_changelog_has_the_version() -> None:
    assert f"## {negsim.__version__}" in page_text("CHANGELOG.md")


def test_no_page_names_a_place_on_someones_machine() -> None:
    named = [
        f"{name_of(page)}: {line}"
        for page in PAGES
        for line in page.read_text(encoding="utf-8").splitlines()
        if re.search(r"(?<![\w.])/(home|root|tmp|opt|work|Users)/", line)
    ]
    assert named == []


def test_every_file_that_the_architecture_names_is_there() -> None:
    text = page_text("docs/explanation/architecture.md")
    named = set(re.findall(r"`((?:\w+/)+\w+\.py)`", text))
    assert len(named) > 40
    there = {name for name in named if (ROOT / "negsim" / name).exists() or (ROOT / name).exists()}
    assert sorted(named - there) == []
