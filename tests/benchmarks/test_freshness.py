"""How soon a file that is saved beside the running bot is answered from: watched, indexed, swapped in, asked."""

from __future__ import annotations

import asyncio
import shutil
import sys
from contextlib import closing
from pathlib import Path
from time import perf_counter

from bot.app import open_answerer, open_library
from bot.discord.keeping_fresh import keep_fresh
from bot.settings import load
from index.access import OPERATOR
from index.report import RefreshReport

CORPUS = Path(__file__).parents[2] / "corpus"
TIMES = 5


async def test_a_saved_file_is_answered_from_within_five_seconds(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(CORPUS, corpus)
    settings = load(corpus, tmp_path / "data")
    with closing(open_library(settings)) as library, closing(open_answerer(library, settings)) as answerer:
        await asyncio.to_thread(library.refresh)
        answerer.warm_up()
        indexed: asyncio.Queue[RefreshReport] = asyncio.Queue()
        watching = asyncio.create_task(keep_fresh(library, asyncio.Event(), indexed.put_nowait))
        # With the first report, of nothing new, the folder is watched.
        await indexed.get()
        seconds = []
        for kilograms in range(41, 41 + TIMES):
            started = perf_counter()
            (corpus / "hive.md").write_text(f"# Beehive\n\nThe beehive of Lindau weighs {kilograms} kilograms.\n")
            await indexed.get()
            question = "How much does the beehive of Lindau weigh?"
            answer = await asyncio.to_thread(answerer.answer, question, OPERATOR)
            seconds.append(perf_counter() - started)
            assert f"{kilograms} kilograms" in answer.text
        watching.cancel()
    told = ", ".join(f"{each:.2f}" for each in seconds)
    sys.stdout.write(f"\na saved file is answered from after {told} s\n")
    assert max(seconds) < 5
