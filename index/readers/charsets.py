"""Character sets: those of the web, by every name that pages call them, and how to tell them by their bytes.

Only the encodings of https://encoding.spec.whatwg.org are decoded: Python knows others that are not character sets.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

_LONGEST_LABEL = 40
# Python's name for an encoding that pages name, to that of the wider set that browsers read it as.
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis_620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932",
    "big5": "big5hkscs",
}  # fmt: skip
_WEB = {
    *_WIDER.values(), "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "euc_jp", "iso2022_jp", "cp949",
    *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    *(f"cp125{number}" for number in range(9)),
}  # fmt: skip

# Of the sets whose letters take two bytes: the first bytes of those that are most of any text (level 1 of each
# standard, kana, hangul), and the lowest second byte of them.
_COMMON = {
    "euc_jp": (re.compile(rb"[\xa4\xa5][\xa1-\xfe]"), re.compile(rb"[\xa1\xa4\xa5\xb0-\xcf][\xa1-\xfe]")),
    "cp949": (None, re.compile(rb"[\xb0-\xc8\xa1][\xa1-\xfe]")),
    "gb18030": (None, re.compile(rb"[\xb0-\xd7\xa1-\xa3][\xa1-\xfe]")),
    "big5hkscs": (None, re.compile(rb"[\xa4-\xc6\xa1][\x40-\x7e\xa1-\xfe]")),
    "cp932": (
        re.compile(rb"[\x82\x83][\x40-\x7e\x80-\xf1]"),
        re.compile(rb"[\x81-\x83\x88-\x97][\x40-\x7e\x80-\xfc]"),
    ),
}
_ENOUGH = 8  # bytes that are no ASCII, to tell anything by
_LEAST_KANA = 0.15
# The letters that are most of any text in the alphabets that have encodings of their own, and those encodings.
_ALPHABETS = (
    ("оеаинтсрвлкмдпу", ("cp1251", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")),
    ("αοιετσνηυρπκμλςάίόέή", ("cp1253", "iso8859-7")),
    ("والينمرتبسدعفةقحكجأ", ("cp1256", "iso8859-6")),
    ("יוהלאתרבשמנדפחק", ("cp1255", "iso8859-8")),
    ("านรอกเงมยลวดตทสคบปหพใไแ่้ีิั", ("cp874",)),
)
_THAI = _ALPHABETS[-1][0]
_LEAST_THAI = 0.7
_LEAST_FREQUENT = 0.55
# What the languages of the Latin alphabet outside the west are written in.
_BY_LANGUAGE = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr", "sl", "bs", "sq"), ("cp1250", "iso8859-2")),
    "tr": ("cp1254",), "az": ("cp1254",), "lt": ("cp1257", "iso8859-13"), "lv": ("cp1257", "iso8859-13"),
    "et": ("cp1257", "iso8859-13"), "vi": ("cp1258",),
}  # fmt: skip
_USUAL = re.compile("[\t-\u05ff\u3000-\u9fff\uac00-\ud7a3\uff00-\uffef]")
_WEST = ("cp1252", "iso8859-15")
_BROKEN_WORD = re.compile(
    r"[A-Za-z\u00c0-\u024f](?:[^\w\s!-~’‘“”«»–—…]|[ºª¹²³µ])[a-z\u00c0-\u024f]|[a-z][A-Z\u00c0-\u00de][a-z]"
)


def codec_of(label: str | None) -> str | None:
    """Return Python's name for the encoding that a page calls `label`, None for what is no encoding of the web."""
    if not label or len(label) > _LONGEST_LABEL:
        return None
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    name = _WIDER.get(name, name)
    return name if name in _WEB else None


def guess(sample: bytes) -> str | None:
    """Return the encoding of text that is no UTF, None where it cannot be told. `sample` may end inside a letter."""
    high = sum(byte > 0x7F for byte in sample)
    if not high:
        return "cp1252"
    plain = sum(1 for byte in sample if byte < 0x80 and chr(byte).isalpha())
    if high > 2 * plain and _share(sample.decode("cp874", errors="replace"), _THAI) > _LEAST_THAI:
        return "cp874"
    return _double(sample, high) or _alphabet(sample, high) or _latin(sample, high)


