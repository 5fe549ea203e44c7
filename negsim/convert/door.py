"""The door of the importer: from a folder or files to the text of a scenario."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import attrs

from negsim.clean import plain
from negsim.convert import genius, negmas
from negsim.convert.domain import Domain, Issue, Profile, without_single
from negsim.convert.genius import Meaning
from negsim.convert.markup import Element, parse, read_sheet
from negsim.convert.writing import scenario_text
from negsim.errors import Place, Problem, UsageError
from negsim.load.files import Refused, read_bytes
from negsim.load.nodes import Keyed, Sheet
from negsim.load.problems import Problems
from negsim.load.talks import MOST_AT_TABLE
from negsim.load.yamltext import read

XML, WRITTEN = (".xml",), (".yml", ".yaml", ".json")
BESIDES = ("stats", "_stats", "_info", "info")  # what NegMAS keeps beside a domain
MOST_ROUNDS = 100_000
LARGEST_WORTH = 1e15  # so that the tolerance of utilities is far from the last bit


@attrs.frozen
class Converted:
    """The text of a scenario, and what was left out on the way."""

    text: str
    warnings: tuple[Problem, ...]
    files: tuple[str, ...]  # that the domain and its profiles stand in


Root = Element | Keyed


@attrs.frozen
class Notes:
    """What is wrong with the files, and what is left out of them."""

    problems: Problems
    warnings: Problems
    files: list[str] = attrs.field(factory=list)


def convert(paths: Sequence[str | os.PathLike[str]], *, rounds: int = 100, meaning: Meaning = "genius") -> Converted:
    """The scenario of a domain: a folder, or the domain's file and those of its profiles.

    Where the domain's file is given alone, its profiles are looked for beside it. Parties propose in the
    order of their files' names (in the order given, where they are given). Raises ScenarioError with every
    problem, UsageError where it is not clear what to read.
    """
    if not 1 <= rounds <= MOST_ROUNDS:
        raise UsageError(f"{rounds} rounds cannot be held", f"give a number from 1 to {MOST_ROUNDS}")
    notes = Notes(Problems(), Problems("warning"))
    domain = _read([os.fspath(path) for path in paths], meaning, notes)
    notes.problems.raise_any()
    if domain is None:
        raise TypeError("no domain, and no problem")
    return Converted(scenario_text(without_single(domain), rounds), notes.warnings.sorted(), tuple(notes.files))


def _read(paths: list[str], meaning: Meaning, notes: Notes) -> Domain | None:
    folder = len(paths) == 1 and Path(paths[0]).is_dir()
    roots = _roots(_files_in(Path(paths[0])) if folder else paths, notes)
    if roots is not None and len(paths) == len(roots) == 1 and not folder and _is_domain(roots[0]):
        beside = _beside(Path(paths[0]), roots[0], notes)
        roots = None if beside is None else [*roots, *beside]
    if roots is None:
        return None
    spaces = [root for root in roots if _is_domain(root)]
    if not spaces:
        what = "this folder holds" if folder else "there is"
        hint = "a GENIUS domain is a <negotiation_template>, one of NegMAS has a type like CartesianOutcomeSpace"
        raise UsageError(f"{paths[0]}: {what} no domain", hint)
    if len(spaces) > 1:
        names = " and ".join(root.sheet.name for root in spaces[:2])
        raise UsageError(f"there is more than one domain: {names}", "name the file of one, and those of its profiles")
    name = Path(paths[0]).resolve().name if folder else Path(spaces[0].sheet.name).stem
    profiles = [root for root in roots if _is_profile(root) and type(root) is type(spaces[0])]
    notes.files[:] = [root.sheet.name for root in (spaces[0], *profiles)]
    if not _are_enough(spaces[0], profiles, notes):
        return None
    issues = _issues(spaces[0], notes)
    if issues is None:
        return None
    found = [_profile(root, issues, meaning, notes) for root in profiles]
    origin = "GENIUS" if isinstance(spaces[0], Element) else "NegMAS"
    return Domain(name, origin, issues, tuple(profile for profile in found if profile is not None))


def _are_enough(space: Root, profiles: Sequence[Root], notes: Notes) -> bool:
    """Whether the profiles can be the parties of talks; a problem where they cannot."""
    if 2 <= len(profiles) <= MOST_AT_TABLE:  # noqa: PLR2004 - it takes two to talk
        return True
    hint = None
    if len(profiles) > MOST_AT_TABLE:
        message = f"the domain has {len(profiles)} profiles; at most {MOST_AT_TABLE} can be taken"
    else:
        found = f"one profile ({Path(profiles[0].sheet.name).name})" if profiles else "no profile"
        message = f"the domain has {found}; talks need two or more parties"
        hint = "put the profiles beside it, or name them: negsim import DOMAIN PROFILE PROFILE"
    notes.problems.put(space.sheet, _place(space), message, hint)
    return False


def _place(root: Root) -> Place:
    return root.place if isinstance(root, Element) else Place(root.sheet.name, root.line, root.column)


def _issues(space: Root, notes: Notes) -> tuple[Issue, ...] | None:
    if isinstance(space, Element):
        return genius.Reader(notes.problems, notes.warnings).issues(space)
    return negmas.Reader(notes.problems, notes.warnings).issues(space)


def _profile(root: Root, issues: Sequence[Issue], meaning: Meaning, notes: Notes) -> Profile | None:
    name = Path(root.sheet.name).stem
    found = (
        genius.Reader(notes.problems, notes.warnings).profile(root, name, issues, meaning)
        if isinstance(root, Element)
        else negmas.Reader(notes.problems, notes.warnings).profile(root, name, issues)
    )
    if found is None or abs(found.lowest) + abs(found.highest) < LARGEST_WORTH:
        return found
    notes.problems.put(root.sheet, _place(root), "the worths of this profile are too large")
    return None


# Files.


def _files_in(folder: Path, kinds: tuple[str, ...] = XML + WRITTEN) -> list[str]:
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


def _roots(paths: Sequence[str], notes: Notes, *, first: int = 0) -> list[Root] | None:
    """What the files hold; nothing, with problems, where one cannot be read."""
    found = [_root(path, order, notes.problems) for order, path in enumerate(paths, first)]
    known = [root for root in found if root is not None]
    return known if len(known) == len(found) else None


def _beside(path: Path, space: Root, notes: Notes) -> list[Root] | None:
    """What the other files of a domain's folder hold, other domains left out."""
    kinds = XML if isinstance(space, Element) else WRITTEN
    roots = _roots([each for each in _files_in(path.parent, kinds) if not path.samefile(each)], notes, first=1)
    return None if roots is None else [root for root in roots if not _is_domain(root)]


