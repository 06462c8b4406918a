"""Listening: messages that are addressed to the bot, and those that a channel's mode makes its business."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any

import discord
from discord.ext import commands

from bot.answering.understanding.question import LONGEST
from bot.discord import logs
from bot.discord.answers.conversation import conversation_before, without_mentions
from bot.discord.answers.intent import asks, has_a_question_mark
from bot.discord.answers.question import PersonsQuestion, PriorConversation, home_of, nothing_before
from bot.discord.answers.service import AnswerService
from bot.discord.answers.stored import Conversations
from bot.discord.features.components import Feature
from bot.discord.features.help import help_message
from bot.discord.messaging.delivery import REFUSED
from bot.discord.messaging.notices import notice
from bot.discord.messaging.replies import MessageReply, UnaskedReply
from bot.discord.servers import Servers, words_for
from bot.discord.store import Mode, Origin, Store
from bot.discord.work.admission import Admission
from bot.discord.work.limits import Buckets, Rate
from bot.discord.work.viewers import Viewers
from index.access import Viewer

_EDITABLE_SECONDS = 60.0
_EDITABLE = 1_000


@dataclass(eq=False, slots=True)
class _Answered:
    """A message that was answered a moment ago: its text, the reply to it, and a lock that answers hold."""

    text: str
    reply: MessageReply
    at: float = field(default_factory=monotonic)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Listening(Feature):
    """Answers messages. `passes_on` takes a person's reply to a request for help, `admits` knows who may ask."""

    def __init__(
        self,
        service: AnswerService,
        admission: Admission,
        store: Store,
        servers: Servers,
        viewers: Viewers,
        conversations: Conversations,
        me: Callable[[], discord.ClientUser | None],
        passes_on: Callable[[discord.Message], Awaitable[bool]],
        admits: Callable[[int, int | None], Awaitable[bool]],
    ) -> None:
        self._service = service
        self._admission = admission
        self._store = store
        self._servers = servers
        self._viewers = viewers
        self._conversations = conversations
        self._who_i_am = me
        self._passes_on = passes_on
        self._admits = admits
        self._warnings = Buckets(Rate(at_once=1, a_minute=1))
        self._answered: OrderedDict[int, _Answered] = OrderedDict()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer `message` if it is for the bot; stay silent otherwise."""
        if message.author.bot or message.webhook_id or message.is_system():
            return
        origin = _origin(message)
        logs.on_behalf_of(server=origin.guild, channel=origin.channel, command="message")
        if not await self._admits(origin.asker, origin.guild) or await self._passes_on(message):
            return
        mode = await asyncio.to_thread(self._store.mode, home_of(message.channel) or 0)
        if self._is_addressed(message, mode) or (mode is not Mode.OFF and self._asks_in_own_thread(message)):
            await self._answer(message)
        elif mode is Mode.FORUM and _opens_a_post(message):
            await self._answer_post(message)
        elif mode is Mode.EVERY and has_a_question_mark(message.content):
            await self._answer_if_known(message)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Answer a question anew, in the place of its answer, that its author put right within a minute."""
        answered = self._answered.get(payload.message_id)
        if answered is None or monotonic() - answered.at > _EDITABLE_SECONDS:
            return
        text = without_mentions(payload.message)
        if not text or text == answered.text:
            return
        answered.text = text
        origin = _origin(payload.message)
        logs.on_behalf_of(server=origin.guild, channel=origin.channel, command="edit")
        async with answered.lock:
            await self._service.answer(answered.reply, self._going_on(payload.message, text))

    @property
    def _me(self) -> Any:
        return self._who_i_am()

    def _is_addressed(self, message: discord.Message, mode: Mode) -> bool:
        if message.guild is None:
            return True
        own_role = message.guild.self_role
        called = self._me in message.mentions or (own_role is not None and own_role in message.role_mentions)
        return mode is not Mode.OFF and (called or _replied_to(message) == self._me.id)

    def _asks_in_own_thread(self, message: discord.Message) -> bool:
        """Whether a question stands in a thread that the bot opened: there it needs no mention."""
        is_own = isinstance(message.channel, discord.Thread) and message.channel.owner_id == self._me.id
        return is_own and asks(message.content)

    async def _answer(self, message: discord.Message) -> None:
        words = await asyncio.to_thread(words_for, message, self._servers)
        reply, origin = MessageReply(message, words), _origin(message)
        if self._was_warned(origin):
            return
        text = without_mentions(message) or await _read_again(message)
        if text:
            answered = self._remember(message.id, _Answered(text, reply))
            async with answered.lock:
                await self._service.answer(reply, self._going_on(message, text))
        elif await self._admission.admit(reply, origin.asker, origin.guild):
            if message.attachments:
                line = words(
                    "I cannot answer from a file that is sent to me. Whoever runs me puts it among the documents; then"
                    " everybody can ask about it. What would you like to know?"
                )
                await reply.refuse(notice(line))
            elif message.content or message.guild is None:
                await reply.refuse(help_message(words))
            else:
                line = words(
                    "I cannot read this: Discord shows me only messages that mention me. Please mention me in it."
                )
                await reply.refuse(notice(line))

    def _going_on(self, message: discord.Message, text: str) -> PersonsQuestion:
        """Return the question of a message that goes on with what was said before it."""
        return self._question(message, text, partial(conversation_before, message, self._me, self._conversations))

    def _question(
        self,
        message: discord.Message,
        text: str,
        before: Callable[[Viewer], Awaitable[PriorConversation]] = nothing_before,
    ) -> PersonsQuestion:
        viewer = partial(self._viewers.of_message, message)
        home = home_of(message.channel)
        return PersonsQuestion(text, _origin(message), viewer, before, message=message.id, home=home)

    def _remember(self, message: int, answered: _Answered) -> _Answered:
        self._answered[message] = answered
        if len(self._answered) > _EDITABLE:
            self._answered.popitem(last=False)
        return answered

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
            words = await asyncio.to_thread(words_for, message, self._servers)
            asked = self._question(message, text)
            await self._service.answer(MessageReply(message, words), asked)

    async def _answer_if_known(self, message: discord.Message) -> None:
        words = await asyncio.to_thread(words_for, message, self._servers)
        asked = self._question(message, without_mentions(message))
        await self._service.volunteer(UnaskedReply(message, words), asked)


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


def _opens_a_post(message: discord.Message) -> bool:
    # The first message of a forum post has the id of the post.
    return isinstance(message.channel, discord.Thread) and message.id == message.channel.id


def _replied_to(message: discord.Message) -> int | None:
    """Return the id of the author of the message that this one replies to, as far as Discord sent it along."""
    resolved = message.reference.resolved if message.reference else None
    return resolved.author.id if isinstance(resolved, discord.Message) else None
