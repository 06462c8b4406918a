from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from urllib.parse import unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.answering.answer import MOST_STATEMENTS, Citation, Statement
from bot.answering.quoting.citing import cite, is_verbatim, link_to, quoted
from index.documents import Document, Place, Span
from index.evidence import Evidence, Sentence
from tests.unit.bot.answering.samples import choices, document, evidence, passages

BEES = document(
    "Mara Lind founded the club. She also keeps the bees. They sleep in winter. Honey is sold in May.\n\n"
    "The club has 40 members. Wasps are not kept."
)
SENTENCES = st.sampled_from(
    [
        "The club keeps bees.",
        "He founded it.",
        "They sleep.",
        "Honey costs 4.5 euros a jar.",
        "- Wax:\n",
        "“But why?”",
        "蜜蜂在冬天睡觉。",
    ]
)
TEXTS = st.lists(st.lists(SENTENCES, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=4).map("\n\n".join)


def test_a_chosen_sentence_becomes_a_statement_with_a_citation_that_quotes_it() -> None:
    statements, citations = _cite("40 members")

    assert statements == (Statement("The club has 40 members.", (1,)),)
    assert [(citation.number, citation.quote) for citation in citations] == [(1, "The club has 40 members.")]
    assert citations[0].document == BEES.metadata
    assert citations[0].heading == ("Notes",)
    assert citations[0].line == 3


def test_neighbours_share_one_citation_that_quotes_them_together() -> None:
    statements, citations = _cite("Wasps", "40 members")

    assert [statement.citations for statement in statements] == [(1,), (1,)]
    assert [citation.quote for citation in citations] == ["The club has 40 members. Wasps are not kept."]


def test_sentences_apart_in_one_passage_have_citations_of_their_own_the_better_one_first() -> None:
    statements, citations = _cite("Honey", "Mara Lind")

    assert [statement.text for statement in statements] == ["Honey is sold in May.", "Mara Lind founded the club."]
    assert [citation.quote for citation in citations] == ["Honey is sold in May.", "Mara Lind founded the club."]


def test_the_passage_of_the_best_sentence_comes_first() -> None:
    statements, _ = _cite("40 members", "Mara Lind")

    assert statements[0].text == "The club has 40 members."


def test_a_sentence_that_points_back_brings_the_one_that_says_who_she_is() -> None:
    statements, _ = _cite("She also")

    assert [statement.text for statement in statements] == ["Mara Lind founded the club.", "She also keeps the bees."]


def test_pointing_back_is_followed_to_where_it_leads() -> None:
    statements, _ = _cite("They sleep")

    assert statements[0].text == "Mara Lind founded the club."


def test_a_sentence_is_left_out_where_what_it_points_back_at_would_be_too_much() -> None:
    of = document(" ".join(f"Hive {number} stands here. It is green." for number in range(1, 10)))
    statements, _ = _cite_of(of, *(f"Hive {number} " for number in range(1, 6)), "It is")

    assert [statement.text for statement in statements] == [f"Hive {number} stands here." for number in range(1, 6)]


def test_a_sentence_that_stands_in_two_passages_is_stated_once() -> None:
    twice = document("Honey is sold in May.\n\nHoney is sold in  May.")
    found = evidence("honey", twice)

    statements, citations = cite(quoted(found.sentences, found.sentences), lambda _: twice)

    assert len(found.sentences) == 2
    assert len(statements) == len(citations) == 1


def test_an_item_of_a_list_is_stated_without_its_bullet_and_quoted_as_it_stands() -> None:
    statements, citations = _cite_of(document("Kept here:\n\n- Bees: 40 hives\n- Wasps: none"), "Wasps")

    assert [statement.text for statement in statements] == ["Wasps: none"]
    assert citations[0].quote == "- Wasps: none"


def test_a_statement_whose_quote_is_not_in_the_document_is_dropped() -> None:
    found = evidence("members", BEES)
    other = Document(BEES.metadata, BEES.text.replace("40", "41"))

    assert cite(quoted(choices(found, "40 members"), found.sentences), lambda _: other) == ((), ())


def test_numbers_stay_without_gaps_when_a_statement_is_dropped() -> None:
    found = evidence("members", BEES)
    other = Document(BEES.metadata, BEES.text.replace("40", "41"))

    statements, citations = cite(quoted(choices(found, "40 members", "Honey"), found.sentences), lambda _: other)

    assert [statement.citations for statement in statements] == [(1,)]
    assert [citation.number for citation in citations] == [1]


def test_a_quote_of_nothing_is_not_verbatim() -> None:
    _, (citation,) = _cite("40 members")

    assert is_verbatim(citation, BEES)
    assert not is_verbatim(replace(citation, quote=" ", span=Span(3, 4)), BEES)
    assert not is_verbatim(replace(citation, span=Span(citation.span.start + 1, citation.span.end + 1)), BEES)


@given(TEXTS, st.data())
def test_every_quote_is_the_documents_text_at_its_span_inside_its_passage(text: str, data: st.DataObject) -> None:
    of = document(text)
    _, citations = _cite_any(of, data)

    at = {passage.id: passage.span for passage in passages(of)}
    for citation in citations:
        passage = at[citation.passage_id]
        assert citation.quote == of.text[citation.span.start : citation.span.end]
        assert passage.start <= citation.span.start < citation.span.end <= passage.end
        assert citation.line == of.line_of(citation.span.start)


@given(TEXTS, st.data())
def test_citations_are_numbered_from_one_by_first_use(text: str, data: st.DataObject) -> None:
    statements, citations = _cite_any(document(text), data)

    used = list(dict.fromkeys(chain.from_iterable(statement.citations for statement in statements)))
    assert used == [citation.number for citation in citations] == list(range(1, len(citations) + 1))


@given(TEXTS, st.data())
def test_there_are_one_to_five_statements_each_out_of_what_its_citation_quotes(text: str, data: st.DataObject) -> None:
    statements, citations = _cite_any(document(text), data)

    quotes = {citation.number: " ".join(citation.quote.split()) for citation in citations}
    assert 1 <= len(statements) <= MOST_STATEMENTS
    assert all(statement.text in quotes[number] for statement in statements for number in statement.citations)


@given(TEXTS, st.data())
def test_the_best_sentence_is_always_among_the_statements(text: str, data: st.DataObject) -> None:
    found = evidence("honey", document(text))
    chosen = _some(found, data)

    statements, _ = cite(quoted(chosen, found.sentences), lambda _: document(text))

    best = " ".join(chosen[0].text.split()).removeprefix("- ")
    assert best in [statement.text for statement in statements]


@pytest.mark.parametrize(
    ("url", "source", "page", "link"),
    [
        (None, "bees/club.md", None, "bees/club.md#L3"),
        (None, "bees/club.pdf", 7, "bees/club.pdf#page=7"),
        (None, "my bees #1 (50%).md", None, "my%20bees%20%231%20(50%25).md#L3"),
        (None, "蜜蜂.md", None, "蜜蜂.md#L3"),
        ("https://example.org/a", "a.md", None, "https://example.org/a#:~:text=The%20club%20has%2040%20members."),
        (
            "https://example.org/a?b=c%20d#e",
            "a.md",
            None,
            "https://example.org/a?b=c%20d#:~:text=The%20club%20has%2040%20members.",
        ),
        (
            "https://example.org/100% <b>",
            "a.md",
            None,
            "https://example.org/100%25%20%3Cb%3E#:~:text=The%20club%20has%2040%20members.",
        ),
    ],
)
def test_a_link_opens_the_document_as_near_to_the_quote_as_its_kind_allows(
    url: str | None, source: str, page: int | None, link: str
) -> None:
    of = document(BEES.text, source, url)
    start = of.text.index("The club has")

    assert link_to(of, Span(start, start + 24), page, 3) == link


def test_a_dash_in_a_quote_is_encoded_because_it_means_something_in_a_fragment() -> None:
    of = document("Bee-keeping, briefly & well.", url="https://example.org/a")

    assert link_to(of, Span(0, 28), None, 1).endswith("#:~:text=Bee%2Dkeeping%2C%20briefly%20%26%20well.")


def test_a_fragment_that_would_be_too_long_is_left_out() -> None:
    of = document("蜂" * 200, url="https://example.org/a")

    assert link_to(of, Span(0, 200), None, 1) == "https://example.org/a"


def test_an_address_that_is_too_long_itself_gives_way_to_the_place_in_the_file() -> None:
    of = document("Bees.", "a.md", "https://example.org/" + "a" * 600)

    assert link_to(of, Span(0, 5), None, 1) == "a.md#L1"


def test_what_was_said_in_discord_opens_at_its_message_and_a_file_at_the_one_it_came_with() -> None:
    channel = "https://discord.com/channels/10/20"
    said = replace(
        document("The harbour opens at six.\n\nShips wait.", channel, channel),
        places=(Place("message", 31, None, Span(0, 27)), Place("message", 32, None, Span(27, 38))),
    )
    assert link_to(said, Span(27, 38), None, None) == f"{channel}/32"
    page = Place("page", 2, None, Span(0, 38))
    assert link_to(replace(said, places=(page,)), Span(27, 38), 2, None) == channel


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(alphabet="ab%2 <é#?/-", max_size=600),
    st.booleans(),
)
def test_every_link_is_short_enough_and_well_formed(text: str, path: str, on_the_web: bool) -> None:
    assume(text.strip())
    url = f"https://example.org/{path}" if on_the_web else None
    of = document(text, "notes.md" if on_the_web else f"n{path[:200]}", url)

    link = link_to(of, Span(0, len(text)), None, 1)

    assert len(link) <= 512
    assert not re.search(r"%(?![0-9A-Fa-f]{2})|\s", link)
    assert link.count("#") <= 1
    if not on_the_web:
        assert unquote(link.partition("#")[0]) == of.metadata.source


def _cite(*pieces: str) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    return _cite_of(BEES, *pieces)


def _cite_of(of: Document, *pieces: str) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    found = evidence("club", of)
    return cite(quoted(choices(found, *pieces), found.sentences), lambda _: of)


def _cite_any(of: Document, data: st.DataObject) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    found = evidence("club", of)
    return cite(quoted(_some(found, data), found.sentences), lambda _: of)


def _some(of: Evidence, data: st.DataObject) -> list[Sentence]:
    places = st.lists(st.sampled_from(range(len(of.sentences))), min_size=1, max_size=5, unique=True)
    return [of.sentences[place] for place in data.draw(places)]
