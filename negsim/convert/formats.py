"""The formats that domains are written in: which one a file is in, and what it then holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from negsim.convert import genius, geniusweb, negmas
from negsim.convert.domain import Issue, Profile
from negsim.convert.elements import Elements
from negsim.convert.files import File, Root, place_of
from negsim.convert.genius import Meaning
from negsim.convert.markup import Element
from negsim.convert.nodes import Nodes
from negsim.language.problems import Enough

Origin = Literal["GENIUS", "NegMAS", "GeniusWeb"]
LARGEST_WORTH = 1e15  # so that the tolerance of utilities is far from the last bit


def origin_of(file: File) -> Origin | None:
    """Whose format the domain in a file is in; nothing where it holds none."""
    root = file.root
    if root is None or isinstance(root, Element):
        return "GENIUS" if root is not None and root.tag == genius.DOMAIN else None
    if negmas.is_domain(root):
        return "NegMAS"
    return "GeniusWeb" if geniusweb.is_domain(root) else None


def holds_profile(file: File, origin: Origin) -> bool:
    """Whether a file holds a profile in a format."""
    root = file.root
    if root is None or isinstance(root, Element):
        return root is not None and origin == "GENIUS" and root.tag == genius.PROFILE
    is_profile = {"NegMAS": negmas.is_profile, "GeniusWeb": geniusweb.is_profile}.get(origin)
    return is_profile is not None and is_profile(root)


def issues_of(file: File, origin: Origin) -> tuple[Issue, ...] | None:
    """The issues of a domain; nothing, with problems, where they cannot be used."""
    root = file.root
    try:
        if root is None or isinstance(root, Element):
            return None if root is None else genius.issues_of(Elements(file.problems, file.warnings), root)
        nodes = Nodes(file.problems, file.warnings)
        return negmas.issues_of(nodes, root) if origin == "NegMAS" else geniusweb.issues_of(nodes, root)
    except Enough:
        return None


def profile_of(file: File, origin: Origin, issues: Sequence[Issue], meaning: Meaning) -> Profile | None:
    """A profile over the issues; nothing, with problems, where it cannot be used."""
    if file.root is None:
        return None
    try:
        found = _profile(file, file.root, origin, issues=issues, meaning=meaning)
    except Enough:
        return None
    if found is not None and not abs(found.lowest) + abs(found.highest) < LARGEST_WORTH:
        file.problems.put(file.root.sheet, place_of(file.root), "the worths of this profile are too large")
    return None if file.problems else found


def _profile(file: File, root: Root, origin: Origin, *, issues: Sequence[Issue], meaning: Meaning) -> Profile | None:
    name = Path(file.path).stem
    if isinstance(root, Element):
        elements = Elements(file.problems, file.warnings)
        return genius.profile_of(elements, root, name, issues=issues, meaning=meaning)
    nodes = Nodes(file.problems, file.warnings)
    if origin == "NegMAS":
        return negmas.profile_of(nodes, root, name, issues=issues)
    return geniusweb.profile_of(nodes, root, name, issues=issues)
