"""What Storm says of a chain, through the files that negsim writes for other tools."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from negsim.exact.answer.chain import Chain
from negsim.show.prism import legal_names, prism_files, storm_lines, write_files


def has_wheel() -> bool:
    """Whether stormpy is published for this platform: for macOS, and for Linux with glibc 2.34 or newer."""
    library, version = platform.libc_ver()
    newer = library == "glibc" and tuple(map(int, version.split("."))) >= (2, 34)
    return platform.system() == "Darwin" or (platform.system() == "Linux" and newer)


if not has_wheel():
    pytest.skip("stormpy has no wheel for this platform", allow_module_level=True)

import stormpy  # noqa: E402 - only where there is one


def probabilities(
    chain: Chain, labels: Sequence[str], *, within: int | None = None, at: int | None = None
) -> dict[str, tuple[float, float]]:
    """The least and the greatest probability of coming to each label: ever, `within` so many steps, or just `at` one.

    Unbounded ones come from policy iteration over a direct solver (no iteration stops early), bounded ones from
    value iteration of just so many steps: both are exact but for rounding. Storm knows no label that holds nowhere.
    """
    model = read(chain)
    names = legal_names(chain.labels)
    bound = f"[{at},{at}]" if at is not None else f"<={within}" if within is not None else ""
    kinds = ("Pmin", "Pmax") if chain.decides else ("P", "P")
    found: dict[str, tuple[float, float]] = dict.fromkeys(labels, (0.0, 0.0))
    for label in labels:
        if chain.labels[label]:
            least, greatest = (checked(model, f'{kind}=? [F{bound} "{names[label]}"]', chain.initial) for kind in kinds)
            found[label] = (least, greatest)
    return found


def checked(model: Any, formula: str, state: int) -> float:
    """The value of a formula in a state."""
    value = stormpy.model_checking(model, stormpy.parse_property(formula), environment=_direct()).get_value(state)
    return float(value)


def read(chain: Chain) -> Any:
    """The model that Storm reads from the file written for it."""
    with tempfile.TemporaryDirectory() as folder:
        (path,) = write_files({"drn": storm_lines(chain)}, Path(folder, "chain"))
        return stormpy.build_model_from_drn(path)


def read_prism(chain: Chain) -> Any:
    """The model that Storm reads from the files written for PRISM, but for what the two do not spell alike.

    Storm wants the kind of model where PRISM wants sizes, and labels by their names, not by numbers.
    """
    texts = prism_files(chain)
    sizes, _, transitions = texts["tra"].partition("\n")
    kind = "mdp" if len(sizes.split()) == 3 else "dtmc"
    head, *rows = texts["lab"].splitlines()
    names = dict(pair.replace('"', "").split("=") for pair in head.split())
    lines = [
        f"{state} {' '.join(names[number] for number in numbers.split())}"
        for state, numbers in (row.split(":") for row in rows)
    ]
    with tempfile.TemporaryDirectory() as folder:
        tra, lab = Path(folder, "chain.tra"), Path(folder, "chain.lab")
        tra.write_text(f"{kind}\n{transitions}")
        lab.write_text("\n".join(("#DECLARATION", " ".join(names.values()), "#END", *lines, "")))
        return stormpy.build_model_from_explicit(tra, lab)


def transitions(model: Any) -> list[tuple[int, int, int, float]]:
    """All transitions of a model: state, choice, target, chance."""
    return [
        (int(state.id), int(action.id), int(entry.column), float(entry.value))
        for state in model.states
        for action in state.actions
        for entry in action.transitions
    ]


def labels(model: Any) -> dict[str, tuple[int, ...]]:
    """The labels of a model, and the states in which they hold."""
    labeling = model.labeling
    return {name: tuple(map(int, labeling.get_states(name))) for name in labeling.get_labels()}


def _direct() -> Any:
    """Solvers that are exact but for rounding."""
    environment = stormpy.environments.sound()
    solver = environment.solver()
    solver.set_linear_equation_solver_type(stormpy.environments.EquationSolverType.EIGEN)
    solver.min_max().method = stormpy.environments.MinMaxMethod.POLICY_ITERATION
    solver.min_max().precision = stormpy.Rational("1/1000000000000")
    return environment
