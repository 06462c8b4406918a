"""Documents from a grammar of hostile Markdown, HTML and front matter: ten times as much takes ten times as long.

Each document is made of a few pieces, repeated or nested until it is as large as it should be.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time

from index.building.splitting import split
from index.embedded_text import embedded_text
from index.errors import UnreadableDocument
from index.models.model import DEFAULT_MODEL, Model, find_model
from index.readers import document_of, parse
from tests.torture.forked import Child
from tests.torture.outcome import Outcome

SIZES = (1_000, 10_000, 100_000)
# What reading ten times as much may take of time and text, where it took more than next to nothing before.
_MOST = 30.0
_SECONDS = 0.05
_PATIENCE = 120.0

# What opens, what is repeated inside, and what closes as often as was opened; "%d" is another number each time.
Piece = tuple[str, str, str]

_MARKDOWN: tuple[Piece, ...] = (
    ("> ", "", ""),
    ("- ", "", ""),
    ("", "- a\n", ""),
    ("", "%d. a\n", ""),
    ("", "99999999999. a\n", ""),
    ("  - a\n", "", ""),
    ("", "#%d\n", ""),
    ("", "# Heading %d\n\nText %d.\n\n", ""),
    ("", "###### " + "long " * 40 + "%d\n\nx\n\n", ""),
    ("", "a\n===\n", ""),
    ("", "a\n---\n", ""),
    ("", "```\n", ""),
    ("", "```a\nb\n```\n", ""),
    ("", "`" * 7 + "a", ""),
    ("", "`%d`` ", ""),
    ("", "*a **a ", ""),
    ("", "a**b" + "c* ", ""),
    ("**a *b ", "", " c* d**"),
    ("", "_a__b", ""),
    ("[", "", "](b)"),
    ("![", "", "](b)"),
    ("", "[a](<b", ""),
    ("", "[a][%d] ", ""),
    ("", "[%d]: http://a/%d\n", ""),
    ("", "![[]()", ""),
    ("", "<http://a.b/%d> ", ""),
    ("", "<a href='%d'>", ""),
    ("", "</%d", ""),
    ("", "<!--", ""),
    ("", "<![CDATA[ ", ""),
    ("", "<?a ", ""),
    ("", "<div>\n\n*a*\n\n", ""),
    ("", "&amp;&#x41;&#0;&notreal;", ""),
    ("", "&" * 9 + "#", ""),
    ("", "\\", ""),
    ("", "a  \nb\\\n", ""),
    ("", "| a | b |\n|---|---|\n| %d | 2 |\n\n", ""),
    ("| " + "long name " * 30 + "| b |\n|---|---|\n", "| %d | 2 |\n", ""),
    ("|a" * 60 + "|\n" + "|-" * 60 + "|\n", "|1" * 60 + "|\n", ""),
    ("", "|", ""),
    ("", "|-", ""),
    ("", "a" * 50, ""),
    ("", "word %d ", ""),
    ("", "Sentence %d is here. ", ""),
    ("", "e\u0301\u0323", ""),
    ("a", "\u0301", ""),
    ("", "\u200b\u202e\u2066", ""),
    ("", "\x00\x01\x0c", ""),
    ("", "\r", ""),
    ("", "\t", ""),
    ("", " \n", ""),
    ("", "中文没有空格", ""),
    ("", "ไม่มีช่องว่าง", ""),
    ("", "👩\u200d👩\u200d👧", ""),
    ("", "1,", ""),
    ("", "1. ", ""),
    ("", "a.b@c.d ", ""),
    ("", "A.", ""),
    ("", "“‘«", ""),
    ("", "(", ""),
    ("", "$%d ", ""),
    ("", "Mr. ", ""),
    ("", "[^%d]: a\n", ""),
)
_HTML: tuple[Piece, ...] = (
    ("<div>", "a", "</div>"),
    ("<blockquote><p>", "a", "</p></blockquote>"),
    ("<ul><li>", "a", "</li></ul>"),
    ("<ol start=999999999>", "<li>%d", "</ol>"),
    ("<table><tr><td>", "a", "</td></tr></table>"),
    ("<table><tr><th>" + "long name " * 30 + "</th></tr>", "<tr><td>%d</td></tr>", "</table>"),
    ("<table>", "<tr>" + "<td>1</td>" * 30 + "</tr>", "</table>"),
    ("<table>", "<tr><td colspan=999 rowspan=999>%d</td></tr>", "</table>"),
    ("<b><i>", "a", "</b></i>"),
    ("<span>", "a", "</span>"),
    ("<font>", "<p>a", ""),
    ("", "<p>", ""),
    ("", "<p>Paragraph %d has some words in it.</p>", ""),
    ("", "<h1>Heading %d</h1><p>Text %d.</p>", ""),
    ("", "<h2>" + "long " * 30 + "%d</h2><p>x</p>", ""),
    ("", "<br>", ""),
    ("", "<hr>", ""),
    ("", "<a href='http://a/%d'>link</a> ", ""),
    ("<a href='", "x", "'>a</a>"),
    ("<p ", "a%d=b ", ">a</p>"),
    ("", "<!-- ", ""),
    ("", "<!--a-->", ""),
    ("", "<![CDATA[", ""),
    ("<script>", "if(a<b){'</'}", "</script>"),
    ("", "<script>", ""),
    ("<style>", "a{b:c}", "</style>"),
    ('<script type=\'application/ld+json\'>{"@type":"Article","a":[', "[", "</script>"),
    ("<title>", "a", "</title>"),
    ("<textarea>", "<p>a", "</textarea>"),
    ("<select>", "<option>%d", "</select>"),
    ("<pre>", "a\n", "</pre>"),
    ("<svg>", "<g>", "</svg>"),
    ("<math>", "<mi>a", "</math>"),
    ("<template>", "<p>a", "</template>"),
    ("<noscript>", "<p>a", "</noscript>"),
    ("<iframe>", "<p>a", "</iframe>"),
    ("<dl>", "<dt>a<dd>%d", "</dl>"),
    ("<form>", "<input value=%d>", "</form>"),
    ("", "&lt;&#60;&#x3c;&nbsp", ""),
    ("", "&", ""),
    ("", "<", ""),
    ("", "</div>", ""),
    ("", "<meta charset=utf-7>", ""),
    ("", "<meta name='author' content='a%d'>", ""),
    ("", "<link rel=canonical href='http://a/%d'>", ""),
    ("", "<base href='//%d'>", ""),
    ("", "<img alt='a%d' src='data:,a'>", ""),
    ("<article>", "<section>a", "</article>"),
    ("", "<body>", ""),
    ("", "<html lang=x%d>", ""),
    ("", "<ruby>漢<rt>kan</ruby>", ""),
    ("", "<code>a</code><code>", ""),
    ("", "a\u0301\u0323", ""),
    ("", "Words without a tag %d. ", ""),
)
_FRONT_MATTER: tuple[Piece, ...] = (
    ("a: &a [x]\n", "b%d: [*a,*a,*a]\n", ""),
    ("a0: &a0 [x, x]\n", "c%d: &b%d [*a0, *a0]\n", ""),
    ("title: ", "[", ""),
    ("title: ", "{", ""),
    ("title: '", "a ", "'\n"),
    ('title: "', "\\ud800", '"\n'),
    ('title: "', "\\u0041", '"\n'),
    ("title: |\n", "  a\n", ""),
    ("published: ", "9", "\n"),
    ("url: http://", "a.", "\n"),
    ("language: ", "en-", "\n"),
    ("? ", "? ", ""),
    ("- ", "- ", ""),
    ("", "k%d: v\n", ""),
    ("", "title: %d\n", ""),
    ("", "<<: {a: b}\n", ""),
    ("", "!!python/object/apply:os.system [a]\n", ""),
    ("", "# comment\n", ""),
    ("", "\t\n", ""),
    ("", " a:\n", ""),
    ("", "&a%d ", ""),
    ("", "'", ""),
    ("", "%d\n", ""),
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a document is made, whatever its size."""

    suffix: str
    front: Piece | None
    blocks: tuple[Piece, ...]

    def made(self, size: int) -> bytes:
        """Return the document of about so many bytes."""
        share = size // (len(self.blocks) + (self.front is not None))
        front = f"---\n{_filled(self.front, share)}\n---\n" if self.front else ""
        body = "\n\n".join(_filled(block, share) for block in self.blocks)
        return (front + body).encode("utf-8", "replace")[:size]


