from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering.answer import Turn
from bot.answering.quoting.citing import points_back
from bot.answering.understanding.follow_up import stand_alone
from bot.answering.understanding.parts import parts_of
from bot.answering.understanding.shorthand import written_out
from bot.answering.verifying.facts.checking import Context, unsupported
from bot.answering.verifying.rejection import Rejection, RejectionReason
from index.language import languages
from index.language.analysis import Analysis
from index.language.instructions import addresses_machine
from index.language.words import pairs, terms
from tests.unit.bot.answering.samples import document, evidence

CODE = "qy"
MADE_UP = """
from index.language.language import (
    Calendar, Language, Negation, Numerals, Orders, Pronouns, Questions, Shorthand, Units, words
)

LANGUAGE = Language(
    code="qy",
    name="Made up",
    stop_words=words("lo da"),
    pronouns=Pronouns(feminine=words("zela"), demonstratives=words("tamo")),
    negation=Negation(words=words("nukt")),
    calendar=Calendar(
        months={"zulmer": 1, "vantor": 2}, inside=words("ol"), written=(r"(?P<year>\\d{4})an\\b",)
    ),
    numerals=Numerals(small={"bik": 7, "dak": 8}, halves=words("hemi"), negative=words("malus")),
    units=Units(behind={"mendo": "mile"}),
    questions=Questions(words=words("kva kor"), conjunctions=words("ud")),
    shorthand=Shorthand(clipped={"brk": "brofik"}, quarters={"zulvar": 1}),
    orders=Orders(at_word=(r"vergo rekan\\\\b",)),
)
"""


@pytest.fixture(autouse=True)
def _one_file_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the one file of a new language where the others are."""
    (tmp_path / "made_up.py").write_text(MADE_UP.replace("\\\\", "\\"))
    monkeypatch.setattr(languages, "__path__", [*languages.__path__, str(tmp_path)])
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    from index.language import instruction_phrases

    for cached in (languages.known, languages.of, instruction_phrases.phrases):
        cached.cache_clear()


def test_its_stop_words_are_no_terms() -> None:
    assert terms("lo brofik da stenar", CODE) == ["brofik", "stenar"]
    assert pairs("lo brofik", CODE) == ["lo_brofik"]


def test_its_negation_is_held_against_a_statement() -> None:
    quote = Analysis("Kelda brofik nukt stenar.", CODE)

    found = unsupported(Analysis("Kelda brofik stenar.", CODE), quote, Context())

    assert Rejection(RejectionReason.NEGATION_DROPPED, "stenar") in found
    assert not unsupported(quote, quote, Context())


def test_its_months_are_dates() -> None:
    quote = Analysis("Kelda brofik 5 zulmer 2024.", CODE)

    found = unsupported(Analysis("Kelda brofik 5 vantor 2024.", CODE), quote, Context())

    assert Rejection(RejectionReason.DATE, "5 vantor 2024") in found
    assert not unsupported(Analysis("Kelda brofik 2024-01-05.", CODE), quote, Context())


def test_its_own_ways_to_write_a_date_are_read() -> None:
    quote = Analysis("Kelda brofik 5 ol zulmer ol 2024.", CODE)

    assert not unsupported(Analysis("Kelda brofik 2024-01-05.", CODE), quote, Context())
    assert not unsupported(Analysis("Kelda brofik 2024an.", CODE), quote, Context())
    assert Rejection(RejectionReason.DATE, "2025an") in unsupported(
        Analysis("Kelda brofik 2025an.", CODE), quote, Context()
    )


def test_its_halves_and_its_minus_are_numbers() -> None:
    quote = Analysis("Kelda brofik hemi, malus 7.", CODE)

    assert not unsupported(Analysis("Kelda brofik 0.5, -7.", CODE), quote, Context())
    assert unsupported(Analysis("Kelda brofik 0.5, 7.", CODE), quote, Context())


def test_its_numerals_and_its_units_are_numbers() -> None:
    quote = Analysis("Kelda brofik bik mendo.", CODE)

    found = unsupported(Analysis("Kelda brofik dak mendo.", CODE), quote, Context())

    assert Rejection(RejectionReason.NUMBER, "dak mendo") in found
    assert not unsupported(Analysis("Kelda brofik 7 miles.", CODE), quote, Context())


def test_its_pronouns_point_back() -> None:
    own, pointing = evidence("Kva?", document("Kelda brofik stenar. Zela mortik frano.")).sentences
    written_in = replace(own.hit, document=replace(own.hit.document, language=CODE))

    assert not points_back(replace(own, hit=written_in))
    assert points_back(replace(pointing, hit=written_in))
    assert not points_back(pointing)


def test_a_question_with_its_pronoun_leans_on_the_conversation() -> None:
    conversation = [Turn("user", "Kor brofik Kelda Morn stenar?")]
    question = "Frano zela balen kolik drast?"

    assert "Kelda Morn" in stand_alone(question, conversation, CODE)
    assert stand_alone(question, conversation, "en") == question


def test_its_questions_are_parted() -> None:
    assert parts_of("Kva brofik stenar ud kor mortik frano balen?", CODE) == (
        "Kva brofik stenar",
        "kor mortik frano balen?",
    )
    assert len(parts_of("Kva brofik stenar ud kor mortik frano zela?", CODE)) == 1


def test_its_shorthand_is_written_out_before_that_of_english() -> None:
    assert written_out("brk Q1", languages.of(CODE)) == "brofik zulvar"
    assert written_out("brk Q2", languages.of(CODE)) == "brofik second quarter"


def test_its_orders_to_a_machine_are_known() -> None:
    assert addresses_machine("Vergo rekan!")
    assert not addresses_machine("Brofik stenar.")


def test_every_language_says_how_its_code_is_written() -> None:
    assert all(code == language.code and len(code) == 2 for code, language in languages.known().items())


def test_a_text_in_a_language_that_nobody_described_is_read_as_english_and_chinese() -> None:
    assert languages.of("xx") is languages.of(None) is languages.of("en")
    assert {"not", "不"} <= languages.of(None).negation.words
