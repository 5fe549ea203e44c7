"""`negsim import` of what NegMAS writes, compared with NegMAS package by package (made with NegMAS 0.16.0)."""

import random
import warnings
from pathlib import Path
from typing import Any

import pytest
from negmas.inout import Scenario
from negmas.outcomes.categorical_issue import CategoricalIssue
from negmas.outcomes.contiguous_issue import ContiguousIssue

import negsim
from negsim.convert import convert
from negsim.convert.genius.worths import Meaning
from negsim.program.formula import new_state
from negsim.program.program import Program
from negsim.scenario.settings import Settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    negmas = pytest.importorskip("negmas")
    functions = pytest.importorskip("negmas.preferences.value_fun")

pytestmark = pytest.mark.filterwarnings("ignore")  # NegMAS's own


def issue(chance: random.Random, number: int) -> ContiguousIssue | CategoricalIssue:
    name = f"{chance.choice(['Price', 'days', 'In', 'Ä-Teil', 'round'])} {number}"
    match chance.randrange(3):
        case 0:
            words = ["Dell", "HP", "60 Gb", "True story", "in", "ünique", "7", "none"]
            return negmas.make_issue(chance.sample(words, chance.randint(2, 5)), name)
        case 1:
            return negmas.make_issue(chance.randint(2, 6), name)
        case _:
            low = chance.randint(-3, 3)
            return negmas.make_issue((low, low + chance.randint(1, 4)), name)


def worth(chance: random.Random, values: list[Any], form: str) -> object:
    """A random value function; NegMAS cannot write all of them as XML."""
    if all(isinstance(value, int) for value in values):
        match chance.randrange(4 if form == "xml" else 5):
            case 0:
                return functions.AffineFun(chance.uniform(-2, 2), chance.uniform(-1, 1))
            case 1:
                return functions.LinearFun(chance.uniform(-2, 2))
            case 2:
                return functions.IdentityFun()
            case 4:
                return functions.QuadraticFun(chance.uniform(-1, 1), chance.uniform(-1, 1), chance.uniform(-1, 1))
    if form != "xml" and chance.random() < 0.1:
        return functions.ConstFun(chance.uniform(-1, 1))
    return functions.TableFun({value: chance.uniform(-0.5, 1.5) for value in values})


def scenario(seed: int, form: str) -> Scenario:
    """A random scenario. NegMAS loses the bias of a utility in YAML and JSON, so only XML gets one."""
    chance = random.Random(seed)  # noqa: S311 - no secret depends on it
    issues = [issue(chance, number) for number in range(chance.randint(1, 3))]
    space = negmas.make_os(issues, name="domain")
    profiles = tuple(
        negmas.LinearAdditiveUtilityFunction(
            values=[worth(chance, list(each.all), form) for each in issues],
            weights=[chance.uniform(-0.2, 1) for _ in issues],
            outcome_space=space,
            reserved_value=chance.uniform(-1, 2),
            bias=chance.choice([0, 0.5]) if form == "xml" else 0,
            name=f"profile_{number}",
        )
        for number in range(chance.randint(2, 4))
    )
    return negmas.Scenario(outcome_space=space, ufuns=profiles)


def check_equal(made: Scenario, folder: Path, meaning: Meaning) -> None:
    """Utilities and fallbacks, scaled as the importer says, are those that NegMAS works out itself."""
    text = convert([folder], meaning=meaning).text
    program = Program(negsim.load_text(text), Settings({}, {}))
    (table,) = program.tables
    state = new_state(program.layout.initial)
    outcomes = list(made.outcome_space.enumerate())
    assert len(table.packages) == len(outcomes)
    for profile, seat in zip(made.ufuns, table.seats.values(), strict=True):
        worths = [float(profile(outcome)) for outcome in outcomes]
        low, high = min(worths), max(worths)
        fallback = seat.fallback.read(state)
        if high - low <= 1e-9 * max(1, abs(high), abs(low)):
            assert set(seat.utilities) == {1.0}
            continue
        assert list(seat.utilities) == pytest.approx([(w - low) / (high - low) for w in worths], abs=1e-9)
        assert fallback == pytest.approx((profile.reserved_value - low) / (high - low), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("form", ["yml", "json", "xml"])
def test_what_negmas_writes_means_the_same_here(tmp_path: Path, form: str, seed: int) -> None:
    made = scenario(seed, form)
    made.dumpas(tmp_path / "domain", form)
    check_equal(made, tmp_path / "domain", "negmas")


def test_a_domain_that_both_programs_read_alike_needs_no_choice(tmp_path: Path) -> None:
    """Evaluations of at most 1 with a 1 in each issue, and weights that sum to 1."""
    space = negmas.make_os([negmas.make_issue(["a", "b", "c"], "x"), negmas.make_issue(["d", "e"], "y")], name="domain")
    profiles = tuple(
        negmas.LinearAdditiveUtilityFunction(
            values=[{"a": 1, "b": 0.25, "c": 0}, {"d": first, "e": 1}],
            weights=[0.25, 0.75],
            outcome_space=space,
            reserved_value=0.5,
            name=name,
        )
        for name, first in (("one", 0.5), ("two", 0.0))
    )
    made = negmas.Scenario(outcome_space=space, ufuns=profiles)
    made.dumpas(tmp_path / "domain", "xml")
    check_equal(made, tmp_path / "domain", "genius")
