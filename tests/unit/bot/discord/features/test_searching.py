from dataclasses import replace

from hypothesis import given, settings

from bot.discord.features.searching import near, search_page
from bot.discord.features.sources import sources_page
from bot.presenting.words import ENGLISH
from index.hits import Hit, RerankerSkipped, SearchResult
from tests.unit.bot.discord.limits_of_discord import acting, broken_limits, texts
from tests.unit.bot.discord.sample_answers import HIT, HITS, METADATA

SEARCH = SearchResult("rates", 4, tuple(replace(HIT, rank=rank) for rank in range(1, 8)))


def test_a_search_page_shows_three_passages_with_their_places() -> None:
    message = search_page(SEARCH, "s1", 0, words=ENGLISH)
    assert [embed.title for embed in message.embeds] == ["1. The report", "2. The report", "3. The report"]
    assert message.embeds[0].description.endswith("-# Rates · 2025-05-28 · [open](https://example.org/report)")


def test_passages_of_one_document_are_not_embeds_of_one_address() -> None:
    assert broken_limits(search_page(SEARCH, "s1", 0, words=ENGLISH)) == []


def test_the_pages_can_be_turned_both_ways_and_round() -> None:
    actions = [button.action for button in search_page(SEARCH, "s1", 0, words=ENGLISH).rows[0]]
    assert actions == ["footnote:search:s1:b2", "footnote:search:s1:p0", "footnote:search:s1:n1"]


def test_the_last_page_holds_the_rest() -> None:
    assert [embed.title for embed in search_page(SEARCH, "s1", 2, words=ENGLISH).embeds] == ["7. The report"]


def test_a_page_beyond_the_last_is_the_last() -> None:
    assert search_page(SEARCH, "s1", 99, words=ENGLISH) == search_page(SEARCH, "s1", 2, words=ENGLISH)


def test_one_page_has_no_buttons() -> None:
    assert search_page(SearchResult("rates", 4, (HIT,)), "s1", 0, words=ENGLISH).rows == ()


def test_a_search_that_could_not_be_done_as_it_was_meant_says_why_in_small() -> None:
    content = search_page(replace(SEARCH, notes=(RerankerSkipped(2.5),)), "s1", 0, words=ENGLISH).content
    assert content == "**7 passages** for: rates\n-# the reranker took longer than 2.5 s and was skipped"


def test_nothing_found_says_so() -> None:
    assert (
        search_page(SearchResult("*rates*", 4, ()), "s1", 0, words=ENGLISH).content
        == r"**Nothing found** for: \*rates\*"
    )
    assert "No indexed document" in sources_page((), "s1", 0, words=ENGLISH).content


def test_what_shares_neither_words_nor_meaning_with_a_query_is_not_found() -> None:
    neither = replace(HIT, bm25=0.0, cosine=0.05)
    by_meaning, by_words = replace(neither, cosine=0.4), replace(neither, bm25=1.5, cosine=None)
    assert near([neither, by_meaning, by_words]) == (by_meaning, by_words)


def test_the_sources_are_listed_with_dates_and_links() -> None:
    (embed,) = sources_page((METADATA,), "l1", 0, words=ENGLISH).embeds
    assert embed.title == "1 document"
    assert embed.description == (
        r"- **The report** · 2025-05-28 · https\://example.org/report · [open](https://example.org/report)"
    )


@settings(max_examples=60)
@given(HITS)
def test_any_page_keeps_the_limits_and_acts_on_nothing(hits: tuple[Hit, ...]) -> None:
    records = [hit.document for hit in hits] * 2
    for page in range(3):
        for message in (
            search_page(SearchResult("q", 4, hits), "s1", page, words=ENGLISH),
            sources_page(records, "l1", page, words=ENGLISH),
        ):
            assert broken_limits(message) == []
            found = [found for text in texts(message) for found in acting(text)]
            assert [link for link in found if not link.startswith("https://example.org/a")] == []


def test_the_longest_sources_still_fit_one_page() -> None:
    long = replace(METADATA, title="*" * 300, source="_" * 300, url="https://example.org/" + "a" * 490)
    assert broken_limits(sources_page((long,) * 12, "l1", 0, words=ENGLISH)) == []
