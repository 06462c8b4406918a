"""The layout of pages: lines with their places on paper become headings, paragraphs and tables, in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from index.readers.parsed import DocumentBuilder

_DIGITS = re.compile(r"\d+")
_NOT_LETTERS = re.compile(r"[\W_]+")
_BOLD = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
_BULLET = re.compile(r"[•●▪■◦‣∙·–*]$|[-–]$|\(?\d{1,3}[.)]$|\(?[a-z][.)]$")
_NUMBER = re.compile(r"[-–—+(]*[$€£¥]?\s*\(?[-–+]?\d[\d.,]*\)?\s*(%|pts?|bps|x)?\)?$|[-–—]$|[$€£¥%]$")
_YEAR = re.compile(r"(19|20)\d\d[.,]?$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")
_SENTENCE_END = tuple('.!?:;。！？：；”"’)')
_LONGEST_HEADING = 200
_MARGIN_LINES = 2
_MOST_PARTS_OF_A_HEAD = 2
_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box on the page, in points from the lower left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a line, the height and the font of its letters, and whether a hyphen at its end was taken off."""

    words: tuple[Word, ...]
    size: float
    font: str
    is_hyphenated: bool = False

    @property
    def text(self) -> str:
        """Its words, a space between."""
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        """Where its first word begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where its last word ends."""
        return self.words[-1].right

    @property
    def bottom(self) -> float:
        """The lower edge of its first word."""
        return self.words[0].bottom

    def cells(self) -> list[Line]:
        """Return the line in the parts that white space wider than that between words keeps apart."""
        if _RIGHT_TO_LEFT.search(self.text):
            return [self]  # its words come from the right, and its numbers from the left
        parts: list[list[Word]] = [[self.words[0]]]
        for word in self.words[1:]:
            if word.left - parts[-1][-1].right > 1.1 * self.size or word.left < parts[-1][-1].left - self.size:
                parts.append([])
            parts[-1].append(word)
        return [Line(tuple(part), self.size, self.font) for part in parts]


@dataclass(frozen=True, slots=True)
class Title:
    """A heading of a page."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a page; `is_open` where its last line does not look like an end."""

    text: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the names of its columns, none where no row says them, and its rows, with a cell for each column."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Title | Paragraph | Table


def arranged(pages: Sequence[Sequence[Line]], outline: Mapping[int, Mapping[str, int]]) -> list[list[Block]]:
    """Return the blocks of each page, in reading order, without running heads and page numbers.

    `outline` holds, by page from 0, the headings that the file itself lists, spelt by `spelt`, with their levels.
    """
    pages = _without_running_heads(pages)
    style = _Style.of(pages)
    joiner = _Joiner.of(pages)
    return [_blocks(_in_columns(lines), outline.get(at, {}), style, joiner) for at, lines in enumerate(pages)]


def write(blocks: Iterable[Block], writer: DocumentBuilder) -> None:
    """Write the blocks of one page; a paragraph that the turn of the page cut in two is made one again."""
    for number, block in enumerate(blocks):
        match block:
            case Title(text, level):
                writer.heading(text, level)
            case Table(header, rows):
                writer.table(header, rows)
            case Paragraph(text) if number == 0 and writer.is_open and text[:1].islower():
                writer.resume(text)
            case Paragraph(text):
                writer.block(text)
        writer.is_open = isinstance(block, Paragraph) and block.is_open


def spelt(text: str) -> str:
    """Return a heading as its letters and digits alone, by which two ways of setting it are the same."""
    return _NOT_LETTERS.sub("", text).casefold()


