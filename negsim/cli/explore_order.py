"""What `negsim explore` is asked for: of a scenario, or of a result that is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from negsim.cli.common import (
    is_given,
    load_scenario,
)
from negsim.cli.files import STANDARD_INPUT
from negsim.cli.settings import Given, note_outside
from negsim.cli.subjects import ON_INPUT, read_result
from negsim.errors import UsageError

if TYPE_CHECKING:
    from negsim.ensemble.design.cells import Cell
    from negsim.scenario.model import Scenario


@attrs.frozen(kw_only=True)
class ExploreOrder:
    """What is asked for: a scenario (`name` as the user calls it), its cells, settings, and where the result is kept.

    `is_only_shown`: nothing is to be run.
    """

    name: str
    scenario: Scenario
    cells: tuple[Cell, ...]
    settings: Mapping[str, Any]
    path: Path
    runs: int | None
    until_width: float | None
    workers: int
    cluster: str | None
    is_only_shown: bool = False


def order_of_scenario(
    path: Path | None,
    *,
    scenario: str,
    seed: int | None,
    given: Given,
    sweeps: tuple[str, ...],
    lhs: int | None,
    readings: str | None,
    store: str,
    **how: Any,
) -> ExploreOrder:
    """The order of a scenario, kept in the file of that path, else beside the store."""
    from negsim.ensemble.explore import design  # noqa: PLC0415 - as needed
    from negsim.ensemble.file.kept import result_path  # noqa: PLC0415 - as above
    from negsim.ensemble.run.request import request_for  # noqa: PLC0415 - as above

    found = load_scenario(scenario)
    settings = {**given.checked(found).asked, "seed": seed or 0}
    varied = {name: settings[name] for name in ("seed", "set", "read")}
    cells = design(found, sweep=sweeps or None, lhs=lhs, readings=readings, **varied)
    note_outside(found, (cell.parameters for cell in cells))
    if path is None:
        request, _ = request_for(found, cells, **settings)
        path = result_path(Path(store), request.id)
    return ExploreOrder(name=scenario, scenario=found, cells=cells, settings=settings, path=path, **how)


def order_of_result(path: Path, *, scenario: str, store: str, **asked: Any) -> ExploreOrder:
    """The order that a kept result was made by, perhaps with more runs."""
    del scenario, store
    how = {name: asked.pop(name) for name in ("runs", "until_width", "workers", "cluster")}
    given: Given = asked.pop("given")
    if any(map(is_given, (*given.by_flag.values(), *asked.values()))):
        raise UsageError(
            "a result has its settings already", "with it go --runs, --until-width, --workers, --cluster and --show"
        )
    with read_result(path) as result:
        request = result.request
        how["is_only_shown"] = how["runs"] is None and how["until_width"] is None
        if request.deciders and not how["is_only_shown"]:
            raise UsageError("the result was made with a policy in Python, so it is gone on with in Python")
    settings = {
        "seed": request.seed,
        "set": request.settings.parameters,
        "read": request.settings.readings,
        "choose": [policy.text for policy in request.settings.choices],
    }
    return ExploreOrder(
        name=_called(request.scenario),
        scenario=request.scenario,
        cells=request.cells,
        settings=settings,
        path=path,
        **how,
    )


def _called(scenario: Scenario) -> str:
    """What the scenario of a result is called by in a command."""
    from negsim.language.catalogue import called  # noqa: PLC0415 - as needed

    return STANDARD_INPUT if next(iter(scenario.files)) == ON_INPUT else called(scenario.files)
