"""`negsim export` of results and of chains: what is written is what there was, and others read it."""

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from storm_oracle import has_wheel

import negsim
from negsim.cli import main

PAGE = (Path(__file__).parent.parent / "docs/how-to/model-checkers.md").read_text(encoding="utf-8")
STANDOFF, *_ = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
LOOK, *_ = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("standoff.yaml").write_text(STANDOFF, encoding="utf-8")


def asked(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, [str(word) for word in words], prog_name="negsim")
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    return done.exit_code, done.stdout, done.stderr


def test_a_result_is_exported_with_all_its_rows() -> None:
    scenario = negsim.load("standoff.yaml")
    with negsim.explore(scenario, runs=150, sweep={"chance": [0, 0.5]}, out="a.sqlite") as result:
        frame = result.to_pandas()
    assert asked("export", "a.sqlite", "--to", "parquet", "-o", "a.parquet") == (0, "", "written to a.parquet\n")
    written = pd.read_parquet("a.parquet")
    assert list(written) == list(frame)
    plain = [each.astype(object).where(each.notna(), None).to_numpy().tolist() for each in (written, frame)]
    assert plain[0] == plain[1]
    status, text, _ = asked("export", "a.sqlite", "--to", "csv")
    head, *rows = csv.reader(io.StringIO(text))
    assert status == 0
    assert head == list(frame.columns)
    assert [(int(row[0]), int(row[1]), float(row[2]), row[3]) for row in rows] == [
        tuple(row) for row in frame[["cell", "seed", "chance", "outcome"]].itertuples(index=False)
    ]
    assert asked("export", "a.sqlite", "--to", "csv", "-o", "a.csv")[0] == 0
    assert Path("a.csv").read_text(encoding="utf-8") == text


def test_the_states_of_a_scenario_are_written_beside_each_other() -> None:
    status, out, err = asked("export", "standoff.yaml", "--to", "prism", "-o", "all")
    assert (status, err) == (0, "".join(f"written to all.{ending}\n" for ending in ("sta", "tra", "lab", "drn")))
    assert "prism -importmodel all.all -mdp -pf 'Pmax=? [F \"escalation\"]'" in out
    tables = {}
    for name, words in {"all": (), "ann": ("--by", "ann"), "none": ("--by-weight",)}.items():
        assert asked("export", "standoff.yaml", "--to", "prism", "-o", name, *words)[0] == 0
        tables[name] = Path(f"{name}.tra").read_text(encoding="utf-8")
    assert {name: set(re.findall(r"[a-z]\w+", table)) for name, table in tables.items()} == {
        "all": {"go", "wait", "give_way", "stand"},
        "ann": {"go", "wait"},
        "none": set(),
    }
    changed = ("--set", "chance=1", "--choose", "push=go", "--by-weight")
    assert asked("export", "standoff.yaml", "--to", "prism", "-o", "changed", *changed)[0] == 0
    assert re.findall(r" 0\.\d+", Path("changed.tra").read_text(encoding="utf-8")) == [" 0.5", " 0.5"] * 4


@pytest.mark.skipif(not has_wheel(), reason="stormpy has no wheel for this platform")
def test_storm_says_of_the_page_what_solve_says(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("-o", "standoff"), ("-o", "by_weight", "--by-weight")):
        assert asked("export", "standoff.yaml", "--to", "prism", *words)[0] == 0
    exec(compile(LOOK, "page", "exec"), {})  # noqa: S102 - what a reader runs
    exact, least, greatest = (float(line.split()[-1]) for line in capsys.readouterr().out.splitlines())
    assert exact == pytest.approx(negsim.solve(negsim.load("standoff.yaml")).outcomes["escalation"], abs=1e-9)
    assert least == 0
    assert greatest == pytest.approx(1 - 0.75**6, abs=1e-6)  # a push on day 2, and a shot on one of days 3 to 8


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("a.sqlite", "--to", "dot"), "a result can be exported to parquet or csv"),
        (("a.sqlite", "--to", "parquet"), "a Parquet table is no text"),
        (("no.sqlite", "--to", "csv"), "there is no result at no.sqlite"),
        (("standoff.yaml", "--to", "parquet", "-o", "x.parquet"), "'standoff.yaml' is a scenario"),
        (("standoff.yaml", "--to", "prism"), "prism takes several files"),
        (("last", "--to", "prism", "-o", "x"), "'last' is no scenario"),
        (("standoff.yaml", "--to", "dot", "--by", "ann"), "--by goes with --to prism"),
        (("standoff.yaml", "--to", "dot", "--set", "chance=1"), "--set goes with --to prism"),
        (("standoff.yaml", "--to", "prism", "-o", "x", "--by", "anne"), "there is no actor `anne`"),
        (("standoff.yaml", "--to", "prism", "-o", "x", "--by", "ann", "--by-weight"), "--by and --by-weight"),
        (("standoff.yaml", "--to", "prism", "-o", "x", "--max-states", "4"), "there are more than 4"),
        (("standoff.yaml", "--to", "prism", "-o", "no/x"), "no/x.sta: No such file"),
    ],
)
def test_what_cannot_be_exported_is_one_clear_error(words: tuple[str, ...], reason: str) -> None:
    negsim.explore(negsim.load("standoff.yaml"), runs=2, out="a.sqlite").close()
    status, out, err = asked("export", *words)
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {reason}")
    assert not list(Path().glob("x*"))
