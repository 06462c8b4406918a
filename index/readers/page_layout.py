"""The layout of pages: lines with their places on paper become headings, paragraphs and tables, in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from index.readers.line_joining import LineJoiner
from index.readers.page_lines import Line
from index.readers.page_tables import Table, table_of, table_rows
from index.readers.parsed import DocumentBuilder

_DIGITS = re.compile(r"\d+")
_NOT_LETTERS = re.compile(r"[\W_]+")
_BOLD = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
_BULLET = re.compile(r"[•●▪■◦‣∙·–*]$|[-–]$|\(?\d{1,3}[.)]$|\(?[a-z][.)]$")
_SENTENCE_END = tuple('.!?:;。！？：；”"’)')
_LONGEST_HEADING = 200
_MARGIN_LINES = 2
_MOST_PARTS_OF_A_HEAD = 2
_LEVELS = 4


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


Block = Title | Paragraph | Table


def arranged(pages: Sequence[Sequence[Line]], outline: Mapping[int, Mapping[str, int]]) -> list[list[Block]]:
    """Return the blocks of each page, in reading order, without running heads and page numbers.

    `outline` holds, by page from 0, the headings that the file itself lists, spelt by `spelt`, with their levels.
    """
    pages = _without_running_heads(pages)
    style = _Style.of(pages)
    joiner = LineJoiner.of(pages)
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


def _blocks(lines: Sequence[Line], outline: Mapping[str, int], style: _Style, joiner: LineJoiner) -> list[Block]:
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
        rows = table_rows(lines, at)
        if rows:
            close()
            blocks.append(table_of(lines[at : at + rows]))
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
