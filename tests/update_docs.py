"""Records again what the documentation shows: `python tests/update_docs.py [PAGE…]`.

Each console block is played as `test_docs.py` plays it (which also says how pages are written). Where the output has
changed, the page gets the new one. A line `...` is kept where the lines around it can be found again, numbers and ids
aside; else the first and last lines are kept in the same number; where there are several elisions that cannot be
placed, the whole output is written, and a word about it is printed. Python blocks are left to their author.
"""

from __future__ import annotations

import re
import sys
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType


def _checks() -> ModuleType:
    spec = spec_from_file_location("test_docs", Path(__file__).with_name("test_docs.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["test_docs"] = module
    spec.loader.exec_module(module)
    return module


checks = _checks()


def alike(line: str) -> str:
    """A line with numbers, ids and the widths of columns left out."""
    return re.sub(r"\s+", " ", re.sub(r"\b[0-9a-f]{6,}\b|\d+", "0", line)).strip()


def parts_of(shown: list[str]) -> list[list[str]]:
    """The lines between elisions."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == checks.ELISION:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def place(part: list[str], printed: list[str], start: int) -> int | None:
    """Where a part stands in what was printed, from a line on; numbers and ids may differ."""
    wanted = [alike(line) for line in part]
    for at in range(start, len(printed) - len(part) + 1):
        if [alike(line) for line in printed[at : at + len(part)]] == wanted:
            return at
    return None


def renewed(shown: list[str], printed: list[str]) -> tuple[list[str], bool]:
    """What a page should show now, and whether its elisions could be kept."""
    parts = parts_of(shown)
    if len(parts) == 1:
        return printed, True
    found: list[str] = []
    at = 0
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        here: int | None = 0 if number == 0 else place(part, printed, at)
        if last and part:
            here = max(at, len(printed) - len(part))
        if number == 0 and len(part) > len(printed):
            return printed, False
        if here is None:
            return printed, False
        if number:
            found.append(checks.ELISION)
        found += printed[here : here + len(part)]
        at = here + len(part)
    return found, True


def update(page: Path) -> list[str]:
    """Records a page again; gives the commands whose output is new."""
    with tempfile.TemporaryDirectory() as folder:
        played = checks.play(page, Path(folder))
    lines = page.read_text(encoding="utf-8").splitlines()
    changed = []
    for each in reversed(played):
        shown = list(checks.tidy("\n".join(each.command.shown)))
        if checks.matches(tuple(shown), each.printed):
            continue
        indent = re.match(r" *", lines[each.command.first - 1])[0]  # type: ignore[index] # it always matches
        new, kept = renewed(shown, list(each.printed))
        blank = [""] if each.command.shown and not each.command.shown[-1].strip() else []
        first = each.command.first
        lines[first : first + len(each.command.shown)] = [*(f"{indent}{line}".rstrip() for line in new), *blank]
        changed.append(each.command.text + ("" if kept else "   (written whole: shorten it)"))
    if changed:
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return changed[::-1]


def main() -> None:
    """Records the named pages, or all of them."""
    pages = [Path(name).resolve() for name in sys.argv[1:]] or checks.PAGES
    for page in pages:
        for command in update(page):
            sys.stdout.write(f"{checks.name_of(page)}: $ {command}\n")


if __name__ == "__main__":
    main()
