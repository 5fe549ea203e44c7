"""A domain -> the text of a scenario with talks over it.

What an option is worth to a party is its weight times its evaluation. negsim scales the sums to 0..1 over all
packages, so a package that is worth w on the domain's scale has the utility (w - low) / (high - low), with
low and high the worth of the party's worst and best package; the reservation value is scaled alike to be the
fallback (`fallback_of`). Scaling alike changes no comparison.
"""

from __future__ import annotations

import json
from pathlib import Path

import attrs

from negsim.clean import on_one_line
from negsim.convert.domain import Domain, Profile
from negsim.convert.names import free_name
from negsim.language.options import MOST_OPTIONS
from negsim.program.seat import TOLERANCE

ARBITRARY_START = "2000-01-01"
NEVER_REACHED = 2.0
LONGEST_NOTE = 8_000  # characters; the language takes some more
FEW = 5  # options whose wording a long note gives


@attrs.frozen
class Names:
    """What a domain's things are called in the scenario."""

    talks: str
    parties: tuple[str, ...]
    issues: tuple[str, ...]
    options: tuple[tuple[str, ...], ...]


def scenario_text(domain: Domain, rounds: int) -> str:
    """The scenario of a domain, with so many rounds of talks, one a day."""
    names = names_of(domain)
    lines = [
        f"# {on_one_line(domain.name)}, imported by negsim from {domain.origin} files.",
        "negsim: 1",
        f"title: {_quoted(domain.name)}",
        f"start: {ARBITRARY_START}  # the domain has no dates; a round is held on each day from here",
        f"horizon: {rounds}",
        "",
        "actors:",
        *(
            f"  {party}: {{name: {_quoted(profile.name)}}}"
            for party, profile in zip(names.parties, domain.profiles, strict=True)
        ),
        "",
        "talks:",
        f"  {names.talks}:",
        f"    parties: [{', '.join(names.parties)}]",
        "    opens: 0",
        "    every: 1",
        f"    rounds: {rounds}",
        *_wordings(domain, names),
        "    issues:",
        *(f"      {issue}: [{', '.join(options)}]" for issue, options in zip(names.issues, names.options, strict=True)),
        "    positions:",
        *(line for number in range(len(domain.profiles)) for line in _position(domain, names, number)),
        "",
        "outcomes:",
        f"  agreement: {{when: {names.talks}.{names.issues[0]} != unsettled, ends: true}}",
        "  no_agreement: {}",
        "",
        "measures:",
        "  day_of_agreement: first(agreed)",
        "  offers: count(offered)",
    ]
    return "\n".join(lines) + "\n"


def names_of(domain: Domain) -> Names:
    """Names for all of a domain's things: each once, but for options, which differ within their issue."""
    taken: set[str] = set()

    def take(wording: str, otherwise: str) -> str:
        name = free_name(wording, otherwise, taken)
        taken.add(name)
        return name

    talks = take(domain.name, "talks")
    parties = tuple(take(profile.name, f"party_{n}") for n, profile in enumerate(domain.profiles, 1))
    issues = tuple(take(issue.name, f"issue_{n}") for n, issue in enumerate(domain.issues, 1))
    options = []
    for issue in domain.issues:
        known: list[str] = []
        of_issue = set(taken)
        for n, option in enumerate(issue.options, 1):
            known.append(free_name(option, f"option_{n}", of_issue))
            of_issue.add(known[-1])
        options.append(tuple(known))
    return Names(talks, parties, issues, tuple(options))


def fallback_of(profile: Profile) -> float:
    """What no deal is worth on negsim's scale: the reservation value, scaled like the utilities.

    Where all packages are worth the same, each has the utility 1: the fallback is then 0 where no deal is
    worth no more than they are, else 2, which no package reaches.
    """
    low, high = profile.lowest, profile.highest
    if profile.reservation is None:
        return 0.0
    if high - low <= TOLERANCE * max(1.0, abs(high), abs(low)):
        return 0.0 if profile.reservation <= high + TOLERANCE else NEVER_REACHED
    return (profile.reservation - low) / (high - low)


def _wordings(domain: Domain, names: Names) -> list[str]:
    """A note with the domain's own wording of what is called otherwise here; where that is long, of some."""
    lines = _wordings_of(domain, names, MOST_OPTIONS)
    if sum(len(line) for line in lines) > LONGEST_NOTE:
        lines = _wordings_of(domain, names, FEW)
        lines = [line[: LONGEST_NOTE // len(lines)] for line in lines]
    return ["    note: |", "      In the words of the domain:", *lines] if lines else []


def _wordings_of(domain: Domain, names: Names, most: int) -> list[str]:
    """A line for each issue, with so many options at most."""
    lines = []
    for issue, name, options in zip(domain.issues, names.issues, names.options, strict=True):
        changed = [f"{o} is {on_one_line(w)}" for o, w in zip(options, issue.options, strict=True) if o != w]
        if changed or name != issue.name:
            more = f"; and {len(changed) - most:,} more" if len(changed) > most else ""
            wordings = f": {'; '.join(changed[:most])}{more}" if changed else ""
            lines.append(f"      {name} is {on_one_line(issue.name)}{wordings}")
    return lines


def _position(domain: Domain, names: Names, number: int) -> list[str]:
    profile = domain.profiles[number]
    origin = f"Imported from {Path(profile.file).name}; the weights are the domain author's."
    lines = [f"      {names.parties[number]}:", "        values:"]
    for issue, options, worths in zip(names.issues, names.options, profile.worths, strict=True):
        inner = ", ".join(f"{option}: {_shown(worth)}" for option, worth in zip(options, worths, strict=True))
        lines.append(f"          {issue}: {{{inner}}}")
    if profile.cap is not None:
        lines.append(f"        cap: {_shown(profile.cap - profile.constant)}")
    lines += [
        f"        fallback: {_shown(fallback_of(profile))}{_scale(profile)}",
        "        concession: 1",
        f"        assumption: {_quoted(origin)}",
    ]
    if profile.remarks:
        lines.append(f"        note: {_quoted(' '.join(profile.remarks))}")
    return lines


def _scale(profile: Profile) -> str:
    """A comment on where a fallback comes from."""
    if profile.reservation is None:
        return ""
    ends = f"{profile.lowest:.6g} to {profile.highest:.6g}"
    return f"  # {profile.reservation:.6g} on the domain's scale, where packages are worth {ends}"


def _shown(number: float) -> str:
    """A number as the language reads it back, to the last bit."""
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)  # noqa: PLR2004 - 15 digits


def _quoted(text: str) -> str:
    """A text in double quotes, as YAML and JSON read it."""
    return json.dumps(on_one_line(text), ensure_ascii=False)
