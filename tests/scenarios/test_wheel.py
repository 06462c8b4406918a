"""What somebody gets who installs the package and has no checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Build the wheel and install it into a folder of its own; give the environment in which it is what is imported."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    _run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"),
        "--target",
        "site",
        wheel.name,
        cwd=folder,
    )
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(folder / "site"), "HOME": str(folder)}


def test_a_started_folder_answers_from_the_sample_documents(installed: dict[str, str], tmp_path: Path) -> None:
    assert "is ready" in _footnote("init", "community", cwd=tmp_path, env=installed)
    place = tmp_path / "community"
    answer = json.loads(_footnote("ask", "--json", "What is the H20?", cwd=place, env=installed))
    assert answer["status"] == "answered"
    assert answer["citations"]
    assert (place / "data").is_dir()


def _footnote(*arguments: str, cwd: Path, env: dict[str, str]) -> str:
    return _run(sys.executable, "-P", "-m", "bot", *arguments, cwd=cwd, env=env)


def _run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
