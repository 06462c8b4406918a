"""Discord exports: the messages of a channel or thread, as DiscordChatExporter writes them, a document a day.

See https://github.com/Tyrrrz/DiscordChatExporter for the formats, JSON and HTML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from index.errors import UnreadableDocument
from index.readers.encoding import decode
from index.readers.parsed import DocumentBuilder, ParsedDocument

_JSON = re.compile(rb'\s*\{\s*"guild"\s*:\s*\{.{0,4000}?"channel"\s*:\s*\{', re.DOTALL)
_HTML = re.compile(rb'class="?chatlog__message-group')
_START = 8192
_DATES = (
    "%m/%d/%Y %I:%M %p",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y %H:%M",
    "%Y-%m-%d %H:%M",
    "%A, %B %d, %Y %I:%M %p",
    "%d-%b-%y %I:%M %p",
)


@dataclass(frozen=True, slots=True)
class _Message:
    """One message: who wrote it, when, and the lines of what it says, embeds and attachments included."""

    author: str
    day: date | None
    time: str
    lines: tuple[str, ...]


@dataclass(slots=True)
class _Channel:
    """What an export holds: the names of server and channel, and the messages."""

    server: str
    name: str
    messages: list[_Message] = field(default_factory=list)


def is_export(data: bytes, source: str) -> bool:
    """Tell whether a file of this name is an export of Discord's messages."""
    suffix = source.lower().rpartition(".")[2]
    if suffix == "json":
        return _JSON.match(data, 0, _START) is not None
    return suffix in ("html", "htm") and _HTML.search(data) is not None


def read(data: bytes) -> Iterator[ParsedDocument]:
    """Yield a draft for each day of the channel, its messages with their authors and times."""
    text, encoding = decode(data)
    channel = _of_json(_parsed(text)) if text.lstrip().startswith("{") else _of_html(text)
    for day, messages in groupby(channel.messages, key=lambda message: message.day):
        yield _day(channel, day, list(messages), encoding)


def _day(channel: _Channel, day: date | None, messages: Sequence[_Message], encoding: str | None) -> ParsedDocument:
    writer = DocumentBuilder()
    for message in messages:
        if any(line.strip() for line in message.lines):
            writer.block(
                f"{message.author}, {message.time}: " + "\n".join(line for line in message.lines if line.strip())
            )
    name = f"#{channel.name}" + (f", {day.isoformat()}" if day else "")
    return writer.parsed(title=name, publisher=channel.server or None, published=day, encoding=encoding)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnreadableDocument("damaged: an export of Discord that is cut short; export it anew") from error


def _of_json(export: Any) -> _Channel:
    channel = _Channel(_text(export.get("guild"), "name"), _text(export.get("channel"), "name"))
    by_id: dict[str, _Message] = {}
    for form in export.get("messages") or ():
        if not isinstance(form, dict):
            continue
        author = _text(form.get("author"), "nickname") or _text(form.get("author"), "name")
        try:
            when = datetime.fromisoformat(str(form.get("timestamp")))
        except ValueError:
            when = None
        lines = [str(form.get("content") or "")]
        for embed in form.get("embeds") or ():
            lines += [_text(embed, "title"), _text(embed, "description")]
            fields = embed.get("fields") if isinstance(embed, dict) else None
            lines += [f"{_text(one, 'name')}: {_text(one, 'value')}" for one in fields or ()]
        lines += [f"Attached: {_text(one, 'fileName')}" for one in form.get("attachments") or ()]
        answered = by_id.get(_text(form.get("reference"), "messageId"))
        if answered is not None:
            lines[0] = f"(to {answered.author}) {lines[0]}"
        message = _Message(author, when.date() if when else None, when.strftime("%H:%M") if when else "", tuple(lines))
        by_id[str(form.get("id"))] = message
        channel.messages.append(message)
    return channel


def _of_html(source: str) -> _Channel:
    # Imported here because most of what is read is no export.
    from lxml import html

    tree = html.document_fromstring(source.encode(), html.HTMLParser(encoding="utf-8", huge_tree=False))
    entries = [_words(entry) for entry in tree.iterfind(".//div[@class='preamble__entry']")]
    channel = _Channel(entries[0] if entries else "", entries[1].rpartition("/")[2].strip() if len(entries) > 1 else "")
    for group in tree.xpath("//div[contains(@class, 'chatlog__message-group')]"):
        author = next((_words(one) for one in group.xpath(".//*[contains(@class, 'chatlog__author')]")), "")
        for container in group.xpath(".//div[contains(@class, 'chatlog__message-container')]"):
            stamps = container.xpath(".//*[contains(@class, 'timestamp')]/@title") or [
                _words(one) for one in container.xpath(".//*[contains(@class, 'chatlog__timestamp')]")
            ]
            when = _when(stamps[0]) if stamps else None
            day = when.date() if when else channel.messages[-1].day if channel.messages else None
            words = container.xpath(".//*[contains(@class, 'chatlog__content') or contains(@class, 'chatlog__embed-')]")
            lines = [_words(one) for one in words if not any(other in words for other in one.iterancestors())]
            time = when.strftime("%H:%M") if when else channel.messages[-1].time if channel.messages else ""
            channel.messages.append(_Message(author, day, time, tuple(lines)))
    return channel


def _when(stamp: str) -> datetime | None:
    stamp = " ".join(stamp.split())
    for form in _DATES:
        try:
            return datetime.strptime(stamp, form)
        except ValueError:
            continue
    return None


def _text(form: Any, name: str) -> str:
    value = form.get(name) if isinstance(form, dict) else None
    return value if isinstance(value, str) else ""


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())
