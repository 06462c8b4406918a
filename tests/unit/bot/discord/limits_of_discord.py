"""Discord's documented limits, written down a second time, so that rendering is held to the page and not to itself."""

from __future__ import annotations

import re

from bot.discord.messaging.message import Button, Embed, Menu, Message, Picker

_CODE_BLOCK = re.compile(r"```.*?```", re.DOTALL)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def broken_limits(message: Message) -> list[str]:
    """Return in words which limits of https://docs.discord.com/developers/resources/message `message` breaks."""
    found = []
    if units(message.content) > 2000:
        found.append("content over 2000")
    if not message.content.strip() and not message.embeds and not message.file:
        found.append("empty message")
    if len(message.embeds) > 10:
        found.append("more than 10 embeds")
    if sum(_size(embed) for embed in message.embeds) > 6000:
        found.append("embeds over 6000 together")
    links = [embed.link for embed in message.embeds if embed.link]
    if len(links) != len(set(links)):
        found.append("embeds of one address, which the client shows as one")
    for embed in message.embeds:
        found += _broken_embed(embed)
    found += _broken_rows(message)
    if message.file and len(message.file.data) > 10 * 2**20:
        found.append("file over 10 MiB")
    return found


def texts(message: Message) -> list[str]:
    """Return every text of `message` in which Discord reads Markdown."""
    fields = [text for embed in message.embeds for field in embed.fields for text in (field.name, field.value)]
    return [message.content, *(text for embed in message.embeds for text in (embed.title, embed.description)), *fields]


def plain_texts(message: Message) -> list[str]:
    """Return every text of `message` that Discord shows as it is."""
    items = [item for row in message.rows for item in row]
    buttons = [item.label for item in items if isinstance(item, Button)]
    menus = [
        text for item in items if isinstance(item, Menu) for text in (item.placeholder, *(o[1] for o in item.options))
    ]
    return [
        *(embed.footer for embed in message.embeds),
        *buttons,
        *menus,
        *([message.file.name] if message.file else []),
    ]


def acting_in(message: Message) -> list[str]:
    """Return what Discord would act on anywhere in `message`, but for links to the documents of the tests."""
    found = [each for text in texts(message) for each in acting(text) if not each.startswith("https://example.org/")]
    return found + [each for text in plain_texts(message) for each in acting_anywhere(text)]


def acting(text: str) -> list[str]:
    """Return what in `text` Discord would act on: mentions, links, invites, and characters that cannot be seen."""
    escaped = re.sub(r"\\[^\w\s]", "", _CODE_BLOCK.sub("", text))
    found = re.findall(r"<[@#:/]|<\w+:", escaped)
    found += re.findall(r"\w+://[^\s)]*", escaped)
    found += re.findall(r"\[(?!open\])[^\]]*\]\(", escaped)
    return found + acting_anywhere(text)


def acting_anywhere(text: str) -> list[str]:
    """Return what in `text` acts even where Discord reads no Markdown."""
    found = re.findall(r"[@＠](?:everyone|here)", text)
    found += re.findall(r"(?i)discord(?:app)?\.(?:gg|com/invite)", text)
    found += re.findall("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u3164\x00-\x08\x0b-\x1f]", text)
    return found


def _size(embed: Embed) -> int:
    parts = [embed.title, embed.description, embed.footer]
    parts += [text for field in embed.fields for text in (field.name, field.value)]
    return sum(units(part) for part in parts)


def _broken_embed(embed: Embed) -> list[str]:
    found = []
    if units(embed.title) > 256 or units(embed.description) > 4096 or units(embed.footer) > 2048:
        found.append("title, description or footer too long")
    if not (embed.title.strip() or embed.description.strip() or embed.fields):
        found.append("empty embed")
    if len(embed.fields) > 25:
        found.append("more than 25 fields")
    for field in embed.fields:
        if not 0 < units(field.name.strip()) <= 256 or not 0 < units(field.value.strip()) <= 1024:
            found.append("a field's name or value empty or too long")
    return found


def _broken_rows(message: Message) -> list[str]:
    found = []
    if len(message.rows) > 5:
        found.append("more than 5 rows")
    ids = [item.action for row in message.rows for item in row if item.action]
    if len(ids) != len(set(ids)):
        found.append("a custom id twice")
    for row in message.rows:
        if not 0 < len(row) <= 5 or (any(isinstance(item, Menu | Picker) for item in row) and len(row) > 1):
            found.append("a row empty or too long")
        for item in row:
            match item:
                case Button():
                    found += _broken_button(item)
                case Menu():
                    found += _broken_menu(item)
                case Picker():
                    found += ["placeholder over 150"] if units(item.placeholder) > 150 else []
    return found


def _broken_button(button: Button) -> list[str]:
    found = []
    if (button.action is None) == (button.link is None):
        found.append("a button needs an action or a link")
    if units(button.label) > 80 or not (button.label.strip() or button.emoji):
        found.append("label empty or over 80")
    if button.action is not None and not 0 < len(button.action) <= 100:
        found.append("custom id empty or over 100")
    if button.link is not None and units(button.link) > 512:
        found.append("link over 512")
    return found


def _broken_menu(menu: Menu) -> list[str]:
    if not 0 < len(menu.action) <= 100 or units(menu.placeholder) > 150 or not 0 < len(menu.options) <= 25:
        return ["menu out of limits"]
    return ["option over 100" for value, label in menu.options if not 0 < len(value) <= 100 or units(label) > 100]
