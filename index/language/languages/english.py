"""English."""

from __future__ import annotations

from index.language.language import (
    Calendar,
    Certainty,
    Inflection,
    Language,
    Names,
    Negation,
    Numerals,
    Opposites,
    Orders,
    Pronouns,
    Questions,
    Shorthand,
    Talk,
    Units,
    Wording,
    numbered,
    opposite_pairs,
    units,
    words,
)

_ASK = "what who whom whose when where why which how"
_BE = "is are was were been be"
_ARTICLES = "a an the"
_PLACES = r"(?:of|about|to|for|with|like|after|before|on|in|at|by|than|from)"
_ONE_OF = "which|this|other|another|last|next|first"

_MONTHS = """
january february march april may june july august september october november december
"""
_WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday
"""

_SMALL = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth
"""
# Each unit, and everything that it is written as.
_UNITS = """
%: % percent per-cent pct
percentage point: percentage-point percentage-points pp
dollar: dollar dollars usd
cent: cent cents
euro: euro euros eur
pound: pound pounds gbp lb lbs
yuan: yuan rmb cny renminbi
yen: yen jpy
rupee: rupee rupees inr
kilometre: km kms kilometer kilometers kilometre kilometres
metre: m meter meters metre metres
centimetre: cm centimeter centimeters centimetre centimetres
millimetre: mm millimeter millimeters millimetre millimetres
mile: mi mile miles
yard: yd yard yards
foot: ft foot feet
inch: inch inches
kilogram: kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes
gram: g gram grams
milligram: mg milligram milligrams
tonne: t ton tons tonne tonnes
ounce: oz ounce ounces
litre: l liter liters litre litres
gallon: gallon gallons
barrel: barrel barrels
square kilometre: km2 km^2 sq-km square-kilometers square-kilometres square-kilometer
square metre: m2 m^2 square-meters square-metres square-meter
square mile: sq-mi square-miles square-mile mi2
square foot: sq-ft square-feet square-foot
acre: acre acres
hectare: ha hectare hectares
century: century centuries
decade: decade decades
year: year years yr yrs year-old years-old
month: month months
week: week weeks
day: day days
hour: hour hours hr hrs h
minute: minute minutes min mins
second: second seconds sec secs s
millisecond: ms millisecond milliseconds
degree Celsius: °c degrees-celsius degree-celsius celsius
degree Fahrenheit: °f degrees-fahrenheit degree-fahrenheit fahrenheit
degree: ° degree degrees
kilobyte: kb kilobyte kilobytes
megabyte: mb megabyte megabytes
gigabyte: gb gigabyte gigabytes
terabyte: tb terabyte terabytes
hertz: hz hertz
kilohertz: khz kilohertz
megahertz: mhz megahertz
gigahertz: ghz gigahertz
watt: w watt watts
kilowatt: kw kilowatt kilowatts
megawatt: mw megawatt megawatts
gigawatt: gw gigawatt gigawatts
kilowatt hour: kwh kilowatt-hour kilowatt-hours
volt: v volt volts
mile an hour: mph miles-per-hour
kilometre an hour: kph kmh km/h kilometers-per-hour kilometres-per-hour
person: people person persons inhabitants residents
time: times
BC: bc bce b.c. b.c.e.
"""
_SPANS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")

