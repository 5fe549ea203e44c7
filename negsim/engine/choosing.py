"""How an option is taken: a policy names it, a choice was made beforehand, or it is drawn by weight."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from negsim.addition import added
from negsim.engine.luck import Luck
from negsim.errors import UsageError, did_you_mean
from negsim.kernel.questions import Choice
from negsim.policy.fixed import FixedPolicy
from negsim.policy.situation import Policy, Situation
from negsim.program.formula import MeaninglessError
from negsim.scenario.choices import Fixed, FixedChoice, decisions


class Chooser:
    """Who decides in a run: `policy` while `is_asked` says so, else the choices fixed beforehand.

    `decisions` holds what the policy named.
    """

    def __init__(self, fixed: Iterable[Fixed], policy: Policy | None, is_asked: Callable[[], bool]) -> None:
        self.decisions: list[FixedChoice] = []
        self._fixed = [FixedPolicy(decisions(fixed))]  # the latest first
        self._policy = policy
        self._is_asked = is_asked

    def add(self, choices: Iterable[Fixed]) -> None:
        """Takes on choices that a fork fixes from here on."""
        self._fixed.insert(0, FixedPolicy(decisions(choices)))

    @property
    def idle(self) -> tuple[FixedChoice, ...]:
        """The choices made beforehand that have not come to bear."""
        return tuple(choice for fixed in self._fixed for choice in fixed.idle)

    def pick(self, choice: Choice, *, day: int, nth: int, seen: Callable[[Choice], Situation]) -> int | None:
        """The index of the option that is named, the n-th time (from 0); nothing: draw it. `seen` is what one sees."""
        if self._policy is None or not self._is_asked():
            return self._fixed_pick(choice, day, nth)
        situation = seen(choice)
        name = self._policy(situation)
        if name is None:
            return self._fixed_pick(choice, day, nth)
        names = [option.name for option in choice.options]
        if name not in names:
            raise UsageError(f"the policy chose '{name}' for `{situation.decision}`", did_you_mean(name, names))
        self.decisions.append(FixedChoice(situation.decision, name, None, situation.instance, nth))
        return names.index(name)

    def _fixed_pick(self, choice: Choice, day: int, nth: int) -> int | None:
        for fixed in self._fixed:
            index = fixed.pick(choice, day=day, nth=nth)
            if index is not None:
                return index
        return None


def drawn(choice: Choice, luck: Luck) -> tuple[int, float]:
    """The index of the option that is drawn by weight, and its share of the weights."""
    weights = [option.weight for option in choice.options]
    total = added(weights)
    if not total > 0:
        raise MeaninglessError("all open options have weight 0, so none can be drawn")
    bar = luck.draw(choice.instance, "choose") * total
    running: float = 0
    taken = 0
    for index, weight in enumerate(weights):
        if weight:
            taken = index
            running += weight
            if running > bar:
                break
    return taken, weights[taken] / total
