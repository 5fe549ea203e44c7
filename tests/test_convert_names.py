"""Names that `negsim import` makes of a domain's wording."""

from hypothesis import given
from hypothesis import strategies as st

from negsim.convert.domain import Domain, Issue, Profile
from negsim.convert.names import free_name, plain_name
from negsim.convert.writing import names_of
from negsim.language.tokens import name_problem


def test_how_a_wording_becomes_a_name() -> None:
    words = [
        "Dell",
        "Brot & Söhne",
        "19'' LCD",
        "-3",
        "- 2.5",
        "in",
        "sum",
        "True",
        "Null",
        "__x__",
        "日本",
        "",
        "½",
        "a" * 80,
    ]
    assert [plain_name(word, "option_1") for word in words] == [
        "dell",
        "brot_sohne",
        "n19_lcd",
        "minus_3",
        "minus_2_5",
        "in_",
        "sum_",
        "true_",
        "null_",
        "x",
        "option_1",
        "option_1",
        "n12",
        "a" * 56,
    ]


def test_what_talks_use_themselves_gets_a_sign_behind_it() -> None:
    assert [free_name(word, "issue_1", set()) for word in ("Round", "PHASE", "unsettled", "agreed", "Party")] == [
        "round_",
        "phase_",
        "unsettled_",
        "agreed_",
        "party_",
    ]


def test_of_two_alike_the_later_one_is_numbered() -> None:
    taken: set[str] = set()
    found = []
    for word in ("In", "in", "IN", "in_2"):
        found.append(free_name(word, "option_1", taken))
        taken.add(found[-1])
    assert found == ["in_", "in_2", "in_3", "in_2_2"]


texts = st.text(max_size=70)


@given(texts, st.lists(texts, min_size=1, max_size=4), st.lists(st.lists(texts, min_size=2, max_size=4), min_size=1))
def test_names_can_be_used_and_are_apart(title: str, parties: list[str], issues: list[list[str]]) -> None:
    domain = Domain(
        title,
        "GENIUS",
        tuple(Issue(f"{options[0]}", tuple(options), number) for number, options in enumerate(issues)),
        tuple(Profile(party, "f", (), 0.0, 0.0) for party in parties),
    )
    names = names_of(domain)
    apart = [names.talks, *names.parties, *names.issues]
    assert len(set(apart)) == len(apart)
    for options in names.options:
        assert len(set(options)) == len(options)
        assert not set(options) & set(apart)
    for name in (*apart, *(option for options in names.options for option in options)):
        assert name_problem(name) is None
    assert names == names_of(domain)
