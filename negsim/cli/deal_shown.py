"""A deal space on the screen: each package with each party's answer, solutions, and what would have to move."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negsim.cli.screen import Screen
    from negsim.deals.analysis import DealCell
    from negsim.deals.space import DealSpace
    from negsim.scenario.model import Scenario

MOST_NAMED = 6  # packages that an unlock set names
MOST_SHOWN = 16  # packages in the table, unless --all
PAGE = 1_000  # packages in one table, so that what is shown need not be held
MOST_SETS = 12
MOST_READINGS = 4  # that are named
MOST_UNBROKEN = 3  # parties whose answers are kept on one line


def show_space(
    out: Screen, scenario: Scenario, space: DealSpace, *, show_all: bool, readings: tuple[str, ...] = ()
) -> None:
    """Who is at the table, what they can live with, and what would have to move where there is no deal.

    `readings` are those that bear on it and whose answers can be compared.
    """
    from negsim.wording import in_words  # noqa: PLC0415 - as it is needed

    talks = space.table.talks
    out.print(scenario.title, style="bold")
    consulted = f"; consulted: {_names(scenario, talks.consulted)}" if talks.consulted else ""
    between = "" if talks.mediator is None else f"; mediator: {_names(scenario, (talks.mediator,))}"
    out.print(f"Talks: {in_words(talks.name)}. Parties: {_names(scenario, talks.parties)}{consulted}{between}.")
    gone = tuple(party for party in talks.everybody if party not in space.parties)
    if gone:
        out.print(f"Left the talks: {_names(scenario, gone)}.")
    count = len(space.table.packages)
    out.print(f"{count:,} package{'' if count == 1 else 's'}; {len(space.zone):,} that all could sign.\n")
    if not space.zone:
        _show_unlock(out, scenario, space)
    _show_packages(out, scenario, space, show_all=show_all)
    if space.zone:
        _show_solutions(out, space)
    if readings:
        found = ", ".join(readings[:MOST_READINGS]) + (", …" if len(readings) > MOST_READINGS else "")
        before = "\n" if space.zone else ""
        out.print(f"{before}These positions look at readings ({found}): --readings all compares their answers.")


def _names(scenario: Scenario, actors: tuple[str, ...]) -> str:
    return ", ".join(scenario.actors[actor].name for actor in actors)


def _show_packages(out: Screen, scenario: Scenario, space: DealSpace, *, show_all: bool) -> None:
    """Each package with each party's answer; where there are many, those of the zone and of the front."""
    from negsim.cli.show import table  # noqa: PLC0415 - rich is loaded where it is used
    from negsim.scenario.called import issue_called, options_called  # noqa: PLC0415 - as it is needed
    from negsim.wording import counted  # noqa: PLC0415 - as it is needed

    packages = list(range(len(space.table.packages)))
    if len(packages) > MOST_SHOWN and not show_all:
        opened = [package for names in space.unlock[:MOST_SETS] for package in space.opened_by(names)]
        first = dict.fromkeys([*space.zone[:MOST_SHOWN], *opened[:MOST_SHOWN], *space.pareto[:MOST_SHOWN]])
        what = "those that a move would open" if opened else "those of the zone"
        out.print(
            f"Shown: {counted(len(first), 'package')}, {what} and those of the Pareto front (--all shows every one)."
        )
        packages = list(first)
    zone, front = set(space.zone), set(space.pareto)
    issues = ", ".join(issue_called(space.table.talks, issue) for issue in space.table.issues)
    out.print(f"A package names its options in the order: {issues}.")
    worded = any(line.text for each in space.table.talks.positions.values() for line in each.red_lines.values())
    for start in range(0, len(packages), PAGE):
        made = table("#", "package", *(scenario.actors[party].name for party in space.parties), "")
        for column in made.columns[2:-1]:
            column.no_wrap = len(space.parties) <= MOST_UNBROKEN and not worded
        made.columns[-1].no_wrap = True
        for package in packages[start : start + PAGE]:
            marks = " ".join(mark for mark, group in (("zone", zone), ("Pareto", front)) if package in group)
            options = ", ".join(options_called(space.table.talks, space.package(package)))
            answers = (_answer(space, party, package) for party in space.parties)
            made.add_row(str(package + 1), options, *answers, marks)
        out.print(made)
    out.print(
        "Numbers are utilities, 0 to 1, from the weights that the scenario assumes; a name is a red line.\n",
        style="dim",
    )


def _answer(space: DealSpace, party: str, package: int) -> str:
    """A party's answer to a package in a few words."""
    utility = space.utility(party, package)
    broken = space.broken(party, package)
    if broken:
        return f"no: {'; '.join(line.text or line.name for line in broken)}"
    if not space.is_acceptable(party, package):
        return f"no: {utility:.2f}<{space.fallbacks[party]:.2f}"
    return f"yes {utility:.2f}"


