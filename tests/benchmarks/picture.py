"""Draw the README's picture: a real answer from the sample corpus, as the terminal shows it, into docs/answer.svg."""

from __future__ import annotations

import io
import re
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from bot import settings
from bot.app import open_answerer, open_library
from bot.terminal import terminal
from index.access import OPERATOR

QUESTION = "How much did Nvidia sell in China in the third quarter, and what did Huang say in South Korea?"
PICTURE = Path("docs/answer.svg")
# The fonts that rich names would be fetched from somebody's server by everyone who looks at the picture.
FORMAT = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def draw() -> None:
    """Ask the question and write the picture of what comes."""
    with tempfile.TemporaryDirectory() as data:
        chosen = settings.load(corpus=Path("corpus"), data=Path(data))
        with closing(open_library(chosen)) as library:
            library.refresh()
            answer = open_answerer(library, chosen).answer(QUESTION, OPERATOR)
            console = Console(record=True, width=110, file=io.StringIO(), force_terminal=True)
            console.print(f"[bold]>[/bold] {QUESTION}\n")
            terminal.show_answer(console, answer, partial(library.document, viewer=OPERATOR))
    PICTURE.write_text(console.export_svg(title="footnote", code_format=FORMAT))


if __name__ == "__main__":
    draw()
