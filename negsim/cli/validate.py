"""`negsim validate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from negsim.cli.common import BAD_INPUT, ScenarioName, debug_option, guarded, json_option, print_json, quiet_option, say

if TYPE_CHECKING:
    from negsim.errors import Problem


@click.command("validate")
@click.argument("scenarios", metavar="SCENARIO…", nargs=-1, required=True, type=ScenarioName())
@quiet_option
@json_option
@debug_option
@guarded
def command(*, scenarios: tuple[str, ...], quiet: bool, as_json: bool) -> None:
    """Check scenarios: every error with its place, then warnings about what can never matter.

    Exit status 2 where a scenario has an error; warnings leave it at 0.
    """
    from negsim.load import check  # noqa: PLC0415 - heavy imports wait for the command

    reports = [(name, check(name)) for name in scenarios]
    if as_json:
        files = [
            {"file": name, "errors": [*map(_json, report.problems)], "warnings": [*map(_json, report.warnings)]}
            for name, report in reports
        ]
        print_json({"files": files})
    else:
        for name, report in reports:
            for problem in (*report.problems, *(() if quiet else report.warnings)):
                say(problem.render() + "\n", err=True)
            say(_sum(name, len(report.problems), len(report.warnings)))
    if any(report.problems for _, report in reports):
        raise SystemExit(BAD_INPUT)


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
