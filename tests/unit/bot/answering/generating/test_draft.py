from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.generating.draft import AnswerDraft, Draft, drafts
from bot.answering.generating.structured import read
from bot.errors import ChatFailed

AS_JSON = json.dumps(
    {
        "statements": [
            {"text": "It opens at nine. It closes at five.", "passages": ["k3x9a2"]},
            {"text": "Children pay {nothing}.", "passages": ["zzzzz1", 3]},
        ]
    }
)
DRAFTS = [
    Draft("It opens at nine.", ("k3x9a2",)),
    Draft("It closes at five.", ("k3x9a2",)),
    Draft("Children pay {nothing}.", ("zzzzz1",)),
]


def _drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    return drafts(read(pieces, AnswerDraft))


def _in_pieces(reply: str, length: int) -> list[str]:
    return [reply[at : at + length] for at in range(0, len(reply), length)]


@pytest.mark.parametrize("reply", [AS_JSON, f"```json\n{AS_JSON}\n```", f"\n\n{AS_JSON}  "])
@pytest.mark.parametrize("length", [1, 3, 10_000])
def test_statements_are_read_out_of_json_one_sentence_each(reply: str, length: int) -> None:
    assert list(_drafts(_in_pieces(reply, length))) == DRAFTS


@pytest.mark.parametrize("length", [1, 3, 10_000])
def test_statements_are_read_out_of_lines_with_their_keys_in_brackets(length: int) -> None:
    reply = "- It opens at nine. [k3x9a2]\n2. It **closes** at [sic] five (k3x9a2, b2b2b2). It rains [9]"

    assert list(_drafts(_in_pieces(reply, length))) == [
        Draft("It opens at nine.", ("k3x9a2",)),
        Draft("It closes at [sic] five", ("k3x9a2", "b2b2b2")),
        Draft("It rains", ()),
    ]


def test_a_statement_is_there_as_soon_as_it_is_complete() -> None:
    pieces = iter(['{"statements": [{"text": "It opens at nine.", "passages": ["k3x9a2"]}', "never reached"])

    assert next(_drafts(pieces)) == DRAFTS[0]
    assert next(pieces) == "never reached"


@pytest.mark.parametrize("reply", ['{"statements": []}', "NOTHING", "Nothing.\n", '```json\n{"statements":[]}\n```'])
def test_a_model_may_say_that_there_is_no_answer(reply: str) -> None:
    assert list(_drafts([reply])) == []


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   ",
        "...",
        '{"statements": ["It opens at nine."]}',
        '{"statements": [' + '{"a":' * 5_000,
        '{"answer": "nine"}',
        '{"statements": [{"te',
        "{}",
    ],
)
def test_a_reply_in_no_known_form_is_a_failure_that_is_worth_repeating(reply: str) -> None:
    with pytest.raises(ChatFailed, match="malformed") as failure:
        list(_drafts([reply]))
    assert failure.value.worth_repeating


def test_marks_of_other_models_are_no_part_of_a_sentence() -> None:
    assert list(_drafts(["> ## The `club` has __two__ boats [1][2] [k3x9a2]"])) == [
        Draft("The club has two boats", ("k3x9a2",))
    ]


def test_an_endless_sentence_is_passed_over() -> None:
    reply = json.dumps({"statements": [{"text": "very " * 1_000, "passages": ["k3x9a2"]}]})

    assert list(_drafts([reply])) == []


@given(st.text(), st.integers(1, 7))
def test_whatever_a_model_writes_comes_out_as_short_lines_or_as_a_failure(reply: str, length: int) -> None:
    try:
        found = list(_drafts(_in_pieces(reply, length)))
    except ChatFailed:
        return
    assert all("\n" not in draft.text and 0 < len(draft.text) <= 600 for draft in found)


@given(st.lists(st.text(alphabet="ab {}[]\"',.\\\n", min_size=1, max_size=30), max_size=5), st.integers(1, 9))
def test_the_size_of_the_pieces_makes_no_difference(texts: list[str], length: int) -> None:
    reply = json.dumps({"statements": [{"text": text, "passages": ["k3x9a2"]} for text in texts]})

    assert list(_drafts(_in_pieces(reply, length))) == list(_drafts([reply]))
