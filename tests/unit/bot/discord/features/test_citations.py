from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answer import Citation
from bot.discord.features.citations import card, changed_card, quotes
from bot.discord.messaging.message import Button, Field
from bot.discord.store import Origin, StoredAnswer
from bot.presenting.words import ENGLISH
from index.documents import Document, Span
from tests.unit.bot.discord.limits_of_discord import acting, broken_limits, texts
from tests.unit.bot.discord.sample_answers import ANSWER, CITATION, CITATIONS, DOCUMENT, METADATA, any_text

PAGE = Document(METADATA, DOCUMENT)
STORED = StoredAnswer("a1", Origin(asker=7), ANSWER)


def test_the_card_shows_the_quote_in_bold_inside_its_context_and_the_way_to_it() -> None:
    message = card(CITATION, "a1", PAGE, words=ENGLISH)
    (embed,) = message.embeds
    assert embed.title == "[1] The report"
    assert embed.description == ("Rates\n\n**The rate rose to 4.6 percent in May.** It had been 4.1 percent in April.")
    assert embed.fields == (
        Field("Where", "Rates · line 3"),
        Field("Published", "2025-05-28", inline=True),
        Field("Source", r"The Bureau · https\://example.org/report"),
    )
    assert message.rows[0][0] == Button("Open the source", link="https://example.org/report#:~:text=The%20rate")
    assert message.rows[0][1].action == "footnote:wrong:a1:1"


def test_where_no_space_stands_around_the_quote_none_is_added() -> None:
    text = "四月是四点一。五月升到四点六。六月未变。"
    quote = "五月升到四点六。"
    citation = replace(CITATION, quote=quote, span=Span(text.index(quote), text.index(quote) + len(quote)))
    (embed,) = card(citation, "a1", Document(METADATA, text), words=ENGLISH).embeds
    assert embed.description == "四月是四点一。**五月升到四点六。**六月未变。"


def test_long_context_is_cut_at_words() -> None:
    text = "before " * 200 + "THE QUOTE" + " after" * 200
    start = text.index("THE")
    citation = replace(CITATION, quote="THE QUOTE", span=Span(start, start + 9))
    description = card(citation, "a1", Document(METADATA, text), words=ENGLISH).embeds[0].description
    assert description.startswith("…before ") and description.endswith(" after…")
    assert "**THE QUOTE**" in description


def test_a_document_that_changed_is_noticed() -> None:
    assert quotes(CITATION, PAGE)
    assert not quotes(CITATION, Document(METADATA, "New words. " + DOCUMENT))


def test_the_card_of_a_document_that_is_gone_still_shows_the_quote() -> None:
    (embed,) = changed_card(CITATION, STORED, None, words=ENGLISH).embeds
    assert embed.description == "**The rate rose to 4.6 percent in May.**"
    stood = f"The quote is as it stood in index generation {ANSWER.generation}."
    assert embed.fields[-1].value == f"This document has left the index. {stood}"


def test_a_quote_that_moved_is_shown_where_it_stands_now() -> None:
    moved = Document(METADATA, "New words. " + DOCUMENT, lines=((0, 1),))
    (embed,) = changed_card(CITATION, STORED, moved, words=ENGLISH).embeds
    assert "**The rate rose to 4.6 percent in May.** It had been" in embed.description
    assert embed.fields[-1] == Field("Since then", "This document has changed. The quote still stands in it.")


def test_what_stands_in_the_place_of_a_quote_is_shown_beside_it() -> None:
    put_right = Document(METADATA, DOCUMENT.replace("4.6 percent", "4.7 percent"))
    (embed,) = changed_card(CITATION, STORED, put_right, words=ENGLISH).embeds
    assert embed.description == "**The rate rose to 4.6 percent in May.**"
    assert embed.fields[-1] == Field("In its place stands now", "The rate rose to 4.7 percent in May.")


def test_where_nothing_like_the_quote_is_left_nothing_is_said_to_stand_in_its_place() -> None:
    rewritten = Document(METADATA, "Bees fly. Honey is sold in jars by the club of the village.")
    (embed,) = changed_card(CITATION, STORED, rewritten, words=ENGLISH).embeds
    assert [field.name for field in embed.fields][-1] == "Since then"


@settings(max_examples=60)
@given(CITATIONS, any_text(60), st.integers(0, 500), st.integers(0, 3000))
def test_any_card_keeps_the_limits_and_links_only_to_the_document(
    citation: Citation, text: str, start: int, size: int
) -> None:
    span = Span(min(start, len(text)), min(start + size, len(text)))
    citation = replace(citation, span=span, quote=span.of(text))
    for message in (
        card(citation, "a1", Document(citation.document, text), words=ENGLISH),
        changed_card(citation, STORED, None, words=ENGLISH),
        changed_card(citation, STORED, Document(citation.document, f"{text} More."), words=ENGLISH),
    ):
        assert broken_limits(message) == []
        assert [found for text in texts(message) for found in acting(text)] == []
