from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Turn
from bot.terminal import batch
from index.errors import IndexDamaged


def echo(item: batch.BatchLine) -> dict[str, Any]:
    return {"id": item.id, "text": item.text, "turns": list(item.conversation)}


def run(*lines: bytes) -> list[dict[str, Any]]:
    return list(batch.run(lines, echo))


def test_each_line_is_answered_in_its_order_under_its_own_id() -> None:
    results = run(b'{"id": "b", "text": " one "}\n', b"\n", b'{"id": 7, "text": "two", "more": []}\r\n')

    assert results == [{"id": "b", "text": "one", "turns": []}, {"id": 7, "text": "two", "turns": []}]


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert run(b'\xef\xbb\xbf{"id": "a", "text": "one"}')[0]["text"] == "one"


def test_a_conversation_of_megabytes_is_refused_at_once() -> None:
    turns = [{"role": "user", "text": "When was it built? " * 100_000}]

    (result,) = run(json.dumps({"id": "a", "text": "When?", "conversation": turns}).encode())

    assert result["error"] == 'line 1: "conversation" has 1,900,000 characters: at most 50,000 are accepted'


def test_a_conversation_becomes_turns() -> None:
    turns = [{"role": "user", "text": "Who?"}, {"role": "assistant", "text": "Huang."}]

    (result,) = run(json.dumps({"id": "a", "text": "When?", "conversation": turns}).encode())

    assert result["turns"] == [Turn("user", "Who?"), Turn("assistant", "Huang.")]


@pytest.mark.parametrize(
    ("line", "id", "complaint"),
    [
        (b"{", None, "this is not JSON in UTF-8"),
        (b'{"id": "a", "text": "\xff"}', None, "this is not JSON in UTF-8"),
        (b"[" * 100_000, None, "this is not JSON in UTF-8"),
        (b"[1]", None, 'this is not a JSON object with "id" and "text"'),
        (b'{"text": "one"}', None, '"id" is missing, or is neither a string nor a whole number'),
        (b'{"id": NaN, "text": "one"}', None, '"id" is missing, or is neither a string nor a whole number'),
        (b'{"id": "a"}', "a", '"text" is missing, or is not a string'),
        (b'{"id": "a", "text": ["one"]}', "a", '"text" is missing, or is not a string'),
        (b'{"id": "a", "text": ""}', "a", "the question is empty"),
        (b'{"id": "a", "text": "one", "conversation": "two"}', "a", '"conversation" is not a list'),
        (b'{"id": "a", "text": "one", "conversation": [{"role": "root", "text": ""}]}', "a", "a turn of "),
    ],
)
def test_a_bad_line_says_what_is_wrong_with_it_and_the_rest_goes_on(
    line: bytes, id: str | None, complaint: str
) -> None:
    bad, good = run(line, b'{"id": "good", "text": "one"}')

    assert bad["id"] == id
    assert bad["error"].startswith(f"line 1: {complaint}")
    assert good["id"] == "good"


def test_an_answer_that_fails_becomes_its_own_line() -> None:
    def fail(item: batch.BatchLine) -> dict[str, Any]:
        raise IndexDamaged("generation 3 is damaged")

    assert list(batch.run([b'{"id": "a", "text": "one"}'], fail)) == [
        {"id": "a", "error": "line 1: generation 3 is damaged"}
    ]


def test_a_line_is_answered_before_the_next_is_read() -> None:
    def lines() -> Any:
        yield b'{"id": "a", "text": "one"}'
        raise AssertionError("the second line was read too early")

    assert next(batch.run(lines(), echo))["id"] == "a"


@given(st.lists(st.binary(min_size=1)))
def test_no_bytes_whatever_break_a_batch(lines: list[bytes]) -> None:
    results = run(*lines)

    assert len(results) == sum(bool(line.strip()) for line in lines)
