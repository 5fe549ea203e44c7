"""What is looked at in a state, checked, with an error that says who looked and when."""

from __future__ import annotations

from negsim.errors import ModelError
from negsim.program.formula import Formula, MeaninglessError, State
from negsim.program.rules import Instance


def broken(where: str, error: Exception, day: int) -> ModelError:
    """A day on which something has no meaning."""
    return ModelError(str(error), where=where, day=day)


def truth(condition: Formula, state: State, *, where: str, day: int) -> bool:
    """Whether a condition holds; raises `ModelError`."""
    try:
        return bool(condition.read(state))
    except (MeaninglessError, OverflowError) as error:
        raise broken(where, error, day) from None


def probability(chance: Formula, state: State) -> float:
    """The value of a chance, checked to be one; raises `MeaninglessError`."""
    value: float = chance.read(state)
    if not 0 <= value <= 1:
        raise MeaninglessError(f"a chance of {value} is not within 0..1")
    return float(value)


def still_holds(wait: Instance, state: State, day: int) -> bool:
    """Whether a `while` instance's COND holds at its turn; raises `ModelError`."""
    return truth(wait.condition, state, where=f"rule `{wait.name}`", day=day)


def daily_chance(wait: Instance, state: State, day: int, known: dict[Formula, float]) -> float | None:
    """A wait's chance on the day after a dusk, or nothing where its COND is false; raises `ModelError`.

    `known` are chances that were looked at in this state already.
    """
    if wait.until_day is not None and day + 1 > wait.until_day:
        return None
    try:
        if not wait.condition.read(state):
            return None
        formula = wait.chance
        if formula is None:
            return None
        if formula not in known:
            known[formula] = probability(formula, state)
        return known[formula]
    except (MeaninglessError, OverflowError) as error:
        raise broken(f"rule `{wait.name}`", error, day) from None


def in_season(instance: Instance, day: int) -> bool:
    """Whether `from` and `until` let an instance's trigger come on a day."""
    if instance.from_day is not None and day < instance.from_day:
        return False
    return instance.until_day is None or day <= instance.until_day
