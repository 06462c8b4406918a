from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Span
from index.embeddings import Text
from index.models.device import fastest_dtype
from index.models.embedding import Embedder
from index.models.exported import ExportedModel, exports_of, load_exported
from index.models.exporting import export
from index.models.model import Model

PASSAGE = Text("The rate rose to 4.6 percent in May. In April it was 4.4 percent.", (Span(0, 36), Span(37, 65)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Path:
    folder = tmp_path_factory.mktemp("models")
    assert export(model, folder)
    return folder


@pytest.fixture(scope="module")
def exported(folder: Path, model: Model) -> ExportedModel:
    found = load_exported(model, folder)
    assert found
    return found


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=300))
def test_the_vector_of_any_question_is_that_of_the_model_itself(
    text: str, exported: ExportedModel, embedder: Embedder
) -> None:
    vector = exported.embed_query(text)
    assert vector.dtype == np.float32
    assert float(vector @ embedder.embed_query(text)) > 0.9999


def test_a_question_longer_than_the_window_is_cut_where_the_model_cuts_it(
    exported: ExportedModel, embedder: Embedder
) -> None:
    text = "What did the board say of sales in May? " * 200
    assert float(exported.embed_query(text) @ embedder.embed_query(text)) > 0.9999


@settings(max_examples=20, deadline=None)
@given(words=st.lists(st.sampled_from(["Sales", "rose", "in May.", "日本", "Über", "4.6 %", "  ", "😀"]), max_size=30))
def test_passages_and_their_sentences_are_embedded_as_by_the_model_itself(
    words: list[str], exported: ExportedModel, embedder: Embedder
) -> None:
    text = " ".join(words)
    half = len(text) // 2
    texts = [Text(text, (Span(0, half), Span(half, len(text)))), Text("The rate is 4.6 percent.", ())]
    expected, found = dict(embedder.embed(texts)), dict(exported.embed(texts))
    assert found.keys() == expected.keys()
    for place, embedding in found.items():
        assert np.abs(embedding.vector - expected[place].vector).max() < 1e-4
        assert embedding.sentences.shape == expected[place].sentences.shape
        assert embedding.sentences.dtype == embedding.vector.dtype == np.float32
        assert np.abs(embedding.sentences - expected[place].sentences).max(initial=0) < 1e-4


def test_vectors_of_the_fastest_arithmetic_lie_beside_those_of_the_export(
    model: Model, exported: ExportedModel
) -> None:
    fastest = dict(Embedder(model, fastest_dtype()).embed([PASSAGE]))[0]
    slowest = dict(exported.embed([PASSAGE]))[0]
    assert float(fastest.vector @ slowest.vector) > 0.999
    assert np.einsum("sd,sd->s", fastest.sentences, slowest.sentences).min() > 0.999


def test_the_prompt_of_a_question_is_put_before_it(folder: Path, model: Model, exported: ExportedModel) -> None:
    prompted = replace(model, prompts=replace(model.prompts, query="query: "))
    (file,) = exports_of(model, folder)
    asked = ExportedModel(prompted, file.read_bytes()).embed_query("How high is the rate?")
    assert np.array_equal(asked, exported.embed_query("query: How high is the rate?"))


def test_the_weights_stay_in_the_model_s_own_file(folder: Path, model: Model) -> None:
    (file,) = exports_of(model, folder)
    assert file.stat().st_size < model.weights.stat().st_size / 100


def test_a_file_that_was_altered_is_not_asked(folder: Path, model: Model, tmp_path: Path) -> None:
    (file,) = exports_of(model, folder)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / file.name).write_bytes(content)
    assert load_exported(model, tmp_path) is None


def test_the_file_of_another_model_is_not_asked(folder: Path, model: Model) -> None:
    assert load_exported(replace(model, fingerprint="0123456789abcdef"), folder) is None


def test_a_model_that_cannot_be_exported_is_named_in_the_log_and_nothing_is_written(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise RuntimeError("no symbolic function")

    monkeypatch.setattr(torch.onnx, "export", refuse)
    with caplog.at_level(logging.WARNING):
        assert export(model, tmp_path) is None
    assert f"{model.name} is not exported (RuntimeError: no symbolic function)" in caplog.text
    assert not list(tmp_path.iterdir())


def test_a_model_that_says_other_things_once_exported_is_not_used(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ExportedModel, "embed_query", lambda self, query: np.zeros(384, dtype=np.float32))
    assert export(model, tmp_path) is None
    assert "its vectors would be others (cosine 0.0000)" in caplog.text
    assert not list(tmp_path.iterdir())


def test_what_was_exported_once_more_takes_the_place_of_what_was_there(model: Model, tmp_path: Path) -> None:
    (tmp_path / f"{model.fingerprint}-0000000000000000.onnx").write_bytes(b"half of it")
    made = export(model, tmp_path)
    assert exports_of(model, tmp_path) == [made]
