"""`negsim sources`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from negsim.clean import plain
from negsim.cli.common import (
    console,
    guarded,
    language_option,
    load_scenario,
    output_options,
    print_json,
    scenario_argument,
)
from negsim.cli.ending import NO
from negsim.cli.files import reads
from negsim.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.scenario.model import Scenario
    from negsim.show.quotes import TextCheck, Usage

LARGEST_TEXT = 4 << 20  # bytes


@click.command("sources")
@scenario_argument
@click.option(
    "--text", "text_file", type=click.Path(path_type=Path), help="Check each quote, word for word, against this text."
)
@click.option("--source", "source", metavar="SOURCE", help="With --text: only the quotes of this source.")
@language_option
@output_options
@guarded
def command(*, scenario: str, text_file: Path | None, source: str | None, as_json: bool, no_color: bool) -> None:
    """Which statement feeds which rule, what is assumed, and what is unused.

    With --text: each quote is looked up in the text, and the sentences of the text that no quote touches
    are listed. Exit status 1 where a quote is not found.
    """
    from negsim.show.quotes import check_json, check_quotes, usage, usage_json  # noqa: PLC0415 - as they are needed

    found = load_scenario(scenario)
    if source is not None and source not in found.sources:
        raise UsageError(f"there is no source `{source}`", did_you_mean(source, found.sources))
    if text_file is None:
        if as_json:
            print_json(usage_json(found))
        else:
            _show_usage(console(no_color=no_color), found, usage(found))
        return
    checked = check_quotes(found, _read(text_file), source=source)
    if as_json:
        print_json(check_json(checked))
    else:
        _show_check(console(no_color=no_color), found, checked)
    if checked.lacking:
        raise SystemExit(NO)


def _read(path: Path) -> str:
    reads(path)
    if path.stat().st_size > LARGEST_TEXT:
        raise UsageError(f"{path} is larger than {LARGEST_TEXT >> 20} MiB")
    try:
        return plain(path.read_bytes().decode())
    except UnicodeDecodeError:
        raise UsageError(f"{path} is no UTF-8 text") from None


def _show_usage(out: Console, scenario: Scenario, found: Usage) -> None:
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    from negsim.cli.show import show_addresses  # noqa: PLC0415 - as above
    from negsim.show.timeline import addresses, statement_words  # noqa: PLC0415 - as above

    counts = ", ".join(f"{number} {standing.value}" for standing, number in found.counts.items())
    out.print(scenario.title, style="bold")
    out.print(f"Of what the model says: {counts}.\n")
    out.print("Statements, and what rests on them", style="bold")
    for each in found.statements:
        out.print(Text(f"{each.statement.id}", style="bold"))
        out.print(Padding(Text(statement_words(scenario, each.statement.id)), (0, 0, 0, 4)))
        show_addresses(out, addresses(scenario, [each.statement.id]), 4)
        uses = "; ".join(f"{use.kind} {use.name} ({use.standing.value})" for use in each.uses)
        nothing = "background: nothing need rest on it" if each.statement.context else "unused: nothing rests on it"
        out.print(Padding(Text(f"-> {uses or nothing}", style="dim"), (0, 0, 0, 4)))
    out.print("\nAssumed", style="bold")
    for assumption in found.assumptions:
        line = Text(f"{assumption.kind} {assumption.name}: ")
        line.append(assumption.text, style="italic")
        out.print(Padding(line, (0, 0, 0, 2)))
    if found.unused:
        out.print(f"\nUnused statements: {', '.join(found.unused)}")


def _show_check(out: Console, scenario: Scenario, checked: TextCheck) -> None:
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    from negsim.wording import counted  # noqa: PLC0415 - as it is needed

    good = sum(1 for each in checked.quotes if each.found)
    out.print(scenario.title, style="bold")
    out.print(f"{good} of {counted(len(checked.quotes), 'quote')} stand in the text word for word.")
    for forms, number in Counter(each.differs for each in checked.quotes if each.differs).items():
        out.print(f"{number} of them in another form: {', '.join(forms)}.")
    if checked.reported:
        are = f"{counted(len(checked.reported), 'statement')} {'is' if len(checked.reported) == 1 else 'are'}"
        out.print(f"{are} reported in the author's words; only quotes can be checked.")
    for each in checked.quotes:
        if each.found:
            continue
        out.print(Text(f"\nnot found: {each.statement}", style="bold"))
        out.print(Padding(Text(f"quote:   {each.quote}"), (0, 0, 0, 2)))
        if each.nearest is not None:
            out.print(Padding(Text(f"nearest: {each.nearest}"), (0, 0, 0, 2)))
            for part in each.differences:
                out.print(Padding(Text(f"the quote has “{part.quote}”, the text “{part.text}”"), (0, 0, 0, 2)))
    out.print(
        f"\nSentences of the text that no quote touches: {len(checked.uncovered)} of {checked.sentences}", style="bold"
    )
    for sentence in checked.uncovered:
        out.print(Padding(Text(f"- {' '.join(sentence.split())}"), (0, 0, 0, 2)))
