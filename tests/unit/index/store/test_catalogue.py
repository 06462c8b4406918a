import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.access import NOTHING_HIDDEN
from index.documents import CORPUS, Document, DocumentMetadata, Heading, Passage, Place, Span
from index.errors import UnknownDocument
from index.store.catalogue import CATALOGUE, Catalogue, CatalogueEntry, IndexedFile
from index.store.manifest import checksums
from index.store.vectors import Stored

STORED = Stored(np.array([0.6, 0.8], dtype=np.float32), b"vectors")
CLEAN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)


def passage(document: Document, ordinal: int, span: Span, heading: tuple[str, ...] = ()) -> Passage:
    id_ = f"{document.metadata.id}-{ordinal}"
    middle = (span.start + span.end) // 2
    sentences = (Span(span.start, middle), Span(middle, span.end))
    return Passage(
        id_,
        document.metadata.id,
        ordinal,
        span,
        span.of(document.text),
        heading,
        document.place_of(span.start),
        sentences,
        frozenset({1}),
    )


def filed(document: Document, spans: Sequence[Span]) -> CatalogueEntry:
    passages = [passage(document, ordinal, span) for ordinal, span in enumerate(spans)]
    return CatalogueEntry(document, f"content of {document.metadata.source}", passages, [STORED] * len(passages))


FULL = Document(
    metadata=DocumentMetadata("d1", "Title", "b/one.md", "https://e.org", "Press", date(2025, 1, 2), "en", "cp1252"),
    text="Heading\nOne. Two. 中国 \U0001f600 end.",
    headings=(Heading(Span(0, 7), 1, "Heading"),),
    places=(Place("page", 1, None, Span(0, 8)), Place("sheet", 2, "中国", Span(8, 30))),
    rows=((0, 1), (8, 4)),
)
BARE = Document(DocumentMetadata("d2", "Other", "a.md"), "Something else.")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return the folder of a catalogue that was built in full."""
    catalogue = Catalogue.create(tmp_path)
    catalogue.add(filed(FULL, [Span(0, 12), Span(13, 24)]))
    catalogue.add(filed(BARE, [Span(0, 9)]))
    catalogue.save()
    return tmp_path


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Return the folder of one that holds the same, where half of it has come since."""
    other = replace(FULL, metadata=replace(FULL.metadata, id="d0"))
    catalogue = Catalogue.create(tmp_path)
    catalogue.add(filed(other, [Span(0, 12), Span(13, 24)]))
    catalogue.add(filed(BARE, [Span(0, 9)]))
    catalogue.save()
    catalogue = Catalogue.change(tmp_path)
    catalogue.remove(["d0"])
    catalogue.add(filed(FULL, [Span(0, 12), Span(13, 24)]))
    catalogue.save()
    return tmp_path


@pytest.fixture(params=["base", "changed"])
def path(request: pytest.FixtureRequest) -> Path:
    """Return the folder of either: what is asked of it has the same answer."""
    path: Path = request.getfixturevalue(request.param)
    return path


def test_a_document_comes_back_as_it_was_put_in(path: Path) -> None:
    with closing(Catalogue.open(path)) as catalogue:
        assert catalogue.document("d1") == FULL
        assert catalogue.document("d2") == BARE


def test_passages_come_back_with_their_text_and_the_record_of_their_document(path: Path) -> None:
    with closing(Catalogue.open(path)) as catalogue:
        found = catalogue.passages(["d1-1", "d2-0", "none"])
        assert found == {
            "d1-1": (passage(FULL, 1, Span(13, 24)), FULL.metadata),
            "d2-0": (passage(BARE, 0, Span(0, 9)), BARE.metadata),
        }
        assert catalogue.vectors(["d1-0", "none"]) == {"d1-0": b"vectors"}


def test_records_come_in_the_order_of_their_sources(path: Path) -> None:
    with closing(Catalogue.open(path)) as catalogue:
        assert catalogue.documents() == (BARE.metadata, FULL.metadata)
        assert catalogue.files() == {
            "a.md": IndexedFile(("a.md",), "content of a.md", ("d2",), CORPUS),
            "b/one.md": IndexedFile(("b/one.md",), "content of b/one.md", ("d1",), CORPUS),
        }


def test_a_document_that_is_not_there_is_unknown(path: Path) -> None:
    with closing(Catalogue.open(path)) as catalogue, pytest.raises(UnknownDocument):
        catalogue.document("d3")


def test_a_removed_document_takes_its_passages_along(path: Path) -> None:
    catalogue = Catalogue.change(path)
    assert sorted(catalogue.passage_ids_of(["d1"])) == ["d1-0", "d1-1"]
    catalogue.remove(["d1"])
    catalogue.save()
    with closing(Catalogue.open(path)) as catalogue:
        assert catalogue.passage_ids() == ["d2-0"]
        assert catalogue.passage_count() == 1
        assert catalogue.documents() == (BARE.metadata,)


def test_changes_that_are_not_saved_are_lost_as_a_whole(path: Path) -> None:
    catalogue = Catalogue.change(path)
    catalogue.remove(["d1"])
    catalogue.close()
    with closing(Catalogue.open(path)) as catalogue:
        assert catalogue.passage_count() == 3


