"""The door of the importer: from a folder or files to the text of a scenario."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import attrs

from negsim.convert.choice import choose
from negsim.convert.domain import Domain, without_single
from negsim.convert.files import WRITTEN, XML, File, files_in, read_file, together
from negsim.convert.formats import Origin, holds_profile, issues_of, origin_of, profile_of
from negsim.convert.genius import Meaning
from negsim.convert.markup import Element
from negsim.convert.writing import scenario_text
from negsim.errors import Problem, UsageError
from negsim.language.files import MOST_BYTES
from negsim.language.yamltext import MOST_NODES

MOST_ROUNDS = 100_000
MOST_VALUES = MOST_NODES - 2_000  # that leaves room for all but the options and what they are worth


@attrs.frozen
class Converted:
    """The text of a scenario, and what was left out on the way."""

    text: str
    warnings: tuple[Problem, ...]
    files: tuple[str, ...]  # that the domain and its profiles stand in


def convert(paths: Sequence[str | os.PathLike[str]], *, rounds: int = 100, meaning: Meaning = "genius") -> Converted:
    """The scenario of a domain: a folder, or the domain's file and those of its profiles.

    Where the domain's file is given alone, its profiles are looked for beside it. Parties propose in the
    order of their files' names (in the order given, where they are given). Of profiles that are looked for,
    those that cannot be taken are left out with a warning, where two or more can. Raises ScenarioError with
    every problem, UsageError where it is not clear what to read.
    """
    if not 1 <= rounds <= MOST_ROUNDS:
        raise UsageError(f"{rounds} rounds cannot be held", f"give a number from 1 to {MOST_ROUNDS}")
    files, looked_for = _files([os.fspath(path) for path in paths])
    space, origin = _domain_in(files, os.fspath(paths[0]))
    others = [file for file in files if file is not space and (file.root is None or holds_profile(file, origin))]
    issues = issues_of(space, origin)
    if issues is None:
        together([space, *others]).raise_any()
        raise TypeError("no issues, and no problem")
    read = [(file, profile_of(file, origin, issues, meaning)) for file in others]
    choice = choose(space, read, looked_for=looked_for)
    domain = Domain(_name(paths[0], space), origin, issues, choice.profiles)
    text = scenario_text(without_single(domain), rounds)
    _check_size(domain, text)
    return Converted(text, choice.warnings, tuple(file.path for file in choice.files))


def _name(path: str | os.PathLike[str], space: File) -> str:
    return Path(path).resolve().name if Path(path).is_dir() else Path(space.path).stem


def _check_size(domain: Domain, text: str) -> None:
    """Refuses what would be too large to be read as a scenario."""
    values = sum(len(issue.options) for issue in domain.issues) * (1 + 2 * len(domain.profiles))
    hint = "name the domain and fewer of its profiles"
    if values > MOST_VALUES:
        raise UsageError(f"the scenario would hold {values:,} values; at most {MOST_VALUES:,} can be taken", hint)
    if len(text.encode()) > MOST_BYTES:
        raise UsageError(f"the scenario would be larger than {MOST_BYTES >> 20} MiB", hint)


# Files.


def _files(paths: list[str]) -> tuple[list[File], bool]:
    """The files that are named, or those of the folder; and whether the profiles are looked for."""
    if len(paths) == 1 and Path(paths[0]).is_dir():
        return [read_file(path, order) for order, path in enumerate(files_in(Path(paths[0])))], True
    files = [read_file(path, order) for order, path in enumerate(paths)]
    if len(files) > 1 or origin_of(files[0]) is None:
        return files, False
    kinds = XML if isinstance(files[0].root, Element) else WRITTEN
    path = Path(paths[0])
    names = [each for each in files_in(path.parent, kinds) if not path.samefile(each)]
    beside = [read_file(each, order) for order, each in enumerate(names, 1)]
    return [*files, *(file for file in beside if origin_of(file) is None)], True


def _domain_in(files: Sequence[File], first: str) -> tuple[File, Origin]:
    """The one domain among files, and its format."""
    spaces = [(file, origin) for file in files if (origin := origin_of(file)) is not None]
    if not spaces:
        together(files).raise_any()
        what = "this folder holds" if Path(first).is_dir() else "there is"
        hint = (
            "a GENIUS domain is a <negotiation_template>, one of NegMAS has a type like CartesianOutcomeSpace, one of"
            " GeniusWeb has `issuesValues`"
        )
        raise UsageError(f"{first}: {what} no domain", hint)
    if len(spaces) > 1:
        names = " and ".join(file.path for file, _ in spaces[:2])
        raise UsageError(f"there is more than one domain: {names}", "name the file of one, and those of its profiles")
    return spaces[0]
