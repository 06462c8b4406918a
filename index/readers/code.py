"""Source code: the text as it stands, parted where functions and classes begin."""

from __future__ import annotations

import re

from index.documents import Heading, Span
from index.readers.encoding import decode
from index.readers.parsed import ParsedDocument

_NAME = r"([A-Za-z_$][\w$]*)"
# A definition at the left edge or inside a class, in the languages whose definitions say what they are.
_DEFINITION = re.compile(
    rf"^([ \t]*)(?:(?:export|default|public|private|protected|internal|static|final|abstract|sealed|async|"
    rf"pub(?:\([^)]*\))?|unsafe|inline|virtual|override|open|data|partial|declare)\s+)*"
    rf"(?:def|class|function\*?|func|fn|struct|enum|interface|trait|impl|module|namespace|object|protocol|type|"
    rf"(?:CREATE|create)\s+(?:OR\s+REPLACE\s+)?(?:TABLE|VIEW|FUNCTION|PROCEDURE|table|view|function|procedure))\s+"
    rf"(?:\([^)\n]*\)\s*)?{_NAME}[^\n]*$",
    re.MULTILINE,
)
_LONGEST_NAME = 100


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a file of source code: each definition's first line is a heading."""
    text, encoding = decode(data)
    headings = []
    for found in _DEFINITION.finditer(text):
        indent = len(found[1].expandtabs(4))
        if indent <= 8:
            end = found.end(2)
            start = found.start() + len(found[1])
            name = text[start:end].strip()[-_LONGEST_NAME:]
            headings.append(Heading(Span(start, start), 1 + indent // 4, name))
    return ParsedDocument(text, tuple(headings), lines=((0, 1),), encoding=encoding)
