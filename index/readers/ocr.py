"""OCR: a scanned PDF gets a text layer from a program of the machine, tesseract or else ocrmypdf, and is read again.

The program is a child of the process that reads, and has its limits: of memory, of seconds, of what it may write.
"""

from __future__ import annotations

import subprocess
from contextlib import closing
from io import BytesIO
from shutil import which
from tempfile import TemporaryFile

import pypdfium2 as pdfium

from index.errors import UnreadableDocument

_TOOLS = ("tesseract", "ocrmypdf")
# Of the clock: a page that takes longer is none of text, and a file is given no more in any case.
_SECONDS_A_PAGE = 60
_SECONDS_A_FILE = 600
# tesseract's own advice: https://tesseract-ocr.github.io/tessdoc/ImproveQuality.html
_DOTS_PER_INCH = 300
_POINTS_PER_INCH = 72
# Whatever a page declares, its picture has no more dots than fit in a tenth of the memory.
_MOST_DOTS = 10_000


def tool() -> str | None:
    """Return the name of the program that reads scans on this machine, or None where there is none."""
    return next((name for name in _TOOLS if which(name)), None)


def with_text_layer(data: bytes) -> bytes:
    """Return a PDF of the same pages with a text layer.

    Raises `UnreadableDocument` where no program for it is on the PATH, or where it fails.
    """
    match tool():
        case "tesseract":
            return _by_tesseract(data)
        case "ocrmypdf":
            return _pdf(["ocrmypdf", "--quiet", "--jobs", "1", "--output-type", "pdf", "-", "-"], data, _SECONDS_A_FILE)
        case _:
            raise UnreadableDocument("no text layer: needs OCR, and tesseract is not on the PATH: install it")


def _by_tesseract(data: bytes) -> bytes:
    known = _run(["tesseract", "--list-langs"], b"", _SECONDS_A_PAGE).decode(errors="replace").splitlines()[1:]
    languages = "+".join(name for name in known if name != "osd") or "eng"
    command = ["tesseract", "stdin", "stdout", "--dpi", str(_DOTS_PER_INCH), "-l", languages, "pdf"]
    with closing(pdfium.PdfDocument(data)) as scan, closing(pdfium.PdfDocument.new()) as read:
        for page in scan:
            with closing(page), closing(pdfium.PdfDocument(_pdf(command, _picture(page), _SECONDS_A_PAGE))) as one:
                read.import_pages(one)
        whole = BytesIO()
        read.save(whole)
    return whole.getvalue()


def _picture(page: pdfium.PdfPage) -> bytes:
    """Return a page as a grey picture (PGM)."""
    longest = max(*page.get_size(), 1.0)
    scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, _MOST_DOTS / longest)
    with closing(page.render(scale=scale, grayscale=True)) as bitmap:
        rows = bytes(bitmap.buffer)
        packed = b"".join(
            rows[start : start + bitmap.width] for start in range(0, bitmap.stride * bitmap.height, bitmap.stride)
        )
        return b"P5 %d %d 255\n%s" % (bitmap.width, bitmap.height, packed)


def _pdf(command: list[str], given: bytes, seconds: float) -> bytes:
    written = _run(command, given, seconds)
    if not written.startswith(b"%PDF"):
        raise UnreadableDocument(f"no text layer, and {command[0]} makes no PDF of it: scan it anew")
    return written


def _run(command: list[str], given: bytes, seconds: float) -> bytes:
    """Run a program on these bytes and return its output. It is a file, which the sandbox keeps from growing."""
    with TemporaryFile() as stdin, TemporaryFile() as stdout:
        stdin.write(given)
        stdin.seek(0)
        try:
            subprocess.run(command, stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL, timeout=seconds, check=True)
        except subprocess.TimeoutExpired as error:
            raise UnreadableDocument(
                f"no text layer, and {command[0]} takes longer than {seconds} s to read it: split it"
            ) from error
        except (subprocess.CalledProcessError, OSError) as error:
            raise UnreadableDocument(
                f"no text layer, and {command[0]} cannot read it ({_reason(error)}): scan it anew"
            ) from error
        stdout.seek(0)
        return stdout.read()


def _reason(error: subprocess.CalledProcessError | OSError) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        return f"exit code {error.returncode}"
    return error.strerror or type(error).__name__
