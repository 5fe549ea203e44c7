"""The EMA Workbench model of the documentation does what the page says."""

import subprocess
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parent.parent / "docs" / "how-to" / "workbench.md"
CHECK = """
import numpy as np
assert len(experiments) == 5, experiments
assert set(outcomes) == set(scenario.outcomes)
for place, chance in enumerate(experiments["storm_chance"]):
    expected = negsim.explore(scenario, runs=20, set={"storm_chance": chance})
    for name, share in expected.outcomes.items():
        assert outcomes[name][place] == share.share, (place, name)
assert np.allclose(sum(outcomes.values()), 1)
"""


@pytest.mark.skipif(find_spec("ema_workbench") is None, reason="the EMA Workbench is not installed")
def test_the_page_makes_a_model_whose_outcomes_are_those_of_explore(tmp_path: Path) -> None:
    spec = spec_from_file_location("pages_of_docs", Path(__file__).with_name("test_docs.py"))
    assert spec is not None
    checks = module_from_spec(spec)
    sys.modules["pages_of_docs"] = checks
    assert spec.loader is not None
    spec.loader.exec_module(checks)
    (block,) = [each for each in checks.blocks(PAGE.read_text(encoding="utf-8")) if each.kind == "python"]
    text = "\n".join(block.lines) + CHECK
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
