"""Talks as frozen values: who sits there, what is negotiated, what each wants."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from negsim.scenario.expressions import Expression
from negsim.scenario.record import Origin
from negsim.scenario.rules import At, Emission, OnEvent
from negsim.scenario.types import TermOption
from negsim.scenario.words import LEAVING_EVENTS, TALKS_EVENTS, TERM_EVENTS


@attrs.frozen
class RedLine:
    """What a party never signs: `never` reads the terms of a package, `when` the state; `text` is for readers."""

    name: str
    never: Expression
    when: Expression | None
    origin: Origin
    note: str | None = None
    text: str | None = None


@attrs.frozen
class Position:
    """What a party wants from talks.

    `values` gives what an option is worth to it, by (issue, option): numbers that read no state, 0 where none is given;
    a sum of values above `cap` counts as it. `fallback` is what no deal is worth (0..1, an expression over the state);
    `concession` the exponent of its aspiration, above 0. It leaves the talks where `leaves` holds, a condition over the
    state.
    """

    party: str
    red_lines: Mapping[str, RedLine]
    values: Mapping[tuple[str, TermOption], Expression]
    fallback: Expression
    concession: Expression
    strategy: str
    origin: Origin
    note: str | None = None
    cap: Expression | None = None
    leaves: Expression | None = None

    @property
    def numbers(self) -> tuple[Expression, ...]:
        """All that it puts numbers to: values, cap, fallback and concession."""
        cap = () if self.cap is None else (self.cap,)
        return (*self.values.values(), *cap, self.fallback, self.concession)


@attrs.frozen
class Talks:
    """Negotiations over a finite set of packages: the product of the issues' options, in file order.

    `parties` propose in their order; `consulted` must accept too. `opens` is a day (round 0), or an event (round 0 is
    `every` days after it). The protocol is `alternating_offers`, or `single_text` with a mediator. `issue_words` and
    `option_words` (by issue) are for readers, where the author gives some. Without those whom it `needs` nothing can be
    signed. An agreement is in force `until_notice`, so many days at a time, until one of the events `notice` comes;
    that number reads no state, and may read the terms by name. Without it an agreement stands.
    """

    name: str
    parties: tuple[str, ...]
    consulted: tuple[str, ...]
    opens: At | OnEvent
    every: Expression
    rounds: Expression
    condition: Expression | None
    issues: Mapping[str, tuple[TermOption, ...]]
    issue_words: Mapping[str, str]
    option_words: Mapping[str, Mapping[str, str]]
    protocol: str
    mediator: str | None
    agreed: Emission | None
    reopens: tuple[str, ...]
    positions: Mapping[str, Position]
    needs: tuple[str, ...] = ()
    until_notice: Expression | None = None
    notice: tuple[str, ...] = ()
    origin: Origin | None = None
    note: str | None = None

    @property
    def everybody(self) -> tuple[str, ...]:
        """All who must accept: the parties, then those consulted."""
        return (*self.parties, *self.consulted)

    @property
    def leavers(self) -> tuple[str, ...]:
        """Those of them who can leave the talks."""
        return tuple(party for party in self.everybody if self.positions[party].leaves is not None)

    @property
    def says(self) -> tuple[str, ...]:
        """The events that they log by themselves."""
        leaving = LEAVING_EVENTS if self.leavers else ()
        return (*TALKS_EVENTS, *leaving, *(() if self.until_notice is None else TERM_EVENTS))
