"""Graphs of a run and of a model, and that no label can leave its place."""

import re
from collections.abc import Callable

import attrs
import pytest

import negsim
from negsim.show.drawing import Arrow, Drawing, Rectangle, written
from negsim.show.graph import causal_graph, rule_graph

SCENARIO = """
negsim: 1
title: 'A "bridge" & {more}'
start: 2025-01-01
horizon: 9
sources: {s: {statements: {told: {speaker: X, reported: Y}}}}
groups: {towns: {members: {alder: {name: Alder}, elm: {name: Elm}}}}
state:
  bridge: {values: [closed, passable], initial: closed}
  towns: {paid: {initial: false}}
define: {all_paid: all(t.paid for t in towns)}
events:
  met: {text: The council meets.}
  opened: {set: {bridge: passable}}
  paid_half: {fields: {t: towns}, set: {t.paid: true}, text: "{t} pays."}
history: [{date: 2024-12-31, emit: met(), source: told}]
rules:
  opening: {source: told, at: 1, emit: opened()}
  payment: {assumption: a, on: opened, for: t in towns, when: bridge == passable and not t.paid, emit: paid_half(t)}
  closing: {source: told, inferred: b, every: 4, when: all_paid, by: elm, choose: {meet: {emit: met()}, wait: {}}}
outcomes: {done: {}}
"""

RUN_DOT = """\
// A "bridge" & {more}
// Run ID, seed 0: done.
// Borders: solid is stated, dashed is inferred, dotted is assumed.
digraph {
  node [fontname="Helvetica", fontsize=10];
  edge [fontname="Helvetica", fontsize=9];
  n0 [label="0, 2024-12-31\\nThe council meets.\\nhistory", shape=box, style=solid];
  n1 [label="1, 2025-01-02\\nOpened\\nby opening", shape=box, style=solid];
  n2 [label="2, 2025-01-02\\nAlder pays.", shape=box, style=dotted];
  n3 [label="3, 2025-01-02\\nElm pays.", shape=box, style=dotted];
  n4 [label="4, 2025-01-05\\nThe council meets.\\nby closing", shape=hexagon, style=dashed];
  n5 [label="5, 2025-01-09\\nElm decides: wait (closing).\\nby closing", shape=hexagon, style=dashed];
  n1 -> n2 [label="payment", style=solid];
  n1 -> n3 [label="payment", style=solid];
  n3 -> n4 [label="elm.paid", style=dashed];
  n2 -> n4 [label="alder.paid", style=dashed];
  n3 -> n5 [label="elm.paid", style=dashed];
  n2 -> n5 [label="alder.paid", style=dashed];
  subgraph cluster_key { label="key"; fontname="Helvetica"; fontsize=9; node [shape=point];
    k0 -> e0 [style=solid, label="triggered"];
    k1 -> e1 [style=dashed, label="set what was looked at"];
  }
}
"""

RULES_MERMAID = """\
%% A "bridge" & (more)
%% Boxes are events, rounded ones are rules, hexagons are decisions.
%% Borders of rules: solid is stated, dashed is inferred, dotted is assumed.
flowchart TD
  n0["met<br/>The council meets."]
  n1["opened"]
  n2["paid_half<br/>#91;t#93; pays."]
  n3(["opening"])
  n4(["payment"])
  n5{{"closing"}}
  n3 --> n1
  n1 -->|"on"| n4
  n1 -.->|"bridge"| n4
  n2 -.->|"paid"| n4
  n4 --> n2
  n2 -.->|"paid"| n5
  n5 -->|"meet"| n0
  classDef dashed stroke-dasharray: 6 3
  class n5 dashed
  classDef dotted stroke-dasharray: 2 3
  class n4 dotted
"""


def run() -> negsim.Run:
    choices = {"closing@4": "meet", "closing@8": "wait"}
    return negsim.run(negsim.load_text(SCENARIO, name="x.yaml"), choose=choices)


def test_a_run_as_dot() -> None:
    made = run()
    assert causal_graph(made, "dot").replace(made.id, "ID") == RUN_DOT


def test_a_model_as_mermaid() -> None:
    assert rule_graph(negsim.load_text(SCENARIO, name="x.yaml"), "mermaid") == RULES_MERMAID


def test_both_formats_hold_the_same_boxes_and_arrows() -> None:
    graphs: tuple[Callable[[str], str], ...] = (
        lambda form: causal_graph(run(), form),
        lambda form: rule_graph(run().scenario, form),
    )
    for made in graphs:
        dot, mermaid = made("dot"), made("mermaid")
        arrows = re.findall(r"^  (n\d+) -> (n\d+)", dot, re.MULTILINE)
        assert arrows == re.findall(r"^  (n\d+) -\.?->(?:\|.*\|)? (n\d+)$", mermaid, re.MULTILINE)
        assert dot.count(" [label=") - len(re.findall(r"-> n\d+ \[label=", dot)) == len(
            re.findall(r'^  n\d+(?:\[|\(\[|\{\{)"', mermaid, re.MULTILINE)
        )


