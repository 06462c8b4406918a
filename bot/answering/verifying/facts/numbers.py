"""Numbers: the values in a text with what they count, written in digits, in words or in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import pairwise

from bot.answering.verifying.facts import units
from index.language.language import Language
from index.language.patterns import any_of, longest_first

# A letter or a digit is a Latin one: Chinese puts no space between its characters and these.
_FLAGS = re.IGNORECASE | re.ASCII

# What is longer is no value but a row of digits, and is compared as one.
_LONGEST = 30
_NOT_A_SIGN = re.compile(r"[\w.%)]$", re.ASCII)
_FARTHEST_PLACE = 12

Reading = tuple[Fraction | str, str | None]


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: its place there, and each value and unit that it can be read as.

    `is_weak` numbers are the words "one" and "a hundred" and their like that may be no count at all.
    """

    text: str
    start: int
    end: int
    readings: tuple[Reading, ...]
    is_weak: bool = False


def numbers(text: str, language: Language, taken: Sequence[tuple[int, int]] = ()) -> tuple[Number, ...]:
    """Return the numbers in a normal text, in order, without what stands in the `taken` stretches."""
    return _reader(language).numbers(text, taken)


def is_supported(number: Number, said: Sequence[Number]) -> bool:
    """Whether one of the numbers that are `said` can be read as this one."""
    return any(same(number, other) for other in said)


def plain(digits: str, start: int) -> Number:
    """Return a whole number that counts nothing known."""
    return Number(digits, start, start + len(digits), ((Fraction(digits), None),))


def same(one: Number, other: Number) -> bool:
    """Whether two numbers can be read as the same value of the same unit."""
    return any(_equal(mine, theirs) for mine in one.readings for theirs in other.readings)


def in_characters(written: str, language: Language) -> Fraction | None:
    """Return the value of Chinese numerals: of a row of digits, or of digits and what they are multiplied by.

    None where there are too many of them.
    """
    digits, scales = language.numerals.digits, language.numerals.digit_scales
    if len(written) > _LONGEST:
        return None
    if all(numeral in digits for numeral in written):
        return Fraction("".join(str(digits[numeral]) for numeral in written))
    total = section = digit = 0
    for numeral in written:
        if numeral in digits:
            digit = digits[numeral]
            continue
        scale = scales[numeral]
        if scale >= 10**4:
            total = (total + section + digit or 1) * scale
            section = 0
        else:
            section += (digit or 1) * scale
        digit = 0
    return Fraction(total + section + digit)


def _equal(one: Reading, other: Reading) -> bool:
    (value, unit), (other_value, other_unit) = one, other
    if value == other_value:
        return units.compatible(unit, other_unit)
    if isinstance(value, str) or isinstance(other_value, str):
        return False
    if unit == units.PERCENT and other_unit is None:
        return value == other_value * 100 and other_value < 1
    return other_unit == units.PERCENT and unit is None and other_value == value * 100 and value < 1


