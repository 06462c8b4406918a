from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot import doctor
from bot.answering.reading.calibration import Calibration
from bot.answering.selecting.confidence import OwnCalibration, Thresholds
from bot.answering.selecting.own_calibration import CalibrationFile
from bot.doctor import examine
from bot.presenting.checks import Check, Result, State, Subject, in_english
from bot.settings import Settings
from index.building.refresh import refresh
from index.messages import Channel, Holds
from index.sources.channels import Channels, channels_in
from tests.chroma_servers import ChromaProcess
from tests.conftest import Shelf, no_model


def chat_model(folder: Path, **given: Any) -> Check:
    """Give the check of the chat model, as the doctor says it."""
    settings = Settings(corpus=folder, data=folder, **given)
    return next(check for check in examine(settings) if check.subject is Subject.CHAT_MODEL)


def test_without_a_chat_model_nothing_is_wrong(tmp_path: Path) -> None:
    check = chat_model(tmp_path)

    assert check == Check(Subject.CHAT_MODEL, Result.OK, State.QUOTES_ALONE)
    assert in_english(check) == "quotes alone; CHAT_MODEL is not set"


def test_a_chat_model_is_opened_and_shown_with_its_host_and_without_what_is_secret(tmp_path: Path) -> None:
    check = chat_model(
        tmp_path,
        chat_model="openai:gpt-5-mini",
        chat_base_url="https://me:hidden@chat.example:8443/v1",
        chat_api_key=SecretStr("hidden"),
    )

    assert check.result is Result.OK
    assert in_english(check) == "gpt-5-mini of openai, at chat.example:8443, 45 s for a question"


def test_a_chat_model_that_cannot_be_used_is_a_failure_that_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    check = chat_model(tmp_path, chat_model="openai:gpt-5-mini")

    assert check.result is Result.FAIL
    assert in_english(check).startswith("a chat model of openai needs a key: set CHAT_API_KEY")


def cross_encoder(name: str, folder: Path, **given: Any) -> Check:
    """Give the check of the verifier or the reranker, as the doctor says it."""
    settings = Settings(corpus=folder, data=folder, **given)
    return next(check for check in examine(settings) if check.subject == name)


@pytest.mark.parametrize("name", ["verifier", "reranker"])
def test_without_a_cross_encoder_nothing_is_wrong(name: str, tmp_path: Path) -> None:
    check = cross_encoder(name, tmp_path)

    assert check.result is Result.OK
    assert in_english(check) == f"none; {name.upper()}_MODEL is not set"


def test_cross_encoders_are_found_and_shown_with_what_they_tell(
    tmp_path: Path, tiny_nli: Path, tiny_reranker: Path
) -> None:
    verifier = cross_encoder("verifier", tmp_path, verifier_model=str(tiny_nli))
    reranker = cross_encoder("reranker", tmp_path, reranker_model=str(tiny_reranker), reranker_budget=0.5)

    assert verifier.result is reranker.result is Result.OK
    assert in_english(verifier).endswith(", weights in safetensors, tells contradiction, entailment, neutral apart")
    assert in_english(reranker).endswith(", weights in safetensors, one score, 0.5 s a search")


def test_a_cross_encoder_of_the_wrong_kind_is_a_failure_that_says_why(tmp_path: Path, tiny_nli: Path) -> None:
    check = cross_encoder("reranker", tmp_path, reranker_model=str(tiny_nli))

    assert check.result is Result.FAIL
    assert "choose a CrossEncoder with one score" in in_english(check)


def test_ocr_that_is_on_and_has_no_program_is_a_warning_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    missing = ocr(tmp_path, ocr=True)
    (tmp_path / "tesseract").touch(0o755)

    assert ocr(tmp_path) == Check(Subject.OCR, Result.OK, State.OCR_OFF)
    assert missing.result is Result.WARN
    assert "install it" in in_english(missing)
    assert in_english(ocr(tmp_path, ocr=True)) == "scans are read through tesseract"


def ocr(folder: Path, **given: Any) -> Check:
    settings = Settings(corpus=folder, data=folder, **given)
    return next(check for check in examine(settings) if check.subject is Subject.OCR)


def test_another_embedding_model_without_a_calibration_is_a_warning_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = confidence(tmp_path, monkeypatch)

    assert (check.result, check.state) == (Result.WARN, State.FITTED_ON_ANOTHER)
    assert "was fitted on sentence-transformers/all-MiniLM-L6-v2, and other/model is used uncalibrated" in (
        in_english(check)
    )


def test_a_calibration_of_the_operator_is_shown_with_what_it_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = OwnCalibration(Calibration(0.8, -0.5), Thresholds.below(0.5), 40, 20, 0.9, 0.05, 0.95, 0.04)
    CalibrationFile(tmp_path / "calibration.json").keep("key", fitted)
    check = confidence(tmp_path, monkeypatch)

    assert check.result is Result.OK
    assert in_english(check) == (
        "answers from 0.50 up, fitted on 40 questions of your own with other/model: of those that the documents answer "
        "90% are answered, of the others 5%, calibration error 0.040"
    )


