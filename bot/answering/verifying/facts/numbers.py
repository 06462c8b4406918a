"""Numbers: the values in a text with what they count, written in digits, in words or in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from bot.answering.verifying.facts import units

# A letter or a digit is a Latin one: Chinese puts no space between its characters and these.
_FLAGS = re.IGNORECASE | re.ASCII

_ONES_WRITTEN = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""
_ONES = _ONES_WRITTEN.split()
_TENS_WRITTEN = """
twenty thirty forty fifty sixty seventy eighty ninety
"""
_TENS = _TENS_WRITTEN.split()
_SMALL = {name: value for value, name in enumerate(_ONES)} | {
    name: value for value, name in zip(range(20, 100, 10), _TENS, strict=True)
}
_SCALES = {
    "dozen": 12,
    "hundred": 10**2,
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
}
_SHORT_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12}
_ORDINALS_WRITTEN = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth
"""
_ORDINALS = {name: value for value, name in enumerate(_ORDINALS_WRITTEN.split(), start=1)} | {
    name[:-1] + "ieth": value for name, value in _SMALL.items() if name in _TENS
}
_PARTS = {
    "half": 2,
    "halve": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
}
_TIMES = {"twice": 2, "twofold": 2, "double": 2, "doubled": 2, "thrice": 3, "threefold": 3, "triple": 3, "tripled": 3}
_HAN_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}

# What is longer is no value but a row of digits, and is compared as one.
_LONGEST = 30
_WORDS = "|".join(sorted([*_SMALL, *_SCALES], key=len, reverse=True))
_DIGITS = re.compile(
    rf"(?:(?P<before>{units.BEFORE})\s?)?(?<![\w.])(?<![A-Za-z]-)"
    r"(?P<digits>\d{1,3}(?:,\d{2,3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*)"
    r"(?P<fraction>(?:\s\d)?/\d{1,2}(?![\d/]))?"
    r"(?:\s?[x×*]\s?10\^?(?P<power>[+-]?\d{1,2})\b|\^(?P<exponent>[+-]?\d{1,2})\b|[eE](?P<e>[+-]?\d{1,2})\b)?"
    rf"(?P<ordinal>(?:st|nd|rd|th)\b)?"
    rf"(?:[\s-]?(?P<scale>{'|'.join(_SCALES)}|mln|bn|tn|mn|[kmb](?!\.[a-z]))s?\b)?"
    r"(?P<han>[十百千万萬亿億]+)?",
    _FLAGS,
)
_SPELLED = re.compile(
    rf"\b(?:an?[\s-])?(?P<words>(?:{_WORDS})(?:(?:[\s-]+(?:and\s+)?)(?:{_WORDS}))*)\b"
    r"(?P<half>\s+and\s+a\s+half)?(?:(?:\s+)(?P<scale>hundred|thousand|million|billion|trillion)\b)?",
    _FLAGS,
)
_SCALE = re.compile(rf"(?<![A-Za-z])(?P<scale>{'|'.join(_SCALES)}|mln|bn|tn|mn|[kmb])\b", _FLAGS)
_MANY = re.compile(rf"\b(?P<scale>{'|'.join(_SCALES)})s\b", _FLAGS)
_ORDINAL = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})-)?(?P<ordinal>{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})\b",
    _FLAGS,
)
_PART = re.compile(
    rf"\b(?P<count>an?|\d+|{'|'.join(_ONES[1:])})[\s-](?P<part>{'|'.join(_PARTS)})(?P<plural>s)?\b"
    r"|\bhalf(?:\s+an?\s+(?P<scale>dozen|hundred|thousand|million|billion|trillion))?\b",
    _FLAGS,
)
_TIMES_WORD = re.compile(rf"\b({'|'.join(_TIMES)})\b", _FLAGS)
_HAN = "零〇一二三四五六七八九十百千万萬亿億两兩"
_HAN_NUMBER = re.compile(rf"(?P<ordinal>第)?(?P<number>[{_HAN}]+)")
_HAN_SHARE = re.compile(
    rf"百分之(?P<share>[{_HAN}]+|\d+(?:\.\d+)?)|(?P<low>[{_HAN}]{{1,12}})分之(?P<high>[{_HAN}]{{1,12}})"
)
# A single Chinese numeral is more often a piece of a word; here it counts something.
_COUNTED = re.compile(r"[年月日天个個名人位次元周週岁歲倍家项項座支只条種种场場分小千公米吨]|多|余")
_UNIT = re.compile(rf"[\s-]?(?P<unit>{units.AFTER})", _FLAGS)
_WIDER_UNIT = re.compile(r"[\s-]?(?P<unit>percentage[\s-]points?)", _FLAGS)
_NOT_A_SIGN = re.compile(r"[\w.%)]$", re.ASCII)
_RANGE = re.compile(r"\s*(?:-|to|and|or|至|到|~)\s*", _FLAGS)
_PLACE = re.compile(r"(?:\bno\.|\bnumber|#|\brank(?:ed|s|ing)?(?: at)?|\bchapter|\bpart|\bplace)\s?$", _FLAGS)
_ONE_OF = re.compile(
    r"[\s-]+(?:of|another|or|who|that|which|is|was|can|may|could|should|might|would|must|has|had|day)\b"
)

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


