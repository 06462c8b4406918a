"""The same answer, for a terminal: what Footnote found, as people like to read it.

Document text is hostile here: whoever wrote a document must not be able to move the cursor, recolour the screen or
turn the line around. Everything passes `clean`, and nothing is ever read as rich's markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.style import Style
from rich.text import Text

from bot.answering.answer import Answer, Citation, Statement, Status
from bot.presenting import checks, failures, notes, outcomes, places, quotes
from bot.presenting.checks import Check, Result
from bot.presenting.counts import count
from index.documents import Document, DocumentMetadata, Span
from index.hits import Hit, SearchResult
from index.language.unseen import Reader, seen_by
from index.near_duplicates import without_near_duplicates
from index.report import ConfiguredSource, Failure, RefreshReport
from index.store.manifest import Manifest

if TYPE_CHECKING:
    # `sources` shows no calibration, and would wait for what one is made with.
    from bot.answering.selecting.confidence import OwnCalibration

# A reader wants to see where the quote stands, not the whole page.
CONTEXT = 240
SNIPPET = 300

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])(?=[^\s」』”’）])|\n\s*")


def clean(text: str) -> str:
    """Return `text` as one line that can only be read: no controls, no escapes, no marks that reverse the line."""
    return seen_by(Reader.TERMINAL, " ".join(text.split()))


def show_writing(console: Console, answers: Iterable[Answer]) -> Answer:
    """Show an answer while it is written, and return the last of `answers`, at least one, with nothing of it left.

    Only a terminal can take back what it has shown; whoever reads a pipe wants the answer alone.
    """
    with Live(Text("…", style="dim"), console=console, transient=True, auto_refresh=False) as live:
        for answer in answers:
            if answer.usage and answer.statements:  # quotes come all at once
                live.update(Group(*map(_statement, answer.statements), Text("Writing …", style="dim")), refresh=True)
    return answer


def show_answer(console: Console, answer: Answer, document: Callable[[str], Document]) -> None:
    """Write the statements, then the sources with each quote in its context; or that there are none, and the nearest.

    Args:
        console: Where it is written.
        answer: The answer.
        document: Gives a document by its id, and is asked only for those that are cited.

    """
    if not answer.statements:
        _say(console, Text(_nothing(answer), style="bold"))
        _show_notes(console, answer)
        _show_nearest(console, answer.nearest)
        return
    if lead := outcomes.lead(answer):
        _say(console, Text(clean(lead), style="bold"))
    for statement in answer.statements:
        _say(console, _statement(statement))
    if answer.status is Status.PARTLY_ANSWERED:
        _say(console, Text("The rest of the question was not found in the documents.", style="bold"))
    _show_notes(console, answer)
    _say(console, Text("\nSources", style="bold"))
    for citation in answer.citations:
        _show_citation(console, citation, document(citation.document.id).text)
    if answer.as_of:
        _say(console, Text(f"As of {answer.as_of.astimezone():%Y-%m-%d %H:%M}.", style="dim"))


def show_search(console: Console, found: SearchResult) -> None:
    """Write the passages that a search found, best first, and what could not be done as it was meant to.

    Of near-duplicates the best alone is written.
    """
    if not found.hits:
        _say(console, Text("Nothing found."))
    for hit in without_near_duplicates(found.hits):
        _show_hit(console, hit)
    for note in found.notes:
        _say(console, Text(f"Note: {clean(notes.of_search(note))}", style="dim"))


def show_sources(
    console: Console, documents: tuple[DocumentMetadata, ...], configured: tuple[ConfiguredSource, ...] = ()
) -> None:
    """Write what is indexed, one line for each document, and the sources where there are others than the corpus."""
    for metadata in documents:
        facts = [metadata.title, str(metadata.published or ""), metadata.language or "", metadata.url or ""]
        _say(console, Text.assemble((clean(metadata.source), "cyan"), *(f" · {clean(fact)}" for fact in facts if fact)))
    _say(console, Text(count(len(documents), "document"), style="dim"))
    for source in configured if len(configured) > 1 else ():
        facts = [source.kind, source.address, count(source.documents, "document"), _asked(source)]
        _say(console, Text.assemble((clean(source.name), "bold"), *(f" · {clean(fact)}" for fact in facts if fact)))


def show_history(console: Console, generations: Sequence[Manifest]) -> None:
    """Write the generations that are kept, the one in use first."""
    for place, manifest in enumerate(generations):
        facts = [
            manifest.created_at.astimezone().strftime("%Y-%m-%d %H:%M"),
            count(manifest.documents, "document"),
            count(manifest.passages, "passage"),
            f"brings back {manifest.restored}" if manifest.restored else "",
            "" if place else "in use",
        ]
        line = Text.assemble((f"{manifest.number:>4}", "cyan"), *(f" · {fact}" for fact in facts if fact))
        _say(console, line)
    if not generations:
        _say(console, Text("Nothing is indexed yet."))


def show_rollback(console: Console, restored: Manifest) -> None:
    """Write which generation is in use again."""
    passages = count(restored.passages, "passage")
    _say(console, Text(f"Index {restored.number} brings back {restored.restored}: {passages}."))
    _say(console, Text("It stays until somebody refreshes; until then nothing is indexed by itself.", style="dim"))


def show_report(console: Console, report: RefreshReport) -> None:
    """Write what a refresh did, and each document that could not be read, with the reason."""
    counts = [("added", len(report.added)), ("changed", len(report.changed)), ("removed", len(report.removed))]
    changes = ", ".join(f"{count:,} {what}" for what, count in [*counts, ("unchanged", report.unchanged)] if count)
    passages = count(report.passages, "passage")
    _say(console, Text(f"Index {report.generation}: {changes or 'nothing to do'}; {passages}, {report.seconds:.1f} s."))
    if report.stages:
        taken = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in report.stages.items())
        _say(console, Text(f"Of that: {taken}.", style="dim"))
    _show_each(console, report.failed)


def show_failures(console: Console, unread: Sequence[Failure]) -> None:
    """Write what the last refresh could not read, each with the reason and what to do."""
    _show_each(console, unread)
    _say(console, Text(f"{count(len(unread), 'file')} not read", style="dim"))


def show_calibration(console: Console, fitted: OwnCalibration) -> None:
    """Write what was fitted on questions of the operator's own, and how well it does on them."""
    others = fitted.questions - fitted.answerable
    lines = (
        f"Answers from {fitted.thresholds.answer:.2f} up: {fitted.answered:.0%} of the {fitted.answerable:,} questions "
        f"that the documents answer, and {fitted.others_answered:.0%} of the {others:,} that they do not.",
        f"AUROC {fitted.auroc:.3f}, calibration error {fitted.error:.3f}. Kept for this embedding model and reader.",
    )
    for line in lines:
        _say(console, Text(line))


