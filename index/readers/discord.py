"""Discord exports: the messages of a channel, a document a day, or of a thread, as one document.

See https://github.com/Tyrrrz/DiscordChatExporter for the formats, JSON and HTML. Channels that Footnote reads itself
are in the form of its JSON, with the title and the tags of a conversation besides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from index.errors import UnreadableDocument
from index.messages import channel_address
from index.readers.encoding import decode
from index.readers.parsed import DocumentBuilder, ParsedDocument

_JSON = re.compile(rb'\s*\{\s*"guild"\s*:\s*\{.{0,4000}?"channel"\s*:\s*\{', re.DOTALL)
_HTML = re.compile(rb'class="?chatlog__message-group')
_START = 8192
_THREAD = "Thread"  # in the types of channels that are threads
_LONGEST_REFERENCE = 80
_LONGEST_ID = 20
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
    """One message: who wrote it, when, and the lines of what it says, embeds and attachments included.

    `id` is None where the export does not tell it; `answers` is the message that it replies to.
    """

    id: int | None
    author: str
    day: date | None
    time: str
    lines: tuple[str, ...]
    answers: _Message | None = None

    @property
    def said(self) -> list[str]:
        """The lines that say something."""
        return [line for line in self.lines if line.strip()]


@dataclass(slots=True)
class _Channel:
    """What an export holds: the names of server and channel, and the messages.

    `title` is that of the conversation where all of it is one document; `address` opens the channel.
    """

    server: str
    name: str
    address: str | None = None
    title: str | None = None
    messages: list[_Message] = field(default_factory=list)


def is_export(data: bytes, source: str) -> bool:
    """Tell whether a file of this name is an export of Discord's messages."""
    suffix = source.lower().rpartition(".")[2]
    if suffix == "json":
        return _JSON.match(data, 0, _START) is not None
    return suffix in ("html", "htm") and _HTML.search(data) is not None


def read(data: bytes) -> Iterator[ParsedDocument]:
    """Yield a draft for each day of the channel, or one of the thread, its messages with their authors and times."""
    text, encoding = decode(data)
    channel = _of_json(_parsed(text)) if text.lstrip().startswith("{") else _of_html(text)
    if channel.title is not None:
        yield _conversation(channel, channel.title, encoding)
        return
    for day, messages in groupby(channel.messages, key=lambda message: message.day):
        yield _day(channel, day, list(messages), encoding)


def _day(channel: _Channel, day: date | None, messages: Sequence[_Message], encoding: str | None) -> ParsedDocument:
    writer = DocumentBuilder()
    for message in messages:
        if message.said:
            if message.id is not None:
                writer.begin_place("message", message.id)
            to = f"(to {message.answers.author}) " if message.answers else ""
            writer.block(f"{message.author}, {message.time}: {to}" + "\n".join(message.said))
    name = f"#{channel.name}" + (f", {day.isoformat()}" if day else "")
    return writer.parsed(
        title=name, url=channel.address, publisher=channel.server or None, published=day, encoding=encoding
    )


def _conversation(channel: _Channel, title: str, encoding: str | None) -> ParsedDocument:
    """Return a draft in which each message stands under what it replies to, and its author and time."""
    writer = DocumentBuilder()
    for message in channel.messages:
        if message.said:
            if message.id is not None:
                writer.begin_place("message", message.id)
            if message.answers is not None:
                writer.heading(_reference(message.answers), 1)
            at = f"{message.day.isoformat()} {message.time}" if message.day else message.time
            head = ", ".join(part for part in (message.author, at) if part)
            writer.heading(head, 1 if message.answers is None else 2)
            writer.block("\n".join(message.said))
    published = next((message.day for message in reversed(channel.messages) if message.day), None)
    return writer.parsed(
        title=title, url=channel.address, publisher=channel.server or None, published=published, encoding=encoding
    )


def _reference(message: _Message) -> str:
    """Return who said what in a message, as far as is needed to understand a reply to it."""
    words = " ".join(" ".join(message.said).split())
    return f"{message.author}: " + (words if len(words) <= _LONGEST_REFERENCE else f"{words[:_LONGEST_REFERENCE]}…")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnreadableDocument("damaged: an export of Discord that is cut short; export it anew") from error


def _of_json(export: Any) -> _Channel:
    guild, about, conversation = (export.get(key) for key in ("guild", "channel", "conversation"))
    server, id_ = _id(guild), _id(about)
    channel = _Channel(
        _text(guild, "name"),
        _text(about, "name"),
        channel_address(server, id_) if server and id_ else None,
        _title(about, conversation),
    )
    by_id: dict[str, _Message] = {}
    for form in export.get("messages") or ():
        if isinstance(form, dict):
            message = _message(form, by_id)
            by_id[str(form.get("id"))] = message
            channel.messages.append(message)
    return channel


def _title(about: Any, conversation: Any) -> str | None:
    """Return the title of a conversation with the tags of a forum's post, None where each day is a document."""
    if isinstance(conversation, dict):
        tags = conversation.get("tags")
        marks = [f"[{tag}]" for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
        return " ".join([_text(conversation, "title"), *marks])
    return _text(about, "name") if _THREAD in _text(about, "type") else None


def _message(form: dict[str, Any], by_id: Mapping[str, _Message]) -> _Message:
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
    return _Message(
        _id(form),
        author,
        when.date() if when else None,
        when.strftime("%H:%M") if when else "",
        tuple(lines),
        by_id.get(_text(form.get("reference"), "messageId")),
    )


def _id(form: Any) -> int | None:
    """Return the id that a form names, None where it names none of Discord's."""
    id_ = _text(form, "id")
    return int(id_) if id_.isascii() and id_.isdecimal() and len(id_) <= _LONGEST_ID else None


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
            id_ = _id({"id": container.get("data-message-id") or container.get("id", "").rpartition("-")[2]})
            channel.messages.append(_Message(id_, author, day, time, tuple(lines)))
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
