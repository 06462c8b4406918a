"""Dates: what a text says of years, quarters, months, days and weekdays, however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from bot.answering.verifying.facts import units
from bot.answering.verifying.facts.numbers import in_characters
from index.language.language import Language
from index.language.patterns import any_of, any_word, longest_first
from index.language.scripts import is_unspaced

# The parts of a date that are known: "year", "decade", "quarter", "month", "day", "weekday", each as a number.
Parts = Mapping[str, int]

# A letter or a digit is a Latin one: Chinese puts no space between its characters and these.
_FLAGS = re.IGNORECASE | re.ASCII

_DAY = r"3[01]|[12]\d|0?[1-9]"
_YEAR = r"(?P<year>1\d{3}|20\d{2})(?![\d%]|[.,]\d)"
# What two digits of a year or of a decade are counted from.
_CENTURIES = {"year": 2000, "decade": 1900}


@dataclass(frozen=True, slots=True)
class Date:
    """A date in a text: its place there, and the parts that it has, in each way that it can be read."""

    text: str
    start: int
    end: int
    readings: tuple[Parts, ...]

    @property
    def is_year(self) -> bool:
        """Whether it is a year and nothing else, written in four digits, which may be a plain number as well."""
        return self.text.isdecimal() and all(set(parts) == {"year"} for parts in self.readings)


def dates(text: str, language: Language) -> tuple[Date, ...]:
    """Return the dates in a normal text, in order. A month before "and 5 May 2025" has that year too."""
    months = language.calendar.months
    taken = bytearray(len(text))
    found: list[Date] = []
    for pattern in _written(language):
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]):
                found.extend(_read(match, language))
                taken[match.start() : match.end()] = b"\1" * len(match[0])
    for match in _month_alone(language).finditer(text):
        if not taken[match.start()] and _is_month(text, match, language):
            found.append(Date(match[0], match.start(), match.end(), ({"month": months[match[0].lower()]},)))
    found.sort(key=lambda date: date.start)
    return tuple(_with_shared_years(text, found, language))


def is_supported(date: Date, said: Sequence[Date], around: Sequence[Parts]) -> bool:
    """Return whether one of the dates that are `said` has every part of `date`.

    What that date lacks may come from what stands `around` it, if that contradicts it nowhere; where no date is said
    at all, so may the whole.
    """
    known = [parts for other in said for parts in other.readings]
    if any(_holds(parts, wanted) for wanted in date.readings for parts in known):
        return True
    return any(
        _agree(parts, other) and _holds({**other, **parts}, wanted)
        for wanted in date.readings
        for parts in known or [{}]
        for other in (*around, *(other for other in known if not other.keys() & parts.keys()))
    )


def distinct(found: Sequence[Date]) -> tuple[Date, ...]:
    """Return the dates without those that are written and read as one before them."""
    known: dict[object, Date] = {}
    for date in found:
        known.setdefault((date.text, *(frozenset(parts.items()) for parts in date.readings)), date)
    return tuple(known.values())


def _holds(parts: Parts, wanted: Parts) -> bool:
    return all(parts.get(name) == value for name, value in wanted.items())


def _agree(parts: Parts, other: Parts) -> bool:
    return all(parts[name] == other[name] for name in parts.keys() & other.keys())


def _read(match: re.Match[str], language: Language) -> Iterator[Date]:
    """Yield the date that was matched; two where a range of days or of years was."""
    groups = {name.removesuffix("2"): found for name, found in match.groupdict().items() if found}
    last, last_year = groups.pop("last", None), groups.pop("last_year", None)
    either, other = groups.pop("either", None), groups.pop("other", None)
    parts = {name: _part(name, written, language) for name, written in groups.items()}
    readings: tuple[Parts, ...] = (parts,)
    if either and other:
        pairs = {(int(either), int(other)), (int(other), int(either))}
        readings = tuple({**parts, "day": day, "month": month} for day, month in sorted(pairs) if month <= 12)
    date = Date(match[0], match.start(), match.end(), readings)
    yield date
    if last:
        yield replace(date, readings=({**parts, "day": int(last)},))
    if last_year:
        yield replace(date, readings=({"year": parts["year"] // 100 * 100 + int(last_year)},))


def _is_month(text: str, match: re.Match[str], language: Language) -> bool:
    if match[0].lower() not in language.calendar.doubtful_months:
        return True
    return _before_month(language).search(text, max(0, match.start() - 12), match.start()) is not None


def _with_shared_years(text: str, found: Sequence[Date], language: Language) -> Iterator[Date]:
    between = _between(language)
    for date, following in pairwise([*found, None]):
        if date is not None and following is not None and between.fullmatch(text, date.end, following.start):
            [*_, later] = following.readings
            if "year" in later and later.keys() > {"year"}:
                date = replace(date, readings=tuple({"year": later["year"], **parts} for parts in date.readings))
        if date is not None:
            yield date


@cache
def _between(language: Language) -> re.Pattern[str]:
    """Compile what stands between two dates of which the second alone has the year."""
    joining = any_of(["-", ",", *longest_first(language.calendar.joining)])
    return re.compile(rf",?\s*{joining}\s*{any_of(longest_first(language.calendar.imprecise))}?\s*", _FLAGS)


def _number(written: str, language: Language) -> int:
    """Return a number that is written in digits or in Chinese."""
    return int(written) if written.isdecimal() else int(in_characters(written, language) or 0)


def _part(name: str, written: str, language: Language) -> int:
    """Return a part of a date as a number."""
    calendar, plain = language.calendar, written.lower()
    known: Mapping[str, Mapping[str, int]] = {
        "month": {**calendar.short_months, **calendar.months},
        "weekday": {**calendar.short_weekdays, **calendar.weekdays},
        "quarter": calendar.quarters,
    }
    if plain in known.get(name, ()):
        return known[name][plain]
    if name in _CENTURIES and len(written) == 2:
        return _CENTURIES[name] + int(written)
    return _number(written, language)


@cache
def _written(language: Language) -> tuple[re.Pattern[str], ...]:
    """Return the ways to write a date, the longest first: what one of them takes is not there for the next."""
    calendar, numerals = language.calendar, language.numerals
    ending = rf"(?:{any_of(longest_first(numerals.ordinal_endings))})?"
    day = rf"(?P<day>{_DAY}){ending}(?![\d:%])(?![.,]\d)"
    joining = any_of(["-", "&", *longest_first(calendar.joining)])
    last_day = rf"(?:\s?{joining}\s?(?P<last>{_DAY}){ending}(?!\w|[.,]\d))?"
    month = rf"(?P<month>{any_of(longest_first(calendar.months, calendar.short_months))})\b\.?"
    weekdays = longest_first(calendar.weekdays, calendar.short_weekdays)
    inside = rf"(?:{any_of(longest_first(calendar.inside))}\s+)*"
    weekday = rf"(?:(?P<weekday>{any_of(weekdays)})\b\.?,?\s+{inside})?"
    unspaced_weekday = any_of(filter(is_unspaced, weekdays))
    quarters = any_of(longest_first(calendar.quarters))
    quarter = rf"(?P<quarter>{quarters})[\s-]+{any_of(longest_first(calendar.quarter))}"
    fiscal = any_of(calendar.fiscal)
    unit = units.behind(language)
    return tuple(
        re.compile(pattern, _FLAGS)
        for pattern in (
            rf"(?<![\d.-])(?P<year>\d{{4}})([-/.])(?P<month>1[0-2]|0?[1-9])\2(?P<day>{_DAY})(?!\d)",
            r"(?<![\d./])(?P<either>\d{1,2})([/.])(?P<other>\d{1,2})\2(?P<year>1\d{3}|20\d{2})(?!\d)",
            *calendar.written,
            rf"(?P<weekday>{unspaced_weekday})",
            rf"\b{weekday}{day}{last_day}\s+{inside}{month}(?:,?\s+{inside}{_YEAR})?",
            rf"\b{weekday}{month}\s+{inside}{day}{last_day}(?:,?\s+{inside}{_YEAR})?",
            rf"\b{month},?\s+{inside}{_YEAR}",
            rf"\b(?:{quarter}|Q(?P<quarter2>[1-4]))\b(?:,?\s+{inside}{fiscal}?{inside}{_YEAR})?",
            rf"\b{_YEAR}[\s-]?Q(?P<quarter>[1-4])\b",
            r"\b(?P<year>1\d{3}|20\d{2})\s?[-/]\s?(?P<last_year>\d{2})(?![\d,.-]*\d)",
            rf"\b(?P<weekday>{any_of(calendar.weekdays)})s?\b",
            rf"(?<![\w$€£¥#.-])(?<!\d,){_YEAR}(?![a-z]|-\d{{1,2}}\b)(?!(?:[\s-]+)?(?:{unit}))",
            rf"(?<=\d-){_YEAR}(?![a-z]|-\d)(?!(?:[\s-]+)?(?:{unit}))",
        )
    )


@cache
def _month_alone(language: Language) -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(longest_first(map(str.capitalize, language.calendar.months)))}\b")


@cache
def _before_month(language: Language) -> re.Pattern[str]:
    return re.compile(rf"{any_word(language.calendar.before_months)}[\s-]+$", _FLAGS)