# Words that may begin a sentence or stand in a title with a capital and name nobody.
_COMMON = """
a about above according accordingly across actually additionally after afterwards again against all almost along
already also alternatively although altogether always am among an and another any anyone anything apart approximately
are around as aside at away back based basically because been before behind being below beneath beside besides between
beyond both briefly but by can clearly collectively combined compared consequently considering conversely could
currently despite did do does doing done down due during each earlier early either else elsewhere especially
essentially even eventually every everyone everything evidently except few finally first firstly following for former
formerly fortunately from full further furthermore generally given had has have having he hence her here hers herself
him himself his historically how however i if importantly in including indeed initially instead interestingly into is
it its itself just last lastly late later latest least less like likewise mainly many may maybe me meanwhile might
more moreover most mostly much must my myself namely near nearly neither never nevertheless new next no nobody none
nonetheless nor not notably nothing now nowadays of off often on once one only onto or originally other others
otherwise our out outside over overall own part partly per perhaps please possibly presumably previously primarily
prior probably rather recently regarding regardless reportedly respectively roughly second secondly several shall she
should similarly simply since so some someone something sometimes soon specifically still subsequently such suddenly
surely than that the their them themselves then there thereafter therefore these they third this those though through
throughout thus to today together too toward towards twice two typically ultimately under unfortunately unless unlike
until up upon us used using usually very via was we well were what whatever when whenever where whereas wherever
whether which while who whoever whole whom whose why will with within without would yes yet you your please see note
am pm mr mrs ms dr
"""

# What people say to each other whatever they talk about, beside the stop words of the index.
_TALK = """
i me my mine we us our you your he him his she her hers its them one ones who whom whose what which when where why how
do does did done doing has have had can could should would may might shall am were been being about from so some any
someone each every both all many much more most less few other another same too very also just only really again still
now than up down out over between during while because since until after before here
i'm i've i'd we're you're it's that's there's what's who's where's how's let's don't doesn't didn't isn't aren't wasn't
can't couldn't won't
lol haha hmm bye goodbye cheers
thank thanks hi hello hey please ok okay yes yeah sure sorry oh wow well fine great good right anyway maybe
know tell told say said mean meant ask asking talk talking speak refer referring explain clarify help want wanted need
like think thought see got get give hear heard understand wonder let
information info thing things something anything else way kind sort type types
"""

# With one of these a statement leaves open what it says as well.
_LEAVES_OPEN = """
can would should will possible possibly potential potentially likely unlikely perhaps probably sometimes said says claim
claims claimed believed believe believes according if unless seem seems seemed thought suggest suggests suggested
expects expected suspected accused appears appear appeared capable able option options ability chance risk proposal
consider considered plan intend intention hope aim goal expectation propose proposes proposed allow allowed allows
permit permitted permits able possibility theory hypothesis speculated estimated whether or cannot
"""

