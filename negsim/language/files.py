"""The files of a scenario: the root, and those it includes, kept inside the root's folder."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Callable, Mapping
from pathlib import Path

import attrs

from negsim.clean import plain
from negsim.errors import Place, did_you_mean
from negsim.language.nodes import Scalar, Sheet
from negsim.language.problems import Problems

MOST_BYTES = 1_048_576


class Refused(Exception):  # noqa: N818  # it is caught where the place is known, and becomes a problem
    """A file that cannot be read: what, and a way out; `text` is what precedes the fault in it, if any."""

    def __init__(self, message: str, hint: str | None = None, *, text: str = "") -> None:
        self.message = message
        self.hint = hint
        self.text = text
        super().__init__(message)


@attrs.frozen
class Shelf:
    """Where the files of a scenario come from: how a path looks to the user, and how its text is had.

    `fetch` raises Refused.
    """

    root: str
    shown: Callable[[str], str]
    fetch: Callable[[str], str]


def on_disk(path: str) -> Shelf:
    """The files beside a root file on disk."""
    folder = os.path.dirname(path)  # noqa: PTH120  # the path is shown as the user wrote it

    def fetch(name: str) -> str:
        place = Path(folder or ".") / name
        if name != os.path.basename(path) and not _inside(place, Path(folder or ".")):  # noqa: PTH119  # as above
            raise Refused(
                "this file is outside the scenario's folder", "copy it there; a link is not followed out of it"
            )
        return read_bytes(place, included=name != os.path.basename(path))  # noqa: PTH119  # as above

    return Shelf(os.path.basename(path), lambda name: os.path.join(folder, name), fetch)  # noqa: PTH118, PTH119  # as above


def in_memory(root: str, files: Mapping[str, str]) -> Shelf:
    """Files given as texts, by path relative to the root's folder."""

    def fetch(name: str) -> str:
        if name not in files:
            raise Refused(f"there is no file '{name}'", did_you_mean(name, [other for other in files if other != root]))
        text = files[name]
        if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
            raise Refused("this file is larger than 1 MiB", "split the scenario, and `include:` the parts")
        return text

    return Shelf(root, lambda name: name, fetch)


def _inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def read_bytes(path: Path, *, included: bool) -> str:
    """The text of a file. Raises Refused where there is none, or none that can be a scenario."""
    try:
        if path.is_dir():
            raise Refused("this is a folder, not a file")
        if not path.is_file():
            missing = not path.exists()
            hint = "an include is looked for beside the file that names it" if included and missing else None
            raise Refused("there is no such file" if missing else "this is no ordinary file", hint)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable path"
        raise Refused(f"this file cannot be read: {reason.lower()}") from error
    if len(content) > MOST_BYTES:
        raise Refused("this file is larger than 1 MiB", "split the scenario, and `include:` the parts")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        message = f"this file is not UTF-8 text (the byte {content[error.start]:02X})"
        raise Refused(message, "save the file in the UTF-8 encoding", text=before) from error


def open_sheet(shelf: Shelf, name: str, order: int) -> Sheet:
    """A file's sheet. Raises Refused."""
    text = plain(shelf.fetch(name))
    return Sheet(shelf.shown(name), name, text, order)


def open_root(shelf: Shelf, problems: Problems) -> Sheet | None:
    """The root's sheet; nothing, with a problem, where it cannot be read."""
    try:
        return open_sheet(shelf, shelf.root, 0)
    except Refused as refused:
        lines = refused.text.split("\n")
        sheet = Sheet(shelf.shown(shelf.root), shelf.root, refused.text, 0)
        problems.put(sheet, Place(sheet.name, len(lines), len(lines[-1]) + 1), refused.message, refused.hint)
        return None


def open_included(shelf: Shelf, words: tuple[Scalar, ...], problems: Problems) -> list[Sheet] | None:
    """The sheets that are included, in order; nothing, with problems, where one cannot be read."""
    found: list[Sheet] = []
    for word in words:
        try:
            name = included_path(word.text)
            _refuse_again(name, shelf, found)
            found.append(open_sheet(shelf, name, len(found) + 1))
        except Refused as refused:
            problems.add(word, f"include: {refused.message}", refused.hint)
    return found if len(found) == len(words) else None


def _refuse_again(name: str, shelf: Shelf, found: list[Sheet]) -> None:
    if name == shelf.root:
        raise Refused("a file cannot include itself")
    if any(sheet.path == name for sheet in found):
        raise Refused("this file is included already")


def included_path(text: str) -> str:
    """A path relative to the root's folder, tidied. Raises Refused where it leaves the folder."""
    text = text.strip()
    if "\\" in text:
        raise Refused("a path is written with forward slashes", f"write {text.replace(chr(92), '/')}")
    if text.startswith(("/", "~")) or text[1:2] == ":":
        raise Refused("this path is absolute", "write it relative to this file, without a leading slash")
    path = posixpath.normpath(text)
    if path == ".." or path.startswith("../"):
        raise Refused("this file is outside the scenario's folder", "move or copy it there")
    return path


def content_hash(sheets: list[Sheet]) -> str:
    """The hash of a scenario's files: their paths and texts, the root's own name left out."""
    digest = hashlib.sha256()
    for sheet in sheets:
        path = sheet.path if sheet.order else ""
        digest.update(f"{path}\0{sheet.text}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
