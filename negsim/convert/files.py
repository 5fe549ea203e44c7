"""The files of a domain: which there are, and what each holds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs

from negsim.clean import plain
from negsim.convert.markup import Element, parse, read_sheet
from negsim.errors import Place
from negsim.language.files import Refused, read_bytes
from negsim.language.nodes import KeyedNode, Sheet
from negsim.language.problems import Enough, Problems
from negsim.language.yamltext import read

XML, WRITTEN = (".xml",), (".yml", ".yaml", ".json")
MOST_OF_A_FILE = 20  # problems that are said one by one
BESIDES = ("stats", "_stats", "_info", "info")  # what NegMAS keeps beside a domain

Root = Element | KeyedNode


@attrs.frozen
class File:
    """A file that is looked at: its outermost element or mapping, and what is wrong with it.

    There is no root where it cannot be read. `order` is its place in the order of reading.
    """

    path: str
    order: int
    root: Root | None
    problems: Problems
    warnings: Problems


def files_in(folder: Path, kinds: tuple[str, ...] = XML + WRITTEN) -> list[str]:
    """The files of a folder that can be part of a domain, by name."""
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in kinds
        and not path.name.startswith(".")
        and not path.name.endswith("pareto.xml")
        and path.stem not in BESIDES
        and path.is_file()
    ]
    return [str(path) for path in found]


def read_file(path: str, order: int) -> File:
    """A file with what it holds, or with its problems."""
    problems = Problems()
    try:
        root = _root(path, order, problems)
    except Enough:
        root = None
    return File(path, order, root, problems, Problems("warning"))


def place_of(root: Root) -> Place:
    """Where a root begins."""
    return root.place if isinstance(root, Element) else Place(root.sheet.name, root.line, root.column)


def together(files: Iterable[File]) -> Problems:
    """The problems of several files; of a great many in one file the first ones, and how many more there are."""
    found = Problems()
    try:
        for file in files:
            found.take(file.problems.sorted(MOST_OF_A_FILE), file.order)
    except Enough:  # as many are kept as anyone reads
        pass
    return found


def _root(path: str, order: int, problems: Problems) -> Root | None:
    if Path(path).suffix.lower() in WRITTEN:
        return _written(path, order, problems)
    sheet = read_sheet(Path(path), path, problems, order=order)
    return None if sheet is None else parse(sheet, problems)


def _written(path: str, order: int, problems: Problems) -> KeyedNode | None:
    try:
        text = plain(read_bytes(Path(path), included=False))
    except Refused as refused:
        nowhere = Sheet(path, path, refused.text, order)
        lines = refused.text.split("\n")
        problems.put(nowhere, Place(path, len(lines), len(lines[-1]) + 1), refused.message, refused.hint)
        return None
    if Path(path).suffix.lower() == ".json":
        text = text.replace("\t", " ")  # JSON may be indented with tabs, YAML may not; in its texts there is none
    sheet = Sheet(path, path, text, order)
    node = read(sheet, problems)
    if isinstance(node, KeyedNode):
        return node
    if not problems:
        problems.put(sheet, Place(path, 1, 1), "this file holds no mapping")
    return None
