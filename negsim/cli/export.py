"""`negsim export`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import IO, TYPE_CHECKING, Any

import attrs
import click

from negsim.cli.common import debug_option, guarded, is_given, language_option, load_scenario, read_run, store_option
from negsim.cli.files import OUTPUT, check_written, print_or_put, say_written
from negsim.cli.settings import Given, setting_options
from negsim.cli.sheet import DIALECTS, Dialect, write_csv
from negsim.cli.subjects import Subject, kind_of, read_result, run_or_result
from negsim.errors import UsageError, did_you_mean
from negsim.written import STANDARD_OUTPUT, replaced

if TYPE_CHECKING:
    from negsim.engine.run import Run
    from negsim.exact.answer.chain import Chain
    from negsim.log.table import Column
    from negsim.scenario.model import Scenario

FORMATS = ("jsonl", "csv", "parquet", "dot", "mermaid", "prism")
TABLES = ("csv", "parquet")
GRAPHS = ("dot", "mermaid")


@click.command("export")
@click.argument("subjects", metavar="RUN…|RESULT|SCENARIO", nargs=-1, required=True)
@click.option("--to", "form", type=click.Choice(FORMATS), required=True, help="The format.")
@click.option("-o", "--output", type=OUTPUT, help="A file (else standard output).")
@click.option(
    "--excel",
    is_flag=False,
    flag_value="en",
    type=click.Choice([*DIALECTS], case_sensitive=False),
    metavar="[LANGUAGE]",
    help="Of csv: as a spreadsheet in that language opens it: de, fr, … [default: en]",
)
@setting_options("sets", "reads", "chooses")
@click.option("--by", metavar="ACTOR,…", help="Of prism: whose decisions stay open. [default: all actors']")
@click.option("--by-weight", is_flag=True, help="Of prism: no decision stays open, each goes by weight.")
@click.option(
    "--max-states", type=click.IntRange(min=1), metavar="N", help="Of prism: states at most. [default: 100000]"
)
@store_option
@language_option
@debug_option
@guarded
def command(
    *,
    subjects: tuple[str, ...],
    form: str,
    output: Path | None,
    excel: str | None,
    given: Given,
    store: str,
    **of_prism: Any,
) -> None:
    """Runs, a result of explore, or a scenario, for other tools.

    Of a run: jsonl (the log with its scenario, which negsim reads back), csv and parquet (one row an event),
    dot and mermaid (the graph of causes). Of several runs: csv, parquet and jsonl, with whose an event is.
    Of a result: parquet and csv (one row a run). Of a scenario: dot and mermaid (which events trigger which
    rules), prism (its states and chances, for PRISM and Storm).
    """
    if excel is not None and form != "csv":
        raise UsageError("--excel goes with --to csv", "leave one of them out")
    if form == "parquet" and (output is None or str(output) == STANDARD_OUTPUT):
        raise UsageError("a Parquet table is no text", "name a file: -o RUNS.parquet")
    if form != "prism":
        _refuse({**given.by_flag, **of_prism})
    if len(subjects) > 1:
        _export_runs([read_run(each, store) for each in subjects], form, output, excel)
        return
    (subject,) = subjects
    if form == "prism":
        _write_prism(subject, output, given, **of_prism)
    elif kind_of(subject) is Subject.SCENARIO:
        print_or_put(_rules(subject, form), output)
    else:
        found = run_or_result(subject, store)
        if isinstance(found, Path):
            _export_result(found, form, output, excel)
        else:
            _export_run(found, form, output, excel)


def _refuse(of_prism: Mapping[str, object]) -> None:
    """Raises `UsageError` where something is asked for that goes with prism alone."""
    for name, value in of_prism.items():
        if is_given(value):
            raise UsageError(
                f"--{name.replace('_', '-')} goes with --to prism", "a run or a result has its settings already"
            )


# Tables.


@attrs.frozen
class SheetFormat:
    """A table to be written: its columns, its rows, and what it is about."""

    columns: Sequence[Column]
    rows: Iterable[tuple[Any, ...]]
    about: Mapping[str, Any]


def _write_table(sheet: SheetFormat, form: str, output: Path | None, excel: str | None) -> None:
    if form == "parquet" and output is not None:
        from negsim.ensemble.table.parquet import write_table  # noqa: PLC0415 - heavy imports wait for the command

        write_table(sheet.columns, sheet.rows, output, about=sheet.about)
        say_written(output)
        return
    dialect = Dialect() if excel is None else DIALECTS[excel]
    names = [column.name for column in sheet.columns]
    _write(output, lambda file: write_csv(names, sheet.rows, file, dialect))


def _write(output: Path | None, into: Callable[[IO[bytes]], object]) -> None:
    """Writes to a file, else to standard output, as it comes."""
    if output is None:
        with click.open_file("-", "wb") as file:
            into(file)
        return
    with replaced(output) as file:
        into(file)
    say_written(output)


def _export_result(path: Path, form: str, output: Path | None, excel: str | None) -> None:
    """Writes the table of a result of explore, one row a run."""
    from negsim.ensemble.table.table import columns, table_rows  # noqa: PLC0415 - heavy imports wait for the command

    if form not in TABLES:
        raise UsageError("a result can be exported to parquet or csv")
    with read_result(path) as result:
        if form == "parquet" and output is not None:
            from negsim.ensemble.table.parquet import write_parquet  # noqa: PLC0415 - as above

            write_parquet(result, output)
            say_written(output)
            return
        _write_table(SheetFormat(columns(result), table_rows(result), result.request.as_json()), form, output, excel)


# Of runs.


def _export_run(run: Run, form: str, output: Path | None, excel: str | None) -> None:
    """Writes a run alone."""
    if form in GRAPHS:
        from negsim.show.graph import causal_graph  # noqa: PLC0415 - heavy imports wait for the command

        print_or_put(causal_graph(run, form), output)
    elif form == "jsonl":
        from negsim.log.lines import write_lines  # noqa: PLC0415 - as above

        print_or_put("\n".join(write_lines(run.log)) + "\n", output)
    else:
        _write_table(_events([run], with_run=False), form, output, excel)


def _export_runs(runs: Sequence[Run], form: str, output: Path | None, excel: str | None) -> None:
    """Writes the events of several runs as one table, or as one object a line."""
    if form in GRAPHS:
        raise UsageError(f"{form} is of one run", "several can be exported to csv, parquet or jsonl")
    if form == "prism":
        raise UsageError("prism takes the states of a scenario", "name one FILE.yaml")
    if form == "jsonl":
        from negsim.log.table import event_lines  # noqa: PLC0415 - heavy imports wait for the command

        lines = event_lines({run.id: run.events for run in runs})
        _write(output, lambda file: file.writelines(f"{_line(each)}\n".encode() for each in lines))
    else:
        _write_table(_events(runs, with_run=True), form, output, excel)


def _line(found: Mapping[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _events(runs: Sequence[Run], *, with_run: bool) -> SheetFormat:
    """One row an event."""
    from negsim.log.table import event_table  # noqa: PLC0415 - heavy imports wait for the command

    made = event_table({run.id: run.events for run in runs}, with_run=with_run)
    return SheetFormat(made.columns, made.rows, {"runs": [run.header.as_json() for run in runs]})


# Of a scenario.


def _rules(subject: str, form: str) -> str:
    """The graph of a scenario's rules."""
    scenario = load_scenario(subject)
    if form not in GRAPHS:
        raise UsageError(
            f"'{subject}' is a scenario; it can be exported to dot, mermaid or prism",
            "make a run of it first: negsim run, then negsim export last --to csv",
        )
    from negsim.show.graph import rule_graph  # noqa: PLC0415 - heavy imports wait for the command

    return rule_graph(scenario, form)


