"""How good the draws are, in the orders in which runs interleave them: `python tests/draw_quality.py`.

The draws of many seeds, streams and numbers are strung together in several orders, and each string goes through tests
for random numbers (Knuth, The Art of Computer Programming 2, section 3.3.2). What it prints stands in
docs/explanation/chance.md. With an order's name it writes words for other programs instead, without an end:
`python tests/draw_quality.py "seed by seed" | dieharder -g 200 -a`.
"""

import sys
from collections.abc import Iterator
from decimal import Decimal, localcontext
from itertools import chain, count, product

import numpy as np
import numpy.typing as npt
from scipy import stats

from negsim.engine.threefry import first_word, first_words, side_by_side
from negsim.scenario.streams import PURPOSES, stream_number

SEEDS, MEMBERS, NUMBERS = 1_024, 4, 16
RULES = ("storms", "talks_move", "reply", "r")
DRAWS = 2**20  # of those seeds, rules, members, purposes and numbers; as many in every other string
LOWEST = 27  # bits that are tested by themselves

Words = npt.NDArray[np.uint64]
Draws = npt.NDArray[np.float64]


def names(members: int = MEMBERS) -> list[int]:
    """The numbers of streams with names such as scenarios have, in the order of a file and its roster."""
    who = [f"member_{place}" for place in range(members)]
    return [stream_number(rule, [member], purpose) for rule, member, purpose in product(RULES, who, PURPOSES)]


def block(seeds: int = SEEDS, members: int = MEMBERS, numbers: int = NUMBERS, *, since: int = 0) -> Words:
    """Words by seed, stream and number."""
    streams = names(members)
    lanes = side_by_side([stream for stream in streams for _ in range(numbers)], list(range(numbers)) * len(streams))
    words = [first_words(seed, lanes) for seed in range(since, since + seeds)]
    return np.array(words, dtype=np.uint64).reshape(seeds, len(streams), numbers)


# From a block of seeds, streams and numbers: which changes slowest, and which from one draw to the next.
ORDERS = {
    "seed by seed": (0, 1, 2),  # all of a stream, then the seed's next stream
    "seed by seed, streams interleaved": (0, 2, 1),
    "stream by stream": (1, 0, 2),
    "stream by stream, seeds interleaved": (1, 2, 0),
}


def strings(size: int = DRAWS, *, of: Words | None = None) -> Iterator[tuple[str, Words]]:
    """Each string of words by its name; `of` is a block."""
    words = block() if of is None else of
    for name, order in ORDERS.items():
        yield name, words.transpose(order).ravel()
    one = names(1)[0]
    yield "one stream", np.array(first_words(7, side_by_side([one] * size, range(size))), dtype=np.uint64)
    many = [stream_number("talks_move", [f"member_{place}"], "choose") for place in range(size)]
    yield "many streams, first draws", np.array(first_words(7, side_by_side(many, [0] * size)), dtype=np.uint64)
    yield "many seeds, first draws", np.array([first_word(seed, one, 0) for seed in range(size)], dtype=np.uint64)


def upper(words: Words) -> Draws:
    """The draws as runs have them."""
    return (words >> np.uint64(11)).astype(float) * 2.0**-53


def lower(words: Words) -> Draws:
    """The lowest bits of the draws alone, as numbers of 0 to 1."""
    return (words >> np.uint64(11) & np.uint64(2**LOWEST - 1)).astype(float) * 2.0**-LOWEST


def of_counts(found: npt.NDArray[np.intp], shares: list[float]) -> float:
    """The p-value of how often each case was found, by chi-square."""
    return float(stats.chisquare(found, np.asarray(shares) * np.sum(found)).pvalue)


def singles(values: Draws) -> float:
    return of_counts(np.bincount((values * 1_000).astype(int), minlength=1_000), [1 / 1_000] * 1_000)


def kolmogorov(values: Draws) -> float:
    return float(stats.kstest(values, "uniform").pvalue)


