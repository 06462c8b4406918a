"""Draw the README's picture of Discord: a real answer from the sample corpus, into docs/discord.png.

simcord plays Discord, and the system's Chromium draws what it shows. Neither Chromium (`apt-get install chromium`) nor
`pip install 'simcord[preview]' playwright` is part of the locked environment.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import simcord
from playwright.async_api import async_playwright

from bot import settings
from bot.app import open_answerer, open_library
from bot.discord.client import FootnoteClient
from bot.discord.store import Store

QUESTION = "How much did Nvidia sell in China in the third quarter of 2025?"
PICTURE = Path("docs/discord.png")
WIDTH = 720
SCALE = 1.25
# The channel is as tall as what it holds; the date is in the message too, and nobody is typing.
STYLE = """
#preview-app, #channel-layout, #channel-timeline { height: auto !important; max-height: none !important; }
#channel-composer, .timeline-day-divider, .message-context-actions { display: none !important; }
#channel-timeline { padding: 14px 0; }
"""
# Discord ends a quote with its line; simcord goes on to the end of the paragraph, as other Markdown does.
QUOTES_END_WITH_THEIR_LINE = """
for (const quote of document.querySelectorAll(".markdown-blockquote")) {
    const end = quote.querySelector("br");
    const after = document.createElement("p");
    after.className = "markdown-paragraph";
    while (end?.nextSibling) after.append(end.nextSibling);
    end?.remove();
    if (after.hasChildNodes()) quote.after(after);
}
"""


def draw() -> None:
    """Ask the question and write the picture of what comes."""
    with tempfile.TemporaryDirectory() as data:
        chosen = settings.load(corpus=Path("corpus"), data=Path(data))
        with closing(open_library(chosen)) as library, closing(Store(Path(data) / "answers.sqlite")) as store:
            library.refresh()
            asyncio.run(_ask(FootnoteClient(library, open_answerer(library, chosen), store)))


async def _ask(bot: FootnoteClient) -> None:
    async with simcord.run(bot, shard_count=1, settle_timeout=60) as env:
        assert bot.user is not None
        await bot.user.edit(username="Footnote")
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        alice = guild.add_member(env.create_user("alice"))
        await alice.slash(channel, "ask", question=QUESTION)
        async with env.preview(
            channel, viewers=[alice], layout="channel", display="fixed", width=WIDTH, height=1200
        ) as preview:
            await _photograph(preview.url)


async def _photograph(url: str) -> None:
    async with async_playwright() as playwright:
        # Without its sandbox, Chromium runs as root too; the one page that it opens is simcord's.
        browser: Any = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        size = {"width": 1200, "height": 1400}
        page = await browser.new_page(viewport=size, device_scale_factor=SCALE, bypass_csp=True)
        await page.goto(url)
        await page.wait_for_function("() => window.simcordPreview?.ready")
        await page.add_style_tag(content=STYLE)
        await page.evaluate(QUOTES_END_WITH_THEIR_LINE)
        await page.locator("#channel-layout").screenshot(path=PICTURE, animations="disabled")
        await browser.close()


if __name__ == "__main__":
    draw()
