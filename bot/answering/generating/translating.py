"""Translating: statements that were verified in the documents' language are said in the asker's.

A translation cannot be held to the words of a quote, so it is held to the sentence that was: the same figures, the same
names in Latin letters, negated or not as that is, no sentence, link or mention more, and in the language that was asked
for. What fails stays as it was. The quotes stay in the language of their documents.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import ClassVar

from pydantic import ConfigDict, OnErrorOmit

from bot.answering.answer import Made
from bot.answering.generating.chat_session import ChatSession
from bot.answering.generating.prompt import Prompt
from bot.answering.generating.structured import Fields, Structured
from bot.answering.quoting.citing import SupportedStatement
from bot.answering.verifying.facts.names import keys, names, same
from bot.errors import ChatFailed, ChatFailureKind
from index.documents import Span
from index.language import detection as language
from index.language import languages
from index.language.analysis import Analysis
from index.language.language import Language
from index.language.patterns import any_of, any_word, compiled
from index.language.sentences import sentences

log = logging.getLogger(__name__)

_TASK = """\
Translate each of the numbered sentences into the language with the code {language} (ISO 639-1). Keep every number, \
date and name, and every "not". Numbers stay in digits, names in Latin letters stay in them."""
_AS_JSON = 'Reply with JSON: {"translations": ["...", "..."]}, in the same order.'
_AS_LINES = "Reply with one numbered line for each, in the same order."
_NUMBERED = re.compile(r"\s*\d{1,2}[.):]\s*(.+)")
_LONGER_AT_MOST = 4
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
# What a mention, a link, a command or a mark is told by.
_NO_PROSE = re.compile(r"[@<>`\[\]\\]|://|(?<!\w)/\w|\w\.[^\W\d]{2,}")
_LATIN = re.compile("[A-Za-z]{3}")


class Translations(Structured):
    """The translation of each sentence, in the same order."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="translations")
    translations: tuple[OnErrorOmit[str], ...]

    @classmethod
    def of_line(cls, line: str) -> Fields:
        """Take each numbered line for a translation."""
        match = _NUMBERED.fullmatch(line)
        return {"translations": [match[1]]} if match else {}


def is_foreign(each: SupportedStatement, asker: str | None) -> bool:
    """Tell whether a statement is in a language that is plainly not the asker's.

    Args:
        each: The statement; the language is that of the document that it quotes.
        asker: The asker's language (ISO 639-1), None where it is not known.

    """
    own = each.quotes[0].sentences[0].hit.document.language
    return None not in (own, asker) and own != asker


def translated(session: ChatSession, said: Sequence[SupportedStatement], asker: str) -> tuple[SupportedStatement, ...]:
    """Say those statements in the asker's language whose translation can be trusted, and the others as they are.

    Args:
        session: The session in which a chat model is asked to translate.
        said: The statements, at least one of them in another language than the asker's.
        asker: The asker's language (ISO 639-1).

    Raises:
        ChatFailed: The chat model did not translate, or not each statement.
        Stopped: Nobody wants the answer any more.

    """
    foreign = [each for each in said if is_foreign(each, asker)]
    reply = session.ask(_prompt([each.text for each in foreign], asker))
    texts = [" ".join(text.split()) for text in reply.translations] if reply else []
    if len(texts) != len(foreign):
        raise ChatFailed(ChatFailureKind.SENTENCES_SKIPPED)
    trusted = {each.text: text for each, text in zip(foreign, texts, strict=True) if _is_true(text, each, asker)}
    return tuple(
        replace(each, text=trusted[each.text], made=Made.WRITTEN) if each.text in trusted else each for each in said
    )


def _prompt(texts: Sequence[str], asker: str) -> Prompt[Translations]:
    return Prompt(
        schema=Translations,
        task=_TASK.format(language=asker),
        as_json=_AS_JSON,
        as_lines=_AS_LINES,
        data=(("sentences", "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(texts, start=1))),),
    )


def _is_true(text: str, original: SupportedStatement, asker: str) -> bool:
    """Tell whether a translation says the same, as far as that can be told without knowing the languages."""
    own = original.quotes[0].sentences[0].hit.document.language or ""
    is_negated = _is_negated(text, asker)
    return (
        0 < len(text) <= _LONGER_AT_MOST * len(original.text)
        and language.of_question(text) in (asker, None)
        and is_negated is not None
        and is_negated == _is_negated(original.text, own)
        and _figures(text) == _figures(original.text)
        and set(_NO_PROSE.findall(text)) <= set(_NO_PROSE.findall(original.text))
        and _count(text, asker) <= _count(original.text, own)
        and _has_its_names(text, original, asker)
    )


def _count(text: str, code: str) -> int:
    """Count the sentences of a text in a language."""
    return len(sentences(text, code, Span(0, len(text))))


def _is_negated(text: str, code: str) -> bool | None:
    """Tell whether a text in a language negates anything, None where it is not known how that is done there."""
    known = languages.known().get(code)
    return _negation(known).search(text) is not None if known and known.negation.is_known else None


@cache
def _negation(language: Language) -> re.Pattern[str]:
    negation = language.negation
    return compiled(any_of([any_word(negation.words), rf"\b{any_of(negation.forms)}\b", *negation.negative]))


def _figures(text: str) -> list[str]:
    """List the numbers of a text without what parts their digits: 8.50 is 8,50 elsewhere, and 1,000 is 1.000."""
    return sorted(re.sub(r"\D", "", figure) for figure in _FIGURE.findall(text))


def _has_its_names(text: str, original: SupportedStatement, asker: str) -> bool:
    """Tell whether a translation has the names of the original, as far as it is in Latin letters, and no others."""
    there = keys(Analysis(" ".join([original.text, *(quote.text for quote in original.quotes)])))
    translation = Analysis(text, asker)
    own = [name for name in names(translation) if not name.begins]
    if translation.language.names.capitalised_nouns:
        own = [name for name in own if name.text != name.text.capitalize()]
    if any(not _is_among(name.key, there) for name in own):
        return False
    wanted = [name.key for name in names(Analysis(original.text)) if not name.begins]
    return _LATIN.search(text) is None or all(_is_among(key, keys(translation)) for key in wanted)


def _is_among(key: str, others: frozenset[str]) -> bool:
    return any(same(key, other) for other in others)
