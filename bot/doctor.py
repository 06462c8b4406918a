"""The doctor: one check for each thing that Footnote stands on; `bot.presenting.checks` says what to do about it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.presenting.checks import Check, Result, State, Subject
from bot.settings import Settings
from index.errors import FootnoteError

if TYPE_CHECKING:
    from index.store.manifest import Manifest

OLDEST_PYTHON = (3, 11)
LITTLE_SPACE = 1_000_000_000
SHOWN_UNREAD = 5
_SECONDS_FOR_CHROMA, _SAMPLE = 5.0, 50
_REMEDIES = {
    "answers.sqlite": "the bot sets a damaged file aside when it starts and takes its last daily copy; if it cannot be"
    " opened, look after its disk and its rights",
    "channels.sqlite": "it is set aside with the next change; then add the channels anew with /index add",
    "vectors.sqlite": "it is only a cache, which the next `footnote refresh` makes anew",
}


def examine(settings: Settings) -> Iterator[Check]:
    """Yield every check of this installation, in the order in which a newcomer would need them."""
    for subject, look in _LOOKS.items():
        try:
            yield look(settings)
        except FootnoteError as error:
            yield Check(subject, Result.FAIL, State.UNUSABLE, {"reason": str(error)})


def _python(settings: Settings) -> Check:
    del settings
    result = Result.OK if sys.version_info >= OLDEST_PYTHON else Result.FAIL
    return Check(Subject.PYTHON, result, State.VERSION, {"version": platform.python_version()})


def _settings(settings: Settings) -> Check:
    data = {"corpus": settings.corpus, "data": settings.data, "model": settings.embedding_model}
    return Check(Subject.SETTINGS, Result.OK, State.SETTINGS, data)


def _documents(settings: Settings) -> Check:
    from index.readers.formats import is_read
    from index.sources.configuration import read_configuration
    from index.sources.gathering import gather

    if settings.generations and not settings.corpus.is_dir():
        return Check(Subject.DOCUMENTS, Result.OK, State.DOCUMENTS_ELSEWHERE, {"corpus": settings.corpus})
    sources = read_configuration(settings.corpus)
    files = sum(1 for file in gather(sources, settings.data).files if is_read(file.name))
    if not files:
        return Check(Subject.DOCUMENTS, Result.FAIL, State.NO_DOCUMENTS, {"corpus": settings.corpus})
    return Check(Subject.DOCUMENTS, Result.OK, State.DOCUMENTS, {"files": files, "corpus": settings.corpus})


def _unread(settings: Settings) -> Check:
    from index.store import failures
    from index.store.data_folder import DataFolder

    unread = failures.read(DataFolder(settings.data).failures)
    if not unread:
        return Check(Subject.UNREAD, Result.OK, State.ALL_READ)
    return Check(Subject.UNREAD, Result.WARN, State.UNREAD, {"count": len(unread), "unread": unread[:SHOWN_UNREAD]})


def _ocr(settings: Settings) -> Check:
    if not settings.ocr:
        return Check(Subject.OCR, Result.OK, State.OCR_OFF)
    from index.readers import ocr

    tool = ocr.tool()
    if tool is None:
        return Check(Subject.OCR, Result.WARN, State.OCR_MISSING)
    return Check(Subject.OCR, Result.OK, State.OCR, {"tool": tool})


def _data_folder(settings: Settings) -> Check:
    folder = next(path for path in (settings.data.absolute(), *settings.data.absolute().parents) if path.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        return Check(Subject.DATA_FOLDER, Result.FAIL, State.NOT_WRITABLE, {"folder": folder})
    free = shutil.disk_usage(folder).free
    result = Result.OK if free >= LITTLE_SPACE else Result.WARN
    return Check(Subject.DATA_FOLDER, result, State.FREE_SPACE, {"data": settings.data, "gigabytes": free / 1e9})


def _index(settings: Settings) -> Check:
    from index.store.manifest import verify

    folder, manifest = _generation(settings)
    if manifest is None:
        return Check(Subject.INDEX, Result.WARN, State.NO_INDEX)
    verify(folder, manifest)
    data = {
        "generation": manifest.number,
        "age": datetime.now(UTC) - manifest.created_at.astimezone(UTC),
        "documents": manifest.documents,
        "passages": manifest.passages,
    }
    return Check(Subject.INDEX, Result.OK, State.WHOLE_INDEX, data)


def _published(settings: Settings) -> Check:
    from bot.app import published_generations
    from index.publishing.object_store import without_password

    published = published_generations(settings)
    if published is None or settings.generations is None:
        return Check(Subject.PUBLISHED, Result.OK, State.NOT_SET, {"variable": "FOOTNOTE_GENERATIONS"})
    publication, url = published.latest(), without_password(settings.generations)
    if publication is None:
        return Check(Subject.PUBLISHED, Result.WARN, State.NOTHING_PUBLISHED, {"url": url})
    size = sum(file.size for file in publication.files.values()) / 1e6
    data = {"url": url, "generation": publication.generation, "megabytes": size}
    return Check(Subject.PUBLISHED, Result.OK, State.PUBLISHED, data)


def _chroma(settings: Settings) -> Check:
    from bot.app import chroma_server
    from index.store.vector_store import DENSE, collection_of

    server = chroma_server(settings)
    folder, manifest = _generation(settings)
    collection = collection_of(folder / DENSE) if manifest else None
    if server is None:
        if collection is None:
            return Check(Subject.CHROMA, Result.OK, State.NOT_SET, {"variable": "CHROMA_URL"})
        return Check(Subject.CHROMA, Result.WARN, State.VECTORS_ELSEWHERE)
    try:
        with closing(server.connect(_SECONDS_FOR_CHROMA)) as connection:
            connection.answers()
            if collection is None:
                return Check(Subject.CHROMA, Result.OK, State.VECTORS_HERE, {"url": server.shown})
            index = connection.open(collection)
            index.check(_SAMPLE)
            return Check(Subject.CHROMA, Result.OK, State.CHROMA, {"url": server.shown, "passages": index.count()})
    except FootnoteError as error:
        # Words are still searched.
        return Check(Subject.CHROMA, Result.WARN, State.UNUSABLE, {"reason": str(error)})


def _databases(settings: Settings) -> Check:
    import sqlite3

    for name, remedy in _REMEDIES.items():
        file = settings.data / name
        if not file.exists():
            continue
        try:
            # For reading alone: whoever mends it says what it does about it.
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            state = str(error)
        if state != "ok":
            data = {"file": file, "reason": " ".join(state.split()), "remedy": remedy}
            return Check(Subject.DATABASES, Result.FAIL, State.DAMAGED_DATABASE, data)
    return Check(Subject.DATABASES, Result.OK, State.SOUND_DATABASES)


def _embedding_model(settings: Settings) -> Check:
    from index.models.exported import load_exported
    from index.models.model import DEFAULT_MODEL, find_model
    from index.store.data_folder import DataFolder

    model = find_model(settings.embedding_model)
    _, manifest = _generation(settings)
    exported = load_exported(model, DataFolder(settings.data).models)
    data = {
        "model": model.name,
        "weights": "published" if model.name == DEFAULT_MODEL else "safetensors",
        "runtime": "torch" if exported is None else "ONNX Runtime",
        "window": model.window,
        "dimensions": manifest.dimension if manifest else None,
        "prompts": model.prompts.origin,
    }
    return Check(Subject.EMBEDDING_MODEL, Result.OK, State.EMBEDDING_MODEL, data)


def _languages(settings: Settings) -> Check:
    from index.models.model import find_model

    read = find_model(settings.embedding_model).languages
    _, manifest = _generation(settings)
    spoken = set(manifest.languages) if manifest else set()
    beyond = sorted(spoken - read) if read is not None else []
    if not beyond:
        return Check(Subject.LANGUAGES, Result.OK, State.LANGUAGES, {"languages": sorted(spoken)})
    data = {"languages": beyond, "model": settings.embedding_model}
    return Check(Subject.LANGUAGES, Result.WARN, State.UNREAD_LANGUAGES, data)


def _confidence(settings: Settings) -> Check:
    from bot.answering.selecting.confidence import load_confidence
    from bot.app import own_calibration
    from index.models.model import DEFAULT_MODEL

    fitted, own = load_confidence(), own_calibration(settings)
    if own is not None:
        data = {"model": settings.embedding_model} | asdict(own) | {"threshold": own.thresholds.answer}
        return Check(Subject.CONFIDENCE, Result.OK, State.CALIBRATED, data)
    data = {"threshold": fitted.dense.thresholds.answer, "errors": fitted.measured, "model": DEFAULT_MODEL}
    if settings.embedding_model != DEFAULT_MODEL:
        data |= {"fitted": DEFAULT_MODEL, "model": settings.embedding_model}
        return Check(Subject.CONFIDENCE, Result.WARN, State.FITTED_ON_ANOTHER, data)
    if not fitted.measured:
        return Check(Subject.CONFIDENCE, Result.WARN, State.UNMEASURED, data)
    return Check(Subject.CONFIDENCE, Result.OK, State.MEASURED, data)


def _chat_model(settings: Settings) -> Check:
    if settings.chat_model is None:
        return Check(Subject.CHAT_MODEL, Result.OK, State.QUOTES_ALONE)
    from bot.answering.generating.chat import open_chat

    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
    chat = open_chat(settings.chat_model, settings.chat_base_url, key, settings.chat_timeout)
    chat.close()
    provider, _, model = chat.name.partition(":")
    # Without the name and the password that may stand in front of the host.
    host = urlsplit(settings.chat_base_url).netloc.rpartition("@")[2] if settings.chat_base_url else None
    data = {"model": model, "provider": provider, "host": host, "seconds": settings.chat_timeout}
    return Check(Subject.CHAT_MODEL, Result.OK, State.CHAT_MODEL, data)


def _verifier(settings: Settings) -> Check:
    if settings.verifier_model is None:
        return Check(Subject.VERIFIER, Result.OK, State.NOT_SET, {"variable": "VERIFIER_MODEL"})
    from index.models.cross_encoder import find_verifier

    model = find_verifier(settings.verifier_model)
    return Check(Subject.VERIFIER, Result.OK, State.VERIFIER, {"model": model.folder.name, "labels": model.labels})


def _reader(settings: Settings) -> Check:
    from bot.answering.reading.extractive import find_reader
    from bot.answering.selecting.confidence import load_confidence
    from bot.app import reader_name

    name = reader_name(settings)
    if name is None:
        return Check(Subject.READER, Result.OK, State.NO_READER)
    find_reader(name)
    data = {"model": name, "seconds": settings.reader_budget}
    if load_confidence(name).read is None:
        return Check(Subject.READER, Result.WARN, State.UNCALIBRATED_READER, data)
    return Check(Subject.READER, Result.OK, State.READER, data)


def _judge(settings: Settings) -> Check:
    """Have the chat model judge the known pairs, and keep how it did; it is believed from then on, or not."""
    if settings.chat_model is None:
        return Check(Subject.JUDGE, Result.OK, State.NO_JUDGE, {"reason": "CHAT_MODEL is not set"})
    if settings.verifier_model is not None:
        return Check(Subject.JUDGE, Result.OK, State.NO_JUDGE, {"reason": "VERIFIER_MODEL judges"})
    from bot.app import open_chat_model, open_judge
    from bot.errors import ChatFailed
    from bot.presenting.chat_failures import phrase

    with closing(open_chat_model(settings, settings.chat_model)) as chat:
        try:
            proof = open_judge(settings, chat).prove()
        except ChatFailed as failed:
            data = {"reason": phrase(failed.failure)}
            return Check(Subject.JUDGE, Result.WARN, State.SILENT_JUDGE, data)
    state = State.JUDGE if proof.suffices else State.UNFIT_JUDGE
    return Check(Subject.JUDGE, Result.OK if proof.suffices else Result.WARN, state, asdict(proof))


def _reranker(settings: Settings) -> Check:
    if settings.reranker_model is None:
        return Check(Subject.RERANKER, Result.OK, State.NOT_SET, {"variable": "RERANKER_MODEL"})
    from index.models.cross_encoder import find_reranker

    model = find_reranker(settings.reranker_model)
    data = {"model": model.folder.name, "labels": model.labels, "seconds": settings.reranker_budget}
    return Check(Subject.RERANKER, Result.OK, State.RERANKER, data)


def _channels(settings: Settings) -> Check:
    from index.sources.channels import Channels, channels_in

    kept = Channels(channels_in(settings.data))
    names, problems = {each.id: each.name for each in kept.every()}, kept.problems()
    data = {"channels": len(names), "problems": [(names[id_], problem) for id_, problem in problems.items()]}
    if not names:
        return Check(Subject.CHANNELS, Result.OK, State.NO_CHANNELS)
    if not settings.message_content:
        return Check(Subject.CHANNELS, Result.WARN, State.UNHEARD_CHANNELS, data)
    if problems:
        return Check(Subject.CHANNELS, Result.WARN, State.UNREAD_CHANNELS, data)
    return Check(Subject.CHANNELS, Result.OK, State.CHANNELS, data)


def _discord(settings: Settings) -> Check:
    if settings.discord_token is None:
        return Check(Subject.DISCORD, Result.OK, State.NO_TOKEN)
    import asyncio

    from bot.discord.checkup import check_up

    token = settings.discord_token.get_secret_value()
    findings = asyncio.run(check_up(token, message_content=settings.message_content))
    seen = [(finding.name.removeprefix("Discord "), finding.detail) for finding in findings]
    result = Result.OK if all(finding.good for finding in findings) else Result.FAIL
    return Check(Subject.DISCORD, result, State.DISCORD, {"findings": seen})


_LOOKS: dict[Subject, Callable[[Settings], Check]] = {
    Subject.PYTHON: _python,
    Subject.SETTINGS: _settings,
    Subject.DOCUMENTS: _documents,
    Subject.DATA_FOLDER: _data_folder,
    Subject.INDEX: _index,
    Subject.PUBLISHED: _published,
    Subject.CHROMA: _chroma,
    Subject.DATABASES: _databases,
    Subject.UNREAD: _unread,
    Subject.OCR: _ocr,
    Subject.EMBEDDING_MODEL: _embedding_model,
    Subject.LANGUAGES: _languages,
    Subject.CONFIDENCE: _confidence,
    Subject.CHAT_MODEL: _chat_model,
    Subject.VERIFIER: _verifier,
    Subject.RERANKER: _reranker,
    Subject.READER: _reader,
    Subject.JUDGE: _judge,
    Subject.CHANNELS: _channels,
    Subject.DISCORD: _discord,
}


def _generation(settings: Settings) -> tuple[Path, Manifest | None]:
    """Return the folder and the manifest of the generation in use; None where there is none."""
    from index.store.data_folder import DataFolder
    from index.store.manifest import read_manifest

    data = DataFolder(settings.data)
    number = data.current()
    if number is None:
        return settings.data, None
    return data.generation(number), read_manifest(data.generation(number))
