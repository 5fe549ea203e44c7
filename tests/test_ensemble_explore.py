"""Ensembles: the same rows however they are made, luck that is common to cells, runs that break."""

import math
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

import negsim
from negsim.ensemble.design.cells import Cell, cell, crossed, varied
from negsim.ensemble.evaluate import evaluate
from negsim.ensemble.run.batch import Job, Piece, run_batch
from negsim.ensemble.run.columns import Row, Shape
from negsim.errors import UsageError

COIN = """
negsim: 1
title: Three coins
start: 2025-03-01
horizon: 12
parameters:
  heads_weight: {value: 1, low: 0, high: 9, assumption: A fair coin.}
  tosses: {value: 3, low: 1, high: 6, assumption: Three tosses.}
readings:
  counts:
    question: What counts?
    options: {count_heads: Heads., count_tails: Tails.}
    default: count_heads
    assumption: Nobody said.
actors: {ann: {name: Ann}}
state: {seen: {range: 0..12, initial: 0}}
events:
  fell:
    fields: {side: [heads, tails]}
    set: {seen: seen + 1 if (side == heads) == counts_heads else seen}
rules:
  toss:
    assumption: Ann tosses.
    by: ann
    every: 1
    until: tosses
    choose: {heads: {weight: heads_weight, emit: fell(heads)}, tails: {emit: fell(tails)}}
define: {counts_heads: counts == count_heads}
outcomes: {many: {when: seen >= 2}, few: {}}
measures: {fallen: seen, first_heads: first(fell if side == heads), half: seen / 2, is_many: seen >= 2}
"""

BREAKS = """
negsim: 1
title: Now and then it breaks
start: 2025-03-01
horizon: 5
parameters: {chance: {value: 0.5, low: 0, high: 1, assumption: test}}
state: {level: {range: 0..3, initial: 0}}
events: {rises: {set: {level: level + 4}}}
rules:
  breaks: {assumption: test, at: 3, chance: chance, emit: rises()}
outcomes: {done: {}}
measures: {end: level}
"""


@pytest.fixture(scope="module")
def coin() -> negsim.Scenario:
    return negsim.load_text(COIN, name="coin.yaml")


def rows(result: negsim.Result) -> list[Row]:
    return list(result.file.rows(runs=result.runs))


def test_an_ensemble_is_the_runs_of_its_seeds(coin: negsim.Scenario) -> None:
    result = negsim.explore(coin, runs=130, seed=7)
    runs = [negsim.run(coin, seed=seed) for seed in range(7, 137)]
    counts = Counter(run.outcome for run in runs)
    assert {name: share.count for name, share in result.outcomes.items()} == dict(counts)
    assert rows(result) == [
        (
            0,
            run.header.seed,
            run.outcome,
            run.ended_on,
            None,
            *(v if v is None else v * 1 for v in run.measures.values()),
        )
        for run in runs
    ]
    assert list(result.measures) == list(coin.measures)
    assert result.measures["fallen"].mean == pytest.approx(mean(run.measures["fallen"] for run in runs))
    assert result.measures["first_heads"].missing == sum(run.measures["first_heads"] is None for run in runs)
    assert result.measures["is_many"].mean == pytest.approx(result.outcomes["many"].share)


GUESTS = """
negsim: 1
title: Guests
start: 2025-03-01
horizon: 1
groups: {guests: {members: {ann: {}, ben: {}, cem: {}, dan: {}}}}
state: {guests: {here: {initial: false}}}
define: {present: count(g for g in guests if g.here)}
events: {came: {fields: {who: guests}, set: {who.here: true}}}
rules: {comes: {assumption: test, for: g in guests, while: not g.here, chance: 0.5, emit: came(g)}}
outcomes: {some: {when: any(g.here for g in guests)}, none: {}}
measures: {empty: 4 - present, with_ann: days(ann.here)}
"""


def test_what_only_a_measure_asks_for_is_worked_out_anew_for_each_run() -> None:
    guests = negsim.load_text(GUESTS)
    result = negsim.explore(guests, runs=50)
    assert result.measures["empty"].mean == mean(negsim.run(guests, seed=n).measures["empty"] for n in range(50))


def test_settings_are_those_of_a_run(coin: negsim.Scenario) -> None:
    settings: dict[str, Any] = {"set": {"tosses": 5}, "read": {"counts": "count_tails"}, "choose": ["toss@2=tails"]}
    result = negsim.explore(coin, runs=20, **settings)
    assert [row[2] for row in rows(result)] == [negsim.run(coin, seed=seed, **settings).outcome for seed in range(20)]
    assert result.only.parameters["tosses"] == 5
    assert result.only.readings["counts"] == "count_tails"


