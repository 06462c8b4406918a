"""Portuguese."""

from __future__ import annotations

from index.language.language import Language, Negation, Orders, Talk, words

_AT_WORD = (r"(?:ignore|esqueça|ignora)\b.{0,30}\binstruç(?:ões|ão)\b",)

LANGUAGE = Language(
    code="pt",
    name="Portuguese",
    stemmer="portuguese",
    stop_list="portuguese",
    negation=Negation(
        words=words("não nunca jamais nada ninguém sem nem"),
        forms=(r"nenhum\w*",),
        negative=(r"\bimpossível\b",),
    ),
    orders=Orders(
        at_word=_AT_WORD,
    ),
    talk=Talk(
        greetings=(
            r"ol[áa]|oi|bom dia|boa (?:tarde|noite)|obrigad[oa]|muito|de nada|por favor|tchau",
            r"tudo bem|como vai|sim|não|beleza|sério|kkk+",
        ),
    ),
)
