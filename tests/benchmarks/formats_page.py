"""Makes docs/formats.md from the table of formats: `python -m tests.benchmarks.formats_page`, from the root."""

from pathlib import Path

from index.building.reading import LIMITS, LIMITS_WITH_OCR
from index.readers.formats import FORMATS
from index.readers.pdf import MOST_PAGES
from index.sources.scanning import LARGEST_FILE

PAGE = Path("docs/formats.md")


def page() -> str:
    """Return the page."""
    rows = [
        f"| {format_.name} | {' '.join(f'`{suffix}`' for suffix in format_.suffixes) or 'found by its content'} "
        f"| {format_.cited} | {format_.kept} | {format_.lost} |"
        for format_ in FORMATS
    ]
    return "\n".join(
        [
            "# What Footnote reads",
            "",
            "This page is made from the code (`python -m tests.benchmarks.formats_page`); a test holds it to that.",
            "",
            "| format | files | a citation names | kept | not kept |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
            "Whatever else lies in the folder is named by `footnote refresh`, `footnote sources --failed`, `footnote",
            "doctor` and `/refresh`, each with what to do, such as “save it as .docx”. Hidden files and folders, whose",
            "names begin with a dot, are left out; links are not followed.",
            "",
            f"Each file is read in a process of its own, which may take {LIMITS.memory // 2**20} MB of memory,",
            f"{LIMITS.cpu_seconds} s of a processor and {LIMITS.wall_seconds} s of the clock. A file may have",
            f"{LARGEST_FILE // 2**20} MB, {MOST_PAGES:,} pages and {LIMITS.characters:,} characters of text.",
            "Whatever a file does to its reader costs that file one line of the report, and nothing else.",
            "A file that failed is tried again when it changes, gets another name, or is met by a newer Footnote.",
            "With `FOOTNOTE_OCR` on, a PDF without a text layer is read by `tesseract`, page by page, or else by",
            "`ocrmypdf`, with the same limits but for the clock: a page may take a minute, the file",
            f"{LIMITS_WITH_OCR.wall_seconds // 60} minutes.",
            "Entities, external references, macros and included files are never resolved.",
            "Files with the same bytes are indexed once and cited with every name.",
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
