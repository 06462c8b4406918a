from __future__ import annotations

import json
import pickle
import shutil
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.reading.calibration import Calibration
from bot.answering.reading.extractive import ExtractiveReader, find_reader
from bot.answering.reading.reading import UNREAD
from index.errors import ModelUnusable
from index.models.model import Model
from tests.tiny_question_answering import build_question_answering

QUESTION = "How many hives are there?"
LONG = "The bees slept. " * 60


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Path:
    return build_question_answering(tmp_path_factory.mktemp("reader"), model.folder)


@pytest.fixture(scope="module")
def reader(tiny: Path) -> ExtractiveReader:
    return ExtractiveReader(find_reader(str(tiny)))


@pytest.fixture
def folder(tmp_path: Path, tiny: Path) -> Path:
    return shutil.copytree(tiny, tmp_path / "model")


def configure(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_the_span_that_answers_is_found_and_a_passage_without_one_is_doubted(reader: ExtractiveReader) -> None:
    passages = ["There are 9 hives in the garden.", "There are hives in the garden."]
    answers, lacks = reader.read(QUESTION, passages, seconds=60)
    assert answers.span is not None
    assert answers.span.of(passages[0]) == "9"
    assert answers.probability > 0.9
    assert lacks.probability < 0.1


def test_an_answer_beyond_the_first_window_is_found_at_its_own_place(reader: ExtractiveReader) -> None:
    passage = f"{LONG}At last 42 came. {LONG}"
    (reading,) = reader.read(QUESTION, [passage], seconds=60)
    assert reading.span is not None
    assert reading.span.of(passage) == "42"
    assert reading.span.start == passage.index("42")


def test_passages_keep_their_order_however_long_they_are(reader: ExtractiveReader) -> None:
    passages = [f"{LONG}1", "No number.", f"{LONG}{LONG}2", "3"]
    readings = reader.read(QUESTION, passages, seconds=60)
    spans = [reading.span.of(passage) for reading, passage in zip(readings, passages, strict=True) if reading.span]
    assert [span for span in spans if span.isdigit()] == ["1", "2", "3"]


def test_what_there_is_no_time_for_is_not_read_and_the_best_passages_come_first(tiny: Path) -> None:
    ticks = count()
    reader = ExtractiveReader(find_reader(str(tiny)), clock=lambda: float(next(ticks)))
    passages = ["The 9 hives.", *(f"{LONG * 3}{number}. {LONG * 3}" for number in range(9))]
    first, *rest = reader.read(QUESTION, passages, seconds=1)
    assert first.probability > 0.9
    assert rest[-1] == UNREAD


def test_a_calibration_bends_the_probability_and_leaves_the_span(tiny: Path) -> None:
    plain, humble = (
        ExtractiveReader(find_reader(str(tiny)), calibration).read(QUESTION, ["The 9 hives."], seconds=60)[0]
        for calibration in (Calibration(), Calibration(0.1, -1.0))
    )
    assert humble.span == plain.span
    assert humble.probability < plain.probability


@settings(max_examples=60)
@given(question=st.text(max_size=400), passages=st.lists(st.text(max_size=300), max_size=4))
def test_whatever_is_read_a_span_lies_in_its_passage_and_a_probability_between_0_and_1(
    reader: ExtractiveReader, question: str, passages: list[str]
) -> None:
    readings = reader.read(question, passages, seconds=60)
    assert len(readings) == len(passages)
    for reading, passage in zip(readings, passages, strict=True):
        assert 0 <= reading.probability <= 1
        assert reading.span is None or 0 <= reading.span.start < reading.span.end <= len(passage)


@given(before=st.text("ab \n", max_size=200), after=st.text("ab .", max_size=200))
def test_the_only_number_is_the_answer_wherever_it_stands(reader: ExtractiveReader, before: str, after: str) -> None:
    passage = f"{before} 7 {after}"
    (reading,) = reader.read(QUESTION, [passage], seconds=60)
    assert reading.span is not None
    assert reading.span.of(passage) == "7"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"architectures": ["BertForSequenceClassification"]}, "does not find answers"),
        ({"architectures": "BertForQuestionAnswering"}, "does not find answers"),
        ({"auto_map": {"AutoModelForQuestionAnswering": "mine.Model"}}, "code of its own"),
        ({"max_position_embeddings": 64}, "reads 62 tokens"),
    ],
)
def test_a_model_that_is_no_reader_is_refused_in_one_line(folder: Path, changes: dict[str, Any], reason: str) -> None:
    configure(folder, **changes)
    with pytest.raises(ModelUnusable, match=reason) as refused:
        find_reader(str(folder))
    assert "\n" not in str(refused.value)
    assert str(refused.value).startswith("READER_MODEL")


def test_a_pickle_is_refused_and_never_opened(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({}))
    with pytest.raises(ModelUnusable, match=r"model\.safetensors"):
        find_reader(str(folder))


def test_files_that_do_not_fit_together_are_refused_in_one_line(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelUnusable, match="do not fit together"):
        ExtractiveReader(find_reader(str(folder)))


def test_a_tokenizer_that_is_none_is_refused_in_one_line(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelUnusable, match="do not fit together"):
        ExtractiveReader(find_reader(str(folder)))
