from __future__ import annotations

import os
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot import settings
from bot.errors import BadSettings

EXAMPLE = Path(__file__).parents[3] / ".env.example"


@pytest.fixture(autouse=True)
def nothing_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in settings.names():
        monkeypatch.delenv(name, raising=False)


def test_the_defaults_are_those_that_the_example_shows() -> None:
    example = dotenv_values(EXAMPLE)
    defaults = settings.load().model_dump()

    assert tuple(example) == settings.names()
    assert [str(value or "") for value in defaults.values()] == list(example.values())


def test_every_line_of_the_example_is_explained_by_the_line_above_it() -> None:
    lines = EXAMPLE.read_text().splitlines()
    explained = [lines[number - 1].startswith("# ") for number, line in enumerate(lines) if "=" in line]

    assert explained == [True] * len(settings.names())


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("FOOTNOTE_CORPUS=file\nFOOTNOTE_DATA=file\nLOG_LEVEL=error\n")
    monkeypatch.setenv("FOOTNOTE_CORPUS", "environment")
    monkeypatch.setenv("FOOTNOTE_DATA", "environment")

    loaded = settings.load(data=Path("given"))

    assert (loaded.corpus, loaded.data, loaded.log_level) == (Path("environment"), Path("given"), "ERROR")


def test_a_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "abc.def")

    assert "abc.def" not in repr(settings.load())


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_API_KEY", "sk-hidden")

    assert "sk-hidden" not in repr(settings.load())


def test_the_secrets_are_every_token_and_key_that_is_set_the_longest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().endswith("_API_KEY")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DISCORD_TOKEN", "abc.def.g")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-long-one")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "")
    Path(".env").write_text("CHAT_API_KEY=sk-long\nCHAT_BASE_URL=http://me:hidden@localhost/v1\n")

    assert settings.load().secrets == ("sk-long-one", "abc.def.g", "sk-long", "hidden")


def test_an_empty_value_is_no_value() -> None:
    Path(".env").write_text("DISCORD_TOKEN=\nFOOTNOTE_CORPUS=\n")

    loaded = settings.load()

    assert loaded.discord_token is None
    assert loaded.corpus == Path("corpus")


def test_a_misspelt_name_in_the_file_is_refused_with_the_nearest_right_one() -> None:
    Path(".env").write_text("DISCORD_TOKN=x\n")

    with pytest.raises(BadSettings, match=r"^DISCORD_TOKN in \.env is not a setting .* DISCORD_TOKEN$"):
        settings.load()


