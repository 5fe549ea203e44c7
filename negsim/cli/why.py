"""`negsim why`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from negsim.cli.common import console, guarded, output_options, print_json, read_run, run_argument, store_option
from negsim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.engine.run import Run
    from negsim.log.why import ButFor, Condition, Step

MOST_NAMED = 3  # members whose alike conditions are named one by one


@click.command("why")
@run_argument
@click.argument("seq", type=int, required=False)
@click.option(
    "--but-for",
    is_flag=True,
    help="Leave each ancestor out in turn, with the same luck: does the event, does the outcome stand?",
)
@click.option(
    "--turning-points",
    is_flag=True,
    help="How likely each outcome still was after every event: when was it decided? Needs no SEQ.",
)
@click.option("--exact/--sampled", "exact", default=None, help="How turning points are had; else exact where possible.")
@click.option("--runs", type=int, help="Runs for each moment, where sampled. [default: 100]")
@click.option("--max-states", type=int, help="States looked at, where exact. [default: 20000]")
@click.option("--picture", metavar="FILE", help="The curve of the turning points as .svg, .png or .html.")
@store_option
@output_options
@guarded
def command(
    *,
    run: str,
    seq: int | None,
    but_for: bool,
    turning_points: bool,
    exact: bool | None,
    runs: int | None,
    max_states: int | None,
    picture: str | None,
    store: str,
    as_json: bool,
    no_color: bool,
) -> None:
    """The causes of event SEQ, back to statements and assumptions, with what each rule looked at."""
    how = {"exact": exact, "runs": runs, "max_states": max_states}
    _refuse({**how, "picture": picture}, seq, but_for=but_for, turning_points=turning_points)
    found = read_run(run, store)
    if turning_points:
        from negsim.cli import turning  # noqa: PLC0415 - heavy imports wait for the command

        turning.show(
            found,
            how={name: value for name, value in how.items() if value is not None},
            picture=picture,
            as_json=as_json,
            no_color=no_color,
        )
        return
    if seq is None:
        raise UsageError("which event?", "give its number (negsim why last 21), or ask for --turning-points")
    _causes(found, seq, but_for=but_for, as_json=as_json, no_color=no_color)


def _refuse(how: Mapping[str, object], seq: int | None, *, but_for: bool, turning_points: bool) -> None:
    """Raises `UsageError` for options of one question that are given with the other."""
    if not turning_points:
        for name, value in how.items():
            if value is not None:
                word = "sampled" if value is False else name.replace("_", "-")
                raise UsageError(f"--{word} says how turning points are had", "with it goes --turning-points")
    elif but_for or seq is not None:
        what = "--but-for" if but_for else f"event {seq}"
        raise UsageError(f"--turning-points and {what} do not go together", "ask for one after the other")
    elif how["exact"] and how["runs"] is not None:
        raise UsageError("exact turning points need no runs", "leave out --runs, or ask for --sampled")
    elif how["exact"] is False and how["max_states"] is not None:
        raise UsageError("sampled turning points count no states", "leave out --max-states, or --sampled")


def _causes(found: Run, seq: int, *, but_for: bool, as_json: bool, no_color: bool) -> None:
    from negsim.log.event import as_json as event_json  # noqa: PLC0415 - heavy imports wait for the command

    causes = found.why(seq)
    tests = found.but_for(seq) if but_for else ()
    if as_json:
        result: dict[str, Any] = {"run": found.id, "seq": seq, **causes.as_json()}
        if but_for:
            result["but_for"] = [
                {
                    "without": event_json(test.ancestor),
                    "event_stands": test.event_stands,
                    "outcome_stands": test.outcome_stands,
                    "outcome": test.outcome,
                }
                for test in tests
            ]
        print_json(result)
        return
    out = console(no_color=no_color)
    for number, step in enumerate(causes.steps):
        _step(out, found, step, first=number == 0)
    if but_for:
        _but_for(out, found, seq, tests)


def _step(out: Console, run: Run, step: Step, *, first: bool) -> None:
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    from negsim.cli.show import STYLES  # noqa: PLC0415 - as above
    from negsim.log.text import event_text  # noqa: PLC0415 - as above
    from negsim.report.timeline import because, words  # noqa: PLC0415 - as above

    event = step.event
    head = Text("" if first else "because of ", style="dim")
    head.append(f"{event.seq}  {event.date} (day {event.day})  {event_text(run.scenario, event)}", style="bold")
    out.print(head)
    standing = event.origin.standing.value
    line = Text(f"made by {because(event)}" if event.rule else because(event))
    line.append(f"  {standing}", style=STYLES[standing])
    out.print(Padding(line, (0, 0, 0, 4)))
    for each in words(run.scenario, event.origin):
        out.print(Padding(Text(each, style="italic"), (0, 0, 0, 6)))
    drawn = _drawn(step)
    if drawn:
        out.print(Padding(Text(drawn), (0, 0, 0, 4)))
    lines = _condition_lines(run, step)
    if lines:
        out.print(Padding(Text("it looked at"), (0, 0, 0, 4)))
        for text in lines:
            out.print(Padding(Text(text), (0, 0, 0, 6)))
    out.print()


def _drawn(step: Step) -> str:
    """What chance had a part in."""
    event = step.event
    parts = []
    if event.chance is not None:
        daily = " a day" if "while" in {name for c in step.conditions for name in c.read_by} else ""
        parts.append(f"chance {event.chance:.4g}{daily}")
    if event.share is not None:
        parts.append(f"option {event.option} drawn with weight share {event.share:.3g}")
    elif event.option is not None and event.actor is not None:
        parts.append(f"option {event.option}, chosen beforehand")
    if event.triggered is not None:
        parts.append(f"triggered on day {event.triggered}, {event.day - event.triggered} days before")
    return "; ".join(parts)


def _condition_lines(run: Run, step: Step) -> list[str]:
    """What was read: variables that an event set, then those that nothing has changed, then fixed things."""
    moved = [c for c in step.conditions if c.kind == "state" and c.set_by is not None]
    still = [c for c in step.conditions if c.kind == "state" and c.set_by is None]
    fixed = [c for c in step.conditions if c.kind != "state"]
    alike: dict[object, list[Condition]] = {}
    for condition in (*moved, *still, *fixed):
        variable = condition.name.rpartition(".")[2]
        alike.setdefault((variable, condition.kind, condition.value, condition.set_by, condition.read_by), []).append(
            condition
        )
    return [_line(run, found) for found in alike.values()]


def _line(run: Run, alike: Sequence[Condition]) -> str:
    """One line for a condition, or for several members' alike."""
    from negsim.cli.show import shown_value  # noqa: PLC0415 - rich is loaded where it is used
    from negsim.log.text import event_text  # noqa: PLC0415 - as above
    from negsim.report.timeline import brief_words  # noqa: PLC0415 - as above

    condition = alike[0]
    name = condition.name
    if len(alike) > MOST_NAMED:
        first, _, variable = name.partition(".")
        name = f"{variable} of {len(alike)} members ({first}, {alike[1].name.partition('.')[0]}, …)"
    elif len(alike) > 1:
        name = f"{', '.join(each.name for each in alike)}"
    kind = "" if condition.kind == "state" else f"{condition.kind} "
    if condition.read_by == ("talks",):
        line = f"{kind}{name}: {shown_value(condition.value)}"
    else:
        line = f"{kind}{name} = {shown_value(condition.value)} [{', '.join(condition.read_by)}]"
    if condition.kind == "state":
        if condition.set_by is None:
            return f"{line}, as at the start"
        return f"{line}, set by {condition.set_by} ({event_text(run.scenario, run.events[condition.set_by])})"
    return f"{line}: {brief_words(condition.origin)}" if condition.origin and len(alike) == 1 else line


def _but_for(out: Console, run: Run, seq: int, tests: tuple[ButFor, ...]) -> None:
    from negsim.cli.show import table  # noqa: PLC0415 - rich is loaded where it is used
    from negsim.log.text import event_text, in_words  # noqa: PLC0415 - as above

    if not tests:
        out.print(f"Event {seq} has no ancestor that could be left out: no other event triggered it.")
        return
    out.print("But for each ancestor, with the same luck", style="bold")
    made = table("without", f"event {seq}", "outcome")
    for test in tests:
        outcome = "stands" if test.outcome_stands else f"becomes {in_words(test.outcome)}"
        made.add_row(
            f"{test.ancestor.seq}  {event_text(run.scenario, test.ancestor)}",
            "stands" if test.event_stands else "is gone",
            outcome,
        )
    out.print(made)