def test_a_policy_decides_in_every_run(coin: negsim.Scenario) -> None:
    result = negsim.explore(coin, runs=20, policy=lambda _: "heads")
    assert result.outcomes["many"].count == 20


def test_cells_have_the_same_luck(coin: negsim.Scenario) -> None:
    cells = [Cell(), cell(coin, read={"counts": "count_tails"}), cell(coin, set={"heads_weight": 1})]
    result = evaluate(coin, cells, runs=250)
    base, other, same = result.cells
    fallen = {number: [row[5] for row in rows(result) if row[0] == number] for number in range(3)}
    assert fallen[0] == fallen[2]
    assert [3 - count for count in fallen[0]] == fallen[1]
    assert base.against_base is None
    change = other.against_base
    assert change is not None
    assert change.changed.count == 250
    assert base.outcomes["many"].share is not None
    assert other.outcomes["many"].share is not None
    assert change.outcomes["many"].difference == pytest.approx(
        other.outcomes["many"].share - base.outcomes["many"].share
    )
    assert same.against_base is not None
    assert same.against_base.changed.count == 0
    assert same.against_base.outcomes["many"].low < 0 < same.against_base.outcomes["many"].high


def test_the_number_of_workers_shows_nowhere(coin: negsim.Scenario, tmp_path: Path) -> None:
    cells = [Cell(), cell(coin, set={"tosses": 4}), cell(coin, read={"counts": "count_tails"})]
    for workers in (1, 2):
        evaluate(coin, cells, runs=620, workers=workers, out=tmp_path / f"{workers}.sqlite").close()
    assert (tmp_path / "1.sqlite").read_bytes() == (tmp_path / "2.sqlite").read_bytes()


def test_it_stops_at_the_first_round_number_of_runs_with_narrow_intervals(
    coin: negsim.Scenario, tmp_path: Path
) -> None:
    result = negsim.explore(coin, until_width=0.12)
    assert result.runs % 100 == 0
    assert all(share.width < 0.12 for share in result.outcomes.values())
    fewer = negsim.explore(coin, runs=result.runs - 100)
    assert any(share.width >= 0.12 for share in fewer.outcomes.values())
    again = negsim.explore(coin, until_width=0.12, workers=2, out=tmp_path / "a.sqlite")
    assert (again.runs, rows(again)) == (result.runs, rows(result))
    once_more = negsim.explore(coin, until_width=0.12, out=tmp_path / "a.sqlite")
    assert (once_more.runs, once_more.made) == (result.runs, 0)
    assert negsim.explore(coin, until_width=0.12, runs=150).runs == 150


def test_a_run_that_breaks_is_counted_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = negsim.load_text(BREAKS)
    result = negsim.explore(scenario, runs=40)
    broken = []
    for seed in range(40):
        try:
            negsim.run(scenario, seed=seed)
        except negsim.ModelError as error:
            broken.append((0, seed, str(error)))
    assert 0 < len(broken) < 40
    assert result.errors == len(broken)
    assert result.first_errors(100) == broken
    assert result.first_errors(3) == broken[:3]
    assert result.outcomes["done"].count == 40 - len(broken)
    assert result.outcomes["done"].runs == 40
    assert result.measures["end"].missing == 0
    assert result.seeds("error") == [seed for _, seed, _ in broken]
    assert capsys.readouterr().err == ""


def test_seeds_are_found_again_by_outcome_and_the_command_makes_the_run_again(coin: negsim.Scenario) -> None:
    result = evaluate(
        coin, [Cell(), cell(coin, set={"tosses": 4})], runs=60, read={"counts": "count_tails"}, choose=["toss@1=heads"]
    )
    seeds = result.seeds("many", cell=1)
    assert seeds == [row[1] for row in rows(result) if row[0] == 1 and row[2] == "many"]
    assert result.seeds("many", cell=1, most=2) == seeds[:2]
    assert result.run_command(seeds[0], cell=1, scenario="my coin.yaml") == (
        f"negsim run 'my coin.yaml' --seed {seeds[0]} --set tosses=4 --read counts=count_tails --choose toss@1=heads"
    )
    with pytest.raises(UsageError, match="there is no outcome `manny`"):
        result.seeds("manny")