def numbers(text: str, taken: Sequence[tuple[int, int]] = ()) -> tuple[Number, ...]:
    """Return the numbers in a normal text, in order, without what stands in the `taken` stretches."""
    free = bytearray(b"\1" * len(text))
    for start, end in taken:
        free[start:end] = bytes(end - start)
    found: list[Number] = []
    for pattern, read in _WAYS:
        for match in pattern.finditer(text):
            if match.end() > match.start() and all(free[match.start() : match.end()]):
                number = read(text, match)
                if number is not None:
                    found.append(number)
                    free[number.start : number.end] = bytes(number.end - number.start)
    found.sort(key=lambda number: number.start)
    return tuple(_with_shared_units(text, found))


def is_supported(number: Number, said: Sequence[Number]) -> bool:
    """Return whether one of the numbers that are `said` can be read as this one."""
    return any(same(number, other) for other in said)


def plain(digits: str, start: int) -> Number:
    """Return a whole number that counts nothing known."""
    return Number(digits, start, start + len(digits), ((Fraction(digits), None),))


def same(one: Number, other: Number) -> bool:
    """Return whether two numbers can be read as the same value of the same unit."""
    return any(_equal(mine, theirs) for mine in one.readings for theirs in other.readings)


def _equal(one: Reading, other: Reading) -> bool:
    (value, unit), (other_value, other_unit) = one, other
    if value == other_value:
        return units.compatible(unit, other_unit)
    if isinstance(value, str) or isinstance(other_value, str):
        return False
    if unit == units.PERCENT and other_unit is None:
        return value == other_value * 100 and other_value < 1
    return other_unit == units.PERCENT and unit is None and other_value == value * 100 and value < 1


def _in_digits(text: str, match: re.Match[str]) -> Number | None:
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
    for scale in match["han"] or "":
        value *= _HAN_SCALES[scale]
    values = [value]
    scale = (match["scale"] or "").lower()
    end = match.end()
    if scale in _SCALES or scale in _SHORT_SCALES:
        values = [value * (_SCALES.get(scale) or _SHORT_SCALES[scale])]
    unit, end = _unit_after(text, end)
    if text[end : end + 1].isascii() and text[end : end + 1].isalpha():
        return None  # letters and digits, such as "3D", are a name
    unit = units.unit_of(match["before"], None) or unit
    if match["ordinal"]:
        unit = units.ORDINAL
    readings: list[Reading] = [(reading, unit) for reading in values]
    if scale == "m" and match["before"] is None:
        readings.append((value, "metre"))
    if _PLACE.search(text, max(0, start - 12), start):
        readings.append((value, units.ORDINAL))
    sign = _sign(text, start)
    if sign:
        readings = [(-reading, unit) for reading, unit in readings if not isinstance(reading, str)]
    return Number(text[start - sign : end], start - sign, end, tuple(readings))


def _with_fraction(value: Fraction, fraction: str) -> Fraction:
    upper, _, lower = fraction.partition("/")
    if int(lower) == 0:
        return value
    return value + Fraction(int(upper), int(lower)) if upper else value / int(lower)


def _sign(text: str, start: int) -> int:
    """Return the length of the minus sign before a number, 0 where there is none."""
    if text.endswith(("minus ", "Minus "), 0, start):
        return 6
    has_sign = start > 0 and text[start - 1] == "-" and not _NOT_A_SIGN.search(text, max(0, start - 3), start - 1)
    return int(has_sign)


def _unit_after(text: str, end: int) -> tuple[str | None, int]:
    match = _WIDER_UNIT.match(text, end) or _UNIT.match(text, end)
    return (units.unit_of(None, match["unit"]), match.end()) if match else (None, end)


def _spelled(text: str, match: re.Match[str]) -> Number | None:
    words = re.split(r"[\s-]+", match["words"].lower())
    words = [word for word in words if word != "and"]
    value = _value(words)
    if value is None:
        return None
    if match["half"]:
        value += Fraction(1, 2)
    if match["scale"]:
        value *= _SCALES[match["scale"].lower()]
    unit, end = _unit_after(text, match.end())
    is_weak = words == ["one"] and (unit is None or _ONE_OF.match(text, match.end()) is not None)
    return Number(text[match.start() : end], match.start(), end, ((value, unit),), is_weak)


