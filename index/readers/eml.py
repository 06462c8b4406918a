"""E-mail: subject, sender, day and words of a message; what is attached is named."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from index.readers import html
from index.readers.encoding import decode
from index.readers.parsed import DocumentBuilder, ParsedDocument

_HEADERS = ("From", "To", "Cc", "Date", "Subject")


def read(data: bytes) -> ParsedDocument:
    """Return the draft of one message."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    writer = DocumentBuilder()
    said = {name: _header(message, name) for name in _HEADERS}
    writer.block("\n".join(f"{name}: {value}" for name, value in said.items() if value))
    body = message.get_body(("plain", "html"))
    if body is not None:
        raw = body.get_payload(decode=True)
        text, _ = decode(raw if isinstance(raw, bytes) else b"", body.get_content_charset())
        if body.get_content_subtype() == "html":
            html.write(text, writer)
        else:
            for paragraph in text.split("\n\n"):
                writer.block(paragraph)
    names = [name for part in message.iter_attachments() if (name := part.get_filename())]
    if names:
        writer.block("Attached: " + ", ".join(names))
    try:
        published = parsedate_to_datetime(said["Date"]).date() if said["Date"] else None
    except (ValueError, TypeError, OverflowError):
        published = None
    return writer.parsed(title=said["Subject"] or None, author=said["From"] or None, published=published)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, TypeError, AttributeError, IndexError, OverflowError):
        return ""  # the standard library stumbles over some broken addresses
