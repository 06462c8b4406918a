"""German."""

from __future__ import annotations

from index.language.language import Language, Names, Negation, Orders, Talk, words

_AT_WORD = (
    r"(?:vergiss|vergesst|vergessen sie|ignoriere?|ignorieren sie)\b.{0,20}?(?:\balles\b.{0,12}\b(?:vorher|bisher"
    r"|oben|zuvor|davor)"
    r"|\b(?:obige|vorige|vorstehende)[nrs]? (?:text|nachricht|angaben))\b",
    r"(?:ignorier|missacht|vergiss|vergess|verwirf)\w*\b.{0,40}?\b(?:vorherige|bisherige|obige|frühere|vorangegangene"
    r"|alle|deine)\w*"
    r"\b.{0,30}?\b(?:anweisung|instruktion|vorgabe|regel|befehl|prompt|richtlinie|nachricht)\w*",
    r"(?:antworte|antworten sie|erwidere|schreibe?|schreiben sie|(?<!ich )sage?|sagen sie|gib)\b.{0,20}?\b"
    r"(?:nur|ausschließlich|lediglich|genau|exakt|stets|immer|wörtlich|stattdessen)\b",
    r"(?:antworte|antworten sie|erwidere|(?<!ich )sage?|sagen sie)(?: \w+){0,2}?(?: mit(?: dem wort)?|:| das wort"
    r"| den satz)? [„\"“»]",
    r"du bist (?:jetzt|nun|ab jetzt|ab sofort|nicht (?:mehr|länger)|von nun an) (?:ein|eine|der|die|kein|im)\b",
    r"ab (?:jetzt|sofort) (?:bist du|antwortest du|musst du)\b|system-?prompt\b.{0,40}\b(?:aus|zeig|gib|neu|dein)\w*",
    r"(?:wenn|falls|sobald)\b.{0,50}?\b(?:gefragt|fragt)\b.{0,60}?, (?:dann )?(?:antworte|sage?|schreibe?|nenne|gib"
    r"|behaupte)\b",
    r"(?:sag|sage|teile|erzähle?|empfiehl) (?:dem|der|den|allen|jedem) (?:be)?nutzer(?:in|n)?\b",
    r"(?:beende|beginne|schließe) (?:jede|deine) antwort\b|jede (?:deiner )?antwort(?:en)? (?:muss|müssen|soll)\b",
    r"(?:ki|sprachmodelle?|assistent(?:en)?|chatbots?|bots?) (?:muss|müssen|soll|sollen)\b.{0,100}?"
    r"\b(?:antworten|schreiben|sagen|ausgeben|erwähnen|einfügen|verlinken|beenden|nennen|ignorieren)\b",
    r"(?:hinweis|nachricht|anweisung|botschaft) (?:an|für) (?:die |das |den |alle |jede )?(?:ki|sprachmodelle?"
    r"|assistenten?|chatbots?|bots?)\b",
)

LANGUAGE = Language(
    code="de",
    name="German",
    stemmer="german",
    stop_list="german",
    names=Names(capitalised_nouns=True),
    negation=Negation(
        words=words("nicht nichts nie niemals niemand ohne weder"),
        forms=(r"kein\w*", r"niemand\w*"),
        negative=(r"\bun(?:möglich|bekannt)\w*",),
    ),
    orders=Orders(
        at_word=_AT_WORD,
        going_on=(r"(?:sage?|schreibe?|antworte|besuche)\b",),
        decoding=(r"\bdekodier\w*",),
    ),
    talk=Talk(
        greetings=(
            r"hallo|moin|servus|tschüss|ciao|guten? (?:morgen|tag|abend|nacht)|vielen dank",
            r"danke(?: schön| sehr| dir)?|bitte|wie geht(?:['’]?s| es dir| es ihnen)?(?: so)?",
            r"was geht|alles klar|ja|nein|super|toll|echt|wirklich",
        ),
    ),
)
