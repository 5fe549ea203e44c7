"""What readings change, as rows of a slide: questions and answers, with shares or differences in boxes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negsim.clean import clean
from negsim.ensemble.picture.setting_words import QuestionAsked, answer, key, question, signs
from negsim.ensemble.picture.shades import change_shade, shade
from negsim.ensemble.picture.slide import Slide, SlideBox, SlideRow
from negsim.ensemble.sample.effects import SettingEffect, effects, order_of
from negsim.ensemble.sample.intervals import Share, ShareDifference
from negsim.ensemble.sample.places import about_order
from negsim.ensemble.sample.sample import Sample
from negsim.exact.answer.words import interval_end
from negsim.exact.answer.words import share as in_percent
from negsim.log.text import Values, without_varied
from negsim.wording import in_words


def is_of_readings(sample: Sample) -> bool:
    """Whether readings are varied, and nothing else."""
    return bool(sample.varied) and all(name in sample.scenario.readings for name in sample.varied)


def reading_slide(sample: Sample, outcomes: Sequence[str], outcome: str | None = None) -> Slide:
    """What each answer changes, the one that changes most first; or the shares under each combination of answers."""
    heads = tuple(in_words(name) for name in outcomes)
    title, said = clean(sample.scenario.title), " ".join(about(sample, outcome))
    if sample.is_one_at_a_time:
        return Slide(title, said, tuple(change_rows(sample, outcomes, outcome)), heads)
    return Slide(title, said, tuple(combination_rows(sample, outcomes)), heads, tuple(answer_key(sample).values()))


def change_rows(sample: Sample, outcomes: Sequence[str], outcome: str | None = None) -> Iterator[SlideRow]:
    """The shares as given, then what each other answer changes."""
    yield SlideRow(
        "", ("as given: shares of runs",), tuple(share_box(sample.cells[0].outcomes[name]) for name in outcomes)
    )
    found = effects(sample, outcome)
    known = [[effect.change.outcomes[name] for name in outcomes] for effect in found]
    most = max((abs(each.difference or 0.0) for row in known for each in row), default=0.0) or 1.0
    for (asked, said), differences in zip(effect_words(sample, found), known, strict=True):
        yield SlideRow(asked, (said,), tuple(_change_box(each, most) for each in differences))


def common_values(sample: Sample) -> Values:
    """The parameters of all cells, for texts about them all."""
    return without_varied(sample.cells[0].parameters, sample.varied)


def effect_words(sample: Sample, found: Sequence[SettingEffect]) -> Iterator[tuple[str, str]]:
    """(question after its places in the order, answer) of each effect; the question stands with the first alone."""
    before, values = None, common_values(sample)
    for effect in found:
        placed = f"{effect.places.words()}. {question(sample.scenario, effect.reading, values)}"
        asked = placed if effect.reading != before else ""
        yield asked, answer(sample.scenario, effect.reading, effect.option, values)
        before = effect.reading


def answer_key(sample: Sample) -> dict[str, QuestionAsked]:
    """What is varied, and each value it takes, under signs for combinations of them: `1a 2b`."""
    taken = {name: dict.fromkeys(cell.settings[name] for cell in sample.cells) for name in sample.varied}
    return key(sample.scenario, taken, common_values(sample))


def combination_rows(sample: Sample, outcomes: Sequence[str]) -> Iterator[SlideRow]:
    """The shares under each combination of answers, which stands as the signs of its answers."""
    known = answer_key(sample)
    for cell in sample.cells:
        yield SlideRow("", (signs(known, cell.settings),), tuple(share_box(cell.outcomes[name]) for name in outcomes))


def share_box(share: Share) -> SlideBox:
    """A share with its interval."""
    if share.share is None:
        return SlideBox(shade(0.0), "no run", "")
    return SlideBox(
        shade(share.share), f"{in_percent(share.share)} %", f"{interval_end(share.low)} to {interval_end(share.high)}"
    )


def _change_box(found: ShareDifference, most: float) -> SlideBox:
    if found.difference is None:
        return SlideBox(change_shade(0.0, 1.0), "no run", "")
    interval = f"{100 * found.low:+.1f} to {100 * found.high:+.1f}"
    return SlideBox(change_shade(found.difference, most), f"{100 * found.difference:+.1f}", interval)


def about(sample: Sample, outcome: str | None = None) -> list[str]:
    """What a picture says of itself, in a few lines: what was run, under what, and that it is no forecast."""
    cells = f" of each of {len(sample.cells):,} cells, with the same seeds" if len(sample.cells) > 1 else ""
    lines = [
        f"Shares of {sample.runs:,} runs{cells}, under the scenario's assumptions: no forecast. With 95 % intervals.",
        f"Seeds from {sample.seed}, scenario {sample.scenario.hash[:12]}, negsim {sample.request.version}.",
    ]
    if sample.is_one_at_a_time:
        lines.insert(0, "What another reading of the words changes, in percentage points; all else stays as given.")
        by = "how many runs end otherwise" if outcome is None else in_words(outcome)
        order = about_order([*order_of(effects(sample, outcome)).values()], is_estimated=sample.is_drawn)
        lines.insert(1, f"Before a reading stands its place by {by}. {order}".rstrip())
    return lines
