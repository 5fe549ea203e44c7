"""What every description of a model says of itself, whatever the scenario."""

from __future__ import annotations

PROTOCOL = (
    "A description after the ODD protocol (Overview, Design concepts, Details; Grimm et al. 2006, 2010, 2020; see the"
    " references at the end)."
)

READING_GUIDE = (
    "Three marks say how each thing stands: **stated** (the words of a statement on record, attributed to whoever made"
    " it), **inferred** (a step that the author of the model takes from such words) and **assumed** (nothing on record;"
    " the author's choice). A statement is what someone said or reported. That it stands here does not make it a fact."
    " A number that is written in a rule is the author's, however the rule stands."
    " Expressions stand as the author wrote them, `like this`; what only a run settles stands in [brackets]."
)

NO_FORECAST = (
    "It is no forecast. Its probabilities are those of the model: they follow from its parameters and readings, and"
    " change with them. No pattern of past data is fitted; where a number rests on data, its origin says so."
)
