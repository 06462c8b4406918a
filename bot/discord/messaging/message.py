"""A message as Footnote means it, before discord.py: content, embeds, buttons and a file.

Rendering makes these and nothing else, so that it can be tested without Discord. The limits are those of
https://docs.discord.com/developers/resources/message and https://docs.discord.com/developers/components/reference.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import discord

CONTENT = 2000
EMBED_TITLE = 256
EMBED_FIELD_VALUE = 1024
ROWS = 5
BUTTONS_IN_A_ROW = 5
LINK = 512


@dataclass(frozen=True, slots=True)
class Button:
    """A button: `action` is its custom id, or `link` the address that it opens; exactly one of the two is set."""

    label: str
    action: str | None = None
    link: str | None = None
    emoji: str | None = None
    style: Literal["primary", "secondary", "success", "danger"] = "secondary"


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of one choice, in a row of its own: `options` are pairs of value and label, `chosen` is a value."""

    action: str
    placeholder: str
    options: tuple[tuple[str, str], ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Picker:
    """A menu of a server's text channels or of its roles, in a row of its own; `chosen` is the id of one."""

    action: str
    placeholder: str
    kind: Literal["channel", "role"]
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A named part of an embed."""

    name: str
    value: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Embed:
    """A framed part of a message; `at` is shown behind its footer, in the time zone of whoever reads it."""

    title: str = ""
    description: str = ""
    link: str | None = None
    fields: tuple[Field, ...] = ()
    footer: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file that goes with a message."""

    name: str
    text: str

    @property
    def data(self) -> bytes:
        """Its bytes."""
        return self.text.encode()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of any kind that goes with a message."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes with a message; `description` is for those who do not see it."""

    name: str
    data: bytes
    description: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `rows` holds rows of up to five buttons, or of one menu or picker."""

    content: str = ""
    embeds: tuple[Embed, ...] = ()
    rows: tuple[tuple[Button | Menu | Picker, ...], ...] = ()
    file: TextFile | Picture | Upload | None = None


def in_rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons in rows of five."""
    return tuple(tuple(buttons[start : start + BUTTONS_IN_A_ROW]) for start in range(0, len(buttons), BUTTONS_IN_A_ROW))


def as_embeds(message: Message) -> list[discord.Embed]:
    """Return the embeds of `message` as discord.py wants them."""
    return [_embed(embed) for embed in message.embeds]


def as_files(message: Message) -> list[discord.File]:
    """Return the file of `message` as discord.py wants it: fresh, since sending uses it up."""
    if message.file is None:
        return []
    description = message.file.description if isinstance(message.file, Picture) else None
    return [discord.File(io.BytesIO(message.file.data), filename=message.file.name, description=description)]


def as_view(message: Message) -> discord.ui.View | None:
    """Return the buttons of `message` as discord.py wants them, or None.

    The view is stopped at birth, so that discord.py does not keep it in memory: what is pressed is answered
    from the custom id (bot/discord/features/components.py), today and after any number of restarts.
    """
    if not message.rows:
        return None
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(message.rows):
        for item in row:
            view.add_item(_item(item, number))
    view.stop()
    return view


def _embed(embed: Embed) -> discord.Embed:
    title, description = embed.title or None, embed.description or None
    made = discord.Embed(title=title, description=description, url=embed.link, timestamp=embed.at)
    for field in embed.fields:
        made.add_field(name=field.name, value=field.value, inline=field.inline)
    if embed.footer:
        made.set_footer(text=embed.footer)
    return made


def _item(item: Button | Menu | Picker, row: int) -> discord.ui.Item[Any]:
    match item:
        case Button():
            return _button(item, row)
        case Menu():
            return _menu(item, row)
        case Picker():
            return _picker(item, row)


def _button(button: Button, row: int) -> discord.ui.Button[Any]:
    if button.link is not None:
        return discord.ui.Button(label=button.label, url=button.link, row=row)
    style = discord.ButtonStyle[button.style]
    return discord.ui.Button(
        label=button.label or None, emoji=button.emoji, custom_id=button.action, style=style, row=row
    )


def _menu(menu: Menu, row: int) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(value=value, label=label, default=value == menu.chosen) for value, label in menu.options
    ]
    return discord.ui.Select(custom_id=menu.action, placeholder=menu.placeholder, options=options, row=row)


def _picker(picker: Picker, row: int) -> discord.ui.Item[Any]:
    chosen = [] if picker.chosen is None else [discord.Object(picker.chosen)]
    if picker.kind == "role":
        values = [discord.SelectDefaultValue.from_role(each) for each in chosen]
        return discord.ui.RoleSelect(
            custom_id=picker.action, placeholder=picker.placeholder, min_values=0, default_values=values, row=row
        )
    values = [discord.SelectDefaultValue.from_channel(each) for each in chosen]
    return discord.ui.ChannelSelect(
        custom_id=picker.action,
        placeholder=picker.placeholder,
        channel_types=[discord.ChannelType.text],
        min_values=0,
        default_values=values,
        row=row,
    )
