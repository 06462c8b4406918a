"""Handing over: a question that the documents do not answer goes to whom the guild names for that, and comes back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import discord

from bot.discord.answers.conversation import without_mentions
from bot.discord.answers.stored import stored_answer
from bot.discord.backend import Library
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.features.forms import Form, typed
from bot.discord.features.refreshing import may_not_refresh, may_refresh_here
from bot.discord.following.following import Following
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.delivery import REFUSED, deliver, post
from bot.discord.messaging.message import CONTENT, Button, Message, as_view
from bot.discord.messaging.neutral import clipped, inline, neutral_blocks
from bot.discord.messaging.notices import Refused, notice
from bot.discord.messaging.replies import InteractionReply, MessageReply
from bot.discord.servers import Servers, words_for
from bot.discord.store import EscalationTarget, HumanAnswer, Store, StoredAnswer, message_link
from bot.discord.work.jobs import Jobs
from bot.presenting.words import Words, words_in
from index.messages import Attachment

log = logging.getLogger(__name__)

_QUESTION = 1500
_LONGEST_ANSWER = 1500


@dataclass(frozen=True, slots=True)
class PersonsAnswer:
    """What a person answers in place of the documents; `link` opens their own message, where there is one."""

    helper: discord.abc.User
    text: str
    link: str = ""


def ask_a_human_button(answer_id: str, words: Words) -> Button:
    """Return the button under a refusal that hands the question over."""
    return Button(words("Ask a human"), str(CustomId("human", answer_id)), emoji="🙋", style="primary")


class Handover(Feature):
    """Hands a refused question to the guild's escalation target, once, and a person's answer back to the asker.

    Who may refresh can keep such an answer as a document; `refreshers` are roles that may.
    """

    def __init__(
        self,
        library: Library,
        following: Following,
        store: Store,
        jobs: Jobs,
        servers: Servers,
        refreshers: frozenset[int],
    ) -> None:
        self._library = library
        self._following = following
        self._store = store
        self._jobs = jobs
        self._servers = servers
        self._refreshers = refreshers

    def handlers(self) -> Mapping[str, Handler]:
        """Return the button under a refusal, those under a request, and the form in which a person answers."""
        return {
            "human": self._hand_over,
            "reply": self._open,
            "replied": self._replied,
            "done": self._dealt_with,
            "keep": self._keep,
        }

    async def takes(self, message: discord.Message, client: discord.Client) -> bool:
        """Whether a message replies to a request; then it is passed on to the asker, and is no question."""
        request = message.reference.message_id if message.reference else None
        stored = await asyncio.to_thread(self._store.handed_over_in, request) if request else None
        if stored is None:
            return False
        words = words_for(message, self._servers)
        text = without_mentions(message)
        if message.author.id == stored.origin.asker:
            return True
        if not text:
            line = words("I cannot read this: Discord shows me only replies that notify me. Press “Answer” instead.")
            await MessageReply(message, words).finish((notice(line),))
        elif not await self._pass_on(stored, PersonsAnswer(message.author, text, message.jump_url), client):
            await MessageReply(message, words).finish((notice(_unreachable(words)),))
        return True

    async def _hand_over(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._outcome(interaction, custom_id.subject, reply.words))

    async def _open(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction)
        words = reply.words
        form = Form(
            words("Answer"), CustomId("replied", custom_id.subject), words("Your answer"), max_length=_LONGEST_ANSWER
        )
        await reply.open(form)

    async def _replied(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction, private=True)
        answer = PersonsAnswer(interaction.user, typed(interaction))
        await self._jobs.run(reply, self._answered(interaction, custom_id.subject, answer, reply.words))

    async def _dealt_with(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._closed(interaction, custom_id.subject, reply.words))

    async def _keep(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction, private=True)
        if await may_refresh_here(interaction, self._servers, self._refreshers):
            await self._jobs.run(reply, self._kept(interaction, custom_id.subject, reply.words))
        else:
            await reply.refuse(may_not_refresh(reply.words))

    async def _outcome(self, interaction: Interaction, answer_id: str, words: Words) -> Sequence[Message]:
        stored = await stored_answer(self._store, answer_id, words)
        target = await asyncio.to_thread(self._store.escalation_target, stored.origin.guild)
        channel: Any = interaction.client.get_channel(target.channel) if target.channel else interaction.channel
        if target == EscalationTarget() or channel is None:
            raise Refused(
                words("Nobody is named for questions here any more. Whoever runs this server can say /channel humans.")
            )
        if not await asyncio.to_thread(self._store.mark_handed_over, stored.id):
            return (notice(words("The people here have been asked already.")),)
        request = request_message(stored, target, _where(interaction), self._words_of(channel))
        try:
            sent = await post(channel, request, role=target.role)
        except REFUSED as fault:
            await asyncio.to_thread(self._store.set_handover, stored.id, None)
            log.warning("a question could not be handed over", extra={"to": channel.id, "fault": repr(fault)})
            return (notice(_may_not_ask(words)),)
        await asyncio.to_thread(self._store.set_handover, stored.id, sent.id)
        return (notice(words("I have asked the people here.")),)

    def _words_of(self, channel: Any) -> Words:
        guild = getattr(channel, "guild", None)
        own = str(guild.preferred_locale) if guild else "en-US"
        return words_in(self._servers.locale(guild.id if guild else None) or own)

    async def _answered(
        self, interaction: Interaction, answer_id: str, answer: PersonsAnswer, words: Words
    ) -> Sequence[Message]:
        stored = await stored_answer(self._store, answer_id, words)
        if not await self._pass_on(stored, answer, interaction.client):
            raise Refused(_unreachable(words))
        return (notice(words("I have passed your answer on.")),)

    async def _closed(self, interaction: Interaction, answer_id: str, words: Words) -> Sequence[Message]:
        stored = await stored_answer(self._store, answer_id, words)
        link = interaction.message.jump_url if interaction.message else ""
        await asyncio.to_thread(self._store.resolve, stored.id, interaction.user.id, link)
        if interaction.message:
            await _note_below(interaction.message, _closed_by(interaction.user, self._words_of(interaction.channel)))
        return (notice(words("It is marked as dealt with.")),)

    async def _kept(self, interaction: Interaction, answer_id: str, words: Words) -> Sequence[Message]:
        stored = await stored_answer(self._store, answer_id, words)
        human = await asyncio.to_thread(self._store.human_answer, answer_id)
        if human is None or interaction.guild_id is None:
            raise Refused(words("I do not know this answer any more."))
        if await asyncio.to_thread(self._store.is_private, stored.id):
            # Everybody here would read what somebody asked alone.
            raise Refused(words("You may not do this here."))
        question = " ".join(stored.answer.question.split())
        about = Attachment(
            "answer.md", human.link, interaction.guild_id, interaction.user.id, title=question, author=human.helper
        )
        text = f"# {question}\n\n{human.text}\n\n{human.name}, {datetime.now(UTC):%Y-%m-%d}\n"
        await asyncio.to_thread(self._library.attached.keep, about, text.encode())
        note = self._servers.note_change
        await asyncio.to_thread(note, interaction.guild_id, interaction.user.id, "index add", human.link)
        self._following.changed.set()
        return (notice(words("It is kept as a document; the next refresh indexes it.")),)

    async def _pass_on(self, stored: StoredAnswer, answer: PersonsAnswer, client: Any) -> bool:
        """Whether a person's answer could be shown to the asker, where the question was asked or else alone."""
        _, locale = await asyncio.to_thread(self._store.shown, stored.id)
        is_private = stored.origin.guild is None or await asyncio.to_thread(self._store.is_private, stored.id)
        message = human_message(stored, answer, words_in(locale))
        link = None if is_private else await self._shown_there(stored, answer, message, client)
        if link is None and not await _shown_alone(stored, message, client):
            return False
        request = await asyncio.to_thread(self._store.handover, stored.id)
        target = await asyncio.to_thread(self._store.escalation_target, stored.origin.guild)
        asked_in = message_link(stored.origin.guild, target.channel or stored.origin.channel, request)
        human = HumanAnswer(answer.helper.id, answer.helper.display_name, answer.text, answer.link or link or asked_in)
        await asyncio.to_thread(self._store.save_human_answer, stored.id, human)
        await asyncio.to_thread(self._store.resolve, stored.id, answer.helper.id, answer.link)
        await self._mark_request(stored, answer, client)
        return True

    async def _shown_there(
        self, stored: StoredAnswer, answer: PersonsAnswer, message: Message, client: Any
    ) -> str | None:
        """Return the link to where the asker sees it, None where that is nowhere."""
        channel = client.get_channel(stored.origin.channel)
        if channel is None:
            return None
        if answer.link.startswith(message_link(stored.origin.guild, channel.id, 0).removesuffix("0")):
            return answer.link  # the asker sees their message
        shown_in, _ = await asyncio.to_thread(self._store.shown, stored.id)
        reference = None
        if shown_in is not None:
            reference = discord.MessageReference(message_id=shown_in, channel_id=channel.id, fail_if_not_exists=False)
        try:
            sent = await post(channel, message, reference=reference, person=stored.origin.asker)
        except REFUSED as fault:
            log.warning("a person's answer could not be shown", extra={"to": channel.id, "fault": repr(fault)})
            return None
        return sent.jump_url

    async def _mark_request(self, stored: StoredAnswer, answer: PersonsAnswer, client: Any) -> None:
        request = await asyncio.to_thread(self._store.handover, stored.id)
        target = await asyncio.to_thread(self._store.escalation_target, stored.origin.guild)
        channel = client.get_channel(target.channel or stored.origin.channel)
        if request is None or channel is None:
            return
        with contextlib.suppress(*REFUSED):
            message = await channel.fetch_message(request)
            words = self._words_of(channel)
            keep = Button(words("Keep as a document"), str(CustomId("keep", stored.id)), emoji="📄")
            is_private = await asyncio.to_thread(self._store.is_private, stored.id)
            await _note_below(message, _answered_by(answer.helper, words), *([] if is_private else [keep]))


