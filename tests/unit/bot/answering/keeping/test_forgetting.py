"""What is left of an answer once messages that it quotes were deleted."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.answer import Statement, Status
from bot.answering.keeping.forgetting import MESSAGE_IN_JSON, without_messages, without_references
from bot.answering.keeping.kept_answer import from_json, to_json
from tests.unit.bot.discord.sample_answers import ANSWER, CITATION, quoting_message

QUOTING = quoting_message("The safe is blue.", 20, 31)


def test_an_answer_that_stood_on_the_message_alone_says_nothing_any_more() -> None:
    left = without_messages(QUOTING, {31})
    assert (left.status, left.statements, left.citations, left.nearest) == (Status.NOT_FOUND, (), (), ())
    assert "blue" not in repr(left)


def test_what_stands_on_other_documents_stays_with_its_numbers() -> None:
    other = replace(CITATION, number=2)
    both = replace(
        QUOTING,
        statements=(*QUOTING.statements, Statement("The rate rose.", (2,)), Statement("Blue, and it rose.", (1, 2))),
        citations=(*QUOTING.citations, other),
    )
    left = without_messages(both, {31})
    assert (left.status, left.citations) == (QUOTING.status, (other,))
    assert [statement.text for statement in left.statements] == ["The rate rose."]


def test_an_answer_that_has_nothing_of_the_messages_is_itself() -> None:
    assert without_messages(QUOTING, {32}) is QUOTING
    assert without_messages(ANSWER, {31}) is ANSWER


def test_what_quotes_a_message_is_told_by_its_json() -> None:
    assert MESSAGE_IN_JSON in to_json(QUOTING) and MESSAGE_IN_JSON not in to_json(ANSWER)


def test_what_a_message_replies_to_is_not_kept_with_it() -> None:
    (citation,), (hit,) = QUOTING.citations, QUOTING.nearest
    under = ("Ada: Where is the safe?", "Grace, 2026-01-02 12:00")
    replying = replace(
        QUOTING,
        citations=(replace(citation, heading=under), CITATION),
        nearest=(replace(hit, passage=replace(hit.passage, heading=under)),),
    )
    kept = from_json(to_json(replying))
    assert "Where is the safe" not in repr(kept)
    assert [each.heading for each in kept.citations] == [under[1:], CITATION.heading]
    assert without_references(ANSWER) is ANSWER
