"""Entailment by the chat model itself: does a quote say what a draft says? Trusted only once it has proved itself.

Where no `VERIFIER_MODEL` judges entailment, drafts that keep all facts but not the strict rule on wording are put to
the chat model, all in one short call. Forty pairs whose answers are known tell whether it can judge at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import ConfigDict

from bot.answering.generating.chat import Chat
from bot.answering.generating.chat_session import ChatSession
from bot.answering.generating.prompt import Prompt
from bot.answering.generating.structured import Fields, Structured
from bot.errors import ChatFailed, ChatFailureKind

LEAST_RIGHT = 0.9
_PAIRS = Path(__file__).with_name("entailment_pairs.json")
_TASK = """\
You compare sentences with quotes. For each numbered pair of a QUOTE and a SENTENCE answer "yes" if whoever believes \
the quote must believe all of the sentence, else "no". A sentence may say it in other words, or leave something out. \
It may add nothing, turn nothing around, and make nothing more certain, larger or more general than the quote. Use \
nothing that you know from elsewhere."""
_AS_JSON = 'Reply with JSON: {"judgements": ["yes", "no"]}, one for each pair, in order.'
_AS_LINES = "Reply with one line for each pair: its number, a full stop, and yes or no."
_LINE = re.compile(r"\W*\d{1,3}\W+(yes|no)\b.*", re.IGNORECASE)


class Judgements(Structured):
    """For each pair, in order, whether its quote says all that its sentence says."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="judgements")
    judgements: tuple[Literal["yes", "no"], ...]

    @classmethod
    def of_line(cls, line: str) -> Fields:
        """Take each numbered yes or no for a judgement."""
        match = _LINE.fullmatch(line)
        return {"judgements": [match[1].lower()]} if match else {}


@dataclass(frozen=True, slots=True)
class Pair:
    """A quote, and a sentence that is held to it."""

    quote: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Proof:
    """How many of the pairs whose answers are known a model judged rightly, and of how many."""

    right: int
    pairs: int

    @property
    def suffices(self) -> bool:
        """Whether the model may judge: it was right on nine of ten."""
        return self.pairs > 0 and self.right >= LEAST_RIGHT * self.pairs


def judge(session: ChatSession, pairs: Sequence[Pair]) -> list[bool]:
    """Ask a chat model of each pair whether its quote says all that its sentence says.

    Raises:
        ChatFailed: it does not answer for every pair, or not at all.
        Stopped: nobody wants the answer any more.

    """
    if not pairs:
        return []
    data = [
        (f"pair {number}", f"QUOTE: {_one_line(pair.quote)}\nSENTENCE: {_one_line(pair.sentence)}")
        for number, pair in enumerate(pairs, start=1)
    ]
    reply = session.ask(Prompt(Judgements, _TASK, _AS_JSON, _AS_LINES, data))
    if reply is None or len(reply.judgements) != len(pairs):
        raise ChatFailed(ChatFailureKind.MALFORMED)
    return [judgement == "yes" for judgement in reply.judgements]


def prove(chat: Chat) -> Proof:
    """Have a chat model judge the pairs whose answers are known. Raises ChatFailed where it does not answer."""
    known = known_pairs()
    judged = judge(ChatSession(chat), [pair for pair, _ in known])
    right = sum(says is follows for says, (_, follows) in zip(judged, known, strict=True))
    return Proof(right, len(known))


class ChatJudge:
    """A chat model as the judge of its own drafts: trusted once it has proved itself, which is kept in a file.

    `model` is what names it there. Any thread may call any method.
    """

    def __init__(self, chat: Chat, model: str, file: ProofFile) -> None:
        self._chat = chat
        self._model = model
        self._file = file
        self._proof = file.of(model)

    @property
    def proof(self) -> Proof | None:
        """How it proved itself, None where it never did."""
        return self._proof

    @property
    def is_trusted(self) -> bool:
        """Whether it proved that it can judge."""
        return self._proof is not None and self._proof.suffices

    def prove(self) -> Proof:
        """Have it judge the pairs whose answers are known, and keep what came of it.

        Raises ChatFailed where it does not answer, and OSError where that cannot be kept.
        """
        self._proof = prove(self._chat)
        self._file.keep(self._model, self._proof)
        return self._proof

    def __call__(self, session: ChatSession, pairs: Sequence[Pair]) -> list[bool]:
        """Return for each pair whether its sentence follows from its quote: see `judge`."""
        return judge(session, pairs)


@cache
def known_pairs() -> tuple[tuple[Pair, bool], ...]:
    """Give the built-in pairs, each with whether its sentence follows from its quote: as many do as do not."""
    forms = json.loads(_PAIRS.read_text(encoding="utf-8"))
    return tuple((Pair(form["quote"], form["sentence"]), form["follows"]) for form in forms)


def _one_line(text: str) -> str:
    return " ".join(text.split())


class ProofFile:
    """The proofs of chat models, kept in a file of the data folder by what names a model: one asks for them once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, model: str) -> Proof | None:
        """Return how a model proved itself, None where it never tried, or the file cannot be read."""
        try:
            return Proof(**self._proofs()[model])
        except (KeyError, TypeError):
            return None

    def keep(self, model: str, proof: Proof) -> None:
        """Keep a model's proof in place of its last one. Raises OSError where the file cannot be written."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        proofs = self._proofs() | {model: asdict(proof)}
        self._path.write_text(json.dumps(proofs, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def _proofs(self) -> dict[str, dict[str, int]]:
        try:
            proofs = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return proofs if isinstance(proofs, dict) else {}