def test_progress_is_told_up_to_the_end(coin: negsim.Scenario) -> None:
    told = []
    negsim.explore(coin, runs=250, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 250), (100, 250), (200, 250), (250, 250)]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"runs": 0}, "runs: 0 is no whole number of at least 1"),
        ({"workers": 0}, "workers: 0 is no whole number"),
        ({"until_width": 0}, "width is between 0 and 1"),
        ({"until_width": math.nan}, "width is between 0 and 1"),
        ({"seed": -1}, "a seed is a whole number"),
        ({"seed": 2**63 - 5, "runs": 10}, "the last of 10 seeds is past"),
        ({"set": {"tossed": 1}}, "there is no parameter `tossed`"),
        ({"read": {"counts": "edge"}}, "'edge' is no option"),
        ({"choose": ["toss=edge"]}, "'edge' is no option"),
        ({"out": "x.txt"}, "'x.txt' is no result's name"),
        ({"policy": lambda _: "edge"}, "the policy chose 'edge'"),
        ({"policy": lambda _: "heads", "workers": 2}, "cannot be sent to other processes"),
    ],
)
def test_a_wrong_request_is_a_clear_error(coin: negsim.Scenario, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        negsim.explore(coin, **settings)


def test_a_plain_result_has_one_cell(coin: negsim.Scenario) -> None:
    result = evaluate(coin, [Cell(), Cell({"tosses": 4})], runs=5)
    with pytest.raises(UsageError, match="the result has 2 cells"):
        _ = result.outcomes
    assert evaluate(coin, [Cell({"tosses": 4})], runs=5).measures["fallen"].missing == 0


def test_cells_are_crossed_the_first_slowest(coin: negsim.Scenario) -> None:
    tosses = [cell(coin, set={"tosses": count}) for count in (2, 3)]
    counts = [cell(coin, read={"counts": side}) for side in ("count_heads", "count_tails")]
    found = crossed(tosses, counts)
    assert [(each.parameters["tosses"], each.readings["counts"]) for each in found] == [
        (2, "count_heads"),
        (2, "count_tails"),
        (3, "count_heads"),
        (3, "count_tails"),
    ]
    assert varied(found) == ("tosses", "counts")


def test_a_piece_of_work_can_be_done_anywhere(coin: negsim.Scenario) -> None:
    result = evaluate(coin, [Cell(), Cell({"tosses": 4})], runs=30)
    job = Job(coin.files, 0, result.request.settings)
    expected = [row[2:] for row in rows(result)]

    def made(number: int, settings: Cell, first: int, count: int) -> list[tuple[str | float | None, ...]]:
        return list(Shape.of(coin).rows(run_batch(job, Piece(number, settings, first, count))))

    assert made(0, Cell(), 0, 30) == expected[:30]
    assert made(1, Cell({"tosses": 4}), 10, 20) == expected[40:]
    assert made(1, Cell({"tosses": 3}), 0, 30) == expected[:30]  # the number is another cell's now


def test_many_distinct_values_are_summed_up_as_few_are(coin: negsim.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    few = negsim.explore(coin, runs=300)
    monkeypatch.setattr("negsim.ensemble.sample.summary.MOST_DISTINCT", 1)
    assert negsim.explore(coin, runs=300).measures == few.measures


SCRIPT = """
import negsim
from pathlib import Path
coin = negsim.load("coin.yaml")
def heads(situation):
    return "heads"
if __name__ == "__main__":
    print(negsim.explore(coin, runs=300, workers=2, policy=heads).outcomes["many"].count)
"""


def test_workers_take_a_policy_of_a_script(tmp_path: Path) -> None:
    (tmp_path / "coin.yaml").write_text(COIN, encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("300\n", "")


def test_a_worker_that_ends_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "coin.yaml").write_text(COIN, encoding="utf-8")
    script = SCRIPT.replace('    return "heads"', "    import os; os._exit(1)")
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.stderr.splitlines()[-1] == ("negsim.errors.UsageError: a worker process ended before its work was done")


def test_settings_with_which_no_run_can_begin_are_an_error_for_each_seed() -> None:
    bell = """
negsim: 1
title: A bell
start: 2030-01-01
horizon: 30
parameters: {gap: {value: 7, low: 1, high: 9, assumption: test}}
actors: {ann: {name: Ann}}
events: {rings: {}}
rules: {bell: {assumption: test, at: 8 // (gap - 1), emit: rings}}
outcomes: {quiet: {}}
"""
    with negsim.explore(negsim.load_text(bell), runs=2, seed=5, sweep={"gap": [7, 1]}) as result:
        assert [(cell.runs, cell.errors) for cell in result.cells] == [(2, 0), (2, 2)]
        told = "day 0: rule `bell`: at: 8 // 0 has no value"
        assert result.first_errors() == [(1, 5, told), (1, 6, told)]
