"""The generator of draws gives the published known answers, and many together give what each gives alone."""

from collections.abc import Sequence

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive import threefry

from negsim.engine.threefry import PARITY, WORD, first_word, first_words, mixed, side_by_side

# `threefry2x64 20` in the kat_vectors of Random123, by the authors of the paper: counter, key, first word. The last
# are digits of pi.
KNOWN = [
    ((0, 0), (0, 0), 0xC2B6E3A8C2C69865),
    ((WORD, WORD), (WORD, WORD), 0xE02CB7C4D95D277A),
    ((0x243F6A8885A308D3, 0x13198A2E03707344), (0xA4093822299F31D0, 0x082EFA98EC4E6C89), 0x263C7D30BB0F0AF1),
]
words = st.one_of(
    st.integers(0, WORD),
    st.sampled_from([0, 1, 2**32 - 1, 2**32, 2**63 - 1, 2**63, WORD - 1, WORD]),
)


def whole(key: tuple[int, int]) -> tuple[int, int, int]:
    return (*key, key[0] ^ key[1] ^ PARITY)


def in_lanes(values: Sequence[int]) -> int:
    """Written as the module says it: each in the lower half of 128 bits."""
    return sum(value << 128 * place for place, value in enumerate(values))


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_the_known_answers(counter: tuple[int, int], key: tuple[int, int], answer: int) -> None:
    assert mixed(whole(key), counter, WORD, 1) == answer


@pytest.mark.parametrize("copies", [1, 2, 100])
def test_the_known_answers_side_by_side(copies: int) -> None:
    counters, keys, answers = zip(*(KNOWN * copies), strict=True)
    lanes = len(answers)
    first, second, parity = (in_lanes(part) for part in zip(*map(whole, keys), strict=True))
    low, high = (in_lanes(part) for part in zip(*counters, strict=True))
    found = mixed((first, second, parity), (low, high), in_lanes([WORD] * lanes), in_lanes([1] * lanes))
    assert found == in_lanes(answers)


def test_a_draw_has_the_first_word_for_the_counter_of_its_number() -> None:
    assert first_word(0, 0, 0) == first_words(0, side_by_side([0], [0]))[0] == KNOWN[0][2]
    assert first_word(2, 3, 5) == mixed(whole((2, 3)), (5, 0), WORD, 1)


def test_no_draws_are_no_words() -> None:
    assert first_words(7, side_by_side([], [])) == ()


@hypothesis.settings(max_examples=150, derandomize=True, database=None, deadline=None)
@given(st.lists(st.tuples(words, st.lists(st.tuples(words, words), max_size=100)), min_size=1, max_size=3))
def test_many_together_are_each_as_alone_and_as_the_authors_have_it(
    mixture: list[tuple[int, list[tuple[int, int]]]],
) -> None:
    """Up to 300 draws: of each seed some streams and numbers, in any order, also several times."""
    for seed, asked in mixture:
        lanes = side_by_side([stream for stream, _ in asked], [number for _, number in asked])
        together = first_words(seed, lanes)
        assert together == tuple(first_word(seed, stream, number) for stream, number in asked)
        assert together == tuple(threefry(seed, stream, number) for stream, number in asked)


@pytest.mark.parametrize("lanes", [1, 2, 3, 299, 300, 4_096])
def test_what_lies_beside_a_word_does_not_reach_into_it(lanes: int) -> None:
    """Where all other places are full of ones, or empty, a word is the same."""
    alone = first_word(WORD, 5, 9)
    for filling in (0, WORD):
        for place in {0, lanes // 2, lanes - 1}:
            streams, numbers = [filling] * lanes, [filling] * lanes
            streams[place], numbers[place] = 5, 9
            assert first_words(WORD, side_by_side(streams, numbers))[place] == alone
