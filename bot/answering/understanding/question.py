"""The question as somebody typed it, checked at the door."""

from __future__ import annotations

import unicodedata

from bot.errors import BadQuestion, QuestionFault

LONGEST = 2_000


def parse(text: str) -> str:
    """Return the question in `text` without the white space around it: 1 to 2,000 characters with a word in them.

    Raises BadQuestion for an empty or over-long text, and for one with control characters (other than tab and new
    line) or half characters, which no keyboard types.
    """
    question = text.replace("\r\n", "\n").strip()
    if not question:
        raise BadQuestion("the question is empty", QuestionFault.EMPTY)
    if len(question) > LONGEST:
        raise BadQuestion(
            f"the question has {len(question):,} characters: at most {LONGEST:,} are accepted", QuestionFault.TOO_LONG
        )
    for character in question:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
            raise BadQuestion(
                f"the question holds a character that is not text (U+{ord(character):04X})", QuestionFault.NOT_TEXT
            )
    if not any(character.isalnum() for character in question):
        raise BadQuestion("the question holds no word", QuestionFault.NO_WORD)
    return question
