"""What a name on the command line stands for: a scenario, a log, a result, or a run that is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

import click

from negsim.cli.files import STANDARD_INPUT, read_bytes, reads, reads_texts, shown, standard_input
from negsim.errors import LogError, ScenarioError, UsageError

if TYPE_CHECKING:
    from negsim.engine.run import Run
    from negsim.ensemble.result import Result
    from negsim.language import Report
    from negsim.log.event import RunLog
    from negsim.scenario.model import Scenario

_ID = re.compile("[0-9a-f]{4,32}")
_LOG = b'{"negsim_log":'
_SQLITE = b"SQLite format 3\0"
_MARK = b"\xef\xbb\xbf"  # a byte order mark
LANGUAGE = "negsim.language"  # under which a command keeps the language that it is asked to show texts in
ON_INPUT = "<stdin>"  # what a scenario from standard input is called


class Subject(Enum):
    """What a name stands for."""

    SCENARIO = "a scenario"
    LOG = "a log"
    RESULT = "a result of explore"
    KEPT = "a run that is kept"


_KINDS = {
    ".yaml": Subject.SCENARIO,
    ".yml": Subject.SCENARIO,
    ".jsonl": Subject.LOG,
    ".sqlite": Subject.RESULT,
    ".db": Subject.RESULT,
}


def kind_of(name: str) -> Subject:
    """What a name stands for: by its ending; where that says nothing, by how the file begins.

    What is no file and no scenario that ships is a run or result that is kept.
    """
    ending = _KINDS.get(Path(name).suffix.lower())
    if ending is not None:
        return ending
    if name == STANDARD_INPUT:
        return _begins(standard_input(_longest()))
    if name != "last" and Path(name).is_file():
        with Path(name).open("rb") as file:
            return _begins(file.read(len(_SQLITE) + len(_MARK)))
    from negsim.language import shipped  # noqa: PLC0415 - the loader is loaded where it is used

    return Subject.SCENARIO if name in {each for each, _ in shipped()} else Subject.KEPT


def _begins(content: bytes) -> Subject:
    if content.startswith(_SQLITE):
        return Subject.RESULT
    return Subject.LOG if content.removeprefix(_MARK).startswith(_LOG) else Subject.SCENARIO


def _longest() -> int:
    from negsim.log.reading import LONGEST_LOG  # noqa: PLC0415 - only where it is read

    return LONGEST_LOG


def asked_language() -> str | None:
    """The language in which the command that is running shows a scenario's texts; nothing where none is asked for."""
    context = click.get_current_context(silent=True)
    found = None if context is None else context.meta.get(LANGUAGE)
    return None if found is None else str(found)


# Scenarios.


def load_scenario(name: str) -> Scenario:
    """The scenario of a path, of a shipped name, or from standard input (`-`)."""
    from negsim.language import load, load_text, shipped  # noqa: PLC0415 - the loader reads YAML: only where a scenario is read

    if name == STANDARD_INPUT:
        return load_text(_text_of_scenario(), name=ON_INPUT, language=asked_language())
    _refuse_other(name, Subject.SCENARIO)
    scenario = load(name, language=asked_language())
    root = name if Path(name).exists() else str(dict(shipped()).get(name, name))
    reads(root, *(Path(root).parent / file for file in list(scenario.files)[1:]))
    return scenario


def check_scenario(name: str) -> Report:
    """The problems and warnings of a scenario, named as for `load_scenario`."""
    from negsim.language import check, check_text  # noqa: PLC0415 - as above

    return check_text(_text_of_scenario(), name=ON_INPUT) if name == STANDARD_INPUT else check(name)


def _text_of_scenario() -> str:
    from negsim.language.files import MOST_BYTES  # noqa: PLC0415 - as above

    try:
        return read_bytes(STANDARD_INPUT, most=MOST_BYTES).decode()
    except UnicodeDecodeError:
        raise UsageError("standard input is no UTF-8 text, so no scenario") from None


