"""Follow-ups: a question that leans on the conversation is made to stand alone before anything is looked up.

Without a chat model this is done by rules. A question leans where it points at something that it does not name
("When did she build it?"), where it goes on ("What about the wasps?", "I meant the old one"), and where there is too
little in it to look up ("Why?"). Then what the last questions were about is put before it: words to search with, and
never a claim, least of all one that the bot made itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.answering.answer import Turn
from bot.answering.question import LONGEST
from bot.answering.understanding.content_words import ContentWord, content_words
from index.language import words

# A subject is rarely left for longer than this and still meant; found on MTRAG (Katsis et al. 2025, arXiv:2501.03468).
_QUESTIONS_BACK = 3
_ENOUGH_WORDS = 8
# Where so many words of its own stand before a pronoun, they are what it means.
_ANTECEDENT = 2
# So many names are enough to look up, whoever "she" is: "Who gave her assent to the Scotland Act of 1998?"
_ENOUGH_NAMES = 3
_TOO_FEW = 1
_FEW = 2

_GOES_ON = re.compile(
    r"^(?:\W*\b(?:ok|okay|yes|no|so|oh|well|got it|thanks|thank you)\b)*\W*(?:and|but|or|then|what about|how about)\b"
    r"|\bI(?:['’]m| am| was)? (?:mean|meant|asking|talking|referring)\b"
    r"|\bdo you mean\b|\byou (?:mean|meant|said|say|mentioned|mention|told)\b"
    r"|^那|呢\W*$",
    re.IGNORECASE,
)
# "it" stands for nothing in "is it safe to swim?", "how long does it take to fly?" and "where does it snow?"
_PRONOUN = re.compile(
    r"\b(?:he|she|they|them|their|his|her|hers|him|its)\b|[他她它]们?"
    r"|\bit\b(?! (?:\w+ ){1,3}(?:to|for|that|when|if|how)\b| rains?\b| snows?\b)",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|she|him|his|her|hers)\b|[他她]", re.IGNORECASE)
_POINTER = re.compile(
    r"^(?:this|that)(?:['’]s| is| was)\b|这个|那个"
    r"|(?:\b(?:which|this|that|other|another|last|next|first|create|need|get|have|want|buy) ones?"
    r"|\b(?:of|about|to|for|with|like|after|before|on|in|at|by|than|from|is|was|did|does|do|can|would|will)"
    r" (?:this|that)|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere|\b(?:then|these|those))\W*$",
    re.IGNORECASE,
)
_POINTED_AT = re.compile(r"\b(?:this|that|these|those) ([^\W\d_]+)", re.IGNORECASE)
_DEFINITION = re.compile(r"^\W*(?:what|who)(?:['’]s| is| are| was| were) (?!the\b)|\bmeans?\W*$", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:what|who|whom|whose|when|where|why|which|how)\b|[谁什哪几幾怎吗嗎]|多少"
    r"|^\W*(?:please )?(?:did|does|do|is|are|was|were|can|could|will|would|should|has|have"
    r"|tell|explain|describe|name|list|show|give|recommend|compare)\b",
    re.IGNORECASE,
)
_ABOUT_THE_ASKER = re.compile(r"\b(?:I|my|me|we|our)\b", re.IGNORECASE)
# What is asked second leans on what is asked first: "How much was sold, and how far was that down?" stands alone.
_ASKED_SECOND = re.compile(r"(?<=[?？])\s*(?=\S).*|,\s+and\s.*", re.DOTALL | re.IGNORECASE)
_FULL_NAME = re.compile(r"\b[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+)+")


def stand_alone(question: str, conversation: Sequence[Turn]) -> str:
    """Return what to look up: the question, after the words it leans on, in parentheses, if it leans.

    "When was it built?" becomes "(clock museum): When was it built?". What comes back has at most 2,000 characters
    wherever the question has, and is the question itself where nothing can be added.
    """
    if not conversation or not _leans(question, conversation):
        return question
    carried = ""
    for word in _carried(question, conversation):
        if len(f"({carried} {word}): {question}") <= LONGEST:
            carried = f"{carried} {word}".strip()
    return f"({carried}): {question}" if carried else question


def _leans(question: str, conversation: Sequence[Turn]) -> bool:
    first = _ASKED_SECOND.sub("", question)
    if _GOES_ON.search(question) or _POINTER.search(first):
        return True
    content = content_words(question)
    names = sum(word.is_name for word in content)
    if names < _ENOUGH_NAMES and _has_open_pronoun(first):
        return True
    if names:
        return False
    return _points_at_what_was_said(first, conversation) or _says_too_little(question, _size(content))


def _has_open_pronoun(question: str) -> bool:
    pronoun = _PRONOUN.search(question)
    if pronoun is None:
        return False
    before = content_words(question[: pronoun.start()])
    return _size(before) < _ANTECEDENT and not any(word.is_name for word in before)


def _points_at_what_was_said(question: str, conversation: Sequence[Turn]) -> bool:
    """Return whether there is a "this club" in the question, and a club in the conversation."""
    said = _terms(word for turn in conversation for word in content_words(turn.text))
    return any(not said.isdisjoint(words.terms(noun)) for noun in _POINTED_AT.findall(question))


def _says_too_little(question: str, size: int) -> bool:
    """Return whether a question with so many terms, none of them a name, cannot be looked up by itself."""
    if not size:
        # "Why?" asks, "Thank you!" does not.
        return "?" in question or _ASKS.search(question) is not None
    if _DEFINITION.search(question):
        return False
    is_loose = _ABOUT_THE_ASKER.search(question) or not _ASKS.search(question)
    return size <= (_FEW if is_loose else _TOO_FEW)


def _carried(question: str, conversation: Sequence[Turn]) -> list[str]:
    """Return the words that the last questions were about and that the question lacks, oldest first.

    Where the question says "he" or "she", the first full name in the last answer comes before them.
    """
    person = _person(question, conversation[-1])
    known = _terms(content_words(question)) | _terms(content_words(person))
    carried: list[str] = []
    for asked in _last_questions(conversation):
        fresh = [word for word in asked if known.isdisjoint(word.terms)]
        known |= _terms(fresh)
        carried = list(dict.fromkeys(word.text for word in fresh)) + carried
        if len(carried) >= _ENOUGH_WORDS:
            break
    return [*person.split(), *carried]


def _last_questions(conversation: Sequence[Turn]) -> list[list[ContentWord]]:
    """Return the content words of the last questions, latest first, without those that were a mere "thank you"."""
    asked = [content_words(turn.text) for turn in reversed(conversation) if turn.role == "user"]
    return [content for content in asked if content][:_QUESTIONS_BACK]


def _person(question: str, last: Turn) -> str:
    if last.role != "assistant" or not _PERSON.search(question):
        return ""
    name = _FULL_NAME.search(last.text)
    return name[0] if name else ""


def _size(content: Iterable[ContentWord]) -> int:
    """Return how many terms these words have: one each, but a run of Chinese has one for each pair of characters."""
    return sum(len(word.terms) for word in content)


def _terms(content: Iterable[ContentWord]) -> frozenset[str]:
    return frozenset().union(*(word.terms for word in content))
