"""Words: what people and operators type, made as bad as it can be. Each gets an answer, or one line that says why."""

from __future__ import annotations

import json
import os
import random
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, process_time
from typing import Any

from bot import settings
from bot.app import open_answerer, open_library
from bot.errors import BadSettings
from bot.terminal import batch
from index.access import OPERATOR
from index.errors import FootnoteError
from index.library import Library
from index.models.model import DEFAULT_MODEL, find_model
from tests.torture.outcome import Outcome

_WORDS = (
    "who what when where why how the is did Nvidia China H20 licence Huang cats Blackwell and not 2025 4.5 billion "
    "谁 什么时候 英伟达 在中国 кто क्या מי من ทำไม なぜ 🤷 👩‍👩‍👧‍👦 (((( )))) [a](http://x) "
    "``` ** || <@1> @everyone %s {} {0} "
    "\\ $(id) '1=1-- Q3 1e999 ٣ ½ ² -0 0x1F 99999999999999999999 ，。？！"
)
_PIECES = (
    *_WORDS.split(),
    *("\u202e", "\u200b", "\ufeff", "\u00ad", "\x00", "\x1b[2J", "\ud800", "\n\n", "\t", "\r", "\u2028"),
    *("e" + "\u0301" * 40, "a" * 300, "ab" * 200, "?" * 50),
)
_VALUES = (
    *("", " ", "0", "-1", "1e400", "nan", "inf", "true", "none", "null", "x" * 5_000, "9" * 5_000, "\u0663", "😀"),
    *(
        "/etc/passwd/x",
        "/dev/null",
        "~nobody-at-all/x",
        "../" * 50,
        "http://me:s3cr3t-s3cr3t@[::1",
        "ftp://me:s3cr3t-s3cr3t@h",
    ),
    *("a b", "{}", "%(x)s", "\\", "'\"", "\x1b[31m", "a\nb", "openai:", ":", "openai:x y"),
)


def fuzzed_questions(folder: Path, count: int, seed: int = 0) -> Outcome:
    """Ask what nobody would: an answer, or FootnoteError; the slowest in a hundred within 20 times the median."""
    # Imported here, since it takes seconds to load what embeds, and the other trials do without it.
    from bot.answering.answerer import Answerer
    from bot.answering.selecting.confidence import load_confidence
    from index.models.embedding import Embedder
    from tests.conftest import ARTICLES, Shelf

    outcome = Outcome(f"{count:,} fuzzed questions")
    folder.mkdir(parents=True, exist_ok=True)
    embedder = Embedder(find_model(DEFAULT_MODEL))
    shelf = Shelf(folder, embedder)
    for source, text in ARTICLES.items():
        shelf.put(source, text)
    shelf.refresh()
    chance = random.Random(seed)
    with closing(Library(shelf.corpus, shelf.data, DEFAULT_MODEL, lambda _: embedder)) as library:
        answerer = Answerer(library, load_confidence())
        answerer.warm_up()
        took: list[float] = []
        for _ in range(count):
            asked = question(chance)
            started = monotonic()
            try:
                outcome.count(answerer.answer(asked, OPERATOR).status)
                took.append(monotonic() - started)
            except FootnoteError as error:
                outcome.count("refused")
                outcome.expect("\n" not in str(error), f"{asked!r:.80}: more than one line")
            except Exception as error:
                outcome.expect(False, f"{asked!r:.80}: {error!r:.80}")
    shelf.close()
    middle, slow = median(took), quantiles(took, n=100)[-1]
    outcome.figures |= {"median ms": round(1_000 * middle, 1), "p99 ms": round(1_000 * slow, 1)}
    outcome.expect(slow <= 20 * middle, "the slowest in a hundred take more than 20 times the median")
    return outcome


def malformed_lines(count: int, seed: int = 0) -> Outcome:
    """Read batch lines that were broken in every way: each yields an object with its answer or its error."""
    outcome = Outcome(f"{count:,} malformed batch lines")
    chance = random.Random(seed)
    lines = [_line(chance) for _ in range(count)]
    started = monotonic()
    results = list(batch.run(lines, lambda line: {"id": line.id}))
    outcome.figures = {
        "errors": sum("error" in result for result in results),
        "read": sum("error" not in r for r in results),
    }
    outcome.figures["seconds"] = round(monotonic() - started, 2)
    outcome.expect(len(results) == sum(bool(line.strip()) for line in lines), "a line is missing")
    outcome.expect(all("\n" not in result.get("error", "") for result in results), "more than one line")
    return outcome


def wrong_settings(folder: Path) -> Outcome:
    """Give every setting 20 wrong values and more: each works or is one line, at once, that shows no password."""
    outcome = Outcome("every setting with 30 wrong values")
    folder.mkdir(parents=True, exist_ok=True)
    before, at = dict(os.environ), Path.cwd()
    os.chdir(folder)
    try:
        for name in settings.names():
            for value in _VALUES:
                if "\x00" not in value:
                    _set(outcome, name, value)
                    os.environ.clear()
                    os.environ.update(before)
    finally:
        os.chdir(at)
    return outcome


def _set(outcome: Outcome, name: str, value: str) -> None:
    os.environ[name] = value
    started = process_time()
    try:
        loaded = settings.load()
        find_model(loaded.embedding_model)
        with closing(open_library(loaded)) as library, closing(open_answerer(library, loaded)):
            outcome.count("accepted")
    except FootnoteError as error:
        outcome.count("refused by name" if isinstance(error, BadSettings) else "refused in use")
        said = str(error)
        outcome.expect("\n" not in said and len(said) < 1_500, f"{name}={value!r:.30}: {said!r:.100}")
        outcome.expect("s3cr3t-s3cr3t" not in said, f"{name}: a password is shown")
    except Exception as error:
        outcome.expect(False, f"{name}={value!r:.30}: {error!r:.100}")
    took = process_time() - started
    outcome.expect(took < 5, f"{name}={value!r:.30} took {took:.1f} s of a processor")


def question(chance: random.Random) -> str:
    pieces = chance.choices(_PIECES, k=chance.choice((1, 2, 4, 8, 16, 60)))
    question = chance.choice((" ", " ", "")).join(pieces)
    if chance.random() < 0.2:
        question = "".join(chance.sample(question, len(question)))
    return question[: chance.choice((50, 500, 2_000, 2_500))]


def _line(chance: random.Random) -> bytes:
    text = chance.choice(("What?", "", 5, None, question(chance)))
    form: Any = {"id": chance.choice((1, "a", None, [], 1.5)), "text": text}
    if chance.random() < 0.5:
        said = chance.choice(("x", None, "y" * 99_999))
        turn: Any = {"role": chance.choice(("user", "assistant", "root", 7)), "text": said}
        form["conversation"] = chance.choice((turn, [turn], [turn] * 50, "x", None, [[]], [None]))
    line = json.dumps(chance.choice((form, form, form, [form], "x", 7, None))).encode()
    kind = chance.randrange(6)
    if kind == 0:
        line = line[: chance.randrange(len(line) + 1)]
    elif kind == 1:
        line = bytes(chance.choices(range(256), k=chance.randrange(1, 200))).replace(b"\n", b"")
    elif kind == 2:
        line = line.replace(b'"', b"'")
    elif kind == 3:
        line = b"[" * chance.choice((10, 100_000)) + line
    return line