def _asked(source: ConfiguredSource) -> str:
    if source.asked is None:
        return source.problem or ""
    at = f"asked {source.asked.astimezone():%Y-%m-%d %H:%M}"
    return f"{at}: {source.problem}" if source.problem else at


def _show_each(console: Console, unread: Sequence[Failure]) -> None:
    for failure in unread:
        _say(console, Text.assemble((clean(failure.source), "yellow"), f": {clean(failures.reason(failure))}"))


def show_check(console: Console, check: Check) -> None:
    """Write one check of the doctor as one line."""
    line = Text.assemble((f"{check.result:<5}", _RESULTS[check.result]), f"{check.subject}: {checks.in_english(check)}")
    console.print(line, soft_wrap=True, highlight=False)


_RESULTS = {Result.OK: "green", Result.WARN: "yellow", Result.FAIL: "bold red"}


def _nothing(answer: Answer) -> str:
    """Say why there are no statements, in one line."""
    return outcomes.asked_back(answer.clarification) if answer.status is Status.CLARIFY else "Not in the documents."


def _statement(statement: Statement) -> Text:
    numbers = "".join(f"[{number}]" for number in statement.citations)
    span = statement.answer or Span(0, 0)
    before, after = statement.text[: span.start], statement.text[span.end :]
    # What is clean stays so in parts, but for the spaces at their ends.
    words = Text.assemble(clean(before + "|")[:-1], (clean(span.of(statement.text)), "bold"), clean("|" + after)[1:])
    return Text.assemble(words, " ", (numbers, "cyan"))


