"""Novelty: what a follow-up asks that was not asked before, so that what was said already is not said to that again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.answering.selecting.answer_type import AnswerType, holds
from index.evidence import Evidence, Sentence
from index.language.analysis import Analysis

# A sentence that answers what is new has more than this share of its words.
_MOST = 0.5


@dataclass(frozen=True)
class Novelty:
    """What is new in a question that leans on the conversation before it.

    `terms` are those that no earlier question had, `wanted` is the kind of thing that it asks for, `wanted_before` the
    kind that the last one did; `said` is what was answered so far, with single spaces.
    """

    terms: frozenset[str]
    wanted: AnswerType
    wanted_before: AnswerType
    said: str

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
        return plain(sentence.text) in self.said

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


def plain(text: str) -> str:
    """Return a text with single spaces, so that a sentence is found in it."""
    return " ".join(text.split())
