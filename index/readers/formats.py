"""Formats: the table of what is read, by which module, what of it is kept and what is not; and what is refused."""

from __future__ import annotations

from dataclasses import dataclass

from index.errors import UnreadableDocument


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that is read. `module` is that of `index.readers`; `cited` is what a citation names besides it."""

    name: str
    suffixes: tuple[str, ...]
    module: str
    cited: str
    kept: str
    lost: str


# fmt: off
_CODE = (
    ".c", ".cc", ".cpp", ".cs", ".css", ".go", ".h", ".hpp", ".java", ".jl", ".js", ".jsx", ".kt", ".lua", ".m", ".php",
    ".pl", ".ps1", ".py", ".pyi", ".r", ".rb", ".rs", ".scala", ".sh", ".sql", ".swift", ".ts", ".tsx", ".vb", ".zig",
)
# fmt: on
_SETTINGS = (".cfg", ".conf", ".ini", ".log", ".properties", ".toml", ".yaml", ".yml")

FORMATS = (
    Format(
        "Markdown", (".md", ".markdown", ".mdx"), "markdown", "line",
        "headings, lists, tables with their column names, code, front matter", "images",
    ),
    Format("Plain text", (".txt", ".text", *_SETTINGS), "text", "line", "everything, front matter", "nothing"),
    Format(
        "HTML", (".html", ".htm", ".xhtml"), "html", "heading",
        "the main text, headings, lists, tables; author, date, site, language, canonical address",
        "navigation, scripts, comments of readers, images",
    ),
    Format(
        "PDF", (".pdf",), "pdf", "page",
        "columns in reading order, headings, tables as rows with their column names, page labels, values of forms",
        "running heads, page numbers, images; two thirds of Japanese set vertically; scans unless FOOTNOTE_OCR is on",
    ),
    Format(
        "Word", (".docx", ".docm"), "docx", "heading",
        "headings, lists, tables, footnotes, text boxes", "images, comments, headers and footers, macros",
    ),
    Format(
        "PowerPoint", (".pptx", ".pptm", ".ppsx"), "pptx", "slide",
        "titles, text, tables, speaker notes, numbers of charts", "images, animations, macros",
    ),
    Format(
        "Excel", (".xlsx", ".xlsm", ".xlsb", ".xls"), "xlsx", "sheet and row",
        "rows with their column names, numbers and percentages as they are shown, hidden sheets",
        "charts, colours, comments, formulas (their results are kept), macros",
    ),
    Format("OpenDocument", (".odt", ".odp", ".ods"), "odf", "heading, slide or sheet",
           "headings, lists, tables, notes", "images, comments"),
    Format("CSV", (".csv", ".tsv"), "csv", "row", "rows with their column names", "nothing"),
    Format("EPUB", (".epub",), "epub", "chapter", "chapters in reading order, headings, lists, tables", "images"),
    Format("Rich text", (".rtf",), "rtf", "line", "the text, rows of tables", "headings, images"),
    Format("E-mail", (".eml",), "eml", "line", "subject, sender, date, the text", "attachments (named, not read)"),
    Format("Jupyter notebook", (".ipynb",), "ipynb", "heading", "text, code, printed output", "pictures, widgets"),
    Format(
        "reStructuredText", (".rst",), "rst", "heading", "headings, lists, tables, code",
        "included files, raw blocks, comments",
    ),
    Format(
        "AsciiDoc", (".adoc", ".asciidoc", ".asc"), "asciidoc", "line", "headings, lists, tables, code",
        "included files, comments, attributes",
    ),
    Format("JSON", (".json", ".jsonl", ".ndjson"), "json", "row", "each record on a row, with its names", "nothing"),
    Format(
        "XML", (".xml", ".nxml"), "xml", "heading", "headings and paragraphs of DocBook, TEI and JATS; records as rows",
        "attributes of prose, comments, entities and whatever else stands in another file",
    ),
    Format("Discord export", (), "discord", "message",
           "a document a day of a channel, one of a thread; authors, times, replies, embeds, names of attachments",
           "reactions, the attachments themselves"),
    Format("Source code", _CODE, "code", "line", "everything, by function and class", "nothing"),
)  # fmt: skip

_BY_SUFFIX = {suffix: format_ for format_ in FORMATS for suffix in format_.suffixes}
SUFFIXES = frozenset(_BY_SUFFIX)

_PICTURES = ".png .jpg .jpeg .gif .webp .bmp .tif .tiff .heic .svg .ico .psd"
_SOUND = ".mp3 .wav .ogg .m4a .flac .mp4 .mov .avi .mkv .webm"
_ARCHIVES = ".zip .7z .rar .tar .gz .tgz .bz2 .xz .zst"
_REMEDIES = {
    **dict.fromkeys((".doc", ".dot", ".wps", ".pages"), "save it as .docx"),
    **dict.fromkeys((".ppt", ".pps", ".key"), "save it as .pptx"),
    **dict.fromkeys((".numbers",), "save it as .xlsx"),
    **dict.fromkeys((".msg", ".mbox", ".pst"), "save its messages as .eml"),
    **dict.fromkeys((".mhtml", ".mht"), "save it as .html"),
    **dict.fromkeys((".mobi", ".azw3", ".djvu"), "save it as .epub or .pdf"),
    ".env": "they hold secrets, which an answer could show; put what may be shown into a .md or .txt file",
    **dict.fromkeys(_PICTURES.split(), "a picture has no text; put what it says into a document"),
    **dict.fromkeys(_SOUND.split(), "put what is said in it into a document"),
    **dict.fromkeys(_ARCHIVES.split(), "unpack it"),
}
_OTHERWISE = "save it as .pdf, .docx, .html, .md or .txt"


def format_of(source: str) -> Format:
    """Return the format that the suffix of `source` names. Raises UnreadableDocument, which says what to do."""
    suffix = suffix_of(source)
    found = _BY_SUFFIX.get(suffix)
    if found is None:
        kind = f"{suffix} files are not read" if suffix else "files without a suffix are not read"
        raise UnreadableDocument(f"{kind}: {_REMEDIES.get(suffix, _OTHERWISE)}")
    return found


def is_read(source: str) -> bool:
    """Tell whether files with the suffix of `source` are read at all."""
    return suffix_of(source) in SUFFIXES


def suffix_of(source: str) -> str:
    """Return the suffix of the last part of a path or an address, in lower case and with its dot; "" for none."""
    before, dot, suffix = source.rstrip("/").rpartition(".")
    if not suffix or "/" in suffix or not before or before.endswith("/"):
        return ""
    return dot + suffix.lower()
