"""Names: who and what a text is about, and whether another text names the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answering.verifying.facts.normal import folded

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|<?@[\w!&]+>?|(?<![\w-])[\w-]{1,63}\.(?:com|org|net|io|gov|edu)\b[^\s<>\"]*"
)
_HAN_NAME = re.compile("[\u4e00-\u9fff]{1,2}\u00b7[\u4e00-\u9fff]{1,2}")
_PIECE = r"(?:(?![\u3400-\u9fff])[^\W_])+"
_TOKEN = re.compile(rf"{_PIECE}(?:[.'&+-]{_PIECE})*(?:\.(?=\s?[A-Za-z])|'(?=s?\b)|\+\+|#)?")
_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f]")
_DOTTED = re.compile(r"(?:[A-Za-z]\.){1,}[A-Za-z]\.?$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n\"]|[-*•]\s)['\"(\[\s]*$")

# Words that may begin a sentence or stand in a title with a capital and name nobody.
_COMMON_WORDS = """
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
_COMMON = frozenset(_COMMON_WORDS.split())
_IRREGULAR = (
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
)
_SAME = {name: frozenset(names) for names in _IRREGULAR for name in names}
_DEMONYM = re.compile(r"(?:ese|ish|ian|ean|an|uese|i|ic)s?$")
_LAND = frozenset(
    {"", "a", "ia", "y", "any", "land", "e", "en", "ain", "ey", "ea", "o", "al", "ium", "stan", "us", "and", "in"}
)
_NEITHER = re.compile(r"[\W_]+")
_JOINED = re.compile(r"[\s.-]*(?:(?:of|the|for|de|la)\s+){0,2}")
_ROW = re.compile(r"[A-Z][\w'-]*(?:\s+(?:(?:of|the|and|for)\s+){0,2}[A-Z][\w'-]*)+")
_SMALL_WORDS = frozenset({"of", "the", "and", "for", "in", "on", "de", "la", "to", "a"})


@dataclass(frozen=True, slots=True)
class Name:
    """One word of a name, or an address, and its place in the text.

    `begins` tells a word that begins a sentence, whose capital says nothing.
    """

    text: str
    start: int
    end: int
    key: str
    begins: bool = False
    is_verbatim: bool = False


def names(text: str, taken: Sequence[tuple[int, int]] = ()) -> tuple[Name, ...]:
    """Return the words of names in a normal text, in order, without what stands in the `taken` stretches."""
    return tuple(_names(text, taken))


def _names(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Name]:
    free = bytearray(b"\1" * len(text))
    for start, end in taken:
        free[start:end] = bytes(end - start)
    found = []
    for pattern in (_ADDRESS, _HAN_NAME):
        for match in pattern.finditer(text):
            if all(free[match.start() : match.end()]):
                written = match[0].rstrip(".,;:!?)'")
                end = match.start() + len(written)
                found.append(Name(written, match.start(), end, written.lower(), is_verbatim=True))
                free[match.start() : end] = bytes(len(written))
    for match in _TOKEN.finditer(text):
        if free[match.start()] and is_name_like(match[0]):
            for piece, start in _pieces(match[0], match.start()):
                begins = start == match.start() and _SENTENCE_START.search(text, max(0, start - 6), start) is not None
                found.append(Name(piece, start, start + len(piece), key_of(piece), begins))
    yield from sorted(found, key=lambda name: name.start)


def _pieces(token: str, start: int) -> Iterator[tuple[str, int]]:
    """Yield the capitalised words of a compound such as "Anglo-Norman", or the token itself."""
    if "-" in token and not any(character.isdigit() for character in token):
        for piece in token.split("-"):
            if piece and is_name_like(piece):
                yield piece, start
            start += len(piece) + 1
    else:
        yield token, start


def is_name_like(word: str) -> bool:
    """Return whether a word is written as names are: a capital, letters and digits, or a capital inside."""
    has_letter = _LETTER.search(word) is not None
    if not has_letter:
        return False
    has_capital = any(character.isupper() for character in word)
    has_digit = any(character.isdigit() for character in word)
    if not has_capital and not has_digit:
        return False
    if has_digit:
        return True
    plain = folded(word)
    return (
        (plain not in _COMMON or (word.isupper() and len(word) > 1 and plain in ("us", "it", "who")))
        and len(plain) > 0
        and word != "I"
    )


def key_of(word: str) -> str:
    """Return what two ways of writing one name have in common."""
    if _DOTTED.match(word):
        word = word.replace(".", "")
    plain = folded(word).replace("-", "").replace(".", "")
    return plain.removesuffix("'").replace("'", "")


