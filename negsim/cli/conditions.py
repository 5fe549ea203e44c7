"""What was looked at on the way to an event, a line each, in plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from negsim.engine.run import Run
    from negsim.log.past import Condition
    from negsim.scenario.record import Origin

MOST_NAMED = 3  # members whose alike conditions are named one by one, and events that hang on one


def condition_lines(run: Run, conditions: Sequence[Condition]) -> list[str]:
    """What was read: variables that an event set, then those that nothing has changed, then fixed things."""
    moved = [c for c in conditions if c.kind in ("state", "clock") and c.set_by is not None]
    still = [c for c in conditions if c.kind in ("state", "clock") and c.set_by is None]
    fixed = [c for c in conditions if c.kind not in ("state", "clock")]
    alike: dict[object, list[Condition]] = {}
    for condition in (*moved, *still, *fixed):
        variable = condition.name.rpartition(".")[2]
        alike.setdefault((variable, condition.kind, condition.value, condition.set_by, condition.read_by), []).append(
            condition
        )
    return [_line(run, found) for found in alike.values()]


def _line(run: Run, alike: Sequence[Condition]) -> str:
    """One line for a condition, or for several members' alike."""
    from negsim.cli.show import shown_value  # noqa: PLC0415 - rich is loaded where it is used

    condition = alike[0]
    name = condition.name
    if len(alike) > MOST_NAMED:
        first, _, variable = name.partition(".")
        name = f"{variable} of {len(alike)} members ({first}, {alike[1].name.partition('.')[0]}, …)"
    elif len(alike) > 1:
        name = f"{', '.join(each.name for each in alike)}"
    kind = "" if condition.kind in ("state", "clock", "day") else f"{condition.kind} "
    if condition.read_by == ("talks",):
        line = f"{kind}{name}: {shown_value(condition.value)}"
        if condition.set_by is not None:
            line += f", the last is {condition.set_by}"
    else:
        line = f"{kind}{name} = {shown_value(condition.value)}{_words(run, condition)} [{', '.join(condition.read_by)}]"
    if condition.kind in ("state", "clock"):
        if condition.set_by is None:
            return f"{line}, as at the start" if condition.kind == "state" else f"{line}: none had come"
        if condition.kind == "clock":
            return f"{line}, counted from {condition.set_by} ({run.text(condition.set_by)})"
        return f"{line}, set by {condition.set_by} ({run.text(condition.set_by)})"
    return f"{line}: {_whence(condition, condition.origin)}" if condition.origin and len(alike) == 1 else line


def _words(run: Run, condition: Condition) -> str:
    """The author's words for a value, which stands there as expressions name it; nothing where they say no more."""
    from negsim.log.text import given_words  # noqa: PLC0415 - as it is needed
    from negsim.wording import in_words  # noqa: PLC0415 - as it is needed

    if condition.kind == "reading":
        return f" ({_read_as(run, condition)})"
    words = given_words(run.scenario, condition.name, condition.value)
    says_more = condition.kind in ("state", "attribute") and words != in_words(str(condition.value))
    return f" ({words})" if words is not None and says_more else ""


def _read_as(run: Run, condition: Condition) -> str:
    """What the answer that was taken says."""
    from negsim.log.text import filled  # noqa: PLC0415 - as it is needed

    text = run.scenario.readings[condition.name].options[str(condition.value)]
    return f"read as: {filled(text, run.header.parameters_at())}"


def _whence(condition: Condition, origin: Origin) -> str:
    """Where a fixed thing comes from: the words behind a question have not answered it."""
    from negsim.cli.show import shown_value  # noqa: PLC0415 - rich is loaded where it is used
    from negsim.show.timeline import brief_words  # noqa: PLC0415 - as above

    if condition.kind == "reading":
        stated = origin.standing.value == "stated"
        question = f"from {', '.join(origin.statements)}" if stated else brief_words(origin)
        answer = "set for this run" if condition.is_set else "the scenario's own"
        return f"the question: {question}; the answer: {answer}"
    if condition.is_set and condition.own is not None:
        return f"set for this run, where the scenario has {shown_value(condition.own)} ({_number(condition, origin)})"
    return _number(condition, origin)


def _number(condition: Condition, origin: Origin) -> str:
    """Where a fixed thing comes from: the words behind a rule do not state a number that is written in it."""
    from negsim.show.timeline import brief_words  # noqa: PLC0415 - as it is needed

    if condition.rule is None or origin.standing.value == "assumed":
        return brief_words(origin)
    return f"the author's number in {condition.rule}, which is {brief_words(origin)}"
