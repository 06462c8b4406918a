"""Dates: what a text says of years, quarters, months, days and weekdays, however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, pairwise

from bot.answering.verifying.facts import units
from index.language.language import Calendar
from index.language.patterns import any_of, any_word

# The parts of a date that are known: "year", "decade", "quarter", "month", "day", "weekday", each as a number.
Parts = Mapping[str, int]

# A letter or a digit is a Latin one: Chinese puts no space between its characters and these.
_FLAGS = re.IGNORECASE | re.ASCII

_QUARTERS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "final": 4}
_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_WEEKDAYS = "一二三四五六日天"

_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d:%])(?![.,]\d)"
_LAST_DAY = r"(?:\s?(?:-|to|and|&|until)\s?(?P<last>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\w|[.,]\d))?"
_YEAR = r"(?P<year>1\d{3}|20\d{2})(?![\d%]|[.,]\d)"
_HAN_NUMBER = r"[一二三四五六七八九十]{1,3}"

_SHARE_A_YEAR = re.compile(r",?\s*(?:-|to|and|or|until|through|,)\s*(?:early|late|mid|on)?\s*", _FLAGS)


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


def dates(text: str, calendar: Calendar) -> tuple[Date, ...]:
    """Return the dates in a normal text, in order. A month before "and 5 May 2025" has that year too."""
    taken = bytearray(len(text))
    found: list[Date] = []
    for pattern in _written(calendar):
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]):
                found.extend(_read(match, calendar))
                taken[match.start() : match.end()] = b"\1" * len(match[0])
    for match in _month_alone(calendar).finditer(text):
        if not taken[match.start()] and _is_month(text, match, calendar):
            found.append(Date(match[0], match.start(), match.end(), ({"month": calendar.months[match[0].lower()]},)))
    found.sort(key=lambda date: date.start)
    return tuple(_with_shared_years(text, found))


def is_supported(date: Date, said: Sequence[Date], around: Sequence[Parts]) -> bool:
    """Return whether one of the dates that are `said` has every part of `date`.

    What that date lacks may come from what stands `around` it, if that contradicts it nowhere; where no date is said
    at all, so may the whole.
    """
    known = [parts for other in said for parts in other.readings]
    return any(
        _holds(parts, wanted)
        or any(_agree(parts, other) and _holds({**other, **parts}, wanted) for other in completing)
        for wanted in date.readings
        for parts in known or [{}]
        for completing in ([*around, *(other for other in known if not other.keys() & parts.keys())],)
    )


def _holds(parts: Parts, wanted: Parts) -> bool:
    return all(parts.get(name) == value for name, value in wanted.items())


def _agree(parts: Parts, other: Parts) -> bool:
    return all(parts[name] == other[name] for name in parts.keys() & other.keys())


def _read(match: re.Match[str], calendar: Calendar) -> Iterator[Date]:
    """Yield the date that was matched; two where a range of days or of years was."""
    groups = {name.removesuffix("2"): found for name, found in match.groupdict().items() if found}
    last, last_year = groups.pop("last", None), groups.pop("last_year", None)
    either, other = groups.pop("either", None), groups.pop("other", None)
    parts = {name: _part(name, written, calendar) for name, written in groups.items()}
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


def _is_month(text: str, match: re.Match[str], calendar: Calendar) -> bool:
    if match[0].lower() not in calendar.doubtful_months:
        return True
    return _before_month(calendar).search(text, max(0, match.start() - 12), match.start()) is not None


def _with_shared_years(text: str, found: Sequence[Date]) -> Iterator[Date]:
    for date, following in pairwise([*found, None]):
        if date is not None and following is not None and _SHARE_A_YEAR.fullmatch(text, date.end, following.start):
            [*_, later] = following.readings
            if "year" in later and later.keys() > {"year"}:
                date = replace(date, readings=tuple({"year": later["year"], **parts} for parts in date.readings))
        if date is not None:
            yield date


def _small(written: str) -> int:
    """Return a number of up to two digits, written in digits or in Chinese."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    digits = [_HAN_DIGITS.find(digit) for digit in (tens or "一", ones or "〇")]
    return digits[0] * 10 + digits[1] if ten else digits[1]


def _year(written: str) -> int:
    if not written.isdecimal():
        return int("".join(str(max(0, _HAN_DIGITS.find(digit))) for digit in written))
    return int(written) if len(written) == 4 else 2000 + int(written)


def _decade(written: str) -> int:
    return int(written) if len(written) == 4 else 1900 + int(written)


