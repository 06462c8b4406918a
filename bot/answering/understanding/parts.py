"""Parts: a question that asks several things is several questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from index.language import languages
from index.language.language import Language
from index.language.patterns import any_of, any_word, compiled
from index.language.scripts import is_unspaced

_MOST_PARTS = 4
_WORD = re.compile(r"[\w'’]+")


def parts_of(question: str, language: str | None = None) -> tuple[str, ...]:
    """Return the questions that a question consists of: itself alone unless each part can stand as a question.

    `language` is that of the question (ISO 639-1), None where that is not plain.
    """
    patterns = _patterns(languages.of(language))
    parts = [part.strip() for part in patterns.between.split(question) if part.strip()]
    if not 1 < len(parts) <= _MOST_PARTS:
        return (question,)
    # "Who was the author?" leans on what came before it as much as "who was he?" does.
    stand = _can_stand(parts[0], 1, patterns) and all(
        _can_stand(part, 2, patterns) and not patterns.leaning.search(part) for part in parts[1:]
    )
    return tuple(parts) if stand else (question,)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What stands between two parts, begins a part, carries no meaning in it, and leans on the part before."""

    between: re.Pattern[str]
    beginning: re.Pattern[str]
    function_word: re.Pattern[str]
    leaning: re.Pattern[str]


def _can_stand(part: str, least: int, patterns: _Patterns) -> bool:
    if is_unspaced(part):
        return True
    content = [word for word in _WORD.findall(part) if not patterns.function_word.fullmatch(word)]
    return patterns.beginning.match(part) is not None and len(content) >= least


@cache
def _patterns(language: Language) -> _Patterns:
    questions, pronouns = language.questions, language.pronouns
    asking = any_word(questions.words | questions.auxiliaries)
    joined = rf"[,;]?\s+{any_word(questions.conjunctions)}\s+(?={asking})|[,;]\s+(?={any_word(questions.after_comma)})"
    return _Patterns(
        between=compiled(rf"(?<=[?？])\s*(?=\S)|{joined}"),
        beginning=compiled(rf"(?:{any_word(questions.openers)},?\s+)?{asking}"),
        function_word=compiled(any_word(questions.words | questions.auxiliaries | questions.function_words)),
        leaning=compiled(any_of([any_word(pronouns.personal), *pronouns.leaning])),
    )
