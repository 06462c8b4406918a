from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embeddings import Vector
from index.store.vectors import Stored, VectorCache, pack, unpack


def unit_vectors(seed: int, rows: int, dimension: int) -> Vector:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    unit: Vector = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def stored(seed: int) -> Stored:
    vectors = unit_vectors(seed, 3, 8)
    return Stored(vectors[0], pack(vectors))


@given(st.integers(0, 2**32), st.integers(1, 5), st.sampled_from([384, 768, 1024]))
def test_a_cosine_over_packed_vectors_is_off_by_less_than_a_hundredth(seed: int, rows: int, dimension: int) -> None:
    vectors, questions = unit_vectors(seed, rows, dimension), unit_vectors(seed + 1, 5, dimension)
    unpacked = unpack(pack(vectors), dimension)
    assert np.abs(unpacked @ questions.T - vectors @ questions.T).max() < 0.01
    assert np.abs((unpacked * vectors).sum(axis=1) - 1).max() < 0.01


@given(st.integers(0, 2**32), st.integers(0, 5), st.integers(1, 400))
def test_packed_vectors_come_back_as_unit_vectors_in_the_same_shape(seed: int, rows: int, dimension: int) -> None:
    unpacked = unpack(pack(unit_vectors(seed, rows, dimension)), dimension)
    assert unpacked.shape == (rows, dimension)
    assert unpacked.dtype == np.float32
    assert np.allclose(np.linalg.norm(unpacked, axis=1), 1, atol=1e-5)


def test_packed_vectors_take_one_byte_a_component() -> None:
    assert len(pack(unit_vectors(0, 3, 384))) == 3 * 384


def test_a_vector_of_zeros_comes_back_as_zeros() -> None:
    assert not unpack(pack(np.zeros((1, 4), dtype=np.float32)), 4).any()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.sqlite"


def test_what_was_put_is_found_again_after_reopening(path: Path) -> None:
    with closing(VectorCache(path)) as cache:
        cache.put("model", [("a", stored(1)), ("b", stored(2))])
    with closing(VectorCache(path)) as cache:
        found = dict(cache.get(["b", "c", "a"], "model"))
    assert sorted(found) == ["a", "b"]
    assert np.array_equal(found["a"].vector, stored(1).vector)
    assert found["a"].packed == stored(1).packed


def test_vectors_of_another_model_are_not_found(path: Path) -> None:
    with closing(VectorCache(path)) as cache:
        cache.put("one", [("a", stored(1))])
        assert not dict(cache.get(["a"], "other"))
        cache.put("other", [("a", stored(2))])
        (of_one,) = dict(cache.get(["a"], "one")).values()
    assert np.array_equal(of_one.vector, stored(1).vector)


def test_putting_the_same_twice_changes_nothing(path: Path) -> None:
    with closing(VectorCache(path)) as cache:
        cache.put("model", [("a", stored(1))])
        cache.put("model", [("a", stored(1))])
        assert len(dict(cache.get(["a"], "model"))) == 1


def test_more_keys_than_one_statement_takes_are_found(path: Path) -> None:
    keys = [str(number) for number in range(1200)]
    with closing(VectorCache(path)) as cache:
        cache.put("model", ((key, stored(1)) for key in keys))
        assert dict(cache.get([*keys, "none"], "model")).keys() == set(keys)


def test_what_is_broken_off_is_not_kept_in_part(path: Path) -> None:
    def breaking() -> Iterator[tuple[str, Stored]]:
        yield "a", stored(1)
        raise InterruptedError

    with closing(VectorCache(path)) as cache, pytest.raises(InterruptedError):
        cache.put("model", breaking())
    with closing(VectorCache(path)) as cache:
        assert not dict(cache.get(["a"], "model"))


def test_a_damaged_cache_is_put_aside_and_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    path.write_bytes(b"this was never a database" * 400)

    with closing(VectorCache(path)) as cache:
        assert not dict(cache.get(["a"], "model"))
    assert path.with_suffix(".damaged").exists()
