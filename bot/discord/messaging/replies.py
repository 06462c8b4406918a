"""Replies: where an answer goes, and how it gets there in spite of Discord's faults.

Whatever was used to ask (a command, a button, a message), work speaks through a Reply: it acknowledges, may be updated
while the work goes on, and is finished once. Interactions must be acknowledged within 3 s and can be answered for 15
minutes (https://docs.discord.com/developers/interactions/receiving-and-responding); after that, or when the
acknowledgement was lost, the reply goes to the channel.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import Any, Protocol

import discord

from bot.discord.messaging.delivery import (
    ALREADY_ACKNOWLEDGED,
    PASSING,
    REFUSED,
    URGENT,
    deliver,
    extras,
    new_nonce,
    post,
)
from bot.discord.messaging.message import CONTENT, Message, as_embeds, as_files, as_view
from bot.discord.messaging.neutral import length
from bot.discord.messaging.plain import plain
from bot.presenting.words import Words, words_in

log = logging.getLogger(__name__)

# An attempt that is given up too early is sent twice: under load, that load then feeds itself.
_ACKNOWLEDGEMENT_TIMEOUT = 2.0
_WORTHLESS_AFTER = 3.0
_TYPING_TIMEOUT = 0.8
_LOOK_INTO_YOUR_MESSAGES = "✉️"


class Reply(Protocol):
    """One reply to one person, in their language."""

    @property
    def words(self) -> Words:
        """The words of that language."""

    @property
    def shown_in(self) -> int | None:
        """The message that shows it, None where there is none or none is known."""

    async def acknowledge(self) -> None:
        """Show that the question has arrived. Never raises because of Discord."""

    async def update(self, message: Message) -> None:
        """Show `message` for now; the next update or the end replaces it. Never raises because of Discord."""

    async def finish(self, messages: Sequence[Message]) -> None:
        """Show `messages`, at least one, as the reply. What Discord does not let it show is logged, not raised."""

    async def refuse(self, message: Message) -> None:
        """Show `message`, for this person alone where Discord can, in place of everything above."""


class _Arrived(Enum):
    """Whether Discord took a response: after a reset or a timeout nobody knows, and the next call shows it."""

    YES = "yes"
    NO = "no"
    PERHAPS = "perhaps"


class InteractionReply:
    """The reply to a command, a button or a modal; `private` shows it to the person alone."""

    def __init__(self, interaction: discord.Interaction[Any], *, private: bool = False) -> None:
        self._interaction = interaction
        self._private = private
        self._lost = False
        self.words = words_in(str(interaction.locale))
        self.shown_in: int | None = None

    async def acknowledge(self) -> None:
        """Defer: Discord shows that the bot is thinking."""
        defer = self._interaction.response.defer
        self._lost = await _respond(lambda: defer(ephemeral=self._private, thinking=True)) is _Arrived.NO

    async def update(self, message: Message) -> None:
        """Edit the response."""
        if not self._lost:
            with contextlib.suppress(*REFUSED):
                await deliver(partial(self._edit, message), pauses=())

    async def finish(self, messages: Sequence[Message]) -> None:
        """Edit the response to the first message, and send the others after it."""
        left = list(messages)
        try:
            if not self._lost:
                await deliver(partial(self._edit, left[0]))
                del left[0]
            while left and not self._lost:
                # A repeated follow-up can show twice; one that is not repeated can be missing, which is worse.
                await deliver(partial(self._follow, left[0]))
                del left[0]
        except REFUSED as fault:
            log.warning("an interaction can no longer be answered", extra={"fault": repr(fault)})
        if left:
            await self._elsewhere(left, private=self._private)

    async def add(self, message: Message) -> None:
        """Send `message` after the reply, to the person alone."""
        with contextlib.suppress(*REFUSED):
            await deliver(lambda: self._interaction.followup.send(message.content, ephemeral=True))

    async def open(self, modal: discord.ui.Modal) -> None:
        """Respond with a modal, a form to fill in."""
        if await _respond(lambda: self._interaction.response.send_modal(modal)) is not _Arrived.YES:
            await self._elsewhere([self._no_form()], private=True)

    async def refuse(self, message: Message) -> None:
        """Respond to the person alone; in place of the answer, if that was acknowledged already."""
        if self._interaction.response.is_done():
            await (self.finish((message,)) if self._private else self._refuse_alone(message))
            return
        send = self._interaction.response.send_message
        sent = await _respond(lambda: send(message.content, embeds=as_embeds(message), ephemeral=True))
        if sent is not _Arrived.YES:
            await self._elsewhere([message], private=True)

    def _no_form(self) -> Message:
        return Message(self.words("Discord did not let me open the form. You can reply to my answer instead."))

    async def _refuse_alone(self, message: Message) -> None:
        """Take back what everybody sees: an acknowledgement in public cannot be made private any more."""
        try:
            await self._withdraw()
            await deliver(lambda: self._interaction.followup.send(message.content, ephemeral=True))
        except REFUSED as fault:
            log.warning("an interaction can no longer be answered", extra={"fault": repr(fault)})
            await self._elsewhere([message], private=True)

    async def _withdraw(self) -> None:
        with contextlib.suppress(discord.NotFound):
            await deliver(self._interaction.delete_original_response)

    async def _edit(self, message: Message) -> None:
        shown = await self._interaction.edit_original_response(
            content=message.content or None,
            embeds=as_embeds(message),
            attachments=as_files(message),
            view=as_view(message),
        )
        self.shown_in = shown.id

    async def _follow(self, message: Message) -> None:
        await self._interaction.followup.send(
            message.content, embeds=as_embeds(message), ephemeral=self._private, **extras(message)
        )

    async def _elsewhere(self, messages: Sequence[Message], *, private: bool) -> None:
        """Send `messages` outside of the interaction: to the channel, or to the person alone."""
        user, channel = self._interaction.user, self._interaction.channel
        where: Any = user if private else channel
        try:
            for message in messages if private else _addressed(user.mention, messages):
                await post(where, message)
        except (*REFUSED, AttributeError) as fault:
            log.error("a reply could not be shown", extra={"fault": repr(fault)})
            lost = self.words("Discord no longer let me show you my reply. Please ask again.")
            with contextlib.suppress(*REFUSED, AttributeError):
                await post(channel, Message(f"{user.mention} {lost}"))


class InPlaceReply(InteractionReply):
    """The reply to a button that changes the very message that it stands under."""

    async def acknowledge(self) -> None:
        """Defer without a sign: the message stays as it is until it changes."""
        self._lost = await _respond(self._interaction.response.defer) is _Arrived.NO

    async def _withdraw(self) -> None:
        """Leave the message as it is."""


class MessageReply:
    """The reply to a message: in its channel, pointing back at it."""

    def __init__(self, message: discord.Message, words: Words) -> None:
        self.words = words
        self._asked = message
        self._shown: discord.Message | None = None
        self._nonce = new_nonce()
        self._tried = False

    @property
    def shown_in(self) -> int | None:
        """The message that shows it."""
        return self._shown.id if self._shown else None

    async def acknowledge(self) -> None:
        """Show that the bot is typing."""
        with contextlib.suppress(*REFUSED):
            await deliver(self._asked.channel.typing, pauses=URGENT[:1], seconds=_TYPING_TIMEOUT)

    async def update(self, message: Message) -> None:
        """Send the interim reply, or edit it."""
        with contextlib.suppress(*REFUSED):
            await self._show(message)

    async def finish(self, messages: Sequence[Message]) -> None:
        """Send the first message as a reply, or edit what is shown to it, and send the others after it."""
        try:
            await self._show(messages[0])
            for message in messages[1:]:
                await post(self._asked.channel, message, reference=self._asked)
        except REFUSED as fault:
            log.error("a reply could not be shown", extra={"fault": repr(fault)})
            if self._shown is None:
                await self._otherwise(plain(messages))

    async def _otherwise(self, messages: Sequence[Message]) -> None:
        """Show `messages` where no more is allowed: without a reference, else to the asker alone, with a sign of it."""
        try:
            for message in messages:
                await post(self._asked.channel, message)
            return
        except REFUSED as fault:
            log.error("a reply could not be shown in plain words", extra={"fault": repr(fault)})
        with contextlib.suppress(*REFUSED):
            await deliver(lambda: self._asked.add_reaction(_LOOK_INTO_YOUR_MESSAGES))
        try:
            for message in messages:
                await post(self._asked.author, message)
        except REFUSED as fault:
            log.error("a reply could not be shown to the asker", extra={"fault": repr(fault)})

    async def refuse(self, message: Message) -> None:
        """Reply with `message`; there is no private answer to a message."""
        await self.finish((message,))

    async def _show(self, message: Message) -> None:
        """Show `message` in the one place that this reply has. After a fault nobody knows what is shown there."""
        if self._shown is None:
            perhaps_another, self._tried = self._tried, True
            self._shown = await post(self._asked.channel, message, reference=self._asked, nonce=self._nonce)
            if not perhaps_another:
                return
        await deliver(partial(self._edit, self._shown, message))

    async def _edit(self, shown: discord.Message, message: Message) -> None:
        await shown.edit(
            content=message.content or None,
            embeds=as_embeds(message),
            attachments=as_files(message),
            view=as_view(message),
        )


class UnaskedReply(MessageReply):
    """The reply to a message that nobody addressed to the bot: only an answer is worth showing."""

    async def acknowledge(self) -> None:
        """Show nothing."""

    async def update(self, message: Message) -> None:
        """Show nothing."""

    async def refuse(self, message: Message) -> None:
        """Show nothing."""

    async def _otherwise(self, messages: Sequence[Message]) -> None:
        """Show it in plain words or not at all: who asked nothing gets no message of their own."""
        with contextlib.suppress(*REFUSED):
            for message in messages:
                await post(self._asked.channel, message)

    async def finish(self, messages: Sequence[Message]) -> None:
        """Show the answer, if there is one."""
        if messages:
            await super().finish(messages)


async def _respond(respond: Callable[[], Awaitable[object]]) -> _Arrived:
    """Whether the first response to an interaction arrived, by this call or by an earlier one."""
    try:
        async with asyncio.timeout(_WORTHLESS_AFTER):
            await deliver(respond, pauses=URGENT, seconds=_ACKNOWLEDGEMENT_TIMEOUT)
    except discord.InteractionResponded:
        return _Arrived.YES
    except REFUSED as fault:
        arrived = _arrived(fault)
        log.warning("an acknowledgement failed", extra={"arrived": arrived.value, "fault": repr(fault)})
        return arrived
    return _Arrived.YES


def _arrived(fault: Exception) -> _Arrived:
    if getattr(fault, "code", None) == ALREADY_ACKNOWLEDGED:
        return _Arrived.YES  # the first attempt arrived after all, or another process was faster
    return _Arrived.PERHAPS if isinstance(fault, PASSING) else _Arrived.NO


def _addressed(mention: str, messages: Sequence[Message]) -> list[Message]:
    content = f"{mention} {messages[0].content}"
    if length(content) <= CONTENT:
        return [replace(messages[0], content=content), *messages[1:]]
    return [Message(mention), *messages]