def _without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the pages without the lines at their edges that most of them have, whatever number is in it."""
    edges = [[line for line in _edges(lines) if not _is_row(line)] for lines in pages]
    counts = Counter(key for lines in edges for key in {_running(line) for line in lines})
    written = sum(1 for lines in pages if lines)
    enough = max(2, 0.4 * written)
    common = {key for key, count in counts.items() if count >= enough and (written > 2 or not key.strip("#- "))}
    return [
        [line for line in lines if not (line in own and _running(line) in common)]
        for lines, own in zip(pages, edges, strict=True)
    ]


def _edges(lines: Sequence[Line]) -> list[Line]:
    ordered = sorted(lines, key=lambda line: -line.bottom)
    return (
        ordered[:_MARGIN_LINES] + ordered[-_MARGIN_LINES:]
        if len(ordered) > 2 * _MARGIN_LINES
        else ordered[:1] + ordered[1:][-1:]
    )


def _is_row(line: Line) -> bool:
    """Tell whether a line may be the row of a table, the last on its page or a header that every page repeats."""
    return len(line.cells()) > _MOST_PARTS_OF_A_HEAD


def _running(line: Line) -> str:
    return _DIGITS.sub("#", line.text.casefold())


@dataclass(frozen=True, slots=True)
class _Style:
    """How the body of a file is set: the height and the weight of most of its letters, and the heights above that."""

    size: float
    is_bold: bool
    heights: tuple[float, ...]

    @classmethod
    def of(cls, pages: Sequence[Sequence[Line]]) -> _Style:
        letters: Counter[float] = Counter()
        bold: Counter[bool] = Counter()
        for lines in pages:
            for line in lines:
                weight = sum(len(word.text) for word in line.words)
                letters[line.size] += weight
                bold[bool(_BOLD.search(line.font))] += weight
        body = letters.most_common(1)[0][0] if letters else 0.0
        heights = sorted({round(size) for size in letters if size > 1.15 * body}, reverse=True)
        return cls(body, bold[True] > bold[False], tuple(heights[:_LEVELS]))

    def level_of(self, line: Line) -> int:
        """Return the level of the heading that a line looks like, 0 for none."""
        text = line.text
        if len(text) > _LONGEST_HEADING or not any(character.isalpha() for character in text):
            return 0
        if line.size > 1.15 * self.size:
            larger = [height for height in self.heights if height > round(line.size)]
            return min(len(larger) + 1, _LEVELS)
        is_bold = bool(_BOLD.search(line.font)) and not self.is_bold
        if is_bold and line.size >= 0.95 * self.size and not text.endswith((".", ",", ";")) and len(text) < 100:
            return min(len(self.heights) + 1, _LEVELS + 1)
        return 0


@dataclass(frozen=True, slots=True)
class _Joiner:
    """Joins the lines of a paragraph; whether a hyphen at a line's end stays is told by the file's other words."""

    words: frozenset[str]

    @classmethod
    def of(cls, pages: Sequence[Sequence[Line]]) -> _Joiner:
        return cls(
            frozenset(
                word.casefold()
                for lines in pages
                for line in lines
                for piece in line.words[: -1 if line.is_hyphenated else None]
                for word in _WORD.findall(piece.text)
            )
        )

    def joined(self, lines: Sequence[Line]) -> str:
        text = ""
        for number, line in enumerate(lines):
            words = line.text
            before = lines[number - 1] if number else None
            if before is None:
                text = words
            elif before.is_hyphenated:
                text = self._across_hyphen(text, words)
            elif text.endswith(("-", "\xad")) and len(text) > 1 and text[-2].isalpha() and words[:1].islower():
                text = self._across_hyphen(text[:-1], words)
            elif _CJK.match(text[-1:]) and _CJK.match(words[:1]):
                text += words
            else:
                text += " " + words
        return text + "-" if lines[-1].is_hyphenated else text

    def _across_hyphen(self, before: str, after: str) -> str:
        first, second = _last_word(before), _first_word(after)
        if not first or not second:
            return f"{before}-{after}"
        whole, compound = f"{first}{second}".casefold(), f"{first}-{second}".casefold()
        if whole in self.words:
            return before + after
        both_are_words = (
            first.casefold() in self.words and second.casefold() in self.words and min(len(first), len(second)) > 2
        )
        keeps = compound in self.words or second[:1].isupper() or both_are_words
        return f"{before}-{after}" if keeps else before + after


def _last_word(text: str) -> str:
    found = re.search(r"[^\W\d_]+$", text[-60:])
    return found[0] if found else ""


def _first_word(text: str) -> str:
    found = re.match(r"[^\W\d_]+", text[:60])
    return found[0] if found else ""


def _in_columns(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with those parted that run over two columns of prose: first the left halves, then the right."""
    ordered: list[Line] = []
    for is_double, group in groupby(lines, key=lambda line: _halves(line) is not None):
        run = list(group)
        halves = [half for line in run if (half := _halves(line))]
        if is_double and len(run) >= 4 and _is_gutter(halves):
            ordered += [left for left, _ in halves] + [right for _, right in halves]
        else:
            ordered += run
    return ordered


