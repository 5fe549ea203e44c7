"""How long a chance a day takes: daily trials, from one draw.

What decides uses multiplication and comparison of doubles alone, so every platform comes to the same answer.
"""

from __future__ import annotations

from bisect import bisect_left

KEPT_CHANCES = 4_096
KEPT_PRODUCTS = 500_000  # of all chances together
# Products of up to 100,000 factors, built in two ways, differ by less than this, relatively.
TOO_NEAR = 1e-10


class Falling:
    """How many days a daily chance takes to let the chance of "not yet" fall to a draw.

    The product of (1 - chance) is built by repeated multiplication, day by day, and kept for each
    chance: the same numbers as daily trials would give, looked up at once.
    """

    def __init__(self) -> None:
        self._kept: dict[float, list[float]] = {}
        self._length = 0  # of all that is kept

    def days(self, draw: float, chance: float, most: int) -> int | None:
        """The first day, from 1, on which (1 - chance)**days <= draw; nothing where it is later than `most`."""
        if chance <= 0 or most < 1:
            return None
        products = self._products(chance, draw, most)
        days = bisect_left(products, -draw) + 1
        return days if days <= min(most, len(products)) else None

    def _products(self, chance: float, least: float, most: int) -> list[float]:
        """The products for a chance, down to `least` or for `most` days; negated, so that they rise."""
        products = self._kept.get(chance)
        if products is None:
            products = self._kept[chance] = [chance - 1.0]
            self._length += 1
        rest = 1.0 - chance
        before = len(products)
        while -products[-1] > least and len(products) < most:
            products.append(products[-1] * rest)
        self._length += len(products) - before
        if self._length > KEPT_PRODUCTS or len(self._kept) > KEPT_CHANCES:
            self._kept, self._length = {chance: products}, len(products)
        return products

    def days_from(self, product: float, draw: float, chance: float, most: int) -> int | None:
        """The same, from a product that has already fallen somewhat.

        Looked up by the ratio of the two; only where that is too near to call are the days gone through.
        """
        if chance <= 0 or most < 1:
            return None
        ratio = draw / product
        products = self._products(chance, ratio * (1 - TOO_NEAR), most)
        soonest = bisect_left(products, -ratio * (1 + TOO_NEAR)) + 1
        latest = bisect_left(products, -ratio * (1 - TOO_NEAR)) + 1
        if soonest == latest:
            return latest if latest <= min(most, len(products)) else None
        return self._day_by_day(product, draw, chance, most)

    @staticmethod
    def _day_by_day(product: float, draw: float, chance: float, most: int) -> int | None:
        rest = 1.0 - chance
        for days in range(1, most + 1):
            product *= rest
            if product <= draw:
                return days
        return None

    def fallen(self, product: float, chance: float, days: int) -> float:
        """The product after so many more days."""
        if product == 1 and days:
            products = self._products(chance, 0, days)
            return -products[min(days, len(products)) - 1]
        rest = 1.0 - chance
        for _ in range(days):
            product *= rest
        return product
