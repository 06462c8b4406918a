"""Draw the README's pictures of Discord: a real answer from the sample corpus, into docs/discord-{dark,light}.png.

The bot runs in a process of its own against the stand-in for Discord, and what it sent over the wire is laid out as the
client does. The system's Chromium draws it (`apt-get install chromium`); it is no part of the locked environment.
Run as `python -m tests.benchmarks.discord_picture`.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path

from PIL import Image, ImageChops

from tests.scenarios.discord.bot_process import Child
from tests.scenarios.discord.standin import Message, Standin
from tests.scenarios.discord.standin.limits import BUTTON, ROW, walk

QUESTION = "How much did Nvidia sell in China in the third quarter of 2025?"
CORPUS = Path("corpus").resolve()
WIDTH, HIGHEST, SCALE = 720, 1600, 1.5
_PARTS = ("back", "box", "text", "dim", "head", "grey")
# Colours of Discord's client.
THEMES = {
    "dark": {
        "back": "#313338",
        "box": "#2b2d31",
        "text": "#dbdee1",
        "dim": "#949ba4",
        "head": "#f2f3f5",
        "grey": "#4e5058",
    },
    "light": {
        "back": "#ffffff",
        "box": "#f2f3f5",
        "text": "#313338",
        "dim": "#5c5e66",
        "head": "#060607",
        "grey": "#e3e5e8",
    },
}
STYLE = """
* { margin: 0; box-sizing: border-box; }
body { background: var(--back); color: var(--text); font: 15px/1.4 "gg sans", "Noto Sans", "DejaVu Sans", sans-serif; }
main { padding: 16px 16px 16px 72px; position: relative; width: 720px; }
.face { position: absolute; left: 16px; width: 40px; height: 40px; border-radius: 50%; background: #5865f2; color: #fff;
  font-weight: 600; text-align: center; line-height: 40px; }
.used { color: var(--dim); font-size: 13px; margin-bottom: 4px; }
.who { color: var(--head); font-weight: 600; } .app { background: #5865f2; color: #fff; border-radius: 3px;
  font-size: 10px; padding: 1px 4px; margin: 0 4px; vertical-align: 2px; } .when { color: var(--dim); font-size: 12px; }
blockquote { border-left: 4px solid var(--grey); padding-left: 12px; margin: 2px 0; }
.embed { background: var(--box); border-left: 4px solid var(--grey); border-radius: 4px; padding: 10px 14px;
  margin: 8px 0; font-size: 14px; } .embed h1 { font-size: 15px; color: var(--head); margin-bottom: 4px; }
.small, footer { color: var(--dim); font-size: 12px; } a { color: #00a8fc; text-decoration: none; }
.row { display: flex; gap: 8px; margin-top: 6px; flex-wrap: wrap; }
button { border: 0; border-radius: 4px; padding: 7px 14px; font: 500 14px sans-serif; background: var(--grey);
  color: var(--head); } .b1 { background: #5865f2; color: #fff; } .b4 { background: #da373c; color: #fff; }
"""


async def _answer() -> Message:
    """Ask the question over the wire, and return the message that answers it."""
    folder = Path(tempfile.mkdtemp())
    async with Standin() as discord:
        guild = discord.guild()
        general = discord.channel("general", guild)
        alice = discord.user("alice").joins(guild)
        async with Child(discord, folder, STANDIN_PACE="", FOOTNOTE_CORPUS=str(CORPUS)) as bot:
            await bot.connected(300)
            return await alice.final(await alice.slash("ask", at=general, question=QUESTION), within=120)


def page(message: Message, theme: str) -> str:
    """Return the message as a page in the colours of a theme."""
    colours = "".join(f"--{name}: {colour};" for name, colour in THEMES[theme].items())
    embeds = "".join(
        f"<div class=embed><h1>{escape(each.get('title', ''))}</h1>{markdown(each.get('description', ''))}"
        f"<footer>{escape((each.get('footer') or {}).get('text', ''))}</footer></div>"
        for each in message.shown_embeds
    )
    rows = [
        "".join(
            f"<button class=b{each.get('style', 2)}>{(each.get('emoji') or {}).get('name', '')}"
            f" {escape(each.get('label') or '')}</button>"
            for _, each in walk([row])
            if each.get("type") == BUTTON
        )
        for row in message.components
        if row.get("type") == ROW
    ]
    buttons = "".join(f"<div class=row>{row}</div>" for row in rows)
    return (
        f"<!doctype html><meta charset=utf-8><style>:root{{{colours}}}{STYLE}</style><main>"
        "<div class=used>Alice used <a>/ask</a></div><div class=face>F</div>"
        "<span class=who>Footnote</span><span class=app>APP</span><span class=when>Today at 10:00</span>"
        f"{markdown(message.content)}{embeds}{buttons}</main>"
    )


def markdown(text: str) -> str:
    """Return what Discord makes of a text, as far as the bot's answers use it."""
    lines = []
    for line in text.split("\n"):
        shown = escape(line)
        shown = re.sub(r"\[([^\]]+)\]\((https?://[^)]+)\)", r"<a>\1</a>", shown)
        shown = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", shown)
        shown = re.sub(r"\\(?=[^\w\s])", "", shown)
        if shown.startswith("&gt; "):
            lines.append(f"<blockquote>{shown[5:]}</blockquote>")
        elif shown.startswith("-# "):
            lines.append(f"<div class=small>{shown[3:]}</div>")
        else:
            lines.append(f"<div>{shown or '&nbsp;'}</div>")
    return "".join(lines)


def draw() -> None:
    """Ask the question and write the pictures of what comes."""
    message = asyncio.run(_answer())
    chromium = shutil.which("chromium")
    assert chromium is not None, "apt-get install chromium"
    for theme in THEMES:
        with tempfile.NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
            file.write(page(message, theme))
            file.flush()
            # Without its sandbox, Chromium runs as root too; the one page that it opens is ours.
            options = [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--window-size={WIDTH},{HIGHEST}",
            ]
            options += [f"--force-device-scale-factor={SCALE}", f"--screenshot=docs/discord-{theme}.png"]
            subprocess.run([chromium, *options, f"file://{file.name}"], check=True, capture_output=True)
        _cut(Path(f"docs/discord-{theme}.png"))


def _cut(path: Path) -> None:
    """Cut off what is empty below the message."""
    picture = Image.open(path).convert("RGB")
    empty = Image.new("RGB", picture.size, picture.getpixel((0, picture.height - 1)))
    _, _, _, bottom = ImageChops.difference(picture, empty).getbbox() or (0, 0, 0, picture.height)
    picture.crop((0, 0, picture.width, bottom + 24)).save(path, optimize=True)


if __name__ == "__main__":
    draw()