def _show_notes(console: Console, answer: Answer) -> None:
    if answer.notes:
        noted = clean("; ".join(map(notes.of_answer, answer.notes)))
        _say(console, Text(noted[:1].upper() + noted[1:], style="dim"))


def _show_citation(console: Console, citation: Citation, text: str) -> None:
    before, after = _context(text, citation.span)
    position = places.position(citation.place, citation.row, citation.line)
    _say(console, _heading_line(f"[{citation.number}]", citation.document, citation.heading, position), hang=4)
    _say(console, _address(console, citation), indent=4, wrap=False)
    quote = (f"“{clean(citation.quote)}”", "bold yellow")
    _say(console, Text(" ").join(part for part in (Text(before), Text.assemble(quote), Text(after)) if part), indent=4)


def _show_nearest(console: Console, nearest: tuple[Hit, ...]) -> None:
    if nearest:
        _say(console, Text("\nNearest, not an answer", style="bold"))
    for hit in nearest:
        _show_hit(console, hit)


def _show_hit(console: Console, hit: Hit) -> None:
    position = places.position(hit.passage.place)
    _say(console, _heading_line(f"{hit.rank}.", hit.document, hit.passage.heading, position), hang=4)
    _say(console, Text(clean(hit.document.source), style="dim"), indent=4, wrap=False)
    _say(console, Text(_shortened(clean(hit.passage.text), SNIPPET)), indent=4)


def _heading_line(number: str, document: DocumentMetadata, heading: tuple[str, ...], position: str) -> Text:
    path = places.ARROW.join(places.headings(document, heading))
    details = (str(document.published or ""), path, position, places.copies(document))
    facts = [clean(detail) for detail in details if detail]
    return Text.assemble((f"{number:<4}", "cyan"), (clean(document.title), "bold"), *(f" · {fact}" for fact in facts))


def _address(console: Console, citation: Citation) -> Text:
    """Return the source, which opens at the quote when it is clicked, or with its address where nothing can be."""
    source, link = clean(citation.document.source), clean(citation.link)
    if console.is_terminal and citation.document.url:
        return Text(source, style=Style(dim=True, link=link))
    return Text(link if source in link else f"{source}  {link}", style="dim")


def _context(text: str, span: Span) -> tuple[str, str]:
    """Return the sentence before the quote and the one after it, as far as they stand in its own line of the text.

    An instruction to a machine is left out, as is what goes on with it.
    """
    around = quotes.context(text, span, CONTEXT)
    before = _SENTENCE_ENDS.split(around.before.rstrip(" "))
    after = _SENTENCE_ENDS.split(around.after.lstrip(" "))
    cut_left = len(before) == 1 and span.start > CONTEXT
    cut_right = len(after) == 1 and span.end + CONTEXT < len(text)
    return ("… " if cut_left else "") + clean(before[-1]), clean(after[0]) + (" …" if cut_right else "")


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"


def _say(console: Console, text: Text, indent: int = 0, hang: int = 0, wrap: bool = True) -> None:
    """Write one paragraph, its first line indented by `indent`, the others by `hang` more.

    Only a terminal has a width: whoever reads a pipe wants each paragraph on one line.
    """
    wraps = wrap and console.is_terminal
    lines = text.wrap(console, max(20, console.width - indent - hang)) if wraps else [text]
    for number, line in enumerate(lines):
        margin = Text(" " * (indent + hang * (number > 0)))
        console.print(margin + line, soft_wrap=True, highlight=False, markup=False, emoji=False)
