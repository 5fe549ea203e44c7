"""Two Pythons give the same bytes. `make pythons` makes the environments that are asked; without one nothing is."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from digests import answers, differing, digest, log_of
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from pythons import MINORS, venv_of

import negsim
from negsim.testing import scenarios, settings

OTHERS = [minor for minor in MINORS if minor != sys.version_info.minor and venv_of(minor).exists()]
ONE_IN = 16  # of the answers on file


def test_answers_are_the_ones_on_file() -> None:
    found = answers((3, ONE_IN))
    assert len(found) > 100
    assert differing(found) == []


class Other:
    """Another Python that is asked for digests of runs, one after the other."""

    def __init__(self, minor: int) -> None:
        script = Path(__file__).parent / "answering.py"
        self.process = subprocess.Popen(
            [venv_of(minor), script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def digest_of(self, text: str, asked: dict[str, Any]) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"scenario": text, "settings": asked}) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module", params=OTHERS or (None,), ids=lambda minor: f"3.{minor}")
def other(request: pytest.FixtureRequest) -> Iterator[Other]:
    if request.param is None:
        pytest.skip("no other Python is set up: `make pythons` does it")
    asked = Other(request.param)
    yield asked
    asked.close()


@how(max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=[*HealthCheck])
@given(scenarios(), st.data())
def test_another_python_gives_the_same_bytes(other: Other, text: str, data: st.DataObject) -> None:
    scenario = negsim.load_text(text)
    asked = data.draw(settings(scenario))
    assert other.digest_of(text, asked) == digest(log_of(scenario, asked))


REALS = """
negsim: 1
title: Ten times a tenth
start: 2030-01-01
horizon: 12
parameters: {tenth: {value: 0.1, low: 0, high: 1, assumption: made up}}
state: {taken: {range: 0..9, initial: 0}}
events: {took: {fields: {what: [a, b, c, d, e, f, g, h, i, j]}}}
rules:
  take:
    assumption: made up
    every: 1
    choose: {a: {weight: 0.1, emit: took(a)}, b: {weight: 0.1, emit: took(b)}, c: {weight: 0.1, emit: took(c)},
      d: {weight: 0.1, emit: took(d)}, e: {weight: 0.1, emit: took(e)}, f: {weight: 0.1, emit: took(f)},
      g: {weight: 0.1, emit: took(g)}, h: {weight: 0.1, emit: took(h)}, i: {weight: 0.1, emit: took(i)},
      j: {weight: tenth, emit: took(j)}}
outcomes: {done: {}}
"""


def test_shares_of_ten_tenths_are_those_of_a_sum_one_by_one() -> None:
    total = 0.0
    for _ in range(10):
        total += 0.1
    assert total != 1.0
    assert {event.share for event in negsim.run(negsim.load_text(REALS)).events} == {0.1 / total}
