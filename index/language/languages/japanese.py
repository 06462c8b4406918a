"""Japanese."""

from __future__ import annotations

from index.language.language import Language, Negation, Orders, Talk, words

LANGUAGE = Language(
    code="ja",
    name="Japanese",
    read_as="en",
    negation=Negation(words=words("ない ません ず ぬ 無 不 未")),
    orders=Orders(
        anywhere=(r"(?:以前|これまで|上記|前|すべて)の?(?:指示|命令|プロンプト).{0,6}無視",),
    ),
    talk=Talk(
        greetings=(
            r"こんにちは|こんばんは|おはよう(?:ございます)?|おやすみ(?:なさい)?|やあ|ありがとう(?:ございます|ございました)?|どうも|すみません|お願いします",
            r"さようなら|はい|いいえ|本当(?:に|ですか)?|笑",
        ),
    ),
)
