"""How what an error asks for is given on the command line."""

from __future__ import annotations

from collections.abc import Sequence

# By the names that settings have in Python, as errors name them.
FLAGS = {
    "at": "--at SEQ",
    "by": "--by ACTOR,…",
    "exact": "--exact",
    "max_states": "--max-states",
    "maximise": "--maximise OUTCOME",
    "minimise": "--minimise OUTCOME",
    "over": "--over NAME,…",
    "readings=each": "--readings each",
    "save_policy": "negsim solve … --save-policy FILE",
    "talks": "--talks",
}


def with_flags(text: str, settings: Sequence[str]) -> str:
    """A text in which each of some settings, named in backticks, is the flag; flags that it does not name follow it."""
    for setting in settings:
        named = f"`{setting}`"
        text = text.replace(named, FLAGS[setting]) if named in text else f"{text}: {FLAGS[setting]}"
    return text
