"""Norwegian."""

from __future__ import annotations

from index.language.language import Language, Talk

LANGUAGE = Language(
    code="no",
    name="Norwegian",
    stemmer="norwegian",
    stop_list="norwegian",
    talk=Talk(
        greetings=(r"hei|god (?:morgen|kveld|natt)|takk|tusen|ha det|hvordan går det|ja|nei",),
    ),
)
