"""Texts that are shown: what may stand in their braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from negsim.errors import did_you_mean
from negsim.language.draft import Draft, Shown, text_of
from negsim.language.nodes import KeyedNode, Scalar
from negsim.language.tongues import in_each
from negsim.scenario.types import Type
from negsim.scenario.words import PLACE


def shown_text(draft: Draft, node: KeyedNode, key: str, fields: Mapping[str, Type | None] | None = None) -> str | None:
    """The text under a key, if any. Its braces are looked at once all parameters are known."""
    text = node.get(key)
    if isinstance(text, Scalar):
        draft.shown += [Shown(each, fields) for each in in_each(text)]
    return text_of(node, key)


def check_texts(draft: Draft) -> None:
    """Each text that is shown: in its braces stand fields of its event, and parameters, and nothing else."""
    silent = bool(draft.problems)  # a parameter of a part that could not be read may be meant
    for each in draft.shown:
        _check(draft, each, silent=silent)


def _check(draft: Draft, shown: Shown, *, silent: bool) -> None:
    at, problems = shown.at, draft.problems
    takes, example = ("a parameter", "{parameter}") if shown.fields is None else ("a field or a parameter", "{field}")
    hint = f"write {example}; for a brace itself write {{{{ or }}}}"
    try:
        pieces = list(Formatter().parse(at.text))
    except ValueError:
        problems.add(at, "a brace in this text is not closed, or not opened", hint)
        return
    after = 0
    for _, name, form, conversion in pieces:
        if name is None:
            continue
        start = at.text.find("{" + name, after) + 1
        after = start + len(name)
        span = (start, start + max(1, len(name)))
        if form or conversion or not re.fullmatch(PLACE, name, re.ASCII):
            problems.within(at, span, f"only the name of {takes} stands in braces", hint)
        elif name not in (shown.fields or ()) and name not in draft.parameters:
            _unknown(draft, shown, name, span, silent=silent)


def _unknown(draft: Draft, shown: Shown, name: str, span: tuple[int, int], *, silent: bool) -> None:
    world = draft.world
    kind = world.kind_of(name)
    if world.partial or (silent and (kind == "a parameter" or "." in name)):
        return
    if kind is not None:
        takes = "parameters" if shown.fields is None else "fields of the event and parameters"
        draft.problems.within(shown.at, span, f"'{name}' is {kind}", f"a text names {takes}, and nothing else")
        return
    what, none = "no parameter", "the scenario has no parameters"
    if shown.fields is not None:
        what, none = f"no field of this event, and {what}", "there is neither a field nor a parameter"
    known = did_you_mean(name, [*(shown.fields or ()), *draft.parameters])
    draft.problems.within(shown.at, span, f"'{name}' is {what}", known or none)