# Each line, with those set in below it, is a pair: the words of one side, a bar, the words of the other.
_OPPOSITES = """
rise rises rose risen rising increase increases increased increasing grow grows grew grown growing climb climbed
    gain gains gained surge surged | fall falls fell fallen falling decrease decreases
    decreased decreasing decline declines declined declining drop drops dropped reduce reduces reduced reducing
    reduction shrink shrank lose loses lost plunged
more | less fewer
most | least fewest
greater larger bigger higher above | smaller lower lesser below
greatest largest biggest highest maximum | smallest lowest minimum
high | low
large big | small
before prior | after following since
earlier | later
early | late
earliest oldest | latest newest youngest
older elder | newer younger
first | last final
begin begins began begun beginning start starts started starting open opens opened opening | end ends ended
    ending finish finishes finished stop stops stopped close closes closed closing
allow allows allowed allowing permit permits permitted legal lawful | forbid forbids forbade forbidden
    prohibit prohibits prohibited ban bans banned illegal unlawful
win wins won winning winner beat beats defeated | lose loses lost losing loser
true correct | false incorrect wrong
up upward | down downward
gain gains profit profits gained | loss losses lost
accept accepts accepted accepting approve approves approved approving agree agrees agreed | reject rejects
    rejected rejecting refuse refuses refused disagree disagreed
support supports supported supporting favour favor favored | oppose opposes opposed opposing
include includes included including | exclude excludes excluded excluding
majority | minority
best better | worst worse
inside within indoor indoors internal interior | outside outdoor outdoors external exterior
north northern | south southern
east eastern | west western
northeast northeastern | southwest southwestern northwest northwestern southeast southeastern
left | right
male man men boy boys husband father son brother king | female woman women girl girls wife mother daughter
    sister queen
he him his himself | she her hers herself
buy buys bought buying purchase purchased | sell sells sold selling
hire hires hired appoint appointed | fire fires fired dismiss dismissed
join joins joined enter entered | leave leaves left quit
create creates created build built founded | destroy destroys destroyed demolished dissolved
succeed succeeds succeeded success successful | fail fails failed failure unsuccessful
strong stronger strengthened | weak weaker weakened
rich richer wealthy | poor poorer
hot hotter warm warmer | cold colder cool cooler
fast faster quick quicker | slow slower
long longer | short shorter
always | never
possible able capable | impossible unable incapable
public | private
positive | negative
same similar identical | different
likely | unlikely
common | rare uncommon
cheap cheaper | expensive dearer
safe | dangerous unsafe
import imports imported | export exports exported
ancestor ancestors | descendant descendants
arrive arrives arrived | depart departs departed
attack attacks attacked | defend defends defended
expand expands expanded | contract contracts contracted
borrow borrowed | lend lent
teacher teachers | student students
guilty convicted | innocent acquitted
alive | dead
presence present | absence absent
advantage advantages | disadvantage disadvantages
love loves loved | hate hates hated
"""
# Words that look like a denial of another and are none.
_NO_OPPOSITES = """
invested informed included inclined increased involved inspired intended inclusive intent indent inhabited infused
invaluable indeed imposed imported improved impressed implied impressive important discovered displayed disposed
disused until under unlike union unity unit uniform dismissed disable distant instant indebted inflamed inside
disordered interred indented installed instated dispatched disease diseased illustrated irrigated united
"""

