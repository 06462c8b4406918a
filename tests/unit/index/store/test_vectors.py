import sqlite3
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
        assert cache.count() == 0


ROWS = 300


def filled(path: Path) -> None:
    with closing(VectorCache(path)) as cache:
        cache.put("model", ((str(number), stored(number)) for number in range(ROWS)))


def survivors(cache: VectorCache) -> dict[str, Stored]:
    """Read the rows of `filled` that are still found; every one must be what was put there."""
    found = dict(cache.get([str(number) for number in range(ROWS)], "model"))
    for key, vectors in found.items():
        assert np.array_equal(vectors.vector, stored(int(key)).vector)
        assert vectors.packed == stored(int(key)).packed
    return found


def heals(path: Path) -> int:
    """Assert that a cache takes and keeps what it is given, whatever its file was, and return how much it had lost."""
    with closing(VectorCache(path)) as cache:
        lost = {str(number) for number in range(ROWS)} - survivors(cache).keys()
        cache.put("model", ((key, stored(int(key))) for key in lost))
        # A page that was not read before may turn out damaged only now, and the cache is then begun anew once more.
        cache.put("model", ((str(number), stored(number)) for number in range(ROWS)))
    with closing(VectorCache(path)) as cache:
        assert len(survivors(cache)) == ROWS
    return len(lost)


def test_a_cache_with_any_page_zeroed_serves_nothing_wrong_and_heals(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    filled(path)
    whole = path.read_bytes()
    page = 4096
    assert len(whole) // page >= 10
    lost = 0
    for at in range(0, len(whole), page):
        for beside in tmp_path.iterdir():
            beside.unlink()
        path.write_bytes(whole[:at] + bytes(page) + whole[at + page :])
        lost += heals(path)
    assert lost > 0


@pytest.mark.parametrize(
    "content",
    [b"", b"this was never a database" * 400, bytes(8192), b"SQLite format 3\x00" + bytes(4080)],
    ids=["empty", "text", "zeros", "a header alone"],
)
def test_a_file_that_is_no_cache_is_begun_anew(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert heals(path) == ROWS


def test_a_damaged_cache_is_put_aside_with_its_journal(path: Path) -> None:
    path.write_bytes(b"this was never a database" * 400)
    path.with_name("vectors.sqlite-wal").write_bytes(b"the old journal")
    heals(path)
    assert path.with_suffix(".damaged").exists()
    assert not path.with_name("vectors.sqlite-wal").exists()


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE vectors (key TEXT, model TEXT, vector BLOB, packed BLOB)",
        "CREATE TABLE vectors (key TEXT, model TEXT, vector BLOB, packed BLOB, checksum BLOB, more TEXT)",
        "CREATE TABLE vectors (key TEXT, model TEXT, vector BLOB, packed BLOB, checksum BLOB CHECK (checksum IS NULL))",
        "CREATE VIEW vectors AS SELECT 1 AS key, 1 AS model, 1 AS vector, 1 AS packed, 1 AS checksum",
    ],
)
def test_a_cache_with_a_foreign_schema_is_begun_anew(path: Path, schema: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(schema)
    assert heals(path) == ROWS


@pytest.mark.parametrize(
    "harm",
    [
        "vector = substr(vector, 1, 8)",
        "vector = zeroblob(length(vector))",
        "vector = 'text'",
        "packed = x''",
        "packed = 7",
        "checksum = x''",
        # The rows of two keys exchanged: each vector is sound, and stands under the wrong text.
        "(vector, packed, checksum) = (SELECT vector, packed, checksum FROM vectors WHERE key = '8')",
    ],
    ids=lambda harm: harm.split(" = ")[1][:20],
)
def test_a_row_that_was_altered_is_made_again(path: Path, harm: str) -> None:
    filled(path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"UPDATE vectors SET {harm} WHERE key = '7'")
    assert heals(path) == 1


@pytest.mark.parametrize("code", ["SQLITE_IOERR_READ", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_READONLY"])
def test_a_fault_of_the_disk_costs_no_good_cache(path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    filled(path)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = getattr(sqlite3, code)

    def fails(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr("index.store.vectors.sqlite3.connect", fails)
        with closing(VectorCache(path)) as cache:
            assert survivors(cache) == {}
            cache.put("model", [("1", stored(1))])
    assert not path.with_suffix(".damaged").exists()
    with closing(VectorCache(path)) as cache:
        assert len(survivors(cache)) == ROWS


def test_a_folder_where_the_cache_should_be_is_done_without(path: Path) -> None:
    path.mkdir()
    with closing(VectorCache(path)) as cache:
        cache.put("model", [("1", stored(1))])
        assert survivors(cache) == {}
    assert path.is_dir()


def test_what_is_not_used_is_dropped_and_its_room_given_back(path: Path) -> None:
    filled(path)
    size = path.stat().st_size
    with closing(VectorCache(path)) as cache:
        cache.keep_only([("1", "model"), ("2", "model"), ("3", "other model"), ("never put", "model")])
        assert cache.count() == 2
        assert survivors(cache).keys() == {"1", "2"}
    assert path.stat().st_size < size / 4
