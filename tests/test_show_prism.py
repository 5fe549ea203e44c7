"""Chains for other tools: PRISM's explicit files, and Storm's."""

from __future__ import annotations

import math
from pathlib import Path

import attrs
from chains import MEETING, always, ruin

from negsim.exact.answer.chain import ChainChoice
from negsim.show.prism import legal_names, prism_files, prism_lines, storm_lines, storm_text, write_files


def test_a_chain_without_decisions_is_written_as_prism_writes_a_dtmc() -> None:
    assert prism_files(ruin(0.25, 3, 2)) == {
        "sta": "(fortune)\n0:(0)\n1:(1)\n2:(2)\n3:(3)\n",
        "tra": "4 6\n0 0 1.0\n1 0 0.75\n1 2 0.25\n2 1 0.75\n2 3 0.25\n3 3 1.0\n",
        "lab": '0="init" 1="deadlock" 2="ruined" 3="rich"\n0: 2\n2: 0\n3: 3\n',
    }


def test_a_chain_with_decisions_is_written_as_prism_writes_an_mdp() -> None:
    assert prism_files(MEETING) == {
        "sta": "(held,day)\n0:(0,0)\n1:(0,1)\n2:(1,1)\n3:(2,1)\n",
        "tra": (
            "4 6 9\n"
            "0 0 2 0.3333333333333333 hold_now\n"
            "0 0 3 0.6666666666666666 hold_now\n"
            "0 1 1 1.0 put_off\n"
            "1 0 2 0.6 hold_now\n"
            "1 0 3 0.4 hold_now\n"
            "1 1 0 1e-05\n"
            "1 1 3 0.99999\n"
            "2 0 2 1.0\n"
            "3 0 3 1.0\n"
        ),
        "lab": ('0="init" 1="deadlock" 2="label_" 3="called_off" 4="ended" 5="never"\n0: 0\n2: 2 4\n3: 3 4\n'),
    }


def test_storm_gets_labels_by_name_and_choices_in_one_file() -> None:
    assert storm_text(MEETING).splitlines() == [
        *("@type: MDP", "@parameters", "", "@reward_models", "", "@nr_states", "4", "@nr_choices", "6", "@model"),
        *("state 0 init", "\taction hold_now", "\t\t2 : 0.3333333333333333", "\t\t3 : 0.6666666666666666"),
        *("\taction put_off", "\t\t1 : 1.0"),
        *("state 1", "\taction hold_now", "\t\t2 : 0.6", "\t\t3 : 0.4"),
        *("\taction 1", "\t\t0 : 1e-05", "\t\t3 : 0.99999"),
        *("state 2 label_ ended", "\taction 0", "\t\t2 : 1.0"),
        *("state 3 called_off ended", "\taction 0", "\t\t3 : 1.0"),
    ]
    assert storm_text(ruin(0.5, 2, 1)).startswith("@type: DTMC\n")


def test_chances_read_back_as_the_same_numbers() -> None:
    chances = [math.exp(-number) / 3 for number in range(40)] + [5e-324, 0.1 + 0.2]
    for chance in chances:
        chain = attrs.evolve(
            ruin(0.5, 2, 1), choices=(always(0), (ChainChoice("", (0, 2), (chance, 1 - chance)),), always(2))
        )
        written = prism_files(chain)["tra"].splitlines()[2:4]
        assert [float(line.split()[2]) for line in written] == [chance, 1 - chance]


def test_names_become_such_as_prism_takes() -> None:
    names = ("conflict", "coalition.force", "coalition_force", "system", "Pmax", "system_", "2nd", "", "größe")
    assert legal_names(names) == {
        "conflict": "conflict",
        "coalition.force": "coalition_force",
        "coalition_force": "coalition_force_",
        "system": "system_",
        "Pmax": "Pmax_",
        "system_": "system__",
        "2nd": "_2nd",
        "": "_",
        "größe": "gr__e",
    }


def test_a_chain_without_variables_has_its_number_as_one() -> None:
    chain = attrs.evolve(ruin(0.5, 2, 1), variables=(), states=((), (), ()))
    assert prism_files(chain)["sta"] == "(x)\n0:(0)\n1:(1)\n2:(2)\n"


def test_files_are_written_line_by_line_and_say_what_the_texts_say(tmp_path: Path) -> None:
    assert all(line.endswith("\n") for text in prism_lines(MEETING).values() for line in text)
    written = write_files({**prism_lines(MEETING), "drn": storm_lines(MEETING)}, tmp_path / "a.meeting")
    assert [path.name for path in written] == ["a.meeting.sta", "a.meeting.tra", "a.meeting.lab", "a.meeting.drn"]
    texts = {**prism_files(MEETING), "drn": storm_text(MEETING)}
    assert {path.suffix[1:]: path.read_bytes() for path in written} == {
        ending: text.encode() for ending, text in texts.items()
    }
