from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.access import NOTHING_HIDDEN
from index.building.builder import BaseBuilder, ChangeBuilder, SplitDocument, Vectors
from index.building.refresh import fingerprint_of
from index.building.splitting import split
from index.documents import EVERYTHING, DocumentMetadata
from index.embeddings import Text, Vector
from index.errors import IndexDamaged
from index.models.embedding import Embedder
from index.models.model import Model
from index.store.catalogue import CATALOGUE, Catalogue
from index.store.dense import DenseIndex
from index.store.generation import LEXICAL
from index.store.lexical import LexicalIndex
from index.store.manifest import Verified, read_manifest, verify
from index.store.vectors import VectorCache, unpack
from tests.unit.index.readers import read


class Counting:
    """The real model, and the texts that it was given."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.texts: list[str] = []

    def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, object]]:
        self.texts += [text.text for text in texts]
        yield from self.embedder.embed(texts)

    def embed_query(self, query: str) -> Vector:
        return self.embedder.embed_query(query)


@pytest.fixture
def counting(embedder: Embedder) -> Counting:
    return Counting(embedder)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[VectorCache]:
    with closing(VectorCache(tmp_path / "vectors.sqlite")) as cache:
        yield cache


@pytest.fixture
def vectors(cache: VectorCache, counting: Counting) -> Vectors:
    return Vectors(cache, "model", lambda: counting)  # type: ignore[arg-type, return-value]


def splits(model: Model, **texts: str) -> list[SplitDocument]:
    documents = [read(text.encode(), f"{name}.txt") for name, text in texts.items()]
    return [SplitDocument(document, "content", split(document, model.count_tokens, 254)) for document in documents]


def test_what_is_in_the_cache_is_not_embedded_again(
    cache: VectorCache, vectors: Vectors, counting: Counting, model: Model
) -> None:
    first = vectors.of(splits(model, a="Cats sleep."))
    again = Vectors(cache, "model", lambda: pytest.fail("the model was loaded"))
    second = again.of(splits(model, a="Cats sleep."))
    assert len(counting.texts) == vectors.embedded == 1
    assert again.embedded == 0
    assert [stored.packed for stored in first.values()] == [stored.packed for stored in second.values()]
    assert first.keys() == second.keys()


def test_a_killed_writer_has_lost_a_hundred_vectors_at_most(
    tmp_path: Path, cache: VectorCache, counting: Counting, model: Model
) -> None:
    class Dying:
        def embed(self, texts: Sequence[Text]) -> Iterator[tuple[int, object]]:
            for done, embedded in enumerate(counting.embed(texts)):
                if done == 250:
                    raise InterruptedError
                yield embedded

    vectors = Vectors(cache, "model", lambda: Dying())  # type: ignore[arg-type, return-value]
    with pytest.raises(InterruptedError):
        vectors.of(splits(model, **{f"d{number}": f"Text {number}." for number in range(300)}))
    with closing(VectorCache(tmp_path / "vectors.sqlite")) as what_another_process_finds:
        assert what_another_process_finds.count() == 200


def test_another_model_has_vectors_of_its_own(
    cache: VectorCache, vectors: Vectors, counting: Counting, model: Model
) -> None:
    vectors.of(splits(model, a="Cats sleep."))
    other = Vectors(cache, "another model", lambda: counting)  # type: ignore[arg-type, return-value]
    other.of(splits(model, a="Cats sleep."))
    assert other.embedded == 1


def test_a_text_that_stands_twice_is_embedded_once_and_found_twice(
    vectors: Vectors, counting: Counting, model: Model
) -> None:
    same = read(b"---\ntitle: Same\n---\nCats sleep.", "a.md"), read(b"---\ntitle: Same\n---\nCats sleep.", "b.md")
    found = vectors.of([SplitDocument(one, "content", split(one, model.count_tokens, 254)) for one in same])
    assert len(counting.texts) == 1
    assert len(found) == 2


def test_packed_vectors_are_those_of_the_passage_and_of_each_sentence(vectors: Vectors, model: Model) -> None:
    (one,) = splits(model, a="Cats sleep. Dogs bark. Mice hide.")
    (stored,) = vectors.of([one]).values()
    unpacked = unpack(stored.packed, 384)
    assert len(unpacked) == 1 + len(one.passages[0].sentences) == 4
    assert float(unpacked[0] @ stored.vector) > 0.99


def test_a_built_generation_holds_the_same_passages_on_every_side(
    tmp_path: Path, vectors: Vectors, model: Model
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    builder = BaseBuilder(folder)
    given = splits(model, a="Cats sleep.", b="Dogs bark.")
    builder.add(given, vectors.of(given))
    manifest = builder.finish(5, fingerprint_of(model))
    assert read_manifest(folder) == manifest
    verify(folder, manifest)
    assert (manifest.number, manifest.documents, manifest.passages, manifest.dimension) == (5, 2, 2, 384)
    with closing(Catalogue.open(folder)) as catalogue:
        assert catalogue.passage_ids() == sorted(passage.id for one in given for passage in one.passages)
    assert LexicalIndex.open(folder / LEXICAL).count() == 2


def test_an_empty_generation_is_a_generation(tmp_path: Path, model: Model) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    manifest = BaseBuilder(folder).finish(1, fingerprint_of(model))
    assert (manifest.documents, manifest.passages, manifest.dimension, manifest.languages) == (0, 0, 0, ())


class LosesOne(DenseIndex):
    """A vector index that loses the last passage of each batch, as Chroma's second writer did."""

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32], records: Sequence[DocumentMetadata]) -> None:
        super().add(ids[:-1], vectors[:-1], records[:-1])


