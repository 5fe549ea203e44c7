"""What talks' issues and options are called where people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from negsim.scenario.model import Talks
from negsim.wording import in_words


def issue_called(talks: Talks, issue: str) -> str:
    """An issue in the author's words, else its name in words."""
    return in_words(issue, talks.issue_words)


def option_called(talks: Talks, issue: str, option: str) -> str:
    """An option of an issue, likewise."""
    return in_words(option, talks.option_words[issue])


def package_called(talks: Talks, package: Mapping[str, str], between: str = "; ") -> str:
    """A package, or some of its terms, likewise: `forces: stay at home; line: the line stands`."""
    terms = (
        f"{issue_called(talks, issue)}: {option_called(talks, issue, option)}" for issue, option in package.items()
    )
    return between.join(terms)


def issues_called(talks: Iterable[Talks]) -> dict[str, str]:
    """The words for issues over all talks: of several that have an issue, those of the first that says some."""
    return {issue: words for each in reversed([*talks]) for issue, words in each.issue_words.items()}
