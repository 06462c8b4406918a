"""Drafts: what a chat model wrote, read while it is still writing, as single sentences and the keys of their passages.

A draft is a claim and nothing more; `bot.answering.verifying` decides whether it may be said. Models answer as JSON
where they can be held to it and in lines where not, so both are read, whichever was asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.errors import ChatFailed
from index.documents import Span
from index.language.sentences import sentences

FORM = {
    "title": "answer",
    "description": "The statements that answer the question, none where the passages do not answer it.",
    "type": "object",
    "properties": {
        "statements": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string", "description": "One sentence."},
                    "passages": {"type": "array", "items": {"type": "string"}, "description": "Keys of passages."},
                },
                "required": ["text", "passages"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["statements"],
    "additionalProperties": False,
}
NOTHING = "NOTHING"
MALFORMED = "did not keep to the form that it was asked for"

_DECODER = json.JSONDecoder()
_OPENS = re.compile(r'"statements"\s*:\s*\[')
# A key stands in brackets, alone or with others; what else stands in brackets belongs to the sentence.
_MARKS = re.compile(r"\s*[\[(【]\s*([A-Za-z0-9]+(?:[\s,;]+[A-Za-z0-9]+)*)\s*[\])】]")
_KEY = re.compile(r"(?=[a-z]*\d)[a-z0-9]{6}")
_LEADING_MARK = re.compile(r"^\s*(?:[-*+•–]\s+|\d{1,2}[.)]\s+|#+\s+|>\s+)+")
_EMPHASIS = re.compile(r"(\*\*|__|`)(.+?)\1")
_ENDS = " .,;"
_NUMBERS = re.compile(r"\s*\[\d{1,3}\]")
# What may stand before the first character of a reply, or of its fence, while that is still being written.
_FENCE = re.compile(r"^\s*(?:`{1,3}(?:j|js|jso|json)?(?:\s+|$))?")
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence that a model wrote, and the keys that it gave as its support, as it wrote them: perhaps none."""

    text: str
    keys: tuple[str, ...]


def read(pieces: Iterable[str]) -> Iterator[Draft]:
    """Yield each sentence of a reply as soon as it is complete; none where the model says that there is no answer.

    Raises ChatFailed where the whole reply holds neither a sentence nor the word that there is none.
    """
    reply = _Reply()
    for piece in pieces:
        yield from reply.add(piece)
    yield from reply.end()


class _Reply:
    """A reply that is still growing."""

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._is_json: bool | None = None
        self._drafted = False

    def add(self, piece: str) -> Iterator[Draft]:
        self._text += piece
        if self._is_json is None and (first := _FENCE.sub("", self._text)):
            self._is_json = first.startswith("{")
        if self._is_json:
            yield from self._objects()
        elif self._is_json is False:
            yield from self._lines()

    def end(self) -> Iterator[Draft]:
        if self._is_json is False:
            self._text += "\n"
            yield from self._lines()
        if not self._drafted and not self._says_nothing():
            raise ChatFailed(MALFORMED, worth_repeating=True)

    def _objects(self) -> Iterator[Draft]:
        if not self._at:
            opening = _OPENS.search(self._text)
            if opening is None:
                return
            self._at = opening.end()
        while True:
            start = self._text.find("{", self._at)
            if start < 0 or self._text[self._at : start].strip(" \n\t,"):
                return
            try:
                statement, self._at = _DECODER.raw_decode(self._text, start)
            except (ValueError, RecursionError):
                return  # not all of it is there yet
            yield from self._sentences(*_fields(statement))

    def _lines(self) -> Iterator[Draft]:
        while (end := self._text.find("\n", self._at)) >= 0:
            line, self._at = self._text[self._at : end], end + 1
            for text, keys in _marked(" ".join(line.split())):
                yield from self._sentences(text, keys)

    def _sentences(self, text: str, keys: tuple[str, ...]) -> Iterator[Draft]:
        self._drafted = True
        text = _plain(text)
        is_word = any(character.isalnum() for character in text)
        if not is_word or len(text) > _LONGEST or text.strip(_ENDS).upper() == NOTHING:
            return
        for span in sentences(text, None, Span(0, len(text))):
            yield Draft(span.of(text), keys)

    def _says_nothing(self) -> bool:
        if self._is_json:
            return re.search(r'"statements"\s*:\s*\[\s*\]', self._text) is not None
        return NOTHING in self._text.upper()


def _fields(statement: Any) -> tuple[str, tuple[str, ...]]:
    match statement:
        case {"text": str(text), "passages": list(keys)}:
            return text, tuple(key for key in keys if isinstance(key, str))
    return "", ()


def _marked(line: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each stretch of a line and the keys behind it; a stretch with none behind it has none."""
    start = 0
    text = ""
    for match in _MARKS.finditer(line):
        keys = tuple(re.split(r"[\s,;]+", match[1]))
        if not all(_KEY.fullmatch(key) for key in keys):
            continue
        text += line[start : match.start()]
        start = match.end()
        if text.strip(_ENDS):
            yield text.lstrip(_ENDS), keys
            text = ""
    if line[start:].strip(_ENDS):
        yield line[start:].lstrip(_ENDS), ()


def _plain(text: str) -> str:
    """Return a sentence without the marks of lists, emphasis and citations that models put around it, on one line."""
    text = _MARKS.sub(lambda marks: "" if _are_keys(marks[1]) else marks[0], " ".join(text.split()))
    return _EMPHASIS.sub(r"\2", _LEADING_MARK.sub("", _NUMBERS.sub("", text))).strip()


def _are_keys(marked: str) -> bool:
    return all(_KEY.fullmatch(key) for key in re.split(r"[\s,;]+", marked))