def _root(path: str, order: int, problems: Problems) -> Root | None:
    """The outermost element or mapping of a file; nothing, with a problem, where it cannot be read."""
    if Path(path).suffix.lower() in WRITTEN:
        return _written(path, order, problems)
    sheet = read_sheet(Path(path), path, problems, order=order)
    return None if sheet is None else parse(sheet, problems)


def _written(path: str, order: int, problems: Problems) -> Keyed | None:
    try:
        text = read_bytes(Path(path), included=False)
    except Refused as refused:
        nowhere = Sheet(path, path, refused.text, order)
        lines = refused.text.split("\n")
        problems.put(nowhere, Place(path, len(lines), len(lines[-1]) + 1), refused.message, refused.hint)
        return None
    sheet = Sheet(path, path, plain(text), order)
    before = len(problems.sorted())
    node = read(sheet, problems)
    if isinstance(node, Keyed):
        return node
    if len(problems.sorted()) == before:
        problems.put(sheet, Place(path, 1, 1), "this file holds no mapping")
    return None


def _is_domain(root: Root) -> bool:
    return root.tag == genius.DOMAIN if isinstance(root, Element) else negmas.is_domain(root)


def _is_profile(root: Root) -> bool:
    return root.tag == genius.PROFILE if isinstance(root, Element) else negmas.is_profile(root)
