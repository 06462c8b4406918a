"""Dutch."""

from __future__ import annotations

from index.language.language import Language, Negation, Orders, Talk, words

_AT_WORD = (r"(?:negeer|vergeet)\b.{0,30}\b(?:instructies|opdrachten)\b",)

LANGUAGE = Language(
    code="nl",
    name="Dutch",
    stemmer="dutch",
    stop_list="dutch",
    negation=Negation(
        words=words("niet niets geen nooit niemand zonder noch"),
        negative=(r"\bon(?:mogelijk|bekend)\b",),
    ),
    orders=Orders(
        at_word=_AT_WORD,
    ),
    talk=Talk(
        greetings=(
            r"hallo|hoi|goede(?:morgen|middag|navond)|dag|dank (?:je|u)(?: wel)?|bedankt|alsjeblieft",
            r"tot ziens|hoe gaat het|ja|nee|echt",
        ),
    ),
)
