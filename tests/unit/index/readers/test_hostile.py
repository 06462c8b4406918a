"""Documents that were made to stop a refresh, or to make it go on for ever."""

import json
from dataclasses import asdict

import pytest

from index.building.splitting import split
from index.documents import Document
from index.embedded_text import embedded_text
from index.errors import UnreadableDocument
from tests.unit.index.readers import read

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


@pytest.mark.parametrize("field", ["title", "source", "url"])
def test_half_a_character_in_front_matter_is_replaced(field: str) -> None:
    document = read(f'---\n{field}: "https://a.b/ \\ud800 c"\n---\nWords.\n'.encode(), "a.md")
    assert document.text == "Words."
    assert every_word(document).encode()


@pytest.mark.parametrize(
    ("source", "data"),
    [
        ("a.html", b"<link rel=canonical href='http://a/&#xd800;'><title>a &#xd800;</title><p>Words of a page.</p>"),
        ("a.eml", b"Subject: a \xff\xfe b\nFrom: \xed\xa0\x80 <a@b.c>\n\nWords of a letter.\n"),
        ("a.json", b'[{"a \\ud800": "b \\ud800"}]'),
        ("a.ipynb", b'{"cells": [{"cell_type": "markdown", "source": ["# a \\ud800\\n\\nWords."]}], "nbformat": 4}'),
    ],
)
def test_half_a_character_in_any_format_is_replaced(source: str, data: bytes) -> None:
    assert every_word(read(data, source)).encode()


def every_word(document: Document) -> str:
    """Return all that is written of a document; `repr` would write half a character as what stands for it."""
    return json.dumps(asdict(document), ensure_ascii=False, default=str)


def test_a_list_that_begins_at_a_number_of_five_thousand_digits_begins_at_one() -> None:
    assert read(f"<ol start={'9' * 5000}><li>One</li></ol>".encode(), "a.html").text == "1. One"


@pytest.mark.parametrize("field", ["url", "published", "language", "title"])
def test_aliases_that_multiply_are_never_spelt_out(field: str) -> None:
    assert read(f"---\n{BOMB}{field}: *j\n---\nWords.\n".encode(), "a.md").text == "Words."


def test_a_long_header_over_many_rows_is_written_once() -> None:
    table = f"| {'h' * 5000} | b |\n| --- | --- |\n" + "| 1 | 2 |\n" * 500
    assert len(read(table.encode(), "a.md").text) < 5 * len(table)


def test_a_heading_as_long_as_a_chapter_is_a_paragraph() -> None:
    document = read(f"# {'long ' * 1000}\n\nWords.\n".encode(), "a.md")
    assert document.headings == ()
    assert document.text.endswith("long\n\nWords.")


def test_rows_of_combining_marks_are_cut_where_no_language_has_so_many() -> None:
    text = read(("e" + "\u0301\u0327" * 200_000 + " end").encode(), "a.txt").text
    assert len(text) < 50
    assert text.endswith(" end")


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "rot13", "utf-7", "hex", "x" * 10_000])
def test_only_the_encodings_of_the_web_are_decoded(charset: str) -> None:
    page = b"<meta charset=" + charset.encode() + b"><p>Caf\xe9 au lait, mon ami, \xe0 la fin.</p>"
    assert read(page, "a.html").text == "Café au lait, mon ami, à la fin."


@pytest.mark.parametrize("code", ["999999999", "-99999", "1114112", "00009999990000"])
def test_a_code_of_rich_text_beyond_all_characters_is_replaced(code: str) -> None:
    text = read(rf"{{\rtf1\ansi Before \u{code}?after \u22909?.}}".encode(), "a.rtf").text
    assert text.startswith("Before \ufffd")
    assert text.endswith("after \u597d.")


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises((UnreadableDocument, RecursionError)):
        read(b"[" * 100_000, "a.json")


def test_a_long_heading_over_many_sections_is_not_written_again_for_each() -> None:
    sections = 2000
    text = f"# {'long ' * 55}\n\n" + "".join(f"## Part {number}\n\nWords.\n\n" for number in range(sections))
    document = read(text.encode(), "a.md")
    passages = split(document, lambda texts: [len(text.split()) for text in texts], 254)
    assert len(document.headings) == sections + 1
    written = sum(len(embedded_text(document.metadata.title, passage)) for passage in passages)
    assert written <= sections * 250
