"""Rendering: an answer becomes the Discord messages that show it.

Whatever the answer holds, the messages keep Discord's limits, ping nobody and link only to indexed sources. What does
not fit is attached, whole, as a Markdown file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.answer import Answer, Citation, Statement, Status
from bot.discord.identifiers import Press
from bot.discord.message import CONTENT, ROWS, Button, Embed, Message, TextFile, in_rows
from bot.discord.neutral import clipped, length, neutral, neutral_blocks, visible
from bot.discord.places import opener, place
from bot.discord.splitting import split
from index.documents import Record
from index.hits import Hit

_MESSAGES = 3
_SOURCES_LENGTH = 3500
_CITATION_BUTTONS = 20
_NEAREST = 3
_FILE = "answer.md"
_IN_THE_FILE = f"-# Too long for Discord: the whole answer is in the attached {_FILE}."
_PARTLY = "-# The documents answer only a part of this question."
_NOT_FOUND = "**The documents do not say.**"
_CLARIFY = "**This question can be read in more than one way.** Ask it once more, and say which one you mean."


def render(answer: Answer, answer_id: str, actions: Sequence[Button] = (), searched: str = "") -> tuple[Message, ...]:
    """Return the messages that show `answer`, one to three; the last carries the sources and the buttons.

    `actions`, at most five, become the last row of buttons. `searched` says in a refusal what was searched.
    """
    if answer.statements:
        return _found(answer, answer_id, actions)
    return (_refusal(answer, actions, searched),)


def headed(messages: Sequence[Message], question: str) -> tuple[Message, ...]:
    """Return `messages` with the question above them, for where nobody else could see what was asked."""
    heading = f"> {clipped(neutral(_line(question)), 400)}"
    content = f"{heading}\n{messages[0].content}"
    if length(content) <= CONTENT:
        return (replace(messages[0], content=content), *messages[1:])
    return (Message(heading), *messages)


def as_markdown(answer: Answer) -> str:
    """Return the whole of `answer` as a Markdown file: question, statements, and each source with its quote."""
    lines = [f"# {_line(answer.question)}", ""]
    for statement in answer.statements:
        lines += [f"{visible(statement.text)} {_marks(statement)}", ""]
    lines += ["## Sources", ""]
    for citation in answer.citations:
        where = ", ".join([_line(citation.document.title), *(_line(part) for part in citation.heading)])
        lines += [f"[{citation.number}] {where}{_when(citation.document)}, {_line(citation.document.source)}", ""]
        lines += [*(f"> {line}" for line in visible(citation.quote).splitlines()), ""]
    return "\n".join(lines)


def _found(answer: Answer, answer_id: str, actions: Sequence[Button]) -> tuple[Message, ...]:
    pieces = split(_body(answer), CONTENT) or ["…"]
    sources = [_source(citation) for citation in answer.citations]
    shown = _fitting(sources, _SOURCES_LENGTH)
    overflow = len(pieces) > _MESSAGES or len(shown) < len(sources)
    if overflow:
        pieces = pieces[:_MESSAGES]
        last = split(pieces[-1], CONTENT - length(_IN_THE_FILE) - 1)[0]
        pieces[-1] = f"{last}\n{_IN_THE_FILE}"
    last_message = Message(
        pieces[-1],
        embeds=(Embed("Sources", "\n".join(shown), footer=_footer(answer)),),
        rows=_rows(answer, answer_id, actions),
        file=TextFile(_FILE, as_markdown(answer)) if overflow else None,
    )
    return (*(Message(piece) for piece in pieces[:-1]), last_message)


def _body(answer: Answer) -> str:
    paragraphs = [_paragraph(statement) for statement in answer.statements]
    if answer.status is Status.PARTLY_ANSWERED:
        paragraphs.append(_PARTLY)
    return "\n\n".join(paragraphs)


def _paragraph(statement: Statement) -> str:
    text = neutral_blocks(statement.text) or "…"
    return text + ("\n" if text.endswith("```") else " ") + _marks(statement)


def _marks(statement: Statement) -> str:
    return "".join(f"[{number}]" for number in statement.citations)


def _source(citation: Citation) -> str:
    document = citation.document
    where = place(document, citation.heading, citation.page, citation.line)
    return (
        f"**[{citation.number}]** {clipped(neutral(_line(document.title)), 200)}"
        f" · {clipped(where, 300)}{_when(document)}{opener(document, citation.link)}"
    )


def _rows(answer: Answer, answer_id: str, actions: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    numbers = [citation.number for citation in answer.citations][:_CITATION_BUTTONS]
    citations = [Button(f"{number}", str(Press("cite", answer_id, f"{number}"))) for number in numbers]
    return (*in_rows(citations), *in_rows(actions))[:ROWS]


def _footer(answer: Answer) -> str:
    return f"Index generation {answer.generation} · confidence {answer.confidence:.0%}"


def _refusal(answer: Answer, actions: Sequence[Button], searched: str) -> Message:
    says = _CLARIFY if answer.status is Status.CLARIFY else _NOT_FOUND
    looked = f"\n-# Searched: {clipped(neutral(_line(searched)), 300)}." if searched else ""
    nearest = [_near(hit) for hit in answer.nearest[:_NEAREST]]
    embed = Embed("Nearest, not an answer", "\n\n".join(nearest), footer=f"Index generation {answer.generation}")
    return Message(says + looked, embeds=(embed,) if nearest else (), rows=in_rows(actions)[:ROWS])


def _near(hit: Hit) -> str:
    where = clipped(place(hit.document, hit.passage.heading, hit.passage.page), 300)
    title = clipped(neutral(_line(hit.document.title)), 200)
    text = clipped(neutral(_line(hit.passage.text)), 300) or "…"
    return f"**{title}**{' · ' if where else ''}{where}{_when(hit.document)}{opener(hit.document)}\n{text}"


def _when(document: Record) -> str:
    return f" · {document.published.isoformat()}" if document.published else ""


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _fitting(lines: Sequence[str], limit: int) -> list[str]:
    """Return the first of `lines` that together, each on its own line, stay within `limit`."""
    fitting: list[str] = []
    for line in lines:
        limit -= length(line) + 1
        if limit < 0:
            break
        fitting.append(line)
    return fitting
