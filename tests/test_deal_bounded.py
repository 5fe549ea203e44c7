"""What `negsim deal` gives of large talks is bounded, and caps change no rule of what is dominated."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

import negsim
from negsim.cli.deal import command
from negsim.cli.describe import command as describe
from negsim.deals.analysis import deal
from negsim.errors import ScenarioError

BY_THREE = """\
negsim: 1
title: By three
start: 2025-01-01
horizon: 10
actors: {a: {}, b: {}}
talks:
  t:
    parties: [a, b]
    opens: 0
    every: 1
    rounds: 3
    issues: {x: [x1, x2, x3], y: [y1, y2, y3], z: [z1, z2, z3]}
    positions:
      a: {values: {x: {x2: 1, x3: 2}, y: {y2: 3, y3: 6}, z: {z2: 9, z3: 18}}, assumption: x}
      b: {values: {x: {x1: 2, x2: 1}, y: {y1: 6, y2: 3}, z: {z1: 18, z2: 9}}, assumption: x}
outcomes: {none: {}}
"""


def test_lists_hold_the_first_packages_and_all_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "three.yaml"
    path.write_text(BY_THREE)
    whole = json.loads(CliRunner().invoke(command, [str(path), "--json"]).output)
    assert whole["counts"] == {"acceptable": {"a": 27, "b": 27}, "zone": 27, "pareto": 27, "unlock": 0}
    assert len(whole["zone"]) == len(whole["pareto"]) == len(whole["acceptable"]["a"]) == 27
    some = json.loads(CliRunner().invoke(command, [str(path), "--json", "--limit", "4"]).output)
    cut = {key: whole[key][:4] for key in ("zone", "pareto", "unlock")}
    hint = "each list holds 4 entries at most; --limit 27 holds all"
    assert whole["cut"] is False
    assert "hint" not in whole
    assert next(iter(some)) == "hint"
    cut |= {"hint": hint, "cut": True}
    assert some == {**whole, **cut, "acceptable": {party: found[:4] for party, found in whole["acceptable"].items()}}


def test_a_limit_that_nothing_is_longer_than_cuts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "three.yaml"
    path.write_text(BY_THREE)
    for limit, cut in (("26", True), ("27", False)):
        found = json.loads(CliRunner().invoke(command, [str(path), "--json", "--limit", limit]).output)
        assert (found["cut"], "hint" in found) == (cut, cut)


def test_each_combination_of_readings_says_whether_its_lists_are_cut() -> None:
    found = json.loads(
        CliRunner().invoke(command, ["paris_2025", "--readings", "all", "--json", "--limit", "12"]).output
    )
    for cell in found["cells"]:
        counts = cell["counts"]
        longest = max(*counts["acceptable"].values(), counts["zone"], counts["pareto"], counts["unlock"])
        assert cell["cut"] is (longest > 12)
        assert cell.get("hint", "").endswith(f"--limit {longest} holds all" if cell["cut"] else "")


BIG = """
negsim: 1
title: Big
start: 2000-01-01
horizon: 10
actors: {a: {name: A}, b: {name: B}}
talks:
  t:
    parties: [a, b]
    opens: 0
    every: 1
    rounds: 2
    issues: {ISSUES}
    positions:
      a: {values: {FOR_A}, assumption: x}
      b: {values: {FOR_B}, assumption: x}
outcomes: {none: {}}
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted otherwise elsewhere")
def test_a_long_document_is_written_as_it_is_made(tmp_path: Path) -> None:
    """Every package once in memory, and no more of the text than is being written."""
    places = range(8)
    issues = ", ".join(f"issue_{i}: [" + ", ".join(f"option_{i}_{o}" for o in range(4)) + "]" for i in places)
    worths: tuple[Callable[[int], int], ...] = (lambda o: o, lambda o: 3 - o)
    a, b = (
        ", ".join(f"issue_{i}: {{" + ", ".join(f"option_{i}_{o}: {worth(o)}" for o in range(4)) + "}" for i in places)
        for worth in worths
    )
    path = tmp_path / "big.yaml"
    path.write_text(BIG.replace("ISSUES", issues).replace("FOR_A", a).replace("FOR_B", b))
    code = """\
import re, sys
from negsim.cli import main
main.main(sys.argv[1:], standalone_mode=False)
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) >> 10, file=sys.stderr)
"""
    out = tmp_path / "out.json"
    with out.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-c", code, "deal", str(path), "--json", "--limit", "65536"],
            stdout=file,
            stderr=subprocess.PIPE,
            check=True,
        )
    found = json.loads(out.read_text())
    assert found["packages"] == len(found["zone"]) == len(found["acceptable"]["a"]) == 4**8
    assert found["zone"][-1] == {f"issue_{i}": f"option_{i}_3" for i in places}
    assert out.stat().st_size > 60_000_000
    assert int(done.stderr) < 250  # MiB, where the text alone is more than 60 and its pieces were 400


