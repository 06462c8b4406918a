import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from bot.answering.answer import (
    Answer,
    Choice,
    Clarification,
    Distinction,
    Made,
    Note,
    NoteKind,
    Statement,
    Status,
)
from bot.discord.answers.rendering import as_markdown, headed, render, unfinished
from bot.discord.messaging.message import Button
from bot.discord.work.jobs import Interim
from bot.presenting.words import ENGLISH
from index.documents import Span
from tests.unit.bot.discord.limits_of_discord import acting, broken_limits, texts
from tests.unit.bot.discord.sample_answers import ANSWER, HIT, QUOTE, REFUSAL, WRITTEN, any_answers, any_text

_INDEXED = ("https://example.org/a", "https://example.org/" + "a" * 600)
_ACTIONS = tuple(Button(f"Action {number}", f"footnote:act:x:{number}") for number in range(5))


@settings(max_examples=150)
@given(any_answers())
def test_any_answer_keeps_every_limit_of_discord(answer: Answer) -> None:
    messages = render(answer, "0123456789ab", ENGLISH, _ACTIONS, "everything")
    assert [broken_limits(message) for message in messages] == [[]] * len(messages)
    assert 1 <= len(messages) <= 3


@settings(max_examples=150)
@given(any_answers())
def test_no_answer_makes_discord_act_but_for_links_to_indexed_sources(answer: Answer) -> None:
    for message in render(answer, "0123456789ab", ENGLISH):
        for text in texts(message):
            assert [found for found in acting(text) if not found.startswith(_INDEXED[0])] == []


@settings(max_examples=100)
@given(any_answers())
def test_an_answer_is_shown_whole_or_attached_whole(answer: Answer) -> None:
    messages = render(answer, "0123456789ab", ENGLISH)
    if answer.statements and messages[-1].file is None:
        shown = " ".join(message.content for message in messages)
        sources = messages[-1].embeds[0].description
        assert len(re.findall(r"\[\d", shown.replace("\\[", ""))) >= len(answer.statements)
        assert all(f"**[{citation.number}]**" in sources for citation in answer.citations)
    if messages[-1].file:
        assert messages[-1].file.data.decode() == as_markdown(answer, words=ENGLISH)


def test_an_answer_shows_its_statement_its_source_and_a_button_for_it() -> None:
    (message,) = render(ANSWER, "0123456789ab", ENGLISH)
    assert message.content == f"{QUOTE} [1]"
    assert message.embeds[0].description == (
        "**[1]** The report · Rates · line 3 · 2025-05-28 · [open](https://example.org/report#:~:text=The%20rate)"
    )
    assert message.rows[0] == (Button("1", "footnote:cite:0123456789ab:1"),)


def test_a_link_that_leaves_the_document_is_not_shown() -> None:
    citation = replace(ANSWER.citations[0], link="https://evil.example/report")
    (message,) = render(replace(ANSWER, citations=(citation,)), "0123456789ab", ENGLISH)
    assert "[open](https://example.org/report)" in message.embeds[0].description


def test_a_long_answer_goes_on_in_further_messages_with_the_sources_last() -> None:
    statements = tuple(Statement(f"Fact {number}. " + "Words and more words. " * 20, (1,)) for number in range(8))
    messages = render(replace(ANSWER, statements=statements), "0123456789ab", ENGLISH)
    assert len(messages) == 2
    assert not messages[0].embeds and messages[1].embeds[0].title == "Sources"
    assert messages[1].file is None


def test_what_does_not_fit_is_attached_whole() -> None:
    statements = tuple(Statement(f"Fact {number}. " + "Words and more words. " * 40, (1,)) for number in range(20))
    messages = render(replace(ANSWER, statements=statements), "0123456789ab", ENGLISH)
    assert len(messages) == 3
    assert "attached answer.md" in messages[2].content
    assert messages[2].file is not None
    assert all(f"Fact {number}." in messages[2].file.data.decode() for number in range(20))


@settings(max_examples=150)
@given(any_answers(), any_text(40))
def test_what_is_shown_of_any_unfinished_answer_is_one_message_with_room_for_a_line(
    answer: Answer, question: str
) -> None:
    (message,) = headed([unfinished(answer, words=ENGLISH)], question)
    content = message.content + "\n" + "x" * (Interim.MARGIN - 1)
    assert broken_limits(replace(message, content=content)) == []
    for text in texts(message):
        assert [found for found in acting(text) if not found.startswith(_INDEXED[0])] == []


