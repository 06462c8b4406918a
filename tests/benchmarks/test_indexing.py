"""Indexing against raw encoding: how much of the model's own throughput a whole refresh keeps, and its memory.

The texts are made: sentences of common English words, of the length of encyclopaedia paragraphs. The raw side encodes
exactly what the refresh embeds, headings included, with `SentenceTransformer.encode` as anyone would call it, and once
more in the precision that the refresh uses.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import perf_counter

import torch
from sentence_transformers import SentenceTransformer

from index.building.splitting import split
from index.embedded_text import embedded_text
from index.models.device import fastest_dtype
from index.models.model import DEFAULT_MODEL, find_model
from index.sources.scanning import scan
from tests.benchmarks.made import write_corpus
from tests.unit.index.readers import read

DOCUMENTS = 300
REFRESH = """
import resource, sys
from pathlib import Path
from index.building.refresh import RefreshRequest, refresh
from index.models.model import DEFAULT_MODEL, find_model
from index.building.writer import PassageModel
embedder = PassageModel(Path(sys.argv[2]) / "models", lambda _: None, "cpu", find_model(DEFAULT_MODEL))
embedder.embed_query("the model is loaded, as it is for the raw side")
request = RefreshRequest(Path(sys.argv[1]), Path(sys.argv[2]), DEFAULT_MODEL)
report = refresh(request, lambda _: embedder, lambda _: None)
print(report.seconds, report.embedded, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_a_refresh_keeps_nine_tenths_of_the_raw_throughput(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", DOCUMENTS, paragraphs=4)
    model = find_model(DEFAULT_MODEL)
    documents = [read(file.read(), file.source) for file in scan(corpus)]
    texts = [
        embedded_text(document.metadata.title, passage)
        for document in documents
        for passage in split(document, model.count_tokens, model.usable_window)
    ]
    raw = _raw(model.folder, texts, torch.float32)
    same_precision = _raw(model.folder, texts, fastest_dtype())
    ours, _ = _refresh(corpus, tmp_path / "data", len(texts))

    sys.stdout.write(
        f"\nindexing, {len(texts)} passages: {ours:.0f} a second; raw encode {raw:.0f} (we reach {ours / raw:.0%}); "
        f"raw encode in {fastest_dtype()} {same_precision:.0f} ({ours / same_precision:.0%})\n"
    )
    assert ours >= 0.9 * raw


def test_memory_is_flat_in_the_number_of_documents(tmp_path: Path) -> None:
    peaks = []
    for documents in (DOCUMENTS, 4 * DOCUMENTS):
        corpus = write_corpus(tmp_path / f"corpus-{documents}", documents, paragraphs=2)
        _, peak = _refresh(corpus, tmp_path / f"data-{documents}", None)
        peaks.append(peak)

    sys.stdout.write(f"\npeak memory: {peaks[0]} MB for {DOCUMENTS} documents, {peaks[1]} MB for four times as many\n")
    assert peaks[1] <= 1.25 * peaks[0]


def _raw(folder: Path, texts: list[str], dtype: torch.dtype) -> float:
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True).to(dtype)
    model.encode(texts[:32])
    started = perf_counter()
    model.encode(texts, normalize_embeddings=True, convert_to_tensor=True)
    return len(texts) / (perf_counter() - started)


def _refresh(corpus: Path, data: Path, passages: int | None) -> tuple[float, int]:
    """Return the passages a second, model loading left out as the raw side leaves it out, and the peak in MB."""
    done = subprocess.run([sys.executable, "-c", REFRESH, str(corpus), str(data)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    seconds, embedded, peak = done.stdout.split()[-3:]
    assert passages is None or int(embedded) == passages
    return int(embedded) / float(seconds), int(peak)
