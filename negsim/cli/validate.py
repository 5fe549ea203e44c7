"""`negsim validate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from negsim.cli.common import (
    ScenarioName,
    debug_option,
    guarded,
    json_option,
    print_json,
    quiet_option,
    say,
)
from negsim.cli.ending import BAD_INPUT
from negsim.cli.files import shown
from negsim.cli.subjects import check_scenario

if TYPE_CHECKING:
    from negsim.errors import Problem
    from negsim.language import Report


@click.command("validate")
@click.argument("scenarios", metavar="SCENARIO…", nargs=-1, required=True, type=ScenarioName())
@quiet_option
@json_option
@debug_option
@guarded
def command(*, scenarios: tuple[str, ...], quiet: bool, as_json: bool) -> None:
    """Check scenarios: every error with its place, warnings about what can never matter, notes on the order of turns.

    Exit status 2 where a scenario has an error; warnings and notes leave it at 0.
    """
    reports = [(shown(name), check_scenario(name)) for name in scenarios]
    if as_json:
        print_json({"files": [_file(name, report) for name, report in reports]})
    else:
        for name, report in reports:
            for problem in (*report.problems, *(() if quiet else report.warnings)):
                say(problem.render() + "\n", err=True)
            for note in () if quiet else _notes(report):
                say(f"{name}: note: {note}\n", err=True)
            say(_sum(name, len(report.problems), len(report.warnings)))
    if any(report.problems for _, report in reports):
        raise SystemExit(BAD_INPUT)


def _file(name: str, report: Report) -> dict[str, Any]:
    return {
        "file": name,
        "errors": [*map(_json, report.problems)],
        "warnings": [*map(_json, report.warnings)],
        "notes": [*_notes(report)],
    }


def _notes(report: Report) -> tuple[str, ...]:
    """What lacks in a language, and where an order can matter, of members' turns or of the file."""
    from negsim.exact.symmetry.order_notes import order_notes  # noqa: PLC0415 - as above
    from negsim.exact.symmetry.ties import tie_notes  # noqa: PLC0415 - as above

    return (
        report.notes
        if report.scenario is None
        else (*report.notes, *order_notes(report.scenario), *tie_notes(report.scenario))
    )


def _json(problem: Problem) -> dict[str, Any]:
    place = problem.place
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "message": problem.message,
        "hint": problem.hint,
    }


def _sum(name: str, errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return f"{name}: no errors, no warnings"
    return f"{name}: {_several(errors, 'error')}, {_several(warnings, 'warning')}"


def _several(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"
