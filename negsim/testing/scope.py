"""What an expression can read where it stands."""

from __future__ import annotations

import attrs

from negsim.scenario.types import ActorOf, Type, Whole
from negsim.testing.author import Author, Names


@attrs.frozen
class Scope:
    """The names that the author has given so far, and those `bound` here: fields and actors, with their types."""

    author: Author
    bound: Names = attrs.field(factory=dict)

    def having(self, more: Names) -> Scope:
        """The same with more names bound."""
        return Scope(self.author, {**self.bound, **more})

    def readable(self) -> dict[str, Type]:
        """The texts of all that can be read, with their types."""
        found = {**self.author.terms, **self.bound}
        for name, kind in self.bound.items():
            if isinstance(kind, ActorOf) and kind.group is not None:
                found |= {f"{name}.{own}": t for own, t in self.author.own[kind.group].items()}
                found |= {f"{held}[{name}]": t for held, t in self.author.held.get(kind.group, {}).items()}
                if set(kind.actors) <= set(self.author.groups["bloc"]):
                    found |= {f"{definition}({name})": t for definition, t in self.author.about.items()}
        return found

    def wholes(self) -> list[str]:
        """The texts of whole numbers."""
        return [text for text, kind in self.readable().items() if isinstance(kind, Whole)]
