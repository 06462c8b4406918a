"""Plain text: the text as it stands, with a title where the first line is one."""

from __future__ import annotations

import re
from dataclasses import asdict

from index.readers import front_matter
from index.readers.encoding import decode
from index.readers.parsed import ParsedDocument

_LONGEST_TITLE = 120
_TITLE = re.compile(r"([^\n]+)\n[ \t]*\n")


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a plain text file, which may begin with front matter."""
    text, encoding = decode(data)
    whole = text
    said, text = front_matter.split(whole)
    fields = asdict(said) | {"title": said.title or _title(text)}
    first_line = whole.count("\n", 0, len(whole) - len(text)) + 1
    return ParsedDocument(text, lines=((0, first_line),), encoding=encoding, **fields)


def _title(text: str) -> str | None:
    """Return the first line if it looks like a title: short, apart from the rest, and not a sentence."""
    first = _TITLE.match(text)
    line = first[1].strip() if first else ""
    if not line or len(line) > _LONGEST_TITLE or line[-1] in ".!?:;,。！？：；，…" or line.startswith(("-", "*", "【")):
        return None
    return line
