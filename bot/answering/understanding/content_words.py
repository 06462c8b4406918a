"""Content words: the words of a question or an answer that tell what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.language import words

_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_TOKEN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}](?:[^\W{_HAN}]|[.,'’&-](?=[^\W{_HAN}]))*")
# Chinese puts no spaces between words: what is left between those that only ask and point is taken for one.
_HAN_FILLING = re.compile(
    "什么时候|什麼時候|多少|什么|什麼|怎么|怎麼|怎样|哪里|哪个|哪些|哪天|哪一?年|何时|何時|为什么|是不是|有没有|可以"
    "|这个|那个|[他她它]们?|[谁誰几幾是的了吗嗎呢吧在有和与那这也都]"
)
# What people say to each other whatever they talk about, beside the stop words of the index.
_TALK_WORDS = """
i me my mine we us our you your he him his she her hers its them one ones who whom whose what which when where why how
do does did done doing has have had can could should would may might shall am were been being about from so some any
someone each every both all many much more most less few other another same too very also just only really again still
now than up down out over between during while because since until after before here
i'm i've i'd we're you're it's that's there's what's who's where's how's let's don't doesn't didn't isn't aren't wasn't
can't couldn't won't
thank thanks hi hello hey please ok okay yes yeah sure sorry oh wow well fine great good right anyway maybe
know tell told say said mean meant ask asking talk talking speak refer referring explain clarify help want wanted need
like think thought see got get give hear heard understand wonder let
information info thing things something anything else way kind sort type types
"""
_TALK = frozenset(_TALK_WORDS.split())
_SENTENCE_ENDS = '.?!:"“”¿¡\n'


@dataclass(frozen=True, slots=True)
class ContentWord:
    """A word as it was written, its terms in the index, and whether it is a name, as numbers are."""

    text: str
    terms: frozenset[str]
    is_name: bool


def content_words(text: str) -> list[ContentWord]:
    """Return the content words of a text, English or Chinese, in order; of other languages all but a few words."""
    found = []
    for match in _TOKEN.finditer(text):
        for piece in filter(None, _HAN_FILLING.split(match[0])):
            terms = frozenset(words.terms(piece))
            if terms and not _is_talk(piece):
                found.append(ContentWord(piece, terms, _is_name(piece, text[: match.start()].rstrip(" "))))
    return found


def _is_talk(piece: str) -> bool:
    is_acronym = len(piece) > 1 and piece.isupper()
    return not is_acronym and piece.lower().replace("’", "'") in _TALK


def _is_name(piece: str, before: str) -> bool:
    if any(character.isdigit() for character in piece) or sum(map(str.isupper, piece)) > 1:
        return True
    return piece[0].isupper() and bool(before) and before[-1] not in _SENTENCE_ENDS
