"""Searching and asking over 100,000 passages, against encoding the query and one raw Chroma query in the same run.

The passages are made sentences with made-up vectors; the questions are embedded by the real model.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from bot.answering.answerer import Answerer
from bot.answering.selecting.confidence import load_confidence
from index.access import NOTHING_HIDDEN, OPERATOR
from index.building.refresh import RefreshRequest, refresh
from index.documents import EVERYTHING
from index.library import Library
from index.models.embedding import Embedder
from index.models.model import DEFAULT_MODEL
from index.store.data_folder import DataFolder
from index.store.generation import Generation
from tests.benchmarks.made import MadeUp, common_words, sentence, write_corpus

DOCUMENTS, PARAGRAPHS = 2_500, 40
QUESTIONS = 200


def test_search_and_ask_are_quick_over_a_hundred_thousand_passages(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    corpus, data = write_corpus(tmp_path / "corpus", DOCUMENTS, PARAGRAPHS), tmp_path / "data"
    started = perf_counter()
    report = refresh(RefreshRequest(corpus, data, DEFAULT_MODEL), lambda _: MadeUp(), lambda _: None)
    built = perf_counter() - started
    library = Library(corpus, data, DEFAULT_MODEL, Embedder)
    answerer = Answerer(library, load_confidence())
    choose, words = random.Random(1), common_words()
    questions = ["What of " + sentence(choose, words)[:60] + "?" for _ in range(QUESTIONS)]
    data_folder = DataFolder(data)
    with closing(Generation(data_folder, data_folder.current() or 0)) as generation:
        vectors = [library.vector(question) for question in questions]
        encode = _p95(lambda number: library.vector(questions[number]))
        raw = _p95(
            lambda number: generation.dense.nearest(np.asarray(vectors[number]), 100, EVERYTHING, NOTHING_HIDDEN)
        )
        both = _p95(lambda number: _encode_and_query(library, generation, questions[number]))
    search = _p95(lambda number: library.search(questions[number], OPERATOR))
    ask = _p95(lambda number: answerer.answer(questions[number], OPERATOR))
    library.close()

    sys.stdout.write(
        f"\n{report.passages:,} passages, built in {built:.0f} s; p95 in ms: encode {encode:.1f}, Chroma {raw:.1f}, "
        f"both {both:.1f}; search {search:.1f} ({search / both:.1f} times both); ask {ask:.1f}\n"
    )
    assert report.passages >= 100_000
    assert search <= 3 * both
    assert ask <= 150


def _encode_and_query(library: Library, generation: Generation, question: str) -> None:
    vector = library.vector(question)
    assert vector is not None
    generation.dense.nearest(vector, 100, EVERYTHING, NOTHING_HIDDEN)


def _p95(step: Callable[[int], object]) -> float:
    """Return the 95th percentile of a step's time over all questions, in milliseconds, after a warm-up."""
    for number in range(10):
        step(number)
    times = []
    for number in range(QUESTIONS):
        started = perf_counter()
        step(number)
        times.append(perf_counter() - started)
    return float(np.percentile(times, 95)) * 1000
