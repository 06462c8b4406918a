from __future__ import annotations

import pytest

from bot.discord.answers.intent import asks, is_small_talk


@pytest.mark.parametrize("said", ["hello", "Hi!", "thanks!", "thank you", "What's up?", "lol really???", "ok great"])
def test_small_talk_names_nothing_to_look_up(said: str) -> None:
    assert is_small_talk(said, goes_on=False)


@pytest.mark.parametrize("said", ["How high is the rate?", "rates", "2025", "利率是多少？", "Thanks! And in April?"])
def test_what_names_something_is_no_small_talk(said: str) -> None:
    assert not is_small_talk(said, goes_on=False)


@pytest.mark.parametrize("goes_on", [True, False])
@pytest.mark.parametrize(
    "said",
    [
        *(
            "lol really???",
            "Danke!",
            "Wie geht's?",
            "merci beaucoup",
            "¡Muchas gracias!",
            "obrigado",
            "谢谢你",
            "你好！",
        ),
        *("你好！", "ありがとうございます", "안녕하세요", "Спасибо большое!", "Hallo, guten Morgen :)"),
    ],
)
def test_greetings_in_whatever_language_ask_nothing_in_a_conversation_either(said: str, goes_on: bool) -> None:
    assert is_small_talk(said, goes_on=goes_on)


def test_in_a_conversation_a_bare_question_word_asks_and_thanks_do_not() -> None:
    assert not is_small_talk("Why?", goes_on=True)
    assert is_small_talk("thanks!", goes_on=True)


@pytest.mark.parametrize("said", ["How to install it", "Is it open", "list the harbours", "It fails?", "多高？"])
def test_a_question_is_told_by_its_mark_or_its_words(said: str) -> None:
    assert asks(said)


@pytest.mark.parametrize("said", ["Selling my bike", "It is high.", "See https://example.org/?q=1 for more"])
def test_a_statement_asks_nothing(said: str) -> None:
    assert not asks(said)
