"""Whatever documents, people and models say, nothing of it acts in any field of any message."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import discord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering.answer import Answer, Citation
from bot.discord.answers.rendering import headed, render, unfinished
from bot.discord.answers.sources import SourceNames
from bot.discord.features.answer_buttons import answer_buttons
from bot.discord.features.citations import card, changed_card
from bot.discord.features.gaps import gaps_message
from bot.discord.features.handover import PersonsAnswer, human_message, request_message
from bot.discord.features.indexing import Added, list_message
from bot.discord.features.privacy import kept_message
from bot.discord.features.refreshing import progress_message, refresh_message
from bot.discord.features.searching import search_page
from bot.discord.features.sources import sources_page
from bot.discord.features.status import ChatModel, status_message
from bot.discord.history import Asked
from bot.discord.messaging.message import Message
from bot.discord.messaging.notices import complaint, notice
from bot.discord.store import EscalationTarget, Gap, Origin, StoredAnswer, Verdict
from bot.presenting.words import ENGLISH
from index.access import OPERATOR
from index.documents import Document, DocumentMetadata
from index.errors import FootnoteError
from index.hits import Hit, SearchResult
from index.messages import Attachment, Channel, Holds
from index.report import Failure, Progress, RefreshReport
from tests.fakes import FakeLibrary
from tests.unit.bot.discord.limits_of_discord import acting_anywhere, acting_in, broken_limits
from tests.unit.bot.discord.sample_answers import ANSWER, CITATIONS, HITS, any_answers, any_text

STORED = StoredAnswer("a1", Origin(1), ANSWER)
_FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def harmless(messages: Sequence[Message]) -> None:
    for message in messages:
        assert broken_limits(message) == []
        assert acting_in(message) == []


@_FEW
@given(any_answers(), any_text(4))
def test_an_answer(answer: Answer, question: str) -> None:
    buttons = answer_buttons(answer, "a1", EscalationTarget(channel=1), private=True, words=ENGLISH)
    harmless(
        [
            *headed(render(answer, "a1", ENGLISH, buttons, searched=question), question),
            unfinished(answer, words=ENGLISH),
        ]
    )


@_FEW
@given(CITATIONS, any_text(20))
def test_a_card(citation: Citation, text: str) -> None:
    span = replace(citation.span, start=0, end=min(len(text), 9))
    citation = replace(citation, span=span, quote=span.of(text))
    harmless(
        [
            card(citation, "a1", Document(citation.document, text), words=ENGLISH),
            changed_card(citation, STORED, Document(citation.document, text * 2), ENGLISH),
        ]
    )


@_FEW
@given(any_text(4), HITS)
def test_what_a_search_found_and_what_is_indexed(query: str, hits: tuple[Hit, ...]) -> None:
    harmless(
        [
            search_page(SearchResult(query, 4, hits), "s1", 0, words=ENGLISH),
            sources_page([hit.document for hit in hits], "s1", 0, words=ENGLISH),
        ]
    )


@_FEW
@given(HITS, any_text(2))
def test_the_choices_while_somebody_types(hits: tuple[Hit, ...], typed: str) -> None:
    documents = [Document(replace(hit.document, id=f"{number}"), "") for number, hit in enumerate(hits)]
    for choice in asyncio.run(SourceNames(FakeLibrary(*documents)).choices(typed, OPERATOR)):
        assert acting_anywhere(choice.name) == []
        assert discord.app_commands.Choice(name=choice.name, value=choice.value) == choice


@_FEW
@given(st.lists(any_text(3), max_size=4), any_text(3), any_answers())
def test_how_the_index_is_and_what_a_refresh_did(names: list[str], reason: str, answer: Answer) -> None:
    failed = tuple(Failure(name, reason, kept=False) for name in names)
    report = RefreshReport(5, tuple(names), (), tuple(names), 1, failed, 9, 1, 0.5)
    timed = replace(answer, timings_ms={reason: 1.0})
    generation = FakeLibrary().generation(OPERATOR)
    status = status_message(generation, [timed], ChatModel(reason), datetime.now(UTC), words=ENGLISH)
    harmless([refresh_message(report, words=ENGLISH), progress_message(Progress(reason, 1, 2), words=ENGLISH), status])


@_FEW
@given(any_answers(), any_text(3))
def test_gaps_questions_for_people_and_notices(answer: Answer, text: str) -> None:
    stored = StoredAnswer("a1", Origin(7, 1), replace(answer, question=text or "?"))
    gap = Gap("a1", text, answer.status, (Verdict.WRONG,), (text,))
    request = request_message(stored, EscalationTarget(channel=1), "", words=ENGLISH)
    helper: Any = SimpleNamespace(display_name=text)
    human = human_message(stored, PersonsAnswer(helper, text), ENGLISH)
    asked = Asked(datetime.now(UTC), text or "?", answer.status)
    harmless(
        [
            gaps_message((gap,), words=ENGLISH),
            *(replace(each, content=each.content.removeprefix("<@7>")) for each in (request, human)),
            kept_message([asked] * 12, 90, ENGLISH),
            notice(text),
            complaint(FootnoteError(text), words=ENGLISH),
        ]
    )


@_FEW
@given(st.lists(any_text(3), max_size=60), any_text(3))
def test_what_was_added_to_the_index(names: list[str], problem: str) -> None:
    address = "https://discord.com/channels/10/20/30"
    added = Added(
        [Channel(5, 10, problem, problem, Holds.PINNED)],
        {5: problem},
        [Attachment(name, address, 10, 7) for name in names],
        [(name, name) for name in names],
    )
    (embed,) = list_message(added, ENGLISH).embeds
    ours = embed.description.replace("<#5>", "").replace(f"]({address})", "")
    shown = replace(embed, description=re.sub(r"^- \[", "- ", ours, flags=re.MULTILINE))
    harmless([Message(embeds=(shown,))])
    assert broken_limits(Message(embeds=(embed,))) == []


def test_a_title_shows_its_characters_and_is_no_link() -> None:
    metadata = DocumentMetadata("d" * 32, "[gift](https://evil.example) @everyone", "gift.md")
    (hit,) = FakeLibrary(Document(metadata, "Free.")).hits("free")
    (embed,) = search_page(SearchResult("free", 4, (hit,)), "s1", 0, words=ENGLISH).embeds
    assert embed.title == r"1. \[gift\](https\://evil.example) \[at\]everyone"
