from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.access import NOTHING_HIDDEN, PUBLIC, AccessRule, Hidden, to_text
from index.documents import EVERYTHING, DocumentMetadata, Filter
from index.embeddings import Vector
from index.store.dense import DenseIndex
from index.store.layered import Changed, LayeredIndex

_BASE, _COME, _DIMENSION = 60, 30, 8


def unit(rows: int, seed: int) -> Vector:
    vectors = np.random.default_rng(seed).normal(size=(rows, _DIMENSION)).astype(np.float32)
    made: Vector = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return made


LIMITED = (AccessRule(roles=frozenset({7})),)
IDS = [f"p{number}" for number in range(_BASE + _COME)]
VECTORS = dict(zip(IDS, unit(_BASE + _COME, 0), strict=True))
DOCUMENTS = {
    id_: DocumentMetadata(
        id_,
        id_,
        f"{'ab'[number % 2]}/{id_}.md",
        published=date(2025, 1, 1 + number % 20),
        access=PUBLIC if number % 3 else LIMITED,
    )
    for number, id_ in enumerate(IDS)
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DenseIndex]:
    base = DenseIndex.create(tmp_path_factory.mktemp("layered") / "chroma")
    ids = IDS[:_BASE]
    base.add(ids, np.stack([VECTORS[id_] for id_ in ids]), [DOCUMENTS[id_] for id_ in ids])
    yield base
    base.close()


def layered(base: DenseIndex, gone: frozenset[str], come: list[str]) -> LayeredIndex:
    vectors = np.stack([VECTORS[id_] for id_ in come]) if come else np.zeros((0, 0), dtype=np.float32)
    return LayeredIndex(base, Changed(gone, tuple(come), vectors, tuple(DOCUMENTS[id_] for id_ in come)))


@settings(max_examples=40)
@given(
    gone=st.frozensets(st.sampled_from(IDS[:_BASE]), max_size=_BASE),
    come=st.lists(st.sampled_from(IDS), unique=True, max_size=_COME),
    count=st.integers(1, 100),
    seed=st.integers(0, 99),
    where=st.sampled_from([EVERYTHING, Filter(source="a"), Filter(since=date(2025, 1, 10))]),
    hidden=st.sampled_from([NOTHING_HIDDEN, frozenset({to_text(LIMITED)})]),
)
def test_whatever_has_gone_and_come_what_is_found_is_what_is_nearest_of_what_is_there(
    base: DenseIndex, gone: frozenset[str], come: list[str], count: int, seed: int, where: Filter, hidden: Hidden
) -> None:
    # What comes while it is in the base has gone from there.
    index = layered(base, gone | frozenset(come), come)
    (asked,) = unit(1, 1_000 + seed)
    there = [id_ for id_ in {*IDS[:_BASE]} - gone | {*come} if where.allows(DOCUMENTS[id_])]
    there = [id_ for id_ in there if to_text(DOCUMENTS[id_].access) not in hidden]
    cosines = {id_: float(VECTORS[id_] @ asked) for id_ in there}
    expected = sorted(there, key=lambda id_: -cosines[id_])[:count]
    found = index.nearest(asked, count, where, hidden)
    assert list(found) == expected
    assert all(abs(found[id_] - cosines[id_]) < 1e-5 for id_ in expected)


def test_vectors_are_given_back_of_either_layer(base: DenseIndex) -> None:
    index = layered(base, frozenset({"p1"}), ["p70", "p1"])
    found = index.vectors(["p1", "p2", "p70"])
    assert sorted(found) == ["p1", "p2", "p70"]
    assert all(np.allclose(vector, VECTORS[id_]) for id_, vector in found.items())


def test_where_all_of_the_base_has_gone_nothing_of_it_is_found(base: DenseIndex, tmp_path: Path) -> None:
    assert layered(base, frozenset(IDS[:_BASE]), []).nearest(VECTORS["p0"], 5, EVERYTHING, NOTHING_HIDDEN) == {}
