"""`negsim export`."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import IO, TYPE_CHECKING, Any

import click

from negsim.cli.common import debug_option, guarded, load_scenario, pairs, read_run, setting_options, store_option
from negsim.errors import LogError, ScenarioError, UsageError, did_you_mean

if TYPE_CHECKING:
    from negsim.engine.run import Run
    from negsim.explore.result import Result
    from negsim.scenario.model import Scenario
    from negsim.solve.chain import Chain

SUFFIXES = (".sqlite", ".db")  # of results
FORMATS = ("jsonl", "csv", "parquet", "dot", "mermaid", "prism")


@click.command("export")
@click.argument("subject", metavar="RUN|RESULT|SCENARIO")
@click.option("--to", "form", type=click.Choice(FORMATS), required=True, help="The format.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file (else standard output).")
@setting_options
@click.option("--by", metavar="ACTOR,…", help="Of prism: whose decisions stay open. [default: all actors']")
@click.option("--by-weight", is_flag=True, help="Of prism: no decision stays open, each goes by weight.")
@click.option(
    "--max-states", type=click.IntRange(min=1), metavar="N", help="Of prism: states at most. [default: 100000]"
)
@store_option
@debug_option
@guarded
def command(*, subject: str, form: str, output: Path | None, store: str, **of_prism: Any) -> None:
    """A run, a result of explore, or a scenario, for other tools.

    Of a run: jsonl (the log with its scenario, which negsim reads back), csv (one row an event), dot and
    mermaid (the graph of causes). Of a result: parquet and csv (one row a run). Of a scenario: dot and
    mermaid (which events trigger which rules), prism (its states and chances, for PRISM and Storm).
    """
    if form == "prism":
        _write_prism(subject, output, **of_prism)
        return
    _refuse(of_prism)
    if subject.lower().endswith(SUFFIXES):
        _write_result(subject, form, output)
        return
    if form == "parquet":
        raise UsageError("a Parquet table is of a result of explore", "name its file, such as RESULT.sqlite")
    text = _exported(subject, form, store)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_bytes(text.encode())
        click.echo(f"written to {output}", err=True)


def _refuse(of_prism: Mapping[str, object]) -> None:
    """Raises `UsageError` where something is asked for that goes with prism alone."""
    for name, value in of_prism.items():
        if value not in (None, (), False):
            word = {"sets": "set", "reads": "read", "chooses": "choose"}.get(name, name).replace("_", "-")
            raise UsageError(f"--{word} goes with --to prism", "a run or a result has its settings already")


# Of a result.


def _write_result(subject: str, form: str, output: Path | None) -> None:
    """Writes the table of a result of explore."""
    from negsim.explore.parquet import check_can_write, write_parquet  # noqa: PLC0415 - heavy imports wait

    if form not in ("parquet", "csv"):
        raise UsageError("a result can be exported to parquet or csv")
    if form == "parquet" and output is None:
        raise UsageError("a Parquet table is no text", "name a file: -o RUNS.parquet")
    if form == "parquet":
        check_can_write()
    from negsim.explore.result import Result  # noqa: PLC0415 - as above

    with Result.read(subject) as result:
        if output is None:
            _write_rows(result, sys.stdout)
            return
        if form == "parquet":
            write_parquet(result, output)
        else:
            with output.open("w", encoding="utf-8", newline="") as file:
                _write_rows(result, file)
    click.echo(f"written to {output}", err=True)


def _write_rows(result: Result, file: IO[str]) -> None:
    """Writes one row a run, row by row."""
    from negsim.explore.table import columns, table_rows  # noqa: PLC0415 - heavy imports wait for the command

    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([column.name for column in columns(result)])
    for row in table_rows(result):
        writer.writerow([_safe(value) for value in row])


# Of a scenario, as a chain.


def _write_prism(
    subject: str,
    output: Path | None,
    *,
    sets: tuple[str, ...],
    reads: tuple[str, ...],
    chooses: tuple[str, ...],
    by: str | None,
    by_weight: bool,
    max_states: int | None,
) -> None:
    """Writes the states of a scenario in files beside each other, and says how to check them."""
    from negsim.report.prism import prism_lines, storm_lines, write_files  # noqa: PLC0415 - heavy imports wait
    from negsim.solve.solution import MOST_STATES  # noqa: PLC0415 - as above
    from negsim.solve.written_out import written_out  # noqa: PLC0415 - as above

    if output is None:
        raise UsageError("prism takes several files", "name them without an ending: -o STEM")
    scenario = _scenario(subject)
    if scenario is None:
        raise UsageError(f"'{subject}' is no scenario; prism takes the states of one", "name FILE.yaml")
    chain = written_out(
        scenario,
        set=pairs(sets, "parameter=value"),
        read=pairs(reads, "reading=option"),
        choose=list(chooses),
        by=_open_to(scenario, by, by_weight=by_weight),
        max_states=max_states or MOST_STATES,
    )
    for path in write_files({**prism_lines(chain), "drn": storm_lines(chain)}, output):
        click.echo(f"written to {path}", err=True)
    click.echo(_how_to_check(chain, output), nl=False)


def _open_to(scenario: Scenario, by: str | None, *, by_weight: bool) -> tuple[str, ...] | None:
    """The actors whose decisions stay open; nothing: all of them."""
    if by_weight and by is not None:
        raise UsageError("--by and --by-weight do not go together", "leave one of them out")
    if by is None:
        return () if by_weight else None
    names = tuple(name.strip() for name in by.split(","))
    for name in names:
        if name not in scenario.actors:
            raise UsageError(f"there is no actor `{name}`", did_you_mean(name, scenario.actors))
    return names


def _how_to_check(chain: Chain, stem: Path) -> str:
    """How PRISM and Storm are asked about the first outcome that comes about somewhere."""
    from negsim.report.prism import legal_names  # noqa: PLC0415 - heavy imports wait for the command

    names = legal_names(chain.labels)
    label = next((names[each] for each in chain.labels if chain.labels[each]), "init")
    kind, asked = ("mdp", "Pmax=?") if chain.decides else ("dtmc", "P=?")
    formula = f'{asked} [F "{label}"]'
    return (
        f"{len(chain.states):,} states, {kind.upper()}. To check them:\n"
        f"  prism -importmodel {quote(f'{stem}.all')} -{kind} -pf '{formula}'\n"
        f"  storm --explicit-drn {quote(f'{stem}.drn')} --prop '{formula}'\n"
        "In Python:\n"
        "  import stormpy\n"
        f"  model = stormpy.build_model_from_drn({f'{stem}.drn'!r})\n"
        f"  found = stormpy.model_checking(model, stormpy.parse_properties({formula!r})[0])\n"
        "  print(found.get_value(model.initial_states[0]))\n"
    )


# Of a run, or a scenario's rules.


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
                f"'{subject}' is a scenario; it can be exported to dot, mermaid or prism",
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
