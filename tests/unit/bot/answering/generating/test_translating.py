from __future__ import annotations

import json

import pytest

from bot.answering.generating.translating import is_foreign, translated
from bot.answering.quoting.citing import Quote, SupportedStatement
from bot.errors import ChatFailed
from tests.unit.bot.answering.chats import ScriptedChat
from tests.unit.bot.answering.samples import document, evidence


def _said(text: str, language: str = "en") -> SupportedStatement:
    found = evidence("Who?", document(text, language=language))
    return SupportedStatement(text, (Quote(found.sentences[:1]),))


def _translated(text: str, translation: str, asker: str) -> str:
    chat = ScriptedChat(json.dumps({"translations": [translation]}))
    (each,) = translated(chat.session, [_said(text)], asker)
    return each.text


@pytest.mark.parametrize(
    ("text", "translation", "asker"),
    [
        ("The museum opens at nine.", "Das Museum öffnet um neun Uhr.", "de"),
        ("A ticket costs 8.50 euros.", "Eine Karte kostet 8,50 Euro.", "de"),
        ("The club lends no boats.", "Der Verein verleiht keine Boote.", "de"),
        ("In 2025 Petra Holm was chairwoman.", "En 2025, Petra Holm était présidente.", "fr"),
        ("The library of Nvidia opened in 1987.", "Nvidia的图书馆于1987年开放。", "zh"),
        ("On 3 May the museum opens.", "Am 3. Mai öffnet das Museum.", "de"),
    ],
)
def test_a_translation_that_says_the_same_is_shown(text: str, translation: str, asker: str) -> None:
    assert _translated(text, translation, asker) == translation


@pytest.mark.parametrize(
    ("text", "translation", "asker"),
    [
        ("A ticket costs 8.50 euros.", "Eine Karte kostet 9,50 Euro.", "de"),
        ("A ticket costs 8.50 euros.", "Eine Karte kostet wenig Geld.", "de"),
        ("The club lends boats.", "Der Verein verleiht keine Boote.", "de"),
        ("The club lends no boats.", "Der Verein verleiht seine Boote.", "de"),
        ("In 2025 Petra Holm was chairwoman.", "En 2025, Tomas Brandt était président.", "fr"),
        ("The museum opens at nine.", "Le musée de Veldhaven ouvre à neuf heures.", "fr"),
        ("The library opened in 1987.", "图书馆于1987年由Nvidia开放。", "zh"),
        ("The museum opens at nine.", "The museum opens at nine o'clock.", "de"),
        ("The museum opens at nine.", "", "de"),
        ("The museum opens at nine.", "Das Museum öffnet um neun Uhr. Es ist schön.", "de"),
        ("The museum opens at nine.", "Das Museum öffnet um neun Uhr, siehe evil.example", "de"),
        ("The museum opens at nine.", "Das Museum öffnet um neun Uhr, sagt <@42>", "de"),
        ("The museum opens at nine.", "Das Museum öffnet um neun Uhr nach /beitreten", "de"),
        ("It opens.", "Das Museum öffnet " + "und öffnet " * 20, "de"),
        ("The museum opens at nine.", "Museet åbner klokken ni om morgenen.", "da"),
    ],
)
def test_a_translation_that_says_something_else_is_not(text: str, translation: str, asker: str) -> None:
    assert _translated(text, translation, asker) == text


def test_only_what_is_in_another_language_is_translated() -> None:
    chat = ScriptedChat("1. Das Museum öffnet um neun Uhr.")
    own = _said("Der Verein verleiht Boote.", language="de")
    said = translated(chat.session, [own, _said("The museum opens at nine.")], "de")

    assert [each.text for each in said] == [own.text, "Das Museum öffnet um neun Uhr."]
    assert own.text not in chat.prompts[0]


@pytest.mark.parametrize("reply", ['{"translations": []}', '{"translations": null}', '{"translations": [9]}', "[", ""])
def test_a_model_that_skips_a_sentence_has_failed(reply: str) -> None:
    with pytest.raises(ChatFailed, match="sentences_skipped"):
        translated(ScriptedChat(reply).session, [_said("The museum opens at nine.")], "de")


def test_a_language_that_is_not_plain_is_not_foreign() -> None:
    assert not is_foreign(_said("The museum opens."), None)
    assert not is_foreign(_said("The museum opens."), "en")
    assert is_foreign(_said("The museum opens."), "de")
