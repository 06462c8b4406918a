"""The passage card: what a reader sees who presses a citation's number, to check the quote for themselves."""

from __future__ import annotations

import re

from bot.answering.answer import Citation
from bot.discord.identifiers import Press
from bot.discord.message import EMBED_FIELD_VALUE, EMBED_TITLE, Button, Embed, Field, Message
from bot.discord.neutral import clipped, label, neutral
from bot.discord.places import address, place
from bot.presenting.places import where as where_of
from index.documents import Document
from index.serving.instructions import harmless_around

_AROUND = 400
_QUOTE_LENGTH = 2200
_CONTEXT_LENGTH = 800


def card(citation: Citation, answer_id: str, document: Document) -> Message:
    """Return the card of `citation`: its exact quote in bold inside its context, where it stands, and the way there."""
    text, span = document.text, citation.span
    shown = harmless_around(text, span)
    start, end = max(shown.start, span.start - _AROUND), min(shown.end, span.end + _AROUND)
    before = _from_a_word(text[start : span.start], cut=start > 0)
    after = _to_a_word(text[span.end : end], cut=end < len(text))
    context = (
        _context(before)
        + _gap(before[len(before.rstrip()) :])
        + _bold(citation.quote)
        + _gap(after[: len(after) - len(after.lstrip())])
        + _context(after)
    )
    return _message(citation, answer_id, context.strip(), ())


def stale_card(citation: Citation, answer_id: str, generation: int, reason: str) -> Message:
    """Return the card of a citation whose document is no longer what it was: the quote as it stood, and `reason`."""
    note = Field("Since then", f"{reason} The quote is as it stood in index generation {generation}.")
    return _message(citation, answer_id, _bold(citation.quote), (note,))


def quotes(citation: Citation, document: Document) -> bool:
    """Return whether `document` still has the quote where the citation says."""
    return citation.span.of(document.text) == citation.quote


def _message(citation: Citation, answer_id: str, description: str, notes: tuple[Field, ...]) -> Message:
    record = citation.document
    link = address(record, citation.link)
    where = clipped(
        place(record, citation.heading, where_of(citation.place, citation.row, citation.line)), EMBED_FIELD_VALUE
    )
    fields = [Field("Where", where)]
    if record.published:
        fields.append(Field("Published", record.published.isoformat(), inline=True))
    origin = " · ".join(part for part in (record.publisher, record.source) if part)
    fields.append(Field("Source", clipped(neutral(" ".join(origin.split())) or "—", EMBED_FIELD_VALUE)))
    title = label(f"[{citation.number}] {record.title}", EMBED_TITLE)
    wrong = Button("Wrong source", str(Press("wrong", answer_id, f"{citation.number}")), emoji="⚠️")
    buttons = (Button("Open the source", link=link), wrong) if link else (wrong,)
    return Message(embeds=(Embed(title, description, link, (*fields, *notes)),), rows=(buttons,))


def _bold(quote: str) -> str:
    return f"**{clipped(neutral(quote), _QUOTE_LENGTH) or '…'}**"


def _context(text: str) -> str:
    return clipped(neutral(text), _CONTEXT_LENGTH)


def _gap(space: str) -> str:
    """Return the white space between two texts as Discord shows it: paragraphs and lines stay, nothing is added."""
    return "\n" * min(2, space.count("\n")) or " " * bool(space)


def _from_a_word(text: str, *, cut: bool) -> str:
    return "…" + re.sub(r"^\S{0,30}\s", "", text, count=1) if cut else text


def _to_a_word(text: str, *, cut: bool) -> str:
    return re.sub(r"\s\S{0,30}$", "", text, count=1) + "…" if cut else text
