import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission

from index.errors import UnreadableDocument
from index.readers.page_layout import Paragraph, arranged
from index.readers.page_lines import Line, Word
from tests.unit.index.readers import read
from tests.unit.index.readers.files import pdf

PROSE = [("", "The council met on the first Monday of May and approved", 11), ("", "the plan for the new bridge.", 11)]


def test_every_page_is_a_place_and_its_text_stands_there() -> None:
    document = read(pdf([[("", f"Words of page {word}.", 11)] for word in ("one", "two", "three")]), "a.pdf")
    assert [(place.kind, place.number, place.span.of(document.text).strip()) for place in document.places] == [
        ("page", number, f"Words of page {word}.") for number, word in enumerate(("one", "two", "three"), start=1)
    ]


def test_lines_become_paragraphs_and_large_ones_headings() -> None:
    document = read(pdf([[("B", "Annual report", 20), ("", "", 0), *PROSE]]), "a.pdf")
    assert document.text == (
        "Annual report\n\nThe council met on the first Monday of May and approved the plan for the new bridge."
    )
    assert [(heading.title, heading.level) for heading in document.headings] == [("Annual report", 1)]
    assert document.metadata.title == "Annual report"


def test_running_heads_and_page_numbers_are_left_out() -> None:
    text = read(pdf([PROSE, [("", "Second.", 11)] * 5, [("", "Third.", 11)] * 5], head="Council, secret"), "a.pdf").text
    assert "Council, secret" not in text
    assert "Page" not in text
    assert "Second." in text


def test_rows_of_a_table_stay_whole_and_carry_their_header() -> None:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=10)
    for y, row in enumerate(
        [("Item", "2024", "2025"), ("Revenue", "35,082", "57,006"), ("Net income", "19,309", "31,910")]
    ):
        for x, cell in enumerate(row):
            made.text(20 + 50 * x, 40 + 8 * y, cell)
    lines = read(bytes(made.output()), "a.pdf").text.split("\n")
    assert "Item: Revenue | 2024: 35,082 | 2025: 57,006" in lines
    assert "Item: Net income | 2024: 19,309 | 2025: 31,910" in lines


def test_the_rows_at_the_edges_of_pages_are_no_running_heads() -> None:
    made = FPDF()
    for page in range(3):
        made.add_page()
        made.set_font("Helvetica", size=10)
        rows = [(f"Item {page * 9 + at}", f"{at}1", f"{at}2") for at in range(9)]
        for y, row in enumerate([("Item", "2024", "2025"), *rows]):
            for x, cell in enumerate(row):
                made.text(20 + 50 * x, 40 + 8 * y, cell)
    lines = read(bytes(made.output()), "a.pdf").text.split("\n")
    assert lines.count("Item: Item 8 | 2024: 81 | 2025: 82") == 1
    assert lines.count("Item: Item 18 | 2024: 01 | 2025: 02") == 1


def test_a_paragraph_that_the_turn_of_the_page_cuts_is_one_and_belongs_to_the_page_where_it_begins() -> None:
    pages = [[("", "The bridge that was approved", 11)], [("", "was never built.", 11)]]
    document = read(pdf(pages), "a.pdf")
    assert document.text == "The bridge that was approved was never built."
    assert document.place_of(document.text.index("never")).number == 2  # type: ignore[union-attr]


def test_printed_page_labels_are_kept_where_they_differ() -> None:
    document = read(pdf([PROSE, PROSE], labels="r"), "a.pdf")
    assert [(place.number, place.label) for place in document.places] == [(1, "i"), (2, "ii")]


def test_columns_are_read_one_after_the_other() -> None:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=10)
    for row in range(6):
        made.text(15, 40 + 5 * row, f"Left column words of line {row} go on")
        made.text(110, 40 + 5 * row, f"Right column words of line {row} go on")
    text = read(bytes(made.output()), "a.pdf").text
    assert text.index("Left column words of line 5") < text.index("Right column words of line 0")


@pytest.mark.parametrize(
    ("elsewhere", "joined"),
    [("credit-financing is new", "credit-financing"), ("creditfinancing is new", "creditfinancing"),
     ("a credit and a financing", "credit-financing"), ("nothing", "creditfinancing")],
)  # fmt: skip
def test_the_words_of_the_document_tell_whether_a_hyphen_at_a_lines_end_stays(elsewhere: str, joined: str) -> None:
    lines = [line(elsewhere + ".", 700), line("the credit", 686, is_hyphenated=True), line("financing of it.", 672)]
    (blocks,) = arranged([lines], {})
    assert joined in " ".join(block.text for block in blocks if isinstance(block, Paragraph))


def line(text: str, bottom: float, is_hyphenated: bool = False) -> Line:
    words, left = [], 50.0
    for word in text.split():
        words.append(Word(word, left, left + 5 * len(word), bottom + 10, bottom))
        left += 5 * len(word) + 3
    return Line(tuple(words), 10, "Times", is_hyphenated)


def locked(user_password: str) -> bytes:
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=10)
    made.text(20, 40, "Secret words.")
    made.set_encryption(owner_password="owner", user_password=user_password, permissions=AccessPermission.none())
    return bytes(made.output())


def test_a_password_is_asked_for_and_an_empty_one_is_tried() -> None:
    assert "Secret words." in read(locked(""), "a.pdf").text
    with pytest.raises(UnreadableDocument, match="password"):
        read(locked("really"), "a.pdf")


def test_a_file_without_a_text_layer_needs_ocr() -> None:
    made = FPDF()
    made.add_page()
    made.rect(20, 20, 50, 50)
    with pytest.raises(UnreadableDocument, match="no text layer: needs OCR"):
        read(bytes(made.output()), "scan.pdf")


def test_what_is_cut_short_or_no_pdf_is_refused_with_the_reason() -> None:
    with pytest.raises(UnreadableDocument, match="damaged"):
        read(pdf([PROSE])[:200], "a.pdf")
    with pytest.raises(UnreadableDocument, match="not a PDF"):
        read(b"Plain words.", "a.pdf")