def same(one: str, other: str) -> bool:
    """Return whether two keys are the same name: as they are, with a plural's "s", or as a land and its people."""
    if one == other or other in _SAME.get(one, ()):
        return True
    if one.rstrip("s") == other.rstrip("s") and min(len(one), len(other)) > 3:
        return True
    return _is_demonym(one, other) or _is_demonym(other, one)


def _is_demonym(people: str, land: str) -> bool:
    match = _DEMONYM.search(people)
    if match is None or people[:3] != land[:3]:
        return False
    for end in {match.start(), match.start() + 1}:
        stem = people[:end]
        if len(stem) >= 3 and land.startswith(stem) and land[len(stem) :] in _LAND:
            return True
    return False


def is_among(name: Name, keys: frozenset[str], compact: str, initials: str) -> bool:
    """Return whether a text names the same, given its words' keys, its letters and digits, and its initials."""
    key = name.key
    if key in keys or any(same(key, other) for other in keys):
        return True
    if any(character.isdigit() for character in key):
        return key in compact
    return name.text.removesuffix("'s").isupper() and len(key) >= 2 and key in initials


def tokens(text: str) -> list[str]:
    """Return the words of a normal text as names are compared: compounds whole and in pieces."""
    found = _TOKEN.findall(text)
    return found + [piece for token in found if "-" in token for piece in token.split("-")]


def compact(text: str) -> str:
    """Return the letters and digits of a text alone."""
    return _NEITHER.sub("", text.casefold())


def initials(text: str) -> str:
    """Return the initials of each row of capitalised words, and of all words, by which an acronym is known."""
    rows = (row[0].split() for row in _ROW.finditer(text))
    capitals = (" ".join(("".join(w[0] for w in row if w[0].isupper()), "".join(w[0] for w in row))) for row in rows)
    return " ".join(capitals).lower()


def runs(found: Sequence[Name], text: str) -> Iterator[tuple[Name, ...]]:
    """Yield the names that stand side by side, perhaps with "of" between them, together."""
    run: list[Name] = []
    for name in found:
        if run and not _JOINED.fullmatch(text, run[-1].end, name.start):
            yield tuple(run)
            run = []
        run.append(name)
    if run:
        yield tuple(run)


def is_written_short(run: Sequence[Name], places: Sequence[frozenset[str]]) -> bool:
    """Return whether a name of several words stands in one of the places as its initials alone."""
    if len(run) < 2:
        return False
    whole = "".join(name.key for name in run)
    short = {"".join(name.key[:1] for name in run), *_SAME.get(whole, ())}
    return any(short & keys for keys in places)


def may_be_same(run: Sequence[Name], other: Sequence[Name], keys: frozenset[str]) -> bool:
    """Return whether two names of several words may be one: one has the words of the other, or its initials.

    A further word of the first does no harm if it is among the `keys` of the text that the other stands in.
    """
    extra = [mine for mine in run if not any(same(mine.key, theirs.key) for theirs in other)]
    if not extra or (len(extra) < len(run) and all(name.key in keys for name in extra)):
        return True
    if all(any(same(mine.key, theirs.key) for mine in run) for theirs in other):
        return True
    whole, other_whole = ("".join(name.key for name in names) for names in (run, other))
    short, other_short = ("".join(name.key[:1] for name in names) for names in (run, other))
    return whole == other_short or short == other_whole or same(whole, other_whole)


def forms(word: str) -> frozenset[str]:
    """Return a word and other forms of it: a text that has one of them in lower case knows no such name."""
    found = {word, word + "s", word + "ed", word + "ing", word[:-1] + "ies", word[:-1] + "ing", word + "d"}
    for end, other in (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e")):
        if word.endswith(end) and len(word) > len(end) + 2:
            found.add(word.removesuffix(end) + other)
            found.add(word.removesuffix(end) + other + "s")
    return frozenset(found)


def is_spelled_out(name: Name, text: str) -> bool:
    """Return whether an acronym follows the words that it is short for: "artificial intelligence (AI)"."""
    if not (name.text.isupper() and text.endswith("(", 0, name.start)):
        return False
    before = re.findall(r"[^\W\d_]+", text[max(0, name.start - 100) : name.start])
    before = [word.lower() for word in before if word not in _SMALL_WORDS]
    return "".join(word[0] for word in before[-len(name.key) :]) == name.key


def is_common(word: str) -> bool:
    """Return whether a word, folded, names nobody at the beginning of a sentence."""
    return word in _COMMON
