"""HTML: the text of a page with its headings, lists and tables, without navigation, scripts and the like."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from index.errors import UnreadableDocument
from index.readers.draft import Draft, Writer
from index.readers.encoding import decode
from index.readers.front_matter import day, language_code, web_address

_CHARSET = re.compile(rb"""<(?:meta\b[^>]*\bcharset|\?xml\b[^>]*\bencoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HEAD_BYTES = 4096
_DEEPEST = 200

# Names in HTML, and in the simpler tree that trafilatura makes of it.
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form"
    " header hgroup hr html main nav p quote section summary".split()
)
_UNSEEN = frozenset("head script style noscript template svg math iframe object select button textarea".split())
_AROUND = frozenset("nav header footer aside form script".split())


def read(data: bytes) -> Draft:
    """Return the draft of an HTML page or fragment: its main text, or all of it where nothing surrounds that."""
    declared = _CHARSET.search(data, 0, _HEAD_BYTES)
    source, encoding = decode(data, declared[1].decode() if declared else None)
    ...
