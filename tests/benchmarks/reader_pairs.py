"""The pairs that a reader learns from: questions with passages, half of which are near-misses made here.

They are the passage without the sentence that answers, the passage that is most like the question and has not the
answer, and pairs in which a name, number or word of the question was changed on one side. Where it was changed on both
sides the passage still answers, so that an odd word alone tells nothing.
"""

from __future__ import annotations

import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from tests.benchmarks.reader_questions import Question

# Tokens of a passage that a pair shows, drawn anew each time.
ROOM, EASY_ROOM = (25, 100), (25, 90)
# How a near-miss is made, how often it is the passage that is changed, and how often, where one answers, both are.
CUT, LIKE, CHANGED, OTHER_SIDE, CHANGED_BOTH = 0.25, 0.3, 0.45, 0.35, 0.15
# The first share of the time has few near-misses, and all answers are known by their place: who cannot find an answer
# cannot miss it.
EASY, EASY_MISSES = 0.35, 0.15
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+|\d[\d,.]*\d|\d")
_NAME = re.compile(r"\b[A-Z][\w'-]+(?:\s+(?:(?:of|the|de|van)\s+)?[A-Z][\w'-]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(\[A-Z0-9])|\s\.\s+|\n+")
_OPPOSITES = """
first/last before/after more/less most/least largest/smallest highest/lowest oldest/newest north/south east/west
northern/southern eastern/western up/down win/lose won/lost increase/decrease increased/decreased rise/fall rose/fell
begin/end began/ended start/stop started/stopped buy/sell bought/sold male/female man/woman men/women king/queen
father/mother son/daughter brother/sister husband/wife early/late earliest/latest high/low large/small old/new
long/short longest/shortest open/close opened/closed accept/reject accepted/rejected enter/leave entered/left
arrive/depart support/oppose supported/opposed allow/forbid allowed/banned legal/illegal major/minor maximum/minimum
majority/minority inside/outside above/below right/left good/bad best/worst strong/weak strongest/weakest rich/poor
hot/cold warm/cool ancient/modern public/private foreign/domestic internal/external import/export imports/exports
create/destroy created/destroyed build/demolish built/demolished born/died birth/death arrive/leave give/take gave/took
attack/defend attacked/defended ally/enemy allies/enemies friend/enemy success/failure advantage/disadvantage
positive/negative day/night summer/winter spring/autumn morning/evening upper/lower include/exclude includes/excludes
common/rare always/never permanent/temporary same/different direct/indirect formal/informal natural/artificial
gain/lose gained/lost love/hate like/dislike agree/disagree agreed/disagreed add/remove added/removed
former/current previous/next second/third fastest/slowest fast/slow hard/soft can/cannot did/didn't is/isn't was/wasn't
does/doesn't are/aren't were/weren't has/hasn't had/hadn't will/won't
"""
_COMMON_WORDS = """
a an and are as at be been being but by can did do does for from had has have he her his how i if in into is it its
kind many me much name no not of on one or other out she so some such than that the their them then there these they
this those to type used using was we were what when where which who whom whose why will with would you your about
after also because between called could during each first may more most made make only over same should through
under used very while
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Pair:
    """What is learnt from: whether the passage answers, and the characters that do, where that is known."""

    question: str
    passage: str
    answers: bool
    span: tuple[int, int] | None = None


class Maker:
    """Makes the pairs of an epoch: every question in its share, half of them with a passage that does not answer."""

    def __init__(self, questions: Sequence[Question], changer: Changer, chance: random.Random, easy: float) -> None:
        self._questions, self._changer, self._chance = questions, changer, chance
        self._easy_until = time.monotonic() + easy * 60

    @property
    def easy(self) -> bool:
        """Whether the first part of the time lasts."""
        return time.monotonic() < self._easy_until

    def room(self) -> int:
        """Return how many tokens of the next passage are to be shown."""
        return self._chance.randint(*(EASY_ROOM if self.easy else ROOM))

    def epoch(self) -> Iterator[Pair]:
        """Yield pairs, shuffled."""
        asked: list[Question] = []
        for question in self._questions:
            times = int(question.share) + (self._chance.random() < question.share % 1)
            asked += [question] * times
        self._chance.shuffle(asked)
        for question in asked:
            easy = self.easy
            if easy and question.start is None:
                continue
            if easy and self._chance.random() > EASY_MISSES:
                yield self._answered(question)
            elif not question.answerable:
                yield Pair(question.text, question.passage, False)
            else:
                yield self._answered(question)
                missed = self._missed(question)
                if missed:
                    yield missed

    def _answered(self, question: Question) -> Pair:
        span = _span(question.start, question.answers)
        if self._chance.random() < CHANGED_BOTH:
            changed = self._changer.change(question, shared=True)
            if changed:
                text, passage, _ = changed
                shift = _shifted(question, passage)
                if span is None or shift is not None:
                    return Pair(text, passage, True, shift)
        return Pair(question.text, question.passage, True, span)

    def _missed(self, question: Question) -> Pair | None:
        # In a random order, each the likelier to come first the greater its share.
        shares = {"cut": CUT, "like": LIKE, "changed": CHANGED}
        for kind in sorted(shares, key=lambda kind: self._chance.random() ** (1 / shares[kind]), reverse=True):
            if kind == "cut":
                rest = _without(question)
                if rest:
                    return Pair(question.text, rest, False)
            elif kind == "like" and question.like:
                return Pair(question.text, self._chance.choice(question.like), False)
            elif kind == "changed":
                changed = self._changer.change(question, shared=False)
                if changed:
                    text, passage, both = changed
                    if both and self._chance.random() < OTHER_SIDE:
                        return Pair(question.text, passage, False)
                    return Pair(text, question.passage, False)
        return None


class Changer:
    """Changes one name, number or word of a question to another of its kind."""

    def __init__(
        self, tokenizer: Tokenizer, folder: Path, questions: Sequence[Question], chance: random.Random
    ) -> None:
        self._chance = chance
        pairs = [pair.split("/") for pair in _OPPOSITES.split()]
        self._opposites = {one: other for pair in pairs for one, other in (pair, pair[::-1])}
        self._near = _nearest(tokenizer, load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"])
        self._names: dict[str, list[str]] = defaultdict(list)
        for question in questions[:: max(1, len(questions) // 40_000)]:
            self._names[question.group] += _names(question.passage)
        self._every = [name for names in self._names.values() for name in names]

    def change(self, question: Question, shared: bool) -> tuple[str, str, bool] | None:
        """Return the question with something changed, the passage likewise, and whether that had it too.

        Only what the passage has is changed where `shared`, and never a part of the answer.
        """
        answers = " ".join(question.answers).lower()
        options: list[tuple[str, str, float]] = []
        for name in _names(question.text):
            # A name at the beginning may be "What".
            if not question.text.startswith(name):
                options.append((name, self._other_name(name, question), 3.0))
        for word in _WORD.findall(question.text):
            lower = word.lower()
            if word[0].isdigit():
                options.append((word, self._other_number(word, question.passage), 3.0))
            elif lower in self._opposites:
                options.append((word, self._opposites[lower], 2.0 if lower not in _COMMON else 0.4))
            elif lower not in _COMMON and word[0].islower() and lower in self._near:
                options.append((word, self._chance.choice(self._near[lower]), 1.0))
        lowered = question.passage.lower()
        options = [
            (old, new, weight * (2.0 if old.lower() in lowered else 1.0))
            for old, new, weight in options
            if new and new.lower() != old.lower() and old.lower() not in answers and new.lower() not in answers
        ]
        if shared:
            options = [option for option in options if _has(question.passage, option[0])]
        if not options:
            return None
        old, new, _ = self._chance.choices(options, [option[2] for option in options])[0]
        both = _has(question.passage, old)
        return _replaced(question.text, old, new), _replaced(question.passage, old, new), both

    def _other_name(self, name: str, question: Question) -> str:
        near = [each for each in _names(question.passage) if each.lower() not in question.text.lower()]
        same = self._names[question.group]
        draw = self._chance.random()
        pool = near if near and draw < 0.5 else same if same and draw < 0.85 else self._every
        other = self._chance.choice(pool) if pool else ""
        return "" if other in name or name in other else other

    def _other_number(self, number: str, passage: str) -> str:
        found: list[str] = re.findall(r"\d[\d,.]*\d|\d", passage)
        others = [each for each in found if len(each) == len(number) and each != number]
        if others and self._chance.random() < 0.5:
            return self._chance.choice(others)
        if re.fullmatch(r"1\d{3}|20\d\d", number):
            return str(int(number) + self._chance.choice([-30, -10, -7, -3, -2, -1, 1, 2, 3, 4, 8, 11, 20]))
        return "".join(str(self._chance.randint(1, 9)) if each.isdigit() else each for each in number)


def _nearest(tokenizer: Tokenizer, words: Tensor) -> dict[str, list[str]]:
    """Return for each whole word of the vocabulary those that stand in its place elsewhere, no forms of its own."""
    whole = {word: place for word, place in tokenizer.get_vocab().items() if word.isalpha() and len(word) > 3}
    names = list(whole)
    vectors = nn.functional.normalize(words[list(whole.values())].float() - words.float().mean(0), dim=-1)
    near: dict[str, list[str]] = {}
    for begin in range(0, len(names), 2000):
        _, places = (vectors[begin : begin + 2000] @ vectors.T).topk(16, dim=1)
        for word, row in zip(names[begin : begin + 2000], places.tolist(), strict=True):
            near[word] = [names[place] for place in row if names[place][:4] != word[:4]][:10] or [word]
    return near


def _names(text: str) -> list[str]:
    return [name for name in _NAME.findall(text) if name.lower() not in _COMMON and len(name) > 2]


def _has(text: str, part: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text, re.IGNORECASE) is not None


def _replaced(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text, flags=re.IGNORECASE)


def _span(start: int | None, answers: Sequence[str]) -> tuple[int, int] | None:
    return None if start is None or not answers else (start, start + len(answers[0]))


def _shifted(question: Question, passage: str) -> tuple[int, int] | None:
    """Return where the answer stands in a changed passage: the occurrence that it was in the old one."""
    if question.start is None or not question.answers:
        return None
    answer = question.answers[0].lower()
    before = question.passage.lower().count(answer, 0, question.start)
    start = -1
    for _ in range(before + 1):
        start = passage.lower().find(answer, start + 1)
        if start < 0:
            return None
    return start, start + len(answer)


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return [(start, end) for start, end in zip([0, *ends], [*ends, len(text)], strict=True) if end > start]


def _without(question: Question) -> str | None:
    """Return the passage without any sentence that has an answer, or None where little remains."""
    if not question.answers or question.start is None:
        return None
    answers = [answer.lower() for answer in question.answers]
    start, end = question.start, question.start + len(question.answers[0])
    sentences = _sentences(question.passage)
    rest = [
        question.passage[first:last]
        for first, last in sentences
        if (last <= start or first >= end) and not any(each in question.passage[first:last].lower() for each in answers)
    ]
    text = " ".join(part.strip() for part in rest)
    return text if len(text) > 60 else None
