"""Listening: messages that are addressed to the bot, and those that a channel's mode makes its business."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from bot.answering.understanding.question import LONGEST
from bot.discord import logs
from bot.discord.answers.conversation import conversation_before, without_mentions
from bot.discord.answers.intent import asks, has_a_question_mark
from bot.discord.answers.question import PersonsQuestion
from bot.discord.answers.service import AnswerService
from bot.discord.features.components import Feature
from bot.discord.features.help import HELP
from bot.discord.messaging.delivery import REFUSED
from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import MessageReply, UnaskedReply
from bot.discord.store import Mode, Origin, Store
from bot.discord.work.admission import Admission
from bot.discord.work.limits import Buckets, Rate

_CANNOT_READ = notice("I cannot read this: Discord shows me only messages that mention me. Please mention me in it.")


class Listening(Feature):
    """Answers messages."""

    def __init__(
        self, service: AnswerService, admission: Admission, store: Store, me: Callable[[], discord.ClientUser | None]
    ) -> None:
        self._service = service
        self._admission = admission
        self._store = store
        self._who_i_am = me
        self._warnings = Buckets(Rate(at_once=1, a_minute=1))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer `message` if it is for the bot; stay silent otherwise."""
        if message.author.bot or message.webhook_id or message.is_system():
            return
        origin = _origin(message)
        logs.on_behalf_of(server=origin.guild, channel=origin.channel, command="message")
        if await self._answers_a_request(message):
            return
        mode = await asyncio.to_thread(self._store.mode, _home(message.channel))
        if self._is_addressed(message, mode):
            await self._answer(message)
        elif mode is Mode.FORUM and _opens_a_post(message):
            await self._answer_post(message)
        elif mode is Mode.EVERY and has_a_question_mark(message.content):
            await self._answer_if_known(message)

    async def _answers_a_request(self, message: discord.Message) -> bool:
        """Whether it replies to a message in which people were asked what the documents do not say."""
        reference = message.reference.message_id if message.reference else None
        return reference is not None and await asyncio.to_thread(self._store.is_handover, reference)

    @property
    def _me(self) -> Any:
        return self._who_i_am()

    def _is_addressed(self, message: discord.Message, mode: Mode) -> bool:
        if message.guild is None:
            return True
        own_role = message.guild.self_role
        called = self._me in message.mentions or (own_role is not None and own_role in message.role_mentions)
        return mode is not Mode.OFF and (called or _replied_to(message) == self._me.id)

    async def _answer(self, message: discord.Message) -> None:
        reply, origin = MessageReply(message), _origin(message)
        if self._was_warned(origin):
            return
        text = without_mentions(message) or await _read_again(message)
        if text:
            before = partial(conversation_before, message, self._me, self._store)
            await self._service.answer(reply, PersonsQuestion(text, origin, before))
        elif await self._admission.admit(reply, origin.asker, origin.guild):
            await reply.refuse(HELP if message.content or message.guild is None else _CANNOT_READ)

    def _was_warned(self, origin: Origin) -> bool:
        """Whether this person asks too often and was told so in the last minute: that is said once."""
        if not self._admission.wait(origin.asker, origin.guild):
            return False
        warned = self._warnings.wait(origin.asker) > 0
        if not warned:
            self._warnings.take(origin.asker)
        return warned

    async def _answer_post(self, message: discord.Message) -> None:
        if await asyncio.to_thread(self._store.was_answered_in, message.channel.id):
            return
        title = getattr(message.channel, "name", "")
        text = f"{title}\n{without_mentions(message)}".strip()[:LONGEST]
        if asks(text):
            await self._service.answer(MessageReply(message), PersonsQuestion(text, _origin(message)))

    async def _answer_if_known(self, message: discord.Message) -> None:
        await self._service.volunteer(
            UnaskedReply(message), PersonsQuestion(without_mentions(message), _origin(message))
        )


async def _read_again(message: discord.Message) -> str:
    """Return the text of a message that Discord sent without it: one that calls the bot's role, not the bot."""
    if message.content:
        return ""
    try:
        return without_mentions(await message.channel.fetch_message(message.id))
    except REFUSED:
        return ""


def _origin(message: discord.Message) -> Origin:
    return Origin(message.author.id, message.guild.id if message.guild else None, message.channel.id)


def _home(channel: Any) -> int:
    """Return the id of the channel whose mode holds here: a thread's is its parent's."""
    found: int = getattr(channel, "parent_id", None) or channel.id
    return found


def _opens_a_post(message: discord.Message) -> bool:
    # The first message of a forum post has the id of the post.
    return isinstance(message.channel, discord.Thread) and message.id == message.channel.id


def _replied_to(message: discord.Message) -> int | None:
    """Return the id of the author of the message that this one replies to, as far as Discord sent it along."""
    resolved = message.reference.resolved if message.reference else None
    return resolved.author.id if isinstance(resolved, discord.Message) else None