def confidence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return what the doctor says about confidence where another embedding model is set."""
    monkeypatch.setattr("bot.app.calibration_key", lambda _: "key")
    settings = Settings(corpus=folder, data=folder, embedding_model="other/model")
    return doctor._confidence(settings)


@pytest.mark.parametrize(
    ("name", "remedy"), [("answers.sqlite", "takes its last daily copy"), ("vectors.sqlite", "makes anew")]
)
def test_a_damaged_database_is_named_with_what_becomes_of_it(tmp_path: Path, name: str, remedy: str) -> None:
    settings = Settings(corpus=tmp_path, data=tmp_path)
    (tmp_path / name).write_bytes(b"no database" * 1_000)
    check = next(check for check in examine(settings) if check.subject is Subject.DATABASES)
    assert check.result is Result.FAIL
    said = in_english(check)
    assert f"{name} cannot be used (file is not a database)" in said and remedy in said
    (tmp_path / name).unlink()
    check = next(check for check in examine(settings) if check.subject is Subject.DATABASES)
    assert check.result is Result.OK


def published(folder: Path, **given: Any) -> Check:
    """Give the check of what is published."""
    settings = Settings(data=folder / "data", **{"corpus": folder, **given})
    return next(check for check in examine(settings) if check.subject is Subject.PUBLISHED)


def test_what_is_published_is_told_where_something_is(tmp_path: Path) -> None:
    assert in_english(published(tmp_path)) == "none; FOOTNOTE_GENERATIONS is not set"
    url = f"file://{tmp_path / 'shared'}"
    check = published(tmp_path, generations=url)
    assert check.result is Result.WARN
    assert in_english(check) == f"none in {url} yet: `footnote refresh` publishes one"
    publications = tmp_path / "shared" / "publications"
    publications.mkdir(parents=True)
    file = {"sha256": "0" * 64, "size": 2_000_000, "key": "generations/00000001-00000000/manifest.json"}
    form = {"generation": 7, "files": {"manifest.json": file}}
    (publications / "00000001.json").write_text(json.dumps(form))
    check = published(tmp_path, generations=url)
    assert check.result is Result.OK
    assert in_english(check) == f"generation 7 in {url}, 2.0 MB"


def chroma(**given: Any) -> Check:
    """Give the check of the Chroma server."""
    return next(check for check in examine(Settings(**given)) if check.subject is Subject.CHROMA)


def test_the_vectors_are_looked_for_where_they_are(shelf: Shelf, tmp_path: Path) -> None:
    folders = {"corpus": shelf.corpus, "data": shelf.data}
    assert in_english(chroma(**folders)) == "none; CHROMA_URL is not set"
    with ChromaProcess(tmp_path / "chroma") as server:
        found = chroma(**folders, chroma_url=server.url)
        assert (found.result, found.state) == (Result.OK, State.VECTORS_HERE)
        report = refresh(replace(shelf.job(), chroma=server.server), no_model, lambda _: None)
        found = chroma(**folders, chroma_url=server.url)
        assert found.result is Result.OK
        assert in_english(found) == f"{server.url}, {report.passages} passages, which find themselves"
    found = chroma(**folders, chroma_url=server.url)
    assert (found.result, found.state) == (Result.WARN, State.UNUSABLE)
    assert "cannot be reached" in in_english(found)
    found = chroma(**folders)
    assert (found.result, found.state) == (Result.WARN, State.VECTORS_ELSEWHERE)


def test_a_store_that_nothing_speaks_to_is_a_failure_that_says_what_to_do(tmp_path: Path) -> None:
    check = published(tmp_path, generations="pigeon://me:hidden@bucket")
    assert check.result is Result.FAIL
    assert in_english(check).startswith("pigeon://bucket cannot be opened")


def test_a_machine_that_only_reads_needs_no_documents(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path / "none", data=tmp_path, generations=f"file://{tmp_path / 'shared'}")
    check = next(check for check in examine(settings) if check.subject is Subject.DOCUMENTS)
    assert check.result is Result.OK
    assert in_english(check).endswith("need not be: the index is built on another machine")


def channels(folder: Path, **given: Any) -> Check:
    settings = Settings(corpus=folder, data=folder, **given)
    return next(check for check in examine(settings) if check.subject is Subject.CHANNELS)


def test_channels_of_discord_need_the_intent_and_what_is_wrong_with_one_is_said(tmp_path: Path) -> None:
    assert "Message Content Intent" in in_english(channels(tmp_path))
    kept = Channels(channels_in(tmp_path))
    kept.add(Channel(20, 10, "rules", "Club", Holds.MESSAGES))
    unheard = channels(tmp_path)
    assert unheard.result is Result.WARN
    assert in_english(unheard).startswith("1 of Discord are indexed, and nothing new is read in them: switch on")
    assert channels(tmp_path, message_content=True).result is Result.OK
    kept.note(20, "I may not see it")
    unread = channels(tmp_path, message_content=True)
    assert (unread.result, in_english(unread)) == (Result.WARN, "1 of Discord are indexed; #rules: I may not see it")
