"""`negsim deal` on narrow screens: nothing past the edge, no name broken."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from negsim.cli.deal import command

NARROW = [("paris_2025",), ("paris_2025", "--readings", "all"), ("paris_2025", "--all"), ("paris_2025_unnamed",)]


def words_of(text: str) -> set[str]:
    return {word.strip(",;:.()") for word in text.split()} - {""}


@pytest.mark.parametrize("columns", [20, 40, 60, 80])
@pytest.mark.parametrize("words", NARROW, ids=" ".join)
def test_nothing_runs_past_the_edge_and_no_word_is_broken_or_lost(columns: int, words: tuple[str, ...]) -> None:
    narrow, wide = (
        CliRunner().invoke(command, [*words], env={"COLUMNS": str(width)}).stdout for width in (columns, 300)
    )
    assert max(map(len, narrow.splitlines())) <= columns
    assert words_of(narrow) == words_of(wide)


def test_a_table_that_has_no_room_is_a_list() -> None:
    out = CliRunner().invoke(command, ["paris_2025", "--readings", "all"], env={"COLUMNS": "40"}).stdout
    assert (
        """
backstop_role: nothing
veto.russia: blocks_all
own_guarantees: principle
packages all could sign: 0
what would have to move: ukraine.forces;
russia.veto_all

"""
        in out
    )
    out = CliRunner().invoke(command, ["paris_2025"], env={"COLUMNS": "44"}).stdout
    assert (
        """
#: 21
package: armistice, in Ukraine after the
stop, left out, left out
Ukraine: yes 0.58
Russia: yes 0.55
United States: yes 1.00
zone Pareto

"""
        in out
    )
