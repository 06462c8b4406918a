"""The settings of Footnote: every environment variable, its default and its check, in one place."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadSettings

DOTENV = Path(".env")
# What READER_MODEL says besides the name of a model.
NO_READER = "none"
# A variable of the environment that begins like this is meant for Footnote, so that a typo in it is an error.
_OURS = ("FOOTNOTE_", "CHROMA_", "CHAT_", "VERIFIER_", "RERANKER_", "READER_")
# A variable of the environment that ends like this holds what may stand in no log: providers' keys and those of S3.
_SECRETS = ("_API_KEY", "_SECRET_ACCESS_KEY", "_SESSION_TOKEN")
# An id of Discord's is a number of 64 bits.
_ID = r"[0-9]{1,20}"
_HOST = r"[\w.-]+(?::[0-9]{1,5})?|\[[0-9a-f:.]+\](?::[0-9]{1,5})?"
_TOKEN = r"[!-~]{1,4096}"
# Of a tenant or a database of Chroma's.
_NAME = r"^[A-Za-z0-9_.-]+$"
_CLASS = r"[A-Za-z_][\w.]*:[A-Za-z_]\w*"
_HIGHEST_PORT = 65535
_LONGEST_NAME = 1000
# Of a path, as file systems have it: in bytes.
_LONGEST_PART = 255
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is served: a host of this machine, and a port."""

    host: str
    port: int


def load(corpus: Path | None = None, data: Path | None = None) -> Settings:
    """Return the settings: what the command line gave, else the environment, else `.env`, else the default.

    Raises BadSettings, with one line that names the variable, for an unknown name and for a value that cannot be used.
    """
    _refuse_unknown(DOTENV.name, _names_in_dotenv())
    _refuse_unknown("the environment", [name for name in os.environ if name.upper().startswith(_OURS)])
    given: dict[str, Any] = {"corpus": corpus, "data": data}
    try:
        return Settings(**{name: path for name, path in given.items() if path is not None})
    except ValidationError as error:
        raise BadSettings(_one_line(error)) from None


def names() -> tuple[str, ...]:
    """Return the environment variables that Footnote reads."""
    return tuple(str(field.validation_alias) for field in Settings.model_fields.values())


def _folder(path: Path) -> Path:
    try:
        path = path.expanduser()
        # The folder itself may be made later; what it is to lie in must be folders.
        nearest = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
        is_something_else = not nearest.is_dir()
    except (OSError, ValueError, RuntimeError) as error:
        raise ValueError(f"this cannot be a folder: {getattr(error, 'strerror', None) or error}") from None
    if is_something_else:
        raise ValueError(f"{nearest} is a file; the path of a folder is accepted")
    return path


def _model_name(name: str) -> str:
    parts = name.encode().split(b"/")
    if not re.fullmatch(r"[\w./~-]+", name) or len(name) > _LONGEST_NAME or max(map(len, parts)) > _LONGEST_PART:
        raise ValueError(
            f"{_shortened(name)} is not a model's name; accepted is owner/name, or the path of the model's folder"
        )
    return name


def _chat_model(name: str) -> str:
    if not re.fullmatch(r"\w+:(?!//)\S+", name) or len(name) > _LONGEST_NAME:
        raise ValueError(f"{_shortened(name)} names no provider; accepted is provider:model, such as ollama:qwen3")
    return name


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)
    except ValueError:
        is_usable = False
    if not is_usable:
        # Not shown: a password may stand in it.
        raise ValueError("this is not an address; accepted is http://… or https://…")
    return url