def test_several_documents_of_one_file_are_kept_apart_and_go_with_it(path: Path) -> None:
    catalogue = Catalogue.change(path)
    catalogue.add(filed(Document(DocumentMetadata("d9", "Again", "a.md"), "Again."), []))
    catalogue.save()
    with closing(Catalogue.open(path)) as catalogue:
        assert catalogue.files()["a.md"].document_ids == ("d2", "d9")


def test_copies_of_a_file_are_the_same_file(path: Path) -> None:
    catalogue = Catalogue.change(path)
    copied = DocumentMetadata("d9", "Again", "c/x.md", author="Ada", also=("d/x.md", "e.md"))
    catalogue.add(filed(Document(copied, "Again."), []))
    catalogue.save()
    with closing(Catalogue.open(path)) as catalogue:
        files = catalogue.files()
        assert files["c/x.md"] is files["d/x.md"] is files["e.md"]
        assert catalogue.document("d9").metadata == copied


def test_what_is_open_for_reading_cannot_be_changed(path: Path) -> None:
    before = checksums(path)
    with closing(Catalogue.open(path)) as catalogue:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            catalogue.remove(["d1"])
        assert catalogue.passage_count() == 3
    assert checksums(path) == before
    assert sorted(before) == ["changes.sqlite", "passages.sqlite"]


def test_whatever_changes_the_base_stays(base: Path) -> None:
    before = checksums(base, CATALOGUE)
    catalogue = Catalogue.change(base)
    catalogue.remove(["d1"])
    catalogue.add(filed(replace(FULL, metadata=replace(FULL.metadata, id="d3")), [Span(0, 12)]))
    catalogue.save()
    assert checksums(base, CATALOGUE) == before
    with closing(Catalogue.open(base)) as catalogue:
        assert catalogue.gone() == {"d1-0", "d1-1"}
        assert [(id_, vector, metadata.id) for id_, vector, metadata in catalogue.come()] == [
            ("d3-0", STORED.vector.tobytes(), "d3")
        ]
        assert catalogue.passage_ids() == ["d2-0", "d3-0"]
        assert catalogue.document_count() == 2


def test_a_document_that_went_and_came_again_is_there_once(base: Path) -> None:
    for _ in range(2):
        catalogue = Catalogue.change(base)
        catalogue.remove(["d1"])
        catalogue.add(filed(FULL, [Span(0, 12), Span(13, 24)]))
        catalogue.save()
    with closing(Catalogue.open(base)) as catalogue:
        assert catalogue.documents() == (BARE.metadata, FULL.metadata)
        assert catalogue.document("d1") == FULL
        assert [one.ordinal for one in catalogue.passages_of("d1")] == [0, 1]
        assert len(list(catalogue.come())) == 2
        assert catalogue.spelled(3, 9, NOTHING_HIDDEN)["one"] == 1


def test_words_are_counted_over_what_is_there(base: Path) -> None:
    catalogue = Catalogue.change(base)
    catalogue.remove(["d2"])
    catalogue.add(filed(Document(DocumentMetadata("d4", "T", "t.md"), "One graphics processing unit (GPU)."), []))
    catalogue.save()
    with closing(Catalogue.open(base)) as catalogue:
        assert catalogue.spelled(3, 9, NOTHING_HIDDEN) == {
            "heading": 1,
            "one": 2,
            "two": 1,
            "end": 1,
            "graphics": 1,
            "unit": 1,
            "gpu": 1,
        }
        assert catalogue.expansions("gpu", NOTHING_HIDDEN) == ("graphics processing unit",)
    catalogue = Catalogue.change(base)
    catalogue.remove(["d4"])
    catalogue.save()
    with closing(Catalogue.open(base)) as catalogue:
        assert "gpu" not in catalogue.spelled(3, 9, NOTHING_HIDDEN)
        assert catalogue.expansions("gpu", NOTHING_HIDDEN) == ()


def test_more_passages_than_one_statement_takes_are_found(tmp_path: Path) -> None:
    document = Document(DocumentMetadata("d", "Long", "a.md"), "word " * 1200)
    catalogue = Catalogue.create(tmp_path)
    catalogue.add(filed(document, [Span(at * 5, at * 5 + 4) for at in range(1200)]))
    ids = catalogue.passage_ids()
    assert len(catalogue.passages(ids)) == len(catalogue.vectors(ids)) == len(ids) == 1200
    catalogue.close()


@settings(max_examples=50)
@given(CLEAN, CLEAN, CLEAN, st.data())
def test_the_text_of_a_passage_is_that_of_its_span_in_any_script(
    text: str, title: str, heading: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    document = Document(DocumentMetadata("d", title, "a.md"), text, (Heading(Span(0, 1), 1, heading),))
    with TemporaryDirectory() as folder, closing(Catalogue.create(Path(folder))) as catalogue:
        one = passage(document, 0, Span(start, end), (heading, title))
        catalogue.add(CatalogueEntry(document, "c", [one], [STORED]))
        assert catalogue.document("d") == document
        assert catalogue.passages(["d-0"]) == {"d-0": (one, document.metadata)}
