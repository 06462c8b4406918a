from __future__ import annotations

import re
import string
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.presenting.words import ENGLISH, LOCALE, language_name, languages, words_in
from tests.unit.bot.presenting.spoken import spoken

SPOKEN = ("de", "es", "fr", "ja", "ko", "pt_BR", "zh_CN", "zh_TW")
COMMANDS = (
    "ask",
    "search",
    "sources",
    "status",
    "refresh",
    "help",
    "channel",
    "gaps",
    "privacy",
    "settings",
    "stats",
    "index",
)


def catalogue(language: str) -> Catalog:
    with (LOCALE / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is said in English, and how it is translated."""
    english = [message.id] if isinstance(message.id, str) else message.id
    translated = [message.string] if isinstance(message.string, str) else message.string or ()
    return tuple(english), tuple(each or "" for each in translated)


def messages(language: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    return (texts(message) for message in catalogue(language) if message.id)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_these_languages_are_spoken() -> None:
    assert languages() == SPOKEN


@pytest.mark.parametrize("language", SPOKEN)
def test_everything_that_is_said_is_translated_and_nothing_else(language: str) -> None:
    known = dict(messages(language))
    said = {(one, many) if many else (one,) for one, many in spoken().items()}
    assert said - known.keys() == set()
    assert known.keys() - said == set()
    assert [english for english, translated in known.items() if not all(translated)] == []


@pytest.mark.parametrize("language", SPOKEN)
def test_a_translation_has_the_fields_of_what_it_translates(language: str) -> None:
    for english, translated in messages(language):
        assert {frozenset(fields(each)) for each in translated} == {frozenset(fields(english[0]))}, english


@pytest.mark.parametrize("language", SPOKEN)
def test_a_plural_has_as_many_forms_as_the_language(language: str) -> None:
    forms = catalogue(language).num_plurals
    assert {len(translated) for english, translated in messages(language) if len(english) > 1} == {forms}


@pytest.mark.parametrize("language", SPOKEN)
def test_a_command_is_called_in_the_texts_as_it_is_called_in_the_client(language: str) -> None:
    words = words_in(language)
    for english, translated in messages(language):
        for command in re.findall(r"(?<![\w>/])/([a-z]+)\b", english[0]):
            assert command in COMMANDS
            assert f"/{words(command)}" in translated[0], translated[0]


@pytest.mark.parametrize("language", SPOKEN)
def test_a_translation_is_not_much_longer_than_what_it_translates(language: str) -> None:
    for english, translated in messages(language):
        for each in translated:
            assert len(each) <= 1.6 * len(english[-1]) + 30, each


@pytest.mark.parametrize("language", SPOKEN)
def test_what_names_a_command_is_a_name_that_discord_takes(language: str) -> None:
    words = words_in(language)
    names = [words(command) for command in (*COMMANDS, "mode", "humans")]
    assert len(set(names)) == len(names)
    for name in names:
        assert re.fullmatch(r"[\w-]{1,32}", name) and name == name.lower(), name


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de", "de"),
        ("es-ES", "es"),
        ("es-419", "es"),
        ("pt-BR", "pt_BR"),
        ("zh-CN", "zh_CN"),
        ("zh-TW", "zh_TW"),
        ("zh", "en"),
        ("en-GB", "en"),
        ("sv-SE", "en"),
        ("../de", "en"),
        ("", "en"),
    ],
)
def test_a_locale_is_spoken_in_its_language_else_in_english(locale: str, language: str) -> None:
    assert words_in(locale).language == language


def test_fields_are_filled_in_and_a_number_chooses_the_form() -> None:
    german = words_in("de")
    assert german("Page {number} of {pages}", number=1, pages=3) == "Seite 1 von 3"
    assert german.plural("{number} day", "{number} days", 1) == "1 Tag"
    assert german.plural("{number} day", "{number} days", 2) == "2 Tage"
    assert ENGLISH.plural("{number} day", "{number} days", 1) == "1 day"


def test_a_text_with_braces_and_no_fields_is_said_as_it_is() -> None:
    assert ENGLISH("{}") == "{}"


def test_a_language_is_named_in_the_language_that_is_spoken() -> None:
    assert language_name("zh", words_in("de")) == "Chinesisch"
    assert language_name("xx", ENGLISH) == "xx"
