"""The pages about the project name only what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
IN_CODE = re.compile(r"`([^`\n]+)`")
FOLDERS = ("bot", "docs", "index", "tests")
A_PATH = re.compile(rf"(?:{'|'.join(FOLDERS)})(?:/[\w.-]*)+|(?:[\w-]+/)*[\w-]+\.py|(?:[\w-]+/)+")


def _exists(path: str) -> bool:
    """Whether a file or a folder of the repository has this path, or this end of a path."""
    return (ROOT / path).exists() or any(next((ROOT / folder).rglob(path), None) for folder in FOLDERS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_on_a_page_exists(page: Path) -> None:
    paths = {path for path in IN_CODE.findall(page.read_text()) if A_PATH.fullmatch(path)}
    assert [path for path in sorted(paths) if not _exists(path)] == []


def test_a_path_that_is_gone_would_be_told() -> None:
    assert A_PATH.fullmatch("bot/answering/desk.py")
    assert not _exists("bot/answering/desk.py")
    assert not _exists("desk.py")
