"""The doctor: one check for each thing that Footnote stands on, and what to do where it gives way."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rich.console import Console
from rich.text import Text

from bot.settings import Settings
from index.errors import FootnoteError

if TYPE_CHECKING:
    from index.models.cross_encoder import PairModel
    from index.store.manifest import Manifest

OLDEST_PYTHON = (3, 11)
LITTLE_SPACE = 1_000_000_000
SHOWN_UNREAD = 5


class Result(StrEnum):
    """How a check came out; only `FAIL` keeps Footnote from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was looked at, how it came out, and what was seen or is to be done."""

    name: str
    result: Result
    detail: str


def examine(settings: Settings) -> Iterator[Check]:
    """Yield every check of this installation, in the order in which a newcomer would need them."""
    for name, check in _CHECKS.items():
        try:
            result, detail = check(settings)
        except FootnoteError as error:
            result, detail = Result.FAIL, str(error)
        yield Check(name, result, detail)


def show(console: Console, check: Check) -> None:
    """Write one check as one line."""
    line = Text.assemble((f"{check.result:<5}", _STYLES[check.result]), f"{check.name}: {check.detail}")
    console.print(line, soft_wrap=True, highlight=False)


_STYLES = {Result.OK: "green", Result.WARN: "yellow", Result.FAIL: "bold red"}


def _python(settings: Settings) -> tuple[Result, str]:
    del settings
    return (Result.OK if sys.version_info >= OLDEST_PYTHON else Result.FAIL), platform.python_version()


def _settings(settings: Settings) -> tuple[Result, str]:
    return Result.OK, f"corpus {settings.corpus}, data {settings.data}, model {settings.embedding_model}"


def _corpus(settings: Settings) -> tuple[Result, str]:
    from index.readers.formats import is_read
    from index.sources.folder import scan

    documents = sum(1 for file in scan(settings.corpus) if is_read(file.source))
    if not documents:
        return Result.FAIL, f"{settings.corpus} holds no file that can be read: put documents there"
    return Result.OK, f"{documents:,} files in {settings.corpus}"


def _unread(settings: Settings) -> tuple[Result, str]:
    from index.store import failures
    from index.store.data_folder import DataFolder

    unread = failures.read(DataFolder(settings.data).failures)
    if not unread:
        return Result.OK, "everything that the last refresh found was read"
    shown = "; ".join(f"{failure.source}: {failure.reason}" for failure in unread[:SHOWN_UNREAD])
    more = f"; and {len(unread) - SHOWN_UNREAD} more: footnote sources --failed" if len(unread) > SHOWN_UNREAD else ""
    return Result.WARN, f"{len(unread)} could not be read: {shown}{more}"


def _data(settings: Settings) -> tuple[Result, str]:
    folder = next(path for path in (settings.data.absolute(), *settings.data.absolute().parents) if path.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        return Result.FAIL, f"{folder} cannot be written: change its owner, or set FOOTNOTE_DATA"
    free = shutil.disk_usage(folder).free
    detail = f"{settings.data}, {free / 1e9:,.1f} GB free"
    return (Result.OK if free >= LITTLE_SPACE else Result.WARN), detail


def _index(settings: Settings) -> tuple[Result, str]:
    from index.store.manifest import verify

    folder, manifest = _generation(settings)
    if manifest is None:
        return Result.WARN, "none yet: the first question builds it, and so does `footnote refresh`"
    verify(folder, manifest)
    return Result.OK, (
        f"generation {manifest.number}, {_age(manifest.created_at)} old, {manifest.documents:,} documents, "
        f"{manifest.passages:,} passages, every file as its checksum says"
    )


def _model(settings: Settings) -> tuple[Result, str]:
    from index.models.model import DEFAULT_MODEL, find_model

    model = find_model(settings.embedding_model)
    weights = "the published weights" if model.name == DEFAULT_MODEL else "weights in safetensors"
    _, manifest = _generation(settings)
    dimension = f", {manifest.dimension} dimensions" if manifest else ""
    return Result.OK, f"{model.name}, {weights}, float32, reads {model.window} tokens{dimension}"


def _languages(settings: Settings) -> tuple[Result, str]:
    from index.models.model import find_model

    covered = find_model(settings.embedding_model).languages
    _, manifest = _generation(settings)
    spoken = set(manifest.languages) if manifest else set()
    beyond = sorted(spoken - covered) if covered is not None else []
    if not beyond:
        return Result.OK, ", ".join(sorted(spoken)) or "none yet"
    return Result.WARN, (
        f"documents in {', '.join(beyond)} are found by their words alone: "
        f"{settings.embedding_model} does not know the language; set EMBEDDING_MODEL to one that does"
    )


def _confidence(settings: Settings) -> tuple[Result, str]:
    from bot.answering.selecting.confidence import load_confidence

    del settings
    fitted = load_confidence()
    answers = f"answers from {fitted.dense.threshold:.2f} up"
    if not fitted.measured:
        return Result.WARN, f"{answers}; its errors were not measured"
    return Result.OK, "; ".join([answers, *(f"{name} {share:.1%}" for name, share in fitted.measured.items())])


def _chat(settings: Settings) -> tuple[Result, str]:
    if settings.chat_model is None:
        return Result.OK, "quotes alone; CHAT_MODEL is not set"
    from bot.answering.generating.chat import open_chat

    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
    chat = open_chat(settings.chat_model, settings.chat_base_url, key, settings.chat_timeout)
    chat.close()
    provider, _, model = chat.name.partition(":")
    where = urlsplit(settings.chat_base_url).netloc.rpartition("@")[2] if settings.chat_base_url else "its own address"
    return Result.OK, f"{model} of {provider}, at {where}, {settings.chat_timeout} s for a question; nothing was sent"


def _verifier(settings: Settings) -> tuple[Result, str]:
    if settings.verifier_model is None:
        return Result.OK, "none; VERIFIER_MODEL is not set"
    from index.models.cross_encoder import find_verifier

    model = find_verifier(settings.verifier_model)
    return Result.OK, f"{model.name}, weights in safetensors, {_labels(model)}"


def _reranker(settings: Settings) -> tuple[Result, str]:
    if settings.reranker_model is None:
        return Result.OK, "none; RERANKER_MODEL is not set"
    from index.models.cross_encoder import find_reranker

    model = find_reranker(settings.reranker_model)
    return Result.OK, f"{model.name}, weights in safetensors, {_labels(model)}, {settings.reranker_budget:g} s a search"


def _labels(model: PairModel) -> str:
    return f"tells {', '.join(model.labels)} apart" if len(model.labels) > 1 else "one score"


def _discord(settings: Settings) -> tuple[Result, str]:
    if settings.discord_token is None:
        return Result.OK, "no DISCORD_TOKEN; the terminal needs none"
    import asyncio

    from bot.discord.checkup import check_up

    token = settings.discord_token.get_secret_value()
    findings = asyncio.run(check_up(token, message_content=settings.message_content))
    seen = "; ".join(f"{finding.name.removeprefix('Discord ')}: {finding.detail}" for finding in findings)
    return (Result.OK if all(finding.good for finding in findings) else Result.FAIL), seen


_CHECKS: dict[str, Callable[[Settings], tuple[Result, str]]] = {
    "Python": _python,
    "settings": _settings,
    "documents": _corpus,
    "data folder": _data,
    "index": _index,
    "files not read": _unread,
    "embedding model": _model,
    "languages": _languages,
    "confidence": _confidence,
    "chat model": _chat,
    "verifier": _verifier,
    "reranker": _reranker,
    "Discord": _discord,
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


def _age(since: datetime) -> str:
    minutes = int((datetime.now(UTC) - since.astimezone(UTC)).total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // 60 // 24} days"
