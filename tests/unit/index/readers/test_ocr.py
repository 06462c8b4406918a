"""OCR's far end is the program: a stand-in on the PATH writes the text layer that tesseract would."""

import stat
import sys
from functools import partial
from pathlib import Path

import pytest
from fpdf import FPDF

from index.errors import UnreadableDocument
from index.readers import ocr, parse
from tests.unit.index.readers.files import pdf

SCANNED = pdf([[("", "The lighthouse of Veldhaven was built of Baltic oak in 1641.", 11)]])
read = partial(parse, recognise=ocr.with_text_layer)


def scan(pages: int) -> bytes:
    made = FPDF()
    for _ in range(pages):
        made.add_page()
        made.rect(20, 20, 50, 50)
    return bytes(made.output())


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is all of the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def stand_in(programs: Path, name: str, does: str) -> None:
    (programs / "layer.pdf").write_bytes(SCANNED)
    program = programs / name
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n"
        f"here, given = Path({str(programs)!r}), sys.stdin.buffer.read()\n{does}\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


TESSERACT = """
if "--list-langs" in sys.argv:
    print("List of available languages (3):\\neng\\nosd\\nchi_sim")
else:
    with (here / "seen").open("a") as seen:
        seen.write(f"{given[:3]!r} {sys.argv[sys.argv.index('-l') + 1]}\\n")
    sys.stdout.buffer.write((here / "layer.pdf").read_bytes())
"""
OCRMYPDF = 'assert given.startswith(b"%PDF")\nsys.stdout.buffer.write((here / "layer.pdf").read_bytes())'


def test_each_page_of_a_scan_is_read_by_tesseract_in_every_language_that_it_has(programs: Path) -> None:
    stand_in(programs, "tesseract", TESSERACT)
    (document,) = read(scan(2), "scan.pdf")
    assert document.text.count("built of Baltic oak in 1641") == 2
    assert [place.number for place in document.places] == [1, 2]
    assert (programs / "seen").read_text() == "b'P5 ' eng+chi_sim\n" * 2


def test_without_tesseract_ocrmypdf_reads_the_whole_scan(programs: Path) -> None:
    stand_in(programs, "ocrmypdf", OCRMYPDF)
    (document,) = read(scan(1), "scan.pdf")
    assert "Baltic oak" in document.text


def test_a_pdf_with_a_text_layer_needs_no_program(programs: Path) -> None:
    (document,) = read(SCANNED, "a.pdf")
    assert "Baltic oak" in document.text


def test_without_a_program_a_scan_is_refused_with_what_to_install(programs: Path) -> None:
    with pytest.raises(UnreadableDocument, match="needs OCR, and tesseract is not on the PATH"):
        read(scan(1), "scan.pdf")


@pytest.mark.parametrize(
    ("does", "reason"),
    [("sys.exit(3)", "exit code 3"), ("print('noise')", "makes no PDF"), ("", "makes no PDF")],
)
def test_a_program_that_fails_is_named(programs: Path, does: str, reason: str) -> None:
    stand_in(programs, "ocrmypdf", does)
    with pytest.raises(UnreadableDocument, match=reason):
        read(scan(1), "scan.pdf")


def test_a_scan_in_which_no_words_are_found_is_refused(programs: Path) -> None:
    stand_in(programs, "ocrmypdf", "sys.stdout.buffer.write(given)")
    with pytest.raises(UnreadableDocument, match="OCR found no words"):
        read(scan(1), "scan.pdf")


def test_a_program_that_takes_too_long_is_ended(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_SECONDS_A_FILE", 0.2)
    stand_in(programs, "ocrmypdf", "import time\ntime.sleep(600)")
    with pytest.raises(UnreadableDocument, match="takes longer than"):
        read(scan(1), "scan.pdf")
