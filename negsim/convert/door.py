"""The door of the importer: from a folder or files to the text of a scenario."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import attrs

from negsim.convert import genius, negmas
from negsim.convert.domain import MOST_PROFILES, Domain, Issue, Profile
from negsim.convert.genius import Meaning
from negsim.convert.markup import Element, parse, read_sheet
from negsim.convert.writing import scenario_text
from negsim.errors import Place, Problem, UsageError
from negsim.load.files import Refused, read_bytes
from negsim.load.nodes import Keyed, Sheet
from negsim.load.problems import Problems
from negsim.load.yamltext import read

XML, WRITTEN = (".xml",), (".yml", ".yaml", ".json")
BESIDES = ("stats", "_stats", "_info", "info")  # what NegMAS keeps beside a domain
MOST_ROUNDS = 100_000


@attrs.frozen
class Converted:
    """The text of a scenario, and what was left out on the way."""

    text: str
    warnings: tuple[Problem, ...]


Root = Element | Keyed


def convert(paths: Sequence[str | os.PathLike[str]], *, rounds: int = 100, meaning: Meaning = "genius") -> Converted:
    """The scenario of a domain: a folder, or the domain's file and those of its profiles.

    Where the domain's file is given alone, its profiles are looked for beside it. Parties propose in the
    order of their files' names (in the order given, where they are given). Raises ScenarioError with every
    problem, UsageError where it is not clear what to read.
    """
    if not 1 <= rounds <= MOST_ROUNDS:
        raise UsageError(f"{rounds} rounds cannot be held", f"give a number from 1 to {MOST_ROUNDS}")
    problems, warnings = Problems(), Problems("warning")
    domain = _read([os.fspath(path) for path in paths], meaning, problems, warnings)
    problems.raise_any()
    if domain is None:
        raise TypeError("no domain, and no problem")
    return Converted(scenario_text(domain, rounds), warnings.sorted())


def _read(paths: list[str], meaning: Meaning, problems: Problems, warnings: Problems) -> Domain | None:
    folder = len(paths) == 1 and Path(paths[0]).is_dir()
    alone = len(paths) == 1 and not folder
    given = paths if not folder else _files_in(Path(paths[0]))
    roots = [root for order, path in enumerate(given) if (root := _root(path, order, problems)) is not None]
    if problems:
        return None
    if alone and roots and _is_domain(roots[0]):
        kinds = XML if isinstance(roots[0], Element) else WRITTEN
        beside = [path for path in _files_in(Path(paths[0]).parent, kinds) if not os.path.samefile(path, paths[0])]
        roots += [root for order, path in enumerate(beside) if (root := _root(path, order + 1, problems)) is not None]
        if problems:
            return None
        roots = [root for number, root in enumerate(roots) if number == 0 or not _is_domain(root)]
    spaces = [root for root in roots if _is_domain(root)]
    profiles = [root for root in roots if _is_profile(root)]
    if not spaces:
        what = "this folder holds" if folder else "among these files is"
        hint = "a GENIUS domain is a <negotiation_template>, one of NegMAS has a type like CartesianOutcomeSpace"
        raise UsageError(f"{paths[0]}: {what} no domain", hint)
    if len(spaces) > 1:
        names = " and ".join(root.sheet.name for root in spaces[:2])
        raise UsageError(f"there is more than one domain: {names}", "name the file of one, and those of its profiles")
    name = Path(paths[0]).resolve().name if folder else Path(spaces[0].sheet.name).stem
    return _domain(name, spaces[0], profiles, meaning=meaning, problems=problems, warnings=warnings)


def _domain(
    name: str, space: Root, profiles: Sequence[Root], *, meaning: Meaning, problems: Problems, warnings: Problems
) -> Domain | None:
    many = [root for root in profiles if isinstance(root, Element) == isinstance(space, Element)]
    at = space.place if isinstance(space, Element) else Place(space.sheet.name, space.line, space.column)
    if len(many) < 2:  # noqa: PLR2004 - it takes two to talk
        found = "no profile" if not many else f"one profile ({Path(many[0].sheet.name).name})"
        hint = "put two or more profiles beside it, or name them: negsim import DOMAIN PROFILE PROFILE"
        problems.put(space.sheet, at, f"the domain has {found}; talks need two or more parties", hint)
        return None
    if len(many) > MOST_PROFILES:
        problems.put(space.sheet, at, f"the domain has {len(many)} profiles; at most {MOST_PROFILES} can be taken")
        return None
    issues = _issues(space, problems, warnings)
    if issues is None:
        return None
    read_profiles = [_profile(root, issues, meaning, problems, warnings) for root in many]
    origin = "GENIUS" if isinstance(space, Element) else "NegMAS"
    return Domain(name, origin, issues, tuple(profile for profile in read_profiles if profile is not None))


def _issues(space: Root, problems: Problems, warnings: Problems) -> tuple[Issue, ...] | None:
    if isinstance(space, Element):
        return genius.Reader(problems, warnings).issues(space)
    return negmas.Reader(problems, warnings).issues(space)


def _profile(
    root: Root, issues: Sequence[Issue], meaning: Meaning, problems: Problems, warnings: Problems
) -> Profile | None:
    name = Path(root.sheet.name).stem
    found = (
        genius.Reader(problems, warnings).profile(root, name, issues, meaning)
        if isinstance(root, Element)
        else negmas.Reader(problems, warnings).profile(root, name, issues)
    )
    if found is None or abs(found.lowest) + abs(found.highest) < float("inf"):
        return found
    at = root.place if isinstance(root, Element) else Place(root.sheet.name, root.line, root.column)
    problems.put(root.sheet, at, "the worths of this profile are too large")
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
    sheet = Sheet(path, path, text.replace("\r\n", "\n").replace("\r", "\n"), order)
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
