"""What values, and talks' issues and options, are called where people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from negsim.scenario.model import Scenario
from negsim.scenario.talks import RedLine, Talks
from negsim.scenario.types import Enumeration, Numbers, TermOption, Type
from negsim.scenario.words import UNSETTLED
from negsim.wording import in_words


def place_type(scenario: Scenario, name: str) -> Type | None:
    """The type of a place in the state, or of an attribute, by its name: `front`, `france.force`, `talks.issue`."""
    owner, dot, own = name.rpartition(".")
    if owner in scenario.talks:
        return term_type(scenario.talks[owner], own) if own in scenario.talks[owner].issues else None
    groups = [group for group in scenario.groups.values() if owner in group.members]
    keys = [f"{group.id}.{own}" for group in groups] if dot else [name]
    kinds: list[Type] = [scenario.variables[key].type for key in keys if key in scenario.variables]
    kinds += [group.attributes[own].type for group in groups if own in group.attributes]
    return kinds[0] if kinds else None


def term_type(talks: Talks, issue: str) -> Enumeration | Numbers:
    """The values of what talks settle, with their words."""
    options, words = talks.issues[issue], talks.option_words[issue]
    numbers = tuple(option for option in options if isinstance(option, int))
    if numbers:
        return Numbers(min(numbers), max(numbers), numbers, words, unsettled=True)
    return Enumeration((*map(str, options), UNSETTLED), words)


def issue_called(talks: Talks, issue: str) -> str:
    """An issue in the author's words, else its name in words."""
    return in_words(issue, talks.issue_words)


def options_called(talks: Talks, package: Mapping[str, TermOption]) -> list[str]:
    """The options of a package, or of some of its terms, likewise."""
    return [in_words(str(option), talks.option_words[issue]) for issue, option in package.items()]


def package_called(talks: Talks, package: Mapping[str, TermOption], between: str = "; ") -> str:
    """A package, or some of its terms, with the issues: `forces: stay at home; line: the line stands`."""
    options = options_called(talks, package)
    return between.join(f"{issue_called(talks, issue)}: {words}" for issue, words in zip(package, options, strict=True))


def red_line_called(line: RedLine) -> str:
    """A red line in the author's words, else by its name in words."""
    return in_words(line.name) if line.text is None else line.text


def red_line_words(line: RedLine) -> str:
    """A red line in a sentence: `red line no ships`, `red line (ships at the quay)`."""
    return f"red line {in_words(line.name)}" if line.text is None else f"red line ({line.text})"


def behind_called(scenario: Scenario, kind: str, name: str) -> str:
    """What has an origin, as a reader says it: a red line and a position by their party, all else by the name."""
    if kind not in ("position", "red line"):
        return in_words(name)
    talks, party, *line = name.split(".")
    found = [red_line_called(scenario.talks[talks].positions[party].red_lines[each]) for each in line]
    return ": ".join([scenario.actors[party].name, *found])


def issues_called(talks: Iterable[Talks]) -> dict[str, str]:
    """The words for issues over all talks: of several that have an issue, those of the first that says some."""
    return {issue: words for each in reversed([*talks]) for issue, words in each.issue_words.items()}
