"""Forms: the window in which a follow-up is typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import discord

from bot.answering.question import LONGEST
from bot.discord.identifiers import Press


class FollowUpForm(discord.ui.Modal):
    """Asks for the question that follows up the answer with this id."""

    def __init__(self, answer_id: str) -> None:
        super().__init__(title="Ask a follow-up", custom_id=str(Press("ask", answer_id)))
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph, max_length=LONGEST, required=True
        )
        self.add_item(discord.ui.Label(text="Your question", component=field))
        self.stop()  # what is sent is answered from its custom id (bot/discord/presses.py), also after a restart


def typed(interaction: discord.Interaction[Any]) -> str:
    """Return what was typed into a form."""
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
