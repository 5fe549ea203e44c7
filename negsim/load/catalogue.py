"""The scenarios that come with negsim."""

from __future__ import annotations

from pathlib import Path


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


def template() -> str:
    """The small working scenario that a new one begins as."""
    return dict(shipped())["template"].read_text(encoding="utf-8")
