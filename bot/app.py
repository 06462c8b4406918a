"""The one composition root: settings become a library, an answerer, and a front end that is handed both."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.settings import NO_READER, Settings
from index.library import Library
from index.models.model import Model
from index.store.data_folder import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

    from bot.answering.answerer import Answerer
    from bot.answering.generating.chat import Chat
    from bot.answering.generating.entailment import ChatJudge
    from bot.answering.keeping.cache import AnswerCache
    from bot.answering.reading.reading import Reader
    from bot.answering.selecting.confidence import OwnCalibration
    from bot.answering.selecting.own_calibration import CalibrationFile
    from bot.answering.selecting.passages import PassageReader
    from bot.answering.verifying.verifying import Entails
    from index.publishing.generations import PublishedGenerations
    from index.serving.query_model import EmbedsQueries
    from index.serving.reranking import Reranker
    from index.store.chroma_server import ChromaServer


def open_library(settings: Settings) -> Library:
    """Return the library of the corpus and data folders that the settings name."""
    load = _load if settings.generations is None else _export_and_load
    load_reranker = functools.partial(_load_reranker, settings)
    return Library(
        settings.corpus,
        settings.data,
        settings.embedding_model,
        functools.partial(load, DataFolder(settings.data).models),
        load_reranker,
        ocr=settings.ocr,
        private_hosts=settings.private_hosts,
        loaders=settings.loaders,
        published=published_generations(settings),
        device=settings.device,
        chroma=chroma_server(settings),
    )


def chroma_server(settings: Settings) -> ChromaServer | None:
    """Return the Chroma server that the settings name, None where they name none."""
    if settings.chroma_url is None:
        return None
    from index.store.chroma_server import ChromaServer

    token = settings.chroma_token.get_secret_value() if settings.chroma_token else None
    return ChromaServer(
        settings.chroma_url, token, settings.chroma_token_header, settings.chroma_tenant, settings.chroma_database
    )


def published_generations(settings: Settings) -> PublishedGenerations | None:
    """Return the generations that the settings say are shared with other machines, None where none are."""
    if settings.generations is None:
        return None
    from index.publishing.generations import PublishedGenerations
    from index.publishing.object_store import open_store

    return PublishedGenerations(functools.partial(open_store, settings.generations))


def open_answerer(library: Library, settings: Settings) -> Answerer:
    """Return the answerer over a library: it quotes, or has the chat model write that the settings name.

    Raises ChatUnusable where that cannot be used.
    """
    # Imported here because `sources` asks nothing and is to start in a blink.
    from bot.answering.answerer import Answerer
    from bot.answering.generating.writing import AnswerWriter
    from bot.answering.selecting.confidence import load_confidence
    from bot.answering.verifying.verifying import Verifier

    confidence = replace(load_confidence(reader_name(settings)), own=own_calibration(settings))
    if settings.chat_model is None:
        return Answerer(library, confidence, reader=_reader(settings))
    chat = open_chat_model(settings, settings.chat_model)
    judge = None if settings.verifier_model else open_judge(settings, chat)
    writer = AnswerWriter(chat, Verifier(library.rarity, library.vector, _entails(settings)), judge)
    return Answerer(library, confidence, writer, _cache(settings), _reader(settings), judge)


def open_uncalibrated(library: Library, settings: Settings) -> Answerer:
    """Return the answerer that quotes, as sure of itself as it was shipped: what is calibrated upon."""
    from bot.answering.answerer import Answerer
    from bot.answering.selecting.confidence import load_confidence

    return Answerer(library, load_confidence(reader_name(settings)), reader=_reader(settings))


def own_calibration(settings: Settings) -> OwnCalibration | None:
    """Return what was fitted on the operator's own questions for the models that the settings name, if anything was.

    Raises ModelUnusable where there is no such embedding model.
    """
    file = calibration_file(settings)
    return file.of(calibration_key(settings)) if file.is_there else None


def calibration_file(settings: Settings) -> CalibrationFile:
    """Return the file of the data folder in which calibrations are kept."""
    from bot.answering.selecting.own_calibration import CalibrationFile

    return CalibrationFile(settings.data / "calibration.json")


def calibration_key(settings: Settings) -> str:
    """Return what a calibration that is made with these settings holds for. Raises ModelUnusable."""
    from bot.answering.selecting.own_calibration import key_of
    from index.models.model import find_model

    return key_of(find_model(settings.embedding_model).fingerprint, reader_name(settings))


def reader_name(settings: Settings) -> str | None:
    """Return the name of the reader that the settings name, None where there is none."""
    return None if settings.reader_model == NO_READER else settings.reader_model


def _reader(settings: Settings) -> PassageReader:
    from bot.answering.selecting.passages import PassageReader

    return PassageReader(functools.partial(_load_reader, settings), settings.reader_budget)


def _load_reader(settings: Settings) -> Reader | None:
    """Return the reader that the settings name, loaded; None where they name none."""
    name = reader_name(settings)
    if name is None:
        return None
    import torch

    from bot.answering.reading.calibration import AS_IT_CLAIMS, load
    from bot.answering.reading.extractive import ExtractiveReader, find_reader
    from index.models.device import fastest_dtype, find_device

    torch.set_num_threads(1)
    device = find_device(settings.device)
    return ExtractiveReader(find_reader(name), load(name) or AS_IT_CLAIMS, fastest_dtype(device), device=device)


def open_chat_model(settings: Settings, model: str) -> Chat:
    """Return the chat model of this name, as the settings say how to reach it. Raises ChatUnusable."""
    from bot.answering.generating.chat import open_chat

    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
    return open_chat(model, settings.chat_base_url, key, settings.chat_timeout)


def open_judge(settings: Settings, chat: Chat) -> ChatJudge:
    """Return a chat model as the judge of its own drafts, with the proof that is kept of it."""
    from bot.answering.generating.entailment import ChatJudge, ProofFile

    file = ProofFile(settings.data / "entailment.json")
    return ChatJudge(chat, f"{settings.chat_model} at {settings.chat_base_url}", file)


def _entails(settings: Settings) -> Entails | None:
    """Return what judges entailment, the model that the settings name; None where they name none."""
    if settings.verifier_model is None:
        return None
    from index.models.cross_encoder import CrossEncoder, find_verifier
    from index.models.device import find_device

    encoder = CrossEncoder(find_verifier(settings.verifier_model), device=find_device(settings.device))
    return lambda premise, hypothesis: float(encoder.entailment([(premise, hypothesis)])[0])


def _cache(settings: Settings) -> AnswerCache:
    from importlib.metadata import version

    from bot.answering.keeping.cache import AnswerCache

    models = (
        settings.chat_model,
        settings.chat_base_url,
        settings.verifier_model,
        settings.reranker_model,
        settings.reader_model,
    )
    # What a version let through, the next one may not.
    return AnswerCache(settings.data / "written.sqlite", repr((version("footnote"), *models, settings.reader_model)))


def _load_reranker(settings: Settings) -> Reranker | None:
    """Return the reranker that the settings name, loaded; None where they name none."""
    if settings.reranker_model is None:
        return None
    import torch

    from index.models.cross_encoder import CrossEncoder, find_reranker
    from index.models.device import fastest_dtype, find_device
    from index.serving.reranking import Reranker

    model = find_reranker(settings.reranker_model)
    torch.set_num_threads(1)
    device = find_device(settings.device)
    return Reranker(CrossEncoder(model, fastest_dtype(device), device), settings.reranker_budget)


def _export_and_load(exports: Path, model: Model) -> EmbedsQueries:
    """Load a model for a machine that may never build an index, and so never export it, but for this."""
    from index.models.exported import exports_of

    if not exports_of(model, exports):
        from index.models.exporting import export

        export(model, exports)
    return _load(exports, model)


def _load(exports: Path, model: Model) -> EmbedsQueries:
    from index.models.exported import load_exported

    exported = load_exported(model, exports)
    if exported is not None:
        return exported
    # Imported here because torch takes seconds, and half of the commands need no model.
    import torch

    from index.models.embedding import Embedder

    # One question is too little work to share out: on a busy machine a second thread makes it eight times slower.
    torch.set_num_threads(1)
    return Embedder(model)