def _show_solutions(out: Screen, space: DealSpace) -> None:
    from negsim.cli.show import table  # noqa: PLC0415 - rich is loaded where it is used
    from negsim.deals.space import SOLUTION_WORDS  # noqa: PLC0415 - as it is needed
    from negsim.scenario.called import package_called  # noqa: PLC0415 - as it is needed
    from negsim.wording import in_words  # noqa: PLC0415 - as it is needed

    out.print("Solutions over the zone", style="bold")
    made = table("solution", "#", "package")
    for name, package in space.solutions.items():
        if package is not None:
            terms = package_called(space.table.talks, space.package(package), ", ")
            made.add_row(in_words(name, SOLUTION_WORDS), str(package + 1), terms)
    out.print(made)


def _show_unlock(out: Screen, scenario: Scenario, space: DealSpace) -> None:
    """Why there is no deal, and what would have to move."""
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    from negsim.show.timeline import words  # noqa: PLC0415 - as above
    from negsim.wording import counted  # noqa: PLC0415 - as it is needed

    out.print("No package can be signed by all. For one to exist, one of these must move:", style="bold")
    for number, names in enumerate(space.unlock[:MOST_SETS], start=1):
        opened = space.opened_by(names)
        which = ", ".join(str(package + 1) for package in opened[:MOST_NAMED]) + (
            ", …" if len(opened) > MOST_NAMED else ""
        )
        moved = " and ".join(_obstacle(space, name) for name in names)
        out.print(f"{number}. {moved} (would open {counted(len(opened), 'package')}: no. {which})")
    if len(space.unlock) > MOST_SETS:
        out.print(f"… and {len(space.unlock) - MOST_SETS} more (--json lists them)")
    named = dict.fromkeys(name for names in space.unlock[:MOST_SETS] for name in names)
    out.print("\nWhat stands behind them", style="bold")
    for name in named:
        party, _, line = name.partition(".")
        position = space.table.talks.positions[party]
        red_line = position.red_lines.get(line)
        origin = position.origin if red_line is None else red_line.origin
        what = (
            f"never {red_line.never.text}" if red_line else f"what no deal is worth to it, {space.fallbacks[party]:.2f}"
        )
        out.print(Text(f"{_obstacle(space, name)}: {what}"))
        for each in words(scenario, origin):
            out.print(Padding(Text(each), (0, 0, 0, 4)))
    out.print()


def _obstacle(space: DealSpace, name: str) -> str:
    """A red line, or a fallback, by its name, with the author's words for it."""
    party, _, line = name.partition(".")
    found = space.table.talks.positions[party].red_lines.get(line)
    return name if found is None or found.text is None else f"{name}, {found.text}"


def show_cells(out: Screen, scenario: Scenario, cells: list[DealCell]) -> None:
    """Which reading opens the zone."""
    from negsim.cli.show import table  # noqa: PLC0415 - rich is loaded where it is used

    names = list(cells[0].readings) if cells else []
    out.print(scenario.title, style="bold")
    if not names:
        out.print("No reading bears on these talks.")
        return
    made = table(*names, "packages all could sign", "what would have to move", right=("packages all could sign",))
    made.columns[-2].no_wrap = False  # its numbers are short, and its name can be wrapped
    for cell in cells:
        sets = "; ".join(" + ".join(each) for each in cell.space.unlock[:3])
        more = "; …" if len(cell.space.unlock) > 3 else ""  # noqa: PLR2004 - three are enough for a table
        made.add_row(*cell.readings.values(), str(len(cell.space.zone)), f"{sets}{more}")
    out.print(made)
    out.print("Any one of those between semicolons would do; those joined by + only together.", style="dim")
    _show_answers(out, scenario, cells)


def _show_answers(out: Screen, scenario: Scenario, cells: list[DealCell]) -> None:
    """What is asked, and what each answer in the table says."""
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    from negsim.log.text import filled, own_values  # noqa: PLC0415 - as it is needed

    values = own_values(scenario)
    for name in cells[0].readings:
        reading = scenario.readings[name]
        out.print(Text(f"\n{name}: {filled(reading.question or 'What do the words mean?', values)}"))
        for option in dict.fromkeys(cell.readings[name] for cell in cells):
            out.print(Padding(Text(f"{option}, read as: {filled(reading.options[option], values)}"), (0, 0, 0, 4)))
    moved = dict.fromkeys(name for cell in cells for names in cell.space.unlock[:MOST_SETS] for name in names)
    named = [called for name in moved if (called := _obstacle(cells[0].space, name)) != name]
    if named:
        out.print("\nRed lines that would have to move", style="bold")
        for called in named:
            out.print(Text(called))
