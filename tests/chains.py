"""Small chains of which everything is known."""

from __future__ import annotations

from negsim.exact.answer.chain import Chain, ChainChoice


def always(target: int) -> tuple[ChainChoice, ...]:
    return (ChainChoice("", (target,), (1.0,)),)


def ruin(up: float, most: int, start: int) -> Chain:
    """A gambler who stakes 1 until they have nothing, or `most`."""
    between = [(ChainChoice("", (fortune + 1, fortune - 1), (up, 1 - up)),) for fortune in range(1, most)]
    return Chain(
        variables=("fortune",),
        states=tuple((fortune,) for fortune in range(most + 1)),
        initial=start,
        choices=(always(0), *between, always(most)),
        labels={"ruined": (0,), "rich": (most,)},
    )


# A meeting that may be held now, or once more be put off: held now it succeeds with 1/3; put off, it may
# still be held with 3/5 (and then succeeds), or be called off.
MEETING = Chain(
    variables=("held", "day"),
    states=((0, 0), (0, 1), (1, 1), (2, 1)),
    initial=0,
    choices=(
        (ChainChoice("hold now", (2, 3), (1 / 3, 2 / 3)), ChainChoice("put off", (1,), (1.0,))),
        (ChainChoice("hold now", (2, 3), (0.6, 0.4)), ChainChoice("", (3, 0), (0.99999, 1e-05))),
        always(2),
        always(3),
    ),
    labels={"label": (2,), "called_off": (3,), "ended": (2, 3), "never": ()},
)
