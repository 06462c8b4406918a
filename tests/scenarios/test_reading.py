"""A folder as people have it: a small file of each format, a broken one, a locked one, one that nobody knows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission

from tests.scenarios.conftest import Footnote, Json
from tests.unit.index.readers.files import epub, odf, pdf, pptx

QUESTIONS = {
    "pdf": "Who built the lighthouse of Veldhaven?",
    "pptx": "How many visitors came to the harbour festival?",
    "xlsx": "What is the amount of the Orchard segment?",
    "csv": "What is the depth of the Blue Lake?",
    "docx": "What does the rowing club charge for a boat?",
    "epub": "Where did the baker Odile learn her trade?",
}


@dataclass(frozen=True)
class Read:
    """What the command line said of the folder."""

    report: Json
    failed: dict[str, str]
    listed: str
    answers: dict[str, Json]


def contents() -> dict[str, bytes]:
    """Return the files, by name."""
    return {
        "lighthouse.pdf": pdf(
            [
                [("B", "Buildings of Veldhaven", 18), ("", "Veldhaven has many old buildings by the sea.", 11)],
                [("", "The lighthouse of Veldhaven was built by Marten Kroll in 1641.", 11)],
            ]
        ),
        "festival.pptx": pptx(
            [("The year", "A look back."), ("Harbour festival", "The harbour festival had 5,200 visitors.")]
        ),
        "segments.xlsx": _workbook(),
        "lakes.csv": b"Lake,Depth\nGreen Lake,12 m\nBlue Lake,48 m\n",
        "rowing.docx": _word("The rowing club charges 15 euros for a boat."),
        "baker.epub": epub(["Odile was born in Veldhaven.", "The baker Odile learned her trade in Lyon."]),
        "letter.odt": odf("text", "<text:p>The mayor thanks the volunteers of the flood.</text:p>"),
        "note.rtf": rb"{\rtf1\ansi The ferry is painted green.}",
        "mail.eml": b"From: Ada <ada@example.org>\r\nSubject: Keys\r\n\r\nThe keys hang behind the door.\r\n",
        "page.html": b"<html><body><p>The mill grinds on Fridays.</p></body></html>",
        "notes.md": b"# Notes\n\nThe market opens at seven.\n",
        "plain.txt": b"The bridge was closed in March.\n",
        "guide.rst": b"Guide\n=====\n\nTurn left at the chapel.\n",
        "guide.adoc": b"= Guide\n\nTurn right at the well.\n",
        "records.jsonl": b'{"name": "Heron", "crew": 4}\n',
        "tide.py": b'def tide() -> str:\n    """Tell when the tide turns."""\n    return "noon"\n',
        "book.ipynb": b'{"cells": [{"cell_type": "markdown", "source": ["The gauge is read daily."]}]}',
        "broken.docx": _word("Never read.")[:900],
        "locked.pdf": _locked(),
        "scan.pdf": _scan(),
        "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "production.env": b"TOKEN=hidden\n",
        "what.xyz": b"Who knows?",
    }


UNREAD = {
    "broken.docx": "save it anew",
    "locked.pdf": "password",
    "scan.pdf": "needs OCR",
    "old.doc": "save it as .docx",
    "production.env": "secrets",
    "what.xyz": "save it as",
}


def _word(text: str) -> bytes:
    made = docx.Document()
    made.add_paragraph(text)
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def _workbook() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Revenue"
    for row in (("Segment", "Amount"), ("Fishery", 310), ("Orchard", 745)):
        sheet.append(row)
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def _locked() -> bytes:
    made = FPDF()
    made.add_page()
    made.set_encryption(owner_password="owner", user_password="really", permissions=AccessPermission.none())
    return bytes(made.output())


def _scan() -> bytes:
    made = FPDF()
    made.add_page()
    made.rect(20, 20, 50, 50)
    return bytes(made.output())


@pytest.fixture(scope="module")
def found(footnote: Footnote, tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("reading")
    corpus, batch = folder / "corpus", folder / "batch.jsonl"
    corpus.mkdir()
    for name, data in contents().items():
        (corpus / name).write_bytes(data)
    batch.write_text("".join(json.dumps({"id": id_, "text": text}) + "\n" for id_, text in QUESTIONS.items()))

    def run(*arguments: str | Path) -> str:
        done = footnote(*arguments, "--corpus", corpus, "--data", folder / "data")
        assert done.returncode == 0, done.stderr
        return done.stdout

    report = json.loads(run("refresh", "--json"))
    failed = json.loads(run("sources", "--failed", "--json"))["failed"]
    answers = [json.loads(line) for line in run("ask", "--batch", batch).splitlines()]
    return Read(
        report,
        {failure["source"]: failure["reason"] for failure in failed},
        run("sources", "--failed"),
        {answer["id"]: answer for answer in answers},
    )


def test_every_file_is_indexed_or_is_named_with_a_reason(found: Read) -> None:
    assert set(found.report["added"]) == set(contents()) - set(UNREAD)
    assert {failure["source"] for failure in found.report["failed"]} == set(UNREAD) == set(found.failed)


@pytest.mark.parametrize("source", UNREAD)
def test_what_is_not_read_is_listed_with_what_to_do(found: Read, source: str) -> None:
    assert UNREAD[source] in found.failed[source]
    assert source in found.listed


@pytest.mark.parametrize(
    ("format_", "source", "place", "quote"),
    [
        ("pdf", "lighthouse.pdf", "page 2", "Marten Kroll"),
        ("pptx", "festival.pptx", "slide 2", "5,200 visitors"),
        ("xlsx", "segments.xlsx", "sheet Revenue, row 3", "745"),
        ("csv", "lakes.csv", "row 3", "48 m"),
        ("docx", "rowing.docx", None, "15 euros"),
    ],
)
def test_an_answer_cites_the_page_the_slide_or_the_row(
    found: Read, format_: str, source: str, place: str | None, quote: str
) -> None:
    citation = found.answers[format_]["citations"][0]
    assert citation["document"]["source"] == source
    assert quote in citation["quote"]
    assert citation["place"] == place


def test_a_chapter_of_a_book_is_cited_by_its_number(found: Read) -> None:
    citation = found.answers["epub"]["citations"][0]
    assert "Lyon" in citation["quote"]
    assert citation["place"].startswith("chapter")


def test_a_link_to_a_pdf_opens_at_the_page_or_there_is_none(found: Read) -> None:
    citation = found.answers["pdf"]["citations"][0]
    assert citation["page"] == 2
    assert citation["link"] is None or citation["link"].endswith("#page=2")
