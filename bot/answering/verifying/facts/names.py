"""Names: who and what a text is about, and whether another text names the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from index.language import languages
from index.language.analysis import Analysis, Word
from index.language.language import Language
from index.language.names import is_name_like
from index.language.normal import folded
from index.language.patterns import any_of
from index.language.scripts import HAN

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|<?@[\w!&]+>?|(?<![\w-])[\w-]{1,63}\.(?:com|org|net|io|gov|edu)\b[^\s<>\"]*"
)
_HAN_NAME = re.compile(f"[{HAN}]{{1,2}}\u00b7[{HAN}]{{1,2}}")
_DOTTED = re.compile(r"(?:[A-Za-z]\.){1,}[A-Za-z]\.?$")
_LEAST_SHARED = 3
_NEITHER = re.compile(r"[\W_]+")
_CAPITALISED = r"[A-Z][\w'-]*"


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


def names(text: Analysis, taken: Sequence[tuple[int, int]] = ()) -> tuple[Name, ...]:
    """Return the words of names in the normal text, in order, without what stands in the `taken` spans."""
    return tuple(sorted(_names(text, taken), key=lambda name: name.start))


def _names(text: Analysis, taken: Sequence[tuple[int, int]]) -> Iterator[Name]:
    free = bytearray(b"\1" * len(text.normal))
    for start, end in taken:
        free[start:end] = bytes(end - start)
    for pattern in (_ADDRESS, _HAN_NAME):
        for match in pattern.finditer(text.normal):
            if all(free[match.start() : match.end()]):
                written = match[0].rstrip(".,;:!?)'")
                end = match.start() + len(written)
                yield Name(written, match.start(), end, written.lower(), is_verbatim=True)
                free[match.start() : end] = bytes(len(written))
    for word in text.words:
        if free[word.start] and is_name_like(word.text, text.language):
            for part in _named_parts(word, text.language):
                begins = part.start == word.start and word.begins_sentence
                yield Name(part.text, part.start, part.end, key_of(part.text), begins)


def _named_parts(word: Word, language: Language) -> Iterator[Word]:
    """Yield the capitalised words of a compound such as "Anglo-Norman", or the word itself."""
    if word.has_digit or word.parts == (word,):
        yield word
    else:
        yield from (part for part in word.parts if is_name_like(part.text, language))


def key_of(word: str) -> str:
    """Return the key of a name, the same for each way to write it: lower case, without accents, dots and hyphens."""
    if _DOTTED.match(word):
        word = word.replace(".", "")
    plain = folded(word).replace("-", "").replace(".", "")
    return plain.removesuffix("'").replace("'", "")


def same(one: str, other: str) -> bool:
    """Return whether two keys are the same name: as they are, with a plural's "s", or as a land and its people."""
    if one == other or other in _same().get(one, ()):
        return True
    if one.rstrip("s") == other.rstrip("s") and min(len(one), len(other)) > 3:
        return True
    return _is_demonym(one, other) or _is_demonym(other, one)


def _is_demonym(people: str, land: str) -> bool:
    match = _demonym().search(people)
    if match is None or people[:_LEAST_SHARED] != land[:_LEAST_SHARED]:
        return False
    for end in {match.start(), match.start() + 1}:
        stem = people[:end]
        if len(stem) >= _LEAST_SHARED and land.startswith(stem) and land[len(stem) :] in _land_endings():
            return True
    return False


def is_among(name: Name, keys: frozenset[str], compact: str, initials: str) -> bool:
    """Tell whether a text has a name, perhaps in another form.

    Args:
        name: The name that is looked for.
        keys: The keys of the words of the text.
        compact: Its letters and digits, without anything between them.
        initials: Its initials, by which it may spell an acronym out.

    """
    key = name.key
    if key in keys or any(same(key, other) for other in keys):
        return True
    if any(character.isdigit() for character in key):
        return key in compact
    return name.text.removesuffix("'s").isupper() and len(key) >= 2 and key in initials


def keys(text: Analysis) -> frozenset[str]:
    """Return the keys of all words of a text, those of compounds whole and in parts."""
    return frozenset(key_of(written.text) for word in text.words for written in (word, *word.parts))


def compact(text: str) -> str:
    """Return the letters and digits of a text alone."""
    return _NEITHER.sub("", text.casefold())


def initials(text: str, language: Language) -> str:
    """Return the initials of each row of capitalised words, and of all words, by which an acronym is known."""
    rows = (row[0].split() for row in _row(language).finditer(text))
    capitals = (" ".join(("".join(w[0] for w in row if w[0].isupper()), "".join(w[0] for w in row))) for row in rows)
    return " ".join(capitals).lower()


def runs(found: Sequence[Name], text: str, language: Language) -> Iterator[tuple[Name, ...]]:
    """Yield the names that stand side by side, perhaps with "of" between them, together.

    Args:
        found: Names in the order in which they stand in the text.
        text: The normal text.
        language: That of the text: it says what may stand inside a name.

    """
    run: list[Name] = []
    for name in found:
        if run and not _between(language).fullmatch(text, run[-1].end, name.start):
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
    short = {"".join(name.key[:1] for name in run), *_same().get(whole, ())}
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


def inflections(word: str, language: Language) -> frozenset[str]:
    """Return a word and other forms of it: a text that has one of them in lower case knows no such name."""
    inflection = language.inflection
    found = {word}
    found.update(word + ending for ending in inflection.added)
    found.update(word[:-1] + ending for ending in inflection.for_last)
    for ending, other in inflection.endings:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending) + other
            found |= {stem, stem + "s"}
    return frozenset(found)


def is_spelled_out(name: Name, text: str, language: Language) -> bool:
    """Tell whether an acronym follows the words that it is short for: "artificial intelligence (AI)".

    Args:
        name: The name, which is an acronym or not.
        text: The normal text that it stands in.
        language: That of the text: it says what words an acronym skips.

    """
    if not (name.text.isupper() and text.endswith("(", 0, name.start)):
        return False
    before = re.findall(r"[^\W\d_]+", text[max(0, name.start - 100) : name.start])
    skipped = language.names.particles | language.names.conjunctions | language.names.minor
    before = [word.lower() for word in before if word not in skipped]
    return "".join(word[0] for word in before[-len(name.key) :]) == name.key


@cache
def _same() -> Mapping[str, frozenset[str]]:
    alike = (names for language in languages.known().values() for names in language.names.same)
    return {name: frozenset(names) for names in alike for name in names}


@cache
def _demonym() -> re.Pattern[str]:
    return re.compile(any_of(ending for known in languages.known().values() for ending in known.names.demonym_endings))


@cache
def _land_endings() -> frozenset[str]:
    return frozenset().union(*(known.names.land_endings for known in languages.known().values()))


@cache
def _between(language: Language) -> re.Pattern[str]:
    """Return the pattern of what may stand between two words of one name."""
    return re.compile(rf"[\s.-]*(?:{any_of(language.names.particles)}\s+){{0,2}}")


@cache
def _row(language: Language) -> re.Pattern[str]:
    """Return the pattern of a row of capitalised words, which may have a few others in it."""
    others = any_of(language.names.particles | language.names.conjunctions)
    return re.compile(rf"{_CAPITALISED}(?:\s+(?:{others}\s+){{0,2}}{_CAPITALISED})+")
