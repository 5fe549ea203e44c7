"""Pictures of the deal space, by Altair (Vega-Lite)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from negsim.deals.space import SOLUTION_WORDS, SOLUTIONS, DealSpace
from negsim.errors import UsageError, to_install
from negsim.scenario.called import issue_called, options_called
from negsim.scenario.model import Scenario
from negsim.show.theme import altair, png, svg
from negsim.wording import in_words
from negsim.written import write

if TYPE_CHECKING:
    import altair as alt

WIDTH, HEIGHT = 560, 420
MOST_NAMED = 16  # packages whose terms are written beside their point
MOST_NUMBERS = 5  # packages written beside one point
MOST_LINES = 400  # packages drawn as lines in parallel coordinates
SUFFIXES = (".svg", ".png", ".json")


def check_name(path: Path, *, more: tuple[str, ...] = ()) -> None:
    """Raises `UsageError` where a file is called as no picture, or where pictures cannot be made at all."""
    if path.suffix.lower() not in (*SUFFIXES, *more):
        raise UsageError(f"'{path}' is no picture's name", f"end it in {', '.join((*SUFFIXES, *more))}")
    altair()


def save(chart: alt.TopLevelMixin, path: Path) -> None:
    """Writes a picture as SVG or PNG, or its Vega-Lite specification as JSON, by the file's ending."""
    check_name(path)
    try:
        if path.suffix.lower() == ".json":
            content: str | bytes = chart.to_json()
        else:
            content = png(chart) if path.suffix.lower() == ".png" else svg(chart)
    except (ImportError, ValueError) as error:
        raise UsageError(f"the picture could not be drawn: {error}", to_install("charts")) from None
    write(path, content)


def deal_chart(scenario: Scenario, space: DealSpace) -> Any:
    """The deal space: the utility plane of two, parallel coordinates for more."""
    return _plane(scenario, space) if len(space.parties) == 2 else _parallel(scenario, space)  # noqa: PLR2004 - a plane


def _kinds(space: DealSpace) -> dict[int, str]:
    """What a package is called in a picture: in the zone, on the front, or another."""
    zone, front = set(space.zone), set(space.pareto)

    def kind(package: int) -> str:
        if package in zone:
            return "all could sign, Pareto" if package in front else "all could sign"
        return "Pareto, not for all" if package in front else "other"

    return {package: kind(package) for package in range(len(space.table.packages))}


def _solution_names(space: DealSpace) -> dict[int, str]:
    names: dict[int, list[str]] = {}
    for name in SOLUTIONS:
        package = space.solutions[name]
        if package is not None:
            names.setdefault(package, []).append(in_words(name, SOLUTION_WORDS))
    return {package: ", ".join(found) for package, found in names.items()}


def _terms(space: DealSpace, package: int) -> str:
    return ", ".join(options_called(space.table.talks, space.package(package)))


_DOMAIN = ["all could sign, Pareto", "all could sign", "Pareto, not for all", "other"]
_COLOURS = ["#1b7837", "#7fbf7b", "#762a83", "#bbbbbb"]


def _plane(scenario: Scenario, space: DealSpace) -> Any:
    """A point for each package, by what it is worth to one and to the other."""
    alt = altair()
    one, other = space.parties
    named = _named_packages(space)
    titles = [f"utility of {scenario.actors[party].name}" for party in space.parties]
    base = alt.Chart(alt.InlineData(values=_points(space, named))).encode(
        x=alt.X("x:Q", title=titles[0], scale=alt.Scale(domain=[0, 1.05])),
        y=alt.Y("y:Q", title=titles[1], scale=alt.Scale(domain=[0, 1.05])),
    )
    dots = base.mark_point(filled=True, size=70, opacity=0.85).encode(
        color=_colour(), tooltip=["terms:N", "kind:N", "solution:N"]
    )
    labels = base.mark_text(dx=9, dy=-7, fontSize=10, align="left").encode(text="label:N")
    solved = base.transform_filter("datum.solution != ''")
    rings = solved.mark_point(size=220, strokeWidth=2, color="black").encode(tooltip=["solution:N"])
    layers = [
        *_fallback_lines(alt, space, one, other),
        _front_line(alt, space, one, other),
        dots,
        labels,
        rings,
        solved.mark_text(dx=14, dy=10, fontSize=11, align="left").encode(text="solution:N"),
    ]
    plane = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=_title(scenario, space))
    return alt.vconcat(plane, _legend(alt, space, named)).configure_view(stroke=None)


def _points(space: DealSpace, named: Collection[int]) -> list[dict[str, Any]]:
    """The packages as points of the plane; the `named` ones have their number for a label."""
    one, other = space.parties
    return [
        {
            "x": space.utility(one, package),
            "y": space.utility(other, package),
            "label": f"{package + 1}" if package in named else "",
            **about,
        }
        for package, about in enumerate(_about_packages(space))
    ]


def _about_packages(space: DealSpace) -> list[dict[str, str]]:
    """What is said of each package wherever it is drawn: its kind, its terms, the solutions that it is."""
    kinds, solutions = _kinds(space), _solution_names(space)
    return [
        {
            "kind": kinds[package],
            "terms": f"{package + 1}: {_terms(space, package)}",
            "solution": solutions.get(package, ""),
        }
        for package in range(len(space.table.packages))
    ]