def hostile_documents(folder: Path, count: int, sizes: Sequence[int] = SIZES, seed: int = 0) -> Outcome:
    """Read and split documents, each recipe at every size: none may hang, break, or grow faster than its size."""
    outcome = Outcome(f"{count:,} hostile documents of {', '.join(f'{size // 1_000} KB' for size in sizes)}")
    folder.mkdir(parents=True, exist_ok=True)
    chance, model = random.Random(seed), find_model(DEFAULT_MODEL)
    # What is loaded by the first document is not a cost of it.
    for suffix in (".md", ".html"):
        _read(b"<p>Some words that nobody needs but to load what reading takes.</p>", f"first{suffix}", model)
    slowest = largest = 0.0
    for _ in range(-(-count // len(sizes))):
        recipe = _recipe(chance)
        child = Child(lambda: _read_all(recipe, sizes, model, folder / "read"), folder / "errors")  # noqa: B023
        code = child.wait(_PATIENCE)
        outcome.count("documents", len(sizes))
        outcome.expect(code == 0, f"{recipe}: {child.error() or f'ended with {code}'}")
        if code:
            continue
        taken: list[tuple[float, int]] = json.loads((folder / "read").read_text())
        slowest, largest = max(slowest, taken[-1][0]), max(largest, taken[-1][1] / sizes[-1])
        for size, (seconds, characters), (more_seconds, more_characters) in zip(
            sizes[1:], taken, taken[1:], strict=False
        ):
            few = f"{recipe} at {size // 1_000} KB"
            outcome.expect(
                more_seconds <= _MOST * max(seconds, _SECONDS),
                f"{few}: {more_seconds:.2f} s, after {seconds:.2f} s for a tenth",
            )
            # Front matter that is too long for any is text: what is written then is as long as what was given.
            outcome.expect(
                more_characters <= _MOST * max(characters, size // 10),
                f"{few}: {more_characters:,} characters, after {characters:,} for a tenth",
            )
    outcome.figures |= {"seconds at most": round(slowest, 2), "times its size at most": round(largest, 1)}
    return outcome


def _read_all(recipe: Recipe, sizes: Sequence[int], model: Model, taken: Path) -> None:
    taken.write_text(json.dumps([_read(recipe.made(size), f"d{recipe.suffix}", model) for size in sizes]))


def _read(data: bytes, source: str, model: Model) -> tuple[float, int]:
    """Return the seconds of a processor that it takes, and the characters that would be embedded."""
    started, characters = process_time(), 0
    try:
        for draft in parse(data, source):
            document = document_of(draft, source)
            json.dumps(asdict(document), ensure_ascii=False, default=str).encode()  # as it will be written
            for passage in split(document, model.count_tokens, model.usable_window):
                characters += len(embedded_text(document.metadata.title, passage))
    except (UnreadableDocument, RecursionError):
        pass  # said in one line, and the document's fault alone
    return process_time() - started, characters


def _recipe(chance: random.Random) -> Recipe:
    suffix = chance.choice((".md", ".md", ".html"))
    pieces = _MARKDOWN + _HTML if suffix == ".md" else _HTML
    blocks = tuple(chance.choices(pieces, k=chance.choice((1, 1, 2, 3))))
    front = chance.choice(_FRONT_MATTER) if chance.random() < 0.3 else None
    return Recipe(suffix, front, blocks)


def _filled(piece: Piece, size: int) -> str:
    """Return a piece that is repeated, or nested where nothing is to be repeated inside, up to a size."""
    before, inside, after = piece
    if inside and before.endswith(">") and after and len(before) < 20:
        # Half of the room goes into the depth.
        depth = max(size // 2 // (len(before) + len(after)), 1)
        inner = _repeated(inside, size // 2)
        return before * depth + inner + after * depth
    if not inside:
        times = max(size // (len(before) + len(after)), 1)
        return before * times + "words" + after * times
    return before + _repeated(inside, max(size - len(before) - len(after), 1)) + after


def _repeated(piece: str, size: int) -> str:
    times = max(size // len(piece), 1)
    return "".join(piece.replace("%d", str(number)) for number in range(times))
