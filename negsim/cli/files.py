"""The files that a command reads and writes: what is written never takes the place of what is read or kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import click

from negsim.errors import LogError, UsageError
from negsim.written import BESIDE, STANDARD_OUTPUT, is_same, refuse_inputs, write

_READ = "negsim.read"
_GIVEN = "negsim.standard_input"
STANDARD_INPUT = "-"


class OutputFile(click.Path):
    """The type of every option that names a file to be written."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path, allow_dash=True)


OUTPUT = OutputFile()


def outputs(context: click.Context) -> Iterator[tuple[str, Path]]:
    """The files that a command is asked to write, each with the option that asks."""
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if isinstance(parameter.type, OutputFile) and value is not None:
            yield max(parameter.opts, key=len), value


def check_outputs() -> None:
    """Raises `UsageError` where a command is asked to write over the store, or two things into one file."""
    context = click.get_current_context()
    asked = [*outputs(context)]
    for number, (option, path) in enumerate(asked):
        for other, same in asked[:number]:
            if is_same(path, same) and str(path) != STANDARD_OUTPUT:
                raise UsageError(f"{other} and {option} name the same file", "name two")
    store = context.params.get("store")
    if store is not None:
        reads(store, *(f"{store}{end}" for end in BESIDE))


def reads(*paths: str | os.PathLike[str]) -> None:
    """Notes that a command reads files; raises `UsageError` where one of them is to be written over."""
    context = click.get_current_context(silent=True)
    if context is None:
        return
    for _, path in outputs(context):
        refuse_inputs(path, paths)
    context.meta.setdefault(_READ, []).extend(paths)


def reads_texts(texts: Iterable[str]) -> None:
    """Notes that a command works with texts kept elsewhere; a file that holds one of them is not written over."""
    context = click.get_current_context(silent=True)
    kept = [] if context is None else [text.encode() for text in texts]
    for _, path in () if context is None else outputs(context):
        if any(_holds(path, text) for text in kept):
            raise UsageError(
                f"{path} is the scenario that this was made from, so it is not written over", "name another file"
            )


def _holds(path: Path, text: bytes) -> bool:
    """Whether a file holds a text, byte for byte."""
    try:
        return path.is_file() and path.stat().st_size == len(text) and path.read_bytes() == text
    except OSError:
        return False


def check_written(paths: Iterable[Path]) -> None:
    """Raises `UsageError` where one of some files, whose names no option gives, is one that was read."""
    for path in paths:
        refuse_inputs(path, click.get_current_context().meta.get(_READ, ()))


def put(path: Path, content: str | bytes) -> None:
    """Writes a file and says so."""
    write(path, content)
    say_written(path)


def say_written(path: Path) -> None:
    """Says which file was written."""
    if str(path) != STANDARD_OUTPUT:
        click.echo(f"written to {path}", err=True)


def print_or_put(content: str, path: Path | None) -> None:
    """Prints a text, or writes it to a file where one is named."""
    if path is None or str(path) == STANDARD_OUTPUT:
        click.echo(content, nl=False)
    else:
        put(path, content)


def read_bytes(name: str, *, most: int) -> bytes:
    """The bytes of a file, or of standard input for `-`. Raises `LogError` where there are more than `most`."""
    if name == STANDARD_INPUT:
        content = standard_input(most)
    else:
        reads(name)
        with Path(name).open("rb") as file:
            content = _bounded(file, most)
    if len(content) > most:
        raise LogError(f"{shown(name)}: this is larger than {most >> 20} MiB")
    return content


def shown(name: str) -> str:
    """What a file is called in messages."""
    return "standard input" if name == STANDARD_INPUT else name


def standard_input(most: int) -> bytes:
    """What comes in on standard input, and a byte more than `most` where it is longer; read once."""
    kept: dict[str, Any] = click.get_current_context().meta
    if _GIVEN not in kept:
        if sys.stdin is None:
            raise UsageError("standard input is closed")
        kept[_GIVEN] = _bounded(sys.stdin.buffer, most)
    found = kept[_GIVEN]
    return bytes(found)


def _bounded(file: IO[bytes], most: int) -> bytes:
    return file.read(most + 1)