def _store(url: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", url):
        # Not shown: a password may stand in it.
        raise ValueError("this is not an address; accepted is s3://bucket/prefix, file:///folder, …")
    return url


def _token(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(_TOKEN, secret.get_secret_value()):
        raise ValueError("this is no token; accepted are letters, digits and signs of ASCII, without a space")
    return secret


def _served_at(value: object) -> object:
    if not isinstance(value, str):
        return value
    parts = re.fullmatch(r"(?:(?P<host>[\w.-]+|\[[0-9a-f:.]+\]):)?(?P<port>[0-9]{1,5})", value.strip())
    if not parts or not 0 < int(parts["port"]) <= _HIGHEST_PORT:
        raise ValueError("this is no port; accepted is 9464, for this machine alone, or 0.0.0.0:9464, for every other")
    return Address((parts["host"] or "127.0.0.1").strip("[]"), int(parts["port"]))


def _role_ids(value: object) -> object:
    return _numbers(_listed(value, _ID, "the ids of roles are accepted, numbers"))


def _server_ids(value: object) -> object:
    return _numbers(_listed(value, _ID, "the ids of servers are accepted, numbers"))


def _numbers(names: object) -> object:
    return frozenset(map(int, names)) if isinstance(names, frozenset) else names


def _hosts(value: object) -> object:
    return _listed(value, _HOST, "the names of hosts are accepted, as wiki.example or wiki.example:8080")


def _loaders(value: object) -> object:
    return _listed(value, _CLASS, "the names of classes are accepted, as package.module:Class")


def _listed(value: object, each: str, otherwise: str) -> object:
    if not isinstance(value, str):
        return value
    names = value.replace(",", " ").split()
    if not all(re.fullmatch(each, name) for name in names):
        raise ValueError(f"{otherwise}, with commas between them")
    return frozenset(names)


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _upper(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What an operator can decide. `corpus` holds the documents, `data` all that Footnote itself writes."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        validate_by_name=True,
        validate_by_alias=True,
        env_file=DOTENV,
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
    )

    corpus: Annotated[Path, AfterValidator(_folder)] = Field(default=Path("corpus"), validation_alias="FOOTNOTE_CORPUS")
    data: Annotated[Path, AfterValidator(_folder)] = Field(default=Path("data"), validation_alias="FOOTNOTE_DATA")
    generations: Annotated[str, AfterValidator(_store)] | None = Field(
        default=None, validation_alias="FOOTNOTE_GENERATIONS"
    )
    chroma_url: Annotated[str, AfterValidator(_address)] | None = Field(default=None, validation_alias="CHROMA_URL")
    chroma_token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        default=None, validation_alias="CHROMA_TOKEN"
    )
    chroma_token_header: Literal["Authorization", "X-Chroma-Token"] = Field(
        default="Authorization", validation_alias="CHROMA_TOKEN_HEADER"
    )
    chroma_tenant: str = Field(default="default_tenant", pattern=_NAME, validation_alias="CHROMA_TENANT")
    chroma_database: str = Field(default="default_database", pattern=_NAME, validation_alias="CHROMA_DATABASE")
    private_hosts: Annotated[frozenset[str], NoDecode, BeforeValidator(_hosts)] = Field(
        default=frozenset(), validation_alias="FOOTNOTE_PRIVATE_HOSTS"
    )
    loaders: Annotated[frozenset[str], NoDecode, BeforeValidator(_loaders)] = Field(
        default=frozenset(), validation_alias="FOOTNOTE_LOADERS"
    )
    ocr: bool = Field(default=False, validation_alias="FOOTNOTE_OCR")
    embedding_model: Annotated[str, AfterValidator(_model_name)] = Field(
        default="sentence-transformers/all-MiniLM-L6-v2", validation_alias="EMBEDDING_MODEL"
    )
    device: Annotated[Literal["auto", "cpu", "cuda", "mps"], BeforeValidator(_lower)] = Field(
        default="auto", validation_alias="FOOTNOTE_DEVICE"
    )
    chat_model: Annotated[str, AfterValidator(_chat_model)] | None = Field(default=None, validation_alias="CHAT_MODEL")
    chat_base_url: Annotated[str, AfterValidator(_address)] | None = Field(
        default=None, validation_alias="CHAT_BASE_URL"
    )
    chat_api_key: SecretStr | None = Field(default=None, validation_alias="CHAT_API_KEY")
    chat_timeout: int = Field(default=45, ge=1, le=600, validation_alias="CHAT_TIMEOUT")
    verifier_model: Annotated[str, AfterValidator(_model_name)] | None = Field(
        default=None, validation_alias="VERIFIER_MODEL"
    )
    reranker_model: Annotated[str, AfterValidator(_model_name)] | None = Field(
        default=None, validation_alias="RERANKER_MODEL"
    )
    reranker_budget: float = Field(default=1.0, gt=0, le=60, allow_inf_nan=False, validation_alias="RERANKER_BUDGET")
    reader_model: Annotated[str, AfterValidator(_model_name)] = Field(
        default=NO_READER, validation_alias="READER_MODEL"
    )
    reader_budget: float = Field(default=1.0, gt=0, le=60, allow_inf_nan=False, validation_alias="READER_BUDGET")
    discord_token: SecretStr | None = Field(default=None, validation_alias="DISCORD_TOKEN")
    message_content: bool = Field(default=False, validation_alias="FOOTNOTE_DISCORD_MESSAGE_CONTENT")
    discord_servers: Annotated[frozenset[int], NoDecode, BeforeValidator(_server_ids)] = Field(
        default=frozenset(), validation_alias="FOOTNOTE_DISCORD_SERVERS"
    )
    retention_days: int = Field(default=90, ge=1, le=3650, validation_alias="FOOTNOTE_RETENTION_DAYS")
    monitoring: Annotated[Address | None, NoDecode, BeforeValidator(_served_at)] = Field(
        default=None, validation_alias="FOOTNOTE_MONITORING"
    )
    manual_refresh: bool = Field(default=False, validation_alias="FOOTNOTE_MANUAL_REFRESH")
    refresh_roles: Annotated[frozenset[int], NoDecode, BeforeValidator(_role_ids)] = Field(
        default=frozenset(), validation_alias="FOOTNOTE_DISCORD_REFRESH_ROLES"
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        default="INFO", validation_alias="LOG_LEVEL"
    )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may stand in no log, longest first: what is set here, and the keys of providers in the environment."""
        given = (self.discord_token, self.chat_api_key, self.chroma_token)
        ours = [value.get_secret_value() for value in given if value is not None]
        addresses = (self.chat_base_url, self.generations, self.chroma_url)
        in_addresses = [urlsplit(url or "").password or "" for url in addresses]
        theirs = [value for name, value in os.environ.items() if name.upper().endswith(_SECRETS)]
        return tuple(sorted({*ours, *in_addresses, *theirs} - {""}, key=len, reverse=True))


def _names_in_dotenv() -> list[str]:
    try:
        with DOTENV.open(encoding="utf-8-sig") as file:
            bindings = list(parse_stream(file))
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise BadSettings(f"{DOTENV} cannot be read: it is not UTF-8 text") from None
    except OSError as error:
        raise BadSettings(f"{DOTENV} cannot be read: {error.strerror}") from None
    for binding in bindings:
        if binding.error:
            raise BadSettings(f"{DOTENV}, line {binding.original.line}: a line must read NAME=value")
    return [binding.key for binding in bindings if binding.key]


def _refuse_unknown(where: str, found: list[str]) -> None:
    known = names()
    for name in found:
        if name.upper() not in known:
            nearest = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.0)[0]
            raise BadSettings(f"{name} in {where} is not a setting of Footnote; the nearest that is: {nearest}")


def _shortened(value: object) -> str:
    # An address may be given to the wrong variable, and a password may stand in it.
    shown = re.sub(r"//[^\s/]*@", "//…@", repr(value))
    return shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 1] + "…"


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    reason = first["msg"].removeprefix("Value error, ").replace("Input should be", "accepted is")
    given = "" if first["type"] == "value_error" else f"{_shortened(first['input'])} is given, "
    variable = str(first["loc"][0])
    where = variable if variable in names() else f"--{variable}"
    return f"{where}: {given}{reason}"