def test_an_unfinished_answer_shows_its_statements_and_their_sources_and_no_button() -> None:
    (whole,) = render(ANSWER, "0123456789ab", ENGLISH)
    shown = unfinished(ANSWER, words=ENGLISH)
    assert shown.content == f"{QUOTE} [1]"
    assert shown.embeds[0].description == whole.embeds[0].description
    assert not shown.rows


def test_the_end_of_an_unfinished_answer_that_does_not_fit_is_cut() -> None:
    shown = unfinished(replace(ANSWER, statements=(Statement("Many words. " * 50, (1,)),) * 4), words=ENGLISH)
    assert shown.content.endswith(" …")
    code = unfinished(replace(ANSWER, statements=(Statement("```py\n" + "line\n" * 500 + "```", (1,)),)), words=ENGLISH)
    assert code.content.endswith("line\n```\n…")


def test_the_footer_names_the_chat_model_where_the_words_are_its_own() -> None:
    own = replace(WRITTEN, made=Made.MIXED)
    footers = [render(answer, "0123456789ab", ENGLISH)[0].embeds[0].footer for answer in (own, WRITTEN, ANSWER)]
    quoted = "Index generation 4 · confidence 93%"
    assert footers == [f"Written by openai:gpt-5-mini · {quoted}", quoted, quoted]


_LATE = Note(NoteKind.QUESTION_NOT_REWRITTEN, "did not answer within 45 s")


@pytest.mark.parametrize("answer", [ANSWER, REFUSAL])
def test_what_went_wrong_on_the_way_is_said_in_one_small_line(answer: Answer) -> None:
    (message,) = render(
        replace(answer, notes=(_LATE, Note(NoteKind.FREE_TEXT, "a step was\nskipped"))), "0123456789ab", ENGLISH
    )
    assert message.content.splitlines()[-1] == "-# The chat model did not answer within 45 s; a step was skipped"


def test_what_went_wrong_is_in_the_file_too() -> None:
    assert "\nthe chat model did not answer within 45 s\n" in as_markdown(
        replace(ANSWER, notes=(_LATE,)), words=ENGLISH
    )


def test_a_partial_answer_says_so() -> None:
    (message,) = render(replace(ANSWER, status=Status.PARTLY_ANSWERED), "0123456789ab", ENGLISH)
    assert "only a part" in message.content


def test_a_refusal_says_what_was_searched_and_offers_the_nearest_passages_as_no_answer() -> None:
    (message,) = render(replace(REFUSAL, nearest=(HIT,) * 5), "0123456789ab", ENGLISH, searched="12 documents")
    assert "do not say" in message.content and "12 documents" in message.content
    assert message.embeds[0].title == "Nearest, not an answer"
    assert message.embeds[0].description.count("The report") == 3
    assert not message.rows


def test_with_more_citations_than_buttons_the_other_actions_stay() -> None:
    citations = tuple(replace(ANSWER.citations[0], number=number) for number in range(1, 49))
    rows = render(replace(ANSWER, citations=citations), "0123456789ab", ENGLISH, _ACTIONS)[-1].rows
    assert [len(row) for row in rows] == [5] * 5
    assert rows[-1] == _ACTIONS


def test_what_answers_stands_in_bold_and_the_rest_stays_neutral() -> None:
    (said,) = (ANSWER.statements[0],)
    text = "The *moon* is made of rock, they say."
    answer = replace(ANSWER, statements=(replace(said, text=text, answer=Span(22, 26)),))
    *_, message = render(answer, "id", ENGLISH)
    assert message.content.startswith(r"The \*moon\* is made of **rock**, they say. [1]")


def test_what_only_comes_close_says_so_first() -> None:
    *_, message = render(replace(ANSWER, status=Status.RELATED), "id", ENGLISH)
    assert message.content.startswith("**The documents do not say this outright. Closest:**")


def test_an_open_question_is_asked_back_with_its_choices() -> None:
    choices = (Choice("second quarter", "And in the second quarter?"), Choice("third quarter", "And in the third one?"))
    open_question = Clarification(Distinction.QUARTER, choices)
    asked = replace(REFUSAL, status=Status.CLARIFY, clarification=open_question)
    *_, message = render(asked, "id", ENGLISH)
    assert message.content.startswith("**Which quarter do you mean: second quarter or third quarter?**")
