"""`negsim runs`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from negsim.cli.common import RunName, console, guarded, output_options, print_json, store_option
from negsim.cli.subjects import Subject, kept_result, kind_of, load_scenario
from negsim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.ensemble.file.kept import KeptResult
    from negsim.log.store import KeptRun, Store

    Kept = KeptRun | KeptResult

LONGEST_TITLE = 28


@click.command("runs")
@click.argument("names", metavar="[RUN…]", nargs=-1, type=RunName())
@click.option("--results", "of_results", is_flag=True, help="The results of explore that are kept, instead of runs.")
@click.option("--scenario", metavar="NAME", help="Only those of a scenario: its name, its path, or part of the title.")
@click.option("--rm", "remove", is_flag=True, help="Throw those that are named away.")
@click.option("--prune", type=click.IntRange(min=0), metavar="N", help="Keep the newest N, and those that have a name.")
@click.option("--dry-run", is_flag=True, help="With --rm and --prune: only say which.")
@store_option
@output_options
@guarded
def command(
    *,
    names: tuple[str, ...],
    of_results: bool,
    scenario: str | None,
    remove: bool,
    prune: int | None,
    dry_run: bool,
    store: str,
    as_json: bool,
    no_color: bool,
) -> None:
    """The runs that are kept, oldest first: all, those of a scenario, or those that are named.

    --rm and --prune throw runs away, and list those that go. With --results all of this is about the
    results of explore.
    """
    from negsim.log.store import Store  # noqa: PLC0415 - heavy imports wait for the command

    shelf = RESULTS if of_results else RUNS
    _check(shelf, names, remove=remove, prune=prune, dry_run=dry_run)
    with Store(store) as kept:
        found = _chosen(shelf, kept, names, scenario)
        gone = found if remove else [] if prune is None else _pruned(found, prune)
        if gone and not dry_run:
            shelf.remove(kept, [each.id for each in gone])
    goes = remove or prune is not None
    if as_json:
        print_json(
            {"removed" if goes else f"{shelf.word}s": [attrs.asdict(each) for each in (gone if goes else found)]}
        )
        return
    out = console(no_color=no_color)
    if goes:
        _say_gone(out, shelf, gone, dry_run=dry_run)
    elif found:
        _list(out, shelf, found)
    else:
        narrowed = " of that scenario" if scenario is not None else ""
        out.print(f"No {shelf.word}{narrowed} is kept {shelf.place} {store} yet. `{shelf.made_by}` keeps one.")


def _check(shelf: KeptShelf, names: Sequence[str], *, remove: bool, prune: int | None, dry_run: bool) -> None:
    """Raises `UsageError` where what is asked for does not go together."""
    word = shelf.word
    if remove and prune is not None:
        raise UsageError("--rm and --prune do not go together", "ask for one after the other")
    if remove and not names:
        raise UsageError(f"which {word}s?", f"name them: negsim runs {shelf.flag}--rm {word.upper()}…")
    if prune is not None and names:
        raise UsageError(f"--prune chooses the {word}s itself", "--scenario narrows it to those of one scenario")
    if dry_run and not remove and prune is None:
        raise UsageError("--dry-run goes with --rm or --prune")


# What is kept.


def _runs(store: Store) -> Sequence[KeptRun]:
    return store.runs() if store.exists else []


def _run_cells(each: Any) -> tuple[str, ...]:
    return (
        str(each.seed),
        each.outcome,
        str(each.ended_on),
        str(each.events),
        (each.parent or "")[:12],
        _short(each.title),
    )


def _results(store: Store) -> Sequence[KeptResult]:
    from negsim.ensemble.file.kept import kept_results  # noqa: PLC0415 - heavy imports wait for the command

    return kept_results(store.path, store.results() if store.exists else {})


def _find_result(store: Store, name: str) -> str:
    found = kept_result(name, store.path)
    if found is None:
        raise UsageError(
            f"'{name}' names no result that is kept", "give a result's name, its id or the beginning of it"
        )
    return found.stem


def _remove_results(store: Store, ids: Sequence[str]) -> None:
    from negsim.ensemble.file.kept import remove_results  # noqa: PLC0415 - heavy imports wait for the command

    remove_results(store.path, ids)
    if store.exists:
        store.forget_results(ids)


def _result_cells(each: Any) -> tuple[str, ...]:
    if each.problem:
        return "", "", "", f"({each.problem})"
    return f"{each.cells:,}", f"{each.runs:,}", str(each.seed), _short(each.title)


@attrs.frozen(kw_only=True)
class KeptShelf:
    """Things of one kind that are kept: what they are called, which there are, what a listing shows of each."""

    word: str
    flag: str
    place: str
    made_by: str
    kept: Callable[[Store], Sequence[Kept]]  # all, oldest first
    find: Callable[[Store, str], str]  # the id of what a name stands for; raises `UsageError`
    remove: Callable[[Store, Sequence[str]], None]
    columns: tuple[str, ...]
    right: tuple[str, ...]
    cells: Callable[[Any], tuple[str, ...]]


RUNS = KeptShelf(
    word="run",
    flag="",
    place="in",
    made_by="negsim run SCENARIO",
    kept=_runs,
    find=lambda store, name: store.find(name),
    remove=lambda store, ids: store.remove(ids),
    columns=("seed", "outcome", "ended on day", "events", "fork of", "scenario"),
    right=("seed", "ended on day", "events"),
    cells=_run_cells,
)
RESULTS = KeptShelf(
    word="result",
    flag="--results ",
    place="beside",
    made_by="negsim explore SCENARIO",
    kept=_results,
    find=_find_result,
    remove=_remove_results,
    columns=("cells", "runs", "seed", "scenario"),
    right=("cells", "runs", "seed"),
    cells=_result_cells,
)


def _chosen(shelf: KeptShelf, store: Store, names: Sequence[str], scenario: str | None) -> list[Kept]:
    """Those that are meant, oldest first. Raises `UsageError` for a name that none has."""
    found = list(shelf.kept(store))
    if names:
        ids = {shelf.find(store, name) for name in names}
        found = [each for each in found if each.id in ids]
    if scenario is None:
        return found
    if kind_of(scenario) is Subject.SCENARIO or Path(scenario).is_file():
        title = load_scenario(scenario).title_on_record
        return [each for each in found if each.title == title]
    return [each for each in found if scenario.lower() in each.title.lower()]


def _pruned(found: Sequence[Kept], newest: int) -> list[Kept]:
    """Those that go: all but the newest ones and those that somebody gave a name."""
    older = found[: len(found) - newest] if newest < len(found) else []
    return [each for each in older if not each.names]


# How it is shown.


def _say_gone(out: Console, shelf: KeptShelf, gone: Sequence[Kept], *, dry_run: bool) -> None:
    if not gone:
        out.print(f"No {shelf.word} goes.")
        return
    _list(out, shelf, gone)
    count = f"{len(gone):,} {shelf.word}{'' if len(gone) == 1 else 's'}"
    out.print(f"\n{count} would go." if dry_run else f"\n{count} thrown away.")


def _list(out: Console, shelf: KeptShelf, found: Sequence[Kept]) -> None:
    from negsim.cli.show import table  # noqa: PLC0415 - heavy imports wait for the command

    named = any(each.names for each in found)
    made = table(shelf.word, *(["name"] if named else []), *shelf.columns, right=shelf.right)
    for each in found:
        names = [", ".join(each.names)] if named else []
        made.add_row(each.id[:12], *names, *shelf.cells(each))
    out.print(made)


def _short(title: str) -> str:
    """A title cut to what a row has room for."""
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"
