"""Sharing: generations have files in common, since nobody ever changes one that was published."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from index.errors import IndexDamaged
from index.store.catalogue import CHANGES
from index.store.manifest import Manifest, Verified

# Tantivy's own locks: whoever holds one holds it of a folder, not of all that share its files.
_LOCK = ".lock"


def link(original: Path, target: Path) -> None:
    """Put the very same file at `target`, or a copy where the disk knows no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(original, target)
    except OSError:
        shutil.copy2(original, target)


def take_over(new: Path, previous: Path, manifest: Manifest, older: Path | None, verified: Verified) -> None:
    """Give the folder of a `new` generation all files of the `previous` one, whose manifest this is.

    They are linked where the `older` generation, the one before the previous one, has the same; the others are copied.
    So no two generations that follow each other have a file in common, and damage to one leaves another to go back to.
    What is to be changed is always copied. Raises IndexDamaged where the previous generation is not whole.
    """
    for name, digest in manifest.files.items():
        if name.endswith(_LOCK):
            continue
        if older is not None and name != CHANGES and _is(older / name, digest, verified):
            link(older / name, new / name)
        else:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(previous / name, new / name)
            if not _is(new / name, digest, verified):
                raise IndexDamaged(f"{previous / name} is damaged: run 'footnote refresh'")


def _is(path: Path, digest: str, verified: Verified) -> bool:
    try:
        return verified.digest(path) == digest
    except OSError:
        return False
