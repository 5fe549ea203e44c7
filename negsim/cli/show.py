"""How runs are shown on a terminal: timelines, endings, states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from negsim.cli.heads import run_head
from negsim.log.text import measure_label
from negsim.show.timeline import TimelineRow, grounds, number, rows
from negsim.wording import in_words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from negsim.engine.run import Run
    from negsim.ensemble.sample.places import Places
    from negsim.scenario.types import Value

STYLES = {"stated": "green", "inferred": "yellow", "assumed": "magenta"}


def table(*columns: str, right: Sequence[str] = (), plain: Sequence[str] = ()) -> Table:
    """An empty table in negsim's style; `plain` columns are not wrapped."""
    from rich.table import Table  # noqa: PLC0415 - rich is loaded where it is used

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", no_wrap=name in plain or name in right)
    return made


def order(console: Console, found: Sequence[Places], *, is_estimated: bool, more: str = "More runs") -> None:
    """Says whether an order is settled, where there is one."""
    from negsim.ensemble.sample.places import about_order  # noqa: PLC0415 - only where something is ordered

    said = about_order(found, is_estimated=is_estimated, more=more)
    if said:
        console.print(said)


def timeline(console: Console, shown: Sequence[TimelineRow], step: str) -> None:
    """Dated rows: the event, the rule that made it, and how that rule stands on the record. `step` is a day's name."""
    if not shown:
        console.print("No events.")
        return
    from rich.text import Text  # noqa: PLC0415 - rich is loaded where it is used

    made = table("#", "date", step, "event", "because", "", right=("#", step), plain=("date", ""))
    made.columns[3].ratio, made.columns[4].ratio = 3, 2
    made.columns[4].overflow = "fold"
    made.expand = True
    for row in shown:
        standing = Text(row.standing.value, style=STYLES[row.standing.value])
        made.add_row(str(row.seq), row.date, str(row.day), Text(row.text), Text(row.because, style="dim"), standing)
    console.print(made)


def behind(console: Console, run: Run) -> None:
    """What stands behind each rule that made an event."""
    found = grounds(run)
    if not found:
        return
    console.print("\nBehind these rules", style="bold")
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    for ground in found:
        line = Text(ground.name)
        line.append(f"  {ground.standing.value}", style=STYLES[ground.standing.value])
        console.print(line)
        for each in ground.words:
            console.print(Padding(Text(each), (0, 0, 0, 4)))


def show_addresses(console: Console, found: Iterable[str], indent: int) -> None:
    """Where something can be read, an address a line; none is broken, so that a terminal can open it."""
    from rich.text import Text  # noqa: PLC0415 - rich is loaded where it is used

    for each in found:
        console.print(Text(f"{' ' * indent}{each}", style="dim"), soft_wrap=True)


def ending(console: Console, run: Run) -> None:
    """The outcome, its day, and the measures."""
    calendar = run.scenario.calendar
    text = f" — {run.outcome_text}" if run.outcome_text else ""
    console.print(f"\nOutcome: {in_words(run.outcome)}{text}", style="bold")
    console.print(f"The run ended {calendar.when(run.ended_on)} ({calendar.name} {run.ended_on}).")
    if run.measures:
        units = any(measure.unit for measure in run.scenario.measures.values())
        made = table("measure", "value", *(["unit"] if units else []), right=("value",))
        for name, value in run.measures.items():
            measure = run.scenario.measures[name]
            label = measure_label(measure, run.header.parameters_at())
            made.add_row(label, number(value), *([measure.unit or ""] if units else []))
        console.print()
        console.print(made)


def whole_run(console: Console, run: Run) -> None:
    """Head, timeline, grounds, ending."""
    run_head(console, run)
    console.print()
    timeline(console, rows(run), run.scenario.calendar.name)
    behind(console, run)
    ending(console, run)


def state_table(console: Console, state: Mapping[str, Value]) -> None:
    """The state by name; a member's variables in one row."""
    whole = {name: value for name, value in state.items() if "." not in name}
    if whole:
        made = table("variable", "value")
        for name, value in whole.items():
            made.add_row(name, shown_value(value))
        console.print(made)
    by_member: dict[str, dict[str, Value]] = {}
    for name, value in state.items():
        member, dot, variable = name.partition(".")
        if dot:
            by_member.setdefault(member, {})[variable] = value
    layouts = list(dict.fromkeys(tuple(found) for found in by_member.values()))
    for layout in layouts:
        made = table("member", *layout)
        for member, found in by_member.items():
            if tuple(found) == layout:
                made.add_row(member, *(shown_value(found[name]) for name in layout))
        console.print()
        console.print(made)


def shown_value(value: Value) -> str:
    """A state variable's value for a reader."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