def test_more_than_the_limit_of_packages_are_not_written_out(tmp_path: Path) -> None:
    path = tmp_path / "wide.yaml"
    values = ", ".join(f"v{n}" for n in range(1_200))
    path.write_text(
        BY_THREE.replace("{x: [x1, x2, x3], y: [y1, y2, y3], z: [z1, z2, z3]}", f"{{x: [{values}], y: [y1, y2]}}")
        .replace("{x: {x2: 1, x3: 2}, y: {y2: 3, y3: 6}, z: {z2: 9, z3: 18}}", "{x: {v7: 1}, y: {y1: 3}}")
        .replace("{x: {x1: 2, x2: 1}, y: {y1: 6, y2: 3}, z: {z1: 18, z2: 9}}", "{x: {v8: 1}, y: {y1: 3}}")
    )
    found = json.loads(CliRunner().invoke(command, [str(path), "--json"]).output)
    assert found["packages"] == 2_400
    assert found["counts"] == {"acceptable": {"a": 2_400, "b": 2_400}, "zone": 2_400, "pareto": 2, "unlock": 0}
    assert [len(found["acceptable"]["a"]), len(found["zone"]), len(found["pareto"])] == [1_000, 1_000, 2]
    shown = CliRunner().invoke(command, [str(path), "--all"]).output
    assert shown.count("#     package") == 3
    assert shown.count("\n2400 ") == 1


def test_no_figure_is_cut_where_the_screen_is_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    def figures() -> list[str]:
        output = CliRunner().invoke(command, ["paris_2025", "--all"]).output
        return [word for word in output.split() if "." in word and word[0].isdigit()]

    wide = figures()
    monkeypatch.setenv("COLUMNS", "40")
    assert figures() == wide
    assert len(wide) > 50


@pytest.mark.parametrize("parties", [2, 3, 4])
def test_the_front_of_capped_worths_is_that_of_all_pairs(parties: int) -> None:
    draw = random.Random(parties)  # noqa: S311 - a test's draws, the same each time
    issues = {f"i{n}": [f"i{n}o{m}" for m in range(3)] for n in range(3)}
    for _ in range(20):
        positions = "".join(
            f"      p{n}: {{values: "
            + json.dumps({i: {o: draw.randint(0, 5) for o in options} for i, options in issues.items()}).replace(
                '"', ""
            )
            + f", cap: {draw.randint(4, 9)}, assumption: x}}\n"
            for n in range(parties)
        )
        names = ", ".join(f"p{n}" for n in range(parties))
        space = deal(
            negsim.load_text(
                "negsim: 1\ntitle: Caps\nstart: 2025-01-01\nhorizon: 10\n"
                f"actors: {{{names.replace(',', ': {},')}: {{}}}}\n"
                f"talks:\n  t:\n    parties: [{names}]\n    opens: 0\n    every: 1\n    rounds: 3\n"
                f"    issues: {json.dumps(issues).replace(chr(34), '')}\n"
                f"    positions:\n{positions}outcomes: {{none: {{}}}}\n"
            )
        )
        points = list(zip(*(space.seats[party].utilities for party in space.parties), strict=True))

        def dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
            pairs = list(zip(one, other, strict=True))
            return all(a >= b - 1e-9 for a, b in pairs) and any(a > b + 1e-9 for a, b in pairs)

        assert space.pareto == tuple(
            number for number, point in enumerate(points) if not any(dominates(other, point) for other in points)
        )


CAPPED = BY_THREE.replace("z3: 18}}, assumption: x}", "z3: 18}}, cap: CAP, assumption: x}")


def test_a_cap_can_be_a_parameter_in_place() -> None:
    scenario = negsim.load_text(CAPPED.replace("CAP", "{value: 13, low: 1, high: 30}"))
    assert deal(scenario).seats["a"].utilities[-1] == deal(scenario).seats["a"].utilities[-4] == 1
    assert deal(scenario, set={"t.a.cap": 30}).seats["a"].utilities[-4] == pytest.approx(23 / 26)
    document = negsim.load_text(CAPPED.replace("CAP", "13"))
    assert document.talks["t"].positions["a"].cap is not None


def test_a_cap_reads_no_state() -> None:
    with pytest.raises(ScenarioError, match=r"a cap cannot depend on the state, and this reads `t[.]round`"):
        negsim.load_text(CAPPED.replace("CAP", "t.round"))


def test_a_cap_is_told(tmp_path: Path) -> None:
    path = Path(tmp_path / "capped.yaml")
    path.write_text(CAPPED.replace("CAP", "13"))
    assert "A sum of values above 13 counts as no more." in CliRunner().invoke(describe, [str(path)]).output