@pytest.mark.parametrize(
    ("misspelt", "nearest"),
    [
        ("FOOTNOTE_DATTA", "FOOTNOTE_DATA"),
        ("CHAT_MODLE", "CHAT_MODEL"),
        ("VERIFIER_MODELL", "VERIFIER_MODEL"),
        ("RERANKER_BUGDET", "RERANKER_BUDGET"),
    ],
)
def test_a_misspelt_name_in_the_environment_is_refused_with_the_nearest_right_one(
    misspelt: str, nearest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(misspelt, "x")

    with pytest.raises(BadSettings, match=rf"^{misspelt} in the environment .* {nearest}$"):
        settings.load()


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("LOG_LEVEL", "loud", "LOG_LEVEL: 'LOUD' is given, accepted is 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("EMBEDDING_MODEL", "two words", "EMBEDDING_MODEL: 'two words' is not a model's name; accepted is owner/name"),
        (
            "CHAT_MODEL",
            "qwen3",
            "CHAT_MODEL: 'qwen3' names no provider; accepted is provider:model, such as ollama:qwen3",
        ),
        ("CHAT_BASE_URL", "localhost:8000/v1", "CHAT_BASE_URL: this is not an address; accepted is http"),
        ("CHAT_BASE_URL", "http://", "CHAT_BASE_URL: this is not an address"),
        ("CHAT_BASE_URL", "http://[::1", "CHAT_BASE_URL: this is not an address"),
        ("CHAT_MODEL", "openai:" + "x" * 5000, "CHAT_MODEL: 'openai:xxxx"),
        ("EMBEDDING_MODEL", "x" * 5000, "EMBEDDING_MODEL: 'xxxx"),
        ("EMBEDDING_MODEL", "owner/" + "x" * 256, "EMBEDDING_MODEL: 'owner/xxxx"),
        ("FOOTNOTE_DISCORD_REFRESH_ROLES", "1" * 5000, "FOOTNOTE_DISCORD_REFRESH_ROLES: the ids of roles are accepted"),
        ("CHAT_TIMEOUT", "0", "CHAT_TIMEOUT: '0' is given, accepted is greater than or equal to 1"),
        ("CHAT_TIMEOUT", "601", "CHAT_TIMEOUT: '601' is given, accepted is less than or equal to 600"),
        ("RERANKER_MODEL", "two words", "RERANKER_MODEL: 'two words' is not a model's name"),
        ("VERIFIER_MODEL", "two words", "VERIFIER_MODEL: 'two words' is not a model's name"),
        ("RERANKER_BUDGET", "0", "RERANKER_BUDGET: '0' is given, accepted is greater than 0"),
        ("RERANKER_BUDGET", "61", "RERANKER_BUDGET: '61' is given, accepted is less than or equal to 60"),
        ("RERANKER_BUDGET", "nan", "RERANKER_BUDGET: 'nan' is given, accepted is a finite number"),
        ("FOOTNOTE_DATA", __file__, f"FOOTNOTE_DATA: {__file__} is a file; the path of a folder is accepted"),
        ("FOOTNOTE_DATA", f"{__file__}/x", f"FOOTNOTE_DATA: {__file__} is a file; the path of a folder is accepted"),
        ("FOOTNOTE_GENERATIONS", "bucket/prefix", "FOOTNOTE_GENERATIONS: this is not an address; accepted is s3://"),
        ("CHROMA_URL", "chroma:8000", "CHROMA_URL: this is not an address; accepted is http://… or https://…"),
        ("CHROMA_TOKEN", "two words", "CHROMA_TOKEN: this is no token; accepted are letters"),
        ("CHROMA_TOKEN_HEADER", "Cookie", "CHROMA_TOKEN_HEADER: 'Cookie' is given, accepted is 'Authorization' or"),
        ("CHROMA_TENANT", "a/b", "CHROMA_TENANT: 'a/b' is given"),
        ("FOOTNOTE_MONITORING", "0", "FOOTNOTE_MONITORING: this is no port; accepted is 9464"),
        ("FOOTNOTE_MONITORING", "65536", "FOOTNOTE_MONITORING: this is no port"),
        ("FOOTNOTE_MONITORING", "http://localhost:9464", "FOOTNOTE_MONITORING: this is no port"),
        ("LOG_LEVEL", "x" * 5000, "LOG_LEVEL: 'XXXX"),
        ("FOOTNOTE_CORPUS", "x" * 5000, "FOOTNOTE_CORPUS: this cannot be a folder: File name too long"),
        ("FOOTNOTE_CORPUS", "~no-such-user/x", "FOOTNOTE_CORPUS: this cannot be a folder:"),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_variable_and_what_is_accepted(
    name: str, value: str, complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadSettings) as raised:
        settings.load()

    assert str(raised.value).startswith(complaint)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    "address", ["ftp://me:hidden@host/v1", "me:hidden@host", "http://me:hidden@ho st/", "http://me:hidden@[::1"]
)
def test_the_password_of_an_address_that_is_none_is_not_shown(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_BASE_URL", address)

    with pytest.raises(BadSettings, match=r"^CHAT_BASE_URL: ") as raised:
        settings.load()

    assert "hidden" not in str(raised.value)


@pytest.mark.parametrize("name", ["CHAT_MODEL", "EMBEDDING_MODEL", "CHAT_TIMEOUT"])
def test_an_address_that_was_given_to_the_wrong_variable_shows_no_password(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "ftp://me:hidden@host/v1")

    with pytest.raises(BadSettings) as raised:
        settings.load()

    assert "hidden" not in str(raised.value)


def test_a_bad_folder_on_the_command_line_is_named_as_it_was_given() -> None:
    with pytest.raises(BadSettings, match=r"^--data: .* is a file"):
        settings.load(data=Path(__file__))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"LOG_LEVEL=\xff\n", ".env cannot be read: it is not UTF-8 text"),
        (b"LOG_LEVEL=INFO\nthis is = 'no line\n", ".env, line 2: a line must read NAME=value"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_one_line(content: bytes, complaint: str) -> None:
    Path(".env").write_bytes(content)

    with pytest.raises(BadSettings) as raised:
        settings.load()

    assert str(raised.value) == complaint


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("9464", settings.Address("127.0.0.1", 9464)),
        ("0.0.0.0:80", settings.Address("0.0.0.0", 80)),
        ("[::]:9464", settings.Address("::", 9464)),
        ("monitor.internal:9464", settings.Address("monitor.internal", 9464)),
    ],
)
def test_the_monitoring_is_served_to_this_machine_alone_unless_it_is_told(
    given: str, address: settings.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_MONITORING", given)
    assert settings.load().monitoring == address


def test_a_typo_in_a_setting_of_chromas_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMA_TOKN", "a token")
    with pytest.raises(BadSettings, match=r"CHROMA_TOKN .* the nearest that is: CHROMA_TOKEN"):
        settings.load()


def test_the_secrets_of_a_chroma_server_stand_in_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMA_URL", "https://me:hidden@chroma.example")
    monkeypatch.setenv("CHROMA_TOKEN", "a-token-of-chromas")
    assert {"hidden", "a-token-of-chromas"} <= set(settings.load().secrets)


def test_the_secrets_of_a_store_stand_in_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_GENERATIONS", "sftp://me:hidden@host/generations")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the key of the bucket")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a token")
    assert {"hidden", "the key of the bucket", "a token"} <= set(settings.load().secrets)
