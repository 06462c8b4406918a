"""The fixture of the wire-level scenarios."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenarios.discord.standin import Standin
from tests.scenarios.discord.wire import Wire, connected


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with connected(Standin(), tmp_path) as wire:
        yield wire