def _part(name: str, written: str, calendar: Calendar) -> int:
    """Return a part of a date as a number."""
    match name:
        case "year":
            return _year(written)
        case "decade":
            return _decade(written)
        case "quarter":
            return _QUARTERS.get(written.lower()) or _small(written)
        case "month":
            months = {**calendar.short_months, **calendar.months}
            return months[written.lower()] if written.lower() in months else _small(written)
        case "weekday":
            if written in _HAN_WEEKDAYS:
                return min(_HAN_WEEKDAYS.index(written), 6)
            return {**calendar.short_weekdays, **calendar.weekdays}[written.lower()]
        case _:
            return _small(written)


@cache
def _written(calendar: Calendar) -> tuple[re.Pattern[str], ...]:
    """Return the ways to write a date, the longest first: what one of them takes is not there for the next."""
    month = rf"(?P<month>{_longest_first(calendar.months, calendar.short_months)})\b\.?"
    weekdays = _longest_first(calendar.weekdays, calendar.short_weekdays)
    weekday = rf"(?:(?P<weekday>{weekdays})\b\.?,?\s+(?:the\s+)?)?"
    return tuple(
        re.compile(pattern, _FLAGS)
        for pattern in (
            r"(?<![\d.-])(?P<year>\d{4})([-/.])(?P<month>1[0-2]|0?[1-9])\2(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)",
            r"(?<![\d./])(?P<either>\d{1,2})([/.])(?P<other>\d{1,2})\2(?P<year>1\d{3}|20\d{2})(?!\d)",
            rf"(?P<year>\d{{4}}|[{_HAN_DIGITS}零]{{4}})\s?年\s?(?:(?P<month>\d{{1,2}}|{_HAN_NUMBER})\s?月(?:份)?"
            rf"\s?(?:(?P<day>\d{{1,2}}|{_HAN_NUMBER})\s?[日号號])?)?",
            rf"(?P<month>\d{{1,2}}|{_HAN_NUMBER})\s?月(?:份)?\s?(?:(?P<day>\d{{1,2}}|{_HAN_NUMBER})\s?[日号號])?",
            r"(?<![\d.,])(?P<day>\d{1,2})\s?[日号號](?!线|楼)",
            r"(?:星期|周|週|礼拜|禮拜)(?P<weekday>[一二三四五六日天])",
            r"(?P<decade>1\d[1-9]0|20\d0|[1-9]0)\s?年代",
            r"(?<!\w)(?P<decade>1\d\d0|20\d0)'?s\b",
            r"(?<!\w)'(?P<decade>[1-9]0)s\b",
            r"第(?P<quarter>[一二三四1-4])季度?|(?<![一二三四\d])(?P<quarter2>[一二三四])季度",
            rf"\b{weekday}{_DAY}{_LAST_DAY}\s+(?:of\s+)?{month}(?:,?\s+(?:of\s+)?{_YEAR})?",
            rf"\b{weekday}{month}\s+(?:the\s+)?{_DAY}{_LAST_DAY}(?:,?\s+(?:of\s+)?{_YEAR})?",
            rf"\b{month},?\s+(?:of\s+|in\s+)?{_YEAR}",
            rf"\b(?:(?P<quarter>first|second|third|fourth|final|1st|2nd|3rd|4th)[\s-]+quarter|Q(?P<quarter2>[1-4]))\b"
            rf"(?:,?\s+(?:of\s+|in\s+)?(?:the\s+)?(?:fiscal\s+)?(?:year\s+)?{_YEAR})?",
            rf"\b{_YEAR}[\s-]?Q(?P<quarter>[1-4])\b",
            r"\bFY\s?'?(?P<year>20\d{2}|\d{2})\b",
            r"\b(?P<year>1\d{3}|20\d{2})\s?[-/]\s?(?P<last_year>\d{2})(?![\d,.-]*\d)",
            rf"\b(?P<weekday>{any_of(calendar.weekdays)})s?\b",
            rf"(?<![\w$€£¥#.-])(?<!\d,){_YEAR}(?![a-z]|-\d{{1,2}}\b)(?!(?:[\s-]+)?(?:{units.AFTER}))",
            rf"(?<=\d-){_YEAR}(?![a-z]|-\d)(?!(?:[\s-]+)?(?:{units.AFTER}))",
        )
    )


@cache
def _month_alone(calendar: Calendar) -> re.Pattern[str]:
    return re.compile(rf"\b{_longest_first(map(str.capitalize, calendar.months))}\b")


@cache
def _before_month(calendar: Calendar) -> re.Pattern[str]:
    return re.compile(rf"{any_word(calendar.before_months)}[\s-]+$", _FLAGS)


def _longest_first(*names: Iterable[str]) -> str:
    return any_of(map(re.escape, sorted(chain(*names), key=lambda name: (-len(name), name))))
