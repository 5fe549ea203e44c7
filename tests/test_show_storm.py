"""Storm reads what is written for it, and for PRISM, and finds what is known."""

from __future__ import annotations

import attrs
import pytest
import storm_oracle as oracle
from chains import MEETING, ruin

from negsim.exact.answer.chain import Chain
from negsim.show.prism import legal_names


@pytest.mark.parametrize("chain", [ruin(0.3, 5, 2), MEETING], ids=["DTMC", "MDP"])
def test_storm_reads_one_model_from_both_formats(chain: Chain) -> None:
    expected = [
        (state, place, target, chance)
        for state, choices in enumerate(chain.choices)
        for place, choice in enumerate(choices)
        for target, chance in sorted(zip(choice.targets, choice.chances, strict=True))
    ]
    from_drn, from_prism = oracle.read(chain), oracle.read_prism(chain)
    assert oracle.transitions(from_drn) == oracle.transitions(from_prism) == expected
    assert from_drn.is_nondeterministic_model == from_prism.is_nondeterministic_model == chain.decides
    labels = {name: chain.labels[label] for label, name in legal_names(chain.labels).items()}
    assert oracle.labels(from_prism) == {**labels, "init": (chain.initial,), "deadlock": ()}
    held = {name: states for name, states in labels.items() if states}
    assert oracle.labels(from_drn) == {**held, "init": (chain.initial,)}


@pytest.mark.parametrize(("up", "most", "start"), [(0.45, 20, 7), (0.5, 30, 12), (0.2, 10, 9)])
def test_storm_finds_the_closed_form_of_the_ruin(up: float, most: int, start: int) -> None:
    odds = (1 - up) / up
    rich = start / most if up == 0.5 else (1 - odds**start) / (1 - odds**most)
    found = oracle.probabilities(ruin(up, most, start), ("rich", "ruined"))
    assert found["rich"] == pytest.approx((rich, rich), abs=1e-12)
    assert found["ruined"] == pytest.approx((1 - rich, 1 - rich), abs=1e-12)


def test_storm_counts_the_steps() -> None:
    chain = ruin(0.25, 2, 1)
    assert oracle.probabilities(chain, ("rich",), within=0) == {"rich": (0.0, 0.0)}
    assert oracle.probabilities(chain, ("rich",), within=1) == {"rich": (0.25, 0.25)}
    longer = ruin(0.25, 4, 2)
    two = 0.25**2
    there_and_back = 2 * 0.25 * 0.75
    for within, expected in ((1, 0.0), (2, two), (3, two), (4, two + there_and_back * two)):
        assert oracle.probabilities(longer, ("rich",), within=within)["rich"] == pytest.approx(
            (expected,) * 2, abs=1e-15
        )
    fortunes = attrs.evolve(longer, labels={"as_before": (2,)})
    for at, expected in ((0, 1.0), (1, 0.0), (2, 2 * 0.25 * 0.75), (3, 0.0)):
        assert oracle.probabilities(fortunes, ("as_before",), at=at)["as_before"] == pytest.approx(
            (expected,) * 2, abs=1e-15
        )


def test_storm_finds_the_best_and_the_worst_of_decisions() -> None:
    found = oracle.probabilities(MEETING, ("label", "called_off", "ended", "never"))
    assert found["label"] == pytest.approx((0.0, 0.6), abs=1e-12)
    assert found["called_off"] == pytest.approx((0.4, 1.0), abs=1e-12)
    assert found["ended"] == pytest.approx((1.0, 1.0), abs=1e-12)
    assert found["never"] == (0.0, 0.0)
    bounded = oracle.probabilities(MEETING, ("label", "called_off"), within=1)
    assert bounded["label"] == pytest.approx((0.0, 1 / 3), abs=1e-12)
    assert bounded["called_off"] == pytest.approx((0.0, 2 / 3), abs=1e-12)
    chosen_first = oracle.probabilities(attrs.evolve(MEETING, labels={"second_day": (1,)}), ("second_day",), at=1)
    assert chosen_first["second_day"] == (0.0, 1.0)
