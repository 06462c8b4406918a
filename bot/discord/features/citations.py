"""Citations: the numbered buttons under an answer, and the passage that one opens, to check the quote for oneself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering.answer import Citation
from bot.discord.answers.deleted import is_deleted
from bot.discord.answers.stored import stored_answer
from bot.discord.backend import Library
from bot.discord.features.components import Feature, Handler, Interaction
from bot.discord.features.feedback import wrong_source_button
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import EMBED_FIELD_VALUE, EMBED_TITLE, Button, Embed, Field, Message
from bot.discord.messaging.neutral import clipped, inline, neutral
from bot.discord.messaging.notices import Refused
from bot.discord.messaging.places import address, place
from bot.discord.messaging.replies import InteractionReply
from bot.discord.store import Store, StoredAnswer
from bot.discord.work.jobs import Jobs
from bot.discord.work.viewers import Viewers
from bot.presenting.places import position
from bot.presenting.quotes import context, in_its_place
from bot.presenting.words import Words
from index.access import Viewer
from index.documents import Document, Span
from index.errors import UnknownDocument

_AROUND = 400
_QUOTE_LENGTH = 2200
_CONTEXT_LENGTH = 800


class Citations(Feature):
    """Shows the passage behind a citation to whoever presses its number."""

    def __init__(self, library: Library, store: Store, jobs: Jobs, viewers: Viewers) -> None:
        self._library = library
        self._store = store
        self._jobs = jobs
        self._viewers = viewers

    def handlers(self) -> Mapping[str, Handler]:
        """Return the numbered buttons."""
        return {"cite": self._cite}

    async def _cite(self, interaction: Interaction, custom_id: CustomId) -> None:
        reply = InteractionReply(interaction, private=True)
        await self._jobs.run(reply, self._card(interaction, custom_id, reply.words))

    async def _card(self, interaction: Interaction, custom_id: CustomId, words: Words) -> Sequence[Message]:
        stored = await stored_answer(self._store, custom_id.subject, words)
        numbered = {f"{citation.number}": citation for citation in stored.answer.citations}
        if custom_id.detail not in numbered:
            raise Refused(words("The message that was quoted here is not there any more."))
        citation = numbered[custom_id.detail]
        if await asyncio.to_thread(is_deleted, citation, self._library.kept_channels):
            raise Refused(words("The message that was quoted here is not there any more."))
        viewer = await self._viewers.of(interaction, private=True)
        if not await asyncio.to_thread(self._library.sees, viewer, (citation.document,)):
            raise Refused(words("You may not see this document here."))
        return (await asyncio.to_thread(self._of, citation, stored, viewer, words),)

    def _of(self, citation: Citation, stored: StoredAnswer, viewer: Viewer, words: Words) -> Message:
        document = self._document(citation.document.id, viewer)
        if document is not None and quotes(citation, document):
            return card(citation, stored.id, document, words)
        sources = self._library.sources(viewer)
        newer = next((each.id for each in sources if each.source == citation.document.source), None)
        document = None if newer is None else self._document(newer, viewer)
        return changed_card(citation, stored, document, words)

    def _document(self, document_id: str, viewer: Viewer) -> Document | None:
        try:
            return self._library.document(document_id, viewer)
        except UnknownDocument:
            return None


def card(citation: Citation, answer_id: str, document: Document, words: Words, *notes: Field) -> Message:
    """Return the card of `citation`: its exact quote in bold inside its context, where it stands, and the way there.

    `notes` are shown below that.
    """
    around = context(document.text, citation.span, _AROUND)
    before = _from_a_word(around.before, cut=not around.begins)
    after = _to_a_word(around.after, cut=not around.ends)
    description = (
        _shortened(before)
        + _gap(before[len(before.rstrip()) :])
        + _bold(citation.quote)
        + _gap(after[: len(after) - len(after.lstrip())])
        + _shortened(after)
    )
    return _message(citation, answer_id, description.strip(), notes, words)


def changed_card(citation: Citation, stored: StoredAnswer, document: Document | None, words: Words) -> Message:
    """Return the card of a citation whose document is no longer what it was when the answer was given.

    Args:
        citation: What the answer quoted.
        stored: The answer.
        document: What the document is now, None where it is gone.
        words: The language of whoever looks.

    """
    reason = words("This document has left the index.") if document is None else words("This document has changed.")
    now = document and in_its_place(document.text, citation.quote, document.metadata.language)
    if document and now and now.of(document.text) == citation.quote:
        still = Field(words("Since then"), f"{reason} {words('The quote still stands in it.')}")
        return card(_at(citation, now, document), stored.id, document, words, still)
    stood = words("The quote is as it stood in index generation {number}.", number=stored.answer.generation)
    notes = [Field(words("Since then"), f"{reason} {stood}")]
    if document and now:
        text = clipped(neutral(now.of(document.text)), EMBED_FIELD_VALUE) or "…"
        notes.append(Field(words("In its place stands now"), text))
    return _message(citation, stored.id, _bold(citation.quote), tuple(notes), words)


def _at(citation: Citation, span: Span, document: Document) -> Citation:
    """Return a citation of the same quote where it stands by now."""
    start = span.start
    place, row, line = document.place_of(start), document.row_of(start), document.line_of(start)
    return replace(citation, span=span, place=place, row=row, line=line)


def quotes(citation: Citation, document: Document) -> bool:
    """Whether `document` still has the quote where the citation says."""
    return citation.span.of(document.text) == citation.quote


def _message(citation: Citation, answer_id: str, description: str, notes: tuple[Field, ...], words: Words) -> Message:
    document = citation.document
    link = address(document, citation.link)
    stands = position(citation.place, citation.row, citation.line, words)
    where = clipped(place(document, citation.heading, stands, words), EMBED_FIELD_VALUE) or "…"
    fields = [Field(words("Where"), where)]
    if document.published:
        fields.append(Field(words("Published"), document.published.isoformat(), inline=True))
    origin = " · ".join(part for part in (document.publisher, document.source) if part)
    fields.append(Field(words("Source"), inline(origin, EMBED_FIELD_VALUE)))
    title = f"[{citation.number}] {inline(document.title, EMBED_TITLE - 10)}"
    wrong = wrong_source_button(answer_id, citation.number, words)
    buttons = (Button(words("Open the source"), link=link), wrong) if link else (wrong,)
    return Message(embeds=(Embed(title, description, link, (*fields, *notes)),), rows=(buttons,))


def _bold(quote: str) -> str:
    return f"**{clipped(neutral(quote), _QUOTE_LENGTH) or '…'}**"


def _shortened(text: str) -> str:
    return clipped(neutral(text), _CONTEXT_LENGTH)


def _gap(space: str) -> str:
    """Return the white space between two texts as Discord shows it: paragraphs and lines stay, nothing is added."""
    return "\n" * min(2, space.count("\n")) or " " * bool(space)


def _from_a_word(text: str, *, cut: bool) -> str:
    return "…" + re.sub(r"^\S{0,30}\s", "", text, count=1) if cut else text


def _to_a_word(text: str, *, cut: bool) -> str:
    return re.sub(r"\s\S{0,30}$", "", text, count=1) + "…" if cut else text
