from bot.discord.messaging.notices import complaint, notice
from tests.unit.bot.discord.limits_of_discord import broken_limits


def test_a_notice_is_one_harmless_line() -> None:
    assert notice("Ask @everyone").content == "Ask ＠everyone"
    assert broken_limits(notice("\u200b")) == []
    assert broken_limits(notice("😀" * 3000)) == []


def test_a_complaint_is_a_sentence() -> None:
    assert complaint(ValueError("nothing is indexed yet")).content == "Nothing is indexed yet."
    assert complaint(ValueError("Is it there?")).content == "Is it there?"
