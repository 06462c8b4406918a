"""Rendering: an answer becomes the Discord messages that show it.

Whatever the answer holds, the messages keep Discord's limits, ping nobody and link only to indexed sources. What does
not fit is attached, whole, as a Markdown file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.answer import Answer, Citation, Made, Statement, Status
from bot.discord.messaging.custom_id import CustomId
from bot.discord.messaging.message import CONTENT, ROWS, Button, Embed, Message, TextFile, in_rows
from bot.discord.messaging.neutral import clipped, inline, label, length, neutral, neutral_blocks, one_line, visible
from bot.discord.messaging.places import found_at, opener, place
from bot.discord.messaging.splitting import fitting, split
from bot.discord.work.jobs import Interim
from bot.presenting import notes, outcomes
from bot.presenting.places import position
from bot.presenting.words import Words
from index.documents import DocumentMetadata, Span
from index.hits import Hit

_MESSAGES = 3
_SOURCES_LENGTH = 3500
_CITATION_BUTTONS = 20
_NEAREST = 3
_UNFINISHED = CONTENT - Interim.MARGIN - 450  # the question above it, 400 and its mark
_NOTES_LENGTH = 300
_LEAD_LENGTH = 300
_FILE = "answer.md"


def render(
    answer: Answer, answer_id: str, words: Words, buttons: Sequence[Button] = (), searched: str = ""
) -> tuple[Message, ...]:
    """Return the messages that show `answer`, one to three; the last carries the sources and the buttons.

    `buttons`, at most five, become the last row of buttons. `searched` says in a refusal what was searched.
    """
    if answer.statements:
        return _found(answer, answer_id, words, buttons)
    return (_refusal(answer, words, buttons, searched),)


def unfinished(answer: Answer, words: Words) -> Message:
    """Return the message that shows what there is of an answer that is still written: statements and their sources.

    It has room for the question above it and for a line below it; what does not fit is left for the end.
    """
    first, *more = split(_statements(answer), _UNFINISHED) or ["…"]
    end = "" if not more else "\n…" if first.endswith("```") else " …"
    return Message(first + end, embeds=(_sources(answer, words),))


def sources(answer: Answer, words: Words, changed: Sequence[int] = ()) -> Embed:
    """Return the part of a message that lists what `answer` cites, and tells of when that is.

    `changed` are the numbers of those citations whose documents are others by now, or gone.
    """
    marks = " ".join(f"[{number}]" for number in changed)
    since = words("Changed since: {citations}", citations=marks) if changed else ""
    footer = " · ".join(part for part in (since, _footer(answer, words)) if part)
    return replace(_sources(answer, words), footer=footer, at=answer.as_of)


def headed(messages: Sequence[Message], question: str) -> tuple[Message, ...]:
    """`messages` with the question above them, for where nobody else could see what was asked."""
    heading = f"> {inline(question, 400)}"
    content = f"{heading}\n{messages[0].content}"
    if length(content) <= CONTENT:
        return (replace(messages[0], content=content), *messages[1:])
    return (Message(heading), *messages)


def as_markdown(answer: Answer, words: Words) -> str:
    """Return the whole of `answer` as a Markdown file: question, statements, and each source with its quote."""
    lines = [f"# {one_line(answer.question)}", ""]
    for statement in answer.statements:
        lines += [f"{visible(statement.text)} {_marks(statement)}", ""]
    lines += [line for note in answer.notes for line in (one_line(notes.of_answer(note, words)), "")]
    lines += [f"## {words('Sources')}", ""]
    for citation in answer.citations:
        where = ", ".join([one_line(citation.document.title), *(one_line(part) for part in citation.heading)])
        lines += [f"[{citation.number}] {where}{_when(citation.document)}, {one_line(citation.document.source)}", ""]
        lines += [*(f"> {line}" for line in visible(citation.quote).splitlines()), ""]
    return "\n".join(lines)


def _found(answer: Answer, answer_id: str, words: Words, buttons: Sequence[Button]) -> tuple[Message, ...]:
    pieces = split(_body(answer, words), CONTENT) or ["…"]
    shown = _shown_sources(answer, words)
    overflow = len(pieces) > _MESSAGES or len(shown) < len(answer.citations)
    if overflow:
        pieces = pieces[:_MESSAGES]
        elsewhere = words("Too long for Discord: the whole answer is in the attached {file}.", file=_FILE)
        last = split(pieces[-1], CONTENT - length(elsewhere) - 4)[0]
        pieces[-1] = f"{last}\n-# {elsewhere}"
    last_message = Message(
        pieces[-1],
        embeds=(sources(answer, words),),
        rows=_rows(answer, answer_id, buttons),
        file=TextFile(_FILE, as_markdown(answer, words)) if overflow else None,
    )
    return (*(Message(piece) for piece in pieces[:-1]), last_message)


def _body(answer: Answer, words: Words) -> str:
    is_partial = answer.status is Status.PARTLY_ANSWERED
    partly = f"-# {_partly(words)}" if is_partial else ""
    parts = (_lead(answer, words), _statements(answer), partly, _notes(answer, words))
    return "\n\n".join(part for part in parts if part)


def _partly(words: Words) -> str:
    return words("The documents answer only a part of this question.")


def _lead(answer: Answer, words: Words) -> str:
    lead = one_line(outcomes.lead(answer, words))
    return f"**{clipped(neutral(lead), _LEAD_LENGTH)}**" if lead else ""


def _statements(answer: Answer) -> str:
    return "\n\n".join(_paragraph(statement) for statement in answer.statements)


def _notes(answer: Answer, words: Words) -> str:
    """Return one small line on what went wrong on the way, or nothing."""
    noted = one_line("; ".join(notes.of_answer(note, words) for note in answer.notes))
    return f"-# {inline(noted[:1].upper() + noted[1:], _NOTES_LENGTH)}" if noted else ""


def _paragraph(statement: Statement) -> str:
    text = (_with_answer_in_bold(statement) if statement.answer else neutral_blocks(statement.text)) or "…"
    return text + ("\n" if text.endswith("```") else " ") + _marks(statement)


def _with_answer_in_bold(statement: Statement) -> str:
    span = statement.answer or Span(0, 0)
    before, answer, after = statement.text[: span.start], span.of(statement.text), statement.text[span.end :]
    if "```" in statement.text or not neutral(answer):
        return neutral_blocks(statement.text)
    # Making a text neutral takes the spaces from its ends.
    left, right = " " * before.endswith(" "), " " * after.startswith(" ")
    return f"{neutral(before)}{left}**{neutral(answer)}**{right}{neutral(after)}".strip()


def _marks(statement: Statement) -> str:
    return "".join(f"[{number}]" for number in statement.citations)


def _sources(answer: Answer, words: Words) -> Embed:
    return Embed(words("Sources"), "\n".join(_shown_sources(answer, words)))


def _shown_sources(answer: Answer, words: Words) -> list[str]:
    return fitting([_source(citation, words) for citation in answer.citations], _SOURCES_LENGTH)


def _source(citation: Citation, words: Words) -> str:
    document = citation.document
    where = place(document, citation.heading, position(citation.place, citation.row, citation.line, words), words)
    return (
        f"**[{citation.number}]** {inline(document.title, 200)}"
        f" · {clipped(where, 300)}{_when(document)}{opener(document, words, citation.link)}"
    )


def _rows(answer: Answer, answer_id: str, buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    numbers = [citation.number for citation in answer.citations][:_CITATION_BUTTONS]
    citations = [Button(f"{number}", str(CustomId("cite", answer_id, f"{number}"))) for number in numbers]
    return (*in_rows(citations), *in_rows(buttons))[:ROWS]


def _footer(answer: Answer, words: Words) -> str:
    is_written = answer.usage and answer.made is not Made.QUOTED
    writer = words("Written by {model}", model=label(answer.usage.model, 100)) if answer.usage and is_written else ""
    surety = words("confidence {share}", share=f"{answer.confidence:.0%}")
    return " · ".join(part for part in (writer, _generation(answer, words), surety) if part)


def _generation(answer: Answer, words: Words) -> str:
    return words("Index generation {number}", number=answer.generation)


def _refusal(answer: Answer, words: Words, buttons: Sequence[Button], searched: str) -> Message:
    says = inline(outcomes.refusal(answer, words), _LEAD_LENGTH)
    scope = words("Searched: {scope}.", scope=inline(searched, 300)) if searched else ""
    looked = f"\n-# {scope}" if searched else ""
    noted = f"\n{_notes(answer, words)}" if answer.notes else ""
    nearest = [_near(hit, words) for hit in answer.nearest[:_NEAREST]]
    title, footer = words("Nearest, not an answer"), _generation(answer, words)
    embed = Embed(title, "\n\n".join(nearest), footer=footer, at=answer.as_of)
    return Message(f"**{says}**{looked}{noted}", embeds=(embed,) if nearest else (), rows=in_rows(buttons)[:ROWS])


def _near(hit: Hit, words: Words) -> str:
    stands = position(hit.passage.place, words=words)
    where = clipped(place(hit.document, hit.passage.heading, stands, words), 300)
    title = inline(hit.document.title, 200)
    text = inline(hit.passage.text, 300)
    way_there = opener(hit.document, words, found_at(hit))
    return f"**{title}**{' · ' if where else ''}{where}{_when(hit.document)}{way_there}\n{text}"


def _when(document: DocumentMetadata) -> str:
    return f" · {document.published.isoformat()}" if document.published else ""
