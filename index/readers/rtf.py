"""Rich text: the words of an RTF file, its tables as rows."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from index.errors import UnreadableDocument
from index.readers.parsed import DocumentBuilder, ParsedDocument

_TITLE = re.compile(rb"\\info\b.{0,400}?\{\\title ([^{}\\]{1,200})\}", re.DOTALL)
_CODE = re.compile(rb"\\u(-?\d{1,10})")
# With a space, which ends the code whatever follows.
_NO_CHARACTER = rb"\u65533 "


def read(data: bytes) -> ParsedDocument:
    """Return the draft of an RTF file. Raises `UnreadableDocument` if it is none."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableDocument("not rich text, whatever its name says: give it the suffix of its format")
    text: str = rtf_to_text(  # type: ignore[no-untyped-call]
        _CODE.sub(_in_range, data).decode("latin-1"), encoding="cp1252", errors="replace"
    )
    writer = DocumentBuilder()
    rows: list[list[str]] = []
    for line in [*text.split("\n"), ""]:
        if line.count("|") >= 2 and line.rstrip().endswith("|"):
            rows.append([cell.strip() for cell in line.rstrip()[:-1].split("|")])
            continue
        if rows:
            writer.table(rows[0], rows[1:])
            rows = []
        writer.block(line)
    title = _TITLE.search(data)
    return writer.parsed(title=title[1].decode("latin-1") if title else None)


def _in_range(code: re.Match[bytes]) -> bytes:
    """Return a code as the format has it, a signed number of 16 bits; what is none stands for no character."""
    return code[0] if -(2**15) <= int(code[1]) < 2**16 else _NO_CHARACTER
