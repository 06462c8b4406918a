from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import open_answerer
from bot.errors import ChatUnusable
from bot.settings import Settings
from index.errors import ModelUnusable
from index.library import Library


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