def _halves(line: Line) -> tuple[Line, Line] | None:
    cells = line.cells()
    if len(cells) != 2 or min(len(cell.words) for cell in cells) < 3:
        return None
    return cells[0], Line(cells[1].words, line.size, line.font, line.is_hyphenated)


def _is_gutter(halves: Sequence[tuple[Line, Line]]) -> bool:
    """Tell whether the halves are columns of prose: the right ones begin at one place, past the end of the left."""
    begins = [right.left for _, right in halves]
    return max(begins) - min(begins) < 30 and max(left.right for left, _ in halves) <= min(begins)


def _blocks(lines: Sequence[Line], outline: Mapping[str, int], style: _Style, joiner: _Joiner) -> list[Block]:
    blocks: list[Block] = []
    spacing = _spacing(lines)
    open_lines: list[Line] = []

    def close() -> None:
        if open_lines:
            text = joiner.joined(open_lines)
            blocks.append(Paragraph(text, not text.endswith(_SENTENCE_END)))
            open_lines.clear()

    at = 0
    while at < len(lines):
        rows = _table_at(lines, at)
        if rows:
            close()
            blocks.append(_table(lines[at : at + rows]))
            at += rows
            continue
        line = lines[at]
        level = outline.get(spelt(line.text), 0)
        # A heading over two lines is listed as one.
        pair = spelt(line.text + lines[at + 1].text) if not level and at + 1 < len(lines) else ""
        if pair and pair in outline:
            close()
            blocks.append(Title(joiner.joined(lines[at : at + 2]), outline[pair]))
            at += 2
            continue
        level = level or (style.level_of(line) if _stands_alone(lines, at, spacing, style) else 0)
        if level:
            close()
            last = blocks[-1] if blocks else None
            if (
                isinstance(last, Title)
                and last.level == level
                and at
                and _follows(lines[at - 1], line, 1.3 * max(spacing, line.size))
            ):
                blocks[-1] = Title(f"{last.text} {line.text}", level)
            else:
                blocks.append(Title(line.text, level))
        else:
            if open_lines and _begins_paragraph(open_lines, line, spacing):
                close()
            open_lines.append(line)
        at += 1
    close()
    return blocks


def _stands_alone(lines: Sequence[Line], at: int, spacing: float, style: _Style) -> bool:
    """Tell whether a line is set as a heading: large, or with nothing of its own font going on below it."""
    line = lines[at]
    if line.size > 1.15 * style.size:
        return True
    following = lines[at + 1] if at + 1 < len(lines) else None
    before = lines[at - 1] if at else None
    goes_on = following is not None and following.font == line.font and _follows(line, following, 1.4 * spacing)
    came_on = before is not None and before.font == line.font and _follows(before, line, 1.4 * spacing)
    return not goes_on and not came_on


def _spacing(lines: Sequence[Line]) -> float:
    steps = [one.bottom - other.bottom for one, other in pairwise(lines)]
    down = [step for step in steps if 0 < step < 60]
    return median(down) if down else 12.0


def _follows(before: Line, line: Line, most: float) -> bool:
    return 0 < before.bottom - line.bottom <= most


