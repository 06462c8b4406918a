"""Checking a statement against the sentences that it cites: the door of this package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.answering.verifying.facts import (
    alignment,
    dates,
    extent,
    hedges,
    names,
    numbers,
    opposites,
    pairing,
    polarity,
    units,
)
from bot.answering.verifying.facts.alignment import Element
from bot.answering.verifying.facts.dates import Date, Parts
from bot.answering.verifying.facts.names import Name
from bot.answering.verifying.facts.numbers import Number
from bot.answering.verifying.facts.pairing import Clause
from bot.answering.verifying.facts.polarity import NegationScope
from bot.answering.verifying.rejection import Rejection, RejectionReason
from index.language.analysis import Analysis

_MARK = re.compile(r"\[\d{1,3}(?:\s?[,-]\s?\d{1,3})*\]")
_ITEM = re.compile(r"^\s*\d{1,3}[.)]\s+(?=\S)")
# Quotes of several passages are parted by line breaks.
_QUOTE_START = re.compile(r"(?:^|\n)\W*$")
# So many characters before a quote can say what "he" in it means.
_NEAR = 2000
# "He" points back among the first words of a quote, "the company" as the very first.
_FIRST_WORDS = 5
# What "he" means is spoken of early in a statement, or as its doer or owner.
_EARLY = 40


@dataclass(frozen=True, slots=True)
class Sense:
    """A plain word: whether it is denied, whether it only may be, and its side of a pair of opposites."""

    is_denied: bool
    is_open: bool
    side: int | None = None


Fact = Date | Number | tuple[Name, ...] | Sense


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a quote, which may complete what it says and never replace it.

    `above` are the document's title and headings, `before` is the text of the passage before the quote, `published` the
    document's date. `words` are words that occur in lower case in what was found and in the question: one of them that
    begins a statement is no name.
    """

    above: str = ""
    before: str = ""
    published: date | None = None
    words: frozenset[str] = frozenset()


def unsupported(statement: Analysis, quote: Analysis, context: Context) -> tuple[Rejection, ...]:
    """Return each number, date, name and negation of a statement that its quote does not support.

    Nothing is rounded or guessed. A name or a part of a date may come from the context, where the quote leaves room for
    it: see `Context`. A statement in another script than its quote is held to its numbers, dates and Latin names alone.
    """
    bare = _ITEM.sub("", _MARK.sub("", statement.normal))
    said = _Facts(statement if bare == statement.normal else Analysis(bare, statement.code))
    quoted = _Facts(quote)
    above = _Facts(Analysis(context.above, quote.code))
    before = _Facts(Analysis(context.before[-_NEAR:], quote.code))
    found = [
        *_dates(said, quoted, above, before, context.published),
        *_numbers(said, quoted, (above, before)),
        *_names(said, quoted, above, before, context.words),
    ]
    if statement.is_mainly_han == quote.is_mainly_han:
        found.extend(polarity.contradictions(said.analysis, said.negations, quote, quoted.negations))
        found.extend(hedges.made_certain(said.analysis, quote))
        found.extend(extent.widened(said.analysis, quote))
        found.extend(pairing.mispaired(said.clauses, quoted.clauses))
        found.extend(_replaced(said, quoted))
    return tuple(dict.fromkeys(found))