def _write_prism(
    subject: str,
    output: Path | None,
    given: Given,
    *,
    by: str | None,
    by_weight: bool,
    max_states: int | None,
) -> None:
    """Writes the states of a scenario in files beside each other, and says how to check them."""
    from negsim.exact.answer.asked import MOST_STATES  # noqa: PLC0415 - as above
    from negsim.exact.answer.written_out import written_out  # noqa: PLC0415 - as above
    from negsim.show.prism import ENDINGS, file_of, prism_lines, storm_lines, write_files  # noqa: PLC0415 - heavy imports wait

    if output is None or str(output) == STANDARD_OUTPUT:
        raise UsageError("prism takes several files", "name them without an ending: -o STEM")
    if kind_of(subject) is not Subject.SCENARIO:
        raise UsageError(f"'{subject}' is no scenario; prism takes the states of one", "name FILE.yaml")
    scenario = load_scenario(subject)
    check_written(file_of(output, ending) for ending in ENDINGS)
    chain = written_out(
        scenario,
        **given.checked(scenario).asked,
        by=_open_to(scenario, by, by_weight=by_weight),
        max_states=max_states or MOST_STATES,
    )
    for path in write_files({**prism_lines(chain), "drn": storm_lines(chain)}, output):
        say_written(path)
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
    from negsim.show.prism import legal_names  # noqa: PLC0415 - heavy imports wait for the command

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
