"""Small files of every format, made on the spot."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from fpdf import FPDF

Lines = Sequence[tuple[str, str, float]]  # style ("B" or ""), text and size of each line


def pdf(pages: Sequence[Lines], head: str = "", labels: str = "") -> bytes:
    """Return a PDF with these lines, one below the other, under a running head and over a page number."""
    made = FPDF()
    made.set_auto_page_break(False)
    for number, lines in enumerate(pages, start=1):
        made.add_page(label_style=labels or None)
        made.set_font("Helvetica", size=8)
        if head:
            made.text(20, 10, head)
            made.text(100, 290, f"Page {number}")
        y = 25.0
        for style, text, size in lines:
            made.set_font("Helvetica", style, size)
            made.text(20, y, text)
            y += size * 0.5 if text else 8
    return bytes(made.output())


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file of these parts."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return held.getvalue()


_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"


def pptx(slides: Sequence[tuple[str, str]], notes: str = "") -> bytes:
    """Return a presentation with a title and a text on each slide; `notes` are those of the first."""
    ids = "".join(f'<p:sldId id="{number}" r:id="r{number}"/>' for number in range(1, len(slides) + 1))
    # The parts are named the other way round than they are shown.
    names = {number: f"slide{len(slides) + 1 - number}.xml" for number in range(1, len(slides) + 1)}
    links = "".join(f'<Relationship Id="r{number}" Target="slides/{name}"/>' for number, name in names.items())
    parts = {
        "ppt/presentation.xml": (
            f'<p:presentation xmlns:p="{_P}" xmlns:r="{_R}"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>'
        ),
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{_RELS}">{links}</Relationships>',
    }
    for number, (title, text) in enumerate(slides, start=1):
        parts[f"ppt/slides/{names[number]}"] = _slide(("title", title), ("body", text))
    if notes:
        parts["ppt/notesSlides/notesSlide1.xml"] = _slide(("sldNum", "1"), ("body", notes))
        link = '<Relationship Id="n1" Target="../notesSlides/notesSlide1.xml"/>'
        parts[f"ppt/slides/_rels/{names[1]}.rels"] = f'<Relationships xmlns="{_RELS}">{link}</Relationships>'
    return archive(parts)


def _slide(*shapes: tuple[str, str]) -> str:
    drawn = "".join(
        f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{role}"/></p:nvPr></p:nvSpPr>'
        f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
        for role, text in shapes
    )
    return f'<p:sld xmlns:p="{_P}" xmlns:a="{_A}"><p:cSld><p:spTree>{drawn}</p:spTree></p:cSld></p:sld>'


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"


def odf(kind: str, body: str) -> bytes:
    """Return an OpenDocument file: `kind` is text, spreadsheet or presentation, `body` its XML."""
    names = f'xmlns:office="{_OFFICE}" xmlns:text="{_TEXT}" xmlns:table="{_TABLE}"'
    inner = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    return archive({"content.xml": f"<office:document-content {names}>{inner}</office:document-content>"})


def epub(chapters: Sequence[str]) -> bytes:
    """Return a book of these chapters, each a fragment of HTML."""
    items = "".join(f'<item id="c{at}" href="text/c{at}.xhtml"/>' for at in range(len(chapters)))
    order = "".join(f'<itemref idref="c{at}"/>' for at in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        "<dc:title>The Book</dc:title><dc:creator>Ada</dc:creator><dc:date>2024-05-06</dc:date></metadata>"
        f"<manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    )
    parts = {"META-INF/container.xml": container, "OPS/book.opf": package}
    return archive(
        parts | {f"OPS/text/c{at}.xhtml": f"<html><body>{one}</body></html>" for at, one in enumerate(chapters)}
    )
