from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import open_answerer, open_library
from bot.errors import ChatUnusable
from bot.settings import Settings
from index.errors import ModelUnusable
from index.library import Library
from index.models.embedding import Embedder
from index.models.model import Model


def _settings(tmp_path: Path, **given: object) -> Settings:
    return Settings(data=tmp_path, **given)  # type: ignore[arg-type]


def test_with_no_chat_model_answers_are_quotes(articles: Library, tmp_path: Path) -> None:
    assert open_answerer(articles, _settings(tmp_path)).model is None


def test_the_chat_model_of_the_settings_writes(articles: Library, tmp_path: Path) -> None:
    settings = _settings(tmp_path, chat_model="openai:small", chat_api_key=SecretStr("key"))

    assert open_answerer(articles, settings).model == "openai:small"


def test_a_chat_model_that_cannot_be_used_is_an_error_before_anything_is_asked(
    articles: Library, tmp_path: Path
) -> None:
    with pytest.raises(ChatUnusable, match="nobody:small"):
        open_answerer(articles, _settings(tmp_path, chat_model="nobody:small"))


def test_a_verifier_is_loaded_with_the_chat_model_that_it_judges(
    articles: Library, tmp_path: Path, tiny_nli: Path
) -> None:
    chat = {"chat_model": "openai:small", "chat_api_key": SecretStr("key")}
    open_answerer(articles, _settings(tmp_path, **chat, verifier_model=str(tiny_nli)))

    with pytest.raises(ModelUnusable, match="VERIFIER_MODEL"):
        open_answerer(articles, _settings(tmp_path, **chat, verifier_model=str(tmp_path)))


@pytest.mark.parametrize("was_exported", [False, True])
def test_a_machine_that_may_never_index_exports_the_model_for_its_questions_once(
    was_exported: bool, model: Model, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported: list[Path] = []
    monkeypatch.setattr("index.models.exporting.export", lambda _, folder: exported.append(folder))
    monkeypatch.setattr("bot.app._load", lambda *_: embedder)
    if was_exported:
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / f"{model.fingerprint}-0.onnx").touch()
    library = open_library(_settings(tmp_path, generations=f"file://{tmp_path / 'shared'}"))
    library.vector("a question")
    library.vector("another")
    assert exported == ([] if was_exported else [tmp_path / "models"])
