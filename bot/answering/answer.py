"""The nouns of an answer: statements, the citations that carry them, and the answer as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.errors import ChatFailure
from index.documents import DocumentMetadata, Place, Span
from index.hits import Hit

MOST_STATEMENTS = 5


class Status(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    RELATED = "related"
    NOT_FOUND = "not_found"
    CLARIFY = "clarify"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side said in a conversation before the question that is asked now."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote from one passage of one document, and where to open it.

    `quote` is always the document's text at `span`; `link` opens the document as near to the quote as its kind allows.
    """

    number: int
    passage_id: str
    document: DocumentMetadata
    quote: str
    span: Span
    place: Place | None
    heading: tuple[str, ...]
    line: int | None
    link: str
    row: int | None = None

    @property
    def page(self) -> int | None:
        """The number of the page on which the quote begins, where it stands on one."""
        return self.place.number if self.place and self.place.kind == "page" else None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the numbers of the citations that carry it, never none.

    `answer` are the characters of it that answer the question, None where nobody could tell.
    """

    text: str
    citations: tuple[int, ...]
    answer: Span | None = None


@dataclass(frozen=True, slots=True)
class AnswerSpan:
    """Where in a document an answer stands, and the id of the passage that it was found in."""

    passage_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """What it cost to have a chat model write: the model's name, and the tokens that it read and wrote, all calls."""

    model: str
    input_tokens: int = 0
    output_tokens: int = 0


class Distinction(StrEnum):
    """What tells two meanings of a question apart."""

    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a question can mean: its name, such as "third quarter", and the question that says so."""

    name: str
    question: str


@dataclass(frozen=True, slots=True)
class Clarification:
    """What a question leaves open, and what it can mean: two to five choices."""

    distinction: Distinction
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class FalsePremise:
    """A figure that a question takes for granted, and the one that the documents have in its place."""

    asked: str
    found: str


class Made(StrEnum):
    """Whose words an answer is in: the documents' own, a chat model's, or some of each."""

    QUOTED = "quoted"
    WRITTEN = "written"
    MIXED = "mixed"

    @classmethod
    def of(cls, parts: Iterable[Made]) -> Made:
        """Return how a whole of these parts was made: QUOTED where there are none."""
        kinds = set(parts) or {cls.QUOTED}
        return kinds.pop() if len(kinds) == 1 else cls.MIXED


class NoteKind(StrEnum):
    """What was skipped or went wrong on the way to an answer, and what the note's `detail` then says.

    `FREE_TEXT` is a line in English that an earlier version of Footnote kept with an answer.
    """

    READ_AS = "read_as"  # the question as it was looked up
    RERANKER_SKIPPED = "reranker_skipped"  # the seconds that it was given
    SEARCHED_BY_WORDS = "searched_by_words"  # nothing
    OLDER_GENERATION = "older_generation"  # the number of the newest, which cannot be read
    QUESTION_NOT_REWRITTEN = "question_not_rewritten"  # how the chat model failed
    NOT_WRITTEN = "not_written"  # how the chat model failed, so that the answer is quoted
    NOTHING_SUPPORTED = "nothing_supported"  # nothing
    NOT_TRANSLATED = "not_translated"  # how the chat model failed
    NOT_SEARCHED = "not_searched"  # the language of the question (ISO 639-1), in which nothing can be found
    FREE_TEXT = "free_text"  # the line itself


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was skipped or went wrong; `bot.presenting.notes` says it in English."""

    kind: NoteKind
    detail: str | ChatFailure = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What Footnote says to one question.

    `statements` and `citations` are empty unless `status` says that something was found; `nearest` then holds the
    passages that came closest. Where it is RELATED, the statements come close, and nobody can say that they answer.
    `clarification` is there where it is CLARIFY, `false_premise` where the documents contradict the question.
    `confidence` is the calibrated probability, 0 to 1, that the statements answer the question. `as_of` is when the
    `generation` that it was found in was made, None where that was not kept. `timings_ms` maps each step to its
    milliseconds.

    `made` says whose words the statements are in, `usage` what a chat model cost, be it for nothing: None where none
    was asked. `notes` tell what was skipped or went wrong on the way, such as a chat model that did not answer.
    """

    question: str
    status: Status
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Hit, ...]
    confidence: float
    generation: int
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    made: Made = Made.QUOTED
    usage: ModelUsage | None = None
    notes: tuple[Note, ...] = ()
    clarification: Clarification | None = None
    false_premise: FalsePremise | None = None
    as_of: datetime | None = None

    @property
    def documents(self) -> tuple[DocumentMetadata, ...]:
        """The documents that it shows anything of."""
        return (*(citation.document for citation in self.citations), *(hit.document for hit in self.nearest))

    @property
    def text(self) -> str:
        """The statements as one text, each followed by its citation numbers in brackets."""
        return " ".join(
            statement.text + " " + "".join(f"[{number}]" for number in statement.citations)
            for statement in self.statements
        )
