"""Status: `/status` and the line under the bot's name, how the index and the bot are."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from statistics import median

from discord import app_commands
from discord.app_commands import locale_str as _

from bot.answering.answer import Answer, NoteKind
from bot.answering.generating.entailment import Proof
from bot.discord.backend import Answerer, Library, Manifest
from bot.discord.features.components import Feature, Interaction
from bot.discord.features.going_back import back_button
from bot.discord.messaging.message import EMBED_FIELD_VALUE, Embed, Field, Message
from bot.discord.messaging.neutral import clipped, inline
from bot.discord.messaging.notices import notice, without_folders
from bot.discord.messaging.replies import InteractionReply
from bot.discord.store import Store
from bot.discord.work.jobs import Jobs
from bot.discord.work.viewers import Viewers
from bot.presenting import notes
from bot.presenting.ages import age
from bot.presenting.words import Words

_NOTES = 5


@dataclass(frozen=True, slots=True)
class ChatModel:
    """What writes the answers, and how it proved that it can judge its own drafts.

    `proof` is None where it has not done so, or need not.
    """

    name: str
    proof: Proof | None = None


class Status(Feature):
    """Says how things are; `chat_model` is the name of what writes the answers, None where they are quotes alone."""

    def __init__(
        self,
        library: Library,
        answerer: Answerer,
        store: Store,
        jobs: Jobs,
        viewers: Viewers,
        chat_model: str | None,
    ) -> None:
        self._library = library
        self._answerer = answerer
        self._store = store
        self._jobs = jobs
        self._viewers = viewers
        self._chat_model = chat_model

    @app_commands.command(name=_("status"), description=_("Show the age and the size of the index"))
    async def status(self, interaction: Interaction) -> None:
        """Show the generation in use, and how long answers take and what they cost."""
        for_managers = interaction.guild_id is not None and interaction.permissions.manage_guild
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._messages(interaction, reply.words, for_managers=for_managers))

    async def _messages(self, interaction: Interaction, words: Words, *, for_managers: bool) -> Sequence[Message]:
        viewer = await self._viewers.of(interaction, private=True)
        latest = await asyncio.to_thread(self._store.latest)
        generation = await asyncio.to_thread(self._library.generation, viewer)
        chat = ChatModel(self._chat_model, self._answerer.proof) if self._chat_model else None
        kept = await asyncio.to_thread(self._library.history) if for_managers else ()
        message = status_message(generation, latest, chat, datetime.now(UTC), words, kept)
        troubles = [self._store.mended, self._library.out_of_touch, self._library.words_alone] if for_managers else []
        return (message, *(notice(f"⚠️ {without_folders(trouble)}") for trouble in troubles if trouble))


def status_message(
    manifest: Manifest | None,
    latest: Sequence[Answer],
    chat: ChatModel | None,
    now: datetime,
    words: Words,
    kept: Sequence[Manifest] = (),
) -> Message:
    """Return the state of the index, the chat model, and what the `latest` answers took, cost and lacked.

    `kept` are the generations that one can go back to, the one in use first; a button goes back to the one before.
    """
    if manifest is None:
        return Message(words("**There is no index yet.** /refresh builds it."))
    fields = [
        Field(words("Documents"), f"{manifest.documents:,}", inline=True),
        Field(words("Passages"), f"{manifest.passages:,}", inline=True),
        Field(
            words("Generation"),
            words("{number}, made {age} ago", number=manifest.number, age=age(now - manifest.created_at, words)),
            inline=True,
        ),
        Field(words("Model"), inline(manifest.fingerprint.model_name, 200)),
        Field(words("Chat model"), _chat_model(chat, words)),
    ]
    generations = "\n".join(
        words("{number}, made {age} ago", number=each.number, age=age(now - each.created_at, words)) for each in kept
    )
    told = {
        words("Generations that are kept"): generations,
        words("Latest answers, median"): _times(latest),
        words("Tokens of the latest answers"): _tokens(latest, words),
        words("What the latest answers went without"): _shortcomings(latest, words),
    }
    fields += [Field(name, clipped(text, EMBED_FIELD_VALUE)) for name, text in told.items() if text]
    rows = ((back_button(kept[1].number, words),),) if len(kept) > 1 else ()
    return Message(embeds=(Embed(words("Status"), fields=tuple(fields)),), rows=rows)


def presence(manifest: Manifest | None, now: datetime, words: Words) -> str:
    """Return the line under the bot's name: how many documents it knows, and how old the index is."""
    if manifest is None:
        return words("no index yet")
    documents = words.plural("{number:,} document", "{number:,} documents", manifest.documents)
    indexed = words("indexed {age} ago", age=age(now - manifest.created_at, words))
    return f"{documents} · {indexed}"


def _chat_model(chat: ChatModel | None, words: Words) -> str:
    if chat is None:
        return words("none: answers are quotes alone")
    name = inline(chat.name, 200)
    if chat.proof is None:
        return name
    judged = (
        words("It judges its own paraphrases: it was right on {right} of {pairs} known pairs.", **asdict(chat.proof))
        if chat.proof.suffices
        else words(
            "Its paraphrases are dropped: it was right on only {right} of {pairs} known pairs.", **asdict(chat.proof)
        )
    )
    return f"{name}\n-# {judged}"


def _times(answers: Iterable[Answer]) -> str:
    """Return the median milliseconds of each step, of those answers that took it."""
    steps: dict[str, list[float]] = {}
    for answer in answers:
        for step, milliseconds in answer.timings_ms.items():
            steps.setdefault(step, []).append(milliseconds)
    return " · ".join(f"{inline(step.replace('_', ' '), 100)} {median(times):,.0f} ms" for step, times in steps.items())


def _tokens(answers: Iterable[Answer], words: Words) -> str:
    """Return the tokens that the chat model read and wrote for those answers for which it was asked."""
    costs = [answer.usage for answer in answers if answer.usage and answer.usage.input_tokens]
    if not costs:
        return ""
    read, wrote = [cost.input_tokens for cost in costs], [cost.output_tokens for cost in costs]
    return words(
        "read {read}, median {median_read} · written {written}, median {median_written} · {answers} answers of a chat"
        " model",
        read=f"{sum(read):,}",
        median_read=f"{median(read):,.0f}",
        written=f"{sum(wrote):,}",
        median_written=f"{median(wrote):,.0f}",
        answers=f"{len(costs):,}",
    )


def _shortcomings(answers: Iterable[Answer], words: Words) -> str:
    """How often each thing was noted, the most frequent first; what somebody asked is nobody else's business."""
    noted = (note for answer in answers for note in answer.notes if note.kind is not NoteKind.READ_AS)
    counts = Counter(notes.of_answer(note, words) for note in noted)
    return "\n".join(f"{times:,} × {inline(note, 150)}" for note, times in counts.most_common(_NOTES))
