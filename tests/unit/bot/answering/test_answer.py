from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from bot.answering.answer import Answer, Statement, Status
from tests.unit.bot import samples


def test_the_text_of_an_answer_is_its_statements_with_the_numbers_of_their_citations() -> None:
    answer = replace(samples.answer(), statements=(Statement("It is rock.", (1,)), Statement("It is far.", (1, 2))))

    assert answer.text == "It is rock. [1] It is far. [1][2]"


def test_the_text_of_a_refusal_is_empty() -> None:
    assert samples.refusal().text == ""


def test_a_status_reads_as_the_json_of_the_command_line_spells_it() -> None:
    assert [str(status) for status in Status] == ["answered", "partly_answered", "related", "not_found", "clarify"]


def test_an_answer_cannot_be_changed_once_it_was_given() -> None:
    answer: Answer = samples.answer()

    with pytest.raises(FrozenInstanceError):
        answer.confidence = 1.0  # type: ignore[misc]
