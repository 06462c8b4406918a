"""French."""

from __future__ import annotations

from index.language.language import Language, Negation, Orders, Talk, words

_AT_WORD = (
    r"(?:ignor|oubli)(?:e|ez|er) tout ce qui (?:précède|est écrit|se trouve)\b",
    r"(?:ignor|oubli|néglig)(?:e|ez|er|ons)\b.{0,30}?\b(?:instructions?|consignes?|directives?|règles?"
    r"|ordres?)\b.{0,20}?\b"
    r"(?:précédent|antérieur|ci-dessus|initial|reçu|système|donné)\w*",
    r"(?:ignor|oubli)(?:e|ez|er)\b.{0,20}?\b(?:tes|vos|tout ce qui précède|toutes les|tous les)\b.{0,20}?"
    r"(?:instructions?|consignes?|directives?|règles?|précède)\b",
    r"(?:réponds|répondez|dis|dites|écris|écrivez|affiche|affichez|répète|répétez)\b.{0,20}?\b"
    r"(?:uniquement|seulement|exactement|exclusivement|toujours|simplement|le mot|la phrase|le texte)\b",
    r"(?:réponds|répondez|dis|dites|affichez?)(?: \w+){0,2}?(?: par| :|:)? [«\"“]",
    r"(?:tu es|vous êtes) (?:maintenant|désormais) (?:un|une|le|la|en|dan)\b|(?:invite|prompt) système\b",
    r"(?:quand|lorsqu|si)\b.{0,40}?\b(?:demande(?:nt)?|interroge|questionne)\b[^.]{0,80}?, (?:réponds|répondez|dis"
    r"|dites|écris|affirme)\b",
    r"(?:dis|dites|indique|indiquez|annonce) (?:à l['’]|aux? )(?:utilisat(?:eur|rice)s?|lecteurs?)\b",
    r"(?:termine|terminez|commence|commencez) (?:chaque|toute|ta|votre) réponse\b|(?:chaque|toute) réponse doit\b",
    r"(?:ia|assistants?|chatbots?|modèles? de langage|intelligence artificielle) (?:doit|doivent) (?:\w+ ){0,2}?"
    r"(?:répondre|dire|écrire|afficher|mentionner|ajouter|terminer|ignorer|citer)\b",
    r"(?:note|message|avis|consigne|attention) (?:à|pour|aux?) (?:l['’]|les |tout |toute )?(?:ia|assistants?"
    r"|chatbots?|modèles? de langage)\b",
)

LANGUAGE = Language(
    code="fr",
    name="French",
    stemmer="french",
    stop_list="french",
    negation=Negation(
        words=words("ne n pas jamais rien personne sans ni"),
        forms=(r"aucun\w*",),
        negative=(r"\b(?:impossible\b|inconnu\w*)",),
    ),
    orders=Orders(
        at_word=_AT_WORD,
        going_on=(r"(?:dis|dites|écris|réponds)\b",),
        decoding=(r"\bdécod\w*",),
    ),
    talk=Talk(
        greetings=(
            r"salut|bonjour|bonsoir|coucou|au revoir|merci(?: beaucoup| bien)?|de rien",
            r"s['’]il (?:te|vous) pla[iî]t|ça va|comment (?:ça va|vas-tu|allez-vous)|oui|non",
            r"d['’]accord|super|vraiment|à tous|mdr",
        ),
    ),
)
