"""The conformance suite: each numbered micro-scenario gives the log that was worked out by hand."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import negsim
from negsim.errors import ModelError
from negsim.log.event import LoggedEvent

FOLDER = Path(__file__).parent / "conformance"
CASES = sorted(FOLDER.glob("[0-9]*.yaml"))
ENTRY = re.compile(
    r"(?P<what>-?\d+ [a-z_0-9]+\([^()]*\))"
    r"(?: by (?P<rule>\w+))?(?: because (?P<cause>\d+))?(?: option (?P<option>\S+))?"
)


def plain(value: object) -> str:
    """A value as a case writes it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def said(event: LoggedEvent) -> str:
    return f"{event.day} {event.event}({', '.join(plain(v) for v in event.fields.values())})"


def check_log(expected: list[str], events: list[LoggedEvent]) -> None:
    entries = [entry for text in expected if (entry := ENTRY.fullmatch(text))]
    assert len(entries) == len(expected), f"an entry of the case cannot be read: {expected}"
    assert [entry["what"] for entry in entries] == [said(event) for event in events]
    for entry, event in zip(entries, events, strict=True):
        if entry["rule"] is not None:
            assert (event.seq, event.rule) == (event.seq, entry["rule"])
        if entry["cause"] is not None:
            assert (event.seq, event.cause) == (event.seq, int(entry["cause"]))
        if entry["option"] is not None:
            assert (event.seq, event.option) == (event.seq, entry["option"])


def test_the_suite_has_the_cases_it_promises() -> None:
    assert len(CASES) >= 80
    numbers = [path.name[:3] for path in CASES]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path) -> None:
    case = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    keys = {"clause", "scenario", "run", "log", "dates", "outcome", "ended_on", "measures", "state", "error"}
    assert set(case) <= keys
    scenario = negsim.load_text(case["scenario"], name=path.name)
    asked = case.get("run", {})
    settings: dict[str, Any] = {
        "seed": int(asked.get("seed", 0)),
        "set": asked.get("set"),
        "read": asked.get("read"),
        "choose": asked.get("choose"),
    }
    if "error" in case:
        with pytest.raises(ModelError) as failed:
            negsim.run(scenario, **settings)
        assert f"`{case['error']['event_or_rule']}`" in failed.value.where
        assert failed.value.day == int(case["error"]["day"])
        if "log" in case:
            check_log(case["log"], list(failed.value.events))
        return
    run = negsim.run(scenario, **settings)
    check_log(case["log"], list(run.events))
    if "dates" in case:
        assert [event.date for event in run.events] == case["dates"]
    assert run.outcome == case["outcome"]
    assert run.ended_on == int(case["ended_on"])
    for name, value in case.get("measures", {}).items():
        found = run.measures[name]
        if isinstance(found, float):
            assert found == pytest.approx(float(value), abs=1e-12)
        else:
            assert (name, plain(found)) == (name, value)
    state = run.state()
    for name, value in case.get("state", {}).items():
        assert (name, plain(state[name])) == (name, value)
