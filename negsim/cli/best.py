"""`negsim solve --maximise/--minimise OUTCOME --by ACTOR`: what choices can make of an outcome, and which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from negsim.cli.common import gathered
from negsim.cli.files import OUTPUT, say_written
from negsim.errors import UsageError
from negsim.wording import counted

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.exact.answer.solution import BestPlay, Solution
    from negsim.policy.situation import PutOff
    from negsim.policy.table import Entry, PolicyTable
    from negsim.scenario.calendar_steps import Step
    from negsim.scenario.model import Scenario
    from negsim.scenario.types import Value

MOST_SHOWN = 20  # situations of the table
MOST_SPANS = 6  # spans of days of one choice


@attrs.frozen
class BestWanted:
    """What is asked of best play."""

    maximise: str | None
    minimise: str | None
    by: str | None
    against: str | None
    save_policy: Path | None

    @property
    def is_asked(self) -> bool:
        """Whether best play is asked for at all."""
        return self != BestWanted(None, None, None, None, None)

    @property
    def sought(self) -> dict[str, str | None]:
        """The outcome that is sought or shunned."""
        return {"maximise": self.maximise, "minimise": self.minimise}


options = gathered(
    BestWanted,
    "play",
    click.option("--maximise", metavar="OUTCOME", help="Choices that make an outcome as likely as can be."),
    click.option("--minimise", metavar="OUTCOME", help="Choices that make an outcome as unlikely as can be."),
    click.option("--by", metavar="ACTOR,…", help="Who chooses so. All others go by weight."),
    click.option("--against", metavar="ACTOR,…", help="Who chooses the opposite."),
    click.option(
        "--save-policy",
        type=OUTPUT,
        metavar="FILE",
        help="Write what is chosen when to FILE, for --policy of run, explore and solve.",
    ),
)


def names(text: str | None) -> tuple[str, ...]:
    """The actors in `us,france`."""
    return tuple(name for part in (text or "").split(",") if (name := part.strip()))


def save(wanted: BestWanted, solution: Solution) -> None:
    """Writes the policy of best play where that is asked for. Raises `UsageError` where nobody chooses."""
    if solution.best is None:
        raise UsageError("nobody is named who chooses", "--maximise OUTCOME --by ACTOR,…")
    if wanted.save_policy is not None:
        solution.best.policy.write(wanted.save_policy)
        say_written(wanted.save_policy)


def show(out: Console, solution: Solution, by_weight: Solution | None, *, quiet: bool) -> None:
    """Prints what best play comes to (`quiet`: the outcomes alone)."""
    if solution.best is None or quiet:
        _outcomes(out, solution, by_weight)
        return
    _head(out, solution, solution.best)
    _outcomes(out, solution, by_weight)
    _policy(out, solution, solution.best)


def _head(out: Console, solution: Solution, best: BestPlay) -> None:
    from negsim.exact.answer.words import percent  # noqa: PLC0415 - as above
    from negsim.wording import in_words  # noqa: PLC0415 - heavy imports wait for the command

    objective = best.objective
    least = "likely" if objective.maximise else "unlikely"
    out.print(f"{solution.scenario.title}   scenario {solution.scenario.hash[:12]}")
    out.print(
        f"If {_named(solution, objective.by)} choose{'s' if len(objective.by) == 1 else ''} so that"
        f" {in_words(objective.outcome)} becomes as {least} as can be, knowing all that is,"
    )
    if objective.against:
        opposite = "unlikely" if objective.maximise else "likely"
        many = "" if len(objective.against) > 1 else "s"
        out.print(f"{_named(solution, objective.against)} choose{many} so that it becomes as {opposite} as can be,")
    chance = percent(best.value, 2, sure=objective.outcome in solution.certain)
    out.print(f"and all else goes by weight, then its chance is {chance}.")
    out.print(
        "This says what such choices would make of it under the scenario's assumptions. It is no probability that"
        " it comes about.",
        style="dim",
    )
    if best.policy.ambiguous:
        step = solution.scenario.calendar.step
        reaches = percent(best.from_table, 2)
        out.print(
            f"The table below has {counted(best.policy.ambiguous, 'situation')} in which more than one thing is chosen,"
            f" by what happened earlier {step.on} that {step} or by how long ago something happened; followed as it"
            f" stands it reaches {reaches}."
        )


def _named(solution: Solution, actors: Sequence[str]) -> str:
    found = [solution.scenario.actors[actor].name for actor in actors]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


def _outcomes(out: Console, solution: Solution, by_weight: Solution | None) -> None:
    from rich import box  # noqa: PLC0415 - rich is loaded where it is used
    from rich.table import Table  # noqa: PLC0415 - as above

    from negsim.exact.answer.words import percent  # noqa: PLC0415 - as above
    from negsim.log.text import outcome_text  # noqa: PLC0415 - as above
    from negsim.wording import in_words  # noqa: PLC0415 - as above

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("outcome")
    table.add_column("if they choose so", justify="right")
    if by_weight is not None:
        table.add_column("if all go by weight", justify="right")
    texts = {name: outcome_text(solution.scenario, name, solution.parameters) for name in solution.outcomes}
    if any(texts.values()):
        table.add_column("what it says")
    for name, chance in solution.outcomes.items():
        more = [] if by_weight is None else [percent(by_weight.outcomes[name], 2, sure=name in by_weight.certain)]
        more += [texts[name] or ""] if any(texts.values()) else []
        table.add_row(in_words(name), percent(chance, 2, sure=name in solution.certain), *more)
    out.print(table)


def _policy(out: Console, solution: Solution, best: BestPlay) -> None:
    from rich import box  # noqa: PLC0415 - rich is loaded where it is used
    from rich.table import Table  # noqa: PLC0415 - as above

    from negsim.log.text import option_called  # noqa: PLC0415 - as above
    from negsim.wording import in_words  # noqa: PLC0415 - as above

    entries = best.policy.entries
    if not entries:
        out.print("No decision of theirs ever comes up.")
        return
    shown, step = entries[:MOST_SHOWN], solution.scenario.calendar.step
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        title="What is chosen when, the situations first that are expected most often",
    )
    for column in ("decision", "situation", f"choice, {step.on} {step.plural}"):
        table.add_column(column)
    table.add_column("times a run", justify="right")
    telling = _telling(best.policy)
    for entry in shown:
        who = solution.scenario.actors[entry.actor].name
        bound = f" [{', '.join(entry.instance)}]" if entry.instance else ""
        choices = "; ".join(
            f"{option_called(solution.scenario, entry.decision, option, solution.parameters)}: {_days(days)}"
            for option, days in entry.choices.items()
        )
        situation = _situation(solution.scenario, entry, telling[entry.decision])
        table.add_row(f"{in_words(entry.decision)}{bound} ({who})", situation, choices, f"{entry.reached:.3f}")
    out.print(table)
    if len(entries) > len(shown):
        out.print(f"{len(entries) - len(shown):,} more situations: --json, or --save-policy FILE.")


def _telling(policy: PolicyTable) -> Mapping[str, tuple[str, ...]]:
    """For each decision, the variables that differ between its situations."""
    found: dict[str, tuple[str, ...]] = {}
    for decision in dict.fromkeys(entry.decision for entry in policy.entries):
        states = [entry.state for entry in policy.entries if entry.decision == decision]
        found[decision] = tuple(name for name in states[0] if any(each[name] != states[0][name] for each in states))
    return found


def _value(scenario: Scenario, name: str, value: Value) -> str:
    from negsim.log.text import given_words  # noqa: PLC0415 - as it is needed

    return given_words(scenario, name, value) or str(value).lower()


def _situation(scenario: Scenario, entry: Entry, telling: Iterable[str]) -> str:
    said = [f"{name} = {_value(scenario, name, entry.state[name])}" for name in telling]
    return ", ".join([*said, *(_waits(each, scenario.calendar.step) for each in entry.pending)]) or "always the same"


def _waits(each: PutOff, step: Step) -> str:
    bound = f"[{', '.join(str(value) for _, value in each.bound)}]" if each.bound else ""
    when = f"a chance of {each.chance:g} {step.a}" if each.days is None else f"in {each.days} {step.plural}"
    return f"waits: {each.rule}{bound} ({when})"


def _days(spans: Sequence[tuple[int, int]]) -> str:
    words = [str(first) if first == last else f"{first}-{last}" for first, last in spans[:MOST_SPANS]]
    return ", ".join(words) + (" …" if len(spans) > MOST_SPANS else "")
