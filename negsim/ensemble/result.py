"""An ensemble's result: what its runs came to, as a table, a picture, JSON."""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import attrs

from negsim.ensemble.file.opening import opened
from negsim.ensemble.sample.effects import deciding, deciding_places, effects, order_of
from negsim.ensemble.sample.intervals import Share
from negsim.ensemble.sample.sample import Sample
from negsim.ensemble.sample.summary import Summary
from negsim.html import html_table

if TYPE_CHECKING:
    import pandas as pd

MOST_IN_NOTEBOOK = 50


@attrs.frozen(eq=False)
class Result(Sample):
    """An ensemble's result: the first `runs` runs of each cell, as far as they are there.

    `made` says how many runs were made now, in `seconds`; the others were in the file. Close it, or use
    it as a context, where its file is to be moved.
    """

    made: int = 0
    seconds: float = 0.0

    @classmethod
    def read(cls, path: str | os.PathLike[str], *, language: str | None = None) -> Result:
        """The result in a file, all that is there. Raises `LogError` where it cannot be used or trusted.

        `language` is that in which its scenario's texts are read, the first that this names unless told otherwise.
        """
        file = opened(Path(path), language=language)
        return cls(file, max(file.done()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file. Nothing more can be asked then."""
        self.file.close()

    @property
    def path(self) -> Path | None:
        """The file; nothing where it is a temporary one."""
        return self.file.path

    @property
    def runs_per_second(self) -> float | None:
        """How quickly runs were made; nothing where none had to be."""
        return self.made / self.seconds if self.made and self.seconds else None

    @property
    def outcomes(self) -> Mapping[str, Share]:
        """The share of runs that end in each outcome, in the order of the file; of a plain ensemble."""
        return self.only.outcomes

    @property
    def measures(self) -> Mapping[str, Summary]:
        """The measures of a plain ensemble."""
        return self.only.measures

    # For others.

    def to_pandas(self) -> pd.DataFrame:
        """A row for each run, as a data frame of pandas (the extra `tables`)."""
        from negsim.ensemble.table.arrow import to_pandas  # noqa: PLC0415 - an extra

        return to_pandas(self)

    def plot(self, outcome: str | None = None) -> Any:
        """A picture of the result, a chart of Altair (the extra `charts`); of one outcome alone where it is named."""
        from negsim.ensemble.picture.pictures import picture  # noqa: PLC0415 - where a picture is made

        return picture(self, outcome)

    def as_json(self, outcome: str | None = None) -> dict[str, Any]:
        """The result with the keys that `negsim explore --json` prints; readings ordered by an outcome if named."""
        request = self.request
        errors = {
            "count": self.errors,
            "first": [dict(zip(("cell", "seed", "message"), each, strict=True)) for each in self.first_errors()],
        }
        about = {
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            "negsim": request.version,
            "policies": [each.as_json() for each in request.settings.choices],
            "errors": errors,
            "runs_per_second": self.runs_per_second,
        }
        if len(self.cells) > 1:
            cells = [each.as_json() for each in self.cells]
            return {"cells": cells, "runs": self.runs, "seed": self.seed, **self._order_json(outcome), **about}
        found = self.only.as_json()
        found.pop("errors")
        return {**found, "seed": self.seed, **about}

    def _order_json(self, outcome: str | None) -> dict[str, Any]:
        """Which readings decide, with the places that the intervals leave them."""
        found = deciding(self, outcome)
        known = deciding_places(found)
        decides = {name: {**each.as_json(), "places": known[name].as_json()} for name, each in found.items()}
        if not self.is_one_at_a_time:
            return {"decides": decides}
        order = {name: each.as_json() for name, each in order_of(effects(self, outcome)).items()}
        return {"decides": decides, "order": order}

    def _repr_html_(self) -> str:
        """The result as a table, for a notebook."""
        title = f"{self.scenario.title}: {self.runs:,} runs a cell, seeds {self.seed} to {self.seed + self.runs - 1}"
        names = list(self.scenario.outcomes)
        rows = [
            (
                *(str(each.settings[name]) for name in self.varied),
                *(_share_text(each.outcomes[name]) for name in names),
            )
            for each in islice(self.cells, MOST_IN_NOTEBOOK)
        ]
        more = f" The first {MOST_IN_NOTEBOOK} of {len(self.cells)} cells." if len(self.cells) > len(rows) else ""
        foot = f"Shares of runs under these assumptions, no forecasts, with 95 % intervals.{more}"
        return html_table(title, (*self.varied, *names), rows, foot=foot)


def _share_text(share: Share) -> str:
    """A share with its interval in a few characters."""
    if share.share is None:
        return "no run"
    return f"{share.share:.3f} ({share.low:.3f} to {share.high:.3f})"
