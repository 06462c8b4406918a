"""Files that were whole and are no longer: bytes changed, cut, repeated and moved, the same way for the same seed."""

import random
from collections.abc import Iterator

from tests.unit.index.readers.files import epub, odf, pdf, pptx

WHOLE = {
    "a.pdf": pdf([[("B", "Title", 18), ("", "Words of the page.", 11)]] * 2, head="Head"),
    "a.pptx": pptx([("First", "One thing."), ("Second", "Another.")], notes="Say hello."),
    "a.odt": odf("text", '<text:h text:outline-level="1">Top</text:h><text:p>Words.</text:p>'),
    "a.epub": epub(["<h1>Dawn</h1><p>It was dark.</p>"]),
    "a.rtf": rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}Caf\'e9 at {\b noon}.\par\trowd a\cell b\cell\row Second.}",
    "a.eml": b"From: a@b.c\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\nDate: Mon, 6 May 2024 10:00:00 +0200\r\n\r\nWords.",
    "a.ipynb": b'{"cells": [{"cell_type": "code", "source": ["x"], "outputs": [{"text": ["1"]}]}]}',
    "a.rst": b"Title\n=====\n\nWords *here*.\n\n.. note:: Look.\n\n+---+---+\n| a | b |\n+---+---+\n",
    "a.adoc": b"= Title\n\n== Part\n\n* One\n\n|===\n|a |b\n\n|1 |2\n|===\n\n----\ncode\n----\n",
    "a.json": b'[{"a": 1, "b": [1, 2]}, {"a": "two", "b": {"c": null}}]',
    "discord.json": b'{"guild": {"name": "g"}, "channel": {"name": "c"}, "messages": [{"id": "1", '
    b'"timestamp": "2024-05-06T10:00:00+00:00", "content": "Hi", '
    b'"author": {"name": "a"}, "embeds": [{"title": "t"}]}]}',
    "a.xml": b'<!DOCTYPE a [<!ENTITY e "x">]><a><title>T</title><p>One <b>word</b> &e;.</p><r><x>1</x><y>2</y></r></a>',
    "a.csv": b'Name;Age\n"Ada; Countess";36\nBob;41\n',
    "a.py": b"class A:\n    def b(self):\n        return 1\n",
    "a.md": b"---\ntitle: T\nurl: https://a.b\n---\n# H\n\n- a\n  1. b\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
    "a.html": b'<meta charset="gb2312"><h1>T</h1><ol start=3><li>a</ol><table><tr><th>x<td>y</table><script>z</script>',
    "a.txt": "Títle\n\nWörds 中文 words.".encode(),
}


_PIECES = (b"\0", b"\xff\xfe", b"<", b"{", b"[", b"9" * 40, b"%s", b"\\u0000", b"*")


def mutated(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield so many broken files with their names, every format in turn."""
    chance = random.Random(seed)
    names = sorted(WHOLE)
    for number in range(count):
        name = names[number % len(names)]
        data = bytearray(WHOLE[name])
        for _ in range(chance.choice((1, 1, 3, 10, 50))):
            at = chance.randrange(len(data) + 1)
            length = chance.choice((1, 1, 2, 8, 64))
            match chance.randrange(5):
                case 0:
                    data[at : at + length] = chance.randbytes(length)
                case 1:
                    del data[at : at + length]
                case 2:
                    data[at:at] = data[at : at + length] * chance.choice((2, 20))
                case 3:
                    data[at:at] = chance.choice(
                        (b"\0", b"\xff\xfe", b"<", b"{", b"[", b"9" * 40, b"%s", b"\\u0000", b"*")
                    )
                case 4 if len(data) > 2:
                    data[at - 1 : at] = bytes([chance.randrange(256)])
            if not data:
                break
        yield name, bytes(data)