def _value(words: Sequence[str]) -> Fraction | None:
    """Return the value of words of number, None where they are not one number."""
    total = current = 0
    last = 0
    for word in words:
        if word in _SMALL:
            fits = last == 0 or last >= 100 or (20 <= last < 100 and _SMALL[word] < 10)
            if not fits:
                return None
            current += _SMALL[word]
            last = _SMALL[word]
        else:
            scale = _SCALES[word]
            last = scale
            if scale <= 100:
                current = (current or 1) * scale
            else:
                total += (current or 1) * scale
                current = 0
    return Fraction(total + current)


def _many(_: str, match: re.Match[str]) -> Number:
    return Number(match[0], match.start(), match.end(), ((match[0].lower(), None),))


def _ordinal(_: str, match: re.Match[str]) -> Number | None:
    tens = _SMALL[match["tens"].lower()] if match["tens"] else 0
    value = tens + _ORDINALS[match["ordinal"].lower()]
    return Number(match[0], match.start(), match.end(), ((Fraction(value), units.ORDINAL),))


def _part(text: str, match: re.Match[str]) -> Number:
    if match["count"] is None:
        scale = _SCALES[match["scale"].lower()] if match["scale"] else 1
        unit, end = _unit_after(text, match.end()) if match["scale"] else (None, match.end())
        return Number(match[0], match.start(), end, ((Fraction(scale, 2), unit),))
    count = match["count"].lower()
    upper = 1 if count.startswith("a") else int(count[:9]) if count.isdecimal() else _SMALL[count]
    lower = _PARTS[match["part"].lower()]
    readings: list[Reading] = [(Fraction(upper, lower), None)]
    if match["plural"] is None and match["part"].lower() in _ORDINALS:
        readings.append((Fraction(_ORDINALS[match["part"].lower()]), units.ORDINAL))
    return Number(match[0], match.start(), match.end(), tuple(readings), is_weak=upper == 1 and lower == 4)


def _times(_: str, match: re.Match[str]) -> Number:
    return Number(match[0], match.start(), match.end(), ((Fraction(_TIMES[match[0].lower()]), None),))


def _han_share(_: str, match: re.Match[str]) -> Number | None:
    if match["share"]:
        share = match["share"]
        value = Fraction(share[:_LONGEST]) if share[0].isdecimal() and share.isascii() else _han_value(share)
        return None if value is None else Number(match[0], match.start(), match.end(), ((value, units.PERCENT),))
    low, high = _han_value(match["low"]), _han_value(match["high"])
    if not low or high is None:
        return None
    return Number(match[0], match.start(), match.end(), ((high / low, None),))


def _han(text: str, match: re.Match[str]) -> Number | None:
    written = match["number"]
    value = _han_value(written)
    if value is None:
        return None
    is_counted = _COUNTED.match(text, match.end()) is not None
    if len(written) == 1 and not is_counted and not match["ordinal"]:
        return None
    unit, end = (units.ORDINAL, match.end()) if match["ordinal"] else _unit_after(text, match.end())
    is_weak = not match["ordinal"] and (written in ("一", "万", "千", "百") or (not is_counted and len(written) < 3))
    return Number(text[match.start() : end], match.start(), end, ((value, unit),), is_weak)


def _han_value(written: str) -> Fraction | None:
    """Return the value of Chinese numerals: of a row of digits, or of digits and what they are multiplied by."""
    if len(written) > _LONGEST:
        return None
    if all(numeral in _HAN_DIGITS for numeral in written):
        return Fraction("".join(str(_HAN_DIGITS[numeral]) for numeral in written))
    total = section = digit = 0
    for numeral in written:
        if numeral in _HAN_DIGITS:
            digit = _HAN_DIGITS[numeral]
            continue
        scale = _HAN_SCALES[numeral]
        if scale >= 10**4:
            total = (total + section + digit or 1) * scale
            section = 0
        else:
            section += (digit or 1) * scale
        digit = 0
    return Fraction(total + section + digit)


# The longest ways of writing first: what one of them takes is not there for the next.
_WAYS = (
    (_HAN_SHARE, _han_share),
    (_PART, _part),
    (_DIGITS, _in_digits),
    (_SPELLED, _spelled),
    (_MANY, _many),
    (_ORDINAL, _ordinal),
    (_TIMES_WORD, _times),
    (_HAN_NUMBER, _han),
)


def _with_shared_units(text: str, found: Sequence[Number]) -> Iterator[Number]:
    """Yield the numbers, the 4 of "4 to 5 million km" as so many km and as so many millions of km too."""
    for number, following in pairwise([*found, None]):
        if number is None:
            continue
        if following is None or not _RANGE.fullmatch(text, number.end, following.start):
            yield number
            continue
        written = _SCALE.search(following.text)
        scale = (_SCALES | _SHORT_SCALES)[written["scale"].lower()] if written else 1
        shared = tuple(
            (value * factor, their_unit)
            for value, unit in number.readings
            for _, their_unit in following.readings
            if unit is None or (written and their_unit in (None, unit))
            for factor in {1, scale}
            if not isinstance(value, str)
        )
        yield replace(number, readings=number.readings + shared)
