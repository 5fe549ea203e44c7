"""What takes long to make and is always the same, kept in the user's cache: a file each, by name."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from negsim.log.event import digest


def kept(name: str, make: Callable[[], str]) -> str:
    """The text of that name: as it was kept, if it was and is whole, else made and kept.

    Whoever cannot write there does without.
    """
    path = folder() / name
    with suppress(OSError, UnicodeDecodeError):
        seal, _, text = path.read_bytes().decode().partition("\n")
        if seal == digest(text.encode()):
            return text
    text = make()
    with suppress(OSError):
        _write(path, f"{digest(text.encode())}\n{text}".encode())
    return text


def folder() -> Path:
    """Where it is kept, by the custom of the platform."""
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(root) / "negsim"


def _write(path: Path, data: bytes) -> None:
    """Puts a whole file in its place at once: others may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)
