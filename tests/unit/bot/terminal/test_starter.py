from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import FolderInUse
from bot.terminal.starter import create

ROOT = Path(__file__).parents[4]


def test_a_new_folder_holds_the_settings_and_the_sample_documents(tmp_path: Path) -> None:
    create(tmp_path / "community")
    assert (tmp_path / "community" / ".env").read_bytes() == (ROOT / ".env.example").read_bytes()
    documents = {path.relative_to(tmp_path / "community") for path in (tmp_path / "community").rglob("*.md")}
    assert documents == {path.relative_to(ROOT) for path in (ROOT / "corpus").rglob("*.md")}


def test_nobody_else_reads_the_settings_since_a_token_will_stand_in_them(tmp_path: Path) -> None:
    create(tmp_path)
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", [".env", "corpus"])
def test_what_stands_there_already_is_not_touched(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(FolderInUse, match=rf"{name} is there already"):
        create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderInUse, match="cannot be written: Not a directory"):
        create(tmp_path / "file" / "community")
