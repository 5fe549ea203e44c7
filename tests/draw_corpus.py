"""Draws the corpus of generated scenarios anew: `python tests/draw_corpus.py`.

The corpus is kept as a file, since what Hypothesis draws changes from one of its versions to the next. Each line is
one scenario's text and the settings of one run of it. Draw it anew when the language has grown; `digests.py --record`
follows.
"""

import json
import lzma
from typing import Any

from digests import CORPUS
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as how
from hypothesis import strategies as st

import negsim
from negsim.errors import ScenarioError
from negsim.testing import scenarios, settings

ENTRIES = 2_000
SHORTEST = 500  # characters: below it a scenario says next to nothing


def drawn() -> dict[str, Any]:
    """Different scenarios that load, each with settings for a run."""
    found: dict[str, Any] = {}

    @seed(20250904)
    @how(
        max_examples=4 * ENTRIES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(scenarios(), st.data())
    def draw(text: str, data: st.DataObject) -> None:
        try:
            scenario = negsim.load_text(text)
        except ScenarioError:
            return
        asked = data.draw(settings(scenario))
        if len(text) >= SHORTEST and len(found) < ENTRIES:
            found.setdefault(text, asked)

    draw()
    return found


def main() -> None:
    entries = drawn()
    assert len(entries) == ENTRIES, len(entries)
    lines = (json.dumps({"scenario": text, "settings": asked}) + "\n" for text, asked in entries.items())
    CORPUS.write_bytes(lzma.compress("".join(lines).encode()))


if __name__ == "__main__":
    main()
