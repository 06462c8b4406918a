"""Reading, measured: every file of a folder of real, broken and hostile ones, PDF against another library, speed.

Needs `FOOTNOTE_DOCUMENTS`, a folder of documents, and `FOOTNOTE_WEB_PAGES`, pages with what must and must not come out
of them (`pages.jsonl`); what is not there is skipped.
"""

import json
import os
import re
import resource
import subprocess
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import BytesIO
from multiprocessing import active_children
from pathlib import Path
from shutil import which

import pytest
from pdfminer.high_level import extract_text

from index.building.reading import NotRead, ReadFile, ReadingPool
from index.errors import UnreadableDocument
from index.readers import parse, pdf
from index.sources.scanning import scan
from tests.unit.index.readers import read
from tests.unit.index.readers.files import pdf as made_pdf
from tests.unit.index.readers.mutations import mutated

DOCUMENTS = Path(os.environ.get("FOOTNOTE_DOCUMENTS", "../shared/documents"))
PAGES = Path(os.environ.get("FOOTNOTE_WEB_PAGES", "../shared/eval/webextract"))
needs_documents = pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="FOOTNOTE_DOCUMENTS names no folder")
# The folders of documents with PDF files that are whole.
_WITH_TEXT = ("pdf", "pdf_encrypted", "protected")
_WORD = re.compile(r"\w+")


@needs_documents
def test_every_file_ends_as_documents_or_as_one_clear_reason() -> None:
    with ReadingPool(parse) as pool:
        outcomes = {file.source: outcome for file, outcome in pool.read(scan(DOCUMENTS))}
    unread = {source: outcome for source, outcome in outcomes.items() if isinstance(outcome, NotRead)}
    # Only children that are waited for are counted.
    for child in active_children():
        child.join()
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\n{len(outcomes)} files, {len(outcomes) - len(unread)} read; the largest child had {memory:.0f} MB")
    for reason, count in Counter(outcome.reason for outcome in unread.values()).most_common():
        print(f"{count:4} {reason}")
    assert memory <= 1024
    assert all("\n" not in outcome.reason for outcome in unread.values())
    assert [source for source, outcome in unread.items() if outcome.traceback] == []


@needs_documents
@pytest.mark.parametrize("tool", ["poppler", "pdfminer"])
def test_the_words_of_pdf_files_against_another_library(tool: str) -> None:
    """Against poppler, where it is installed, over every file in which it finds a word; against pdfminer over most."""
    if tool == "poppler" and not which("pdftotext"):
        pytest.skip("pdftotext is not on the PATH")
    total = found = ordered = 0
    for path in sorted(path for folder in _WITH_TEXT for path in (DOCUMENTS / folder).rglob("*.pdf")):
        reference = _words(_poppler(path) if tool == "poppler" else _pdfminer(path))
        letters = sum(map(len, reference))
        # pdfminer gives scripts from the right backwards, and upright or widely set letters one by one.
        odd = len(reference) < 20 or letters < 3 * len(reference) or _is_right_to_left(reference)
        if not reference or (tool == "pdfminer" and odd):
            continue
        try:
            ours = _words(pdf.read(path.read_bytes()).text)
        except UnreadableDocument:
            ours = []
        held = Counter(ours)
        here = sum(min(count, held[word]) for word, count in Counter(reference).items())
        blocks = SequenceMatcher(None, reference, ours, autojunk=False).get_matching_blocks()
        in_order = sum(block.size for block in blocks)
        print(f"{here / len(reference):.3f} {in_order / len(reference):.3f} {len(reference):6} {path.name}")
        total, found, ordered = total + len(reference), found + here, ordered + in_order
    print(f"words found {found / total:.3f}, in order {ordered / total:.3f}, of {total}")


