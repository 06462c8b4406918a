"""reStructuredText: the file as HTML, by docutils, read as HTML is; nothing is included, nothing raw passed on."""

from __future__ import annotations

from docutils.core import publish_parts

from index.readers import html
from index.readers.encoding import decode
from index.readers.parsed import DocumentBuilder, ParsedDocument

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 5,
    "_disable_config": True,
    "syntax_highlight": "none",
    "math_output": "LaTeX",
    "doctitle_xform": False,
    "line_length_limit": 1_000_000,
}


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a reStructuredText file."""
    text, encoding = decode(data)
    made = publish_parts(text, writer="html5", settings_overrides=_SETTINGS)
    writer = DocumentBuilder()
    html.write(made["body"], writer)
    first = next((heading.title for heading in writer.headings), None)
    return writer.parsed(title=first, encoding=encoding)
