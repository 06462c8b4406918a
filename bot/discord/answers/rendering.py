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
from bot.discord.messaging.places import opener, place
from bot.discord.messaging.splitting import fitting, split
from bot.discord.work.jobs import Interim
from bot.presenting import notes, outcomes
from bot.presenting.places import position
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
_IN_THE_FILE = f"-# Too long for Discord: the whole answer is in the attached {_FILE}."
_PARTLY = "-# The documents answer only a part of this question."
_NOT_FOUND = "**The documents do not say.**"


def render(answer: Answer, answer_id: str, buttons: Sequence[Button] = (), searched: str = "") -> tuple[Message, ...]:
    """Return the messages that show `answer`, one to three; the last carries the sources and the buttons.

    `buttons`, at most five, become the last row of buttons. `searched` says in a refusal what was searched.
    """
    if answer.statements:
        return _found(answer, answer_id, buttons)
    return (_refusal(answer, buttons, searched),)


def unfinished(answer: Answer) -> Message:
    """Return the message that shows what there is of an answer that is still written: statements and their sources.

    It has room for the question above it and for a line below it; what does not fit is left for the end.
    """
    first, *more = split(_statements(answer), _UNFINISHED) or ["…"]
    end = "" if not more else "\n…" if first.endswith("```") else " …"
    return Message(first + end, embeds=(_sources(answer),))


def headed(messages: Sequence[Message], question: str) -> tuple[Message, ...]:
    """`messages` with the question above them, for where nobody else could see what was asked."""
    heading = f"> {inline(question, 400)}"
    content = f"{heading}\n{messages[0].content}"
    if length(content) <= CONTENT:
        return (replace(messages[0], content=content), *messages[1:])
    return (Message(heading), *messages)


def as_markdown(answer: Answer) -> str:
    """Return the whole of `answer` as a Markdown file: question, statements, and each source with its quote."""
    lines = [f"# {one_line(answer.question)}", ""]
    for statement in answer.statements:
        lines += [f"{visible(statement.text)} {_marks(statement)}", ""]
    lines += [line for note in answer.notes for line in (one_line(notes.of_answer(note)), "")]
    lines += ["## Sources", ""]
    for citation in answer.citations:
        where = ", ".join([one_line(citation.document.title), *(one_line(part) for part in citation.heading)])
        lines += [f"[{citation.number}] {where}{_when(citation.document)}, {one_line(citation.document.source)}", ""]
        lines += [*(f"> {line}" for line in visible(citation.quote).splitlines()), ""]
    return "\n".join(lines)


def _found(answer: Answer, answer_id: str, buttons: Sequence[Button]) -> tuple[Message, ...]:
    pieces = split(_body(answer), CONTENT) or ["…"]
    shown = _shown_sources(answer)
    overflow = len(pieces) > _MESSAGES or len(shown) < len(answer.citations)
    if overflow:
        pieces = pieces[:_MESSAGES]
        last = split(pieces[-1], CONTENT - length(_IN_THE_FILE) - 1)[0]
        pieces[-1] = f"{last}\n{_IN_THE_FILE}"
    last_message = Message(
        pieces[-1],
        embeds=(_sources(answer, _footer(answer)),),
        rows=_rows(answer, answer_id, buttons),
        file=TextFile(_FILE, as_markdown(answer)) if overflow else None,
    )
    return (*(Message(piece) for piece in pieces[:-1]), last_message)


def _body(answer: Answer) -> str:
    partly = _PARTLY if answer.status is Status.PARTLY_ANSWERED else ""
    return "\n\n".join(part for part in (_lead(answer), _statements(answer), partly, _notes(answer)) if part)


def _lead(answer: Answer) -> str:
    lead = one_line(outcomes.lead(answer))
    return f"**{clipped(neutral(lead), _LEAD_LENGTH)}**" if lead else ""


def _statements(answer: Answer) -> str:
    return "\n\n".join(_paragraph(statement) for statement in answer.statements)


def _notes(answer: Answer) -> str:
    """Return one small line on what went wrong on the way, or nothing."""
    noted = one_line("; ".join(map(notes.of_answer, answer.notes)))
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


def _sources(answer: Answer, footer: str = "") -> Embed:
    return Embed("Sources", "\n".join(_shown_sources(answer)), footer=footer)


def _shown_sources(answer: Answer) -> list[str]:
    return fitting([_source(citation) for citation in answer.citations], _SOURCES_LENGTH)


def _source(citation: Citation) -> str:
    document = citation.document
    where = place(document, citation.heading, position(citation.place, citation.row, citation.line))
    return (
        f"**[{citation.number}]** {inline(document.title, 200)}"
        f" · {clipped(where, 300)}{_when(document)}{opener(document, citation.link)}"
    )


def _rows(answer: Answer, answer_id: str, buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    numbers = [citation.number for citation in answer.citations][:_CITATION_BUTTONS]
    citations = [Button(f"{number}", str(CustomId("cite", answer_id, f"{number}"))) for number in numbers]
    return (*in_rows(citations), *in_rows(buttons))[:ROWS]


def _footer(answer: Answer) -> str:
    writer = (
        f"Written by {label(answer.usage.model, 100)} · " if answer.usage and answer.made is not Made.QUOTED else ""
    )
    return f"{writer}Index generation {answer.generation} · confidence {answer.confidence:.0%}"


def _refusal(answer: Answer, buttons: Sequence[Button], searched: str) -> Message:
    asked_back = inline(outcomes.asked_back(answer.clarification), _LEAD_LENGTH)
    says = f"**{asked_back}**" if answer.status is Status.CLARIFY else _NOT_FOUND
    looked = f"\n-# Searched: {inline(searched, 300)}." if searched else ""
    noted = f"\n{_notes(answer)}" if answer.notes else ""
    nearest = [_near(hit) for hit in answer.nearest[:_NEAREST]]
    embed = Embed("Nearest, not an answer", "\n\n".join(nearest), footer=f"Index generation {answer.generation}")
    return Message(says + looked + noted, embeds=(embed,) if nearest else (), rows=in_rows(buttons)[:ROWS])


def _near(hit: Hit) -> str:
    where = clipped(place(hit.document, hit.passage.heading, position(hit.passage.place)), 300)
    title = inline(hit.document.title, 200)
    text = inline(hit.passage.text, 300)
    return f"**{title}**{' · ' if where else ''}{where}{_when(hit.document)}{opener(hit.document)}\n{text}"


def _when(document: DocumentMetadata) -> str:
    return f" · {document.published.isoformat()}" if document.published else ""