def guess_wide(sample: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 that `sample` is, told by how many of its characters are of few scripts."""
    best = max(("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"), key=lambda codec: _plausible(sample, codec))
    return best if _plausible(sample, best) > 0.9 else None


def agree(sample: bytes, one: str, other: str) -> bool:
    """Tell whether two encodings are variants of one another, so that a page's word may decide between them."""
    if one in _WEST and other in _COMMON:
        return True  # too short to tell
    if other in _WEST and one.startswith(("cp125", "iso8859")):
        # The word of a template; the language tells otherwise.
        return one in _WEST
    if one in _WEST and other.startswith(("cp125", "iso8859", "mac")):
        # All Latin sets look alike to whoever only guesses.
        return _share_of_latin(sample.decode(other, errors="replace")) > 0.5
    read, meant = sample.decode(one, errors="replace"), sample.decode(other, errors="replace")
    same = sum(1 for first, second in zip(read, meant, strict=False) if first == second)
    return same >= 0.95 * max(len(read), 1)


def _share_of_latin(text: str) -> float:
    high = [character for character in text if character > "\x7f"]
    return sum(1 for character in high if character < "\u0250" or "\u2010" < character < "\u2100") / max(len(high), 1)


def _double(sample: bytes, high: int) -> str | None:
    if high < _ENOUGH:
        return None
    found = {}
    for codec, (kana, common) in _COMMON.items():
        try:
            text = codecs.getincrementaldecoder(codec)().decode(sample)
        except UnicodeDecodeError:
            continue
        letters = sum(1 for character in text if character > "\x7f")
        share = len(common.findall(sample)) / max(letters, 1)
        if kana is not None and len(kana.findall(sample)) < _LEAST_KANA * letters:
            continue
        found[codec] = min(share, 1.0)
    # In this order each is told from the next: hangul and kana are rare in Chinese, and not the other way round.
    for codec, least in (("euc_jp", 0.85), ("cp932", 0.85), ("cp949", 0.93), ("gb18030", 0.85), ("big5hkscs", 0.85)):
        rivals = (found.get("gb18030", 0.0), found.get("big5hkscs", 0.0))
        if found.get(codec, 0.0) >= least and (codec not in ("gb18030", "big5hkscs") or found[codec] == max(rivals)):
            return codec
    return None


def _alphabet(sample: bytes, high: int) -> str | None:
    """Return the encoding in which the letters are those most used in an alphabet other than the Latin."""
    letters = sum(1 for byte in sample if chr(byte).isalpha() and byte < 0x80)
    if high < max(letters / 2, _ENOUGH):
        return None
    best, most = None, _LEAST_FREQUENT
    for frequent, candidates in _ALPHABETS:
        for codec in candidates:
            share = _share(sample.decode(codec, errors="replace"), frequent)
            if share > most:
                best, most = codec, share
    return best


def _share(text: str, frequent: str) -> float:
    foreign = [character for character in text if character > "\x7f"]
    return sum(character in frequent for character in foreign) / max(len(foreign), 1)


def _latin(sample: bytes, high: int) -> str | None:
    """Return the encoding of text in Latin letters, by the language that its plain letters tell."""
    if high > 0.3 * len(sample):
        return None
    from index.language.detection import detect

    plain = detect(sample.decode("ascii", errors="ignore"))
    candidates = (*_BY_LANGUAGE.get(plain or "", ()), *_WEST)
    return min(candidates, key=lambda codec: (_broken(sample, codec), candidates.index(codec)))


def _broken(sample: bytes, codec: str) -> int:
    """Return how often a word has a sign in it that no word has, where `sample` is read so."""
    text = sample.decode(codec, errors="replace")
    return len(_BROKEN_WORD.findall(text)) + text.count("\ufffd") + len(re.findall("[\x80-\x9f]", text))


@cache
def _plausible(sample: bytes, codec: str) -> float:
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample)
    except UnicodeDecodeError:
        return 0.0
    return len(_USUAL.findall(text)) / max(len(text), 1)
