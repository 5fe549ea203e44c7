"""Runs the digests under every other Python of the classifiers that is found here: `python tests/pythons.py`.

For each it makes `.venv-3.N` beside the checkout's `.venv`, with what negsim itself needs. `test_pythons.py` then
compares generated runs with them. PART is the part of the digests that each answers (`digests.py`).
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PART = os.environ.get("PART", "0/2")
MINORS = (11, 12, 13, 14)


def venv_of(minor: int) -> Path:
    """The interpreter of the environment that is made for a Python."""
    return ROOT / f".venv-3.{minor}" / "bin" / "python"


def candidates(minor: int) -> list[Path]:
    """Interpreters that may be a Python 3.N: on the path, or kept by pyenv."""
    kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    on_path = shutil.which(f"python3.{minor}")
    found = [Path(on_path)] if on_path else []
    return [*found, *sorted(kept.glob(f"3.{minor}.*/bin/python"))]


def is_minor(interpreter: Path, minor: int) -> bool:
    """Whether it runs and is that Python: a shim on the path may be neither."""
    told = subprocess.run([interpreter, "--version"], capture_output=True, text=True, check=False)
    return told.returncode == 0 and re.match(rf"Python 3\.{minor}\.", told.stdout) is not None


def others() -> Iterator[tuple[int, Path]]:
    """(minor version, interpreter) of each other Python that is here."""
    for minor in MINORS:
        if minor != sys.version_info.minor:
            working = (each for each in candidates(minor) if is_minor(each, minor))
            yield from ((minor, each) for each in [next(working, None)] if each is not None)


def made(minor: int, interpreter: Path) -> Path:
    """The interpreter of an environment with negsim in it."""
    python = venv_of(minor)
    if not python.exists():
        subprocess.run([interpreter, "-m", "venv", python.parent.parent], check=True)
    pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", ROOT / "constraints.txt", "--editable", ROOT], check=True)
    return python


def main() -> int:
    found = [(sys.version_info.minor, Path(sys.executable))]
    found += [(minor, made(minor, interpreter)) for minor, interpreter in others()]
    running = [subprocess.Popen([each, ROOT / "tests" / "digests.py", "--part", PART]) for _, each in found]
    status = max([each.wait() for each in running])
    missing = sorted({*MINORS} - {minor for minor, _ in found})
    if missing:
        print("not found here: " + ", ".join(f"Python 3.{minor}" for minor in missing))  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main())
