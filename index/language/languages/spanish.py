"""Spanish."""

from __future__ import annotations

from index.language.language import Language, Negation, Orders, Talk, words

_AT_WORD = (
    r"(?:ignora|ignore|olvida|olvide) todo lo (?:anterior|de arriba|que)\b",
    r"(?:ignora|ignore|ignorad|olvida|olvide|descarta|desestima|haz caso omiso de)\b.{0,30}?\b"
    r"(?:instruccion|indicacion|regla|orden|norma|directri|mensaje)\w*\b.{0,20}?\b(?:anterior|previa|recibid|original"
    r"|dad)\w*",
    r"(?:ignora|ignore|olvida|olvide)\b.{0,10}?\b(?:todas?|tus|sus)\b.{0,20}?\b(?:instruccion|indicacion|regla|orden"
    r"|norma|directri)\w*",
    r"(?:responde|responda|contesta|conteste|di|diga|escribe|escriba|imprime|repite)\b.{0,15}?\b"
    r"(?:solo|sólo|solamente|únicamente|exactamente|exclusivamente|simplemente|la palabra|la frase|el texto)\b",
    r"(?:responde|contesta)(?: \w+){0,2}?(?: con|:)? [«\"“]",
    r"(?:ahora|a partir de ahora|desde ahora),? (?:eres|serás|usted es|debes)\b|prompt del? sistema\b",
    r"(?:cuando|si)\b.{0,30}?\bpregunt\w+\b[^.]{0,80}?, (?:responde|responda|di|diga|contesta|escribe|afirma)\b",
    r"(?:di|dile|diga|dígale|informa|indica) (?:al|a los|a la) (?:usuari[oa]s?|lector(?:es)?)\b",
    r"(?:termina|comienza|empieza|acaba) (?:cada|toda|tu) respuesta\b|(?:cada|toda) respuesta debe\b",
    r"(?:ia|asistentes?|chatbots?|modelos? de lenguaje|inteligencia artificial) deben? (?:\w+ ){0,2}?"
    r"(?:responder|decir|escribir|mostrar|mencionar|añadir|terminar|ignorar|citar)\b",
    r"(?:nota|mensaje|aviso|atención) (?:para|a|al) (?:la |el |los |toda )?(?:ia|asistentes?|chatbots?"
    r"|modelos? de lenguaje)\b",
)

LANGUAGE = Language(
    code="es",
    name="Spanish",
    stemmer="spanish",
    stop_list="spanish",
    negation=Negation(
        words=words("no nunca jamás nada nadie sin ningún ni"),
        forms=(r"ningun\w*",),
        negative=(r"\b(?:imposible\b|desconocid\w+)",),
    ),
    orders=Orders(
        beginning=(r"di(?:le)? [«\"“]",),
        at_word=_AT_WORD,
        going_on=(r"(?:di|escribe|responde|visita)\b",),
        decoding=(r"\bdecodific\w*",),
    ),
    talk=Talk(
        greetings=(
            r"hola|buen(?:os|as) (?:días|tardes|noches)|gracias|muchas|por favor|de nada|adiós",
            r"hasta luego|qué tal|cómo est(?:ás|á)|sí|vale|genial|en serio|a todos|jaja\w*",
        ),
    ),
)
