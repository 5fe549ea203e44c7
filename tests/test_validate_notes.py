"""`validate` says beforehand what `solve` says afterwards: who is counted, and why somebody is not."""

from __future__ import annotations

import negsim
from negsim.exact.symmetry.order_notes import order_notes
from negsim.exact.symmetry.ties import tie_notes

CREW = """\
negsim: 1
title: A crew
start: 2030-01-01
horizon: 5
groups: {crew: {members: {ann: {}, ben: {}, cal: {}}}}
state: {crew: {joined: {initial: false}}}
events: {joins: {fields: {who: crew}, set: {who.joined: true}}}
rules:
  join: {assumption: a, for: m in crew, while: GUARD, chance: 0.1, emit: joins(m)}
outcomes: {everyone: {when: all(m.joined for m in crew)}, fewer: {}}
"""


def test_members_who_are_told_apart_by_what_others_have_done_are_noted() -> None:
    scenario = negsim.load_text(CREW.replace("GUARD", "not m.joined and count(n for n in crew if n.joined) < 2"))
    why = "in rule `join`: what a member does can hang on what another has done before it"
    assert order_notes(scenario) == (f"an exact solution tells members who are alike apart: {why}",)
    assert negsim.solve(scenario).apart == (why,)


def test_where_they_are_counted_nothing_is_noted() -> None:
    scenario = negsim.load_text(CREW.replace("GUARD", "not m.joined"))
    assert order_notes(scenario) == ()
    solution = negsim.solve(scenario)
    assert (solution.apart, solution.merged) == ((), (("ann", "ben", "cal"),))


ONE_TEXT = """\
negsim: 1
title: One text
start: 2030-01-01
horizon: 9
actors: {a: {name: A}, b: {name: B}, m: {name: M}}
talks:
  summit:
    parties: [a, b]
    protocol: single_text
    mediator: m
    opens: 1
    every: 2
    rounds: 3
    issues: {land_line: [north, south]}
    positions:
      a: {assumption: a, values: {land_line: {north: 1}}, red_lines: {no: {never: land_line == south, assumption: a}}}
      b: {assumption: a, values: {land_line: {south: 1}}, red_lines: {no: {never: land_line == north, assumption: a}}}
outcomes: {done: {}}
"""


def test_where_the_file_alone_tells_a_mediators_texts_apart_is_noted() -> None:
    said = (
        "at the talks `summit`, in round 1, nothing tells 2 texts apart as things stand at the start: the earliest in"
        " the file, (land line: {}), is put forward before (land line: {}); so the order of issues and options decides"
        " who is asked to give way"
    )
    text = ONE_TEXT
    assert tie_notes(negsim.load_text(text)) == (said.format("north", "south"),)
    turned = negsim.load_text(text.replace("[north, south]", "[south, north]"))
    assert tie_notes(turned) == (said.format("south", "north"),)
    (refused, _, _) = (event for event in negsim.run(turned).events if event.event == "refused")
    assert refused.fields["party"] == "a"


def test_a_mediator_whose_texts_differ_and_talks_without_one_have_no_note() -> None:
    apart = ONE_TEXT.replace(
        "issues: {land_line: [north, south]}", "issues: {land_line: [north, south]}\n    consulted: [c]"
    )
    apart = apart.replace("m: {name: M}", "m: {name: M}, c: {name: C}").replace(
        "outcomes:", "      c: {assumption: a, values: {land_line: {south: 1}}}\noutcomes:"
    )
    assert tie_notes(negsim.load_text(apart)) == ()
    offers = ONE_TEXT.replace("    protocol: single_text\n    mediator: m\n", "")
    assert tie_notes(negsim.load_text(offers)) == ()
