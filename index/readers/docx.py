"""Word: the file as HTML, by mammoth, read as HTML is."""

from __future__ import annotations

from io import BytesIO

import mammoth

from index.readers import archive, html
from index.readers.parsed import DocumentBuilder, ParsedDocument

# Word's own names of styles; the others mammoth knows.
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""


def read(data: bytes) -> ParsedDocument:
    """Return the draft of a Word file. Raises `UnreadableDocument`: a password, an older format, damage, a bomb."""
    with archive.opened(data, "Word") as file:
        archive.require(file, "word/document.xml", "Word")
        said = archive.core_properties(file)
    # Pictures are left where they are: only their descriptions are of use.
    made = mammoth.convert_to_html(
        BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(lambda _: {"src": ""})
    )
    writer = DocumentBuilder()
    html.write(made.value, writer)
    first = next((heading.title for heading in writer.headings if heading.level == 1), None)
    return writer.parsed(title=first or said.title, author=said.author, published=None)
