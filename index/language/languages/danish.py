"""Danish."""

from __future__ import annotations

from index.language.language import Language, Talk

LANGUAGE = Language(
    code="da",
    name="Danish",
    stemmer="danish",
    stop_list="danish",
    talk=Talk(
        greetings=(r"hej|god(?:morgen|aften|nat)|tak|mange|farvel|hvordan går det|ja|nej",),
    ),
)
