"""The phrases by which a text gives itself away as one that speaks to a machine, language by language.

They were held to 75,000 sentences of encyclopedias, newspapers, forums and manuals, of which fewer than one in 10,000
may be taken for an instruction.
"""

from __future__ import annotations

import re

_MACHINE = (
    r"(?:ai|a\.i\.|llm|gpt|chatgpt|chatbot|(?:large )?language model|bot|assistant"
    r"|ai (?:model|system|agent|assistant))s?\b"
)
_OTHER_ASSISTANT = r"(?! (?:professor|manager|director|coach|editor|secretary|to|at|for|in))"
_TOLD = (
    r"(?:instructions?|prompts?|rules?|guidelines?|directi(?:ves?|ons?)|commands?|orders?|constraints?|restrictions?"
    r"|guidance|polic(?:y|ies)|training|programming|context|messages?|safeguards?|passages?|conversation)\b"
)
_BEFORE = (
    r"(?:previous|prior|preceding|above|earlier|foregoing|original|initial|past|existing|other|current|system|your)"
)
_REPLY = r"(?:answer|repl(?:y|ie)|response|output)s?\b"
_EVERY_REPLY = rf"(?:every|each|all|any|your) (?:single )?{_REPLY}"
_SAY = r"(?:answer|reply|respond|say|state|output|print|write|claim|tell|repeat|return|post|recommend)\b"
_DO = (
    rf"(?:{_SAY}|(?:include|mention|cite|ignore|add|append|end|begin|start|ping|reveal|give|disclose|follow|obey|comply"
    r"|quote|refuse|treat)\b)"
)
_MUST = r"(?:must|should|shall|has to|have to|needs? to|(?:is|are) (?:required |instructed |ordered |obliged )?to)"
_POLITELY = r"(?:please,? |now,? |then |just |simply |always |only |instead,? |you (?:must|should|shall|will|are to) )*"
_QUOTED = r"[\"'“‘«`„「]\w"
_LITERALLY = r"(?:word|phrase|token|string|code ?word|sentence|text)s?\b(?! (?:in|of|on|from|to|at|is|was)\b)"

# What a sentence, or a cell of a table, begins with.
_BEGINS = (
    rf"{_POLITELY}(?:act as|pretend (?:to be|that|you)|role-?play)\b.{{0,80}}\b(?:you|your|answer|reply|say|who)\b",
    rf"{_POLITELY}(?:respond|reply|answer|say|output|print)(?: \w+){{0,3}}(?: with|:|)? {_QUOTED}",
    rf"{_POLITELY}(?:say|output|print|repeat|respond|reply|write|answer) (?:\w+ ){{0,4}}?"
    rf"(?:the following|{_LITERALLY})",
    rf"{_POLITELY}(?:tell|inform|assure|convince|warn|persuade|instruct|direct|send) "
    r"(?:the|every|any|all|your|this) (?:user|asker|questioner|person asking|one who asks|human)s?\b",
    r"(?:\w+ ){0,4}?(?:do not|don't|never) (?:mention|reveal|disclose|cite|quote) (?:that|this|these|it|the)\b"
    r".{0,40}\b(?:instructions?|message|note|prompt|order|paragraph|user|asker)\b",
    rf"(?:dear|hey|hi|hello|attention|listen),? (?:all |any )?{_MACHINE}{_OTHER_ASSISTANT}",
    rf"{_MACHINE}(?:[,!]| [-–]) ",
    rf"(?:please )?translate\b.{{1,80}}\b(?:and|then|:) {_POLITELY}{_DO}",
    r"(?:ignore|disregard|forget|override|bypass) (?:all|any|every|the|your|what|these|those|prior|previous) "
    rf"(?:\w+ ){{0,4}}?(?:{_TOLD}|developers?|creators?|above)\b",
    r"(?:do not|don't|never) (?:follow|obey|heed|trust|use|cite) (?:any |all )?(?:of )?(?:the |your |those |other )+"
    r"(?:instructions?|rules|prompt|guidelines|passages?|documents?|sources)\b",
    r"(?:do not|don't) answer (?:the|this|any|that|their) (?:question|query|user)s?\b",
    rf"{_POLITELY}answer (?:the|this|every|any|each) (?:question|query)s? (?:with|by saying)\b",
    rf"{_POLITELY}(?:say|output) \S+$",
    r"summari[sz]e (?:this|the)\b.{0,40}\bas [“\"]",
    rf"let \w+ be {_QUOTED}",
    r"di(?:le)? [«\"“]",
)

