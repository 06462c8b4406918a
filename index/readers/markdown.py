"""Markdown: the text that a reader of the rendered page sees, without the marks.

Read as CommonMark (https://spec.commonmark.org), with GitHub's tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.readers import front_matter, html
from index.readers.encoding import decode
from index.readers.parsed import DocumentBuilder, ParsedDocument

# The writer counts the lines of a table by itself.
_IN_A_TABLE = {"thead_open", "tbody_open", "tr_open"}


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a Markdown file, which may begin with front matter."""
    source, encoding = decode(data)
    said, body = front_matter.split(source)
    writer = DocumentBuilder()
    _Page(writer, lines_before=source.count("\n", 0, len(source) - len(body))).write(_parser().parse(body))
    first = next((heading.title for heading in writer.headings if heading.level == 1), None)
    fields = asdict(said) | {"title": said.title or first}
    return ParsedDocument(writer.text(), tuple(writer.headings), lines=tuple(writer.lines), encoding=encoding, **fields)


def write(source: str, writer: DocumentBuilder) -> None:
    """Write the Markdown `source`, as `read` does that of a file, with `writer`."""
    _Page(writer, lines_before=0, counts_lines=False).write(_parser().parse(source))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


@dataclass(slots=True)
class _Page:
    """A rendered page, written as its tokens come by."""

    writer: DocumentBuilder
    lines_before: int  # in the file, before the Markdown begins
    counts_lines: bool = True  # whether a line of it is a line of the file
    level: int = 0  # of the open heading; 0 outside
    row: list[str] | None = None  # the cells of the open row; None outside
    rows: list[list[str]] = field(default_factory=list)

    def write(self, tokens: Iterable[Token]) -> None:
        for token in tokens:
            if self.counts_lines and token.map and self.row is None and token.type not in _IN_A_TABLE:
                self.writer.line = self.lines_before + token.map[0] + 1
            match token.type:
                case "inline":
                    self._words(_visible(token.children or ()))
                case "fence" | "code_block":
                    self._words(token.content)
                case "html_block":
                    html.write(token.content, self.writer)
                case "heading_open":
                    self.level = int(token.tag[1])
                case "heading_close":
                    self.level = 0
                case "bullet_list_open":
                    self.writer.begin_list()
                case "ordered_list_open":
                    self.writer.begin_list(int(token.attrs.get("start", 1)))
                case "bullet_list_close" | "ordered_list_close":
                    self.writer.end_list()
                case "list_item_open":
                    self.writer.begin_item()
                case "tr_open":
                    self.row = []
                case "tr_close":
                    self.rows.append(self.row or [])
                    self.row = None
                case "table_close":
                    self.writer.table(self.rows[0], self.rows[1:])
                    self.rows = []

    def _words(self, text: str) -> None:
        if self.row is not None:
            self.row.append(text)
        elif self.level:
            self.writer.heading(text, self.level)
        else:
            self.writer.block(text)


def _visible(tokens: Iterable[Token]) -> str:
    """Join what inline tokens show: of a link its label, of an image its description, a break as a break."""
    words = []
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                words.append(token.content)
            case "softbreak":
                words.append(" ")
            case "hardbreak":
                words.append("\n")
            case "image":
                words.append(_visible(token.children or ()))
            case "html_inline" if token.content.lower().startswith("<br"):
                words.append("\n")
    return "".join(words).strip()
