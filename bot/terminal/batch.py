"""A batch: one JSON object a line with an `id` and a `text`, as `footnote ask --batch` and `search --batch` read it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.answering.answer import Turn
from bot.answering.understanding import question
from bot.errors import BadBatchLine
from index.errors import FootnoteError

# A long day's talk; what reads it need not be fast at more.
_LONGEST_CONVERSATION = 50_000


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One line of a batch: the asker's own id for it, the checked question and the conversation before it."""

    id: str | int
    text: str
    conversation: tuple[Turn, ...] = ()


def run(lines: Iterable[bytes], form: Callable[[BatchLine], dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield `form` of what each of `lines` asks, in order and one at a time; empty lines are passed over.

    A line that cannot be asked, or whose answer fails, yields its id, None where even that cannot be read, and an
    `error` that says what is wrong; the rest goes on.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        id = None
        try:
            row = _row(line)
            id = _id(row)
            yield form(BatchLine(id, question.parse(_text(row)), _conversation(row.get("conversation"))))
        except FootnoteError as error:
            yield {"id": id, "error": f"line {number}: {error}"}


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadBatchLine("this is not JSON in UTF-8") from None
    if not isinstance(row, dict):
        raise BadBatchLine('this is not a JSON object with "id" and "text"')
    return row


def _id(row: dict[str, Any]) -> str | int:
    match row.get("id"):
        case str(id) | int(id):
            return id
    raise BadBatchLine('"id" is missing, or is neither a string nor a whole number')


def _text(row: dict[str, Any]) -> str:
    match row.get("text"):
        case str(text):
            return text
    raise BadBatchLine('"text" is missing, or is not a string')


def _conversation(turns: object) -> tuple[Turn, ...]:
    if turns is None:
        return ()
    if not isinstance(turns, list):
        raise BadBatchLine('"conversation" is not a list')
    conversation = tuple(_turn(turn) for turn in turns)
    length = sum(len(turn.text) for turn in conversation)
    if length > _LONGEST_CONVERSATION:
        raise BadBatchLine(f'"conversation" has {length:,} characters: at most {_LONGEST_CONVERSATION:,} are accepted')
    return conversation


def _turn(turn: object) -> Turn:
    match turn:
        case {"role": "user" | "assistant" as role, "text": str(text)}:
            return Turn(role, text)
    raise BadBatchLine('a turn of "conversation" must be {"role": "user" or "assistant", "text": a string}')