def _begins_paragraph(open_lines: Sequence[Line], line: Line, spacing: float) -> bool:
    before = open_lines[-1]
    if before.is_hyphenated:
        return False
    if _BULLET.match(line.words[0].text):
        return True
    step = before.bottom - line.bottom
    if abs(line.size - before.size) > 0.2 * before.size:
        return True
    if step > 1.35 * max(spacing, 1.0) and step > 1.2 * line.size:
        return True
    ends = before.text.endswith(_SENTENCE_END)
    if step < -0.5 * line.size:  # the top of the next column
        return ends
    width = max(one.right for one in open_lines) - min(one.left for one in open_lines)
    if ends and line.left > before.left + 0.8 * line.size and step > 0:
        return True
    return ends and len(open_lines) > 1 and before.right < max(one.right for one in open_lines) - 0.25 * width


def _table_at(lines: Sequence[Line], at: int) -> int:
    """Return how many lines from here on are the rows of one table, 0 where none begins here."""
    end = at
    while (
        end < len(lines) and len(lines[end].cells()) >= 2 and (end == at or lines[end - 1].bottom > lines[end].bottom)
    ):
        end += 1
    rows = lines[at:end]
    if len(rows) < 2:
        return 0
    cells = [cell for row in rows for cell in row.cells()]
    short = sum(1 for cell in cells if len(cell.text) <= 40 or _is_amount(cell.text))
    return len(rows) if short >= 0.7 * len(cells) and _is_aligned(rows) else 0


def _is_aligned(rows: Sequence[Line]) -> bool:
    """Tell whether most cells after the first of a row begin or end where one of the row above does."""
    aligned = total = 0
    for above, row in pairwise(rows):
        over = above.cells()
        for cell in row.cells()[1:]:
            total += 1
            aligned += any(_overlap(cell, other) > 0 for other in over)
    return total > 0 and aligned >= 0.6 * total


def _is_amount(text: str) -> bool:
    return all(_NUMBER.match(part) for part in text.split())


def _overlap(one: Line, other: Line) -> float:
    return min(one.right, other.right) - max(one.left, other.left)


def _table(lines: Sequence[Line]) -> Table:
    rows = [line.cells() for line in lines]
    header = rows[0] if _is_header(rows) else []
    body = rows[1:] if header else rows
    columns = _columns(body)
    names = _placed(header, columns)
    if not header or len([name for name in names if name]) < len(header):
        # A name over two columns, or over none: the row is kept, and nothing is called by it.
        return Table((), tuple(_texts(row) for row in rows))
    return Table(tuple(names), tuple(tuple(_placed(row, columns)) for row in body))


def _texts(row: Sequence[Line]) -> tuple[str, ...]:
    return tuple(cell.text for cell in row)


def _is_header(rows: Sequence[Sequence[Line]]) -> bool:
    """Tell whether the first row names the columns: words or years over what are mostly amounts."""
    first = rows[0]
    named = all(not _is_amount(cell.text) or _YEAR.match(cell.text) for cell in first)
    named = named and not any(cell.text.endswith(":") for cell in first)
    below = [cell for row in rows[1:] for cell in row[1:]]
    amounts = sum(1 for cell in below if _is_amount(cell.text))
    return named and len(rows) > 2 and (amounts >= 0.5 * len(below) or all(len(row) == len(first) for row in rows))


def _columns(rows: Sequence[Sequence[Line]]) -> list[tuple[float, float]]:
    """Return the places of the columns, left to right: the stretches that cells of any row cover."""
    spans = sorted((cell.left, cell.right) for row in rows for cell in row)
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], right)
        else:
            columns.append((left, right))
    return columns


def _placed(row: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[str]:
    """Return the words of a row by column."""
    texts: list[list[str]] = [[] for _ in columns]
    for cell in row:
        middle = (cell.left + cell.right) / 2
        shares = [min(cell.right, right) - max(cell.left, left) for left, right in columns]
        best = max(range(len(columns)), key=lambda at: (shares[at], -abs(middle - sum(columns[at]) / 2)))
        texts[best].append(cell.text)
    return [" ".join(words) for words in texts]
