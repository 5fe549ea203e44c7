"""`negsim export`."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from negsim.cli.common import debug_option, guarded, load_scenario, read_run, store_option
from negsim.errors import LogError, ScenarioError, UsageError

if TYPE_CHECKING:
    from negsim.engine.run import Run
    from negsim.scenario.model import Scenario

FORMATS = ("jsonl", "csv", "dot", "mermaid")


@click.command("export")
@click.argument("subject", metavar="RUN|SCENARIO")
@click.option("--to", "form", type=click.Choice(FORMATS), required=True, help="The format.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file (else standard output).")
@store_option
@debug_option
@guarded
def command(*, subject: str, form: str, output: Path | None, store: str) -> None:
    """A run, or the rules of a scenario, for other tools.

    Of a run: jsonl (the log with its scenario, which negsim reads back), csv (one row an event), dot and
    mermaid (the graph of causes). Of a scenario: dot and mermaid (which events trigger which rules).
    """
    text = _exported(subject, form, store)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_bytes(text.encode())
        click.echo(f"written to {output}", err=True)


def _exported(subject: str, form: str, store: str) -> str:
    from negsim.log.lines import write_lines  # noqa: PLC0415 - heavy imports wait for the command

    scenario = _scenario(subject) if form in ("dot", "mermaid") else None
    if scenario is not None:
        from negsim.report.graph import rule_graph  # noqa: PLC0415 - as above

        return rule_graph(scenario, form)
    run = _run(subject, store)
    match form:
        case "jsonl":
            return "\n".join(write_lines(run.log)) + "\n"
        case "csv":
            return _csv(run)
        case _:
            from negsim.report.graph import causal_graph  # noqa: PLC0415 - as above

            return causal_graph(run, form)


def _scenario(subject: str) -> Scenario | None:
    """The scenario of that name, or nothing where the subject is a run."""
    from negsim.load import shipped  # noqa: PLC0415 - heavy imports wait for the command

    if subject.endswith((".yaml", ".yml")) or subject in {name for name, _ in shipped()}:
        return load_scenario(subject)
    return None


def _run(subject: str, store: str) -> Run:
    try:
        return read_run(subject, store)
    except (UsageError, LogError) as error:
        try:
            scenario = _scenario(subject)
        except ScenarioError:
            scenario = None
        if scenario is not None:
            raise UsageError(
                f"'{subject}' is a scenario; it can be exported to dot or mermaid",
                "make a run of it first: negsim run, then negsim export last --to csv",
            ) from None
        raise error from None


def _csv(run: Run) -> str:
    """One row an event; the fields of all kinds of events as columns of their own."""
    from negsim.log.event import as_json  # noqa: PLC0415 - heavy imports wait for the command

    fields = list(dict.fromkeys(name for event in run.events for name in event.fields))
    plain = [key for key in as_json(run.events[0]) if key != "fields"] if run.events else ["seq"]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*plain, *(f"field_{name}" for name in fields)])
    for event in run.events:
        found = as_json(event)
        row = [" ".join(map(str, v)) if isinstance(v, list) else v for v in (found[key] for key in plain)]
        writer.writerow([_safe(value) for value in (*row, *(event.fields.get(name) for name in fields))])
    return written.getvalue()


def _safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value
