"""Which of the profiles that were read become the parties, and what is said of the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs

from negsim.convert.domain import Profile
from negsim.convert.files import File, place_of, together
from negsim.errors import Problem
from negsim.language.problems import MOST_FOUND, Problems
from negsim.language.seats import MOST_AT_TABLE

IT_TAKES = 2  # to talk


@attrs.frozen
class Picking:
    """The profiles that are taken, the files of all that is read, and what was left out."""

    profiles: tuple[Profile, ...]
    files: tuple[File, ...]
    warnings: tuple[Problem, ...]


Read = tuple[File, Profile | None]


def choose(space: File, read: Sequence[Read], *, looked_for: bool) -> Picking:
    """The profiles to take: all; of those that were looked for, all that can be taken, where there are two.

    Those whose preferences are uncertain are then taken only where the others are too few. Raises
    ScenarioError with every problem.
    """
    good = [(file, profile) for file, profile in read if profile is not None]
    certain = [each for each in good if each[1].certain]
    taken = certain if looked_for and len(certain) >= IT_TAKES else good
    enough = len(taken) >= IT_TAKES
    if len(read) < IT_TAKES or len(taken) > MOST_AT_TABLE:
        _refuse(space, [file for file, _ in (read if len(read) < IT_TAKES else taken)])
    if not enough or not looked_for:
        together([space, *(file for file, _ in read)]).raise_any()
    kept = [file for file, _ in taken]
    warnings = Problems("warning")
    for file in (space, *(file for file, _ in read)):
        warnings.take(file.warnings.sorted() if file is space or file in kept else _left_out(file), file.order)
    return Picking(tuple(profile for _, profile in taken), (space, *kept), warnings.sorted())


def _refuse(space: File, profiles: Sequence[File]) -> None:
    """Notes that there are too few profiles, or too many."""
    if len(profiles) > MOST_AT_TABLE:
        message = f"the domain has {len(profiles)} profiles; at most {MOST_AT_TABLE} can be taken"
        hint = "name the domain, and the profiles to take"
    else:
        found = f"one profile ({Path(profiles[0].path).name})" if profiles else "no profile"
        message = f"the domain has {found}; talks need two or more parties"
        hint = "put the profiles beside it, or name them: negsim import DOMAIN PROFILE PROFILE"
    if space.root is not None:
        space.problems.put(space.root.sheet, place_of(space.root), message, hint)
    together([space]).raise_any()


def _left_out(file: File) -> list[Problem]:
    """One line on a profile that is not taken: the first thing that is wrong with it, and how much more there is."""
    found = file.problems.sorted() or file.warnings.sorted()
    if not found:
        return []
    rest = len(file.problems) - 1
    least = "at least " if len(file.problems) >= MOST_FOUND else ""
    more = f" (and {least}{rest:,} more)" if rest > 0 else ""
    what = found[0].message if file.problems else "its preferences are uncertain, and there are others"
    message = f"this profile is left out: {what}{more}"
    return [attrs.evolve(found[0], message=message, hint=None, text="", severity="warning")]