# What stands at the start of a word anywhere in it: English.
_ENGLISH = (
    # Forget what you were told.
    rf"(?:ignor(?:e|ing)|disregard|forget|override|bypass|discard) (?:\w+ ){{0,3}}?{_BEFORE} (?:\w+ ){{0,2}}?{_TOLD}",
    r"(?:ignore|disregard|forget) (?:all|any|everything|anything|what(?:ever)?) (?:\w+ ){0,3}?"
    rf"(?:above|before|so far|{_TOLD})(?=\W*$|[^.]*\b(?:you|your|{_SAY}))",
    r"(?:ignore|disregard|forget) (?:all |everything )?(?:of )?(?:the|that is|that came|said) (?:above|before)\b",
    r"(?:instructions?|prompts?|rules) (?:above|before this|so far|you (?:were|have been) given)\b.{0,40}"
    r"\b(?:void|cancelled|revoked|replaced|obsolete|no longer)\b",
    rf"(?:overrid|supersed|replac|takes precedence ov)e[rs]* (?:\w+ ){{0,2}}{_BEFORE} (?:\w+ )?"
    r"(?:instructions?|prompts?|guidelines|programming)\b",
    # You are now somebody else.
    r"you are (?:an unrestricted|(?:now|no longer|from now on) (?:in |called |named )?(?:an?|the|dan|bound|restricted"
    r"|free|unrestricted))\b",
    r"(?:you are|you're|act as|acting as|pretend (?:to be|you are|that you are)|behave (?:as|like)|role-?play as) "
    rf"(?:now )?(?:an?|the|my|our) (?:\S+ ){{0,4}}?{_MACHINE}{_OTHER_ASSISTANT}",
    rf"if you are (?:an?|the|any) (?:\w+ )?{_MACHINE}{_OTHER_ASSISTANT}",
    rf"(?:from now on|from this point on|henceforth),? (?:you (?:are|(?:will |must )?{_SAY})|{_EVERY_REPLY})",
    r"your (?:\w+ )?(?:task|instructions?|job|goal|objective|role|purpose) (?:is|are) (?:now|no longer)\b",
    r"your (?:new|real|true|actual|updated|hidden|secret|system|original|initial) (?:\w+ )?"
    r"(?:task|instructions?|objective|prompt|persona|guidelines)\b",
    r"(?:new|updated|additional|important|hidden|special|system) (?:system )?(?:instructions?|prompt|directive)s?"
    r"(?: for (?:you|the (?:assistant|model|ai|bot|chatbot)))?\s*:",
    r"new task\s*:|your (?:previous|prior|current|last) (?:task|instructions?) (?:is|was|are|were)\b"
    r"|(?:you can )?do anything now\b",
    r"you have no (?:\w+ )?(?:restrictions|filters|guidelines|safeguards)\b",
    r"(?:safety|content|your) (?:rules|filters|restrictions|safeguards|guidelines|polic(?:y|ies)) "
    r"(?:are|is|has been|have been) (?:now )?(?:suspended|disabled|lifted|removed|off|void)\b",
    r"(?:these|following|this) (?:instructions?|orders?|message|directives?) "
    r"(?:takes?|has|have) (?:\w+ )?(?:priority|precedence)\b",
    r"(?:message|order|request)s? from your (?:developer|creator|maker|operator|administrator)s?\b",
    r"you (?:must|will|shall|have to) (?:obey|comply with|follow) (?:the|this|these|all|every|my) (?:\w+ )?"
    r"(?:text|instructions?|orders?|commands?|message) (?:below|above|here|given|in this)\b",
    # Bring out what you were told.
    r"(?:reveal|print|show|output|repeat|display|leak|disclose|dump|recite|quote)\b.{0,40}?\b"
    r"(?:(?:system|hidden|secret|initial|original|developer|your) (?:prompt|message|instruction)s?"
    r"|(?:instructions|text|words|everything) above|your (?:\w+ )?(?:configuration|initiali[sz]ation|keys?|token))\b",
    r"(?:reveal|print|output|leak|disclose|dump)\b.{0,40}?\b(?:(?:passage|secret|citation) keys?|boundary|bot token)\b",
    r"(?:system prompt|developer message|developer mode|jailbreak|debug mode)\b.{0,60}"
    r"\b(?:you|your|override|update|enabled|activated|unlocked|print|say|ignore)\b",
    # How to answer.
    r"(?:respond|reply|answer)(?:ing)? (?:\w+ ){0,4}?(?:only|exactly|solely|just|always|verbatim|nothing but) "
    r"(?:with|in|by|using|the)\b",
    r"(?:respond|reply|answer) (?:\w+ ){0,4}?with (?:only|exactly|just|nothing but|the (?:exact |single )?"
    r"(?:word|phrase|text|sentence|string|code|token|following|link))\b",
    r"repeat (?:after me|this (?:word|phrase|sentence|text|line|message)|the (?:following|words?|phrase|text) )",
    rf"(?:output|print|emit|say|write) (?:only |exactly )?the (?:exact |single |secret )?{_LITERALLY}",
    rf"(?:end|begin|start|finish|close|open|prefix|preface|sign|conclude) (?:the"
    rf"|{_EVERY_REPLY}) (?:{_REPLY} )?(?:with|by) {_QUOTED}",
    rf"(?:end|begin|start|finish|close|open|prefix|preface|sign|conclude) {_EVERY_REPLY} (?:with|by)\b",
    rf"{_EVERY_REPLY} (?:\w+ ){{0,6}}?{_MUST} (?:always |only |also )?"
    r"(?:end|begin|start|open|close|include|contain|mention|carry|say|link|recommend|read|ping|be (?:exactly|the word"
    r"|replaced))\b",
    r"(?:include|add|append|put|place|insert|mention|post|repeat|attach|link|ping|recommend)\b.{1,80}?\b"
    rf"(?:in|to|into|at the (?:very )?(?:end|start|beginning|top|bottom) of|with) {_EVERY_REPLY}",
    r"(?:answer|reply|respond|state)\b.{0,40}?\bwithout (?:any |giving |using |naming )?(?:citations?|citing|sources"
    r"|passage keys)\b",
    r"(?:do not|don't|never|stop) (?:cit|quot|mention|reveal|show)(?:e|ing)? (?:any |the |your |these )?(?:citations?"
    r"|sources|passages?|keys?)\b",
    r"(?:do not|don't|never) (?:tell|let) the (?:user|asker|reader)s?\b",
    r"cite (?:\w+ ){0,3}?(?:as|with|under|by|using) (?:the )?(?:key|passage|\[)",
    rf"{_REPLY} (?:must|should|shall) (?:only |just )?consist of\b|in {_EVERY_REPLY},? (?:please )?{_DO}",
    r"(?:only|just) (?:this passage|from this passage)\b|(?:use|cite|trust|ignore) (?:any "
    r"|all )?(?:of )?(?:the )?other passages\b",
    r"(?:respond|reply|answer) (?:only |always )?in (?:\w+ ){1,3}from now on\b",
    # What to say to whom.
    r"when(?:ever)? you (?:have )?(?:summari[sz]e|cite|quote|answer|reply|respond|read|index)\b[^.,]{0,40}, "
    rf"{_POLITELY}(?:add|include|mention|say|append|put|link|reply|answer)\b",
    rf"(?:once|after) you (?:have )?(?:read|finished reading|processed|indexed) (?:this|the (?:text|page|document"
    rf"|passage))[^.,]{{0,20}}, {_DO}",
    rf"(?:whoever|whatever|anyone who|anything that) (?:reads?|summari[sz]es|processes|answers from|indexes) (?:this"
    rf"|these)\b.{{0,60}}\b{_MUST} {_DO}",
    r"as an? (?:ai|ai model|(?:large )?language model|chatbot|ai assistant),? (?:you|your|please|must|should)\b",
    r"(?:when|whenever|if|once)\b.{0,40}?\b(?:ask(?:s|ed|ing)?|question|quer(?:y|ies|ied)"
    r"|inquires?)\b[^.;]{0,90}?[,:] ?"
    rf"{_POLITELY}(?:the (?:answer|reply|response) (?:is|must|should|will)|{_SAY}(?! (?:to|for)\b)|the (?:{_MACHINE}"
    rf"|model) )",
    r"tell (?:the user|users|the asker|whoever asks|everyone who asks|anyone who asks) (?:that|to)\b",
    # To whom it is addressed.
    rf"(?:note|message|instructions?|attention|notice|reminder|memo|orders?|directive|request) (?:to|for) "
    rf"(?:the |any |every |all )?{_MACHINE}(?!['’])(?=\W*$|[:,.!-]| (?:reading|that|which|who|processing|answering"
    rf"|must|models?\b))",
    rf"{_MACHINE}(?: who| that| which| now| currently| is| are)* (?:read|process|summari[sz]|answer|index|pars)(?:e?s"
    rf"|ing|e)? (?:from )?thi?e?se?\b",
    rf"(?:{_MACHINE}|model|models) (?:must|shall|(?:has|have) to|should(?= (?:now|always|never|only|instead)))"
    rf"(?: now| always| never| not| only| therefore| immediately| then| also| instead)* {_DO}",
    rf"(?:you|the assistant|the model|the bot) (?:must|will|shall|have to) (?:now|always|only|immediately"
    rf"|instead) {_SAY}",
    r"(?:(?:if|unless) you (?:do not|don't|refuse to|fail to)|unless you) (?:comply|obey|say|output|print|include"
    r"|answer with|reply with)\b",
    r"(?:administrator|moderator|developer|owner|operator|creator)s?\b.{0,40}?\b(?:require|demand|order|instruct"
    r"|want)s? (?:\w+ )?"
    rf"(?:you to|that you|the (?:assistant|bot|model) to|(?:that )?{_EVERY_REPLY})",
    r"is the (?:only |one )?(?:correct |right |true )?answer to (?:all|every|any) questions?\b",
    # Disguised.
    r"(?:decode|decipher|decrypt|base-?64|rot13)\b.{0,120}\b(?:follow|obey|execute|do what|carry out|say|output"
    r"|answer|reply)\b",
    r"(?:expected|required|ideal|mandatory|only (?:correct|valid|permitted)) (?:answer|output|response|reply"
    r"|completion)s?\s*:",
)