class SwapsVectors(DenseIndex):
    """A vector index that finds what is far instead of what is near, as a stale HNSW file does."""

    def nearest(self, vector: NDArray[np.float32], count: int, *where: object) -> dict[str, float]:
        return super().nearest(-vector, count, EVERYTHING, NOTHING_HIDDEN)


@pytest.mark.parametrize("broken", [LosesOne, SwapsVectors])
def test_a_vector_index_that_does_not_find_its_own_passages_is_not_finished(
    tmp_path: Path, vectors: Vectors, model: Model, monkeypatch: pytest.MonkeyPatch, broken: type[DenseIndex]
) -> None:
    monkeypatch.setattr("index.store.dense.DenseIndex", broken)
    folder = tmp_path / "new"
    folder.mkdir()
    builder = BaseBuilder(folder)
    given = splits(model, a="Cats sleep.", b="Dogs bark.", c="Nvidia sells chips.")
    builder.add(given, vectors.of(given))
    with pytest.raises(IndexDamaged):
        builder.finish(1, fingerprint_of(model))
    assert not (folder / "manifest.json").exists()


def test_a_lexical_index_that_lacks_a_passage_is_not_finished(tmp_path: Path, vectors: Vectors, model: Model) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    builder = BaseBuilder(folder)
    given = splits(model, a="Cats sleep.", b="Dogs bark.")
    builder.add(given, vectors.of(given))
    builder._wait()
    builder._lexical.remove([given[0].passages[0].id])
    with pytest.raises(IndexDamaged, match="lexical"):
        builder.finish(1, fingerprint_of(model))


def test_a_failure_while_writing_is_not_passed_over(tmp_path: Path, vectors: Vectors, model: Model) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    builder = BaseBuilder(folder)
    (one,) = splits(model, a="Cats sleep.")
    stored = vectors.of([one])
    builder.add([one], stored)
    builder.add([one], stored)
    with pytest.raises(Exception, match="UNIQUE"):
        builder.finish(1, fingerprint_of(model))


def test_building_upon_a_generation_leaves_it_as_it_was(tmp_path: Path, vectors: Vectors, model: Model) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    builder = BaseBuilder(old)
    given = splits(model, a="Cats sleep.", b="Dogs bark.")
    builder.add(given, vectors.of(given))
    before = builder.finish(1, fingerprint_of(model))
    change = ChangeBuilder.upon(old, before, None, new, Verified())
    change.remove([given[0].document.metadata.id])
    added = splits(model, c="Mice hide.")
    change.add(added, vectors.of(added))
    after = change.finish(2)
    verify(old, before)
    verify(new, after)
    assert (after.documents, after.passages, after.changed) == (2, 2, 2)
    with closing(Catalogue.open(new)) as catalogue:
        assert [metadata.source for metadata in catalogue.documents()] == ["b.txt", "c.txt"]


def test_a_generation_shares_the_files_of_the_one_before_the_last_and_none_of_the_last(
    tmp_path: Path, vectors: Vectors, model: Model
) -> None:
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()
    builder = BaseBuilder(folders[0])
    given = splits(model, a="Cats sleep.", b="Dogs bark.")
    builder.add(given, vectors.of(given))
    manifest, verified = builder.finish(0, fingerprint_of(model)), Verified()
    inodes = [{path.stat().st_ino for path in folders[0].rglob("*") if path.is_file()}]
    for number in range(1, 4):
        older = folders[number - 2] if number > 1 else None
        change = ChangeBuilder.upon(folders[number - 1], manifest, older, folders[number], verified)
        added = splits(model, **{f"c{number}": f"Mouse {number} hides."})
        change.add(added, vectors.of(added))
        manifest = change.finish(number)
        verify(folders[number], manifest)
        inodes.append({path.stat().st_ino for path in folders[number].rglob("*") if path.is_file()})
    assert not any(one & other for one, other in pairwise(inodes))
    for name in ("passages.sqlite", "chroma/chroma.sqlite3"):
        assert (folders[3] / name).samefile(folders[1] / name)
        assert (folders[2] / name).samefile(folders[0] / name)


def test_a_previous_generation_that_is_not_whole_is_not_built_upon(
    tmp_path: Path, vectors: Vectors, model: Model
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    builder = BaseBuilder(old)
    given = splits(model, a="Cats sleep.")
    builder.add(given, vectors.of(given))
    before = builder.finish(1, fingerprint_of(model))
    (old / CATALOGUE).write_bytes(b"damaged")
    with pytest.raises(IndexDamaged, match="is damaged: run"):
        ChangeBuilder.upon(old, before, None, new, Verified())
