"""Translations: the names and descriptions of commands in people's own languages.

Discord chooses by each person's client (https://docs.discord.com/developers/interactions/application-commands#localization).
"""

from __future__ import annotations

from discord import Locale, app_commands
from discord.app_commands import TranslationContextTypes, locale_str

# English, then simplified and traditional Chinese.
_WORDS = {
    "ask": ("提问", "提問"),
    "search": ("搜索", "搜尋"),
    "sources": ("来源", "來源"),
    "status": ("状态", "狀態"),
    "refresh": ("刷新", "重新整理"),
    "help": ("帮助", "說明"),
    "channel": ("频道", "頻道"),
    "mode": ("模式", "模式"),
    "humans": ("人工", "真人"),
    "gaps": ("缺口", "缺口"),
    "Answer this": ("回答这条消息", "回答這則訊息"),
    "Find sources": ("查找来源", "尋找來源"),
    "Ask the documents a question": ("向文档提问", "向文件提問"),
    "Your question, in your own words": ("你的问题，用你自己的话", "你的問題，用你自己的話"),
    "Show the answer to you alone": ("答案只给你看", "答案只給你看"),
    "Ask only this document or folder": ("只在这个文档或文件夹中回答", "只在這個文件或資料夾中回答"),
    "Find passages in the documents": ("在文档中查找段落", "在文件中尋找段落"),
    "What to look for": ("要找什么", "要找什麼"),
    "Search only this document or folder": ("只搜索这个文档或文件夹", "只搜尋這個文件或資料夾"),
    "Published on or after this day, as 2025-12-31": (
        "在这一天或之后发布，如 2025-12-31",
        "在這一天或之後發布，如 2025-12-31",
    ),
    "Published on or before this day, as 2025-12-31": (
        "在这一天或之前发布，如 2025-12-31",
        "在這一天或之前發布，如 2025-12-31",
    ),
    "List the documents that I know": ("列出我知道的文档", "列出我知道的文件"),
    "Only documents with this in their title or path": (
        "只列出标题或路径含此文字的文档",
        "只列出標題或路徑含此文字的文件",
    ),
    "Show the age and the size of the index": ("显示索引的时间和大小", "顯示索引的時間和大小"),
    "Read the documents again": ("重新读取文档", "重新讀取文件"),
    "What I do and how to ask me": ("我做什么，怎样问我", "我做什麼，怎樣問我"),
    "Settings for this channel": ("本频道的设置", "本頻道的設定"),
    "When I speak up in this channel": ("我在本频道何时发言", "我在本頻道何時發言"),
    "When to answer": ("何时回答", "何時回答"),
    "never, but for commands": ("从不，但命令除外", "從不，但指令除外"),
    "whoever mentions me or replies to me": ("回答提及我或回复我的人", "回答提及我或回覆我的人"),
    "every question that the documents answer": ("文档能回答的每个问题", "文件能回答的每個問題"),
    "each new post of a forum": ("论坛的每个新帖", "論壇的每個新貼文"),
    "The channel; this one, if none is given": ("频道；不填则为本频道", "頻道；不填則為本頻道"),
    "Whom to ask when the documents do not say": ("文档没有答案时问谁", "文件沒有答案時問誰"),
    "A channel to post questions in": ("发布问题的频道", "發布問題的頻道"),
    "A role to call": ("要呼叫的身份组", "要呼叫的身分組"),
    "Questions without an answer, and answers that were wrong": (
        "没有答案的问题和错误的答案",
        "沒有答案的問題和錯誤的答案",
    ),
}
_COLUMNS = {Locale.chinese: 0, Locale.taiwan_chinese: 1}


class Translations(app_commands.Translator):
    """Translates what the commands are called; what has no translation stays English."""

    async def translate(self, string: locale_str, locale: Locale, _: TranslationContextTypes) -> str | None:
        """Return `string` in `locale`, or None."""
        words = _WORDS.get(string.message)
        column = _COLUMNS.get(locale)
        return words[column] if words and column is not None else None
