"""What was deleted in Discord since it was indexed is shown to nobody."""

from __future__ import annotations

from collections.abc import Collection

from bot.discord.answers.deleted import is_deleted, of_answer, of_result
from index.hits import SearchResult
from tests.unit.bot.discord.sample_answers import ANSWER, CITATION, HIT, quoting_message

QUOTING = quoting_message("The safe is blue.", 20, 31)


class Kept:
    """Channels of which these messages are kept."""

    def __init__(self, *messages: int) -> None:
        self.messages = frozenset(messages)

    def missing(self, messages: Collection[int]) -> frozenset[int]:
        return frozenset(messages) - self.messages


def test_an_answer_says_nothing_by_a_message_that_is_deleted() -> None:
    assert of_answer(QUOTING, Kept(31)) is QUOTING
    assert of_answer(ANSWER, Kept()) is ANSWER
    assert "blue" not in repr(of_answer(QUOTING, Kept()))


def test_a_search_finds_all_but_messages_that_are_deleted() -> None:
    (said,) = QUOTING.nearest
    result = SearchResult("safe", 4, (said, HIT))
    assert of_result(result, Kept(31)) is result
    assert [(hit.rank, hit.document.title) for hit in of_result(result, Kept()).hits] == [(1, HIT.document.title)]


def test_no_card_is_shown_of_it() -> None:
    assert is_deleted(QUOTING.citations[0], Kept()) and not is_deleted(QUOTING.citations[0], Kept(31))
    assert not is_deleted(CITATION, Kept())
