"""Units: what a number counts, and the words and signs that say so."""

from __future__ import annotations

import re

PERCENT = "%"
ORDINAL = "#"

# Each unit, and everything that it is written as.
_WRITTEN: dict[str, str] = {
    PERCENT: "% percent per-cent pct",
    "percentage point": "percentage-point percentage-points pp 个百分点 個百分點",
    "dollar": "dollar dollars usd 美元 美金",
    "cent": "cent cents",
    "euro": "euro euros eur 欧元 歐元",
    "pound": "pound pounds gbp lb lbs 英镑 英鎊 磅",
    "yuan": "yuan rmb cny renminbi 人民币 人民幣 元",
    "yen": "yen jpy 日元 日圆",
    "rupee": "rupee rupees inr 卢比",
    "kilometre": "km kms kilometer kilometers kilometre kilometres 公里 千米",
    "metre": "m meter meters metre metres 米 公尺",
    "centimetre": "cm centimeter centimeters centimetre centimetres 厘米 公分",
    "millimetre": "mm millimeter millimeters millimetre millimetres 毫米",
    "mile": "mi mile miles 英里",
    "yard": "yd yard yards 码",
    "foot": "ft foot feet 英尺",
    "inch": "inch inches 英寸",
    "kilogram": "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes 公斤 千克",
    "gram": "g gram grams 克",
    "milligram": "mg milligram milligrams 毫克",
    "tonne": "t ton tons tonne tonnes 吨 噸",
    "ounce": "oz ounce ounces 盎司",
    "litre": "l liter liters litre litres 升",
    "gallon": "gallon gallons 加仑",
    "barrel": "barrel barrels 桶",
    "square kilometre": "km2 km^2 sq-km square-kilometers square-kilometres square-kilometer 平方公里",
    "square metre": "m2 m^2 square-meters square-metres square-meter 平方米",
    "square mile": "sq-mi square-miles square-mile mi2 平方英里",
    "square foot": "sq-ft square-feet square-foot 平方英尺",
    "acre": "acre acres 英亩",
    "hectare": "ha hectare hectares 公顷",
    "century": "century centuries 世纪 世紀",
    "decade": "decade decades",
    "year": "year years yr yrs year-old years-old 年 岁 歲",
    "month": "month months 个月 個月",
    "week": "week weeks 周 週 星期",
    "day": "day days 天 日",
    "hour": "hour hours hr hrs h 小时 小時",
    "minute": "minute minutes min mins 分钟 分鐘",
    "second": "second seconds sec secs s 秒",
    "millisecond": "ms millisecond milliseconds 毫秒",
    "degree Celsius": "°c degrees-celsius degree-celsius celsius 摄氏度",
    "degree Fahrenheit": "°f degrees-fahrenheit degree-fahrenheit fahrenheit",
    "degree": "° degree degrees 度",
    "kilobyte": "kb kilobyte kilobytes",
    "megabyte": "mb megabyte megabytes",
    "gigabyte": "gb gigabyte gigabytes",
    "terabyte": "tb terabyte terabytes",
    "hertz": "hz hertz 赫兹",
    "kilohertz": "khz kilohertz",
    "megahertz": "mhz megahertz",
    "gigahertz": "ghz gigahertz",
    "watt": "w watt watts 瓦",
    "kilowatt": "kw kilowatt kilowatts 千瓦",
    "megawatt": "mw megawatt megawatts 兆瓦",
    "gigawatt": "gw gigawatt gigawatts",
    "kilowatt hour": "kwh kilowatt-hour kilowatt-hours",
    "volt": "v volt volts 伏",
    "mile an hour": "mph miles-per-hour",
    "kilometre an hour": "kph kmh km/h kilometers-per-hour kilometres-per-hour",
    "person": "people person persons inhabitants residents 人",
    "time": "times 次",
    "BC": "bc bce b.c. b.c.e.",
}
_BEFORE = {
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
}
_BY_WORD = {written: unit for unit, all_written in _WRITTEN.items() for written in all_written.split()}
# One of two units, where a sign stands for either.
_EITHER = {"yuan or yen": frozenset({"yuan", "yen"})}


def _pattern(written: str) -> str:
    pattern = re.escape(written).replace(r"\-", r"[\s-]+").replace("-", r"[\s-]+")
    return rf"{pattern}\b" if written.isascii() and written[-1].isalnum() else pattern


AFTER = "|".join(_pattern(written) for written in sorted(_BY_WORD, key=len, reverse=True))
BEFORE = "|".join(re.escape(written) for written in sorted(_BEFORE, key=len, reverse=True))
_GAP = re.compile(r"[\s-]+")
_TIME = r"(?:second|minute|hour|day|week|month|quarter|year)"
_RATE = re.compile(
    rf"\b(?:per|each|every)\s+({_TIME})\b|\d[^\s\d]*(?:\s\w+)?\s+an?\s+({_TIME})\b"
    r"(?!\s(?:before|after|ago|later|earlier))|\b(dai|hour|week|month|quarter|year)ly\b|\b(annual)(?:ly)?\b",
    re.IGNORECASE,
)
_PERIODS = {"dai": "day", "annual": "year"}


def unit_of(before: str | None, after: str | None) -> str | None:
    """Return the unit that is written before or after a number, None where there is none that we know."""
    if before:
        return _BEFORE[before.lower()]
    return _BY_WORD[_GAP.sub("-", after.lower())] if after else None


def rates(text: str) -> frozenset[str]:
    """Return the spans of time that something is counted by in a text: "month" for "$6 a month" and for "monthly"."""
    found = ("".join(filter(None, match.groups())).lower() for match in _RATE.finditer(text))
    return frozenset(_PERIODS.get(period, period) for period in found)


def compatible(one: str | None, other: str | None) -> bool:
    """Return whether both may count the same: they do, or it is not known what one of them counts."""
    if one == other:
        return True
    if ORDINAL in (one, other):
        return False
    return one is None or other is None or other in _EITHER.get(one, ()) or one in _EITHER.get(other, ())
