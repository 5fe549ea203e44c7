"""No two columns of a result have one name, in any format."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import negsim
from negsim.cli import main
from negsim.ensemble.table.table import free_names

DERIVED = """\
negsim: 1
title: derived names
start: 2030-01-01
horizon: 5
parameters:
  outcome: {value: 0.5, low: 0, high: 1, assumption: a}
  parameter_outcome: {value: 0.5, low: 0, high: 1, assumption: a}
readings:
  ended_on: {question: q, options: {one: a, two: b}, default: one, assumption: a}
  reading_ended_on: {question: q, options: {one: a, two: b}, default: one, assumption: a}
events: {e: {}}
rules:
  r:
    assumption: a
    at: 1
    when: ended_on == one or reading_ended_on == one
    chance: outcome * parameter_outcome
    emit: e()
outcomes: {done: {}}
measures: {seed: count(e), measure_seed: first(e), measure_measure_seed: days(true)}
"""
MEASURES = ["measure_measure_measure_seed", "measure_seed", "measure_measure_seed"]
TABLE = [
    "cell",
    "seed",
    "parameter_parameter_outcome",
    "parameter_outcome",
    "reading_reading_ended_on",
    "reading_ended_on",
    "outcome",
    "ended_on",
    "error",
    *MEASURES,
]


def test_a_name_that_is_free_stays_and_others_make_way() -> None:
    assert free_names(["seed", "measure_seed", "days"], "measure", ["seed", "cell"]) == (
        "measure_measure_seed", "measure_seed", "days",
    )  # fmt: skip


def test_columns_are_the_same_in_every_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("derived.yaml").write_text(DERIVED)
    varied = ["--sweep", "outcome=0:1:2", "--sweep", "parameter_outcome=0:1:2", "--readings", "all"]
    asked = ["explore", "derived.yaml", "--runs", "5", *varied, "-q"]
    for output in ("r.sqlite", "direct.parquet"):
        done = CliRunner().invoke(main, [*asked, "-o", output])
        assert done.exit_code == 0, done.output
    written = CliRunner().invoke(main, ["export", "r.sqlite", "--to", "csv"])
    assert written.exit_code == 0, written.output
    rows = [*csv.reader(io.StringIO(written.stdout))]
    assert rows[0] == TABLE
    with negsim.Result.read("r.sqlite") as result:
        frame = result.to_pandas()
    assert list(frame.columns) == TABLE
    assert list(pd.read_parquet("direct.parquet").columns) == TABLE
    assert len(rows) == 1 + len(frame) == 1 + 16 * 5
    last = dict(zip(rows[0], rows[-1], strict=True))
    assert (last["parameter_parameter_outcome"], last["reading_reading_ended_on"]) == ("1.0", "two")
    fired = frame[(frame["parameter_parameter_outcome"] == 1) & (frame["parameter_outcome"] == 1)]
    by_rule = fired[fired["reading_ended_on"] == "one"]
    assert set(by_rule["measure_measure_measure_seed"]) == {1}
    assert set(by_rule["measure_seed"]) == {1}
    assert set(by_rule["measure_measure_seed"]) == {6}
