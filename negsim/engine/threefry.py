"""Threefry-2x64-20, a counter-based generator: a number for a key and a counter, with nothing kept between.

Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011). Additions, rotations and
exclusive ors of 64-bit words alone, so every platform and every language gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack, unpack
from typing import NamedTuple

WORD = 2**64 - 1
PARITY = 0x1BD11BDAA9FC1A22  # of the key schedule
# Four rounds turn by the first four distances, four by the others, and so on for 20 rounds.
TURNS = (16, 42, 12, 31), (16, 32, 24, 21)


def first_word(seed: int, stream: int, number: int) -> int:
    """The first word for the key (seed, stream) and the counter (number, 0); all of them of 64 bits."""
    return mixed((seed, stream, seed ^ stream ^ PARITY), (number, 0), WORD, 1)


class Lanes(NamedTuple):
    """Streams and counters of many draws in large integers, each in the lower half of 128 bits; a 1 in each place."""

    streams: int
    numbers: int
    ones: int
    size: int


def side_by_side(streams: Sequence[int], numbers: Sequence[int]) -> Lanes:
    """The lanes of as many draws as there are streams and numbers."""
    return Lanes(_laid(streams), _laid(numbers), _laid([1] * len(streams)), len(streams))


def _laid(words: Sequence[int]) -> int:
    wide = [0] * (2 * len(words))
    wide[::2] = words
    return int.from_bytes(pack(f"<{len(wide)}Q", *wide), "little")


def first_words(seed: int, lanes: Lanes) -> tuple[int, ...]:
    """The first words for the key (seed, stream) and the counter (number, 0) of each lane, worked out together.

    One operation on the large integers does for all of them.
    """
    seeds, ones = lanes.ones * seed, lanes.ones
    keys = (seeds, lanes.streams, seeds ^ lanes.streams ^ ones * PARITY)
    words = mixed(keys, (lanes.numbers, 0), ones * WORD, ones)
    return unpack(f"<{2 * lanes.size}Q", words.to_bytes(16 * lanes.size, "little"))[::2]


def mixed(keys: tuple[int, int, int], counter: tuple[int, int], word: int, one: int) -> int:
    """The first word after twenty rounds, of one key and counter or of many side by side.

    The third key is the parity of the others. `word` keeps what is in its place, and `one` is a 1 in each place.
    """
    left, right = counter[0] + keys[0] & word, counter[1] + keys[1] & word
    for block in range(5):
        for turn in TURNS[block % 2]:
            left = left + right & word
            right = (right << turn | right >> 64 - turn) & word ^ left
        left = left + keys[(block + 1) % 3] & word
        right = right + keys[(block + 2) % 3] + one * (block + 1) & word
    return left
