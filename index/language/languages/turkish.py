"""Turkish."""

from __future__ import annotations

from index.language.language import Language, Talk

LANGUAGE = Language(
    code="tr",
    name="Turkish",
    stemmer="turkish",
    talk=Talk(
        greetings=(
            r"merhaba|selam|günaydın|iyi (?:günler|akşamlar|geceler)|teşekkür(?:ler| ederim)|sağ ol",
            r"lütfen|nasılsın(?:ız)?|evet|hayır",
        ),
    ),
)
