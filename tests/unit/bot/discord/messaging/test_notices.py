import pytest

from bot.discord.messaging.notices import complaint, notice
from index.errors import FootnoteError
from tests.unit.bot.discord.limits_of_discord import broken_limits


def test_a_notice_is_one_harmless_line() -> None:
    assert notice("Ask @everyone").content == r"Ask \[at\]everyone"
    assert broken_limits(notice("\u200b")) == []
    assert broken_limits(notice("😀" * 3000)) == []


def test_a_complaint_is_a_sentence() -> None:
    assert complaint(ValueError("nothing is indexed yet")).content == "Nothing is indexed yet."
    assert complaint(ValueError("Is it there?")).content == "Is it there?"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("another refresh of /srv/bot/data is running", "Another refresh of data is running."),
        (
            "generation 2 cannot be read (/srv/data/x/header.bin: denied)",
            "Generation 2 cannot be read (header.bin: denied).",
        ),
        (
            "nothing is indexed yet: run 'footnote refresh'",
            "Nothing is indexed yet: whoever manages this server can say /refresh.",
        ),
        (
            "no documents in /srv/corpus: put files there (.md), or say --yes to index nothing",
            "No documents in corpus: put files there (.md).",
        ),
        ("see https://example.org/a/b/c and docs/a/b.md", r"See https\://example.org/a/b/c and docs/a/b.md."),
    ],
)
def test_a_complaint_does_not_say_where_a_file_lies(line: str, said: str) -> None:
    assert complaint(FootnoteError(line)).content == said
