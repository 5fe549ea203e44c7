"""The picture of causes: both kinds of links, a number at every mark, and no more than can be looked at."""

import re
from pathlib import Path
from typing import Any

import pytest

import negsim
from negsim.show.causes_chart import LOOKED, TRIGGERED, causes_figure
from negsim.show.graph import causal_graph
from negsim.show.hanging import MOST_EVENTS, hanging
from negsim.show.kept import kept
from negsim.show.lanes import lanes
from negsim.show.theme import Figure, specification, svg

DOOR = """
negsim: 1
title: A door
start: 2030-01-01
horizon: 10
state: {door: {values: [shut, open], initial: shut}, inside: {initial: false}}
events: {opens: {set: {door: open}}, enters: {set: {inside: true}}, heard: {}}
rules:
  open_up: {assumption: a, at: 3, emit: opens()}
  go_in: {assumption: a, at: 5, when: door == open, emit: enters()}
  hear: {assumption: a, on: enters, when: inside, after: 5, emit: heard()}
outcomes: {inside: {when: inside}, outside: {}}
"""

CHAIN = """
negsim: 1
title: chain
start: 2030-01-01
horizon: 2000
state: {n: {range: 0..1, initial: 0}, late: {initial: false}}
events: {e: {set: {n: 1 - n}}, last_one: {set: {late: true}}}
rules:
  s: {assumption: a, at: 0, emit: e()}
  r: {assumption: a, on: e, after: 1, emit: e()}
  end: {assumption: a, at: 1990, emit: last_one()}
outcomes: {late: {when: late}, done: {}}
"""


def made(text: str) -> negsim.Run:
    return negsim.run(negsim.load_text(text, name="causes.yaml"))


def rows(figure: Figure) -> list[dict[str, Any]]:
    """Every row of data in the picture."""
    sets = specification(figure)["datasets"]
    return [row for values in sets.values() for row in values]


def test_both_kinds_of_links_are_drawn_and_told_apart() -> None:
    run = made(DOOR)
    found = lanes(run)
    assert [(mark.seqs, mark.cause, mark.looked) for mark in found.marks] == [
        ((0,), None, ()),
        ((1,), None, (0,)),
        ((2,), 1, ()),  # it looked at what its own trigger had set: one line is enough
    ]
    lines = [row for row in rows(causes_figure(run)) if "kind" in row]
    assert [(line["kind"], line["x"], line["x2"]) for line in lines] == [(LOOKED, 3, 5), (TRIGGERED, 5, 10)]
    drawn = svg(causes_figure(run).chart)
    assert TRIGGERED in drawn
    assert LOOKED in drawn


@pytest.mark.parametrize(("form", "trigger", "look"), [
    ("dot", '  n1 -> n2 [label="hear", style=solid];', '  n0 -> n1 [label="door", style=dashed];'),
    ("mermaid", '  n1 -->|"hear"| n2', '  n0 -.->|"door"| n1'),
])  # fmt: skip
def test_graphs_tell_both_kinds_apart_and_have_a_key(form: str, trigger: str, look: str) -> None:
    lines = causal_graph(made(DOOR), form).splitlines()
    assert trigger in lines
    assert look in lines
    assert any(TRIGGERED in line and ("k0 ->" in line or 'k0(" ")' in line) for line in lines)
    assert any(LOOKED in line and ("k1 ->" in line or 'k1(" ")' in line) for line in lines)


def test_every_mark_has_its_number_at_full_width() -> None:
    run = negsim.run(negsim.load("paris_2025"), seed=3)
    found = lanes(run)
    shown = set(re.findall(r">([\d, +-]+)</text>", svg(causes_figure(run).chart)))
    assert {mark.numbers for mark in found.marks} - shown == set()
    assert sorted(seq for mark in found.marks for seq in mark.seqs) == list(range(len(run.events)))


def test_numbers_of_events_that_are_not_in_a_row_are_all_told() -> None:
    mark = lanes(made(DOOR)).marks[0]
    assert type(mark)(0, 0, 0, "", (1, 2, 3, 7, 9, 10), (), "rule", mark.standing, None).numbers == "1-3, 7, 9-10"


def test_a_long_run_is_bounded_and_what_the_outcome_hangs_on_comes_first() -> None:
    run = made(CHAIN)
    assert len(run.events) == 2002
    shown = hanging(run)
    late = next(event.seq for event in run.events if event.event == "last_one")
    assert len(shown) == MOST_EVENTS
    assert late in shown
    assert lanes(run).left_out == 2002 - MOST_EVENTS
    assert "It shows 300 of 2,002 events" in causes_figure(run).about
    assert "1,702 of 2,002 events are left out" in causal_graph(run, "dot")
    marks = [row for row in rows(causes_figure(run)) if "said" in row]
    assert len({row["mark"] for row in marks}) == MOST_EVENTS


def test_rows_are_rows_again_where_a_picture_is_written() -> None:
    text = str(specification(causes_figure(made(DOOR))))
    assert "'format'" not in text


def test_what_takes_long_is_made_once_and_made_again_where_it_is_not_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("negsim.show.kept.sys.platform", "linux")
    times = []

    def make() -> str:
        times.append(1)
        return "a script\n"

    assert [kept("x.js", make), kept("x.js", make), len(times)] == ["a script\n", "a script\n", 1]
    (file,) = tmp_path.glob("negsim/*")
    file.write_text(file.read_text(encoding="utf-8") + "more", encoding="utf-8")
    assert [kept("x.js", make), kept("x.js", make), len(times)] == ["a script\n", "a script\n", 2]
    monkeypatch.setenv("XDG_CACHE_HOME", str(file))  # no folder
    assert [kept("x.js", make), len(times)] == ["a script\n", 3]
