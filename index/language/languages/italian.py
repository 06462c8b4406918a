"""Italian."""

from __future__ import annotations

from index.language.language import Language, Negation, Orders, Talk, words

_AT_WORD = (r"(?:ignora|dimentica)\w*\b.{0,30}\bistruzion[ei]\b",)

LANGUAGE = Language(
    code="it",
    name="Italian",
    stemmer="italian",
    stop_list="italian",
    negation=Negation(
        words=words("non mai niente senza né"),
        forms=(r"nessun\w*",),
        negative=(r"\bimpossibile\b",),
    ),
    orders=Orders(
        at_word=_AT_WORD,
    ),
    talk=Talk(
        greetings=(
            r"ciao|salve|buon(?:giorno|asera|anotte)|grazie(?: mille)?|molte|prego|per favore",
            r"arrivederci|come (?:va|stai)|sì|davvero",
        ),
    ),
)
