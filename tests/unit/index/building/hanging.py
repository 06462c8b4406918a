"""A reader that never ends, in a module that a child imports in no time."""

import time
from pathlib import Path

from index.readers.parsed import ParsedDocument


def hanging(data: bytes, source: str) -> tuple[ParsedDocument, ...]:
    """Note in the file that the bytes name that a reading has begun, which never ends."""
    del source
    with Path(data.decode().strip()).open("a") as begun:
        begun.write("once\n")
    while True:
        time.sleep(60)
