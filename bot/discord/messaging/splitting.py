"""Splitting: one long text becomes several that fit, cut where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.discord.messaging.neutral import length

_PARAGRAPH = re.compile(r"\n{2,}")
_FENCED = re.compile(r"(^```[^\n]*\n.*?\n```$)", re.MULTILINE | re.DOTALL)
_PAUSES = (re.compile(r"[.!?]\s|[。！？]"), re.compile(r"\s"))


def split(text: str, limit: int) -> list[str]:
    """`text` in order as pieces of at most `limit` UTF-16 units each (`limit` is 100 or more).

    Cuts fall between paragraphs; inside a paragraph that is too long, between lines, sentences, words, and only then
    anywhere. A code block that must be cut is closed and opened again. Nothing is lost but white space at the cuts.
    """
    pieces: list[str] = []
    for block in _blocks(text):
        parts = [block] if length(block) <= limit else _parts(block, limit)
        if parts and pieces and length(pieces[-1]) + 2 + length(parts[0]) <= limit:
            pieces[-1] += "\n\n" + parts.pop(0)
        pieces.extend(parts)
    return pieces


def fitting(lines: Iterable[str], limit: int) -> list[str]:
    """Return the first of `lines` that together, each on its own line, stay within `limit` UTF-16 units."""
    found: list[str] = []
    for line in lines:
        limit -= length(line) + 1
        if limit < 0:
            break
        found.append(line)
    return found


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    for stretch in _FENCED.split(text):
        paragraphs = [stretch] if _FENCED.fullmatch(stretch) else _PARAGRAPH.split(stretch)
        blocks.extend(paragraph.strip("\n") for paragraph in paragraphs if paragraph.strip())
    return blocks


def _parts(block: str, limit: int) -> list[str]:
    if not _FENCED.fullmatch(block):
        return _packed(block, limit)
    opening, _, rest = block.partition("\n")
    body = rest.removesuffix("```").removesuffix("\n")
    if length(opening) > limit // 2:  # not the name of a language, whatever it is
        opening, body = "```", f"{opening.removeprefix('```')}\n{body}"
    room = limit - length(opening) - len("\n\n```")
    return [f"{opening}\n{part}\n```" for part in _packed(body, room)]


def _packed(text: str, limit: int) -> list[str]:
    packed: list[str] = []
    for line in text.split("\n"):
        for piece in _cut(line, limit):
            if packed and length(packed[-1]) + 1 + length(piece) <= limit:
                packed[-1] += "\n" + piece
            else:
                packed.append(piece)
    return [piece for piece in packed if piece.strip()]


def _cut(line: str, limit: int) -> list[str]:
    pieces: list[str] = []
    while length(line) > limit:
        at = _pause(line, limit)
        pieces.append(line[:at].rstrip())
        line = line[at:].lstrip()
    return [*pieces, line]


def _pause(line: str, limit: int) -> int:
    """Where to cut `line`: behind the last sentence, else word, in the second half of what fits."""
    fits = limit
    while length(line[:fits]) > limit:
        fits -= 1
    for pause in _PAUSES:
        ends = [found.end() for found in pause.finditer(line, 0, fits)]
        if ends and ends[-1] > fits // 2:
            return ends[-1]
    while fits > 1 and (len(line[:fits]) - len(line[:fits].rstrip("\\"))) % 2:
        fits -= 1  # a backslash belongs to the character that it escapes
    return fits