@pytest.mark.skipif(not PAGES.is_dir(), reason="FOOTNOTE_WEB_PAGES names no folder")
def test_the_main_text_of_web_pages() -> None:
    """As trafilatura's own evaluation counts: pieces of text that must come out, and that must not."""
    right = missed = wrong = 0
    for page in map(json.loads, (PAGES / "pages.jsonl").read_text(encoding="utf-8").splitlines()):
        try:
            text = parse((PAGES / page["file"]).read_bytes(), "page.html")[0].text
        except UnreadableDocument as error:
            print(page["file"], error)
            text = ""
        out = [piece in text for piece in page["with"]]
        right, missed = right + sum(out), missed + out.count(False)
        wrong += sum(piece in text for piece in page["without"])
    precision, recall = right / (right + wrong), right / (right + missed)
    f1 = 2 * precision * recall / (precision + recall)
    print(f"\nprecision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    assert f1 >= 0.92


def test_every_page_of_a_pdf_is_mapped_to_itself() -> None:
    count = 400
    pages = [[("", f"This page alone speaks of the matter{number}x.", 11)] for number in range(1, count + 1)]
    document = read(made_pdf(pages, head="Annual report"), "a.pdf")
    at = [document.text.index(f"matter{number}x") for number in range(1, count + 1)]
    places = [place.number if (place := document.place_of(start)) else None for start in at]
    mapped = sum(place == number for number, place in enumerate(places, start=1))
    print(f"\n{mapped} of {count} pages mapped right")
    assert mapped == count


def test_rows_of_tables_stay_whole() -> None:
    rows = [[f"Item {number}", f"{number * 37:,}", f"{number * 53:,}", f"{number % 9}.5%"] for number in range(1, 400)]
    from fpdf import FPDF

    made = FPDF()
    for start in range(0, len(rows), 40):
        made.add_page()
        made.set_font("Helvetica", size=9)
        for y, row in enumerate([["Item", "2024", "2025", "Change"], *rows[start : start + 40]]):
            for x, cell in enumerate(row):
                made.text(20 + 42 * x, 15 + 6.5 * y, cell)
    lines = pdf.read(bytes(made.output())).text.split("\n")
    whole = sum(any(all(cell in line for cell in row) for line in lines) for row in rows)
    named = sum(f"Item: {row[0]} | 2024: {row[1]} | 2025: {row[2]} | Change: {row[3]}" in lines for row in rows)
    print(f"\n{whole} of {len(rows)} rows whole, {named} with the names of their columns")
    assert whole >= 0.98 * len(rows)


@dataclass(frozen=True)
class Held:
    """A file in memory."""

    source: str
    data: bytes

    @property
    def name(self) -> str:
        return self.source

    def read(self) -> bytes:
        return self.data


def test_speed_of_plain_text_and_of_pdf_pages() -> None:
    text = ("The council met on Monday and approved the plan for the bridge.\n\n" * 30_000).encode()
    page = [("", "The council met on the first Monday of May and approved the plan for the bridge.", 11)] * 45
    book = made_pdf([page] * 100)
    with ReadingPool(parse) as pool:
        list(pool.read([Held("a.txt", b"Words to warm up."), Held("b.pdf", made_pdf([page]))] * 4))
        for name, files, amount, unit in (
            ("plain text", [Held("a.txt", text)] * 40, 40 * len(text) / 1e6, "MB"),
            ("PDF", [Held("a.pdf", book)] * 12, 1200.0, "pages"),
        ):
            started, spent = time.monotonic(), _cpu_of_children()
            outcomes = [outcome for _, outcome in pool.read(files)]
            took, spent = time.monotonic() - started, _cpu_of_children() - spent
            assert all(isinstance(outcome, ReadFile) for outcome in outcomes)
            rate = f"{amount / took:.0f} {unit}/s, {amount / spent:.0f} {unit} a CPU second"
            print(f"\n{name}: {rate}, at a load of {os.getloadavg()[0]:.0f}")


def test_ten_thousand_broken_files_raise_nothing_unforeseen() -> None:
    raised = []
    for number, (name, data) in enumerate(mutated(10_000, seed=1)):
        try:
            parse(data, name)
        except (UnreadableDocument, RecursionError):
            continue
        except Exception as error:
            raised.append((number, name, repr(error)))
    print(f"\n{len(raised)} uncaught: {raised[:20]}")
    assert raised == []


def _cpu_of_children() -> float:
    """Return the seconds of a processor that the children have used so far; Linux alone tells."""
    ticks = 0
    for child in active_children():
        fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _poppler(path: Path) -> str:
    return subprocess.run(["pdftotext", path, "-"], capture_output=True, timeout=60, check=False).stdout.decode(
        errors="replace"
    )


def _pdfminer(path: Path) -> str:
    try:
        return str(extract_text(BytesIO(path.read_bytes())))
    except Exception:
        return ""  # what it cannot read is nothing to be measured by


def _words(text: str) -> list[str]:
    text = re.sub(r"(?<=\w)[-\xad\u2010]\s*\n\s*(?=\w)", "", unicodedata.normalize("NFKC", text))
    return _WORD.findall(re.sub(r"(?<=\w)[-\u2010](?=\w)", "", text).lower())


def _is_right_to_left(words: list[str]) -> bool:
    return any("\u0590" <= character <= "\u08ff" for word in words[:50] for character in word)
