"""The options that several commands take."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

Corpus = Annotated[Path | None, typer.Option(metavar="DIR", help="The documents; else FOOTNOTE_CORPUS.")]
Data = Annotated[Path | None, typer.Option(metavar="DIR", help="What Footnote itself writes; else FOOTNOTE_DATA.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write one line of JSON.")]
Batch = Annotated[
    typer.FileBinaryRead | None,
    typer.Option(metavar="FILE", help="Many at once: lines of JSON with id and text; - is standard input."),
]
# What a source may be that is added by its address; a loader is added to corpus.toml by hand.
Kind = Literal["folder", "pages", "sitemap", "feed", "git"]
Source = Annotated[str | None, typer.Option(metavar="PATH", help="Only this document, or what lies below this folder.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="By date published.")]
