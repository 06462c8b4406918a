"""Language: what is known about one language, or about several taken together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

Words = frozenset[str]
# Sources of regular expressions, to be joined by "|" and matched without regard to case.
Patterns = tuple[str, ...]
_NO_WORDS: Words = frozenset()


@dataclass(frozen=True, eq=False)
class Pronouns:
    """What stands for something that was named before: anaphora.

    `expletives` are patterns of a pronoun that stands for nothing ("it" in "it rains"), `openers` other words that tie
    the beginning of a sentence to the one before it. `leaning` tells a part of a question that needs the part before
    it, `pointing` a question that needs the conversation before it.
    """

    masculine: Words = _NO_WORDS
    feminine: Words = _NO_WORDS
    other: Words = _NO_WORDS
    demonstratives: Words = _NO_WORDS
    relatives: Words = _NO_WORDS
    definite_articles: Words = _NO_WORDS
    openers: Words = _NO_WORDS
    expletives: Patterns = ()
    leaning: Patterns = ()
    pointing: Patterns = ()

    @property
    def personal(self) -> Words:
        """The pronouns for persons and things."""
        return self.masculine | self.feminine | self.other


@dataclass(frozen=True, eq=False)
class Negation:
    r"""How something is denied.

    `words` and the patterns `forms` deny by themselves, `before_infinitive` deny what comes after "to" ("failed to"),
    where `infinitive` holds such a "to". Nothing is denied before `idle_before` ("not only"), nor in the patterns
    `idle`, nor by `numbering` before a number ("no. 5"); `continuing` are further words of a denial ("no longer").
    `negative` are patterns of words that mean a denial and are none themselves ("impossible"): another language may say
    them with a "not".
    """

    words: Words = _NO_WORDS
    forms: Patterns = ()
    before_infinitive: Words = _NO_WORDS
    infinitive: Words = _NO_WORDS
    idle_before: Words = _NO_WORDS
    idle: Patterns = ()
    numbering: Words = _NO_WORDS
    continuing: Words = _NO_WORDS
    negative: Patterns = ()

    @property
    def is_known(self) -> bool:
        """Whether it is known at all how something is denied."""
        return bool(self.words or self.negative)


@dataclass(frozen=True, eq=False)
class Calendar:
    """Months (1 to 12) and weekdays (0, a Monday, to 6) by what they are called, in lower case.

    `short_months` and `short_weekdays` are understood beside a day only; the others stand alone too, the months with a
    capital, and so do short ones in a script without spaces. `doubtful_months` are everyday words too, and months
    behind `before_months` only. `quarters` (1 to 4) stand before the word "quarter", patterns of `fiscal` before a
    year of business, `quarter` after the former. Words `inside` stand between the parts of a date ("May of the year
    2025"). `joining` words stand between two dates of one year, and `imprecise` ones before the second ("March to early
    May"). `written` are further ways to write a date, as patterns with a group for each part that is known: "year",
    "decade", "quarter", "month", "day", "weekday", in digits or numerals. `words` tell that a sentence speaks of a
    time.
    """

    months: Mapping[str, int] = field(default_factory=dict)
    short_months: Mapping[str, int] = field(default_factory=dict)
    doubtful_months: Words = _NO_WORDS
    before_months: Words = _NO_WORDS
    weekdays: Mapping[str, int] = field(default_factory=dict)
    short_weekdays: Mapping[str, int] = field(default_factory=dict)
    quarters: Mapping[str, int] = field(default_factory=dict)
    quarter: Words = _NO_WORDS
    fiscal: Patterns = ()
    inside: Words = _NO_WORDS
    joining: Words = _NO_WORDS
    imprecise: Words = _NO_WORDS
    written: Patterns = ()
    words: Words = _NO_WORDS


@dataclass(frozen=True, eq=False)
class Names:
    """How names are written.

    `common` are words that may stand with a capital and name nobody, but for the `acronyms` among them, when they are
    all capitals. `particles` stand inside a name ("of"), `conjunctions` between names, `minor` words are no part of an
    acronym either. Each tuple of `same` are names for one thing or for what belongs to it ("France", "French"); a
    people is also told by patterns of `demonym_endings` in the place of one of the `land_endings` ("Chinese", "China").
    With `capitalised_nouns` a capital makes no name.
    """

    common: Words = _NO_WORDS
    acronyms: Words = _NO_WORDS
    particles: Words = _NO_WORDS
    conjunctions: Words = _NO_WORDS
    minor: Words = _NO_WORDS
    same: tuple[tuple[str, ...], ...] = ()
    demonym_endings: Patterns = ()
    land_endings: Words = _NO_WORDS
    capitalised_nouns: bool = False


@dataclass(frozen=True, eq=False)
class Inflection:
    """How a word is inflected: what is `added` to it or stands `for_last` letter, and what stands for an ending."""

    added: Words = _NO_WORDS
    for_last: Words = _NO_WORDS
    endings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Numerals:
    """How numbers are written in words.

    `small` are the numbers below a hundred that are one word, `tens` those among them that another may follow;
    `scales` multiply what stands before them, `short_scales` behind digits only. `ordinal_endings` stand behind digits;
    `fractions` are named by what one is divided by, `halves` stand alone too, `multiples` say how many times.
    `articles` count as one, `joining` words stand inside a number ("two hundred and six"), `negative` ones before it
    ("minus"). `shares` are patterns of parts of a whole, with a group "percent", or "of" and "part". `digits` and
    `digit_scales` are single characters, as in Chinese, and a single one of them is a number before one of the
    `counted` patterns only. `ranges` stand between two numbers of one unit. `places` are patterns before a number that
    ranks, `ranks` of what makes a row of such characters one. `vague` numbers may be no count at all ("one"), as before
    one of the words `not_counted` ("one of").
    """

    small: Mapping[str, int] = field(default_factory=dict)
    tens: Words = _NO_WORDS
    scales: Mapping[str, int] = field(default_factory=dict)
    short_scales: Mapping[str, int] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    ordinal_endings: Words = _NO_WORDS
    fractions: Mapping[str, int] = field(default_factory=dict)
    halves: Words = _NO_WORDS
    shares: Patterns = ()
    multiples: Mapping[str, int] = field(default_factory=dict)
    articles: Words = _NO_WORDS
    joining: Words = _NO_WORDS
    negative: Words = _NO_WORDS
    digits: Mapping[str, int] = field(default_factory=dict)
    digit_scales: Mapping[str, int] = field(default_factory=dict)
    counted: Patterns = ()
    places: Patterns = ()
    ranks: Patterns = ()
    ranges: Words = _NO_WORDS
    vague: Words = _NO_WORDS
    not_counted: Words = _NO_WORDS


@dataclass(frozen=True, eq=False)
class Units:
    """What a number counts, by how it is written `behind` it or `before` it, and spans of time, by `rates`.

    Every language gives a unit the same name, in English; a hyphen of a key stands for white space too. `rates` are
    patterns, each of something that is counted by that span of time ("monthly").
    """

    behind: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    rates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Questions:
    """How something is asked.

    `words` ask ("who"), those among `after_comma` begin a further question behind a mere comma; `auxiliaries` begin a
    question ("did"), `requests` are orders that ask ("list"). `conjunctions` join two questions. `about_asker` are the
    words for the asker, `definitions` patterns of a question for what something is, `meanings` of one for what a word
    stands for. `for_number`, `for_date` and `for_name` are patterns of questions that ask for one, `for_speaker` for
    who said something, which one of the words `speech` tells. `distinctions` are words that ask which one it is of
    several, by what is told apart: a quarter, half, year or product.
    """

    words: Words = _NO_WORDS
    after_comma: Words = _NO_WORDS
    auxiliaries: Words = _NO_WORDS
    requests: Words = _NO_WORDS
    polite: Words = _NO_WORDS
    conjunctions: Words = _NO_WORDS
    openers: Words = _NO_WORDS
    function_words: Words = _NO_WORDS
    about_asker: Words = _NO_WORDS
    definitions: Patterns = ()
    meanings: Patterns = ()
    for_number: Patterns = ()
    for_date: Patterns = ()
    for_name: Patterns = ()
    for_speaker: Patterns = ()
    speech: Words = _NO_WORDS
    number_words: Words = _NO_WORDS
    distinctions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Shorthand:
    """What people type in a hurry, and how documents write it.

    `clipped` maps a chat word in small letters to what it stands for ("pls": "please"), `contractions` words that were
    run together ("whats": "what is"), `scales` what stands behind a number ("bn": "billion"). `quarters` and `halves`
    are the parts of a year by their number ("first quarter": 1), `percent` how the sign is written in letters.
    """

    clipped: Mapping[str, str] = field(default_factory=dict)
    contractions: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, str] = field(default_factory=dict)
    quarters: Mapping[str, int] = field(default_factory=dict)
    halves: Mapping[str, int] = field(default_factory=dict)
    percent: Words = _NO_WORDS


@dataclass(frozen=True, eq=False)
class Talk:
    """What people say to each other whatever they talk about.

    `words` tell nothing of a matter, beside the stop words; `filling` are patterns of what does not either, where
    words are not parted by spaces. `going_on` are patterns by which a question goes on with the conversation,
    `greetings` of what people say in order to greet, thank and agree.
    """

    words: Words = _NO_WORDS
    filling: Patterns = ()
    going_on: Patterns = ()
    greetings: Patterns = ()


@dataclass(frozen=True, eq=False)
class Wording:
    """What a statement may not say unless its quote does: patterns, but for the sets of words.

    `of_itself` are its writer's words for itself, `of_the_text` for what it has read; `of_the_answer` is how a sentence
    begins that is about the answer; a sentence that ends in one of `unfinished` breaks off.
    """

    of_itself: Patterns = ()
    of_the_text: Patterns = ()
    of_the_answer: Patterns = ()
    unfinished: Words = _NO_WORDS


@dataclass(frozen=True, eq=False)
class Certainty:
    """How sure or how wide a statement is.

    `modals` leave open what they stand before, `auxiliaries` carry no meaning beside a verb, and `same_verbs` gives
    the forms of a verb one name. `hedges` say that something only may be; `hedges_before_infinitive` do so before "to",
    `hedges_behind` what stands before them; `future` tells what is to come, `leaves_open` that a statement is no
    claim. `past` are endings of the past tense. `contrasts` begin a clause. Each of `extents` is a set of words for one
    extent ("all"), of which `telling` are those that widen a statement, but not behind `idle_before`.
    """

    modals: Words = _NO_WORDS
    auxiliaries: Words = _NO_WORDS
    same_verbs: Mapping[str, str] = field(default_factory=dict)
    be: Words = _NO_WORDS
    hedges: Words = _NO_WORDS
    hedges_before_infinitive: Words = _NO_WORDS
    hedges_behind: Words = _NO_WORDS
    future: Words = _NO_WORDS
    perfect: Words = _NO_WORDS
    leaves_open: Words = _NO_WORDS
    past: Patterns = ()
    contrasts: Words = _NO_WORDS
    extents: tuple[tuple[Words, Words], ...] = ()
    idle_before: Words = _NO_WORDS


@dataclass(frozen=True, eq=False)
class Opposites:
    """Pairs of opposites, each side a set of words; and how a prefix makes the opposite of a word.

    `prefixes` do with any word, `adjective_prefixes` with one that has one of `adjective_endings`; `exceptions` look
    like such words and are none.
    """

    pairs: tuple[tuple[Words, Words], ...] = ()
    prefixes: Words = _NO_WORDS
    adjective_prefixes: Words = _NO_WORDS
    adjective_endings: tuple[str, ...] = ()
    exceptions: Words = _NO_WORDS


@dataclass(frozen=True, eq=False)
class Orders:
    """Patterns by which a text gives itself away as one that speaks to the machine that reads it.

    `beginning` stand at the beginning of a sentence, `at_word` at that of a word, `anywhere` where words are not parted
    by spaces. `going_on` is how the sentence after an order goes on with it, `decoding` an order to decode something.
    """

    beginning: Patterns = ()
    at_word: Patterns = ()
    anywhere: Patterns = ()
    going_on: Patterns = ()
    decoding: Patterns = ()


@dataclass(frozen=True, eq=False)
class Language:
    """One language by its code (ISO 639-1): how it forms words, and its tables, empty where we know nothing.

    `stemmer` is the name of its Snowball stemmer, `stop_list` that of Tantivy's list of its stop words; `stop_words`
    are further ones. Words in Latin letters are `read_as` another language where the language has other letters.
    """

    code: str
    name: str
    stemmer: str | None = None
    stop_list: str | None = None
    stop_words: Words = _NO_WORDS
    read_as: str | None = None
    pronouns: Pronouns = field(default_factory=Pronouns)
    negation: Negation = field(default_factory=Negation)
    calendar: Calendar = field(default_factory=Calendar)
    names: Names = field(default_factory=Names)
    inflection: Inflection = field(default_factory=Inflection)
    numerals: Numerals = field(default_factory=Numerals)
    units: Units = field(default_factory=Units)
    questions: Questions = field(default_factory=Questions)
    shorthand: Shorthand = field(default_factory=Shorthand)
    talk: Talk = field(default_factory=Talk)
    wording: Wording = field(default_factory=Wording)
    certainty: Certainty = field(default_factory=Certainty)
    opposites: Opposites = field(default_factory=Opposites)
    orders: Orders = field(default_factory=Orders)


def words(written: str) -> Words:
    """Return a table of words from a text that holds them, parted by white space."""
    return frozenset(written.split())


def opposite_pairs(written: str) -> tuple[tuple[Words, Words], ...]:
    """Return pairs of opposites from a text with one on a line, its sides parted by a bar; a line set in goes on."""
    lines = written.strip().replace("\n    ", " ").splitlines()
    sides = (line.split("|") for line in lines)
    return tuple((words(one), words(other)) for one, other in sides)


def units(written: str) -> dict[str, str]:
    """Return a table of units by how they are written, from lines of a name, a colon and its words."""
    lines = (line.split(":") for line in written.strip().splitlines())
    return {word: name.strip() for name, all_written in lines for word in all_written.split()}


def numbered(written: str, first: int = 0) -> dict[str, int]:
    """Return a table of words by their number, the first of them `first`, from a text that holds them in order."""
    return {word: number for number, word in enumerate(written.split(), start=first)}


def together(languages: Sequence[Language]) -> Language:
    """Return the first of these languages, at least one, with the tables of all of them."""
    first = languages[0]
    names = [each.name for each in fields(first) if is_dataclass(getattr(first, each.name))]
    return replace(first, **{name: _united([getattr(language, name) for language in languages]) for name in names})


def _united(tables: Sequence[Any]) -> Any:
    names = [each.name for each in fields(tables[0])]
    return replace(tables[0], **{name: _all_of([getattr(table, name) for table in tables]) for name in names})


def _all_of(values: Sequence[Any]) -> Any:
    whole = values[0]
    for value in values[1:]:
        whole = (*whole, *value) if isinstance(whole, tuple) else whole | value
    return whole