class _Facts:
    """The facts of one text, each kind found when it is first asked for."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.text = analysis.normal
        self.language = analysis.language

    @cached_property
    def dates(self) -> tuple[Date, ...]:
        return dates.dates(self.text, self.language)

    @cached_property
    def distinct_dates(self) -> tuple[Date, ...]:
        return dates.distinct(self.dates)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        return numbers.numbers(self.text, self.language, [(date.start, date.end) for date in self.dates])

    @cached_property
    def names(self) -> tuple[Name, ...]:
        facts: tuple[Date | Number, ...] = (*self.dates, *self.numbers)
        taken = [(fact.start, fact.end) for fact in facts]
        return names.names(self.analysis, taken)

    @cached_property
    def runs(self) -> tuple[tuple[Name, ...], ...]:
        return tuple(names.runs(self.names, self.text, self.language))

    @cached_property
    def negations(self) -> tuple[NegationScope, ...]:
        return polarity.negations(self.analysis)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return pairing.clauses(self.analysis, self.numbers)

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """The text as a row of words and facts, to be aligned with another."""
        return tuple(_elements(self))

    @cached_property
    def keys(self) -> frozenset[str]:
        return names.keys(self.analysis)

    @cached_property
    def compact(self) -> str:
        return names.compact(self.text)

    @cached_property
    def initials(self) -> str:
        return names.initials(self.text, self.language)


def _dates(said: _Facts, quoted: _Facts, above: _Facts, before: _Facts, published: date | None) -> Iterator[Rejection]:
    for fact in said.distinct_dates:
        if dates.is_supported(fact, quoted.distinct_dates, []):
            continue
        if fact.is_year and numbers.is_supported(_as_number(fact), quoted.numbers):
            continue
        if not dates.is_supported(fact, quoted.distinct_dates, _around(above, before, published)):
            yield Rejection(RejectionReason.DATE, fact.text)


def _around(above: _Facts, before: _Facts, published: date | None) -> list[Parts]:
    """List the dates that may complete one: the dates above, the nearest before, and the year of publishing."""
    found: list[Parts] = [parts for fact in (*before.dates[-1:], *above.distinct_dates) for parts in fact.readings]
    return [*found, {"year": published.year}] if published else found


def _numbers(said: _Facts, quoted: _Facts, context: Sequence[_Facts]) -> Iterator[Rejection]:
    known = [*quoted.numbers, *(_as_number(fact) for fact in quoted.dates if fact.is_year)]
    for number in said.numbers:
        if number.is_weak or _is_summing_up(number, said) or numbers.is_supported(number, known):
            continue
        if not _is_in_a_name(number, said, (quoted, *context)):
            yield Rejection(RejectionReason.NUMBER, number.text)
    rates = units.rates(quoted.text, quoted.language)
    if rates:
        own = units.rates(said.text, said.language)
        yield from (Rejection(RejectionReason.RATE, period) for period in sorted(own - rates))


def _is_summing_up(number: Number, said: _Facts) -> bool:
    """Return whether a number only counts what the quote lists: "the two channels", for "the channels A and B"."""
    return number.text == "two" and said.text.endswith(("the ", "The ", "these ", "These "), 0, number.start)


def _as_number(year: Date) -> Number:
    return numbers.plain(year.text, year.start)


def _is_in_a_name(number: Number, said: _Facts, places: Sequence[_Facts]) -> bool:
    """Return whether a number is the end of a name that is known, such as "Super Bowl 50"."""
    name = next((name for name in said.names if name.end in (number.start - 1, number.start)), None)
    return name is not None and any(name.key + number.text in place.compact for place in places)


def _names(said: _Facts, quoted: _Facts, above: _Facts, before: _Facts, known: frozenset[str]) -> Iterator[Rejection]:
    for run in said.runs:
        if names.is_written_short(run, [quoted.keys, above.keys]):
            continue
        missing = [name for name in run if not _is_known(name, said, quoted, (quoted, above), known)]
        if missing and not _is_meant_before(run, missing, said, quoted, before):
            yield Rejection(RejectionReason.NAME, said.text[missing[0].start : missing[-1].end])


def _is_meant_before(
    run: Sequence[Name], missing: Sequence[Name], said: _Facts, quoted: _Facts, before: _Facts
) -> bool:
    """Return whether a name stands before the quote, which has its last word alone or a "he" in its place."""
    if run[-1].key in quoted.keys and said.text[run[0].start : run[-1].end] in before.text:
        return True
    start, end = run[0].start, run[-1].end
    is_doer = start < _EARLY or said.text.endswith("by ", 0, start) or said.text.startswith("'s", end - 2)
    if not is_doer or not _points_back(said, quoted):
        return False
    return all(names.is_among(name, before.keys, before.compact, before.initials) for name in missing)


def _is_known(name: Name, said: _Facts, quoted: _Facts, places: Sequence[_Facts], known: frozenset[str]) -> bool:
    if name.is_verbatim:
        return any(name.key in place.text.lower() for place in places)
    if name.begins and (names.inflections(name.key, said.language) & known or _is_plain_word(name, said, quoted)):
        return True
    if names.is_spelled_out(name, said.text, said.language):
        return True
    return any(names.is_among(name, place.keys, place.compact, place.initials) for place in places)


def _is_plain_word(name: Name, said: _Facts, quoted: _Facts) -> bool:
    """Return whether what begins a sentence is a stop word, or a word of the quote in another form."""
    stems = Analysis(name.text, said.analysis.code).stems
    return not stems or not stems.isdisjoint(quoted.analysis.stems)


def _elements(facts: _Facts) -> Iterator[Element]:
    """Yield words and facts in order; what denies is a part of the word that it stands before."""
    certainty = facts.language.certainty
    known: dict[int, tuple[str, int, Fact]] = {}
    for kind, found in (("date", facts.dates), ("number", facts.numbers)):
        known |= {fact.start: (kind, fact.end, fact) for fact in found}
    for run in facts.runs:
        known[run[0].start] = ("name", run[-1].end, run)
    reached, is_denied, is_open = 0, False, False
    for token in facts.analysis.tokens:
        if token.start < reached:
            continue
        kind, end, fact = known.get(token.start, ("", token.end, None))
        reached = end
        plain = token.folded.removesuffix("n't")
        if fact is not None:
            yield Element(f" {kind}", facts.text[token.start : end], True, fact)
        elif token.is_negation:
            is_denied = True
        elif token.folded in certainty.modals:
            is_open = True
        # How sure a sentence is, is compared apart from its words; an article says nothing.
        if fact is not None or plain in certainty.modals or plain in certainty.auxiliaries:
            continue
        if plain in certainty.same_verbs:
            yield Element(f" {certainty.same_verbs[plain]}", token.text, False)
        elif not token.is_negation:
            number, side = min(opposites.sides(token.folded, facts.language), default=(None, None))
            key = token.folded if number is None else f" pair {number}"
            yield Element(key, token.text, bool(token.stem), Sense(is_denied, is_open, side))
            is_denied, is_open = False, is_open and not token.stem


def _replaced(said: _Facts, quoted: _Facts) -> Iterator[Rejection]:
    for mine, theirs in alignment.replaced(
        said.elements, quoted.elements, lambda mine, theirs: _is_same(mine, theirs, quoted)
    ):
        yield Rejection(RejectionReason.REPLACED, mine.text, theirs.text)


def _is_same(mine: Element, theirs: Element, quoted: _Facts) -> bool:
    match mine.fact, theirs.fact:
        case Sense() as sense, Sense() as other_sense:
            is_as_sure = sense.is_open or not other_sense.is_open
            return is_as_sure and (sense.is_denied == other_sense.is_denied) is (sense.side == other_sense.side)
        case Date() as date_said, Date() as other:
            return dates.is_supported(date_said, [other], []) or dates.is_supported(other, [date_said], [])
        case Number() as number, Number() as other_number:
            return numbers.same(number, other_number)
        case tuple() as run, tuple() as other_run:
            return names.may_be_same(run, other_run, quoted.keys)
    return True


def _points_back(said: _Facts, quoted: _Facts) -> bool:
    """Return whether the quote begins with a "he" or "the company" that the statement has not.

    If no name stands before it in its sentence that it could mean, what it means stands before the quote.
    """
    named = {name.start for name in quoted.names}
    pronouns = quoted.language.pronouns
    pointing = pronouns.personal | pronouns.demonstratives | pronouns.relatives
    place, previous = _FIRST_WORDS, ""
    for token in quoted.analysis.tokens:
        begins = _QUOTE_START.search(quoted.text, max(0, token.start - 4), token.start) is not None
        place = 0 if begins else place + 1
        if token.start in named and not begins:
            place = _FIRST_WORDS
        is_definite = place == 1 and previous in pronouns.definite_articles and token.stem
        points = token.folded in pointing or is_definite
        if points and place < _FIRST_WORDS and token.folded not in said.analysis.folded:
            return True
        previous = token.folded
    return False
