from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.answering.answer import Made, ModelUsage, Note, NoteKind
from bot.answering.keeping import kept_answer
from tests.unit.bot.samples import answer

WRITTEN = replace(
    answer(),
    made=Made.MIXED,
    usage=ModelUsage("openai:any", 12, 3),
    notes=(Note(NoteKind.NOT_TRANSLATED, "broke off"),),
)


def test_an_answer_comes_back_as_it_was_kept() -> None:
    assert kept_answer.from_json(kept_answer.to_json(WRITTEN)) == WRITTEN


def test_what_an_earlier_version_kept_is_read() -> None:
    form = json.loads(kept_answer.to_json(WRITTEN))
    form["written"] = form.pop("usage")
    form["notes"] = ["the chat model broke off"]
    del form["made"]

    was = replace(WRITTEN, made=Made.QUOTED, notes=(Note(NoteKind.FREE_TEXT, "the chat model broke off"),))
    assert kept_answer.from_json(json.dumps(form)) == was


@pytest.mark.parametrize("kept", ["", "null", "[]", "{}", '{"question": 1}'])
def test_what_is_no_answer_is_refused(kept: str) -> None:
    with pytest.raises(ValueError):
        kept_answer.from_json(kept)
