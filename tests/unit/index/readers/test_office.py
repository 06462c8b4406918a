from datetime import date
from io import BytesIO

import docx
import openpyxl
import pytest

from index.documents import Document
from index.errors import UnreadableDocument
from tests.unit.index.readers import read
from tests.unit.index.readers.files import archive, epub, odf, pptx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def places(document: Document) -> list[tuple[str, int, str | None]]:
    return [(place.kind, place.number, place.label) for place in document.places]


def word() -> bytes:
    made = docx.Document()
    made.core_properties.author = "Ada"
    made.add_heading("The plan", 0)
    made.add_heading("Costs", 1)
    made.add_paragraph("Wood & nails < 5 euros.")
    made.add_paragraph("Buy wood", style="List Bullet")
    table = made.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Item", "Price", "Wood", "3"), strict=True
    ):
        cell.text = text
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def test_word_keeps_headings_lists_tables_and_its_author() -> None:
    document = read(word(), "a.docx")
    assert document.text == "The plan\n\nCosts\n\nWood & nails < 5 euros.\n\n- Buy wood\n\nItem | Price\nWood | 3"
    assert [(heading.title, heading.level) for heading in document.headings] == [("The plan", 1), ("Costs", 1)]
    assert (document.metadata.title, document.metadata.author) == ("The plan", "Ada")


def sheets() -> bytes:
    made = openpyxl.Workbook()
    first = made.active
    assert first is not None
    first.title = "Revenue"
    first.append(["Figures of the year"])
    first.append([])
    first.append(["Segment", "Amount", "Share", "Day"])
    first.append(["Chips", 12, 0.125, date(2025, 1, 2)])
    first.append(["Boards", 1234.5, 0.5, date(2025, 2, 3)])
    for row in (4, 5):
        first.cell(row, 2).number_format = "$#,##0.00"
        first.cell(row, 3).number_format = "0.0%"
    hidden = made.create_sheet("Secret")
    hidden.append(["Only words"])
    hidden.sheet_state = "hidden"
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def test_rows_of_a_sheet_carry_their_header_and_numbers_look_as_people_see_them() -> None:
    document = read(sheets(), "a.xlsx")
    assert "Segment: Chips | Amount: $12.00 | Share: 12.5% | Day: 2025-01-02\n" in document.text
    assert "Segment: Boards | Amount: $1,234.50 | Share: 50.0% | Day: 2025-02-03" in document.text


def test_a_quote_from_a_sheet_knows_its_sheet_and_its_row() -> None:
    document = read(sheets(), "a.xlsx")
    assert places(document) == [("sheet", 1, "Revenue"), ("sheet", 2, "Secret")]
    assert document.row_of(document.text.index("Boards")) == 5
    assert document.place_of(document.text.index("Only words")).label == "Secret"  # type: ignore[union-attr]
    assert "Secret (hidden sheet)" in document.text


def test_cells_at_the_ends_of_a_sheet_do_not_fill_the_memory() -> None:
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active["A1"], made.active["XFD1048576"] = 1, 2
    held = BytesIO()
    made.save(held)
    with pytest.raises(UnreadableDocument, match="so far apart"):
        read(held.getvalue(), "a.xlsx")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_rows_of_a_csv_file_carry_their_header_whatever_parts_its_cells(mark: str) -> None:
    text = mark.join(["Name", "Age"]) + "\n" + mark.join(["Ada", "36"]) + "\n" + mark.join(["Bob", "41"]) + "\n"
    document = read(text.encode(), "a.csv")
    assert document.text == "Name: Ada | Age: 36\nName: Bob | Age: 41"
    assert document.row_of(document.text.index("Bob")) == 3


def test_slides_come_in_their_order_with_titles_and_notes() -> None:
    document = read(pptx([("First", "One thing."), ("Second", "Another.")], notes="Say hello."), "a.pptx")
    assert document.text == "First\n\nOne thing.\n\nSpeaker notes\n\nSay hello.\n\nSecond\n\nAnother."
    assert places(document) == [("slide", 1, None), ("slide", 2, None)]


def test_opendocument_text_and_sheets_are_read() -> None:
    text = odf("text", '<text:h text:outline-level="1">Top</text:h><text:p>Words.</text:p>')
    assert read(text, "a.odt").text == "Top\n\nWords."
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = ("Name", "Age"), ("Ada", "36"), ("Bob", "41")
    body = "".join(
        "<table:table-row>" + "".join(cell.format(one) for one in row) + "</table:table-row>" for row in rows
    )
    document = read(odf("spreadsheet", f'<table:table table:name="People">{body}</table:table>'), "a.ods")
    assert document.text == "People\n\nName: Ada | Age: 36\nName: Bob | Age: 41"
    assert (places(document), document.row_of(len(document.text) - 1)) == ([("sheet", 1, "People")], 3)


def test_chapters_of_a_book_are_places_named_by_their_headings() -> None:
    document = read(epub(["<h1>Dawn</h1><p>It was dark.</p>", "<h1>Dusk</h1><p>It was dark again.</p>"]), "a.epub")
    assert places(document) == [("chapter", 1, "Dawn"), ("chapter", 2, "Dusk")]
    metadata = document.metadata
    assert (metadata.title, metadata.author, metadata.published) == ("The Book", "Ada", date(2024, 5, 6))


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "pptx", "odt", "epub"])
def test_what_is_locked_old_cut_short_or_a_bomb_is_refused_with_the_reason(suffix: str) -> None:
    for data, reason in (
        (OLE, "older"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 cut short", "damaged|not a"),
        (archive({"word/document.xml": b"0" * 30_000_000}), "would unpack to"),
        (archive({"other.xml": "<a/>"}), "not a|damaged"),
    ):
        with pytest.raises(UnreadableDocument, match=reason):
            read(data, f"a.{suffix}")


def test_entities_and_files_of_the_machine_are_never_resolved() -> None:
    evil = '<!DOCTYPE a [<!ENTITY secret SYSTEM "file:///etc/passwd"><!ENTITY b "bomb">]>'
    body = odf("text", "<text:p>Words &secret; end.</text:p>")
    content = evil + '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" ' \
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>' \
        "<text:p>Words &secret; end.</text:p></office:text></office:body></office:document-content>"  # fmt: skip
    for data in (archive({"content.xml": content}), body):
        assert "root:" not in read(data, "a.odt").text
