"""Neutral text: the words of documents, models and people, made harmless before Discord reads them.

Discord reads Markdown, mentions, links and invites in whatever a bot sends
(https://docs.discord.com/developers/reference#message-formatting). Text that is not our own must show its characters
and do nothing else: it may not ping, link, hide, invite or turn the reading direction.
"""

from __future__ import annotations

import re

from index.language.unseen import Reader, seen_by

_INVITE = re.compile(r"(discord(?:app)?)\.(gg|com/invite)", re.IGNORECASE)
_EVERYONE = re.compile(r"[@＠](?=everyone|here)", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\`*_~|\[\]<@]|(?<=<)[#:/]|(?<=\w):(?=//)")
_LINE_MARK = re.compile(r"^(\s*)(#|>|-#)", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*```([\w+#.-]*)[ \t]*\n(.*?)\n?^[ \t]*```[ \t]*$", re.MULTILINE | re.DOTALL)
_BLANK_LINES = re.compile(r"\n\s*\n")


def neutral(text: str) -> str:
    """`text` as Markdown that Discord shows character for character, and acts on nothing in it."""
    return _escaped(visible(text)).strip()


def neutral_blocks(text: str) -> str:
    """`text` made neutral, but with its fenced code blocks kept as code blocks."""
    text = visible(text)
    parts: list[str] = []
    end = 0
    for fence in _FENCE.finditer(text):
        parts.append(_escaped(text[end : fence.start()]))
        body = fence[2].replace("```", "ˋˋˋ")  # inside a block, Discord takes any three backticks for its end
        parts.append(f"```{fence[1]}\n{body}\n```" if body.strip() else "")
        end = fence.end()
    parts.append(_escaped(text[end:]))
    return "".join(parts).strip()


def inline(text: str, limit: int) -> str:
    """`text` made neutral on one line of at most `limit`, wherever Discord reads Markdown, titles too; never empty."""
    return clipped(neutral(one_line(text)), limit) or "—"


def label(text: str, limit: int) -> str:
    """`text` on one line of at most `limit`, where Discord reads no Markdown, as in buttons; never empty."""
    return clipped(one_line(text), limit) or "—"


def visible(text: str) -> str:
    """`text` without what cannot be seen (controls, format characters, blank letters), and with invites broken.

    Line ends and tabs stay; runs of blank lines become one. Invites and @everyone act even where Markdown does not.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = seen_by(Reader.DISCORD, text)
    text = _EVERYONE.sub("[at]", _INVITE.sub(r"\1[.]\2", text))
    return _BLANK_LINES.sub("\n\n", text)


def one_line(text: str) -> str:
    """`text` on one line without what cannot be seen; its Markdown is left as it is."""
    return " ".join(visible(text).split())


def clipped(text: str, limit: int) -> str:
    """`text` cut to `limit`, ending in an ellipsis where something was cut; an escape is never cut in two."""
    if length(text) <= limit:
        return text
    while length(text) > limit - 1:
        text = text[: limit - 1] if len(text) >= limit else text[:-1]
    return _without_half_escape(text).rstrip() + "…"


def length(text: str) -> int:
    """Return the length of `text` in UTF-16 units: the most that any part of Discord counts for it."""
    return len(text) + sum(character > "\uffff" for character in text)


def _escaped(text: str) -> str:
    return _LINE_MARK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", text))


def _without_half_escape(text: str) -> str:
    backslashes = len(text) - len(text.rstrip("\\"))
    return text[:-1] if backslashes % 2 else text
