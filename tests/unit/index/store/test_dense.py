from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest

from index.access import NOTHING_HIDDEN, AccessRule, to_text
from index.documents import EVERYTHING, DocumentMetadata, Filter
from index.embeddings import Vector
from index.errors import IndexDamaged
from index.store.dense import DenseIndex

AXES: Vector = np.eye(4, dtype=np.float32)
RECORDS = [
    DocumentMetadata("1", "A", "a/one.md", published=date(2025, 1, 1)),
    DocumentMetadata("2", "B", "a/two.md", published=date(2025, 6, 1)),
    DocumentMetadata("3", "C", "b/three.md"),
    DocumentMetadata("4", "D", "https://example.org/a/page", published=date(2026, 1, 1)),
]


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DenseIndex]:
    dense = DenseIndex.create(tmp_path_factory.mktemp("dense") / "chroma")
    dense.add(["p1", "p2", "p3", "p4"], AXES, RECORDS)
    yield dense
    dense.close()


def leaning(*weights: float) -> Vector:
    vector = np.array(weights, dtype=np.float32)
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


def test_the_nearest_come_first_with_their_cosine(dense: DenseIndex) -> None:
    found = dense.nearest(leaning(4, 3, 2, 1), 3, EVERYTHING, NOTHING_HIDDEN)
    assert list(found) == ["p1", "p2", "p3"]
    assert found["p1"] == pytest.approx(4 / 30**0.5, abs=1e-5)


def test_asking_for_more_than_there_is_gives_what_there_is(dense: DenseIndex) -> None:
    assert len(dense.nearest(AXES[0], 50, EVERYTHING, NOTHING_HIDDEN)) == 4


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (EVERYTHING, {"p1", "p2", "p3", "p4"}),
        (Filter(source="a"), {"p1", "p2"}),
        (Filter(source="a/two.md"), {"p2"}),
        (Filter(source="https://example.org/a/page"), {"p4"}),
        (Filter(source="a/t"), set()),
        (Filter(since=date(2025, 6, 1)), {"p2", "p4"}),
        (Filter(until=date(2025, 6, 1)), {"p1", "p2"}),
        (Filter(since=date(2025, 2, 1), until=date(2025, 12, 31)), {"p2"}),
        (Filter(source="a", until=date(2025, 2, 1)), {"p1"}),
        (Filter(source="b", since=date(1, 1, 1)), set()),
    ],
)
def test_only_what_the_filter_allows_is_found(dense: DenseIndex, where: Filter, expected: set[str]) -> None:
    assert set(dense.nearest(AXES[0], 10, where, NOTHING_HIDDEN)) == expected


@pytest.mark.parametrize("hidden", [1, 7, 40])
def test_however_many_are_hidden_as_many_are_found_as_are_asked_for(tmp_path: Path, hidden: int) -> None:
    """The nearest are all hidden: few of them, more than are asked for, and more than twice as many."""
    staff = (AccessRule(roles=frozenset({1})),)
    near = [leaning(1, place / 10_000) for place in range(hidden)]
    far = [leaning(1, 1 + place / 100) for place in range(20)]
    documents = [DocumentMetadata("s", "S", "s.md", access=staff)] * hidden + [DocumentMetadata("p", "P", "p.md")] * 20
    ids = [f"h{place}" for place in range(hidden)] + [f"p{place}" for place in range(20)]
    dense = DenseIndex.create(tmp_path / "chroma")
    dense.add(ids, np.stack(near + far), documents)
    assert list(dense.nearest(leaning(1, 0), 5, EVERYTHING, frozenset({to_text(staff)}))) == [f"p{n}" for n in range(5)]
    assert len(dense.nearest(leaning(1, 0), 50, EVERYTHING, frozenset({to_text(staff)}))) == 20
    dense.close()


def test_it_gives_back_the_ids_and_vectors_that_were_put_in(dense: DenseIndex) -> None:
    assert sorted(dense.ids()) == ["p1", "p2", "p3", "p4"]
    vectors = dense.vectors(["p3", "p1"])
    assert np.array_equal(vectors["p1"], AXES[0])
    assert np.array_equal(vectors["p3"], AXES[2])


def test_what_was_removed_is_not_found_after_reopening(tmp_path: Path) -> None:
    dense = DenseIndex.create(tmp_path / "chroma")
    dense.add(["p1", "p2"], AXES[:2], RECORDS[:2])
    dense.delete(["p1"])
    dense.close()
    again = DenseIndex.open(tmp_path / "chroma")
    assert list(again.ids()) == list(again.nearest(AXES[0], 5, EVERYTHING, NOTHING_HIDDEN)) == ["p2"]
    again.close()


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    dense = DenseIndex.create(tmp_path / "chroma")
    assert dense.nearest(AXES[0], 5, EVERYTHING, NOTHING_HIDDEN) == {}
    assert list(dense.ids()) == []
    dense.close()


@pytest.mark.parametrize("settings", [{"space": "l2"}, {"space": "cosine", "ef_search": 10}])
def test_an_index_with_other_settings_is_refused(tmp_path: Path, settings: Any) -> None:
    client: Any = chromadb.PersistentClient(str(tmp_path))
    client.create_collection("passages", embedding_function=None, configuration={"hnsw": settings})
    client.close()
    with pytest.raises(IndexDamaged, match="other settings"):
        DenseIndex.open(tmp_path)


class Forgetful:
    """Chroma, but for settings, which it takes and does not keep (as 1.5.9 does with those of SPANN)."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def create_collection(self, name: str, **_: object) -> object:
        return self._client.create_collection(name, embedding_function=None)

    def __getattr__(self, name: str) -> object:
        return getattr(self._client, name)


def test_settings_that_are_not_kept_are_noticed_when_the_index_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.dense._client", lambda folder: Forgetful(chromadb.PersistentClient(str(folder))))
    with pytest.raises(IndexDamaged, match="other settings"):
        DenseIndex.create(tmp_path)


def test_a_folder_without_the_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="cannot be opened"):
        DenseIndex.open(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(IndexDamaged, match="cannot be opened"):
        DenseIndex.open(tmp_path)
