"""The scenarios that come with negsim."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath


def folder() -> Path | None:
    """Where they are: inside an installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for place in (package / "scenarios", package.parent / "scenarios"):
        if place.is_dir():
            return place
    return None


def shipped() -> list[tuple[str, Path]]:
    """Name and path of each, by name."""
    place = folder()
    return [] if place is None else [(path.stem, path) for path in sorted(place.glob("*.yaml"))]


def called(files: Mapping[str, str]) -> str:
    """What a scenario of these texts is called by in a command: the name that it ships under, else its root file."""
    root = next(iter(files), "")
    name, ending = PurePosixPath(root).stem, PurePosixPath(root).suffix
    path = dict(shipped()).get(name)
    if path is not None and all(_holds(path.parent, each, text) for each, text in files.items()):
        return name
    return PurePosixPath(root).name if ending.lower() in (".yaml", ".yml") else "SCENARIO.yaml"


def _holds(place: Path, name: str, text: str) -> bool:
    """Whether a file is in a folder that says just this."""
    path = (place / name).resolve()
    return path.is_relative_to(place) and path.is_file() and path.read_text(encoding="utf-8-sig") == text


def template() -> str:
    """The small working scenario that a new one begins as."""
    return dict(shipped())["template"].read_text(encoding="utf-8")