def _refuse_other(name: str, wanted: Subject) -> None:
    """Raises `UsageError` for a file that is a log or a result, where something else is wanted."""
    kind = kind_of(name) if Path(name).is_file() else wanted
    if kind in (Subject.LOG, Subject.RESULT) and kind is not wanted:
        raise UsageError(f"{name} is {kind.value}, not {wanted.value}")


# Runs.


@contextmanager
def read_result(path: Path) -> Iterator[Result]:
    """A result file, open to be read."""
    from negsim.ensemble.result import Result  # noqa: PLC0415 - heavy imports wait for what needs them

    with Result.read(path, language=asked_language()) as result:
        reads_texts(result.scenario.files.values())
        yield result


def read_run(name: str, store_path: str) -> Run:
    """The run that a name, or a log, stands for, verified, with its scenario."""
    from negsim.engine.run import from_log  # noqa: PLC0415 - only commands about runs need the engine
    from negsim.language import load_files  # noqa: PLC0415 - as above
    from negsim.log.fit import check_fit  # noqa: PLC0415 - as above
    from negsim.log.store import Store  # noqa: PLC0415 - as above

    kind = kind_of(name)
    if kind is Subject.RESULT:
        raise UsageError(f"{name} is a result of explore; it holds no run's events", "name a run, or a .jsonl file")
    if kind is Subject.LOG or name == STANDARD_INPUT or (kind is Subject.SCENARIO and Path(name).is_file()):
        log = _log(name)
    else:
        with Store(store_path) as store:
            log = store.read(store.find(name))
    try:
        scenario = load_files(log.files or {}, language=asked_language())
    except ScenarioError as error:
        problem = error.problems[0]
        what = f"{problem.place.file}:{problem.place.line}: {problem.message}"
        raise LogError(f"{shown(name)}: the scenario kept with the run cannot be read ({what})") from None
    reads_texts((log.files or {}).values())
    run = from_log(scenario, log)
    check_fit(scenario, log, shown(name))
    return run


def _log(name: str) -> RunLog:
    from negsim.log.reading import read_lines  # noqa: PLC0415 - only where a log is read

    try:
        text = read_bytes(name, most=_longest()).decode()
    except UnicodeDecodeError:
        raise LogError(f"{shown(name)}: this is no UTF-8 text, so no negsim log") from None
    log = read_lines(text, shown(name))
    if log.files is None:
        raise LogError(f"{shown(name)}: the log holds no scenario, so it cannot be read on")
    return log


# Results.


def run_or_result(name: str, store_path: str) -> Run | Path:
    """The run, else the file of the result, that a name stands for."""
    if kind_of(name) is Subject.RESULT:
        reads(name)
        return Path(name)
    try:
        return read_run(name, store_path)
    except (UsageError, LogError):
        found = result_file(name, store_path)
        if found is None:
            raise
        return found


def result_file(name: str, store_path: str) -> Path | None:
    """The file of the result that a path, a name, or the beginning of an id stands for; nothing where none does."""
    kind = kind_of(name)
    if kind is Subject.RESULT:
        reads(name)
        return Path(name)
    found = kept_result(name, Path(store_path)) if kind is Subject.KEPT else None
    if found is not None:
        reads(found)
    return found


def kept_result(name: str, store_path: Path) -> Path | None:
    """The result that is kept beside the store under a name or under an id that begins so."""
    from negsim.ensemble.file.kept import FOLDER, result_path  # noqa: PLC0415 - only where something kept is read
    from negsim.log.store import Store  # noqa: PLC0415 - as above

    if store_path.exists():
        with Store(store_path) as store:
            called = store.results().get(normalize("NFC", name))
        if called is not None:
            return result_path(store_path, called)
    if not _ID.fullmatch(name):
        return None
    found = sorted((store_path.parent / FOLDER).glob(f"{name}*.sqlite"))
    if len(found) > 1:
        raise UsageError(f"several results begin with '{name}': {', '.join(each.stem[:16] for each in found[:3])}, …")
    return found[0] if found else None
