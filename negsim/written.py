"""How a file is written: whole or not at all, where it was meant to be, and never over what was read.

What is written grows in a file beside the target and takes its place at the end. A link is written
through; the mode and the owner of a file that is there are kept. What cannot be replaced so (a pipe, a
terminal, a file of several names, one in a folder that nothing can be added to) is written into, once all
of it is there.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from negsim.errors import UsageError

STANDARD_OUTPUT = "-"
NO_ROOM = (errno.EACCES, errno.EPERM, errno.EROFS)  # a folder that no file can be added to
_SQLITE = b"SQLite format 3\0"
_MARK_AT, _MARK = 68, b"neg"  # where SQLite has the application id, and how those of stores and results begin
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file of its own


def write(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Writes a text, in UTF-8 with its own line ends, or bytes."""
    with replaced(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)


@contextmanager
def replaced(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A file to write into, which takes the place of the one at a path when all went well; `-` is standard output.

    Where something fails on the way, or is interrupted, all stays as it was. Raises `OSError` and
    `UsageError`.
    """
    there = _status(path)
    if _is_standard_output(path, there):
        with _copied(sys.stdout.buffer) as file:
            yield file
        return
    growing = None if there is not None and not stat.S_ISREG(there.st_mode) else _growing(path, there)
    if growing is None:
        with _copied_into(path, there) as file:
            yield file
        return
    target, grown, descriptor = growing
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        grown.replace(target)
    except BaseException:
        with suppress(OSError):
            grown.unlink()
        raise


def refuse_inputs(path: str | os.PathLike[str], inputs: Iterable[str | os.PathLike[str]]) -> None:
    """Raises `UsageError` where a file that is to be written is one of those that are read, by whatever name."""
    for each in inputs:
        if is_same(path, each):
            raise UsageError(f"{os.fspath(path)} is read here, so it is not written over", "name another file")


def is_same(path: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    """Whether two paths lead to one file, also where there is none yet."""
    one, two = os.fspath(path), os.fspath(other)
    if STANDARD_OUTPUT in (one, two):
        return False
    with suppress(OSError, ValueError):
        return os.path.samefile(one, two)  # noqa: PTH121 - as given
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(two))


def _status(path: str | os.PathLike[str]) -> os.stat_result | None:
    """What there is at a path, links followed; nothing where there is nothing. Raises for what is never written."""
    try:
        found = os.stat(path)  # noqa: PTH116 - as given
    except FileNotFoundError:
        return None
    except ValueError:
        raise UsageError(f"{os.fspath(path)!r} is no usable path") from None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if stat.S_ISBLK(found.st_mode):
        raise UsageError(f"{os.fspath(path)} is a disk, not a file", "name a file")
    return found


def _is_standard_output(path: str | os.PathLike[str], there: os.stat_result | None) -> bool:
    if os.fspath(path) == STANDARD_OUTPUT:
        return True
    try:
        return there is not None and os.path.samestat(there, os.fstat(sys.stdout.fileno()))
    except (OSError, ValueError, AttributeError):  # it is closed, or no file
        return False


def _growing(path: str | os.PathLike[str], there: os.stat_result | None) -> tuple[Path, Path, int] | None:
    """The file that is meant, and a new one beside it, open; nothing where none can take the place of one there is.

    Nobody can look into the new file who cannot look into the one that is there.
    """
    target = Path(os.path.realpath(path))
    if there is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
    if there is not None and _is_kept(target):
        raise UsageError(f"{os.fspath(path)} keeps runs of negsim, so it is not written over", "name another file")
    if there is not None and there.st_nlink > 1:
        return None
    mode = 0o666 if there is None else there.st_mode & 0o777
    grown = target.with_name(f".negsim-{secrets.token_hex(8)}.part")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(grown, flags, mode)
    except OSError as error:
        if there is not None and error.errno in NO_ROOM:
            return None
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None
    if there is not None and not _is_made_alike(descriptor, there):
        os.close(descriptor)
        grown.unlink()
        return None
    return target, grown, descriptor


def _is_kept(path: Path) -> bool:
    """Whether a file is a store or a result: an SQLite file with the mark of negsim's."""
    with suppress(OSError), path.open("rb") as file:
        begin = file.read(_MARK_AT + len(_MARK))
        return begin.startswith(_SQLITE) and begin[_MARK_AT:] == _MARK
    return False


def _is_made_alike(descriptor: int, there: os.stat_result) -> bool:
    """Gives an open file the owner and the mode of another; whether that could be done."""
    if not hasattr(os, "fchmod"):
        return True
    made = os.fstat(descriptor)
    try:
        if (made.st_uid, made.st_gid) != (there.st_uid, there.st_gid):
            os.fchown(descriptor, there.st_uid, there.st_gid)
        os.fchmod(descriptor, there.st_mode & 0o777)
    except OSError:
        return False
    return True


@contextmanager
def _copied_into(path: str | os.PathLike[str], there: os.stat_result | None) -> Iterator[IO[bytes]]:
    """A file whose content is put into what there is at a path, at the end."""
    flags = os.O_WRONLY | getattr(os, "O_BINARY", 0)
    if there is not None and stat.S_ISREG(there.st_mode):
        flags |= os.O_TRUNC
    with tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        with os.fdopen(os.open(path, flags), "wb") as into:
            shutil.copyfileobj(file, into)


@contextmanager
def _copied(into: IO[bytes]) -> Iterator[IO[bytes]]:
    """A file whose content is put into an open one, at the end."""
    with tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        sys.stdout.flush()
        shutil.copyfileobj(file, into)
        into.flush()
