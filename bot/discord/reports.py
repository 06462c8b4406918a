"""Reports: what a refresh did and is doing, how the bot is, and the lines that say why something was not done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from bot.answering.answer import Answer
from bot.discord.backend import Manifest
from bot.discord.message import EMBED_FIELD_VALUE, Embed, Field, Message, TextFile
from bot.discord.neutral import clipped, length, neutral, visible
from bot.presenting import notes
from index.report import Progress, RefreshReport

_BAR = 20
_FILE = "refresh.md"
_NO_CHAT_MODEL = "none: answers are quotes alone"
_NOTES = 5


def notice(text: str) -> Message:
    """Return one line of text as a message."""
    return Message(clipped(neutral(text), 1900) or "…")


def complaint(reason: Exception) -> Message:
    """Return why something was not done: the line of an error that is meant for people, as a sentence."""
    line = str(reason).strip() or "this cannot be done"
    return notice(line[0].upper() + line[1:] + ("" if line[-1] in ".!?" else "."))


def progress_message(progress: Progress | None) -> Message:
    """Return how far a refresh has come."""
    if progress is None:
        return Message("**Refreshing the index** · starting")
    done = min(1.0, progress.done / progress.total) if progress.total > 0 else 0.0
    bar = "█" * int(done * _BAR) + "░" * (_BAR - int(done * _BAR))
    step = clipped(neutral(progress.step), 40)
    return Message(f"**Refreshing the index** · {step}\n`{bar}` {progress.done:,} of {progress.total:,}")


def refresh_message(report: RefreshReport) -> Message:
    """Return what a refresh did; where the lists do not fit, the whole report goes with it as a file."""
    failed = [f"{failure.source}: {failure.reason}{_kept(failure.kept)}" for failure in report.failed]
    lists: dict[str, Sequence[str]] = {"Added": report.added, "Changed": report.changed, "Removed": report.removed}
    lists["Failed"] = failed
    shown = {name: _fitting(lines) for name, lines in lists.items() if lines}
    summary = (
        f"Generation {report.generation} · {report.passages:,} passages, {report.embedded:,} embedded"
        f" · {report.unchanged:,} documents unchanged · {report.seconds:.1f} s"
    )
    title = "The index is refreshed" if report.added or report.changed or report.removed else "Nothing had changed"
    fields = tuple(_field(name, lines, len(lists[name])) for name, lines in shown.items())
    whole = all(len(lines) == len(lists[name]) for name, lines in shown.items())
    file = None if whole else TextFile(_FILE, _as_markdown(title, summary, lists))
    return Message(embeds=(Embed(title, summary, fields=fields),), file=file)


def status_message(
    manifest: Manifest | None, latest: Sequence[Answer], chat_model: str | None, now: datetime
) -> Message:
    """Return the state of the index, the chat model, and what the `latest` answers took, cost and lacked."""
    if manifest is None:
        return Message("**There is no index yet.** /refresh builds it.")
    fields = [
        Field("Documents", f"{manifest.documents:,}", inline=True),
        Field("Passages", f"{manifest.passages:,}", inline=True),
        Field("Generation", f"{manifest.number}, made {age(manifest.created_at, now)} ago", inline=True),
        Field("Model", clipped(neutral(manifest.fingerprint.model_name) or "—", 200)),
        Field("Chat model", clipped(neutral(chat_model or _NO_CHAT_MODEL) or "—", 200)),
    ]
    told = {
        "Latest answers, median": _times(latest),
        "Tokens of the latest answers": _tokens(latest),
        "What the latest answers went without": _notes(latest),
    }
    fields += [Field(name, clipped(text, EMBED_FIELD_VALUE)) for name, text in told.items() if text]
    return Message(embeds=(Embed("Status", fields=tuple(fields)),))


def presence(manifest: Manifest | None, now: datetime) -> str:
    """Return the line under the bot's name: how many documents it knows, and how old the index is."""
    if manifest is None:
        return "no index yet"
    return f"{manifest.documents:,} documents · indexed {age(manifest.created_at, now)} ago"


def age(then: datetime, now: datetime) -> str:
    """Return the time between `then` and `now` in its largest unit, such as `3 h`."""
    passed = max(now - then, timedelta())
    minutes = int(passed.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def _times(answers: Iterable[Answer]) -> str:
    """Return the median milliseconds of each step, of those answers that took it."""
    steps: dict[str, list[float]] = {}
    for answer in answers:
        for step, milliseconds in answer.timings_ms.items():
            steps.setdefault(step, []).append(milliseconds)
    return " · ".join(f"{neutral(step.replace('_', ' '))} {median(times):,.0f} ms" for step, times in steps.items())


def _tokens(answers: Iterable[Answer]) -> str:
    """Return what the chat model read and wrote for those answers for which it was asked."""
    costs = [answer.usage for answer in answers if answer.usage and answer.usage.input_tokens]
    if not costs:
        return ""
    read, wrote = [cost.input_tokens for cost in costs], [cost.output_tokens for cost in costs]
    return (
        f"read {sum(read):,}, median {median(read):,.0f} · written {sum(wrote):,}, median {median(wrote):,.0f}"
        f" · {len(costs):,} answers of a chat model"
    )


def _notes(answers: Iterable[Answer]) -> str:
    """Return how often each thing was noted, the most frequent first."""
    counts = Counter(notes.of_answer(note) for answer in answers for note in answer.notes)
    return "\n".join(f"{times:,} × {clipped(neutral(_line(note)), 150)}" for note, times in counts.most_common(_NOTES))


def _field(name: str, lines: Sequence[str], of: int) -> Field:
    more = [f"… and {of - len(lines):,} more"] if len(lines) < of else []
    return Field(f"{name} {of:,}", "\n".join([*lines, *more]))


def _fitting(lines: Sequence[str]) -> list[str]:
    fitting: list[str] = []
    room = EMBED_FIELD_VALUE - len("… and 1,000,000 more")
    for line in lines:
        text = f"- {clipped(neutral(_line(line)), 200)}"
        room -= length(text) + 1
        if room < 0:
            break
        fitting.append(text)
    return fitting


def _as_markdown(title: str, summary: str, lists: Mapping[str, Sequence[str]]) -> str:
    parts = [f"# {title}", summary]
    for name, lines in lists.items():
        parts += [f"## {name}", "\n".join(f"- {_line(line)}" for line in lines) or "none"]
    return "\n\n".join(parts) + "\n"


def _kept(kept: bool) -> str:
    return " (its last good passages still serve)" if kept else ""


def _line(text: str) -> str:
    return " ".join(visible(text).split())
