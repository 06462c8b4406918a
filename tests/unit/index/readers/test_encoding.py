import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UnreadableDocument
from index.readers.encoding import clean, decode

CHINESE = "据报道，英伟达今年第一季度的芯片销售额为四十六亿美元，但第二季度没有向中国客户出售任何芯片。" * 5
JAPANESE = "今日は天気がいいので、公園を散歩しました。明日は雨が降るそうですから、家で本を読みます。" * 5
RUSSIAN = "Сегодня хорошая погода, и мы гуляем в парке. Завтра обещают дождь, поэтому останемся дома. " * 5
FRENCH = "L’été dernier, à Genève, le château était fermé ; ça n’était pas arrivé depuis des années. " * 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_as_it_is_marked_and_nothing_is_guessed(encoding: str) -> None:
    assert decode(CHINESE.encode(encoding)) == (CHINESE, None)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_its_zero_bytes(encoding: str) -> None:
    assert decode("The H20 chip brought $4.6 billion.".encode(encoding)) == (
        "The H20 chip brought $4.6 billion.",
        encoding,
    )


@pytest.mark.parametrize(
    ("text", "encoding"), [(CHINESE, "gbk"), (JAPANESE, "shift_jis"), (RUSSIAN, "cp1251"), (FRENCH, "cp1252")]
)
def test_an_old_encoding_is_guessed_right_and_the_guess_is_named(text: str, encoding: str) -> None:
    found, guessed = decode(text.encode(encoding))
    assert found == text.strip()
    assert guessed is not None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_chinese_in_utf_16_without_a_mark_is_not_taken_for_noise(encoding: str) -> None:
    text = CHINESE + "我们的国家是一个大的国家，在这里的人们都有自己的生活。他说，这不是一个问题，因为大家都来了。"
    assert decode(text.encode(encoding)) == (text, encoding)


def test_french_is_never_taken_for_polish() -> None:
    assert decode(FRENCH.encode("cp1252"))[1] == "cp1252"


def test_a_declared_encoding_is_heard_where_utf_8_fails() -> None:
    assert decode(CHINESE.encode("gb18030"), "gb2312") == (CHINESE, None)
    assert decode("café".encode(), "gb2312") == ("café", None)
    for useless in ("no-such-encoding", "utf-16", "undefined", "base64", "unicode_escape"):
        assert decode("café".encode("cp1252"), useless) == ("café", "cp1252")


def test_one_broken_byte_does_not_make_a_utf_8_file_unreadable() -> None:
    text, guessed = decode(CHINESE.encode()[:-1])
    assert text == CHINESE[:-1] + "\ufffd"
    assert guessed == "utf-8"


@pytest.mark.parametrize("data", [bytes(range(256)) * 8, b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR\1\2\3\4" * 50])
def test_binary_noise_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="not text"):
        decode(data)


def test_a_text_whose_encoding_nothing_tells_is_refused_rather_than_misread() -> None:
    with pytest.raises(UnreadableDocument, match="save it as UTF-8"):
        decode("天氣".encode("big5"))


def test_controls_and_invisible_characters_are_gone_but_those_that_spell_words_stay() -> None:
    assert clean("a\0b\x07\u200bc\u202ed\ufeff\U000e0041 \x1b[0m") == "abcd [0m"
    assert clean("می\u200cخواهم 👩\u200d💻") == "می\u200cخواهم 👩\u200d💻"


def test_every_line_break_becomes_a_line_feed_and_every_space_a_space() -> None:
    assert clean("a\r\nb\rc\u2028d\x85e\tf") == "a\nb\nc\nd\ne\tf"
    assert clean("$4.6\u00a0billion\u3000in") == "$4.6 billion in"


def test_a_lone_surrogate_can_be_stored_afterwards() -> None:
    assert clean("a\ud800b").encode() == "a\ufffdb".encode()


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once == unicodedata.normalize("NFC", once)
    once.encode()


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_are_refused(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except UnreadableDocument:
        return
    assert "\0" not in text
