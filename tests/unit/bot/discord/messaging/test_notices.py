from __future__ import annotations

import pytest

from bot.discord.messaging.notices import Refused, complaint, notice, without_folders
from bot.errors import BadQuestion, QuestionFault
from bot.presenting.words import ENGLISH
from index import errors
from tests.unit.bot.discord.limits_of_discord import broken_limits


def test_a_notice_is_one_harmless_line() -> None:
    assert notice("Ask @everyone").content == r"Ask \[at\]everyone"
    assert broken_limits(notice("\u200b")) == []
    assert broken_limits(notice("😀" * 3000)) == []


def test_a_refusal_is_said_as_it_is() -> None:
    assert complaint(Refused("Is it there?"), ENGLISH).content == "Is it there?"


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (errors.WriterBusy("another refresh of /srv/bot/data is running"), "Another refresh is under way."),
        (
            errors.IndexDamaged("generation 2 cannot be read (/srv/data/x/header.bin: denied)"),
            "The index is damaged. Whoever manages this server can make it anew with /refresh.",
        ),
        (
            errors.IndexMissing("nothing is indexed yet: run 'footnote refresh'"),
            "Nothing is indexed yet: whoever manages this server can say /refresh.",
        ),
        (errors.CorpusEmpty("no documents in /srv/corpus: say --yes"), "I find no documents where they should be."),
        (errors.CorpusShrunk("7 of 9 … say --yes", 7, 9), "7 of 9 documents would be dropped."),
        (
            errors.FootnoteError("the data folder /data cannot be written: say --yes"),
            "This cannot be done just now. Whoever runs me finds the reason in the log.",
        ),
        (
            BadQuestion("the question is empty", QuestionFault.EMPTY),
            "The question is empty.",
        ),
    ],
)
def test_an_error_is_told_by_its_kind_without_folders_and_flags(reason: Exception, said: str) -> None:
    assert complaint(reason, ENGLISH).content == said


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("another refresh of /srv/bot/data is running", "another refresh of data is running"),
        ("/data cannot be written", "data cannot be written"),
        ("generation 2 (/srv/data/x/header.bin: denied)", "generation 2 (header.bin: denied)"),
        ("see https://example.org/a/b/c and docs/a/b.md", "see https://example.org/a/b/c and docs/a/b.md"),
    ],
)
def test_of_a_path_the_name_is_left(text: str, left: str) -> None:
    assert without_folders(text) == left
