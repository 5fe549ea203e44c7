"""GeniusWeb's JSON (the ANL competitions of 2022 and 2023) -> a domain, or every problem.

A domain lists the values of each issue; each profile is a `LinearAdditiveUtilitySpace`: a weight for each
issue, a utility for each of its values, both taken as they stand. What no deal is worth is the utility of the
reservation bid.
"""

from __future__ import annotations

from collections.abc import Sequence

from negsim.convert.domain import Issue, Profile, too_many, unusable
from negsim.convert.negmas import Reader as Nodes
from negsim.errors import did_you_mean
from negsim.load.nodes import Keyed, Node, Scalar
from negsim.load.problems import Problems

DOMAIN, PROFILE = "issuesValues", "LinearAdditiveUtilitySpace"
_OTHERS = ("SumOfGroupsUtilitySpace", "DefaultPartialOrdering")  # profiles that are no sum over issues
_TABLES = ("DiscreteValueSetUtilities", "discreteutils")  # as it is called now, and was before


def is_domain(node: Keyed) -> bool:
    """Whether a file holds a domain."""
    return node.has(DOMAIN)


def is_profile(node: Keyed) -> bool:
    """Whether a file holds a profile."""
    return any(node.has(key) for key in (PROFILE, *_OTHERS))


class Reader:
    """Reads one node after the other, and notes what is wrong with each."""

    def __init__(self, problems: Problems, warnings: Problems) -> None:
        self.problems = problems
        self.nodes = Nodes(problems, warnings)

    # The domain.

    def issues(self, root: Keyed) -> tuple[Issue, ...] | None:
        """The issues of a domain, in the order of the file; nothing, with problems, where they cannot be used."""
        given = root.get(DOMAIN)
        if not isinstance(given, Keyed) or not given.entries:
            self.problems.add(given or root, f"`{DOMAIN}` must be a mapping with issues")
            return None
        found = [self._issue(name, entry.value, number) for number, (name, entry) in enumerate(given.entries.items())]
        issues = tuple(issue for issue in found if issue is not None)
        if len(issues) < len(found):
            return None
        wrong = unusable(issues)
        if wrong is not None:
            self.problems.add(given, wrong)
            return None
        return issues

    def _issue(self, name: str, node: Node, number: int) -> Issue | None:
        if not isinstance(node, Keyed):
            self.problems.add(node, "an issue must be a mapping")
            return None
        if node.has("range"):
            hint = "write it with `values`; talks are over a finite set of packages"
            self.problems.add(node.entries["range"].key, f"the issue '{name}' is a range, which cannot be taken", hint)
            return None
        values = self.nodes.items(self.nodes.under(node, "values"), "`values`")
        if values is None:
            return None
        texts = [value.text for value in values if isinstance(value, Scalar)]
        if not texts or len(texts) < len(values) or len(set(texts)) < len(texts):
            self.problems.add(node, f"the values of '{name}' must be words or numbers, each once")
            return None
        many = too_many(name, len(texts))
        if many is not None:
            self.problems.add(node, many)
            return None
        return Issue(name, tuple(texts), number)

    # A profile.

    def profile(self, root: Keyed, name: str, issues: Sequence[Issue]) -> Profile | None:
        """A profile over the issues; nothing, with problems, where it cannot be used."""
        space = root.get(PROFILE)
        if not isinstance(space, Keyed):
            other = next((key for key in _OTHERS if key in root.entries), None)
            where = root.entries[other].key if other is not None else space or root
            self.problems.add(where, "this utility cannot be taken", f"only a sum over issues is taken: {PROFILE}")
            return None
        weights = self._weights(space, issues)
        tables = self.nodes.by_issue(self.nodes.under(space, "issueUtilities"), issues, "issueUtilities")
        rows = None if tables is None else [self._row(node, i) for node, i in zip(tables, issues, strict=True)]
        if weights is None or rows is None or self.problems:
            return None
        worths = tuple(
            tuple(weight * each for each in row if each is not None) for weight, row in zip(weights, rows, strict=True)
        )
        reservation, remarks = self._reservation(space, issues, worths)
        return None if self.problems else Profile(name, root.sheet.name, worths, 0.0, reservation, remarks)

    def _weights(self, space: Keyed, issues: Sequence[Issue]) -> list[float] | None:
        nodes = self.nodes.by_issue(self.nodes.under(space, "issueWeights"), issues, "issueWeights")
        found = None if nodes is None else [self.nodes.number(node) for node in nodes]
        return None if found is None else [each for each in found if each is not None]

    def _row(self, node: Node, issue: Issue) -> list[float | None]:
        """What each value of an issue is worth, before its weight."""
        table = next((node.get(key) for key in _TABLES if node.has(key)), None) if isinstance(node, Keyed) else None
        if not isinstance(table, Keyed):
            hint = f"it can be: {_TABLES[0]}"
            self.problems.add(node, f"what '{issue.name}' is worth is no utility that can be taken", hint)
            return []
        return self.nodes.table(table.get("valueUtilities"), table, issue) or []

    def _reservation(
        self, space: Keyed, issues: Sequence[Issue], worths: Sequence[Sequence[float]]
    ) -> tuple[float | None, tuple[str, ...]]:
        """What no deal is worth, and a remark where any deal is better."""
        bid = space.get("reservationBid")
        if bid is None or (isinstance(bid, Scalar) and bid.value is None):
            return None, ("There is no reservation bid: any deal is taken to be better than none.",)
        values = self.nodes.under(bid, "issuevalues") if isinstance(bid, Keyed) else bid
        nodes = self.nodes.by_issue(values, issues, "the reservation bid")
        total = 0.0
        for node, issue, row in zip(nodes or (), issues, worths, strict=False):
            text = node.text if isinstance(node, Scalar) else ""
            if text in issue.options:
                total += row[issue.options.index(text)]
            else:
                self.problems.add(node, f"this is no value of '{issue.name}'", did_you_mean(text, issue.options))
        return total, ()
