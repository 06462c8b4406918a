"""Paging: a list shown a few items at a time, with buttons that turn the page in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import Button
from bot.presenting.words import Words

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[_Item]):
    """One page of a list: its items, its number from 0, and how many pages there are."""

    items: Sequence[_Item]
    number: int
    of: int

    def buttons(self, action: str, subject: str, words: Words) -> tuple[tuple[Button, ...], ...]:
        """Return the row of buttons that turn to another page, round the ends too; none for a single page."""
        if self.of == 1:
            return ()
        back, forward = (self.number - 1) % self.of, (self.number + 1) % self.of
        here = words("Page {number} of {pages}", number=self.number + 1, pages=self.of)
        return (
            (
                Button(words("Back"), str(CustomId(action, subject, f"b{back}")), emoji="◀️"),
                Button(here, str(CustomId(action, subject, f"p{self.number}"))),
                Button(words("Next"), str(CustomId(action, subject, f"n{forward}")), emoji="▶️"),
            ),
        )


def page(items: Sequence[_Item], number: int, size: int) -> Page[_Item]:
    """Page `number` (from 0; the nearest there is) of `items`, at least one, with `size` of them on each."""
    pages = -(-len(items) // size)
    number = min(max(number, 0), pages - 1)
    return Page(items[number * size : (number + 1) * size], number, pages)


def page_number(custom_id: CustomId) -> int:
    """Return the number of the page that a button turns to: the letter before it keeps the ids of a row apart."""
    return int(custom_id.detail[1:]) if custom_id.detail[1:].isdecimal() else 0