def request_message(stored: StoredAnswer, target: EscalationTarget, link: str, words: Words) -> Message:
    """Return the question that the documents do not answer, for people; `link` shows where it was asked."""
    call = f"<@&{target.role}> " if target.role else ""
    link = f"\n{link}" if link else ""
    asks = words("{asker} asks what the documents do not answer:", asker=f"<@{stored.origin.asker}>")
    how = words("Reply to this message, or press “Answer”: I pass it on.")
    buttons = (
        Button(words("Answer"), str(CustomId("reply", stored.id)), emoji="✍️", style="primary"),
        Button(words("Dealt with"), str(CustomId("done", stored.id)), emoji="✅"),
    )
    question = inline(stored.answer.question, _QUESTION)
    return Message(f"{call}{asks}\n> {question}\n-# {how}{link}", rows=(buttons,))


def human_message(stored: StoredAnswer, answer: PersonsAnswer, words: Words) -> Message:
    """Return a person's answer for the asker, with that person's name."""
    head = words("{asker}, {helper} answers:", asker=f"<@{stored.origin.asker}>", helper=f"**{_name(answer.helper)}**")
    text = neutral_blocks(clipped(answer.text, _LONGEST_ANSWER))
    question = inline(stored.answer.question, 200)
    rows = ((Button(words("Their message"), link=answer.link),),) if answer.link else ()
    return Message(clipped(f"{head}\n> {question}\n{text}", CONTENT), rows=rows)


