"""Reading: what is under a message, as a person sees it."""

from __future__ import annotations

from typing import Any

from bot.discord.messaging.custom_id import CustomId


def actions(message: Any) -> list[str]:
    """Return the actions of the buttons and menus under a message, in order."""
    found = [CustomId.parse(item.get("custom_id", "")) for row in message.components for item in row["components"]]
    return [press.action for press in found if press]


def custom_id(message: Any, action: str) -> str:
    """Return the custom id of the first button or menu with this action."""
    items: list[str] = [item.get("custom_id", "") for row in message.components for item in row["components"]]
    return next(item for item in items if (press := CustomId.parse(item)) and press.action == action)
