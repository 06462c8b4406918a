from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import DocumentMetadata, Span, content_id

PART = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NAME = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1)


@given(st.text(), st.integers(0, 50), st.integers(0, 50))
def test_a_span_covers_the_characters_from_its_start_to_its_end(text: str, start: int, length: int) -> None:
    assert Span(start, start + length).of(text) == text[start : start + length]


@given(st.lists(NAME, min_size=1, max_size=6))
def test_a_document_is_in_its_source_and_in_every_folder_above_it(names: list[str]) -> None:
    metadata = DocumentMetadata(id="1", title="A", source="/".join(names))
    assert len(metadata.paths) == len(names)
    assert metadata.paths[-1] == metadata.source
    assert all(inner.startswith(outer + "/") for outer, inner in zip(metadata.paths, metadata.paths[1:], strict=False))


def test_a_folder_does_not_hold_what_only_begins_like_it() -> None:
    assert "chip" not in DocumentMetadata(id="1", title="A", source="chips/a.md").paths


@given(st.lists(PART, max_size=4), st.lists(PART, max_size=4))
def test_different_parts_have_different_ids_and_equal_parts_the_same(one: list[str], other: list[str]) -> None:
    same = "\0".join(one) == "\0".join(other)
    assert (content_id(*one) == content_id(*other)) == same


@given(st.lists(PART, max_size=4))
def test_an_id_is_thirty_two_hexadecimal_digits(parts: list[str]) -> None:
    assert len(content_id(*parts)) == 32
    assert set(content_id(*parts)) <= set("0123456789abcdef")


def test_ids_are_the_same_in_every_installation() -> None:
    assert content_id("a", "b") == "59b271ae1bbcb1d31d41929817f4b16f"


def test_a_document_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        DocumentMetadata(id="1", title="A", source="a.md").title = "B"  # type: ignore[misc]
