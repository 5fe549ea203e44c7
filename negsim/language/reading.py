"""The doors of the loader: from a path, from a text, from the files of a log."""

from __future__ import annotations

import os
from collections.abc import Mapping

import attrs

from negsim.errors import Problem, ScenarioError, did_you_mean
from negsim.language.build import build
from negsim.language.catalogue import shipped
from negsim.language.files import Shelf, in_memory, on_disk
from negsim.language.problems import Problems
from negsim.language.report import Report
from negsim.scenario.model import Scenario


def load(source: str | os.PathLike[str], *, language: str | None = None) -> Scenario:
    """The scenario at a path, or the shipped one of that name, its texts in a language (the first that it names).

    Raises ScenarioError with every problem, and UsageError for a language that the scenario does not have.
    """
    shelf, hint = _find(source)
    return _load(shelf, hint, language)


def load_text(
    text: str, *, name: str = "<text>", files: Mapping[str, str] | None = None, language: str | None = None
) -> Scenario:
    """The scenario in a text. What it includes comes from `files` (relative path -> text), never from disk."""
    return _load(in_memory(name, {**(files or {}), name: text}), language=language)


def load_files(files: Mapping[str, str], *, language: str | None = None) -> Scenario:
    """The scenario in a few texts by relative path, the root first."""
    if not files:
        raise ValueError("no files")
    return _load(in_memory(next(iter(files)), files), language=language)


def check(source: str | os.PathLike[str]) -> Report:
    """The problems and warnings of the scenario at a path, or of the shipped one of that name."""
    return _checked(*_find(source))


def check_text(text: str, *, name: str = "<text>", files: Mapping[str, str] | None = None) -> Report:
    """The problems and warnings of the scenario in a text; see `load_text`."""
    return _checked(in_memory(name, {**(files or {}), name: text}))


def _checked(shelf: Shelf, hint: str | None = None) -> Report:
    problems = Problems()
    built = build(shelf, problems)
    name = shelf.shown(shelf.root)
    if built is None:
        return Report(name, _with_hint(problems, hint), (), None)
    from negsim.language.lint import lint  # noqa: PLC0415 - warnings are looked for where they are asked for

    return Report(name, (), lint(*built), built[0], problems.tongues.notes())


def _load(shelf: Shelf, hint: str | None = None, language: str | None = None) -> Scenario:
    problems = Problems(language=language)
    built = build(shelf, problems)
    if built is None:
        raise ScenarioError(_with_hint(problems, hint))
    problems.tongues.check_asked(shelf.shown(shelf.root))
    return built[0]


def _with_hint(problems: Problems, hint: str | None) -> tuple[Problem, ...]:
    """The problems; a hint on a missing file is added to the first."""
    found = problems.sorted()
    if hint is None or not found or found[0].hint is not None:
        return found
    return (attrs.evolve(found[0], hint=hint), *found[1:])


def _find(source: str | os.PathLike[str]) -> tuple[Shelf, str | None]:
    """Where a scenario is; and a hint for when it is not there."""
    path = os.fspath(source)
    if os.path.isfile(path):  # noqa: PTH113  # the path is shown as the user wrote it
        return on_disk(path), None
    known = {name: str(file) for name, file in shipped()}
    if path in known:
        return on_disk(known[path]), None
    if os.path.lexists(path):  # as above
        return on_disk(path), None
    stem = os.path.basename(path).removesuffix(".yaml")  # noqa: PTH119  # as above
    return on_disk(path), did_you_mean(stem, known)
