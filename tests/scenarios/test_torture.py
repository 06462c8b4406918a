"""The short form of `make torture`: a few of each of its faults, in a process of its own, since they fork."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.torture.access import foreign_passages
from tests.torture.swaps import swaps
from tests.torture.using_discord import fuzzed_uses


def test_nothing_that_is_killed_full_refused_or_damaged_loses_or_stops_anything() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", "short"], capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2_000:]
    assert done.stdout.count("ok ") == 8


def test_swaps_under_questions_mix_no_generations_and_lose_no_passage(tmp_path: Path) -> None:
    assert swaps(tmp_path, count=3, threads=2, documents=10).failures == []


def test_nobody_is_shown_what_is_not_for_them(tmp_path: Path) -> None:
    outcome = foreign_passages(tmp_path, 60)
    assert outcome.failures == []
    assert int(outcome.figures["secrets told to whom they are for"]) > 60


def test_whatever_is_done_to_the_bot_in_discord_is_answered(tmp_path: Path) -> None:
    assert fuzzed_uses(tmp_path, 120).failures == []