# The orders were held to 75,000 sentences of encyclopedias, newspapers, forums and manuals, of which fewer than one in
# 10,000 may be taken for one.
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
_BEGINNING = (
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
)
# What stands at the start of a word anywhere in it.
_AT_WORD = (
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


def _rate(span: str) -> str:
    """Return the pattern of something that is counted by a span of time, without an adverb such as "monthly"."""
    return (
        rf"\b(?:per|each|every)\s+{span}\b"
        rf"|\d[^\s\d]*(?:\s\w+)?\s+an?\s+{span}\b(?!\s(?:before|after|ago|later|earlier))"
    )


# Said in chats all the world over; what belongs to one trade is for its documents to expand.
_CLIPPED = {
    "abt": "about",
    "bc": "because",
    "btw": "by the way",
    "govt": "government",
    "mgmt": "management",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "qtr": "quarter",
    "r": "are",
    "rev": "revenue",
    "u": "you",
    "ur": "your",
    "vs": "versus",
    "w": "with",
    "wat": "what",
    "w/": "with",
    "w/o": "without",
    "yr": "year",
    "yrs": "years",
}

LANGUAGE = Language(
    code="en",
    name="English",
    stemmer="english",
    stop_list="english",
    pronouns=Pronouns(
        masculine=words("he him his"),
        feminine=words("she her hers"),
        other=words("it its they them their"),
        demonstratives=words("this these that those such"),
        relatives=words("who which"),
        definite_articles=words("the this these"),
        openers=words("but however also then there"),
        # "it" stands for nothing in "is it safe to swim?", "how long does it take to fly?" and "where does it snow?"
        expletives=(r"\bit (?:(?:\w+ ){1,3}(?:to|for|that|when|if|how)|rains?|snows?)\b",),
        # "that" and "there" lean only where they stand for something: "was that", "the rules that" does not.
        leaning=(
            r"\b(?:this|these|those|ones)\b",
            r"(?:^|\b(?:is|s|was|did|does|do|can|will|would) )that\b",
            rf"\b{_PLACES} that\b",
            rf"\b(?:{_ONE_OF}) one\b",
            r"\b(?:there|then)\b(?=\W*$)|^then\b",
            r"^(?:and|but|so|or|also|what about|how about|why|how so|when|where|who|which one|any|anything else|more)"
            r"\b\W*$",
            r"^(?:and|but|what about|how about)\b",
        ),
        pointing=(
            r"^(?:this|that)(?:['’]s| is| was)\b",
            rf"\b(?:{_ONE_OF}|that|create|need|get|have|want|buy) ones?\W*$",
            rf"\b(?:{_PLACES}|is|was|did|does|do|can|would|will) (?:this|that)\W*$",
            r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\bthere\W*$",
            r"\b(?:then|these|those)\W*$",
        ),
    ),
    negation=Negation(
        words=words(
            "not no never neither nor none nobody nothing nowhere without cannot hardly scarcely barely unable"
            " lack lacks lacked lacking deny denies denied denying"
        ),
        forms=(r"\w*n't",),
        before_infinitive=words("fail fails failed failing refuse refuses refused refusing decline declined"),
        infinitive=words("to"),
        idle_before=words("only just merely simply until doubt more less fewer later earlier matter"),
        numbering=words("no"),
        continuing=words("longer yet ever even"),
        negative=(r"\b(?:unknown|impossible)\b",),
    ),
    calendar=Calendar(
        months=numbered(_MONTHS, 1)
        | {"jan": 1, "feb": 2, "apr": 4, "aug": 8, "sept": 9, "oct": 10, "nov": 11, "dec": 12},
        short_months={"mar": 3, "jun": 6, "jul": 7, "sep": 9},
        doubtful_months=words("may march"),
        before_months=words(
            "in of since until till by last next this early late mid from to between during and through each every on"
        ),
        weekdays=numbered(_WEEKDAYS),
        short_weekdays={"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6},
        quarters={"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "final": 4} | numbered("first second third fourth", 1),
        quarter=words("quarter"),
        fiscal=("fiscal (?:year )?", "FY ?"),
        inside=words("of the in year"),
        joining=words("to and or until through"),
        imprecise=words("early late mid on"),
        written=(
            r"(?<!\w)(?P<decade>1\d\d0|20\d0)'?s\b",
            r"(?<!\w)'(?P<decade>[1-9]0)s\b",
            r"\bFY\s?'?(?P<year>20\d{2}|\d{2})\b",
        ),
        words=words("century today yesterday ago summer winter spring autumn before after during until since"),
    ),
    names=Names(
        common=words(_COMMON),
        acronyms=words("us it who"),
        particles=words("of the for de la"),
        conjunctions=words("and"),
        minor=words("in on to a"),
        same=(
            ("france", "french"),
            ("spain", "spanish", "spaniard"),
            ("denmark", "danish", "dane"),
            ("ireland", "irish"),
            ("wales", "welsh"),
            ("netherlands", "dutch", "holland"),
            ("poland", "polish", "pole"),
            ("norway", "norwegian"),
            ("greece", "greek"),
            ("switzerland", "swiss"),
            ("finland", "finnish", "finn"),
            ("philippines", "filipino", "philippine"),
            ("britain", "british", "uk", "unitedkingdom"),
            ("america", "american", "us", "usa", "unitedstates", "states"),
            ("europe", "european"),
            ("eu", "europeanunion"),
            ("iceland", "icelandic"),
            ("peru", "peruvian"),
            ("thailand", "thai"),
            ("argentina", "argentine", "argentinian"),
            ("iraq", "iraqi"),
            ("ceo", "chiefexecutive"),
            ("tv", "television"),
        ),
        demonym_endings=(r"(?:ese|ish|ian|ean|an|uese|i|ic)s?$",),
        land_endings=words("a ia y any land e en ain ey ea o al ium stan us and in") | {""},
    ),
    inflection=Inflection(
        added=words("s ed ing d"),
        for_last=words("ies ing"),
        endings=(("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e")),
    ),
    numerals=Numerals(
        small=numbered(_SMALL) | {ten: 10 * number for ten, number in numbered(_TENS, 2).items()},
        tens=words(_TENS),
        scales={
            "dozen": 12,
            "hundred": 10**2,
            "thousand": 10**3,
            "lakh": 10**5,
            "million": 10**6,
            "crore": 10**7,
            "billion": 10**9,
            "trillion": 10**12,
        },
        short_scales={"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12},
        ranges=words("to and or"),
        ordinals=numbered(_ORDINALS, 1)
        | {f"{ten[:-1]}ieth": 10 * number for ten, number in numbered(_TENS, 2).items()},
        ordinal_endings=words("st nd rd th"),
        fractions={
            "half": 2,
            "halve": 2,
            "third": 3,
            "quarter": 4,
            "fourth": 4,
            "fifth": 5,
            "sixth": 6,
            "eighth": 8,
            "tenth": 10,
        },
        halves=words("half"),
        articles=words("a an"),
        joining=words("and"),
        negative=words("minus"),
        multiples=dict.fromkeys(words("twice twofold double doubled"), 2)
        | dict.fromkeys(words("thrice threefold triple tripled"), 3),
        places=(r"\bno\.|\bnumber|#|\brank(?:ed|s|ing)?(?: at)?|\bchapter|\bpart|\bplace",),
        vague=words("one"),
        not_counted=words("of another or who that which is was can may could should might would must has had day"),
    ),
    units=Units(
        behind=units(_UNITS),
        before={
            "$": "dollar",
            "us$": "dollar",
            "usd": "dollar",
            "€": "euro",
            "eur": "euro",
            "£": "pound",
            "gbp": "pound",
            "¥": "yuan or yen",
            "rmb": "yuan",
            "cny": "yuan",
            "jpy": "yen",
            "₹": "rupee",
        },
        rates={_rate(span): span for span in _SPANS}
        | {rf"\b{span}ly\b": span for span in ("hour", "week", "month", "quarter", "year")}
        | {r"\bdaily\b": "day", r"\bannual(?:ly)?\b": "year"},
    ),
    questions=Questions(
        words=words(_ASK),
        # "who", "which", "when" and "where" go on with the same question more often than not.
        after_comma=words("what how why"),
        auxiliaries=words("did does do is are was were can could will would should has have"),
        requests=words("tell explain describe name list show give recommend compare"),
        polite=words("please"),
        conjunctions=words("and"),
        openers=words("and but also"),
        function_words=words("the a an of in on at to for by with from as and or but also"),
        about_asker=words("i my me we our"),
        definitions=(r"^\W*(?:what|who)(?:['’]s| is| are| was| were) (?!the\b)", r"\bmeans?\W*$"),
        meanings=(r"\bstands? for\b", r"\b(?:means?|meaning|definition|define|abbreviation|acronym)\b"),
        for_number=(
            r"\bhow (?:many|much|far|long|old|tall|fast|high|large|big|deep|heavy|often)\b",
            r"\bwhat (?:percent|percentage|number|amount|share|portion|fraction|proportion|size)\b",
            r"\b(?:percentage|number|amount|population|price|cost) (?:of|did|does|was|is)\b",
        ),
        for_date=(r"\bwhen\b", r"\b(?:what|which) (?:year|date|month|day|century|decade|time|season)\b"),
        for_name=(
            r"\b(?:who|whom|whose|where)\b",
            r"\b(?:what|which) (?:country|city|state|place|region|town|location)\b",
        ),
        for_speaker=(r"\bwho (?:said|says|told|wrote|writes|claimed|claims|stated|announced|reported)\b",),
        speech=words(
            "said says saying told tells wrote writes writing claimed claims stated states announced announces reported"
            " reports added explained argued according quoted"
        ),
        number_words=words(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
            " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion"
            " trillion half third quarter dozen first second twice once double percent"
        ),
        distinctions={name: name for name in ("quarter", "half", "year", "product")},
    ),
    shorthand=Shorthand(
        clipped=_CLIPPED,
        contractions={f"{word}s": f"{word} is" for word in ["what", "who", "where", "how", "when", "that", "there"]},
        scales={"k": "thousand"} | dict.fromkeys(("m", "mn", "mio"), "million") | dict.fromkeys(("b", "bn"), "billion"),
        quarters={f"{part} quarter": number for part, number in numbered("first second third fourth", 1).items()},
        halves={"first half": 1, "second half": 2},
        percent=frozenset({"pct", "percent", "per cent"}),
    ),
    talk=Talk(
        words=words(_TALK),
        going_on=(
            r"^(?:\W*\b(?:ok|okay|yes|no|so|oh|well|got it|thanks|thank you)\b)*"
            r"\W*(?:and|but|or|then|what about|how about)\b",
            r"\bI(?:['’]m| am| was)? (?:mean|meant|asking|talking|referring)\b",
            r"\bdo you mean\b|\byou (?:mean|meant|said|say|mentioned|mention|told)\b",
        ),
    ),
    wording=Wording(
        of_itself=(r"\b(?:I|I['’]\w+|[Mm]e|[Mm]y|[Ww]e|[Oo]ur)\b",),
        of_the_text=(
            r"\b(?:questions?|answers?|passages?|articles?|texts?|excerpts?|contexts?|documents?|reports?|sources?)\b",
        ),
        of_the_answer=(r"(?:the|this|that|your|my) (?:answer|question)\b",),
        unfinished=words(
            "an a the of in on at to for from by with and or but that which who is was are were be as than only its"
            " their"
        ),
    ),
    certainty=Certainty(
        modals=words("may might could can would should"),
        auxiliaries=words(f"do does did will ca wo {_ARTICLES}"),
        same_verbs=dict.fromkeys(f"{_BE} being am".split(), "be")
        | dict.fromkeys(["has", "have", "had", "having"], "have"),
        be=words(_BE),
        hedges=words("may might could allegedly alleged reportedly rumored rumoured considering"),
        hedges_before_infinitive=words(
            "plan plans planned planning intends intended hopes hoped aims expected proposed"
        ),
        # "A second trial is planned": what is hedged stands before it.
        hedges_behind=words("planned proposed"),
        future=words("will shall"),
        perfect=words("have has had been to"),
        leaves_open=words(_LEAVES_OPEN),
        past=("ed",),
        contrasts=words("but although though while whereas because yet however"),
        extents=(
            (
                words("only solely exclusively"),
                words("only solely exclusively alone sole just merely limited"),
            ),
            (
                words("all every everyone everybody everything"),
                words(
                    "all every everyone everybody everything each any whole entire entirely both always completely full"
                    " fully total totally"
                ),
            ),
            (
                words("always"),
                words("always ever every each constantly consistently invariably all whenever continuously"),
            ),
        ),
        # Here "all" and "only" count nothing: "above all", "only recently".
        idle_before=words("above after at not of in first if overall"),
    ),
    opposites=Opposites(
        pairs=opposite_pairs(_OPPOSITES),
        prefixes=words("un non"),
        adjective_prefixes=words("un non dis in im il ir"),
        adjective_endings=(
            "able",
            "ible",
            "ent",
            "ant",
            "al",
            "ite",
            "ous",
            "ate",
            "ct",
            "lar",
            "ial",
            "ive",
            "ed",
        ),
        exceptions=words(_NO_OPPOSITES),
    ),
    orders=Orders(
        beginning=_BEGINNING,
        at_word=_AT_WORD,
        going_on=(
            rf"(?:and |but |so |also,? )?{_POLITELY}(?:{_DO}|(?:visit|click|do|don't|never|always|stop|go|use|call"
            r"|this is)\b)",
        ),
        decoding=(r"\b(?:decod|deciphe|base-?64)\w*",),
    ),
)
