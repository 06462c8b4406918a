"""Forms: a modal with one field to write in, and what somebody wrote there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord

from bot.discord.features.components import Interaction
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.neutral import label

_TITLE = 45


class Form(discord.ui.Modal):
    """Asks for one text. What is sent is answered by `custom_id`, after any number of restarts."""

    def __init__(
        self, title: str, custom_id: CustomId, question: str, *, max_length: int = 1000, required: bool = True
    ) -> None:
        super().__init__(title=label(title, _TITLE), custom_id=str(custom_id))
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=max_length, required=required
        )
        self.add_item(discord.ui.Label(text=label(question, _TITLE), component=field))
        self.stop()


def typed(interaction: Interaction) -> str:
    """Return what somebody wrote into a form."""
    return " ".join(_values(interaction.data)).strip()


def _values(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        if isinstance(data.get("value"), str):
            yield data["value"]
        for part in (data.get("components"), data.get("component")):
            yield from _values(part)
    elif isinstance(data, list):
        for part in data:
            yield from _values(part)