def pairs(values: Draws) -> float:
    """The serial test: which of 64 times 64 cells two neighbours fall in."""
    cells = (values[: len(values) // 2 * 2].reshape(-1, 2) * 64).astype(int) @ [64, 1]
    return of_counts(np.bincount(cells, minlength=4_096), [1 / 4_096] * 4_096)


def gaps(values: Draws) -> float:
    """How many draws lie between two that are below 1/8; 40 and more are one case."""
    found = np.diff(np.flatnonzero(values < 1 / 8)) - 1
    shares = [1 / 8 * (7 / 8) ** gap for gap in range(40)]
    return of_counts(np.bincount(np.minimum(found, 40), minlength=41), [*shares, (7 / 8) ** 40])


def poker(values: Draws) -> float:
    """How many different digits five neighbours have, of ten; one and two are one case."""
    hands = np.sort((values[: len(values) // 5 * 5].reshape(-1, 5) * 10).astype(int), axis=1)
    different = 1 + (np.diff(hands, axis=1) > 0).sum(axis=1)
    found = np.bincount(np.maximum(different, 2), minlength=6)[2:]
    return of_counts(found, [0.0001 + 0.0135, 0.18, 0.504, 0.3024])


def collisions(values: Draws, hands: int = 2**14, cells: int = 2**20) -> float:
    """How often four neighbours (five bits of each) fall in a cell that is taken; all blocks of 2**14 together."""
    digits = (values[: len(values) // (4 * hands) * 4 * hands].reshape(-1, hands, 4) * 32).astype(int)
    taken = digits @ [32**3, 32**2, 32, 1]
    found = sum(hands - len(np.unique(each)) for each in taken)
    with localcontext(prec=60):  # differences of great numbers that are nearly the same
        each = Decimal(cells)
        empty, two_empty = (1 - 1 / each) ** hands, (1 - 2 / each) ** hands
        mean = hands - each + each * empty
        variance = each * (each - 1) * two_empty + each * empty - (each * empty) ** 2
    spread = float(variance * len(taken)) ** 0.5
    return float(2 * stats.norm.sf(abs(found - float(mean) * len(taken)) / spread))


TESTS = (singles, kolmogorov, pairs, gaps, poker, collisions)


def p_values(words: Words) -> list[list[float]]:
    """A p-value of each test, for the draws and for their lowest bits."""
    return [[test(part(words)) for test in TESTS] for part in (upper, lower)]


def table() -> Iterator[str]:
    """The lines of a table of p-values, of the draws and of their lowest bits, and one about all of them."""
    # Some strings hold the same draws, which some tests do not tell apart: their p-values count once.
    found: dict[float, None] = {}
    yield "| order | " + " | ".join(test.__name__ for test in TESTS) + " |"
    yield "| --- |" + " --- |" * len(TESTS)
    for name, words in strings():
        rows = p_values(words)
        found |= dict.fromkeys(chain(*rows))
        yield f"| {name} | " + " | ".join(f"{whole:.3f}, {low:.3f}" for whole, low in zip(*rows, strict=True)) + " |"
    lowest, evenly = min(found), stats.kstest([*found], "uniform").pvalue
    by_chance = 1 - (1 - lowest) ** len(found)
    yield f"{len(found)} different ones, from {lowest:.4f} to {max(found):.4f}; spread evenly: {evenly:.2f}"
    yield f"by chance one as low as the lowest, or lower: {by_chance:.2f}"


def endless(order: str) -> None:
    """The upper 32 bits of the words, in an order, of ever more seeds."""
    for since in count(0, SEEDS):
        words = block(since=since).transpose(ORDERS[order]).ravel()
        sys.stdout.buffer.write((words >> np.uint64(32)).astype("<u4").tobytes())


if __name__ == "__main__":
    if sys.argv[1:]:
        endless(sys.argv[1])
    for line in table():
        sys.stdout.write(f"{line}\n")