class _Reader:
    """Reads numbers as one language writes them."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._numerals = numerals = language.numerals
        self._scales = {**numerals.short_scales, **numerals.scales}
        words = any_of(longest_first(numerals.small, numerals.scales))
        in_words = any_of(longest_first(numerals.scales))
        short = any_of(longest_first(numerals.short_scales))
        ones = any_of(word for word, value in numerals.small.items() if word not in numerals.tens and value)
        article = any_of(longest_first(numerals.articles))
        joining, halves = any_of(longest_first(numerals.joining)), any_of(longest_first(numerals.halves))
        characters = "".join((*numerals.digits, *numerals.digit_scales))
        ranks = any_of(numerals.ranks)
        self._unit = _compiled(rf"[\s-]?(?P<unit>{units.behind(language)})")
        self._scale = _compiled(rf"(?<![A-Za-z])(?P<scale>{in_words}|{short})\b")
        self._place = _compiled(rf"{any_of(numerals.places)}\s?$")
        self._not_counted = re.compile(rf"[\s-]+{any_of(longest_first(numerals.not_counted))}\b")
        self._counted = _compiled(any_of(numerals.counted))
        self._negative = _compiled(rf"\b{any_of(longest_first(numerals.negative))}\s$")
        self._range = _compiled(rf"\s*{any_of(['-', '~', *longest_first(numerals.ranges)])}\s*")
        # The longest ways of writing first: what one of them takes is not there for the next.
        ways = (
            *((share, self._share) for share in numerals.shares),
            (
                rf"\b(?P<count>{article}|\d+|{ones})[\s-](?P<part>{any_of(numerals.fractions)})(?P<plural>s)?\b"
                rf"|\b{halves}(?:\s+{article}\s+(?P<scale>{in_words}))?\b",
                self._part,
            ),
            (
                rf"(?:(?P<before>{units.before(language)})\s?)?(?<![\w.])(?<![A-Za-z]-)"
                r"(?P<digits>\d{1,3}(?:,\d{2,3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*)"
                r"(?P<fraction>(?:\s\d)?/\d{1,2}(?![\d/]))?"
                r"(?:\s?[x×*]\s?10\^?(?P<power>[+-]?\d{1,2})\b|\^(?P<exponent>[+-]?\d{1,2})\b"
                r"|[eE](?P<e>[+-]?\d{1,2})\b)?"
                rf"(?P<ordinal>{any_of(longest_first(numerals.ordinal_endings))}\b)?"
                rf"(?:[\s-]?(?P<scale>{in_words}|{short}(?!\.[a-z]))s?\b)?"
                rf"(?P<characters>{any_of(numerals.digit_scales)}+)?",
                self._in_digits,
            ),
            (
                rf"\b(?:{article}[\s-])?(?P<words>{words}(?:(?:[\s-]+(?:{joining}\s+)?){words})*)\b"
                rf"(?P<half>\s+{joining}\s+{article}\s+{halves})?(?:(?:\s+)(?P<scale>{in_words})\b)?",
                self._spelled,
            ),
            (rf"\b{in_words}s\b", self._many),
            (
                rf"\b(?:(?P<tens>{any_of(longest_first(numerals.tens))})-)?(?P<ordinal>{any_of(longest_first(numerals.ordinals))})\b",
                self._ordinal,
            ),
            (rf"\b{any_of(numerals.multiples)}\b", self._multiple),
            (rf"(?P<ordinal>{ranks})?(?P<number>[{characters}]+)", self._in_characters),
        )
        self._patterns = [(_compiled(source), read) for source, read in ways]

    def numbers(self, text: str, taken: Sequence[tuple[int, int]]) -> tuple[Number, ...]:
        free = bytearray(b"\1" * len(text))
        for start, end in taken:
            free[start:end] = bytes(end - start)
        found: list[Number] = []
        for pattern, read in self._patterns:
            for match in pattern.finditer(text):
                if match.end() > match.start() and all(free[match.start() : match.end()]):
                    number = read(text, match)
                    if number is not None:
                        found.append(number)
                        free[number.start : number.end] = bytes(number.end - number.start)
        found.sort(key=lambda number: number.start)
        return tuple(self._with_shared_units(text, found))

    def _in_digits(self, text: str, match: re.Match[str]) -> Number | None:
        digits = match["digits"].replace(",", "")
        start = match.start()
        if len(digits) > _LONGEST or digits.count(".") > 1:
            return Number(match["digits"], start, match.end(), ((digits, None),))
        value = Fraction(digits)
        if match["fraction"]:
            value = _with_fraction(value, match["fraction"])
        power = match["power"] or match["exponent"] or match["e"]
        if power:
            value = value ** int(power) if match["exponent"] else value * Fraction(10) ** int(power)
        for character in match["characters"] or "":
            value *= self._numerals.digit_scales[character]
        scale = (match["scale"] or "").lower()
        unit, end = self._unit_behind(text, match.end())
        if text[end : end + 1].isascii() and text[end : end + 1].isalpha():
            return None  # letters and digits, such as "3D", are a name
        if match["before"]:
            unit = units.unit_of(match["before"], self._language)
        if match["ordinal"]:
            unit = units.ORDINAL
        readings: list[Reading] = [(value * self._scales.get(scale, 1), unit)]
        if scale == "m" and match["before"] is None:
            readings.append((value, "metre"))
        if self._place.search(text, max(0, start - _FARTHEST_PLACE), start):
            readings.append((value * self._scales.get(scale, 1), units.ORDINAL))
        sign = self._sign(text, start)
        if sign:
            readings = [(-reading, unit) for reading, unit in readings if not isinstance(reading, str)]
        return Number(text[start - sign : end], start - sign, end, tuple(readings))

    def _sign(self, text: str, start: int) -> int:
        """Return the length of the minus sign before a number, or of its word, 0 where there is none."""
        if word := self._negative.search(text, max(0, start - _FARTHEST_PLACE), start):
            return len(word[0])
        has_sign = start > 0 and text[start - 1] == "-" and not _NOT_A_SIGN.search(text, max(0, start - 3), start - 1)
        return int(has_sign)

    def _unit_behind(self, text: str, end: int) -> tuple[str | None, int]:
        match = self._unit.match(text, end)
        return (units.unit_of(match["unit"], self._language), match.end()) if match else (None, end)

    def _spelled(self, text: str, match: re.Match[str]) -> Number | None:
        words = re.split(r"[\s-]+", match["words"].lower())
        words = [word for word in words if word not in self._numerals.joining]
        value = self._value(words)
        if value is None:
            return None
        if match["half"]:
            value += Fraction(1, 2)
        if match["scale"]:
            value *= self._numerals.scales[match["scale"].lower()]
        unit, end = self._unit_behind(text, match.end())
        is_vague = match["words"].lower() in self._numerals.vague
        is_weak = is_vague and (unit is None or self._not_counted.match(text, match.end()) is not None)
        return Number(text[match.start() : end], match.start(), end, ((value, unit),), is_weak)

    def _value(self, words: Sequence[str]) -> Fraction | None:
        """Return the value of words of number, None where they are not one number."""
        small, scales = self._numerals.small, self._numerals.scales
        total = current = 0
        last = 0
        for word in words:
            if word in small:
                fits = last == 0 or last >= 100 or (20 <= last < 100 and small[word] < 10)
                if not fits:
                    return None
                current += small[word]
                last = small[word]
            else:
                scale = scales[word]
                last = scale
                if scale <= 100:
                    current = (current or 1) * scale
                else:
                    total += (current or 1) * scale
                    current = 0
        return Fraction(total + current)

    def _many(self, _: str, match: re.Match[str]) -> Number:
        return Number(match[0], match.start(), match.end(), ((match[0].lower(), None),))

    def _ordinal(self, _: str, match: re.Match[str]) -> Number:
        tens = self._numerals.small[match["tens"].lower()] if match["tens"] else 0
        value = tens + self._numerals.ordinals[match["ordinal"].lower()]
        return Number(match[0], match.start(), match.end(), ((Fraction(value), units.ORDINAL),))

    def _part(self, text: str, match: re.Match[str]) -> Number:
        numerals = self._numerals
        if match["count"] is None:
            scale = numerals.scales[match["scale"].lower()] if match["scale"] else 1
            unit, end = self._unit_behind(text, match.end()) if match["scale"] else (None, match.end())
            return Number(match[0], match.start(), end, ((Fraction(scale, 2), unit),))
        count, part = match["count"].lower(), match["part"].lower()
        upper = 1 if count in numerals.articles else int(count[:9]) if count.isdecimal() else numerals.small[count]
        lower = numerals.fractions[part]
        readings: list[Reading] = [(Fraction(upper, lower), None)]
        if match["plural"] is None and part in numerals.ordinals:
            readings.append((Fraction(numerals.ordinals[part]), units.ORDINAL))
        return Number(match[0], match.start(), match.end(), tuple(readings), is_weak=upper == 1 and lower == 4)

    def _multiple(self, _: str, match: re.Match[str]) -> Number:
        value = Fraction(self._numerals.multiples[match[0].lower()])
        return Number(match[0], match.start(), match.end(), ((value, None),))

    def _share(self, _: str, match: re.Match[str]) -> Number | None:
        groups = {name: self._whole(written) for name, written in match.groupdict().items()}
        if (percent := groups.get("percent")) is not None:
            return Number(match[0], match.start(), match.end(), ((percent, units.PERCENT),))
        of, part = groups.get("of"), groups.get("part")
        if not of or part is None:
            return None
        return Number(match[0], match.start(), match.end(), ((part / of, None),))

    def _whole(self, written: str) -> Fraction | None:
        is_in_digits = written[0].isdecimal() and written.isascii()
        return Fraction(written[:_LONGEST]) if is_in_digits else in_characters(written, self._language)

    def _in_characters(self, text: str, match: re.Match[str]) -> Number | None:
        written = match["number"]
        value = in_characters(written, self._language)
        if value is None:
            return None
        is_counted = self._counted.match(text, match.end()) is not None
        # A single Chinese numeral is more often a piece of a word.
        if len(written) == 1 and not is_counted and not match["ordinal"]:
            return None
        unit, end = (units.ORDINAL, match.end()) if match["ordinal"] else self._unit_behind(text, match.end())
        is_vague = written in self._numerals.vague or (not is_counted and len(written) < 3)
        is_weak = not match["ordinal"] and is_vague
        return Number(text[match.start() : end], match.start(), end, ((value, unit),), is_weak)

    def _with_shared_units(self, text: str, found: Sequence[Number]) -> Iterator[Number]:
        """Yield the numbers, the 4 of "4 to 5 million km" as so many km and as so many millions of km too."""
        for number, following in pairwise([*found, None]):
            if number is None:
                continue
            if following is None or not self._range.fullmatch(text, number.end, following.start):
                yield number
                continue
            written = self._scale.search(following.text)
            scale = self._scales[written["scale"].lower()] if written else 1
            shared = tuple(
                (value * factor, their_unit)
                for value, unit in number.readings
                for _, their_unit in following.readings
                if unit is None or (written and their_unit in (None, unit))
                for factor in {1, scale}
                if not isinstance(value, str)
            )
            yield replace(number, readings=number.readings + shared)


@cache
def _reader(language: Language) -> _Reader:
    return _Reader(language)


def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, _FLAGS)


def _with_fraction(value: Fraction, fraction: str) -> Fraction:
    upper, _, lower = fraction.partition("/")
    if int(lower) == 0:
        return value
    return value + Fraction(int(upper), int(lower)) if upper else value / int(lower)
