"""Which package is put forward in a round of talks. Packages go by their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from negsim.program.mood import Moods
from negsim.program.seat import TOLERANCE, SeatAtTalks

NOT_FITTING = -2.0

Seats = Mapping[str, SeatAtTalks]


def best_offer(proposer: str, answering: Sequence[str], seats: Seats, moods: Moods) -> int | None:
    """The package that a proposer offers: the one whose least value to those who answer is greatest.

    Ties go to its own utility, then to the order of the packages; nothing where none is good enough.
    """
    seat, mood = seats[proposer], moods[proposer]
    least = mood.aspiration - TOLERANCE
    each = enumerate(zip(seat.utilities, seat.broken, strict=True))
    open_to_it = [index for index, (own, broken) in each if own >= least and not broken & mood.lines]
    best: int | None = None
    best_value = best_own = 0.0
    for index, value in zip(open_to_it, _least_worths(open_to_it, answering, seats, moods), strict=True):
        own = seat.utilities[index]
        better = best is None or value > best_value + TOLERANCE
        if better or (abs(value - best_value) <= TOLERANCE and own > best_own + TOLERANCE):
            best, best_value, best_own = index, value, own
    return best


def single_text(everybody: Sequence[str], seats: Seats, moods: Moods) -> int:
    """The text that a mediator puts forward: of the best ones the first, in the order of the packages."""
    return best_texts(everybody, seats, moods)[0]


def best_texts(everybody: Sequence[str], seats: Seats, moods: Moods) -> list[int]:
    """The packages that nothing but their order tells apart for a mediator: the fewest at the table refuse them.

    Of these, those with the greatest sum of utilities, then with the greatest least value to anyone. After the
    one-text procedure (Fisher, Ury and Patton, "Getting to Yes"; Raiffa 1982, "The Art and Science of Negotiation").
    """
    count = len(seats[everybody[0]].utilities)
    refusals, sums = [0] * count, [0.0] * count
    for party in everybody:
        seat, mood = seats[party], moods[party]
        least, lines = mood.aspiration - TOLERANCE, mood.lines
        each = zip(refusals, seat.utilities, seat.broken, strict=True)
        refusals = [known + (worth < least or broken & lines != 0) for known, worth, broken in each]
        sums = [before + worth for before, worth in zip(sums, seat.utilities, strict=True)]
    fewest = min(refusals)
    found = [package for package, known in enumerate(refusals) if known == fewest]
    found = _greatest(found, [sums[package] for package in found])
    return _greatest(found, list(_least_worths(found, everybody, seats, moods)))


def _least_worths(packages: Sequence[int], parties: Sequence[str], seats: Seats, moods: Moods) -> Iterable[float]:
    """The least that each package is worth to one of these: utility less aspiration, -2 where it does not fit."""
    columns = []
    for party in parties:
        seat, mood = seats[party], moods[party]
        worths, broken, lines, aspiration = seat.utilities, seat.broken, mood.lines, mood.aspiration
        columns.append([NOT_FITTING if broken[p] & lines else worths[p] - aspiration for p in packages])
    return map(min, zip(*columns, strict=True))


def _greatest(packages: Sequence[int], values: Sequence[float]) -> list[int]:
    """Those of the packages whose value is the greatest of all, or equal to it."""
    least = max(values) - TOLERANCE
    return [package for package, value in zip(packages, values, strict=True) if value >= least]
