import pytest

from index.errors import UnreadableDocument
from index.readers.formats import SUFFIXES
from tests.unit.index.readers import read


def test_the_text_is_kept_as_it_is_hard_wrapped_lines_included() -> None:
    assert read(b"One line\nand its rest.\n\n  Indented.\n", "a.txt").text == "One line\nand its rest.\n\n  Indented."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Release notes\n\nBody.", "Release notes"),
        ("A whole sentence.\n\nBody.", "My notes"),
        ("No blank line\nBody.", "My notes"),
        ("Alone", "My notes"),
        ("- a list\n\nBody.", "My notes"),
        ("【By Observer News】Credit\n\nBody.", "My notes"),
        ("x" * 200 + "\n\nBody.", "My notes"),
        ("---\ntitle: Front\n---\nRelease notes\n\nBody.", "Front"),
    ],
)
def test_the_title_is_a_first_line_that_looks_like_one_or_the_file_name(text: str, title: str) -> None:
    document = read(text.encode(), "deep/my-notes.txt")
    assert document.metadata.title == title
    assert "Body." in document.text or text == "Alone"


@pytest.mark.parametrize("data", [b"", b" \n\t\n", b"\n" * 2_000_000, b"\xef\xbb\xbf"])
def test_a_file_without_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="no text"):
        read(data, "a.txt")


@pytest.mark.parametrize("source", ["a.exe", "noextension", "a.md/b"])
def test_an_unknown_kind_is_refused_by_name(source: str) -> None:
    with pytest.raises(UnreadableDocument, match="not read"):
        read(b"text", source)


def test_suffixes_are_read_in_any_case() -> None:
    assert {".md", ".txt", ".html"} <= SUFFIXES
    assert read(b"Words.", "A.TXT").text == "Words."


def test_a_guessed_encoding_is_recorded() -> None:
    assert read("Le château était fermé.".encode("cp1252"), "a.txt").metadata.encoding == "cp1252"


def test_a_line_is_counted_from_the_top_of_the_file_front_matter_included() -> None:
    document = read(b"---\ntitle: T\n---\nFirst.\n\nSecond.\n", "t.txt")

    assert document.line_of(document.text.index("First")) == 4
    assert document.line_of(document.text.index("Second")) == 6