def _colour() -> Any:
    """A package's colour, by its kind."""
    alt = altair()
    return alt.Color("kind:N", title="package", scale=alt.Scale(domain=_DOMAIN, range=_COLOURS))


def _named_packages(space: DealSpace) -> list[int]:
    """The packages that a picture names: solutions and zone, then the front, then others while there is room."""
    solved = [package for package in space.solutions.values() if package is not None]
    return sorted([*dict.fromkeys([*solved, *_by_weight(space)])][:MOST_NAMED])


def _by_weight(space: DealSpace) -> list[int]:
    """All packages, what matters most first: the zone, the front, the others."""
    return list(dict.fromkeys([*space.zone, *space.pareto, *range(len(space.table.packages))]))


def _fallback_lines(alt: Any, space: DealSpace, one: str, other: str) -> list[Any]:
    """Where each is as well off as without a deal."""
    across = (
        alt.Chart(alt.InlineData(values=[{"x": space.fallbacks[one]}])).mark_rule(strokeDash=[4, 3]).encode(x="x:Q")
    )
    along = (
        alt.Chart(alt.InlineData(values=[{"y": space.fallbacks[other]}])).mark_rule(strokeDash=[4, 3]).encode(y="y:Q")
    )
    return [across, along]


def _front_line(alt: Any, space: DealSpace, one: str, other: str) -> Any:
    """A line through the Pareto front."""
    points = sorted({(space.utility(one, package), space.utility(other, package)) for package in space.pareto})
    values = [{"x": x, "y": y} for x, y in points]
    line = alt.Chart(alt.InlineData(values=values)).mark_line(color="#762a83", strokeWidth=1, opacity=0.5)
    return line.encode(x="x:Q", y="y:Q")


def _legend(alt: Any, space: DealSpace, named: list[int]) -> Any:
    """The named packages in words, one a line, under what their terms are about."""
    issues = ", ".join(issue_called(space.table.talks, issue) for issue in space.table.issues)
    title = alt.TitleParams(f"Packages: {issues}", anchor="start", fontSize=11)
    values = [{"line": row, "text": f"{p + 1}: {_terms(space, p)}"} for row, p in enumerate(named)]
    return (
        alt.Chart(alt.InlineData(values=values))
        .mark_text(align="left", fontSize=11)
        .encode(y=alt.Y("line:O", axis=None), x=alt.value(0), text="text:N")
        .properties(width=WIDTH, height=15 * len(named), title=title)
    )


def _parallel(scenario: Scenario, space: DealSpace) -> Any:
    """A line for each package, through what it is worth to each party."""
    alt = altair()
    parties = alt.X("party:N", sort=[scenario.actors[party].name for party in space.parties])
    lines = (
        alt.Chart(alt.InlineData(values=_worths(scenario, space)))
        .mark_line(point=True, opacity=0.7)
        .encode(
            x=parties.title(None).axis(alt.Axis(labelAngle=0)),
            y=alt.Y("utility:Q", scale=alt.Scale(domain=[0, 1])),
            detail="package:N",
            color=_colour(),
            tooltip=["terms:N", "kind:N", "solution:N"],
        )
    )
    falls = [{"party": scenario.actors[party].name, "utility": space.fallbacks[party]} for party in space.parties]
    ticks = (
        alt.Chart(alt.InlineData(values=falls))
        .mark_tick(thickness=3, size=40, color="black")
        .encode(x=parties, y="utility:Q")
    )
    numbers = (
        alt.Chart(alt.InlineData(values=_numbers(scenario, space)))
        .mark_text(align="left", dx=6, fontSize=10)
        .encode(x=parties, y="utility:Q", text="packages:N")
    )
    picture = alt.layer(lines, ticks, numbers).properties(width=WIDTH, height=HEIGHT, title=_title(scenario, space))
    return alt.vconcat(picture, _legend(alt, space, _named_packages(space))).configure_view(stroke=None)


def _worths(scenario: Scenario, space: DealSpace) -> list[dict[str, Any]]:
    """What each package is worth to each party; what matters most comes last, since it is drawn on top."""
    abouts = _about_packages(space)
    return [
        {
            "package": package,
            "party": scenario.actors[party].name,
            "utility": space.utility(party, package),
            **abouts[package],
        }
        for package in reversed(_by_weight(space)[:MOST_LINES])
        for party in space.parties
    ]


def _numbers(scenario: Scenario, space: DealSpace) -> list[dict[str, Any]]:
    """The numbers of the named packages beside their points, those at one point together."""
    found: dict[tuple[str, float], list[str]] = {}
    for package in _named_packages(space):
        for party in space.parties:
            found.setdefault((party, space.utility(party, package)), []).append(str(package + 1))
    return [
        {"party": scenario.actors[party].name, "utility": utility, "packages": _few(numbers)}
        for (party, utility), numbers in found.items()
    ]


def _few(numbers: list[str]) -> str:
    more = ", …" if len(numbers) > MOST_NUMBERS else ""
    return ", ".join(numbers[:MOST_NUMBERS]) + more


def _title(scenario: Scenario, space: DealSpace) -> Any:
    alt = altair()
    count = len(space.zone)
    zone = (
        "no package that all could sign" if not count else f"{count} package{'s' if count > 1 else ''} all could sign"
    )
    about = f"{space.table.name.replace('_', ' ')}: {zone}; dashed or black marks: what no deal is worth"
    return alt.TitleParams(scenario.title, subtitle=about, anchor="start")
