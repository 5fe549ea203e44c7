"""Causes in plain text: each step with the words behind it, what it looked at, and what stands without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from negsim.cli.conditions import MOST_NAMED, condition_lines
from negsim.wording import counted, on_step

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.engine.run import Run
    from negsim.log.event import LoggedEvent
    from negsim.log.looked_talks import Deadlock
    from negsim.log.past import Condition
    from negsim.log.why import ButFor, Link, Verdict, Why, WhyStep
    from negsim.scenario.record import Origin

MOST_AGAIN = 16  # things that were told above
LONG_WORDS = 80  # letters of words that are told once


class CauseTold:
    """What has been told already: words are told once, and so is what was looked at again and again."""

    def __init__(self) -> None:
        self.words: dict[Origin, int] = {}
        self._conditions: set[tuple[object, ...]] = set()

    def split(self, conditions: Sequence[Condition]) -> tuple[list[Condition], list[Condition]]:
        """What is new among conditions, and what is known."""
        new: list[Condition] = []
        known: list[Condition] = []
        for each in conditions:
            key = (each.kind, each.name, each.value, each.set_by)
            (known if key in self._conditions else new).append(each)
            self._conditions.add(key)
        return new, known


def show(out: Console, run: Run, causes: Why) -> None:
    """The causes of an event or of the outcome: what triggered it, then what was looked at on the way."""
    told = CauseTold()
    if causes.verdict is not None:
        known = {step.event.seq for step in causes.behind}
        lapsed = [seq for seq in causes.verdict.lapsed if seq not in known]
        _verdict(out, run, causes.verdict, told, lapsed=lapsed)
    for number, step in enumerate(causes.steps):
        _step(out, run, step, told, lead="because of " if number else "")
    if causes.steps and causes.behind:
        out.print("Behind what was looked at", style="bold")
        out.print()
    for step in causes.behind:
        _step(out, run, step, told, lead="", leads_to=causes.leads_to(step.event.seq))
    if causes.is_cut:
        count = len(causes.ancestors)
        nearest = f"the {count} nearest are" if count > 1 else "the nearest is"
        out.print(f"There are more ancestors; {nearest} shown (--most N shows more).\n")


def _verdict(out: Console, run: Run, verdict: Verdict, told: CauseTold, *, lapsed: Sequence[int]) -> None:
    """Whose conditions were looked at at the end; which talks had lapsed that nothing else leads to."""
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    from negsim.wording import in_words  # noqa: PLC0415 - as above

    calendar = run.scenario.calendar
    date = f"{calendar.when(run.ended_on)} ({calendar.name} {run.ended_on})"
    outcome = verdict.outcome
    said = f" — {run.outcome_text}" if run.outcome_text else ""
    out.print(Text(f"Outcome: {in_words(outcome.name)}{said}", style="bold"))
    out.print(
        Padding(
            Text(f"as things stood {date}, when the run ended"),
            (0, 0, 0, 4),
        )
    )
    for tried, held in verdict.tried:
        name = in_words(tried.name)
        if tried.when is None:
            line = f"{name}: since none of the others held" if len(verdict.tried) > 1 else f"{name}: it is the only one"
        else:
            line = f"{name}: {tried.when.text}, which {'held' if held else 'did not hold'}"
        out.print(Padding(Text(line), (0, 0, 0, 6)))
    _looked_at(out, run, verdict.conditions, told)
    for seq in lapsed:
        line = f"{run.text(seq)} What stood in the way: negsim why {run.id[:12]} {seq}"
        out.print(Padding(Text(line), (0, 0, 0, 4)))
    out.print()


def _step(
    out: Console,
    run: Run,
    step: WhyStep,
    told: CauseTold,
    *,
    lead: str,
    leads_to: Sequence[tuple[int | None, Link]] = (),
) -> None:
    """One event on the way back; words that were told at another stand there."""
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    event = step.event
    head = Text(lead, style="dim")
    head.append(
        f"{event.seq}  {event.date} ({run.scenario.calendar.name} {event.day})  {run.text(event.seq)}", style="bold"
    )
    out.print(head)
    if leads_to:
        out.print(Padding(Text(how_it_leads(leads_to)), (0, 0, 0, 4)))
    _words_behind(out, run, event, told)
    drawn = _drawn(run, step)
    if drawn:
        out.print(Padding(Text(drawn), (0, 0, 0, 4)))
    _looked_at(out, run, step.conditions, told)
    if step.deadlock is not None:
        _deadlock(out, run, step.deadlock, event.seq)
    out.print()


def _words_behind(out: Console, run: Run, event: LoggedEvent, told: CauseTold) -> None:
    """What made an event, and the words behind that, unless they are long and were told at another."""
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    from negsim.cli.show import STYLES, show_addresses  # noqa: PLC0415 - as above
    from negsim.show.timeline import addresses, because, words  # noqa: PLC0415 - as above

    standing = event.origin.standing.value
    line = Text(f"made by {because(event)}" if event.rule else because(event))
    line.append(f"  {standing}", style=STYLES[standing])
    first = told.words.setdefault(event.origin, event.seq)
    said = words(run.scenario, event.origin)
    again = first != event.seq and sum(map(len, said)) > LONG_WORDS
    if again:
        line.append(f", words as at {first}")
    out.print(Padding(line, (0, 0, 0, 4)))
    for each in () if again else said:
        out.print(Padding(Text(each, style="italic"), (0, 0, 0, 6)))
    if not again:
        show_addresses(out, addresses(run.scenario, event.origin.statements), 6)


def _looked_at(out: Console, run: Run, conditions: Sequence[Condition], told: CauseTold) -> None:
    """What was looked at: in full what is new, by name what was told above."""
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    new, known = told.split(conditions)
    lines = condition_lines(run, new)
    if known:
        names = [each.name if each.set_by is None else f"{each.name} (set by {each.set_by})" for each in known]
        more = f" and {len(names) - MOST_AGAIN} more" if len(names) > MOST_AGAIN else ""
        lines.append(f"{'and ' if lines else ''}as above: {', '.join(names[:MOST_AGAIN])}{more}")
    if lines:
        out.print(Padding(Text("it looked at"), (0, 0, 0, 4)))
        for text in lines:
            out.print(Padding(Text(text), (0, 0, 0, 6)))


def _deadlock(out: Console, run: Run, found: Deadlock, seq: int) -> None:
    """What stood in the way of every deal, in the words of pages."""
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    from negsim.log.looked_talks import MOST_SETS  # noqa: PLC0415 - as above
    from negsim.show.impasses import impasse  # noqa: PLC0415 - as above
    from negsim.show.timeline import moment_words  # noqa: PLC0415 - as above

    ended = impasse(run.scenario, found, seq)
    out.print(Padding(Text(f"as things stood {moment_words(found.at)}: {ended.words}"), (0, 0, 0, 4)))
    for obstacles in ended.unlock[:MOST_SETS]:
        out.print(Padding(Text("; and ".join(each.words for each in obstacles)), (0, 0, 0, 6)))
    more = len(ended.unlock) - MOST_SETS
    if more > 0:
        out.print(Padding(Text(f"… and {more} more (--json lists them)"), (0, 0, 0, 6)))


def how_it_leads(leads_to: Sequence[tuple[int | None, Link]]) -> str:
    """What hangs on an event, and how: `triggered 44; looked at by 20 (front), 15 (front)`."""
    triggered = [str(seq) for seq, link in leads_to if link.kind == "triggered by"]
    looked: dict[tuple[str, ...], list[str]] = {}
    for seq, link in leads_to:
        if link.kind == "looked at":
            looked.setdefault(link.names, []).append("the outcome" if seq is None else str(seq))
    parts = [f"triggered {_few(triggered)}"] if triggered else []
    if looked:
        parts.append(
            "looked at by " + "; by ".join(f"{_few(seqs)} ({_few(list(names))})" for names, seqs in looked.items())
        )
    return "; ".join(parts)


def _few(words: Sequence[str]) -> str:
    more = len(words) - MOST_NAMED
    return f"{', '.join(words[:MOST_NAMED])} and {more} more" if more > 1 else ", ".join(words)


def _drawn(run: Run, step: WhyStep) -> str:
    """What chance had a part in."""
    event, option = step.event, _option(run, step.event)
    unit = run.scenario.calendar.step
    parts = []
    if event.chance is not None:
        daily = f" {unit.a}" if "while" in {name for c in step.conditions for name in c.read_by} else ""
        parts.append(f"chance {event.chance:.4g}{daily}")
    if event.share is not None:
        parts.append(f"option {option} drawn with weight share {event.share:.3g}")
    elif event.option is not None and event.actor is not None:
        parts.append(f"option {option}, chosen beforehand")
    if event.triggered is not None:
        when = on_step(unit, event.triggered)
        parts.append(f"triggered {when}, {counted(event.day - event.triggered, unit)} before")
    return "; ".join(parts)


def _option(run: Run, event: LoggedEvent) -> str:
    """The option that was taken, with what it means unless the event says so itself."""
    from negsim.log.text import option_meaning  # noqa: PLC0415 - as it is needed
    from negsim.scenario.words import DECIDED  # noqa: PLC0415 - as it is needed

    means = option_meaning(run.scenario, event.rule, event.option or "", run.header.parameters_at(event.seq))
    return f"{event.option} ({means})" if means and event.event != DECIDED else f"{event.option}"


def show_but_for(out: Console, run: Run, causes: Why, tests: Sequence[ButFor]) -> None:
    """What becomes of the event and of the outcome without each ancestor."""
    from rich.text import Text  # noqa: PLC0415 - rich is loaded where it is used

    from negsim.cli.show import table  # noqa: PLC0415 - as above
    from negsim.log.text import outcome_text  # noqa: PLC0415 - as above
    from negsim.wording import in_words  # noqa: PLC0415 - as above

    about = "The outcome" if causes.verdict else f"Event {causes.steps[0].event.seq}"
    if not tests:
        out.print(f"{about} has no ancestor that could be left out: nothing triggered it, and what was looked at")
        out.print("no event had set.")
        return
    out.print("But for each ancestor, with the same luck", style="bold")
    made = table("without", "it was", *([] if causes.verdict else [about.lower()]), "outcome")
    for test in tests:
        kinds = dict.fromkeys(link.kind for _, link in causes.leads_to(test.ancestor.seq))
        became = "the run breaks down" if test.outcome is None else f"becomes {in_words(test.outcome)}"
        moved = "is gone" if test.comes_on is None else f"comes {on_step(run.scenario.calendar.name, test.comes_on)}"
        event = [] if test.event_stands is None else ["stands" if test.event_stands else moved]
        made.add_row(
            f"{test.ancestor.seq}  {run.text(test.ancestor.seq)}",
            ", ".join("a trigger" if kind == "triggered by" else kind for kind in kinds),
            *event,
            "stands" if test.outcome_stands else became,
        )
    out.print(made)
    for name in dict.fromkeys(test.outcome for test in tests if not test.outcome_stands and test.outcome is not None):
        text = outcome_text(run.scenario, name, run.header.parameters_at())
        if text is not None:
            out.print(Text(f"{in_words(name)}: {text}"))
