"""The wording of a domain -> names of the language, always the same ones for the same wording.

Accents and case are dropped, and what is no letter or digit becomes `_`. A name that begins with a digit
gets an `n` before it (`60 Gb` is `n60_gb`), a negative number `minus_` (`-3` is `minus_3`), a word that the
language, talks or YAML use a `_` behind it (`in` is `in_`, `round` is `round_`). Where nothing is left, a word for
the kind of thing and its number stand for it (`option_2`). Of two that come out alike, the later one gets
`_2`, `_3` and so on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from negsim.language.terms import OWN_FIELDS, OWN_TERMS, PHASES
from negsim.language.tokens import LONGEST_NAME, name_problem
from negsim.scenario.words import UNSETTLED

NOTHING = frozenset({"null"})  # what YAML takes for no value
_ROOM = 8  # kept free for what tells two names apart
OWN_WORDS = frozenset({*OWN_FIELDS, *OWN_TERMS, *PHASES, UNSETTLED})  # what talks themselves use


def plain_name(wording: str, otherwise: str) -> str:
    """A name made of a wording; `otherwise` where nothing of it can stand in a name."""
    ascii_only = unicodedata.normalize("NFKD", wording).encode("ascii", "ignore").decode().lower()
    negative = re.fullmatch(r"\s*-\s*[0-9.]+\s*", ascii_only) is not None
    name = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")
    if not name:
        return otherwise
    if negative:
        name = f"minus_{name}"
    elif name[0].isdigit():
        name = f"n{name}"
    name = name[: LONGEST_NAME - _ROOM].rstrip("_")
    return f"{name}_" if name in NOTHING or name_problem(name) is not None else name


def free_name(wording: str, otherwise: str, taken: Container[str]) -> str:
    """A name made of a wording that is not taken."""
    name = first = plain_name(wording, otherwise)
    if name in OWN_WORDS:
        name = first = f"{name}_"
    number = 2
    while name in taken:
        name = f"{first.rstrip('_')}_{number}"
        number += 1
    return name
