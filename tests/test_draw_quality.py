"""The tests of the draws pass them, by a small sample, and fail what is no good."""

from collections.abc import Callable

import numpy as np
import pytest
from draw_quality import ORDERS, TESTS, Draws, block, collisions, p_values, strings, upper
from scipy import stats

RARE = 1e-6  # good draws go beyond it once in a million times
SMALL = block(seeds=256, members=1, numbers=16)


@pytest.mark.parametrize("name", [*ORDERS, "one stream", "many streams, first draws", "many seeds, first draws"])
def test_the_draws_pass(name: str) -> None:
    words = next(words for each, words in strings(SMALL.size, of=SMALL) if each == name)
    assert words.size == SMALL.size == 2**16
    assert min(min(row) for row in p_values(words)) > RARE


def test_orders_hold_the_same_draws() -> None:
    found = [np.sort(words) for name, words in strings(0, of=SMALL) if name in ORDERS]
    assert all(np.array_equal(found[0], each) for each in found)


@pytest.mark.parametrize("test", TESTS)
def test_each_test_fails_a_walk_in_equal_steps(test: Callable[[Draws], float]) -> None:
    """Spread more evenly than by chance, each tells the next."""
    walk = np.arange(2**17, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    assert not RARE < test(upper(walk)) < 1 - RARE


@pytest.mark.parametrize("test", TESTS)
def test_each_test_is_fair(test: Callable[[Draws], float]) -> None:
    """Another good generator passes, and its p-values are spread evenly."""
    values = np.random.default_rng(5).random((60, 2**16))
    assert stats.kstest([test(each) for each in values], "uniform").pvalue > RARE


def test_collisions_find_a_place_taken_too_often() -> None:
    values = np.random.default_rng(6).random(2**16)
    values[: 2**10] = values[2**10 : 2**11]  # a hundredth and a half comes again
    assert collisions(values) < RARE
