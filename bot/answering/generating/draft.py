"""Drafts: what a chat model states from passages, as single sentences and the keys of their passages.

A draft is a claim and nothing more; `bot.answering.verifying` decides whether it may be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import ConfigDict, Field, OnErrorOmit, ValidatorFunctionWrapHandler, field_validator

from bot.answering.generating.structured import Fields, Structured
from bot.errors import ChatFailed, ChatFailureKind
from index.documents import Span
from index.language.sentences import sentences

NOTHING = "NOTHING"
"""What a model writes in lines where it finds no answer."""

_LONGEST = 600

# A key stands in brackets, alone or with others; what else stands in brackets belongs to the sentence.
_MARKS = re.compile(r"\s*[\[(【]\s*([A-Za-z0-9]+(?:[\s,;]+[A-Za-z0-9]+)*)\s*[\])】]")
_KEY = re.compile(r"(?=[a-z]*\d)[a-z0-9]{6}")
_LEADING_MARK = re.compile(r"^\s*(?:[-*+•–]\s+|\d{1,2}[.)]\s+|#+\s+|>\s+)+")
_EMPHASIS = re.compile(r"(\*\*|__|`)(.+?)\1")
_ENDS = " .,;"
_NUMBERS = re.compile(r"\s*\[\d{1,3}\]")


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence that a model wrote, and the keys that it gave as its support, as it wrote them: perhaps none."""

    text: str
    keys: tuple[str, ...]


class StatementDraft(Structured):
    """A statement and the passages that it comes from."""

    text: str = Field(description="One sentence.")
    passages: tuple[OnErrorOmit[str], ...] = Field(description="Keys of passages.")


class AnswerDraft(Structured):
    """The statements that answer the question, none where the passages do not answer it."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="answer")
    statements: tuple[OnErrorOmit[StatementDraft], ...]

    @field_validator("statements", mode="wrap")
    @classmethod
    def _hold_a_statement_if_anything(cls, given: Any, validate: ValidatorFunctionWrapHandler) -> Any:
        statements = validate(given)
        if given and not statements:
            raise ValueError("none of the statements has a text and passages")
        return statements

    @classmethod
    def of_line(cls, line: str) -> Fields:
        """Take each stretch of a line for a statement that has keys behind it, or none."""
        statements = [{"text": text, "passages": keys} for text, keys in _marked(line)]
        return {"statements": statements} if statements or NOTHING in line.upper() else {}


def drafts(answers: Iterable[AnswerDraft]) -> Iterator[Draft]:
    """Yield each sentence of an answer that is still being written; none where the model says that there is no answer.

    Raises:
        ChatFailed: the whole reply holds neither a sentence nor the word that there is none.

    """
    answer, drafted = None, 0
    for answer in answers:
        for statement in answer.statements[drafted:]:
            yield from _sentences(statement)
        drafted = len(answer.statements)
    if answer is None:
        raise ChatFailed(ChatFailureKind.MALFORMED)


def _sentences(statement: StatementDraft) -> Iterator[Draft]:
    text = _plain(statement.text)
    is_word = any(character.isalnum() for character in text)
    if not is_word or len(text) > _LONGEST or text.strip(_ENDS).upper() == NOTHING:
        return
    for span in sentences(text, None, Span(0, len(text))):
        yield Draft(span.of(text), statement.passages)


def _marked(line: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each stretch of a line and the keys behind it; a stretch with none behind it has none."""
    start = 0
    text = ""
    for match in _MARKS.finditer(line):
        keys = re.split(r"[\s,;]+", match[1])
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
    """Write a sentence on one line, without the marks of lists, emphasis and citations that models put around it."""
    text = _MARKS.sub(lambda marks: "" if _are_keys(marks[1]) else marks[0], " ".join(text.split()))
    return _EMPHASIS.sub(r"\2", _LEADING_MARK.sub("", _NUMBERS.sub("", text))).strip()


def _are_keys(marked: str) -> bool:
    return all(_KEY.fullmatch(key) for key in re.split(r"[\s,;]+", marked))