def test_a_long_run_is_cut_and_says_so() -> None:
    cut = causal_graph(run(), "dot", most=3)
    assert (
        "// 3 of 6 events are left out: those that the outcome hangs on were kept first, then those with a cause or an"
        in cut
    )
    assert [int(seq) for seq in re.findall(r'label="(\d+), ', cut)] == [1, 2, 3]
    assert re.findall(r'label="(\d+), ', causal_graph(run(), "dot", most=4)) == ["0", "1", "2", "3"]
    assert causal_graph(run(), "mermaid", most=0).count("-->") == 0


def test_an_event_put_in_by_a_fork_is_drawn_as_assumed() -> None:
    forked = run().fork(at=0, emit="opened()")
    assert 'n1 [label="1, 2025-01-01\\nOpened\\nput in", shape=box, style=dotted]' in causal_graph(forked, "dot")


def test_a_format_that_is_not_known_is_an_error() -> None:
    with pytest.raises(negsim.UsageError, match="svg"):
        rule_graph(run().scenario, "svg")


@pytest.mark.parametrize("name", ["paris_2025", "ifor_1995", "minsk_2015"])
def test_the_same_graph_every_time(name: str) -> None:
    first, second = negsim.load(name), negsim.load(name)
    for form in ("dot", "mermaid"):
        assert rule_graph(first, form) == rule_graph(second, form)
        assert causal_graph(negsim.run(first, seed=3), form) == causal_graph(negsim.run(second, seed=3), form)


EVIL = [
    'a "quoted" label',
    'ends"]; n0 -> n9; x["',
    "back\\slash\\",
    "\\N \\G \\l",
    "two\nlines\r\nthree",
    "<b>bold</b> &lt; &amp; & <script>",
    "#quot; #35; #amp;",
    "`code` *bold* _it_ ~~x~~ 1. one",
    "1. one",
    "- item",
    "%%{init: {}}%%",
    "end",
    "subgraph x",
    "click n0 call f()",
    "|x| --> {y} [z] (w)",
    "fa:fa-ban",
    "$$x$$",
    "\u202egnirts\x1b[31m\x00",
    "日本語 été Путин",
    "x" * 500,
]


def drawing(label: str) -> Drawing:
    boxes = (Rectangle((label, "second"), "box"), Rectangle((label,), "hexagon", "dotted"))
    return Drawing((label,), boxes, (Arrow(0, 1, label),))


@pytest.mark.parametrize("label", EVIL)
def test_no_label_leaves_its_quotes_in_dot(label: str) -> None:
    comment, head, *lines = written(drawing(label), "dot").splitlines()
    assert (comment[:3], head) == ("// ", "digraph {")
    quoted = r'"(?:[^"\\]|\\.)*"'
    assert re.fullmatch(rf"  n0 \[label={quoted}, shape=box, style=solid\];", lines[2])
    assert re.fullmatch(rf"  n1 \[label={quoted}, shape=hexagon, style=dotted\];", lines[3])
    assert re.fullmatch(rf"  n0 -> n1 \[label={quoted}, style=solid\];", lines[4])
    assert lines[5:] == ["}"]
    text = re.findall(quoted, lines[4])[0][1:-1]
    assert not re.search(r'\\[^\\"n]', text.replace("\\\\", ""))
    assert not re.search(r"&(?!amp;)", text)


@pytest.mark.parametrize("label", EVIL)
def test_no_label_leaves_its_quotes_in_mermaid(label: str) -> None:
    comment, head, *lines = written(drawing(label), "mermaid").splitlines()
    assert comment.startswith("%% ")
    assert not {"{", "}"} & {*comment}
    assert head == "flowchart TD"
    inside = r"(?:[^\"#<>&`;\\\[\]{}|*~$%\x00-\x1f\u202e]|#\d+;|<br/>)*"
    assert re.fullmatch(rf'  n0\["{inside}<br/>second"\]', lines[0])
    assert re.fullmatch(rf'  n1\{{\{{"{inside}"\}}\}}', lines[1])
    assert re.fullmatch(rf'  n0 -->\|"{inside}"\| n1', lines[2])
    assert lines[3:] == ["  classDef dotted stroke-dasharray: 2 3", "  class n1 dotted"]


def test_names_and_texts_of_a_scenario_are_escaped() -> None:
    scenario = run().scenario
    event = attrs.evolve(scenario.events["met"], text='"] n0 --> n1 %% {t}\n<b>')
    made = attrs.evolve(scenario, events={**scenario.events, "met": event})
    assert 'n0 [label="met\\n\\"] n0 --> n1 %% {t} <b>", shape=box' in rule_graph(made, "dot")
    assert "#34;#93; n0 #45;#45;#62; n1 #37;#37; #123;t#125; #60;b#62;" in rule_graph(made, "mermaid")
