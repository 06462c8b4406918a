from __future__ import annotations

import re
from collections.abc import Mapping

from bot.answering.generating.answer_prompt import answer_prompt
from bot.answering.generating.draft import AnswerDraft
from bot.answering.generating.prompt import Prompt
from index.hits import Hit
from tests.unit.bot.answering.samples import document, evidence

QUESTION = "How many members do the hives hold?"
TEXT = "The hives hold 40 members.\nHoney is sold in May.\n\nWasps sleep alone."


def _asked() -> tuple[Prompt[AnswerDraft], Mapping[str, Hit]]:
    return answer_prompt(QUESTION, evidence(QUESTION, document(TEXT)).sentences)


def _sent(prompt: Prompt[AnswerDraft], *, in_json: bool = True) -> str:
    return "\n".join(str(message.content) for message in prompt.messages(in_json=in_json))


def test_every_passage_goes_under_a_key_of_its_own() -> None:
    prompt, passages = _asked()

    assert [hit.passage.ordinal for hit in passages.values()] == [0, 1]
    for key in passages:
        assert re.fullmatch(r"[a-z][a-z2-9]{4}[2-9]", key)
        assert f"passage {key} ---\nNotes" in _sent(prompt)


def test_keys_are_drawn_anew_for_every_question() -> None:
    (_, first), (_, second) = _asked(), _asked()

    assert not first.keys() & second.keys()


def test_sentences_that_were_left_out_are_not_sent() -> None:
    found = evidence(QUESTION, document(TEXT))
    prompt, _ = answer_prompt(QUESTION, found.sentences[1:])

    assert "40 members" not in _sent(prompt)
    assert "Honey is sold in May." in _sent(prompt)


def test_each_form_is_shown_with_a_key_that_was_given() -> None:
    prompt, passages = _asked()
    key = next(iter(passages))

    assert f'{{"statements": [{{"text": "One sentence.", "passages": ["{key}"]}}]}}' in _sent(prompt, in_json=True)
    assert f"One sentence. [{key}]" in _sent(prompt, in_json=False)
    assert "NOTHING" in _sent(prompt, in_json=False)
