"""AsciiDoc: headings, paragraphs, lists, tables and blocks, line by line; nothing is included, nothing is looked up.

See https://docs.asciidoctor.org/asciidoc/latest/ for the language. Attributes other than the title's are left out.
"""

from __future__ import annotations

import re

from index.readers.encoding import decode
from index.readers.parsed import DocumentBuilder, ParsedDocument

_HEADING = re.compile(r"(={1,6}) +(\S.*)$")
_ATTRIBUTE = re.compile(r":!?[\w-]+!?:.*$")
_SETTING = re.compile(
    r"\[[^\]]*\]$|include::\S+\[.*\]$|ifn?def::.*$|endif::.*$|image::\S+\[.*\]$|//(?!/).*$|'{3,}$|<{3,}$|toc::\[\]$"
)
_FENCE = re.compile(r"(-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|```+)\S*$")
_ITEM = re.compile(r"\s*(\*{1,5}|-|\.{1,5}|\d+\.)\s+(\S.*)$")
_TERM = re.compile(r"(\S.*?)(::|;;)(?:\s+(.*))?$")
_ADMONITION = re.compile(r"(NOTE|TIP|IMPORTANT|WARNING|CAUTION): ")
_LINK = re.compile(r"(?:link:)?(?:https?://|mailto:|xref:)?[^\s\[\]]*\[([^\]]+)\]")
_MARKS = re.compile(r"(?<!\w)([*_`#])(\S(?:.*?\S)?)\1(?!\w)")
_REFERENCE = re.compile(r"<<[^,>]*,?\s*([^>]*)>>|\[\[[^\]]*\]\]")


def read(data: bytes) -> ParsedDocument:
    """Return the draft of an AsciiDoc file."""
    text, encoding = decode(data)
    writer = DocumentBuilder()
    _Lines(text.split("\n"), writer).write()
    first = next((heading.title for heading in writer.headings), None)
    return writer.parsed(title=first, encoding=encoding)


class _Lines:
    """The lines of a file, written paragraph by paragraph."""

    def __init__(self, lines: list[str], writer: DocumentBuilder) -> None:
        self._lines = lines
        self._writer = writer
        self._paragraph: list[str] = []

    def write(self) -> None:
        at = 0
        while at < len(self._lines):
            line = self._lines[at].rstrip()
            heading, item, term = _HEADING.match(line), _ITEM.match(line), _TERM.match(line)
            if not self._paragraph:
                self._writer.line = at + 1
            if line.startswith("////"):
                at = self._end(at, line)
            elif line == "|===" or line.startswith(",==="):
                at = self._table(at)
            elif _FENCE.match(line):
                at = self._fenced(at, line)
            elif heading:
                self._close()
                self._writer.line = at + 1
                self._writer.heading(_plain(heading[2]), len(heading[1]))
            elif not line or _ATTRIBUTE.match(line) or _SETTING.match(line) or line == "+":
                self._close()
            elif line.startswith(".") and line[1:2].isalnum() and not item:
                self._close()
                self._writer.line = at + 1
                self._writer.block(_plain(line[1:]))
            elif item or term:
                self._close()
                self._writer.line = at + 1
                self._paragraph.append("- " + (item[2] if item else f"{term[1]}: {term[3] or ''}"))  # type: ignore[index]
            else:
                self._paragraph.append(line.strip())
            at += 1
        self._close()

    def _close(self) -> None:
        self._writer.block(_plain(" ".join(self._paragraph)))
        self._paragraph.clear()

    def _end(self, at: int, fence: str) -> int:
        """Return the place of the line that ends the block begun at `at`, or of the last line."""
        for end in range(at + 1, len(self._lines)):
            if self._lines[end].rstrip() == fence:
                return end
        return len(self._lines) - 1

    def _fenced(self, at: int, fence: str) -> int:
        self._close()
        mark = "```" if fence.startswith("```") else fence
        end = self._end(at, mark)
        inner = self._lines[at + 1 : end if self._lines[end].rstrip() == mark else end + 1]
        self._writer.line = at + 2
        if fence[0] in "-.+`":
            self._writer.block("\n".join(inner))
        else:
            _Lines(inner, self._writer).write()
        return end

    def _table(self, at: int) -> int:
        self._close()
        end = self._end(at, self._lines[at].rstrip())
        rows, blank_after_first = [], False
        for number, line in enumerate(self._lines[at + 1 : end]):
            if line.strip().startswith("|"):
                rows.append([_plain(cell.strip()) for cell in line.strip()[1:].split("|")])
            elif not line.strip() and len(rows) == 1 and number == 1:
                blank_after_first = True
        named = blank_after_first or "header" in self._lines[at - 1]
        if rows and len(rows[-1]) == 1 and len(rows[0]) > 1:  # a cell a line: each row has as many as the first
            width = len(rows[0])
            cells = [cell for row in rows[1:] for cell in row]
            rows = [rows[0], *(cells[start : start + width] for start in range(0, len(cells), width))]
        if rows:
            self._writer.line = None
            self._writer.table(rows[0] if named else (), rows[1:] if named else rows)
        return end


def _plain(text: str) -> str:
    """Return a line as the reader of the rendered page sees it."""
    text = _REFERENCE.sub(lambda match: match[1] or "", text)
    text = _LINK.sub(lambda match: match[1], text)
    text = _ADMONITION.sub(lambda match: match[1].capitalize() + ": ", text)
    return _MARKS.sub(lambda match: match[2], text)
