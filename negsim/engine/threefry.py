"""Threefry-2x64-20, a counter-based generator: a number for a key and a counter, with nothing kept between.

Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011). Additions, rotations and
exclusive ors of 64-bit words alone, so every platform and every language gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack, unpack

WORD = 2**64 - 1
PARITY = 0x1BD11BDAA9FC1A22  # of the key schedule
# Four rounds turn by the first four distances, four by the others, and so on for 20 rounds.
TURNS = (16, 42, 12, 31), (16, 32, 24, 21)


def first_word(seed: int, stream: int, number: int) -> int:
    """The first word for the key (seed, stream) and the counter (number, 0); all of them of 64 bits."""
    return _mixed((seed, stream, seed ^ stream ^ PARITY), number, ones=1)


def first_words(seed: int, streams: Sequence[int], numbers: Sequence[int]) -> tuple[int, ...]:
    """The first words for many streams and counters, worked out together.

    The words lie in one large integer, each in the lower half of 128 bits. One operation on it does for all of them.
    """
    lanes = len(streams)
    ones = _side_by_side([1] * lanes)
    key, other_key = ones * seed, _side_by_side(streams)
    mixed = _mixed((key, other_key, key ^ other_key ^ ones * PARITY), _side_by_side(numbers), ones=ones)
    return unpack(f"<{2 * lanes}Q", mixed.to_bytes(16 * lanes, "little"))[::2]


def _side_by_side(words: Sequence[int]) -> int:
    wide = [0] * (2 * len(words))
    wide[::2] = words
    return int.from_bytes(pack(f"<{len(wide)}Q", *wide), "little")


def _mixed(keys: tuple[int, int, int], counter: int, *, ones: int) -> int:
    """Twenty rounds, on one pair of words or on many that lie side by side; `ones` is 1 in each place."""
    word = ones * WORD
    left, right = counter + keys[0] & word, keys[1]
    for block in range(5):
        for turn in TURNS[block % 2]:
            left = left + right & word
            right = (right << turn | right >> 64 - turn) & word ^ left
        left = left + keys[(block + 1) % 3] & word
        right = right + keys[(block + 2) % 3] + ones * (block + 1) & word
    return left