_GERMAN = (
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

_FRENCH = (
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

_SPANISH = (
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

_RUSSIAN = (
    r"(?:забудь|игнорируй)(?:те)? (?:все|всё),? (?:что|сказанное|написанное)\b",
    r"(?:про)?(?:игнорируй|забудь|отбрось)\w*\b.{0,40}?\b(?:инструкц|указани|правил|команд|промпт|подсказк"
    r"|сообщени)\w*",
    r"(?:отвечай|ответь|напиши|скажи|выведи|повтори|пиши)(?:те)?\b.{0,20}?"
    r"(?:\b(?:только|лишь|ровно|исключительно|всегда|слово|фразу|текст|дословно)\b|[«\"“])",
    r"(?:ты теперь|теперь ты|отныне ты|вы теперь)\b|системн\w+ (?:промпт|подсказк)\w*",
    r"(?:когда|если)\b.{0,40}?\b(?:спрос|спраш)\w+\b[^.]{0,80}?, (?:отвечай|говори|скажи|ответь|пиши"
    r"|утверждай)(?:те)?\b",
    r"(?:скажи|сообщи|передай|посоветуй)(?:те)? (?:всем )?пользовател\w+",
    r"(?:заканчивай|начинай|завершай)(?:те)? (?:каждый|любой|свой) ответ\b|каждый ответ (?:должен|обязан)\b",
    r"(?:ии|ассистент|бот|чат-бот|модель|языковая модель)\w* (?:должн|обязан)\w* (?:\w+ ){0,2}?"
    r"(?:отвечать|ответить|написать|сказать|вывести|упомянуть|добавить|указать|игнорировать)\b",
    r"(?:сообщение|указание|внимание|инструкция|примечание)[:,]? (?:для )?(?:ии|ассистент|бот|чат-бот"
    r"|языков\w+ модел)\w*\b",
)

# Only the classic one, in more languages.
_ELSEWHERE = (
    r"(?:ignora|dimentica)\w*\b.{0,30}\bistruzion[ei]\b|(?:ignore|esqueça|ignora)\b.{0,30}\binstruç(?:ões|ão)\b",
    r"(?:negeer|vergeet)\b.{0,30}\b(?:instructies|opdrachten)\b|(?:zignoruj|ignoruj)\b.{0,40}\b(?:instrukcj"
    r"|poleceni)\w+",
)

# Chinese has no spaces, so that a phrase may begin anywhere.
_CHINESE = (
    r"(?:以前|これまで|上記|前|すべて)の?(?:指示|命令|プロンプト).{0,6}無視|(?:이전|위의|앞의|모든).{0,6}(?:지시|명령|프롬프트).{0,8}무시",
    r"(?:忽略|无视|忘记|忘掉)(?:上文|上述内容|以上内容|前文)",
    r"(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|不理会)[^。!?！？]{0,8}(?:之前|此前|以上|先前|上述|前面|上面|所有|一切|任何|你的|您的)"
    r"[^。!?！？]{0,10}(?:指令|指示|提示|规则|規則|命令|要求|说明)",
    r"(?:只|仅|僅|必须|必須|请|請|务必|一律|直接|改为)[^。,，!！]{0,6}(?:回答|回复|回覆|输出|輸出)[^。,，!！]{0,6}[“「『:：]",
    r"(?:从现在起|从现在开始|現在起)[,，]?你(?:是|必须|要|只|将)|你(?:现在|現在|不再)是(?:一个|一個|一名|DAN)|系统提示词|系統提示詞",
    r"(?:当|如果|若|每当|凡是)[^。]{0,20}(?:问|問|询问)[^。]{0,30}[,，](?:请你?|你|就|都|一律|应当?|要|必须|只)*(?:回答|回复|说|输出)",
    r"(?:告诉|告訴|通知)(?:所有|每个)?(?:用户|用戶|使用者|提问者)",
    r"(?:人工智能|AI|语言模型|助手|机器人|大模型)[^。]{0,12}(?:必须|必須|务必|应当|应该)[^。]{0,8}(?:回答|回复|输出|说|写|提到|忽略|附上|加上)",
    r"(?:每个|每條|每条|所有|每次)(?:回答|回复|答案)[^。]{0,6}(?:必须|都要|应|务必|末尾|结尾|开头)",
)

# What only a machine would take for more than text: marks of a role, of a boundary, of a format.
_MARKS = (
    r"<\|\w+\|>|\[\[?(?:system|assistant|developer|admin)\]|\[/?INST\]|<</?SYS>>|</?(?:system|assistant|instructions?"
    r"|im_start|im_end|prompt|admin|developer)\b[^>]*>",
    r"^\W{0,3}#{2,}\s*(?:instructions?|system|response|assistant|human|user)\s*:?",
    r"^\W{0,3}(?:system|assistant|developer|ai|human)(?: message| prompt)?\W{0,2}:\s*(?=\S+\s+\S+\s+\S+).{12}",
    r"[\"']role[\"']\s*:\s*[\"'](?:system|assistant|developer|user|tool)|[\"'](?:statements|tool_calls"
    r"|function_call)[\"']\s*:",
    r"[-=#*<\[~]{2,}\s*(?:end|begin|start|close|stop)(?:ning)?\b(?: of)?.{0,20}?\b(?:documents?|passages?|context"
    r"|system|instructions?"
    r"|prompt|data|user|input|sources?|quotes?|evidence|text)\b.{0,20}(?:[-=#*>\]~]{2,}|$)",
    r"\b(?:end|beginning) of (?:the )?(?:documents?|passages?|context|sources?|evidence)\W+(?:new|system|now"
    r"|the (?:user|system)|begin)\b",
)


def _any(phrases: tuple[str, ...], before: str = "") -> re.Pattern[str]:
    # What all have in common stands in front once: an alternative is tried at few places, not at every letter.
    return re.compile(rf"{before}(?:{'|'.join(phrases)})", re.IGNORECASE | re.MULTILINE)


PHRASES = (
    _any(_BEGINS, r"(?:^|\| )(?:[\w ]{1,30}: )?\W*"),
    _any((*_ENGLISH, *_GERMAN, *_FRENCH, *_SPANISH, *_RUSSIAN, *_ELSEWHERE), r"\b(?=\w)"),
    _any((*_CHINESE, *_MARKS)),
)

# An order to decode, and what is to be decoded.
DECODE = re.compile(r"\b(?:decod|deciphe|base-?64|dekodier|décod|decodific|декодир)\w*|解码", re.IGNORECASE)
BLOB = re.compile(r"(?<![\w/+])(?=[A-Z0-9+/]*[a-z])(?=[a-z0-9+/]*[A-Z])[A-Za-z0-9+/]{20,}={0,2}")

# What goes on with an instruction when it has begun: an order, an address, a mention.
GOES_ON = re.compile(
    rf"^\W*(?:and |but |so |also,? )?{_POLITELY}(?:{_DO}|(?:visit|click|do|don't|never|always|stop|go|use|call|this is"
    r"|sage?|schreibe?|antworte|besuche|dis|dites|écris|réponds|di|escribe|responde|visita|скажи|напиши|ответь)\b)"
    r"|^\W*(?:请|說|说|回答|输出)|https?://|www\.|discord\.gg|@everyone|@here|<@",
    re.IGNORECASE,
)
