"""Who sits at the table of talks: parties, those consulted, a mediator."""

from __future__ import annotations

from negsim.errors import did_you_mean
from negsim.language.draft import Draft, scalars, text_of
from negsim.language.nodes import Items, KeyedNode, Scalar

MOST_AT_TABLE = 20


def read_table(draft: Draft, key: Scalar, node: KeyedNode) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parties and those consulted; problems where they are no actors, twice there, or alone."""
    seated: dict[str, str] = {}
    for word, role in seats(node):
        before = seated.get(word.text)
        if before is not None:
            twice = "is named twice" if before == role else f"is one of the {before} already"
            hint = None if before == role else "a party must accept anyway; name it once"
            draft.problems.add(word, f"'{word.text}' {twice}", hint)
        elif is_actor(draft, word):
            seated[word.text] = role
    given = [items for name in ("parties", "consulted") if isinstance(items := node.get(name), Items)]
    if not (node.broken & {"parties", "consulted"}) and sum(len(items.items) for items in given) == 1:
        draft.problems.add(
            given[0], "only one is at the table", "talks take two: parties, or a party and one consulted"
        )
    if len(seated) > MOST_AT_TABLE:
        draft.problems.add(key, f"more than {MOST_AT_TABLE} are at the table of `{key.text}`")
    parties = tuple(name for name, role in seated.items() if role == "parties")
    return parties, tuple(name for name in seated if name not in parties)


def seats(node: KeyedNode) -> list[tuple[Scalar, str]]:
    """Each word that names one at the table, with its role."""
    return [(word, role) for role in ("parties", "consulted") for word in scalars(node.get(role))]


def is_actor(draft: Draft, word: Scalar) -> bool:
    """Whether a word names an actor; a problem where it is sure that it does not."""
    kind = draft.world.kind_of(word.text)
    if kind == "an actor":
        return True
    unread = draft.world.partial or word.text in draft.world.symbols
    if kind is not None:
        hint = "name its members that take part" if kind == "a group" else None
        draft.problems.add(word, f"'{word.text}' is {kind}, not an actor", hint)
    elif not unread:
        draft.problems.add(word, f"there is no actor '{word.text}'", did_you_mean(word.text, draft.world.all_actors()))
    return False


def read_mediator(draft: Draft, key: Scalar, node: KeyedNode) -> str | None:
    """The mediator; a problem where there must be one, or can be none."""
    word = node.get("mediator")
    single = text_of(node, "protocol") == "single_text"
    if single and not node.has("mediator"):
        hint = "with `single_text`, an actor that is not at the table puts the text forward"
        draft.problems.add(key, "`mediator` is missing", hint)
    if not isinstance(word, Scalar):
        return None
    if not single and "protocol" not in node.broken:
        draft.problems.add(node.entries["mediator"].key, "`mediator` goes with `protocol: single_text`")
    if word.text in {seat.text for seat, _ in seats(node)}:
        draft.problems.add(word, f"'{word.text}' is at the table, and cannot mediate", "a mediator has no position")
        return None
    return word.text if is_actor(draft, word) else None
