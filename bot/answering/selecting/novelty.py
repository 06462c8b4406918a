"""Novelty: what a follow-up asks that was not asked before, so that what was said already is not said to that again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answering.answer import Turn
from bot.answering.selecting.answer_type import AnswerType, asked_for, holds
from bot.answering.understanding.content_words import content_words
from index.evidence import Evidence, Sentence
from index.language.analysis import Analysis

# A sentence that answers what is new has more than this share of its words.
_MOST = 0.5
_MARK = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True)
class Novelty:
    """What is new in a question that leans on the conversation before it.

    `terms` are those that no earlier question had, `wanted` is the kind of thing that it asks for, `wanted_before` the
    kind that the last one did; `said` is what was answered so far.
    """

    terms: frozenset[str]
    wanted: AnswerType
    wanted_before: AnswerType
    said: str

    @classmethod
    def of(cls, question: str, conversation: Sequence[Turn], language: str | None) -> Novelty:
        """Return what is new in a question (its language as ISO 639-1, None where that is not plain)."""
        asked = Analysis(question, language)
        earlier = [Analysis(turn.text, language) for turn in conversation if turn.role == "user"]
        answers = " ".join(turn.text for turn in conversation if turn.role == "assistant")
        return cls(
            _terms(asked) - frozenset().union(*map(_terms, earlier)),
            asked_for(question, asked.language),
            asked_for(earlier[-1].text, asked.language) if earlier else AnswerType.ANYTHING,
            _plain(_MARK.sub("", answers)),
        )

    @cached_property
    def changes_kind(self) -> bool:
        """Whether another kind of thing is asked for than before: "when" after "who"."""
        return self.wanted not in (AnswerType.ANYTHING, self.wanted_before)

    @cached_property
    def is_the_same_again(self) -> bool:
        """Whether it asks what was asked before: "Who built it, then?"."""
        return not self.terms and self.wanted is self.wanted_before and self.wanted is not AnswerType.ANYTHING

    def was_said(self, sentence: Sentence) -> bool:
        """Whether a sentence was a part of what was answered so far."""
        return _plain(sentence.text) in self.said

    def allows(self, sentence: Sentence, asked: Analysis) -> bool:
        """Whether a sentence may be said: once more only where it answers what is new. `asked` is what is looked up."""
        if not self.was_said(sentence) or self.is_the_same_again:
            return True
        if self.changes_kind and (self.wanted_before is not AnswerType.ANYTHING or not self.terms):
            return holds(sentence.analysis, self.wanted, asked)
        return bool(self.terms) and self.terms <= sentence.terms

    def is_answered_by(self, sentence: Sentence, evidence: Evidence) -> bool:
        """Whether a sentence can be more than related.

        It has to have most of what is new. Where there is nothing new to look up ("Why?", "who said that?"), the answer
        stands in what was said or beside it.
        """
        if self.is_the_same_again:
            return True
        new = [word for word in evidence.words if word.forms & self.terms]
        if new:
            there = sentence.terms | sentence.heading_terms
            return sum(bool(word.forms & there) for word in new) > _MOST * len(new)
        beside = {
            each.ordinal + step
            for each in evidence.sentences
            if each.passage.id == sentence.passage.id and self.was_said(each)
            for step in (-1, 0, 1)
        }
        return self.changes_kind and sentence.ordinal in beside


def _terms(text: Analysis) -> frozenset[str]:
    return frozenset().union(*(word.terms for word in content_words(text)))


def _plain(text: str) -> str:
    return " ".join(text.split())
