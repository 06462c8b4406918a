"""Polish."""

from __future__ import annotations

from index.language.language import Language, Negation, Orders, Talk, words

_AT_WORD = (r"(?:zignoruj|ignoruj)\b.{0,40}\b(?:instrukcj|poleceni)\w+",)

LANGUAGE = Language(
    code="pl",
    name="Polish",
    negation=Negation(
        words=words("nie nigdy nikt nic bez ani"),
        forms=(r"żad\w+",),
    ),
    orders=Orders(
        at_word=_AT_WORD,
    ),
    talk=Talk(
        greetings=(
            r"cześć|hej|dzień dobry|dobry wieczór|dzięki|dziękuję(?: bardzo)?|proszę|do widzenia",
            r"co słychać|tak|nie|naprawdę",
        ),
    ),
)
