"""The folder that a newcomer starts from: the settings with their explanations, and the sample documents."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.errors import FolderInUse

# In an installed package they lie beside this module, in a checkout where people look for them.
_INSTALLED, _CHECKOUT = Path(__file__).with_name("starter_files"), Path(__file__).parents[2]
_SETTINGS, _DOCUMENTS = ".env.example", "corpus"


def create(folder: Path) -> None:
    """Write `.env` and `corpus/` into a folder, which is made if need be; nothing that stands there is touched.

    Raises FolderInUse if one of the two is there already, or if the folder cannot be written.
    """
    files = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    settings, documents = folder / ".env", folder / _DOCUMENTS
    for path in (settings, documents):
        if path.exists():
            raise FolderInUse(f"{path} is there already; `footnote init` starts a new folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(files / _DOCUMENTS, documents)
        settings.touch(mode=0o600)  # a token will stand in it
        settings.write_bytes((files / _SETTINGS).read_bytes())
    except OSError as error:
        raise FolderInUse(f"{folder} cannot be written: {error.strerror or error}") from None