async def _shown_alone(stored: StoredAnswer, message: Message, client: Any) -> bool:
    try:
        asker = client.get_user(stored.origin.asker) or await client.fetch_user(stored.origin.asker)
        await post(asker, message)
    except REFUSED as fault:
        log.warning("a person's answer could not be shown to the asker", extra={"fault": repr(fault)})
        return False
    return True


async def _note_below(message: discord.Message, line: str, *buttons: Button) -> None:
    """Write a line below a request, and `buttons` in the place of its own."""
    content = clipped(f"{message.content}\n-# ✅ {line}", CONTENT)
    with contextlib.suppress(*REFUSED):
        await deliver(lambda: message.edit(content=content, view=as_view(Message(rows=(buttons,) if buttons else ()))))


def _closed_by(helper: discord.abc.User, words: Words) -> str:
    return words("Dealt with by {helper}.", helper=_name(helper))


def _answered_by(helper: discord.abc.User, words: Words) -> str:
    return words("Answered by {helper}, and passed on.", helper=_name(helper))


def _name(person: discord.abc.User) -> str:
    return inline(person.display_name, 80)


def _may_not_ask(words: Words) -> str:
    return words(
        "I may not write where people are asked, so nobody was. Whoever manages this server can let me, or name another"
        " channel with /channel humans; then press again."
    )


def _unreachable(words: Words) -> str:
    return words("I cannot reach who asked: they take no direct messages from me.")


def _where(interaction: Interaction) -> str:
    """Return the link to the refusal, or its channel where the asker alone sees it; nothing outside of a guild."""
    if interaction.message is None or interaction.guild_id is None:
        return ""
    if interaction.message.flags.ephemeral:
        return f"<#{interaction.channel_id}>"
    return interaction.message.jump_url
